#include "answer/notice.h"
#include "answer/arrival.h"
#include "answer/filter.h"
#include "answer/shape.h"
#include "journal/hlc.h"
#include "store/things.h"
#include "view/signal_load.h"

typedef struct NoticeCard {
    Key key;
    Id id;
    Key unit;
    Key project; /* KEY_NONE: all of the unit and below */
    Text title;
    Text text;
    Day until;
    Key person;
    Day received; /* when it was written down at this node */
} NoticeCard;

typedef struct NoticeCards {
    NoticeCard *items;
    size_t count;
} NoticeCards;

static ErrCode notice_of_row(const View *view, const Query *query, NoticeCard *out, Err *err)
{
    NoticeCard card = {
        .key = query_int(query, 0),
        .unit = query_int(query, 2),
        .project = query_is_null(query, 3) ? KEY_NONE : query_int(query, 3),
        .text = TEXT(""),
        .until = query_is_null(query, 6) ? DAY_OPEN : (Day)query_int(query, 6),
        .person = query_is_null(query, 7) ? KEY_NONE : query_int(query, 7),
    };
    TRY(query_id(query, 1, &card.id, err));
    TRY(query_text(query, 4, view->arena, &card.title, err));
    if (!query_is_null(query, 5)) TRY(query_text(query, 5, view->arena, &card.text, err));
    card.received = day_of_ms(id_stamp(card.id) >> HLC_COUNTER_BITS, view->utc_offset_minutes);
    *out = card;
    return OK;
}

static ErrCode load_notices(const View *view, QueryId id, Key key, NoticeCards *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    NoticeCards cards = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, id, err));
    query_bind_int(&query, 1, view->shard);
    if (key != KEY_NONE) query_bind_int(&query, 2, key);
    TRY(query_next(&query, &found, err));
    while (found) {
        cards.items = list_grow(view->arena, cards.items, sizeof cards.items[0], cards.count);
        if (cards.items == NULL) return list_full(cards.count, err);
        TRY(notice_of_row(view, &query, &cards.items[cards.count], err));
        if (cards.items[cards.count].received <= view->on) cards.count++;
        TRY(query_next(&query, &found, err));
    }
    *out = cards;
    return OK;
}

/* ---- Who has read it ---- */

/* What was read, and at which projects by whom. */
typedef struct Seen {
    Map days; /* person -> the day on which they said so */
} Seen;

static ErrCode load_seen(const View *view, QueryId id, Key thing, Seen *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    map_init(&out->days, view->arena);
    TRY(query_begin(&query, view->store, id, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, thing);
    TRY(query_next(&query, &found, err));
    while (found) {
        Id mark;
        TRY(query_id(&query, 2, &mark, err));
        const Day day = day_of_ms(id_stamp(mark) >> HLC_COUNTER_BITS, view->utc_offset_minutes);
        if (day <= view->on) TRY(map_put(&out->days, query_int(&query, 0), day, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode emit_not_read(const View *view, const StayList *stays, const Seen *seen, Emit *emit,
                             Err *err)
{
    emit_key(emit, "not_read");
    emit_open_array(emit);
    for (size_t i = 0; i < stays->count; i++) {
        int64_t day;
        if (stays->items[i].is_pending || map_find(&seen->days, stays->persons[i], &day)) continue;
        TRY(shape_thing(view, KIND_PERSON, stays->persons[i], emit, err));
    }
    emit_close_array(emit);
    return OK;
}

/* {"project", "box", "expected", "read", "not_read"}; the last only for those who may write
 * there. */
static ErrCode emit_readership(const View *view, const SignalEyes *eyes, const ProjectCard *project,
                               const Seen *seen, const Arrival *arrival, Emit *emit, Err *err)
{
    StayList stays;
    int64_t expected = 0;
    int64_t read = 0;
    const bool may_write = eyes->is_machine || (eyes->write != NULL &&
                                                reach_has_project(eyes->write, project->facts.key,
                                                                  project->facts.unit));
    TRY(load_stays_at(view_source(view), project->facts.key, view->on, &stays, err));
    for (size_t i = 0; i < stays.count; i++) {
        int64_t day;
        if (stays.items[i].is_pending) continue;
        expected++;
        if (map_find(&seen->days, stays.persons[i], &day)) read++;
    }
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, project->facts.key, emit, err));
    arrival_emit_at(arrival, project->facts.key, project->facts.unit, emit);
    emit_int_at(emit, "expected", expected);
    emit_int_at(emit, "read", read);
    if (may_write) TRY(emit_not_read(view, &stays, seen, emit, err));
    emit_close_object(emit);
    return OK;
}

/* ---- Notices ---- */

static void emit_text_of(Emit *emit, const NoticeCard *card)
{
    emit_text_at(emit, "title", card->title);
    emit_text_at(emit, "text", card->text);
    emit_day_at(emit, "received", card->received);
    emit_day_at(emit, "until", card->until);
}

static ErrCode emit_notice(const View *view, const NoticeAsk *ask, const NoticeCard *card,
                           Emit *emit, Err *err)
{
    char id[ID_TEXT_MAX];
    Seen seen;
    int64_t day = DAY_OPEN;
    TRY(load_seen(view, SEEN_OF_NOTICE, card->key, &seen, err));
    emit_z_at(emit, "id", id_write(card->id, id));
    TRY(shape_thing_at(view, "unit", KIND_UNIT, card->unit, emit, err));
    TRY(shape_thing_at(view, "only_project", KIND_PROJECT, card->project, emit, err));
    emit_text_of(emit, card);
    TRY(shape_thing_at(view, "by", KIND_PERSON, card->person, emit, err));
    (void)map_find(&seen.days, ask->eyes.person, &day); /* DAY_OPEN: not read by who asks */
    emit_day_at(emit, "i_read", (Day)day);
    return OK;
}

/* The units above a project that is within reach, its own first; none for a nil id. */
static ErrCode find_above(const View *view, Id project, ProjectCard *out_project,
                          UnitChain *out_chain, Err *err)
{
    Key key = KEY_NONE;
    out_chain->count = 0;
    if (id_is_nil(project)) return OK;
    TRY(view_find(view, project, KIND_PROJECT, &key, err));
    TRY(load_project(view_source(view), key, out_project, err));
    if (!reach_has_project(&view->reach, key, out_project->facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    return load_unit_chain(view_source(view), out_project->facts.unit, out_chain, err);
}

static bool reaches(const NoticeCard *card, const ProjectCard *project, const UnitChain *chain)
{
    if (card->project != KEY_NONE) return card->project == project->facts.key;
    for (size_t i = 0; i < chain->count; i++)
        if (chain->units[i] == card->unit) return true;
    return false;
}

ErrCode answer_notices(const View *view, const NoticeAsk *ask, Emit *emit, Err *err)
{
    NoticeCards cards;
    NoticeCards shown = {0};
    ProjectCard project;
    UnitChain chain;
    Page page;
    TRY(find_above(view, ask->project, &project, &chain, err));
    TRY(load_notices(view, NOTICES, KEY_NONE, &cards, err));
    shown.items = cards.items;
    for (size_t i = 0; i < cards.count; i++) {
        const bool is = chain.count > 0 ? reaches(&cards.items[i], &project, &chain)
                                        : reach_has_unit(&view->reach, cards.items[i].unit);
        if (is) shown.items[shown.count++] = cards.items[i];
    }
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(shape_page(&ask->list, shown.count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++) {
        emit_open_object(emit);
        TRY(emit_notice(view, ask, &shown.items[i], emit, err));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

/* Projects that a notice reaches, as far as who asks reaches them. */
static ErrCode load_reached(const View *view, const NoticeCard *card, ProjectCard **out_projects,
                            size_t *out_count, Err *err)
{
    Reach below;
    ProjectCard *projects = NULL;
    size_t count = 0;
    bool found = false;
    TRY(reach_below(view->store, view->shard, card->unit, view->arena, &below, err));
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, view->store, PROJECTS, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        ProjectCard one;
        TRY(project_of_row(&query, view->arena, &one, err));
        const bool is_to = card->project == KEY_NONE ? reach_has_unit(&below, one.facts.unit)
                                                     : one.facts.key == card->project;
        if (is_to && reach_has_project(&view->reach, one.facts.key, one.facts.unit)) {
            projects = list_grow(view->arena, projects, sizeof projects[0], count);
            if (projects == NULL) return list_full(count, err);
            projects[count++] = one;
        }
        TRY(query_next(&query, &found, err));
    }
    *out_projects = projects;
    *out_count = count;
    return OK;
}

ErrCode answer_notice(const View *view, Id notice, const NoticeAsk *ask, Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    NoticeCards cards;
    ProjectCard *projects = NULL;
    size_t count = 0;
    Seen seen;
    Arrival arrival;
    TRY(view_find(view, notice, KIND_NOTICE, &key, err));
    TRY(load_notices(view, NOTICE_LOAD, key, &cards, err));
    if (cards.count > 0) TRY(load_reached(view, &cards.items[0], &projects, &count, err));
    if (count == 0 && (cards.count == 0 || !reach_has_unit(&view->reach, cards.items[0].unit)))
        return err_set(err, ERR_NOT_FOUND, "there is no such notice");
    TRY(load_seen(view, SEEN_OF_NOTICE, key, &seen, err));
    TRY(arrival_load(view, key, &arrival, err));
    emit_open_object(emit);
    TRY(emit_notice(view, ask, &cards.items[0], emit, err));
    emit_key(emit, "projects");
    emit_open_array(emit);
    for (size_t i = 0; i < count; i++)
        TRY(emit_readership(view, &ask->eyes, &projects[i], &seen, &arrival, emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

ErrCode answer_task_seen(const View *view, Id task, const SignalEyes *eyes, Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    Key at = KEY_NONE;
    ProjectCard project;
    Seen seen;
    Arrival arrival;
    TRY(view_find(view, task, KIND_TASK, &key, err));
    {
        AUTO(query_done) Query query = {0};
        bool found = false;
        TRY(query_begin(&query, view->store, PROJECT_OF_TASK, err));
        query_bind_int(&query, 1, view->shard);
        query_bind_int(&query, 2, key);
        TRY(query_next(&query, &found, err));
        if (found) at = query_int(&query, 0);
    }
    const ErrCode code = load_project(view_source(view), at, &project, err);
    if (code != OK && code != ERR_NOT_FOUND) return code;
    if (code != OK || !reach_has_project(&view->reach, at, project.facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such task");
    TRY(load_seen(view, SEEN_OF_TASK, key, &seen, err));
    TRY(arrival_load(view, key, &arrival, err));
    return emit_readership(view, eyes, &project, &seen, &arrival, emit, err);
}
