#include "answer/activities.h"
#include "answer/shape.h"
#include "store/things.h"
#include "view/load.h"

/* One line of the list. */
typedef struct Listed {
    Key key;
    Key project;
    Text title;
    Day day;
    int progress;
    Text place;
    int practice;
} Listed;

typedef struct Found {
    Listed *items;
    size_t count;
} Found;

static ErrCode meeting_number(Text name, int *out_number, Err *err)
{
    const FieldInfo *field = vocab_field(vocab_kind(KIND_PART), PART_MEETING);
    *out_number = 0;
    if (name.size == 0) return OK;
    const Choice *choice = vocab_choice_named(field->among, name);
    if (choice == NULL)
        return err_set(err, ERR_INVALID, "\"meeting\" is a kind of meeting, such as theme_day");
    *out_number = choice->number;
    return OK;
}

static ErrCode gather(const View *view, const ActivitiesAsk *ask, bool is_group, Key subject,
                      Found *found, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool has_row = false;
    int meeting = 0;
    TRY(meeting_number(ask->meeting, &meeting, err));
    TRY(query_begin(&query, view->store, is_group ? ACTIVITIES_OF_GROUP : ACTIVITIES_OF_PROJECT,
                    err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, subject);
    query_bind_int(&query, 3, ask->within.first);
    query_bind_int(&query, 4, ask->within.last);
    query_bind_int(&query, 5, meeting);
    TRY(query_next(&query, &has_row, err));
    while (has_row) {
        if (found->count == ACTIVITIES_SCANNED_MAX)
            return err_set(err, ERR_LIMIT, "more than %d activities in this time: ask for less",
                           ACTIVITIES_SCANNED_MAX);
        found->items = list_grow(view->arena, found->items, sizeof(Listed), found->count);
        if (found->items == NULL) return list_full(found->count, err);
        Listed *listed = &found->items[found->count++];
        *listed = (Listed){.key = query_int(&query, 0),
                           .project = query_int(&query, 1),
                           .day = (Day)query_int(&query, 3),
                           .progress = (int)query_int(&query, 4),
                           .practice = (int)query_int(&query, 6)};
        TRY(query_text(&query, 2, view->arena, &listed->title, err));
        TRY(query_text(&query, 5, view->arena, &listed->place, err));
        TRY(query_next(&query, &has_row, err));
    }
    return OK;
}

/* What a group held at a project out of reach is left out. */
static ErrCode keep_in_reach(const View *view, Found *found, Err *err)
{
    size_t kept = 0;
    if (view->reach.is_everything) return OK;
    for (size_t i = 0; i < found->count; i++) {
        ProjectCard card;
        const Key project = found->items[i].project;
        const ErrCode code = load_project(view_source(view), project, &card, err);
        if (code != OK && code != ERR_NOT_FOUND) return code;
        if (code == OK && reach_has_project(&view->reach, project, card.facts.unit))
            found->items[kept++] = found->items[i];
    }
    found->count = kept;
    return OK;
}

static ErrCode emit_parts(const View *view, Key activity, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    const FieldInfo *meeting = vocab_field(vocab_kind(KIND_PART), PART_MEETING);
    emit_key(emit, "parts");
    emit_open_array(emit);
    TRY(query_begin(&query, view->store, PARTS_OF_ACTIVITY, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, activity);
    TRY(query_next(&query, &found, err));
    while (found) {
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", query_int(&query, 0), emit, err));
        TRY(shape_thing_at(view, "group", KIND_GROUP, query_int(&query, 1), emit, err));
        shape_choice_at("meeting", meeting, (int)query_int(&query, 2), emit);
        emit_close_object(emit);
        TRY(query_next(&query, &found, err));
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_listed(const View *view, const Listed *listed, Emit *emit, Err *err)
{
    const KindInfo *kind = vocab_kind(KIND_ACTIVITY);
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", listed->key, emit, err));
    emit_text_at(emit, "title", listed->title);
    emit_day_at(emit, "day", listed->day);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, listed->project, emit, err));
    shape_choice_at("progress", vocab_field(kind, ACTIVITY_PROGRESS), listed->progress, emit);
    shape_choice_at("practice", vocab_field(kind, ACTIVITY_PRACTICE), listed->practice, emit);
    emit_text_at(emit, "place", listed->place);
    TRY(emit_parts(view, listed->key, emit, err));
    emit_close_object(emit);
    return OK;
}

static ErrCode find_project(const View *view, Id project, Key *out_key, Err *err)
{
    ProjectCard card;
    TRY(view_find(view, project, KIND_PROJECT, out_key, err));
    TRY(load_project(view_source(view), *out_key, &card, err));
    if (reach_has_project(&view->reach, *out_key, card.facts.unit)) return OK;
    return err_set(err, ERR_NOT_FOUND, "there is no such project");
}

ErrCode answer_activities(const View *view, const ActivitiesAsk *ask, Emit *emit, Err *err)
{
    const bool is_group = !id_is_nil(ask->group);
    Key subject = KEY_NONE;
    Found found = {0};
    GroupCard card;
    Page page;
    if (is_group) {
        TRY(shape_group(view, ask->group, &card, err));
        subject = card.facts.key;
    } else {
        TRY(find_project(view, ask->project, &subject, err));
    }
    TRY(gather(view, ask, is_group, subject, &found, err));
    TRY(keep_in_reach(view, &found, err));
    emit_open_object(emit);
    emit_day_at(emit, "from", ask->within.first);
    emit_day_at(emit, "to", ask->within.last);
    TRY(shape_page(&ask->list, found.count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; found.items != NULL && i < page.end; i++)
        TRY(emit_listed(view, &found.items[i], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}
