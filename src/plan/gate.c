#include "plan/gate.h"

#include <assert.h>

static const struct {
    const char *name;
    const char *zh;
    const char *en;
} conditions[GATE_CONDITION_COUNT] = {
    [GATE_FORM] = {"form", "组织形式（设驻点、挂靠或指派联络党员）",
                   "its form of organisation (a station, an attachment or a liaison)"},
    [GATE_LEADER] = {"leader", "各组责任人（组长或书记）",
                     "somebody responsible in each group (a leader or secretary)"},
    [GATE_PROGRAMME] = {"programme", "活动方案（套用模板或新增方案事项）",
                        "its programme (apply a template, or add plan lines)"},
};

const char *gate_condition_name(GateCondition condition)
{
    assert(condition < GATE_CONDITION_COUNT);
    return conditions[condition].name;
}

const char *gate_condition_zh(GateCondition condition)
{
    assert(condition < GATE_CONDITION_COUNT);
    return conditions[condition].zh;
}

const char *gate_condition_en(GateCondition condition)
{
    assert(condition < GATE_CONDITION_COUNT);
    return conditions[condition].en;
}

static bool has_party_form(const GateFacts *facts)
{
    for (size_t i = 0; i < facts->form_count; i++)
        if (facts->forms[i].group_kind == GROUP_KIND_IS_PARTY) return true;
    return false;
}

/* Where there is no group at all, nobody is responsible either. */
static bool is_everywhere_led(const GateFacts *facts)
{
    for (size_t i = 0; i < facts->form_count; i++)
        if (facts->forms[i].person == KEY_NONE) return false;
    return facts->form_count > 0;
}

StartGate gate_of(const GateFacts *facts)
{
    assert(facts != NULL);
    StartGate gate = {.rule = pack_rule(facts->pack, RULE_PROJECT_GATE, facts->day),
                      .is_open = true};
    if (gate.rule == NULL) return gate;
    gate.is_binding = gate.rule->hardness == HARDNESS_MUST;
    gate.lines_min = gate.rule->values[PARAMETER_PROJECT_GATE_LINES_MIN];
    gate.is_asked[GATE_FORM] = gate.rule->values[PARAMETER_PROJECT_GATE_FORM] != 0;
    gate.is_asked[GATE_LEADER] = gate.rule->values[PARAMETER_PROJECT_GATE_LEADER] != 0;
    gate.is_asked[GATE_PROGRAMME] = gate.lines_min > 0;
    gate.is_met[GATE_FORM] = has_party_form(facts);
    gate.is_met[GATE_LEADER] = is_everywhere_led(facts);
    gate.is_met[GATE_PROGRAMME] = (int64_t)facts->line_count >= gate.lines_min;
    for (int i = 0; i < GATE_CONDITION_COUNT; i++)
        if (gate.is_asked[i] && !gate.is_met[i]) gate.is_open = false;
    return gate;
}
