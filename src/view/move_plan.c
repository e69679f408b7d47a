#include "view/move_plan.h"

#include "people/membership.h"

static const Station *open_station(const Stations *stations, Day day)
{
    const Station *open = NULL;
    for (size_t i = 0; i < stations->count; i++)
        if (range_has(stations->items[i].days, day)) open = &stations->items[i];
    return open;
}

/* Everybody posted to the project on the day, as the rules of membership want them. */
static ErrCode load_people(Source from, Key project, Day day, PersonStays **out_people,
                           StayList *out_stays, Err *err)
{
    TRY(load_stays_at(from, project, day, out_stays, err));
    *out_people = arena_array(from.arena, PersonStays, out_stays->count);
    if (*out_people == NULL) return list_full(out_stays->count, err);
    for (size_t i = 0; i < out_stays->count; i++)
        (*out_people)[i] =
            (PersonStays){.person = out_stays->persons[i], .stays = {&out_stays->items[i], 1}};
    return OK;
}

static ErrCode load_posting(Source from, Key posting, Posting *out_posting, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, POSTING_LOAD, err));
    query_bind_int(&query, 1, from.shard);
    query_bind_int(&query, 2, posting);
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_CORRUPT, "a stay without its posting: run 'rebuild'");
    *out_posting = posting_of_row(&query);
    return OK;
}

static ErrCode load_members(Source from, const Pack *pack, const Group *group, Key project, Day day,
                            MoveMember **out_members, size_t *out_count, Err *err)
{
    Stations stations;
    Exceptions exceptions;
    StayList stays;
    PersonStays *people = NULL;
    Member *members = NULL;
    size_t count = 0;
    TRY(load_stations_at(from, project, &stations, err));
    TRY(load_exceptions_of_group(from, group->key, &exceptions, err));
    TRY(load_people(from, project, day, &people, &stays, err));
    const MembershipFacts facts = {
        .groups = group,
        .group_count = 1,
        .stations = stations.items,
        .station_count = stations.count,
        .exceptions = exceptions.items,
        .exception_count = exceptions.count,
        .only_crew_takes_all = pack_bool(pack, PARAMETER_CREW_MEMBERSHIP_ONLY_CREW_TAKES_ALL, day),
    };
    TRY(membership_roster(&facts, group, people, stays.count, day, from.arena, &members, &count,
                          err));
    *out_members = arena_array(from.arena, MoveMember, count);
    if (*out_members == NULL) return list_full(count, err);
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (members[i].posting == KEY_NONE) continue; /* only by exception: nothing to carry */
        MoveMember *member = &(*out_members)[(*out_count)++];
        member->party = members[i].party;
        TRY(load_posting(from, members[i].posting, &member->posting, err));
    }
    return OK;
}

/* A leader who is at the new project already is in place when the group comes. */
static ErrCode is_leader_there(Source from, const World *world, Key group, Key to, bool *out_there,
                               Err *err)
{
    *out_there = false;
    for (size_t i = 0; i < world->group_count; i++) {
        if (world->groups[i].key != group || world->leaders[i].person == KEY_NONE) continue;
        StayList stays;
        TRY(load_stays_of_person(from, world->leaders[i].person, &stays, err));
        const Stay *stay = stay_on((Stays){stays.items, stays.count}, world->day);
        *out_there = stay != NULL && stay->project == to && !stay->is_pending;
    }
    return OK;
}

ErrCode move_plan_make(Source from, const Pack *pack, const World *world, Key group, Key to,
                       MovePlan *out_plan, Err *err)
{
    GroupCard card;
    Stations stations;
    MoveMember *members = NULL;
    MoveQuestion question = {.to = to};
    TRY(load_group(from, group, &card, err));
    TRY(load_stations_of_group(from, group, &stations, err));
    const Station *open = open_station(&stations, world->day);
    question.group = &card.facts;
    question.stations = stations.items;
    question.station_count = stations.count;
    if (open != NULL) {
        question.from = open->project;
        TRY(load_members(from, pack, &card.facts, open->project, world->day, &members,
                         &question.member_count, err));
        question.members = members;
    }
    TRY(is_leader_there(from, world, group, to, &question.is_leader_at_target, err));
    const CoverageRules rules = coverage_rules(pack, world->day);
    return move_preview(world, &rules, &question, from.arena, out_plan, err);
}
