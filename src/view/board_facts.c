#include "view/board_facts.h"

#include <assert.h>

#define FACTS_BYTES_MAX ((size_t)1 << 30)

static ErrCode load_projects(Source from, BoardFacts *facts, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, PROJECTS, err));
    query_bind_int(&query, 1, from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        ProjectCard card;
        const size_t count = facts->project_count;
        TRY(project_of_row(&query, from.arena, &card, err));
        facts->projects = list_grow(from.arena, facts->projects, sizeof facts->projects[0], count);
        facts->texts = list_grow(from.arena, facts->texts, sizeof facts->texts[0], count);
        if (facts->projects == NULL || facts->texts == NULL) return list_full(count, err);
        facts->projects[count] = card.facts;
        facts->texts[count] = (ProjectTexts){card.code, card.place};
        TRY(map_put(&facts->project_at, card.facts.key, (int64_t)count, err));
        facts->project_count++;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode load_groups(Source from, BoardFacts *facts, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, GROUPS, err));
    query_bind_int(&query, 1, from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        GroupCard card;
        TRY(group_of_row(&query, from.arena, &card, err));
        if (card.facts.kind == GROUP_KIND_IS_PARTY) {
            facts->groups =
                list_grow(from.arena, facts->groups, sizeof facts->groups[0], facts->group_count);
            if (facts->groups == NULL) return list_full(facts->group_count, err);
            TRY(map_put(&facts->group_at, card.facts.key, (int64_t)facts->group_count, err));
            facts->groups[facts->group_count++] = card.facts;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode load_series(Source from, BoardFacts *facts, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    facts->series = arena_array(from.arena, Buf, facts->project_count);
    if (facts->series == NULL) return list_full(facts->project_count, err);
    for (size_t i = 0; i < facts->project_count; i++)
        buf_init(&facts->series[i], SERIES_BYTES_MAX);
    TRY(query_begin(&query, from.store, HEADCOUNTS, err));
    query_bind_int(&query, 1, from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        int64_t at = 0;
        if (map_find(&facts->project_at, query_int(&query, 0), &at))
            buf_add(&facts->series[at], query_view(&query, 1));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode load_times(Source from, Key person, PersonTimes *out_times, Err *err)
{
    StayList stays;
    Standings standings;
    TRY(load_stays_of_person(from, person, &stays, err));
    TRY(load_standings(from, person, &standings, err));
    *out_times = (PersonTimes){person, {stays.items, stays.count}, standings};
    return OK;
}

static ErrCode add_person(Source from, BoardFacts *facts, Key person, Err *err)
{
    int64_t there;
    PersonTimes times;
    if (map_find(&facts->person_at, person, &there)) return OK;
    TRY(load_times(from, person, &times, err));
    facts->persons =
        list_grow(from.arena, facts->persons, sizeof facts->persons[0], facts->person_count);
    if (facts->persons == NULL) return list_full(facts->person_count, err);
    TRY(map_put(&facts->person_at, person, (int64_t)facts->person_count, err));
    facts->persons[facts->person_count++] = times;
    return OK;
}

static ErrCode load_persons(Source from, BoardFacts *facts, Err *err)
{
    int64_t there;
    for (size_t i = 0; i < facts->offices.count; i++)
        if (map_find(&facts->group_at, facts->offices.items[i].group, &there))
            TRY(add_person(from, facts, facts->offices.items[i].person, err));
    for (size_t i = 0; i < facts->liaisons.count; i++)
        TRY(add_person(from, facts, facts->liaisons.items[i].person, err));
    for (size_t i = 0; i < facts->exceptions.count; i++)
        TRY(add_person(from, facts, facts->exceptions.items[i].person, err));
    return OK;
}

/* Most stations are those of crews and union groups, which cover nothing. */
static void keep_party_stations(BoardFacts *facts)
{
    int64_t there;
    size_t kept = 0;
    for (size_t i = 0; i < facts->stations.count; i++)
        if (map_find(&facts->group_at, facts->stations.items[i].group, &there))
            facts->stations.items[kept++] = facts->stations.items[i];
    facts->stations.count = kept;
}

static ErrCode load_all(Source from, BoardFacts *facts, Err *err)
{
    TRY(load_projects(from, facts, err));
    TRY(load_groups(from, facts, err));
    TRY(load_series(from, facts, err));
    TRY(load_all_stations(from, &facts->stations, err));
    keep_party_stations(facts);
    TRY(load_all_offices(from, &facts->offices, err));
    TRY(load_all_attachments(from, &facts->attachments, err));
    TRY(load_all_liaisons(from, &facts->liaisons, err));
    TRY(load_party_exceptions(from, &facts->exceptions, err));
    return load_persons(from, facts, err);
}

ErrCode board_facts_load(Store *store, int64_t shard, BoardFacts **out_facts, Err *err)
{
    Arena arena;
    arena_init(&arena, FACTS_BYTES_MAX);
    BoardFacts *facts = arena_new(&arena, BoardFacts);
    assert(facts != NULL); /* the first thing in a new arena */
    facts->arena = arena;
    facts->uses = 1;
    map_init(&facts->project_at, &facts->arena);
    map_init(&facts->group_at, &facts->arena);
    map_init(&facts->person_at, &facts->arena);
    const ErrCode code = load_all((Source){store, shard, &facts->arena}, facts, err);
    if (code != OK) {
        board_facts_close(&facts);
        return code;
    }
    *out_facts = facts;
    return OK;
}

void board_facts_close(BoardFacts **facts)
{
    BoardFacts *self = *facts;
    *facts = NULL;
    if (self == NULL || --self->uses > 0) return;
    for (size_t i = 0; self->series != NULL && i < self->project_count; i++)
        buf_done(&self->series[i]);
    Arena arena = self->arena;
    arena_done(&arena);
}

static ErrCode refresh_series(BoardFacts *facts, Store *store, int64_t shard, size_t at, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, store, HEADCOUNT_OF_PROJECT, err));
    query_bind_int(&query, 1, shard);
    query_bind_int(&query, 2, facts->projects[at].key);
    TRY(query_next(&query, &found, err));
    buf_clear(&facts->series[at]);
    if (found) buf_add(&facts->series[at], query_view(&query, 0));
    return buf_check(&facts->series[at], err);
}

ErrCode board_facts_refresh(BoardFacts *facts, Store *store, int64_t shard, Key key, Err *err)
{
    int64_t at = 0;
    if (map_find(&facts->project_at, key, &at))
        return refresh_series(facts, store, shard, (size_t)at, err);
    if (map_find(&facts->person_at, key, &at))
        return load_times((Source){store, shard, &facts->arena}, key, &facts->persons[at], err);
    return OK; /* somebody in office in a group that covers nothing */
}

static const PersonTimes *times_of(const BoardFacts *facts, Key person)
{
    int64_t at = 0;
    return map_find(&facts->person_at, person, &at) ? &facts->persons[at] : NULL;
}

static PartyStanding party_on(const PersonTimes *times, Day day)
{
    const Standing *standing =
        party_standing_on(times->standings.items, times->standings.count, day);
    if (standing == NULL) return PARTY_NONE;
    return standing->standing == STANDING_IS_PARTY_FORMAL ? PARTY_FORMAL : PARTY_PROBATIONARY;
}

/* Where the stations of a group begin: they are sorted by group. */
static size_t first_station(const BoardFacts *facts, Key group)
{
    size_t low = 0;
    size_t high = facts->stations.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (facts->stations.items[middle].group < group)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool stands_at(const BoardFacts *facts, Key group, Key project, Day day)
{
    for (size_t i = first_station(facts, group);
         i < facts->stations.count && facts->stations.items[i].group == group; i++)
        if (facts->stations.items[i].project == project &&
            range_has(facts->stations.items[i].days, day))
            return true;
    return false;
}

/* Is the group at this project on the day, by a station or because the project is attached? */
static bool is_group_at(const BoardFacts *facts, Key group, Key project, Day day)
{
    if (stands_at(facts, group, project, day)) return true;
    for (size_t i = 0; i < facts->attachments.count; i++)
        if (facts->attachments.items[i].group == group &&
            facts->attachments.items[i].project == project &&
            range_has(facts->attachments.items[i].days, day))
            return true;
    return false;
}

/* Where the exceptions of a person in a group begin. */
static size_t first_exception(const BoardFacts *facts, Key group, Key person)
{
    size_t low = 0;
    size_t high = facts->exceptions.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const Exception *one = &facts->exceptions.items[middle];
        if (one->group < group || (one->group == group && one->person < person))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_exception_of(const BoardFacts *facts, size_t at, Key group, Key person)
{
    return at < facts->exceptions.count && facts->exceptions.items[at].group == group &&
           facts->exceptions.items[at].person == person;
}

static bool is_member_on(const BoardFacts *facts, const PersonTimes *times, Key group, Day day)
{
    bool is_included = false;
    size_t i = first_exception(facts, group, times->person);
    for (; is_exception_of(facts, i, group, times->person); i++) {
        const Exception *exception = &facts->exceptions.items[i];
        if (!range_has(exception->days, day)) continue;
        if (exception->effect == EFFECT_IS_EXCLUDE) return false;
        is_included = true;
    }
    const Stay *stay = stay_on(times->stays, day);
    return is_included || (stay != NULL && !stay->is_pending && stay->party != PARTY_NONE &&
                           is_group_at(facts, group, stay->project, day));
}

/* Of those in office on a day the one who came last leads; a deputy does not. */
static ErrCode find_leaders(const BoardFacts *facts, Day day, Arena *arena, Leader **out_leaders,
                            Err *err)
{
    Leader *leaders = arena_array(arena, Leader, facts->group_count);
    if (leaders == NULL) return list_full(facts->group_count, err);
    for (size_t i = 0; i < facts->offices.count; i++) {
        const Office *office = &facts->offices.items[i];
        int64_t at = 0;
        if (office->post == POST_IS_DEPUTY || !range_has(office->days, day) ||
            !map_find(&facts->group_at, office->group, &at))
            continue;
        const PersonTimes *times = times_of(facts, office->person);
        assert(times != NULL); /* load_persons() took everybody in office */
        leaders[at] = (Leader){
            .office = office->key,
            .person = office->person,
            .party = party_on(times, day),
            .is_member = is_member_on(facts, times, office->group, day),
        };
    }
    *out_leaders = leaders;
    return OK;
}

static void move_head(const BoardFacts *facts, Key project, PartyStanding party, int by,
                      HeadCount *heads)
{
    int64_t at = 0;
    if (!map_find(&facts->project_at, project, &at)) return;
    if (party == PARTY_FORMAL)
        heads[at].formal += by;
    else
        heads[at].probationary += by;
}

/* An exception counts its person where the group stands, or stops counting them there. */
static void apply_exception(const BoardFacts *facts, const Exception *exception,
                            const PersonTimes *times, Day day, HeadCount *heads)
{
    const PartyStanding party = party_on(times, day);
    const Stay *stay = stay_on(times->stays, day);
    const bool is_wanted = exception->effect == EFFECT_IS_INCLUDE;
    size_t i = party == PARTY_NONE ? facts->stations.count : first_station(facts, exception->group);
    for (; i < facts->stations.count && facts->stations.items[i].group == exception->group; i++) {
        const Station *station = &facts->stations.items[i];
        if (!range_has(station->days, day)) continue;
        const bool is_here = stay != NULL && !stay->is_pending && stay->project == station->project;
        if (is_here != is_wanted)
            move_head(facts, station->project, party, is_wanted ? 1 : -1, heads);
    }
}

/* Of several exceptions of one person and group on a day an exclusion counts, and each only
 * once. */
static bool is_settled_elsewhere(const BoardFacts *facts, size_t at, Day day)
{
    const Exception *exception = &facts->exceptions.items[at];
    size_t i = first_exception(facts, exception->group, exception->person);
    for (; is_exception_of(facts, i, exception->group, exception->person); i++) {
        const Exception *other = &facts->exceptions.items[i];
        if (i == at || !range_has(other->days, day)) continue;
        if (other->effect == exception->effect ? i < at : other->effect == EFFECT_IS_EXCLUDE)
            return true;
    }
    return false;
}

/* Exceptions of Party groups move the head count of the project where the group stands. */
static void apply_exceptions(const BoardFacts *facts, Day day, HeadCount *heads)
{
    for (size_t i = 0; i < facts->exceptions.count; i++) {
        const Exception *exception = &facts->exceptions.items[i];
        const PersonTimes *times = times_of(facts, exception->person);
        if (times != NULL && range_has(exception->days, day) &&
            !is_settled_elsewhere(facts, i, day))
            apply_exception(facts, exception, times, day, heads);
    }
}

static HeadCount counted(const BoardFacts *facts, Day day, size_t project)
{
    if (!range_has(facts->projects[project].days, day)) return (HeadCount){0};
    const MemberCount count = series_packed_on(buf_as_bytes(&facts->series[project]), day);
    return (HeadCount){
        .formal = count.formal,
        .probationary = count.probationary,
        .people = count.people,
        .pending_party = count.pending,
    };
}

static ErrCode count_heads(const BoardFacts *facts, Day day, Arena *arena, HeadCount **out_heads,
                           Err *err)
{
    HeadCount *heads = arena_array(arena, HeadCount, facts->project_count);
    if (heads == NULL) return list_full(facts->project_count, err);
    for (size_t i = 0; i < facts->project_count; i++)
        heads[i] = counted(facts, day, i);
    apply_exceptions(facts, day, heads);
    *out_heads = heads;
    return OK;
}

bool board_facts_recount(const BoardFacts *facts, Day day, size_t project, HeadCount *out_heads)
{
    for (size_t i = 0; i < facts->exceptions.count; i++)
        if (range_has(facts->exceptions.items[i].days, day) &&
            stands_at(facts, facts->exceptions.items[i].group, facts->projects[project].key, day))
            return false;
    *out_heads = counted(facts, day, project);
    return true;
}

ErrCode board_facts_world(const BoardFacts *facts, Day day, Arena *arena, World *out_world,
                          Err *err)
{
    HeadCount *heads = NULL;
    Leader *leaders = NULL;
    PartyStanding *parties = arena_array(arena, PartyStanding, facts->liaisons.count);
    if (parties == NULL) return list_full(facts->liaisons.count, err);
    for (size_t i = 0; i < facts->liaisons.count; i++)
        parties[i] = party_on(times_of(facts, facts->liaisons.items[i].person), day);
    TRY(count_heads(facts, day, arena, &heads, err));
    TRY(find_leaders(facts, day, arena, &leaders, err));
    *out_world = (World){
        .day = day,
        .projects = facts->projects,
        .heads = heads,
        .project_count = facts->project_count,
        .groups = facts->groups,
        .leaders = leaders,
        .group_count = facts->group_count,
        .stations = facts->stations.items,
        .station_count = facts->stations.count,
        .attachments = facts->attachments.items,
        .attachment_count = facts->attachments.count,
        .liaisons = facts->liaisons.items,
        .liaison_parties = parties,
        .liaison_count = facts->liaisons.count,
    };
    return OK;
}
