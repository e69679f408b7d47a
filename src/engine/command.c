#include "engine/command.h"

#include <assert.h>
#include <math.h>

#include "loop/signal.h"

#define SAID_BYTES_MAX ((size_t)64 << 20) /* far more than any command that was let in */

static const struct {
    const char *name;
    Action action;
} verbs[] = {
    {"add", ACTION_ADD},         {"change", ACTION_CHANGE}, {"void", ACTION_VOID},
    {"move", ACTION_MOVE},       {"undo", ACTION_UNDO},     {"deploy", ACTION_DEPLOY},
    {"merge", ACTION_MERGE},     {"apply", ACTION_APPLY},   {"arrange", ACTION_ARRANGE},
    {"convene", ACTION_CONVENE},
};

const char *action_name(Action action)
{
    return verbs[action].name;
}

bool command_takes_part(const Command *command)
{
    static const struct {
        KindCode kind;
        Action action;
    } listed[] = {
        {KIND_NONE, ACTION_ADD}, /* so that the list is never empty */
#define TAKE_PART(KIND, ACTION) {KIND_##KIND, ACTION_##ACTION},
#include "vocab/policy.def"
    };
    for (size_t i = 0; i < sizeof listed / sizeof listed[0]; i++)
        if (listed[i].kind == command->kind->code && listed[i].action == command->action)
            return true;
    return false;
}

static ErrCode member_text(const DocValue *value, const char *key, Text *out_text, Err *err)
{
    const DocValue *member = doc_get(value, key);
    if (doc_type(member) != DOC_TEXT || doc_text(member).size == 0)
        return err_set(err, ERR_INVALID, "\"%s\" is missing or not a text", key);
    *out_text = doc_text(member);
    return OK;
}

static ErrCode member_id(const DocValue *value, const char *key, Id *out_id, Err *err)
{
    Text text = {0};
    TRY(member_text(value, key, &text, err));
    if (id_parse(text, out_id, err) != OK) return err_context(err, "\"%s\"", key);
    if (id_is_nil(*out_id))
        return err_set(err, ERR_INVALID, "\"%s\" names nothing: give the id of a thing", key);
    return OK;
}

static ErrCode wrong_type(const FieldInfo *field, const char *wanted, Err *err)
{
    return err_set(err, ERR_INVALID, "\"%s\" is to be %s", field->name, wanted);
}

static ErrCode decode_number(const FieldInfo *field, const DocValue *value, int64_t *out_number,
                             Err *err)
{
    const DocType type = doc_type(value);
    switch (field->type) {
    case FIELD_INT:
        if (type != DOC_INT) return wrong_type(field, "a whole number", err);
        *out_number = doc_int(value);
        return OK;
    case FIELD_BOOL:
        if (type != DOC_BOOL) return wrong_type(field, "true or false", err);
        *out_number = doc_bool(value) ? 1 : 0;
        return OK;
    case FIELD_COORD:
        if (type != DOC_INT && type != DOC_REAL)
            return wrong_type(field, "a number of degrees", err);
        if (!(fabs(doc_real(value)) <= 180.0)) return wrong_type(field, "within 180 degrees", err);
        *out_number = llround(doc_real(value) * 1e6);
        return OK;
    default: assert(false); return OK;
    }
}

static ErrCode decode_word(const FieldInfo *field, Text word, Record *record, Err *err)
{
    if (field->type == FIELD_DAY) {
        Day day = 0;
        if (day_parse(word, &day, err) != OK) return err_context(err, "\"%s\"", field->name);
        record_set_int(record, field->number, day);
        return OK;
    }
    if (field->type == FIELD_ENUM) {
        const Choice *choice = vocab_choice_named(field->among, word);
        if (choice == NULL)
            return err_set(err, ERR_INVALID, "\"%s\" has no choice \"%.40s\"", field->name,
                           word.size > 0 ? word.at : "");
        record_set_int(record, field->number, choice->number);
        return OK;
    }
    if (field->type == FIELD_REF) {
        Id ref;
        if (id_parse(word, &ref, err) != OK) return err_context(err, "\"%s\"", field->name);
        record_set_ref(record, field->number, ref);
        return OK;
    }
    record_set_text(record, field->number, text_trim(word));
    return OK;
}

static ErrCode decode_field(const FieldInfo *field, const DocValue *value, Record *record, Err *err)
{
    if (doc_type(value) == DOC_NULL) {
        record_clear(record, field->number);
        return OK;
    }
    if (field->type == FIELD_INT || field->type == FIELD_BOOL || field->type == FIELD_COORD) {
        int64_t number = 0;
        TRY(decode_number(field, value, &number, err));
        record_set_int(record, field->number, number);
        return OK;
    }
    if (doc_type(value) != DOC_TEXT) return wrong_type(field, "a text", err);
    return decode_word(field, doc_text(value), record, err);
}

ErrCode command_decode_fields(const KindInfo *kind, const DocValue *fields, Record *out_record,
                              Err *err)
{
    if (doc_type(fields) != DOC_OBJECT)
        return err_set(err, ERR_INVALID, "\"fields\" is missing or not an object");
    *out_record = (Record){.kind = kind};
    void *cursor = NULL;
    Text key;
    const DocValue *value;
    while (doc_next(fields, &cursor, &key, &value)) {
        const FieldInfo *field = vocab_field_named(kind, key);
        if (field == NULL)
            return err_set(err, ERR_INVALID, "a %s has no field \"%.*s\"", kind->name,
                           key.size > 40 ? 40 : (int)key.size, key.at);
        TRY(decode_field(field, value, out_record, err));
    }
    return record_check(out_record, err);
}

/* "posting.add" -> the kind and what is to be done with it. */
static ErrCode decode_verb(Text word, Command *command, Err *err)
{
    Text verb = word;
    const Text kind = text_split(&verb, '.');
    command->kind = vocab_kind_named(kind);
    bool is_known = false;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (text_is(verb, verbs[i].name)) {
            command->action = verbs[i].action;
            is_known = true;
        }
    if (command->kind == NULL || !is_known ||
        (command->action == ACTION_MOVE && command->kind->code != KIND_GROUP) ||
        (command->action == ACTION_DEPLOY && command->kind->code != KIND_ITEM) ||
        (command->action == ACTION_CONVENE && command->kind->code != KIND_ACTIVITY) ||
        (command->action == ACTION_MERGE && command->kind->code != KIND_PROJECT) ||
        (command->action == ACTION_UNDO && command->kind->code != KIND_INTAKE) ||
        (command->action == ACTION_APPLY && command->kind->code != KIND_TEMPLATE) ||
        (command->action == ACTION_ARRANGE && command->kind->code != KIND_PLAN_LINE))
        return err_set(err, ERR_INVALID, "there is no command \"%.*s\"",
                       word.size > 60 ? 60 : (int)word.size, word.at);
    if (command->kind->code == KIND_AUDIT || (command->kind->code == KIND_INTAKE && //
                                              command->action != ACTION_UNDO))
        return err_set(err, ERR_INVALID, "a record of kind %s is made by the program itself",
                       command->kind->name);
    return OK;
}

/* ---- What comes with a thing that is added ---- */

const Enclosing *command_enclosing(const Command *command)
{
    static const Enclosing enclosings[] = {
        {KIND_ACTIVITY, "parts", KIND_PART, PART_ACTIVITY, COMMAND_PARTS_MAX},
        {KIND_BRIEFING, "checks", KIND_CHECK, CHECK_BRIEFING, COMMAND_CHECKS_MAX},
    };
    if (command->action != ACTION_ADD) return NULL;
    for (size_t i = 0; i < sizeof enclosings / sizeof enclosings[0]; i++)
        if (enclosings[i].outer == command->kind->code) return &enclosings[i];
    return NULL;
}

size_t command_enclosed_count(const Command *command)
{
    return command->enclosed == NULL ? 0 : doc_count(command->enclosed);
}

ErrCode command_enclosed(const Command *command, size_t index, Record *out_record, Err *err)
{
    Record record;
    const Enclosing *enclosing = command_enclosing(command);
    assert(enclosing != NULL);
    const KindInfo *kind = vocab_kind((unsigned)enclosing->inner);
    TRY(command_decode_fields(kind, doc_at(command->enclosed, index), &record, err));
    if (record.fields[enclosing->leads].state != FIELD_ABSENT)
        return err_set(err, ERR_INVALID, "\"%s\" of a %s is the one it comes with: leave it out",
                       vocab_field(kind, enclosing->leads)->name, kind->name);
    record_set_ref(&record, enclosing->leads, command->op);
    TRY(record_check_complete(&record, err));
    *out_record = record;
    return OK;
}

static ErrCode decode_enclosed(const DocValue *value, Command *command, Err *err)
{
    const Enclosing *enclosing = command_enclosing(command);
    if (enclosing == NULL) return OK;
    const DocValue *list = doc_get(value, enclosing->member);
    if (doc_type(list) == DOC_NONE) return OK;
    if (doc_type(list) != DOC_ARRAY)
        return err_set(err, ERR_INVALID, "\"%s\" is to be a list", enclosing->member);
    if (doc_count(list) > enclosing->most)
        return err_set(err, ERR_LIMIT, "at most %zu \"%s\" come with one %s", enclosing->most,
                       enclosing->member, command->kind->name);
    command->enclosed = list;
    for (size_t i = 0; i < doc_count(list); i++) {
        Record record;
        if (command_enclosed(command, i, &record, err) != OK)
            return err_context(err, "%s %zu", vocab_kind((unsigned)enclosing->inner)->name, i + 1);
    }
    return OK;
}

/* Members that the verb does not use are refused: a misspelt one must not be passed over. */
static ErrCode check_members(const DocValue *value, const Command *command, Err *err)
{
    const Action action = command->action;
    const Enclosing *enclosing = command_enclosing(command);
    static const char *const allowed[][6] = {
        [ACTION_ADD] = {"op", "do", "fields"},
        [ACTION_CHANGE] = {"op", "do", "id", "fields"},
        [ACTION_VOID] = {"op", "do", "id", "reason"},
        [ACTION_MOVE] = {"op", "do", "group", "to", "on"},
        [ACTION_UNDO] = {"op", "do", "id", "reason"},
        [ACTION_CONVENE] = {"op", "do", "id"},
        [ACTION_DEPLOY] = {"op", "do", "fields", "unit", "projects"},
        [ACTION_MERGE] = {"op", "do", "project", "period", "proposal"},
        [ACTION_APPLY] = {"op", "do", "id", "to"},
        [ACTION_ARRANGE] = {"op", "do", "id", "on", "fields"},
    };
    void *cursor = NULL;
    Text key;
    const DocValue *member;
    while (doc_next(value, &cursor, &key, &member)) {
        bool is_allowed = false;
        for (size_t i = 0; i < 6 && allowed[action][i] != NULL; i++)
            if (text_is(key, allowed[action][i])) is_allowed = true;
        if (enclosing != NULL && text_is(key, enclosing->member)) is_allowed = true;
        if (!is_allowed)
            return err_set(err, ERR_INVALID, "\"%.*s\" does not belong in this command",
                           key.size > 40 ? 40 : (int)key.size, key.at);
    }
    return OK;
}

/* ---- Where an item is deployed to ---- */

size_t command_project_count(const Command *command)
{
    return command->projects == NULL ? 0 : doc_count(command->projects);
}

Id command_project(const Command *command, size_t index)
{
    Id id = {{0}};
    Err err;
    const ErrCode code = id_parse(doc_text(doc_at(command->projects, index)), &id, &err);
    assert(code == OK); /* command_decode() read it before */
    (void)code;
    return id;
}

static ErrCode decode_projects(const DocValue *projects, Command *command, Err *err)
{
    if (doc_type(projects) != DOC_ARRAY || doc_count(projects) == 0)
        return err_set(err, ERR_INVALID, "\"projects\" is to be a list of ids");
    if (doc_count(projects) > DEPLOY_PROJECTS_MAX)
        return err_set(err, ERR_LIMIT, "at most %d projects at once", DEPLOY_PROJECTS_MAX);
    for (size_t i = 0; i < doc_count(projects); i++) {
        Id id;
        if (doc_type(doc_at(projects, i)) != DOC_TEXT)
            return err_set(err, ERR_INVALID, "\"projects\" is to be a list of ids");
        if (id_parse(doc_text(doc_at(projects, i)), &id, err) != OK)
            return err_context(err, "\"projects\"");
    }
    command->projects = projects;
    return OK;
}

static ErrCode decode_deploy(const DocValue *value, Command *command, Err *err)
{
    const DocValue *projects = doc_get(value, "projects");
    const bool has_unit = doc_type(doc_get(value, "unit")) != DOC_NONE;
    TRY(command_decode_fields(command->kind, doc_get(value, "fields"), &command->record, err));
    TRY(record_check_complete(&command->record, err));
    if (has_unit) TRY(member_id(value, "unit", &command->to, err));
    if (doc_type(projects) == DOC_NONE) return OK;
    if (has_unit) return err_set(err, ERR_INVALID, "say \"unit\" or \"projects\", not both");
    return decode_projects(projects, command, err);
}

/* A day that need not be given: DAY_OPEN then. */
static ErrCode decode_day(const DocValue *value, const char *key, Day *out_day, Err *err)
{
    Text text = {0};
    *out_day = DAY_OPEN;
    if (doc_get(value, key) == NULL) return OK;
    TRY(member_text(value, key, &text, err));
    if (day_parse(text, out_day, err) != OK) return err_context(err, "\"%s\"", key);
    return OK;
}

static ErrCode decode_rest(const DocValue *value, Command *command, Err *err)
{
    switch (command->action) {
    case ACTION_ADD:
        TRY(command_decode_fields(command->kind, doc_get(value, "fields"), &command->record, err));
        TRY(decode_enclosed(value, command, err));
        return record_check_complete(&command->record, err);
    case ACTION_CHANGE:
        TRY(member_id(value, "id", &command->subject, err));
        return command_decode_fields(command->kind, doc_get(value, "fields"), &command->record,
                                     err);
    case ACTION_VOID:
    case ACTION_UNDO:
        TRY(member_id(value, "id", &command->subject, err));
        return member_text(value, "reason", &command->reason, err);
    case ACTION_DEPLOY: return decode_deploy(value, command, err);
    case ACTION_MERGE:
        TRY(member_id(value, "project", &command->subject, err));
        TRY(member_text(value, "period", &command->period, err));
        return member_text(value, "proposal", &command->proposal, err);
    case ACTION_CONVENE: return member_id(value, "id", &command->subject, err);
    case ACTION_MOVE: {
        Text on = {0};
        TRY(member_id(value, "group", &command->subject, err));
        TRY(member_id(value, "to", &command->to, err));
        TRY(member_text(value, "on", &on, err));
        if (day_parse(on, &command->on, err) != OK) return err_context(err, "\"on\"");
        return OK;
    }
    case ACTION_APPLY:
        TRY(member_id(value, "id", &command->subject, err));
        return member_id(value, "to", &command->to, err);
    case ACTION_ARRANGE:
        TRY(member_id(value, "id", &command->subject, err));
        if (doc_type(doc_get(value, "fields")) != DOC_NONE) /* of the item that it becomes */
            TRY(command_decode_fields(vocab_kind(KIND_ITEM), doc_get(value, "fields"),
                                      &command->record, err));
        return decode_day(value, "on", &command->on, err);
    }
    return OK;
}

ErrCode command_decode(const DocValue *value, Command *out_command, Err *err)
{
    assert(out_command != NULL);
    if (doc_type(value) != DOC_OBJECT)
        return err_set(err, ERR_INVALID, "a command is a JSON object");
    Command command = {0};
    Text verb = {0};
    TRY(member_id(value, "op", &command.op, err));
    TRY(member_text(value, "do", &verb, err));
    TRY(decode_verb(verb, &command, err));
    TRY(check_members(value, &command, err));
    TRY(decode_rest(value, &command, err));
    *out_command = command;
    return OK;
}

static void add_sized(Buf *said, Bytes bytes)
{
    buf_add_varint(said, bytes.size);
    buf_add(said, bytes);
}

/* What is sealed to readers does not go into a digest that is kept: a short text could be guessed
 * from it. So the same op with other words there counts as the same command sent again. */
static bool is_confidential(const Record *record, unsigned field)
{
    const FieldInfo *info = vocab_field(record->kind, field);
    if (info != NULL && (info->flags & FIELD_FLAG_READERS) != 0) return true;
    if (record->kind->code != KIND_SIGNAL || field != SIGNAL_WHAT) return false;
    const SignalInfo *signal = signal_info((int)record_int(record, SIGNAL_KIND, 0));
    return signal != NULL && signal->readers != 0;
}

static void add_record(Buf *said, const Record *record)
{
    for (unsigned i = 1; i < FIELD_COUNT_MAX; i++) {
        const FieldValue *field = &record->fields[i];
        if (field->state == FIELD_ABSENT) continue;
        if (record->kind != NULL && is_confidential(record, i)) continue;
        buf_add_varint(said, i);
        buf_add_varint(said, (uint64_t)field->state);
        if (field->state != FIELD_SET) continue;
        buf_add_varint(said, (uint64_t)field->number);
        add_sized(said, field->bytes);
        add_sized(said, id_bytes(&field->ref));
    }
}

/* All that the command says, one after the other, each with its size. */
Digest command_digest(const Command *command)
{
    AUTO(buf_done) Buf said = {0};
    buf_init(&said, SAID_BYTES_MAX);
    buf_add_varint(&said, (uint64_t)command->action);
    buf_add_varint(&said, (uint64_t)command->kind->code);
    add_sized(&said, id_bytes(&command->subject));
    add_sized(&said, id_bytes(&command->to));
    add_sized(&said, bytes_of(command->reason));
    buf_add_varint(&said, (uint64_t)command->on);
    add_record(&said, &command->record);
    if (command->action == ACTION_MERGE) {
        add_sized(&said, bytes_of(command->period));
        add_sized(&said, bytes_of(command->proposal));
    }
    for (size_t i = 0; i < command_enclosed_count(command); i++) {
        Record record;
        Err err;
        const ErrCode code = command_enclosed(command, i, &record, &err);
        assert(code == OK); /* command_decode() read it before */
        (void)code;
        record.fields[command_enclosing(command)->leads] = (FieldValue){0}; /* the op */
        buf_add_varint(&said, 0); /* no field has this number */
        add_record(&said, &record);
    }
    for (size_t i = 0; i < command_project_count(command); i++) {
        const Id project = command_project(command, i);
        add_sized(&said, id_bytes(&project));
    }
    assert(!said.is_over);
    return hash_of(buf_as_bytes(&said));
}
