#pragma once
/*
 * assess_load — the assessment of a group for a period, from facts: outcomes, what was objected to,
 * and what was decided about that.
 *
 * A deduction has a code by which it can be objected to. It is made of what it is about and stays
 * the same however often the assessment is worked out: "task_late/1/<task>".
 *
 *   Owns     nothing: all lies in the arena of the view.
 *   Threads  the caller's.
 *   Bounds   DEDUCTION_CODE_MAX
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "loop/assess.h"
#include "view/load.h"
#include "view/task_count.h"

#define DEDUCTION_CODE_MAX 120

/* What was decided about an objection. Nodes that did not see one another may both decide: the
 * latest ruling counts, all are kept. */
typedef struct Ruling {
    Id id;
    int decision; /* DECISION_IS_... */
    int points;   /* of DECISION_IS_CORRECTED */
    Text reason;
    Day recorded;
} Ruling;

typedef struct Objection {
    Key key;
    Id id;
    Text deduction; /* its code */
    Text reason;
    Day recorded;
    Ruling *rulings; /* the latest one last */
    size_t ruling_count;
} Objection;

typedef struct SelfAssessment {
    Id id;
    int points;
    Text words;
} SelfAssessment;

/* A group assessed. Codes and titles are by deduction. */
typedef struct Assessed {
    Group group;
    DayRange within;
    Assessment assessment;
    Text *codes;
    Text *titles;      /* of the item; empty for duties */
    TaskCounts counts; /* of the courses that were due in the period */
    Stations stations; /* of the group */
    const Part *parts; /* what it held and plans, whenever */
    size_t part_count;
    Objection *objections;
    size_t objection_count;
    SelfAssessment self;
    bool has_self;
} Assessed;

/* Whatever the reach of the view: whoever asks has made sure that the group may be seen. Facts that
 * were written down after view->on are left out. */
MUST_USE ErrCode assess_group(const View *view, const Group *group, DayRange within,
                              Assessed *out_assessed, Err *err);

/* The objection to a deduction; NULL where there is none. */
const Objection *objection_to(const Assessed *assessed, Text code);
