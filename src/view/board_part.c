#include "view/board_facts.h"

static bool has_key(const Map *map, Key key)
{
    int64_t at;
    return map_find(map, key, &at);
}

static ErrCode take_group(const BoardFacts *facts, Key key, BoardFacts *part, Err *err)
{
    int64_t at = 0;
    if (has_key(&part->group_at, key) || !map_find(&facts->group_at, key, &at)) return OK;
    TRY(map_put(&part->group_at, key, (int64_t)part->group_count, err));
    part->groups[part->group_count++] = facts->groups[at];
    return OK;
}

static bool is_within(const Project *center, const Project *project, Around around)
{
    switch (around) {
    case AROUND_ITSELF: return project->key == center->key;
    case AROUND_UNIT: return project->unit == center->unit;
    case AROUND_ALL: return true;
    }
    return true;
}

static bool stands_within(const BoardFacts *facts, const Project *center, const Station *station,
                          Around around)
{
    int64_t at = 0;
    return map_find(&facts->project_at, station->project, &at) &&
           is_within(center, &facts->projects[at], around);
}

/* The groups that stand at a project within reach, and those the centre is attached to. */
static ErrCode take_groups(const BoardFacts *facts, const Project *center, Around around,
                           Arena *arena, BoardFacts *part, Err *err)
{
    part->groups = arena_array(arena, Group, facts->group_count);
    if (part->groups == NULL) return list_full(facts->group_count, err);
    for (size_t i = 0; i < facts->stations.count; i++)
        if (stands_within(facts, center, &facts->stations.items[i], around))
            TRY(take_group(facts, facts->stations.items[i].group, part, err));
    for (size_t i = 0; i < facts->attachments.count; i++)
        if (facts->attachments.items[i].project == center->key)
            TRY(take_group(facts, facts->attachments.items[i].group, part, err));
    return OK;
}

/* All stations of these groups, wherever they are: a joint branch counts its sites together. */
static ErrCode take_stations(const BoardFacts *facts, Arena *arena, BoardFacts *part, Map *sites,
                             Err *err)
{
    part->stations.items = arena_array(arena, Station, facts->stations.count);
    if (part->stations.items == NULL) return list_full(facts->stations.count, err);
    for (size_t i = 0; i < facts->stations.count; i++) {
        const Station *station = &facts->stations.items[i];
        if (!has_key(&part->group_at, station->group)) continue;
        part->stations.items[part->stations.count++] = *station;
        TRY(map_put(sites, station->project, 1, err));
    }
    return OK;
}

static ErrCode take_projects(const BoardFacts *facts, const Project *center, Around around,
                             const Map *sites, Arena *arena, BoardFacts *part, Err *err)
{
    part->projects = arena_array(arena, Project, facts->project_count);
    part->texts = arena_array(arena, ProjectTexts, facts->project_count);
    part->series = arena_array(arena, Buf, facts->project_count);
    if (part->projects == NULL || part->texts == NULL || part->series == NULL)
        return list_full(facts->project_count, err);
    for (size_t i = 0; i < facts->project_count; i++) {
        const Project *project = &facts->projects[i];
        if (!is_within(center, project, around) && !has_key(sites, project->key)) continue;
        const size_t at = part->project_count++;
        part->projects[at] = *project;
        part->texts[at] = facts->texts[i];
        part->series[at] = facts->series[i]; /* borrowed */
        TRY(map_put(&part->project_at, project->key, (int64_t)at, err));
    }
    return OK;
}

static ErrCode take_ties(const BoardFacts *facts, Arena *arena, BoardFacts *part, Err *err)
{
    part->offices.items = arena_array(arena, Office, facts->offices.count);
    part->attachments.items = arena_array(arena, Attachment, facts->attachments.count);
    part->liaisons.items = arena_array(arena, Liaison, facts->liaisons.count);
    part->exceptions.items = arena_array(arena, Exception, facts->exceptions.count);
    if (part->offices.items == NULL || part->attachments.items == NULL ||
        part->liaisons.items == NULL || part->exceptions.items == NULL)
        return list_full(facts->offices.count, err);
    for (size_t i = 0; i < facts->offices.count; i++)
        if (has_key(&part->group_at, facts->offices.items[i].group))
            part->offices.items[part->offices.count++] = facts->offices.items[i];
    for (size_t i = 0; i < facts->attachments.count; i++)
        if (has_key(&part->project_at, facts->attachments.items[i].project) ||
            has_key(&part->group_at, facts->attachments.items[i].group))
            part->attachments.items[part->attachments.count++] = facts->attachments.items[i];
    for (size_t i = 0; i < facts->liaisons.count; i++)
        if (has_key(&part->project_at, facts->liaisons.items[i].project))
            part->liaisons.items[part->liaisons.count++] = facts->liaisons.items[i];
    for (size_t i = 0; i < facts->exceptions.count; i++)
        if (has_key(&part->group_at, facts->exceptions.items[i].group))
            part->exceptions.items[part->exceptions.count++] = facts->exceptions.items[i];
    return OK;
}

ErrCode board_facts_part(const BoardFacts *facts, Key project, Around around, Arena *arena,
                         BoardFacts *out_part, Err *err)
{
    int64_t at = 0;
    *out_part = (BoardFacts){.uses = 1};
    map_init(&out_part->project_at, arena);
    map_init(&out_part->group_at, arena);
    if (!map_find(&facts->project_at, project, &at)) return OK;
    const Project *center = &facts->projects[at];
    Map sites;
    map_init(&sites, arena);
    TRY(take_groups(facts, center, around, arena, out_part, err));
    TRY(take_stations(facts, arena, out_part, &sites, err));
    TRY(take_projects(facts, center, around, &sites, arena, out_part, err));
    TRY(take_ties(facts, arena, out_part, err));
    out_part->persons = facts->persons;
    out_part->person_count = facts->person_count;
    out_part->person_at = facts->person_at;
    return OK;
}

typedef struct Turns {
    Arena *arena;
    DayRange within;
    Day *days;
    size_t count;
    Map known;
} Turns;

static ErrCode add_day(Turns *turns, Day day, Err *err)
{
    int64_t there;
    if (!range_has(turns->within, day) || map_find(&turns->known, day, &there)) return OK;
    TRY(map_put(&turns->known, day, 1, err));
    turns->days = list_grow(turns->arena, turns->days, sizeof turns->days[0], turns->count);
    if (turns->days == NULL) return list_full(turns->count, err);
    turns->days[turns->count++] = day;
    return OK;
}

/* Something changes on the first day of a fact and on the day after its last. */
static ErrCode add_ends(Turns *turns, DayRange days, Err *err)
{
    TRY(add_day(turns, days.first, err));
    return days.last == DAY_OPEN ? OK : add_day(turns, days.last + 1, err);
}

static ErrCode add_person(Turns *turns, const BoardFacts *facts, Key person, Err *err)
{
    int64_t at = 0;
    if (!map_find(&facts->person_at, person, &at)) return OK;
    const PersonTimes *times = &facts->persons[at];
    for (size_t i = 0; i < times->stays.count; i++)
        TRY(add_ends(turns, times->stays.items[i].days, err));
    for (size_t i = 0; i < times->standings.count; i++)
        TRY(add_ends(turns, times->standings.items[i].days, err));
    return OK;
}

/* Whether a step can change what covers anything: how many people there are counts only as far as
 * there is anybody at all. */
static bool matters(const SeriesStep *step, int64_t people_before)
{
    const MemberCount *change = &step->change;
    const bool was_empty = people_before == 0;
    const bool is_empty = people_before + change->people == 0;
    return change->formal != 0 || change->probationary != 0 || change->pending != 0 ||
           was_empty != is_empty;
}

static ErrCode add_projects(Turns *turns, const BoardFacts *facts, Err *err)
{
    for (size_t i = 0; i < facts->project_count; i++) {
        AUTO(arena_done) Arena arena = {0};
        Series series;
        int64_t people = 0;
        arena_init(&arena, (size_t)8 << 20);
        TRY(add_ends(turns, facts->projects[i].days, err));
        TRY(series_unpack(buf_as_bytes(&facts->series[i]), &arena, &series, err));
        for (size_t s = 0; s < series.count; s++) {
            if (matters(&series.steps[s], people)) TRY(add_day(turns, series.steps[s].day, err));
            people += series.steps[s].change.people;
        }
    }
    return OK;
}

ErrCode board_facts_turns(const BoardFacts *facts, DayRange within, Arena *arena, Day **out_days,
                          size_t *out_count, Err *err)
{
    Turns turns = {.arena = arena, .within = within};
    map_init(&turns.known, arena);
    TRY(add_projects(&turns, facts, err));
    for (size_t i = 0; i < facts->stations.count; i++)
        TRY(add_ends(&turns, facts->stations.items[i].days, err));
    for (size_t i = 0; i < facts->offices.count; i++) {
        TRY(add_ends(&turns, facts->offices.items[i].days, err));
        TRY(add_person(&turns, facts, facts->offices.items[i].person, err));
    }
    for (size_t i = 0; i < facts->attachments.count; i++)
        TRY(add_ends(&turns, facts->attachments.items[i].days, err));
    for (size_t i = 0; i < facts->liaisons.count; i++) {
        TRY(add_ends(&turns, facts->liaisons.items[i].days, err));
        TRY(add_person(&turns, facts, facts->liaisons.items[i].person, err));
    }
    for (size_t i = 0; i < facts->exceptions.count; i++) {
        TRY(add_ends(&turns, facts->exceptions.items[i].days, err));
        TRY(add_person(&turns, facts, facts->exceptions.items[i].person, err));
    }
    *out_days = turns.days;
    *out_count = turns.count;
    return OK;
}
