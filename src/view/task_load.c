#include "view/task_load.h"

#include "journal/hlc.h"

#define SCRATCH_BYTES ((size_t)4 << 20)

Day day_recorded(Id id, int utc_offset_minutes)
{
    return day_of_ms(id_stamp(id) >> HLC_COUNTER_BITS, utc_offset_minutes);
}

/* ---- Items ---- */

static void read_kinds(const Query *query, int column, bool is_for[4])
{
    for (int kind = GROUP_KIND_IS_PARTY; kind <= GROUP_KIND_IS_CREW; kind++)
        is_for[kind] = query_int(query, column + kind - GROUP_KIND_IS_PARTY) != 0;
}

static int read_weight(const Query *query, int column)
{
    return query_is_null(query, column) ? 1 : (int)query_int(query, column);
}

static Day read_day(const Query *query, int column, Day otherwise)
{
    return query_is_null(query, column) ? otherwise : (Day)query_int(query, column);
}

ErrCode item_of_row(const Query *query, int utc_offset_minutes, Arena *arena, ItemCard *out_card,
                    Err *err)
{
    Id id;
    TRY(query_id(query, 13, &id, err));
    ItemCard card = {.key = query_int(query, 0),
                     .unit = query_int(query, 1),
                     .goal = (int)query_int(query, 3),
                     .is_particular = query_int(query, 5) == ITEM_MODE_IS_PARTICULAR,
                     .due = (Day)query_int(query, 10),
                     .weight = read_weight(query, 11),
                     .deployed = read_day(query, 12, day_recorded(id, utc_offset_minutes))};
    TRY(query_text(query, 2, arena, &card.title, err));
    TRY(query_text(query, 4, arena, &card.theme, err));
    TRY(query_text(query, 9, arena, &card.done_when, err));
    read_kinds(query, 6, card.is_for);
    *out_card = card;
    return OK;
}

ErrCode load_item(Source from, int utc_offset_minutes, Key item, ItemCard *out_card, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, ITEM_LOAD, err));
    query_bind_int(&query, 1, from.shard);
    query_bind_int(&query, 2, item);
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_NOT_FOUND, "there is no such item");
    return item_of_row(&query, utc_offset_minutes, from.arena, out_card, err);
}

/* ---- Tasks ---- */

static ErrCode read_task(const Query *query, int utc_offset_minutes, Arena *arena,
                         TaskCard *out_card, Err *err)
{
    Id id;
    TRY(query_id(query, 1, &id, err));
    TaskCard card = {
        .key = query_int(query, 0),
        .item = query_int(query, 2),
        .project = query_int(query, 3),
        .unit = query_int(query, 5),
        .item_unit = query_int(query, 6),
        .goal = (int)query_int(query, 13),
        .weight = read_weight(query, 14),
        .facts = {.deployed = read_day(query, 12, day_recorded(id, utc_offset_minutes)),
                  .due = read_day(query, 4, (Day)query_int(query, 11)),
                  .is_particular = query_int(query, 7) == ITEM_MODE_IS_PARTICULAR}};
    read_kinds(query, 8, card.facts.is_for);
    TRY(query_text(query, 15, arena, &card.title, err));
    *out_card = card;
    return OK;
}

static ErrCode read_step(const Query *query, int utc_offset_minutes, Step *out_step, Err *err)
{
    Id id;
    Id follows = {{0}};
    TRY(query_id(query, 17, &id, err));
    if (!query_is_null(query, 18)) TRY(query_id(query, 18, &follows, err));
    *out_step = (Step){.key = query_int(query, 16),
                       .id = id,
                       .follows = follows,
                       .act = (int)query_int(query, 19),
                       .group_kind = (int)query_int(query, 20),
                       .day = read_day(query, 21, day_recorded(id, utc_offset_minutes)),
                       .until = read_day(query, 22, DAY_OPEN),
                       .is_void = query_int(query, 23) != 0};
    return OK;
}

/* Takes the rows of one task; the query stands on the first of the next one, or at the end. */
static ErrCode take_task(Query *query, int utc_offset_minutes, Arena *arena, TaskCard *out_card,
                         bool *found, Err *err)
{
    TaskCard card;
    Step *steps = NULL;
    size_t count = 0;
    TRY(read_task(query, utc_offset_minutes, arena, &card, err));
    while (*found && query_int(query, 0) == card.key) {
        if (!query_is_null(query, 16)) {
            steps = list_grow(arena, steps, sizeof steps[0], count);
            if (steps == NULL) return list_full(count, err);
            TRY(read_step(query, utc_offset_minutes, &steps[count++], err));
        }
        TRY(query_next(query, found, err));
    }
    card.facts.steps = steps;
    card.facts.step_count = count;
    *out_card = card;
    return OK;
}

static ErrCode begin_tasks(Query *query, Source from, const TaskScope *scope, Err *err)
{
    const Key key = scope->task != KEY_NONE      ? scope->task
                    : scope->project != KEY_NONE ? scope->project
                                                 : scope->item;
    const QueryId id = scope->task != KEY_NONE      ? TASK_LOAD
                       : scope->project != KEY_NONE ? TASKS_AT_PROJECT
                       : scope->item != KEY_NONE    ? TASKS_OF_ITEM
                                                    : TASKS;
    TRY(query_begin(query, from.store, id, err));
    query_bind_int(query, 1, from.shard);
    if (key != KEY_NONE) query_bind_int(query, 2, key);
    return OK;
}

ErrCode tasks_visit(Source from, int utc_offset_minutes, const TaskScope *scope, TaskVisit *visit,
                    void *context, Err *err)
{
    AUTO(query_done) Query query = {0};
    AUTO(arena_done) Arena scratch = {0};
    bool found = false;
    arena_init(&scratch, SCRATCH_BYTES);
    TRY(begin_tasks(&query, from, scope, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        TaskCard card;
        arena_reset(&scratch);
        TRY(take_task(&query, utc_offset_minutes, &scratch, &card, &found, err));
        /* Of a list by project that is asked of an item, too. */
        if (scope->item != KEY_NONE && scope->item != card.item) continue;
        TRY(visit(context, &card, &scratch, err));
    }
    return OK;
}

ErrCode load_task(Source from, int utc_offset_minutes, Key task, TaskCard *out_card, Err *err)
{
    AUTO(query_done) Query query = {0};
    const TaskScope scope = {.task = task};
    bool found = false;
    TRY(begin_tasks(&query, from, &scope, err));
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_NOT_FOUND, "there is no such task");
    return take_task(&query, utc_offset_minutes, from.arena, out_card, &found, err);
}
