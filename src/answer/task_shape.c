#include "answer/task_shape.h"

#include <stdio.h>

#include "answer/shape.h"
#include "store/things.h"

#define WORDS_MAX 400

void shape_task_counts_at(const char *member, const TaskCounts *counts, Emit *emit)
{
    emit_key(emit, member);
    emit_open_object(emit);
    for (int state = 0; state < TASK_STATE_COUNT; state++)
        emit_int_at(emit, task_state_name((TaskState)state), (int64_t)counts->states[state]);
    emit_int_at(emit, "overdue", (int64_t)counts->overdue);
    emit_int_at(emit, "undecided", (int64_t)counts->undecided);
    emit_int_at(emit, "climbed", (int64_t)counts->climbed);
    emit_close_object(emit);
}

ErrCode shape_item_at(const View *view, Key item, Text title, Emit *emit, Err *err)
{
    emit_key(emit, "item");
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", item, emit, err));
    emit_text_at(emit, "name", title);
    emit_close_object(emit);
    return OK;
}

/* ---- Courses ---- */

/* One sentence in both languages: how far, by when, how late. */
static void emit_words(const View *view, const Course *course, Emit *emit)
{
    char words[WORDS_MAX];
    char due[DAY_TEXT_MAX];
    const Leg *leg = course_leg(course);
    const int late = course_is_overdue(course, view->on) ? (int)(view->on - leg->due) : 0;
    day_write(leg->due, due);
    if (!course_is_open(course)) {
        snprintf(words, sizeof words, "%s，第%d轮", task_state_zh(course->state), course->round);
        emit_z_at(emit, "zh", words);
        snprintf(words, sizeof words, "%s, round %d", task_state_en(course->state), course->round);
        emit_z_at(emit, "en", words);
        return;
    }
    snprintf(words, sizeof words, late > 0 ? "%s，第%d轮，期限%s，逾期%d天" : "%s，第%d轮，期限%s",
             task_state_zh(course->state), course->round, due, late);
    emit_z_at(emit, "zh", words);
    snprintf(words, sizeof words,
             late > 0 ? "%s, round %d, due %s, %d days overdue" : "%s, round %d, due %s",
             task_state_en(course->state), course->round, due, late);
    emit_z_at(emit, "en", words);
}

/* Which level holds it: the project itself at 0, then the units above. */
static ErrCode emit_held(const View *view, const Levels *levels, const TaskCard *card,
                         const Course *course, Emit *emit, Err *err)
{
    Key units[CLIMB_LEVELS_MAX];
    ClimbState climb = {.since = DAY_OPEN, .next = DAY_OPEN};
    (void)levels_above(levels, card->unit, units);
    if (course_is_open(course)) climb = course_climb(view, levels, card, course_leg(course));
    emit_int_at(emit, "level", (int64_t)climb.level);
    TRY(shape_thing_at(view, "held_by", KIND_UNIT,
                       climb.level == 0 ? KEY_NONE : units[climb.level - 1], emit, err));
    emit_day_at(emit, "held_since", climb.since);
    emit_day_at(emit, "climbs_next", climb.next);
    return OK;
}

/* `units`: who holds level 1, level 2, and so on. */
static ErrCode emit_climbs(const View *view, const Key units[], const ClimbState *climb, Emit *emit,
                           Err *err)
{
    emit_key(emit, "climbs");
    emit_open_array(emit);
    for (size_t i = 0; i < climb->climb_count; i++) {
        emit_open_object(emit);
        emit_int_at(emit, "level", (int64_t)climb->climbs[i].level);
        TRY(shape_thing_at(view, "unit", KIND_UNIT, units[climb->climbs[i].level - 1], emit, err));
        emit_day_at(emit, "since", climb->climbs[i].since);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode shape_key_at(const View *view, const char *member, Key key, Emit *emit, Err *err)
{
    if (key != KEY_NONE) return shape_id_at(view, member, key, emit, err);
    emit_null_at(emit, member);
    return OK;
}

static ErrCode emit_legs(const View *view, const Levels *levels, const TaskCard *card,
                         const Course *course, Emit *emit, Err *err)
{
    Key units[CLIMB_LEVELS_MAX];
    (void)levels_above(levels, card->unit, units);
    emit_key(emit, "legs");
    emit_open_array(emit);
    for (size_t i = 0; i < course->leg_count; i++) {
        const Leg *leg = &course->legs[i];
        const ClimbState climb = course_climb(view, levels, card, leg);
        emit_open_object(emit);
        emit_int_at(emit, "round", leg->round);
        TRY(shape_key_at(view, "step", leg->step, emit, err));
        emit_day_at(emit, "from", leg->from);
        emit_day_at(emit, "due", leg->due);
        emit_day_at(emit, "ended", leg->ended);
        emit_bool_at(emit, "reported", leg->is_reported);
        TRY(emit_climbs(view, units, &climb, emit, err));
        shape_rule_at("rule", pack_rule(view->pack, RULE_CLIMB_TASK, leg->due), emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* Level 0 is the unit in charge, which inspects and decides. */
static ErrCode emit_submission(const View *view, const Levels *levels, const TaskCard *card,
                               const Submission *submission, Emit *emit, Err *err)
{
    Key units[CLIMB_LEVELS_MAX] = {KEY_NONE};
    const Day due = submission_due(view->pack, submission);
    const ClimbState climb = submission_climb(view, levels, card, submission);
    (void)levels_above(levels, card->unit, units);
    emit_open_object(emit);
    emit_z_at(emit, "for", submission_name(submission->what));
    emit_z_at(emit, "zh", submission_zh(submission->what));
    emit_z_at(emit, "en", submission_en(submission->what));
    emit_int_at(emit, "round", submission->round);
    TRY(shape_key_at(view, "step", submission->step, emit, err));
    emit_day_at(emit, "since", submission->since);
    emit_day_at(emit, "due", due);
    emit_day_at(emit, "decided", submission->decided);
    emit_bool_at(emit, "overdue", submission->decided == DAY_OPEN && view->on > due);
    emit_int_at(emit, "level", (int64_t)climb.level);
    TRY(shape_thing_at(view, "held_by", KIND_UNIT, units[climb.level], emit, err));
    emit_day_at(emit, "held_since", climb.level == 0 ? submission->since : climb.since);
    emit_day_at(emit, "climbs_next", climb.next);
    TRY(emit_climbs(view, units + 1, &climb, emit, err));
    shape_rule_at(
        "rule", pack_rule(view->pack, submission_rule(submission->what), submission->since), emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_submissions(const View *view, const Levels *levels, const TaskCard *card,
                                const Course *course, Emit *emit, Err *err)
{
    emit_key(emit, "submissions");
    emit_open_array(emit);
    for (size_t i = 0; i < course->submission_count; i++)
        TRY(emit_submission(view, levels, card, &course->submissions[i], emit, err));
    emit_close_array(emit);
    return OK;
}

/* The one that waits now. */
static ErrCode emit_undecided(const View *view, const Levels *levels, const TaskCard *card,
                              const Course *course, Emit *emit, Err *err)
{
    const Submission *submission = course_submission(course);
    emit_key(emit, "submission");
    if (submission != NULL) return emit_submission(view, levels, card, submission, emit, err);
    emit_null(emit);
    return OK;
}

static void emit_group_kind(int group_kind, Emit *emit)
{
    shape_choice_at("group_kind", vocab_field(vocab_kind(KIND_STEP), STEP_GROUP_KIND), group_kind,
                    emit);
}

static ErrCode emit_course(const View *view, const Levels *levels, const TaskCard *card,
                           const Course *course, bool with_legs, Emit *emit, Err *err)
{
    emit_open_object(emit);
    emit_group_kind(course->group_kind, emit);
    emit_z_at(emit, "state", task_state_name(course->state));
    emit_words(view, course, emit);
    emit_int_at(emit, "round", course->round);
    emit_day_at(emit, "due", course_due(course));
    emit_bool_at(emit, "overdue", course_is_overdue(course, view->on));
    emit_day_at(emit, "asked_until", course->is_asked ? course->asked_until : DAY_OPEN);
    TRY(shape_key_at(view, "last", course->last, emit, err));
    TRY(emit_held(view, levels, card, course, emit, err));
    TRY(emit_undecided(view, levels, card, course, emit, err));
    emit_int_at(emit, "forks", (int64_t)course->fork_count);
    if (with_legs) TRY(emit_legs(view, levels, card, course, emit, err));
    if (with_legs) TRY(emit_submissions(view, levels, card, course, emit, err));
    emit_close_object(emit);
    return OK;
}

/* A site has received a task when somebody there says anything about it, be it that they have read
 * it. */
static bool is_of_site(int act)
{
    return act == ACT_IS_ACCEPT || act == ACT_IS_REPORT || act == ACT_IS_ASK;
}

static ErrCode emit_received(const View *view, const TaskCard *card, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    Day received = DAY_OPEN;
    int64_t seen = 0;
    for (size_t i = 0; i < card->facts.step_count; i++) {
        const Step *step = &card->facts.steps[i];
        if (is_of_site(step->act) && !step->is_void && step->day <= view->on &&
            step->day < received)
            received = step->day;
    }
    TRY(query_begin(&query, view->store, SEEN_OF_TASK, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, card->key);
    TRY(query_next(&query, &found, err));
    while (found) {
        Id id;
        TRY(query_id(&query, 2, &id, err));
        const Day day = day_recorded(id, view->utc_offset_minutes);
        if (day <= view->on) seen++;
        if (day <= view->on && day < received) received = day;
        TRY(query_next(&query, &found, err));
    }
    emit_day_at(emit, "received", received);
    emit_int_at(emit, "seen", seen);
    return OK;
}

ErrCode shape_task(const View *view, const Levels *levels, const TaskCard *card, const Task *task,
                   bool with_legs, Emit *emit, Err *err)
{
    const KindInfo *item = vocab_kind(KIND_ITEM);
    TRY(shape_id_at(view, "id", card->key, emit, err));
    TRY(shape_item_at(view, card->item, card->title, emit, err));
    TRY(shape_thing_at(view, "project", KIND_PROJECT, card->project, emit, err));
    TRY(shape_thing_at(view, "unit", KIND_UNIT, card->unit, emit, err));
    shape_choice_at("goal", vocab_field(item, ITEM_GOAL), card->goal, emit);
    shape_choice_at("mode", vocab_field(item, ITEM_MODE),
                    card->facts.is_particular ? ITEM_MODE_IS_PARTICULAR : ITEM_MODE_IS_COMMON,
                    emit);
    emit_int_at(emit, "weight", card->weight);
    emit_day_at(emit, "deployed", card->facts.deployed);
    emit_day_at(emit, "due", card->facts.due);
    TRY(emit_received(view, card, emit, err));
    emit_key(emit, "courses");
    emit_open_array(emit);
    for (size_t i = 0; i < task->course_count; i++)
        TRY(emit_course(view, levels, card, &task->courses[i], with_legs, emit, err));
    emit_close_array(emit);
    return OK;
}
