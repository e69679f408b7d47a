/* Things that several nodes write about: their rows are made anew from all their entries whenever
 * one arrives, so that the order of arrival does not show. */
#include <assert.h>

#include "engine/fold.h"
#include "engine/inside.h"
#include "seal/field.h"
#include "store/journal_rows.h"
#include "store/rows.h"

#define FOLD_BYTES_MAX ((size_t)1 << 30)

ErrCode is_shared(Engine *engine, Key subject, bool *out_is, Err *err)
{
    *out_is = false;
    if (!engine->ledger.has_other_authors) return OK;
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine->store, THING_HAS_OTHER_AUTHOR, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, subject);
    query_bind_int(&query, 3, (int64_t)engine->node->node_short);
    query_bind_int(&query, 4, engine->node->epoch);
    return query_next(&query, out_is, err);
}

static ErrCode copy_texts(Record *record, Arena *arena, Err *err)
{
    for (unsigned i = 1; i < FIELD_COUNT_MAX; i++)
        if (record->fields[i].bytes.size > 0)
            TRY(bytes_copy(arena, record->fields[i].bytes, &record->fields[i].bytes, err));
    return OK;
}

static ErrCode load_entries(Engine *engine, Key subject, Arena *arena, FoldEntry **out_entries,
                            size_t *out_count, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    FoldEntry *entries = NULL;
    size_t count = 0;
    entry_walk_thing(&walk, engine->store, subject);
    for (const EntryRow *row = NULL;;) {
        TRY(entry_walk_next(&walk, &row, err));
        if (row == NULL) break;
        entries = list_grow(arena, entries, sizeof entries[0], count);
        if (entries == NULL) return list_full(count, err);
        FoldEntry *entry = &entries[count++];
        *entry = (FoldEntry){.stream = row->stream_name, .seq = row->seq, .arrival = row->arrival};
        const Bytes body = row->has_body ? row->body : (Bytes){0};
        TRY(entry_decode(row->chained, body, &row->stream_name, row->prev_stamp, &entry->entry,
                         err));
        TRY(copy_texts(&entry->entry.record, arena, err));
    }
    *out_entries = entries;
    *out_count = count;
    return OK;
}

/* Only who has the key can look a sealed value up; to the others it stays sealed. */
static ErrCode index_what_opens(Engine *engine, Id thing, Record *record, Arena *arena, Err *err)
{
    for (size_t i = 0; i < record->kind->field_count; i++) {
        const FieldInfo *field = &record->kind->fields[i];
        FieldValue *value = &record->fields[field->number];
        if ((field->flags & FIELD_FLAG_BLIND) == 0 || value->state != FIELD_SET) continue;
        const uint32_t kind = (uint32_t)record->kind->code;
        const FieldPlace place = {kind, field->number, thing};
        Text plain = {0};
        Err sealed;
        const ErrCode code =
            field_open(&engine->node->keyring, place, value->bytes, arena, &plain, &sealed);
        if (code == ERR_LIMIT) {
            *err = sealed;
            return code;
        }
        value->number =
            code == OK ? field_index(&engine->node->keyring, kind, field->number, plain) : 0;
    }
    return OK;
}

/* Whose stays follow from this record. */
static ErrCode touch_owner(Engine *engine, Key subject, const Record *record, Err *err)
{
    unsigned field = 0;
    Key person = KEY_NONE;
    if (record->kind->code == KIND_PERSON) person = subject;
    if (record->kind->code == KIND_POSTING) field = POSTING_PERSON;
    if (record->kind->code == KIND_STANDING) field = STANDING_PERSON;
    if (field != 0 && record_has(record, field))
        TRY(thing_find(engine->store, engine->shard, record_ref(record, field), &person, err));
    return person == KEY_NONE ? OK : derive_touch(&engine->derive, person, err);
}

static ErrCode take_row_away(Engine *engine, Key subject, Arena *arena, Err *err)
{
    KindCode kind = KIND_NONE;
    TRY(thing_kind(engine->store, engine->shard, subject, &kind, err));
    if (kind == KIND_NONE) return OK;
    Record record;
    RowState state;
    const ErrCode code = row_load(engine->store, engine->shard, subject, vocab_kind((unsigned)kind),
                                  arena, &record, &state, err);
    if (code == ERR_NOT_FOUND) return OK;
    if (code != OK) return code;
    TRY(touch_owner(engine, subject, &record, err));
    return row_remove(engine->store, engine->shard, subject, kind, err);
}

static ErrCode write_conflicts(Engine *engine, Key subject, const Folded *folded, Err *err)
{
    {
        AUTO(query_done) Query drop = {0};
        TRY(query_begin(&drop, engine->store, CONFLICTS_DROP, err));
        query_bind_int(&drop, 1, engine->shard);
        query_bind_int(&drop, 2, subject);
        TRY(query_run(&drop, err));
    }
    for (size_t i = 0; i < folded->rival_count; i++) {
        const Rival *rival = &folded->rivals[i];
        AUTO(query_done) Query add = {0};
        TRY(query_begin(&add, engine->store, CONFLICT_ADD, err));
        query_bind_int(&add, 1, engine->shard);
        query_bind_int(&add, 2, subject);
        query_bind_int(&add, 3, rival->field);
        query_bind_id(&add, 4, &rival->entry->entry.id);
        query_bind_int(&add, 5, rival->entry->arrival);
        TRY(query_run(&add, err));
    }
    return OK;
}

ErrCode write_shared(Engine *engine, Key subject, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    FoldEntry *entries = NULL;
    size_t count = 0;
    Folded folded;
    Id id;
    arena_init(&arena, FOLD_BYTES_MAX);
    TRY(load_entries(engine, subject, &arena, &entries, &count, err));
    TRY(fold(entries, count, &arena, &folded, err));
    TRY(take_row_away(engine, subject, &arena, err));
    TRY(write_conflicts(engine, subject, &folded, err));
    if (folded.kind == NULL) return OK;
    const KindCode kind = folded.kind->code;
    TRY(thing_set_kind(engine->store, engine->shard, subject, kind, err));
    TRY(thing_id(engine->store, engine->shard, subject, &id, err));
    TRY(index_what_opens(engine, id, &folded.record, &arena, err));
    TRY(row_add(engine->store, engine->shard, subject, folded.stamp, &folded.record, err));
    if (folded.is_void)
        TRY(row_void(engine->store, engine->shard, subject, kind, folded.stamp, true, err));
    return touch_owner(engine, subject, &folded.record, err);
}

ErrCode write_first(Engine *engine, Key subject, const Entry *entry, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Record record = {.kind = entry->kind_info};
    Err why;
    if (entry->kind_info == NULL) return OK;
    for (unsigned i = 1; i < FIELD_COUNT_MAX; i++)
        if (entry->record.fields[i].state == FIELD_SET) record.fields[i] = entry->record.fields[i];
    if (!entry->is_erased && record_check_complete(&record, &why) != OK) return OK;
    arena_init(&arena, FOLD_BYTES_MAX);
    TRY(thing_set_kind(engine->store, engine->shard, subject, entry->kind_info->code, err));
    TRY(index_what_opens(engine, entry->id, &record, &arena, err));
    TRY(row_add(engine->store, engine->shard, subject, entry->stamp, &record, err));
    return touch_owner(engine, subject, &record, err);
}
