#include "loop/task.h"

#include <assert.h>
#include <stdlib.h>

#include "base/list.h"

/* ---- What an act makes of a course ---- */

static bool wants_report(TaskState state)
{
    return state == TASK_DEPLOYED || state == TASK_ACCEPTED || state == TASK_REWORK;
}

#define IN(STATE) (1U << TASK_##STATE)

/* In which states an act makes sense, and what to say in any other. Reporting without accepting is
 * fine: who does it has taken it on, and a tap more proves nothing. A pass may be taken back by a
 * rework as long as it was not assessed. */
static const struct {
    unsigned states;
    const char *refusal;
} senses[] = {
    [ACT_IS_ACCEPT] = {IN(DEPLOYED), "the task was taken on already: report instead"},
    [ACT_IS_REPORT] = {IN(DEPLOYED) | IN(ACCEPTED) | IN(REWORK) | IN(REPORTED),
                       "the task has passed already: nothing is to be reported"},
    [ACT_IS_PASS] = {IN(REPORTED), "what was not reported cannot be inspected: report first"},
    [ACT_IS_REWORK] = {IN(REPORTED) | IN(PASSED),
                       "what was not reported cannot be sent back: report first"},
    [ACT_IS_ASK] = {IN(DEPLOYED) | IN(ACCEPTED) | IN(REWORK),
                    "nothing is due any more: an extension makes no sense"},
    [ACT_IS_GRANT] = {IN(DEPLOYED) | IN(ACCEPTED) | IN(REWORK),
                      "no extension was asked for: ask for it first"},
    [ACT_IS_REFUSE] = {IN(DEPLOYED) | IN(ACCEPTED) | IN(REWORK),
                       "no extension was asked for: ask for it first"},
    [ACT_IS_WITHDRAW] = {IN(DEPLOYED) | IN(ACCEPTED) | IN(REPORTED) | IN(REWORK),
                         "the task has passed: there is nothing to withdraw"},
    [ACT_IS_ASSESS] = {IN(PASSED), "only a task that has passed is assessed: inspect first"},
};

const char *course_refusal(const Course *course, int act)
{
    if (course->state == TASK_WITHDRAWN) return "the task was withdrawn: nothing follows that";
    if (course->state == TASK_ASSESSED)
        return "the task was assessed and is closed: deploy another";
    if (act < ACT_IS_ACCEPT || act > ACT_IS_ASSESS) return "this version does not know the step";
    if ((senses[act].states & (1U << course->state)) == 0) return senses[act].refusal;
    if (act == ACT_IS_ASK && course->is_asked)
        return "an extension was asked for already: it is to be decided first";
    const bool decides = act == ACT_IS_GRANT || act == ACT_IS_REFUSE;
    return decides && !course->is_asked ? senses[act].refusal : NULL;
}

static Leg *current(const Course *course)
{
    assert(course->leg_count > 0);
    return &course->legs[course->leg_count - 1];
}

/* There is a leg for the deployment and room for one more with each step. */
static void open_leg(Course *course, const Step *step, Day due)
{
    course->legs[course->leg_count++] = (Leg){.round = course->round,
                                              .step = step == NULL ? KEY_NONE : step->key,
                                              .from = step == NULL ? course->last_day : step->day,
                                              .due = due,
                                              .ended = DAY_OPEN};
}

/* There is room for one with each step. */
static void submit(Course *course, SubmissionFor what, const Step *step)
{
    course->submissions[course->submission_count++] =
        (Submission){what, course->round, step->key, step->day, DAY_OPEN};
}

/* Whatever is done above the site answers what waits there, and a report makes an extension
 * needless. */
static void end_submission(Course *course, const Step *step)
{
    const bool is_again = step->act == ACT_IS_REPORT && course->state == TASK_REPORTED;
    if (course->submission_count == 0 || step->act == ACT_IS_ACCEPT || is_again) return;
    Submission *last = &course->submissions[course->submission_count - 1];
    if (last->decided == DAY_OPEN) last->decided = step->day;
}

static void report(Course *course, const Step *step)
{
    Leg *leg = current(course);
    if (leg->ended == DAY_OPEN) {
        leg->ended = step->day;
        leg->is_reported = true;
    }
    if (course->state != TASK_REPORTED) submit(course, SUBMISSION_INSPECTION, step);
    course->state = TASK_REPORTED;
    course->is_asked = false;
}

static void extend(Course *course, const Step *step)
{
    course->is_asked = false;
    current(course)->ended = step->day;
    open_leg(course, step, step->until != DAY_OPEN ? step->until : course->asked_until);
}

static void apply(Course *course, const Step *step)
{
    end_submission(course, step);
    switch (step->act) {
    case ACT_IS_ACCEPT: course->state = TASK_ACCEPTED; break;
    case ACT_IS_REPORT: report(course, step); break;
    case ACT_IS_PASS: course->state = TASK_PASSED; break;
    case ACT_IS_REWORK:
        course->state = TASK_REWORK;
        course->round++;
        open_leg(course, step, step->until != DAY_OPEN ? step->until : step->day);
        break;
    case ACT_IS_ASK:
        submit(course, SUBMISSION_EXTENSION, step);
        course->is_asked = true;
        course->asked_until = step->until != DAY_OPEN ? step->until : current(course)->due;
        break;
    case ACT_IS_GRANT: extend(course, step); break;
    case ACT_IS_REFUSE: course->is_asked = false; break;
    case ACT_IS_WITHDRAW:
        course->state = TASK_WITHDRAWN;
        course->is_asked = false;
        if (current(course)->ended == DAY_OPEN) current(course)->ended = step->day;
        break;
    default: course->state = TASK_ASSESSED; break;
    }
}

/* ---- The tree of steps ---- */

enum { NODE_NONE = -1 };

/* A step in the tree of its course. */
typedef struct Node {
    const Step *step;
    size_t at; /* among the steps given */
    int parent;
    int child;     /* one that follows it */
    int sibling;   /* another that follows the same */
    bool is_alive; /* it or a step behind it is not void */
    Id latest;     /* of the steps that are not void, from here on */
} Node;

typedef struct Tree {
    Node *nodes; /* by id */
    int count;
    int first;  /* of those that follow the deployment */
    int *order; /* those reached from the deployment, predecessors first */
    int order_count;
} Tree;

static int compare_nodes(const void *a, const void *b)
{
    return id_compare(((const Node *)a)->step->id, ((const Node *)b)->step->id);
}

static int find_node(const Tree *tree, Id id)
{
    int low = 0;
    int high = tree->count;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        const int order = id_compare(tree->nodes[middle].step->id, id);
        if (order == 0) return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NODE_NONE;
}

static void link_nodes(Tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        Node *node = &tree->nodes[i];
        const bool is_first = id_is_nil(node->step->follows);
        node->parent = is_first ? NODE_NONE : find_node(tree, node->step->follows);
        if (!is_first && node->parent == NODE_NONE) continue; /* waits */
        int *list = is_first ? &tree->first : &tree->nodes[node->parent].child;
        node->sibling = *list;
        *list = i;
    }
}

/* What cannot be reached (its predecessor is missing, or hostile steps follow one another in a
 * circle) is not in the order. */
static void order_nodes(Tree *tree)
{
    for (int i = tree->first; i != NODE_NONE; i = tree->nodes[i].sibling)
        tree->order[tree->order_count++] = i;
    for (int at = 0; at < tree->order_count; at++)
        for (int i = tree->nodes[tree->order[at]].child; i != NODE_NONE; i = tree->nodes[i].sibling)
            tree->order[tree->order_count++] = i;
}

static void weigh_nodes(Tree *tree)
{
    for (int at = tree->order_count - 1; at >= 0; at--) {
        Node *node = &tree->nodes[tree->order[at]];
        if (!node->step->is_void) {
            node->is_alive = true;
            if (id_compare(node->step->id, node->latest) > 0) node->latest = node->step->id;
        }
        if (node->parent == NODE_NONE || !node->is_alive) continue;
        Node *parent = &tree->nodes[node->parent];
        parent->is_alive = true;
        if (id_compare(node->latest, parent->latest) > 0) parent->latest = node->latest;
    }
}

static ErrCode grow_tree(const TaskFacts *facts, int group_kind, Day today, Arena *arena,
                         Tree *tree, Err *err)
{
    tree->nodes = arena_array(arena, Node, facts->step_count);
    tree->order = arena_array(arena, int, facts->step_count);
    if (tree->nodes == NULL || tree->order == NULL) return list_full(facts->step_count, err);
    tree->first = NODE_NONE;
    for (size_t i = 0; i < facts->step_count; i++) {
        const Step *step = &facts->steps[i];
        if (step->group_kind != group_kind || step->day > today) continue;
        tree->nodes[tree->count++] =
            (Node){.step = step, .at = i, .child = NODE_NONE, .sibling = NODE_NONE};
    }
    if (tree->count > 1)
        qsort(tree->nodes, (size_t)tree->count, sizeof tree->nodes[0], compare_nodes);
    link_nodes(tree);
    order_nodes(tree);
    weigh_nodes(tree);
    return OK;
}

/* Of those that follow the same, the one behind which the latest step is. */
static int choose(const Tree *tree, int list, size_t *out_alive)
{
    int best = NODE_NONE;
    *out_alive = 0;
    for (int i = list; i != NODE_NONE; i = tree->nodes[i].sibling) {
        if (!tree->nodes[i].is_alive) continue;
        ++*out_alive;
        if (best == NODE_NONE || id_compare(tree->nodes[i].latest, tree->nodes[best].latest) > 0)
            best = i;
    }
    return best;
}

/* Whether a step is behind a fork all of whose branches but one were voided is of no matter: the
 * voided ones stand as void, wherever they are. */
static void walk(const Tree *tree, Course *course, StepStanding *standings)
{
    size_t alive = 0;
    for (int at = choose(tree, tree->first, &alive); at != NODE_NONE;
         at = choose(tree, tree->nodes[at].child, &alive)) {
        const Node *node = &tree->nodes[at];
        if (alive > 1) course->forks[course->fork_count++] = node->step->follows;
        if (node->step->is_void) continue;
        if (course_refusal(course, node->step->act) == NULL) {
            apply(course, node->step);
            standings[node->at] = STEP_COUNTS;
        } else {
            standings[node->at] = STEP_IDLE;
        }
        course->last = node->step->key;
        course->last_id = node->step->id;
        course->last_day = node->step->day;
    }
}

/* ---- A task ---- */

static ErrCode fold_course(const TaskFacts *facts, int group_kind, Day today, Arena *arena,
                           Course *course, StepStanding *standings, Err *err)
{
    Tree tree = {0};
    TRY(grow_tree(facts, group_kind, today, arena, &tree, err));
    *course = (Course){.group_kind = group_kind,
                       .round = 1,
                       .asked_until = DAY_OPEN,
                       .last_day = facts->deployed,
                       .legs = arena_array(arena, Leg, (size_t)tree.count + 1),
                       .submissions = arena_array(arena, Submission, (size_t)tree.count + 1),
                       .forks = arena_array(arena, Id, (size_t)tree.count + 1)};
    if (course->legs == NULL || course->submissions == NULL || course->forks == NULL)
        return list_full((size_t)tree.count, err);
    open_leg(course, NULL, facts->due);
    for (int i = 0; i < tree.order_count; i++)
        standings[tree.nodes[tree.order[i]].at] = STEP_ASIDE;
    walk(&tree, course, standings);
    return OK;
}

static void begin_standings(const TaskFacts *facts, Day today, StepStanding *standings)
{
    for (size_t i = 0; i < facts->step_count; i++)
        standings[i] = facts->steps[i].day > today ? STEP_LATER : STEP_WAITS;
}

ErrCode task_fold(const TaskFacts *facts, Day today, Arena *arena, Task *out_task, Err *err)
{
    Task task = {.standings = arena_array(arena, StepStanding, facts->step_count),
                 .courses = arena_array(arena, Course, GROUP_KIND_IS_CREW)};
    if (task.standings == NULL || task.courses == NULL) return list_full(facts->step_count, err);
    begin_standings(facts, today, task.standings);
    if (!facts->is_particular)
        TRY(fold_course(facts, 0, today, arena, &task.courses[task.course_count++], task.standings,
                        err));
    for (int kind = GROUP_KIND_IS_PARTY; facts->is_particular && kind <= GROUP_KIND_IS_CREW; kind++)
        if (facts->is_for[kind])
            TRY(fold_course(facts, kind, today, arena, &task.courses[task.course_count++],
                            task.standings, err));
    for (size_t i = 0; i < facts->step_count; i++)
        if (facts->steps[i].is_void) task.standings[i] = STEP_VOID;
    *out_task = task;
    return OK;
}

const Course *task_course(const Task *task, int group_kind)
{
    for (size_t i = 0; i < task->course_count; i++)
        if (task->courses[i].group_kind == group_kind) return &task->courses[i];
    return NULL;
}

bool course_is_open(const Course *course)
{
    return wants_report(course->state);
}

Day course_due(const Course *course)
{
    return current(course)->due;
}

bool course_is_overdue(const Course *course, Day today)
{
    return course_is_open(course) && today > course_due(course);
}

/* ---- Submissions ---- */

static const struct {
    RuleCode rule;
    ParameterCode days;
    ParameterCode climb_first;
    ParameterCode climb_each;
    ParameterCode climb_levels;
    const char *name;
    const char *en;
    const char *zh;
} submissions[SUBMISSION_COUNT] = {
    [SUBMISSION_INSPECTION] = {RULE_TASK_INSPECTION, PARAMETER_TASK_INSPECTION_DAYS,
                               PARAMETER_TASK_INSPECTION_CLIMB_FIRST,
                               PARAMETER_TASK_INSPECTION_CLIMB_EACH,
                               PARAMETER_TASK_INSPECTION_CLIMB_LEVELS, "inspection", "inspection",
                               "检查"},
    [SUBMISSION_EXTENSION] = {RULE_TASK_EXTENSION, PARAMETER_TASK_EXTENSION_DAYS,
                              PARAMETER_TASK_EXTENSION_CLIMB_FIRST,
                              PARAMETER_TASK_EXTENSION_CLIMB_EACH,
                              PARAMETER_TASK_EXTENSION_CLIMB_LEVELS, "extension", "extension",
                              "延期审批"},
};

const Submission *course_submission(const Course *course)
{
    if (course->submission_count == 0) return NULL;
    const Submission *last = &course->submissions[course->submission_count - 1];
    return last->decided == DAY_OPEN ? last : NULL;
}

RuleCode submission_rule(SubmissionFor what)
{
    return submissions[what].rule;
}

/* Without the rule it may take as long as it takes. */
Day submission_due(const Pack *pack, const Submission *submission)
{
    if (pack_rule(pack, submissions[submission->what].rule, submission->since) == NULL)
        return DAY_OPEN;
    const int64_t due =
        submission->since + pack_int(pack, submissions[submission->what].days, submission->since);
    return due > DAY_LAST ? DAY_OPEN : (Day)due;
}

ClimbRule submission_climb_rule(const Pack *pack, const Submission *submission)
{
    return climb_rule_of(pack, submissions[submission->what].rule,
                         submissions[submission->what].climb_first,
                         submissions[submission->what].climb_each,
                         submissions[submission->what].climb_levels, submission->since);
}

/* ---- Words ---- */

const char *submission_name(SubmissionFor what)
{
    return submissions[what].name;
}

const char *submission_zh(SubmissionFor what)
{
    return submissions[what].zh;
}

const char *submission_en(SubmissionFor what)
{
    return submissions[what].en;
}

static const struct {
    const char *name;
    const char *en;
    const char *zh;
} states[TASK_STATE_COUNT] = {
    [TASK_DEPLOYED] = {"deployed", "deployed", "已部署"},
    [TASK_ACCEPTED] = {"accepted", "accepted", "已接收"},
    [TASK_REPORTED] = {"reported", "reported, to be inspected", "待检查"},
    [TASK_REWORK] = {"rework", "to be reworked", "整改中"},
    [TASK_PASSED] = {"passed", "passed", "合格"},
    [TASK_ASSESSED] = {"assessed", "assessed", "已考核"},
    [TASK_WITHDRAWN] = {"withdrawn", "withdrawn", "已撤销"},
};

const char *task_state_name(TaskState state)
{
    return states[state].name;
}

const char *task_state_zh(TaskState state)
{
    return states[state].zh;
}

const char *task_state_en(TaskState state)
{
    return states[state].en;
}

const char *step_standing_name(StepStanding standing)
{
    static const char *const names[STEP_STANDING_COUNT] = {
        [STEP_COUNTS] = "counts", [STEP_WAITS] = "waits", [STEP_ASIDE] = "aside",
        [STEP_IDLE] = "idle",     [STEP_VOID] = "void",   [STEP_LATER] = "later"};
    return names[standing];
}
