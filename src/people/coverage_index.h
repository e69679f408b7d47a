#pragma once
/*
 * coverage_index — who stands where on one day, and which groups in order are near a place.
 *
 * The inside of coverage.h, shared by what decides (coverage), explains (coverage_why) and
 * proposes (gaps). A group in order at a project is a host: others may be attached to it.
 *
 *   Invariants  (1) hosts are sorted by unit, then from south to north;
 *               (2) lists by project are in the order of their keys.
 *   Owns        nothing: in the arena of coverage_index_new().
 */
#include "base/map.h"
#include "people/coverage.h"

/* A Party group at a project that has to do with it: by a station or by an attachment. */
typedef struct Tie {
    size_t group; /* index into the world's groups */
    size_t fact;  /* index into its stations, attachments or liaisons */
} Tie;

/* Ties sorted by project: those of project i are items[first[i]] .. items[first[i + 1] - 1]. */
typedef struct Ties {
    Tie *items;
    size_t *first;
} Ties;

typedef struct HostGroup {
    Key unit; /* KEY_NONE for all where units do not matter */
    Place place;
    Key group_key;
    Key project_key;
    size_t group;
    size_t project;
} HostGroup;

struct CoverageIndex {
    const World *world;
    CoverageRules rules;
    Map projects; /* key -> index */
    Map groups;
    Ties stations;
    Ties attachments;
    Ties liaisons;
    HeadCount *group_heads;  /* summed over the projects a group is stationed at */
    int32_t *group_stations; /* how many active projects those are */
    bool *group_in_order;    /* at one of its projects at least */
    size_t *group_host;      /* that project with the smallest key */
    Place *places;           /* of projects that have one */
    HostGroup *hosts;        /* those with a place */
    size_t host_count;
};

/* The index of a world that differs from that of `from` in the heads of these projects alone. It
 * shares with `from` all that stays the same, so `from` must outlive it. Finds nothing when a group
 * comes into order or falls out of it, or heads of several projects are summed: then others are
 * concerned, and it is to be made anew. */
MUST_USE ErrCode coverage_index_revise(const CoverageIndex *from, const World *world,
                                       const size_t *projects, size_t project_count, Arena *arena,
                                       const CoverageIndex **out_index, Err *err);

/* What is missing for this group, at a project with these heads, to be in order; 0 for nothing. */
ReasonSet group_shortfall(const CoverageIndex *index, size_t group, HeadCount heads,
                          const Leader *leader);

/* What is missing in heads alone for a group of one's own. */
ReasonSet heads_shortfall(const CoverageRules *rules, HeadCount heads);

/* Why a project needs no organisation on this day; 0 when it does. */
ReasonSet inactive_reason(const CoverageRules *rules, const Project *project, Day day);

/* The nearest host to a project, not at that project itself; NULL when there is none in reach
 * (farther than `metres_max` counts as none). */
const HostGroup *nearest_host(const CoverageIndex *index, size_t project, int64_t metres_max,
                              int64_t *out_metres);

/* Metres between two projects; PLACE_DISTANCE_NO when one has no place. */
int64_t project_distance_m(const CoverageIndex *index, size_t a, size_t b);

int32_t party_members(HeadCount heads);
