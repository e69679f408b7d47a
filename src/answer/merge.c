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
    return activity->needs[0]->group != activity->needs[activity->need_count - 1]->group;
}

static ErrCode emit_activity(const View *view, const MergeProposal *proposal,
                             const MergeActivity *activity, Emit *emit, Err *err)
{
    Text title;
    TRY(merge_title(activity, view->arena, &title, err));
    emit_open_object(emit);
    emit_text_at(emit, "title", title);
    emit_day_at(emit, "day", activity->day);
    emit_day_at(emit, "earliest", activity->days.first);
    emit_day_at(emit, "latest", activity->days.last);
    emit_int_at(emit, "minutes", activity->minutes);
    emit_int_at(emit, "apart_minutes", activity->apart);
    emit_int_at(emit, "saved_minutes", activity->apart - activity->minutes);
    emit_bool_at(emit, "common", is_of_several(activity));
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

static void emit_why(const View *view, const MergePlan *plan, Emit *emit)
{
    char zh[400];
    char en[400];
    const int saved = (int)merge_saved_minutes(plan);
    (void)snprintf(zh, sizeof zh,
                   "分别召开需%zu次会议，合并后%zu次活动；节省%d分钟＝各会议通常时长之和减去合并后"
                   "每次活动的时长（一次活动的时长，是其中会议最长的那个组的会议时长之和）",
                   plan->fulfilled, plan->activity_count, saved);
    (void)snprintf(en, sizeof en,
                   "%zu meetings held apart, %zu activities when merged; %d minutes saved: the "
                   "usual minutes of all meetings less those of the activities, each as long as "
                   "the meetings in it of the group that sits longest",
                   plan->fulfilled, plan->activity_count, saved);
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
    emit_int_at(emit, "meetings", (int64_t)plan->fulfilled);
    emit_int_at(emit, "activities", (int64_t)plan->activity_count);
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
