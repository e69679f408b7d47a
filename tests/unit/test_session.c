/* What we promise about sessions: a secret that cannot be guessed or read from the store, and an
 * end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/device.h"
#include "support/served.h"

static Served served;

static int start(void **state)
{
    (void)state;
    served_start(&served);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    served_stop(&served);
    return 0;
}

static void a_cookie_carries_the_secret_there_and_back(void **state)
{
    (void)state;
    const Sid sid = sid_make(host_real());
    for (int is_tls = 0; is_tls < 2; is_tls++) {
        char cookie[COOKIE_TEXT_MAX];
        Sid back;
        session_cookie(&sid, (SessionLimits){.absolute_ms = DAY_MS}, is_tls != 0, cookie);
        assert_non_null(strstr(cookie, "; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400"));
        assert_int_equal(strstr(cookie, "; Secure") != NULL, is_tls);
        assert_int_equal(strncmp(cookie, "__Host-sid=", 11) == 0, is_tls);
        *strchr(cookie, ';') = '\0';
        assert_true(session_read_cookie(cookie, is_tls != 0, &back));
        assert_memory_equal(sid.at, back.at, sizeof sid.at);
        assert_false(session_read_cookie(cookie, is_tls == 0, &back));
        cookie[strlen(cookie) - 1] = '\0';
        assert_false(session_read_cookie(cookie, is_tls != 0, &back));
    }
}

static void the_token_follows_from_the_secret_and_not_from_its_digest(void **state)
{
    (void)state;
    const Sid one = sid_make(host_real());
    const Sid other = sid_make(host_real());
    char token[CSRF_TEXT_MAX];
    char again[CSRF_TEXT_MAX];
    assert_string_equal(sid_csrf(&one, token), sid_csrf(&one, again));
    assert_string_not_equal(sid_csrf(&one, token), sid_csrf(&other, again));
    const Digest digest = sid_digest(&one);
    Sid from_database;
    memcpy(from_database.at, digest.at, sizeof from_database.at);
    assert_string_not_equal(sid_csrf(&one, token), sid_csrf(&from_database, again));
}

static void those_who_may_more_are_signed_out_sooner(void **state)
{
    (void)state;
    const Grant worker = {.role = ROLE_WORKER};
    const Grant staff[2] = {{.role = ROLE_WORKER}, {.role = ROLE_STAFF, .scope = 7}};
    const Grants few = {&worker, 1};
    const Grants more = {staff, 2};
    assert_int_equal(session_limits(&few, false).idle_ms, 12 * HOUR_MS);
    assert_int_equal(session_limits(&few, false).absolute_ms, 7 * DAY_MS);
    assert_int_equal(session_limits(&more, false).idle_ms, 30 * MINUTE_MS);
    assert_int_equal(session_limits(&more, false).absolute_ms, 12 * HOUR_MS);
    assert_int_equal(session_limits(&more, true).idle_ms, 12 * HOUR_MS);
}

typedef struct Begin {
    Sid sid;
    int64_t account;
    int64_t now_ms;
} Begin;

static ErrCode begin_work(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    const Begin *begin = job->context;
    const Digest digest = sid_digest(&begin->sid);
    return session_begin(engine, &digest, begin->account, begin->now_ms, err);
}

static ErrCode touch_work(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    const Begin *begin = job->context;
    const Digest digest = sid_digest(&begin->sid);
    return session_touch(engine, &digest, begin->now_ms, err);
}

static void run(ErrCode (*work)(Engine *, Job *, Err *), Begin *begin)
{
    Err err;
    Job job = {.work = work, .context = begin};
    assert_int_equal(writer_run(served.writer, &job, &err), OK);
}

static bool is_alive(const Sid *sid, int64_t now_ms)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 65536);
    Store *store = NULL;
    Session session;
    Err err;
    bool found = false;
    assert_int_equal(node_open_reader(&served.node, 0, &store, &err), OK);
    const SessionClock clock = {.now_ms = now_ms};
    assert_int_equal(session_load(store, sid, clock, &arena, &found, &session, &err), OK);
    store_close(&store);
    return found;
}

static int64_t key_of(Id id)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 65536);
    Store *store = NULL;
    Account account;
    Err err;
    assert_int_equal(node_open_reader(&served.node, 0, &store, &err), OK);
    assert_int_equal(account_load(store, id, &arena, &account, &err), OK);
    store_close(&store);
    return account.key;
}

static void a_session_ends_when_idle_or_old_and_lives_on_when_used(void **state)
{
    (void)state;
    const GrantWish worker = {.role = ROLE_WORKER};
    const int64_t account = key_of(served_account(&served, "idle", &worker, 1));
    const int64_t start_ms = 1000 * DAY_MS;
    Begin begin = {.sid = sid_make(host_real()), .account = account, .now_ms = start_ms};
    run(begin_work, &begin);
    assert_true(is_alive(&begin.sid, start_ms));
    assert_true(is_alive(&begin.sid, start_ms + 12 * HOUR_MS));
    assert_false(is_alive(&begin.sid, start_ms + 12 * HOUR_MS + 1));
    for (int64_t at_ms = start_ms; at_ms <= start_ms + 7 * DAY_MS; at_ms += 6 * HOUR_MS) {
        begin.now_ms = at_ms;
        run(touch_work, &begin);
        assert_true(is_alive(&begin.sid, at_ms));
    }
    assert_false(is_alive(&begin.sid, start_ms + 7 * DAY_MS + 1));
    begin.now_ms = start_ms; /* a clock that went back does not undo a later use */
    run(touch_work, &begin);
    assert_true(is_alive(&begin.sid, start_ms + 7 * DAY_MS));
    assert_false(is_alive(&begin.sid, start_ms - 2 * HOUR_MS));
}

static void a_password_counts_as_just_given_for_five_minutes(void **state)
{
    (void)state;
    const Session session = {.confirmed_ms = 1000 * DAY_MS};
    assert_true(session_is_confirmed(&session, 1000 * DAY_MS));
    assert_true(session_is_confirmed(&session, 1000 * DAY_MS + 5 * MINUTE_MS));
    assert_false(session_is_confirmed(&session, 1000 * DAY_MS + 5 * MINUTE_MS + 1));
    assert_false(session_is_confirmed(&session, 999 * DAY_MS)); /* the clock was put back */
}

static void an_unknown_secret_is_nobodys(void **state)
{
    (void)state;
    const Sid sid = sid_make(host_real());
    assert_false(is_alive(&sid, 1000 * DAY_MS));
}

static void a_device_is_known_for_its_account_only(void **state)
{
    (void)state;
    const Digest key = device_key(&served.node.keyring);
    const Digest other_key = hash_of(bytes_of(TEXT("another node")));
    const Device device = device_make(host_real());
    Device back;
    Id mine = {{1}};
    Id yours = {{2}};
    char cookie[COOKIE_TEXT_MAX];
    device_cookie(&key, &device, mine, false, cookie);
    *strchr(cookie, ';') = '\0';
    assert_true(device_read_cookie(cookie, &key, mine, false, &back));
    assert_memory_equal(device.number, back.number, sizeof device.number);
    assert_false(device_read_cookie(cookie, &key, yours, false, &back));
    assert_false(device_read_cookie(cookie, &other_key, mine, false, &back));
    cookie[10] = cookie[10] == 'A' ? 'B' : 'A';
    assert_false(device_read_cookie(cookie, &key, mine, false, &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_carries_the_secret_there_and_back),
        cmocka_unit_test(the_token_follows_from_the_secret_and_not_from_its_digest),
        cmocka_unit_test(those_who_may_more_are_signed_out_sooner),
        cmocka_unit_test(a_session_ends_when_idle_or_old_and_lives_on_when_used),
        cmocka_unit_test(a_password_counts_as_just_given_for_five_minutes),
        cmocka_unit_test(an_unknown_secret_is_nobodys),
        cmocka_unit_test(a_device_is_known_for_its_account_only),
    };
    return cmocka_run_group_tests_name("session", tests, start, stop);
}
