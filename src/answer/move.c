#include "answer/answer.h"
#include "answer/handover.h"
#include "answer/shape.h"
#include "duties/duty.h"
#include "people/coverage_index.h"
#include "view/move_plan.h"

typedef struct Words {
    const char *code;
    const char *zh;
    const char *en;
} Words;

static Words words_of(const MoveFact *fact)
{
    const bool is_station = fact->kind == KIND_STATION;
    switch (fact->act) {
    case MOVE_CLOSE:
        return is_station ? (Words){"close_station", "结束原驻点", "close the station"}
                          : (Words){"close_posting", "结束原派驻", "close the posting"};
    case MOVE_OPEN:
        return is_station ? (Words){"open_station", "设立新驻点", "open the new station"}
                          : (Words){"open_posting", "派驻到新项目", "post to the new project"};
    case MOVE_VOID:
        return is_station ? (Words){"void_station", "撤销未开始的驻点", "withdraw a later station"}
                          : (Words){"void_posting", "撤销未开始的派驻", "withdraw a later posting"};
    }
    return (Words){"", "", ""};
}

static ErrCode emit_facts(const View *view, const MovePlan *plan, Emit *emit, Err *err)
{
    emit_key(emit, "facts");
    emit_open_array(emit);
    for (size_t i = 0; i < plan->fact_count; i++) {
        const MoveFact *fact = &plan->facts[i];
        const Words words = words_of(fact);
        emit_open_object(emit);
        emit_z_at(emit, "code", words.code);
        emit_z_at(emit, "zh", words.zh);
        emit_z_at(emit, "en", words.en);
        TRY(shape_thing_at(view, "person", KIND_PERSON, fact->person, emit, err));
        TRY(shape_thing_at(view, "project", KIND_PROJECT, fact->project, emit, err));
        emit_day_at(emit, "from", fact->days.first);
        emit_day_at(emit, "to", fact->days.last);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_key(emit, "people");
    emit_open_array(emit);
    for (size_t i = 0; i < plan->fact_count; i++)
        if (plan->facts[i].kind == KIND_POSTING && plan->facts[i].act == MOVE_OPEN)
            TRY(shape_thing(view, KIND_PERSON, plan->facts[i].person, emit, err));
    emit_close_array(emit);
    return OK;
}

/* The numbers in the words of a reason: what there is, and what the rule asks for. */
static Reason reason_of(const CoverageRules *rules, const Coverage *coverage, ReasonCode code)
{
    const HeadCount heads = coverage->heads;
    Reason reason = {.code = code, .subject = coverage->group};
    switch ((int)code) {
    case REASON_TOO_FEW_MEMBERS:
        reason.have = party_members(heads);
        reason.need = rules->group_members_min;
        break;
    case REASON_NO_FORMAL_MEMBER:
        reason.have = heads.formal;
        reason.need = rules->group_formal_min;
        break;
    case REASON_TOO_FEW_FORMAL:
        reason.have = heads.formal;
        reason.need = rules->branch_formal_min;
        break;
    case REASON_POSTING_NOT_CONFIRMED: reason.have = heads.pending_party; break;
    case REASON_SHOULD_BE_BRANCH:
        reason.have = heads.formal;
        reason.need = rules->branch_months_min;
        break;
    default: reason.have = party_members(heads);
    }
    return reason;
}

static ErrCode emit_set(const View *view, const Coverage *coverage, Emit *emit, Err *err)
{
    const CoverageRules rules = coverage_rules(view->pack, view->on);
    ReasonCode code = REASON_NONE;
    emit_key(emit, "reasons");
    emit_open_array(emit);
    while (reason_set_next(coverage->reasons, &code)) {
        const Reason reason = reason_of(&rules, coverage, code);
        TRY(shape_reason(view, &reason, false, emit, err));
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_state(const View *view, const char *member, const Coverage *coverage,
                          Emit *emit, Err *err)
{
    emit_key(emit, member);
    emit_open_object(emit);
    emit_z_at(emit, "state", coverage_term(coverage->state)->name);
    TRY(emit_set(view, coverage, emit, err));
    emit_int_at(emit, "people", coverage->heads.people);
    emit_int_at(emit, "formal", coverage->heads.formal);
    emit_int_at(emit, "probationary", coverage->heads.probationary);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_side(const View *view, const MoveSide *side, Emit *emit, Err *err)
{
    ProjectCard card;
    if (side->project == KEY_NONE) return OK;
    TRY(load_project(view_source(view), side->project, &card, err));
    if (!reach_has_project(&view->reach, side->project, card.facts.unit)) return OK;
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, side->project, emit, err));
    TRY(emit_state(view, "before", &side->before, emit, err));
    TRY(emit_state(view, "after", &side->after, emit, err));
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_findings(const View *view, const MovePlan *plan, Emit *emit, Err *err)
{
    TRY(reasons_check(&plan->findings, err));
    emit_key(emit, "findings");
    emit_open_array(emit);
    for (size_t i = 0; i < plan->findings.count; i++)
        TRY(shape_reason(view, &plan->findings.items[i], false, emit, err));
    emit_close_array(emit);
    return OK;
}

/* What is open on that day and goes along, or is left to whoever stays. */
static ErrCode emit_handover(const View *view, Key group, const MovePlan *plan,
                             const SignalEyes *eyes, Emit *emit, Err *err)
{
    GroupCard card;
    emit_key(emit, "hand_over");
    if (!plan->is_possible || plan->from.project == KEY_NONE) {
        emit_null(emit);
        return OK;
    }
    TRY(load_group(view_source(view), group, &card, err));
    emit_open_object(emit);
    TRY(shape_handover(view, &card, eyes, duty_period(PERIOD_MONTH, view->on), emit, err));
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_plan(const View *view, Key group, Key to, const MovePlan *plan,
                         const SignalEyes *eyes, Emit *emit, Err *err)
{
    emit_open_object(emit);
    TRY(shape_thing_at(view, "group", KIND_GROUP, group, emit, err));
    TRY(shape_thing_at(view, "from", KIND_PROJECT, plan->from.project, emit, err));
    TRY(shape_thing_at(view, "to", KIND_PROJECT, to, emit, err));
    emit_day_at(emit, "on", view->on);
    TRY(emit_facts(view, plan, emit, err));
    emit_key(emit, "sides");
    emit_open_array(emit);
    if (plan->is_possible) {
        TRY(emit_side(view, &plan->from, emit, err));
        TRY(emit_side(view, &plan->to, emit, err));
        for (size_t i = 0; i < plan->other_count; i++)
            TRY(emit_side(view, &plan->others[i], emit, err));
    }
    emit_close_array(emit);
    TRY(emit_findings(view, plan, emit, err));
    TRY(emit_handover(view, group, plan, eyes, emit, err));
    emit_bool_at(emit, "may_confirm", plan->is_possible);
    emit_close_object(emit);
    return OK;
}

ErrCode answer_move(const View *view, Id group, Id to, const SignalEyes *eyes, Emit *emit, Err *err)
{
    GroupCard card;
    Key project = KEY_NONE;
    ProjectCard target;
    MovePlan plan;
    const BoardDay *day = NULL;
    TRY(shape_group(view, group, &card, err));
    TRY(view_find(view, to, KIND_PROJECT, &project, err));
    TRY(load_project(view_source(view), project, &target, err));
    if (!reach_has_project(&view->reach, project, target.facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    TRY(board_take(view->board, view->store, view->on, &day, err));
    const ErrCode code = move_plan_make(view_source(view), view->pack, &day->world, card.facts.key,
                                        project, &plan, err);
    board_give(view->board, &day);
    if (code != OK) return code;
    return emit_plan(view, card.facts.key, project, &plan, eyes, emit, err);
}
