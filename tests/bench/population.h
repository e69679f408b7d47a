#pragma once
/*
 * population — a company of any size, made from a seed: who works for it, where, and since when.
 *
 * Each value is a hash of (seed, kind, number, field), so person 7 is the same in a company of a
 * thousand and of a million, whatever the order in which they are asked for. A site is a place
 * where one project follows another: the finished one, then the one that is active today. Whoever
 * is hired belongs to a home site and is sent to it or to one of those before it, which never
 * depends on how many there are behind.
 *
 * Names come from small tables of our own; area 999999 of the identity numbers is allotted to
 * nobody, and phones 1990000xxxx are in no use.
 *
 *   Invariants  (1) no two people share an identity number or a staff number;
 *               (2) a posting lies within the days of its project, and at most one of a person is
 *                   open
 *   Owns        nothing: everything is a value. A Population of a million is a few numbers.
 *   Threads     any.
 *   Bounds      PERSON_NUMBER_MAX people
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"

#define PERSON_NUMBER_MAX    14000000
#define PEOPLE_PER_SITE      150 /* on the books for each active project */
#define SITES_PER_DEPARTMENT 25
#define DEPARTMENTS_PER_FIRM 10
#define WORKER_POSTINGS_MAX  3
#define WORKER_STANDINGS_MAX 3
#define SITE_CREWS_MAX       12
#define PLACE_NAME_MAX       96

typedef struct Population {
    uint64_t seed;
    size_t person_count;
    size_t site_count;
    size_t department_count;
    size_t firm_count; /* under one group; departments are under firms */
    Day today;         /* the day on which the active projects are active */
} Population;

Population population_of(size_t person_count);

/* The day after which nothing has happened yet: 2026-06-30. */
Day population_today(void);

typedef struct Site {
    size_t department;
    int32_t lat; /* millionths of a degree */
    int32_t lon;
    DayRange finished; /* the project before */
    DayRange active;
    size_t crew_count;
    bool has_few_members; /* one site in twenty: Party members are hardly ever sent there */
} Site;

Site population_site(const Population *population, size_t number);

/* A project is a site and which of its two it is: 2 * site, and one more for the active. */
size_t project_number(size_t site, bool is_active);

typedef struct PostingFacts {
    size_t site;
    bool is_active; /* the active project of the site, or the finished one */
    size_t crew;    /* of the site's */
    DayRange days;  /* the last may be DAY_OPEN */
    bool is_core;
} PostingFacts;

typedef struct StandingFacts {
    int standing; /* STANDING_IS_… */
    DayRange days;
} StandingFacts;

typedef struct Worker {
    char name[16];
    char id_number[19];
    char phone[12];
    char staff_no[12];
    const char *trade;
    int sex;        /* SEX_IS_… */
    int employment; /* EMPLOYMENT_IS_… */
    Day birth;
    size_t department;
    StandingFacts standings[WORKER_STANDINGS_MAX];
    size_t standing_count;
    PostingFacts postings[WORKER_POSTINGS_MAX]; /* the latest first */
    size_t posting_count;
} Worker;

Worker population_worker(const Population *population, size_t number);

/* Who belongs where on population->today, counted over everybody: what groups are made from. */
typedef struct SiteMembers {
    uint32_t people;
    uint32_t members; /* of the Party */
    uint32_t formal;
    size_t leader; /* the formal member of the lowest number; SIZE_MAX: there is none */
    Day leads_from;
} SiteMembers;

/* `out` has room for site_count. */
void population_count_members(const Population *population, SiteMembers *out);

/* Names; each returns `out`. */
const char *firm_name(size_t number, char out[PLACE_NAME_MAX]);
const char *department_name(size_t number, char out[PLACE_NAME_MAX]);
const char *project_name(size_t site, bool is_active, char out[PLACE_NAME_MAX]);
const char *project_code(size_t site, bool is_active, char out[PLACE_NAME_MAX]);
