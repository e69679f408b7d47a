#pragma once
/*
 * merge_load — what the groups of a project owe in a period, and how it becomes the fewest
 * activities: from the store to the rules of merging.
 *
 *   Owns     nothing: all lives in the arena given.
 *   Errors   ERR_LIMIT  the groups owe more than fits one proposal
 */
#include "duties/merge.h"
#include "seal/hash.h"
#include "view/duty_load.h"

typedef struct MergeProposal {
    GroupCards groups; /* in the order of the facts' groups */
    MergeFacts facts;
    MergePlan plan;
    Digest digest; /* of what is owed and proposed: another one when anything of it changes */
} MergeProposal;

typedef struct MergeAsk {
    Key project;
    DayRange within;
    Day today;
    int utc_offset_minutes;
} MergeAsk;

MUST_USE ErrCode merge_propose(Source from, const Pack *pack, const MergeAsk *ask,
                               MergeProposal *out_proposal, Err *err);

/* "主题党日＋工会小组会": each kind of meeting of an activity once. */
MUST_USE ErrCode merge_title(const MergeActivity *activity, Arena *arena, Text *out_title,
                             Err *err);
