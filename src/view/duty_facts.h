#pragma once
/*
 * duty_facts — what the obligations of all groups follow from, in memory: for any day.
 *
 * In two pieces, because they change differently. Sites are projects, groups and stations: they
 * change seldom, are read all again then, and never change once they are made, so days worked out
 * from them can share them. What groups held, plan and were let off changes with every activity,
 * and is read again for the groups that were touched.
 *
 *   Owns     everything in their arenas. What a group held before it was read again stays until
 *            all is.
 *   Threads  sites: any, once made. What groups held: one at a time.
 */
#include "view/duty_load.h"

/* A group at a project for a time; by project, then group, then first day. */
typedef struct SiteStay {
    size_t group;
    DayRange days;
} SiteStay;

typedef struct DutySites {
    Arena arena;
    int uses;
    Project *projects;
    Text *codes; /* of each project */
    size_t project_count;
    Group *groups;
    size_t group_count;
    Map group_at;       /* key -> place */
    DayRange *there;    /* when groups stand anywhere; of all, one group behind the other */
    size_t *there_ends; /* of each group */
    SiteStay *stays;    /* of all projects */
    size_t *stay_ends;  /* of each project */
    Calendar calendar;
} DutySites;

MUST_USE ErrCode duty_sites_load(Store *store, int64_t shard, DutySites **out_sites, Err *err);
void duty_sites_release(DutySites **sites); /* the last use frees it */

typedef struct Held {
    const Part *parts; /* settled */
    size_t part_count;
    const Waiver *waivers;
    size_t waiver_count;
} Held;

typedef struct DutyHeld {
    Arena arena;
    Map at; /* key of a group -> place in items */
    Held *items;
    size_t count;
    size_t part_count; /* of all, and of what was read again */
    size_t stale_count;
} DutyHeld;

MUST_USE ErrCode duty_held_load(Store *store, int64_t shard, int utc_offset_minutes,
                                DutyHeld **out_held, Err *err);
void duty_held_close(DutyHeld **held);

/* Reads what one group held again. */
MUST_USE ErrCode duty_held_refresh(DutyHeld *held, Store *store, int64_t shard,
                                   int utc_offset_minutes, const Group *group, Err *err);

/* More has become stale than there is: time to read all again. */
bool duty_held_is_stale(const DutyHeld *held);

/* What the rules are told about a group. */
DutyFacts duty_facts_of(const DutySites *sites, const DutyHeld *held, const Pack *pack,
                        size_t group);
