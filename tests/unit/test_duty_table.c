/* What we promise about the rules we ship: how often which form of organisation owes which meeting,
 * line by line as the regulations say it, with the cases that are exactly at a limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "duties/duty.h"
#include "support/stores.h"

static Arena arena;
static const Pack *shipped;

static Day d(const char *text)
{
    Err err;
    Day day = 0;
    must(day_parse(text_from_z(text), &day, &err), &err);
    return day;
}

static int setup(void **state)
{
    (void)state;
    Err err;
    FILE *file = fopen("packs/cn-power-site.rules", "rb");
    arena_init(&arena, (size_t)64 << 20);
    uint8_t *bytes = arena_array(&arena, uint8_t, PACK_BYTES_MAX);
    if (file == NULL || bytes == NULL) return 1; /* run the tests from the project's root */
    const size_t size = fread(bytes, 1, PACK_BYTES_MAX, file);
    fclose(file);
    must(pack_parse((Bytes){bytes, size}, &arena, &shipped, &err), &err);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* ---- How often ---- */

#define PARTY GROUP_KIND_IS_PARTY
#define UNION GROUP_KIND_IS_UNION
#define CREW  GROUP_KIND_IS_CREW
#define G     FORM_IS_GROUP
#define B     FORM_IS_BRANCH
#define T     FORM_IS_TEMPORARY_BRANCH
#define J     FORM_IS_JOINT_BRANCH

typedef struct Line {
    RuleCode rule;
    int kind;
    int form;
    const char *from; /* the group stands there; NULL: for ever */
    const char *to;
    const char *period;
    int count;
} Line;

static const Line lines[] = {
    /* 支部党员大会: once a quarter, by all branches; a group holds none */
    {RULE_BRANCH_MEETING, PARTY, B, NULL, NULL, "2026", 4},
    {RULE_BRANCH_MEETING, PARTY, T, NULL, NULL, "2026", 4},
    {RULE_BRANCH_MEETING, PARTY, J, NULL, NULL, "2026", 4},
    {RULE_BRANCH_MEETING, PARTY, G, NULL, NULL, "2026", 0},
    {RULE_BRANCH_MEETING, PARTY, B, "2026-03-02", "2026-03-31", "2026", 1}, /* 30 days */
    {RULE_BRANCH_MEETING, PARTY, B, "2026-03-03", "2026-03-31", "2026", 0}, /* 29 */
    {RULE_BRANCH_MEETING, PARTY, B, "2026-03-02", "2026-04-29", "2026", 1}, /* 30 and 29 */
    {RULE_BRANCH_MEETING, PARTY, B, "2026-03-02", "2026-04-30", "2026", 2}, /* 30 and 30 */
    {RULE_BRANCH_MEETING, PARTY, B, "2025-12-02", "2026-01-30", "2026", 1}, /* two years */
    {RULE_BRANCH_MEETING, PARTY, B, "2025-12-02", "2026-01-29", "2026", 0},
    {RULE_BRANCH_MEETING, PARTY, B, "2025-12-02", "2026-01-29", "2025", 1},
    /* a rule begins to hold: the first quarter with days of it is the last of 2018 */
    {RULE_BRANCH_MEETING, PARTY, B, "2018-10-28", NULL, "2018", 1},
    {RULE_BRANCH_MEETING, PARTY, B, NULL, NULL, "2017", 0},
    /* 支委会: once a month, by branches with a committee */
    {RULE_COMMITTEE_MEETING, PARTY, B, NULL, NULL, "2026", 12},
    {RULE_COMMITTEE_MEETING, PARTY, J, NULL, NULL, "2026", 12},
    {RULE_COMMITTEE_MEETING, PARTY, T, NULL, NULL, "2026", 0},
    {RULE_COMMITTEE_MEETING, PARTY, G, NULL, NULL, "2026", 0},
    /* 党小组会: once a month; ten days of it are enough, nine are not */
    {RULE_PARTY_GROUP_MEETING, PARTY, G, NULL, NULL, "2026", 12},
    {RULE_PARTY_GROUP_MEETING, PARTY, 0, NULL, NULL, "2026", 12},
    {RULE_PARTY_GROUP_MEETING, PARTY, B, NULL, NULL, "2026", 0},
    {RULE_PARTY_GROUP_MEETING, PARTY, G, "2026-02-19", "2026-02-28", "2026", 1},
    {RULE_PARTY_GROUP_MEETING, PARTY, G, "2026-02-20", "2026-02-28", "2026", 0},
    {RULE_PARTY_GROUP_MEETING, PARTY, G, "2026-12-22", "2027-01-09", "2026", 1},
    {RULE_PARTY_GROUP_MEETING, PARTY, G, "2026-12-22", "2027-01-09", "2027", 0},
    {RULE_PARTY_GROUP_MEETING, PARTY, G, "2026-12-23", "2027-01-10", "2026", 0},
    {RULE_PARTY_GROUP_MEETING, PARTY, G, "2026-12-23", "2027-01-10", "2027", 1},
    /* 党课: no frequency for all; a unit's own plan says */
    {RULE_PARTY_LECTURE, PARTY, B, NULL, NULL, "2026", 0},
    {RULE_PARTY_LECTURE, PARTY, G, NULL, NULL, "2026", 0},
    /* 主题党日: every month, whatever the form */
    {RULE_THEME_DAY, PARTY, G, NULL, NULL, "2026", 12},
    {RULE_THEME_DAY, PARTY, B, NULL, NULL, "2026", 12},
    {RULE_THEME_DAY, PARTY, T, NULL, NULL, "2026", 12},
    {RULE_THEME_DAY, PARTY, J, NULL, NULL, "2026", 12},
    {RULE_THEME_DAY, PARTY, T, "2026-04-21", "2026-05-09", "2026", 1},
    /* 组织生活会: once a calendar year; ninety days of it are enough, in each of two years */
    {RULE_ORGANISATION_LIFE, PARTY, B, NULL, NULL, "2026", 1},
    {RULE_ORGANISATION_LIFE, PARTY, T, NULL, NULL, "2026", 1},
    {RULE_ORGANISATION_LIFE, PARTY, J, NULL, NULL, "2026", 1},
    {RULE_ORGANISATION_LIFE, PARTY, G, NULL, NULL, "2026", 0},
    {RULE_ORGANISATION_LIFE, PARTY, T, "2025-10-03", "2026-03-31", "2025", 1}, /* 90 days */
    {RULE_ORGANISATION_LIFE, PARTY, T, "2025-10-03", "2026-03-31", "2026", 1}, /* 90 */
    {RULE_ORGANISATION_LIFE, PARTY, T, "2025-10-04", "2026-03-31", "2025", 0}, /* 89 */
    {RULE_ORGANISATION_LIFE, PARTY, T, "2025-10-03", "2026-03-30", "2026", 0}, /* 89 */
    /* 民主评议党员: once a year; a temporary branch appraises nobody */
    {RULE_APPRAISAL, PARTY, B, NULL, NULL, "2026", 1},
    {RULE_APPRAISAL, PARTY, J, NULL, NULL, "2026", 1},
    {RULE_APPRAISAL, PARTY, T, NULL, NULL, "2026", 0},
    {RULE_APPRAISAL, PARTY, G, NULL, NULL, "2026", 0},
    {RULE_APPRAISAL, PARTY, B, "2026-10-03", NULL, "2026", 1},
    {RULE_APPRAISAL, PARTY, B, "2026-10-04", NULL, "2026", 0},
    /* 工会小组会: once a month */
    {RULE_UNION_MEETING, UNION, 0, NULL, NULL, "2026", 12},
    {RULE_UNION_MEETING, PARTY, G, NULL, NULL, "2026", 0},
    {RULE_UNION_MEETING, UNION, 0, "2026-06-21", NULL, "2026-06", 1},
    {RULE_UNION_MEETING, UNION, 0, "2026-06-22", NULL, "2026-06", 0},
    /* 站班会: each workday. October 2026 has 22 weekdays; five of them are off, one Saturday is
     * worked. A group that is there for that day alone owes it. */
    {RULE_PRE_SHIFT_TALK, CREW, 0, NULL, NULL, "2026-10", 18},
    {RULE_PRE_SHIFT_TALK, CREW, 0, "2026-10-10", "2026-10-10", "2026-10", 1}, /* made up */
    {RULE_PRE_SHIFT_TALK, CREW, 0, "2026-10-11", "2026-10-11", "2026-10", 0}, /* Sunday */
    {RULE_PRE_SHIFT_TALK, CREW, 0, "2026-10-01", "2026-10-07", "2026-10", 0}, /* holiday */
    {RULE_PRE_SHIFT_TALK, CREW, 0, "2026-10-08", "2026-10-08", "2026-10", 1},
    {RULE_PRE_SHIFT_TALK, UNION, 0, NULL, NULL, "2026-10", 0},
    /* 安全日活动: each week, from Monday; three days of it are enough. The week of the new year
     * belongs to both years. */
    {RULE_SAFETY_DAY, CREW, 0, NULL, NULL, "2026-10", 5},
    {RULE_SAFETY_DAY, CREW, 0, "2026-06-01", "2026-06-03", "2026-06", 1},
    {RULE_SAFETY_DAY, CREW, 0, "2026-06-01", "2026-06-02", "2026-06", 0},
    {RULE_SAFETY_DAY, CREW, 0, "2026-06-05", "2026-06-07", "2026-06", 1},
    {RULE_SAFETY_DAY, CREW, 0, "2026-06-06", "2026-06-09", "2026-06", 0}, /* two and two */
    {RULE_SAFETY_DAY, CREW, 0, "2026-12-28", "2027-01-03", "2026", 1},
    {RULE_SAFETY_DAY, CREW, 0, "2026-12-28", "2027-01-03", "2027", 1},
};

static Obligation *owed_by(const Line *line, const Pack *pack, const char *today, size_t *count)
{
    Err err;
    Obligation *found = NULL;
    DayRange within;
    CalendarDay october[6];
    for (int i = 0; i < 5; i++)
        october[i] = (CalendarDay){d("2026-10-01") + (i < 2 ? i : i + 2), true};
    october[5] = (CalendarDay){d("2026-10-10"), false};
    const Calendar calendar = {october, 6};
    const DayRange there = {line->from == NULL ? d("2000-01-01") : d(line->from),
                            line->to == NULL ? DAY_OPEN : d(line->to)};
    const DutyFacts facts = {.pack = pack,
                             .calendar = &calendar,
                             .kind = line->kind,
                             .form = line->form,
                             .there = &there,
                             .there_count = 1};
    must(period_parse(text_from_z(line->period), 0, &within, &err), &err);
    must(duties_of_group(&facts, within, d(today), &arena, &found, count, &err), &err);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (found[i].rule == line->rule) found[kept++] = found[i];
    *count = kept;
    return found;
}

static void each_line_of_the_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        size_t count = 0;
        (void)owed_by(&lines[i], shipped, "2026-11-22", &count);
        if ((int)count != lines[i].count)
            fail_msg("line %zu, %s in %s: %zu", i, rule_name(lines[i].rule), lines[i].period,
                     count);
    }
}

/* ---- By when, and how binding ---- */

static void what_is_due_is_overdue_on_the_day_after(void **state)
{
    (void)state;
    static const struct {
        Line line;
        const char *due;
        DutyBreach breach; /* once it is overdue */
    } cases[] = {
        {{RULE_BRANCH_MEETING, PARTY, B, NULL, NULL, "2026-02", 1},
         "2026-03-31",
         BREACH_NOT_CONFORMING},
        {{RULE_PARTY_GROUP_MEETING, PARTY, G, NULL, NULL, "2028-02", 1},
         "2028-02-29",
         BREACH_NOT_CONFORMING},
        {{RULE_PARTY_GROUP_MEETING, PARTY, G, "2026-01-01", "2026-02-12", "2026-02", 1},
         "2026-02-12",
         BREACH_NOT_CONFORMING},
        {{RULE_THEME_DAY, PARTY, G, NULL, NULL, "2026-12", 1}, "2026-12-31", BREACH_VIOLATION},
        {{RULE_APPRAISAL, PARTY, B, NULL, NULL, "2026", 1}, "2026-12-31", BREACH_NOT_CONFORMING},
        {{RULE_ORGANISATION_LIFE, PARTY, B, NULL, NULL, "2026", 1}, "2026-12-31", BREACH_VIOLATION},
        {{RULE_PRE_SHIFT_TALK, CREW, 0, "2026-10-09", "2026-10-09", "2026-10", 1},
         "2026-10-09",
         BREACH_VIOLATION},
        {{RULE_SAFETY_DAY, CREW, 0, "2026-12-28", NULL, "2026-12", 1},
         "2027-01-03",
         BREACH_VIOLATION},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t count = 0;
        char after[DAY_TEXT_MAX];
        const Obligation *found = owed_by(&cases[i].line, shipped, cases[i].due, &count);
        assert_int_equal(count, 1);
        assert_int_equal(found->due, d(cases[i].due));
        assert_int_equal(found->state, DUTY_DUE);
        assert_int_equal(obligation_breach(found), BREACH_NONE);
        found = owed_by(&cases[i].line, shipped, day_write(d(cases[i].due) + 1, after), &count);
        assert_int_equal(found->state, DUTY_OVERDUE);
        assert_int_equal(obligation_breach(found), cases[i].breach);
    }
}

/* A unit's own rules: a lecture each half year, whose halves change on 1 July; and from a day on
 * each quarter. */
static void a_unit_sets_its_own(void **state)
{
    (void)state;
    Err err;
    const Pack *pack = NULL;
    static const char *const text =
        "pack p\ntitle.zh = 包\ntitle.en = Pack\nversion = 1\n"
        "[rule party-lecture]\ntitle.zh = 党课\ntitle.en = lecture\nsource = 本单位规定\n"
        "valid_from = 2020-01-01\nvalid_to = 2026-06-30\nhardness = should\nper = half_year\n"
        "days_min = 91\nby_branch = yes\n"
        "[rule party-lecture]\ntitle.zh = 党课\ntitle.en = lecture\nsource = 本单位规定\n"
        "valid_from = 2026-07-01\nhardness = should\nper = quarter\nby_branch = yes\n";
    must(pack_parse(bytes_of(text_from_z(text)), &arena, &pack, &err), &err);
    static const Line own[] = {
        {RULE_PARTY_LECTURE, PARTY, B, NULL, NULL, "2025", 2},
        {RULE_PARTY_LECTURE, PARTY, B, NULL, NULL, "2026", 3},
        {RULE_PARTY_LECTURE, PARTY, B, "2025-01-01", "2025-06-30", "2025", 1},
        {RULE_PARTY_LECTURE, PARTY, B, "2025-04-01", "2025-06-30", "2025", 1}, /* 91 days */
        {RULE_PARTY_LECTURE, PARTY, B, "2025-04-02", "2025-06-30", "2025", 0}, /* 90 */
        {RULE_PARTY_LECTURE, PARTY, B, "2025-04-01", "2025-09-29", "2025", 2}, /* 91 and 91 */
        {RULE_PARTY_LECTURE, PARTY, B, "2025-04-01", "2025-09-28", "2025", 1}, /* 91 and 90 */
        {RULE_PARTY_LECTURE, PARTY, T, NULL, NULL, "2025", 0},
    };
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        size_t count = 0;
        const Obligation *found = owed_by(&own[i], pack, "2026-11-22", &count);
        if ((int)count != own[i].count) fail_msg("line %zu: %zu", i, count);
        if (i == 0) assert_int_equal(found[0].due, d("2025-06-30"));
        if (i == 0) assert_int_equal(found[1].period.first, d("2025-07-01"));
    }
}

/* ---- Made up, recorded late, planned ---- */

typedef struct Tale {
    const char *day;
    const char *makes_up;
    const char *recorded;
    bool is_planned;
    const char *today;
    DutyState state;
    bool is_late;
    int planned;
} Tale;

/* Of the meeting of a Party group in October 2026. */
static const Tale tales[] = {
    {"2026-10-31", NULL, "2026-10-31", false, "2026-11-02", DUTY_DONE, false, 0},
    {"2026-10-31", NULL, "2026-11-01", false, "2026-11-02", DUTY_DONE, true, 0},
    {"2026-10-01", NULL, "2026-10-31", false, "2026-11-02", DUTY_DONE, false, 0},
    {"2026-11-01", "2026-10-31", "2026-11-01", false, "2026-11-01", DUTY_MADE_UP, false, 0},
    {"2026-11-01", "2026-10-01", "2026-12-01", false, "2026-11-02", DUTY_MADE_UP, false, 0},
    {"2026-11-01", "2026-09-30", "2026-11-01", false, "2026-11-02", DUTY_OVERDUE, false, 0},
    {"2026-11-02", "2026-10-31", "2026-11-02", false, "2026-11-01", DUTY_OVERDUE, false, 0},
    /* what is planned fulfils nothing, and once its day has passed it covers nothing either */
    {"2026-10-20", NULL, "2026-10-01", true, "2026-10-20", DUTY_DUE, false, 1},
    {"2026-10-20", NULL, "2026-10-01", true, "2026-10-21", DUTY_DUE, false, 0},
    {"2026-10-20", NULL, "2026-10-01", true, "2026-09-01", DUTY_AHEAD, false, 1},
    {"2026-11-05", "2026-10-31", "2026-11-01", true, "2026-11-05", DUTY_OVERDUE, false, 1},
    {"2026-11-05", "2026-10-31", "2026-11-01", true, "2026-11-06", DUTY_OVERDUE, false, 0},
};

static void what_was_made_up_recorded_late_or_planned_is_told_apart(void **state)
{
    (void)state;
    const DayRange there = {d("2026-01-01"), DAY_OPEN};
    const DayRange october = {d("2026-10-01"), d("2026-10-31")};
    const Calendar calendar = {0};
    for (size_t i = 0; i < sizeof tales / sizeof tales[0]; i++) {
        const Tale *tale = &tales[i];
        Err err;
        Obligation *found = NULL;
        size_t count = 0;
        DutyCounts counts = {0};
        const Part part = {.key = 1,
                           .activity = 1,
                           .meeting = MEETING_IS_PARTY_GROUP,
                           .day = d(tale->day),
                           .makes_up = tale->makes_up == NULL ? DAY_OPEN : d(tale->makes_up),
                           .recorded = d(tale->recorded),
                           .is_planned = tale->is_planned};
        const DutyFacts facts = {.pack = shipped,
                                 .calendar = &calendar,
                                 .kind = PARTY,
                                 .form = G,
                                 .there = &there,
                                 .there_count = 1,
                                 .parts = &part,
                                 .part_count = 1};
        must(duties_of_group(&facts, october, d(tale->today), &arena, &found, &count, &err), &err);
        duties_count(&facts, october, d(tale->today), &counts);
        assert_int_equal(found[0].rule, RULE_PARTY_GROUP_MEETING);
        if (found[0].state != tale->state || found[0].is_recorded_late != tale->is_late ||
            found[0].planned != tale->planned)
            fail_msg("tale %zu: %s", i, duty_state_name(found[0].state));
        assert_int_equal(counts.recorded_late, tale->is_late ? 1 : 0);
        assert_int_equal(counts.planned, tale->planned);
        assert_int_equal(duty_counts_total(&counts), 2); /* and a theme day */
        assert_int_equal(
            obligation_missing(&found[0]),
            tale->planned == 0 && tale->state != DUTY_DONE && tale->state != DUTY_MADE_UP ? 1 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_of_the_rules),
        cmocka_unit_test(what_is_due_is_overdue_on_the_day_after),
        cmocka_unit_test(a_unit_sets_its_own),
        cmocka_unit_test(what_was_made_up_recorded_late_or_planned_is_told_apart),
    };
    return cmocka_run_group_tests_name("duty_table", tests, setup, teardown);
}
