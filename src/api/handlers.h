#pragma once
/*
 * handlers — one function for each route of routes.def: decode, ask, encode.
 *
 *   Threads  the server's. What a handler plans (hashing, work) runs on other threads, later.
 */
#include "api/route.h"

#define ROUTE(METHOD, pattern, handler, PERMISSION, query, body, status, summary) \
    MUST_USE ErrCode handle_##handler(Exchange *exchange, Err *err);
#include "api/routes.def"
