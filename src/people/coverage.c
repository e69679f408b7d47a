#include "people/coverage.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "people/coverage_index.h"

CoverageRules coverage_rules(const Pack *pack, Day day)
{
    return (CoverageRules){
        .suspended_counts = pack_bool(pack, PARAMETER_ACTIVE_PROJECT_SUSPENDED_COUNTS, day),
        .group_members_min = (int32_t)pack_int(pack, PARAMETER_OWN_GROUP_MEMBERS_MIN, day),
        .group_formal_min = (int32_t)pack_int(pack, PARAMETER_OWN_GROUP_FORMAL_MIN, day),
        .counts_all_stations = pack_bool(pack, PARAMETER_OWN_GROUP_COUNT_ALL_STATIONS, day),
        .leader_required = pack_bool(pack, PARAMETER_GROUP_LEADER_REQUIRED, day),
        .leader_formal = pack_bool(pack, PARAMETER_GROUP_LEADER_FORMAL, day),
        .leader_member = pack_bool(pack, PARAMETER_GROUP_LEADER_MEMBER, day),
        .branch_formal_min = (int32_t)pack_int(pack, PARAMETER_BRANCH_FORMAL_MIN, day),
        .branch_months_min = (int)pack_int(pack, PARAMETER_BRANCH_MONTHS_MIN, day),
        .branch_members_max = (int32_t)pack_int(pack, PARAMETER_BRANCH_MEMBERS_MAX, day),
        .temporary_formal_min = (int32_t)pack_int(pack, PARAMETER_TEMPORARY_BRANCH_FORMAL_MIN, day),
        .joint_formal_min = (int32_t)pack_int(pack, PARAMETER_JOINT_BRANCH_FORMAL_MIN, day),
        .joint_sites_max = (int32_t)pack_int(pack, PARAMETER_JOINT_BRANCH_SITES_MAX, day),
        .divide_members_min = (int32_t)pack_int(pack, PARAMETER_DIVIDE_MEMBERS_MIN, day),
        .named_allowed = pack_bool(pack, PARAMETER_ATTACH_NAMED_ALLOWED, day),
        .named_any_size = pack_bool(pack, PARAMETER_ATTACH_NAMED_ANY_SIZE, day),
        .named_distance_m_max = pack_int(pack, PARAMETER_ATTACH_NAMED_DISTANCE_M_MAX, day),
        .near_allowed = pack_bool(pack, PARAMETER_ATTACH_NEAR_ALLOWED, day),
        .near_same_unit = pack_bool(pack, PARAMETER_ATTACH_NEAR_SAME_UNIT, day),
        .near_distance_m_max = pack_int(pack, PARAMETER_ATTACH_NEAR_DISTANCE_M_MAX, day),
        .near_members_min = (int32_t)pack_int(pack, PARAMETER_ATTACH_NEAR_MEMBERS_MIN, day),
        .liaison_allowed = pack_bool(pack, PARAMETER_LIAISON_ALLOWED, day),
        .liaison_formal = pack_bool(pack, PARAMETER_LIAISON_FORMAL, day),
    };
}

/* One project while it is decided. */
typedef struct Decision {
    const CoverageIndex *index;
    size_t at;
    const Project *project;
    const Supposition *supposed;
    HeadCount heads;
    ReasonSet short_of; /* what the heads lack for a group; 0 when they are enough */
    Coverage coverage;
} Decision;

static CoverageState state_of_form(int form)
{
    switch (form) {
    case FORM_IS_BRANCH: return COVERAGE_OWN_BRANCH;
    case FORM_IS_TEMPORARY_BRANCH: return COVERAGE_TEMPORARY_BRANCH;
    case FORM_IS_JOINT_BRANCH: return COVERAGE_JOINT_BRANCH;
    default: return COVERAGE_OWN_GROUP;
    }
}

/* The heads that count for a group at this project, with what is supposed there. */
static HeadCount heads_of_group(const Decision *decision, size_t group, bool is_there)
{
    const CoverageIndex *index = decision->index;
    const bool counts_all = index->rules.counts_all_stations ||
                            index->world->groups[group].form == FORM_IS_JOINT_BRANCH;
    if (!counts_all) return decision->heads;
    const HeadCount asked = decision->heads;
    const HeadCount now = index->world->heads[decision->at];
    HeadCount sum = index->group_heads[group];
    sum.formal += asked.formal - (is_there ? now.formal : 0);
    sum.probationary += asked.probationary - (is_there ? now.probationary : 0);
    sum.people += asked.people - (is_there ? now.people : 0);
    const size_t left = decision->supposed->group_from;
    if (is_there || left == INDEX_NONE) return sum;
    if (inactive_reason(&index->rules, &index->world->projects[left], index->world->day) != 0)
        return sum;
    sum.formal -= index->world->heads[left].formal;
    sum.probationary -= index->world->heads[left].probationary;
    sum.people -= index->world->heads[left].people;
    return sum;
}

/* What the groups stationed at a project come to. */
typedef struct OwnGroups {
    size_t count;
    size_t best;       /* the group in order with the best form; INDEX_NONE */
    size_t closest;    /* the group that lacks least, when none is in order */
    ReasonSet missing; /* what it lacks */
    unsigned lacks;    /* how many reasons that is */
} OwnGroups;

static unsigned count_bits(ReasonSet set)
{
    unsigned count = 0;
    for (; set != 0; set &= set - 1)
        count++;
    return count;
}

static bool is_better_group(const CoverageIndex *index, size_t group, size_t than)
{
    if (than == INDEX_NONE) return true;
    const Group *a = &index->world->groups[group];
    const Group *b = &index->world->groups[than];
    const CoverageState state_a = state_of_form(a->form);
    const CoverageState state_b = state_of_form(b->form);
    return state_a != state_b ? state_a < state_b : a->key < b->key;
}

static void look_at_group(const Decision *decision, size_t group, bool is_there, OwnGroups *own)
{
    const CoverageIndex *index = decision->index;
    const Leader *leader = decision->supposed->leader != NULL ? decision->supposed->leader
                                                              : &index->world->leaders[group];
    const HeadCount heads = heads_of_group(decision, group, is_there);
    const ReasonSet missing = group_shortfall(index, group, heads, leader);
    own->count++;
    if (missing == 0) {
        if (is_better_group(index, group, own->best)) own->best = group;
        return;
    }
    const unsigned lacks = count_bits(missing);
    const bool is_first = own->closest == INDEX_NONE || lacks < own->lacks;
    if (!is_first && (lacks > own->lacks || !is_better_group(index, group, own->closest))) return;
    own->closest = group;
    own->missing = missing;
    own->lacks = lacks;
}

static OwnGroups own_groups(const Decision *decision)
{
    const Ties *ties = &decision->index->stations;
    const Supposition *supposed = decision->supposed;
    OwnGroups own = {.best = INDEX_NONE, .closest = INDEX_NONE};
    bool has_supposed = supposed->group == INDEX_NONE;
    for (size_t k = ties->first[decision->at]; k < ties->first[decision->at + 1]; k++) {
        const size_t group = ties->items[k].group;
        has_supposed = has_supposed || group == supposed->group;
        if (group != supposed->group_gone) look_at_group(decision, group, true, &own);
    }
    if (!has_supposed) look_at_group(decision, supposed->group, false, &own);
    return own;
}

/* Step 2: a group of its own. */
static bool has_own(Decision *decision)
{
    const OwnGroups own = own_groups(decision);
    Coverage *coverage = &decision->coverage;
    if (own.count > 1) coverage->advice |= REASON_BIT(SEVERAL_GROUPS);
    if (own.best != INDEX_NONE) {
        const Group *group = &decision->index->world->groups[own.best];
        coverage->state = state_of_form(group->form);
        coverage->group = group->key;
        return true;
    }
    coverage->reasons |= decision->short_of | own.missing;
    if (own.count == 0 && decision->short_of == 0) coverage->reasons |= REASON_BIT(NO_GROUP);
    if (decision->heads.pending_party > 0) coverage->reasons |= REASON_BIT(POSTING_NOT_CONFIRMED);
    return false;
}

/* Whether an attachment to this group counts; notes why not. */
static bool is_named_good(Decision *decision, size_t group, size_t *out_host, int64_t *out_metres)
{
    const CoverageIndex *index = decision->index;
    const size_t host = index->group_host[group];
    if (!index->group_in_order[group] || host == decision->at) {
        decision->coverage.reasons |= REASON_BIT(ATTACHED_GROUP_NOT_VALID);
        return false;
    }
    const int64_t metres = project_distance_m(index, decision->at, host);
    const int64_t most = index->rules.named_distance_m_max;
    if (most > 0 && metres > most) {
        decision->coverage.reasons |= REASON_BIT(ATTACHED_GROUP_TOO_FAR);
        return false;
    }
    *out_host = host;
    *out_metres = metres;
    return true;
}

/* Step 3: attached by name. Of several good ones the nearest counts, then the smallest key. */
static bool has_named(Decision *decision)
{
    const CoverageIndex *index = decision->index;
    const Ties *ties = &index->attachments;
    if (!index->rules.named_allowed) return false;
    if (decision->short_of == 0 && !index->rules.named_any_size) return false;
    Coverage *coverage = &decision->coverage;
    ReasonSet refused = 0;
    bool found = false;
    for (size_t k = ties->first[decision->at]; k < ties->first[decision->at + 1]; k++) {
        const ReasonSet before = coverage->reasons;
        size_t host = 0;
        int64_t metres = PLACE_DISTANCE_NO;
        const bool is_good = is_named_good(decision, ties->items[k].group, &host, &metres);
        refused |= coverage->reasons & ~before;
        coverage->reasons = before;
        if (!is_good) continue;
        const Key group = index->world->groups[ties->items[k].group].key;
        /* An unknown distance comes after every known one. */
        const uint64_t rank = (uint64_t)metres;
        const uint64_t best = (uint64_t)coverage->distance_m;
        if (found && (rank > best || (rank == best && group >= coverage->group))) continue;
        found = true;
        coverage->state = COVERAGE_ATTACHED_NAMED;
        coverage->group = group;
        coverage->host = index->world->projects[host].key;
        coverage->distance_m = metres;
    }
    if (!found) coverage->reasons |= refused;
    return found;
}

/* Step 4: attached to the nearest. */
static bool has_near(Decision *decision)
{
    const CoverageRules *rules = &decision->index->rules;
    Coverage *coverage = &decision->coverage;
    if (!rules->near_allowed || decision->short_of == 0) return false;
    if (party_members(decision->heads) < rules->near_members_min) return false;
    if (!decision->project->has_place) {
        coverage->reasons |= REASON_BIT(NO_PLACE);
        return false;
    }
    int64_t metres = 0;
    const HostGroup *host =
        nearest_host(decision->index, decision->at, rules->near_distance_m_max, &metres);
    if (host == NULL) {
        coverage->reasons |= REASON_BIT(NO_GROUP_IN_REACH);
        return false;
    }
    coverage->state = COVERAGE_ATTACHED_NEAR;
    coverage->group = host->group_key;
    coverage->host = host->project_key;
    coverage->distance_m = metres;
    return true;
}

/* Step 5: an assigned liaison; of several good ones the smallest key of the assignment. */
static bool has_liaison(Decision *decision)
{
    const CoverageIndex *index = decision->index;
    const Ties *ties = &index->liaisons;
    Coverage *coverage = &decision->coverage;
    if (!index->rules.liaison_allowed || decision->short_of == 0) return false;
    ReasonSet refused = 0;
    for (size_t k = ties->first[decision->at]; k < ties->first[decision->at + 1]; k++) {
        const size_t fact = ties->items[k].fact;
        const PartyStanding party = index->world->liaison_parties[fact];
        if (party == PARTY_NONE)
            refused |= REASON_BIT(LIAISON_NOT_MEMBER);
        else if (index->rules.liaison_formal && party != PARTY_FORMAL)
            refused |= REASON_BIT(LIAISON_NOT_FORMAL);
        else {
            coverage->state = COVERAGE_LIAISON;
            coverage->person = index->world->liaisons[fact].person;
            return true;
        }
    }
    coverage->reasons |= refused == 0 ? REASON_BIT(NO_LIAISON) : refused;
    return false;
}

/* Six months from the first day, by the planned last day; without one, by the days gone by. */
static bool runs_long(const Project *project, int months, Day today)
{
    const Day until = project->days.last == DAY_OPEN ? today : project->days.last;
    return day_add_months(project->days.first, months) - 1 <= until;
}

static void advise(Decision *decision)
{
    const CoverageIndex *index = decision->index;
    const CoverageRules *rules = &index->rules;
    Coverage *coverage = &decision->coverage;
    const CoverageState state = coverage->state;
    const int32_t members = party_members(decision->heads);
    const bool is_branch = state == COVERAGE_OWN_BRANCH || state == COVERAGE_TEMPORARY_BRANCH;
    const bool is_attached = state == COVERAGE_ATTACHED_NAMED || state == COVERAGE_ATTACHED_NEAR;

    if (!is_branch && decision->heads.formal >= rules->branch_formal_min &&
        runs_long(decision->project, rules->branch_months_min, index->world->day))
        coverage->advice |= REASON_BIT(SHOULD_BE_BRANCH);
    if (is_attached && decision->short_of == 0)
        coverage->advice |= REASON_BIT(SHOULD_HAVE_OWN_GROUP);
    if (state <= COVERAGE_OWN_GROUP && members >= rules->divide_members_min)
        coverage->advice |= REASON_BIT(SHOULD_DIVIDE);
    if (is_branch && members > rules->branch_members_max)
        coverage->advice |= REASON_BIT(BRANCH_TOO_LARGE);
    if (decision->project->stage == STAGE_IS_PLANNED) coverage->advice |= REASON_BIT(PLANNED_AHEAD);
    if (decision->project->stage == STAGE_IS_SUSPENDED) coverage->advice |= REASON_BIT(SUSPENDED);
    if (state != COVERAGE_JOINT_BRANCH) return;
    int64_t group = 0;
    const bool found = map_find(&index->groups, coverage->group, &group);
    assert(found); /* it covers this project, so it is in the world */
    if (index->group_stations[group] > rules->joint_sites_max)
        coverage->advice |= REASON_BIT(JOINT_TOO_WIDE);
}

Coverage coverage_suppose(const CoverageIndex *index, size_t at, const Supposition *supposition)
{
    assert(index != NULL);
    assert(at < index->world->project_count);
    Decision decision = {
        .index = index,
        .at = at,
        .project = &index->world->projects[at],
        .supposed = supposition,
        .heads = supposition->heads != NULL ? *supposition->heads : index->world->heads[at],
    };
    Coverage *coverage = &decision.coverage;
    coverage->heads = decision.heads;
    coverage->distance_m = PLACE_DISTANCE_NO;
    coverage->reasons = inactive_reason(&index->rules, decision.project, index->world->day);
    if (coverage->reasons != 0) {
        coverage->state = COVERAGE_NOT_ACTIVE;
        return *coverage;
    }
    decision.short_of = heads_shortfall(&index->rules, decision.heads);
    if (!has_own(&decision) && !has_named(&decision) && !has_near(&decision) &&
        !has_liaison(&decision)) {
        coverage->state = COVERAGE_UNCOVERED;
        assert(coverage->reasons != 0); /* invariant 2 */
    }
    advise(&decision);
    return *coverage;
}

Coverage coverage_of(const CoverageIndex *index, size_t at)
{
    const Supposition as_it_is = {
        .group = INDEX_NONE, .group_from = INDEX_NONE, .group_gone = INDEX_NONE};
    return coverage_suppose(index, at, &as_it_is);
}

ErrCode coverage_run(const World *world, const CoverageRules *rules, Arena *arena,
                     Coverage **out_coverage, Err *err)
{
    assert(out_coverage != NULL);
    const CoverageIndex *index = NULL;
    TRY(coverage_index_new(world, rules, arena, &index, err));
    Coverage *coverage = arena_array(arena, Coverage, world->project_count);
    if (coverage == NULL)
        return err_set(err, ERR_LIMIT, "no room for %zu projects", world->project_count);
    for (size_t i = 0; i < world->project_count; i++)
        coverage[i] = coverage_of(index, i);
    *out_coverage = coverage;
    return OK;
}

/* ---- Along the days ---- */

static int compare_days(const void *left, const void *right)
{
    const Day a = *(const Day *)left;
    const Day b = *(const Day *)right;
    return (a > b) - (a < b);
}

static bool is_same_coverage(const Coverage *a, const Coverage *b)
{
    return a->state == b->state && a->group == b->group && a->host == b->host &&
           a->person == b->person && a->reasons == b->reasons && a->advice == b->advice;
}

/* The first day of the range and the others within it, sorted, each once. Returns how many. */
static size_t sort_days(DayRange range, const Day *days, size_t day_count, Day *asked)
{
    size_t count = 0;
    asked[count++] = range.first;
    for (size_t i = 0; i < day_count; i++)
        if (days[i] > range.first && days[i] <= range.last) asked[count++] = days[i];
    qsort(asked, count, sizeof *asked, compare_days);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++)
        if (asked[i] != asked[kept - 1]) asked[kept++] = asked[i];
    return kept;
}

ErrCode coverage_changes(DayRange range, const Day *days, size_t day_count, Arena *arena,
                         CoverageSpan **out_spans, size_t *out_count, CoverageOnDay on_day,
                         void *context, Err *err)
{
    assert(on_day != NULL && out_spans != NULL && out_count != NULL);
    if (range.first > range.last || range.last == DAY_OPEN)
        return err_set(err, ERR_INVALID, "the days to look at need a first and a later last one");
    Day *asked = arena_array(arena, Day, day_count + 1);
    CoverageSpan *spans = arena_array(arena, CoverageSpan, day_count + 1);
    if (asked == NULL || spans == NULL)
        return err_set(err, ERR_LIMIT, "%zu days are too many here", day_count);
    const size_t asked_count = sort_days(range, days, day_count, asked);
    size_t count = 0;
    for (size_t i = 0; i < asked_count; i++) {
        Coverage coverage;
        TRY(on_day(context, asked[i], &coverage, err));
        if (count > 0 && is_same_coverage(&spans[count - 1].coverage, &coverage)) continue;
        if (count > 0) spans[count - 1].days.last = asked[i] - 1;
        spans[count++] = (CoverageSpan){{asked[i], range.last}, coverage};
    }
    *out_spans = spans;
    *out_count = count;
    return OK;
}
