#pragma once
/*
 * merge — from what the groups of a site still owe, the fewest new activities that fulfil all of it
 * (共性合并 特性独立).
 *
 * Each meeting still wanted is a need: a group, a kind of meeting, and the days on which it counts.
 * An activity takes place on one day and is, for each of its groups, one or more needs. It is a new
 * one, or one that is planned already and which a need joins: that costs no activity. Rules of the
 * pack say which needs go together, with one another and with the parts of what they join:
 *
 *   common       it may be one activity with meetings of other groups
 *   in sequence  it may share a sitting with another meeting of the same group, one after the other
 *   minutes      what one group sits in an activity is at most sitting_minutes_max
 *
 * A need that is not common takes place among its own group alone. No group holds an activity as
 * the same kind of meeting twice. What is planned for today is joined only by what ends today:
 * others are given notice. Talks before the shift stay activities of their own, daily.
 *
 * Fewest: let d be the earliest of the last days of all needs. Some activity fulfils that need, on
 * d or before; whatever else is in new activities up to d may as well be on d, since nothing ends
 * earlier. So one new activity is on d, unless a planned one up to d takes the need, and those are
 * filled first, by day. Of several needs of one group and meeting either takes the one that ends
 * first: the others can stand wherever that one stood, which is not before. What remains to be
 * tried is which kinds of meeting of each group it takes, and only sets to which nothing can be
 * added (what joins a planned activity makes the rest fewer, never more). That is searched with a
 * lower bound: the same needs where kinds of meeting of a group do not get in each other's way.
 * With the default pack the first try meets the bound. The search ends in bounded time; where it
 * could not prove that fewer will not do, the best found is proposed and is_fewest is false.
 *
 * Which of its days an activity is on changes nothing of that: none of its groups has another one
 * then, where there is such a day.
 *
 *   Owns     nothing: results lie in the arena given.
 *   Threads  any.
 *   Bounds   MERGE_NEEDS_MAX, MERGE_GROUPS_MAX, MERGE_KINDS_MAX open at once for one group
 *   Errors   ERR_LIMIT  more needs or groups than that, or the arena is full
 *   Source   which meetings go together: the rules of the pack; minutes stay separate (分别记录)
 */
#include "duties/duty.h"

#define MERGE_NEEDS_MAX  4000
#define MERGE_GROUPS_MAX 64
#define MERGE_KINDS_MAX  10

/* A group that stands at the site, and what it owes. */
typedef struct MergeGroup {
    Key key;
    const DayRange *here; /* when it stands at this site: ascending, apart from one another */
    size_t here_count;
    const Obligation *owed;
    size_t owed_count;
} MergeGroup;

/* A group's part in an activity that is planned already. */
typedef struct MergePart {
    size_t group; /* of the facts; from group_count on: one that does not stand here */
    int meeting;
} MergePart;

typedef struct MergePlanned {
    Key key;
    Day day; /* today or later */
    const MergePart *parts;
    size_t part_count; /* what has none is not joined */
} MergePlanned;

typedef struct MergeFacts {
    const Pack *pack;
    const Calendar *calendar;
    const MergeGroup *groups;
    size_t group_count;
    const MergePlanned *planned; /* by day */
    size_t planned_count;
    DayRange within; /* what is overdue is made up until its end, or that of today's month */
    Day today;
} MergeFacts;

/* Why something owed is in no activity. */
typedef enum MergeLeft {
    MERGE_LEFT_NOT,
    MERGE_LEFT_ELSEWHERE, /* the group does not stand here on any day that is left */
    MERGE_LEFT_TOO_LATE   /* it is overdue and may not be made up for */
} MergeLeft;

typedef struct MergeNeed {
    size_t group; /* of the facts */
    const Obligation *obligation;
    Day makes_up;  /* a day of the period that it makes up for; DAY_OPEN: it is in time */
    DayRange days; /* on which it can take place; its ends are days that may be proposed */
    bool is_off;   /* no workday is left: only its last day, though that is one off */
    int minutes;
    bool is_common;
    bool is_in_sequence;
    MergeLeft left;
    const MergePlanned *joins; /* NULL: it is in a new activity, or left */
    size_t activity;           /* of the proposal, unless it is left */
} MergeNeed;

/* Why an activity is one meeting alone. */
typedef enum MergeApart {
    MERGE_APART_NOT,
    MERGE_APART_DAILY,  /* held every workday: its day is not chosen, and nothing is saved */
    MERGE_APART_BY_RULE /* goes together with nothing else */
} MergeApart;

typedef struct MergeActivity {
    Day day;
    DayRange days; /* on any workday of which all its needs could be fulfilled as well */
    int alone;     /* minutes of the meetings that it takes up, were each held by itself */
    int before;    /* minutes that it takes already; 0: a new one */
    int minutes;   /* of the longest that one of its groups sits */
    MergeApart apart;
    const MergePlanned *joins;     /* what its needs join; NULL: a new one */
    const MergeNeed *const *needs; /* by group */
    size_t need_count;
} MergeActivity;

typedef struct MergePlan {
    const MergeNeed *needs;
    size_t need_count;
    const MergeActivity *activities; /* by day */
    size_t activity_count;
    size_t joined;    /* of these: planned already */
    size_t daily;     /* of these: one meeting alone, daily */
    size_t fulfilled; /* needs in activities: as many activities as it would take apart */
    bool is_fewest;   /* proved: of new ones */
} MergePlan;

MUST_USE ErrCode merge_plan(const MergeFacts *facts, Arena *arena, MergePlan *out_plan, Err *err);

/* Minutes that are saved: those of all meetings held apart, less what the activities take. */
int64_t merge_saved_minutes(const MergePlan *plan);
int merge_saved_by(const MergeActivity *activity);

/* Whether these needs can all be in one activity, with parts that are in it already, whatever the
 * day: the rules of merging alone. */
bool merge_fits(const MergeNeed *const *parts, size_t part_count, const MergeNeed *const *needs,
                size_t count, int sitting_minutes_max);

const char *merge_left_name(MergeLeft left); /* "elsewhere", "too_late" */
const char *merge_left_zh(MergeLeft left);
const char *merge_left_en(MergeLeft left);

const char *merge_apart_name(MergeApart apart); /* "daily", "by_rule"; NULL for none */
const char *merge_apart_zh(MergeApart apart);
const char *merge_apart_en(MergeApart apart);
