#include "people/membership.h"

#include <assert.h>
#include <stdlib.h>

#include "base/map.h"

static RuleCode rule_of_kind(int kind)
{
    return kind == GROUP_KIND_IS_PARTY   ? RULE_PARTY_MEMBERSHIP
           : kind == GROUP_KIND_IS_UNION ? RULE_UNION_MEMBERSHIP
                                         : RULE_CREW_MEMBERSHIP;
}

static const Group *find_group(const MembershipFacts *facts, Key key)
{
    for (size_t i = 0; i < facts->group_count; i++)
        if (facts->groups[i].key == key) return &facts->groups[i];
    return NULL;
}

/* One question on its way to an answer. */
typedef struct Inquiry {
    const MembershipFacts *facts;
    const Group *group;
    const PersonStays *person;
    Day day;
    const Stay *stay; /* NULL when not posted */
    ReasonList *why;
} Inquiry;

static void say(const Inquiry *inquiry, Reason reason)
{
    if (reason.rule == RULE_NONE) reason.rule = rule_of_kind(inquiry->group->kind);
    reasons_add(inquiry->why, reason);
}

/* The exception of an effect that holds on the day; of several the one with the largest key. */
static const Exception *exception_of(const Inquiry *inquiry, int effect)
{
    const Exception *found = NULL;
    for (size_t i = 0; i < inquiry->facts->exception_count; i++) {
        const Exception *one = &inquiry->facts->exceptions[i];
        if (one->group != inquiry->group->key || one->person != inquiry->person->person ||
            one->effect != effect || !range_has(one->days, inquiry->day))
            continue;
        if (found == NULL || one->key > found->key) found = one;
    }
    return found;
}

static void say_exception(const Inquiry *inquiry, ReasonCode code, const Exception *exception)
{
    say(inquiry, (Reason){.code = code,
                          .rule = RULE_EXCEPTION,
                          .kind = KIND_EXCEPTION,
                          .fact = exception->key,
                          .subject = inquiry->group->key,
                          .days = exception->days});
}

/* ---- Posted ---- */

/* The stay before and the stay after a day without one. */
static void say_not_posted(const Inquiry *inquiry)
{
    const Stays stays = inquiry->person->stays;
    const Stay *before = NULL;
    const Stay *after = NULL;
    for (size_t i = 0; i < stays.count; i++) {
        if (stays.items[i].days.last < inquiry->day) before = &stays.items[i];
        if (stays.items[i].days.first > inquiry->day && after == NULL) after = &stays.items[i];
    }
    say(inquiry, (Reason){.code = REASON_NOT_POSTED, .rule = RULE_ABSORPTION});
    if (before != NULL)
        say(inquiry, (Reason){.code = REASON_POSTING_ENDED,
                              .rule = RULE_ABSORPTION,
                              .kind = KIND_POSTING,
                              .fact = before->posting,
                              .days = before->days});
    if (after != NULL)
        say(inquiry, (Reason){.code = REASON_POSTING_AHEAD,
                              .rule = RULE_ABSORPTION,
                              .kind = KIND_POSTING,
                              .fact = after->posting,
                              .days = after->days});
}

/* All days of the stay's posting, not only those on which nothing else changed. */
static DayRange posting_days(const Inquiry *inquiry)
{
    const Stays stays = inquiry->person->stays;
    DayRange days = inquiry->stay->days;
    for (size_t i = 0; i < stays.count; i++) {
        if (stays.items[i].posting != inquiry->stay->posting) continue;
        if (stays.items[i].days.first < days.first) days.first = stays.items[i].days.first;
        if (stays.items[i].days.last > days.last) days.last = stays.items[i].days.last;
    }
    return days;
}

static bool is_posted(const Inquiry *inquiry)
{
    if (inquiry->stay == NULL) {
        say_not_posted(inquiry);
        return false;
    }
    say(inquiry,
        (Reason){.code = inquiry->stay->is_pending ? REASON_NOT_CONFIRMED : REASON_POSTED_HERE,
                 .rule = RULE_ABSORPTION,
                 .kind = KIND_POSTING,
                 .fact = inquiry->stay->posting,
                 .subject = inquiry->stay->project,
                 .days = posting_days(inquiry)});
    return !inquiry->stay->is_pending;
}

/* ---- The group is there ---- */

static const Station *station_at(const Inquiry *inquiry, Key project)
{
    for (size_t i = 0; i < inquiry->facts->station_count; i++) {
        const Station *station = &inquiry->facts->stations[i];
        if (station->group == inquiry->group->key && station->project == project &&
            range_has(station->days, inquiry->day))
            return station;
    }
    return NULL;
}

/* Crews are where their work is; nobody's crew is attached elsewhere. */
static const Attachment *attachment_of(const Inquiry *inquiry, Key project)
{
    if (inquiry->group->kind == GROUP_KIND_IS_CREW) return NULL;
    for (size_t i = 0; i < inquiry->facts->attachment_count; i++) {
        const Attachment *attachment = &inquiry->facts->attachments[i];
        if (attachment->group == inquiry->group->key && attachment->project == project &&
            range_has(attachment->days, inquiry->day))
            return attachment;
    }
    return NULL;
}

/* How many groups of this kind are stationed at a project; *out_one is one of them that is not
 * the group asked for. Two stations of one group count once. */
static size_t count_there(const Inquiry *inquiry, Key project, const Group **out_one)
{
    const MembershipFacts *facts = inquiry->facts;
    size_t count = 0;
    for (size_t g = 0; g < facts->group_count; g++) {
        const Group *group = &facts->groups[g];
        if (group->kind != inquiry->group->kind) continue;
        for (size_t i = 0; i < facts->station_count; i++) {
            const Station *station = &facts->stations[i];
            if (station->group != group->key || station->project != project ||
                !range_has(station->days, inquiry->day))
                continue;
            if (group->key != inquiry->group->key && out_one != NULL) *out_one = group;
            count++;
            break;
        }
    }
    return count;
}

static bool is_group_there(const Inquiry *inquiry)
{
    const Key project = inquiry->stay->project;
    Reason reason = {.subject = inquiry->group->key};
    const Station *station = station_at(inquiry, project);
    if (station != NULL) {
        reason.code = REASON_STATIONED_HERE;
        reason.kind = KIND_STATION;
        reason.fact = station->key;
        reason.days = station->days;
        say(inquiry, reason);
        return true;
    }
    const Attachment *attachment = attachment_of(inquiry, project);
    if (attachment != NULL) {
        const bool is_derived = attachment->key == KEY_NONE;
        reason.code = is_derived ? REASON_PROJECT_ATTACHED_NEAR : REASON_PROJECT_ATTACHED;
        reason.rule = is_derived ? RULE_ATTACH_NEAR : RULE_ATTACH_NAMED;
        reason.kind = is_derived ? KIND_PROJECT : KIND_ATTACHMENT;
        reason.fact = is_derived ? project : attachment->key;
        reason.days = attachment->days;
        say(inquiry, reason);
        return true;
    }
    reason.code = REASON_GROUP_NOT_HERE;
    say(inquiry, reason);
    const Group *other = NULL;
    (void)count_there(inquiry, project, &other);
    if (other != NULL)
        say(inquiry, (Reason){.code = REASON_PROJECT_HAS_OWN,
                              .kind = KIND_GROUP,
                              .fact = other->key,
                              .subject = other->key});
    return false;
}

/* ---- The person is one ---- */

static bool has_party_standing(const Inquiry *inquiry)
{
    const PartyStanding party = inquiry->stay == NULL ? PARTY_NONE : inquiry->stay->party;
    if (party == PARTY_NONE) {
        say(inquiry, (Reason){.code = REASON_NOT_PARTY_MEMBER});
        return false;
    }
    const Standing *standing = party_standing_on(inquiry->person->standings,
                                                 inquiry->person->standing_count, inquiry->day);
    Reason reason = {.code = party == PARTY_FORMAL ? REASON_IS_PARTY_FORMAL
                                                   : REASON_IS_PARTY_PROBATIONARY};
    if (standing != NULL) {
        reason.kind = KIND_STANDING;
        reason.fact = standing->key;
        reason.days = standing->days;
    }
    say(inquiry, reason);
    return true;
}

static bool has_union_standing(const Inquiry *inquiry)
{
    if (inquiry->stay == NULL || !inquiry->stay->is_union) {
        say(inquiry, (Reason){.code = REASON_NOT_UNION_MEMBER});
        return false;
    }
    const Standing *standing = union_standing_on(inquiry->person->standings,
                                                 inquiry->person->standing_count, inquiry->day);
    Reason reason = {.code = REASON_IS_UNION_MEMBER};
    if (standing != NULL) {
        reason.kind = KIND_STANDING;
        reason.fact = standing->key;
        reason.days = standing->days;
    }
    say(inquiry, reason);
    return true;
}

static bool is_in_crew(const Inquiry *inquiry)
{
    const Stay *stay = inquiry->stay;
    const Key group = inquiry->group->key;
    Reason reason = {.kind = KIND_POSTING, .fact = stay->posting, .subject = group};
    if (stay->crew == group) {
        reason.code = REASON_CREW_NAMED;
        say(inquiry, reason);
        reason.code = REASON_CREW_NOT_STATIONED;
        if (station_at(inquiry, stay->project) == NULL) say(inquiry, reason);
        return true;
    }
    if (stay->crew != KEY_NONE) {
        reason.code = REASON_OTHER_CREW;
        reason.subject = stay->crew;
        say(inquiry, reason);
        return false;
    }
    const Station *station = station_at(inquiry, stay->project);
    if (station == NULL) return is_group_there(inquiry) && false; /* says why it is not there */
    const size_t crews = count_there(inquiry, stay->project, NULL);
    if (crews > 1 || !inquiry->facts->only_crew_takes_all) {
        reason.code = REASON_WHICH_CREW;
        reason.have = (int64_t)crews;
        say(inquiry, reason);
        return false;
    }
    (void)is_group_there(inquiry); /* says where it is stationed */
    reason.code = REASON_ONLY_CREW;
    say(inquiry, reason);
    return true;
}

static bool is_member_by_rule(const Inquiry *inquiry)
{
    if (!is_posted(inquiry)) return false;
    if (inquiry->group->kind == GROUP_KIND_IS_CREW) return is_in_crew(inquiry);
    const bool is_there = is_group_there(inquiry);
    const bool is_one = inquiry->group->kind == GROUP_KIND_IS_PARTY ? has_party_standing(inquiry)
                                                                    : has_union_standing(inquiry);
    return is_there && is_one;
}

/* Somebody included who is none by status stays included, but somebody should look at it. */
static void question_inclusion(const Inquiry *inquiry, const Exception *included)
{
    const PersonStays *person = inquiry->person;
    const int kind = inquiry->group->kind;
    const Standing *standing =
        kind == GROUP_KIND_IS_PARTY
            ? party_standing_on(person->standings, person->standing_count, inquiry->day)
            : union_standing_on(person->standings, person->standing_count, inquiry->day);
    if (kind == GROUP_KIND_IS_CREW || standing != NULL) return;
    say_exception(inquiry, REASON_INCLUDED_WITHOUT_STANDING, included);
}

ErrCode membership_ask(const MembershipFacts *facts, const Group *group, const PersonStays *person,
                       Day day, ReasonList *why, bool *out_is_member, Err *err)
{
    assert(facts != NULL && group != NULL && person != NULL);
    assert(why != NULL && out_is_member != NULL);
    const Inquiry inquiry = {.facts = facts,
                             .group = group,
                             .person = person,
                             .day = day,
                             .stay = stay_on(person->stays, day),
                             .why = why};
    const Exception *excluded = exception_of(&inquiry, EFFECT_IS_EXCLUDE);
    const Exception *included = exception_of(&inquiry, EFFECT_IS_INCLUDE);
    bool is_member = false;
    if (excluded != NULL) {
        say_exception(&inquiry, REASON_EXCLUDED, excluded);
        if (included != NULL) say_exception(&inquiry, REASON_EXCEPTIONS_CONTRADICT, included);
    } else if (included != NULL) {
        say_exception(&inquiry, REASON_INCLUDED, included);
        question_inclusion(&inquiry, included);
        is_member = true;
    } else {
        is_member = is_member_by_rule(&inquiry);
    }
    TRY(reasons_check(why, err));
    *out_is_member = is_member;
    return OK;
}

/* ---- The whole roster ---- */

/* What the roster needs to know once for all people. */
typedef struct RosterRules {
    Map reach;      /* projects whose people the group takes -> 1 */
    Map exceptions; /* person -> EFFECT_IS_... ; exclusion wins */
    Map crews;      /* project -> the only crew there, or -1 for several */
} RosterRules;

static ErrCode note_reach(RosterRules *rules, const MembershipFacts *facts, const Group *group,
                          Day day, Err *err)
{
    for (size_t i = 0; i < facts->station_count; i++)
        if (facts->stations[i].group == group->key && range_has(facts->stations[i].days, day))
            TRY(map_put(&rules->reach, facts->stations[i].project, 1, err));
    if (group->kind == GROUP_KIND_IS_CREW) return OK;
    for (size_t i = 0; i < facts->attachment_count; i++)
        if (facts->attachments[i].group == group->key && range_has(facts->attachments[i].days, day))
            TRY(map_put(&rules->reach, facts->attachments[i].project, 1, err));
    return OK;
}

static ErrCode note_exceptions(RosterRules *rules, const MembershipFacts *facts, const Group *group,
                               Day day, Err *err)
{
    for (size_t i = 0; i < facts->exception_count; i++) {
        const Exception *exception = &facts->exceptions[i];
        if (exception->group != group->key || !range_has(exception->days, day)) continue;
        int64_t before = 0;
        if (map_find(&rules->exceptions, exception->person, &before) && before == EFFECT_IS_EXCLUDE)
            continue;
        TRY(map_put(&rules->exceptions, exception->person, exception->effect, err));
    }
    return OK;
}

static ErrCode note_crews(RosterRules *rules, const MembershipFacts *facts, const Group *group,
                          Day day, Arena *arena, Err *err)
{
    if (group->kind != GROUP_KIND_IS_CREW) return OK;
    Map kinds;
    map_init(&kinds, arena);
    for (size_t i = 0; i < facts->group_count; i++)
        TRY(map_put(&kinds, facts->groups[i].key, facts->groups[i].kind, err));
    for (size_t i = 0; i < facts->station_count; i++) {
        const Station *station = &facts->stations[i];
        int64_t kind = 0;
        if (!range_has(station->days, day) || !map_find(&kinds, station->group, &kind) ||
            kind != GROUP_KIND_IS_CREW)
            continue;
        int64_t crew = station->group;
        if (map_find(&rules->crews, station->project, &crew) && crew != station->group) crew = -1;
        TRY(map_put(&rules->crews, station->project, crew, err));
    }
    return OK;
}

static bool takes(const RosterRules *rules, const MembershipFacts *facts, const Group *group,
                  const Stay *stay)
{
    if (stay == NULL || stay->is_pending) return false;
    int64_t found = 0;
    if (group->kind == GROUP_KIND_IS_CREW) {
        if (stay->crew != KEY_NONE) return stay->crew == group->key;
        return facts->only_crew_takes_all && map_find(&rules->crews, stay->project, &found) &&
               found == group->key;
    }
    if (!map_find(&rules->reach, stay->project, &found)) return false;
    return group->kind == GROUP_KIND_IS_PARTY ? stay->party != PARTY_NONE : stay->is_union;
}

static Member member_of(const PersonStays *person, const Stay *stay, Day day, bool by_exception)
{
    Member member = {.person = person->person, .by_exception = by_exception};
    if (stay != NULL && !stay->is_pending) {
        member.posting = stay->posting;
        member.project = stay->project;
        member.party = stay->party;
        member.is_core = stay->is_core;
        return member;
    }
    const Standing *standing = party_standing_on(person->standings, person->standing_count, day);
    if (standing != NULL)
        member.party =
            standing->standing == STANDING_IS_PARTY_FORMAL ? PARTY_FORMAL : PARTY_PROBATIONARY;
    return member;
}

ErrCode membership_roster(const MembershipFacts *facts, const Group *group,
                          const PersonStays *people, size_t person_count, Day day, Arena *arena,
                          Member **out_members, size_t *out_count, Err *err)
{
    assert(facts != NULL && group != NULL && arena != NULL);
    assert(out_members != NULL && out_count != NULL);
    RosterRules rules;
    map_init(&rules.reach, arena);
    map_init(&rules.exceptions, arena);
    map_init(&rules.crews, arena);
    TRY(note_reach(&rules, facts, group, day, err));
    TRY(note_exceptions(&rules, facts, group, day, err));
    TRY(note_crews(&rules, facts, group, day, arena, err));
    Member *members = arena_array(arena, Member, person_count);
    if (members == NULL)
        return err_set(err, ERR_LIMIT, "%zu people are too many here", person_count);

    size_t count = 0;
    for (size_t i = 0; i < person_count; i++) {
        const Stay *stay = stay_on(people[i].stays, day);
        int64_t effect = 0;
        const bool is_exception = map_find(&rules.exceptions, people[i].person, &effect);
        if (is_exception ? effect != EFFECT_IS_INCLUDE : !takes(&rules, facts, group, stay))
            continue;
        members[count++] = member_of(&people[i], stay, day, is_exception);
    }
    *out_members = members;
    *out_count = count;
    return OK;
}

/* Keys of groups, each once, in the order they were found. */
typedef struct KeyList {
    Key *keys;
    size_t count;
} KeyList;

static void key_add(KeyList *list, Key key)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->keys[i] == key) return;
    list->keys[list->count++] = key;
}

static void add_groups_at(const MembershipFacts *facts, Key project, Day day, KeyList *list)
{
    for (size_t i = 0; i < facts->station_count; i++)
        if (facts->stations[i].project == project && range_has(facts->stations[i].days, day))
            key_add(list, facts->stations[i].group);
    for (size_t i = 0; i < facts->attachment_count; i++)
        if (facts->attachments[i].project == project && range_has(facts->attachments[i].days, day))
            key_add(list, facts->attachments[i].group);
}

static void add_excepted_groups(const MembershipFacts *facts, Key person, Day day, KeyList *list)
{
    for (size_t i = 0; i < facts->exception_count; i++)
        if (facts->exceptions[i].person == person && range_has(facts->exceptions[i].days, day))
            key_add(list, facts->exceptions[i].group);
}

ErrCode membership_candidates(const MembershipFacts *facts, const PersonStays *person, Day day,
                              Arena *arena, const Group ***out_groups, size_t *out_count, Err *err)
{
    assert(facts != NULL && person != NULL && out_groups != NULL && out_count != NULL);
    const size_t most = facts->station_count + facts->attachment_count + facts->exception_count + 1;
    const Group **groups = arena_array(arena, const Group *, most);
    KeyList list = {.keys = arena_array(arena, Key, most)};
    if (groups == NULL || list.keys == NULL)
        return err_set(err, ERR_LIMIT, "%zu groups are too many here", most);
    const Stay *stay = stay_on(person->stays, day);
    if (stay != NULL && stay->crew != KEY_NONE) key_add(&list, stay->crew);
    if (stay != NULL) add_groups_at(facts, stay->project, day, &list);
    add_excepted_groups(facts, person->person, day, &list);

    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        const Group *group = find_group(facts, list.keys[i]);
        if (group != NULL) groups[count++] = group;
    }
    *out_groups = groups;
    *out_count = count;
    return OK;
}
