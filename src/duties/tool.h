#pragma once
/*
 * tool — when a tool or a piece of protective gear is tested next, and how it stands until then.
 *
 * A test that was passed holds for so many months as the rule says of its kind; on the last day of
 * them the tool is still in order. What failed stays so until a later test is passed. How often is
 * the rule of the day that is looked at: a rule that wants tests more often makes them due.
 *
 *   Owns     nothing.
 *   Threads  any.
 *   Source   the rule `tool-tests` of the pack
 */
#include "base/day.h"
#include "vocab/pack.h"
#include "vocab/vocab.h"

/* In the order in which somebody has to do something about them. */
typedef enum ToolState {
    TOOL_FAILED,
    TOOL_UNTESTED, /* no test is known */
    TOOL_OVERDUE,
    TOOL_DUE_SOON,
    TOOL_IN_ORDER,
    TOOL_STATE_COUNT
} ToolState;

typedef struct ToolTest {
    Day day;
    int result; /* TEST_RESULT_IS_... */
} ToolTest;

typedef struct ToolStanding {
    ToolState state;
    Day due; /* the last day on which the test holds; DAY_OPEN: none */
} ToolStanding;

/* `last` is the last test by the day `on`; NULL: none. */
ToolStanding tool_standing(const Pack *pack, int kind, const ToolTest *last, Day on);

const char *tool_state_name(ToolState state);
const char *tool_state_zh(ToolState state);
const char *tool_state_en(ToolState state);
