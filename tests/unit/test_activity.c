/* What we promise about activities: several groups hold one in one act, and what is wrong with any
 * part of it refuses all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/node.h"
#include "store/query.h"
#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"

/* A project with a Party group, a union group and a crew, all there since January. */
typedef struct Site {
    Play play;
    Id unit;
    Id project;
    Id party;
    Id labour;
    Id crew;
} Site;

static Id add_group(Site *site, const char *kind)
{
    const Id group =
        play_add(&site->play, "group", "\"name\":\"%s\",\"unit\":\"%s\",\"kind\":\"%s\"", kind,
                 play_text(site->unit), kind);
    play_add(&site->play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(group), play_text(site->project));
    return group;
}

static void site_open(Site *site, Store *store)
{
    memset(site, 0, sizeof *site);
    play_open(&site->play, store, 22);
    site->unit = play_add(&site->play, "unit", "\"name\":\"公司\"");
    site->project = play_add(&site->play, "project",
                             "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                             play_text(site->unit));
    site->party = add_group(site, "party");
    site->labour = add_group(site, "union");
    site->crew = add_group(site, "crew");
}

/* A theme day with what the groups make of it. */
static Answer hold(Site *site, const char *fields, const char *parts)
{
    return play_command(&site->play,
                        "\"do\":\"activity.add\",\"fields\":{\"project\":\"%s\","
                        "\"title\":\"主题党日\"%s},\"parts\":[%s]",
                        play_text(site->project), fields, parts);
}

static const char *part(Id group, const char *meeting, const char *rest)
{
    static char texts[4][400];
    static unsigned turn;
    char *text = texts[turn = (turn + 1) % 4];
    snprintf(text, sizeof texts[0], "{\"group\":\"%s\",\"meeting\":\"%s\"%s}", play_text(group),
             meeting, rest);
    return text;
}

static size_t count_parts(Site *site, Id activity)
{
    Err err;
    AUTO(query_done) Query query = {0};
    int64_t key = 0;
    bool found = false;
    size_t count = 0;
    must(thing_find(site->play.store, site->play.node.shard, activity, &key, &err), &err);
    must(query_begin(&query, site->play.store, PARTS_OF_ACTIVITY, &err), &err);
    query_bind_int(&query, 1, site->play.node.shard);
    query_bind_int(&query, 2, key);
    must(query_next(&query, &found, &err), &err);
    while (found) {
        count++;
        must(query_next(&query, &found, &err), &err);
    }
    return count;
}

static void one_act(Stores *stores)
{
    static Site site;
    char parts[1200];
    site_open(&site, stores->writer);
    snprintf(parts, sizeof parts, "%s,%s,%s", part(site.party, "theme_day", ""),
             part(site.labour, "union_meeting", ",\"record\":\"三条意见\""),
             part(site.crew, "safety_day", ""));
    const Answer answer = hold(&site, ",\"day\":\"2026-02-05\",\"start\":\"08:30\"", parts);
    assert_int_equal(answer.status, ANSWER_DONE);
    assert_int_equal(answer.id_count, 4); /* the activity, then each part */
    assert_int_equal(count_parts(&site, answer.ids[0]), 3);
    /* An activity that came with its parts is like any other: no group holds it twice. */
    const Answer again =
        play_command(&site.play,
                     "\"do\":\"part.add\",\"fields\":{\"activity\":\"%s\",\"group\":\"%s\","
                     "\"meeting\":\"theme_day\"}",
                     play_text(answer.ids[0]), play_text(site.party));
    assert_int_equal(again.code, ERR_CONFLICT);
    play_close(&site.play);
}

static void an_activity_of_three_groups_is_one_act(void **state)
{
    on_each_store(*state, one_act);
}

static void expect_refusal(Answer answer, ErrCode code, const char *words)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    if (answer.code != code || strstr(answer.detail, words) == NULL)
        fail_msg("wanted \"%s\": %s %s", words, err_name(answer.code), answer.detail);
}

static void all_or_nothing(Stores *stores)
{
    static Site site;
    Err err;
    char parts[1200];
    const char *day = ",\"day\":\"2026-02-05\"";
    site_open(&site, stores->writer);
    snprintf(parts, sizeof parts, "%s,%s", part(site.party, "theme_day", ""),
             part(site.crew, "theme_day", ""));
    expect_refusal(hold(&site, day, parts), ERR_INVALID, "part 2");
    snprintf(parts, sizeof parts, "%s,%s", part(site.party, "theme_day", ""),
             part(site.party, "theme_day", ",\"record\":\"x\""));
    expect_refusal(hold(&site, day, parts), ERR_CONFLICT, "part 2");
    expect_refusal(hold(&site, day, part(site.unit, "theme_day", "")), ERR_NOT_FOUND, "part 1");
    expect_refusal(hold(&site, day, part(site.crew, "safety_day", ",\"makes_up\":\"2026-02-05\"")),
                   ERR_INVALID, "makes_up");
    AUTO(query_done) Query query = {0};
    bool found = false;
    must(query_begin(&query, site.play.store, LEADS_TO_PROJECT, &err), &err);
    query_bind_int(&query, 1, site.play.node.shard);
    int64_t key = 0;
    must(thing_find(site.play.store, site.play.node.shard, site.project, &key, &err), &err);
    query_bind_int(&query, 2, key);
    must(query_next(&query, &found, &err), &err);
    while (found) {
        assert_int_not_equal(query_int(&query, 0), KIND_ACTIVITY); /* nothing was made */
        must(query_next(&query, &found, &err), &err);
    }
    query_done(&query);
    play_close(&site.play);
}

static void what_is_wrong_with_one_part_refuses_all(void **state)
{
    on_each_store(*state, all_or_nothing);
}

static void times(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    static const char *const wrong[] = {
        ",\"start\":\"8:30\"",
        ",\"start\":\"24:00\"",
        ",\"start\":\"12:60\"",
        ",\"start\":\"ab:cd\"",
        ",\"end\":\"09:00\"",
        ",\"start\":\"09:00\",\"end\":\"09:00\"",
        ",\"start\":\"09:00\",\"end\":\"08:59\"",
        ",\"start\":\"08:30\",\"end\":\"10:00\",\"duration\":89",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (hold(&site, wrong[i], "").code != ERR_INVALID) fail_msg("%s was taken", wrong[i]);
    assert_int_equal(
        hold(&site, ",\"start\":\"08:30\",\"end\":\"10:00\",\"duration\":90", "").status,
        ANSWER_DONE);
    play_close(&site.play);
}

static void a_meeting_ends_after_it_began(void **state)
{
    on_each_store(*state, times);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_activity_of_three_groups_is_one_act),
        cmocka_unit_test(what_is_wrong_with_one_part_refuses_all),
        cmocka_unit_test(a_meeting_ends_after_it_began),
    };
    return cmocka_run_group_tests_name("activity", tests, stores_setup, stores_teardown);
}
