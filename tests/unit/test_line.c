/* What we promise about the line between two nodes: a real server and a real client, and in between
 * everything that thin links do. Whatever answers, nothing is lost and nothing counts twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/meet.h"
#include "support/served.h"
#include "support/stores.h"
#include "sync/keeper.h"
#include "sync/message.h"
#include "sync/pair.h"
#include "sync/round.h"

#define ENTRIES 40

/* A box of its own beside a served headquarters. */
typedef struct Box {
    char directory[40];
    Node node;
    Store *store;
    Engine *engine;
    Peer hq;
    LineEnd place;
    Line *line;
} Box;

static Served hq;
static Box box;

static void befriend(const char *directory, const Node *other, const char *name)
{
    Err err;
    Node node = {0};
    Store *store = NULL;
    must(node_open(&node, host_real(), directory, &err), &err);
    must(node_open_writer(&node, &store, &err), &err);
    const Peer peer = {.name = text_from_z(name),
                       .key = signing_key_public(&other->signing_key),
                       .node_short = other->node_short,
                       .warrant = {.is_everything = true}};
    must(peers_add(store, &peer, &err), &err);
    store_close(&store);
    node_close(&node);
}

static void box_open(void)
{
    Err err;
    writer_begin();
    must(node_open(&box.node, host_real(), box.directory, &err), &err);
    must(node_open_writer(&box.node, &box.store, &err), &err);
    must(engine_open(&box.engine, &box.node, box.store, &err), &err);
    must(line_open(&box.line, &err), &err);
    box.hq = (Peer){.name = TEXT("hq"),
                    .key = signing_key_public(&hq.node.signing_key),
                    .node_short = hq.node.node_short,
                    .warrant = {.is_everything = true}};
    box.place = (LineEnd){.url = ""};
    (void)snprintf(box.place.url, sizeof box.place.url, "http://127.0.0.1:%u", hq.port);
}

static int start(void **state)
{
    Err err;
    (void)state;
    const NodeWish wish = {.name = TEXT("盒子"), .role = NODE_BOX};
    served_start(&hq);
    (void)snprintf(box.directory, sizeof box.directory, "/tmp/tongpin-box-XXXXXX");
    assert_non_null(mkdtemp(box.directory));
    must(node_init(host_real(), box.directory, &wish, &err), &err);
    must(node_open(&box.node, host_real(), box.directory, &err), &err);
    befriend(box.directory, &hq.node, "hq");
    served_end(&hq);
    befriend(hq.directory, &box.node, "box");
    node_close(&box.node);
    served_begin(&hq);
    box_open();
    return 0;
}

static int remove_one(const char *path, const struct stat *facts, int type, struct FTW *place)
{
    (void)facts, (void)type, (void)place;
    return remove(path);
}

static int stop(void **state)
{
    (void)state;
    line_close(&box.line);
    engine_close(&box.engine);
    store_close(&box.store);
    node_close(&box.node);
    writer_end();
    nftw(box.directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    served_stop(&hq);
    return 0;
}

/* ---- a round ---- */

static ErrCode ask(void *context, Buf *out, Err *err)
{
    (void)context;
    writer_expect();
    must(engine_begin(box.engine, err), err);
    must(session_ask(box.engine, &box.hq, NULL, out, err), err);
    return engine_commit(box.engine, err);
}

static ErrCode take(void *context, Bytes answer, SessionResult *out_result, Err *err)
{
    (void)context;
    writer_expect();
    must(engine_begin(box.engine, err), err);
    must(session_take(box.engine, &box.hq, answer, NULL, out_result, err), err);
    return engine_commit(box.engine, err);
}

static ErrCode round_to(LineEnd *place, RoundReport *out_report, Err *err)
{
    const RoundWork work = {ask, take, NULL};
    return round_run(box.line, &box.node, &box.hq, place, &work, out_report, err);
}

static RoundReport go(void)
{
    Err err;
    RoundReport report;
    must(round_to(&box.place, &report, &err), &err);
    return report;
}

static void write_units(int count)
{
    static unsigned written;
    for (int i = 0; i < count; i++) {
        char json[200];
        written++;
        (void)snprintf(json, sizeof json,
                       "{\"op\":\"01930000-0000-7000-8000-%012x\",\"do\":\"unit.add\","
                       "\"fields\":{\"name\":\"单位%u\"}}",
                       written, written);
        (void)served_command(&hq, json);
    }
}

static void two_nodes_get_in_step_over_a_line(void **state)
{
    (void)state;
    write_units(3);
    const RoundReport first = go();
    assert_true(first.new_entries >= 3);
    assert_true(first.last.is_in_step);
    const RoundReport again = go();
    assert_int_equal(again.asks, 1);
    assert_int_equal(again.new_entries, 0);
    /* One question, one answer, and no greeting: the nonce came with the answer before. */
    assert_true(again.sent_bytes <= 200);
    assert_true(again.received_bytes <= 200);
}

static void a_server_started_anew_asks_for_a_new_greeting_and_no_more(void **state)
{
    (void)state;
    served_restart(&hq);
    (void)snprintf(box.place.url, sizeof box.place.url, "http://127.0.0.1:%u", hq.port);
    const RoundReport report = go();
    assert_true(report.last.is_in_step);
}

static void headquarters_sees_how_far_behind_a_box_is(void **state)
{
    HttpClient client;
    const GrantWish admin = {.role = ROLE_SYSTEM_ADMIN};
    (void)state;
    (void)go();
    (void)served_account(&hq, "机管", &admin, 1);
    served_sign_in(&hq, &client, "机管");
    assert_int_equal(http_ask(&client, "GET", "/api/v1/peers", NULL), 200);
    assert_non_null(strstr(http_body(&client), "\"name\":\"box\""));
    assert_non_null(strstr(http_body(&client), "\"in_step\":true"));
    write_units(2);
    assert_int_equal(http_ask(&client, "GET", "/api/v1/peers", NULL), 200);
    assert_null(strstr(http_body(&client), "\"last_ms\":null"));
    http_done(&client);
}

/* ---- who answers ---- */

static void a_question_counts_once(void **state)
{
    Err err;
    AUTO(buf_done) Buf message = {0};
    AUTO(buf_done) Buf request = {0};
    LineReply reply = {0};
    Envelope heard;
    (void)state;
    (void)go(); /* a nonce is known */
    buf_init(&message, MESSAGE_BYTES_MAX);
    buf_init(&request, MESSAGE_BYTES_MAX);
    buf_init(&reply.body, LINE_BYTES_MAX);
    must(ask(NULL, &message, &err), &err);
    const Envelope say = {.kind = ENVELOPE_ASK,
                          .sender = box.node.node_short,
                          .nonce = box.place.nonce,
                          .message = buf_as_bytes(&message)};
    const EnvelopeTo to = {.addressee = hq.node.node_short};
    envelope_put(&request, &say, &to, &box.node.signing_key);
    for (int i = 0; i < 2; i++) {
        must(line_post(box.line, box.place.url, NULL, false, buf_as_bytes(&request), &reply, &err),
             &err);
        must(envelope_read(buf_as_bytes(&reply.body), &heard, &err), &err);
        assert_int_equal(heard.kind, i == 0 ? ENVELOPE_ANSWER : ENVELOPE_WELCOME);
    }
    buf_done(&reply.body);
    box.place.has_nonce = false;
    assert_true(go().last.is_in_step);
}

static void strangers_are_refused(void **state)
{
    Err err;
    RoundReport report;
    SigningKey stranger;
    uint8_t seed[SIGN_SEED_SIZE] = {9};
    (void)state;
    const SigningKey own = box.node.signing_key;
    const uint64_t own_short = box.node.node_short;
    signing_key_from_seed(&stranger, seed);
    box.node.signing_key = stranger; /* the name of the box, and not its key */
    box.place.has_nonce = false;
    assert_int_equal(round_to(&box.place, &report, &err), ERR_DENIED);
    assert_non_null(strstr(err.message, "no peer of this node"));
    box.node.signing_key = own;
    box.node.node_short = own_short;
    assert_true(go().last.is_in_step);
}

static void another_node_is_not_taken_for_the_peer(void **state)
{
    Err err;
    RoundReport report;
    (void)state;
    const Peer real = box.hq;
    box.hq.key.at[0] ^= 1;
    box.place.has_nonce = false;
    assert_int_not_equal(round_to(&box.place, &report, &err), OK);
    assert_int_equal(report.new_entries, 0);
    box.hq = real;
}

/* ---- what is in between ---- */

typedef struct Between {
    pthread_t thread;
    int listener;
    uint16_t port;
    const char *page;   /* answers with this, or */
    size_t cut_after;   /* passes on so many bytes of each answer */
    size_t whole_first; /* but so many connections whole */
    atomic_bool is_over;
} Between;

static int connect_to_hq(void)
{
    const int made = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(hq.port)};
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert(made >= 0);
    if (connect(made, (const struct sockaddr *)(const void *)&place, sizeof place) != 0) abort();
    return made;
}

static void pass_on(Between *between, int client)
{
    char bytes[65536];
    struct timeval wait = {.tv_usec = 300000};
    const int server = connect_to_hq();
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    size_t left = between->cut_after;
    for (ssize_t count; (count = recv(client, bytes, sizeof bytes, 0)) > 0;)
        (void)send(server, bytes, (size_t)count, MSG_NOSIGNAL);
    for (ssize_t count; left > 0 && (count = recv(server, bytes, sizeof bytes, 0)) > 0;) {
        const size_t some = (size_t)count < left ? (size_t)count : left;
        (void)send(client, bytes, some, MSG_NOSIGNAL);
        left -= some;
    }
    close(server);
}

static void *run_between(void *context)
{
    Between *between = context;
    while (!atomic_load(&between->is_over)) {
        char bytes[4096];
        const int client = accept(between->listener, NULL, NULL);
        if (client < 0) return NULL;
        if (between->page != NULL) {
            (void)recv(client, bytes, sizeof bytes, 0);
            (void)send(client, between->page, strlen(between->page), MSG_NOSIGNAL);
        } else {
            pass_on(between, client);
        }
        shutdown(client, SHUT_RDWR);
        close(client);
    }
    return NULL;
}

static void between_start(Between *between)
{
    struct sockaddr_in place = {.sin_family = AF_INET};
    socklen_t size = sizeof place;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    between->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(between->listener >= 0);
    assert_int_equal(bind(between->listener, (struct sockaddr *)(void *)&place, sizeof place), 0);
    assert_int_equal(listen(between->listener, 8), 0);
    getsockname(between->listener, (struct sockaddr *)(void *)&place, &size);
    between->port = ntohs(place.sin_port);
    assert_int_equal(pthread_create(&between->thread, NULL, run_between, between), 0);
}

static void between_stop(Between *between)
{
    atomic_store(&between->is_over, true);
    shutdown(between->listener, SHUT_RDWR);
    pthread_join(between->thread, NULL);
    close(between->listener);
}

static LineEnd way_of(const Between *between)
{
    LineEnd place = {.url = ""};
    (void)snprintf(place.url, sizeof place.url, "http://127.0.0.1:%u", between->port);
    return place;
}

static void a_login_page_is_called_one(void **state)
{
    Err err;
    RoundReport report;
    (void)state;
    Between portal = {.page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n"
                              "Connection: close\r\n\r\n<html>login</html>\r\n"};
    between_start(&portal);
    LineEnd place = way_of(&portal);
    assert_int_equal(round_to(&place, &report, &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "login page"));
    between_stop(&portal);
}

/* It may even say that it is what we wait for. */
static void a_page_in_the_right_type_does_not_pass_for_a_node(void **state)
{
    Err err;
    RoundReport report;
    (void)state;
    Between portal = {.page = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                              "Content-Length: 20\r\nConnection: close\r\n\r\n"
                              "<html>login</html>\r\n"};
    between_start(&portal);
    LineEnd place = way_of(&portal);
    assert_int_equal(round_to(&place, &report, &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "nothing that a node says"));
    between_stop(&portal);
}

static void who_is_busy_is_left_in_peace(void **state)
{
    Err err;
    RoundReport report;
    (void)state;
    Between busy = {.page = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\n"
                            "Content-Length: 0\r\nConnection: close\r\n\r\n"};
    between_start(&busy);
    LineEnd place = way_of(&busy);
    assert_int_equal(round_to(&place, &report, &err), ERR_BUSY);
    assert_int_equal(report.retry_s, 7);
    between_stop(&busy);
}

/* Cut at one place after the other in the answers; then once straight: nothing is lost or twice. */
static void a_line_that_is_cut_loses_nothing(void **state)
{
    (void)state;
    unsigned cuts = 0;
    for (size_t after = 1; after < 2400; after += after < 800 ? 199 : 401) {
        Err err;
        RoundReport report;
        write_units(2);
        Between proxy = {.cut_after = after};
        between_start(&proxy);
        LineEnd place = way_of(&proxy);
        const ErrCode code = round_to(&place, &report, &err);
        if (code == ERR_IO) cuts++;
        if (code != OK) assert_int_equal(code, ERR_IO);
        between_stop(&proxy);
        const RoundReport straight = go();
        assert_true(straight.last.is_in_step);
        assert_int_equal(report.new_entries + straight.new_entries, 2);
    }
    assert_true(cuts >= 3);
    printf("%u lines cut\n", cuts);
}

static void nobody_there_is_said(void **state)
{
    Err err;
    RoundReport report;
    (void)state;
    Between gone = {.page = ""};
    between_start(&gone);
    LineEnd place = way_of(&gone);
    between_stop(&gone);
    assert_int_equal(round_to(&place, &report, &err), ERR_IO);
    assert_non_null(strstr(err.message, "no line"));
}

/* ---- by itself ---- */

static void wait_for_news(Changes *changes, int64_t since)
{
    for (int i = 0; i < 300 && changes_version(changes) == since; i++)
        usleep(100000);
    assert_true(changes_version(changes) > since);
}

static void a_served_node_keeps_in_step_by_itself(void **state)
{
    Err err;
    Changes *changes = NULL;
    Writer *writer = NULL;
    Keeper *keeper = NULL;
    Pair pair;
    (void)state;
    writer_expect();
    must(engine_begin(box.engine, &err), &err);
    must(line_end_save(box.store, box.hq.node_short, &box.place, &err), &err);
    must(engine_commit(box.engine, &err), &err);
    changes_open(&changes, engine_version(box.engine));
    writer_end();
    must(writer_start(&writer, box.engine, changes, &err), &err);
    const int64_t before = changes_version(changes);
    write_units(2);
    must(keeper_start(&keeper, &box.node, writer, changes, &err), &err);
    wait_for_news(changes, before);
    keeper_stop(&keeper);
    writer_stop(&writer);
    changes_close(&changes);
    writer_begin();
    must(pair_load(box.store, box.hq.node_short, &pair, &err), &err);
    assert_true(pair.last_ms > 0);
    box.place.has_nonce = false;
    assert_int_equal(go().new_entries, 0);
}

static void who_fails_waits_longer_and_longer(void **state)
{
    (void)state;
    assert_int_equal(keeper_wait_ms(0, 0, 0), 300000);
    assert_int_equal(keeper_wait_ms(1, 0, 0), 5000);
    assert_int_equal(keeper_wait_ms(2, 0, 0), 10000);
    assert_int_equal(keeper_wait_ms(8, 0, 0), 640000);
    assert_int_equal(keeper_wait_ms(9, 0, 0), 900000);
    assert_int_equal(keeper_wait_ms(4000000000U, 0, 0), 900000);
    assert_int_equal(keeper_wait_ms(0, 7, 0), 7000); /* as long as somebody busy says */
    for (uint64_t random = 0; random < 5000; random += 7) {
        assert_true(keeper_wait_ms(1, 0, random) >= 5000);
        assert_true(keeper_wait_ms(1, 0, random) <= 6250);
    }
}

/* ---- the bytes ---- */

static void every_byte_of_an_envelope_counts(void **state)
{
    Err err;
    Envelope read;
    SigningKey key;
    AUTO(buf_done) Buf bytes = {0};
    uint8_t seed[SIGN_SEED_SIZE] = {3};
    (void)state;
    signing_key_from_seed(&key, seed);
    const PublicKey public = signing_key_public(&key);
    const Envelope say = {.kind = ENVELOPE_ASK,
                          .sender = node_short_of(&public),
                          .nonce = {{1, 2, 3}},
                          .message = bytes_of(TEXT("question"))};
    const EnvelopeTo to = {.addressee = 77};
    const EnvelopeTo other = {.addressee = 78};
    const EnvelopeTo answer = {.addressee = 77, .answered = bytes_of(TEXT("x"))};
    buf_init(&bytes, 1024);
    envelope_put(&bytes, &say, &to, &key);
    must(envelope_read(buf_as_bytes(&bytes), &read, &err), &err);
    assert_true(envelope_is_signed(&read, &to, &public));
    assert_false(envelope_is_signed(&read, &other, &public));
    assert_false(envelope_is_signed(&read, &answer, &public));
    for (size_t at = 0; at < bytes.size; at++) {
        bytes.at[at] ^= 0x10;
        if (envelope_read(buf_as_bytes(&bytes), &read, &err) == OK)
            assert_false(envelope_is_signed(&read, &to, &public));
        bytes.at[at] ^= 0x10;
    }
    for (size_t size = 0; size < ENVELOPE_HEAD_SIZE; size++)
        assert_int_equal(envelope_read((Bytes){bytes.at, size}, &read, &err), ERR_INVALID);
    signing_key_done(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_nodes_get_in_step_over_a_line),
        cmocka_unit_test(a_server_started_anew_asks_for_a_new_greeting_and_no_more),
        cmocka_unit_test(headquarters_sees_how_far_behind_a_box_is),
        cmocka_unit_test(a_question_counts_once),
        cmocka_unit_test(strangers_are_refused),
        cmocka_unit_test(another_node_is_not_taken_for_the_peer),
        cmocka_unit_test(a_login_page_is_called_one),
        cmocka_unit_test(a_page_in_the_right_type_does_not_pass_for_a_node),
        cmocka_unit_test(who_is_busy_is_left_in_peace),
        cmocka_unit_test(a_line_that_is_cut_loses_nothing),
        cmocka_unit_test(nobody_there_is_said),
        cmocka_unit_test(a_served_node_keeps_in_step_by_itself),
        cmocka_unit_test(who_fails_waits_longer_and_longer),
        cmocka_unit_test(every_byte_of_an_envelope_counts),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
