#pragma once
/*
 * quorum — whether a meeting could decide, and whether a vote was carried, and why.
 *
 * Counted is from who was expected, as the roll has them, and never from who happened to come: a
 * vote passes with more than half of the voting members expected. How many must be there, and of
 * whom the majority is taken, the rule pack says for each kind of meeting; an election or an
 * admission has a rule of its own whatever the meeting. Where no rule speaks, nothing is judged.
 *
 *   voting    formal Party members in a Party meeting; in any other, whoever is expected
 *   expected  all on the roll, but for those whom a rule and an approval take out of the count:
 *             somebody away for half a year or more, gravely ill, abroad, in prison, or unable
 *   there     present or online; an observer is there without being expected, and never counts
 *
 *   Owns     nothing: values; reasons go to the list given.
 *   Threads  any.
 *   Bounds   the caller's roll
 *   Source   Regulations on the Work of Party Branches (trial), 2018; election and admission rules
 *            as the pack names them. Sources differ exactly at one half: a parameter.
 */
#include "people/reason.h"

/* Somebody on the roll of one group, and what is known of their attendance. */
typedef struct RollLine {
    Key person;
    bool is_formal; /* a formal Party member on that day */
    int status;     /* ATTENDANCE_IS_...; EXPECTED while nothing else is said */
    int excluded;   /* EXCLUSION_IS_...; 0: counted */
    Day away_from;  /* DAY_OPEN when it is not known */
    bool is_approved;
} RollLine;

/* One group's part of an activity, for the rules. */
typedef struct QuorumFacts {
    const Pack *pack;
    int group_kind; /* GROUP_KIND_IS_... */
    int form;       /* FORM_IS_...; 0 counts as a group */
    int meeting;    /* MEETING_IS_... */
    Day day;
    const RollLine *lines;
    size_t line_count;
} QuorumFacts;

/* How many of the roll. Those not counted stand in `not_counted` alone. */
typedef struct Tally {
    int expected;
    int there;  /* present or online */
    int online; /* among those there */
    int on_leave;
    int absent;
    int silent; /* nothing is known yet */
    int voting; /* of those expected */
    int voting_there;
    int not_counted;
    int away_too_short; /* to be taken out, but not away for long enough: counted */
    int not_approved;   /* to be taken out, but nobody approved it: counted */
} Tally;

/* Who counts as expected depends on the matter: MATTER_IS_..., or 0 for the meeting as such. */
Tally quorum_tally(const QuorumFacts *facts, int matter);

typedef struct Verdict {
    RuleCode rule; /* RULE_NONE: nothing asks for a quorum or majority, and nothing is judged */
    bool is_reached;
    int needed; /* voting members who must be there */
    Tally tally;
} Verdict;

/* Whether so many were there that the matter can be decided. Reasons are added to `why`. */
Verdict quorum_judge(const QuorumFacts *facts, int matter, ReasonList *why);

/* A vote as it was counted. */
typedef struct Vote {
    int matter;
    int in_favour; /* of those there */
    int against;
    int abstained;
    int written; /* in favour, in writing, of members who were absent */
} Vote;

typedef enum VoteState {
    VOTE_NOT_JUDGED, /* no rule speaks of it, or the group only has an opinion */
    VOTE_PASSED,
    VOTE_FAILED, /* not enough in favour, or not enough there to decide */
    VOTE_STATE_COUNT
} VoteState;

VoteState vote_judge(const QuorumFacts *facts, const Vote *vote, ReasonList *why);

/* "not_judged", "passed", "failed" */
const char *vote_state_name(VoteState state);

/* The least count that is so many of a whole: half or more of 5 is 3, more than half of 4 is 3. */
int quorum_share(int of, int part, int whole, bool is_more);
