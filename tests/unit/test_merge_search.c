/* What we promise about the search for the fewest: on small sites there are as few new activities
 * as when we try all ways there are, whatever is planned already, and a year takes bounded time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/merge_site.h"
#include "support/prop.h"
#include "support/stores.h"

#define NEEDS_MAX 9

typedef struct Small {
    MergeNeed needs[NEEDS_MAX];
    const MergeNeed *members[NEEDS_MAX][NEEDS_MAX];
    size_t member_count[NEEDS_MAX];
    size_t count;
    const MergeSite *site;
    MergeNeed parts[PLANNED_MAX][3]; /* of what is planned, as if they were needs */
    Obligation kinds[PLANNED_MAX][3];
    const MergeNeed *joining[PLANNED_MAX][NEEDS_MAX];
    size_t joining_count[PLANNED_MAX];
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

/* Whether this one may be in that planned activity, as to the day. */
static bool can_join(const Small *small, const MergeNeed *need, const MergePlanned *planned)
{
    const bool is_workday =
        !small->is_workdays || calendar_is_workday(small->calendar, planned->day);
    if (!range_has(need->days, planned->day) || need->is_off == is_workday) return false;
    return planned->day > small->site->today || need->days.last == planned->day;
}

static bool fits_in(const Small *small, size_t planned)
{
    const MergeNeed *parts[3];
    for (size_t i = 0; i < small->site->planned[planned].part_count; i++)
        parts[i] = &small->parts[planned][i];
    return merge_fits(parts, small->site->planned[planned].part_count, small->joining[planned],
                      small->joining_count[planned], small->sitting);
}

/* The fewest new activities over all ways to divide the needs among those and what is planned. */
static size_t try_all(Small *small, size_t at, size_t used)
{
    if (at == small->count) return used;
    size_t fewest = SIZE_MAX;
    for (size_t p = 0; p < small->site->planned_count; p++) {
        if (!can_join(small, &small->needs[at], &small->site->planned[p])) continue;
        small->joining[p][small->joining_count[p]++] = &small->needs[at];
        if (fits_in(small, p)) {
            const size_t count = try_all(small, at + 1, used);
            if (count < fewest) fewest = count;
        }
        small->joining_count[p]--;
    }
    for (size_t a = 0; a <= used; a++) {
        small->members[a][small->member_count[a]++] = &small->needs[at];
        if (merge_fits(NULL, 0, small->members[a], small->member_count[a], small->sitting) &&
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

/* Activities that somebody planned, in keeping with the rules or not. */
static void add_random_planned(MergeSite *site, Prng *prng)
{
    static const int meetings[] = {MEETING_IS_PARTY_GROUP,       MEETING_IS_THEME_DAY,
                                   MEETING_IS_ORGANISATION_LIFE, MEETING_IS_UNION_GROUP,
                                   MEETING_IS_SAFETY_DAY,        MEETING_IS_PRE_SHIFT};
    Day day = site->today;
    for (size_t i = prng_below(prng, PLANNED_MAX + 1); i > 0; i--) {
        day += (Day)prng_below(prng, 9);
        merge_planned(site, day);
        for (size_t k = 1 + prng_below(prng, 2); k > 0; k--)
            merge_part(site, prng_below(prng, 5), meetings[prng_below(prng, 6)]);
    }
}

static void note_parts(Small *small, const MergeSite *site)
{
    static const struct {
        ParameterCode minutes;
        ParameterCode common;
        ParameterCode in_sequence;
    } rules[] = {
#define MERGING(NAME, minutes_, common_, in_sequence_, may_make_up) \
    {PARAMETER_##NAME##_MINUTES, PARAMETER_##NAME##_COMMON, PARAMETER_##NAME##_IN_SEQUENCE},
#include "vocab/pack.def"
    };
    for (size_t i = 0; i < site->planned_count; i++) {
        const MergePlanned *planned = &site->planned[i];
        for (size_t k = 0; k < planned->part_count; k++) {
            const int meeting = planned->parts[k].meeting;
            small->kinds[i][k] = (Obligation){.meeting = meeting};
            small->parts[i][k] = (MergeNeed){
                .group = planned->parts[k].group,
                .obligation = &small->kinds[i][k],
                /* The rules stand in the order of the kinds of meeting. */
                .minutes = (int)pack_int(site->pack, rules[meeting - 1].minutes, planned->day),
                .is_common = pack_bool(site->pack, rules[meeting - 1].common, planned->day),
                .is_in_sequence =
                    pack_bool(site->pack, rules[meeting - 1].in_sequence, planned->day),
            };
        }
    }
}

static void a_plan_is_whole_and_the_fewest(Prng *prng)
{
    MergeSite site;
    Small small = {0};
    AUTO(arena_done) Arena arena = {0};
    CalendarDay holidays[3];
    arena_init(&arena, (size_t)1 << 20);
    merge_site(&site, random_pack(prng, &arena), "2026-10", "2026-09-25");
    site.today += (Day)prng_below(prng, 40);
    for (size_t i = 0; i < 3; i++)
        holidays[i] =
            (CalendarDay){merge_day("2026-10-01") + (Day)(i * 9) + (Day)prng_below(prng, 9),
                          prng_below(prng, 2) == 0};
    site.calendar = (Calendar){holidays, 3};
    static const int kinds[] = {GROUP_KIND_IS_PARTY, GROUP_KIND_IS_UNION, GROUP_KIND_IS_CREW,
                                GROUP_KIND_IS_CREW};
    for (size_t i = 0; i < 4; i++) {
        const Day first = merge_day("2026-09-20") + (Day)prng_below(prng, 40);
        merge_group(&site, kinds[i], (int)prng_below(prng, 5),
                    (DayRange){first, first + (Day)prng_below(prng, 20)});
    }
    add_random_planned(&site, prng);
    merge_try(&site);
    merge_check(&site);
    note_parts(&small, &site);
    small.site = &site;
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
        assert_int_equal(site.plan.activity_count - site.plan.joined, try_all(&small, 0, 0));
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
    MergeSite site;
    merge_site(&site,
               HEAD THREE_GROUPS RULE_OF("pre-shift-talk", "common = yes\nin_sequence = yes\n")
                   RULE_OF("branch-meeting", "") RULE_OF("committee-meeting", ""),
               "2026", "2026-01-01");
    merge_group(&site, GROUP_KIND_IS_PARTY, FORM_IS_BRANCH, merge_days("2026-01-01", NULL));
    merge_group(&site, GROUP_KIND_IS_UNION, 0, merge_days("2026-01-01", NULL));
    merge_group(&site, GROUP_KIND_IS_CREW, 0, merge_days("2026-01-01", NULL));
    merge_group(&site, GROUP_KIND_IS_CREW, 0, merge_days("2026-01-01", NULL));
    merge_try(&site);
    merge_check(&site);
    assert_true(site.plan.activity_count >= 261); /* workdays */
    assert_true(site.plan.activity_count <= 261 + 12);
    arena_done(&site.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_fewest),
        cmocka_unit_test(a_year_is_planned_in_bounded_time),
    };
    return cmocka_run_group_tests_name("merge_search", tests, NULL, NULL);
}
