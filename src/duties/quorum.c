#include "duties/quorum.h"

#include <assert.h>

/* Where a rule about quorum and majority has its numbers. */
typedef struct QuorumRule {
    RuleCode rule;
    int meeting; /* 0: any */
    int matter;  /* 0: any */
    ParameterCode present_part;
    ParameterCode present_whole;
    ParameterCode present_more;
    ParameterCode pass_part;
    ParameterCode pass_whole;
    ParameterCode pass_more;
    ParameterCode of_expected;
    ParameterCode written;
} QuorumRule;

enum { MEETING_IS_NONE = 0, MATTER_IS_NONE = 0 };

static const QuorumRule quorums[] = {
#define QUORUM(NAME, name, MEETING, MATTER, part, whole, more, by_letter, what) \
    {RULE_##NAME,                                                               \
     MEETING_IS_##MEETING,                                                      \
     MATTER_IS_##MATTER,                                                        \
     PARAMETER_##NAME##_PRESENT_PART,                                           \
     PARAMETER_##NAME##_PRESENT_WHOLE,                                          \
     PARAMETER_##NAME##_PRESENT_MORE,                                           \
     PARAMETER_##NAME##_PASS_PART,                                              \
     PARAMETER_##NAME##_PASS_WHOLE,                                             \
     PARAMETER_##NAME##_PASS_MORE,                                              \
     PARAMETER_##NAME##_OF_EXPECTED,                                            \
     PARAMETER_##NAME##_WRITTEN},
#include "vocab/pack.def"
};

int quorum_share(int of, int part, int whole, bool is_more)
{
    assert(of >= 0 && part > 0 && whole > 0);
    return is_more ? of * part / whole + 1 : (of * part + whole - 1) / whole;
}

/* A Party group discusses; only a branch decides. */
static bool is_branch(const QuorumFacts *facts)
{
    return facts->group_kind == GROUP_KIND_IS_PARTY && facts->form > FORM_IS_GROUP;
}

/* The rule of the matter comes before that of the meeting; NULL where the pack has neither. */
static const QuorumRule *find_rule(const QuorumFacts *facts, int matter, const Rule **out_version)
{
    const QuorumRule *found = NULL;
    if (!is_branch(facts)) return NULL;
    for (size_t i = 0; i < sizeof quorums / sizeof quorums[0]; i++) {
        const QuorumRule *rule = &quorums[i];
        const bool is_of_matter = rule->matter != 0 && rule->matter == matter;
        const bool is_of_meeting = rule->meeting != 0 && rule->meeting == facts->meeting;
        const Rule *version = pack_rule(facts->pack, rule->rule, facts->day);
        if (version == NULL || (!is_of_matter && !is_of_meeting)) continue;
        if (found != NULL && !is_of_matter) continue;
        found = rule;
        *out_version = version;
    }
    return found;
}

/* ---- Who is expected ---- */

static bool is_matter_open(const QuorumFacts *facts, int matter)
{
    ParameterCode which = PARAMETER_NOT_COUNTED_OTHERS;
    if (matter == MATTER_IS_ELECTION) which = PARAMETER_NOT_COUNTED_ELECTIONS;
    if (matter == MATTER_IS_ADMISSION) which = PARAMETER_NOT_COUNTED_ADMISSIONS;
    return pack_rule(facts->pack, RULE_NOT_COUNTED, facts->day) != NULL &&
           pack_bool(facts->pack, which, facts->day);
}

/* Half a year "or more": whoever left on the day six months ago is away for long enough. */
static bool is_long_away(const QuorumFacts *facts, const RollLine *line)
{
    if (line->excluded != EXCLUSION_IS_AWAY && line->excluded != EXCLUSION_IS_ABROAD) return true;
    const int months = (int)pack_int(facts->pack, PARAMETER_NOT_COUNTED_MONTHS_MIN, facts->day);
    return line->away_from != DAY_OPEN && day_add_months(line->away_from, months) <= facts->day;
}

static bool is_counted(const QuorumFacts *facts, const RollLine *line, int matter, Tally *tally)
{
    if (line->excluded == 0 || !is_matter_open(facts, matter)) return true;
    const bool is_approved =
        line->is_approved || !pack_bool(facts->pack, PARAMETER_NOT_COUNTED_APPROVAL, facts->day);
    if (!is_long_away(facts, line))
        tally->away_too_short++;
    else if (!is_approved)
        tally->not_approved++;
    else
        return false;
    return true;
}

static bool is_voting(const QuorumFacts *facts, const RollLine *line)
{
    return facts->group_kind != GROUP_KIND_IS_PARTY || line->is_formal ||
           !pack_bool(facts->pack, PARAMETER_VOTERS_FORMAL, facts->day);
}

static void count_line(const QuorumFacts *facts, const RollLine *line, Tally *tally)
{
    const bool is_online = line->status == ATTENDANCE_IS_ONLINE;
    const bool is_there = line->status == ATTENDANCE_IS_PRESENT || is_online;
    tally->expected++;
    tally->there += is_there;
    tally->online += is_online;
    tally->on_leave += line->status == ATTENDANCE_IS_LEAVE;
    tally->absent += line->status == ATTENDANCE_IS_ABSENT;
    tally->silent += line->status == ATTENDANCE_IS_EXPECTED;
    if (!is_voting(facts, line)) return;
    tally->voting++;
    tally->voting_there += is_there;
}

Tally quorum_tally(const QuorumFacts *facts, int matter)
{
    Tally tally = {0};
    assert(facts != NULL && facts->pack != NULL);
    for (size_t i = 0; i < facts->line_count; i++) {
        const RollLine *line = &facts->lines[i];
        if (line->status == ATTENDANCE_IS_OBSERVER) continue;
        if (is_counted(facts, line, matter, &tally))
            count_line(facts, line, &tally);
        else
            tally.not_counted++;
    }
    assert(tally.there <= tally.expected && tally.voting_there <= tally.voting);
    return tally;
}

/* ---- Whether it could be decided ---- */

static void tell(ReasonList *why, ReasonCode code, RuleCode rule, int have, int need)
{
    reasons_add(why, (Reason){.code = code, .rule = rule, .have = have, .need = need});
}

static void tell_roll(const QuorumFacts *facts, const Tally *tally, ReasonList *why)
{
    const int months = (int)pack_int(facts->pack, PARAMETER_NOT_COUNTED_MONTHS_MIN, facts->day);
    const bool is_party = facts->group_kind == GROUP_KIND_IS_PARTY;
    if (is_party)
        tell(why, REASON_ROLL_DRAWN_UP, RULE_VOTERS, tally->expected, tally->voting);
    else
        tell(why, REASON_EXPECTED, RULE_NONE, tally->expected, 0);
    if (tally->not_counted > 0)
        tell(why, REASON_NOT_COUNTED, RULE_NOT_COUNTED, tally->not_counted, months);
    if (tally->away_too_short > 0)
        tell(why, REASON_AWAY_TOO_SHORT, RULE_NOT_COUNTED, tally->away_too_short, months);
    if (tally->not_approved > 0)
        tell(why, REASON_AWAY_NOT_APPROVED, RULE_NOT_COUNTED, tally->not_approved, 0);
}

Verdict quorum_judge(const QuorumFacts *facts, int matter, ReasonList *why)
{
    const Rule *version = NULL;
    Verdict verdict = {.tally = quorum_tally(facts, matter)};
    const Tally *tally = &verdict.tally;
    const QuorumRule *rule = find_rule(facts, matter, &version);
    tell_roll(facts, tally, why);
    if (rule == NULL) {
        tell(why, REASON_NO_QUORUM_RULE, RULE_NONE, 0, 0);
        return verdict;
    }
    verdict.rule = rule->rule;
    verdict.needed = quorum_share(tally->voting, (int)version->values[rule->present_part],
                                  (int)version->values[rule->present_whole],
                                  version->values[rule->present_more] != 0);
    /* Nobody decides nothing. */
    verdict.is_reached = tally->voting_there > 0 && tally->voting_there >= verdict.needed;
    tell(why, verdict.is_reached ? REASON_QUORUM_REACHED : REASON_QUORUM_MISSED, rule->rule,
         tally->voting_there, verdict.needed);
    return verdict;
}

/* ---- Votes ---- */

/* A temporary branch generally admits nobody, punishes nobody, elects nobody and takes no dues. */
static void check_form(const QuorumFacts *facts, int matter, ReasonList *why)
{
    static const int matters[] = {MATTER_IS_ADMISSION, MATTER_IS_DISCIPLINE, MATTER_IS_ELECTION,
                                  MATTER_IS_DUES};
    if (!is_branch(facts) || facts->form != FORM_IS_TEMPORARY_BRANCH) return;
    for (size_t i = 0; i < sizeof matters / sizeof matters[0]; i++)
        if (matters[i] == matter) tell(why, REASON_TEMPORARY_MAY_NOT, RULE_TEMPORARY_BRANCH, 0, 0);
}

static void check_count(const Vote *vote, const Tally *tally, ReasonList *why)
{
    const int cast = vote->in_favour + vote->against + vote->abstained;
    if (cast > tally->voting_there)
        tell(why, REASON_VOTES_TOO_MANY, RULE_NONE, cast, tally->voting_there);
    if (vote->written > tally->voting - tally->voting_there)
        tell(why, REASON_VOTES_TOO_MANY, RULE_NONE, vote->written,
             tally->voting - tally->voting_there);
}

VoteState vote_judge(const QuorumFacts *facts, const Vote *vote, ReasonList *why)
{
    const Rule *version = NULL;
    const Verdict verdict = quorum_judge(facts, vote->matter, why);
    check_form(facts, vote->matter, why);
    check_count(vote, &verdict.tally, why);
    if (verdict.rule == RULE_NONE) {
        if (facts->group_kind == GROUP_KIND_IS_PARTY && !is_branch(facts))
            tell(why, REASON_OPINION_ONLY, RULE_NONE, 0, 0);
        return VOTE_NOT_JUDGED;
    }
    const QuorumRule *rule = find_rule(facts, vote->matter, &version);
    const bool is_written = version->values[rule->written] != 0;
    const bool is_of_expected = version->values[rule->of_expected] != 0;
    const int in_favour = vote->in_favour + (is_written ? vote->written : 0);
    const int needed =
        quorum_share(is_of_expected ? verdict.tally.voting : verdict.tally.voting_there,
                     (int)version->values[rule->pass_part], (int)version->values[rule->pass_whole],
                     version->values[rule->pass_more] != 0);
    const bool is_enough = in_favour > 0 && in_favour >= needed;
    if (is_written && vote->written > 0)
        tell(why, REASON_WRITTEN_COUNTED, rule->rule, vote->written, 0);
    tell(why, is_enough ? REASON_VOTE_PASSED : REASON_VOTE_FAILED, rule->rule, in_favour, needed);
    return is_enough && verdict.is_reached ? VOTE_PASSED : VOTE_FAILED;
}

const char *vote_state_name(VoteState state)
{
    static const char *const names[VOTE_STATE_COUNT] = {
        [VOTE_NOT_JUDGED] = "not_judged", [VOTE_PASSED] = "passed", [VOTE_FAILED] = "failed"};
    assert(state < VOTE_STATE_COUNT);
    return names[state];
}
