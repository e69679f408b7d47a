#include "duties/duty.h"
#include "engine/meeting.h"
#include "store/rows.h"

/* ---- Activities and what groups have to do with them ---- */

ErrCode load_ref(Engine *engine, const Record *record, unsigned field, KindCode kind, Arena *arena,
                 Key *out_key, Record *out_target, Err *err)
{
    RowState state;
    TRY(find_thing(engine, record_ref(record, field), kind, vocab_field(record->kind, field)->name,
                   out_key, err));
    return row_load(engine->store, engine->shard, *out_key, vocab_kind((unsigned)kind), arena,
                    out_target, &state, err);
}

/* "08:30" as minutes of the day. */
static ErrCode read_time(const Record *record, unsigned field, int *out_minutes, Err *err)
{
    const Text text = record_text(record, field);
    bool is_time = text.size == 5 && text.at[2] == ':';
    for (size_t i = 0; is_time && i < 5; i++)
        if (i != 2 && (text.at[i] < '0' || text.at[i] > '9')) is_time = false;
    const int hour = is_time ? (text.at[0] - '0') * 10 + (text.at[1] - '0') : 24;
    const int minute = is_time ? (text.at[3] - '0') * 10 + (text.at[4] - '0') : 60;
    *out_minutes = hour * 60 + minute;
    if (hour < 24 && minute < 60) return OK;
    return err_set(err, ERR_INVALID, "\"%s\" is a time of the day, such as 08:30",
                   vocab_field(record->kind, field)->name);
}

/* What has a beginning and an end ends after it began; a meeting does not last past midnight. */
static ErrCode check_times(const Record *record, unsigned start, unsigned end, Err *err)
{
    int first = 0;
    int last = 24 * 60;
    if (record_has(record, start)) TRY(read_time(record, start, &first, err));
    if (record_has(record, end)) TRY(read_time(record, end, &last, err));
    if (record_has(record, end) && !record_has(record, start))
        return err_set(err, ERR_INVALID, "\"end\" without \"start\": say both, or only the start");
    if (first < last) return OK;
    return err_set(err, ERR_INVALID, "\"end\" is after \"start\" on the same day");
}

/* The duration follows from beginning and end where both are said. */
static ErrCode check_duration(const Record *record, Err *err)
{
    int first = 0;
    int last = 0;
    const int64_t duration = record_int(record, ACTIVITY_DURATION, 0);
    if (duration < 0 || duration > 24 * 60)
        return err_set(err, ERR_INVALID, "\"duration\" is in minutes, 0 to 1440");
    if (!record_has(record, ACTIVITY_DURATION) || !record_has(record, ACTIVITY_END)) return OK;
    TRY(read_time(record, ACTIVITY_START, &first, err));
    TRY(read_time(record, ACTIVITY_END, &last, err));
    if (duration == last - first) return OK;
    return err_set(err, ERR_INVALID,
                   "\"duration\" is %d minutes from start to end: leave it out, or correct one",
                   last - first);
}

/* What was held is not in the future: a box whose clock is behind may be a day late. */
ErrCode check_activity(Engine *engine, const Record *record, Err *err)
{
    char text[DAY_TEXT_MAX];
    const Day day = (Day)record_int(record, ACTIVITY_DAY, 0);
    if (!record_has(record, ACTIVITY_DAY) || !record_has(record, ACTIVITY_PROGRESS))
        return err_set(err, ERR_INVALID, "an activity keeps its \"day\" and its \"progress\"");
    TRY(check_times(record, ACTIVITY_START, ACTIVITY_END, err));
    TRY(check_duration(record, err));
    if (record_int(record, ACTIVITY_PROGRESS, 0) != PROGRESS_IS_HELD) return OK;
    if (day <= node_today(engine->node) + 1) return OK;
    return err_set(
        err, ERR_INVALID,
        "what takes place on %s cannot have been held yet: correct the day, or say \"planned\"",
        day_write(day, text));
}

static ErrCode check_meeting(const Record *group, int64_t meeting, Err *err)
{
    const int kind = (int)record_int(group, GROUP_KIND, 0);
    const Choice *choice =
        vocab_choice(vocab_field(vocab_kind(KIND_PART), PART_MEETING)->among, (int)meeting);
    if (choice == NULL || kind == duty_group_kind((int)meeting)) return OK;
    return err_set(err, ERR_INVALID,
                   "a %s is not held by this kind of group: name another meeting or group",
                   choice->en);
}

ErrCode refuse_part_twice(Err *err)
{
    return err_set(
        err, ERR_CONFLICT,
        "this group holds that activity as this kind of meeting already: change that part");
}

static ErrCode is_part_there(Engine *engine, Key subject, Key activity, Key group, int64_t meeting,
                             bool *out_there, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    *out_there = false;
    TRY(query_begin(&query, engine->store, PARTS_OF_ACTIVITY, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, activity);
    TRY(query_next(&query, &found, err));
    while (found) {
        if (query_int(&query, 0) != subject && query_int(&query, 1) == group &&
            query_int(&query, 2) == meeting)
            *out_there = true;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* What was drilled, what that showed and what is to be mended are of a drill. */
static ErrCode check_drill(const Record *part, Err *err)
{
    if (record_int(part, PART_MEETING, 0) == MEETING_IS_DRILL) return OK;
    if (!record_has(part, PART_SCENARIO) && !record_has(part, PART_FOUND) &&
        !record_has(part, PART_MEND))
        return OK;
    return err_set(err, ERR_INVALID,
                   "\"scenario\", \"found\" and \"mend\" are of an emergency drill: say so in "
                   "\"meeting\", or write it into \"record\"");
}

/* What holds for a part whether its activity is there or only about to be. What it makes up for was
 * before the activity. */
ErrCode check_new_part(Engine *engine, const Record *activity, const Record *part, Arena *arena,
                       Err *err)
{
    Record group;
    Key key = KEY_NONE;
    TRY(load_ref(engine, part, PART_GROUP, KIND_GROUP, arena, &key, &group, err));
    TRY(check_meeting(&group, record_int(part, PART_MEETING, 0), err));
    TRY(check_times(part, PART_START, PART_END, err));
    TRY(check_drill(part, err));
    if (!record_has(part, PART_MAKES_UP) ||
        record_int(part, PART_MAKES_UP, 0) < record_int(activity, ACTIVITY_DAY, 0))
        return OK;
    return err_set(err, ERR_INVALID, "\"makes_up\" is a day before the activity's own");
}

/* A group holds an activity as one kind of meeting once. */
ErrCode check_part(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    Record activity;
    Key activity_key = KEY_NONE;
    Key group_key = KEY_NONE;
    bool is_there = false;
    TRY(load_ref(engine, record, PART_ACTIVITY, KIND_ACTIVITY, arena, &activity_key, &activity,
                 err));
    TRY(find_thing(engine, record_ref(record, PART_GROUP), KIND_GROUP, "group", &group_key, err));
    TRY(check_new_part(engine, &activity, record, arena, err));
    TRY(is_part_there(engine, subject, activity_key, group_key, record_int(record, PART_MEETING, 0),
                      &is_there, err));
    return is_there ? refuse_part_twice(err) : OK;
}

/* A waiver is for a meeting that the group might owe. */
ErrCode check_waiver(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    Record group;
    Key key = KEY_NONE;
    TRY(load_ref(engine, record, WAIVER_GROUP, KIND_GROUP, arena, &key, &group, err));
    return check_meeting(&group, record_int(record, WAIVER_MEETING, 0), err);
}
