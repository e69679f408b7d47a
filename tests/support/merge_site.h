#pragma once
/*
 * merge_site — a site whose groups owe what a pack says, for tests of merging: words for a pack,
 * groups, what is planned, and the plan that comes of it.
 *
 *   Owns     what merge_site() took: arena_done(&site.arena).
 */
#include "duties/merge.h"

#define PLANNED_MAX 3

#define HEAD "pack p\ntitle.zh = 包\ntitle.en = Pack\nversion = 1\n"
#define RULE_OF(name, rest)                                               \
    "[rule " name "]\ntitle.zh = 则\ntitle.en = rule\nsource = 出处\n" \
    "valid_from = 2000-01-01\nhardness = generally\n" rest
#define THREE_GROUPS                   \
    RULE_OF("party-group-meeting", "") \
    RULE_OF("theme-day", "") RULE_OF("union-meeting", "") RULE_OF("safety-day", "")

/* A site whose groups owe what a pack says. */
typedef struct MergeSite {
    Arena arena;
    const Pack *pack;
    Calendar calendar;
    MergeGroup groups[4];
    DayRange here[4];
    size_t count;
    MergePlanned planned[PLANNED_MAX];
    MergePart parts[PLANNED_MAX][3];
    size_t planned_count;
    DayRange within;
    Day today;
    MergePlan plan;
} MergeSite;

Day merge_day(const char *text);
DayRange merge_days(const char *first, const char *last); /* `last` NULL: open */

/* `text` NULL: the default of every rule. The period is a year or a month. */
void merge_site(MergeSite *site, const char *text, const char *period, const char *today);
void merge_group(MergeSite *site, int kind, int form, DayRange there);

/* An activity that is planned, later than those before it; its parts are added to it. */
void merge_planned(MergeSite *site, Day day);
void merge_part(MergeSite *site, size_t group, int meeting);

void merge_try(MergeSite *site);

/* All that is owed is in the plan, fulfilled within its days, once, and as the rules have it. */
void merge_check(const MergeSite *site);
