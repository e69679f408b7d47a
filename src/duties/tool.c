#include "duties/tool.h"

#include <assert.h>

static const ParameterCode months_of[] = {
    [TOOL_KIND_IS_HARNESS] = PARAMETER_TOOL_TESTS_HARNESS,
    [TOOL_KIND_IS_ROPE] = PARAMETER_TOOL_TESTS_ROPE,
    [TOOL_KIND_IS_ARRESTER] = PARAMETER_TOOL_TESTS_ARRESTER,
    [TOOL_KIND_IS_HELMET] = PARAMETER_TOOL_TESTS_HELMET,
    [TOOL_KIND_IS_CLIMBERS] = PARAMETER_TOOL_TESTS_CLIMBERS,
    [TOOL_KIND_IS_GLOVES] = PARAMETER_TOOL_TESTS_GLOVES,
    [TOOL_KIND_IS_BOOTS] = PARAMETER_TOOL_TESTS_BOOTS,
    [TOOL_KIND_IS_DETECTOR] = PARAMETER_TOOL_TESTS_DETECTOR,
    [TOOL_KIND_IS_ROD] = PARAMETER_TOOL_TESTS_ROD,
    [TOOL_KIND_IS_EARTHING] = PARAMETER_TOOL_TESTS_EARTHING,
    [TOOL_KIND_IS_LADDER] = PARAMETER_TOOL_TESTS_LADDER,
    [TOOL_KIND_IS_HOIST] = PARAMETER_TOOL_TESTS_HOIST,
    [TOOL_KIND_IS_WIRE_ROPE] = PARAMETER_TOOL_TESTS_WIRE_ROPE,
    [TOOL_KIND_IS_PULLEY] = PARAMETER_TOOL_TESTS_PULLEY,
    [TOOL_KIND_IS_GIN_POLE] = PARAMETER_TOOL_TESTS_GIN_POLE,
    [TOOL_KIND_IS_POWER_TOOL] = PARAMETER_TOOL_TESTS_POWER_TOOL,
    [TOOL_KIND_IS_OTHER] = PARAMETER_TOOL_TESTS_OTHER,
};

static const struct {
    const char *name;
    const char *zh;
    const char *en;
} states[TOOL_STATE_COUNT] = {
    [TOOL_FAILED] = {"failed", "不合格", "failed its test"},
    [TOOL_UNTESTED] = {"untested", "无试验记录", "never tested"},
    [TOOL_OVERDUE] = {"overdue", "超期未试", "test overdue"},
    [TOOL_DUE_SOON] = {"due_soon", "即将到期", "test due soon"},
    [TOOL_IN_ORDER] = {"in_order", "合格", "in order"},
};

/* What no rule speaks of is tested as other tools are. */
static int months_between(const Pack *pack, int kind, Day on)
{
    const bool is_known = kind > 0 && (size_t)kind < sizeof months_of / sizeof months_of[0];
    return (int)pack_int(pack, is_known ? months_of[kind] : PARAMETER_TOOL_TESTS_OTHER, on);
}

ToolStanding tool_standing(const Pack *pack, int kind, const ToolTest *last, Day on)
{
    ToolStanding standing = {.state = TOOL_IN_ORDER, .due = DAY_OPEN};
    const int months = months_between(pack, kind, on);
    if (last != NULL && last->result == TEST_RESULT_IS_FAILED)
        return (ToolStanding){TOOL_FAILED, DAY_OPEN};
    if (months == 0) return standing;
    if (last == NULL) return (ToolStanding){TOOL_UNTESTED, DAY_OPEN};
    standing.due = day_add_months(last->day, months);
    if (on > standing.due)
        standing.state = TOOL_OVERDUE;
    else if (on >= standing.due - (Day)pack_int(pack, PARAMETER_TOOL_TESTS_SOON_DAYS, on))
        standing.state = TOOL_DUE_SOON;
    return standing;
}

const char *tool_state_name(ToolState state)
{
    assert(state < TOOL_STATE_COUNT);
    return states[state].name;
}

const char *tool_state_zh(ToolState state)
{
    assert(state < TOOL_STATE_COUNT);
    return states[state].zh;
}

const char *tool_state_en(ToolState state)
{
    assert(state < TOOL_STATE_COUNT);
    return states[state].en;
}
