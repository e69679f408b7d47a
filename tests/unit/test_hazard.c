/* What we promise about hazards: the course from found to closed, what is refused and why, the days
 * of the rules to the very last one, and that the order in which steps arrive changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "loop/hazard.h"
#include "support/prop.h"
#include "support/stores.h"

#define RAISED  100
#define MANY    40
#define OUT     REFUSAL_OUT_OF_TURN
#define MINOR   HAZARD_GRADE_IS_MINOR
#define SERIOUS HAZARD_GRADE_IS_SERIOUS
#define MAJOR   HAZARD_GRADE_IS_MAJOR

/* A signal whose steps are written one after the other. */
typedef struct Course {
    Arena arena;
    SignalStep steps[MANY];
    SignalFacts facts;
    SignalStanding standing;
} Course;

static Id id_of(size_t number)
{
    Id id = {{0}};
    id.at[15] = (uint8_t)(number % 251 + 1);
    id.at[14] = (uint8_t)(number / 251);
    return id;
}

static void fold(Course *course)
{
    Err err;
    must(signal_fold(&course->facts, &course->arena, &course->standing, &err), &err);
}

static void course_open(Course *course, int kind)
{
    memset(course, 0, sizeof *course);
    arena_init(&course->arena, (size_t)16 << 20);
    course->facts =
        (SignalFacts){.pack = pack_bare(), .kind = kind, .raised = RAISED, .steps = course->steps};
    fold(course);
}

static void course_close(Course *course)
{
    arena_done(&course->arena);
}

static SignalStep step_of(const Course *course, int step, Day day)
{
    const size_t count = course->facts.step_count;
    return (SignalStep){.id = id_of(count),
                        .follows = count == 0 ? (Id){{0}} : course->steps[count - 1].id,
                        .step = step,
                        .day = day,
                        .until = DAY_OPEN,
                        .has_words = true};
}

/* Writes the step down whatever comes of it. */
static void put(Course *course, SignalStep step)
{
    course->steps[course->facts.step_count++] = step;
    fold(course);
}

/* The step must count. */
static void go(Course *course, SignalStep step)
{
    assert_int_equal(signal_step_check(course->facts.kind, &course->standing, &step), REFUSAL_NONE);
    put(course, step);
    assert_int_equal(course->standing.fates[course->facts.step_count - 1], FATE_COUNTS);
}

static void grade(Course *course, int grade, Day day)
{
    SignalStep step = step_of(course, HANDLING_IS_GRADE, day);
    step.grade = grade;
    go(course, step);
}

static void order(Course *course, Day day, Day until)
{
    SignalStep step = step_of(course, HANDLING_IS_ORDER, day);
    step.until = until;
    go(course, step);
}

/* As far as being rectified until a day. */
static void course_ordered(Course *course, int its_grade)
{
    course_open(course, SIGNAL_IS_HAZARD);
    go(course, step_of(course, HANDLING_IS_REGISTER, 101));
    grade(course, its_grade, 101);
    order(course, 102, 107);
}

static void the_whole_course(void **state)
{
    (void)state;
    static const struct {
        int step;
        SignalState after;
    } way[] = {
        {HANDLING_IS_MEASURE, SIGNAL_ORDERED_STATE},
        {HANDLING_IS_RECTIFY, SIGNAL_RECTIFIED_STATE},
        {HANDLING_IS_RETURN, SIGNAL_RETURNED_STATE},
        {HANDLING_IS_RECTIFY, SIGNAL_RECTIFIED_STATE},
        {HANDLING_IS_PASS, SIGNAL_PASSED_STATE},
        {HANDLING_IS_RETURN, SIGNAL_RETURNED_STATE},
        {HANDLING_IS_RECTIFY, SIGNAL_RECTIFIED_STATE},
        {HANDLING_IS_SUPERVISE, SIGNAL_RECTIFIED_STATE},
        {HANDLING_IS_PASS, SIGNAL_PASSED_STATE},
        {HANDLING_IS_CLOSE, SIGNAL_CLOSED_STATE},
    };
    Course course;
    course_open(&course, SIGNAL_IS_HAZARD);
    assert_int_equal(course.standing.state, SIGNAL_FOUND_STATE);
    go(&course, step_of(&course, HANDLING_IS_REGISTER, 101));
    assert_int_equal(course.standing.state, SIGNAL_REGISTERED_STATE);
    grade(&course, SERIOUS, 101);
    assert_int_equal(course.standing.state, SIGNAL_GRADED_STATE);
    order(&course, 102, 107);
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
        go(&course, step_of(&course, way[i].step, (Day)(103 + (int)i)));
        assert_int_equal(course.standing.state, way[i].after);
    }
    assert_int_equal(course.standing.returns, 2);
    assert_int_equal(course.standing.grade, SERIOUS);
    assert_true(course.standing.is_supervised);
    assert_false(signal_state_is_open(course.standing.state));
    course_close(&course);
}

static void what_is_out_of_turn_is_refused_and_shown_as_idle(void **state)
{
    (void)state;
    static const struct {
        int step;
        SignalRefusal why;
    } cases[] = {
        {HANDLING_IS_CLOSE, OUT},
        {HANDLING_IS_PASS, OUT},
        {HANDLING_IS_ORDER, OUT},
        {HANDLING_IS_GRADE, OUT},
        {HANDLING_IS_ANSWER, REFUSAL_NO_SUCH_STEP},
        {HANDLING_IS_RESUME, REFUSAL_NOT_STOPPED},
        {HANDLING_IS_UNION, REFUSAL_NEEDS_GROUP},
        {HANDLING_IS_EXTEND, OUT},
        {HANDLING_IS_REGISTER, REFUSAL_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Course course;
        course_open(&course, SIGNAL_IS_HAZARD);
        const SignalStep step = step_of(&course, cases[i].step, 101);
        assert_int_equal(signal_step_check(SIGNAL_IS_HAZARD, &course.standing, &step),
                         cases[i].why);
        put(&course, step);
        assert_int_equal(course.standing.whys[0], cases[i].why);
        if (cases[i].why != REFUSAL_NONE) {
            assert_int_equal(course.standing.fates[0], FATE_IDLE);
            assert_int_equal(course.standing.state, SIGNAL_FOUND_STATE);
        }
        course_close(&course);
    }
}

static void stopped_work_resumes_only_by_decision(void **state)
{
    (void)state;
    Course course;
    course_ordered(&course, MINOR);
    go(&course, step_of(&course, HANDLING_IS_STOP, 103));
    go(&course, step_of(&course, HANDLING_IS_RECTIFY, 104));
    go(&course, step_of(&course, HANDLING_IS_PASS, 105));
    const SignalStep close = step_of(&course, HANDLING_IS_CLOSE, 106);
    assert_int_equal(signal_step_check(SIGNAL_IS_HAZARD, &course.standing, &close),
                     REFUSAL_IS_STOPPED);
    go(&course, step_of(&course, HANDLING_IS_RESUME, 106));
    go(&course, step_of(&course, HANDLING_IS_CLOSE, 106));
    assert_int_equal(course.standing.until, 107); /* and the days ran on */
    course_close(&course);
}

static void extensions_are_asked_then_decided(void **state)
{
    (void)state;
    Course course;
    course_ordered(&course, MINOR);
    SignalStep ask = step_of(&course, HANDLING_IS_ASK_EXTENSION, 105);
    assert_int_equal(signal_step_check(SIGNAL_IS_HAZARD, &course.standing, &ask),
                     REFUSAL_NEEDS_UNTIL);
    ask.until = 107; /* the very day it runs to already */
    assert_int_equal(signal_step_check(SIGNAL_IS_HAZARD, &course.standing, &ask),
                     REFUSAL_NOT_LATER);
    const SignalStep grant = step_of(&course, HANDLING_IS_EXTEND, 105);
    assert_int_equal(signal_step_check(SIGNAL_IS_HAZARD, &course.standing, &grant),
                     REFUSAL_NOT_ASKED);
    ask.until = 108;
    go(&course, ask);
    assert_int_equal(course.standing.asked, 108);
    assert_int_equal(course.standing.until, 107); /* asking is not having */
    assert_int_equal(signal_step_check(SIGNAL_IS_HAZARD, &course.standing, &ask), REFUSAL_IS_ASKED);
    go(&course, step_of(&course, HANDLING_IS_EXTEND, 106));
    assert_int_equal(course.standing.until, 108);
    assert_int_equal(course.standing.asked, DAY_OPEN);
    ask = step_of(&course, HANDLING_IS_ASK_EXTENSION, 106);
    ask.until = 120;
    go(&course, ask);
    go(&course, step_of(&course, HANDLING_IS_REFUSE_EXTENSION, 106));
    assert_int_equal(course.standing.until, 108);
    course_close(&course);
}

static void each_wait_has_its_last_day(void **state)
{
    (void)state;
    Course course;
    course_ordered(&course, MINOR);
    const SignalStanding *standing = &course.standing;
    assert_int_equal(standing->wait_count, 3); /* register, order, rectify */
    assert_int_equal(standing->waits[0].what, WAIT_REGISTER);
    assert_int_equal(standing->waits[0].due, RAISED + 1);
    assert_int_equal(standing->waits[0].answered, 101);
    assert_int_equal(standing->waits[1].what, WAIT_ORDER);
    assert_int_equal(standing->waits[2].what, WAIT_RECTIFY);
    assert_int_equal(standing->waits[2].due, 107);
    assert_int_equal(standing->waits[2].answered, DAY_OPEN);
    go(&course, step_of(&course, HANDLING_IS_RECTIFY, 106));
    assert_int_equal(standing->waits[2].answered, 106);
    assert_int_equal(standing->waits[3].what, WAIT_RECHECK);
    assert_int_equal(standing->waits[3].due, 109); /* three days */
    go(&course, step_of(&course, HANDLING_IS_PASS, 107));
    go(&course, step_of(&course, HANDLING_IS_CLOSE, 107));
    assert_int_equal(standing->waits[standing->wait_count - 1].answered, 107);
    course_close(&course);
}

static void the_rules_hold_to_the_day(void **state)
{
    (void)state;
    static const struct {
        int grade;
        Day days;
        SignalRefusal why;
    } cases[] = {
        {MINOR, 7, REFUSAL_NONE},    {MINOR, 8, REFUSAL_TOO_LATE},
        {SERIOUS, 15, REFUSAL_NONE}, {SERIOUS, 16, REFUSAL_TOO_LATE},
        {MAJOR, 30, REFUSAL_NONE},   {MAJOR, 31, REFUSAL_TOO_LATE},
        {MINOR, 0, REFUSAL_NONE},    {MINOR, -1, REFUSAL_IS_PAST},
    };
    const HazardRules rules = hazard_rules(pack_bare(), RAISED);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const SignalStanding standing = {.state = SIGNAL_GRADED_STATE, .grade = cases[i].grade};
        const SignalStep step = {.step = HANDLING_IS_ORDER, .until = (Day)(RAISED + cases[i].days)};
        RuleCode rule = RULE_NONE;
        assert_int_equal(hazard_check(&rules, &standing, &step, RAISED, &rule), cases[i].why);
        assert_int_equal(rule, cases[i].why == REFUSAL_TOO_LATE ? RULE_HAZARD_ORDER : RULE_NONE);
    }
}

static void a_major_one_is_closed_only_with_the_union(void **state)
{
    (void)state;
    HazardRules rules = hazard_rules(pack_bare(), RAISED);
    const SignalStep close = {.step = HANDLING_IS_CLOSE, .until = DAY_OPEN};
    RuleCode rule = RULE_NONE;
    for (int its_grade = MINOR; its_grade <= MAJOR; its_grade++)
        for (int with = 0; with < 2; with++) {
            const SignalStanding standing = {
                .state = SIGNAL_PASSED_STATE, .grade = its_grade, .has_union = with == 1};
            const SignalRefusal why = hazard_check(&rules, &standing, &close, 110, &rule);
            const bool is_refused = its_grade == MAJOR && with == 0;
            assert_int_equal(why, is_refused ? REFUSAL_NEEDS_UNION : REFUSAL_NONE);
            assert_int_equal(rule, is_refused ? RULE_HAZARD_UNION : RULE_NONE);
        }
    const SignalStep step = {.step = HANDLING_IS_GRADE, .grade = SERIOUS, .until = DAY_OPEN};
    const SignalStanding graded = {.state = SIGNAL_REGISTERED_STATE};
    assert_int_equal(hazard_check(&rules, &graded, &step, 110, &rule), REFUSAL_NONE);
    rules.has_serious = false;
    assert_int_equal(hazard_check(&rules, &graded, &step, 110, &rule), REFUSAL_NO_SUCH_GRADE);
}

static void other_courses(void **state)
{
    (void)state;
    Course course;
    course_open(&course, SIGNAL_IS_BLOCKER);
    assert_int_equal(course.standing.state, SIGNAL_RECEIVED_STATE);
    assert_int_equal(course.standing.waits[0].due, RAISED + 1);
    SignalStep answer = step_of(&course, HANDLING_IS_ANSWER, 101);
    answer.has_words = false;
    assert_int_equal(signal_step_check(SIGNAL_IS_BLOCKER, &course.standing, &answer),
                     REFUSAL_NEEDS_WORDS);
    go(&course, step_of(&course, HANDLING_IS_TAKE, 101));
    go(&course, step_of(&course, HANDLING_IS_ANSWER, 102));
    assert_int_equal(course.standing.waits[0].answered, 102);
    go(&course, step_of(&course, HANDLING_IS_REOPEN, 103));
    assert_int_equal(course.standing.waits[1].due, 104);
    go(&course, step_of(&course, HANDLING_IS_ANSWER, 104));
    go(&course, step_of(&course, HANDLING_IS_CONFIRM, 105));
    assert_int_equal(course.standing.state, SIGNAL_CONFIRMED_STATE);
    course_close(&course);

    static const int idea[] = {HANDLING_IS_REVIEW, HANDLING_IS_ADOPT, HANDLING_IS_CARRY_OUT,
                               HANDLING_IS_BENEFIT};
    course_open(&course, SIGNAL_IS_IDEA);
    for (size_t i = 0; i < 4; i++)
        go(&course, step_of(&course, idea[i], (Day)(110 + (int)i)));
    assert_int_equal(course.standing.state, SIGNAL_BENEFITED_STATE);
    assert_int_equal(course.standing.waits[0].answered, 111);
    course_close(&course);
}

static void what_is_missing_is_waited_for(void **state)
{
    (void)state;
    Course course;
    course_ordered(&course, MINOR);
    go(&course, step_of(&course, HANDLING_IS_RECTIFY, 103));
    const SignalStep order_step = course.steps[2];
    course.steps[2] = course.steps[3]; /* the order has not arrived */
    course.facts.step_count = 3;
    fold(&course);
    assert_int_equal(course.standing.state, SIGNAL_GRADED_STATE);
    assert_int_equal(course.standing.fates[2], FATE_WAITS);
    course.steps[3] = order_step;
    course.facts.step_count = 4;
    fold(&course);
    assert_int_equal(course.standing.state, SIGNAL_RECTIFIED_STATE);
    course.steps[3].is_void = true; /* the order was a mistake: what followed it stays in place */
    fold(&course);
    assert_int_equal(course.standing.state, SIGNAL_GRADED_STATE);
    assert_int_equal(course.standing.fates[2], FATE_IDLE);
    course_close(&course);
}

/* ---- Any order of arrival ---- */

static SignalStep random_step(Prng *prng, const Course *course, size_t number)
{
    const size_t behind = prng_below(prng, 3);
    SignalStep step = {
        .id = id_of(number),
        .step = (int)prng_below(prng, HANDLING_IS_VISIT) + 1,
        .day = (Day)(RAISED + (int)prng_below(prng, 20)),
        .until = prng_below(prng, 3) == 0 ? DAY_OPEN : (Day)(RAISED + (int)prng_below(prng, 30)),
        .grade = (int)prng_below(prng, 4),
        .group = (Key)prng_below(prng, 2),
        .has_words = prng_below(prng, 4) != 0,
        .is_void = prng_below(prng, 12) == 0};
    /* Mostly along the way, so that courses get far. */
    static const int way[] = {HANDLING_IS_REGISTER, HANDLING_IS_GRADE, HANDLING_IS_ORDER,
                              HANDLING_IS_RECTIFY,  HANDLING_IS_PASS,  HANDLING_IS_CLOSE};
    if (prng_below(prng, 2) == 0) step.step = way[number % 6];
    if (number > behind) step.follows = course->steps[number - 1 - behind].id;
    if (prng_below(prng, 20) == 0) step.follows = id_of(MANY + number); /* never arrives */
    return step;
}

static size_t find(const Course *course, Id id)
{
    for (size_t i = 0; i < course->facts.step_count; i++)
        if (id_equal(course->steps[i].id, id)) return i;
    fail();
    return 0;
}

static void same_standing(const Course *a, const Course *b)
{
    const SignalStanding *one = &a->standing;
    const SignalStanding *two = &b->standing;
    assert_int_equal(one->state, two->state);
    assert_int_equal(one->since, two->since);
    assert_int_equal(one->until, two->until);
    assert_int_equal(one->asked, two->asked);
    assert_int_equal(one->grade, two->grade);
    assert_int_equal(one->is_stopped, two->is_stopped);
    assert_int_equal(one->has_union, two->has_union);
    assert_int_equal(one->returns, two->returns);
    assert_int_equal(one->wait_count, two->wait_count);
    for (size_t i = 0; i < one->wait_count; i++)
        assert_memory_equal(&one->waits[i], &two->waits[i], sizeof one->waits[i]);
    for (size_t i = 0; i < a->facts.step_count; i++) {
        assert_true(id_equal(a->steps[one->order[i]].id, b->steps[two->order[i]].id));
        const size_t there = find(b, a->steps[i].id);
        assert_int_equal(one->fates[i], two->fates[there]);
        assert_int_equal(one->whys[i], two->whys[there]);
    }
}

static void any_order_gives_the_same(Prng *prng)
{
    static const int kinds[] = {SIGNAL_IS_HAZARD, SIGNAL_IS_HAZARD, SIGNAL_IS_NEED, SIGNAL_IS_IDEA};
    static Course first;
    static Course second;
    course_open(&first, kinds[prng_below(prng, 4)]);
    const size_t count = prng_below(prng, MANY);
    for (size_t i = 0; i < count; i++) {
        first.steps[i] = random_step(prng, &first, i);
        first.facts.step_count++;
    }
    fold(&first);
    course_open(&second, first.facts.kind);
    memcpy(second.steps, first.steps, sizeof second.steps);
    second.facts.step_count = count;
    for (size_t i = count; i > 1; i--) {
        const size_t other = prng_below(prng, i);
        const SignalStep kept = second.steps[i - 1];
        second.steps[i - 1] = second.steps[other];
        second.steps[other] = kept;
    }
    fold(&second);
    same_standing(&first, &second);
    course_close(&first);
    course_close(&second);
}

static void property_any_order(void **state)
{
    (void)state;
    prop_run("any order of arrival", 400, any_order_gives_the_same);
}

static void too_many_steps_are_an_answer(void **state)
{
    (void)state;
    static SignalStep many[SIGNAL_STEPS_MAX + 1];
    Err err;
    AUTO(arena_done) Arena arena = {0};
    SignalStanding standing;
    arena_init(&arena, (size_t)1 << 20);
    for (size_t i = 0; i <= SIGNAL_STEPS_MAX; i++)
        many[i] = (SignalStep){.id = id_of(i), .step = HANDLING_IS_MEASURE, .until = DAY_OPEN};
    SignalFacts facts = {.pack = pack_bare(),
                         .kind = SIGNAL_IS_HAZARD,
                         .raised = RAISED,
                         .steps = many,
                         .step_count = SIGNAL_STEPS_MAX};
    assert_int_equal(signal_fold(&facts, &arena, &standing, &err), OK);
    facts.step_count++;
    assert_int_equal(signal_fold(&facts, &arena, &standing, &err), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_course),
        cmocka_unit_test(what_is_out_of_turn_is_refused_and_shown_as_idle),
        cmocka_unit_test(stopped_work_resumes_only_by_decision),
        cmocka_unit_test(extensions_are_asked_then_decided),
        cmocka_unit_test(each_wait_has_its_last_day),
        cmocka_unit_test(the_rules_hold_to_the_day),
        cmocka_unit_test(a_major_one_is_closed_only_with_the_union),
        cmocka_unit_test(other_courses),
        cmocka_unit_test(what_is_missing_is_waited_for),
        cmocka_unit_test(property_any_order),
        cmocka_unit_test(too_many_steps_are_an_answer),
    };
    return cmocka_run_group_tests_name("hazard", tests, NULL, NULL);
}
