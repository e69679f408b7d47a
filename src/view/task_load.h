#pragma once
/*
 * task_load — tasks with their items and steps, from the store into what the rules are given.
 *
 *   Owns     nothing: texts and arrays live in the arenas given.
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  there is no such task or item, or it was voided
 *            ERR_LIMIT      an arena is full
 */
#include "loop/task.h"
#include "view/load.h"

/* An item, all it says. */
typedef struct ItemCard {
    Key key;
    Key unit;
    Text title;
    int goal; /* GOAL_IS_... */
    Text theme;
    bool is_particular;
    bool is_for[4]; /* by GROUP_KIND_IS_... */
    Text done_when;
    Day due;
    int weight; /* 1 where nothing was said */
    Day deployed;
} ItemCard;

/* A task with what its item says that matters to the rules and to lists. */
typedef struct TaskCard {
    Key key;
    Key item;
    Key project;
    Key unit;      /* in charge of the project */
    Key item_unit; /* that deployed it */
    int goal;
    int weight;
    Text title;
    TaskFacts facts;
} TaskCard;

/* Which tasks: one project's, one item's, a single one, or all; keys, KEY_NONE: not by that. */
typedef struct TaskScope {
    Key project;
    Key item;
    Key task;
} TaskScope;

/* Called for each task, the newest first. All of `task` dies when it returns. It begins no query:
 * one is open. */
typedef ErrCode TaskVisit(void *context, const TaskCard *task, Arena *scratch, Err *err);

/* `from.arena` is not touched; the scratch arena of a visit is emptied behind it. */
MUST_USE ErrCode tasks_visit(Source from, int utc_offset_minutes, const TaskScope *scope,
                             TaskVisit *visit, void *context, Err *err);

/* One task, in from.arena. */
MUST_USE ErrCode load_task(Source from, int utc_offset_minutes, Key task, TaskCard *out_card,
                           Err *err);

/* From a row of the queries ITEMS and ITEM_LOAD. */
MUST_USE ErrCode item_of_row(const Query *query, int utc_offset_minutes, Arena *arena,
                             ItemCard *out_card, Err *err);
MUST_USE ErrCode load_item(Source from, int utc_offset_minutes, Key item, ItemCard *out_card,
                           Err *err);

/* The day on which what an id names was written down. */
Day day_recorded(Id id, int utc_offset_minutes);
