#include "answer/answer.h"
#include "answer/filter.h"
#include "answer/shape.h"
#include "view/roster.h"

#define PERSONS_SCANNED_MAX 5000

static ErrCode emit_person(const View *view, const PersonCard *card, Emit *emit, Err *err)
{
    const KindInfo *kind = vocab_kind(KIND_PERSON);
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", card->key, emit, err));
    emit_text_at(emit, "name", card->name);
    emit_text_at(emit, "staff_no", card->staff_no);
    emit_text_at(emit, "trade", card->trade);
    shape_choice_at("sex", vocab_field(kind, PERSON_SEX), card->sex, emit);
    emit_day_at(emit, "birth", card->birth);
    shape_choice_at("employment", vocab_field(kind, PERSON_EMPLOYMENT), card->employment, emit);
    TRY(shape_thing_at(view, "unit", KIND_UNIT, card->unit, emit, err));
    emit_close_object(emit);
    return OK;
}

/* Keys of persons, gathered from one query after another. */
typedef struct Found {
    Key *keys;
    size_t count;
} Found;

static ErrCode gather(const View *view, Query *query, Found *found, Err *err)
{
    bool has_row = false;
    query_bind_int(query, 1, view->shard);
    TRY(query_next(query, &has_row, err));
    while (has_row) {
        found->keys = list_grow(view->arena, found->keys, sizeof(Key), found->count);
        if (found->keys == NULL) return list_full(found->count, err);
        found->keys[found->count++] = query_int(query, 0);
        TRY(query_next(query, &has_row, err));
    }
    return OK;
}

/* Everybody of the units asked for, or of those within reach. */
static ErrCode gather_units(const View *view, const Reach *units, Found *found, Err *err)
{
    for (size_t i = 0; i < units->units.slot_count && found->count < PERSONS_SCANNED_MAX; i++) {
        AUTO(query_done) Query query = {0};
        if (units->units.slots[i].key == MAP_KEY_NONE) continue;
        TRY(query_begin(&query, view->store, PERSONS_OF_UNIT, err));
        query_bind_int(&query, 2, units->units.slots[i].key);
        query_bind_int(&query, 3, PERSONS_SCANNED_MAX);
        TRY(gather(view, &query, found, err));
    }
    return OK;
}

/* Among all there are, a search goes by the indexes: names that begin so, or the staff number. */
static ErrCode gather_named(const View *view, Text text, Found *found, Err *err)
{
    AUTO(buf_done) Buf end = {0};
    AUTO(query_done) Query by_name = {0};
    AUTO(query_done) Query by_number = {0};
    buf_init(&end, 256);
    buf_add_text(&end, text);
    buf_add_z(&end, "\xF4\x8F\xBF\xBF"); /* the last code point: everything that begins so */
    TRY(query_begin(&by_name, view->store, PERSONS_NAMED_LIKE, err));
    query_bind_text(&by_name, 2, text);
    query_bind_text(&by_name, 3, buf_as_text(&end));
    query_bind_int(&by_name, 4, PERSONS_SCANNED_MAX);
    TRY(gather(view, &by_name, found, err));
    TRY(query_begin(&by_number, view->store, PERSONS_BY_STAFF_NO, err));
    query_bind_text(&by_number, 2, text);
    return gather(view, &by_number, found, err);
}

static ErrCode find_persons(const View *view, const Filter *filter, Found *found, Err *err)
{
    if (filter->has_unit) return gather_units(view, &filter->unit, found, err);
    if (!view->reach.is_everything) return gather_units(view, &view->reach, found, err);
    if (filter->query.size > 0) return gather_named(view, filter->query, found, err);
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, view->store, PERSONS_AFTER, err));
    query_bind_int(&query, 2, 0);
    query_bind_int(&query, 3, PERSONS_SCANNED_MAX);
    return gather(view, &query, found, err);
}

ErrCode answer_persons(const View *view, const ListAsk *ask, Emit *emit, Err *err)
{
    Filter filter;
    Page page;
    Found found = {0};
    size_t kept = 0;
    TRY(filter_make(view, ask, &filter, err));
    TRY(find_persons(view, &filter, &found, err));
    PersonCard *cards = arena_array(view->arena, PersonCard, found.count);
    if (cards == NULL) return list_full(found.count, err);
    for (size_t i = 0; i < found.count; i++) {
        TRY(load_person(view_source(view), found.keys[i], &cards[kept], err));
        if (filter_has_thing(&filter, cards[kept].unit, cards[kept].name, cards[kept].staff_no))
            kept++;
    }
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(shape_page(ask, kept, emit, &page, err));
    /* More than are looked through: a search or a unit narrows it down. */
    emit_bool_at(emit, "truncated", found.count >= PERSONS_SCANNED_MAX);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++)
        TRY(emit_person(view, &cards[i], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_postings(const View *view, const Postings *postings, Emit *emit, Err *err)
{
    emit_key(emit, "postings");
    emit_open_array(emit);
    for (size_t i = postings->count; i > 0; i--) { /* the latest first */
        const Posting *posting = &postings->items[i - 1];
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", posting->key, emit, err));
        TRY(shape_thing_at(view, "project", KIND_PROJECT, posting->project, emit, err));
        TRY(shape_thing_at(view, "crew", KIND_GROUP, posting->crew, emit, err));
        emit_day_at(emit, "from", posting->days.first);
        emit_day_at(emit, "to", posting->days.last);
        emit_bool_at(emit, "pending", posting->is_pending);
        emit_bool_at(emit, "core", posting->is_core);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_standings(const View *view, const Standings *standings, Emit *emit, Err *err)
{
    const FieldInfo *field = vocab_field(vocab_kind(KIND_STANDING), STANDING_STANDING);
    emit_key(emit, "standings");
    emit_open_array(emit);
    for (size_t i = 0; i < standings->count; i++) {
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", standings->items[i].key, emit, err));
        shape_choice_at("standing", field, standings->items[i].standing, emit);
        emit_day_at(emit, "from", standings->items[i].days.first);
        emit_day_at(emit, "to", standings->items[i].days.last);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* The groups somebody belongs to on the day: each that could be is asked. */
static ErrCode emit_groups_of(const View *view, const PersonStays *person, Emit *emit, Err *err)
{
    const FieldInfo *kind = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND);
    const Group **groups = NULL;
    size_t count = 0;
    MembershipFacts facts;
    TRY(roster_facts_of_person(view, person, &facts, err));
    TRY(membership_candidates(&facts, person, view->on, view->arena, &groups, &count, err));
    emit_key(emit, "groups");
    emit_open_array(emit);
    for (size_t i = 0; i < count; i++) {
        ReasonList why;
        bool is_member = false;
        reasons_init(&why, view->arena);
        TRY(membership_ask(&facts, groups[i], person, view->on, &why, &is_member, err));
        if (!is_member) continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", groups[i]->key, emit, err));
        emit_text_at(emit, "name", groups[i]->name);
        shape_choice_at("kind", kind, groups[i]->kind, emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* Whatever was decided about the person against the rule, on any day. */
static ErrCode emit_exceptions(const View *view, Key person, Emit *emit, Err *err)
{
    const FieldInfo *effect = vocab_field(vocab_kind(KIND_EXCEPTION), EXCEPTION_EFFECT);
    Exceptions exceptions;
    TRY(load_exceptions_of_person(view_source(view), person, &exceptions, err));
    emit_key(emit, "exceptions");
    emit_open_array(emit);
    for (size_t i = 0; i < exceptions.count; i++) {
        const Exception *exception = &exceptions.items[i];
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", exception->key, emit, err));
        TRY(shape_thing_at(view, "group", KIND_GROUP, exception->group, emit, err));
        shape_choice_at("effect", effect, exception->effect, emit);
        emit_text_at(emit, "reason", exception->reason);
        emit_day_at(emit, "from", exception->days.first);
        emit_day_at(emit, "to", exception->days.last);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

ErrCode answer_person(const View *view, Id person, Emit *emit, Err *err)
{
    PersonCard card;
    PersonStays stays;
    Postings postings;
    Standings standings;
    Stays again;
    ReasonList findings;
    TRY(roster_find_person(view, person, &card, &stays, err));
    TRY(load_postings_of_person(view_source(view), card.key, &postings, err));
    TRY(load_standings(view_source(view), card.key, &standings, err));
    reasons_init(&findings, view->arena);
    const PersonFacts facts = {card.key, postings.items, postings.count, standings.items,
                               standings.count};
    TRY(absorb(&facts, view->arena, &again, &findings, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_key(emit, "person");
    TRY(emit_person(view, &card, emit, err));
    TRY(emit_postings(view, &postings, emit, err));
    TRY(emit_standings(view, &standings, emit, err));
    TRY(emit_groups_of(view, &stays, emit, err));
    TRY(emit_exceptions(view, card.key, emit, err));
    TRY(shape_reasons_at(view, "findings", &findings, emit, err));
    emit_close_object(emit);
    return OK;
}
