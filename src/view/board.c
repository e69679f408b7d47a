#include "view/board.h"

#include <assert.h>
#include <string.h>

#include "host/thread.h"
#include "people/coverage_index.h"
#include "view/board_facts.h"
#include "view/duty_board.h"

#define DAY_BYTES_MAX ((size_t)512 << 20)

/* A day as it is kept: what is handed out stands first, so that one leads to the other. */
typedef struct KeptDay {
    BoardDay shown;
    int uses;
    Arena arena;
    BoardFacts *facts;
    struct KeptDay *base; /* the day this one was revised from and shares arrays with; or NULL */
} KeptDay;

struct Board {
    Arena arena; /* of this struct itself */
    Lock lock;
    const Pack *pack;
    int64_t shard;
    Changes *changes;
    DutyBoard *duties;
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
    duty_board_open(&board->duties, pack, shard, changes);
    *out_board = board;
}

DutyBoard *board_duties(Board *board)
{
    return board->duties;
}

static void release(KeptDay *day)
{
    if (day == NULL || --day->uses > 0) return;
    KeptDay *base = day->base;
    board_facts_close(&day->facts);
    Arena arena = day->arena;
    arena_done(&arena);
    release(base); /* which has none itself */
}

void board_close(Board **board)
{
    if (*board == NULL) return;
    for (size_t i = 0; i < BOARD_DAYS_MAX; i++)
        release((*board)->days[i]);
    board_facts_close(&(*board)->facts);
    duty_board_close(&(*board)->duties);
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

static KeptDay *new_day(const Board *board, Day day)
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
    return kept;
}

static ErrCode work_out(Board *board, Day day, KeptDay **out_day, Err *err)
{
    KeptDay *kept = new_day(board, day);
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

/* The projects whose heads are to be counted again since this day was worked out; false when more
 * than heads has changed, or nobody knows. */
static bool find_moved(Board *board, const KeptDay *old, size_t *out, size_t *out_count)
{
    size_t count = 0;
    int64_t version = 0;
    *out_count = 0;
    if (old->facts != board->facts) return false;
    if (!changes_since(board->changes, old->shown.version, board->touched, &count, &version))
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t at = 0;
        if (map_find(&board->facts->project_at, board->touched[i], &at))
            out[(*out_count)++] = (size_t)at;
        else if (map_find(&board->facts->person_at, board->touched[i], &at))
            return false; /* whom they lead or where they are counted may be anywhere */
    }
    return true;
}

/* The world of the old day with the heads of these projects counted again; false when that does not
 * tell all. */
static bool recount(const KeptDay *old, const size_t *moved, size_t count, KeptDay *kept)
{
    const World *before = &old->shown.world;
    HeadCount *heads = arena_array(&kept->arena, HeadCount, before->project_count);
    if (heads == NULL) return false;
    memcpy(heads, before->heads, before->project_count * sizeof heads[0]);
    for (size_t i = 0; i < count; i++)
        if (!board_facts_recount(kept->facts, kept->shown.day, moved[i], &heads[moved[i]]))
            return false;
    kept->shown.world = *before;
    kept->shown.world.heads = heads;
    return true;
}

static ErrCode cover_again(const KeptDay *old, const size_t *moved, size_t count, KeptDay *kept,
                           bool *out_done, Err *err)
{
    const size_t project_count = old->shown.world.project_count;
    *out_done = false;
    if (!recount(old, moved, count, kept)) return OK;
    TRY(coverage_index_revise(old->shown.index, &kept->shown.world, moved, count, &kept->arena,
                              &kept->shown.index, err));
    if (kept->shown.index == NULL) return OK;
    Coverage *coverage = arena_array(&kept->arena, Coverage, project_count);
    if (coverage == NULL) return list_full(project_count, err);
    memcpy(coverage, old->shown.coverage, project_count * sizeof coverage[0]);
    for (size_t i = 0; i < count; i++)
        coverage[moved[i]] = coverage_of(kept->shown.index, moved[i]);
    kept->shown.coverage = coverage;
    *out_done = true;
    return OK;
}

/* The same day again, now that the heads of a few projects are others: most of it stays as it was.
 * Where that does not do, it is worked out anew. */
static ErrCode revise(Board *board, KeptDay *old, KeptDay **out_day, Err *err)
{
    size_t moved[CHANGES_MAX];
    size_t count = 0;
    bool is_done = false;
    if (!find_moved(board, old, moved, &count))
        return work_out(board, old->shown.day, out_day, err);
    KeptDay *kept = new_day(board, old->shown.day);
    kept->base = old->base != NULL ? old->base : old;
    kept->base->uses++;
    const ErrCode code = cover_again(old, moved, count, kept, &is_done, err);
    if (code == OK && is_done) {
        *out_day = kept;
        return OK;
    }
    release(kept);
    return code != OK ? code : work_out(board, old->shown.day, out_day, err);
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
        TRY(revise(board, kept, &made, err));
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

/* Adds the days within a range on which some rule becomes another one. */
static ErrCode add_rule_days(const Pack *pack, DayRange within, Arena *arena, Day **days,
                             size_t *count, Err *err)
{
    Day *all = arena_array(arena, Day, *count + 2 * pack->rule_count);
    if (all == NULL) return list_full(*count, err);
    if (*count > 0) memcpy(all, *days, *count * sizeof all[0]);
    for (size_t i = 0; i < pack->rule_count; i++) {
        const DayRange valid = pack->rules[i].valid;
        if (range_has(within, valid.first)) all[(*count)++] = valid.first;
        if (valid.last < within.last && valid.last + 1 >= within.first)
            all[(*count)++] = valid.last + 1;
    }
    *days = all;
    return OK;
}

/* How far the neighbours go that may count on any day of a range. */
static ErrCode find_around(const Pack *pack, DayRange within, Arena *arena, Around *out_around,
                           Err *err)
{
    Day *days = NULL;
    size_t count = 0;
    bool is_same_unit = coverage_rules(pack, within.first).near_same_unit;
    TRY(add_rule_days(pack, within, arena, &days, &count, err));
    for (size_t i = 0; i < count; i++)
        is_same_unit = is_same_unit && coverage_rules(pack, days[i]).near_same_unit;
    *out_around = is_same_unit ? AROUND_UNIT : AROUND_ALL;
    return OK;
}

/* The course of one project within a range, as far as the facts of that reach decide it. */
static ErrCode follow_part(const Board *board, BoardFacts *facts, Key project, DayRange within,
                           Around around, Arena *arena, CoverageSpan **out_spans, size_t *out_count,
                           Err *err)
{
    AUTO(arena_done) Arena work = {0};
    Course course = {.pack = board->pack};
    Day *days = NULL;
    size_t count = 0;
    int64_t at = 0;
    arena_init(&work, DAY_BYTES_MAX);
    TRY(board_facts_part(facts, project, around, &work, &course.part, err));
    if (!map_find(&course.part.project_at, project, &at))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    course.at = (size_t)at;
    TRY(board_facts_turns(&course.part, within, &work, &days, &count, err));
    TRY(add_rule_days(board->pack, within, &work, &days, &count, err));
    return coverage_changes(within, days, count, arena, out_spans, out_count, course_on, &course,
                            err);
}

/* Who has a group of their own, or needs none, does not look at the neighbours. */
static bool is_decided(const Coverage *coverage)
{
    return coverage->state <= COVERAGE_OWN_GROUP || coverage->state == COVERAGE_NOT_ACTIVE;
}

/* The spans from `at` on that stand together: one that is decided, or all open ones in a row. */
static ErrCode settle(const Board *board, BoardFacts *facts, Key project, CoverageSpan *own,
                      size_t own_count, size_t *at, Arena *arena, CoverageSpan **out_spans,
                      size_t *out_count, Err *err)
{
    DayRange open = own[*at].days;
    Around around = AROUND_ALL;
    *out_spans = &own[*at];
    *out_count = 1;
    if (is_decided(&own[(*at)++].coverage)) return OK;
    while (*at < own_count && !is_decided(&own[*at].coverage))
        open.last = own[(*at)++].days.last;
    TRY(find_around(board->pack, open, arena, &around, err));
    return follow_part(board, facts, project, open, around, arena, out_spans, out_count, err);
}

/* First from its own facts; then, for the days these leave open, with the neighbours. */
static ErrCode follow(const Board *board, BoardFacts *facts, Key project, DayRange within,
                      Arena *arena, CoverageSpan **out_spans, size_t *out_count, Err *err)
{
    CoverageSpan *own = NULL;
    CoverageSpan *all = NULL;
    size_t own_count = 0;
    size_t count = 0;
    TRY(follow_part(board, facts, project, within, AROUND_ITSELF, arena, &own, &own_count, err));
    for (size_t at = 0; at < own_count;) {
        CoverageSpan *spans = NULL;
        size_t span_count = 0;
        TRY(settle(board, facts, project, own, own_count, &at, arena, &spans, &span_count, err));
        for (size_t i = 0; i < span_count; i++) {
            all = list_grow(arena, all, sizeof all[0], count);
            if (all == NULL) return list_full(count, err);
            all[count++] = spans[i];
        }
    }
    *out_spans = all;
    *out_count = count;
    return OK;
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
