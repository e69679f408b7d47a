/* What we promise about enrolment: a box is let in by two persons for what both approved, and not
 * by a slip, a forged request, one that is too old, or one that was used before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/play.h"
#include "support/stores.h"
#include "sync/enrol.h"
#include "sync/peers.h"

#define DAY_MS UINT64_C(86400000)

typedef struct Pair {
    Play hq;
    Play box;
    Store *second;
    Id project;
    Buf request;
    char words[ENROL_WORDS_MAX];
} Pair;

static Pair *pair_open(Stores *stores)
{
    static Pair pair;
    Err err;
    writer_begin();
    pair.second = stores_another(stores);
    play_join(&pair.hq, stores->writer, 1);
    play_join(&pair.box, pair.second, 2);
    const Id unit = play_add(&pair.hq, "unit", "\"name\":\"公司\"");
    pair.project =
        play_add(&pair.hq, "project", "\"name\":\"北\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                 play_text(unit));
    buf_init(&pair.request, ENROL_BYTES_MAX);
    must(enrol_request(&pair.box.node, &pair.request, &err), &err);
    return &pair;
}

static void pair_close(Pair *pair)
{
    buf_done(&pair->request);
    play_leave(&pair->box);
    play_leave(&pair->hq);
    store_close(&pair->second);
    writer_end();
}

static ErrCode add(Pair *pair, Err *err)
{
    writer_expect();
    return enrolments_add(pair->hq.store, &pair->hq.node, buf_as_bytes(&pair->request), pair->words,
                          err);
}

static ErrCode approve(Pair *pair, uint8_t who, Id scope, uint64_t *out_node, Err *err)
{
    const EnrolWish wish = {.words = text_from_z(pair->words),
                            .account = {{who}},
                            .role = CERTIFICATE_BOX,
                            .warrant = {.grants = {{scope, false}}, .count = 1}};
    writer_expect();
    return enrol_approve(pair->hq.engine, &pair->hq.actor, &wish, out_node, err);
}

static void two_persons_let_a_box_in(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Err err;
    uint64_t node = 1;
    AUTO(buf_done) Buf grant = {0};
    Peers peers;
    Trust trust;
    must(add(pair, &err), &err);
    must(approve(pair, 1, pair->project, &node, &err), &err);
    assert_int_equal(node, 0);
    must(approve(pair, 2, pair->project, &node, &err), &err);
    assert_int_equal(node, pair->box.node.node_short);
    buf_init(&grant, TRUST_BYTES);
    must(enrol_grant(pair->hq.store, &pair->hq.node, node, &grant, &err), &err);
    writer_expect();
    must(enrol_accept(pair->box.store, &pair->box.node, buf_as_text(&grant), &err), &err);
    must(peers_load(pair->box.store, &pair->box.arena, &peers, &err), &err);
    assert_int_equal(peers.count, 1);
    assert_int_equal(peers.items[0].node_short, pair->hq.node.node_short);
    must(trust_judge(pair->box.store, &pair->box.node, node, pair->box.fake.now_ms,
                     &pair->box.arena, &trust, &err),
         &err);
    assert_int_equal(trust.state, TRUST_VALID);
    /* Once more is no harm, and the request has done its work. */
    must(enrol_accept(pair->box.store, &pair->box.node, buf_as_text(&grant), &err), &err);
    assert_int_equal(add(pair, &err), ERR_CONFLICT);
    assert_int_equal(approve(pair, 3, pair->project, &node, &err), ERR_NOT_FOUND);
    pair_close(pair);
}

static void one_person_is_not_enough(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Err err;
    uint64_t node = 0;
    must(add(pair, &err), &err);
    must(approve(pair, 1, pair->project, &node, &err), &err);
    assert_int_equal(approve(pair, 1, pair->project, &node, &err), ERR_CONFLICT);
    assert_non_null(strstr(err.message, "somebody else"));
    assert_int_equal(node, 0);
    pair_close(pair);
}

static void both_approve_the_same(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Err err;
    uint64_t node = 0;
    must(add(pair, &err), &err);
    must(approve(pair, 1, pair->project, &node, &err), &err);
    assert_int_equal(approve(pair, 2, pair->hq.node.scope, &node, &err), ERR_CONFLICT);
    assert_non_null(strstr(err.message, "other scopes"));
    pair_close(pair);
}

static void a_request_that_is_too_old_is_gone(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Err err;
    uint64_t node = 0;
    must(add(pair, &err), &err);
    must(approve(pair, 1, pair->project, &node, &err), &err);
    pair->hq.fake.now_ms += ENROL_DAYS * DAY_MS + 1000;
    assert_int_equal(approve(pair, 2, pair->project, &node, &err), ERR_NOT_FOUND);
    pair_close(pair);
}

static void a_revoked_box_does_not_come_back(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Err err;
    writer_expect();
    must(engine_begin(pair->hq.engine, &err), &err);
    must(trust_revoke(pair->hq.engine, &pair->hq.actor, pair->box.node.node_short, TEXT(""), &err),
         &err);
    must(engine_commit(pair->hq.engine, &err), &err);
    assert_int_equal(add(pair, &err), ERR_CONFLICT);
    assert_non_null(strstr(err.message, "revoked"));
    pair_close(pair);
}

static void every_byte_of_a_request_counts(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Err err;
    EnrolRequest read;
    Buf *bytes = &pair->request;
    must(enrol_read(buf_as_bytes(bytes), &read, &err), &err);
    for (size_t at = 0; at < bytes->size; at++) {
        bytes->at[at] ^= 0x04;
        assert_int_equal(enrol_read(buf_as_bytes(bytes), &read, &err), ERR_INVALID);
        bytes->at[at] ^= 0x04;
    }
    for (size_t size = 0; size < bytes->size; size++)
        assert_int_equal(enrol_read((Bytes){bytes->at, size}, &read, &err), ERR_INVALID);
    pair_close(pair);
}

/* Every wrong letter and every two that changed places are noticed, but for one in 65,536. */
static void a_slip_in_the_words_is_noticed(void **state)
{
    Err err;
    char words[ENROL_WORDS_MAX];
    char again[ENROL_WORDS_MAX];
    char typed[64];
    (void)state;
    (void)enrol_words(bytes_of(TEXT("a request")), words);
    (void)snprintf(typed, sizeof typed, " %.5s %.5s%.5s-%.5s", words, words + 6, words + 12,
                   words + 18);
    must(enrol_words_parse(text_from_z(typed), again, &err), &err);
    assert_string_equal(again, words);
    for (size_t at = 0; at < strlen(words); at++)
        for (const char *letter = "bdfghjklmnprstvzaiou"; *letter != '\0'; letter++) {
            (void)snprintf(typed, sizeof typed, "%s", words);
            if (typed[at] == '-' || typed[at] == *letter) continue;
            typed[at] = *letter;
            assert_int_equal(enrol_words_parse(text_from_z(typed), again, &err), ERR_INVALID);
        }
    assert_int_equal(enrol_words_parse(TEXT(""), again, &err), ERR_INVALID);
    assert_int_equal(enrol_words_parse(TEXT("one two three four"), again, &err), ERR_INVALID);
}

#define ON_EACH(name, test)          \
    static void name(void **state)   \
    {                                \
        on_each_store(*state, test); \
    }
ON_EACH(let_in, two_persons_let_a_box_in)
ON_EACH(one, one_person_is_not_enough)
ON_EACH(same, both_approve_the_same)
ON_EACH(old, a_request_that_is_too_old_is_gone)
ON_EACH(revoked, a_revoked_box_does_not_come_back)
ON_EACH(bytes, every_byte_of_a_request_counts)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(let_in),
        cmocka_unit_test(one),
        cmocka_unit_test(same),
        cmocka_unit_test(old),
        cmocka_unit_test(revoked),
        cmocka_unit_test(bytes),
        cmocka_unit_test(a_slip_in_the_words_is_noticed),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
