#include "engine/inside.h"

#include "seal/field.h"
#include "store/journal_rows.h"
#include "store/rows.h"

static ErrCode decode_row(const EntryRow *row, Entry *out_entry, Err *err)
{
    const Bytes body = row->has_body ? row->body : (Bytes){0};
    return entry_decode(row->chained, body, &row->stream_name, row->prev_stamp, out_entry, err);
}

/* What a thing was before the entry of that arrival: all earlier entries about it, laid one over
 * the other. Texts are copied: the walk moves on. */
static ErrCode record_before(Engine *engine, Key subject, int64_t arrival, const KindInfo *kind,
                             Arena *arena, Record *out_record, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_thing(&walk, engine->store, subject);
    *out_record = (Record){.kind = kind};
    for (const EntryRow *row = NULL;;) {
        Entry entry;
        TRY(entry_walk_next(&walk, &row, err));
        if (row == NULL || row->arrival >= arrival) return OK;
        TRY(decode_row(row, &entry, err));
        if (entry.kind_info != kind) continue;
        for (unsigned i = 1; i < FIELD_COUNT_MAX; i++)
            if (entry.record.fields[i].bytes.size > 0)
                TRY(bytes_copy(arena, entry.record.fields[i].bytes, &entry.record.fields[i].bytes,
                               err));
        record_lay_over(out_record, &entry.record);
    }
}

/* The number of a sealed value is its index, which rows have and entries do not. */
static bool is_same_value(const FieldInfo *field, const FieldValue *a, const FieldValue *b)
{
    return (a->state == FIELD_SET) == (b->state == FIELD_SET) &&
           (a->state != FIELD_SET || ((field->type == FIELD_SEALED || a->number == b->number) &&
                                      bytes_equal(a->bytes, b->bytes) && id_equal(a->ref, b->ref)));
}

/* What a field was, as plain text when it is sealed: it is sealed anew when it is written. */
static ErrCode put_back(Engine *engine, const KindInfo *kind, const FieldInfo *field, Key subject,
                        const FieldValue *before, Arena *arena, Record *record, Err *err)
{
    const unsigned at = field->number;
    Text plain;
    if (before->state != FIELD_SET) {
        record_clear(record, at);
        return OK;
    }
    record->fields[at] = *before;
    if (field->type != FIELD_SEALED) return OK;
    FieldPlace place = {(uint32_t)kind->code, at, {{0}}};
    TRY(thing_id(engine->store, engine->shard, subject, &place.thing, err));
    TRY(field_open(&engine->node->keyring, place, before->bytes, arena, &plain, err));
    record_set_text(record, at, plain);
    return OK;
}

/* Puts back the fields that still are as the import left them. */
static ErrCode add_reversal(Engine *engine, const Actor *actor, const EntryRow *row,
                            const Entry *entry, int64_t start, Arena *arena, Facts *facts, Err *err)
{
    Record now;
    Record before;
    RowState state;
    Fact fact = {.verb = VERB_CHANGE, .kind = entry->kind_info, .subject = row->subject};
    bool is_needed = false;
    Err incomplete;
    TRY(row_load(engine->store, engine->shard, row->subject, entry->kind_info, arena, &now, &state,
                 err));
    /* What it was before the import, which may have changed it more than once. */
    TRY(record_before(engine, row->subject, start, entry->kind_info, arena, &before, err));
    if (record_check_complete(&before, &incomplete) != OK)
        return OK; /* the import made it: voided */
    fact.record.kind = entry->kind_info;
    for (size_t i = 0; i < entry->kind_info->field_count; i++) {
        const FieldInfo *field = &entry->kind_info->fields[i];
        const unsigned at = field->number;
        if (entry->record.fields[at].state == FIELD_ABSENT ||
            !is_same_value(field, &now.fields[at], &entry->record.fields[at]))
            continue;
        is_needed = true;
        TRY(put_back(engine, entry->kind_info, field, row->subject, &before.fields[at], arena,
                     &fact.record, err));
    }
    if (!is_needed || state.is_void) return OK;
    record_lay_over(&now, &fact.record);
    /* Somebody has changed something since that the old value does not fit: it stays as it is. */
    if (check_sense(engine, actor, row->subject, &now, &fact.record, arena, &incomplete) != OK)
        return OK;
    TRY(find_scope(engine, fact.kind, &now, &fact, err));
    Fact *added = NULL;
    TRY(facts_add(facts, arena, &added, err));
    *added = fact;
    return OK;
}

static ErrCode add_void(Engine *engine, const EntryRow *row, const Entry *entry, Arena *arena,
                        Facts *facts, Err *err)
{
    Record now;
    RowState state;
    Fact fact = {.verb = VERB_VOID, .kind = entry->kind_info, .subject = row->subject};
    TRY(row_load(engine->store, engine->shard, row->subject, entry->kind_info, arena, &now, &state,
                 err));
    if (state.is_void) return OK;
    fact.record.kind = entry->kind_info;
    TRY(find_scope(engine, fact.kind, &now, &fact, err));
    Fact *added = NULL;
    TRY(facts_add(facts, arena, &added, err));
    *added = fact;
    return OK;
}

/* The arrival of the entry that made the import's own record. */
static ErrCode find_start(Engine *engine, Key intake, int64_t *out_arrival, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    const EntryRow *row = NULL;
    entry_walk_thing(&walk, engine->store, intake);
    TRY(entry_walk_next(&walk, &row, err));
    if (row == NULL) return err_set(err, ERR_CORRUPT, "the import has no entry: run 'verify'");
    *out_arrival = row->arrival;
    return OK;
}

ErrCode decide_undo(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                    Facts *out_facts, Err *err)
{
    Key intake = KEY_NONE;
    int64_t start = 0;
    TRY(find_thing(engine, command->subject, KIND_INTAKE, "id", &intake, err));
    TRY(find_start(engine, intake, &start, err));
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_all(&walk, engine->store, start + 1);
    /* An import is one transaction: its entries stand right behind its record. */
    for (const EntryRow *row = NULL;;) {
        Entry entry;
        TRY(entry_walk_next(&walk, &row, err));
        if (row == NULL) break;
        TRY(decode_row(row, &entry, err));
        if (!id_equal(entry.cause, command->subject)) break;
        if (entry.kind_info == NULL) continue;
        if (entry.verb == VERB_CREATE)
            TRY(add_void(engine, row, &entry, arena, out_facts, err));
        else
            TRY(add_reversal(engine, actor, row, &entry, start, arena, out_facts, err));
    }
    if (out_facts->count == 0)
        return err_set(err, ERR_CONFLICT, "there is nothing left of this import to undo");
    for (size_t i = 0; i < out_facts->count; i++)
        TRY(check_reach(engine, actor, &out_facts->items[i], err));
    return check_voids(engine, out_facts, arena, err);
}
