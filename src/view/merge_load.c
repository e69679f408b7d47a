#include "view/merge_load.h"

#define TITLE_BYTES_MAX 400

/* When the group stands at this very project. */
static ErrCode load_here(Source from, Key group, Key project, MergeGroup *merge, Err *err)
{
    Stations stations;
    size_t kept = 0;
    TRY(load_stations_of_group(from, group, &stations, err));
    for (size_t i = 0; i < stations.count; i++)
        if (stations.items[i].project == project) stations.items[kept++] = stations.items[i];
    DayRange *here = arena_array(from.arena, DayRange, kept);
    if (here == NULL) return list_full(kept, err);
    merge->here_count = join_stations(stations.items, kept, here);
    merge->here = here;
    return OK;
}

static ErrCode load_owed(Source from, const MergeAsk *ask, const MergeFacts *merging,
                         const Group *group, MergeGroup *merge, Err *err)
{
    DutyFacts facts;
    Obligation *owed = NULL;
    TRY(load_duty_facts(from, ask->utc_offset_minutes, group, &facts, err));
    facts.pack = merging->pack;
    facts.calendar = merging->calendar;
    merge->key = group->key;
    TRY(duties_of_group(&facts, ask->within, ask->today, from.arena, &owed, &merge->owed_count,
                        err));
    merge->owed = owed;
    return load_here(from, group->key, ask->project, merge, err);
}

/* ---- What is planned ---- */

typedef struct Planned {
    MergePlanned *items;
    size_t count;
    MergePart *parts; /* of all of them, as they come */
    size_t part_count;
    const MergeFacts *facts;
    Arena *arena;
} Planned;

/* Groups that do not stand here come behind those that do, each by a number of its own. */
static size_t group_number(const Planned *planned, Key group)
{
    size_t at = 0;
    while (at < planned->facts->group_count && planned->facts->groups[at].key != group)
        at++;
    return at < planned->facts->group_count ? at : at + (size_t)group;
}

static ErrCode add_planned_part(Planned *planned, const Query *row, Err *err)
{
    const Key key = query_int(row, 0);
    if (planned->count == 0 || planned->items[planned->count - 1].key != key) {
        planned->items =
            list_grow(planned->arena, planned->items, sizeof planned->items[0], planned->count);
        if (planned->items == NULL) return list_full(planned->count, err);
        planned->items[planned->count++] =
            (MergePlanned){.key = key, .day = (Day)query_int(row, 1)};
    }
    planned->parts =
        list_grow(planned->arena, planned->parts, sizeof planned->parts[0], planned->part_count);
    if (planned->parts == NULL) return list_full(planned->part_count, err);
    planned->parts[planned->part_count++] =
        (MergePart){group_number(planned, query_int(row, 2)), (int)query_int(row, 3)};
    planned->items[planned->count - 1].part_count++;
    return OK;
}

static ErrCode load_planned(Source from, const MergeAsk *ask, MergeFacts *facts, Err *err)
{
    AUTO(query_done) Query query = {0};
    Planned planned = {.facts = facts, .arena = from.arena};
    bool found = false;
    TRY(query_begin(&query, from.store, PLANNED_PARTS_AT, err));
    query_bind_int(&query, 1, from.shard);
    query_bind_int(&query, 2, ask->project);
    query_bind_int(&query, 3, ask->today);
    TRY(query_next(&query, &found, err));
    while (found) {
        TRY(add_planned_part(&planned, &query, err));
        TRY(query_next(&query, &found, err));
    }
    const MergePart *parts = planned.parts;
    for (size_t i = 0; i < planned.count; i++) {
        planned.items[i].parts = parts;
        parts += planned.items[i].part_count;
    }
    facts->planned = planned.items;
    facts->planned_count = planned.count;
    return OK;
}

/* ---- A proposal ---- */

static void add_number(Hash *hash, int64_t number)
{
    hash_add(hash, (Bytes){(const uint8_t *)&number, sizeof number});
}

static Digest digest_of(const MergeProposal *proposal)
{
    Hash hash;
    hash_init(&hash);
    add_number(&hash, proposal->facts.within.first);
    add_number(&hash, proposal->facts.within.last);
    for (size_t i = 0; i < proposal->plan.need_count; i++) {
        const MergeNeed *need = &proposal->plan.needs[i];
        const bool is_left = need->left != MERGE_LEFT_NOT;
        add_number(&hash, proposal->facts.groups[need->group].key);
        add_number(&hash, need->obligation->meeting);
        add_number(&hash, need->obligation->period.first);
        add_number(&hash, need->makes_up);
        add_number(&hash, is_left ? -1 : (int64_t)need->activity);
        add_number(&hash, is_left ? -1 : proposal->plan.activities[need->activity].day);
        add_number(&hash, need->joins == NULL ? KEY_NONE : need->joins->key);
        add_number(&hash, need->minutes);
    }
    return hash_result(&hash);
}

ErrCode merge_propose(Source from, const Pack *pack, const MergeAsk *ask,
                      MergeProposal *out_proposal, Err *err)
{
    MergeProposal proposal = {0};
    Calendar *calendar = arena_new(from.arena, Calendar);
    if (calendar == NULL) return list_full(0, err);
    TRY(load_calendar(from, calendar, err));
    TRY(load_groups_at(from, ask->project, ask->within, &proposal.groups, err));
    MergeGroup *groups = arena_array(from.arena, MergeGroup, proposal.groups.count);
    if (groups == NULL) return list_full(proposal.groups.count, err);
    proposal.facts = (MergeFacts){.pack = pack,
                                  .calendar = calendar,
                                  .groups = groups,
                                  .group_count = proposal.groups.count,
                                  .within = ask->within,
                                  .today = ask->today};
    for (size_t i = 0; i < proposal.groups.count; i++)
        TRY(load_owed(from, ask, &proposal.facts, &proposal.groups.items[i].facts, &groups[i],
                      err));
    TRY(load_planned(from, ask, &proposal.facts, err));
    TRY(merge_plan(&proposal.facts, from.arena, &proposal.plan, err));
    proposal.digest = digest_of(&proposal);
    *out_proposal = proposal;
    return OK;
}

static bool is_named_before(const MergeActivity *activity, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (activity->needs[i]->obligation->meeting == activity->needs[at]->obligation->meeting)
            return true;
    return false;
}

ErrCode merge_title(const MergeActivity *activity, Arena *arena, Text *out_title, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    const FieldInfo *meeting = vocab_field(vocab_kind(KIND_PART), PART_MEETING);
    buf_init(&words, TITLE_BYTES_MAX);
    for (size_t i = 0; i < activity->need_count; i++) {
        const Choice *choice =
            vocab_choice(meeting->among, activity->needs[i]->obligation->meeting);
        if (is_named_before(activity, i)) continue;
        if (words.size > 0) buf_add_z(&words, "＋");
        buf_add_z(&words, choice->zh);
    }
    TRY(buf_check(&words, err));
    return text_copy(arena, buf_as_text(&words), out_title, err);
}
