#include "bench/work.h"

#include <stdio.h>

#define SITES_OF_UNIT 100
#define ITEMS_OF_UNIT 4
#define STEPS_OF_TASK 2

typedef struct Groups {
    Id project;
    Id party;
    Id unions;
    Id crew;
} Groups;

typedef struct Work {
    FactTaker take;
    void *context;
    Day today;
} Work;

static Record record_of(KindCode kind)
{
    return (Record){.kind = vocab_kind((unsigned)kind)};
}

static Id tell(const Work *work, const Record *record)
{
    return work->take(work->context, record);
}

static Id tell_named(const Work *work, KindCode kind, unsigned field, size_t number,
                     const char *what, Record *record)
{
    char name[PLACE_NAME_MAX];
    snprintf(name, sizeof name, "%s%zu", what, number);
    record->kind = vocab_kind((unsigned)kind);
    record_set_text(record, field, text_from_z(name));
    return tell(work, record);
}

static Id tell_group(const Work *work, Id unit, Id project, size_t site, int kind)
{
    static const char *const names[] = {"", "党小组", "工会小组", "班组"};
    Record record = {0};
    Record station = record_of(KIND_STATION);
    record_set_ref(&record, GROUP_UNIT, unit);
    record_set_int(&record, GROUP_KIND, kind);
    const Id group = tell_named(work, KIND_GROUP, GROUP_NAME, site, names[kind], &record);
    record_set_ref(&station, STATION_GROUP, group);
    record_set_ref(&station, STATION_PROJECT, project);
    record_set_int(&station, STATION_FROM, work->today - 180);
    tell(work, &station);
    return group;
}

static Groups tell_site(const Work *work, Id unit, size_t site)
{
    char code[PLACE_NAME_MAX];
    Record record = {0};
    Groups groups;
    snprintf(code, sizeof code, "W%zu", site);
    record_set_ref(&record, PROJECT_UNIT, unit);
    record_set_text(&record, PROJECT_CODE, text_from_z(code));
    record_set_int(&record, PROJECT_STAGE, STAGE_IS_ACTIVE);
    record_set_int(&record, PROJECT_FROM, work->today - 180);
    groups.project = tell_named(work, KIND_PROJECT, PROJECT_NAME, site, "线路工程", &record);
    groups.party = tell_group(work, unit, groups.project, site, GROUP_KIND_IS_PARTY);
    groups.unions = tell_group(work, unit, groups.project, site, GROUP_KIND_IS_UNION);
    groups.crew = tell_group(work, unit, groups.project, site, GROUP_KIND_IS_CREW);
    return groups;
}

static Id tell_activity(const Work *work, const Groups *groups, Day day, const char *title)
{
    Record record = record_of(KIND_ACTIVITY);
    record_set_ref(&record, ACTIVITY_PROJECT, groups->project);
    record_set_text(&record, ACTIVITY_TITLE, text_from_z(title));
    record_set_int(&record, ACTIVITY_DAY, day);
    record_set_int(&record, ACTIVITY_PROGRESS, PROGRESS_IS_HELD);
    return tell(work, &record);
}

static void tell_part(const Work *work, Id activity, Id group, int meeting)
{
    Record record = record_of(KIND_PART);
    record_set_ref(&record, PART_ACTIVITY, activity);
    record_set_ref(&record, PART_GROUP, group);
    record_set_int(&record, PART_MEETING, meeting);
    tell(work, &record);
}

static void tell_month(const Work *work, const Groups *groups, size_t site)
{
    for (Day day = work->today - 29; day <= work->today; day++) {
        const int weekday = day_weekday(day);
        if (weekday >= 5 || (site % 7 == 0 && day % 5 == 0)) continue;
        tell_part(work, tell_activity(work, groups, day, "站班会"), groups->crew,
                  MEETING_IS_PRE_SHIFT);
        if (weekday == 2)
            tell_part(work, tell_activity(work, groups, day, "安全日活动"), groups->crew,
                      MEETING_IS_SAFETY_DAY);
    }
    const Id common = tell_activity(work, groups, work->today - 10, "主题党日：安全");
    tell_part(work, common, groups->party, MEETING_IS_THEME_DAY);
    tell_part(work, common, groups->party, MEETING_IS_PARTY_GROUP);
    tell_part(work, common, groups->unions, MEETING_IS_UNION_GROUP);
    tell_part(work, common, groups->crew, MEETING_IS_SAFETY_DAY);
}

/* ---- What the unit wants done at each of its sites ---- */

static void tell_items(const Work *work, Id unit, Id items[ITEMS_OF_UNIT])
{
    for (size_t i = 0; i < ITEMS_OF_UNIT; i++) {
        Record record = {0};
        record_set_ref(&record, ITEM_UNIT, unit);
        record_set_int(&record, ITEM_GOAL, GOAL_IS_SAFETY);
        record_set_int(&record, ITEM_MODE, ITEM_MODE_IS_COMMON);
        record_set_int(&record, ITEM_FOR_CREW, 1);
        record_set_text(&record, ITEM_DONE_WHEN, TEXT("检查表逐项签认，发现的问题全部闭环"));
        record_set_int(&record, ITEM_DUE, work->today - 10 + (Day)(i * 10));
        record_set_int(&record, ITEM_DAY, work->today - 20);
        items[i] = tell_named(work, KIND_ITEM, ITEM_TITLE, i, "专项检查", &record);
    }
}

/* Taken on, and every second one reported. */
static void tell_task(const Work *work, Id item, Id project, bool is_reported)
{
    static const int acts[STEPS_OF_TASK] = {ACT_IS_ACCEPT, ACT_IS_REPORT};
    Record task = record_of(KIND_TASK);
    Id last = {{0}};
    record_set_ref(&task, TASK_ITEM, item);
    record_set_ref(&task, TASK_PROJECT, project);
    const Id id = tell(work, &task);
    for (size_t i = 0; i < (is_reported ? STEPS_OF_TASK : 1); i++) {
        Record step = record_of(KIND_STEP);
        record_set_ref(&step, STEP_TASK, id);
        record_set_int(&step, STEP_ACT, acts[i]);
        record_set_int(&step, STEP_DAY, work->today - 15 + (Day)i);
        if (!id_is_nil(last)) record_set_ref(&step, STEP_FOLLOWS, last);
        last = tell(work, &step);
    }
}

void work_tell(size_t sites, Day today, FactTaker take, void *context)
{
    const Work work = {take, context, today};
    Id unit = {{0}};
    Id items[ITEMS_OF_UNIT] = {{{0}}};
    Record person = {0};
    for (size_t site = 0; site < sites; site++) {
        if (site % SITES_OF_UNIT == 0) {
            Record record = {0};
            unit = tell_named(&work, KIND_UNIT, UNIT_NAME, site, "线路部", &record);
            tell_items(&work, unit, items);
        }
        const Groups groups = tell_site(&work, unit, site);
        tell_month(&work, &groups, site);
        for (size_t i = 0; i < ITEMS_OF_UNIT; i++)
            tell_task(&work, items[i], groups.project, (site + i) % 2 == 0);
    }
    record_set_ref(&person, PERSON_UNIT, unit);
    tell_named(&work, KIND_PERSON, PERSON_NAME, 1, "工人", &person);
}
