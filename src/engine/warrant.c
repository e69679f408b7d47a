#include "engine/warrant.h"

#include "engine/inside.h"
#include "journal/segment.h"
#include "store/rows.h"
#include "store/things.h"

static bool is_named(const Warrant *warrant, Id scope, bool is_from_below)
{
    for (size_t i = 0; i < warrant->count; i++)
        if (id_equal(warrant->grants[i].scope, scope) &&
            (!is_from_below || warrant->grants[i].with_below))
            return true;
    return false;
}

/* The unit above a unit or in charge of a project; 0 for none. */
static ErrCode step_up(Store *store, int64_t shard, int64_t key, int64_t *out_above, Err *err)
{
    AUTO(query_done) Query query = {0};
    KindCode kind = KIND_NONE;
    bool found = false;
    *out_above = 0;
    TRY(thing_kind(store, shard, key, &kind, err));
    if (kind != KIND_UNIT && kind != KIND_PROJECT) return OK;
    TRY(query_begin(&query, store, kind == KIND_UNIT ? UNIT_ABOVE : UNIT_OF_PROJECT, err));
    query_bind_int(&query, 1, shard);
    query_bind_int(&query, 2, key);
    TRY(query_next(&query, &found, err));
    if (found && !query_is_null(&query, 0)) *out_above = query_int(&query, 0);
    return OK;
}

static bool has_below(const Warrant *warrant)
{
    for (size_t i = 0; i < warrant->count; i++)
        if (warrant->grants[i].with_below) return true;
    return false;
}

ErrCode warrant_covers(Store *store, int64_t shard, const Warrant *warrant, Id scope,
                       bool *out_covers, Err *err)
{
    int64_t key = 0;
    *out_covers = warrant->is_everything || is_named(warrant, scope, false);
    if (*out_covers || !has_below(warrant)) return OK;
    TRY(thing_find(store, shard, scope, &key, err));
    for (int depth = 0; key != 0 && depth < UNIT_DEPTH_MAX && !*out_covers; depth++) {
        Id above;
        TRY(step_up(store, shard, key, &key, err));
        if (key == 0) return OK;
        TRY(thing_id(store, shard, key, &above, err));
        *out_covers = is_named(warrant, above, true);
    }
    return OK;
}

ErrCode warrant_within(Store *store, int64_t shard, const Warrant *inner, const Warrant *outer,
                       bool *out_within, Err *err)
{
    *out_within = outer->is_everything || !inner->is_everything;
    for (size_t i = 0; i < inner->count && *out_within && !outer->is_everything; i++) {
        Warrant wide = *outer;
        /* All below a unit is given only by who has all below it. */
        for (size_t g = wide.count; g > 0 && inner->grants[i].with_below; g--)
            if (!wide.grants[g - 1].with_below) wide.grants[g - 1] = wide.grants[--wide.count];
        TRY(warrant_covers(store, shard, &wide, inner->grants[i].scope, out_within, err));
    }
    return OK;
}

/* ---- what a segment says ---- */

typedef enum Ground {
    GROUND_NONE,
    GROUND_GIVEN, /* a scope that was given, or a new one below it */
    GROUND_OWN,   /* what the node says about itself */
    GROUND_BELOW, /* what it says to all below it */
} Ground;

typedef struct Speech {
    Engine *engine;
    const Warrant *warrant;
    const StreamName *stream;
    Ground ground;
    const char *why;
} Speech;

static ErrCode covers(const Speech *speech, Id scope, bool *out_covers, Err *err)
{
    return warrant_covers(speech->engine->store, speech->engine->shard, speech->warrant, scope,
                          out_covers, err);
}

/* Where a thing belongs by what stands in its field; what is not here yet is not held against
 * it. */
static ErrCode is_field_covered(const Speech *speech, const FieldInfo *field, Id ref, bool *out_is,
                                Err *err)
{
    Engine *engine = speech->engine;
    Key key = KEY_NONE;
    Key scope = KEY_NONE;
    KindCode kind = KIND_NONE;
    Id id;
    TRY(covers(speech, ref, out_is, err));
    if (*out_is) return OK;
    TRY(thing_find(engine->store, engine->shard, ref, &key, err));
    if (key != KEY_NONE) TRY(thing_kind(engine->store, engine->shard, key, &kind, err));
    /* An unknown unit or project is not one that was given. */
    *out_is = kind == KIND_NONE && field->target != KIND_UNIT && field->target != KIND_PROJECT;
    if (kind == KIND_NONE || kind != field->target) return OK;
    TRY(scope_of_thing(engine, kind, key, &scope, err));
    TRY(thing_id(engine->store, engine->shard, scope, &id, err));
    return covers(speech, id, out_is, err);
}

static unsigned belongs_by(const KindInfo *kind)
{
    if (kind->scope_rule == SCOPE_BY_FIELD) return kind->scope_field;
    return kind->code == KIND_UNIT ? (unsigned)UNIT_PARENT : (unsigned)PROJECT_UNIT;
}

/* Does the entry put its thing into a scope that was given, as far as it says where? */
static ErrCode check_place(Speech *speech, const Entry *entry, Err *err)
{
    bool is_covered = true;
    const FieldInfo *field = vocab_field(entry->kind_info, belongs_by(entry->kind_info));
    if (record_has(&entry->record, field->number))
        TRY(is_field_covered(speech, field, record_ref(&entry->record, field->number), &is_covered,
                             err));
    if (!is_covered) speech->why = "it puts a thing into a scope that its node was not given";
    return OK;
}

/* Did anybody ever write about it in a scope that was given? */
static ErrCode was_covered(const Speech *speech, Key subject, bool *out_was, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, speech->engine->store, SCOPES_OF_THING, err));
    query_bind_int(&query, 1, speech->engine->shard);
    query_bind_int(&query, 2, subject);
    TRY(query_next(&query, &found, err));
    while (found && !*out_was) {
        Id scope;
        TRY(query_id(&query, 0, &scope, err));
        TRY(covers(speech, scope, out_was, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* Or does it belong to one now? */
static ErrCode is_covered_now(const Speech *speech, Key subject, const KindInfo *kind, bool *out_is,
                              Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Record record;
    RowState state;
    Err why;
    arena_init(&arena, (size_t)1 << 20);
    if (row_load(speech->engine->store, speech->engine->shard, subject, kind, &arena, &record,
                 &state, &why) != OK)
        return OK;
    const FieldInfo *field = vocab_field(kind, belongs_by(kind));
    if (!record_has(&record, field->number)) return OK;
    return is_field_covered(speech, field, record_ref(&record, field->number), out_is, err);
}

static ErrCode check_subject(Speech *speech, const Entry *entry, Err *err)
{
    Engine *engine = speech->engine;
    Key key = KEY_NONE;
    KindCode kind = KIND_NONE;
    bool is_covered = false;
    TRY(thing_find(engine->store, engine->shard, entry->subject, &key, err));
    if (key != KEY_NONE) TRY(thing_kind(engine->store, engine->shard, key, &kind, err));
    if (kind == KIND_NONE) return OK; /* what makes it has not come yet */
    TRY(was_covered(speech, key, &is_covered, err));
    if (!is_covered && kind == entry->kind_info->code)
        TRY(is_covered_now(speech, key, entry->kind_info, &is_covered, err));
    if (!is_covered) speech->why = "it is about a thing of a scope that its node was not given";
    return OK;
}

static ErrCode check_given(Speech *speech, const Entry *entry, Err *err)
{
    const KindInfo *kind = entry->kind_info;
    if (kind->scope_rule == SCOPE_BY_NODE || kind->scope_rule == SCOPE_BY_BROADCAST) {
        speech->why = "what a node says about itself does not stand in that scope";
        return OK;
    }
    if (kind->scope_rule == SCOPE_BY_SELF && !id_equal(entry->subject, speech->stream->scope)) {
        speech->why = "it is about a unit or project of another scope";
        return OK;
    }
    if (entry->verb == VERB_CREATE || kind->scope_rule == SCOPE_BY_SELF)
        return check_place(speech, entry, err);
    TRY(check_subject(speech, entry, err));
    return speech->why == NULL ? check_place(speech, entry, err) : OK;
}

static void check_own(Speech *speech, const Entry *entry)
{
    const ScopeRule rule = speech->ground == GROUND_OWN ? SCOPE_BY_NODE : SCOPE_BY_BROADCAST;
    if (entry->kind_info->scope_rule != rule)
        speech->why = "such a thing does not stand in the scope of a node's own";
    else if (id_node(entry->subject) != speech->stream->node_short)
        speech->why = "it is about what another node said about itself";
}

/* A new unit or project makes a scope of its own; it lies below what was given, or it is
 * nothing. */
static ErrCode find_ground(Speech *speech, const SegmentReader *reader, const SegmentItem *first,
                           Err *err)
{
    bool is_covered = false;
    const Entry *entry = &first->entry;
    TRY(covers(speech, speech->stream->scope, &is_covered, err));
    speech->ground = is_covered ? GROUND_GIVEN : GROUND_NONE;
    if (is_covered || id_node(speech->stream->scope) != speech->stream->node_short) return OK;
    speech->ground = GROUND_OWN;
    if (scope_is_broadcast(speech->stream->scope)) {
        speech->ground = has_below(speech->warrant) ? GROUND_BELOW : GROUND_NONE;
        return OK;
    }
    if (reader->header.first != 1 || entry->verb != VERB_CREATE || entry->kind_info == NULL ||
        entry->kind_info->scope_rule != SCOPE_BY_SELF || !has_below(speech->warrant))
        return OK;
    const unsigned field = belongs_by(entry->kind_info);
    if (!record_has(&entry->record, field)) return OK;
    TRY(covers(speech, record_ref(&entry->record, field), &is_covered, err));
    if (is_covered) speech->ground = GROUND_GIVEN;
    return OK;
}

static ErrCode check_entry(Speech *speech, const Entry *entry, Err *err)
{
    if (speech->ground == GROUND_NONE)
        speech->why = "its node was not given that scope";
    else if (entry->kind_info == NULL)
        return OK; /* kept for a later version */
    else if (speech->ground != GROUND_GIVEN)
        check_own(speech, entry);
    else
        return check_given(speech, entry, err);
    return OK;
}

ErrCode warrant_check(Engine *engine, const Warrant *warrant, const SegmentReader *begun,
                      uint64_t *out_seq, const char **out_why, Err *err)
{
    SegmentReader reader = *begun;
    *out_why = NULL;
    if (warrant->is_everything) return OK;
    Speech speech = {.engine = engine, .warrant = warrant, .stream = &reader.header.stream};
    for (bool is_first = true;; is_first = false) {
        SegmentItem item;
        bool found = false;
        TRY(segment_next(&reader, &item, &found, err));
        if (!found) return OK;
        if (is_first) TRY(find_ground(&speech, &reader, &item, err));
        TRY(check_entry(&speech, &item.entry, err));
        if (speech.why == NULL) continue;
        *out_seq = item.sequence;
        *out_why = speech.why;
        return OK;
    }
}
