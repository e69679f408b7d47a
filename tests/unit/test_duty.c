/* What we promise about duties: each period in which a group stands somewhere long enough owes what
 * the rules say, an activity fulfils it once, and what was made up, waived or missed is told
 * apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "duties/duty.h"
#include "support/prop.h"
#include "support/stores.h"

#define HEAD "pack p\ntitle.zh = 包\ntitle.en = Pack\nversion = 1\n"
#define RULE_OF(name, rest)                                               \
    "[rule " name "]\ntitle.zh = 则\ntitle.en = rule\nsource = 出处\n" \
    "valid_from = 2000-01-01\nhardness = generally\n" rest

static Day d(const char *text)
{
    Err err;
    Day day = 0;
    must(day_parse(text_from_z(text), &day, &err), &err);
    return day;
}

static const Pack *pack_of(const char *text, Arena *arena)
{
    Err err;
    const Pack *pack = NULL;
    must(pack_parse(bytes_of(text_from_z(text)), arena, &pack, &err), &err);
    return pack;
}

/* One Party group, its month-long duty, and what it did. */
typedef struct Case {
    const char *there[2]; /* first and last day; NULL: open */
    const char *held;     /* NULL: nothing */
    const char *makes_up;
    const char *waived;
    const char *today;
    int count; /* obligations in October 2026 */
    DutyState state;
} Case;

static const Case cases[] = {
    {{"2026-01-01", NULL}, "2026-10-15", NULL, NULL, "2026-10-31", 1, DUTY_DONE},
    {{"2026-01-01", NULL}, NULL, NULL, NULL, "2026-10-31", 1, DUTY_DUE},
    {{"2026-01-01", NULL}, NULL, NULL, NULL, "2026-11-01", 1, DUTY_OVERDUE},
    {{"2026-01-01", NULL}, NULL, NULL, NULL, "2026-09-30", 1, DUTY_AHEAD},
    {{"2026-01-01", NULL}, "2026-09-30", NULL, NULL, "2026-11-01", 1, DUTY_OVERDUE},
    {{"2026-01-01", NULL}, "2026-11-03", "2026-10-20", NULL, "2026-11-03", 1, DUTY_MADE_UP},
    {{"2026-01-01", NULL}, "2026-11-03", "2026-10-20", NULL, "2026-11-02", 1, DUTY_OVERDUE},
    {{"2026-01-01", NULL}, "2026-10-03", "2026-09-20", NULL, "2026-11-02", 1, DUTY_OVERDUE},
    {{"2026-01-01", NULL}, NULL, NULL, "2026-10-01", "2026-11-01", 1, DUTY_WAIVED},
    {{"2026-01-01", NULL}, "2026-10-15", NULL, "2026-10-01", "2026-11-01", 1, DUTY_DONE},
    /* ten days are enough, nine are not; and it is due when the group leaves */
    {{"2026-10-22", NULL}, NULL, NULL, NULL, "2026-10-31", 1, DUTY_DUE},
    {{"2026-10-23", NULL}, NULL, NULL, NULL, "2026-10-31", 0, DUTY_DUE},
    {{"2026-09-01", "2026-10-10"}, NULL, NULL, NULL, "2026-10-11", 1, DUTY_OVERDUE},
    {{"2026-09-01", "2026-10-09"}, NULL, NULL, NULL, "2026-10-11", 0, DUTY_DUE},
};

static void october_of_a_party_group(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)4 << 20);
    const Pack *pack =
        pack_of(HEAD RULE_OF("party-group-meeting", "per = month\ndays_min = 10\n"), &arena);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Case *c = &cases[i];
        Err err;
        Obligation *found = NULL;
        size_t count = 0;
        const DayRange there = {d(c->there[0]), c->there[1] == NULL ? DAY_OPEN : d(c->there[1])};
        Part part = {.key = 1, .activity = 2, .meeting = MEETING_IS_PARTY_GROUP};
        if (c->held != NULL) part.day = part.recorded = d(c->held);
        part.makes_up = c->makes_up == NULL ? DAY_OPEN : d(c->makes_up);
        Waiver waiver = {.key = 3, .meeting = MEETING_IS_PARTY_GROUP};
        if (c->waived != NULL) waiver.day = d(c->waived);
        const Calendar calendar = {0};
        const DutyFacts facts = {.pack = pack,
                                 .calendar = &calendar,
                                 .kind = GROUP_KIND_IS_PARTY,
                                 .there = &there,
                                 .there_count = 1,
                                 .parts = &part,
                                 .part_count = c->held != NULL,
                                 .waivers = &waiver,
                                 .waiver_count = c->waived != NULL};
        const DayRange october = {d("2026-10-01"), d("2026-10-31")};
        must(duties_of_group(&facts, october, d(c->today), &arena, &found, &count, &err), &err);
        if ((int)count != c->count) fail_msg("case %zu: %zu obligations", i, count);
        if (count == 1 && found[0].state != c->state)
            fail_msg("case %zu: %s", i, duty_state_name(found[0].state));
    }
}

static size_t count_of(const Pack *pack, int kind, int form, DayRange within, RuleCode rule)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    Obligation *found = NULL;
    size_t count = 0;
    size_t of_rule = 0;
    const DayRange there = {d("2020-01-01"), DAY_OPEN};
    const CalendarDay days[] = {{d("2026-10-01"), true}, {d("2026-10-10"), false}};
    const Calendar calendar = {days, 2};
    const DutyFacts facts = {.pack = pack,
                             .calendar = &calendar,
                             .kind = kind,
                             .form = form,
                             .there = &there,
                             .there_count = 1};
    arena_init(&arena, (size_t)4 << 20);
    must(duties_of_group(&facts, within, d("2026-12-31"), &arena, &found, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        of_rule += found[i].rule == rule;
    return of_rule;
}

/* 2026-10-01 is a Thursday off; 2026-10-10 a Saturday that is worked. */
static void periods_follow_the_calendar(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)4 << 20);
    const Pack *pack = pack_of(HEAD RULE_OF("pre-shift-talk", "per = workday\n")
                                   RULE_OF("safety-day", "per = week\n"),
                               &arena);
    const DayRange ten = {d("2026-10-01"), d("2026-10-10")};
    /* 2, 5, 6, 7, 8, 9 and 10 October */
    assert_int_equal(count_of(pack, GROUP_KIND_IS_CREW, 0, ten, RULE_PRE_SHIFT_TALK), 7);
    assert_int_equal(count_of(pack, GROUP_KIND_IS_CREW, 0, ten, RULE_SAFETY_DAY), 2);
    const DayRange week = duty_period(PERIOD_WEEK, d("2026-10-11"));
    assert_int_equal(week.first, d("2026-10-05"));
    assert_int_equal(week.last, d("2026-10-11"));
    const DayRange quarter = duty_period(PERIOD_QUARTER, d("2026-02-28"));
    assert_int_equal(quarter.first, d("2026-01-01"));
    assert_int_equal(quarter.last, d("2026-03-31"));
    assert_int_equal(duty_period(PERIOD_HALF_YEAR, d("2026-07-01")).last, d("2026-12-31"));
    assert_int_equal(duty_period(PERIOD_WEEK, d("1969-12-31")).first, d("1969-12-29"));
}

static void a_period_is_a_year_a_quarter_or_a_month(void **state)
{
    (void)state;
    Err err;
    DayRange range;
    must(period_parse(TEXT("2026"), 0, &range, &err), &err);
    assert_int_equal(range.first, d("2026-01-01"));
    assert_int_equal(range.last, d("2026-12-31"));
    must(period_parse(TEXT("2024-02"), 0, &range, &err), &err);
    assert_int_equal(range.last, d("2024-02-29"));
    must(period_parse(TEXT("2026-Q4"), 0, &range, &err), &err);
    assert_int_equal(range.first, d("2026-10-01"));
    assert_int_equal(range.last, d("2026-12-31"));
    must(period_parse(TEXT("2024-Q1"), 0, &range, &err), &err);
    assert_int_equal(range.last, d("2024-03-31"));
    assert_int_equal(period_parse(TEXT("2026-Q0"), 0, &range, &err), ERR_INVALID);
    assert_int_equal(period_parse(TEXT("2026-Q5"), 0, &range, &err), ERR_INVALID);
    assert_int_equal(period_parse(TEXT("2026-1Q"), 0, &range, &err), ERR_INVALID);
    must(period_parse(TEXT(""), d("2026-10-15"), &range, &err), &err);
    assert_int_equal(range.first, d("2026-10-01"));
    assert_int_equal(period_parse(TEXT("2026-13"), 0, &range, &err), ERR_INVALID);
    assert_int_equal(period_parse(TEXT("next month"), 0, &range, &err), ERR_INVALID);
    assert_int_equal(period_parse(TEXT("soon"), 0, &range, &err), ERR_INVALID);
    assert_string_equal(err.message,
                        "a period is a year, a quarter or a month: 2026, 2026-Q4 or 2026-10");
    assert_int_equal(period_parse(TEXT("2026/10"), 0, &range, &err), ERR_INVALID);
}

static void a_temporary_branch_owes_less(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)4 << 20);
    const Pack *pack = pack_of(HEAD RULE_OF("branch-meeting", "") RULE_OF("appraisal", "")
                                   RULE_OF("party-group-meeting", ""),
                               &arena);
    const DayRange year = {d("2026-01-01"), d("2026-12-31")};
    const int party = GROUP_KIND_IS_PARTY;
    assert_int_equal(count_of(pack, party, FORM_IS_BRANCH, year, RULE_BRANCH_MEETING), 4);
    assert_int_equal(count_of(pack, party, FORM_IS_BRANCH, year, RULE_APPRAISAL), 1);
    assert_int_equal(count_of(pack, party, FORM_IS_TEMPORARY_BRANCH, year, RULE_BRANCH_MEETING), 4);
    assert_int_equal(count_of(pack, party, FORM_IS_TEMPORARY_BRANCH, year, RULE_APPRAISAL), 0);
    assert_int_equal(count_of(pack, party, FORM_IS_GROUP, year, RULE_BRANCH_MEETING), 0);
    assert_int_equal(count_of(pack, party, 0, year, RULE_PARTY_GROUP_MEETING), 12);
    assert_int_equal(count_of(pack, GROUP_KIND_IS_UNION, 0, year, RULE_BRANCH_MEETING), 0);
}

#define PARTS_MAX 30

/* What is counted over all periods is what was held, each activity once. */
static void each_activity_counts_once(Prng *prng)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    Part parts[PARTS_MAX];
    DayRange there[3];
    Obligation *found = NULL;
    size_t count = 0;
    bool is_seen[PARTS_MAX] = {false}; /* by activity */
    size_t wanted = 0;
    size_t counted = 0;
    arena_init(&arena, (size_t)4 << 20);
    const Day start = d("2026-01-01");
    const DayRange year = {start, d("2026-12-31")};
    const Day today = start + (Day)prng_below(prng, 400);
    there[0] = (DayRange){start - 50, DAY_OPEN};
    for (size_t i = 0; i < PARTS_MAX; i++) {
        parts[i] = (Part){.key = (Key)i + 1,
                          .activity = 1 + (Key)prng_below(prng, PARTS_MAX),
                          .meeting = MEETING_IS_SAFETY_DAY,
                          .makes_up = DAY_OPEN};
        /* The same activity is on the same day, whoever tells of it. */
        parts[i].day = start + (Day)(parts[i].activity * 37 % 365);
        parts[i].recorded = parts[i].day;
        if (parts[i].activity % 5 == 0)
            parts[i].makes_up = start + (Day)(parts[i].activity * 31 % 365);
        if (parts[i].day > today || is_seen[parts[i].activity - 1]) continue;
        is_seen[parts[i].activity - 1] = true;
        wanted++;
    }
    size_t part_count = PARTS_MAX;
    parts_settle(parts, &part_count);
    const Calendar calendar = {0};
    const Pack *pack = pack_of(HEAD RULE_OF("safety-day", "per = month\n"), &arena);
    const DutyFacts facts = {.pack = pack,
                             .calendar = &calendar,
                             .kind = GROUP_KIND_IS_CREW,
                             .there = there,
                             .there_count = 1,
                             .parts = parts,
                             .part_count = part_count};
    must(duties_of_group(&facts, year, today, &arena, &found, &count, &err), &err);
    assert_int_equal(count, 12);
    for (size_t i = 0; i < count; i++) {
        counted += (size_t)(found[i].in_time + found[i].made_up);
        const bool is_enough = found[i].in_time + found[i].made_up >= found[i].wanted;
        assert_int_equal(is_enough, found[i].state == DUTY_DONE || found[i].state == DUTY_MADE_UP);
        if (found[i].state == DUTY_OVERDUE) assert_true(found[i].due < today);
        if (i > 0) assert_int_equal(found[i].period.first, found[i - 1].period.last + 1);
    }
    assert_int_equal(counted, wanted);
}

static void property_counts(void **state)
{
    (void)state;
    prop_run("duties count each activity once", 300, each_activity_counts_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(october_of_a_party_group),
        cmocka_unit_test(periods_follow_the_calendar),
        cmocka_unit_test(a_period_is_a_year_a_quarter_or_a_month),
        cmocka_unit_test(a_temporary_branch_owes_less),
        cmocka_unit_test(property_counts),
    };
    return cmocka_run_group_tests_name("duty", tests, NULL, NULL);
}
