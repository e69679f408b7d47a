#include "answer/duties.h"

#include <stdio.h>

#include "answer/shape.h"
#include "view/merge_load.h"

static const FieldInfo *meeting_field(void)
{
    return vocab_field(vocab_kind(KIND_PART), PART_MEETING);
}

static ErrCode emit_need(const View *view, const MergeProposal *proposal, const MergeNeed *need,
                         Emit *emit, Err *err)
{
    const Obligation *obligation = need->obligation;
    const Group *group = &proposal->groups.items[need->group].facts;
    TRY(shape_thing_at(view, "group", KIND_GROUP, group->key, emit, err));
    shape_choice_at("kind", vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND), group->kind, emit);
    shape_choice_at("meeting", meeting_field(), obligation->meeting, emit);
    emit_day_at(emit, "from", obligation->period.first);
    emit_day_at(emit, "to", obligation->period.last);
    emit_day_at(emit, "due", obligation->due);
    emit_z_at(emit, "state", duty_state_name(obligation->state));
    emit_int_at(emit, "minutes", need->minutes);
    emit_day_at(emit, "makes_up", need->makes_up);
    shape_rule_at("rule", pack_rule(view->pack, obligation->rule, obligation->due), emit);
    return OK;
}

static bool is_of_several(const MergeActivity *activity)
{
    const size_t group = activity->needs[0]->group;
    for (size_t i = 0; activity->joins != NULL && i < activity->joins->part_count; i++)
        if (activity->joins->parts[i].group != group) return true;
    return group != activity->needs[activity->need_count - 1]->group;
}

static void emit_apart(const MergeActivity *activity, Emit *emit)
{
    if (activity->apart == MERGE_APART_NOT) {
        emit_null_at(emit, "apart");
        return;
    }
    emit_key(emit, "apart");
    emit_open_object(emit);
    emit_z_at(emit, "code", merge_apart_name(activity->apart));
    emit_z_at(emit, "zh", merge_apart_zh(activity->apart));
    emit_z_at(emit, "en", merge_apart_en(activity->apart));
    emit_close_object(emit);
}

static ErrCode emit_activity(const View *view, const MergeProposal *proposal,
                             const MergeActivity *activity, Emit *emit, Err *err)
{
    Text title;
    TRY(merge_title(activity, view->arena, &title, err));
    emit_open_object(emit);
    TRY(shape_thing_at(view, "joins", KIND_ACTIVITY,
                       activity->joins == NULL ? KEY_NONE : activity->joins->key, emit, err));
    emit_text_at(emit, "title", title);
    emit_day_at(emit, "day", activity->day);
    emit_day_at(emit, "earliest", activity->days.first);
    emit_day_at(emit, "latest", activity->days.last);
    emit_int_at(emit, "minutes", activity->minutes);
    emit_int_at(emit, "apart_minutes", activity->alone);
    emit_int_at(emit, "saved_minutes", merge_saved_by(activity));
    emit_bool_at(emit, "common", is_of_several(activity));
    emit_apart(activity, emit);
    emit_key(emit, "covers");
    emit_open_array(emit);
    for (size_t i = 0; i < activity->need_count; i++) {
        emit_open_object(emit);
        TRY(emit_need(view, proposal, activity->needs[i], emit, err));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_left(const View *view, const MergeProposal *proposal, Emit *emit, Err *err)
{
    emit_key(emit, "left");
    emit_open_array(emit);
    for (size_t i = 0; i < proposal->plan.need_count; i++) {
        const MergeNeed *need = &proposal->plan.needs[i];
        if (need->left == MERGE_LEFT_NOT) continue;
        emit_open_object(emit);
        TRY(emit_need(view, proposal, need, emit, err));
        emit_z_at(emit, "code", merge_left_name(need->left));
        emit_z_at(emit, "zh", merge_left_zh(need->left));
        emit_z_at(emit, "en", merge_left_en(need->left));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* What is proposed, but for what is held daily, of which nothing is to be decided. */
typedef struct MergeCount {
    size_t meetings;
    size_t added; /* new activities */
} MergeCount;

static MergeCount count_of(const MergePlan *plan)
{
    return (MergeCount){plan->fulfilled - plan->daily,
                        plan->activity_count - plan->joined - plan->daily};
}

static void emit_why(const View *view, const MergePlan *plan, Emit *emit)
{
    const MergeCount count = count_of(plan);
    char zh[600];
    char en[600];
    const int saved = (int)merge_saved_minutes(plan);
    (void)snprintf(
        zh, sizeof zh,
        "分别召开需%zu次会议，合并后新增%zu次活动，另有%zu次已计划的活动一并承办；节省%d分钟"
        "＝各会议通常时长之和减去合并后每次活动（增加）的时长（一次活动的时长，是其中会议"
        "最长的那个组的会议时长之和）；每日进行的%zu次单独进行，不计在内",
        count.meetings, count.added, plan->joined, saved, plan->daily);
    (void)snprintf(en, sizeof en,
                   "%zu meetings held apart, %zu new activities when merged, and %zu planned ones "
                   "that they join; %d minutes saved: the usual minutes of all meetings less those "
                   "that the activities take or take longer, each as long as the meetings in it of "
                   "the group that sits longest; %zu daily ones stay apart and are not counted",
                   count.meetings, count.added, plan->joined, saved, plan->daily);
    emit_key(emit, "why");
    emit_open_object(emit);
    emit_z_at(emit, "zh", zh);
    emit_z_at(emit, "en", en);
    shape_rule_at("rule", pack_rule(view->pack, RULE_MERGE, view->on), emit);
    emit_close_object(emit);
}

static ErrCode find_project(const View *view, Id project, Key *out_key, Err *err)
{
    ProjectCard card;
    TRY(view_find(view, project, KIND_PROJECT, out_key, err));
    TRY(load_project(view_source(view), *out_key, &card, err));
    if (reach_has_project(&view->reach, *out_key, card.facts.unit)) return OK;
    return err_set(err, ERR_NOT_FOUND, "there is no such project");
}

ErrCode answer_merge(const View *view, Id project, DayRange within, Emit *emit, Err *err)
{
    char digest[DIGEST_TEXT_MAX];
    MergeProposal proposal;
    MergeAsk ask = {
        .within = within, .today = view->on, .utc_offset_minutes = view->utc_offset_minutes};
    TRY(find_project(view, project, &ask.project, err));
    TRY(merge_propose(view_source(view), view->pack, &ask, &proposal, err));
    const MergePlan *plan = &proposal.plan;
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, ask.project, emit, err));
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", within.first);
    emit_day_at(emit, "to", within.last);
    emit_z_at(emit, "proposal", digest_write(&proposal.digest, digest));
    emit_int_at(emit, "meetings", (int64_t)count_of(plan).meetings);
    emit_int_at(emit, "activities", (int64_t)count_of(plan).added);
    emit_int_at(emit, "joined", (int64_t)plan->joined);
    emit_int_at(emit, "daily", (int64_t)plan->daily);
    emit_bool_at(emit, "fewest", plan->is_fewest);
    emit_int_at(emit, "saved_minutes", merge_saved_minutes(plan));
    emit_why(view, plan, emit);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < plan->activity_count; i++)
        TRY(emit_activity(view, &proposal, &plan->activities[i], emit, err));
    emit_close_array(emit);
    TRY(emit_left(view, &proposal, emit, err));
    emit_close_object(emit);
    return OK;
}
