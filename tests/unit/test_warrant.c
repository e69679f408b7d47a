/* What we promise about scopes: a node speaks for its own and for no other, whatever it signs; and
 * what lies outside of a node's scopes changes no byte of what it receives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/receive.h"
#include "journal/chain.h"
#include "store/journal_rows.h"
#include "support/play.h"
#include "support/prop.h"
#include "support/stores.h"
#include "sync/carry.h"

#define BUNDLE_MAX ((size_t)4 << 20)

/* Headquarters with two sites, and a rogue box that was given the first. */
typedef struct Tree {
    Play hq;
    SigningKey rogue;
    uint64_t rogue_short;
    Warrant warrant;
    Id company;
    Id other; /* a unit beside it */
    Id north; /* the rogue's project */
    Id south;
    Id worker; /* a person of the company */
    Id task;   /* an activity at the south site */
    Id audit;  /* what headquarters says about itself */
    uint64_t stamp;
} Tree;

static Id add_project(Play *play, const char *name, Id unit)
{
    return play_add(play, "project", "\"name\":\"%s\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                    name, play_text(unit));
}

static Id add_activity(Play *play, Id project, const char *title)
{
    return play_add(play, "activity",
                    "\"project\":\"%s\",\"day\":\"2026-06-01\",\"title\":\"%s\","
                    "\"progress\":\"planned\"",
                    play_text(project), title);
}

static Tree *tree_open(Stores *stores)
{
    static Tree tree;
    uint8_t seed[SIGN_SEED_SIZE] = {7};
    play_open(&tree.hq, stores->writer, 1);
    signing_key_from_seed(&tree.rogue, seed);
    const PublicKey key = signing_key_public(&tree.rogue);
    tree.rogue_short = node_short_of(&key);
    tree.company = play_add(&tree.hq, "unit", "\"name\":\"公司\"");
    tree.other = play_add(&tree.hq, "unit", "\"name\":\"别的公司\"");
    tree.north = add_project(&tree.hq, "北", tree.company);
    tree.south = add_project(&tree.hq, "南", tree.company);
    tree.worker =
        play_add(&tree.hq, "person", "\"name\":\"人\",\"unit\":\"%s\"", play_text(tree.company));
    tree.task = add_activity(&tree.hq, tree.south, "南");
    tree.audit =
        play_add(&tree.hq, "holiday", "\"day\":\"2026-10-01\",\"name\":\"国庆\",\"off\":true");
    tree.warrant = (Warrant){.grants = {{tree.north, false}}, .count = 1};
    tree.stamp = hlc_stamp(UINT64_C(1780000100000), 0);
    return &tree;
}

static void tree_close(Tree *tree)
{
    signing_key_done(&tree->rogue);
    play_close(&tree->hq);
}

/* What the rogue says: one entry in a stream of its own, or of somebody else. */
typedef struct Forgery {
    StreamName stream;
    KindCode kind;
    EntryVerb verb;
    Id subject;
    unsigned ref_field;
    Id ref;
    unsigned text_field;
} Forgery;

static void forge(Tree *tree, const Forgery *forgery, Buf *out)
{
    Err err;
    Entry entry;
    SegmentWriter writer;
    AUTO(buf_done) Buf chained = {0};
    AUTO(buf_done) Buf body = {0};
    const Digest start = chain_start(&forgery->stream);
    buf_init(&chained, ENTRY_BYTES_MAX);
    buf_init(&body, ENTRY_BODY_BYTES_MAX);
    entry_init(&entry, vocab_kind((unsigned)forgery->kind), forgery->verb, ++tree->stamp);
    entry.subject = forgery->subject;
    memset(entry.salt, 7, sizeof entry.salt);
    if (forgery->verb != VERB_CREATE) entry.base = forgery->subject;
    if (forgery->verb == VERB_CREATE)
        entry.subject = id_make(entry.stamp, forgery->stream.node_short, forgery->stream.epoch);
    if (forgery->ref_field != 0) record_set_ref(&entry.record, forgery->ref_field, forgery->ref);
    if (forgery->text_field != 0) record_set_text(&entry.record, forgery->text_field, TEXT("假"));
    must(entry_encode(&entry, &forgery->stream, 0, &chained, &body, &err), &err);
    buf_clear(out);
    segment_begin(&writer, out, &forgery->stream, 1, 0, &start);
    must(segment_add(&writer, buf_as_bytes(&chained),
                     body.size > 0 ? buf_as_bytes(&body) : (Bytes){0}, &err),
         &err);
    must(segment_end(&writer, &tree->rogue, &err), &err);
}

static Reception receive(Tree *tree, const Warrant *warrant, Bytes segment)
{
    Err err;
    Reception reception;
    const PublicKey key = signing_key_public(&tree->rogue);
    writer_expect();
    must(engine_begin(tree->hq.engine, &err), &err);
    must(engine_receive(tree->hq.engine, segment, &key, warrant, &reception, &err), &err);
    if (reception.status == RECEPTION_NEW)
        must(engine_commit(tree->hq.engine, &err), &err);
    else
        engine_roll_back(tree->hq.engine);
    return reception;
}

static Reception say(Tree *tree, const Forgery *forgery)
{
    AUTO(buf_done) Buf segment = {0};
    buf_init(&segment, SEGMENT_BYTES_MAX);
    forge(tree, forgery, &segment);
    return receive(tree, &tree->warrant, buf_as_bytes(&segment));
}

static unsigned epoch_last;

/* A stream nobody has heard of yet, so that each forgery begins one. */
static StreamName stream_of(const Tree *tree, Id scope)
{
    epoch_last = (epoch_last + 1) % EPOCH_MAX;
    return (StreamName){tree->rogue_short, epoch_last, scope};
}

static Id own_scope(const Tree *tree)
{
    return id_make(hlc_stamp(UINT64_C(1780000000001), 3), tree->rogue_short, 0);
}

static void a_box_speaks_for_its_project_and_itself(Stores *stores)
{
    Tree *tree = tree_open(stores);
    const Forgery about_its_site = {.stream = stream_of(tree, tree->north),
                                    .kind = KIND_ACTIVITY,
                                    .ref_field = ACTIVITY_PROJECT,
                                    .ref = tree->north,
                                    .text_field = ACTIVITY_TITLE};
    const Forgery about_the_project = {.stream = stream_of(tree, tree->north),
                                       .kind = KIND_PROJECT,
                                       .verb = VERB_CHANGE,
                                       .subject = tree->north,
                                       .text_field = PROJECT_PLACE};
    const Forgery about_itself = {
        .stream = stream_of(tree, own_scope(tree)), .kind = KIND_AUDIT, .text_field = AUDIT_EVENT};
    assert_int_equal(say(tree, &about_its_site).status, RECEPTION_NEW);
    assert_int_equal(say(tree, &about_the_project).status, RECEPTION_NEW);
    assert_int_equal(say(tree, &about_itself).status, RECEPTION_NEW);
    tree_close(tree);
}

static void what_is_outside_is_named_with_its_entry(Stores *stores)
{
    Tree *tree = tree_open(stores);
    const Forgery elsewhere = {.stream = stream_of(tree, tree->south),
                               .kind = KIND_ACTIVITY,
                               .ref_field = ACTIVITY_PROJECT,
                               .ref = tree->south};
    const Reception reception = say(tree, &elsewhere);
    assert_int_equal(reception.status, RECEPTION_BAD);
    assert_int_equal(reception.fault.kind, FAULT_OUT_OF_SCOPE);
    assert_int_equal(reception.fault.first_bad, 1);
    assert_non_null(strstr(reception.words, "was not given that scope"));
    tree_close(tree);
}

/* A unit with all below it: new projects there are its own to make, and elsewhere they are not. */
static void a_company_speaks_for_all_below_it(Stores *stores)
{
    Tree *tree = tree_open(stores);
    tree->warrant = (Warrant){.grants = {{tree->company, true}}, .count = 1};
    Forgery project = {.kind = KIND_PROJECT,
                       .ref_field = PROJECT_UNIT,
                       .ref = tree->company,
                       .text_field = PROJECT_NAME};
    project.stream = stream_of(tree, (Id){{0}});
    project.stream.scope = id_make(tree->stamp + 1, tree->rogue_short, project.stream.epoch);
    assert_int_equal(say(tree, &project).status, RECEPTION_NEW);
    project.stream = stream_of(tree, (Id){{0}});
    project.stream.scope = id_make(tree->stamp + 1, tree->rogue_short, project.stream.epoch);
    project.ref = tree->other;
    assert_int_equal(say(tree, &project).fault.kind, FAULT_OUT_OF_SCOPE);
    const Forgery south = {.stream = stream_of(tree, tree->south),
                           .kind = KIND_ACTIVITY,
                           .ref_field = ACTIVITY_PROJECT,
                           .ref = tree->south};
    assert_int_equal(say(tree, &south).status, RECEPTION_NEW);
    tree_close(tree);
}

/* Somebody who has left the company is still in its box when the box writes about them. */
static void late_writes_about_what_was_in_the_scope_are_taken(Stores *stores)
{
    Tree *tree = tree_open(stores);
    tree->warrant = (Warrant){.grants = {{tree->company, false}}, .count = 1};
    const Answer moved = play_command(
        &tree->hq, "\"do\":\"person.change\",\"id\":\"%s\",\"fields\":{\"unit\":\"%s\"}",
        play_text(tree->worker), play_text(tree->other));
    assert_int_equal(moved.status, ANSWER_DONE);
    const Forgery late = {.stream = stream_of(tree, tree->company),
                          .kind = KIND_PERSON,
                          .verb = VERB_CHANGE,
                          .subject = tree->worker,
                          .text_field = PERSON_TRADE};
    assert_int_equal(say(tree, &late).status, RECEPTION_NEW);
    tree_close(tree);
}

/* ---- forgeries by the thousand ---- */

typedef struct Place {
    KindCode kind;
    unsigned field;
} Place;

static const Place at_project[] = {
    {KIND_ACTIVITY, ACTIVITY_PROJECT}, {KIND_PHASE, PHASE_PROJECT}, {KIND_POSTING, POSTING_PROJECT},
    {KIND_LIAISON, LIAISON_PROJECT},   {KIND_NOTICE, NOTICE_UNIT},  {KIND_PERSON, PERSON_UNIT},
    {KIND_STATION, STATION_PROJECT}};
#define PLACE_COUNT (sizeof at_project / sizeof at_project[0])

/* Each of them is outside of what the rogue was given, in one of the ways there are. */
static Forgery any_forgery(Tree *tree, Prng *prng)
{
    const Id scopes[] = {tree->company, tree->other, tree->south, tree->hq.node.scope,
                         tree->worker,  tree->task,  tree->audit};
    const Id things[] = {tree->south, tree->company, tree->other};
    const Place *place = &at_project[prng_below(prng, PLACE_COUNT)];
    const Id foreign = scopes[prng_below(prng, sizeof scopes / sizeof scopes[0])];
    Forgery forgery = {.stream = stream_of(tree, tree->north), .kind = place->kind};
    forgery.ref_field = place->field;
    const bool is_of_unit = place->field == NOTICE_UNIT && place->kind == KIND_NOTICE;
    forgery.ref = is_of_unit || place->kind == KIND_PERSON ? tree->company : tree->south;
    switch (prng_below(prng, 8)) {
    case 0: /* a stream of another scope */ forgery.stream.scope = foreign; break;
    case 1: /* what belongs elsewhere, in the stream of its own */ break;
    case 2: /* about somebody else's thing */
        forgery.kind = KIND_ACTIVITY;
        forgery.verb = prng_below(prng, 2) == 0 ? VERB_CHANGE : VERB_VOID;
        forgery.subject = tree->task;
        forgery.ref_field = 0;
        break;
    case 3: /* about the units and projects themselves */
        forgery.subject = things[prng_below(prng, 3)];
        forgery.kind = id_equal(forgery.subject, tree->south) ? KIND_PROJECT : KIND_UNIT;
        forgery.verb = prng_below(prng, 2) == 0 ? VERB_CHANGE : VERB_VOID;
        forgery.ref_field = 0;
        break;
    case 4: /* a thing of the site, in the scope of the node's own */
        forgery.stream.scope = own_scope(tree);
        forgery.ref = tree->north;
        break;
    case 5: /* what another node said about itself */
        forgery.stream.scope = own_scope(tree);
        forgery.kind = KIND_HOLIDAY;
        forgery.verb = VERB_CHANGE;
        forgery.subject = tree->audit;
        forgery.ref_field = 0;
        break;
    case 6: /* a new project of its own making */
        forgery.stream.scope = id_make(tree->stamp + 1, tree->rogue_short, forgery.stream.epoch);
        forgery.kind = KIND_PROJECT;
        forgery.ref_field = PROJECT_UNIT;
        forgery.ref = tree->company;
        break;
    default: /* its own project, put into the charge of another company */
        forgery.kind = KIND_PROJECT;
        forgery.verb = VERB_CHANGE;
        forgery.subject = tree->north;
        forgery.ref_field = PROJECT_UNIT;
        forgery.ref = tree->other;
        break;
    }
    if (forgery.verb == VERB_CHANGE && forgery.ref_field == 0)
        forgery.text_field = forgery.kind == KIND_ACTIVITY  ? (unsigned)ACTIVITY_TITLE
                             : forgery.kind == KIND_HOLIDAY ? (unsigned)HOLIDAY_NAME
                                                            : 1;
    return forgery;
}

static int64_t last_arrival(Store *store)
{
    Err err;
    int64_t arrival = 0;
    must(entry_last_arrival(store, &arrival, &err), &err);
    return arrival;
}

/* FORGED=200000 for as many as the promise says. */
static unsigned forged_count(void)
{
    const char *wish = getenv("FORGED"); // NOLINT(concurrency-mt-unsafe): one thread
    return wish == NULL ? 4000 : (unsigned)strtoul(wish, NULL, 10);
}

static void of_thousands_of_forged_entries_none_is_taken(Stores *stores)
{
    Tree *tree = tree_open(stores);
    Prng prng = {.state = 5};
    const int64_t before = last_arrival(tree->hq.store);
    for (unsigned i = 0; i < forged_count(); i++) {
        const Forgery forgery = any_forgery(tree, &prng);
        const Reception reception = say(tree, &forgery);
        if (reception.status != RECEPTION_BAD || reception.fault.kind != FAULT_OUT_OF_SCOPE)
            fail_msg("forgery %u: kind %d verb %d was not refused as outside: %s", i,
                     (int)forgery.kind, (int)forgery.verb, reception.words);
    }
    assert_int_equal(last_arrival(tree->hq.store), before);
    tree_close(tree);
}

/* ---- two worlds ---- */

/* The same headquarters, but for what is outside of the north site: other names, another number of
 * things, other people. */
static void write_world(Stores *stores, bool is_second, Buf *out)
{
    Err err;
    Play *play = malloc(sizeof *play);
    Store *store = stores_another(stores);
    Written written = {0};
    uint8_t seed[SIGN_SEED_SIZE] = {9};
    SigningKey box;
    assert_non_null(play);
    writer_begin();
    play_join(play, store, 1);
    const Id unit = play_add(play, "unit", "\"name\":\"%s\"", is_second ? "乙公司" : "甲公司");
    const Id north = add_project(play, "北", unit);
    const Id south = add_project(play, is_second ? "南二" : "南", unit);
    play_add(play, "person", "\"name\":\"%s\",\"unit\":\"%s\"", is_second ? "张" : "李",
             play_text(unit));
    if (is_second)
        for (int i = 0; i < 5; i++)
            add_activity(play, south, "只在此世");
    play->fake.now_ms = UINT64_C(1780001000000);
    add_activity(play, north, "同");
    add_activity(play, south, is_second ? "异" : "同");
    play->fake.now_ms = UINT64_C(1780002000000);
    add_activity(play, north, "又同");

    signing_key_from_seed(&box, seed);
    Peer peer = {.name = TEXT("north"), .key = signing_key_public(&box)};
    peer.node_short = node_short_of(&peer.key);
    peer.warrant = (Warrant){.grants = {{north, false}}, .count = 1};
    buf_init(out, BUNDLE_MAX);
    play->fake.now_ms = UINT64_C(1780003000000);
    must(carry_write(play->engine, &peer, out, &written, &err), &err);
    assert_int_equal(written.entry_count, 3);
    signing_key_done(&box);
    play_leave(play);
    store_close(&store);
    writer_end();
    free(play);
}

static void nothing_outside_its_scope_changes_a_byte_of_a_bundle(Stores *stores)
{
    AUTO(buf_done) Buf one = {0};
    AUTO(buf_done) Buf two = {0};
    write_world(stores, false, &one);
    write_world(stores, true, &two);
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.at, two.at, one.size);
}

/* ---- small parts ---- */

static void scopes_are_read_as_they_are_written(void **state)
{
    Err err;
    Warrant warrant;
    char text[WARRANT_TEXT_MAX];
    const Text words = TEXT("01a2041b-8a18-7001-aa6e-7b1141800000+,"
                            "01a2041b-8a18-7001-aa6e-7b1141800001");
    (void)state;
    must(warrant_parse(words, &warrant, &err), &err);
    assert_int_equal(warrant.count, 2);
    assert_true(warrant.grants[0].with_below && !warrant.grants[1].with_below);
    assert_true(text_is(words, warrant_write(&warrant, text)));
    must(warrant_parse(TEXT("*"), &warrant, &err), &err);
    assert_true(warrant.is_everything);
    assert_string_equal(warrant_write(&warrant, text), "*");
    must(warrant_parse(TEXT("-"), &warrant, &err), &err);
    assert_false(warrant.is_everything);
    assert_string_equal(warrant_write(&warrant, text), "-");
    assert_int_equal(warrant_parse(TEXT("nonsense"), &warrant, &err), ERR_INVALID);
    assert_int_equal(warrant_parse(TEXT("+"), &warrant, &err), ERR_INVALID);
}

#define ON_EACH(name, test)          \
    static void name(void **state)   \
    {                                \
        on_each_store(*state, test); \
    }
ON_EACH(own, a_box_speaks_for_its_project_and_itself)
ON_EACH(named, what_is_outside_is_named_with_its_entry)
ON_EACH(company, a_company_speaks_for_all_below_it)
ON_EACH(late, late_writes_about_what_was_in_the_scope_are_taken)
ON_EACH(forged, of_thousands_of_forged_entries_none_is_taken)
ON_EACH(worlds, nothing_outside_its_scope_changes_a_byte_of_a_bundle)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own),
        cmocka_unit_test(named),
        cmocka_unit_test(company),
        cmocka_unit_test(late),
        cmocka_unit_test(forged),
        cmocka_unit_test(worlds),
        cmocka_unit_test(scopes_are_read_as_they_are_written),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
