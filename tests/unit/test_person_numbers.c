/* What we promise about people: nowhere in the API is there a score, a rank or a counter of one.
 * The vocabulary has no field for one, and no answer to any GET, of a node in which there is
 * something of everything, puts a number beside a person that is not on the list below.
 *
 * An object describes a person when its "id" is a person's, or when one of its members is a person.
 * Every number in it counts, however deep, unless it stands in another thing that has an id of its
 * own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/route.h"
#include "base/doc.h"
#include "base/map.h"
#include "store/journal_rows.h"
#include "store/things.h"
#include "support/served.h"

enum { THINGS_MAX = 4096, TRIES_MAX = 4 };

/* Numbers that may stand beside a person, and what they are: none says how much or how well. */
static const struct {
    const char *path; /* of the route; NULL: any */
    const char *member;
    const char *what;
} allowed[] = {
    {"/api/v1/coverage", "people", "heads of a project, beside its leader or liaison"},
    {"/api/v1/coverage", "formal", "the same, of formal members"},
    {"/api/v1/coverage", "probationary", "the same"},
    {"/api/v1/coverage", "pending", "the same"},
    {"/api/v1/projects/{id}", "people", "heads of a project, beside its leader or liaison"},
    {"/api/v1/projects/{id}", "formal", "the same"},
    {"/api/v1/projects/{id}", "probationary", "the same"},
    {"/api/v1/projects/{id}", "pending", "the same"},
    {"/api/v1/projects/{id}", "members", "heads of a group, beside its leader"},
    {"/api/v1/projects/{id}/board", "people", "heads of a project, beside its leader or liaison"},
    {"/api/v1/projects/{id}/board", "formal", "the same"},
    {"/api/v1/projects/{id}/board", "probationary", "the same"},
    {"/api/v1/projects/{id}/board", "pending", "the same"},
    {"/api/v1/projects/{id}/integrity", "number", "the place of a risk in its register"},
    {"/api/v1/signals", "returns", "how often a hazard was sent back, beside who raised it"},
    {"/api/v1/signals", "level", "to which level a signal has climbed"},
    {"/api/v1/signals/{id}", "returns", "how often a hazard was sent back, beside who raised it"},
    {"/api/v1/signals/{id}", "level", "to which level a signal has climbed"},
    {"/api/v1/notices/{id}", "expected", "heads at a project, beside those who have not read it"},
    {"/api/v1/notices/{id}", "read", "the same"},
    {"/api/v1/gaps", "distance_m", "how far the project is from who might look after it"},
    {"/api/v1/activities/{id}", "duration", "minutes of a meeting, beside its host"},
    {"/api/v1/activities/{id}", "expected", "heads of a meeting, beside its host"},
    {"/api/v1/activities/{id}", "there", "the same"},
    {"/api/v1/activities/{id}", "online", "the same"},
    {"/api/v1/activities/{id}", "leave", "the same"},
    {"/api/v1/activities/{id}", "absent", "the same"},
    {"/api/v1/activities/{id}", "silent", "the same"},
    {"/api/v1/activities/{id}", "observers", "the same"},
};

/* The same for fields of kinds that lead to a person. */
static const struct {
    const char *kind;
    const char *field;
    const char *what;
} allowed_fields[] = {
    {"activity", "duration", "minutes of a meeting; its host and recorder are persons"},
    {"signal", "receipt", "index of a code drawn at random, to ask with"},
};

/* Routes that answer no JSON object, or nothing without a secret of their own. */
static const char *const passed_over[] = {"/healthz", "/metrics", "/api/v1/events",
                                          "/api/v1/signals/by-code"};

static Served served;
static HttpClient client;

typedef struct Thing {
    Id id;
    KindCode kind;
} Thing;

static Thing things[THINGS_MAX];
static size_t thing_count;

/* ---- What there is ---- */

static void must_be(ErrCode code, const Err *err)
{
    if (code != OK) fail_msg("%s", err->message);
}

static void note(Store *store, Key key)
{
    Err err;
    Thing thing;
    must_be(thing_id(store, served.node.shard, key, &thing.id, &err), &err);
    must_be(thing_kind(store, served.node.shard, key, &thing.kind, &err), &err);
    for (size_t i = 0; i < thing_count; i++)
        if (id_equal(things[i].id, thing.id)) return;
    assert_true(thing_count < THINGS_MAX);
    things[thing_count++] = thing;
}

/* Keys are counted from 1: all of them, until one is missing. */
static void note_all(void)
{
    Err err;
    Store *store = NULL;
    must_be(node_open_reader(&served.node, 0, &store, &err), &err);
    for (Key key = 1;; key++) {
        Id id;
        if (thing_id(store, served.node.shard, key, &id, &err) != OK) break;
        note(store, key);
    }
    store_close(&store);
    assert_true(thing_count > 100);
}

static int start(void **state)
{
    (void)state;
    const GrantWish grants[] = {{.role = ROLE_SYSTEM_ADMIN},
                                {.role = ROLE_SECURITY_ADMIN},
                                {.role = ROLE_AUDITOR},
                                {.role = ROLE_STAFF}};
    served_start_demo(&served);
    note_all();
    Id person = {{0}};
    for (size_t i = 0; i < thing_count; i++)
        if (things[i].kind == KIND_PERSON) person = things[i].id;
    served_account_of(&served, "everything", person, grants, 4);
    served_sign_in(&served, &client, "everything");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    http_done(&client);
    served_stop(&served);
    return 0;
}

static bool is_person(Id id)
{
    for (size_t i = 0; i < thing_count; i++)
        if (id_equal(things[i].id, id)) return things[i].kind == KIND_PERSON;
    return false;
}

/* ---- Looking for numbers ---- */

typedef struct Walk {
    const char *path;
    size_t found; /* numbers that have no business there; each member is told of once */
    char told[200];
    size_t persons;
    size_t depth;
} Walk;

static bool has_id(const DocValue *object, Id *out_id)
{
    Err err;
    const DocValue *id = doc_get(object, "id");
    return doc_type(id) == DOC_TEXT && id_parse(doc_text(id), out_id, &err) == OK;
}

static bool is_person_object(const DocValue *value)
{
    Id id;
    return doc_type(value) == DOC_OBJECT && has_id(value, &id) && is_person(id);
}

static bool describes_person(const DocValue *object)
{
    void *cursor = NULL;
    Text key;
    const DocValue *member;
    if (is_person_object(object)) return true;
    while (doc_next(object, &cursor, &key, &member))
        if (is_person_object(member)) return true;
    return false;
}

static bool is_allowed(const char *path, Text member)
{
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if ((allowed[i].path == NULL || strcmp(allowed[i].path, path) == 0) &&
            text_is(member, allowed[i].member))
            return true;
    return false;
}

static void walk(Walk *state, const DocValue *value, Text key, bool of_person);

static void walk_object(Walk *state, const DocValue *object, bool of_person)
{
    void *cursor = NULL;
    Text key;
    const DocValue *member;
    Id id;
    if (describes_person(object)) {
        of_person = true;
        state->persons++;
    } else if (has_id(object, &id)) {
        of_person = false; /* another thing */
    }
    while (doc_next(object, &cursor, &key, &member))
        walk(state, member, key, of_person);
}

static void tell(Walk *state, Text key)
{
    char word[60];
    (void)snprintf(word, sizeof word, " \"%.*s\"", TEXT_ARG(key));
    state->found++;
    if (strstr(state->told, word) != NULL) return;
    const size_t used = strlen(state->told);
    (void)snprintf(state->told + used, sizeof state->told - used, "%s", word);
}

static void walk(Walk *state, const DocValue *value, Text key, bool of_person)
{
    assert_true(++state->depth < 64);
    switch (doc_type(value)) {
    case DOC_OBJECT: walk_object(state, value, of_person); break;
    case DOC_ARRAY:
        for (size_t i = 0; i < doc_count(value); i++)
            walk(state, doc_at(value, i), key, of_person);
        break;
    case DOC_INT:
    case DOC_REAL:
        if (of_person && !is_allowed(state->path, key)) tell(state, key);
        break;
    default: break;
    }
    state->depth--;
}

/* ---- Asking every GET ---- */

static const char *any_of(KindCode kind, size_t turn)
{
    static char texts[8][ID_TEXT_MAX];
    static unsigned next;
    size_t count = 0;
    for (size_t i = 0; i < thing_count; i++)
        if (things[i].kind == kind) count++;
    if (count == 0) return "01930000-0000-7000-8000-00000000dead";
    size_t at = turn % count;
    for (size_t i = 0; i < thing_count; i++)
        if (things[i].kind == kind && at-- == 0) return id_write(things[i].id, texts[next++ % 8]);
    return "";
}

/* "/api/v1/activities/{id}" is about an activity. */
static KindCode kind_of_path(const char *pattern)
{
    char word[40];
    const char *begin = pattern + strlen("/api/v1/");
    const int size = (int)strcspn(begin, "/");
    (void)snprintf(word, sizeof word, "%.*s", size > 3 ? size - 3 : 0, begin);
    (void)snprintf(word + strlen(word), sizeof word - strlen(word), "y"); /* activit-ies */
    const KindInfo *kind = vocab_kind_named(text_from_z(word));
    (void)snprintf(word, sizeof word, "%.*s", size - 1, begin); /* project-s */
    if (kind == NULL) kind = vocab_kind_named(text_from_z(word));
    if (kind == NULL) fail_msg("%s: teach this test what {id} is", pattern);
    return kind->code;
}

static const char *value_of(const Route *route, Text name, size_t turn)
{
    static const char *const ledgers[] = {"party-members", "mobile-members", "union-members",
                                          "crew-members"};
    const KindInfo *kind = vocab_kind_named(name);
    if (text_is(name, "to")) kind = vocab_kind(KIND_PROJECT);
    if (text_is(name, "name")) return ledgers[turn % 4];
    if (kind == NULL)
        fail_msg("%s: teach this test what \"%.*s\" is", route->pattern, TEXT_ARG(name));
    return any_of(kind->code, turn);
}

static void make_path(const Route *route, size_t turn, char *out, size_t size)
{
    Text rest = text_from_z(route->query);
    Text name;
    bool is_must = false;
    char separator = '?';
    const char *hole = strstr(route->pattern, "{id}");
    if (hole == NULL)
        (void)snprintf(out, size, "%s", route->pattern);
    else
        (void)snprintf(out, size, "%.*s%s%s", (int)(hole - route->pattern), route->pattern,
                       any_of(kind_of_path(route->pattern), turn), hole + 4);
    while (route_word(&rest, &name, &is_must)) {
        /* What is not said is tried every other time where it may be said. */
        if (text_is(name, "size") || (text_is(name, "project") && turn % 2 == 0)) is_must = true;
        if (!is_must) continue;
        const size_t used = strlen(out);
        (void)snprintf(out + used, size - used, "%c%.*s=%s", separator, TEXT_ARG(name),
                       text_is(name, "size") ? "200" : value_of(route, name, turn));
        separator = '&';
    }
}

static bool is_passed_over(const Route *route)
{
    if (route->method != METHOD_GET) return true;
    for (size_t i = 0; i < sizeof passed_over / sizeof passed_over[0]; i++)
        if (strcmp(route->pattern, passed_over[i]) == 0) return true;
    return false;
}

static bool has_any(KindCode kind)
{
    for (size_t i = 0; i < thing_count; i++)
        if (things[i].kind == kind) return true;
    return false;
}

/* A route about a thing of which the story has none. */
static bool is_about_nothing(const Route *route)
{
    if (strstr(route->pattern, "{id}") == NULL || has_any(kind_of_path(route->pattern)))
        return false;
    print_message("%s: the story has none\n", route->pattern);
    return true;
}

/* Returns how many answers there were. */
static size_t ask_route(const Route *route, Walk *state)
{
    size_t answered = 0;
    size_t tries = strstr(route->pattern, "{id}") != NULL ? 60 : TRIES_MAX;
    for (size_t turn = 0; turn < tries; turn++) {
        char path[400];
        Err err;
        AUTO(doc_done) Doc doc = {0};
        make_path(route, turn, path, sizeof path);
        if (http_ask(&client, "GET", path, NULL) != 200) continue;
        answered++;
        must_be(doc_parse(&doc, buf_as_bytes(&client.reply.body), &err), &err);
        walk(state, doc.root, TEXT(""), false);
    }
    return answered;
}

static void no_answer_puts_a_number_beside_a_person(void **state)
{
    (void)state;
    size_t persons = 0;
    size_t bad = 0;
    size_t asked = 0;
    for (size_t i = 0; i < route_count; i++) {
        Walk found = {.path = routes[i].pattern};
        if (is_passed_over(&routes[i]) || is_about_nothing(&routes[i])) continue;
        asked++;
        if (ask_route(&routes[i], &found) == 0) {
            print_error("%s: %u %s\n", routes[i].pattern, client.reply.status, http_body(&client));
            bad++;
        }
        persons += found.persons;
        if (found.found == 0) continue;
        print_error("numbers of a person at %s:%s\n", found.path, found.told);
        bad++;
    }
    print_message("%zu routes, %zu descriptions of people\n", asked, persons);
    assert_true(persons > 200);
    assert_int_equal(bad, 0);
}

/* ---- The vocabulary ---- */

static bool leads_to_person(const KindInfo *kind)
{
    if (kind->code == KIND_PERSON) return true;
    for (size_t i = 0; i < kind->field_count; i++)
        if (kind->fields[i].type == FIELD_REF && kind->fields[i].target == KIND_PERSON) return true;
    return false;
}

static bool is_allowed_field(const KindInfo *kind, const FieldInfo *field)
{
    for (size_t i = 0; i < sizeof allowed_fields / sizeof allowed_fields[0]; i++)
        if (strcmp(kind->name, allowed_fields[i].kind) == 0 &&
            strcmp(field->name, allowed_fields[i].field) == 0)
            return true;
    return false;
}

static void no_kind_about_people_has_a_number(void **state)
{
    (void)state;
    size_t kinds = 0;
    for (size_t i = 0; i < vocab_kind_count; i++) {
        const KindInfo *kind = &vocab_kinds[i];
        if (!leads_to_person(kind)) continue;
        kinds++;
        for (size_t k = 0; k < kind->field_count; k++) {
            const FieldInfo *field = &kind->fields[k];
            const bool is_number = field->type == FIELD_INT || field->type == FIELD_COORD;
            if (is_number && !is_allowed_field(kind, field))
                fail_msg("a %s leads to a person and has the number \"%s\"", kind->name,
                         field->name);
        }
    }
    assert_true(kinds >= 8);
}

/* What is described to clients says the same. */
static void the_description_has_no_number_of_a_person_either(void **state)
{
    (void)state;
    Err err;
    void *cursor = NULL;
    Text name;
    const DocValue *schema;
    AUTO(doc_done) Doc doc = {0};
    assert_int_equal(http_ask(&client, "GET", "/api/v1/openapi.json", NULL), 200);
    must_be(doc_parse(&doc, buf_as_bytes(&client.reply.body), &err), &err);
    const DocValue *schemas = doc_get(doc_get(doc.root, "components"), "schemas");
    assert_true(doc_count(doc_get(schemas, "person")) > 0 ||
                doc_type(doc_get(schemas, "person")) == DOC_OBJECT);
    while (doc_next(schemas, &cursor, &name, &schema)) {
        const KindInfo *kind = vocab_kind_named(name);
        void *inner = NULL;
        Text key;
        const DocValue *property;
        if (kind == NULL || !leads_to_person(kind)) continue;
        while (doc_next(doc_get(schema, "properties"), &inner, &key, &property)) {
            const Text type = doc_text(doc_get(property, "type"));
            const FieldInfo *field = vocab_field_named(kind, key);
            if (!text_is(type, "integer") && !text_is(type, "number")) continue;
            if (field == NULL || !is_allowed_field(kind, field))
                fail_msg("%s.%.*s is a number", kind->name, TEXT_ARG(key));
        }
    }
}

/* ---- The walk itself ---- */

/* Where it must find one, and where it must not. %s is a person. */
static const struct {
    const char *text;
    bool is_found;
} planted[] = {
    {"{\"id\":\"%s\",\"points\":1}", true},
    {"{\"person\":{\"id\":\"%s\"},\"rank\":1}", true},
    {"{\"items\":[{\"person\":{\"id\":\"%s\"},\"sums\":[{\"of\":{\"count\":1}}]}]}", true},
    {"{\"by\":{\"id\":\"%s\",\"name\":\"x\"},\"done\":2.5}", true},
    {"{\"items\":[{\"id\":\"%s\",\"name\":\"x\"}],\"total\":1}", false},
    {"{\"id\":\"%s\",\"project\":{\"id\":\"01930000-0000-7000-8000-00000000dead\",\"lat\":1.5}}",
     false},
    {"{\"id\":\"%s\",\"from\":\"2026-01-01\",\"pending\":true}", false},
};

static void a_number_that_was_planted_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof planted / sizeof planted[0]; i++) {
        char text[400];
        Err err;
        AUTO(doc_done) Doc doc = {0};
        Walk found = {.path = "planted"};
        const char *hole = strstr(planted[i].text, "%s");
        (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(hole - planted[i].text),
                       planted[i].text, any_of(KIND_PERSON, i), hole + 2);
        must_be(doc_parse(&doc, bytes_of(text_from_z(text)), &err), &err);
        walk(&found, doc.root, TEXT(""), false);
        if ((found.found > 0) != planted[i].is_found) fail_msg("%s", text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_kind_about_people_has_a_number),
        cmocka_unit_test(the_description_has_no_number_of_a_person_either),
        cmocka_unit_test(a_number_that_was_planted_is_found),
        cmocka_unit_test(no_answer_puts_a_number_beside_a_person),
    };
    return cmocka_run_group_tests_name("person_numbers", tests, start, stop);
}
