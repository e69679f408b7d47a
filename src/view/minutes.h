#pragma once
/*
 * minutes — all that is written of one activity, as far as somebody may read it.
 *
 * An activity has what is common to all groups and, for each group, a part with what is that
 * group's own: its record, its topics, its briefing, who was expected and who came to it. A part is
 * open to those who belonged to the group or held a post in it on the activity's day, and to those
 * who oversee the group's unit. Everybody else within reach of the project learns that there is a
 * part, of which group, and nothing of what is in it.
 *
 * Who is expected is what the roll says once it was drawn up, and membership on that day before.
 *
 *   Owns     nothing: lives in the view's arena.
 *   Errors   ERR_NOT_FOUND  no such activity, or its project is out of reach
 *            ERR_LIMIT      the arena is full
 */
#include "duties/quorum.h"
#include "view/view.h"
#include "vocab/record.h"

/* Who asks: what a group keeps to itself depends on it. */
typedef struct Asker {
    Key person;             /* KEY_NONE: an account of nobody in particular */
    const Reach *oversight; /* units whose groups are open to the asker; NULL: all of them */
} Asker;

/* What was said of somebody's attendance. */
typedef struct Attended {
    Key key;
    Key person;
    Key part; /* KEY_NONE: of the common part */
    int status;
    int signature; /* 0: not signed */
    Day signed_on; /* DAY_OPEN: not signed */
    Day read_on;   /* DAY_OPEN: nothing was made up */
    Text reason;
    Text read_note;
} Attended;

typedef struct Topic {
    Key key;
    Key part; /* KEY_NONE: common */
    Text title;
    Text discussion;
    Text resolution;
    Text open;
    int ballot;
    bool is_voted;
    Vote vote;
} Topic;

typedef struct OwnPart {
    Key key;
    Group group;
    int meeting;
    bool is_open; /* to the asker; otherwise nothing but the lines above is to be shown */
    bool is_convened;
    Record record;   /* of kind part */
    RollLine *lines; /* each with the status that counts for this part */
    size_t line_count;
} OwnPart;

typedef struct Minutes {
    Key key;
    Key project;
    Id id;
    Record activity;
    Day day;
    OwnPart *parts;
    size_t part_count;
    Attended *attended;
    size_t attended_count;
    Topic *topics;
    size_t topic_count;
} Minutes;

MUST_USE ErrCode minutes_load(const View *view, const Asker *asker, Id activity,
                              Minutes *out_minutes, Err *err);

/* What is said of a person for a part, or in common for KEY_NONE; NULL when nothing is. */
const Attended *minutes_attended(const Minutes *minutes, Key person, Key part);

/* The roll of a part, for the rules. */
QuorumFacts minutes_facts(const View *view, const Minutes *minutes, const OwnPart *part);

/* Whether somebody holds a post in a group on a day, or oversees it: for what not even its members
 * read of one another. */
MUST_USE ErrCode minutes_may_lead(const View *view, const Asker *asker, const Group *group, Day day,
                                  bool *out_may, Err *err);

/* Whether a part is open to somebody: who belongs to its group, holds a post, or oversees it. */
MUST_USE ErrCode minutes_may_open(const View *view, const Asker *asker, const Group *group, Day day,
                                  bool *out_may, Err *err);
