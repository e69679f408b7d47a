#pragma once
/*
 * board_facts — the facts of the board: those that hold for any day, and the world of one of them.
 *
 *   Owns     everything in its arena; the packed series in buffers of their own, which grow.
 *   Threads  one at a time; shared by the days made from it, which count themselves in `uses`.
 */
#include "people/coverage.h"
#include "people/series.h"
#include "view/board.h"

/* Everything about one person that any day may need. */
typedef struct PersonTimes {
    Key person;
    Stays stays;
    Standings standings;
} PersonTimes;

typedef struct BoardFacts {
    Arena arena;
    int uses;
    Project *projects;
    ProjectTexts *texts;
    Buf *series; /* packed; of each project */
    size_t project_count;
    Map project_at; /* key -> index */
    Group *groups;  /* Party groups only */
    size_t group_count;
    Map group_at;
    Stations stations; /* by group, then first day */
    Offices offices;   /* by group, then first day */
    Attachments attachments;
    Liaisons liaisons;
    Exceptions exceptions; /* of Party groups; by group, then person */
    PersonTimes *persons;  /* those in office, liaisons, and with exceptions */
    size_t person_count;
    Map person_at;
} BoardFacts;

MUST_USE ErrCode board_facts_load(Store *store, int64_t shard, BoardFacts **out_facts, Err *err);
void board_facts_close(BoardFacts **facts);

/* Reads the head count of a project, or the times of a person, again. What a person's times were
 * stays in the arena until all is read again. */
MUST_USE ErrCode board_facts_refresh(BoardFacts *facts, Store *store, int64_t shard, Key key,
                                     Err *err);

/* Puts the world of a day together; its arrays lie in the arena or in the facts. */
MUST_USE ErrCode board_facts_world(const BoardFacts *facts, Day day, Arena *arena, World *out_world,
                                   Err *err);

/* The heads of one project on a day; false when an exception has a say in them, so that they are
 * only found with all the others. */
bool board_facts_recount(const BoardFacts *facts, Day day, size_t project, HeadCount *out_heads);

/* How far the facts go that one project's coverage depends on. */
typedef enum Around {
    AROUND_ITSELF, /* while a group of its own is in order: those that share its groups */
    AROUND_UNIT,   /* and all of its unit, where the nearest of them may take it in */
    AROUND_ALL,
} Around;

/* The facts that one project's coverage depends on: those projects and what concerns them. Borrows
 * from `facts`; nothing to close. */
MUST_USE ErrCode board_facts_part(const BoardFacts *facts, Key project, Around around, Arena *arena,
                                  BoardFacts *out_part, Err *err);

/* The days within a range on which anything of these facts changes, in no order. */
MUST_USE ErrCode board_facts_turns(const BoardFacts *facts, DayRange within, Arena *arena,
                                   Day **out_days, size_t *out_count, Err *err);
