#include "answer/handover.h"

#include "answer/ledger.h"
#include "answer/open_work.h"
#include "answer/shape.h"
#include "plan/handover.h"
#include "view/duty_load.h"
#include "view/task_load.h"

/* ---- Where it stood, and where it stands ---- */

/* A site that is out of reach is as if there were none. */
static ErrCode find_site(const View *view, const Station *station, Key *out_project, Err *err)
{
    ProjectCard card;
    *out_project = KEY_NONE;
    if (station == NULL) return OK;
    const ErrCode code = load_project(view_source(view), station->project, &card, err);
    if (code == ERR_NOT_FOUND) return OK; /* voided */
    if (code != OK) return code;
    if (reach_has_project(&view->reach, station->project, card.facts.unit))
        *out_project = station->project;
    return OK;
}

static ErrCode emit_site(const View *view, const char *member, const Station *station, Key project,
                         Emit *emit, Err *err)
{
    emit_key(emit, member);
    if (project == KEY_NONE) {
        emit_null(emit);
        return OK;
    }
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, project, emit, err));
    TRY(shape_id_at(view, "station", station->key, emit, err));
    emit_day_at(emit, "from", station->days.first);
    emit_day_at(emit, "to", station->days.last);
    emit_close_object(emit);
    return OK;
}

/* ---- What is the group's own ---- */

static ErrCode emit_owed(const View *view, const DutyFacts *facts, DayRange within, Emit *emit,
                         Err *err)
{
    Obligation *owed = NULL;
    size_t count = 0;
    TRY(duties_of_group(facts, within, view->on, view->arena, &owed, &count, err));
    emit_key(emit, "obligations");
    emit_open_array(emit);
    for (size_t i = 0; i < count; i++) {
        if (owed[i].state != DUTY_DUE && owed[i].state != DUTY_OVERDUE) continue;
        emit_open_object(emit);
        shape_choice_at("meeting", vocab_field(vocab_kind(KIND_PART), PART_MEETING),
                        owed[i].meeting, emit);
        emit_day_at(emit, "from", owed[i].period.first);
        emit_day_at(emit, "to", owed[i].period.last);
        emit_day_at(emit, "due", owed[i].due);
        emit_z_at(emit, "state", duty_state_name(owed[i].state));
        shape_rule_at("rule", pack_rule(view->pack, owed[i].rule, owed[i].due), emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_waivers(const View *view, const DutyFacts *facts, DayRange within, Emit *emit,
                            Err *err)
{
    emit_key(emit, "waivers");
    emit_open_array(emit);
    for (size_t i = 0; i < facts->waiver_count; i++) {
        const Waiver *waiver = &facts->waivers[i];
        if (waiver->day < within.first) continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", waiver->key, emit, err));
        shape_choice_at("meeting", vocab_field(vocab_kind(KIND_WAIVER), WAIVER_MEETING),
                        waiver->meeting, emit);
        emit_day_at(emit, "day", waiver->day);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_activities(const View *view, const DutyFacts *facts, Emit *emit, Err *err)
{
    emit_key(emit, "activities");
    emit_open_array(emit);
    for (size_t i = 0; i < facts->part_count; i++) {
        const Part *part = &facts->parts[i];
        if (!part->is_planned) continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", part->activity, emit, err));
        TRY(shape_id_at(view, "part", part->key, emit, err));
        shape_choice_at("meeting", vocab_field(vocab_kind(KIND_PART), PART_MEETING), part->meeting,
                        emit);
        emit_day_at(emit, "day", part->day);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_offices(const View *view, Key group, Emit *emit, Err *err)
{
    Offices offices;
    TRY(load_offices(view_source(view), group, &offices, err));
    emit_key(emit, "offices");
    emit_open_array(emit);
    for (size_t i = 0; i < offices.count; i++) {
        const Office *office = &offices.items[i];
        if (!range_has(office->days, view->on)) continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", office->key, emit, err));
        TRY(shape_thing_at(view, "person", KIND_PERSON, office->person, emit, err));
        shape_choice_at("post", vocab_field(vocab_kind(KIND_OFFICE), OFFICE_POST), office->post,
                        emit);
        emit_day_at(emit, "from", office->days.first);
        emit_day_at(emit, "to", office->days.last);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* Its ledgers are views of what the group holds: they go along by themselves. */
static void emit_ledgers(int group_kind, Emit *emit)
{
    emit_key(emit, "ledgers");
    emit_open_array(emit);
    for (int i = 0; i < LEDGER_COUNT; i++) {
        const LedgerName ledger = ledger_name((LedgerCode)i);
        if (ledger.whose != group_kind) continue;
        emit_open_object(emit);
        emit_z_at(emit, "name", ledger.name);
        emit_z_at(emit, "zh", ledger.zh);
        emit_z_at(emit, "en", ledger.en);
        emit_close_object(emit);
    }
    emit_close_array(emit);
}

/* ---- Recorded at the old site after the transfer ---- */

typedef struct LatePart {
    Key part;
    Key activity;
    Key project;
    int meeting;
    Day day;
    Day recorded;
    Text title;
} LatePart;

typedef struct LateParts {
    LatePart *items;
    size_t count;
} LateParts;

static ErrCode load_late(const View *view, Key group, const Stations *stations, LateParts *out,
                         Err *err)
{
    AUTO(query_done) Query query = {0};
    LateParts list = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, PARTS_WITH_PROJECT, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, group);
    TRY(query_next(&query, &found, err));
    while (found) {
        Id id;
        TRY(query_id(&query, 5, &id, err));
        LatePart part = {.part = query_int(&query, 0),
                         .activity = query_int(&query, 1),
                         .project = query_int(&query, 2),
                         .meeting = (int)query_int(&query, 3),
                         .day = (Day)query_int(&query, 4),
                         .recorded = day_recorded(id, view->utc_offset_minutes)};
        if (part.recorded <= view->on &&
            handover_is_late(stations->items, stations->count, part.project, part.recorded)) {
            TRY(query_text(&query, 6, view->arena, &part.title, err));
            list.items = list_grow(view->arena, list.items, sizeof part, list.count);
            if (list.items == NULL) return list_full(list.count, err);
            list.items[list.count++] = part;
        }
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static ErrCode emit_late(const View *view, Key group, const Stations *stations, Emit *emit,
                         Err *err)
{
    LateParts late = {0};
    TRY(load_late(view, group, stations, &late, err));
    emit_key(emit, "late");
    emit_open_array(emit);
    for (size_t i = 0; i < late.count; i++) {
        const LatePart *part = &late.items[i];
        const Station there = {.project = part->project};
        Key project = KEY_NONE;
        TRY(find_site(view, &there, &project, err));
        if (project == KEY_NONE) continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "part", part->part, emit, err));
        TRY(shape_id_at(view, "activity", part->activity, emit, err));
        emit_text_at(emit, "title", part->title);
        TRY(shape_thing_at(view, "project", KIND_PROJECT, project, emit, err));
        shape_choice_at("meeting", vocab_field(vocab_kind(KIND_PART), PART_MEETING), part->meeting,
                        emit);
        emit_day_at(emit, "day", part->day);
        emit_day_at(emit, "recorded", part->recorded);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* ---- The package ---- */

ErrCode shape_handover(const View *view, const GroupCard *group, const SignalEyes *eyes,
                       DayRange within, Emit *emit, Err *err)
{
    const Source from = view_source(view);
    const Key key = group->facts.key;
    Stations stations;
    Calendar calendar;
    DutyFacts facts;
    OpenWork work = {.group_kind = group->facts.kind, .eyes = eyes};
    TRY(load_stations_of_group(from, key, &stations, err));
    const Sites sites = handover_sites(stations.items, stations.count, view->on);
    TRY(find_site(view, sites.before, &work.projects[0], err));
    TRY(find_site(view, sites.now, &work.projects[1], err));
    TRY(emit_site(view, "before", sites.before, work.projects[0], emit, err));
    TRY(emit_site(view, "now", sites.now, work.projects[1], emit, err));
    if (work.projects[0] == work.projects[1]) work.projects[0] = KEY_NONE; /* it came back */
    TRY(load_calendar(from, &calendar, err));
    TRY(load_duty_facts(from, view->utc_offset_minutes, &group->facts, &facts, err));
    facts.pack = view->pack;
    facts.calendar = &calendar;
    TRY(shape_open_work(view, &work, emit, err));
    TRY(emit_owed(view, &facts, within, emit, err));
    TRY(emit_waivers(view, &facts, within, emit, err));
    TRY(emit_activities(view, &facts, emit, err));
    TRY(emit_offices(view, key, emit, err));
    emit_ledgers(group->facts.kind, emit);
    TRY(emit_late(view, key, &stations, emit, err));
    shape_rule_at("rule", pack_rule(view->pack, RULE_HAND_OVER, view->on), emit);
    return OK;
}

ErrCode answer_handover(const View *view, Id group, const SignalEyes *eyes, DayRange within,
                        Emit *emit, Err *err)
{
    GroupCard card;
    TRY(shape_group(view, group, &card, err));
    emit_open_object(emit);
    TRY(shape_thing_at(view, "group", KIND_GROUP, card.facts.key, emit, err));
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", within.first);
    emit_day_at(emit, "to", within.last);
    TRY(shape_handover(view, &card, eyes, within, emit, err));
    emit_close_object(emit);
    return OK;
}
