#include "duties/duty.h"
#include "journal/hlc.h"
#include "view/answer.h"
#include "view/roster.h"
#include "view/shape.h"

/* Groups whose obligations are asked for, each once. */
typedef struct Asked {
    GroupCard *groups;
    size_t count;
} Asked;

static ErrCode add_group(const View *view, Key group, Asked *asked, Err *err)
{
    GroupCard card;
    for (size_t i = 0; i < asked->count; i++)
        if (asked->groups[i].facts.key == group) return OK;
    const ErrCode code = load_group(view_source(view), group, &card, err);
    if (code == ERR_NOT_FOUND) return OK; /* voided: it owes nothing any more */
    if (code != OK) return code;
    asked->groups = list_grow(view->arena, asked->groups, sizeof card, asked->count);
    if (asked->groups == NULL) return list_full(asked->count, err);
    asked->groups[asked->count++] = card;
    return OK;
}

static ErrCode add_groups_at(const View *view, Id project, DayRange within, Asked *asked, Err *err)
{
    Key key = KEY_NONE;
    ProjectCard card;
    Stations stations;
    TRY(shape_find(view, project, KIND_PROJECT, &key, err));
    TRY(load_project(view_source(view), key, &card, err));
    if (!reach_has_project(&view->reach, key, card.facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    TRY(load_stations_at(view_source(view), key, &stations, err));
    for (size_t i = 0; i < stations.count; i++)
        if (ranges_meet(stations.items[i].days, within))
            TRY(add_group(view, stations.items[i].group, asked, err));
    return OK;
}

/* ---- Facts ---- */

/* When the group stands anywhere: its stations come by their first day. */
static ErrCode load_there(const View *view, Key group, DutyFacts *facts, Err *err)
{
    Stations stations;
    TRY(load_stations_of_group(view_source(view), group, &stations, err));
    DayRange *there = arena_array(view->arena, DayRange, stations.count);
    if (there == NULL) return list_full(stations.count, err);
    for (size_t i = 0; i < stations.count; i++) {
        const DayRange days = stations.items[i].days;
        DayRange *last = facts->there_count == 0 ? NULL : &there[facts->there_count - 1];
        if (last != NULL && (last->last == DAY_OPEN || days.first <= last->last + 1)) {
            if (days.last > last->last) last->last = days.last;
        } else {
            there[facts->there_count++] = days;
        }
    }
    facts->there = there;
    return OK;
}

static ErrCode load_parts(const View *view, Key group, DutyFacts *facts, Err *err)
{
    AUTO(query_done) Query query = {0};
    Part *parts = NULL;
    bool found = false;
    TRY(query_begin(&query, view->store, PARTS_OF_GROUP, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, group);
    TRY(query_next(&query, &found, err));
    while (found) {
        Id id;
        parts = list_grow(view->arena, parts, sizeof parts[0], facts->part_count);
        if (parts == NULL) return list_full(facts->part_count, err);
        TRY(query_id(&query, 5, &id, err));
        parts[facts->part_count++] = (Part){
            .key = query_int(&query, 0),
            .activity = query_int(&query, 1),
            .meeting = (int)query_int(&query, 2),
            .day = (Day)query_int(&query, 3),
            .makes_up = query_is_null(&query, 4) ? DAY_OPEN : (Day)query_int(&query, 4),
            .recorded = day_of_ms(id_stamp(id) >> HLC_COUNTER_BITS, view->utc_offset_minutes),
        };
        TRY(query_next(&query, &found, err));
    }
    facts->parts = parts;
    return OK;
}

static ErrCode load_waivers(const View *view, Key group, DutyFacts *facts, Err *err)
{
    AUTO(query_done) Query query = {0};
    Waiver *waivers = NULL;
    bool found = false;
    TRY(query_begin(&query, view->store, WAIVERS_OF_GROUP, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, group);
    TRY(query_next(&query, &found, err));
    while (found) {
        waivers = list_grow(view->arena, waivers, sizeof waivers[0], facts->waiver_count);
        if (waivers == NULL) return list_full(facts->waiver_count, err);
        waivers[facts->waiver_count++] = (Waiver){
            .key = query_int(&query, 0),
            .meeting = (int)query_int(&query, 1),
            .day = (Day)query_int(&query, 2),
        };
        TRY(query_next(&query, &found, err));
    }
    facts->waivers = waivers;
    return OK;
}

static ErrCode load_calendar(const View *view, Calendar *out_calendar, Err *err)
{
    AUTO(query_done) Query query = {0};
    CalendarDay *days = NULL;
    size_t count = 0;
    bool found = false;
    TRY(query_begin(&query, view->store, HOLIDAYS, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        days = list_grow(view->arena, days, sizeof days[0], count);
        if (days == NULL) return list_full(count, err);
        days[count++] = (CalendarDay){(Day)query_int(&query, 1), query_int(&query, 3) != 0};
        TRY(query_next(&query, &found, err));
    }
    *out_calendar = (Calendar){days, count};
    return OK;
}

/* ---- Shape ---- */

static ErrCode emit_obligation(const View *view, const Group *group, const Obligation *obligation,
                               Emit *emit, Err *err)
{
    emit_open_object(emit);
    emit_key(emit, "group");
    TRY(shape_thing(view, KIND_GROUP, group->key, emit, err));
    shape_choice_at("kind", vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND), group->kind, emit);
    shape_choice_at("meeting", vocab_field(vocab_kind(KIND_PART), PART_MEETING),
                    obligation->meeting, emit);
    emit_day_at(emit, "from", obligation->period.first);
    emit_day_at(emit, "to", obligation->period.last);
    emit_day_at(emit, "due", obligation->due);
    emit_int_at(emit, "wanted", obligation->wanted);
    emit_int_at(emit, "held", obligation->in_time);
    emit_int_at(emit, "made_up", obligation->made_up);
    emit_bool_at(emit, "recorded_late", obligation->is_recorded_late);
    emit_z_at(emit, "state", duty_state_name(obligation->state));
    if (obligation->waiver != KEY_NONE)
        TRY(shape_id_at(view, "waiver", obligation->waiver, emit, err));
    else
        emit_null_at(emit, "waiver");
    shape_rule_at("rule", pack_rule(view->pack, obligation->rule, obligation->due), emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_owed_by(const View *view, const Group *group, const Calendar *calendar,
                            DayRange within, int counts[DUTY_STATE_COUNT], Emit *emit, Err *err)
{
    Obligation *owed = NULL;
    size_t count = 0;
    DutyFacts facts = {
        .pack = view->pack, .calendar = calendar, .kind = group->kind, .form = group->form};
    TRY(load_there(view, group->key, &facts, err));
    TRY(load_parts(view, group->key, &facts, err));
    TRY(load_waivers(view, group->key, &facts, err));
    TRY(duties_of_group(&facts, within, view->on, view->arena, &owed, &count, err));
    for (size_t i = 0; i < count; i++) {
        counts[owed[i].state]++;
        TRY(emit_obligation(view, group, &owed[i], emit, err));
    }
    return OK;
}

ErrCode answer_owed(const View *view, const OwedAsk *ask, Emit *emit, Err *err)
{
    Asked asked = {0};
    Calendar calendar;
    GroupCard card;
    int counts[DUTY_STATE_COUNT] = {0};
    if (!id_is_nil(ask->group)) {
        TRY(shape_group(view, ask->group, &card, err));
        TRY(add_group(view, card.facts.key, &asked, err));
    } else {
        TRY(add_groups_at(view, ask->project, ask->within, &asked, err));
    }
    TRY(load_calendar(view, &calendar, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", ask->within.first);
    emit_day_at(emit, "to", ask->within.last);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < asked.count; i++)
        TRY(emit_owed_by(view, &asked.groups[i].facts, &calendar, ask->within, counts, emit, err));
    emit_close_array(emit);
    emit_key(emit, "counts");
    emit_open_object(emit);
    for (int state = 0; state < DUTY_STATE_COUNT; state++)
        emit_int_at(emit, duty_state_name((DutyState)state), counts[state]);
    emit_close_object(emit);
    emit_close_object(emit);
    return OK;
}
