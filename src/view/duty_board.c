#include "view/duty_board.h"

#include <assert.h>
#include <string.h>

#include "host/thread.h"

#define DAY_BYTES_MAX ((size_t)64 << 20)

/* A day as it is kept: what is handed out stands first, so that one leads to the other. */
typedef struct KeptDuties {
    DutyDay shown;
    int uses;
    Arena arena;
    DutySites *sites;
} KeptDuties;

struct DutyBoard {
    Arena arena; /* of this struct itself */
    Lock lock;
    const Pack *pack;
    int64_t shard;
    Changes *changes;
    DutySites *sites; /* NULL before the first look */
    DutyHeld *held;
    int64_t version;                 /* of both */
    KeptDuties *days[DUTY_DAYS_MAX]; /* latest first */
    int64_t touched[CHANGES_MAX];
};

void duty_board_open(DutyBoard **out_board, const Pack *pack, int64_t shard, Changes *changes)
{
    Arena arena;
    arena_init(&arena, sizeof(DutyBoard) + 64);
    DutyBoard *board = arena_new(&arena, DutyBoard);
    assert(board != NULL); /* the arena was made for it */
    board->arena = arena;
    board->pack = pack;
    board->shard = shard;
    board->changes = changes;
    lock_init(&board->lock);
    *out_board = board;
}

static void release(KeptDuties *day)
{
    if (day == NULL || --day->uses > 0) return;
    duty_sites_release(&day->sites);
    Arena arena = day->arena;
    arena_done(&arena);
}

void duty_board_close(DutyBoard **board)
{
    if (*board == NULL) return;
    for (size_t i = 0; i < DUTY_DAYS_MAX; i++)
        release((*board)->days[i]);
    duty_sites_release(&(*board)->sites);
    duty_held_close(&(*board)->held);
    lock_done(&(*board)->lock);
    Arena arena = (*board)->arena;
    arena_done(&arena);
    *board = NULL;
}

/* ---- Keeping up ---- */

static ErrCode read_sites(DutyBoard *board, Store *store, Err *err)
{
    DutySites *sites = NULL;
    TRY(duty_sites_load(store, board->shard, &sites, err));
    duty_sites_release(&board->sites);
    board->sites = sites;
    return OK;
}

static ErrCode read_held(DutyBoard *board, Store *store, int utc_offset_minutes, Err *err)
{
    DutyHeld *held = NULL;
    TRY(duty_held_load(store, board->shard, utc_offset_minutes, &held, err));
    duty_held_close(&board->held);
    board->held = held;
    return OK;
}

static ErrCode bring_up_to_date(DutyBoard *board, Store *store, int utc_offset_minutes, Err *err)
{
    ChangesSince since;
    changes_ask(board->changes, board->version, board->touched, &since);
    if (board->sites == NULL || !since.is_known || since.is_structural)
        TRY(read_sites(board, store, err));
    if (board->held == NULL || !since.is_known || duty_held_is_stale(board->held)) {
        TRY(read_held(board, store, utc_offset_minutes, err));
    } else {
        for (size_t i = 0; i < since.key_count; i++) {
            int64_t at = 0;
            if (map_find(&board->sites->group_at, board->touched[i], &at))
                TRY(duty_held_refresh(board->held, store, board->shard, utc_offset_minutes,
                                      &board->sites->groups[at], err));
        }
    }
    board->version = since.version;
    return OK;
}

/* ---- Days ---- */

static ErrCode new_day(const DutyBoard *board, const DutyDayAsk *ask, KeptDuties **out_day,
                       DutyCounts **out_counts, Err *err)
{
    Arena arena;
    arena_init(&arena, DAY_BYTES_MAX);
    KeptDuties *kept = arena_new(&arena, KeptDuties);
    assert(kept != NULL); /* the first thing in a new arena */
    DutyCounts *counts = arena_array(&arena, DutyCounts, board->sites->group_count);
    if (counts == NULL) {
        arena_done(&arena);
        return list_full(board->sites->group_count, err);
    }
    kept->arena = arena;
    kept->uses = 1;
    kept->sites = board->sites;
    kept->sites->uses++;
    kept->shown = (DutyDay){ask->day, ask->within, board->version, board->sites, counts};
    *out_day = kept;
    *out_counts = counts;
    return OK;
}

static void count_group(const DutyBoard *board, const DutyDayAsk *ask, size_t group,
                        DutyCounts *counts)
{
    const DutyFacts facts = duty_facts_of(board->sites, board->held, board->pack, group);
    *counts = (DutyCounts){0};
    duties_count(&facts, ask->within, ask->day, counts);
}

static ErrCode work_out(const DutyBoard *board, const DutyDayAsk *ask, KeptDuties **out_day,
                        Err *err)
{
    DutyCounts *counts = NULL;
    TRY(new_day(board, ask, out_day, &counts, err));
    for (size_t i = 0; i < board->sites->group_count; i++)
        count_group(board, ask, i, &counts[i]);
    return OK;
}

/* The same day again, now that a few groups held something more. */
static ErrCode revise(DutyBoard *board, const DutyDayAsk *ask, const KeptDuties *old,
                      KeptDuties **out_day, Err *err)
{
    ChangesSince since;
    DutyCounts *counts = NULL;
    changes_ask(board->changes, old->shown.version, board->touched, &since);
    if (!since.is_known || old->sites != board->sites) return work_out(board, ask, out_day, err);
    TRY(new_day(board, ask, out_day, &counts, err));
    memcpy(counts, old->shown.counts, board->sites->group_count * sizeof counts[0]);
    for (size_t i = 0; i < since.key_count; i++) {
        int64_t at = 0;
        if (map_find(&board->sites->group_at, board->touched[i], &at))
            count_group(board, ask, (size_t)at, &counts[at]);
    }
    return OK;
}

/* Puts a day first in the list; the one that falls off the end is let go. */
static void keep(DutyBoard *board, KeptDuties *day, size_t from)
{
    if (from == DUTY_DAYS_MAX - 1 && board->days[from] != day) release(board->days[from]);
    for (size_t i = from; i > 0; i--)
        board->days[i] = board->days[i - 1];
    board->days[0] = day;
}

static bool is_of(const KeptDuties *kept, const DutyDayAsk *ask)
{
    return kept != NULL && kept->shown.day == ask->day &&
           kept->shown.within.first == ask->within.first &&
           kept->shown.within.last == ask->within.last;
}

static ErrCode find_or_make(DutyBoard *board, Store *store, const DutyDayAsk *ask,
                            KeptDuties **out_day, Err *err)
{
    TRY(bring_up_to_date(board, store, ask->utc_offset_minutes, err));
    for (size_t i = 0; i < DUTY_DAYS_MAX; i++) {
        KeptDuties *kept = board->days[i];
        if (!is_of(kept, ask)) continue;
        if (kept->shown.version != board->version) {
            KeptDuties *made = NULL;
            TRY(revise(board, ask, kept, &made, err));
            release(kept);
            board->days[i] = kept = made;
        }
        keep(board, kept, i);
        *out_day = kept;
        return OK;
    }
    TRY(work_out(board, ask, out_day, err));
    keep(board, *out_day, DUTY_DAYS_MAX - 1);
    return OK;
}

ErrCode duty_board_take(DutyBoard *board, Store *store, const DutyDayAsk *ask,
                        const DutyDay **out_day, Err *err)
{
    KeptDuties *kept = NULL;
    lock_take(&board->lock);
    const ErrCode code = find_or_make(board, store, ask, &kept, err);
    if (code == OK) kept->uses++;
    lock_give(&board->lock);
    if (code == OK) *out_day = &kept->shown;
    return code;
}

void duty_board_give(DutyBoard *board, const DutyDay **day)
{
    if (*day == NULL) return;
    KeptDuties *kept = (KeptDuties *)(uintptr_t)*day; /* what is shown stands first */
    *day = NULL;
    lock_take(&board->lock);
    release(kept);
    lock_give(&board->lock);
}
