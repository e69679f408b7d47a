#pragma once
/*
 * openapi — the description of the API, made from routes.def and the vocabulary.
 *
 * Nothing in it is written twice: a new route, kind or field is described as soon as it exists.
 *
 *   Owns     nothing.
 *   Threads  any.
 */
#include "base/emit.h"

/* One object: OpenAPI 3.1. */
void openapi_emit(const char *version, Emit *emit);

/* Into the open object: "kinds", "choices", "roles" and "permissions". */
void vocabulary_emit(Emit *emit);
