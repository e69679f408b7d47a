#include "view/answer.h"
#include "view/filter.h"
#include "view/roster.h"
#include "view/shape.h"

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

/* A search by name goes by the index of names; without one the list is in the order of making. */
static ErrCode find_persons(const View *view, const Filter *filter, Key **out_keys,
                            size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    AUTO(buf_done) Buf end = {0};
    bool found = false;
    *out_keys = NULL;
    *out_count = 0;
    buf_init(&end, 256);
    buf_add_text(&end, filter->query);
    buf_add_z(&end, "\xF4\x8F\xBF\xBF"); /* the last code point: everything that begins so */
    if (filter->query.size > 0) {
        TRY(query_begin(&query, view->store, PERSONS_NAMED_LIKE, err));
        query_bind_text(&query, 2, filter->query);
        query_bind_text(&query, 3, buf_as_text(&end));
        query_bind_int(&query, 4, PERSONS_SCANNED_MAX);
    } else {
        TRY(query_begin(&query, view->store, PERSONS_AFTER, err));
        query_bind_int(&query, 2, 0);
        query_bind_int(&query, 3, PERSONS_SCANNED_MAX);
    }
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        *out_keys = list_grow(view->arena, *out_keys, sizeof(Key), *out_count);
        if (*out_keys == NULL) return list_full(*out_count, err);
        (*out_keys)[(*out_count)++] = query_int(&query, 0);
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode answer_persons(const View *view, const ListAsk *ask, Emit *emit, Err *err)
{
    Filter filter;
    Page page;
    Key *keys = NULL;
    size_t count = 0;
    size_t kept = 0;
    TRY(filter_make(view, ask, &filter, err));
    TRY(find_persons(view, &filter, &keys, &count, err));
    PersonCard *cards = arena_array(view->arena, PersonCard, count);
    if (cards == NULL) return list_full(count, err);
    for (size_t i = 0; i < count; i++) {
        TRY(load_person(view_source(view), keys[i], &cards[kept], err));
        if (filter_has_thing(&filter, cards[kept].unit, cards[kept].name, cards[kept].staff_no))
            kept++;
    }
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(shape_page(ask, kept, emit, &page, err));
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
    const Stay *stay = stay_on(person->stays, view->on);
    MembershipFacts facts = {0};
    emit_key(emit, "groups");
    emit_open_array(emit);
    if (stay != NULL) TRY(roster_facts(view, stay->project, &facts, err));
    for (size_t i = 0; i < facts.group_count; i++) {
        ReasonList why;
        bool is_member = false;
        reasons_init(&why, view->arena);
        TRY(membership_ask(&facts, &facts.groups[i], person, view->on, &why, &is_member, err));
        if (!is_member) continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", facts.groups[i].key, emit, err));
        emit_text_at(emit, "name", facts.groups[i].name);
        shape_choice_at("kind", kind, facts.groups[i].kind, emit);
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
    TRY(shape_reasons_at(view, "findings", &findings, emit, err));
    emit_close_object(emit);
    return OK;
}
