/* What we promise about obligations of real groups: one activity is held once and counts for each
 * group as what its part says; what makes no sense is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/answer.h"
#include "base/doc.h"
#include "duties/duty.h"
#include "support/play.h"
#include "support/stores.h"

/* A project with a Party group and a crew, both there since January. */
#define WAIVED_FOR "春节停工"

typedef struct Town {
    Play play;
    Id unit;
    Id project;
    Id party;
    Id crew;
} Town;

static Id add_group(Town *town, const char *kind)
{
    const Id group =
        play_add(&town->play, "group", "\"name\":\"%s\",\"unit\":\"%s\",\"kind\":\"%s\"", kind,
                 play_text(town->unit), kind);
    play_add(&town->play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(group), play_text(town->project));
    return group;
}

static void town_open(Town *town, Store *store)
{
    memset(town, 0, sizeof *town);
    play_open(&town->play, store, 4);
    town->unit = play_add(&town->play, "unit", "\"name\":\"公司\"");
    town->project = play_add(&town->play, "project",
                             "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                             play_text(town->unit));
    town->party = add_group(town, "party");
    town->crew = add_group(town, "crew");
}

static Id add_activity(Town *town, const char *day)
{
    return play_add(&town->play, "activity",
                    "\"project\":\"%s\",\"title\":\"安全主题党日\",\"day\":\"%s\","
                    "\"progress\":\"held\"",
                    play_text(town->project), day);
}

static Answer add_part(Town *town, Id activity, Id group, const char *meeting, const char *rest)
{
    return play_command(&town->play,
                        "\"do\":\"part.add\",\"fields\":{\"activity\":\"%s\",\"group\":\"%s\","
                        "\"meeting\":\"%s\"%s}",
                        play_text(activity), play_text(group), meeting, rest);
}

/* The states of a meeting in February 2026, one letter each: the first of its name. */
static const char *states_of(Town *town, const char *meeting, const char *on)
{
    static char letters[64];
    Err err;
    Emit emit;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf text = {0};
    AUTO(doc_done) Doc doc = {0};
    size_t count = 0;
    arena_init(&arena, (size_t)16 << 20);
    buf_init(&text, (size_t)1 << 20);
    emit_init(&emit, &text);
    View view = {.store = town->play.store,
                 .pack = town->play.node.pack,
                 .reach = reach_everything(),
                 .shard = town->play.node.shard,
                 .utc_offset_minutes = town->play.node.utc_offset_minutes,
                 .arena = &arena};
    OwedAsk ask = {.project = town->project};
    must(day_parse(text_from_z(on), &view.on, &err), &err);
    must(period_parse(TEXT("2026-02"), 0, &ask.within, &err), &err);
    must(answer_owed(&view, &ask, &emit, &err), &err);
    must(doc_parse(&doc, buf_as_bytes(&text), &err), &err);
    const DocValue *items = doc_get(doc.root, "items");
    for (size_t i = 0; i < doc_count(items) && count + 1 < sizeof letters; i++) {
        const DocValue *item = doc_at(items, i);
        if (!text_is(doc_text(doc_get(item, "meeting")), meeting)) continue;
        const bool is_waived = text_is(doc_text(doc_get(item, "state")), "waived");
        letters[count++] = doc_text(doc_get(item, "state")).at[0];
        const DocValue *reason = doc_get(item, "waiver_reason");
        assert_int_equal(doc_type(reason), is_waived ? DOC_TEXT : DOC_NULL);
        if (is_waived) assert_true(text_is(doc_text(reason), WAIVED_FOR));
    }
    letters[count] = '\0';
    return letters;
}

static void one_activity_for_two(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    assert_string_equal(states_of(&town, "theme_day", "2026-02-10"), "d"); /* due */
    assert_string_equal(states_of(&town, "theme_day", "2026-03-10"), "o"); /* overdue */
    const Id activity = add_activity(&town, "2026-02-05");
    assert_int_equal(add_part(&town, activity, town.party, "theme_day", "").status, ANSWER_DONE);
    assert_int_equal(add_part(&town, activity, town.crew, "safety_day", "").status, ANSWER_DONE);
    assert_string_equal(states_of(&town, "theme_day", "2026-03-10"), "d"); /* done */
    /* Weeks from 26 January, 2, 9, 16 and 23 February; the second has its safety day. */
    assert_string_equal(states_of(&town, "safety_day", "2026-03-10"), "odooo");
    /* A later one says which week it makes up for. */
    const Id later = add_activity(&town, "2026-03-04");
    assert_int_equal(
        add_part(&town, later, town.crew, "safety_day", ",\"makes_up\":\"2026-02-18\"").status,
        ANSWER_DONE);
    assert_string_equal(states_of(&town, "safety_day", "2026-03-10"), "odomo");
    play_add(&town.play, "waiver",
             "\"group\":\"%s\",\"meeting\":\"safety_day\",\"day\":\"2026-02-23\","
             "\"reason\":\"%s\"",
             play_text(town.crew), WAIVED_FOR);
    assert_string_equal(states_of(&town, "safety_day", "2026-03-10"), "odomw");
    play_close(&town.play);
}

static void one_activity_counts_for_each_group_as_its_part_says(void **state)
{
    on_each_store(*state, one_activity_for_two);
}

static void expect_refusal(Answer answer, ErrCode code)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    assert_int_equal(answer.code, code);
}

static void nonsense(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    const Id activity = add_activity(&town, "2026-02-05");
    expect_refusal(add_part(&town, activity, town.party, "safety_day", ""), ERR_INVALID);
    expect_refusal(add_part(&town, activity, town.crew, "theme_day", ""), ERR_INVALID);
    expect_refusal(
        add_part(&town, activity, town.party, "theme_day", ",\"makes_up\":\"2026-02-05\""),
        ERR_INVALID);
    assert_int_equal(add_part(&town, activity, town.party, "theme_day", "").status, ANSWER_DONE);
    expect_refusal(add_part(&town, activity, town.party, "theme_day", ""), ERR_CONFLICT);
    expect_refusal(play_command(&town.play,
                                "\"do\":\"activity.add\",\"fields\":{\"project\":\"%s\","
                                "\"title\":\"x\",\"day\":\"2190-01-01\",\"progress\":\"held\"}",
                                play_text(town.project)),
                   ERR_INVALID);
    expect_refusal(play_command(&town.play,
                                "\"do\":\"activity.void\",\"id\":\"%s\",\"reason\":\"录错\"",
                                play_text(activity)),
                   ERR_CONFLICT); /* it has a part */
    play_close(&town.play);
}

static void what_makes_no_sense_is_refused(void **state)
{
    on_each_store(*state, nonsense);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_activity_counts_for_each_group_as_its_part_says),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("owed", tests, stores_setup, stores_teardown);
}
