#include "view/roster.h"

#include "people/coverage_index.h"

/* What is gathered for membership, as lists that still grow. */
typedef struct Gathering {
    const View *view;
    Source from;
    Group *groups;
    size_t group_count;
    Stations stations;
    Attachments attachments;
    Exceptions exceptions;
} Gathering;

static ErrCode add_group(Gathering *gathering, Key group, Err *err)
{
    for (size_t i = 0; i < gathering->group_count; i++)
        if (gathering->groups[i].key == group) return OK;
    GroupCard card;
    Exceptions exceptions;
    const ErrCode code = load_group(gathering->from, group, &card, err);
    if (code == ERR_NOT_FOUND) return OK; /* voided: it takes nobody any more */
    if (code != OK) return code;
    gathering->groups = list_grow(gathering->view->arena, gathering->groups,
                                  sizeof gathering->groups[0], gathering->group_count);
    if (gathering->groups == NULL) return list_full(gathering->group_count, err);
    gathering->groups[gathering->group_count++] = card.facts;
    TRY(load_exceptions_of_group(gathering->from, group, &exceptions, err));
    for (size_t i = 0; i < exceptions.count; i++) {
        Exceptions *all = &gathering->exceptions;
        all->items =
            list_grow(gathering->view->arena, all->items, sizeof all->items[0], all->count);
        if (all->items == NULL) return list_full(all->count, err);
        all->items[all->count++] = exceptions.items[i];
    }
    return OK;
}

static ErrCode add_station(Gathering *gathering, const Station *station, Err *err)
{
    Stations *all = &gathering->stations;
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].key == station->key) return OK;
    all->items = list_grow(gathering->view->arena, all->items, sizeof all->items[0], all->count);
    if (all->items == NULL) return list_full(all->count, err);
    all->items[all->count++] = *station;
    return add_group(gathering, station->group, err);
}

static ErrCode add_attachment(Gathering *gathering, Attachment attachment, Err *err)
{
    Attachments *all = &gathering->attachments;
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].project == attachment.project && all->items[i].group == attachment.group)
            return OK;
    all->items = list_grow(gathering->view->arena, all->items, sizeof all->items[0], all->count);
    if (all->items == NULL) return list_full(all->count, err);
    all->items[all->count++] = attachment;
    return add_group(gathering, attachment.group, err);
}

static ErrCode add_stations_at(Gathering *gathering, Key project, Err *err)
{
    Stations stations;
    TRY(load_stations_at(gathering->from, project, &stations, err));
    for (size_t i = 0; i < stations.count; i++)
        if (range_has(stations.items[i].days, gathering->view->on))
            TRY(add_station(gathering, &stations.items[i], err));
    return OK;
}

/* Attachments that are written, and the one that coverage derives from the nearest group. */
static ErrCode add_attachments_of(Gathering *gathering, Key project, Err *err)
{
    Attachments written;
    const View *view = gathering->view;
    TRY(load_attachments_of_project(gathering->from, project, &written, err));
    for (size_t i = 0; i < written.count; i++)
        if (range_has(written.items[i].days, view->on))
            TRY(add_attachment(gathering, written.items[i], err));
    if (view->board == NULL) return OK;
    const BoardDay *day = NULL;
    TRY(board_take(view->board, view->store, view->on, &day, err));
    const size_t at = board_find(day, project);
    Key near = KEY_NONE;
    if (at != INDEX_NONE && day->coverage[at].state == COVERAGE_ATTACHED_NEAR)
        near = day->coverage[at].group;
    board_give(view->board, &day);
    if (near == KEY_NONE) return OK;
    return add_attachment(gathering, (Attachment){KEY_NONE, project, near, {view->on, view->on}},
                          err);
}

static MembershipFacts facts_of(const Gathering *gathering)
{
    return (MembershipFacts){
        .groups = gathering->groups,
        .group_count = gathering->group_count,
        .stations = gathering->stations.items,
        .station_count = gathering->stations.count,
        .attachments = gathering->attachments.items,
        .attachment_count = gathering->attachments.count,
        .exceptions = gathering->exceptions.items,
        .exception_count = gathering->exceptions.count,
        .only_crew_takes_all =
            pack_bool(gathering->view->pack, PARAMETER_CREW_MEMBERSHIP_ONLY_CREW_TAKES_ALL,
                      gathering->view->on),
    };
}

ErrCode roster_facts(const View *view, Key project, MembershipFacts *out_facts, Err *err)
{
    Gathering gathering = {.view = view, .from = view_source(view)};
    TRY(add_stations_at(&gathering, project, err));
    TRY(add_attachments_of(&gathering, project, err));
    *out_facts = facts_of(&gathering);
    return OK;
}

/* Projects that coverage joined to this group because it is the nearest. */
static ErrCode add_near_projects(Gathering *gathering, Key group, Err *err)
{
    const View *view = gathering->view;
    const BoardDay *day = NULL;
    ErrCode code = OK;
    if (view->board == NULL) return OK;
    TRY(board_take(view->board, view->store, view->on, &day, err));
    for (size_t i = 0; code == OK && i < day->world.project_count; i++)
        if (day->coverage[i].group == group && day->coverage[i].state == COVERAGE_ATTACHED_NEAR)
            code = add_attachment(
                gathering,
                (Attachment){KEY_NONE, day->world.projects[i].key, group, {view->on, view->on}},
                err);
    board_give(view->board, &day);
    return code;
}

static ErrCode gather_group(Gathering *gathering, Key group, Err *err)
{
    Stations own;
    Attachments attached;
    TRY(add_group(gathering, group, err));
    TRY(load_stations_of_group(gathering->from, group, &own, err));
    for (size_t i = 0; i < own.count; i++)
        if (range_has(own.items[i].days, gathering->view->on))
            TRY(add_stations_at(gathering, own.items[i].project, err));
    TRY(load_attachments_of_group(gathering->from, group, &attached, err));
    for (size_t i = 0; i < attached.count; i++)
        if (range_has(attached.items[i].days, gathering->view->on))
            TRY(add_attachment(gathering, attached.items[i], err));
    return add_near_projects(gathering, group, err);
}

ErrCode roster_facts_of_group(const View *view, Key group, MembershipFacts *out_facts, Err *err)
{
    Gathering gathering = {.view = view, .from = view_source(view)};
    TRY(gather_group(&gathering, group, err));
    *out_facts = facts_of(&gathering);
    return OK;
}

ErrCode roster_facts_of_person(const View *view, const PersonStays *person,
                               MembershipFacts *out_facts, Err *err)
{
    Gathering gathering = {.view = view, .from = view_source(view)};
    Exceptions exceptions;
    const Stay *stay = stay_on(person->stays, view->on);
    if (stay != NULL) {
        TRY(add_stations_at(&gathering, stay->project, err));
        TRY(add_attachments_of(&gathering, stay->project, err));
        if (stay->crew != KEY_NONE) TRY(add_group(&gathering, stay->crew, err));
    }
    TRY(load_exceptions_of_person(gathering.from, person->person, &exceptions, err));
    for (size_t i = 0; i < exceptions.count; i++)
        if (range_has(exceptions.items[i].days, view->on))
            TRY(add_group(&gathering, exceptions.items[i].group, err));
    *out_facts = facts_of(&gathering);
    return OK;
}

typedef struct People {
    PersonStays *items;
    size_t count;
    Map known;
} People;

static ErrCode add_person(const View *view, Key person, const Stay *stay, People *people, Err *err)
{
    int64_t there;
    if (map_find(&people->known, person, &there)) return OK;
    TRY(map_put(&people->known, person, 1, err));
    people->items = list_grow(view->arena, people->items, sizeof people->items[0], people->count);
    if (people->items == NULL) return list_full(people->count, err);
    people->items[people->count++] =
        (PersonStays){.person = person, .stays = {stay, stay == NULL ? 0 : 1}};
    return OK;
}

/* On one day one stay says everything, so nothing more is loaded of each person. */
static ErrCode add_people_at(const View *view, Key project, People *people, Err *err)
{
    StayList stays;
    TRY(load_stays_at(view_source(view), project, view->on, &stays, err));
    for (size_t i = 0; i < stays.count; i++)
        TRY(add_person(view, stays.persons[i], &stays.items[i], people, err));
    return OK;
}

ErrCode roster_people(const View *view, Key project, PersonStays **out_people, size_t *out_count,
                      Err *err)
{
    People people = {0};
    map_init(&people.known, view->arena);
    TRY(add_people_at(view, project, &people, err));
    *out_people = people.items;
    *out_count = people.count;
    return OK;
}

ErrCode roster_person(const View *view, Key person, PersonStays *out_person, Err *err)
{
    StayList stays;
    Standings standings;
    TRY(load_stays_of_person(view_source(view), person, &stays, err));
    TRY(load_standings(view_source(view), person, &standings, err));
    *out_person =
        (PersonStays){person, {stays.items, stays.count}, standings.items, standings.count};
    return OK;
}

static ErrCode add_included(const View *view, const MembershipFacts *facts, Key group,
                            People *people, Err *err)
{
    for (size_t i = 0; i < facts->exception_count; i++) {
        const Exception *exception = &facts->exceptions[i];
        int64_t there;
        if (exception->group != group || !range_has(exception->days, view->on) ||
            map_find(&people->known, exception->person, &there))
            continue;
        PersonStays person;
        TRY(roster_person(view, exception->person, &person, err));
        TRY(add_person(view, exception->person, NULL, people, err));
        people->items[people->count - 1] = person;
    }
    return OK;
}

ErrCode roster_of_group(const View *view, const Group *group, MembershipFacts *out_facts,
                        Member **out_members, size_t *out_count, Err *err)
{
    People people = {0};
    map_init(&people.known, view->arena);
    TRY(roster_facts_of_group(view, group->key, out_facts, err));
    for (size_t i = 0; i < out_facts->station_count; i++)
        if (out_facts->stations[i].group == group->key)
            TRY(add_people_at(view, out_facts->stations[i].project, &people, err));
    for (size_t i = 0; i < out_facts->attachment_count; i++)
        if (out_facts->attachments[i].group == group->key)
            TRY(add_people_at(view, out_facts->attachments[i].project, &people, err));
    TRY(add_included(view, out_facts, group->key, &people, err));
    return membership_roster(out_facts, group, people.items, people.count, view->on, view->arena,
                             out_members, out_count, err);
}

ErrCode roster_leader(const View *view, Key group, Key *out_person, Err *err)
{
    Offices offices;
    TRY(load_offices(view_source(view), group, &offices, err));
    *out_person = KEY_NONE;
    for (size_t i = 0; i < offices.count; i++)
        if (offices.items[i].post != POST_IS_DEPUTY && range_has(offices.items[i].days, view->on))
            *out_person = offices.items[i].person;
    return OK;
}

/* Somebody is seen by whoever sees their unit, or the project where they are on that day. */
ErrCode roster_find_person(const View *view, Id person, PersonCard *out_card,
                           PersonStays *out_stays, Err *err)
{
    Key key = KEY_NONE;
    TRY(view_find(view, person, KIND_PERSON, &key, err));
    TRY(load_person(view_source(view), key, out_card, err));
    TRY(roster_person(view, key, out_stays, err));
    if (reach_has_unit(&view->reach, out_card->unit)) return OK;
    const Stay *stay = stay_on(out_stays->stays, view->on);
    if (stay != NULL) {
        ProjectCard project;
        TRY(load_project(view_source(view), stay->project, &project, err));
        if (reach_has_project(&view->reach, stay->project, project.facts.unit)) return OK;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no such person");
}
