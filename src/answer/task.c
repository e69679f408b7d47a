#include "answer/arrival.h"
#include "answer/filter.h"
#include "answer/shape.h"
#include "answer/task_shape.h"
#include "answer/tasks.h"

#define TASK_BYTES_MAX ((size_t)8 << 20) /* what one task is shown from */

/* ---- A list of tasks ---- */

/* Which states a list is of: one by name, or several together. */
typedef enum StateWish {
    WISH_ALL,
    WISH_ONE,
    WISH_OPEN,
    WISH_OVERDUE,
    WISH_UNDECIDED,
    WISH_CLIMBED
} StateWish;

typedef struct Listing {
    const View *view;
    Levels levels;
    Filter filter;
    StateWish wish;
    TaskState state; /* of WISH_ONE */
    int goal;        /* 0: any */
    int group_kind;  /* 0: any */
    Map projects;    /* where the group stands; only with group_kind */
    size_t first;    /* which of those that are listed the page shows */
    size_t end;
    Key *keys;
    size_t key_count;
    size_t total;
    TaskCounts counts;
} Listing;

static ErrCode read_state(Text text, Listing *listing, Err *err)
{
    static const struct {
        const char *name;
        StateWish wish;
    } words[] = {{"open", WISH_OPEN},
                 {"overdue", WISH_OVERDUE},
                 {"undecided", WISH_UNDECIDED},
                 {"climbed", WISH_CLIMBED}};
    if (text.size == 0) return OK;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text_is(text, words[i].name)) listing->wish = words[i].wish;
    for (int state = 0; state < TASK_STATE_COUNT; state++)
        if (text_is(text, task_state_name((TaskState)state))) {
            listing->wish = WISH_ONE;
            listing->state = (TaskState)state;
        }
    if (listing->wish != WISH_ALL) return OK;
    return err_set(err, ERR_INVALID,
                   "\"state\" is open, overdue, undecided, climbed, deployed, accepted, reported, "
                   "rework, passed, assessed or withdrawn");
}

static ErrCode read_goal(Text text, int *out_goal, Err *err)
{
    *out_goal = 0;
    if (text.size == 0) return OK;
    const FieldInfo *field = vocab_field(vocab_kind(KIND_ITEM), ITEM_GOAL);
    const Choice *choice = vocab_choice_named(field->among, text);
    if (choice == NULL)
        return err_set(err, ERR_INVALID,
                       "\"goal\" is safety, production, stability or development");
    *out_goal = choice->number;
    return OK;
}

/* The tasks of a group: those for its kind, at the projects where it stands. */
static ErrCode read_group(const View *view, Id group, Listing *listing, Err *err)
{
    GroupCard card;
    Stations stations;
    if (id_is_nil(group)) return OK;
    TRY(shape_group(view, group, &card, err));
    TRY(load_stations_of_group(view_source(view), card.facts.key, &stations, err));
    listing->group_kind = card.facts.kind;
    map_init(&listing->projects, view->arena);
    for (size_t i = 0; i < stations.count; i++)
        if (range_has(stations.items[i].days, view->on))
            TRY(map_put(&listing->projects, stations.items[i].project, 1, err));
    return OK;
}

static bool wants_course(const Listing *listing, const TaskCard *card, const Course *course)
{
    const View *view = listing->view;
    if (listing->group_kind != 0 && course->group_kind != 0 &&
        course->group_kind != listing->group_kind)
        return false;
    switch (listing->wish) {
    case WISH_ALL: return true;
    case WISH_ONE: return course->state == listing->state;
    case WISH_OPEN: return course_is_open(course);
    case WISH_OVERDUE: return course_is_overdue(course, view->on);
    case WISH_UNDECIDED: return course_is_undecided(view, course);
    case WISH_CLIMBED: return course_has_climbed(view, &listing->levels, card, course);
    }
    return true;
}

static bool is_wanted(const Listing *listing, const TaskCard *card)
{
    int64_t there;
    if (card->facts.deployed > listing->view->on) return false;
    if (listing->goal != 0 && card->goal != listing->goal) return false;
    if (listing->group_kind != 0 && (!card->facts.is_for[listing->group_kind] ||
                                     !map_find(&listing->projects, card->project, &there)))
        return false;
    return filter_has_project(&listing->filter, card->project, card->unit, card->title, TEXT(""));
}

static ErrCode list_task(void *context, const TaskCard *card, Arena *scratch, Err *err)
{
    Listing *listing = context;
    Task task;
    bool is_listed = false;
    if (!is_wanted(listing, card)) return OK;
    TRY(task_fold(&card->facts, listing->view->on, scratch, &task, err));
    task_count(listing->view, &listing->levels, card, &task, &listing->counts);
    for (size_t i = 0; i < task.course_count; i++)
        if (wants_course(listing, card, &task.courses[i])) is_listed = true;
    if (!is_listed) return OK;
    const size_t at = listing->total++;
    if (at < listing->first || at >= listing->end) return OK;
    listing->keys =
        list_grow(listing->view->arena, listing->keys, sizeof listing->keys[0], listing->key_count);
    if (listing->keys == NULL) return list_full(listing->key_count, err);
    listing->keys[listing->key_count++] = card->key;
    return OK;
}

static void choose_page(const ListAsk *ask, Listing *listing)
{
    listing->first = 0;
    listing->end = SIZE_MAX;
    if (ask->size == PAGE_SIZE_ALL || ask->page < 1 || ask->size < 1) return;
    listing->first = (size_t)(ask->page - 1) * (size_t)ask->size;
    listing->end = listing->first + (size_t)ask->size;
}

/* A project out of reach is as if it were not there. */
static ErrCode find_project(const View *view, Id project, Key *out_key, Err *err)
{
    ProjectCard card;
    if (id_is_nil(project)) return OK;
    TRY(view_find(view, project, KIND_PROJECT, out_key, err));
    TRY(load_project(view_source(view), *out_key, &card, err));
    if (reach_has_project(&view->reach, *out_key, card.facts.unit)) return OK;
    return err_set(err, ERR_NOT_FOUND, "there is no such project");
}

static ErrCode make_listing(const View *view, const TasksAsk *ask, Listing *listing, Err *err)
{
    TaskScope scope = {0};
    listing->view = view;
    TRY(levels_load(view_source(view), &listing->levels, err));
    TRY(filter_make(view, &ask->list, &listing->filter, err));
    TRY(read_state(ask->state, listing, err));
    TRY(read_goal(ask->goal, &listing->goal, err));
    TRY(read_group(view, ask->group, listing, err));
    TRY(find_project(view, ask->project, &scope.project, err));
    if (!id_is_nil(ask->item)) TRY(view_find(view, ask->item, KIND_ITEM, &scope.item, err));
    choose_page(&ask->list, listing);
    return tasks_visit(view_source(view), view->utc_offset_minutes, &scope, list_task, listing,
                       err);
}

static ErrCode emit_listed_task(const View *view, const Listing *listing, Key key, Emit *emit,
                                Err *err)
{
    TaskCard card;
    Task task;
    TRY(load_task(view_source(view), view->utc_offset_minutes, key, &card, err));
    TRY(task_fold(&card.facts, view->on, view->arena, &task, err));
    emit_open_object(emit);
    TRY(shape_task(view, &listing->levels, &card, &task, false, emit, err));
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_listed(const View *view, const Listing *listing, Emit *emit, Err *err)
{
    AUTO(arena_done) Arena scratch = {0};
    View one = *view; /* what a task is shown from is needed no longer than that */
    arena_init(&scratch, TASK_BYTES_MAX);
    one.arena = &scratch;
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < listing->key_count; i++) {
        arena_reset(&scratch);
        TRY(emit_listed_task(&one, listing, listing->keys[i], emit, err));
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_tasks(const View *view, const TasksAsk *ask, Emit *emit, Err *err)
{
    Listing listing = {0};
    Page page;
    TRY(make_listing(view, ask, &listing, err));
    shape_task_counts_at("counts", &listing.counts, emit);
    TRY(shape_page(&ask->list, listing.total, emit, &page, err));
    return emit_listed(view, &listing, emit, err);
}

ErrCode answer_tasks(const View *view, const TasksAsk *ask, Emit *emit, Err *err)
{
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(emit_tasks(view, ask, emit, err));
    emit_close_object(emit);
    return OK;
}

/* ---- One task ---- */

/* What only one task is shown with: the texts of its steps, and who said them. */
typedef struct StepTexts {
    Key by;
    Text words;
    Text evidence;
} StepTexts;

/* By the order of the steps, which is that of their keys in both. */
static ErrCode load_texts(const View *view, const TaskCard *card, StepTexts **out_texts, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    size_t at = 0;
    StepTexts *texts = arena_array(view->arena, StepTexts, card->facts.step_count);
    if (texts == NULL) return list_full(card->facts.step_count, err);
    TRY(query_begin(&query, view->store, STEP_TEXTS, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, card->key);
    TRY(query_next(&query, &found, err));
    while (found && at < card->facts.step_count) {
        if (query_int(&query, 0) == card->facts.steps[at].key) {
            texts[at].by = query_is_null(&query, 1) ? KEY_NONE : query_int(&query, 1);
            TRY(query_text(&query, 2, view->arena, &texts[at].words, err));
            TRY(query_text(&query, 3, view->arena, &texts[at].evidence, err));
            at++;
        }
        TRY(query_next(&query, &found, err));
    }
    *out_texts = texts;
    return OK;
}

static void emit_id_or_null(const char *member, Id id, Emit *emit)
{
    char text[ID_TEXT_MAX];
    if (id_is_nil(id))
        emit_null_at(emit, member);
    else
        emit_z_at(emit, member, id_write(id, text));
}

static ErrCode emit_step(const View *view, const Step *step, StepStanding standing,
                         const StepTexts *texts, Emit *emit, Err *err)
{
    const KindInfo *kind = vocab_kind(KIND_STEP);
    const Day recorded = day_recorded(step->id, view->utc_offset_minutes);
    emit_open_object(emit);
    emit_id_or_null("id", step->id, emit);
    emit_id_or_null("follows", step->follows, emit);
    shape_choice_at("act", vocab_field(kind, STEP_ACT), step->act, emit);
    shape_choice_at("group_kind", vocab_field(kind, STEP_GROUP_KIND), step->group_kind, emit);
    emit_day_at(emit, "day", step->day);
    emit_day_at(emit, "recorded", recorded);
    emit_bool_at(emit, "recorded_late", recorded > step->day);
    emit_day_at(emit, "until", step->until);
    emit_text_at(emit, "words", texts->words);
    emit_text_at(emit, "evidence", texts->evidence);
    TRY(shape_thing_at(view, "by", KIND_PERSON, texts->by, emit, err));
    emit_z_at(emit, "standing", step_standing_name(standing));
    emit_id_or_null("waits_for", standing == STEP_WAITS ? step->follows : (Id){{0}}, emit);
    emit_close_object(emit);
    return OK;
}

/* Steps that follow the same: what nodes did that did not see one another. A person decides. */
static void emit_forks(const TaskCard *card, const Task *task, Emit *emit)
{
    emit_key(emit, "forks");
    emit_open_array(emit);
    for (size_t c = 0; c < task->course_count; c++)
        for (size_t f = 0; f < task->courses[c].fork_count; f++) {
            const Id after = task->courses[c].forks[f];
            emit_open_object(emit);
            emit_id_or_null("after", after, emit);
            emit_key(emit, "steps");
            emit_open_array(emit);
            for (size_t i = 0; i < card->facts.step_count; i++) {
                const Step *step = &card->facts.steps[i];
                char text[ID_TEXT_MAX];
                if (step->group_kind == task->courses[c].group_kind &&
                    id_equal(step->follows, after) && task->standings[i] != STEP_LATER)
                    emit_text(emit, text_from_z(id_write(step->id, text)));
            }
            emit_close_array(emit);
            emit_close_object(emit);
        }
    emit_close_array(emit);
}

static ErrCode emit_steps(const View *view, const TaskCard *card, const Task *task, Emit *emit,
                          Err *err)
{
    StepTexts *texts = NULL;
    TRY(load_texts(view, card, &texts, err));
    emit_key(emit, "steps");
    emit_open_array(emit);
    for (size_t i = 0; i < card->facts.step_count; i++)
        TRY(emit_step(view, &card->facts.steps[i], task->standings[i], &texts[i], emit, err));
    emit_close_array(emit);
    return OK;
}

ErrCode answer_task(const View *view, Id task, Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    TaskCard card;
    ItemCard item;
    Task folded;
    Levels levels;
    Arrival arrival;
    TRY(view_find(view, task, KIND_TASK, &key, err));
    TRY(load_task(view_source(view), view->utc_offset_minutes, key, &card, err));
    if (!reach_has_project(&view->reach, card.project, card.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such task");
    TRY(load_item(view_source(view), view->utc_offset_minutes, card.item, &item, err));
    TRY(levels_load(view_source(view), &levels, err));
    TRY(task_fold(&card.facts, view->on, view->arena, &folded, err));
    TRY(arrival_load(view, key, &arrival, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(shape_task(view, &levels, &card, &folded, true, emit, err));
    arrival_emit_at(&arrival, card.project, card.unit, emit);
    emit_text_at(emit, "done_when", item.done_when);
    TRY(emit_steps(view, &card, &folded, emit, err));
    emit_forks(&card, &folded, emit);
    emit_close_object(emit);
    return OK;
}
