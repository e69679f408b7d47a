#include "answer/conflicts.h"

#include "answer/shape.h"
#include "base/list.h"
#include "journal/entry.h"
#include "store/journal_rows.h"
#include "store/query.h"
#include "store/rows.h"
#include "sync/peers.h"

typedef struct Conflict {
    Key thing;
    Id id;
    const KindInfo *kind;
    const FieldInfo *field;
    Id entry;
    int64_t arrival; /* of that entry */
    uint64_t stamp;
    FieldValue rival; /* what it says */
} Conflict;

typedef struct Conflicts {
    Conflict *items;
    size_t count;
} Conflicts;

/* ---- Which of them are for whoever asks ---- */

static ErrCode may_settle(const View *view, const Entry *entry, const StreamName *stream,
                          bool *out_may, Err *err)
{
    Key scope = KEY_NONE;
    KindCode kind = KIND_NONE;
    *out_may = view->reach.is_everything;
    if (*out_may || (entry->is_personal && entry->kind != KIND_PERSON)) return OK;
    TRY(thing_find(view->store, view->shard, stream->scope, &scope, err));
    if (scope != KEY_NONE) TRY(thing_kind(view->store, view->shard, scope, &kind, err));
    if (kind == KIND_UNIT) *out_may = reach_has_unit(&view->reach, scope);
    if (kind == KIND_PROJECT) {
        ProjectCard card;
        TRY(load_project(view_source(view), scope, &card, err));
        *out_may = reach_has_project(&view->reach, scope, card.facts.unit);
    }
    return OK;
}

/* The entry at an arrival; its bytes live as long as the walk stays open. */
static ErrCode read_entry(EntryWalk *walk, const View *view, int64_t arrival, Entry *out_entry,
                          StreamName *out_stream, Err *err)
{
    const EntryRow *row = NULL;
    entry_walk_all(walk, view->store, arrival);
    TRY(entry_walk_next(walk, &row, err));
    if (row == NULL || row->arrival != arrival)
        return err_set(err, ERR_CORRUPT, "an entry is not where it was: run 'tongpin verify'");
    const Bytes body = row->has_body ? row->body : (Bytes){0};
    *out_stream = row->stream_name;
    return entry_decode(row->chained, body, &row->stream_name, row->prev_stamp, out_entry, err);
}

/* What the entry says, unless the field is unknown to this version or not for whoever asks. */
static ErrCode read_rival(const View *view, unsigned field, Conflict *conflict, bool *out_is_wanted,
                          Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    Entry entry;
    StreamName stream;
    KindCode kind = KIND_NONE;
    *out_is_wanted = false;
    TRY(thing_kind(view->store, view->shard, conflict->thing, &kind, err));
    conflict->kind = vocab_kind((unsigned)kind);
    if (conflict->kind != NULL) conflict->field = vocab_field(conflict->kind, field);
    if (conflict->field == NULL) return OK;
    TRY(read_entry(&walk, view, conflict->arrival, &entry, &stream, err));
    TRY(may_settle(view, &entry, &stream, out_is_wanted, err));
    conflict->stamp = entry.stamp;
    conflict->rival = entry.record.fields[field];
    return bytes_copy(view->arena, conflict->rival.bytes, &conflict->rival.bytes, err);
}

typedef struct Rival {
    Conflict conflict;
    unsigned field;
} Rival;

static ErrCode load_rivals(const View *view, Rival **out_rivals, size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    Rival *rivals = NULL;
    size_t count = 0;
    TRY(query_begin(&query, view->store, CONFLICTS, err));
    query_bind_int(&query, 1, view->shard);
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) break;
        rivals = list_grow(view->arena, rivals, sizeof rivals[0], count);
        if (rivals == NULL) return list_full(count, err);
        Rival *rival = &rivals[count++];
        *rival = (Rival){.field = (unsigned)query_int(&query, 2)};
        rival->conflict.thing = query_int(&query, 0);
        rival->conflict.arrival = query_int(&query, 4);
        TRY(query_id(&query, 1, &rival->conflict.id, err));
        TRY(query_id(&query, 3, &rival->conflict.entry, err));
    }
    *out_rivals = rivals;
    *out_count = count;
    return OK;
}

static ErrCode load_conflicts(const View *view, Conflicts *out, Err *err)
{
    Rival *rivals = NULL;
    size_t count = 0;
    TRY(load_rivals(view, &rivals, &count, err));
    out->count = 0;
    out->items = arena_array(view->arena, Conflict, count);
    if (out->items == NULL) return list_full(count, err);
    for (size_t i = 0; i < count; i++) {
        bool is_wanted = false;
        TRY(read_rival(view, rivals[i].field, &rivals[i].conflict, &is_wanted, err));
        if (is_wanted) out->items[out->count++] = rivals[i].conflict;
    }
    return OK;
}

/* ---- As JSON ---- */

/* Sealed values are not shown here: looking at one is recorded, and asks for a purpose. */
static ErrCode emit_value(const View *view, const char *member, const FieldInfo *field,
                          const FieldValue *value, Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    if (value->state != FIELD_SET || field->type == FIELD_SEALED) {
        emit_null_at(emit, member);
        return OK;
    }
    switch (field->type) {
    case FIELD_INT:
    case FIELD_COORD: emit_int_at(emit, member, value->number); return OK;
    case FIELD_BOOL: emit_bool_at(emit, member, value->number != 0); return OK;
    case FIELD_DAY: emit_day_at(emit, member, (Day)value->number); return OK;
    case FIELD_ENUM: shape_choice_at(member, field, (int)value->number, emit); return OK;
    case FIELD_REF:
        TRY(thing_find(view->store, view->shard, value->ref, &key, err));
        return shape_thing_at(view, member, field->target, key, emit, err);
    case FIELD_TEXT:
        emit_text_at(emit, member, (Text){(const char *)value->bytes.at, value->bytes.size});
        return OK;
    case FIELD_SEALED: break; /* above */
    }
    return OK;
}

static ErrCode emit_conflict(const View *view, const Peers *peers, const Conflict *conflict,
                             Emit *emit, Err *err)
{
    Record record;
    RowState state;
    char text[ID_TEXT_MAX];
    char node[NODE_TEXT_MAX];
    const FieldInfo *field = conflict->field;
    TRY(row_load(view->store, view->shard, conflict->thing, conflict->kind, view->arena, &record,
                 &state, err));
    emit_open_object(emit);
    emit_z_at(emit, "kind", conflict->kind->name);
    emit_z_at(emit, "kind_zh", conflict->kind->zh);
    emit_z_at(emit, "kind_en", conflict->kind->en);
    TRY(shape_thing_at(view, "thing", conflict->kind->code, conflict->thing, emit, err));
    emit_z_at(emit, "field", field->name);
    emit_z_at(emit, "zh", field->zh);
    emit_z_at(emit, "en", field->en);
    if (field->among == NULL)
        emit_null_at(emit, "among");
    else
        emit_z_at(emit, "among", field->among->name);
    emit_bool_at(emit, "sealed", field->type == FIELD_SEALED);
    TRY(emit_value(view, "shown", field, &record.fields[field->number], emit, err));
    TRY(emit_value(view, "rival", field, &conflict->rival, emit, err));
    emit_z_at(emit, "entry", id_write(conflict->entry, text));
    emit_day_at(emit, "day", day_of_ms(hlc_ms(conflict->stamp), view->utc_offset_minutes));
    emit_z_at(emit, "node", node_write(id_node(conflict->entry), node));
    const Peer *peer = peer_by_node(peers, id_node(conflict->entry));
    emit_text_at(emit, "node_name", peer == NULL ? TEXT("") : peer->name);
    emit_close_object(emit);
    return OK;
}

ErrCode answer_conflicts(const View *view, const ListAsk *ask, Emit *emit, Err *err)
{
    Conflicts found;
    Peers peers;
    Page page;
    TRY(peers_load(view->store, view->arena, &peers, err));
    TRY(load_conflicts(view, &found, err));
    emit_open_object(emit);
    TRY(shape_page(ask, found.count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++)
        TRY(emit_conflict(view, &peers, &found.items[i], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}
