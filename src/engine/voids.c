#include "engine/inside.h"

#include <assert.h>

#include "store/rows.h"

/* What leads to a thing of a kind; a person is voided whatever leads there, all others only when
 * nothing does. */
static QueryId leads_to(KindCode kind)
{
    switch ((int)kind) {
    case KIND_UNIT: return LEADS_TO_UNIT;
    case KIND_PROJECT: return LEADS_TO_PROJECT;
    case KIND_HOME: return LEADS_TO_HOME;
    case KIND_GROUP: return LEADS_TO_GROUP;
    case KIND_ACTIVITY: return LEADS_TO_ACTIVITY;
    case KIND_ITEM: return LEADS_TO_ITEM;
    case KIND_TASK: return LEADS_TO_TASK;
    case KIND_OBJECTION: return LEADS_TO_OBJECTION;
    case KIND_TEMPLATE: return LEADS_TO_TEMPLATE;
    case KIND_PLAN_LINE: return LEADS_TO_PLAN_LINE;
    case KIND_OBJECTIVE: return LEADS_TO_OBJECTIVE;
    case KIND_TOOL: return LEADS_TO_TOOL;
    case KIND_COMPETITION: return LEADS_TO_COMPETITION;
    default: return QUERY_NONE;
    }
}

/* Whether a fact takes its subject away from where it is: out of the world, or to another place. */
static bool takes_away(const Fact *fact)
{
    if (fact->verb == VERB_VOID) return true;
    for (size_t i = 0; i < fact->kind->field_count; i++) {
        const FieldInfo *field = &fact->kind->fields[i];
        if (field->type == FIELD_REF && fact->record.fields[field->number].state != FIELD_ABSENT)
            return true;
    }
    return false;
}

/* How many of each kind lead to the fact's subject, those that go too not counted. */
static ErrCode count_leads(Engine *engine, const Fact *fact, QueryId id, const Map *gone,
                           size_t counts[KIND_COUNT_MAX], size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    int64_t there;
    TRY(query_begin(&query, engine->store, id, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, fact->subject);
    TRY(query_next(&query, &found, err));
    while (found) {
        const int64_t kind = query_int(&query, 0);
        assert(kind > 0 && kind < KIND_COUNT_MAX); /* the query's own number */
        if (!map_find(gone, query_int(&query, 1), &there)) {
            counts[kind]++;
            ++*out_count;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* "the unit 和风 still has 1 person, 2 projects: void them or put them elsewhere first" */
static ErrCode still_has(Engine *engine, const Fact *fact, const size_t counts[KIND_COUNT_MAX],
                         Arena *arena, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    Record record;
    RowState state;
    const FieldInfo *name = vocab_field_named(fact->kind, TEXT("name"));
    if (name == NULL) name = vocab_field_named(fact->kind, TEXT("title"));
    buf_init(&words, ERR_MESSAGE_SIZE * 4);
    TRY(row_load(engine->store, engine->shard, fact->subject, fact->kind, arena, &record, &state,
                 err));
    for (unsigned kind = 1; kind < KIND_COUNT_MAX; kind++)
        if (counts[kind] > 0)
            buf_format(&words, "%s%zu %s%s", words.size == 0 ? "" : ", ", counts[kind],
                       vocab_kind(kind)->en, counts[kind] == 1 ? "" : "s");
    return err_set(
        err, ERR_CONFLICT, "the %s %.*s still has %.*s: void these or put them elsewhere first",
        fact->kind->en, TEXT_ARG(name == NULL ? TEXT("") : record_text(&record, name->number)),
        TEXT_ARG(buf_as_text(&words)));
}

ErrCode check_voids(Engine *engine, const Facts *facts, Arena *arena, Err *err)
{
    Map gone;
    map_init(&gone, arena);
    for (size_t i = 0; i < facts->count; i++)
        if (facts->items[i].subject != KEY_NONE && takes_away(&facts->items[i]))
            TRY(map_put(&gone, facts->items[i].subject, 1, err));
    for (size_t i = 0; i < facts->count; i++) {
        const Fact *fact = &facts->items[i];
        const QueryId id = leads_to(fact->kind->code);
        size_t counts[KIND_COUNT_MAX] = {0};
        size_t count = 0;
        if (fact->verb != VERB_VOID || id == QUERY_NONE) continue;
        TRY(count_leads(engine, fact, id, &gone, counts, &count, err));
        if (count > 0) return still_has(engine, fact, counts, arena, err);
    }
    return OK;
}
