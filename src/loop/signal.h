#pragma once
/*
 * signal — what became of something that was raised, from the steps written about it.
 *
 * Each step names the one it follows. The steps are put in an order that depends on nothing but the
 * steps: a step comes after the one it follows, and otherwise by its id. Then each is applied in
 * turn. So every node that holds the same steps shows the same, in whatever order they arrived.
 * Nothing is dropped: a step whose predecessor is not here waits for it, and one that makes no
 * sense when its turn comes is shown as that.
 *
 *   Invariants  (1) the standing depends on the set of steps, not on their order in the array
 *   Owns        nothing: arrays lie in the arena given.
 *   Threads     any.
 *   Bounds      SIGNAL_STEPS_MAX steps of one signal
 *   Errors      ERR_LIMIT  more steps, or the arena is full
 *   Source      the courses and the reasons: loop/signals.def; days: rules of the pack
 */
#include "base/arena.h"
#include "base/id.h"
#include "people/facts.h"
#include "vocab/pack.h"
#include "vocab/vocab.h"

#define SIGNAL_STEPS_MAX 200

/* ---- What is settled for each kind ---- */

typedef enum SignalOwner {
    OWNER_PROJECT,
    OWNER_UNIT,
    OWNER_UNION,
    OWNER_DISCIPLINE,
} SignalOwner;

typedef enum SignalCourse { COURSE_PLAIN, COURSE_HAZARD, COURSE_IDEA } SignalCourse;

typedef enum SignalSeenBy {
    SEEN_BY_EVERYBODY, /* who may see the project */
    SEEN_BY_HANDLERS,  /* who may write there, and the raiser */
    SEEN_BY_READERS,   /* holders of a reader's key */
} SignalSeenBy;

typedef struct SignalInfo {
    int kind; /* SIGNAL_IS_... */
    SignalOwner owner;
    SignalCourse course;
    SignalSeenBy seen_by;
    int unnamed_most; /* 0, or UNNAMED_IS_...: how much a raiser may ask for */
    int readers;      /* READER_PURPOSE_IS_...; 0: it is not sealed */
    RuleCode rule;    /* how soon it is answered, and how it climbs */
    ParameterCode days;
    ParameterCode climb_first;
    ParameterCode climb_each;
    ParameterCode climb_levels;
} SignalInfo;

extern const SignalInfo signal_infos[];
extern const size_t signal_info_count;

/* Of a choice of SIGNAL; NULL for a number that is none. */
const SignalInfo *signal_info(int kind);

const char *signal_owner_name(SignalOwner owner);
const char *signal_owner_zh(SignalOwner owner);

/* ---- Where it stands ---- */

typedef enum SignalState {
#define STATE(NAME, name, en, zh, is_open) SIGNAL_##NAME##_STATE,
#include "loop/signals.def"
    SIGNAL_STATE_COUNT
} SignalState;

const char *signal_state_name(SignalState state);
const char *signal_state_en(SignalState state);
const char *signal_state_zh(SignalState state);
bool signal_state_is_open(SignalState state); /* somebody still has something to do */

typedef enum SignalRefusal {
    REFUSAL_NONE,
#define REFUSAL(NAME, en, zh) REFUSAL_##NAME,
#include "loop/signals.def"
    REFUSAL_COUNT
} SignalRefusal;

const char *signal_refusal_en(SignalRefusal refusal); /* empty for REFUSAL_NONE */
const char *signal_refusal_zh(SignalRefusal refusal);

/* One step of handling. */
typedef struct SignalStep {
    Key key;
    Id id;
    Id follows; /* nil: the signal itself */
    int step;   /* HANDLING_IS_... */
    Day day;    /* on which it was written */
    Day until;  /* DAY_OPEN: none */
    int grade;  /* 0: none */
    Key group;
    bool has_words;
    bool is_void; /* counts for nothing, but what follows it has not lost its place */
} SignalStep;

typedef struct SignalFacts {
    const Pack *pack;
    int kind;
    Day raised;
    const SignalStep *steps; /* in any order */
    size_t step_count;
} SignalFacts;

/* What became of one step. */
typedef enum SignalFate {
    FATE_COUNTS,
    FATE_WAITS, /* for the one it follows, which is not here */
    FATE_IDLE,  /* made no sense when its turn came */
    FATE_VOID,
} SignalFate;

const char *signal_fate_name(SignalFate fate);

/* What is waited for, and until when. */
typedef enum WaitFor {
    WAIT_REGISTER,
    WAIT_ORDER,
    WAIT_RECTIFY,
    WAIT_RECHECK,
    WAIT_CLOSE,
    WAIT_ANSWER,
    WAIT_COUNT
} WaitFor;

const char *wait_name(WaitFor what);
const char *wait_zh(WaitFor what);

typedef struct SignalWait {
    WaitFor what;
    RuleCode rule; /* that sets the days and the climbing */
    Day since;
    Day due;
    Day answered; /* DAY_OPEN: not yet */
} SignalWait;

typedef struct SignalStanding {
    SignalState state;
    Day since;
    Day until;       /* of the order to rectify; DAY_OPEN: none */
    Day asked;       /* an extension was asked until then; DAY_OPEN: none is waiting */
    int grade;       /* HAZARD_GRADE_IS_...; 0: not graded */
    int escalated;   /* how many levels somebody took it up */
    int returns;     /* how often it was returned */
    bool is_stopped; /* work is stopped */
    bool is_supervised;
    bool has_union;
    const size_t *order;       /* indexes of all steps as they were applied; waiting ones last */
    const SignalFate *fates;   /* by index of facts->steps */
    const SignalRefusal *whys; /* of FATE_IDLE, by index */
    size_t last;               /* index of the last step that counts; SIZE_MAX: none does */
    const SignalWait *waits;   /* in the order they began; the last may still be open */
    size_t wait_count;
} SignalStanding;

MUST_USE ErrCode signal_fold(const SignalFacts *facts, Arena *arena, SignalStanding *out_standing,
                             Err *err);

/* Whether this step could be next, by the course alone. */
SignalRefusal signal_step_check(int kind, const SignalStanding *standing, const SignalStep *step);

/* "after \"passed\"": the states in which a step of this course makes sense, by name. */
void signal_step_turns(int kind, int step, Buf *out);

/* Whether it is for the raiser to say. */
bool signal_step_is_raisers(int step);
