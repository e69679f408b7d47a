#pragma once
/*
 * duty — what a group owes in each period, and what became of it.
 *
 * A rule pack says how often which kind of group, in which form of organisation, holds which
 * meeting. A group owes a meeting in a period when it stands at a project for days enough of it.
 * Whatever others call it: an activity counts for a group as what the group's part says, once, in
 * the period of its day or in the one it makes up for. What is only planned fulfils nothing; it is
 * told beside the state, so that nobody plans the same twice.
 *
 *   AHEAD     the group does not stand there yet
 *   DUE       the period has begun and nothing, or not enough, was held
 *   DONE      held in the period
 *   MADE_UP   enough only with what was held later and says that it makes up for the period (补开)
 *   WAIVED    somebody decided, with a reason, that it need not be held
 *   OVERDUE   the last day has passed
 *
 *   Owns     nothing: results lie in the arena given.
 *   Threads  any.
 *   Bounds   OBLIGATIONS_MAX of one group within a range
 *   Errors   ERR_LIMIT  the arena is full, or there are more
 *   Source   how often, and how binding: the rules of the pack, each with its source
 */
#include "base/arena.h"
#include "duties/calendar.h"
#include "people/facts.h"
#include "vocab/pack.h"

#define OBLIGATIONS_MAX 20000

/* An activity as one group holds it. */
typedef struct Part {
    Key key;
    Key activity;
    int meeting; /* MEETING_IS_... */
    Day day;
    Day makes_up;    /* a day of the period it makes up for; DAY_OPEN: none */
    Day recorded;    /* when it was written down */
    bool is_planned; /* not held yet */
} Part;

typedef struct Waiver {
    Key key;
    int meeting;
    Day day; /* of the period */
} Waiver;

/* A group and all about it. Parts are of activities that were held or are planned, and settled. */
typedef struct DutyFacts {
    const Pack *pack;
    const Calendar *calendar;
    int kind;              /* GROUP_KIND_IS_... */
    int form;              /* FORM_IS_...; 0 counts as a group */
    const DayRange *there; /* when it stands anywhere: ascending, apart from one another */
    size_t there_count;
    const Part *parts;
    size_t part_count;
    const Waiver *waivers;
    size_t waiver_count;
} DutyFacts;

typedef enum DutyState {
    DUTY_AHEAD,
    DUTY_DUE,
    DUTY_DONE,
    DUTY_MADE_UP,
    DUTY_WAIVED,
    DUTY_OVERDUE,
    DUTY_STATE_COUNT
} DutyState;

typedef struct Obligation {
    RuleCode rule;
    int meeting;
    Hardness hardness; /* how binding: overdue is a violation only of what must be */
    DayRange period;
    Day due; /* the last day of the period on which the group stands anywhere */
    int wanted;
    int in_time;           /* held in the period */
    int made_up;           /* held for it later */
    int planned;           /* from today on, for this period, and not held yet */
    bool is_recorded_late; /* what was held in time was written down after it was due (补记) */
    DutyState state;
    Key waiver; /* of DUTY_WAIVED */
} Obligation;

/* How many obligations are what. "Generally" binds nobody: what is overdue by such a rule does not
 * conform, and violates nothing. */
typedef struct DutyCounts {
    int32_t states[DUTY_STATE_COUNT];
    int32_t recorded_late;
    int32_t planned;        /* those still to be held that planned activities cover */
    int32_t not_conforming; /* those overdue by a rule that says "generally" */
} DutyCounts;

/* Puts the parts of a group in the order of the days they count for, and drops those that tell of
 * the same meeting in the same activity again. */
void parts_settle(Part *parts, size_t *count);

/* The day that says which period a part is for. */
Day part_counts_on(const Part *part);

/* What the group owes in the periods that meet the range, as things stand on `today`: by rule, then
 * by period. */
MUST_USE ErrCode duties_of_group(const DutyFacts *facts, DayRange within, Day today, Arena *arena,
                                 Obligation **out_obligations, size_t *out_count, Err *err);

/* Adds what they come to, without a list of them. */
void duties_count(const DutyFacts *facts, DayRange within, Day today, DutyCounts *counts);
void duty_counts_add(DutyCounts *counts, const DutyCounts *more);
int32_t duty_counts_total(const DutyCounts *counts);

/* Whether a part was held as the meeting of a rule, for that period or to make up for it. */
bool duty_counts_for(const Part *part, RuleCode rule, DayRange period);

/* How many meetings an obligation still needs that are neither held nor planned. */
int obligation_missing(const Obligation *obligation);

/* Whether it is still to be held and planned activities will fulfil it. */
bool obligation_is_planned(const Obligation *obligation);

/* Whether an overdue obligation violates its rule, or only does not conform to it. */
typedef enum DutyBreach { BREACH_NONE, BREACH_NOT_CONFORMING, BREACH_VIOLATION } DutyBreach;
DutyBreach obligation_breach(const Obligation *obligation);
const char *breach_name(DutyBreach breach); /* "not_conforming", "violation"; NULL for none */
const char *breach_zh(DutyBreach breach);

/* The kind of group that holds a kind of meeting, and the rule that makes it owed (RULE_COUNT: none
 * does). */
int duty_group_kind(int meeting);
RuleCode duty_rule(int meeting);

/* The period of a kind that a day lies in. A workday is a period of its own. */
DayRange duty_period(PeriodKind kind, Day day);

/* "2026", "2026-Q4" or "2026-10"; an empty text is the month of that day. ERR_INVALID for anything
 * else. */
MUST_USE ErrCode period_parse(Text text, Day day, DayRange *out_range, Err *err);

const char *duty_state_name(DutyState state);
const char *duty_state_zh(DutyState state);
const char *duty_state_en(DutyState state);
