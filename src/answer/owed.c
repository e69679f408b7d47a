#include "answer/answer.h"
#include "answer/shape.h"
#include "duties/duty.h"
#include "store/rows.h"
#include "view/duty_load.h"

static ErrCode find_groups(const View *view, const OwedAsk *ask, GroupCards *groups, Err *err)
{
    Key key = KEY_NONE;
    GroupCard group;
    ProjectCard card;
    if (!id_is_nil(ask->group)) {
        TRY(shape_group(view, ask->group, &group, err));
        return load_group_once(view_source(view), group.facts.key, groups, err);
    }
    TRY(view_find(view, ask->project, KIND_PROJECT, &key, err));
    TRY(load_project(view_source(view), key, &card, err));
    if (!reach_has_project(&view->reach, key, card.facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    return load_groups_at(view_source(view), key, ask->within, groups, err);
}

/* The activities that are planned and will fulfil it, each with its day. */
static ErrCode emit_planned(const View *view, const DutyFacts *facts, const Obligation *obligation,
                            Emit *emit, Err *err)
{
    emit_key(emit, "planned");
    emit_open_array(emit);
    for (size_t i = 0; i < facts->part_count; i++) {
        const Part *part = &facts->parts[i];
        if (!part->is_planned || part->day < view->on || part->meeting != obligation->meeting ||
            !range_has(obligation->period, part_counts_on(part)))
            continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "activity", part->activity, emit, err));
        emit_day_at(emit, "day", part->day);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* ---- Shape ---- */

/* The waiver and the reason that somebody gave for it; null when there is none. */
static ErrCode emit_waiver(const View *view, Key waiver, Emit *emit, Err *err)
{
    Record record;
    RowState state;
    if (waiver == KEY_NONE) {
        emit_null_at(emit, "waiver");
        emit_null_at(emit, "waiver_reason");
        return OK;
    }
    TRY(shape_id_at(view, "waiver", waiver, emit, err));
    TRY(row_load(view->store, view->shard, waiver, vocab_kind(KIND_WAIVER), view->arena, &record,
                 &state, err));
    emit_text_at(emit, "waiver_reason", record_text(&record, WAIVER_REASON));
    return OK;
}

static ErrCode emit_obligation(const View *view, const Group *group, const DutyFacts *facts,
                               const Obligation *obligation, Emit *emit, Err *err)
{
    const DutyBreach breach = obligation_breach(obligation);
    emit_open_object(emit);
    emit_key(emit, "group");
    TRY(shape_thing(view, KIND_GROUP, group->key, emit, err));
    shape_choice_at("kind", vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND), group->kind, emit);
    shape_choice_at("meeting", vocab_field(vocab_kind(KIND_PART), PART_MEETING),
                    obligation->meeting, emit);
    emit_day_at(emit, "from", obligation->period.first);
    emit_day_at(emit, "to", obligation->period.last);
    emit_day_at(emit, "due", obligation->due);
    emit_int_at(emit, "wanted", obligation->wanted);
    emit_int_at(emit, "held", obligation->in_time);
    emit_int_at(emit, "made_up", obligation->made_up);
    emit_bool_at(emit, "recorded_late", obligation->is_recorded_late);
    emit_z_at(emit, "state", duty_state_name(obligation->state));
    emit_key(emit, "breach");
    if (breach == BREACH_NONE)
        emit_null(emit);
    else
        emit_text(emit, text_from_z(breach_name(breach)));
    TRY(emit_planned(view, facts, obligation, emit, err));
    TRY(emit_waiver(view, obligation->waiver, emit, err));
    shape_rule_at("rule", pack_rule(view->pack, obligation->rule, obligation->due), emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_owed_by(const View *view, const Group *group, const Calendar *calendar,
                            DayRange within, DutyCounts *counts, Emit *emit, Err *err)
{
    Obligation *owed = NULL;
    size_t count = 0;
    DutyFacts facts;
    TRY(load_duty_facts(view_source(view), view->utc_offset_minutes, group, &facts, err));
    facts.pack = view->pack;
    facts.calendar = calendar;
    TRY(duties_of_group(&facts, within, view->on, view->arena, &owed, &count, err));
    duties_count(&facts, within, view->on, counts);
    for (size_t i = 0; i < count; i++)
        TRY(emit_obligation(view, group, &facts, &owed[i], emit, err));
    return OK;
}

ErrCode answer_owed(const View *view, const OwedAsk *ask, Emit *emit, Err *err)
{
    GroupCards groups = {0};
    Calendar calendar;
    DutyCounts counts = {0};
    TRY(find_groups(view, ask, &groups, err));
    TRY(load_calendar(view_source(view), &calendar, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", ask->within.first);
    emit_day_at(emit, "to", ask->within.last);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < groups.count; i++)
        TRY(emit_owed_by(view, &groups.items[i].facts, &calendar, ask->within, &counts, emit, err));
    emit_close_array(emit);
    shape_duty_counts_at("counts", &counts, emit);
    emit_close_object(emit);
    return OK;
}
