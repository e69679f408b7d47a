#include "support/merge_site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/stores.h"

Day merge_day(const char *text)
{
    Err err;
    Day day = 0;
    must(day_parse(text_from_z(text), &day, &err), &err);
    return day;
}

DayRange merge_days(const char *first, const char *last)
{
    return (DayRange){merge_day(first), last == NULL ? DAY_OPEN : merge_day(last)};
}

void merge_site(MergeSite *site, const char *text, const char *period, const char *today)
{
    Err err;
    *site = (MergeSite){.today = merge_day(today)};
    arena_init(&site->arena, (size_t)64 << 20);
    site->pack = pack_bare();
    if (text != NULL)
        must(pack_parse(bytes_of(text_from_z(text)), &site->arena, &site->pack, &err), &err);
    must(period_parse(text_from_z(period), 0, &site->within, &err), &err);
}

void merge_group(MergeSite *site, int kind, int form, DayRange there)
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

void merge_planned(MergeSite *site, Day day)
{
    site->planned[site->planned_count] = (MergePlanned){.key = 100 + (Key)site->planned_count,
                                                        .day = day,
                                                        .parts = site->parts[site->planned_count]};
    site->planned_count++;
}

void merge_part(MergeSite *site, size_t group, int meeting)
{
    MergePlanned *planned = &site->planned[site->planned_count - 1];
    site->parts[site->planned_count - 1][planned->part_count++] = (MergePart){group, meeting};
}

void merge_try(MergeSite *site)
{
    Err err;
    const MergeFacts facts = {.pack = site->pack,
                              .calendar = &site->calendar,
                              .groups = site->groups,
                              .group_count = site->count,
                              .planned = site->planned,
                              .planned_count = site->planned_count,
                              .within = site->within,
                              .today = site->today};
    must(merge_plan(&facts, &site->arena, &site->plan, &err), &err);
}

void merge_check(const MergeSite *site)
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
        assert_true(merge_fits(NULL, 0, activity->needs, activity->need_count, sitting));
        if (activity->joins != NULL) assert_int_equal(activity->day, activity->joins->day);
        assert_true(merge_saved_by(activity) >= 0);
        for (size_t k = 0; k < activity->need_count; k++) {
            const MergeNeed *need = activity->needs[k];
            const DayRange period = need->obligation->period;
            assert_int_equal(need->activity, i);
            assert_ptr_equal(need->joins, activity->joins);
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
