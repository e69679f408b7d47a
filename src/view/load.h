#pragma once
/*
 * load — the facts of one thing, from the store into the plain values that the rules are given.
 *
 *   Owns     nothing: arrays and texts live in the arena given.
 *   Errors   ERR_NOT_FOUND  there is no such row, or it was voided
 *            ERR_LIMIT      the arena is full
 */
#include "base/list.h"
#include "base/map.h"
#include "people/absorb.h"
#include "store/query.h"

/* Everything but the arena that a load needs to know. */
typedef struct Source {
    Store *store;
    int64_t shard;
    Arena *arena;
} Source;

typedef struct Postings {
    Posting *items;
    size_t count;
} Postings;

typedef struct Standings {
    Standing *items;
    size_t count;
} Standings;

typedef struct Stations {
    Station *items;
    size_t count;
} Stations;

typedef struct Offices {
    Office *items;
    size_t count;
} Offices;

typedef struct Exceptions {
    Exception *items;
    size_t count;
} Exceptions;

typedef struct Attachments {
    Attachment *items;
    size_t count;
} Attachments;

typedef struct Liaisons {
    Liaison *items;
    size_t count;
} Liaisons;

typedef struct StayList {
    Stay *items;
    Key *persons; /* of each stay */
    size_t count;
} StayList;

/* A project or group with the texts that are only shown, never judged by. */
typedef struct ProjectCard {
    Project facts;
    Text code;
    Text place;
} ProjectCard;

typedef struct GroupCard {
    Group facts;
    Key home;
} GroupCard;

typedef struct PersonCard {
    Key key;
    Key unit;
    Text name;
    Text staff_no;
    Text trade;
    int sex;
    int employment;
    Day birth; /* DAY_OPEN when not known */
} PersonCard;

/* From a row of the queries PROJECT_LOAD and PROJECTS, GROUP_LOAD and GROUPS. */
MUST_USE ErrCode project_of_row(const Query *query, Arena *arena, ProjectCard *out_card, Err *err);
MUST_USE ErrCode group_of_row(const Query *query, Arena *arena, GroupCard *out_card, Err *err);

/* From a row of the queries POSTING_LOAD and POSTINGS_OF_PERSON. */
Posting posting_of_row(const Query *query);

MUST_USE ErrCode load_project(Source from, Key project, ProjectCard *out_card, Err *err);
MUST_USE ErrCode load_group(Source from, Key group, GroupCard *out_card, Err *err);
MUST_USE ErrCode load_person(Source from, Key person, PersonCard *out_card, Err *err);
MUST_USE ErrCode load_unit_name(Source from, Key unit, Text *out_name, Err *err);
MUST_USE ErrCode load_home_name(Source from, Key home, Text *out_name, Err *err);

MUST_USE ErrCode load_postings_of_person(Source from, Key person, Postings *out, Err *err);
MUST_USE ErrCode load_standings(Source from, Key person, Standings *out, Err *err);
MUST_USE ErrCode load_stays_of_person(Source from, Key person, StayList *out, Err *err);
MUST_USE ErrCode load_stays_at(Source from, Key project, Day day, StayList *out, Err *err);
MUST_USE ErrCode load_stations_of_group(Source from, Key group, Stations *out, Err *err);
MUST_USE ErrCode load_stations_at(Source from, Key project, Stations *out, Err *err);
MUST_USE ErrCode load_offices(Source from, Key group, Offices *out, Err *err);
MUST_USE ErrCode load_exceptions_of_group(Source from, Key group, Exceptions *out, Err *err);
MUST_USE ErrCode load_exceptions_of_person(Source from, Key person, Exceptions *out, Err *err);
MUST_USE ErrCode load_attachments_of_project(Source from, Key project, Attachments *out, Err *err);
MUST_USE ErrCode load_attachments_of_group(Source from, Key group, Attachments *out, Err *err);

/* All of a kind in this shard, in the order the rules want them. */
MUST_USE ErrCode load_all_stations(Source from, Stations *out, Err *err);
MUST_USE ErrCode load_all_offices(Source from, Offices *out, Err *err);
MUST_USE ErrCode load_all_attachments(Source from, Attachments *out, Err *err);
MUST_USE ErrCode load_party_exceptions(Source from, Exceptions *out, Err *err);
MUST_USE ErrCode load_all_liaisons(Source from, Liaisons *out, Err *err);
