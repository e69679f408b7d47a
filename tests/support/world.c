#include "support/world.h"

#include <assert.h>

const DayRange kit_always = {0, DAY_OPEN};

enum { KM = 9000 }; /* millionths of a degree, about one kilometre */

void kit_init(WorldKit *kit, Day day)
{
    *kit = (WorldKit){.world = {.day = day}};
    kit->world.projects = kit->projects;
    kit->world.heads = kit->heads;
    kit->world.groups = kit->groups;
    kit->world.leaders = kit->leaders;
    kit->world.stations = kit->stations;
    kit->world.attachments = kit->attachments;
    kit->world.liaisons = kit->liaisons;
    kit->world.liaison_parties = kit->liaison_parties;
}

size_t kit_project(WorldKit *kit, int km, HeadCount heads)
{
    const size_t at = kit->world.project_count++;
    assert(at < KIT_MAX);
    kit->projects[at] = (Project){.key = (Key)(100 + at),
                                  .unit = 1,
                                  .days = {kit->world.day - 10, kit->world.day + 60},
                                  .stage = STAGE_IS_ACTIVE,
                                  .lat = 33 * 1000000,
                                  .lon = 120 * 1000000 + km * 10722, /* at 33 degrees north */
                                  .has_place = true};
    kit->heads[at] = heads;
    return at;
}

size_t kit_group(WorldKit *kit, int form)
{
    const size_t at = kit->world.group_count++;
    assert(at < KIT_MAX);
    kit->groups[at] =
        (Group){.key = (Key)(200 + at), .unit = 1, .kind = GROUP_KIND_IS_PARTY, .form = form};
    kit->leaders[at] = (Leader){.office = (Key)(300 + at),
                                .person = (Key)(400 + at),
                                .party = PARTY_FORMAL,
                                .is_member = true};
    return at;
}

void kit_station(WorldKit *kit, size_t group, size_t project)
{
    const size_t at = kit->world.station_count++;
    assert(at < KIT_MAX);
    kit->stations[at] =
        (Station){(Key)(500 + at), kit->groups[group].key, kit->projects[project].key, kit_always};
}

void kit_attach(WorldKit *kit, size_t project, size_t group)
{
    const size_t at = kit->world.attachment_count++;
    assert(at < KIT_MAX);
    kit->attachments[at] = (Attachment){(Key)(600 + at), kit->projects[project].key,
                                        kit->groups[group].key, kit_always};
}

void kit_liaison(WorldKit *kit, size_t project, PartyStanding party)
{
    const size_t at = kit->world.liaison_count++;
    assert(at < KIT_MAX);
    kit->liaisons[at] =
        (Liaison){(Key)(700 + at), kit->projects[project].key, (Key)(800 + at), kit_always};
    kit->liaison_parties[at] = party;
}

static int pick(Prng *prng, int bound)
{
    return (int)prng_below(prng, (uint64_t)bound);
}

static DayRange random_days(Prng *prng, Day day)
{
    const Day first = day - 200 + pick(prng, 220);
    return (DayRange){first, pick(prng, 3) == 0 ? DAY_OPEN : first + 100 + pick(prng, 300)};
}

static void random_project(WorldKit *kit, Prng *prng)
{
    const HeadCount heads = {.formal = pick(prng, 5),
                             .probationary = pick(prng, 3),
                             .pending_party = pick(prng, 4) == 0 ? 1 : 0};
    const size_t at = kit_project(kit, 0, heads);
    Project *project = &kit->projects[at];
    kit->heads[at].people = heads.formal + heads.probationary + pick(prng, 3);
    project->unit = 1 + pick(prng, 2);
    project->days = random_days(prng, kit->world.day);
    project->stage = pick(prng, 4) != 0 ? STAGE_IS_ACTIVE : pick(prng, 6);
    project->has_place = pick(prng, 8) != 0;
    /* A coarse grid, so that equal distances happen. */
    project->lat = 33 * 1000000 + pick(prng, 8) * 15 * KM;
    project->lon = 120 * 1000000 + pick(prng, 8) * 15 * KM;
}

static void random_group(WorldKit *kit, Prng *prng)
{
    const size_t at = kit_group(kit, pick(prng, 2) == 0 ? FORM_IS_GROUP : pick(prng, 5));
    kit->groups[at].unit = 1 + pick(prng, 2);
    if (pick(prng, 10) == 0) kit->groups[at].kind = GROUP_KIND_IS_CREW;
    Leader *leader = &kit->leaders[at];
    if (pick(prng, 8) == 0) *leader = (Leader){0};
    if (pick(prng, 8) == 0) leader->party = (PartyStanding)pick(prng, 2);
    if (pick(prng, 8) == 0) leader->is_member = false;
}

void kit_random(WorldKit *kit, Prng *prng)
{
    kit_init(kit, 20000 + pick(prng, 400));
    const int projects = 1 + pick(prng, 14);
    const int groups = 1 + pick(prng, 8);
    for (int i = 0; i < projects; i++)
        random_project(kit, prng);
    for (int i = 0; i < groups; i++)
        random_group(kit, prng);
    for (int i = pick(prng, 2 * groups); i > 0; i--) {
        kit_station(kit, (size_t)pick(prng, groups), (size_t)pick(prng, projects));
        if (pick(prng, 6) == 0)
            kit->stations[kit->world.station_count - 1].days = random_days(prng, kit->world.day);
    }
    for (int i = pick(prng, 4); i > 0; i--)
        kit_attach(kit, (size_t)pick(prng, projects), (size_t)pick(prng, groups));
    for (int i = pick(prng, 4); i > 0; i--)
        kit_liaison(kit, (size_t)pick(prng, projects), (PartyStanding)pick(prng, 3));
}
