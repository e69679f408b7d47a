#include <string.h>

#include "engine/inside.h"
#include "loop/task.h"
#include "store/rows.h"
#include "view/task_load.h"

#define ITEM_WEIGHT_MAX 10

/* ---- Items ---- */

/* An item is for somebody, and can be done after it was deployed. */
ErrCode check_item(const Record *record, Err *err)
{
    const int64_t weight = record_int(record, ITEM_WEIGHT, 1);
    if (weight < 1 || weight > ITEM_WEIGHT_MAX)
        return err_set(err, ERR_INVALID, "\"weight\" is 1 to %d", ITEM_WEIGHT_MAX);
    if (record_has(record, ITEM_DAY) &&
        record_int(record, ITEM_DUE, 0) < record_int(record, ITEM_DAY, 0))
        return err_set(err, ERR_INVALID, "\"due\" is before the day of deployment");
    if (record_int(record, ITEM_FOR_PARTY, 0) != 0 || record_int(record, ITEM_FOR_UNION, 0) != 0 ||
        record_int(record, ITEM_FOR_CREW, 0) != 0)
        return OK;
    return err_set(err, ERR_INVALID,
                   "say whom the item is for: \"for_party\", \"for_union\" or \"for_crew\"");
}

/* An item is deployed to a project once. */
ErrCode check_task(Engine *engine, Key subject, const Record *record, Err *err)
{
    Key item = KEY_NONE;
    Key project = KEY_NONE;
    AUTO(query_done) Query query = {0};
    bool found = false;
    if (subject != KEY_NONE) return OK; /* both never change */
    TRY(find_thing(engine, record_ref(record, TASK_ITEM), KIND_ITEM, "item", &item, err));
    TRY(find_thing(engine, record_ref(record, TASK_PROJECT), KIND_PROJECT, "project", &project,
                   err));
    TRY(query_begin(&query, engine->store, TASKS_OF_ITEM_AT, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, item);
    query_bind_int(&query, 3, project);
    TRY(query_next(&query, &found, err));
    if (!found) return OK;
    return err_set(err, ERR_CONFLICT, "this item was deployed to this project before");
}

/* ---- Steps ---- */

static bool has_words(const Record *step)
{
    return record_text(step, STEP_WORDS).size > 0;
}

/* The kind of group that a step is about: told, or the only one there is; 0 of a common task. */
static ErrCode find_group_kind(const TaskFacts *task, Record *step, Err *err)
{
    int only = 0;
    int count = 0;
    const int said = (int)record_int(step, STEP_GROUP_KIND, 0);
    if (!task->is_particular)
        return said == 0 ? OK
                         : err_set(err, ERR_INVALID,
                                   "this item is answered once for all groups: leave out "
                                   "\"group_kind\"");
    for (int kind = GROUP_KIND_IS_PARTY; kind <= GROUP_KIND_IS_CREW; kind++)
        if (task->is_for[kind]) {
            only = kind;
            count++;
        }
    if (said == 0 && count == 1) record_set_int(step, STEP_GROUP_KIND, only);
    if (said == 0 && count > 1)
        return err_set(err, ERR_INVALID,
                       "each kind of group answers this item apart: say which in \"group_kind\"");
    if (said != 0 && !task->is_for[said])
        return err_set(err, ERR_INVALID, "this item is not for that kind of group");
    return OK;
}

static ErrCode fold_all(Engine *engine, const Record *step, Arena *arena, TaskCard *out_card,
                        Task *out_task, Err *err)
{
    Key key = KEY_NONE;
    const Source from = {engine->store, engine->shard, arena};
    TRY(find_thing(engine, record_ref(step, STEP_TASK), KIND_TASK, "task", &key, err));
    TRY(load_task(from, engine->node->utc_offset_minutes, key, out_card, err));
    return task_fold(&out_card->facts, DAY_LAST, arena, out_task, err);
}

/* Nobody types what the node knows: which kind of group it must be, and which step came before. */
ErrCode fill_step(Engine *engine, Record *step, Arena *arena, Err *err)
{
    TaskCard card;
    Task task;
    if (step->kind->code != KIND_STEP) return OK;
    TRY(fold_all(engine, step, arena, &card, &task, err));
    TRY(find_group_kind(&card.facts, step, err));
    const Course *course = task_course(&task, (int)record_int(step, STEP_GROUP_KIND, 0));
    if (!record_has(step, STEP_FOLLOWS) && course != NULL && course->last != KEY_NONE)
        record_set_ref(step, STEP_FOLLOWS, course->last_id);
    return OK;
}

static ErrCode check_step_day(const Engine *engine, const Course *course, const Record *step,
                              Err *err)
{
    char last[DAY_TEXT_MAX];
    const Day today = node_today(engine->node);
    const Day day = (Day)record_int(step, STEP_DAY, today);
    if (day > today + 1) return err_set(err, ERR_INVALID, "\"day\" is still to come");
    if (record_has(step, STEP_DAY) && day < course->last_day)
        return err_set(err, ERR_INVALID, "\"day\" is before the step that it follows, of %s",
                       day_write(course->last_day, last));
    return OK;
}

/* Until when something is to be done, or may be done instead. */
static ErrCode check_until(const Engine *engine, const Course *course, const Record *step, Err *err)
{
    char due[DAY_TEXT_MAX];
    const int64_t act = record_int(step, STEP_ACT, 0);
    const Day day = (Day)record_int(step, STEP_DAY, node_today(engine->node));
    const Day until = (Day)record_int(step, STEP_UNTIL, DAY_OPEN);
    const bool takes_it = act == ACT_IS_REWORK || act == ACT_IS_ASK || act == ACT_IS_GRANT;
    if (!takes_it)
        return until == DAY_OPEN
                   ? OK
                   : err_set(err, ERR_INVALID, "\"until\" does not belong to this step");
    if (until == DAY_OPEN && act != ACT_IS_GRANT)
        return err_set(err, ERR_INVALID, "say until when, in \"until\"");
    if (act == ACT_IS_REWORK && until < day)
        return err_set(err, ERR_INVALID, "\"until\" is before the rework begins");
    if (act != ACT_IS_REWORK && until != DAY_OPEN && until <= course_due(course))
        return err_set(err, ERR_INVALID, "\"until\" is no extension: it is due on %s already",
                       day_write(course_due(course), due));
    return OK;
}

static ErrCode check_step_words(const Record *step, Err *err)
{
    switch (record_int(step, STEP_ACT, 0)) {
    case ACT_IS_REPORT:
        if (has_words(step) || record_text(step, STEP_EVIDENCE).size > 0) return OK;
        return err_set(err, ERR_INVALID,
                       "say what was done in \"words\", or where it shows in \"evidence\"");
    case ACT_IS_REWORK:
        return has_words(step)
                   ? OK
                   : err_set(err, ERR_INVALID, "say what is to be reworked, in \"words\"");
    case ACT_IS_ASK:
    case ACT_IS_REFUSE:
    case ACT_IS_WITHDRAW:
        return has_words(step) ? OK : err_set(err, ERR_INVALID, "say why, in \"words\"");
    default: return OK;
    }
}

/* Who does the work does not inspect it: that is for the unit in charge, the one that deployed it,
 * or one above. */
static ErrCode check_step_right(const Actor *actor, const TaskCard *card, int64_t act, Err *err)
{
    if (act == ACT_IS_ACCEPT || act == ACT_IS_REPORT || act == ACT_IS_ASK) return OK;
    if (reach_has_unit(actor->reach, card->unit) || reach_has_unit(actor->reach, card->item_unit))
        return OK;
    return err_set(err, ERR_CONFLICT,
                   "who does the work does not inspect it: ask the unit in charge of the project, "
                   "or the one that deployed the item");
}

ErrCode check_step(Engine *engine, const Actor *actor, const Record *step, Arena *arena, Err *err)
{
    TaskCard card;
    Task task;
    const int64_t act = record_int(step, STEP_ACT, 0);
    TRY(fold_all(engine, step, arena, &card, &task, err));
    TRY(check_step_right(actor, &card, act, err));
    const Course *course = task_course(&task, (int)record_int(step, STEP_GROUP_KIND, 0));
    if (course == NULL) return err_set(err, ERR_INVALID, "nobody answers this item that way");
    if (!id_equal(record_ref(step, STEP_FOLLOWS), course->last_id))
        return err_set(err, ERR_CONFLICT,
                       "the task has gone on since that step: look at it, then say this again");
    const char *refusal = course_refusal(course, (int)act);
    if (refusal != NULL) return err_set(err, ERR_CONFLICT, "%s", refusal);
    TRY(check_step_day(engine, course, step, err));
    TRY(check_until(engine, course, step, err));
    return check_step_words(step, err);
}
