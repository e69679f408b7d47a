/* What we promise about accounts: names that look alike are one, the first is made once, codes can
 * be read aloud, and every change is on record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/query.h"
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

static bool same_key(const char *a, const char *b)
{
    char one[ACCOUNT_KEY_MAX];
    char other[ACCOUNT_KEY_MAX];
    return text_equal(account_name_key(text_from_z(a), one),
                      account_name_key(text_from_z(b), other));
}

static void names_that_look_alike_are_the_same_name(void **state)
{
    (void)state;
    assert_true(same_key("Zhang", "zhang"));
    assert_true(same_key(" zhang\xE3\x80\x80", "zhang"));
    assert_true(same_key("ＺＨＡＮＧ１", "zhang1"));
    assert_true(same_key("ÄÖ", "äö"));
    assert_true(same_key("ИВАН", "иван"));
    assert_false(same_key("张三", "张四"));
    assert_false(same_key("zhang", "zhang1"));
}

static void a_name_is_checked(void **state)
{
    (void)state;
    Err err;
    char long_name[3 * (ACCOUNT_NAME_MAX + 1) + 1];
    for (size_t i = 0; i <= ACCOUNT_NAME_MAX; i++)
        memcpy(long_name + 3 * i, "张", 3);
    long_name[sizeof long_name - 1] = '\0';
    assert_int_equal(account_name_check(TEXT("张三 (塔)"), &err), OK);
    assert_int_equal(account_name_check(TEXT(" \xE3\x80\x80"), &err), ERR_INVALID);
    assert_int_equal(account_name_check(TEXT("a\nb"), &err), ERR_INVALID);
    assert_int_equal(account_name_check(text_from_z(long_name), &err), ERR_INVALID);
    long_name[3 * ACCOUNT_NAME_MAX] = '\0';
    assert_int_equal(account_name_check(text_from_z(long_name), &err), OK);
}

typedef struct Work {
    AccountWish wish;
    Id id;
    const GrantWish *grants;
    size_t grant_count;
} Work;

static ErrCode add_work(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    Work *work = job->context;
    return account_add(engine, NULL, &work->wish, &work->id, err);
}

static ErrCode grants_work(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    Work *work = job->context;
    const Actor actor = {.id = work->id};
    return account_set_grants(engine, &actor, work->id, work->grants, work->grant_count, err);
}

static ErrCode run(ErrCode (*work)(Engine *, Job *, Err *), Work *context, Err *err)
{
    Job job = {.work = work, .context = context};
    return writer_run(served.writer, &job, err);
}

static int64_t count_audits(void)
{
    Store *store = NULL;
    Err err;
    bool found = false;
    assert_int_equal(node_open_reader(&served.node, 0, &store, &err), OK);
    int64_t count = 0;
    {
        AUTO(query_done) Query query = {0};
        assert_int_equal(query_begin(&query, store, AUDIT_COUNT, &err), OK);
        query_bind_int(&query, 1, served.node.shard);
        assert_int_equal(query_next(&query, &found, &err), OK);
        count = query_int(&query, 0);
    }
    store_close(&store);
    return count;
}

static void the_first_account_is_made_once(void **state)
{
    (void)state;
    Err err;
    Work first = {.wish = {.name = TEXT("first"),
                           .stored = "x",
                           .is_first = true,
                           .grants = account_first_grants,
                           .grant_count = account_first_grant_count}};
    assert_int_equal(run(add_work, &first, &err), OK);
    first.wish.name = TEXT("second");
    assert_int_equal(run(add_work, &first, &err), ERR_CONFLICT);
    first.wish.is_first = false;
    assert_int_equal(run(add_work, &first, &err), OK);
}

static void a_name_is_taken_once_however_it_is_written(void **state)
{
    (void)state;
    Err err;
    Work work = {.wish = {.name = TEXT("Wang Wu"), .stored = "x"}};
    const int64_t audits = count_audits();
    assert_int_equal(run(add_work, &work, &err), OK);
    assert_int_equal(count_audits(), audits + 1);
    work.wish.name = TEXT("  ｗANG WU ");
    assert_int_equal(run(add_work, &work, &err), ERR_CONFLICT);
    assert_int_equal(count_audits(), audits + 1); /* nothing happened, nothing is recorded */
}

static void roles_are_held_at_units_and_projects_that_exist(void **state)
{
    (void)state;
    Err err;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 65536);
    const Id unit = served_command(
        &served, "{\"op\":\"01930000-0000-7000-8000-000000000101\",\"do\":\"unit.add\","
                 "\"fields\":{\"name\":\"工程部\",\"level\":\"department\"}}");
    Work work = {.wish = {.name = TEXT("roles"), .stored = "x"}};
    assert_int_equal(run(add_work, &work, &err), OK);
    const GrantWish wishes[] = {{.role = ROLE_STAFF, .scope = unit}, {.role = ROLE_AUDITOR}};
    work.grants = wishes;
    work.grant_count = 2;
    assert_int_equal(run(grants_work, &work, &err), OK);

    Store *store = NULL;
    Account account;
    Grants grants;
    ScopeCard card;
    assert_int_equal(node_open_reader(&served.node, 0, &store, &err), OK);
    assert_int_equal(account_load(store, work.id, &arena, &account, &err), OK);
    assert_int_equal(account_grants(store, account.key, &arena, &grants, &err), OK);
    assert_int_equal(grants.count, 2);
    assert_true(grants_allow(&grants, MAY_AUDIT));
    assert_false(grants_allow(&grants, MAY_ACCOUNTS));
    const size_t at = grants.items[0].role == ROLE_STAFF ? 0 : 1;
    assert_int_equal(
        scope_card(store, served.node.shard, grants.items[at].scope, &arena, &card, &err), OK);
    assert_true(text_is(card.name, "工程部"));
    assert_true(id_equal(card.id, unit));
    store_close(&store);

    const GrantWish nowhere = {.role = ROLE_STAFF, .scope = work.id};
    work.grants = &nowhere;
    work.grant_count = 1;
    assert_int_equal(run(grants_work, &work, &err), ERR_NOT_FOUND);
}

static void a_code_can_be_typed_in_any_way(void **state)
{
    (void)state;
    char code[CODE_TEXT_MAX];
    char normal[CODE_TEXT_MAX];
    for (int i = 0; i < 200; i++) {
        code_make(host_real(), 2, code);
        assert_int_equal(strlen(code), 9);
        assert_int_equal(code[4], '-');
        assert_null(strpbrk(code, "ILO01"));
    }
    assert_true(text_is(code_normalise(TEXT("abcd efgh"), normal), "ABCD-EFGH"));
    assert_true(text_is(code_normalise(TEXT("ABCDEFGH"), normal), "ABCD-EFGH"));
    assert_true(text_is(code_normalise(TEXT("ABCD-EFGH"), normal), "ABCD-EFGH"));
    assert_false(text_is(code_normalise(TEXT("ABCD-EFGHJ"), normal), "ABCD-EFGH"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_look_alike_are_the_same_name),
        cmocka_unit_test(a_name_is_checked),
        cmocka_unit_test(the_first_account_is_made_once),
        cmocka_unit_test(a_name_is_taken_once_however_it_is_written),
        cmocka_unit_test(roles_are_held_at_units_and_projects_that_exist),
        cmocka_unit_test(a_code_can_be_typed_in_any_way),
    };
    return cmocka_run_group_tests_name("accounts", tests, start, stop);
}
