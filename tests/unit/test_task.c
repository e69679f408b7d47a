/* What we promise about tasks: the steps say how far one has come, in whatever order they arrived;
 * nothing is lost, what cannot be placed waits, and what two boxes did apart is told of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "loop/task.h"
#include "support/prop.h"
#include "support/stores.h"

enum { STEPS = 40, DEPLOYED = 100, DUE = 110 };

typedef struct Kit {
    Step steps[STEPS];
    size_t count;
    bool is_particular;
    Arena arena;
    Task task;
} Kit;

static void kit_begin(Kit *kit)
{
    *kit = (Kit){0};
    arena_init(&kit->arena, (size_t)16 << 20);
}

static Id id_of(unsigned number)
{
    return number == 0 ? (Id){{0}} : id_make(number, 1, 1);
}

/* Step `number` (its key, and the order of its id) follows step `follows`; 0 is the deployment. */
static Step *say(Kit *kit, unsigned number, unsigned follows, int act, Day day)
{
    Step *step = &kit->steps[kit->count++];
    *step = (Step){.key = (Key)number,
                   .id = id_of(number),
                   .follows = id_of(follows),
                   .act = act,
                   .day = day,
                   .until = DAY_OPEN};
    return step;
}

static const Course *fold(Kit *kit, Day today)
{
    Err err;
    const TaskFacts facts = {.deployed = DEPLOYED,
                             .due = DUE,
                             .is_particular = kit->is_particular,
                             .is_for = {false, true, false, true},
                             .steps = kit->steps,
                             .step_count = kit->count};
    must(task_fold(&facts, today, &kit->arena, &kit->task, &err), &err);
    return &kit->task.courses[0];
}

static StepStanding standing_of(const Kit *kit, Key key)
{
    for (size_t i = 0; i < kit->count; i++)
        if (kit->steps[i].key == key) return kit->task.standings[i];
    return STEP_STANDING_COUNT;
}

/* ---- The plain way ---- */

static void a_task_goes_from_deployed_to_assessed(void **state)
{
    (void)state;
    Kit kit;
    kit_begin(&kit);
    assert_int_equal(fold(&kit, DEPLOYED)->state, TASK_DEPLOYED);
    (void)say(&kit, 1, 0, ACT_IS_ACCEPT, 101);
    (void)say(&kit, 2, 1, ACT_IS_REPORT, 108);
    say(&kit, 3, 2, ACT_IS_REWORK, 109)->until = 115;
    (void)say(&kit, 4, 3, ACT_IS_REPORT, 115);
    (void)say(&kit, 5, 4, ACT_IS_PASS, 116);
    (void)say(&kit, 6, 5, ACT_IS_ASSESS, 117);
    static const TaskState states[] = {TASK_DEPLOYED, TASK_ACCEPTED, TASK_REPORTED, TASK_REWORK,
                                       TASK_REPORTED, TASK_PASSED,   TASK_ASSESSED};
    static const Day days[] = {100, 101, 108, 109, 115, 116, 117};
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(fold(&kit, days[i])->state, states[i]);
    const Course *course = fold(&kit, 200);
    assert_int_equal(course->round, 2);
    assert_int_equal(course->leg_count, 2);
    assert_int_equal(course->legs[0].ended, 108);
    assert_int_equal(course->legs[1].due, 115);
    assert_true(course->legs[1].is_reported);
    assert_int_equal(course->last, 6);
    assert_int_equal(course->fork_count, 0);
    arena_done(&kit.arena);
}

static void it_is_overdue_from_the_day_after_it_is_due(void **state)
{
    (void)state;
    Kit kit;
    kit_begin(&kit);
    assert_false(course_is_overdue(fold(&kit, DUE), DUE));
    assert_true(course_is_overdue(fold(&kit, DUE + 1), DUE + 1));
    (void)say(&kit, 1, 0, ACT_IS_REPORT, DUE + 2);
    assert_true(course_is_overdue(fold(&kit, DUE + 1), DUE + 1)); /* as things stood */
    assert_false(course_is_overdue(fold(&kit, DUE + 2), DUE + 2));
    say(&kit, 2, 1, ACT_IS_REWORK, DUE + 3)->until = DUE + 5;
    assert_false(course_is_overdue(fold(&kit, DUE + 5), DUE + 5));
    assert_true(course_is_overdue(fold(&kit, DUE + 6), DUE + 6));
    arena_done(&kit.arena);
}

static void an_extension_moves_the_due_day_once_it_is_granted(void **state)
{
    (void)state;
    Kit kit;
    kit_begin(&kit);
    say(&kit, 1, 0, ACT_IS_ASK, 108)->until = 120;
    const Course *course = fold(&kit, 108);
    assert_true(course->is_asked);
    assert_int_equal(course_due(course), DUE);
    (void)say(&kit, 2, 1, ACT_IS_REFUSE, 109);
    assert_false(fold(&kit, 109)->is_asked);
    assert_int_equal(course_due(fold(&kit, 109)), DUE);
    say(&kit, 3, 2, ACT_IS_ASK, 111)->until = 121;
    say(&kit, 4, 3, ACT_IS_GRANT, 112)->until = 118; /* less than was asked for */
    course = fold(&kit, 112);
    assert_int_equal(course_due(course), 118);
    assert_int_equal(course->round, 1);
    assert_int_equal(course->leg_count, 2);
    assert_int_equal(course->legs[0].ended, 112);
    assert_false(course->legs[0].is_reported);
    arena_done(&kit.arena);
}

/* Steps in their order, each following the one before; what it had submitted then. */
typedef struct SubmissionCase {
    const char *what;
    int acts[5];
    Day days[5];
    int count; /* submissions there were */
    SubmissionFor on;
    Day since;
    Day decided;
} SubmissionCase;

static const SubmissionCase submission_cases[] = {
    {"nothing waits before a report", {ACT_IS_ACCEPT}, {101}, 0, SUBMISSION_INSPECTION, 0, 0},
    {"a report waits", {ACT_IS_REPORT}, {104}, 1, SUBMISSION_INSPECTION, 104, DAY_OPEN},
    {"a second report changes nothing",
     {ACT_IS_REPORT, ACT_IS_REPORT},
     {104, 106},
     1,
     SUBMISSION_INSPECTION,
     104,
     DAY_OPEN},
    {"until it passes",
     {ACT_IS_REPORT, ACT_IS_PASS},
     {104, 107},
     1,
     SUBMISSION_INSPECTION,
     104,
     107},
    {"or is sent back",
     {ACT_IS_REPORT, ACT_IS_REWORK},
     {104, 107},
     1,
     SUBMISSION_INSPECTION,
     104,
     107},
    {"or withdrawn",
     {ACT_IS_REPORT, ACT_IS_WITHDRAW},
     {104, 108},
     1,
     SUBMISSION_INSPECTION,
     104,
     108},
    {"each round waits anew",
     {ACT_IS_REPORT, ACT_IS_REWORK, ACT_IS_REPORT},
     {104, 107, 109},
     2,
     SUBMISSION_INSPECTION,
     109,
     DAY_OPEN},
    {"an extension waits", {ACT_IS_ASK}, {105}, 1, SUBMISSION_EXTENSION, 105, DAY_OPEN},
    {"taking it on is no answer",
     {ACT_IS_ASK, ACT_IS_ACCEPT},
     {105, 106},
     1,
     SUBMISSION_EXTENSION,
     105,
     DAY_OPEN},
    {"until it is granted",
     {ACT_IS_ASK, ACT_IS_GRANT},
     {105, 106},
     1,
     SUBMISSION_EXTENSION,
     105,
     106},
    {"or refused", {ACT_IS_ASK, ACT_IS_REFUSE}, {105, 107}, 1, SUBMISSION_EXTENSION, 105, 107},
    {"or a report makes it needless",
     {ACT_IS_ASK, ACT_IS_REPORT},
     {105, 108},
     2,
     SUBMISSION_INSPECTION,
     108,
     DAY_OPEN},
};

static void what_was_reported_or_asked_waits_to_be_decided(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof submission_cases / sizeof submission_cases[0]; i++) {
        const SubmissionCase *c = &submission_cases[i];
        Kit kit;
        kit_begin(&kit);
        for (unsigned at = 0; at < 5 && c->acts[at] != 0; at++)
            say(&kit, at + 1, at, c->acts[at], c->days[at])->until = 120;
        const Course *course = fold(&kit, 200);
        const Submission none = {.since = 0, .decided = 0};
        const Submission *last =
            c->count == 0 ? &none : &course->submissions[course->submission_count - 1];
        if ((int)course->submission_count != c->count || last->what != c->on ||
            last->since != c->since || last->decided != c->decided)
            fail_msg("%s: %zu, since %d, decided %d", c->what, course->submission_count,
                     last->since, last->decided);
        assert_true((course_submission(course) != NULL) ==
                    (c->decided == DAY_OPEN && c->count > 0));
        arena_done(&kit.arena);
    }
}

#define RULE_OF(name, days, each)                                                                  \
    "[rule " name "]\ntitle.zh = 则\ntitle.en = rule\nsource = 出处\nvalid_from = 1970-01-01\n" \
    "hardness = should\ndays = " days "\nclimb_first_days = 1\nclimb_each_days = " each            \
    "\nclimb_levels = 3\n"

/* As the pack that is shipped has them. */
static const Pack *pack_of_submissions(Arena *arena)
{
    Err err;
    const Pack *pack = NULL;
    static const char text[] =
        "pack p\ntitle.zh = 包\ntitle.en = Pack\nversion = 1\n" RULE_OF("task-inspection", "7", "7")
            RULE_OF("task-extension", "3", "3");
    must(pack_parse(bytes_of(text_from_z(text)), arena, &pack, &err), &err);
    return pack;
}

/* On the last day it is in time; on the next morning the level above has it. */
static void what_is_not_decided_in_time_climbs_from_the_next_day_on(void **state)
{
    (void)state;
    static const struct {
        SubmissionFor on;
        Day today;
        size_t level;
        Day next;
    } cases[] = {
        {SUBMISSION_INSPECTION, 107, 0, 108}, {SUBMISSION_INSPECTION, 108, 1, 115},
        {SUBMISSION_INSPECTION, 114, 1, 115}, {SUBMISSION_INSPECTION, 115, 2, DAY_OPEN},
        {SUBMISSION_EXTENSION, 103, 0, 104},  {SUBMISSION_EXTENSION, 104, 1, 107},
        {SUBMISSION_EXTENSION, 106, 1, 107},  {SUBMISSION_EXTENSION, 107, 2, DAY_OPEN},
    };
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    const Pack *pack = pack_of_submissions(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Submission submission = {.what = cases[i].on, .since = 100, .decided = DAY_OPEN};
        const ClimbRule rule = submission_climb_rule(pack, &submission);
        const Day due = submission_due(pack, &submission);
        assert_int_equal(due, cases[i].on == SUBMISSION_INSPECTION ? 107 : 103);
        const Waiting waiting = {due, submission.decided, 3};
        const ClimbState is = climb_on(&rule, &waiting, cases[i].today);
        if (is.level != cases[i].level || is.next != cases[i].next)
            fail_msg("case %zu: level %zu, next %d", i, is.level, is.next);
        /* Decided on the last day, it never climbed. */
        const Waiting in_time = {due, due, 3};
        assert_int_equal(climb_on(&rule, &in_time, 900).climb_count, 0);
        const Waiting late = {due, due + 1, 3};
        assert_int_equal(climb_on(&rule, &late, 900).climb_count, 1);
        /* Without the rule it may take as long as it takes. */
        assert_int_equal(submission_due(pack_bare(), &submission), DAY_OPEN);
    }
}

static void each_kind_of_group_answers_a_particular_item_apart(void **state)
{
    (void)state;
    Kit kit;
    kit_begin(&kit);
    kit.is_particular = true;
    say(&kit, 1, 0, ACT_IS_REPORT, 101)->group_kind = GROUP_KIND_IS_CREW;
    say(&kit, 2, 0, ACT_IS_ACCEPT, 101)->group_kind = GROUP_KIND_IS_UNION; /* not for them */
    (void)say(&kit, 3, 0, ACT_IS_ACCEPT, 101);                             /* nor in common */
    (void)fold(&kit, 102);
    assert_int_equal(kit.task.course_count, 2);
    assert_int_equal(task_course(&kit.task, GROUP_KIND_IS_PARTY)->state, TASK_DEPLOYED);
    assert_int_equal(task_course(&kit.task, GROUP_KIND_IS_CREW)->state, TASK_REPORTED);
    assert_null(task_course(&kit.task, GROUP_KIND_IS_UNION));
    assert_int_equal(standing_of(&kit, 2), STEP_WAITS);
    assert_int_equal(standing_of(&kit, 3), STEP_WAITS);
    arena_done(&kit.arena);
}

/* ---- What makes sense ---- */

/* Which acts make sense in which state, a letter each in the order of ACT_IS_...: accept, report,
 * pass, rework, ask, grant, refuse, withdraw, assess. */
static const struct {
    TaskState state;
    bool is_asked;
    const char *may;
} senses[] = {
    {TASK_DEPLOYED, false, "yynnynnyn"}, {TASK_DEPLOYED, true, "yynnnyyyn"},
    {TASK_ACCEPTED, false, "nynnynnyn"}, {TASK_ACCEPTED, true, "nynnnyyyn"},
    {TASK_REPORTED, false, "nyyynnnyn"}, {TASK_REWORK, false, "nynnynnyn"},
    {TASK_REWORK, true, "nynnnyyyn"},    {TASK_PASSED, false, "nnnynnnny"},
    {TASK_ASSESSED, false, "nnnnnnnnn"}, {TASK_WITHDRAWN, false, "nnnnnnnnn"},
};

static void every_act_makes_sense_in_these_states_and_no_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof senses / sizeof senses[0]; i++)
        for (int act = ACT_IS_ACCEPT; act <= ACT_IS_ASSESS; act++) {
            const Course course = {.state = senses[i].state, .is_asked = senses[i].is_asked};
            const bool may = senses[i].may[act - 1] == 'y';
            if ((course_refusal(&course, act) == NULL) != may)
                fail_msg("%s, act %d", task_state_name(senses[i].state), act);
        }
}

/* ---- Boxes apart ---- */

static void a_step_waits_for_the_one_it_follows(void **state)
{
    (void)state;
    Kit kit;
    kit_begin(&kit);
    (void)say(&kit, 3, 2, ACT_IS_PASS, 105);
    assert_int_equal(fold(&kit, 106)->state, TASK_DEPLOYED);
    assert_int_equal(standing_of(&kit, 3), STEP_WAITS);
    (void)say(&kit, 2, 1, ACT_IS_REPORT, 104);
    (void)say(&kit, 1, 0, ACT_IS_ACCEPT, 103);
    assert_int_equal(fold(&kit, 106)->state, TASK_PASSED);
    assert_int_equal(standing_of(&kit, 3), STEP_COUNTS);
    arena_done(&kit.arena);
}

static void of_two_branches_the_one_with_the_latest_step_shows(void **state)
{
    (void)state;
    Kit kit;
    kit_begin(&kit);
    (void)say(&kit, 1, 0, ACT_IS_ACCEPT, 101);
    (void)say(&kit, 2, 1, ACT_IS_REPORT, 102);   /* at the site */
    (void)say(&kit, 3, 1, ACT_IS_WITHDRAW, 103); /* by the unit, which knew nothing of it */
    assert_int_equal(fold(&kit, 110)->state, TASK_WITHDRAWN);
    assert_int_equal(fold(&kit, 110)->fork_count, 1);
    assert_int_equal(standing_of(&kit, 2), STEP_ASIDE);
    (void)say(&kit, 4, 2, ACT_IS_PASS, 104); /* the work went on there */
    assert_int_equal(fold(&kit, 110)->state, TASK_PASSED);
    assert_int_equal(standing_of(&kit, 3), STEP_ASIDE);
    kit.steps[2].is_void = true; /* settled */
    const Course *course = fold(&kit, 110);
    assert_int_equal(course->state, TASK_PASSED);
    assert_int_equal(course->fork_count, 0);
    assert_int_equal(standing_of(&kit, 3), STEP_VOID);
    arena_done(&kit.arena);
}

static void what_follows_a_voided_step_follows_what_that_followed(void **state)
{
    (void)state;
    Kit kit;
    kit_begin(&kit);
    (void)say(&kit, 1, 0, ACT_IS_REPORT, 101);
    say(&kit, 2, 1, ACT_IS_REWORK, 102)->is_void = true;
    (void)say(&kit, 3, 2, ACT_IS_PASS, 103);
    const Course *course = fold(&kit, 110);
    assert_int_equal(course->state, TASK_PASSED);
    assert_int_equal(course->round, 1);
    arena_done(&kit.arena);
}

static void steps_in_a_circle_wait_for_ever(void **state)
{
    (void)state;
    Kit kit;
    kit_begin(&kit);
    (void)say(&kit, 1, 2, ACT_IS_ACCEPT, 101);
    (void)say(&kit, 2, 1, ACT_IS_REPORT, 101);
    (void)say(&kit, 3, 3, ACT_IS_REPORT, 101);
    assert_int_equal(fold(&kit, 110)->state, TASK_DEPLOYED);
    for (Key key = 1; key <= 3; key++)
        assert_int_equal(standing_of(&kit, key), STEP_WAITS);
    arena_done(&kit.arena);
}

/* ---- Any order ---- */

static void random_steps(Kit *kit, Prng *prng)
{
    kit_begin(kit);
    kit->is_particular = prng_below(prng, 2) == 0;
    const unsigned count = 1 + (unsigned)prng_below(prng, STEPS - 1);
    for (unsigned i = 1; i <= count; i++) {
        /* Mostly a line, with branches, missing predecessors and circles in between. */
        const uint64_t choice = prng_below(prng, 12);
        const unsigned follows = choice == 0   ? (unsigned)prng_below(prng, count + 3)
                                 : choice <= 2 ? (unsigned)prng_below(prng, i)
                                               : i - 1;
        Step *step = say(kit, i, follows, ACT_IS_ACCEPT + (int)prng_below(prng, 9),
                         DEPLOYED + (Day)prng_below(prng, 30));
        if (prng_below(prng, 2) == 0) step->until = DEPLOYED + (Day)prng_below(prng, 60);
        step->is_void = prng_below(prng, 10) == 0;
        if (kit->is_particular) step->group_kind = prng_below(prng, 3) == 0 ? 1 : 3;
    }
}

static void shuffle(Kit *kit, Prng *prng)
{
    for (size_t i = kit->count; i > 1; i--) {
        const size_t j = (size_t)prng_below(prng, i);
        const Step step = kit->steps[i - 1];
        kit->steps[i - 1] = kit->steps[j];
        kit->steps[j] = step;
    }
}

static void expect_same_course(const Course *a, const Course *b)
{
    assert_int_equal(a->group_kind, b->group_kind);
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->round, b->round);
    assert_int_equal(a->is_asked, b->is_asked);
    assert_int_equal(a->last, b->last);
    assert_int_equal(a->fork_count, b->fork_count);
    assert_int_equal(a->leg_count, b->leg_count);
    for (size_t i = 0; i < a->leg_count; i++) {
        assert_int_equal(a->legs[i].step, b->legs[i].step);
        assert_int_equal(a->legs[i].due, b->legs[i].due);
        assert_int_equal(a->legs[i].ended, b->legs[i].ended);
    }
}

static void any_order(Prng *prng)
{
    Kit kit;
    random_steps(&kit, prng);
    const Day today = DEPLOYED + (Day)prng_below(prng, 40);
    StepStanding by_key[STEPS + 1];
    (void)fold(&kit, today);
    const Task first = kit.task;
    for (size_t i = 0; i < kit.count; i++)
        by_key[kit.steps[i].key] = first.standings[i];
    for (int round = 0; round < 4; round++) {
        shuffle(&kit, prng);
        (void)fold(&kit, today);
        assert_int_equal(kit.task.course_count, first.course_count);
        for (size_t i = 0; i < first.course_count; i++)
            expect_same_course(&first.courses[i], &kit.task.courses[i]);
        for (size_t i = 0; i < kit.count; i++)
            assert_int_equal(kit.task.standings[i], by_key[kit.steps[i].key]);
    }
    arena_done(&kit.arena);
}

static void property_any_order_of_arrival_gives_the_same_state(void **state)
{
    (void)state;
    prop_run("any_order", 2000, any_order);
}

/* Whatever is there, each leg begins where the round does, and only the last one is open. */
static void legs(Prng *prng)
{
    Kit kit;
    random_steps(&kit, prng);
    (void)fold(&kit, DEPLOYED + 40);
    for (size_t c = 0; c < kit.task.course_count; c++) {
        const Course *course = &kit.task.courses[c];
        assert_true(course->leg_count >= 1);
        assert_int_equal(course->legs[0].round, 1);
        assert_int_equal(course->legs[course->leg_count - 1].round, course->round);
        for (size_t i = 1; i < course->leg_count; i++) {
            assert_true(course->legs[i].round >= course->legs[i - 1].round);
            assert_int_not_equal(course->legs[i - 1].ended, DAY_OPEN);
        }
    }
    arena_done(&kit.arena);
}

static void property_of_legs(void **state)
{
    (void)state;
    prop_run("legs", 1000, legs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_goes_from_deployed_to_assessed),
        cmocka_unit_test(it_is_overdue_from_the_day_after_it_is_due),
        cmocka_unit_test(an_extension_moves_the_due_day_once_it_is_granted),
        cmocka_unit_test(what_was_reported_or_asked_waits_to_be_decided),
        cmocka_unit_test(what_is_not_decided_in_time_climbs_from_the_next_day_on),
        cmocka_unit_test(each_kind_of_group_answers_a_particular_item_apart),
        cmocka_unit_test(every_act_makes_sense_in_these_states_and_no_others),
        cmocka_unit_test(a_step_waits_for_the_one_it_follows),
        cmocka_unit_test(of_two_branches_the_one_with_the_latest_step_shows),
        cmocka_unit_test(what_follows_a_voided_step_follows_what_that_followed),
        cmocka_unit_test(steps_in_a_circle_wait_for_ever),
        cmocka_unit_test(property_any_order_of_arrival_gives_the_same_state),
        cmocka_unit_test(property_of_legs),
    };
    return cmocka_run_group_tests_name("task", tests, NULL, NULL);
}
