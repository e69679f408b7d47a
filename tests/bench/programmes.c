#include "bench/programmes.h"

#include <stdio.h>

#define SITES_OF_UNIT  100
#define PHASE_DAYS     60
#define LINES_OF_PHASE 2

static const int phases[] = {PHASE_IS_PRE, PHASE_IS_MOB, PHASE_IS_FND,
                             PHASE_IS_TWR, PHASE_IS_STR, PHASE_IS_ACC};
#define PHASE_COUNT (sizeof phases / sizeof phases[0])

typedef struct Telling {
    FactTaker take;
    void *context;
    Day today;
    Id unit;
    Id item;
} Telling;

static Record record_of(KindCode kind)
{
    return (Record){.kind = vocab_kind((unsigned)kind)};
}

static Id tell(const Telling *telling, const Record *record)
{
    return telling->take(telling->context, record);
}

static void tell_unit(Telling *telling, size_t number)
{
    char name[PLACE_NAME_MAX];
    Record unit = record_of(KIND_UNIT);
    Record item = record_of(KIND_ITEM);
    snprintf(name, sizeof name, "线路部%zu", number);
    record_set_text(&unit, UNIT_NAME, text_from_z(name));
    telling->unit = tell(telling, &unit);
    record_set_ref(&item, ITEM_UNIT, telling->unit);
    record_set_text(&item, ITEM_TITLE, TEXT("立塔前组建突击队"));
    record_set_text(&item, ITEM_DONE_WHEN, TEXT("有名单、旗帜和任务书"));
    record_set_int(&item, ITEM_GOAL, GOAL_IS_PRODUCTION);
    record_set_int(&item, ITEM_MODE, ITEM_MODE_IS_COMMON);
    record_set_int(&item, ITEM_FOR_PARTY, 1);
    record_set_int(&item, ITEM_DUE, telling->today + 10);
    record_set_int(&item, ITEM_DAY, telling->today - 10);
    telling->item = tell(telling, &item);
}

static Id tell_project(const Telling *telling, size_t site)
{
    char name[PLACE_NAME_MAX];
    Record record = record_of(KIND_PROJECT);
    snprintf(name, sizeof name, "线路工程%zu", site);
    record_set_text(&record, PROJECT_NAME, text_from_z(name));
    record_set_ref(&record, PROJECT_UNIT, telling->unit);
    record_set_int(&record, PROJECT_STAGE, STAGE_IS_ACTIVE);
    record_set_int(&record, PROJECT_FROM, telling->today - 180);
    return tell(telling, &record);
}

/* Schedules that do not all begin on one day: the year has something in each month. */
static void tell_schedule(const Telling *telling, Id project, size_t site)
{
    const Day first = telling->today - 150 - (Day)(site % 60);
    for (size_t i = 0; i < PHASE_COUNT; i++) {
        Record phase = record_of(KIND_PHASE);
        record_set_ref(&phase, PHASE_PROJECT, project);
        record_set_int(&phase, PHASE_PHASE, phases[i]);
        record_set_int(&phase, PHASE_FROM, first + (Day)i * PHASE_DAYS);
        record_set_int(&phase, PHASE_TO, first + (Day)(i + 1) * PHASE_DAYS - 1);
        tell(telling, &phase);
    }
    Record risk = record_of(KIND_RISK);
    record_set_ref(&risk, RISK_PROJECT, project);
    record_set_int(&risk, RISK_SCHEME, RISK_SCHEME_IS_FALLING);
    record_set_int(&risk, RISK_LEVEL, 1 + (int)(site % 4));
    tell(telling, &risk);
}

static void fulfil(const Telling *telling, Id project, Id line, size_t number)
{
    Record fulfilment = record_of(KIND_FULFILMENT);
    record_set_ref(&fulfilment, FULFILMENT_LINE, line);
    if (number < 2) {
        Record activity = record_of(KIND_ACTIVITY);
        record_set_ref(&activity, ACTIVITY_PROJECT, project);
        record_set_text(&activity, ACTIVITY_TITLE, TEXT("新进场人员集中学习"));
        record_set_int(&activity, ACTIVITY_DAY, telling->today - 60 - (Day)number);
        record_set_int(&activity, ACTIVITY_PROGRESS, PROGRESS_IS_HELD);
        record_set_ref(&fulfilment, FULFILMENT_ACTIVITY, tell(telling, &activity));
    } else if (number == 2) {
        record_set_int(&fulfilment, FULFILMENT_DAY, telling->today - 30);
    } else {
        Record task = record_of(KIND_TASK);
        Record step = record_of(KIND_STEP);
        record_set_ref(&task, TASK_ITEM, telling->item);
        record_set_ref(&task, TASK_PROJECT, project);
        const Id id = tell(telling, &task);
        record_set_ref(&step, STEP_TASK, id);
        record_set_int(&step, STEP_ACT, ACT_IS_ACCEPT);
        record_set_int(&step, STEP_DAY, telling->today - 9);
        tell(telling, &step);
        record_set_ref(&fulfilment, FULFILMENT_TASK, id);
    }
    tell(telling, &fulfilment);
}

static void tell_programme(const Telling *telling, Id project)
{
    for (size_t i = 0; i < 8; i++) {
        Record line = record_of(KIND_PLAN_LINE);
        record_set_ref(&line, PLAN_LINE_PROJECT, project);
        record_set_text(&line, PLAN_LINE_TITLE, TEXT("高处作业专项检查"));
        record_set_int(&line, PLAN_LINE_PHASE, phases[i / LINES_OF_PHASE]);
        record_set_int(&line, PLAN_LINE_EDGE, i % 2 == 0 ? EDGE_IS_START : EDGE_IS_END);
        record_set_int(&line, PLAN_LINE_OFFSET, (int)i - 3);
        record_set_int(&line, PLAN_LINE_PARTY, 1);
        record_set_int(&line, PLAN_LINE_FOCUS, 1 + (int)(i % 4));
        record_set_int(&line, PLAN_LINE_GRIP, 1 + (int)(i / 2));
        if (i == 6) {
            record_set_int(&line, PLAN_LINE_RISK_SCHEME, RISK_SCHEME_IS_FALLING);
            record_set_int(&line, PLAN_LINE_RISK_LEVEL, 2);
        }
        const Id id = tell(telling, &line);
        if (i < 4) fulfil(telling, project, id, i);
    }
}

void programmes_tell(size_t sites, Day today, FactTaker take, void *context)
{
    Telling telling = {.take = take, .context = context, .today = today};
    for (size_t site = 0; site < sites; site++) {
        if (site % SITES_OF_UNIT == 0) tell_unit(&telling, site);
        const Id project = tell_project(&telling, site);
        tell_schedule(&telling, project, site);
        tell_programme(&telling, project);
    }
    Record person = record_of(KIND_PERSON);
    record_set_ref(&person, PERSON_UNIT, telling.unit);
    record_set_text(&person, PERSON_NAME, TEXT("工人1"));
    tell(&telling, &person);
}
