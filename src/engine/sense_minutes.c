#include "duties/matter.h"
#include "engine/meeting.h"
#include "store/rows.h"

#define VOTES_MAX 100000

/* Whether minutes make sense: rolls, attendance, topics, briefings and their checks. */

/* A part that something of an activity names is a part of that activity. */
static ErrCode check_own_part(Engine *engine, const Record *record, unsigned activity_field,
                              unsigned part_field, Arena *arena, Record *out_part, Err *err)
{
    Key key = KEY_NONE;
    TRY(load_ref(engine, record, part_field, KIND_PART, arena, &key, out_part, err));
    if (id_equal(record_ref(out_part, PART_ACTIVITY), record_ref(record, activity_field)))
        return OK;
    return err_set(err, ERR_INVALID, "\"part\" is of another activity");
}

/* ---- The roll ---- */

static ErrCode check_exclusion(Engine *engine, const Record *record, const Record *activity,
                               Err *err)
{
    const int why = (int)record_int(record, ROLL_EXCLUDED, 0);
    const Day day = (Day)record_int(activity, ACTIVITY_DAY, 0);
    const bool is_away = why == EXCLUSION_IS_AWAY || why == EXCLUSION_IS_ABROAD;
    if (why == 0) return OK;
    if (is_away && !record_has(record, ROLL_AWAY_FROM))
        return err_set(err, ERR_INVALID,
                       "\"away_from\" is missing: since which day is this member away?");
    if (record_int(record, ROLL_AWAY_FROM, day) > day)
        return err_set(err, ERR_INVALID, "\"away_from\" is after the activity");
    if (record_has(record, ROLL_APPROVAL) ||
        !pack_bool(engine->node->pack, PARAMETER_NOT_COUNTED_APPROVAL, day))
        return OK;
    return err_set(err, ERR_INVALID,
                   "\"approval\" is missing: nobody is left out of the count without the consent "
                   "of the organisation above and of the meeting");
}

static ErrCode check_roll(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    AUTO(query_done) Query query = {0};
    Record part;
    Record activity;
    Key part_key = KEY_NONE;
    Key key = KEY_NONE;
    Key person = KEY_NONE;
    bool found = false;
    TRY(load_ref(engine, record, ROLL_PART, KIND_PART, arena, &part_key, &part, err));
    TRY(load_ref(engine, &part, PART_ACTIVITY, KIND_ACTIVITY, arena, &key, &activity, err));
    TRY(find_thing(engine, record_ref(record, ROLL_PERSON), KIND_PERSON, "person", &person, err));
    TRY(query_begin(&query, engine->store, ROLL_OF_PART, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, part_key);
    TRY(query_next(&query, &found, err));
    while (found) {
        if (query_int(&query, 0) != subject && query_int(&query, 1) == person)
            return err_set(err, ERR_CONFLICT, "this person is on the roll already: change that");
        TRY(query_next(&query, &found, err));
    }
    return check_exclusion(engine, record, &activity, err);
}

/* ---- Attendance ---- */

static bool is_there(const Record *record)
{
    const int status = (int)record_int(record, ATTENDANCE_STATUS, 0);
    return status == ATTENDANCE_IS_PRESENT || status == ATTENDANCE_IS_ONLINE ||
           status == ATTENDANCE_IS_OBSERVER;
}

static ErrCode check_days(const Engine *engine, const Record *record, const Record *activity,
                          Err *err)
{
    const Day day = (Day)record_int(activity, ACTIVITY_DAY, 0);
    const Day today = node_today(engine->node);
    if (is_there(record) && day > today + 1)
        return err_set(err, ERR_INVALID,
                       "this has not taken place yet: nobody can have been there");
    if (!record_has(record, ATTENDANCE_READ_ON)) return OK;
    const Day read = (Day)record_int(record, ATTENDANCE_READ_ON, 0);
    if (is_there(record)) return err_set(err, ERR_INVALID, "who was there has nothing to make up");
    if (read >= day && read <= today + 1) return OK;
    return err_set(err, ERR_INVALID, "\"read_on\" is between the activity's day and today");
}

static ErrCode check_attendance(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    Record activity;
    Record part;
    Key key = KEY_NONE;
    TRY(load_ref(engine, record, ATTENDANCE_ACTIVITY, KIND_ACTIVITY, arena, &key, &activity, err));
    if (record_has(record, ATTENDANCE_PART))
        TRY(check_own_part(engine, record, ATTENDANCE_ACTIVITY, ATTENDANCE_PART, arena, &part,
                           err));
    if (record_int(&activity, ACTIVITY_PROGRESS, 0) == PROGRESS_IS_CANCELLED)
        return err_set(err, ERR_CONFLICT, "this activity was cancelled: nobody attends it");
    if (record_int(record, ATTENDANCE_STATUS, 0) == ATTENDANCE_IS_LEAVE &&
        !record_has(record, ATTENDANCE_REASON))
        return err_set(err, ERR_INVALID, "\"reason\" is missing: a leave has one");
    return check_days(engine, record, &activity, err);
}

/* ---- Topics ---- */

static bool has_votes(const Record *record)
{
    return record_has(record, TOPIC_BALLOT) || record_has(record, TOPIC_FOR) ||
           record_has(record, TOPIC_AGAINST) || record_has(record, TOPIC_ABSTAINED) ||
           record_has(record, TOPIC_WRITTEN);
}

/* What only one kind of group may speak of, with the rule that says so and where it is written. */
static ErrCode refuse_matter(const Record *record, const Rule *rule, int kind, Err *err)
{
    const FieldInfo *matter = vocab_field(record->kind, TOPIC_MATTER);
    const FieldInfo *of = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND);
    return err_set(
        err, ERR_INVALID, "%s is only for the own part of a %s (rule %s: %.*s): say which \"part\"",
        vocab_choice(matter->among, (int)record_int(record, TOPIC_MATTER, 0))->en,
        vocab_choice(of->among, kind)->en, rule_name(rule->code), TEXT_ARG(rule->title_en));
}

/* A temporary branch leaves some matters to the branches its members formally belong to. */
static ErrCode check_form(Engine *engine, const Record *record, int form, Day day, Err *err)
{
    const int matter = (int)record_int(record, TOPIC_MATTER, 0);
    const Rule *rule = matter_beyond(engine->node->pack, matter, form, day);
    if (rule == NULL) return OK;
    return err_set(err, ERR_INVALID,
                   "%s is not for a temporary branch (rule %s: %.*s): it belongs to the branch of "
                   "the formal relation",
                   vocab_choice(vocab_field(record->kind, TOPIC_MATTER)->among, matter)->en,
                   rule_name(rule->code), TEXT_ARG(rule->title_en));
}

static ErrCode check_votes(const Record *record, Err *err)
{
    static const unsigned counts[] = {TOPIC_FOR, TOPIC_AGAINST, TOPIC_ABSTAINED, TOPIC_WRITTEN};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const int64_t votes = record_int(record, counts[i], 0);
        if (votes < 0 || votes > VOTES_MAX)
            return err_set(err, ERR_INVALID, "\"%s\" is a number of votes",
                           vocab_field(record->kind, counts[i])->name);
    }
    if (!has_votes(record) || record_has(record, TOPIC_PART)) return OK;
    return err_set(err, ERR_INVALID,
                   "one group votes, not all together: say which \"part\" this vote is of");
}

static ErrCode check_topic(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    Record activity;
    Record part;
    Record group;
    Key key = KEY_NONE;
    int apart = 0;
    int kind = 0;
    TRY(load_ref(engine, record, TOPIC_ACTIVITY, KIND_ACTIVITY, arena, &key, &activity, err));
    if (record_has(record, TOPIC_PART)) {
        TRY(check_own_part(engine, record, TOPIC_ACTIVITY, TOPIC_PART, arena, &part, err));
        TRY(load_ref(engine, &part, PART_GROUP, KIND_GROUP, arena, &key, &group, err));
        kind = (int)record_int(&group, GROUP_KIND, 0);
        TRY(check_form(engine, record, (int)record_int(&group, GROUP_FORM, 0),
                       (Day)record_int(&activity, ACTIVITY_DAY, 0), err));
    }
    const Rule *rule = matter_apart(engine->node->pack, (int)record_int(record, TOPIC_MATTER, 0),
                                    (Day)record_int(&activity, ACTIVITY_DAY, 0), &apart);
    if (rule != NULL && kind != apart) return refuse_matter(record, rule, apart, err);
    return check_votes(record, err);
}

/* ---- Briefings before the shift ---- */

#define RISK_LEVEL_MAX 5

static ErrCode check_risk(const Record *record, Err *err)
{
    const bool has_scheme = record_has(record, BRIEFING_RISK_SCHEME);
    const int64_t level = record_int(record, BRIEFING_RISK_LEVEL, 1);
    if (has_scheme != record_has(record, BRIEFING_RISK_LEVEL))
        return err_set(err, ERR_INVALID,
                       "a level means nothing without its numbering: say both \"risk_scheme\" and "
                       "\"risk_level\"");
    if (level >= 1 && level <= RISK_LEVEL_MAX) return OK;
    return err_set(err, ERR_INVALID, "\"risk_level\" is 1 to %d", RISK_LEVEL_MAX);
}

static ErrCode check_briefing(Engine *engine, Key subject, const Record *record, Arena *arena,
                              Err *err)
{
    AUTO(query_done) Query query = {0};
    Record part;
    Key key = KEY_NONE;
    bool found = false;
    TRY(load_ref(engine, record, BRIEFING_PART, KIND_PART, arena, &key, &part, err));
    if (record_int(&part, PART_MEETING, 0) != MEETING_IS_PRE_SHIFT)
        return err_set(err, ERR_INVALID, "a briefing is part of a pre-shift talk");
    TRY(query_begin(&query, engine->store, BRIEFINGS_OF_PART, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, key);
    TRY(query_next(&query, &found, err));
    if (found && query_int(&query, 0) != subject)
        return err_set(err, ERR_CONFLICT, "this talk has its briefing already: change that");
    return check_risk(record, err);
}

/* The list that held on the day of the talk has a line of that code. */
ErrCode check_new_check(Engine *engine, const Record *briefing, const Record *check, Arena *arena,
                        Err *err)
{
    Record part;
    Record activity;
    Key key = KEY_NONE;
    const Text item = record_text(check, CHECK_ITEM);
    TRY(load_ref(engine, briefing, BRIEFING_PART, KIND_PART, arena, &key, &part, err));
    TRY(load_ref(engine, &part, PART_ACTIVITY, KIND_ACTIVITY, arena, &key, &activity, err));
    const Rule *rule = pack_rule(engine->node->pack, RULE_PRE_SHIFT_CHECKS,
                                 (Day)record_int(&activity, ACTIVITY_DAY, 0));
    if (rule != NULL && checklist_find(&rule->list, item) != NULL) return OK;
    return err_set(err, ERR_INVALID, "\"item\": the checklist of that day has no line \"%.*s\"",
                   item.size > 40 ? 40 : (int)item.size, item.at);
}

static ErrCode check_check(Engine *engine, Key subject, const Record *record, Arena *arena,
                           Err *err)
{
    AUTO(query_done) Query query = {0};
    Record briefing;
    Key key = KEY_NONE;
    bool found = false;
    TRY(load_ref(engine, record, CHECK_BRIEFING, KIND_BRIEFING, arena, &key, &briefing, err));
    TRY(query_begin(&query, engine->store, CHECKS_OF_BRIEFING, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, key);
    TRY(query_next(&query, &found, err));
    while (found) {
        Text item;
        TRY(query_text(&query, 1, arena, &item, err));
        if (query_int(&query, 0) != subject && text_equal(item, record_text(record, CHECK_ITEM)))
            return err_set(err, ERR_CONFLICT, "this line was checked already: change that check");
        TRY(query_next(&query, &found, err));
    }
    return check_new_check(engine, &briefing, record, arena, err);
}

/* ---- What nobody needs to say ---- */

/* The parts of the activity of that kind of group, any kind for 0: the only one, or nil. */
static ErrCode only_part(Engine *engine, Key activity, int kind, Arena *arena, Id *out_part,
                         Err *err)
{
    AUTO(query_done) Query query = {0};
    Key only = KEY_NONE;
    size_t count = 0;
    bool found = false;
    TRY(query_begin(&query, engine->store, PARTS_OF_ACTIVITY, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, activity);
    TRY(query_next(&query, &found, err));
    while (found) {
        GroupCard card;
        const Key part = query_int(&query, 0);
        const Source from = {engine->store, engine->shard, arena};
        const ErrCode code = load_group(from, query_int(&query, 1), &card, err);
        if (code != OK && code != ERR_NOT_FOUND) return code;
        if (code == OK && (kind == 0 || card.facts.kind == kind)) {
            only = part;
            count++;
        }
        TRY(query_next(&query, &found, err));
    }
    if (count != 1) return OK;
    return thing_id(engine->store, engine->shard, only, out_part, err);
}

/* A matter of one kind of group, or a vote, is of the one part that it can be of. */
static ErrCode fill_topic(Engine *engine, Record *record, Arena *arena, Err *err)
{
    Record activity;
    Key key = KEY_NONE;
    Id part = {{0}};
    int apart = 0;
    if (record_has(record, TOPIC_PART)) return OK;
    TRY(load_ref(engine, record, TOPIC_ACTIVITY, KIND_ACTIVITY, arena, &key, &activity, err));
    const bool is_apart = matter_apart(engine->node->pack, (int)record_int(record, TOPIC_MATTER, 0),
                                       (Day)record_int(&activity, ACTIVITY_DAY, 0), &apart) != NULL;
    if (!is_apart && !has_votes(record)) return OK;
    TRY(only_part(engine, key, apart, arena, &part, err));
    if (!id_is_nil(part)) record_set_ref(record, TOPIC_PART, part);
    return OK;
}

/* Whether somebody put on the roll by hand may vote. */
static ErrCode fill_roll(Engine *engine, Record *record, Arena *arena, Err *err)
{
    Record part;
    Record activity;
    Record group;
    Key key = KEY_NONE;
    Standings standings;
    if (record_has(record, ROLL_VOTES)) return OK;
    TRY(load_ref(engine, record, ROLL_PART, KIND_PART, arena, &key, &part, err));
    TRY(load_ref(engine, &part, PART_ACTIVITY, KIND_ACTIVITY, arena, &key, &activity, err));
    TRY(load_ref(engine, &part, PART_GROUP, KIND_GROUP, arena, &key, &group, err));
    TRY(find_thing(engine, record_ref(record, ROLL_PERSON), KIND_PERSON, "person", &key, err));
    TRY(load_standings((Source){engine->store, engine->shard, arena}, key, &standings, err));
    const Standing *standing = party_standing_on(standings.items, standings.count,
                                                 (Day)record_int(&activity, ACTIVITY_DAY, 0));
    const bool is_formal = standing != NULL && standing->standing == STANDING_IS_PARTY_FORMAL;
    const bool is_party = record_int(&group, GROUP_KIND, 0) == GROUP_KIND_IS_PARTY;
    record_set_int(record, ROLL_VOTES, !is_party || is_formal ? 1 : 0);
    return OK;
}

static void fill_day(const Engine *engine, Record *record, unsigned field)
{
    if (!record_has(record, field)) record_set_int(record, field, node_today(engine->node));
}

ErrCode fill_minutes(Engine *engine, Record *record, Arena *arena, Err *err)
{
    switch ((int)record->kind->code) {
    case KIND_TOPIC: return fill_topic(engine, record, arena, err);
    case KIND_ROLL: return fill_roll(engine, record, arena, err);
    case KIND_RISK_CHECK: fill_day(engine, record, RISK_CHECK_DAY); return OK;
    case KIND_VISIT: fill_day(engine, record, VISIT_DAY); return OK;
    case KIND_INTEGRITY_RISK: fill_day(engine, record, INTEGRITY_RISK_FROM); return OK;
    default: return OK;
    }
}

ErrCode check_minutes(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    switch ((int)record->kind->code) {
    case KIND_ROLL: return check_roll(engine, subject, record, arena, err);
    case KIND_ATTENDANCE: return check_attendance(engine, record, arena, err);
    case KIND_TOPIC: return check_topic(engine, record, arena, err);
    case KIND_BRIEFING: return check_briefing(engine, subject, record, arena, err);
    case KIND_CHECK: return check_check(engine, subject, record, arena, err);
    default: return OK;
    }
}
