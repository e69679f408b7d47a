#include "people/move.h"

#include <assert.h>
#include <string.h>

/* A move while it is worked out. */
typedef struct Mover {
    const World *world;
    const MoveQuestion *question;
    MovePlan *plan;
    const Station *station; /* the one it leaves; NULL for none */
    const Station *later;   /* the first that begins after the day; NULL for none */
    size_t from;            /* index of its project; INDEX_NONE */
    size_t to;
    size_t group; /* index in the world; INDEX_NONE for one that is no Party group there */
} Mover;

static size_t find_project(const World *world, Key key)
{
    for (size_t i = 0; i < world->project_count; i++)
        if (world->projects[i].key == key) return i;
    return INDEX_NONE;
}

static size_t find_group(const World *world, Key key)
{
    for (size_t i = 0; i < world->group_count; i++)
        if (world->groups[i].key == key) return i;
    return INDEX_NONE;
}

static void find(Mover *mover, ReasonCode code, Key subject, DayRange days, int64_t have)
{
    reasons_add(&mover->plan->findings, (Reason){.code = code,
                                                 .rule = RULE_MOVE,
                                                 .kind = KIND_GROUP,
                                                 .fact = mover->question->group->key,
                                                 .subject = subject,
                                                 .have = have,
                                                 .days = days});
}

static bool is_newer(const Station *station, const Station *than)
{
    if (than == NULL) return true;
    if (station->days.first != than->days.first) return station->days.first > than->days.first;
    return station->key > than->key;
}

/* The first station that begins after the day. */
static const Station *find_later(const MoveQuestion *question, Day day)
{
    const Station *later = NULL;
    for (size_t i = 0; i < question->station_count; i++) {
        const Station *station = &question->stations[i];
        if (station->group != question->group->key || station->days.first <= day) continue;
        if (later == NULL || station->days.first < later->days.first) later = station;
    }
    return later;
}

/* The newest station the group can leave that runs on this day. */
static const Station *find_running(const MoveQuestion *question, Day day)
{
    const Station *running = NULL;
    for (size_t i = 0; i < question->station_count; i++) {
        const Station *station = &question->stations[i];
        if (station->group != question->group->key || !range_has(station->days, day)) continue;
        if (question->from != KEY_NONE && station->project != question->from) continue;
        if (is_newer(station, running)) running = station;
    }
    return running;
}

/* The station it leaves: one that runs on the day, or else one that ended the day before. */
static void find_stations(Mover *mover)
{
    const Day day = mover->world->day;
    mover->later = find_later(mover->question, day);
    mover->station = find_running(mover->question, day);
    if (mover->station == NULL) mover->station = find_running(mover->question, day - 1);
    if (mover->station != NULL) mover->from = find_project(mover->world, mover->station->project);
}

static void check_target(Mover *mover)
{
    const MoveQuestion *question = mover->question;
    const Day day = mover->world->day;
    for (size_t i = 0; i < question->station_count; i++) {
        const Station *station = &question->stations[i];
        if (station->group == question->group->key && station->project == question->to &&
            range_has(station->days, day)) {
            find(mover, REASON_ALREADY_THERE, question->group->key, (DayRange){day, day}, 0);
            break;
        }
    }
    if (mover->to == INDEX_NONE) {
        find(mover, REASON_TARGET_UNKNOWN, question->to, (DayRange){0}, 0);
        return;
    }
    const Project *target = &mover->world->projects[mover->to];
    if (!range_has(target->days, day) || target->stage == STAGE_IS_CANCELLED)
        find(mover, REASON_TARGET_NOT_ACTIVE, question->to, target->days, 0);
}

static void check_origin(Mover *mover)
{
    const Key group = mover->question->group->key;
    const Day day = mover->world->day;
    if (mover->station != NULL && mover->station->days.first >= day)
        find(mover, REASON_BEFORE_STATION, group, mover->station->days, 0);
    if (mover->station != NULL) return;
    if (mover->later != NULL)
        find(mover, REASON_BEFORE_STATION, group, mover->later->days, 0);
    else
        find(mover, REASON_NOT_STATIONED, group, (DayRange){day, day}, 0);
}

static bool has_error(const ReasonList *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (reason_info(findings->items[i].code)->level == REASON_LEVEL_ERROR) return true;
    return false;
}

/* Core members posted to the project that is left move along. */
static bool is_carried(const Mover *mover, const MoveMember *member)
{
    return mover->station != NULL && member->posting.is_core && !member->posting.is_pending &&
           member->posting.project == mover->station->project &&
           range_has(member->posting.days, mover->world->day);
}

static size_t count_carried(const Mover *mover)
{
    size_t count = 0;
    for (size_t i = 0; i < mover->question->member_count; i++)
        count += is_carried(mover, &mover->question->members[i]) ? 1 : 0;
    return count;
}

/* ---- Facts to write ---- */

static void add_fact(MovePlan *plan, MoveFact fact)
{
    if (fact.act == MOVE_CLOSE) assert(fact.days.first <= fact.days.last); /* invariant 1 */
    plan->facts[plan->fact_count++] = fact;
}

static void plan_station(Mover *mover)
{
    const Day day = mover->world->day;
    const Station *station = mover->station;
    assert(station != NULL); /* check_origin() stops a move without one */
    if (station->days.last >= day)
        add_fact(mover->plan, (MoveFact){.act = MOVE_CLOSE,
                                         .kind = KIND_STATION,
                                         .fact = station->key,
                                         .group = station->group,
                                         .project = station->project,
                                         .days = {station->days.first, day - 1}});
    const Day last = mover->later == NULL ? DAY_OPEN : mover->later->days.first - 1;
    add_fact(mover->plan, (MoveFact){.act = MOVE_OPEN,
                                     .kind = KIND_STATION,
                                     .group = mover->question->group->key,
                                     .project = mover->question->to,
                                     .days = {day, last}});
}

static void plan_posting(Mover *mover, const Posting *posting)
{
    const Day day = mover->world->day;
    const bool is_fresh = posting->days.first >= day;
    MoveFact fact = {.act = is_fresh ? MOVE_VOID : MOVE_CLOSE,
                     .kind = KIND_POSTING,
                     .fact = posting->key,
                     .group = posting->crew,
                     .person = posting->person,
                     .project = posting->project,
                     .days = {posting->days.first, is_fresh ? posting->days.last : day - 1},
                     .is_core = true};
    add_fact(mover->plan, fact);
    /* The crew stays where it is, unless it is the crew that moves. */
    const bool moves_crew = posting->crew == mover->question->group->key;
    fact.act = MOVE_OPEN;
    fact.fact = KEY_NONE;
    fact.group = moves_crew ? posting->crew : KEY_NONE;
    fact.project = mover->question->to;
    fact.days = (DayRange){day, posting->days.last};
    add_fact(mover->plan, fact);
}

static ErrCode plan_facts(Mover *mover, Arena *arena, Err *err)
{
    const MoveQuestion *question = mover->question;
    mover->plan->facts = arena_array(arena, MoveFact, 2 + 2 * question->member_count);
    if (mover->plan->facts == NULL)
        return err_set(err, ERR_LIMIT, "%zu members are too many here", question->member_count);
    plan_station(mover);
    for (size_t i = 0; i < question->member_count; i++)
        if (is_carried(mover, &question->members[i]))
            plan_posting(mover, &question->members[i].posting);
    return OK;
}

/* ---- The world after ---- */

static void carry_heads(const Mover *mover, HeadCount *heads)
{
    const MoveQuestion *question = mover->question;
    for (size_t i = 0; i < question->member_count; i++) {
        if (!is_carried(mover, &question->members[i])) continue;
        const PartyStanding party = question->members[i].party;
        const HeadCount one = {.formal = party == PARTY_FORMAL,
                               .probationary = party == PARTY_PROBATIONARY,
                               .people = 1};
        if (mover->from != INDEX_NONE) {
            heads[mover->from].formal -= one.formal;
            heads[mover->from].probationary -= one.probationary;
            heads[mover->from].people -= one.people;
        }
        heads[mover->to].formal += one.formal;
        heads[mover->to].probationary += one.probationary;
        heads[mover->to].people += one.people;
    }
}

/* The leader stays a member when carried along, when waiting there, or when a member for a reason
 * that has nothing to do with the old project. */
static bool is_leader_member_after(const Mover *mover, const Leader *leader)
{
    const MoveQuestion *question = mover->question;
    if (question->is_leader_at_target) return true;
    for (size_t i = 0; i < question->member_count; i++)
        if (question->members[i].posting.person == leader->person)
            return is_carried(mover, &question->members[i]);
    return leader->is_member;
}

static ErrCode make_world_after(const Mover *mover, Arena *arena, World *out_world, Err *err)
{
    const World *world = mover->world;
    assert(mover->station != NULL); /* check_origin() stops a move without one */
    HeadCount *heads = arena_array(arena, HeadCount, world->project_count);
    Leader *leaders = arena_array(arena, Leader, world->group_count);
    Station *stations = arena_array(arena, Station, world->station_count + 1);
    if (heads == NULL || leaders == NULL || stations == NULL)
        return err_set(err, ERR_LIMIT, "no room to preview a move");
    if (world->project_count > 0) memcpy(heads, world->heads, world->project_count * sizeof *heads);
    if (world->group_count > 0)
        memcpy(leaders, world->leaders, world->group_count * sizeof *leaders);
    carry_heads(mover, heads);
    if (mover->group != INDEX_NONE)
        leaders[mover->group].is_member =
            is_leader_member_after(mover, &world->leaders[mover->group]);

    size_t count = 0;
    for (size_t i = 0; i < world->station_count; i++)
        if (world->stations[i].key != mover->station->key) stations[count++] = world->stations[i];
    stations[count++] = (Station){.key = mover->station->key,
                                  .group = mover->question->group->key,
                                  .project = mover->question->to,
                                  .days = {world->day, DAY_OPEN}};
    *out_world = *world;
    out_world->heads = heads;
    out_world->leaders = leaders;
    out_world->stations = stations;
    out_world->station_count = count;
    return OK;
}

/* ---- What changes, and what to know ---- */

static ErrCode compare_worlds(Mover *mover, const Coverage *before, const Coverage *after,
                              Arena *arena, Err *err)
{
    const World *world = mover->world;
    MovePlan *plan = mover->plan;
    plan->others = arena_array(arena, MoveSide, world->project_count);
    if (plan->others == NULL) return err_set(err, ERR_LIMIT, "no room to preview a move");
    for (size_t i = 0; i < world->project_count; i++) {
        const MoveSide side = {world->projects[i].key, before[i], after[i]};
        if (i == mover->from)
            plan->from = side;
        else if (i == mover->to)
            plan->to = side;
        else if (before[i].state != after[i].state || before[i].group != after[i].group ||
                 before[i].host != after[i].host)
            plan->others[plan->other_count++] = side;
    }
    return OK;
}

static void find_effects(Mover *mover)
{
    const MovePlan *plan = mover->plan;
    const bool is_party = mover->question->group->kind == GROUP_KIND_IS_PARTY;
    if (plan->from.project != KEY_NONE && plan->from.after.state == COVERAGE_UNCOVERED) {
        const int64_t stay = plan->from.after.heads.formal + plan->from.after.heads.probationary;
        find(mover, stay > 0 ? REASON_LEAVES_UNCOVERED : REASON_OLD_SITE_UNCOVERED,
             plan->from.project, (DayRange){0}, stay);
    }
    for (size_t i = 0; i < plan->other_count; i++)
        if (plan->others[i].after.state == COVERAGE_UNCOVERED &&
            plan->others[i].before.state != COVERAGE_UNCOVERED)
            find(mover, REASON_LOSES_NEIGHBOUR, plan->others[i].project, (DayRange){0}, 0);
    if (is_party && plan->to.after.state == COVERAGE_UNCOVERED)
        find(mover, REASON_TARGET_STAYS_UNCOVERED, plan->to.project, (DayRange){0}, 0);
}

static void find_notes(Mover *mover)
{
    const World *world = mover->world;
    const MoveQuestion *question = mover->question;
    for (size_t i = 0; i < world->station_count; i++) {
        const Station *station = &world->stations[i];
        if (station->project != question->to || !range_has(station->days, world->day)) continue;
        const size_t group = find_group(world, station->group);
        if (group != INDEX_NONE && world->groups[group].kind == question->group->kind)
            find(mover, REASON_TARGET_HAS_GROUP, station->group, station->days, 0);
    }
    if (count_carried(mover) == 0)
        find(mover, REASON_NO_CORE_MEMBERS, question->group->key, (DayRange){0}, 0);
    if (mover->later != NULL)
        find(mover, REASON_LATER_STATION, question->group->key, mover->later->days, 0);
    if (mover->group == INDEX_NONE) return;
    const Leader *leader = &world->leaders[mover->group];
    if (leader->office != KEY_NONE && leader->is_member && !is_leader_member_after(mover, leader))
        find(mover, REASON_LEADER_STAYS, leader->person, (DayRange){0}, 0);
}

ErrCode move_preview(const World *world, const CoverageRules *rules, const MoveQuestion *question,
                     Arena *arena, MovePlan *out_plan, Err *err)
{
    assert(world != NULL && rules != NULL && question != NULL);
    assert(question->group != NULL && arena != NULL && out_plan != NULL);
    MovePlan plan = {0};
    reasons_init(&plan.findings, arena);
    Mover mover = {.world = world,
                   .question = question,
                   .plan = &plan,
                   .from = INDEX_NONE,
                   .to = find_project(world, question->to),
                   .group = find_group(world, question->group->key)};
    find_stations(&mover);
    check_target(&mover);
    check_origin(&mover);
    plan.is_possible = !has_error(&plan.findings);

    Coverage *before = NULL;
    TRY(coverage_run(world, rules, arena, &before, err));
    Coverage *after = before;
    if (plan.is_possible) {
        World later;
        TRY(plan_facts(&mover, arena, err));
        TRY(make_world_after(&mover, arena, &later, err));
        TRY(coverage_run(&later, rules, arena, &after, err));
    }
    TRY(compare_worlds(&mover, before, after, arena, err));
    if (plan.is_possible) {
        find_notes(&mover);
        find_effects(&mover);
    }
    TRY(reasons_check(&plan.findings, err));
    *out_plan = plan;
    return OK;
}
