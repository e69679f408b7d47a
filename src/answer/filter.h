#pragma once
/*
 * filter — which items of a list somebody may see and has asked for.
 *
 *   Owns     nothing: lives in the view's arena.
 */
#include "view/view.h"

typedef struct Filter {
    const Reach *reach;
    Reach unit; /* what stands in the unit asked for; only when has_unit */
    bool has_unit;
    Text query;
} Filter;

MUST_USE ErrCode filter_make(const View *view, const ListAsk *ask, Filter *out_filter, Err *err);

/* `unit` is the one the thing belongs to; a project may also be within reach by itself. */
bool filter_has_project(const Filter *filter, Key project, Key unit, Text name, Text code);
bool filter_has_thing(const Filter *filter, Key unit, Text name, Text code);
