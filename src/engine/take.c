#include "engine/take.h"

#include <assert.h>
#include <string.h>

#include "engine/take_inside.h"
#include "seal/field.h"
#include "store/rows.h"

#define ROW_BYTES_MAX ((size_t)4 << 20)

static const struct {
    const char *zh;
    const char *en;
} note_words[] = {
    [TAKE_UNIT_UNKNOWN] = {"没有这个单位；请先导入单位，或更正名称",
                           "there is no such unit; import the units first, or correct the name"},
    [TAKE_NO_UNITS] = {"系统中还没有单位；请先导入单位",
                       "there is no unit yet; import the units first"},
    [TAKE_UNIT_NEEDED] = {"没有写单位，而系统中有多个单位；请补充单位列",
                          "no unit is given and there are several; add a column for it"},
    [TAKE_PROJECT_UNKNOWN] = {"没有这个项目；请先导入项目，或更正名称",
                              "there is no such project; import projects first, or correct it"},
    [TAKE_CREW_UNKNOWN] = {"没有这个班组；请先建立班组，或更正名称",
                           "there is no such crew; make it first, or correct the name"},
    [TAKE_PERSON_UNKNOWN] = {"查无此人；请先导入人员，或补充身份证号、工号",
                             "nobody known fits; import people first, or add a number"},
    [TAKE_PERSON_DOUBTFUL] = {"可能与已有人员重复；请补充身份证号或工号后再导入",
                              "perhaps somebody known; add the identity or staff number"},
    [TAKE_NAME_DIFFERS] = {"号码属于姓名不同的人；请核对",
                           "the number belongs to somebody of another name; check it"},
    [TAKE_FROM_NEEDED] = {"写了项目但没有进场日期；请补充", //
                          "a project without a first day there; add it"},
    [TAKE_REFUSED] = {"不能写入", "refused"},
};
static_assert(sizeof note_words / sizeof note_words[0] == TAKE_NOTE_COUNT, "every note has words");

const char *take_note_zh(TakeNoteCode code)
{
    return note_words[code].zh;
}

const char *take_note_en(TakeNoteCode code)
{
    return note_words[code].en;
}

ErrCode take_note(Take *take, TakeNoteCode code, unsigned column, Text value, const char *detail,
                  Err *err)
{
    TakeReport *report = take->report;
    take->is_bad = true;
    if (code == TAKE_PERSON_DOUBTFUL) take->is_doubtful = true;
    if (report->note_count == TAKE_NOTES_MAX) return OK;
    report->notes =
        list_grow(take->arena, report->notes, sizeof report->notes[0], report->note_count);
    if (report->notes == NULL) return list_full(report->note_count, err);
    const char *kept = text_z(take->arena, value);
    const char *why = detail == NULL ? "" : text_z(take->arena, text_from_z(detail));
    if (kept == NULL || why == NULL) return list_full(report->note_count, err);
    report->notes[report->note_count++] = (TakeNote){
        .code = code,
        .sheet = take->row->sheet,
        .row_number = take->row->number,
        .field = column == WHOLE_ROW ? -1 : (int)column,
        .column =
            column != WHOLE_ROW && take_has(take, column) ? (int)take->row->places[column] : -1,
        .value = kept,
        .detail = why,
    };
    return OK;
}

bool take_has(const Take *take, unsigned column)
{
    return take->row->values[column].state == VALUE_SET;
}

Text take_text(const Take *take, unsigned column)
{
    return take_has(take, column) ? take->row->values[column].text : TEXT("");
}

int64_t take_int(const Take *take, unsigned column, int64_t otherwise)
{
    return take_has(take, column) ? take->row->values[column].number : otherwise;
}

void take_copy_text(const Take *take, unsigned column, Record *record, unsigned field)
{
    const Text text = take_text(take, column);
    if (text.size > 0) record_set_text(record, field, text);
}

void take_copy_int(const Take *take, unsigned column, Record *record, unsigned field)
{
    if (take_has(take, column)) record_set_int(record, field, take_int(take, column, 0));
}

/* FNV-1a: only to spread names over the map; equality is checked. */
static int64_t hash_name(KindCode kind, Text name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)kind;
    for (size_t i = 0; i < name.size; i++)
        hash = (hash ^ (uint8_t)name.at[i]) * UINT64_C(0x100000001b3);
    return (int64_t)(hash >> 1);
}

static ErrCode look_up(Take *take, QueryId id, Text name, Key *out_key, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, take->engine->store, id, err));
    query_bind_int(&query, 1, take->engine->shard);
    query_bind_text(&query, 2, name);
    TRY(query_next(&query, &found, err));
    if (found) *out_key = query_int(&query, 0);
    return OK;
}

static ErrCode look_up_kind(Take *take, KindCode kind, Text name, Key *out_key, Err *err)
{
    *out_key = KEY_NONE;
    switch ((int)kind) {
    case KIND_UNIT:
        TRY(look_up(take, UNITS_BY_CODE, name, out_key, err));
        return *out_key != KEY_NONE ? OK : look_up(take, UNITS_BY_NAME, name, out_key, err);
    case KIND_PROJECT:
        TRY(look_up(take, PROJECTS_BY_CODE, name, out_key, err));
        return *out_key != KEY_NONE ? OK : look_up(take, PROJECTS_BY_NAME, name, out_key, err);
    case KIND_GROUP: return look_up(take, CREWS_BY_NAME, name, out_key, err);
    default: assert(false); return OK;
    }
}

static ErrCode remember(Take *take, KindCode kind, Text name, int64_t hash, Key key, Id id,
                        Err *err)
{
    int64_t first = -1;
    Text kept;
    if (!map_find(&take->known_at, hash, &first)) first = -1;
    TRY(text_copy(take->arena, name, &kept, err));
    take->known = list_grow(take->arena, take->known, sizeof take->known[0], take->known_count);
    if (take->known == NULL) return list_full(take->known_count, err);
    take->known[take->known_count] = (Known){kind, kept, key, id, first};
    return map_put(&take->known_at, hash, (int64_t)take->known_count++, err);
}

ErrCode take_find(Take *take, KindCode kind, Text name, Key *out_key, Id *out_id, Err *err)
{
    const int64_t hash = hash_name(kind, name);
    int64_t at = -1;
    if (map_find(&take->known_at, hash, &at))
        for (; at >= 0; at = take->known[at].next) {
            const Known *known = &take->known[at];
            if (known->kind != kind || !text_equal(known->name, name)) continue;
            *out_key = known->key;
            *out_id = known->id;
            return OK;
        }
    *out_id = (Id){{0}};
    TRY(look_up_kind(take, kind, name, out_key, err));
    if (*out_key == KEY_NONE) return OK; /* the import itself may still make it */
    TRY(thing_id(take->engine->store, take->engine->shard, *out_key, out_id, err));
    return remember(take, kind, name, hash, *out_key, *out_id, err);
}

/* Decides and writes one command of this import. */
static ErrCode perform(Take *take, const Command *command, Key *out_key, Id *out_id, Err *err)
{
    Facts facts = {0};
    Err why;
    *out_key = KEY_NONE;
    const ErrCode code = decide(take->engine, take->actor, command, &take->row_arena, &facts, &why);
    if (err_is_refusal(code))
        return take_note(take, TAKE_REFUSED, WHOLE_ROW, text_from_z(command->kind->zh), why.message,
                         err);
    if (code != OK) {
        *err = why;
        return code;
    }
    for (size_t i = 0; i < facts.count; i++)
        TRY(record_fact(take->engine, &facts.items[i], take->actor->id, take->intake,
                        &take->row_arena, out_id, out_key, err));
    take->did_something = true;
    return OK;
}

ErrCode take_add(Take *take, const Record *record, Key *out_key, Id *out_id, Err *err)
{
    const Command command = {.action = ACTION_ADD, .kind = record->kind, .record = *record};
    TRY(perform(take, &command, out_key, out_id, err));
    if (*out_key != KEY_NONE) take->report->added[record->kind->code]++;
    return OK;
}

/* Whether a sealed field says the same as the plain text; it is opened to find out. */
static ErrCode is_same_sealed(Take *take, const KindInfo *kind, unsigned field, Key key,
                              Bytes sealed, Text plain, bool *out_same, Err *err)
{
    Text known = {0};
    FieldPlace place = {(uint32_t)kind->code, field, {{0}}};
    TRY(thing_id(take->engine->store, take->engine->shard, key, &place.thing, err));
    TRY(field_open(&take->engine->node->keyring, place, sealed, &take->row_arena, &known, err));
    *out_same = text_equal(known, plain);
    return OK;
}

ErrCode take_change(Take *take, Key key, const Record *record, Err *err)
{
    Record now;
    RowState state;
    Record wish = *record;
    Command command = {.action = ACTION_CHANGE, .kind = record->kind};
    bool is_needed = false;
    TRY(normalise_sealed(&wish, &take->row_arena, err));
    TRY(row_load(take->engine->store, take->engine->shard, key, record->kind, &take->row_arena,
                 &now, &state, err));
    command.record.kind = record->kind;
    for (size_t i = 0; i < record->kind->field_count; i++) {
        const FieldInfo *field = &record->kind->fields[i];
        const FieldValue *new = &wish.fields[field->number];
        const FieldValue *old = &now.fields[field->number];
        bool is_same = old->state == FIELD_SET &&
                       old->number == new->number &&bytes_equal(old->bytes, new->bytes) &&
                       id_equal(old->ref, new->ref);
        if (new->state != FIELD_SET) continue;
        if (field->type == FIELD_SEALED && old->state == FIELD_SET)
            TRY(is_same_sealed(take, record->kind, field->number, key, old->bytes,
                               record_text(&wish, field->number), &is_same, err));
        if (is_same || (field->flags & FIELD_FLAG_ONCE) != 0) continue;
        command.record.fields[field->number] = *new;
        is_needed = true;
    }
    if (!is_needed) return OK;
    Key changed = KEY_NONE;
    Id id;
    TRY(thing_id(take->engine->store, take->engine->shard, key, &command.subject, err));
    TRY(perform(take, &command, &changed, &id, err));
    if (changed != KEY_NONE) take->report->changed[record->kind->code]++;
    return OK;
}

static ErrCode take_row(Take *take, Err *err)
{
    switch (take->reading->intake->kind) {
    case INTAKE_UNITS: return take_unit(take, err);
    case INTAKE_PROJECTS: return take_project(take, err);
    case INTAKE_PEOPLE: return take_person(take, err);
    case INTAKE_POSTINGS: return take_posting(take, err);
    case INTAKE_HOLIDAYS: return take_holiday(take, err);
    case INTAKE_KIND_COUNT: break;
    }
    return OK;
}

static ErrCode take_rows(Take *take, Err *err)
{
    for (size_t i = 0; i < take->reading->row_count; i++) {
        ReadRow row;
        arena_init(&take->row_arena, ROW_BYTES_MAX);
        ErrCode code = reading_row(take->reading, i, &take->row_arena, &row, err);
        take->row = &row;
        take->is_bad = code == OK && row.has_error;
        take->is_doubtful = false;
        take->did_something = false;
        if (code == OK && !take->is_bad) code = take_row(take, err);
        arena_done(&take->row_arena);
        take->row = NULL;
        if (code != OK) return code;
        take->report->row_count++;
        if (take->is_doubtful) take->report->doubtful_rows++;
        if (take->is_bad)
            take->report->bad_rows++;
        else if (!take->did_something)
            take->report->same_rows++;
    }
    return OK;
}

/* The record that everything else belongs to comes first. */
static ErrCode record_intake(Take *take, Text file_name, const Digest *digest, Err *err)
{
    char hex[DIGEST_TEXT_MAX];
    Fact fact = {.verb = VERB_CREATE, .kind = vocab_kind(KIND_INTAKE)};
    Key key;
    fact.record.kind = fact.kind;
    fact.scope = take->engine->node->scope;
    record_set_text(&fact.record, INTAKE_WHAT, text_from_z(take->reading->intake->name));
    record_set_text(&fact.record, INTAKE_FILE, file_name);
    record_set_text(&fact.record, INTAKE_DIGEST, text_from_z(digest_write(digest, hex)));
    return record_fact(take->engine, &fact, take->actor->id, (Id){{0}}, take->arena, &take->intake,
                       &key, err);
}

/* The one unit that has none above it; KEY_NONE when there are none or several. */
static ErrCode find_only_unit_at_top(Take *take, Key *out_only, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    Key only = KEY_NONE;
    TRY(query_begin(&query, take->engine->store, UNITS_AT_TOP, err));
    query_bind_int(&query, 1, take->engine->shard);
    TRY(query_next(&query, &found, err));
    if (found) only = query_int(&query, 0);
    if (found) TRY(query_next(&query, &found, err));
    *out_only = found ? KEY_NONE : only;
    take->has_units = only != KEY_NONE;
    return OK;
}

static ErrCode find_default_unit(Take *take, Err *err)
{
    Key only = KEY_NONE;
    TRY(find_only_unit_at_top(take, &only, err));
    if (only == KEY_NONE) return OK;
    return thing_id(take->engine->store, take->engine->shard, only, &take->default_unit, err);
}

ErrCode take_in(Engine *engine, const Actor *actor, const Reading *reading, Text file_name,
                const Digest *digest, Arena *arena, TakeReport *out_report, Err *err)
{
    Take take = {
        .engine = engine, .actor = actor, .reading = reading, .arena = arena, .report = out_report};
    *out_report = (TakeReport){0};
    map_init(&take.known_at, arena);
    map_init(&take.holidays, arena);
    TRY(record_intake(&take, file_name, digest, err));
    TRY(find_default_unit(&take, err));
    TRY(take_rows(&take, err));
    out_report->intake = take.intake;
    return OK;
}
