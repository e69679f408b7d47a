#pragma once
/*
 * board — what coverage needs of every project, kept in memory, and the coverage of a few days.
 *
 * The facts of the board (projects, Party groups, stations, offices, attachments, liaisons, head
 * counts) hold for any day. They are read once and kept up to date from Changes: a commit that
 * only posted people costs the projects and persons it touched; anything structural reads all
 * again. From
 * them the world of one day is put together and its coverage worked out; the last few days asked
 * for are kept, and revised where only the heads of a few projects have changed.
 *
 *   Invariants  (1) a BoardDay never changes once it was handed out;
 *               (2) its version is at least that of Changes when board_take() was called.
 *   Owns        its facts and days; a BoardDay lives until it is given back.
 *   Threads     any; locks itself. The lock is held while facts are read or a day is worked out.
 *   Bounds      BOARD_DAYS_MAX days are kept.
 */
#include "people/coverage.h"
#include "view/changes.h"
#include "view/load.h"

#define BOARD_DAYS_MAX 4

typedef struct Board Board;
typedef struct DutyBoard DutyBoard; /* view/duty_board.h */

/* Texts of a project that rules do not look at; in the order of the world's projects. */
typedef struct ProjectTexts {
    Text code;
    Text place;
} ProjectTexts;

typedef struct BoardDay {
    Day day;
    int64_t version;
    World world;
    const ProjectTexts *texts;
    const CoverageIndex *index;
    const Coverage *coverage; /* of each of the world's projects */
} BoardDay;

void board_open(Board **out_board, const Pack *pack, int64_t shard, Changes *changes);
void board_close(Board **board);

MUST_USE ErrCode board_take(Board *board, Store *store, Day day, const BoardDay **out_day,
                            Err *err);
void board_give(Board *board, const BoardDay **day);

/* What all groups owe; kept beside, and closed with it. */
DutyBoard *board_duties(Board *board);

/* Where a project stands in the world of a day; INDEX_NONE when it is not there. */
size_t board_find(const BoardDay *day, Key project);

/* How one project's coverage goes over a range of days: the spans on which it stays the same. Only
 * the projects that can matter to it are looked at: those of its unit, or all where the rules let
 * units help one another. */
MUST_USE ErrCode board_course(Board *board, Store *store, Key project, DayRange within,
                              Arena *arena, CoverageSpan **out_spans, size_t *out_count, Err *err);
