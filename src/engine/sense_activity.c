#include "duties/duty.h"
#include "engine/inside.h"
#include "store/rows.h"

/* ---- Activities and what groups have to do with them ---- */

static ErrCode load_ref(Engine *engine, const Record *record, unsigned field, KindCode kind,
                        Arena *arena, Key *out_key, Record *out_target, Err *err)
{
    RowState state;
    TRY(find_thing(engine, record_ref(record, field), kind, vocab_field(record->kind, field)->name,
                   out_key, err));
    return row_load(engine->store, engine->shard, *out_key, vocab_kind((unsigned)kind), arena,
                    out_target, &state, err);
}

/* What was held is not in the future: a box whose clock is behind may be a day late. */
ErrCode check_activity(Engine *engine, const Record *record, Err *err)
{
    char text[DAY_TEXT_MAX];
    const Day day = (Day)record_int(record, ACTIVITY_DAY, 0);
    const int64_t duration = record_int(record, ACTIVITY_DURATION, 0);
    if (duration < 0 || duration > 24 * 60)
        return err_set(err, ERR_INVALID, "\"duration\" is in minutes, 0 to 1440");
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

/* A group holds an activity as one kind of meeting once; what it makes up for was before it. */
ErrCode check_part(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    Record activity;
    Record group;
    Key activity_key = KEY_NONE;
    Key group_key = KEY_NONE;
    bool is_there = false;
    const int64_t meeting = record_int(record, PART_MEETING, 0);
    TRY(load_ref(engine, record, PART_ACTIVITY, KIND_ACTIVITY, arena, &activity_key, &activity,
                 err));
    TRY(load_ref(engine, record, PART_GROUP, KIND_GROUP, arena, &group_key, &group, err));
    TRY(check_meeting(&group, meeting, err));
    if (record_has(record, PART_MAKES_UP) &&
        record_int(record, PART_MAKES_UP, 0) >= record_int(&activity, ACTIVITY_DAY, 0))
        return err_set(err, ERR_INVALID, "\"makes_up\" is a day before the activity's own");
    TRY(is_part_there(engine, subject, activity_key, group_key, meeting, &is_there, err));
    if (!is_there) return OK;
    return err_set(
        err, ERR_CONFLICT,
        "this group holds that activity as this kind of meeting already: change that part");
}

/* A waiver is for a meeting that the group might owe. */
ErrCode check_waiver(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    Record group;
    Key key = KEY_NONE;
    TRY(load_ref(engine, record, WAIVER_GROUP, KIND_GROUP, arena, &key, &group, err));
    return check_meeting(&group, record_int(record, WAIVER_MEETING, 0), err);
}
