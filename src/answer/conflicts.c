#include "answer/conflicts.h"

#include "base/list.h"
#include "journal/entry.h"
#include "store/journal_rows.h"
#include "store/query.h"
#include "store/rows.h"

typedef struct Conflict {
    Key thing;
    Id id;
    unsigned field;
    Id entry;
    int64_t arrival;
} Conflict;

static ErrCode load_conflicts(const View *view, Conflict **out_items, size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    Conflict *items = NULL;
    size_t count = 0;
    TRY(query_begin(&query, view->store, CONFLICTS, err));
    query_bind_int(&query, 1, view->shard);
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) break;
        items = list_grow(view->arena, items, sizeof items[0], count);
        if (items == NULL) return list_full(count, err);
        Conflict *item = &items[count++];
        *item = (Conflict){.thing = query_int(&query, 0),
                           .field = (unsigned)query_int(&query, 2),
                           .arrival = query_int(&query, 4)};
        TRY(query_id(&query, 1, &item->id, err));
        TRY(query_id(&query, 3, &item->entry, err));
    }
    *out_items = items;
    *out_count = count;
    return OK;
}

/* Sealed values are not shown here: looking at one is recorded, and asks for a purpose. */
static void emit_value(const char *member, const FieldInfo *field, const FieldValue *value,
                       Emit *emit)
{
    char id[ID_TEXT_MAX];
    const Choice *choice = NULL;
    if (value->state != FIELD_SET || field->type == FIELD_SEALED) {
        emit_null_at(emit, member);
        return;
    }
    switch (field->type) {
    case FIELD_INT:
    case FIELD_COORD: emit_int_at(emit, member, value->number); return;
    case FIELD_BOOL: emit_bool_at(emit, member, value->number != 0); return;
    case FIELD_DAY: emit_day_at(emit, member, (Day)value->number); return;
    case FIELD_ENUM:
        choice = vocab_choice(field->among, (int)value->number);
        emit_z_at(emit, member, choice == NULL ? "" : choice->name);
        return;
    case FIELD_REF: emit_z_at(emit, member, id_write(value->ref, id)); return;
    case FIELD_TEXT:
        emit_text_at(emit, member, (Text){(const char *)value->bytes.at, value->bytes.size});
        return;
    case FIELD_SEALED: return; /* above */
    }
}

/* The entry at an arrival, as long as the walk stays open. */
static ErrCode read_entry(EntryWalk *walk, const View *view, int64_t arrival, Entry *out_entry,
                          Err *err)
{
    const EntryRow *row = NULL;
    entry_walk_all(walk, view->store, arrival);
    TRY(entry_walk_next(walk, &row, err));
    if (row == NULL || row->arrival != arrival)
        return err_set(err, ERR_CORRUPT, "an entry is not where it was: run 'tongpin verify'");
    const Bytes body = row->has_body ? row->body : (Bytes){0};
    return entry_decode(row->chained, body, &row->stream_name, row->prev_stamp, out_entry, err);
}

static ErrCode emit_conflict(const View *view, const Conflict *conflict, Emit *emit, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    KindCode code = KIND_NONE;
    Entry entry;
    Record record;
    RowState state;
    char text[ID_TEXT_MAX];
    TRY(thing_kind(view->store, view->shard, conflict->thing, &code, err));
    const KindInfo *kind = vocab_kind((unsigned)code);
    const FieldInfo *field = kind == NULL ? NULL : vocab_field(kind, conflict->field);
    if (field == NULL) return OK;
    TRY(row_load(view->store, view->shard, conflict->thing, kind, view->arena, &record, &state,
                 err));
    TRY(read_entry(&walk, view, conflict->arrival, &entry, err));
    emit_open_object(emit);
    emit_z_at(emit, "kind", kind->name);
    emit_z_at(emit, "id", id_write(conflict->id, text));
    emit_z_at(emit, "field", field->name);
    emit_z_at(emit, "zh", field->zh);
    emit_z_at(emit, "en", field->en);
    emit_value("shown", field, &record.fields[field->number], emit);
    emit_value("rival", field, &entry.record.fields[field->number], emit);
    emit_z_at(emit, "entry", id_write(conflict->entry, text));
    emit_int_at(emit, "at_ms", (int64_t)hlc_ms(entry.stamp));
    char node[NODE_TEXT_MAX];
    emit_z_at(emit, "node", node_write(id_node(conflict->entry), node));
    emit_close_object(emit);
    return OK;
}

ErrCode answer_conflicts(const View *view, Emit *emit, Err *err)
{
    Conflict *items = NULL;
    size_t count = 0;
    if (!view->reach.is_everything)
        return err_set(err, ERR_DENIED, "conflicts can be of any kind: ask who may see everything");
    TRY(load_conflicts(view, &items, &count, err));
    emit_open_object(emit);
    emit_int_at(emit, "total", (int64_t)count);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < count; i++)
        TRY(emit_conflict(view, &items[i], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}
