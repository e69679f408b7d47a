#include "people/coverage_why.h"

#include <assert.h>

#include "people/coverage_index.h"

typedef struct Account {
    const CoverageIndex *index;
    size_t at;
    const Project *project;
    Coverage coverage;
    ReasonList *why;
    ReasonSet told;
} Account;

static void tell(Account *account, Reason reason)
{
    if (reason.code < REASON_SETS_END_) account->told |= UINT64_C(1) << reason.code;
    reasons_add(account->why, reason);
}

/* The rule a reason of the sets comes from. */
static RuleCode rule_of(ReasonCode code)
{
    switch (code) {
    case REASON_NO_LEADER:
    case REASON_LEADER_NOT_FORMAL:
    case REASON_LEADER_NOT_MEMBER: return RULE_GROUP_LEADER;
    case REASON_TOO_FEW_FORMAL:
    case REASON_SHOULD_BE_BRANCH:
    case REASON_BRANCH_TOO_LARGE: return RULE_BRANCH;
    case REASON_SHOULD_DIVIDE: return RULE_DIVIDE;
    case REASON_JOINT_TOO_WIDE: return RULE_JOINT_BRANCH;
    case REASON_POSTING_NOT_CONFIRMED: return RULE_ABSORPTION;
    case REASON_ATTACHED_GROUP_NOT_VALID:
    case REASON_ATTACHED_GROUP_TOO_FAR: return RULE_ATTACH_NAMED;
    case REASON_NO_PLACE:
    case REASON_NO_GROUP_IN_REACH: return RULE_ATTACH_NEAR;
    case REASON_NO_LIAISON:
    case REASON_LIAISON_NOT_MEMBER:
    case REASON_LIAISON_NOT_FORMAL: return RULE_LIAISON;
    case REASON_NOT_STARTED:
    case REASON_ENDED:
    case REASON_CLOSED:
    case REASON_CANCELLED:
    case REASON_SUSPENDED_NOT_COUNTED:
    case REASON_SUSPENDED:
    case REASON_PROJECT_ACTIVE:
    case REASON_PLANNED_AHEAD: return RULE_ACTIVE_PROJECT;
    default: return RULE_OWN_GROUP;
    }
}

static RuleCode rule_of_form(int form)
{
    switch (form) {
    case FORM_IS_BRANCH: return RULE_BRANCH;
    case FORM_IS_TEMPORARY_BRANCH: return RULE_TEMPORARY_BRANCH;
    case FORM_IS_JOINT_BRANCH: return RULE_JOINT_BRANCH;
    default: return RULE_OWN_GROUP;
    }
}

/* How many groups are stationed here. */
static int64_t station_count(const Account *account)
{
    const Ties *ties = &account->index->stations;
    return (int64_t)(ties->first[account->at + 1] - ties->first[account->at]);
}

/* Puts in the numbers compared, for these heads. */
static void fill_numbers(const Account *account, HeadCount heads, Reason *reason)
{
    const CoverageRules *rules = &account->index->rules;
    reason->have = party_members(heads);
    switch (reason->code) {
    case REASON_TOO_FEW_MEMBERS: reason->need = rules->group_members_min; break;
    case REASON_SHOULD_DIVIDE: reason->need = rules->divide_members_min; break;
    case REASON_BRANCH_TOO_LARGE: reason->need = rules->branch_members_max; break;
    case REASON_NO_FORMAL_MEMBER:
        reason->have = heads.formal;
        reason->need = rules->group_formal_min;
        break;
    case REASON_TOO_FEW_FORMAL:
        reason->have = heads.formal;
        reason->need = rules->branch_formal_min;
        break;
    case REASON_SHOULD_BE_BRANCH:
        reason->have = heads.formal;
        reason->need = rules->branch_months_min;
        break;
    case REASON_POSTING_NOT_CONFIRMED: reason->have = heads.pending_party; break;
    case REASON_SEVERAL_GROUPS: reason->have = station_count(account); break;
    default: break;
    }
}

static void tell_code(Account *account, ReasonCode code)
{
    Reason reason = {
        .code = code,
        .rule = rule_of(code),
        .kind = KIND_PROJECT,
        .fact = account->project->key,
        .subject = account->project->key,
        .days = account->project->days,
    };
    fill_numbers(account, account->coverage.heads, &reason);
    tell(account, reason);
}

static void tell_leader(Account *account, const Leader *leader)
{
    if (leader->office == KEY_NONE) return;
    tell(account, (Reason){.code = REASON_LEADER_IN_OFFICE,
                           .rule = RULE_GROUP_LEADER,
                           .kind = KIND_OFFICE,
                           .fact = leader->office,
                           .subject = leader->person});
}

static int32_t formal_needed(const CoverageRules *rules, int form)
{
    return form == FORM_IS_TEMPORARY_BRANCH ? rules->temporary_formal_min
           : form == FORM_IS_JOINT_BRANCH   ? rules->joint_formal_min
                                            : rules->branch_formal_min;
}

/* One group stationed here: what it is and what it lacks. */
static void tell_station(Account *account, Tie tie)
{
    const CoverageIndex *index = account->index;
    const World *world = index->world;
    const Station *station = &world->stations[tie.fact];
    const Group *group = &world->groups[tie.group];
    const Leader *leader = &world->leaders[tie.group];
    const bool is_joint = group->form == FORM_IS_JOINT_BRANCH;
    const HeadCount heads = is_joint || index->rules.counts_all_stations
                                ? index->group_heads[tie.group]
                                : account->coverage.heads;
    tell(account, (Reason){.code = REASON_GROUP_STANDS_HERE,
                           .rule = rule_of_form(group->form),
                           .kind = KIND_STATION,
                           .fact = station->key,
                           .subject = group->key,
                           .days = station->days});
    tell_leader(account, leader);
    if (is_joint)
        tell(account, (Reason){.code = REASON_JOINT_MEMBERS_COUNTED,
                               .rule = RULE_JOINT_BRANCH,
                               .have = party_members(heads),
                               .need = heads.formal});
    ReasonCode code = REASON_NONE;
    const ReasonSet missing = group_shortfall(index, tie.group, heads, leader);
    while (reason_set_next(missing & account->coverage.reasons, &code)) {
        const bool is_leader = rule_of(code) == RULE_GROUP_LEADER && leader->office != KEY_NONE;
        Reason reason = {.code = code,
                         .rule = rule_of(code) == RULE_GROUP_LEADER ? RULE_GROUP_LEADER
                                                                    : rule_of_form(group->form),
                         .kind = is_leader ? KIND_OFFICE : KIND_STATION,
                         .fact = is_leader ? leader->office : station->key,
                         .subject = group->key};
        fill_numbers(account, heads, &reason);
        if (code == REASON_TOO_FEW_FORMAL) reason.need = formal_needed(&index->rules, group->form);
        tell(account, reason);
    }
}

/* The attachments that did not do, and the one that did. */
static void tell_attachments(Account *account)
{
    const CoverageIndex *index = account->index;
    const World *world = index->world;
    const Ties *ties = &index->attachments;
    for (size_t k = ties->first[account->at]; k < ties->first[account->at + 1]; k++) {
        const Tie tie = ties->items[k];
        const Attachment *attachment = &world->attachments[tie.fact];
        Reason reason = {.rule = RULE_ATTACH_NAMED,
                         .kind = KIND_ATTACHMENT,
                         .fact = attachment->key,
                         .subject = attachment->group,
                         .days = attachment->days};
        const size_t host = index->group_host[tie.group];
        const bool is_good = host != INDEX_NONE && host != account->at;
        if (is_good) reason.have = project_distance_m(index, account->at, host);
        const bool covers = account->coverage.state == COVERAGE_ATTACHED_NAMED &&
                            account->coverage.group == attachment->group;
        const ReasonSet reasons = account->coverage.reasons;
        if (covers)
            reason.code = REASON_ATTACHED_BY_NAME;
        else if (!is_good && (reasons & REASON_BIT(ATTACHED_GROUP_NOT_VALID)) != 0)
            reason.code = REASON_ATTACHED_GROUP_NOT_VALID;
        else if (is_good && (reasons & REASON_BIT(ATTACHED_GROUP_TOO_FAR)) != 0)
            reason.code = REASON_ATTACHED_GROUP_TOO_FAR;
        else
            continue;
        tell(account, reason);
    }
}

static void tell_nearest(Account *account)
{
    if (account->coverage.state != COVERAGE_ATTACHED_NEAR) return;
    tell(account, (Reason){.code = REASON_NEAREST_GROUP,
                           .rule = RULE_ATTACH_NEAR,
                           .kind = KIND_GROUP,
                           .fact = account->coverage.group,
                           .other = account->coverage.host,
                           .subject = account->coverage.group,
                           .have = account->coverage.distance_m,
                           .need = account->index->rules.near_distance_m_max});
}

static void tell_liaisons(Account *account)
{
    const World *world = account->index->world;
    const Ties *ties = &account->index->liaisons;
    const bool covers = account->coverage.state == COVERAGE_LIAISON;
    const ReasonSet reasons = account->coverage.reasons;
    for (size_t k = ties->first[account->at]; k < ties->first[account->at + 1]; k++) {
        const size_t fact = ties->items[k].fact;
        const Liaison *liaison = &world->liaisons[fact];
        Reason reason = {.rule = RULE_LIAISON,
                         .kind = KIND_LIAISON,
                         .fact = liaison->key,
                         .subject = liaison->person,
                         .days = liaison->days};
        const PartyStanding party = world->liaison_parties[fact];
        if (covers && liaison->person == account->coverage.person)
            reason.code = REASON_LIAISON_ASSIGNED;
        else if (party == PARTY_NONE && (reasons & REASON_BIT(LIAISON_NOT_MEMBER)) != 0)
            reason.code = REASON_LIAISON_NOT_MEMBER;
        else if (party != PARTY_NONE && (reasons & REASON_BIT(LIAISON_NOT_FORMAL)) != 0)
            reason.code = REASON_LIAISON_NOT_FORMAL;
        else
            continue;
        tell(account, reason);
        if (reason.code == REASON_LIAISON_ASSIGNED) return;
    }
}

static void tell_the_rest(Account *account, ReasonSet set)
{
    ReasonCode code = REASON_NONE;
    while (reason_set_next(set & ~account->told, &code))
        tell_code(account, code);
}

static void tell_advice(Account *account)
{
    const CoverageIndex *index = account->index;
    if ((account->coverage.advice & REASON_BIT(JOINT_TOO_WIDE)) != 0) {
        int64_t group = 0;
        if (map_find(&index->groups, account->coverage.group, &group))
            tell(account, (Reason){.code = REASON_JOINT_TOO_WIDE,
                                   .rule = RULE_JOINT_BRANCH,
                                   .kind = KIND_GROUP,
                                   .fact = account->coverage.group,
                                   .subject = account->coverage.group,
                                   .have = index->group_stations[group],
                                   .need = index->rules.joint_sites_max});
    }
    tell_the_rest(account, account->coverage.advice);
}

ErrCode coverage_why(const CoverageIndex *index, size_t at, ReasonList *why, Err *err)
{
    assert(index != NULL && why != NULL);
    assert(at < index->world->project_count);
    Account account = {.index = index,
                       .at = at,
                       .project = &index->world->projects[at],
                       .coverage = coverage_of(index, at),
                       .why = why};
    if (account.coverage.state == COVERAGE_NOT_ACTIVE) {
        tell_the_rest(&account, account.coverage.reasons);
        return reasons_check(why, err);
    }
    tell_code(&account, REASON_PROJECT_ACTIVE);
    tell(&account, (Reason){.code = REASON_MEMBERS_COUNTED,
                            .rule = RULE_ABSORPTION,
                            .kind = KIND_PROJECT,
                            .fact = account.project->key,
                            .have = party_members(account.coverage.heads),
                            .need = account.coverage.heads.formal});
    for (size_t k = index->stations.first[at]; k < index->stations.first[at + 1]; k++)
        tell_station(&account, index->stations.items[k]);
    tell_attachments(&account);
    tell_nearest(&account);
    tell_liaisons(&account);
    tell_the_rest(&account, account.coverage.reasons);
    tell_advice(&account);
    return reasons_check(why, err);
}
