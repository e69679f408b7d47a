#include "engine/rebuild.h"

#include <inttypes.h>

#include "engine/inside.h"
#include "seal/field.h"
#include "store/journal_rows.h"
#include "store/rows.h"

#define ENTRY_WORK_BYTES ((size_t)1 << 20)

/* The entry holds sealed bytes only; the row needs their blind index too. */
static ErrCode index_fields(Engine *engine, Entry *entry, Arena *arena, Err *err)
{
    for (size_t i = 0; i < entry->kind_info->field_count; i++) {
        const FieldInfo *field = &entry->kind_info->fields[i];
        FieldValue *value = &entry->record.fields[field->number];
        if ((field->flags & FIELD_FLAG_BLIND) == 0 || value->state != FIELD_SET) continue;
        const FieldPlace place = {entry->kind, field->number, entry->subject};
        Text plain = {0};
        TRY(field_open(&engine->node->keyring, place, value->bytes, arena, &plain, err));
        value->number = field_index(&engine->node->keyring, entry->kind, field->number, plain);
    }
    return OK;
}

static ErrCode touch(Engine *engine, Key key, const Entry *entry, Arena *arena, Err *err)
{
    unsigned field = 0;
    if (entry->kind == KIND_PERSON && entry->verb == VERB_VOID)
        return derive_touch(&engine->derive, key, err);
    if (entry->kind == KIND_POSTING) field = POSTING_PERSON;
    if (entry->kind == KIND_STANDING) field = STANDING_PERSON;
    if (field == 0) return OK;
    Record record = entry->record;
    RowState state;
    Key person = KEY_NONE;
    if (entry->verb != VERB_CREATE)
        TRY(row_load(engine->store, engine->shard, key, entry->kind_info, arena, &record, &state,
                     err));
    TRY(thing_find(engine->store, engine->shard, record_ref(&record, field), &person, err));
    return person == KEY_NONE ? OK : derive_touch(&engine->derive, person, err);
}

/* Where several nodes wrote, all that was written about a thing counts as soon as it is made. */
static ErrCode replay_shared(Engine *engine, const Entry *entry, Err *err)
{
    Key key = KEY_NONE;
    if (entry->verb != VERB_CREATE) return OK;
    TRY(thing_find(engine->store, engine->shard, entry->subject, &key, err));
    return write_shared(engine, key, err);
}

static ErrCode replay(Engine *engine, const EntryRow *row, RebuildReport *report, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ENTRY_WORK_BYTES);
    Entry entry;
    Key key = KEY_NONE;
    const Bytes body = row->has_body ? row->body : (Bytes){0};
    TRY(entry_decode(row->chained, body, &row->stream_name, row->prev_stamp, &entry, err));
    report->entry_count++;
    if (entry.is_erased) report->erased_count++;
    if (entry.kind_info == NULL) {
        report->unknown_count++;
        return OK;
    }
    if (engine->ledger.has_other_authors) return replay_shared(engine, &entry, err);
    TRY(index_fields(engine, &entry, &arena, err));
    /* What the entry says it is about, not the column beside it: only the entry is chained. */
    TRY(thing_find(engine->store, engine->shard, entry.subject, &key, err));
    switch (entry.verb) {
    case VERB_CREATE:
        TRY(thing_intern(engine->store, engine->shard, entry.subject, entry.kind_info->code, &key,
                         err));
        TRY(row_add(engine->store, engine->shard, key, entry.stamp, &entry.record, err));
        break;
    case VERB_CHANGE:
        TRY(row_change(engine->store, engine->shard, key, entry.stamp, &entry.record, err));
        break;
    case VERB_VOID:
        TRY(row_void(engine->store, engine->shard, key, entry.kind_info->code, entry.stamp, true,
                     err));
        break;
    }
    return touch(engine, key, &entry, &arena, err);
}

static ErrCode replay_all(Engine *engine, RebuildReport *report, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_all(&walk, engine->store, 1);
    for (const EntryRow *row = NULL;;) {
        TRY(entry_walk_next(&walk, &row, err));
        if (row == NULL) return OK;
        if (replay(engine, row, report, err) != OK)
            return err_context(err, "entry %" PRId64, row->arrival);
    }
}

ErrCode engine_rebuild(Engine *engine, RebuildReport *out_report, Err *err)
{
    RebuildReport report = {0};
    TRY(engine_begin(engine, err));
    ErrCode code = store_empty_projection(engine->store, err);
    if (code == OK) code = replay_all(engine, &report, err);
    if (code == OK) code = engine_commit(engine, err);
    if (code != OK) {
        engine_roll_back(engine);
        return code;
    }
    engine->is_structural = true;
    derive_tell_all(&engine->derive);
    *out_report = report;
    return OK;
}

ErrCode engine_rebuild_if_needed(Engine *engine, Err *err)
{
    bool is_needed = false;
    RebuildReport report;
    TRY(store_needs_rebuild(engine->store, &is_needed, err));
    return is_needed ? engine_rebuild(engine, &report, err) : OK;
}
