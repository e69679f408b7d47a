#include "api/openapi.h"

#include <stdio.h>
#include <string.h>

#include "api/route.h"
#include "engine/command.h"
#include "vocab/vocab.h"

/* -------------------------------------------------------------------------------- parameters */

typedef struct ParameterInfo {
    const char *name;
    const char *type;
    const char *format; /* NULL: none */
    const char *what;
} ParameterInfo;

static const ParameterInfo parameters[] = {
#define PARAMETER(name, type, format, what) {name, type, format, what},
#include "api/parameters.def"
};

static void emit_type(Emit *emit, const char *type, const char *format)
{
    emit_open_object(emit);
    emit_z_at(emit, "type", type);
    if (format != NULL) emit_z_at(emit, "format", format);
    emit_close_object(emit);
}

static void emit_parameter(Emit *emit, Text name, bool is_must)
{
    const ParameterInfo *info = NULL;
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
        if (text_is(name, parameters[i].name)) info = &parameters[i];
    emit_open_object(emit);
    emit_text_at(emit, "name", name);
    emit_z_at(emit, "in", "query");
    emit_bool_at(emit, "required", is_must);
    if (info != NULL) emit_z_at(emit, "description", info->what);
    emit_key(emit, "schema");
    emit_type(emit, info != NULL ? info->type : "string", info != NULL ? info->format : NULL);
    emit_close_object(emit);
}

static void emit_parameters(Emit *emit, const Route *route)
{
    emit_key(emit, "parameters");
    emit_open_array(emit);
    if (strstr(route->pattern, "{id}") != NULL) {
        emit_open_object(emit);
        emit_z_at(emit, "name", "id");
        emit_z_at(emit, "in", "path");
        emit_bool_at(emit, "required", true);
        emit_key(emit, "schema");
        emit_type(emit, "string", "uuid");
        emit_close_object(emit);
    }
    Text rest = text_from_z(route->query);
    Text name;
    bool is_must;
    while (route_word(&rest, &name, &is_must))
        emit_parameter(emit, name, is_must);
    emit_close_array(emit);
}

static void emit_body_member(Emit *emit, Text name)
{
    char key[32];
    snprintf(key, sizeof key, "%.*s", TEXT_ARG(name));
    emit_key(emit, key);
    emit_open_object(emit);
    if (text_is(name, "commands")) {
        emit_z_at(emit, "type", "array");
        emit_int_at(emit, "maxItems", COMMAND_COUNT_MAX);
        emit_key(emit, "items");
        emit_open_object(emit);
        emit_z_at(emit, "$ref", "#/components/schemas/Command");
        emit_close_object(emit);
    } else if (text_is(name, "roles")) {
        emit_z_at(emit, "type", "array");
        emit_key(emit, "items");
        emit_open_object(emit);
        emit_z_at(emit, "$ref", "#/components/schemas/RoleAtScope");
        emit_close_object(emit);
    } else {
        emit_z_at(emit, "type", "string");
    }
    emit_close_object(emit);
}

static void emit_body(Emit *emit, const Route *route)
{
    if (route->body[0] == '\0') return;
    emit_key(emit, "requestBody");
    emit_open_object(emit);
    emit_bool_at(emit, "required", true);
    emit_key(emit, "content");
    emit_open_object(emit);
    emit_key(emit, route_takes_bytes(route) ? "application/octet-stream" : "application/json");
    emit_open_object(emit);
    emit_key(emit, "schema");
    emit_open_object(emit);
    emit_z_at(emit, "type", route_takes_bytes(route) ? "string" : "object");
    emit_bool_at(emit, "additionalProperties", false);
    emit_key(emit, "required");
    emit_open_array(emit);
    Text rest = text_from_z(route_takes_bytes(route) ? "" : route->body);
    Text name;
    bool is_must;
    while (route_word(&rest, &name, &is_must))
        if (is_must) emit_text(emit, name);
    emit_close_array(emit);
    emit_key(emit, "properties");
    emit_open_object(emit);
    rest = text_from_z(route_takes_bytes(route) ? "" : route->body);
    while (route_word(&rest, &name, &is_must))
        emit_body_member(emit, name);
    emit_close_object(emit);
    emit_close_object(emit);
    emit_close_object(emit);
    emit_close_object(emit);
    emit_close_object(emit);
}

/* ------------------------------------------------------------------------------------ routes */

static const char *reply_type(const Route *route)
{
    if (strcmp(route->pattern, "/metrics") == 0) return "text/plain";
    if (strcmp(route->pattern, "/api/v1/events") == 0) return "text/event-stream";
    return "application/json";
}

static void emit_replies(Emit *emit, const Route *route)
{
    char status[8];
    snprintf(status, sizeof status, "%u", route->status);
    emit_key(emit, "responses");
    emit_open_object(emit);
    emit_key(emit, status);
    emit_open_object(emit);
    emit_z_at(emit, "description", route->summary);
    if (route->status != 204) {
        emit_key(emit, "content");
        emit_open_object(emit);
        emit_key(emit, reply_type(route));
        emit_open_object(emit);
        emit_close_object(emit);
        emit_close_object(emit);
    }
    emit_close_object(emit);
    emit_key(emit, "default");
    emit_open_object(emit);
    emit_z_at(emit, "$ref", "#/components/responses/Problem");
    emit_close_object(emit);
    emit_close_object(emit);
}

static const char *permission_name(int permission)
{
    if (permission == MAY_OPEN) return "open";
    if (permission == MAY_LOCAL) return "local";
    return permission_info(permission)->name;
}

static void emit_operation(Emit *emit, const Route *route)
{
    static const char *const names[] = {[METHOD_GET] = "get",
                                        [METHOD_POST] = "post",
                                        [METHOD_PUT] = "put",
                                        [METHOD_DELETE] = "delete",
                                        [METHOD_OTHER] = "trace"};
    emit_key(emit, names[route->method]);
    emit_open_object(emit);
    emit_z_at(emit, "summary", route->summary);
    emit_z_at(emit, "x-permission", permission_name(route->permission));
    emit_bool_at(emit, "x-password", route_wants_password(route));
    emit_key(emit, "security");
    emit_open_array(emit);
    if (route->permission >= 0) {
        emit_open_object(emit);
        emit_key(emit, "session");
        emit_open_array(emit);
        emit_close_array(emit);
        if (route->method != METHOD_GET) {
            emit_key(emit, "csrf");
            emit_open_array(emit);
            emit_close_array(emit);
        }
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_parameters(emit, route);
    emit_body(emit, route);
    emit_replies(emit, route);
    emit_close_object(emit);
}

/* Each path once, with all its methods; routes of one path need not stand together. */
static void emit_paths(Emit *emit)
{
    emit_key(emit, "paths");
    emit_open_object(emit);
    for (size_t i = 0; i < route_count; i++) {
        bool is_first = true;
        for (size_t j = 0; j < i; j++)
            if (strcmp(routes[j].pattern, routes[i].pattern) == 0) is_first = false;
        if (!is_first) continue;
        emit_key(emit, routes[i].pattern);
        emit_open_object(emit);
        for (size_t j = i; j < route_count; j++)
            if (strcmp(routes[j].pattern, routes[i].pattern) == 0) emit_operation(emit, &routes[j]);
        emit_close_object(emit);
    }
    emit_close_object(emit);
}

/* ---------------------------------------------------------------------- schemas of the kinds */

static void emit_choices(Emit *emit, const ChoiceSet *set)
{
    emit_z_at(emit, "type", "string");
    emit_key(emit, "enum");
    emit_open_array(emit);
    for (size_t i = 0; i < set->count; i++)
        emit_text(emit, text_from_z(set->choices[i].name));
    emit_close_array(emit);
}

static void emit_field(Emit *emit, const FieldInfo *field)
{
    emit_key(emit, field->name);
    emit_open_object(emit);
    switch (field->type) {
    case FIELD_INT: emit_z_at(emit, "type", "integer"); break;
    case FIELD_BOOL: emit_z_at(emit, "type", "boolean"); break;
    case FIELD_COORD: emit_z_at(emit, "type", "number"); break;
    case FIELD_ENUM: emit_choices(emit, field->among); break;
    case FIELD_DAY:
        emit_z_at(emit, "type", "string");
        emit_z_at(emit, "format", "date");
        break;
    case FIELD_REF:
        emit_z_at(emit, "type", "string");
        emit_z_at(emit, "format", "uuid");
        if (vocab_kind(field->target) != NULL)
            emit_z_at(emit, "x-kind", vocab_kind(field->target)->name);
        break;
    case FIELD_SEALED:
    case FIELD_TEXT:
        if (field->type == FIELD_SEALED) emit_bool_at(emit, "writeOnly", true);
        emit_z_at(emit, "type", "string");
        emit_int_at(emit, "maxLength", TEXT_FIELD_BYTES_MAX);
        break;
    }
    emit_z_at(emit, "title", field->en);
    emit_z_at(emit, "x-title-zh", field->zh);
    emit_close_object(emit);
}

static void emit_kind_schema(Emit *emit, const KindInfo *kind)
{
    emit_key(emit, kind->name);
    emit_open_object(emit);
    emit_z_at(emit, "type", "object");
    emit_z_at(emit, "title", kind->en);
    emit_z_at(emit, "x-title-zh", kind->zh);
    emit_z_at(emit, "description", kind->what);
    emit_bool_at(emit, "additionalProperties", false);
    emit_key(emit, "required");
    emit_open_array(emit);
    for (size_t i = 0; i < kind->field_count; i++)
        if ((kind->fields[i].flags & (FIELD_FLAG_MUST | FIELD_FLAG_SELF)) == FIELD_FLAG_MUST)
            emit_text(emit, text_from_z(kind->fields[i].name));
    emit_close_array(emit);
    emit_key(emit, "properties");
    emit_open_object(emit);
    for (size_t i = 0; i < kind->field_count; i++)
        emit_field(emit, &kind->fields[i]);
    emit_close_object(emit);
    emit_close_object(emit);
}

/* The words of "do": every verb with every kind it is for. */
static void emit_verbs(Emit *emit)
{
    emit_key(emit, "enum");
    emit_open_array(emit);
    for (size_t i = 0; i < vocab_kind_count; i++) {
        const KindInfo *kind = &vocab_kinds[i];
        char word[64];
        for (Action action = ACTION_ADD; action <= ACTION_VOID; action++) {
            if (kind->code == KIND_AUDIT || kind->code == KIND_INTAKE) continue;
            snprintf(word, sizeof word, "%s.%s", kind->name, action_name(action));
            emit_text(emit, text_from_z(word));
        }
    }
    emit_text(emit, TEXT("activity.convene"));
    emit_text(emit, TEXT("group.move"));
    emit_text(emit, TEXT("intake.undo"));
    emit_text(emit, TEXT("item.deploy"));
    emit_text(emit, TEXT("project.merge"));
    emit_text(emit, TEXT("template.apply"));
    emit_text(emit, TEXT("plan_line.arrange"));
    emit_close_array(emit);
}

static void emit_property(Emit *emit, const char *name, const char *format, const char *what)
{
    emit_key(emit, name);
    emit_open_object(emit);
    emit_z_at(emit, "type", "string");
    if (format != NULL) emit_z_at(emit, "format", format);
    emit_z_at(emit, "description", what);
    emit_close_object(emit);
}

static void emit_list(Emit *emit, const char *name, int most, const char *type, const char *what)
{
    emit_key(emit, name);
    emit_open_object(emit);
    emit_z_at(emit, "type", "array");
    emit_int_at(emit, "maxItems", most);
    emit_z_at(emit, "description", what);
    emit_key(emit, "items");
    emit_type(emit, type, strcmp(type, "string") == 0 ? "uuid" : NULL);
    emit_close_object(emit);
}

static void emit_command_schema(Emit *emit)
{
    emit_key(emit, "Command");
    emit_open_object(emit);
    emit_z_at(emit, "type", "object");
    emit_key(emit, "required");
    emit_open_array(emit);
    emit_text(emit, TEXT("op"));
    emit_text(emit, TEXT("do"));
    emit_close_array(emit);
    emit_key(emit, "properties");
    emit_open_object(emit);
    emit_property(emit, "op", "uuid", "made by the sender; sent again, it does nothing again");
    emit_key(emit, "do");
    emit_open_object(emit);
    emit_z_at(emit, "type", "string");
    emit_verbs(emit);
    emit_close_object(emit);
    emit_property(emit, "id", "uuid", "what it is about; not of add and group.move");
    emit_key(emit, "fields");
    emit_open_object(emit);
    emit_z_at(emit, "type", "object");
    emit_z_at(emit, "description", "of add, change, arrange: as in the kind's schema; null clears");
    emit_close_object(emit);
    emit_list(emit, "parts", COMMAND_PARTS_MAX, "object", "of activity.add: the fields of each");
    emit_list(emit, "checks", COMMAND_CHECKS_MAX, "object", "of briefing.add: the fields of each");
    emit_property(emit, "reason", NULL, "of void and undo");
    emit_property(emit, "group", "uuid", "of group.move");
    emit_property(emit, "unit", "uuid", "of item.deploy: whose active projects");
    emit_list(emit, "projects", DEPLOY_PROJECTS_MAX, "string",
              "of item.deploy: these projects instead");
    emit_property(emit, "project", "uuid", "of project.merge");
    emit_property(emit, "period", NULL, "of project.merge: a period, as it was asked for");
    emit_property(emit, "proposal", NULL, "of project.merge: the digest of what is accepted");
    emit_property(emit, "to", "uuid", "of group.move and template.apply: the project");
    emit_property(emit, "on", "date",
                  "of group.move: its first day there; of plan_line.arrange: the day, as planned "
                  "when absent");
    emit_close_object(emit);
    emit_close_object(emit);
}

static void emit_role_schema(Emit *emit)
{
    emit_key(emit, "RoleAtScope");
    emit_open_object(emit);
    emit_z_at(emit, "type", "object");
    emit_key(emit, "properties");
    emit_open_object(emit);
    emit_key(emit, "role");
    emit_open_object(emit);
    emit_z_at(emit, "type", "string");
    emit_key(emit, "enum");
    emit_open_array(emit);
    for (size_t i = 0; i < policy_role_count; i++)
        emit_text(emit, text_from_z(policy_roles[i].name));
    emit_close_array(emit);
    emit_close_object(emit);
    emit_property(emit, "scope", "uuid", "a unit or project; null is everywhere");
    emit_close_object(emit);
    emit_close_object(emit);
}

static void emit_problem_schema(Emit *emit)
{
    emit_key(emit, "Problem");
    emit_open_object(emit);
    emit_z_at(emit, "type", "object");
    emit_key(emit, "properties");
    emit_open_object(emit);
    emit_property(emit, "type", NULL, "about:blank");
    emit_property(emit, "title", NULL, "the status in words");
    emit_key(emit, "status");
    emit_type(emit, "integer", NULL);
    emit_property(emit, "code", NULL, "stable, for programs");
    emit_property(emit, "detail", NULL, "one sentence, for people");
    emit_close_object(emit);
    emit_close_object(emit);
}

static void emit_components(Emit *emit)
{
    emit_key(emit, "components");
    emit_open_object(emit);
    emit_key(emit, "securitySchemes");
    emit_open_object(emit);
    emit_key(emit, "session");
    emit_open_object(emit);
    emit_z_at(emit, "type", "apiKey");
    emit_z_at(emit, "in", "cookie");
    emit_z_at(emit, "name", "sid");
    emit_close_object(emit);
    emit_key(emit, "csrf");
    emit_open_object(emit);
    emit_z_at(emit, "type", "apiKey");
    emit_z_at(emit, "in", "header");
    emit_z_at(emit, "name", "X-CSRF");
    emit_close_object(emit);
    emit_close_object(emit);
    emit_key(emit, "responses");
    emit_open_object(emit);
    emit_key(emit, "Problem");
    emit_open_object(emit);
    emit_z_at(emit, "description", "what went wrong");
    emit_key(emit, "content");
    emit_open_object(emit);
    emit_key(emit, "application/problem+json");
    emit_open_object(emit);
    emit_key(emit, "schema");
    emit_open_object(emit);
    emit_z_at(emit, "$ref", "#/components/schemas/Problem");
    emit_close_object(emit);
    emit_close_object(emit);
    emit_close_object(emit);
    emit_close_object(emit);
    emit_close_object(emit);
    emit_key(emit, "schemas");
    emit_open_object(emit);
    for (size_t i = 0; i < vocab_kind_count; i++)
        emit_kind_schema(emit, &vocab_kinds[i]);
    emit_command_schema(emit);
    emit_role_schema(emit);
    emit_problem_schema(emit);
    emit_close_object(emit);
    emit_close_object(emit);
}

void openapi_emit(const char *version, Emit *emit)
{
    emit_open_object(emit);
    emit_z_at(emit, "openapi", "3.1.0");
    emit_key(emit, "info");
    emit_open_object(emit);
    emit_z_at(emit, "title", "Tongpin");
    emit_z_at(emit, "version", version);
    emit_close_object(emit);
    emit_paths(emit);
    emit_components(emit);
    emit_close_object(emit);
}

/* ---------------------------------------------------------------------------- the vocabulary */

static void emit_kind(Emit *emit, const KindInfo *kind)
{
    static const char *const types[] = {
        [FIELD_INT] = "int",     [FIELD_BOOL] = "bool",    [FIELD_DAY] = "day",
        [FIELD_ENUM] = "choice", [FIELD_COORD] = "coord",  [FIELD_TEXT] = "text",
        [FIELD_REF] = "ref",     [FIELD_SEALED] = "sealed"};
    emit_open_object(emit);
    emit_z_at(emit, "name", kind->name);
    emit_z_at(emit, "en", kind->en);
    emit_z_at(emit, "zh", kind->zh);
    emit_z_at(emit, "what", kind->what);
    emit_key(emit, "fields");
    emit_open_array(emit);
    for (size_t i = 0; i < kind->field_count; i++) {
        const FieldInfo *field = &kind->fields[i];
        emit_open_object(emit);
        emit_z_at(emit, "name", field->name);
        emit_z_at(emit, "type", types[field->type]);
        if (field->type == FIELD_ENUM) emit_z_at(emit, "among", field->among->name);
        if (field->type == FIELD_REF && vocab_kind(field->target) != NULL)
            emit_z_at(emit, "kind", vocab_kind(field->target)->name);
        emit_bool_at(emit, "must", (field->flags & FIELD_FLAG_MUST) != 0);
        emit_bool_at(emit, "once", (field->flags & FIELD_FLAG_ONCE) != 0);
        emit_bool_at(emit, "self", (field->flags & FIELD_FLAG_SELF) != 0);
        emit_z_at(emit, "en", field->en);
        emit_z_at(emit, "zh", field->zh);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_close_object(emit);
}

static void emit_choice_set(Emit *emit, const ChoiceSet *set)
{
    emit_key(emit, set->name);
    emit_open_array(emit);
    for (size_t i = 0; i < set->count; i++) {
        emit_open_object(emit);
        emit_z_at(emit, "name", set->choices[i].name);
        emit_z_at(emit, "en", set->choices[i].en);
        emit_z_at(emit, "zh", set->choices[i].zh);
        emit_close_object(emit);
    }
    emit_close_array(emit);
}

typedef struct SeenSets {
    const ChoiceSet *items[KIND_COUNT_MAX];
    size_t count;
} SeenSets;

/* Notes a set; false when it was noted before, or there is no room for more. */
static bool note_set(SeenSets *seen, const ChoiceSet *set)
{
    for (size_t i = 0; i < seen->count; i++)
        if (seen->items[i] == set) return false;
    if (seen->count == KIND_COUNT_MAX) return false;
    seen->items[seen->count++] = set;
    return true;
}

/* Each set of choices once, under its name. */
static void emit_choice_sets(Emit *emit)
{
    SeenSets seen = {.count = 0};
    emit_key(emit, "choices");
    emit_open_object(emit);
    for (size_t i = 0; i < vocab_kind_count; i++)
        for (size_t j = 0; j < vocab_kinds[i].field_count; j++) {
            const FieldInfo *field = &vocab_kinds[i].fields[j];
            if (field->type == FIELD_ENUM && note_set(&seen, field->among))
                emit_choice_set(emit, field->among);
        }
    emit_close_object(emit);
}

void vocabulary_emit(Emit *emit)
{
    emit_key(emit, "kinds");
    emit_open_array(emit);
    for (size_t i = 0; i < vocab_kind_count; i++)
        emit_kind(emit, &vocab_kinds[i]);
    emit_close_array(emit);
    emit_choice_sets(emit);
    emit_key(emit, "roles");
    emit_open_array(emit);
    for (size_t i = 0; i < policy_role_count; i++) {
        emit_open_object(emit);
        emit_z_at(emit, "name", policy_roles[i].name);
        emit_z_at(emit, "en", policy_roles[i].en);
        emit_z_at(emit, "zh", policy_roles[i].zh);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_key(emit, "permissions");
    emit_open_array(emit);
    for (size_t i = 0; i < policy_permission_count; i++) {
        emit_open_object(emit);
        emit_z_at(emit, "name", policy_permissions[i].name);
        emit_z_at(emit, "what", policy_permissions[i].what);
        emit_bool_at(emit, "password", policy_permissions[i].needs == NEEDS_PASSWORD);
        emit_close_object(emit);
    }
    emit_close_array(emit);
}
