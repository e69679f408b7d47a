/* What we promise about merging: all that is owed is in some activity, nothing is together that the
 * rules keep apart, and there are as few activities as can be: on small sites we try all there
 * are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "duties/merge.h"
#include "support/prop.h"
#include "support/stores.h"

#define NEEDS_MAX 9

static Day d(const char *text)
{
    Err err;
    Day day = 0;
    must(day_parse(text_from_z(text), &day, &err), &err);
    return day;
}

static DayRange days(const char *first, const char *last)
{
    return (DayRange){d(first), last == NULL ? DAY_OPEN : d(last)};
}

/* A site whose groups owe what a pack says. */
typedef struct Site {
    Arena arena;
    const Pack *pack;
    Calendar calendar;
    MergeGroup groups[4];
    DayRange here[4];
    size_t count;
    DayRange within;
    Day today;
    MergePlan plan;
} Site;

static void site_open(Site *site, const char *text, const char *period, const char *today)
{
    Err err;
    *site = (Site){.today = d(today)};
    arena_init(&site->arena, (size_t)64 << 20);
    site->pack = pack_bare();
    if (text != NULL)
        must(pack_parse(bytes_of(text_from_z(text)), &site->arena, &site->pack, &err), &err);
    must(period_parse(text_from_z(period), 0, &site->within, &err), &err);
}

static void add_group(Site *site, int kind, int form, DayRange there)
{
    Err err;
    MergeGroup *group = &site->groups[site->count];
    Obligation *owed = NULL;
    DayRange *here = &site->here[site->count];
    *here = there;
    const DutyFacts facts = {.pack = site->pack,
                             .calendar = &site->calendar,
                             .kind = kind,
                             .form = form,
                             .there = here,
                             .there_count = 1};
    *group = (MergeGroup){.key = (Key)++site->count, .here = here, .here_count = 1};
    must(duties_of_group(&facts, site->within, site->today, &site->arena, &owed, &group->owed_count,
                         &err),
         &err);
    group->owed = owed;
}

static void plan(Site *site)
{
    Err err;
    const MergeFacts facts = {.pack = site->pack,
                              .calendar = &site->calendar,
                              .groups = site->groups,
                              .group_count = site->count,
                              .within = site->within,
                              .today = site->today};
    must(merge_plan(&facts, &site->arena, &site->plan, &err), &err);
}

#define HEAD "pack p\ntitle.zh = 包\ntitle.en = Pack\nversion = 1\n"
#define RULE_OF(name, rest)                                               \
    "[rule " name "]\ntitle.zh = 则\ntitle.en = rule\nsource = 出处\n" \
    "valid_from = 2000-01-01\nhardness = generally\n" rest
#define THREE_GROUPS                   \
    RULE_OF("party-group-meeting", "") \
    RULE_OF("theme-day", "") RULE_OF("union-meeting", "") RULE_OF("safety-day", "")

/* Party group, union group and crew in October 2026, whose weeks begin on 28 September, 5, 12, 19
 * and 26 October: five safety days, and the other three go with one of them. */
static void three_groups_need_as_many_activities_as_weeks(void **state)
{
    (void)state;
    Site site;
    site_open(&site, HEAD THREE_GROUPS, "2026-10", "2026-09-20");
    add_group(&site, GROUP_KIND_IS_PARTY, 0, days("2026-01-01", NULL));
    add_group(&site, GROUP_KIND_IS_UNION, 0, days("2026-01-01", NULL));
    add_group(&site, GROUP_KIND_IS_CREW, 0, days("2026-01-01", NULL));
    plan(&site);
    assert_int_equal(site.plan.fulfilled, 8);
    assert_int_equal(site.plan.activity_count, 5);
    assert_true(site.plan.is_fewest);
    /* One activity takes 60 + 90 minutes of the Party group's instead of 60 + 90 + 60 + 60. */
    assert_int_equal(merge_saved_minutes(&site.plan), 120);
    for (size_t i = 0; i < site.plan.activity_count; i++)
        assert_true(day_weekday(site.plan.activities[i].day) < 5);
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
        Site site;
        site_open(&site, cases[i].pack, "2026-10", "2026-10-01");
        add_group(&site, GROUP_KIND_IS_PARTY, 0, days("2026-01-01", NULL));
        plan(&site);
        assert_int_equal(site.plan.activity_count, cases[i].activities);
        arena_done(&site.arena);
    }
}

/* Organisation life and appraisal go together, the committee's meeting too, but with no other
 * group; what the branch holds in common needs another activity then. */
static void the_partys_own_is_not_merged_with_others(void **state)
{
    (void)state;
    Site site;
    site_open(&site,
              HEAD RULE_OF("organisation-life", "") RULE_OF("appraisal", "")
                  RULE_OF("union-meeting", ""),
              "2026-12", "2026-12-01");
    add_group(&site, GROUP_KIND_IS_PARTY, FORM_IS_BRANCH, days("2026-01-01", NULL));
    add_group(&site, GROUP_KIND_IS_UNION, 0, days("2026-01-01", NULL));
    plan(&site);
    assert_int_equal(site.plan.activity_count, 3); /* 120 + 90 minutes are too long for one */
    arena_done(&site.arena);
    site_open(&site,
              HEAD RULE_OF("organisation-life", "") RULE_OF("appraisal", "")
                  RULE_OF("union-meeting", "") RULE_OF("merge", "sitting_minutes_max = 210\n"),
              "2026-12", "2026-12-01");
    add_group(&site, GROUP_KIND_IS_PARTY, FORM_IS_BRANCH, days("2026-01-01", NULL));
    add_group(&site, GROUP_KIND_IS_UNION, 0, days("2026-01-01", NULL));
    plan(&site);
    assert_int_equal(site.plan.activity_count, 2);
    arena_done(&site.arena);
}

/* A talk before the shift is on its own day by itself, and none is made up; a company may let it
 * be part of something longer. */
static void talks_stay_apart_unless_a_company_allows_it(void **state)
{
    (void)state;
    Site site;
    site_open(&site, HEAD RULE_OF("pre-shift-talk", "") RULE_OF("safety-day", ""), "2026-10",
              "2026-10-21");
    add_group(&site, GROUP_KIND_IS_CREW, 0, days("2026-01-01", NULL));
    plan(&site);
    /* Talks on 21 to 23 and 26 to 30 October; safety days of two weeks to come and four missed. */
    assert_int_equal(site.plan.activity_count, 8 + 5);
    size_t too_late = 0;
    for (size_t i = 0; i < site.plan.need_count; i++)
        too_late += site.plan.needs[i].left == MERGE_LEFT_TOO_LATE;
    assert_int_equal(too_late, 14); /* 1, 2, 5 to 9, 12 to 16, 19 and 20 October */
    arena_done(&site.arena);
    site_open(&site,
              HEAD RULE_OF("pre-shift-talk", "in_sequence = yes\n") RULE_OF("safety-day", ""),
              "2026-10", "2026-10-21");
    add_group(&site, GROUP_KIND_IS_CREW, 0, days("2026-01-01", NULL));
    plan(&site);
    assert_int_equal(site.plan.activity_count, 8);
    arena_done(&site.arena);
}

/* Today is the last day of the month, a Saturday: it takes place though nobody works. What was due
 * on the day before is made up. */
static void the_last_day_counts(void **state)
{
    (void)state;
    Site site;
    site_open(&site, HEAD RULE_OF("union-meeting", ""), "2026-10", "2026-10-31");
    add_group(&site, GROUP_KIND_IS_UNION, 0, days("2026-01-01", NULL));
    add_group(&site, GROUP_KIND_IS_UNION, 0, days("2026-01-01", "2026-10-30"));
    plan(&site);
    assert_int_equal(site.plan.need_count, 2);
    assert_int_equal(site.plan.activity_count, 1);
    assert_int_equal(site.plan.activities[0].day, d("2026-10-31"));
    assert_int_equal(site.plan.needs[1].left, MERGE_LEFT_ELSEWHERE);
    arena_done(&site.arena);
}

/* ---- Against trying all there are ---- */

typedef struct Small {
    MergeNeed needs[NEEDS_MAX];
    const MergeNeed *members[NEEDS_MAX][NEEDS_MAX];
    size_t member_count[NEEDS_MAX];
    size_t count;
    int sitting;
    bool is_workdays;
    const Calendar *calendar;
} Small;

static bool has_a_day(const Small *small, size_t activity)
{
    DayRange common = {DAY_FIRST, DAY_LAST};
    for (size_t i = 0; i < small->member_count[activity]; i++) {
        const DayRange one = small->members[activity][i]->days;
        if (one.first > common.first) common.first = one.first;
        if (one.last < common.last) common.last = one.last;
    }
    for (Day day = common.first; day <= common.last; day++) {
        bool is_fine = true;
        for (size_t i = 0; i < small->member_count[activity]; i++)
            is_fine = is_fine && (small->members[activity][i]->is_off || !small->is_workdays ||
                                  calendar_is_workday(small->calendar, day));
        if (is_fine) return true;
    }
    return false;
}

/* The fewest activities over all ways to divide the needs. */
static size_t try_all(Small *small, size_t at, size_t used)
{
    if (at == small->count) return used;
    size_t fewest = SIZE_MAX;
    for (size_t a = 0; a <= used; a++) {
        small->members[a][small->member_count[a]++] = &small->needs[at];
        if (merge_fits(small->members[a], small->member_count[a], small->sitting) &&
            has_a_day(small, a)) {
            const size_t count = try_all(small, at + 1, a == used ? used + 1 : used);
            if (count < fewest) fewest = count;
        }
        small->member_count[a]--;
    }
    return fewest;
}

static const char *random_pack(Prng *prng, Arena *arena)
{
    static const char *const names[] = {"party-group-meeting", "theme-day",     "organisation-life",
                                        "appraisal",           "union-meeting", "safety-day",
                                        "pre-shift-talk"};
    static const char *const periods[] = {"week", "month", "month", "quarter"};
    AUTO(buf_done) Buf text = {0};
    buf_init(&text, 16384);
    buf_format(&text, "%s", HEAD);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (prng_below(prng, 4) == 0) continue;
        buf_format(&text,
                   RULE_OF("%s", "per = %s\ndays_min = 1\nminutes = %d\ncommon = %s\n"
                                 "in_sequence = %s\nby_group = yes\nmake_up = %s\n"),
                   names[i], periods[prng_below(prng, 4)], 30 + 30 * (int)prng_below(prng, 4),
                   prng_below(prng, 4) == 0 ? "no" : "yes", prng_below(prng, 4) == 0 ? "no" : "yes",
                   prng_below(prng, 2) == 0 ? "no" : "yes");
    }
    buf_format(&text, RULE_OF("merge", "sitting_minutes_max = %d\nworkdays = %s\n"),
               60 + 30 * (int)prng_below(prng, 5), prng_below(prng, 4) == 0 ? "no" : "yes");
    return text_z(arena, buf_as_text(&text));
}

/* All that is owed is fulfilled within its days, once, and in as few activities as can be. */
static void check_plan(const Site *site)
{
    const MergePlan *plan_ = &site->plan;
    const int sitting = (int)pack_int(site->pack, PARAMETER_MERGE_SITTING_MINUTES_MAX, site->today);
    size_t owed = 0;
    size_t met = 0;
    for (size_t i = 0; i < site->count; i++)
        for (size_t k = 0; k < site->groups[i].owed_count; k++)
            owed += (size_t)obligation_missing(&site->groups[i].owed[k]);
    assert_int_equal(plan_->need_count, owed);
    for (size_t i = 0; i < plan_->activity_count; i++) {
        const MergeActivity *activity = &plan_->activities[i];
        assert_true(merge_fits(activity->needs, activity->need_count, sitting));
        for (size_t k = 0; k < activity->need_count; k++) {
            const MergeNeed *need = activity->needs[k];
            const DayRange period = need->obligation->period;
            assert_int_equal(need->activity, i);
            assert_true(activity->day >= site->today);
            assert_true(range_has(site->here[need->group], activity->day));
            if (need->makes_up == DAY_OPEN)
                assert_true(range_has(period, activity->day));
            else
                assert_true(range_has(period, need->makes_up) && need->makes_up < activity->day);
            met++;
        }
    }
    assert_int_equal(met, plan_->fulfilled);
    assert_true(merge_saved_minutes(plan_) >= 0);
}

static void a_plan_is_whole_and_the_fewest(Prng *prng)
{
    Site site;
    Small small = {0};
    AUTO(arena_done) Arena arena = {0};
    CalendarDay holidays[3];
    arena_init(&arena, (size_t)1 << 20);
    site_open(&site, random_pack(prng, &arena), "2026-10", "2026-09-25");
    site.today += (Day)prng_below(prng, 40);
    for (size_t i = 0; i < 3; i++)
        holidays[i] = (CalendarDay){d("2026-10-01") + (Day)(i * 9) + (Day)prng_below(prng, 9),
                                    prng_below(prng, 2) == 0};
    site.calendar = (Calendar){holidays, 3};
    static const int kinds[] = {GROUP_KIND_IS_PARTY, GROUP_KIND_IS_UNION, GROUP_KIND_IS_CREW,
                                GROUP_KIND_IS_CREW};
    for (size_t i = 0; i < 4; i++) {
        const Day first = d("2026-09-20") + (Day)prng_below(prng, 40);
        add_group(&site, kinds[i], (int)prng_below(prng, 5),
                  (DayRange){first, first + (Day)prng_below(prng, 20)});
    }
    plan(&site);
    check_plan(&site);
    for (size_t i = 0; i < site.plan.need_count && small.count <= NEEDS_MAX; i++) {
        if (site.plan.needs[i].left != MERGE_LEFT_NOT) continue;
        if (small.count < NEEDS_MAX) small.needs[small.count] = site.plan.needs[i];
        small.count++;
    }
    small.sitting = (int)pack_int(site.pack, PARAMETER_MERGE_SITTING_MINUTES_MAX, site.today);
    small.calendar = &site.calendar;
    small.is_workdays = pack_bool(site.pack, PARAMETER_MERGE_WORKDAYS, site.today);
    if (small.count <= NEEDS_MAX) {
        assert_true(site.plan.is_fewest);
        assert_int_equal(site.plan.activity_count, try_all(&small, 0, 0));
    }
    arena_done(&site.arena);
}

static void property_fewest(void **state)
{
    (void)state;
    prop_run("merging is whole and the fewest", 600, a_plan_is_whole_and_the_fewest);
}

/* A branch, a union group and two crews owe for a whole year, talks before the shift included. */
static void a_year_is_planned_in_bounded_time(void **state)
{
    (void)state;
    Site site;
    site_open(&site,
              HEAD THREE_GROUPS RULE_OF("pre-shift-talk", "common = yes\nin_sequence = yes\n")
                  RULE_OF("branch-meeting", "") RULE_OF("committee-meeting", ""),
              "2026", "2026-01-01");
    add_group(&site, GROUP_KIND_IS_PARTY, FORM_IS_BRANCH, days("2026-01-01", NULL));
    add_group(&site, GROUP_KIND_IS_UNION, 0, days("2026-01-01", NULL));
    add_group(&site, GROUP_KIND_IS_CREW, 0, days("2026-01-01", NULL));
    add_group(&site, GROUP_KIND_IS_CREW, 0, days("2026-01-01", NULL));
    plan(&site);
    check_plan(&site);
    assert_true(site.plan.activity_count >= 261); /* workdays */
    assert_true(site.plan.activity_count <= 261 + 12);
    arena_done(&site.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_groups_need_as_many_activities_as_weeks),
        cmocka_unit_test(a_sitting_has_its_longest),
        cmocka_unit_test(the_partys_own_is_not_merged_with_others),
        cmocka_unit_test(talks_stay_apart_unless_a_company_allows_it),
        cmocka_unit_test(the_last_day_counts),
        cmocka_unit_test(property_fewest),
        cmocka_unit_test(a_year_is_planned_in_bounded_time),
    };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
