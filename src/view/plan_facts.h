#pragma once
/*
 * plan_facts — the programme of a project as the rules of `plan` want it, from the store and the
 * journal: lines, what they became, risks, and every version of the phases they hang on.
 *
 *   Owns     nothing: lies in the arena of `from`.
 *   Errors   ERR_LIMIT    the arena is full, or SCHEDULE_VERSIONS_MAX
 *            ERR_CORRUPT  an entry about a phase does not verify
 */
#include "plan/gate.h"
#include "plan/programme.h"
#include "view/load.h"

/* What is only shown of a line, never judged by. */
typedef struct PlanCard {
    Id id;
    Text title;
    int meeting;                         /* MEETING_IS_...; 0: something to do, not an activity */
    bool is_for[GROUP_KIND_IS_CREW + 1]; /* by GROUP_KIND_IS_... */
    int focus;
    int grip;
    Key template_line;
    Text note; /* of what it became */
} PlanCard;

/* Who wrote a version of a phase. */
typedef struct PhaseEntry {
    uint64_t stamp;
    Key fact;
    Id entry;
    Id actor; /* nil: somebody at the machine itself */
} PhaseEntry;

typedef struct PlanKit {
    PlanFacts facts;
    Calendar calendar;
    PlanCard *cards; /* of each line */
    PhaseEntry *entries;
    size_t entry_count;
} PlanKit;

/* Where from, by whose rules and whose days. */
typedef struct PlanSource {
    Source from;
    const Pack *pack;
    int utc_offset_minutes;
} PlanSource;

MUST_USE ErrCode plan_facts_load(const PlanSource *source, Key project, PlanKit *out_kit, Err *err);

/* The same without the journal: today's schedule alone, so that nothing has moved. */
MUST_USE ErrCode plan_facts_load_now(const PlanSource *source, Key project,
                                     const Calendar *calendar, PlanKit *out_kit, Err *err);

/* Who wrote that version of the schedule. */
const PhaseEntry *plan_entry_of(const PlanKit *kit, size_t version);

/* What gives the project an organisation on that day or from a later one on. */
MUST_USE ErrCode plan_load_gate(Source from, const Pack *pack, Key project, Day day,
                                GateFacts *out_facts, Err *err);
