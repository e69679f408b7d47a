/* What we promise about merging: all that is owed is in some activity, nothing is together that the
 * rules keep apart, what is planned is joined, and each sits on a day that fits. test_merge_search
 * has the proof that there are as few as can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/merge_site.h"

/* Party group, union group and crew in October 2026, whose weeks begin on 28 September, 5, 12, 19
 * and 26 October: five safety days, and the other three go with one of them. */
static void three_groups_need_as_many_activities_as_weeks(void **state)
{
    (void)state;
    MergeSite site;
    merge_site(&site, HEAD THREE_GROUPS, "2026-10", "2026-09-20");
    merge_group(&site, GROUP_KIND_IS_PARTY, 0, merge_days("2026-01-01", NULL));
    merge_group(&site, GROUP_KIND_IS_UNION, 0, merge_days("2026-01-01", NULL));
    merge_group(&site, GROUP_KIND_IS_CREW, 0, merge_days("2026-01-01", NULL));
    merge_try(&site);
    assert_int_equal(site.plan.fulfilled, 8);
    assert_int_equal(site.plan.activity_count, 5);
    assert_true(site.plan.is_fewest);
    /* One activity takes 60 + 90 minutes of the Party group's instead of 60 + 90 + 60 + 60. */
    assert_int_equal(merge_saved_minutes(&site.plan), 120);
    for (size_t i = 0; i < site.plan.activity_count; i++)
        assert_true(day_weekday(site.plan.activities[i].day) < 5);
    arena_done(&site.arena);
}

/* On Thursday 22 October a crew makes up for three safety days and has those of this week and the
 * next: each is on a day of its own, and not on the one on which something is planned. */
static void what_is_made_up_is_not_all_on_one_day(void **state)
{
    (void)state;
    MergeSite site;
    merge_site(&site, HEAD RULE_OF("safety-day", ""), "2026-10", "2026-10-22");
    merge_group(&site, GROUP_KIND_IS_CREW, 0, merge_days("2026-01-01", NULL));
    merge_try(&site);
    assert_int_equal(site.plan.activity_count, 5);
    for (size_t i = 1; i < 5; i++)
        assert_true(site.plan.activities[i].day > site.plan.activities[i - 1].day);
    merge_planned(&site, merge_day("2026-10-23"));
    merge_part(&site, 0, MEETING_IS_SAFETY_DAY);
    site.groups[0].owed_count = 1; /* that of the first week */
    merge_try(&site);
    assert_int_equal(site.plan.activity_count, 1);
    assert_int_equal(site.plan.activities[0].day, merge_day("2026-10-26"));
    arena_done(&site.arena);
}

/* A sitting of 149 minutes does not hold both Party meetings; one of 150 does. */
static void a_sitting_has_its_longest(void **state)
{
    (void)state;
    static const struct {
        const char *pack;
        size_t activities;
    } cases[] = {
        {HEAD RULE_OF("party-group-meeting", "") RULE_OF("theme-day", "")
             RULE_OF("merge", "sitting_minutes_max = 150\n"),
         1},
        {HEAD RULE_OF("party-group-meeting", "") RULE_OF("theme-day", "")
             RULE_OF("merge", "sitting_minutes_max = 149\n"),
         2},
        {HEAD RULE_OF("party-group-meeting", "in_sequence = no\n") RULE_OF("theme-day", ""), 2},
        {HEAD RULE_OF("party-group-meeting", "") RULE_OF("theme-day", "times = 2\n"), 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        MergeSite site;
        merge_site(&site, cases[i].pack, "2026-10", "2026-10-01");
        merge_group(&site, GROUP_KIND_IS_PARTY, 0, merge_days("2026-01-01", NULL));
        merge_try(&site);
        assert_int_equal(site.plan.activity_count, cases[i].activities);
        arena_done(&site.arena);
    }
}

/* Organisation life and appraisal go together, the committee's meeting too, but with no other
 * group; what the branch holds in common needs another activity then. */
static void the_partys_own_is_not_merged_with_others(void **state)
{
    (void)state;
    MergeSite site;
    merge_site(&site,
               HEAD RULE_OF("organisation-life", "") RULE_OF("appraisal", "")
                   RULE_OF("union-meeting", ""),
               "2026-12", "2026-12-01");
    merge_group(&site, GROUP_KIND_IS_PARTY, FORM_IS_BRANCH, merge_days("2026-01-01", NULL));
    merge_group(&site, GROUP_KIND_IS_UNION, 0, merge_days("2026-01-01", NULL));
    merge_try(&site);
    assert_int_equal(site.plan.activity_count, 3); /* 120 + 90 minutes are too long for one */
    arena_done(&site.arena);
    merge_site(&site,
               HEAD RULE_OF("organisation-life", "") RULE_OF("appraisal", "")
                   RULE_OF("union-meeting", "") RULE_OF("merge", "sitting_minutes_max = 210\n"),
               "2026-12", "2026-12-01");
    merge_group(&site, GROUP_KIND_IS_PARTY, FORM_IS_BRANCH, merge_days("2026-01-01", NULL));
    merge_group(&site, GROUP_KIND_IS_UNION, 0, merge_days("2026-01-01", NULL));
    merge_try(&site);
    assert_int_equal(site.plan.activity_count, 2);
    arena_done(&site.arena);
}

/* A talk before the shift is on its own day by itself, and none is made up; a company may let it
 * be part of something longer. */
static void talks_stay_apart_unless_a_company_allows_it(void **state)
{
    (void)state;
    MergeSite site;
    merge_site(&site, HEAD RULE_OF("pre-shift-talk", "") RULE_OF("safety-day", ""), "2026-10",
               "2026-10-21");
    merge_group(&site, GROUP_KIND_IS_CREW, 0, merge_days("2026-01-01", NULL));
    merge_try(&site);
    /* Talks on 21 to 23 and 26 to 30 October; safety days of two weeks to come and four missed. */
    assert_int_equal(site.plan.activity_count, 8 + 5);
    size_t too_late = 0;
    for (size_t i = 0; i < site.plan.need_count; i++)
        too_late += site.plan.needs[i].left == MERGE_LEFT_TOO_LATE;
    assert_int_equal(too_late, 14); /* 1, 2, 5 to 9, 12 to 16, 19 and 20 October */
    arena_done(&site.arena);
    merge_site(&site,
               HEAD RULE_OF("pre-shift-talk", "in_sequence = yes\n") RULE_OF("safety-day", ""),
               "2026-10", "2026-10-21");
    merge_group(&site, GROUP_KIND_IS_CREW, 0, merge_days("2026-01-01", NULL));
    merge_try(&site);
    assert_int_equal(site.plan.activity_count, 8);
    arena_done(&site.arena);
}

/* Today is the last day of the month, a Saturday: it takes place though nobody works. What was due
 * on the day before is made up. */
static void the_last_day_counts(void **state)
{
    (void)state;
    MergeSite site;
    merge_site(&site, HEAD RULE_OF("union-meeting", ""), "2026-10", "2026-10-31");
    merge_group(&site, GROUP_KIND_IS_UNION, 0, merge_days("2026-01-01", NULL));
    merge_group(&site, GROUP_KIND_IS_UNION, 0, merge_days("2026-01-01", "2026-10-30"));
    merge_try(&site);
    assert_int_equal(site.plan.need_count, 2);
    assert_int_equal(site.plan.activity_count, 1);
    assert_int_equal(site.plan.activities[0].day, merge_day("2026-10-31"));
    assert_int_equal(site.plan.needs[1].left, MERGE_LEFT_ELSEWHERE);
    arena_done(&site.arena);
}

/* ---- What is planned is joined ---- */

/* A theme day is planned: the union's meeting and the group's own go with it, for nothing. */
static void what_is_planned_is_joined(void **state)
{
    (void)state;
    MergeSite site;
    merge_site(&site, HEAD RULE_OF("party-group-meeting", "") RULE_OF("union-meeting", ""),
               "2026-10", "2026-10-01");
    merge_group(&site, GROUP_KIND_IS_PARTY, 0, merge_days("2026-01-01", NULL));
    merge_group(&site, GROUP_KIND_IS_UNION, 0, merge_days("2026-01-01", NULL));
    merge_planned(&site, merge_day("2026-10-15"));
    merge_part(&site, 0, MEETING_IS_THEME_DAY);
    merge_try(&site);
    assert_int_equal(site.plan.fulfilled, 2);
    assert_int_equal(site.plan.activity_count, 1);
    assert_int_equal(site.plan.joined, 1);
    assert_true(site.plan.is_fewest);
    const MergeActivity *activity = &site.plan.activities[0];
    assert_ptr_equal(activity->joins, &site.planned[0]);
    assert_int_equal(activity->day, merge_day("2026-10-15"));
    assert_int_equal(activity->before, 90);
    assert_int_equal(activity->minutes, 150); /* the Party group sits 90 + 60 */
    assert_int_equal(merge_saved_minutes(&site.plan), 60 + 60 - 60);
    arena_done(&site.arena);
}

/* Each row: whether the union's meeting of October, seen on 1 October, joins what is planned. */
static void what_is_joined_keeps_the_rules(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        size_t group;
        int meeting;
        const char *rest; /* of the pack */
        bool joins;
    } cases[] = {
        {"2026-10-30", 0, MEETING_IS_THEME_DAY, "", true},
        {"2026-10-02", 0, MEETING_IS_THEME_DAY, "", true},
        {"2026-10-01", 0, MEETING_IS_THEME_DAY, "", false}, /* today: nobody would be told */
        {"2026-10-31", 0, MEETING_IS_THEME_DAY, "", false}, /* a Saturday */
        {"2026-10-31", 0, MEETING_IS_THEME_DAY, RULE_OF("merge", "workdays = no\n"), true},
        {"2026-11-02", 0, MEETING_IS_THEME_DAY, "", false},         /* too late */
        {"2026-10-15", 0, MEETING_IS_ORGANISATION_LIFE, "", false}, /* the Party's alone */
        {"2026-10-15", 2, MEETING_IS_SAFETY_DAY, "", true}, /* of a crew that stands elsewhere */
        {"2026-10-15", 2, MEETING_IS_PRE_SHIFT, "", false},
        {"2026-10-15", 2, 99, "", false},                     /* of a later version */
        {"2026-10-15", 1, MEETING_IS_UNION_GROUP, "", false}, /* twice the same */
        {"2026-10-15", 0, MEETING_IS_THEME_DAY, RULE_OF("theme-day", "common = no\n"), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        MergeSite site;
        char pack[2000];
        (void)snprintf(pack, sizeof pack, "%s%s", HEAD RULE_OF("union-meeting", ""), cases[i].rest);
        merge_site(&site, pack, "2026-10", "2026-10-01");
        merge_group(&site, GROUP_KIND_IS_PARTY, FORM_IS_BRANCH, merge_days("2026-01-01", NULL));
        site.groups[0].owed_count = 0;
        merge_group(&site, GROUP_KIND_IS_UNION, 0, merge_days("2026-01-01", NULL));
        merge_planned(&site, merge_day(cases[i].day));
        merge_part(&site, cases[i].group, cases[i].meeting);
        merge_try(&site);
        if (site.plan.joined != cases[i].joins) fail_msg("case %zu", i);
        assert_int_equal(site.plan.activity_count, 1);
        arena_done(&site.arena);
    }
}

/* Together with the part that is there, one group sits no longer than the rule lets it. */
static void a_sitting_that_is_joined_has_its_longest(void **state)
{
    (void)state;
    static const struct {
        const char *pack;
        size_t joined;
    } cases[] = {
        {HEAD RULE_OF("party-group-meeting", "") RULE_OF("merge", "sitting_minutes_max = 150\n"),
         1},
        {HEAD RULE_OF("party-group-meeting", "") RULE_OF("merge", "sitting_minutes_max = 149\n"),
         0},
    };
    for (size_t i = 0; i < 2; i++) {
        MergeSite site;
        merge_site(&site, cases[i].pack, "2026-10", "2026-10-01");
        merge_group(&site, GROUP_KIND_IS_PARTY, 0, merge_days("2026-01-01", NULL));
        merge_planned(&site, merge_day("2026-10-15"));
        merge_part(&site, 0, MEETING_IS_THEME_DAY);
        merge_try(&site);
        assert_int_equal(site.plan.joined, cases[i].joined);
        arena_done(&site.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_groups_need_as_many_activities_as_weeks),
        cmocka_unit_test(what_is_made_up_is_not_all_on_one_day),
        cmocka_unit_test(a_sitting_has_its_longest),
        cmocka_unit_test(the_partys_own_is_not_merged_with_others),
        cmocka_unit_test(talks_stay_apart_unless_a_company_allows_it),
        cmocka_unit_test(the_last_day_counts),
        cmocka_unit_test(what_is_planned_is_joined),
        cmocka_unit_test(what_is_joined_keeps_the_rules),
        cmocka_unit_test(a_sitting_that_is_joined_has_its_longest),
    };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
