#pragma once
/*
 * checklist — the lines of a list to check, as a rule pack has them: a code, and words for people.
 *
 *     item = dress | 着装整齐 | clothing buttoned, cuffs tied
 *
 * A list is a rule whose values are its lines: it has a title, a source and a time of validity like
 * any other, and a later version may have other lines. What was checked names a line by its code.
 *
 *   Invariants  (1) codes are of a-z, 0-9 and _, and no two lines of a list have the same;
 *               (2) both languages are there.
 *   Owns        nothing: lines lie in the arena given.
 *   Threads     any, once read.
 *   Bounds      CHECKLIST_ITEMS_MAX, CHECKLIST_CODE_MAX
 *   Errors      ERR_INVALID  not a line of a list
 *               ERR_LIMIT    more lines than a list has
 */
#include "base/buf.h"

#define CHECKLIST_ITEMS_MAX 40
#define CHECKLIST_CODE_MAX  40

typedef struct ChecklistItem {
    Text code;
    Text zh;
    Text en;
} ChecklistItem;

/* Empty until the first line is added. */
typedef struct Checklist {
    ChecklistItem *items;
    size_t count;
} Checklist;

/* Adds what stands behind "item =". */
MUST_USE ErrCode checklist_add(Checklist *list, Text line, Arena *arena, Err *err);

void checklist_write(const Checklist *list, Buf *buf);

/* NULL when the list has no line of that code. */
const ChecklistItem *checklist_find(const Checklist *list, Text code);
