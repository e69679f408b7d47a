/* What we promise about what is sealed and who is unnamed: the words stand nowhere in the clear and
 * cannot be guessed from what is kept, and nobody is named who is not to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/rebuild.h"
#include "engine/receipt.h"
#include "store/journal_rows.h"
#include "store/query.h"
#include "store/state_hash.h"
#include "support/signal_site.h"

#define SECRET "验收时收了分包单位的红包"

/* ---- Sealed ---- */

/* How many entries of the journal hold these bytes. */
static size_t entries_with(const Site *site, Bytes wanted)
{
    Err err;
    size_t count = 0;
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_all(&walk, site->play.store, 1);
    for (const EntryRow *row = NULL;;) {
        must(entry_walk_next(&walk, &row, &err), &err);
        if (row == NULL) break;
        if (memmem(row->chained.at, row->chained.size, wanted.at, wanted.size) != NULL ||
            (row->has_body && memmem(row->body.at, row->body.size, wanted.at, wanted.size) != NULL))
            count++;
    }
    return count;
}

static void expect_nowhere_in_files(const char *place, const char *words)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    if (strncmp(place, "postgres", 8) == 0) return;
    for (size_t i = 0; i < 3; i++) {
        char path[400];
        static uint8_t bytes[8 << 20];
        snprintf(path, sizeof path, "%s%s", place, ends[i]);
        FILE *file = fopen(path, "rb");
        if (file == NULL) continue;
        const size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_false(bytes_hold((Bytes){bytes, size}, words));
    }
}

static Bytes load_envelope(Site *site, Id signal, Arena *arena)
{
    Err err;
    Bytes envelope = {0};
    bool found = false;
    AUTO(query_done) Query query = {0};
    must(query_begin(&query, site->play.store, ENVELOPE_OF_SIGNAL, &err), &err);
    query_bind_int(&query, 1, site->play.node.shard);
    query_bind_int(&query, 2, site_key(site, signal));
    must(query_next(&query, &found, &err), &err);
    assert_true(found);
    must(query_bytes(&query, 0, arena, &envelope, &err), &err);
    return envelope;
}

static void sealed(Stores *stores)
{
    static Site site;
    Err err;
    Text plain;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    site_open(&site, stores->writer);
    act_as(&site, site.worker, false);
    must_be_refused(site_raise(&site, "integrity", ",\"what\":\"" SECRET "\""), ERR_CONFLICT,
                    "tongpin reader DIR add");
    act_as_machine(&site);
    site_name_reader(&site);
    act_as(&site, site.worker, false);
    must_be_refused(site_raise(&site, "integrity", ",\"what\":\"" SECRET "\",\"place\":\"财务室\""),
                    ERR_INVALID, "sealed to the readers");
    const Id signal = site_raised(&site, "integrity", ",\"what\":\"" SECRET "\"");
    must(envelope_open(&site.secret, load_envelope(&site, signal, &arena), &arena, &plain, &err),
         &err);
    assert_true(text_is(plain, SECRET));
    /* Nowhere in the clear, neither what was said nor who said it; a named one would be found. */
    const Bytes account = {site.account.at, sizeof site.account.at};
    const Id open_one = site_raised(&site, "near_miss", ",\"what\":\"险些踏空\"");
    assert_int_equal(entries_with(&site, bytes_of(TEXT(SECRET))), 0);
    assert_int_equal(entries_with(&site, bytes_of(TEXT("险些踏空"))), 1);
    assert_int_equal(entries_with(&site, account), 1);
    expect_nowhere_in_files(stores->place, SECRET);
    /* Its reader deals with it, and nobody else knows of it. */
    act_as(&site, site.leader, true);
    must_be_refused(site_handle(&site, signal, "take", ""), ERR_NOT_FOUND, "not within your reach");
    must_be_refused(play_command(&site.play,
                                 "\"do\":\"signal.void\",\"id\":\"%s\",\"reason\":\"x\"",
                                 play_text(signal)),
                    ERR_CONFLICT, "not voided");
    act_as(&site, site.reader, false);
    must_be_refused(site_handle(&site, signal, "answer", ",\"note\":\"查实\""), ERR_INVALID,
                    "\"envelope\"");
    must_be_done(
        site_handle(&site, signal, "answer", ",\"envelope\":\"查实一千元\",\"answer\":\"已办结\""));
    assert_int_equal(entries_with(&site, bytes_of(TEXT("查实一千元"))), 0);
    assert_int_equal(entries_with(&site, bytes_of(TEXT("已办结"))), 1);
    must_be_refused(site_handle(&site, open_one, "take", ""), ERR_NOT_FOUND, "");
    site_close(&site);
}

static void what_is_sealed_is_nowhere_in_the_clear_and_its_readers_open_it(void **state)
{
    on_each_store(*state, sealed);
}

static void a_short_report_is_not_guessed_from_what_is_kept_of_its_command(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        bool is_same;
    } cases[] = {{"integrity", true}, {"hardship", true}, {"hazard", false}, {"need", false}};
    for (size_t i = 0; i < 4; i++) {
        Digest digests[2];
        for (int which = 0; which < 2; which++) {
            Err err;
            Command command;
            char json[400];
            AUTO(doc_done) Doc doc = {0};
            snprintf(json, sizeof json,
                     "{\"op\":\"019e0000-0000-7000-8000-000000000001\","
                     "\"do\":\"signal.add\",\"fields\":{\"kind\":\"%s\","
                     "\"project\":\"019e0000-0000-7000-8000-000000000002\","
                     "\"what\":\"%s\"}}",
                     cases[i].kind, which == 0 ? "是" : "不是");
            must(doc_parse(&doc, bytes_of(text_from_z(json)), &err), &err);
            must(command_decode(doc.root, &command, &err), &err);
            digests[which] = command_digest(&command);
        }
        assert_int_equal(digest_equal(&digests[0], &digests[1]), cases[i].is_same);
    }
}

static void after_a_rebuild(Stores *stores)
{
    static Site site;
    Err err;
    Text plain;
    Digest before;
    Digest after;
    site_open(&site, stores->writer);
    site_name_reader(&site);
    const Id signal = site_raised(&site, "integrity", ",\"what\":\"" SECRET "\"");
    must(state_hash(site.play.store, &before, &err), &err);
    RebuildReport report;
    must(engine_rebuild(site.play.engine, &report, &err), &err);
    must(state_hash(site.play.store, &after, &err), &err);
    assert_true(digest_equal(&before, &after));
    const Bytes envelope = load_envelope(&site, signal, &site.play.arena);
    must(envelope_open(&site.secret, envelope, &site.play.arena, &plain, &err), &err);
    assert_true(text_is(plain, SECRET));
    site_close(&site);
}

static void a_rebuild_keeps_what_is_sealed(void **state)
{
    on_each_store(*state, after_a_rebuild);
}

/* ---- Who is named ---- */

static const char *receipt_of(Site *site, const char *kind, const char *rest, Id *out_id)
{
    static char code[CODE_TEXT_MAX];
    const Answer answer = site_raise(site, kind, rest);
    must_be_done(answer);
    memcpy(code, answer.receipt, sizeof code);
    if (out_id != NULL) *out_id = answer.ids[0];
    return code;
}

static ErrCode look_by_code(Site *site, const char *code, Shown *shown)
{
    Emit emit;
    Err err;
    shown_open(shown, &emit);
    const Reach nothing = {0};
    const View view = site_view(site, shown, &nothing, NULL);
    shown->code = answer_signal_of_receipt(
        &view, receipt_index(&site->play.node, text_from_z(code)), &emit, &err);
    shown_parse(shown);
    return shown->code;
}

static void unnamed(Stores *stores)
{
    static Site site;
    Shown shown;
    Id signal;
    const Bytes account = {site.account.at, sizeof site.account.at};
    site_open(&site, stores->writer);
    act_as(&site, site.worker, false);
    const Bytes person = id_bytes(&site.worker);
    const size_t before = entries_with(&site, account);
    const char *code = receipt_of(&site, "hazard",
                                  ",\"what\":\"配电箱漏电\",\"unnamed\":\"to_everybody\"", &signal);
    assert_int_equal(strlen(code), 14);
    assert_int_equal(entries_with(&site, account), before); /* the entry names no account */
    const size_t named = entries_with(&site, person);
    must_be_refused(site_raise(&site, "hazard",
                               ",\"what\":\"x\",\"unnamed\":\"to_everybody\","
                               "\"raiser\":\"019e0000-0000-7000-8000-000000000009\""),
                    ERR_INVALID, "nobody is named");
    must_be_refused(site_raise(&site, "idea", ",\"what\":\"x\",\"unnamed\":\"to_everybody\""),
                    ERR_INVALID, "not raised unnamed to everybody");
    assert_int_equal(entries_with(&site, person), named);
    /* Whoever has the code is told, and nobody by another code. */
    assert_int_equal(look_by_code(&site, code, &shown), OK);
    expect_text(shown.doc.root, "state", "found");
    assert_int_equal(doc_type(doc_get(shown.doc.root, "raiser")), DOC_NULL);
    shown_done(&shown);
    assert_int_equal(look_by_code(&site, "AAAA-AAAA-AAAA", &shown), ERR_NOT_FOUND);
    shown_done(&shown);
    assert_int_equal(receipt_of(&site, "hazard", ",\"what\":\"有名\"", NULL)[0], '\0');
    site_close(&site);
}

static void who_is_unnamed_to_everybody_stands_nowhere(void **state)
{
    on_each_store(*state, unnamed);
}

/* What the holder of a code says by it; `about` nil: the signal that it belongs to. */
static Answer say_by_code(Site *site, const char *code, const char *step, const char *words)
{
    Err err;
    SignalCard card;
    ReceiptSay say;
    Answer answer;
    static uint64_t number = 0x300;
    const SignalSource source = {{site->play.store, site->play.node.shard, &site->play.arena},
                                 site->play.node.utc_offset_minutes,
                                 site->play.node.pack};
    const FieldInfo *field = vocab_field(vocab_kind(KIND_HANDLING), HANDLING_STEP);
    const int number_of = vocab_choice_named(field->among, text_from_z(step))->number;
    const int64_t receipt = receipt_index(&site->play.node, text_from_z(code));
    must(load_signal_of_receipt(&source, receipt, &card, &err), &err);
    must(receipt_say(&card, id_make(++number, 7, 1), number_of, text_from_z(words),
                     &site->play.arena, &say, &err),
         &err);
    must(engine_begin(site->play.engine, &err), &err);
    must(engine_execute(site->play.engine, &say.actor, &say.command, &site->play.arena, &answer,
                        &err),
         &err);
    must(engine_commit(site->play.engine, &err), &err);
    return answer;
}

static void solved(Stores *stores)
{
    static Site site;
    char code[CODE_TEXT_MAX];
    Id signal;
    site_open(&site, stores->writer);
    act_as(&site, site.worker, false);
    const Bytes account = {site.account.at, sizeof site.account.at};
    memcpy(
        code,
        receipt_of(&site, "near_miss", ",\"what\":\"踏空\",\"unnamed\":\"to_everybody\"", &signal),
        sizeof code);
    must_be_refused(say_by_code(&site, code, "confirm", ""), ERR_CONFLICT, "out of turn");
    act_as(&site, site.leader, true);
    must_be_done(site_handle(&site, signal, "answer", ",\"note\":\"已补跳板\""));
    must_be_refused(site_handle(&site, signal, "confirm", ""), ERR_NOT_FOUND, "");
    const size_t before = entries_with(&site, account);
    must_be_refused(say_by_code(&site, code, "reopen", ""), ERR_CONFLICT, "\"note\"");
    must_be_refused(say_by_code(&site, code, "take", ""), ERR_NOT_FOUND, "");
    must_be_done(say_by_code(&site, code, "reopen", "跳板只补了一半"));
    expect_state(&site, signal, "reopened");
    must_be_done(site_handle(&site, signal, "answer", ",\"note\":\"全补了\""));
    must_be_done(say_by_code(&site, code, "confirm", ""));
    expect_state(&site, signal, "confirmed");
    assert_int_equal(entries_with(&site, bytes_of(TEXT("跳板只补了一半"))), 1);
    assert_int_equal(entries_with(&site, account), before + 1); /* the second answer alone */
    site_close(&site);
}

static void who_has_the_receipt_confirms_or_reopens_and_stays_nobody(void **state)
{
    on_each_store(*state, solved);
}

/* Their words go to the readers, as the first ones did. */
static void sealed_again(Stores *stores)
{
    static Site site;
    char code[CODE_TEXT_MAX];
    Id signal;
    site_open(&site, stores->writer);
    site_name_reader(&site);
    act_as(&site, site.worker, false);
    memcpy(code, receipt_of(&site, "integrity", ",\"what\":\"" SECRET "\"", &signal), sizeof code);
    act_as(&site, site.reader, false);
    must_be_done(site_handle(&site, signal, "answer", ",\"answer\":\"已办结\""));
    must_be_done(say_by_code(&site, code, "reopen", "退钱的事没有查"));
    expect_state(&site, signal, "reopened");
    assert_int_equal(entries_with(&site, bytes_of(TEXT("退钱的事没有查"))), 0);
    expect_nowhere_in_files(stores->place, "退钱的事没有查");
    site_close(&site);
}

static void what_is_said_by_code_of_what_is_sealed_is_sealed_too(void **state)
{
    on_each_store(*state, sealed_again);
}

/* A closed hazard that is not solved is registered again: graded, ordered and closed anew. */
static void hazard_again(Stores *stores)
{
    static Site site;
    char code[CODE_TEXT_MAX];
    Id signal;
    static const char *const steps[][2] = {{"register", ""},
                                           {"grade", ",\"grade\":\"minor\""},
                                           {"order", ",\"note\":\"补\""},
                                           {"rectify", ",\"note\":\"补了\""},
                                           {"pass", ",\"note\":\"合格\""},
                                           {"close", ""}};
    site_open(&site, stores->writer);
    act_as(&site, site.worker, false);
    memcpy(code,
           receipt_of(&site, "hazard", ",\"what\":\"漏电\",\"unnamed\":\"to_everybody\"", &signal),
           sizeof code);
    act_as(&site, site.leader, true);
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = round; i < sizeof steps / sizeof steps[0]; i++) {
            if (i < 5) must_be_refused(say_by_code(&site, code, "reopen", "x"), ERR_CONFLICT, "");
            must_be_done(site_handle(&site, signal, steps[i][0], steps[i][1]));
        }
        expect_state(&site, signal, "closed");
        must_be_done(say_by_code(&site, code, round == 0 ? "reopen" : "confirm", "还在漏"));
        expect_state(&site, signal, round == 0 ? "registered" : "confirmed");
    }
    site_close(&site);
}

static void a_closed_hazard_that_is_not_solved_begins_again(void **state)
{
    on_each_store(*state, hazard_again);
}

static void sent_again(Stores *stores)
{
    static Site site;
    Err err;
    Command command;
    Answer answers[2];
    AUTO(doc_done) Doc doc = {0};
    char json[400];
    site_open(&site, stores->writer);
    act_as(&site, site.worker, false);
    snprintf(json, sizeof json,
             "{\"op\":\"019e0000-0000-7000-8000-00000000f001\",\"do\":\"signal.add\",\"fields\":{"
             "\"kind\":\"hazard\",\"project\":\"%s\",\"what\":\"x\",\"unnamed\":\"to_everybody\"}}",
             play_text(site.project));
    must(doc_parse(&doc, bytes_of(text_from_z(json)), &err), &err);
    must(command_decode(doc.root, &command, &err), &err);
    for (int i = 0; i < 2; i++) {
        must(engine_begin(site.play.engine, &err), &err);
        must(engine_execute(site.play.engine, &site.play.actor, &command, &site.play.arena,
                            &answers[i], &err),
             &err);
        must(engine_commit(site.play.engine, &err), &err);
    }
    assert_true(id_equal(answers[0].ids[0], answers[1].ids[0]));
    assert_string_equal(answers[0].receipt, answers[1].receipt);
    assert_int_equal(strlen(answers[0].receipt), 14);
    site_close(&site);
}

static void a_command_sent_again_is_answered_with_the_same_receipt(void **state)
{
    on_each_store(*state, sent_again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_is_nowhere_in_the_clear_and_its_readers_open_it),
        cmocka_unit_test(a_short_report_is_not_guessed_from_what_is_kept_of_its_command),
        cmocka_unit_test(a_rebuild_keeps_what_is_sealed),
        cmocka_unit_test(who_is_unnamed_to_everybody_stands_nowhere),
        cmocka_unit_test(who_has_the_receipt_confirms_or_reopens_and_stays_nobody),
        cmocka_unit_test(what_is_said_by_code_of_what_is_sealed_is_sealed_too),
        cmocka_unit_test(a_closed_hazard_that_is_not_solved_begins_again),
        cmocka_unit_test(a_command_sent_again_is_answered_with_the_same_receipt),
    };
    return cmocka_run_group_tests_name("sealed", tests, stores_setup, stores_teardown);
}
