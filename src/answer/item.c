#include "answer/filter.h"
#include "answer/shape.h"
#include "answer/task_shape.h"
#include "answer/tasks.h"

/* ---- What became of the tasks of each item ---- */

typedef struct Tally {
    TaskCounts counts;
    size_t task_count; /* within reach */
} Tally;

typedef struct Tallies {
    const View *view;
    Levels levels;
    Map places; /* item -> its tally */
    Tally *items;
    size_t count;
} Tallies;

static ErrCode find_tally(Tallies *tallies, Key item, Tally **out_tally, Err *err)
{
    int64_t at = 0;
    if (!map_find(&tallies->places, item, &at)) {
        at = (int64_t)tallies->count;
        tallies->items = list_grow(tallies->view->arena, tallies->items, sizeof tallies->items[0],
                                   tallies->count);
        if (tallies->items == NULL) return list_full(tallies->count, err);
        tallies->items[tallies->count++] = (Tally){.task_count = 0};
        TRY(map_put(&tallies->places, item, at, err));
    }
    *out_tally = &tallies->items[at];
    return OK;
}

static ErrCode tally_task(void *context, const TaskCard *card, Arena *scratch, Err *err)
{
    Tallies *tallies = context;
    const View *view = tallies->view;
    Tally *tally = NULL;
    Task task;
    if (card->facts.deployed > view->on ||
        !reach_has_project(&view->reach, card->project, card->unit))
        return OK;
    TRY(find_tally(tallies, card->item, &tally, err));
    TRY(task_fold(&card->facts, view->on, scratch, &task, err));
    task_count(view, &tallies->levels, card, &task, &tally->counts);
    tally->task_count++;
    return OK;
}

static ErrCode tally_all(const View *view, Key item, Tallies *tallies, Err *err)
{
    const TaskScope scope = {.item = item};
    *tallies = (Tallies){.view = view};
    map_init(&tallies->places, view->arena);
    TRY(levels_load(view_source(view), &tallies->levels, err));
    return tasks_visit(view_source(view), view->utc_offset_minutes, &scope, tally_task, tallies,
                       err);
}

/* ---- Items ---- */

static ErrCode emit_item(const View *view, const ItemCard *card, Emit *emit, Err *err)
{
    const KindInfo *kind = vocab_kind(KIND_ITEM);
    const ChoiceSet *groups = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND)->among;
    TRY(shape_id_at(view, "id", card->key, emit, err));
    emit_text_at(emit, "name", card->title);
    TRY(shape_thing_at(view, "unit", KIND_UNIT, card->unit, emit, err));
    shape_choice_at("goal", vocab_field(kind, ITEM_GOAL), card->goal, emit);
    emit_text_at(emit, "theme", card->theme);
    shape_choice_at("mode", vocab_field(kind, ITEM_MODE),
                    card->is_particular ? ITEM_MODE_IS_PARTICULAR : ITEM_MODE_IS_COMMON, emit);
    emit_key(emit, "for");
    emit_open_array(emit);
    for (int group = GROUP_KIND_IS_PARTY; group <= GROUP_KIND_IS_CREW; group++)
        if (card->is_for[group]) emit_text(emit, text_from_z(vocab_choice(groups, group)->name));
    emit_close_array(emit);
    emit_text_at(emit, "done_when", card->done_when);
    emit_day_at(emit, "deployed", card->deployed);
    emit_day_at(emit, "due", card->due);
    emit_int_at(emit, "weight", card->weight);
    return OK;
}

static void emit_tally(const Tally *tally, Emit *emit)
{
    static const Tally none = {.task_count = 0};
    if (tally == NULL) tally = &none;
    emit_int_at(emit, "tasks", (int64_t)tally->task_count);
    shape_task_counts_at("counts", &tally->counts, emit);
}

static const Tally *tally_of(const Tallies *tallies, Key item)
{
    int64_t at = 0;
    return map_find(&tallies->places, item, &at) ? &tallies->items[at] : NULL;
}

typedef struct Items {
    ItemCard *items;
    size_t count;
} Items;

/* An item is seen by whoever sees the unit that deployed it, or a project it was deployed to. */
static bool is_seen(const View *view, const ListAsk *ask, const Filter *filter,
                    const Tallies *tallies, const ItemCard *card)
{
    if (card->deployed > view->on) return false;
    if (!reach_has_unit(&view->reach, card->unit) && tally_of(tallies, card->key) == NULL)
        return false;
    if (!id_is_nil(ask->unit) && !reach_has_unit(&filter->unit, card->unit)) return false;
    return filter->query.size == 0 || text_contains(card->title, filter->query);
}

static ErrCode load_items(const View *view, const ListAsk *ask, const Tallies *tallies, Items *out,
                          Err *err)
{
    Filter filter;
    TRY(filter_make(view, ask, &filter, err));
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, ITEMS, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        ItemCard card;
        TRY(item_of_row(&query, view->utc_offset_minutes, view->arena, &card, err));
        if (is_seen(view, ask, &filter, tallies, &card)) {
            out->items = list_grow(view->arena, out->items, sizeof card, out->count);
            if (out->items == NULL) return list_full(out->count, err);
            out->items[out->count++] = card;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode emit_items(const View *view, const ListAsk *ask, Emit *emit, Err *err)
{
    Tallies tallies;
    Items items = {0};
    Page page;
    TRY(tally_all(view, KEY_NONE, &tallies, err));
    TRY(load_items(view, ask, &tallies, &items, err));
    TRY(shape_page(ask, items.count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end && items.items != NULL; i++) {
        emit_open_object(emit);
        TRY(emit_item(view, &items.items[i], emit, err));
        emit_tally(tally_of(&tallies, items.items[i].key), emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

ErrCode answer_items(const View *view, const ListAsk *ask, Emit *emit, Err *err)
{
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(emit_items(view, ask, emit, err));
    emit_close_object(emit);
    return OK;
}

/* ---- One item, project by project ---- */

ErrCode answer_item(const View *view, Id item, Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    ItemCard card;
    Tallies tallies;
    TRY(view_find(view, item, KIND_ITEM, &key, err));
    TRY(load_item(view_source(view), view->utc_offset_minutes, key, &card, err));
    TRY(tally_all(view, key, &tallies, err));
    if (!reach_has_unit(&view->reach, card.unit) && tallies.count == 0)
        return err_set(err, ERR_NOT_FOUND, "there is no such item");
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(emit_item(view, &card, emit, err));
    emit_tally(tally_of(&tallies, key), emit);
    emit_close_object(emit);
    return OK;
}
