#include "view/load.h"

#include <assert.h>
static DayRange days_at(const Query *query, int column)
{
    /* An open end is NULL in the tables of kinds. */
    const Day last =
        query_is_null(query, column + 1) ? DAY_OPEN : (Day)query_int(query, column + 1);
    return (DayRange){.first = (Day)query_int(query, column), .last = last};
}

static ErrCode begin(Query *query, Source from, QueryId id, Key key, Err *err)
{
    TRY(query_begin(query, from.store, id, err));
    query_bind_int(query, 1, from.shard);
    if (key != KEY_NONE) query_bind_int(query, 2, key);
    return OK;
}

static ErrCode load_one(Query *query, Source from, QueryId id, Key key, const char *what, Err *err)
{
    bool found = false;
    TRY(begin(query, from, id, key, err));
    TRY(query_next(query, &found, err));
    if (!found) return err_set(err, ERR_NOT_FOUND, "there is no such %s", what);
    return OK;
}

ErrCode load_project(Source from, Key project, ProjectCard *out_card, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(load_one(&query, from, PROJECT_LOAD, project, "project", err));
    return project_of_row(&query, from.arena, out_card, err);
}

ErrCode project_of_row(const Query *query, Arena *arena, ProjectCard *out_card, Err *err)
{
    ProjectCard card = {
        .facts = {.key = query_int(query, 0),
                  .unit = query_int(query, 1),
                  .days = days_at(query, 5),
                  .stage = (int)query_int(query, 7),
                  .lat = (int32_t)query_int(query, 8),
                  .lon = (int32_t)query_int(query, 9),
                  .has_place = !query_is_null(query, 8) && !query_is_null(query, 9)},
    };
    TRY(query_text(query, 2, arena, &card.facts.name, err));
    TRY(query_text(query, 3, arena, &card.code, err));
    TRY(query_text(query, 4, arena, &card.place, err));
    *out_card = card;
    return OK;
}

ErrCode group_of_row(const Query *query, Arena *arena, GroupCard *out_card, Err *err)
{
    GroupCard card = {.facts = {.key = query_int(query, 0),
                                .unit = query_int(query, 1),
                                .kind = (int)query_int(query, 3),
                                .form = (int)query_int(query, 4)},
                      .home = query_int(query, 5)};
    TRY(query_text(query, 2, arena, &card.facts.name, err));
    *out_card = card;
    return OK;
}

ErrCode load_group(Source from, Key group, GroupCard *out_card, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(load_one(&query, from, GROUP_LOAD, group, "group", err));
    return group_of_row(&query, from.arena, out_card, err);
}

ErrCode load_person(Source from, Key person, PersonCard *out_card, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(load_one(&query, from, PERSON_CARD, person, "person", err));
    PersonCard card = {.key = person,
                       .unit = query_int(&query, 3),
                       .sex = (int)query_int(&query, 4),
                       .birth = query_is_null(&query, 5) ? DAY_OPEN : (Day)query_int(&query, 5),
                       .employment = (int)query_int(&query, 6)};
    TRY(query_text(&query, 0, from.arena, &card.name, err));
    TRY(query_text(&query, 1, from.arena, &card.staff_no, err));
    TRY(query_text(&query, 2, from.arena, &card.trade, err));
    *out_card = card;
    return OK;
}

ErrCode load_unit_name(Source from, Key unit, Text *out_name, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(load_one(&query, from, UNIT_CARD, unit, "unit", err));
    return query_text(&query, 0, from.arena, out_name, err);
}

ErrCode load_home_name(Source from, Key home, Text *out_name, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(load_one(&query, from, HOME_CARD, home, "home", err));
    return query_text(&query, 0, from.arena, out_name, err);
}

Posting posting_of_row(const Query *query)
{
    return (Posting){
        .key = query_int(query, 0),
        .person = query_int(query, 1),
        .project = query_int(query, 2),
        .crew = query_int(query, 3),
        .days = days_at(query, 4),
        .is_pending = query_int(query, 6) != 0,
        .is_core = query_int(query, 7) != 0,
    };
}

ErrCode load_postings_of_person(Source from, Key person, Postings *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Postings list = {0};
    bool found = false;
    TRY(begin(&query, from, POSTINGS_OF_PERSON, person, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        list.items = list_grow(from.arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        list.items[list.count++] = posting_of_row(&query);
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static ErrCode collect_standings(Source from, QueryId id, Key key, Standings *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Standings list = {0};
    bool found = false;
    TRY(begin(&query, from, id, key, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        list.items = list_grow(from.arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        list.items[list.count++] = (Standing){
            .key = query_int(&query, 0),
            .standing = (int)query_int(&query, 1),
            .days = days_at(&query, 2),
        };
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static ErrCode collect_stations(Source from, QueryId id, Key key, Stations *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Stations list = {0};
    bool found = false;
    TRY(begin(&query, from, id, key, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        list.items = list_grow(from.arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        list.items[list.count++] = (Station){
            .key = query_int(&query, 0),
            .group = query_int(&query, 1),
            .project = query_int(&query, 2),
            .days = days_at(&query, 3),
        };
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static ErrCode collect_offices(Source from, QueryId id, Key key, Offices *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Offices list = {0};
    bool found = false;
    TRY(begin(&query, from, id, key, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        list.items = list_grow(from.arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        list.items[list.count++] = (Office){
            .key = query_int(&query, 0),
            .group = query_int(&query, 1),
            .person = query_int(&query, 2),
            .post = (int)query_int(&query, 3),
            .days = days_at(&query, 4),
        };
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static ErrCode collect_attachments(Source from, QueryId id, Key key, Attachments *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Attachments list = {0};
    bool found = false;
    TRY(begin(&query, from, id, key, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        list.items = list_grow(from.arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        list.items[list.count++] = (Attachment){
            .key = query_int(&query, 0),
            .project = query_int(&query, 1),
            .group = query_int(&query, 2),
            .days = days_at(&query, 3),
        };
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static ErrCode collect_liaisons(Source from, QueryId id, Key key, Liaisons *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Liaisons list = {0};
    bool found = false;
    TRY(begin(&query, from, id, key, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        list.items = list_grow(from.arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        list.items[list.count++] = (Liaison){
            .key = query_int(&query, 0),
            .project = query_int(&query, 1),
            .person = query_int(&query, 2),
            .days = days_at(&query, 3),
        };
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static ErrCode collect_exceptions(Source from, QueryId id, Key key, Exceptions *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Exceptions list = {0};
    bool found = false;
    TRY(begin(&query, from, id, key, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        list.items = list_grow(from.arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        Exception *item = &list.items[list.count++];
        *item = (Exception){.key = query_int(&query, 0),
                            .group = query_int(&query, 1),
                            .person = query_int(&query, 2),
                            .effect = (int)query_int(&query, 3),
                            .days = days_at(&query, 4)};
        TRY(query_text(&query, 6, from.arena, &item->reason, err));
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

/* Stays are derived: their last day is never NULL. Their eight columns begin at `first`. */
static Stay stay_of_row(const Query *query, Key project, int first)
{
    return (Stay){
        .posting = query_int(query, first),
        .project = project,
        .crew = query_int(query, first + 1),
        .days = {(Day)query_int(query, first + 2), (Day)query_int(query, first + 3)},
        .party = (PartyStanding)query_int(query, first + 4),
        .is_union = query_int(query, first + 5) != 0,
        .is_pending = query_int(query, first + 6) != 0,
    };
}

static ErrCode add_stay(StayList *list, Arena *arena, Key person, Stay stay, Err *err)
{
    list->items = list_grow(arena, list->items, sizeof list->items[0], list->count);
    if (list->items == NULL) return list_full(list->count, err);
    list->persons = list_grow(arena, list->persons, sizeof list->persons[0], list->count);
    if (list->persons == NULL) return list_full(list->count, err);
    list->persons[list->count] = person;
    list->items[list->count++] = stay;
    return OK;
}

ErrCode load_stays_of_person(Source from, Key person, StayList *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    StayList list = {0};
    bool found = false;
    TRY(begin(&query, from, STAYS_OF_PERSON, person, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        const Stay stay = stay_of_row(&query, query_int(&query, 0), 1);
        TRY(add_stay(&list, from.arena, person, stay, err));
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

ErrCode load_stays_at(Source from, Key project, Day day, StayList *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    StayList list = {0};
    bool found = false;
    TRY(begin(&query, from, STAYS_AT_PROJECT, project, err));
    query_bind_int(&query, 3, day);
    TRY(query_next(&query, &found, err));
    while (found) {
        const Stay stay = stay_of_row(&query, project, 1);
        TRY(add_stay(&list, from.arena, query_int(&query, 0), stay, err));
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

ErrCode load_standings(Source from, Key person, Standings *out, Err *err)
{
    return collect_standings(from, STANDINGS_OF_PERSON, person, out, err);
}

ErrCode load_stations_of_group(Source from, Key group, Stations *out, Err *err)
{
    return collect_stations(from, STATIONS_OF_GROUP, group, out, err);
}

ErrCode load_stations_at(Source from, Key project, Stations *out, Err *err)
{
    return collect_stations(from, STATIONS_AT_PROJECT, project, out, err);
}

ErrCode load_offices(Source from, Key group, Offices *out, Err *err)
{
    return collect_offices(from, OFFICES_OF_GROUP, group, out, err);
}

ErrCode load_exceptions_of_group(Source from, Key group, Exceptions *out, Err *err)
{
    return collect_exceptions(from, EXCEPTIONS_OF_GROUP, group, out, err);
}

ErrCode load_exceptions_of_person(Source from, Key person, Exceptions *out, Err *err)
{
    return collect_exceptions(from, EXCEPTIONS_OF_PERSON, person, out, err);
}

ErrCode load_attachments_of_project(Source from, Key project, Attachments *out, Err *err)
{
    return collect_attachments(from, ATTACHMENTS_OF_PROJECT, project, out, err);
}

ErrCode load_attachments_of_group(Source from, Key group, Attachments *out, Err *err)
{
    return collect_attachments(from, ATTACHMENTS_OF_GROUP, group, out, err);
}

ErrCode load_all_stations(Source from, Stations *out, Err *err)
{
    return collect_stations(from, STATIONS, KEY_NONE, out, err);
}

ErrCode load_all_offices(Source from, Offices *out, Err *err)
{
    return collect_offices(from, OFFICES, KEY_NONE, out, err);
}

ErrCode load_all_attachments(Source from, Attachments *out, Err *err)
{
    return collect_attachments(from, ATTACHMENTS, KEY_NONE, out, err);
}

ErrCode load_party_exceptions(Source from, Exceptions *out, Err *err)
{
    return collect_exceptions(from, PARTY_EXCEPTIONS, KEY_NONE, out, err);
}

ErrCode load_all_liaisons(Source from, Liaisons *out, Err *err)
{
    return collect_liaisons(from, LIAISONS, KEY_NONE, out, err);
}
