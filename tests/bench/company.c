#include "bench/company.h"

#include <stdio.h>

#include "bench/must.h"

#define GROUP_BACK_DAYS 400 /* how long the group stood at the finished project */
#define ARENA_BYTES_MAX ((size_t)1 << 30)

typedef struct SiteIds {
    Id projects[2]; /* finished, active */
    Id party;       /* nil: no Party group */
    Id crews[SITE_CREWS_MAX];
    Id leader;
} SiteIds;

typedef struct Telling {
    const Population *population;
    FactTaker take;
    void *context;
    Arena arena;
    Id *departments;
    SiteIds *sites;
    SiteMembers *members;
} Telling;

static Record record_of(KindCode kind)
{
    return (Record){.kind = vocab_kind((unsigned)kind)};
}

static void set_days(Record *record, unsigned from, unsigned to, DayRange days)
{
    record_set_int(record, from, days.first);
    if (days.last != DAY_OPEN) record_set_int(record, to, days.last);
}

static Id tell(const Telling *telling, const Record *record)
{
    return telling->take(telling->context, record);
}

/* ---- units and projects ---- */

static Id tell_unit(const Telling *telling, const char *name, int level, const Id *parent)
{
    Record record = record_of(KIND_UNIT);
    record_set_text(&record, UNIT_NAME, text_from_z(name));
    record_set_int(&record, UNIT_LEVEL, level);
    if (parent != NULL) record_set_ref(&record, UNIT_PARENT, *parent);
    return tell(telling, &record);
}

static void tell_units(Telling *telling)
{
    char name[PLACE_NAME_MAX];
    const Population *population = telling->population;
    const Id top = tell_unit(telling, "电力建设集团", LEVEL_IS_GROUP, NULL);
    for (size_t firm = 0; firm < population->firm_count; firm++) {
        const Id above = tell_unit(telling, firm_name(firm, name), LEVEL_IS_COMPANY, &top);
        for (size_t i = 0; i < DEPARTMENTS_PER_FIRM; i++) {
            const size_t at = firm * DEPARTMENTS_PER_FIRM + i;
            if (at < population->department_count)
                telling->departments[at] =
                    tell_unit(telling, department_name(at, name), LEVEL_IS_DEPARTMENT, &above);
        }
    }
}

static void tell_projects(Telling *telling, size_t number)
{
    char name[PLACE_NAME_MAX];
    char code[PLACE_NAME_MAX];
    const Site site = population_site(telling->population, number);
    for (int is_active = 0; is_active < 2; is_active++) {
        Record record = record_of(KIND_PROJECT);
        record_set_text(&record, PROJECT_NAME,
                        text_from_z(project_name(number, is_active != 0, name)));
        record_set_text(&record, PROJECT_CODE,
                        text_from_z(project_code(number, is_active != 0, code)));
        record_set_ref(&record, PROJECT_UNIT, telling->departments[site.department]);
        record_set_int(&record, PROJECT_STAGE, is_active != 0 ? STAGE_IS_ACTIVE : STAGE_IS_CLOSED);
        set_days(&record, PROJECT_FROM, PROJECT_TO, is_active != 0 ? site.active : site.finished);
        record_set_int(&record, PROJECT_LAT, site.lat);
        record_set_int(&record, PROJECT_LON, site.lon);
        telling->sites[number].projects[is_active] = tell(telling, &record);
    }
}

/* ---- groups ---- */

static Id tell_group(const Telling *telling, size_t site, size_t department, int kind,
                     const char *name)
{
    Record record = record_of(KIND_GROUP);
    char full[PLACE_NAME_MAX];
    snprintf(full, sizeof full, "风电场%zu%s", site + 1, name);
    record_set_text(&record, GROUP_NAME, text_from_z(full));
    record_set_ref(&record, GROUP_UNIT, telling->departments[department]);
    record_set_int(&record, GROUP_KIND, kind);
    if (kind == GROUP_KIND_IS_PARTY) record_set_int(&record, GROUP_FORM, FORM_IS_GROUP);
    return tell(telling, &record);
}

static void tell_station(const Telling *telling, Id group, Id project, DayRange days)
{
    Record record = record_of(KIND_STATION);
    record_set_ref(&record, STATION_GROUP, group);
    record_set_ref(&record, STATION_PROJECT, project);
    set_days(&record, STATION_FROM, STATION_TO, days);
    tell(telling, &record);
}

static void tell_groups(Telling *telling, size_t number)
{
    const Site site = population_site(telling->population, number);
    const SiteMembers *members = &telling->members[number];
    SiteIds *ids = &telling->sites[number];
    const DayRange here = {site.active.first, DAY_OPEN};
    if (members->members >= 3 && members->formal >= 1) {
        ids->party = tell_group(telling, number, site.department, GROUP_KIND_IS_PARTY, "党小组");
        tell_station(telling, ids->party, ids->projects[0],
                     (DayRange){site.active.first - GROUP_BACK_DAYS, site.active.first - 1});
        tell_station(telling, ids->party, ids->projects[1], here);
    }
    const Id workers =
        tell_group(telling, number, site.department, GROUP_KIND_IS_UNION, "工会小组");
    tell_station(telling, workers, ids->projects[1], here);
    for (size_t i = 0; i < site.crew_count; i++) {
        char name[32];
        snprintf(name, sizeof name, "第%zu班", i + 1);
        ids->crews[i] = tell_group(telling, number, site.department, GROUP_KIND_IS_CREW, name);
        tell_station(telling, ids->crews[i], ids->projects[1], here);
    }
}

static void tell_office(const Telling *telling, Id group, Id person, Day from)
{
    Record record = record_of(KIND_OFFICE);
    record_set_ref(&record, OFFICE_GROUP, group);
    record_set_ref(&record, OFFICE_PERSON, person);
    record_set_int(&record, OFFICE_POST, POST_IS_LEADER);
    record_set_int(&record, OFFICE_FROM, from);
    tell(telling, &record);
}

/* Leaders, and what joins a site without a group to its neighbour's. */
static void tell_ties(const Telling *telling, size_t number)
{
    const SiteIds *ids = &telling->sites[number];
    const SiteMembers *members = &telling->members[number];
    if (!id_is_nil(ids->party)) {
        if (number % 33 != 5) tell_office(telling, ids->party, ids->leader, members->leads_from);
        return;
    }
    if (number == 0 || id_is_nil(telling->sites[number - 1].party)) return;
    if (number % 3 == 0) {
        Record record = record_of(KIND_LIAISON);
        record_set_ref(&record, LIAISON_PROJECT, ids->projects[1]);
        record_set_ref(&record, LIAISON_PERSON, telling->sites[number - 1].leader);
        record_set_int(&record, LIAISON_FROM, telling->population->today - 90);
        tell(telling, &record);
    } else if (number % 3 == 1) {
        Record record = record_of(KIND_ATTACHMENT);
        record_set_ref(&record, ATTACHMENT_PROJECT, ids->projects[1]);
        record_set_ref(&record, ATTACHMENT_GROUP, telling->sites[number - 1].party);
        record_set_int(&record, ATTACHMENT_FROM, telling->population->today - 90);
        tell(telling, &record);
    }
}

/* ---- people ---- */

static void tell_postings(const Telling *telling, Id person, const Worker *worker)
{
    for (size_t i = worker->posting_count; i-- > 0;) { /* the oldest first, as they came about */
        const PostingFacts *posting = &worker->postings[i];
        const SiteIds *site = &telling->sites[posting->site];
        Record record = record_of(KIND_POSTING);
        record_set_ref(&record, POSTING_PERSON, person);
        record_set_ref(&record, POSTING_PROJECT, site->projects[posting->is_active ? 1 : 0]);
        set_days(&record, POSTING_FROM, POSTING_TO, posting->days);
        if (posting->is_active) record_set_ref(&record, POSTING_CREW, site->crews[posting->crew]);
        record_set_int(&record, POSTING_SOURCE, SOURCE_IS_ROSTER);
        if (posting->is_core) record_set_int(&record, POSTING_CORE, 1);
        tell(telling, &record);
    }
}

static void tell_worker(Telling *telling, size_t number)
{
    const Worker worker = population_worker(telling->population, number);
    Record record = record_of(KIND_PERSON);
    record_set_text(&record, PERSON_NAME, text_from_z(worker.name));
    record_set_ref(&record, PERSON_UNIT, telling->departments[worker.department]);
    record_set_text(&record, PERSON_STAFF_NO, text_from_z(worker.staff_no));
    record_set_int(&record, PERSON_SEX, worker.sex);
    record_set_int(&record, PERSON_BIRTH, worker.birth);
    record_set_text(&record, PERSON_TRADE, text_from_z(worker.trade));
    record_set_int(&record, PERSON_EMPLOYMENT, worker.employment);
    record_set_text(&record, PERSON_ID_NUMBER, text_from_z(worker.id_number));
    record_set_text(&record, PERSON_PHONE, text_from_z(worker.phone));
    const Id person = tell(telling, &record);
    for (size_t i = 0; i < worker.standing_count; i++) {
        Record standing = record_of(KIND_STANDING);
        record_set_ref(&standing, STANDING_PERSON, person);
        record_set_int(&standing, STANDING_STANDING, worker.standings[i].standing);
        set_days(&standing, STANDING_FROM, STANDING_TO, worker.standings[i].days);
        tell(telling, &standing);
    }
    tell_postings(telling, person, &worker);
    for (size_t i = 0; i < worker.posting_count; i++)
        if (telling->members[worker.postings[i].site].leader == number)
            telling->sites[worker.postings[i].site].leader = person;
}

void company_tell(const Population *population, FactTaker take, void *context)
{
    Telling telling = {.population = population, .take = take, .context = context};
    arena_init(&telling.arena, ARENA_BYTES_MAX);
    telling.departments = arena_array(&telling.arena, Id, population->department_count);
    telling.sites = arena_array(&telling.arena, SiteIds, population->site_count);
    telling.members = arena_array(&telling.arena, SiteMembers, population->site_count);
    if (telling.departments == NULL || telling.sites == NULL || telling.members == NULL)
        give_up("%zu sites are too many", population->site_count);
    population_count_members(population, telling.members);
    tell_units(&telling);
    for (size_t i = 0; i < population->site_count; i++)
        tell_projects(&telling, i);
    for (size_t i = 0; i < population->site_count; i++)
        tell_groups(&telling, i);
    for (size_t i = 0; i < population->person_count; i++)
        tell_worker(&telling, i);
    for (size_t i = 0; i < population->site_count; i++)
        tell_ties(&telling, i);
    arena_done(&telling.arena);
}
