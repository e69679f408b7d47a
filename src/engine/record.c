#include "engine/inside.h"

#include <assert.h>

#include "host/host.h"
#include "seal/field.h"
#include "store/rows.h"

#define RIVALS_SETTLED_MAX 16

/* Plain text becomes sealed bytes, and its blind index stands beside it for the row. */
static ErrCode seal_fields(Engine *engine, const KindInfo *kind, Id thing, Arena *arena,
                           Record *record, Err *err)
{
    AUTO(buf_done) Buf sealed = {0};
    buf_init(&sealed, 2 * TEXT_FIELD_BYTES_MAX);
    for (size_t i = 0; i < kind->field_count; i++) {
        const FieldInfo *field = &kind->fields[i];
        if (field->type != FIELD_SEALED || !record_has(record, field->number)) continue;
        if ((field->flags & FIELD_FLAG_READERS) != 0) continue; /* sealed when it was decided */
        const Text plain = record_text(record, field->number);
        const FieldPlace place = {(uint32_t)kind->code, field->number, thing};
        Bytes bytes = {0};
        buf_clear(&sealed);
        TRY(field_seal(&engine->node->keyring, engine->node->host, place, plain, &sealed, err));
        TRY(bytes_copy(arena, buf_as_bytes(&sealed), &bytes, err));
        FieldValue *value = &record->fields[field->number];
        value->bytes = bytes;
        if ((field->flags & FIELD_FLAG_BLIND) != 0)
            value->number =
                field_index(&engine->node->keyring, (uint32_t)kind->code, field->number, plain);
    }
    return OK;
}

/* Boards keep all about those who lead, are liaisons or excepted, for any day. */
static ErrCode tell_of_prominent(Engine *engine, Key person, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool is_prominent = false;
    TRY(query_begin(&query, engine->store, PERSON_IS_PROMINENT, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, person);
    TRY(query_next(&query, &is_prominent, err));
    if (is_prominent) derive_tell(&engine->derive, person);
    return OK;
}

/* A posting or standing is somebody's: that person's stays follow from it. */
static ErrCode touch_person(Engine *engine, const Fact *fact, Key subject, Arena *arena, Err *err)
{
    unsigned field = 0;
    if (fact->kind->code == KIND_PERSON && fact->verb == VERB_VOID)
        return derive_touch(&engine->derive, subject, err);
    if (fact->kind->code == KIND_POSTING) field = POSTING_PERSON;
    if (fact->kind->code == KIND_STANDING) field = STANDING_PERSON;
    if (field == 0) return OK;
    Id person = record_ref(&fact->record, field);
    if (fact->verb != VERB_CREATE) {
        Record record;
        RowState state;
        TRY(row_load(engine->store, engine->shard, subject, fact->kind, arena, &record, &state,
                     err));
        person = record_ref(&record, field);
    }
    Key key = KEY_NONE;
    TRY(thing_find(engine->store, engine->shard, person, &key, err));
    if (key == KEY_NONE) return OK;
    TRY(tell_of_prominent(engine, key, err));
    return derive_touch(&engine->derive, key, err);
}

/* Boards keep what each group holds and was let off. */
static ErrCode tell_of_groups(Engine *engine, Key activity, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, engine->store, PARTS_OF_ACTIVITY, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, activity);
    TRY(query_next(&query, &found, err));
    while (found) {
        derive_tell(&engine->derive, query_int(&query, 1));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static bool is_about_duties(KindCode kind)
{
    return kind == KIND_ACTIVITY || kind == KIND_PART || kind == KIND_WAIVER;
}

static ErrCode touch_groups(Engine *engine, const Fact *fact, Key subject, Arena *arena, Err *err)
{
    Record record;
    RowState state;
    Key group = KEY_NONE;
    if (!is_about_duties(fact->kind->code)) return OK;
    if (fact->kind->code == KIND_ACTIVITY) return tell_of_groups(engine, subject, err);
    TRY(row_load(engine->store, engine->shard, subject, fact->kind, arena, &record, &state, err));
    const unsigned field = fact->kind->code == KIND_PART ? PART_GROUP : WAIVER_GROUP;
    TRY(thing_find(engine->store, engine->shard, record_ref(&record, field), &group, err));
    if (group != KEY_NONE) derive_tell(&engine->derive, group);
    return OK;
}

static bool is_structural(KindCode kind)
{
    switch ((int)kind) {
    case KIND_POSTING:
    case KIND_STANDING:
    case KIND_PERSON:
    case KIND_PHASE:
    case KIND_AFFILIATION:
    case KIND_INTAKE:
    case KIND_AUDIT:
    case KIND_UNIT:
    case KIND_HOME:
    case KIND_HOME_STATION:
    case KIND_ACTIVITY:
    case KIND_PART:
    case KIND_WAIVER:
    case KIND_ITEM:
    case KIND_TASK:
    case KIND_STEP:
    case KIND_SELF_ASSESSMENT:
    case KIND_OBJECTION:
    case KIND_RULING:
    case KIND_TEMPLATE:
    case KIND_TEMPLATE_LINE:
    case KIND_PLAN_LINE:
    case KIND_FULFILMENT:
    case KIND_RISK:
    case KIND_OBJECTIVE:
    case KIND_FIGURE:
    case KIND_DEVELOPMENT:
    case KIND_PUBLICITY:
    case KIND_APPRAISAL_SHEET:
    case KIND_ROLL:
    case KIND_ATTENDANCE:
    case KIND_TOPIC:
    case KIND_BRIEFING:
    case KIND_CHECK:
    case KIND_INTEGRITY_RISK:
    case KIND_RISK_CHECK:
    case KIND_VISIT:
    case KIND_SIGNAL:
    case KIND_HANDLING:
    case KIND_READER:
    case KIND_CERTIFICATE:
    case KIND_REVOCATION:
    case KIND_NOTICE:
    case KIND_SEEN: return false;
    default: return true;
    }
}

static ErrCode write_row(Engine *engine, const Fact *fact, Key key, uint64_t stamp,
                         const Record *record, Err *err)
{
    bool has_others = false;
    if (fact->verb != VERB_CREATE) TRY(is_shared(engine, key, &has_others, err));
    if (has_others) return write_shared(engine, key, err);
    switch (fact->verb) {
    case VERB_CREATE: return row_add(engine->store, engine->shard, key, stamp, record, err);
    case VERB_CHANGE: return row_change(engine->store, engine->shard, key, stamp, record, err);
    case VERB_VOID:
        return row_void(engine->store, engine->shard, key, fact->kind->code, stamp, true, err);
    }
    return OK;
}

/* The entry about a thing that came last: what this one builds on. */
static ErrCode find_base(Engine *engine, const Fact *fact, Entry *entry, Err *err)
{
    if (fact->verb == VERB_CREATE) return OK;
    TRY(thing_id(engine->store, engine->shard, fact->subject, &entry->subject, err));
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, engine->store, ENTRY_LAST_OF_THING, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, fact->subject);
    TRY(query_next(&query, &found, err));
    if (!found)
        return err_set(err, ERR_CORRUPT, "a %s stands in no entry: run 'tongpin verify'",
                       fact->kind->name);
    entry->base = id_make((uint64_t)query_int(&query, 2), (uint64_t)query_int(&query, 0),
                          (unsigned)query_int(&query, 1));
    return OK;
}

/* Writes the entry of a fact; `base` is nil for the one that came last. */
static ErrCode write_entry(Engine *engine, const Fact *fact, Id actor, Id cause, Id base,
                           Arena *arena, Id *out_id, Key *out_key, Err *err)
{
    Entry entry;
    const uint64_t stamp = ledger_tick(&engine->ledger);
    const Id entry_id = ledger_id(&engine->ledger, stamp);
    entry_init(&entry, fact->kind, fact->verb, stamp);
    entry.actor = actor;
    entry.cause = cause;
    entry.record = fact->record;
    TRY(find_base(engine, fact, &entry, err));
    if (!id_is_nil(base)) entry.base = base;
    if (fact->verb == VERB_CREATE) entry.subject = entry_id;
    if (entry.is_personal) host_random(engine->node->host, entry.salt, sizeof entry.salt);
    TRY(seal_fields(engine, fact->kind, entry.subject, arena, &entry.record, err));

    Key key = fact->subject;
    if (fact->verb == VERB_CREATE)
        TRY(thing_add(engine->store, engine->shard, entry_id, fact->kind->code, &key, err));
    const bool is_own_scope = fact->kind->scope_rule == SCOPE_BY_SELF && fact->verb == VERB_CREATE;
    TRY(ledger_append(&engine->ledger, &entry, is_own_scope ? entry_id : fact->scope,
                      is_own_scope ? key : fact->scope_key, key, err));
    TRY(write_row(engine, fact, key, stamp, &entry.record, err));
    *out_id = entry.subject;
    *out_key = key;
    return OK;
}

/* A value somebody else wrote at the same time, in a field that the fact sets. */
static ErrCode find_rival(Engine *engine, const Fact *fact, Id *out_rival, Err *err)
{
    AUTO(query_done) Query query = {0};
    *out_rival = (Id){{0}};
    TRY(query_begin(&query, engine->store, CONFLICTS_OF_THING, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, fact->subject);
    for (;;) {
        Id entry;
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) return OK;
        const int64_t field = query_int(&query, 0);
        TRY(query_id(&query, 1, &entry, err));
        if (field <= 0 || field >= FIELD_COUNT_MAX) continue;
        if (fact->record.fields[field].state == FIELD_ABSENT) continue;
        if (id_node(entry) == engine->node->node_short) continue;
        *out_rival = entry;
        return OK;
    }
}

/* Who changes a field has seen every value of it that is here. An entry builds on one other only,
 * so the value is written once more for each rival that is left. */
static ErrCode settle_rivals(Engine *engine, const Fact *fact, Id actor, Id cause, Arena *arena,
                             Err *err)
{
    if (fact->verb != VERB_CHANGE || !engine->ledger.has_other_authors) return OK;
    for (int i = 0; i < RIVALS_SETTLED_MAX; i++) {
        Id rival;
        Id id;
        Key key;
        TRY(find_rival(engine, fact, &rival, err));
        if (id_is_nil(rival)) return OK;
        TRY(write_entry(engine, fact, actor, cause, rival, arena, &id, &key, err));
    }
    return OK;
}

ErrCode record_fact(Engine *engine, const Fact *fact, Id actor, Id cause, Arena *arena, Id *out_id,
                    Key *out_key, Err *err)
{
    assert(engine->tx.store != NULL); /* engine_begin() came first */
    Key key = KEY_NONE;
    TRY(write_entry(engine, fact, actor, cause, (Id){{0}}, arena, out_id, &key, err));
    TRY(settle_rivals(engine, fact, actor, cause, arena, err));
    TRY(touch_person(engine, fact, key, arena, err));
    TRY(touch_groups(engine, fact, key, arena, err));
    if (is_structural(fact->kind->code) ||
        (fact->verb == VERB_VOID && !is_about_duties(fact->kind->code)))
        engine->is_structural = true;
    *out_key = key;
    return OK;
}
