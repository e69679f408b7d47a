#include "loop/signal.h"

#include <assert.h>
#include <string.h>

#define IN(NAME) (1U << SIGNAL_##NAME##_STATE)
#define HAZARD_OPEN                                                                         \
    (IN(FOUND) | IN(REGISTERED) | IN(GRADED) | IN(ORDERED) | IN(RETURNED) | IN(RECTIFIED) | \
     IN(PASSED))
static_assert(SIGNAL_STATE_COUNT <= 32, "a bit for each state");

/* ---- Tables ---- */

#define UNNAMED_IS_NAMED       0
#define READER_PURPOSE_IS_NONE 0

const SignalInfo signal_infos[] = {
#define SIGNAL(NAME, its_owner, its_course, by_whom, most, purpose) \
    {.kind = SIGNAL_IS_##NAME,                                      \
     .owner = OWNER_##its_owner,                                    \
     .course = COURSE_##its_course,                                 \
     .seen_by = SEEN_BY_##by_whom,                                  \
     .unnamed_most = UNNAMED_IS_##most,                             \
     .readers = READER_PURPOSE_IS_##purpose,                        \
     .rule = RULE_SIGNAL_##NAME,                                    \
     .days = PARAMETER_SIGNAL_##NAME##_DAYS,                        \
     .climb_first = PARAMETER_SIGNAL_##NAME##_CLIMB_FIRST,          \
     .climb_each = PARAMETER_SIGNAL_##NAME##_CLIMB_EACH,            \
     .climb_levels = PARAMETER_SIGNAL_##NAME##_CLIMB_LEVELS},
#include "loop/signals.def"
};
const size_t signal_info_count = sizeof signal_infos / sizeof signal_infos[0];

const SignalInfo *signal_info(int kind)
{
    for (size_t i = 0; i < signal_info_count; i++)
        if (signal_infos[i].kind == kind) return &signal_infos[i];
    return NULL;
}

static const struct {
    const char *name;
    const char *zh;
} owners[] = {
    [OWNER_PROJECT] = {"project", "项目现场"},
    [OWNER_UNIT] = {"unit", "责任单位"},
    [OWNER_UNION] = {"union", "工会小组"},
    [OWNER_DISCIPLINE] = {"discipline", "纪检"},
};

const char *signal_owner_name(SignalOwner owner)
{
    return owners[owner].name;
}

const char *signal_owner_zh(SignalOwner owner)
{
    return owners[owner].zh;
}

static const struct {
    const char *name;
    const char *en;
    const char *zh;
    bool is_open;
} states[] = {
#define OPEN                               true
#define ENDED                              false
#define STATE(NAME, name, en, zh, is_open) {(name), (en), (zh), (is_open)},
#include "loop/signals.def"
};

const char *signal_state_name(SignalState state)
{
    assert(state < SIGNAL_STATE_COUNT);
    return states[state].name;
}

const char *signal_state_en(SignalState state)
{
    assert(state < SIGNAL_STATE_COUNT);
    return states[state].en;
}

const char *signal_state_zh(SignalState state)
{
    assert(state < SIGNAL_STATE_COUNT);
    return states[state].zh;
}

bool signal_state_is_open(SignalState state)
{
    assert(state < SIGNAL_STATE_COUNT);
    return states[state].is_open;
}

static const struct {
    const char *en;
    const char *zh;
} refusals[] = {
    [REFUSAL_NONE] = {"", ""},
#define REFUSAL(NAME, en, zh) [REFUSAL_##NAME] = {(en), (zh)},
#include "loop/signals.def"
};

const char *signal_refusal_en(SignalRefusal refusal)
{
    assert(refusal < REFUSAL_COUNT);
    return refusals[refusal].en;
}

const char *signal_refusal_zh(SignalRefusal refusal)
{
    assert(refusal < REFUSAL_COUNT);
    return refusals[refusal].zh;
}

static const char *const fate_names[] = {
    [FATE_COUNTS] = "counts", [FATE_WAITS] = "waits", [FATE_IDLE] = "idle", [FATE_VOID] = "void"};

const char *signal_fate_name(SignalFate fate)
{
    return fate_names[fate];
}

static const struct {
    const char *name;
    const char *zh;
} wait_words[WAIT_COUNT] = {
    [WAIT_REGISTER] = {"register", "登记"}, [WAIT_ORDER] = {"order", "下达整改"},
    [WAIT_RECTIFY] = {"rectify", "整改"},   [WAIT_RECHECK] = {"recheck", "复查"},
    [WAIT_CLOSE] = {"close", "销号"},       [WAIT_ANSWER] = {"answer", "答复"},
};

const char *wait_name(WaitFor what)
{
    assert(what < WAIT_COUNT);
    return wait_words[what].name;
}

const char *wait_zh(WaitFor what)
{
    assert(what < WAIT_COUNT);
    return wait_words[what].zh;
}

/* ---- The courses ---- */

#define SIGNAL_SAME_STATE SIGNAL_STATE_COUNT

typedef struct Move {
    SignalCourse course;
    int step;
    unsigned from;
    SignalState to;
} Move;

static const Move moves[] = {
#define MOVE(COURSE, STEP, from, TO) \
    {COURSE_##COURSE, HANDLING_IS_##STEP, (from), SIGNAL_##TO##_STATE},
#include "loop/signals.def"
};
#define MOVE_COUNT (sizeof moves / sizeof moves[0])

static SignalCourse course_of(int kind)
{
    const SignalInfo *info = signal_info(kind);
    return info == NULL ? COURSE_PLAIN : info->course;
}

/* NULL where the step makes no sense; *out_exists: whether the course has it at all. */
static const Move *find_move(int kind, int step, SignalState state, bool *out_exists)
{
    *out_exists = false;
    for (size_t i = 0; i < MOVE_COUNT; i++) {
        if (moves[i].course != course_of(kind) || moves[i].step != step) continue;
        *out_exists = true;
        if ((moves[i].from & 1U << state) != 0) return &moves[i];
    }
    return NULL;
}

void signal_step_turns(int kind, int step, Buf *out)
{
    unsigned from = 0;
    const char *between = "";
    for (size_t i = 0; i < MOVE_COUNT; i++)
        if (moves[i].course == course_of(kind) && moves[i].step == step) from |= moves[i].from;
    for (int state = 0; state < SIGNAL_STATE_COUNT; state++) {
        if ((from & 1U << state) == 0) continue;
        buf_format(out, "%s\"%s\"", between, states[state].name);
        between = ", ";
    }
}

bool signal_step_is_raisers(int step)
{
    return step == HANDLING_IS_CONFIRM || step == HANDLING_IS_REOPEN;
}

static SignalRefusal check_extension(const SignalStanding *standing, const SignalStep *step)
{
    const bool is_asked = standing->asked != DAY_OPEN;
    if (step->step == HANDLING_IS_ASK_EXTENSION) {
        if (is_asked) return REFUSAL_IS_ASKED;
        if (step->until == DAY_OPEN) return REFUSAL_NEEDS_UNTIL;
        return step->until > standing->until ? REFUSAL_NONE : REFUSAL_NOT_LATER;
    }
    if (!is_asked) return REFUSAL_NOT_ASKED;
    if (step->step == HANDLING_IS_EXTEND && step->until != DAY_OPEN &&
        step->until <= standing->until)
        return REFUSAL_NOT_LATER;
    return REFUSAL_NONE;
}

static SignalRefusal unless(bool is_right, SignalRefusal refusal)
{
    return is_right ? REFUSAL_NONE : refusal;
}

SignalRefusal signal_step_check(int kind, const SignalStanding *standing, const SignalStep *step)
{
    bool exists = false;
    if (find_move(kind, step->step, standing->state, &exists) == NULL)
        return exists ? REFUSAL_OUT_OF_TURN : REFUSAL_NO_SUCH_STEP;
    switch (step->step) {
    case HANDLING_IS_GRADE: return unless(step->grade != 0, REFUSAL_NEEDS_GRADE);
    case HANDLING_IS_ORDER: return unless(step->until != DAY_OPEN, REFUSAL_NEEDS_UNTIL);
    case HANDLING_IS_UNION: return unless(step->group != KEY_NONE, REFUSAL_NEEDS_GROUP);
    case HANDLING_IS_RESUME: return unless(standing->is_stopped, REFUSAL_NOT_STOPPED);
    case HANDLING_IS_CLOSE: return unless(!standing->is_stopped, REFUSAL_IS_STOPPED);
    case HANDLING_IS_ASK_EXTENSION:
    case HANDLING_IS_EXTEND:
    case HANDLING_IS_REFUSE_EXTENSION: return check_extension(standing, step);
    case HANDLING_IS_ANSWER:
    case HANDLING_IS_DECLINE:
    case HANDLING_IS_BENEFIT:
    case HANDLING_IS_RETURN:
    case HANDLING_IS_REOPEN: return unless(step->has_words, REFUSAL_NEEDS_WORDS);
    default: return REFUSAL_NONE;
    }
}

/* ---- Order ---- */

typedef struct Fold {
    const SignalFacts *facts;
    SignalStanding *standing;
    size_t *order;
    SignalFate *fates;
    SignalRefusal *whys;
    SignalWait *waits;
    bool *is_placed;
} Fold;

static bool is_ready(const Fold *fold, size_t at)
{
    const SignalFacts *facts = fold->facts;
    const Id follows = facts->steps[at].follows;
    if (id_is_nil(follows)) return true;
    for (size_t i = 0; i < facts->step_count; i++)
        if (fold->is_placed[i] && id_equal(facts->steps[i].id, follows)) return true;
    return false;
}

/* Of two that are both ready, or both not, the one with the lower id. */
static bool comes_before(const SignalStep *a, const SignalStep *b)
{
    return memcmp(a->id.at, b->id.at, sizeof a->id.at) < 0;
}

/* The next step in order; SIZE_MAX when no step that is left may come. */
static size_t next_of(const Fold *fold, bool must_be_ready)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < fold->facts->step_count; i++) {
        if (fold->is_placed[i] || (must_be_ready && !is_ready(fold, i))) continue;
        if (best == SIZE_MAX || comes_before(&fold->facts->steps[i], &fold->facts->steps[best]))
            best = i;
    }
    return best;
}

/* ---- What a step does ---- */

static void begin_wait(Fold *fold, WaitFor what, RuleCode rule, Day since, Day due)
{
    fold->waits[fold->standing->wait_count++] = (SignalWait){what, rule, since, due, DAY_OPEN};
}

static void end_wait(Fold *fold, Day day)
{
    const size_t count = fold->standing->wait_count;
    if (count > 0 && fold->waits[count - 1].answered == DAY_OPEN)
        fold->waits[count - 1].answered = day;
}

static Day after(Day day, int64_t days)
{
    return day + days > DAY_LAST ? DAY_LAST : (Day)(day + days);
}

static Day days_to_answer(const Fold *fold, Day day)
{
    const SignalInfo *info = signal_info(fold->facts->kind);
    return after(day, pack_int(fold->facts->pack, info->days, fold->facts->raised));
}

static Day days_to_recheck(const Fold *fold, Day day)
{
    return after(day, pack_int(fold->facts->pack, PARAMETER_HAZARD_RECHECK_DAYS, day));
}

/* A new day until which it is to be rectified. */
static void run_until(Fold *fold, const SignalStep *step)
{
    SignalStanding *standing = fold->standing;
    if (step->until != DAY_OPEN) standing->until = step->until;
    standing->asked = DAY_OPEN;
    end_wait(fold, step->day);
    begin_wait(fold, WAIT_RECTIFY, RULE_HAZARD_ORDER, step->day, standing->until);
}

static void apply_wait(Fold *fold, const SignalStep *step)
{
    const SignalInfo *info = signal_info(fold->facts->kind);
    const Day day = step->day;
    switch (step->step) {
    case HANDLING_IS_REGISTER:
        end_wait(fold, day);
        begin_wait(fold, WAIT_ORDER, info->rule, day, days_to_answer(fold, day));
        return;
    case HANDLING_IS_ORDER:
    case HANDLING_IS_EXTEND:
    case HANDLING_IS_RETURN: run_until(fold, step); return;
    case HANDLING_IS_RECTIFY:
        end_wait(fold, day);
        begin_wait(fold, WAIT_RECHECK, info->rule, day, days_to_recheck(fold, day));
        return;
    case HANDLING_IS_PASS:
        end_wait(fold, day);
        begin_wait(fold, WAIT_CLOSE, info->rule, day, days_to_recheck(fold, day));
        return;
    case HANDLING_IS_CLOSE:
    case HANDLING_IS_ANSWER:
    case HANDLING_IS_ADOPT:
    case HANDLING_IS_DECLINE: end_wait(fold, day); return;
    case HANDLING_IS_REOPEN:
        begin_wait(fold, info->course == COURSE_HAZARD ? WAIT_ORDER : WAIT_ANSWER, info->rule, day,
                   days_to_answer(fold, day));
        return;
    default: return;
    }
}

/* Nothing that was decided about it before holds any more. */
static void begin_again(SignalStanding *standing)
{
    standing->grade = 0;
    standing->until = DAY_OPEN;
    standing->has_union = false;
    standing->is_supervised = false;
}

static void apply_marks(SignalStanding *standing, const SignalStep *step)
{
    switch (step->step) {
    case HANDLING_IS_REOPEN: begin_again(standing); return;
    case HANDLING_IS_GRADE: standing->grade = step->grade; return;
    case HANDLING_IS_STOP: standing->is_stopped = true; return;
    case HANDLING_IS_RESUME: standing->is_stopped = false; return;
    case HANDLING_IS_ASK_EXTENSION: standing->asked = step->until; return;
    case HANDLING_IS_REFUSE_EXTENSION: standing->asked = DAY_OPEN; return;
    case HANDLING_IS_ESCALATE: standing->escalated++; return;
    case HANDLING_IS_SUPERVISE: standing->is_supervised = true; return;
    case HANDLING_IS_UNION: standing->has_union = true; return;
    case HANDLING_IS_RETURN: standing->returns++; return;
    default: return;
    }
}

/* What is granted without a day is what was asked for. */
static SignalStep as_granted(const SignalStanding *standing, const SignalStep *step)
{
    SignalStep granted = *step;
    if (step->step == HANDLING_IS_EXTEND && step->until == DAY_OPEN)
        granted.until = standing->asked;
    return granted;
}

static void apply(Fold *fold, size_t at)
{
    bool exists = false;
    SignalStanding *standing = fold->standing;
    const SignalStep *step = &fold->facts->steps[at];
    if (step->is_void) {
        fold->fates[at] = FATE_VOID;
        return;
    }
    fold->whys[at] = signal_step_check(fold->facts->kind, standing, step);
    if (fold->whys[at] != REFUSAL_NONE) {
        fold->fates[at] = FATE_IDLE;
        return;
    }
    const SignalStep granted = as_granted(standing, step);
    const Move *move = find_move(fold->facts->kind, step->step, standing->state, &exists);
    assert(move != NULL); /* it was checked above */
    apply_wait(fold, &granted);
    apply_marks(standing, &granted);
    if (move->to != SIGNAL_SAME_STATE && move->to != standing->state) {
        standing->state = move->to;
        standing->since = step->day;
    }
    fold->fates[at] = FATE_COUNTS;
    standing->last = at;
}

/* Room for all; a step begins one wait at most. */
static ErrCode make_room(Fold *fold, Arena *arena, Err *err)
{
    const size_t count = fold->facts->step_count;
    if (count > SIGNAL_STEPS_MAX)
        return err_set(err, ERR_LIMIT, "a signal has at most %d steps", SIGNAL_STEPS_MAX);
    fold->order = arena_array(arena, size_t, count + 1);
    fold->fates = arena_array(arena, SignalFate, count + 1);
    fold->whys = arena_array(arena, SignalRefusal, count + 1);
    fold->waits = arena_array(arena, SignalWait, count + 2);
    fold->is_placed = arena_array(arena, bool, count + 1);
    if (fold->order == NULL || fold->fates == NULL || fold->whys == NULL || fold->waits == NULL ||
        fold->is_placed == NULL)
        return err_set(err, ERR_LIMIT, "no room for the steps of a signal");
    return OK;
}

ErrCode signal_fold(const SignalFacts *facts, Arena *arena, SignalStanding *out_standing, Err *err)
{
    const SignalInfo *info = signal_info(facts->kind);
    assert(info != NULL);
    const bool is_hazard = info->course == COURSE_HAZARD;
    SignalStanding standing = {
        .state = is_hazard ? SIGNAL_FOUND_STATE : SIGNAL_RECEIVED_STATE,
        .since = facts->raised,
        .until = DAY_OPEN,
        .asked = DAY_OPEN,
        .last = SIZE_MAX,
    };
    Fold fold = {.facts = facts, .standing = &standing};
    TRY(make_room(&fold, arena, err));
    begin_wait(&fold, is_hazard ? WAIT_REGISTER : WAIT_ANSWER, info->rule, facts->raised,
               days_to_answer(&fold, facts->raised));
    size_t placed = 0;
    for (size_t at; (at = next_of(&fold, true)) != SIZE_MAX;) {
        apply(&fold, at);
        fold.is_placed[at] = true;
        fold.order[placed++] = at;
    }
    for (size_t at; (at = next_of(&fold, false)) != SIZE_MAX;) { /* and what follows those */
        fold.fates[at] = FATE_WAITS;
        fold.is_placed[at] = true;
        fold.order[placed++] = at;
    }
    standing.order = fold.order;
    standing.fates = fold.fates;
    standing.whys = fold.whys;
    standing.waits = fold.waits;
    *out_standing = standing;
    return OK;
}
