#include "view/board.h"

#include <assert.h>

#include "host/thread.h"
#include "people/coverage_index.h"
#include "view/board_facts.h"

#define DAY_BYTES_MAX ((size_t)512 << 20)

/* A day as it is kept: what is handed out stands first, so that one leads to the other. */
typedef struct KeptDay {
    BoardDay shown;
    int uses;
    Arena arena;
    BoardFacts *facts;
} KeptDay;

struct Board {
    Arena arena; /* of this struct itself */
    Lock lock;
    const Pack *pack;
    int64_t shard;
    Changes *changes;
    BoardFacts *facts;             /* NULL before the first look */
    int64_t version;               /* of the facts */
    KeptDay *days[BOARD_DAYS_MAX]; /* latest first */
    int64_t touched[CHANGES_MAX];
};

void board_open(Board **out_board, const Pack *pack, int64_t shard, Changes *changes)
{
    Arena arena;
    arena_init(&arena, sizeof(Board) + 64);
    Board *board = arena_new(&arena, Board);
    assert(board != NULL); /* the arena was made for it */
    board->arena = arena;
    board->pack = pack;
    board->shard = shard;
    board->changes = changes;
    lock_init(&board->lock);
    *out_board = board;
}

static void release(KeptDay *day)
{
    if (day == NULL || --day->uses > 0) return;
    board_facts_close(&day->facts);
    Arena arena = day->arena;
    arena_done(&arena);
}

void board_close(Board **board)
{
    if (*board == NULL) return;
    for (size_t i = 0; i < BOARD_DAYS_MAX; i++)
        release((*board)->days[i]);
    board_facts_close(&(*board)->facts);
    lock_done(&(*board)->lock);
    Arena arena = (*board)->arena;
    arena_done(&arena);
    *board = NULL;
}

static ErrCode bring_up_to_date(Board *board, Store *store, Err *err)
{
    size_t count = 0;
    int64_t version = 0;
    const bool is_known =
        changes_since(board->changes, board->version, board->touched, &count, &version);
    if (board->facts != NULL && is_known) {
        for (size_t i = 0; i < count; i++)
            TRY(board_facts_refresh(board->facts, store, board->shard, board->touched[i], err));
    } else {
        BoardFacts *facts = NULL;
        TRY(board_facts_load(store, board->shard, &facts, err));
        board_facts_close(&board->facts);
        board->facts = facts;
    }
    board->version = version;
    return OK;
}

static ErrCode work_out(Board *board, Day day, KeptDay **out_day, Err *err)
{
    Arena arena;
    arena_init(&arena, DAY_BYTES_MAX);
    KeptDay *kept = arena_new(&arena, KeptDay);
    assert(kept != NULL); /* the first thing in a new arena */
    kept->arena = arena;
    kept->uses = 1;
    kept->facts = board->facts;
    board->facts->uses++;
    kept->shown.day = day;
    kept->shown.version = board->version;
    kept->shown.texts = board->facts->texts;
    const CoverageRules rules = coverage_rules(board->pack, day);
    Coverage *coverage = NULL;
    ErrCode code = board_facts_world(board->facts, day, &kept->arena, &kept->shown.world, err);
    if (code == OK)
        code =
            coverage_index_new(&kept->shown.world, &rules, &kept->arena, &kept->shown.index, err);
    if (code == OK) {
        coverage = arena_array(&kept->arena, Coverage, kept->shown.world.project_count);
        if (coverage == NULL) code = list_full(kept->shown.world.project_count, err);
    }
    if (code != OK) {
        release(kept);
        return code;
    }
    for (size_t i = 0; i < kept->shown.world.project_count; i++)
        coverage[i] = coverage_of(kept->shown.index, i);
    kept->shown.coverage = coverage;
    *out_day = kept;
    return OK;
}

/* Puts a day first in the list; the one that falls off the end is let go. */
static void keep(Board *board, KeptDay *day, size_t from)
{
    if (from == BOARD_DAYS_MAX - 1 && board->days[from] != day) release(board->days[from]);
    for (size_t i = from; i > 0; i--)
        board->days[i] = board->days[i - 1];
    board->days[0] = day;
}

static ErrCode find_or_make(Board *board, Store *store, Day day, KeptDay **out_day, Err *err)
{
    TRY(bring_up_to_date(board, store, err));
    for (size_t i = 0; i < BOARD_DAYS_MAX; i++) {
        KeptDay *kept = board->days[i];
        if (kept == NULL || kept->shown.day != day) continue;
        if (kept->shown.version == board->version) {
            keep(board, kept, i);
            *out_day = kept;
            return OK;
        }
        KeptDay *made = NULL;
        TRY(work_out(board, day, &made, err));
        release(kept);
        board->days[i] = made;
        keep(board, made, i);
        *out_day = made;
        return OK;
    }
    TRY(work_out(board, day, out_day, err));
    keep(board, *out_day, BOARD_DAYS_MAX - 1);
    return OK;
}

ErrCode board_take(Board *board, Store *store, Day day, const BoardDay **out_day, Err *err)
{
    KeptDay *kept = NULL;
    lock_take(&board->lock);
    const ErrCode code = find_or_make(board, store, day, &kept, err);
    if (code == OK) kept->uses++;
    lock_give(&board->lock);
    if (code == OK) *out_day = &kept->shown;
    return code;
}

void board_give(Board *board, const BoardDay **day)
{
    if (*day == NULL) return;
    KeptDay *kept = (KeptDay *)(uintptr_t)*day; /* what is shown stands first in what is kept */
    *day = NULL;
    lock_take(&board->lock);
    release(kept);
    lock_give(&board->lock);
}

size_t board_find(const BoardDay *day, Key project)
{
    int64_t at = 0;
    return map_find(&day->index->projects, project, &at) ? (size_t)at : INDEX_NONE;
}

/* The part of the facts that one project's coverage depends on, and what is asked of it. */
typedef struct Course {
    const Pack *pack;
    BoardFacts part;
    size_t at; /* of the project in the part */
} Course;

static ErrCode course_on(void *context, Day day, Coverage *out_coverage, Err *err)
{
    const Course *course = context;
    AUTO(arena_done) Arena arena = {0};
    World world;
    const CoverageIndex *index = NULL;
    arena_init(&arena, DAY_BYTES_MAX);
    const CoverageRules rules = coverage_rules(course->pack, day);
    TRY(board_facts_world(&course->part, day, &arena, &world, err));
    TRY(coverage_index_new(&world, &rules, &arena, &index, err));
    *out_coverage = coverage_of(index, course->at);
    return OK;
}

static ErrCode follow(const Board *board, BoardFacts *facts, Key project, DayRange within,
                      Arena *arena, CoverageSpan **out_spans, size_t *out_count, Err *err)
{
    Course course = {.pack = board->pack};
    Day *days = NULL;
    size_t count = 0;
    int64_t at = 0;
    const CoverageRules rules = coverage_rules(board->pack, within.first);
    TRY(board_facts_part(facts, project, rules.near_same_unit, arena, &course.part, err));
    if (!map_find(&course.part.project_at, project, &at))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    course.at = (size_t)at;
    TRY(board_facts_turns(&course.part, within, arena, &days, &count, err));
    return coverage_changes(within, days, count, arena, out_spans, out_count, course_on, &course,
                            err);
}

ErrCode board_course(Board *board, Store *store, Key project, DayRange within, Arena *arena,
                     CoverageSpan **out_spans, size_t *out_count, Err *err)
{
    lock_take(&board->lock);
    ErrCode code = bring_up_to_date(board, store, err);
    if (code == OK)
        code = follow(board, board->facts, project, within, arena, out_spans, out_count, err);
    lock_give(&board->lock);
    return code;
}
