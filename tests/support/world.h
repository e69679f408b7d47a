#pragma once
/*
 * world — a small world of projects and groups for the tests of the people rules.
 *
 * Built by hand, one call per fact, or at random from one seed. Everything is placed on a plain
 * where a step of `km` is about one kilometre, so that distances can be told at a glance.
 */
#include "people/coverage.h"
#include "support/prop.h"

enum { KIT_MAX = 48 };

typedef struct WorldKit {
    World world;
    Project projects[KIT_MAX];
    HeadCount heads[KIT_MAX];
    Group groups[KIT_MAX];
    Leader leaders[KIT_MAX];
    Station stations[KIT_MAX];
    Attachment attachments[KIT_MAX];
    Liaison liaisons[KIT_MAX];
    PartyStanding liaison_parties[KIT_MAX];
} WorldKit;

extern const DayRange kit_always;

void kit_init(WorldKit *kit, Day day);

/* A project of unit 1, active, `km` east of the origin; its key is 100 + its index. */
size_t kit_project(WorldKit *kit, int km, HeadCount heads);

/* A Party group of unit 1 led by a formal member of it; its key is 200 + its index. */
size_t kit_group(WorldKit *kit, int form);

void kit_station(WorldKit *kit, size_t group, size_t project);
void kit_attach(WorldKit *kit, size_t project, size_t group);
void kit_liaison(WorldKit *kit, size_t project, PartyStanding party);

/* Any world: several units, forms, stages, missing places, leaders of all sorts. */
void kit_random(WorldKit *kit, Prng *prng);
