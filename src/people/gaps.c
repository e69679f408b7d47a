#include "people/gaps.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "people/coverage_index.h"
#include "people/gap_plan.h"

/* Candidates looked at closely for one way of one project, nearest first. */
enum { LOOK_MAX = 12 };

typedef struct Candidate {
    int64_t metres; /* METRES_UNKNOWN when not known */
    Key key;
    size_t at;
} Candidate;

/* The nearest few, sorted as they come. */
typedef struct Few {
    Candidate items[LOOK_MAX];
    size_t count;
} Few;

typedef struct Finder {
    const CoverageIndex *index;
    const World *world;
    const Coverage *coverage;
    const GapSupply *supply;
    int32_t *loads; /* projects attached to each group already */
    size_t project; /* the one in question */
    Gap *gap;
} Finder;

static bool is_nearer(Candidate a, Candidate b)
{
    return a.metres != b.metres ? a.metres < b.metres : a.key < b.key;
}

static void few_add(Few *few, Candidate candidate)
{
    if (few->count == LOOK_MAX && !is_nearer(candidate, few->items[LOOK_MAX - 1])) return;
    size_t at = few->count < LOOK_MAX ? few->count++ : LOOK_MAX - 1;
    for (; at > 0 && is_nearer(candidate, few->items[at - 1]); at--)
        few->items[at] = few->items[at - 1];
    few->items[at] = candidate;
}

static size_t project_at(const Finder *finder, Key key)
{
    int64_t at = 0;
    return key != KEY_NONE && map_find(&finder->index->projects, key, &at) ? (size_t)at
                                                                           : INDEX_NONE;
}

static void add_note(Proposal *proposal, ReasonCode note)
{
    if (proposal->note_count < GAP_NOTES_MAX) proposal->notes[proposal->note_count++] = note;
}

/* How much a proposal costs others: the fewer and lighter notes, the better. */
static unsigned burden(const Proposal *proposal)
{
    unsigned sum = proposal->result == COVERAGE_UNCOVERED ? 100 : 0;
    for (size_t i = 0; i < proposal->note_count; i++)
        sum += proposal->notes[i] == REASON_OLD_SITE_UNCOVERED ? 50
               : proposal->notes[i] == REASON_GROUP_AT_LIMIT   ? 20
               : proposal->notes[i] == REASON_OLD_SITE_WEAKER  ? 10
                                                               : 0;
    return sum;
}

/* A negative distance, which nobody knows, is the largest as an unsigned number. */
static bool is_better(const Proposal *a, const Proposal *b)
{
    const unsigned burden_a = burden(a);
    const unsigned burden_b = burden(b);
    if (burden_a != burden_b) return burden_a < burden_b;
    return (uint64_t)a->distance_m < (uint64_t)b->distance_m;
}

/* The best few of one way, on their way into the gap. */
typedef struct Shortlist {
    Proposal items[GAP_BEST_OF_WAY];
    size_t count;
} Shortlist;

static void shortlist_add(Shortlist *list, Proposal proposal)
{
    if (list->count == GAP_BEST_OF_WAY && !is_better(&proposal, &list->items[GAP_BEST_OF_WAY - 1]))
        return;
    size_t at = list->count < GAP_BEST_OF_WAY ? list->count++ : GAP_BEST_OF_WAY - 1;
    for (; at > 0 && is_better(&proposal, &list->items[at - 1]); at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = proposal;
}

static void propose(Finder *finder, Proposal proposal)
{
    Gap *gap = finder->gap;
    if (proposal.result == COVERAGE_UNCOVERED) add_note(&proposal, REASON_STILL_SHORT);
    if (gap->proposal_count < GAP_PROPOSALS_MAX) gap->proposals[gap->proposal_count++] = proposal;
}

static void propose_all(Finder *finder, const Shortlist *list)
{
    for (size_t i = 0; i < list->count; i++)
        propose(finder, list->items[i]);
}

static CoverageState suppose(const Finder *finder, size_t project, Supposition supposition)
{
    return coverage_suppose(finder->index, project, &supposition).state;
}

/* Whether and what a project loses when `less` leaves it, and a group too if one is given. */
static bool note_origin(const Finder *finder, size_t origin, HeadCount less, size_t group_gone,
                        Proposal *proposal)
{
    if (origin == INDEX_NONE) return false;
    HeadCount heads = finder->world->heads[origin];
    heads.formal -= less.formal;
    heads.probationary -= less.probationary;
    heads.people -= less.people;
    const CoverageState before = finder->coverage[origin].state;
    const CoverageState after = suppose(finder, origin,
                                        (Supposition){.heads = &heads,
                                                      .group = INDEX_NONE,
                                                      .group_from = INDEX_NONE,
                                                      .group_gone = group_gone});
    if (after <= before) return false;
    add_note(proposal,
             after == COVERAGE_UNCOVERED ? REASON_OLD_SITE_UNCOVERED : REASON_OLD_SITE_WEAKER);
    return true;
}

static bool is_unit_good(const Finder *finder, Key unit)
{
    return !finder->index->rules.near_same_unit ||
           unit == finder->world->projects[finder->project].unit;
}

static bool has_few_heads(const Finder *finder)
{
    return heads_shortfall(&finder->index->rules, finder->world->heads[finder->project]) != 0;
}

/* ---- The ways, the cheapest first ---- */

static void try_confirm(Finder *finder)
{
    HeadCount heads = finder->world->heads[finder->project];
    if (heads.pending_party == 0) return;
    heads.formal += heads.pending_party; /* at best */
    heads.people += heads.pending_party;
    heads.pending_party = 0;
    propose(finder, (Proposal){.way = WAY_CONFIRM,
                               .distance_m = PLACE_DISTANCE_NO,
                               .result = suppose(finder, finder->project,
                                                 (Supposition){.heads = &heads,
                                                               .group = INDEX_NONE,
                                                               .group_from = INDEX_NONE,
                                                               .group_gone = INDEX_NONE})});
}

static const Leader good_leader = {
    .office = 1, .person = 1, .party = PARTY_FORMAL, .is_member = true};

static void try_appoint(Finder *finder)
{
    const ReasonSet leader_reasons =
        REASON_BIT(NO_LEADER) | REASON_BIT(LEADER_NOT_FORMAL) | REASON_BIT(LEADER_NOT_MEMBER);
    if ((finder->coverage[finder->project].reasons & leader_reasons) == 0) return;
    const Supposition led = {.group = INDEX_NONE,
                             .group_from = INDEX_NONE,
                             .group_gone = INDEX_NONE,
                             .leader = &good_leader};
    const Coverage result = coverage_suppose(finder->index, finder->project, &led);
    if (result.state == COVERAGE_UNCOVERED) return;
    propose(finder, (Proposal){.way = WAY_APPOINT,
                               .group = result.group,
                               .distance_m = PLACE_DISTANCE_NO,
                               .result = result.state});
}

/* Members enough and no group: station one that stands nowhere, or found one. */
static void try_station(Finder *finder)
{
    if ((finder->coverage[finder->project].reasons & REASON_BIT(NO_GROUP)) == 0) return;
    const World *world = finder->world;
    Proposal proposal = {
        .way = WAY_STATION, .distance_m = PLACE_DISTANCE_NO, .result = COVERAGE_OWN_GROUP};
    for (size_t i = 0; i < world->group_count; i++) {
        const Group *group = &world->groups[i];
        if (group->kind != GROUP_KIND_IS_PARTY || finder->index->group_stations[i] > 0 ||
            !is_unit_good(finder, group->unit))
            continue;
        if (proposal.group != KEY_NONE && group->key >= proposal.group) continue;
        const CoverageState state = suppose(finder, finder->project,
                                            (Supposition){.group = i,
                                                          .group_from = INDEX_NONE,
                                                          .group_gone = INDEX_NONE,
                                                          .leader = &good_leader});
        if (state == COVERAGE_UNCOVERED) continue;
        proposal.group = group->key;
        proposal.result = state;
    }
    propose(finder, proposal);
}

static void try_attach(Finder *finder)
{
    const CoverageIndex *index = finder->index;
    if (!attach_would_cover(index, finder->project)) return;
    Few few = {0};
    for (size_t i = 0; i < finder->world->group_count; i++) {
        int64_t metres = 0;
        if (attach_is_possible(index, finder->project, i, &metres))
            few_add(&few, (Candidate){metres, finder->world->groups[i].key, i});
    }
    Shortlist list = {0};
    for (size_t i = 0; i < few.count; i++) {
        const size_t group = few.items[i].at;
        Proposal proposal = {
            .way = WAY_ATTACH,
            .group = few.items[i].key,
            .from = finder->world->projects[index->group_host[group]].key,
            .distance_m = attach_metres_told(few.items[i].metres),
            .result = COVERAGE_ATTACHED_NAMED,
        };
        if (few.items[i].metres > index->rules.near_distance_m_max)
            add_note(&proposal, REASON_BEYOND_REACH);
        if (finder->loads[group] >= finder->supply->projects_max)
            add_note(&proposal, REASON_GROUP_AT_LIMIT);
        shortlist_add(&list, proposal);
    }
    propose_all(finder, &list);
}

/* The nearest spare people of the unit; those in office only where they need not leave. */
static Few nearest_spares(const Finder *finder, bool may_hold_office)
{
    Few few = {0};
    for (size_t i = 0; i < finder->supply->spare_count; i++) {
        const Spare *spare = &finder->supply->spares[i];
        const size_t origin = project_at(finder, spare->project);
        if (origin == finder->project || !is_unit_good(finder, spare->unit)) continue;
        if (spare->party == PARTY_NONE || (spare->has_office && !may_hold_office)) continue;
        const int64_t metres = origin == INDEX_NONE
                                   ? METRES_UNKNOWN
                                   : attach_metres(finder->index, finder->project, origin);
        few_add(&few, (Candidate){metres, spare->person, i});
    }
    return few;
}

static void try_post(Finder *finder)
{
    if (!has_few_heads(finder)) return;
    const Few few = nearest_spares(finder, false);
    Shortlist list = {0};
    for (size_t i = 0; i < few.count; i++) {
        const Spare *spare = &finder->supply->spares[few.items[i].at];
        const HeadCount one = {.formal = spare->party == PARTY_FORMAL,
                               .probationary = spare->party == PARTY_PROBATIONARY,
                               .people = 1};
        HeadCount heads = finder->world->heads[finder->project];
        heads.formal += one.formal;
        heads.probationary += one.probationary;
        heads.people += one.people;
        const Supposition posted = {.heads = &heads,
                                    .group = INDEX_NONE,
                                    .group_from = INDEX_NONE,
                                    .group_gone = INDEX_NONE};
        const Coverage result = coverage_suppose(finder->index, finder->project, &posted);
        Proposal proposal = {.way = WAY_POST,
                             .person = spare->person,
                             .from = spare->project,
                             .distance_m = attach_metres_told(few.items[i].metres),
                             .result = result.state};
        /* Joining the very group that this person's leaving breaks would be no cover. */
        const size_t origin = project_at(finder, spare->project);
        if (note_origin(finder, origin, one, INDEX_NONE, &proposal) && result.group != KEY_NONE &&
            result.group == finder->coverage[origin].group)
            proposal.result = COVERAGE_UNCOVERED;
        shortlist_add(&list, proposal);
    }
    propose_all(finder, &list);
}

static void try_assign(Finder *finder)
{
    const CoverageRules *rules = &finder->index->rules;
    if (!rules->liaison_allowed || !has_few_heads(finder)) return;
    const Few few = nearest_spares(finder, true);
    Shortlist list = {0};
    for (size_t i = 0; i < few.count; i++) {
        const Spare *spare = &finder->supply->spares[few.items[i].at];
        if (rules->liaison_formal && spare->party != PARTY_FORMAL) continue;
        shortlist_add(&list, (Proposal){.way = WAY_ASSIGN,
                                        .person = spare->person,
                                        .from = spare->project,
                                        .distance_m = attach_metres_told(few.items[i].metres),
                                        .result = COVERAGE_LIAISON});
    }
    propose_all(finder, &list);
}

/* What the project would be with this group and its core members, led by whoever comes along:
 * uncovered, unless by this very group. */
static CoverageState state_with_group(const Finder *finder, size_t group, size_t origin,
                                      const GroupCore *core)
{
    HeadCount heads = finder->world->heads[finder->project];
    heads.formal += core->formal;
    heads.probationary += core->probationary;
    heads.people += core->people;
    Leader leader = finder->world->leaders[group];
    leader.is_member = core->has_leader;
    const Supposition moved = {.heads = &heads,
                               .group = group,
                               .group_from = origin,
                               .group_gone = INDEX_NONE,
                               .leader = &leader};
    const Coverage result = coverage_suppose(finder->index, finder->project, &moved);
    const bool is_its = result.group == finder->world->groups[group].key;
    return is_its && result.state <= COVERAGE_OWN_GROUP ? result.state : COVERAGE_UNCOVERED;
}

static Few nearest_groups(const Finder *finder)
{
    Few few = {0};
    const World *world = finder->world;
    for (size_t i = 0; i < world->station_count; i++) {
        const Station *station = &world->stations[i];
        int64_t group = 0;
        const size_t origin = project_at(finder, station->project);
        if (!range_has(station->days, world->day) || origin == INDEX_NONE ||
            origin == finder->project ||
            !map_find(&finder->index->groups, station->group, &group) ||
            !is_unit_good(finder, world->groups[group].unit))
            continue;
        few_add(&few, (Candidate){attach_metres(finder->index, finder->project, origin),
                                  station->group, i});
    }
    return few;
}

static void try_move(Finder *finder)
{
    if (finder->supply->cores == NULL) return;
    const Few few = nearest_groups(finder);
    Shortlist list = {0};
    for (size_t i = 0; i < few.count; i++) {
        const Station *station = &finder->world->stations[few.items[i].at];
        int64_t group = 0;
        const bool found = map_find(&finder->index->groups, station->group, &group);
        assert(found); /* nearest_groups() looked it up */
        const GroupCore *core = &finder->supply->cores[group];
        const size_t origin = project_at(finder, station->project);
        const CoverageState state = state_with_group(finder, (size_t)group, origin, core);
        if (state == COVERAGE_UNCOVERED) continue;
        Proposal proposal = {.way = WAY_MOVE,
                             .group = station->group,
                             .from = station->project,
                             .distance_m = attach_metres_told(few.items[i].metres),
                             .result = state};
        const HeadCount less = {
            .formal = core->formal, .probationary = core->probationary, .people = core->people};
        (void)note_origin(finder, origin, less, (size_t)group, &proposal); /* the note is all */
        shortlist_add(&list, proposal);
    }
    propose_all(finder, &list);
}

static size_t count_gaps(const CoverageIndex *index, const Coverage *coverage)
{
    size_t count = 0;
    for (size_t i = 0; i < index->world->project_count; i++)
        count += coverage[i].state == COVERAGE_UNCOVERED ? 1 : 0;
    return count;
}

ErrCode gaps_find(const CoverageIndex *index, const Coverage *coverage, const GapSupply *supply,
                  Arena *arena, Gap **out_gaps, size_t *out_count, Err *err)
{
    assert(index != NULL && coverage != NULL && supply != NULL && arena != NULL);
    assert(out_gaps != NULL && out_count != NULL);
    const size_t gap_count = count_gaps(index, coverage);
    Gap *gaps = arena_array(arena, Gap, gap_count);
    Proposal *proposals = arena_array(arena, Proposal, gap_count * GAP_PROPOSALS_MAX);
    if (gaps == NULL || proposals == NULL)
        return err_set(err, ERR_LIMIT, "no room for %zu gaps", gap_count);
    Finder finder = {.index = index, .world = index->world, .coverage = coverage, .supply = supply};
    TRY(attach_loads(index, coverage, arena, &finder.loads, err));

    size_t count = 0;
    for (size_t i = 0; i < index->world->project_count; i++) {
        if (coverage[i].state != COVERAGE_UNCOVERED) continue;
        gaps[count] = (Gap){.project = i, .proposals = &proposals[count * GAP_PROPOSALS_MAX]};
        finder.project = i;
        finder.gap = &gaps[count++];
        try_confirm(&finder);
        try_appoint(&finder);
        try_station(&finder);
        try_attach(&finder);
        try_assign(&finder);
        try_post(&finder);
        try_move(&finder);
    }
    *out_gaps = gaps;
    *out_count = count;
    return OK;
}
