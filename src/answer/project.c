#include "answer/answer.h"
#include "answer/shape.h"
#include "people/coverage_index.h"
#include "view/roster.h"

#define LOOK_AROUND_DAYS 366

static ErrCode emit_phases(const View *view, Key project, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    const FieldInfo *field = vocab_field(vocab_kind(KIND_PHASE), PHASE_PHASE);
    TRY(query_begin(&query, view->store, PHASES_OF_PROJECT, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, project);
    emit_key(emit, "phases");
    emit_open_array(emit);
    TRY(query_next(&query, &found, err));
    while (found) {
        const Choice *choice = vocab_choice(field->among, (int)query_int(&query, 0));
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", query_int(&query, 3), emit, err));
        emit_z_at(emit, "phase", choice == NULL ? "" : choice->name);
        emit_z_at(emit, "zh", choice == NULL ? "" : choice->zh);
        emit_z_at(emit, "en", choice == NULL ? "" : choice->en);
        emit_day_at(emit, "from", (Day)query_int(&query, 1));
        emit_day_at(emit, "to", query_is_null(&query, 2) ? DAY_OPEN : (Day)query_int(&query, 2));
        emit_close_object(emit);
        TRY(query_next(&query, &found, err));
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_homes(const View *view, Key project, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, HOMES_AT_PROJECT, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, project);
    emit_key(emit, "homes");
    emit_open_array(emit);
    TRY(query_next(&query, &found, err));
    while (found) {
        AUTO(query_done) Query card = {0};
        const Key home = query_int(&query, 0);
        bool has_card = false;
        TRY(query_begin(&card, view->store, HOME_CARD, err));
        query_bind_int(&card, 1, view->shard);
        query_bind_int(&card, 2, home);
        TRY(query_next(&card, &has_card, err));
        if (has_card) {
            Text name;
            Text facilities;
            TRY(query_text(&card, 0, view->arena, &name, err));
            TRY(query_text(&card, 1, view->arena, &facilities, err));
            emit_open_object(emit);
            TRY(shape_id_at(view, "id", home, emit, err));
            emit_text_at(emit, "name", name);
            emit_text_at(emit, "facilities", facilities);
            emit_day_at(emit, "from", (Day)query_int(&query, 1));
            emit_day_at(emit, "to",
                        query_is_null(&query, 2) ? DAY_OPEN : (Day)query_int(&query, 2));
            emit_close_object(emit);
        }
        TRY(query_next(&query, &found, err));
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode count_members(const View *view, const MembershipFacts *facts, const Group *group,
                             PersonStays *people, size_t person_count, size_t *out_count, Err *err)
{
    Member *members = NULL;
    return membership_roster(facts, group, people, person_count, view->on, view->arena, &members,
                             out_count, err);
}

/* The days of a group's station at the project that holds on the day. */
static bool find_station(const MembershipFacts *facts, Key group, Key project, DayRange *out_days)
{
    bool is_here = false;
    for (size_t s = 0; s < facts->station_count; s++)
        if (facts->stations[s].group == group && facts->stations[s].project == project) {
            *out_days = facts->stations[s].days;
            is_here = true;
        }
    return is_here;
}

/* The project at which a group stands on the day; null when it stands nowhere, or where the asker
 * may not see it. */
static ErrCode emit_place(const View *view, Key group, Emit *emit, Err *err)
{
    Stations stations;
    Key place = KEY_NONE;
    TRY(load_stations_of_group(view_source(view), group, &stations, err));
    for (size_t i = stations.count; i > 0 && place == KEY_NONE; i--)
        if (range_has(stations.items[i - 1].days, view->on)) place = stations.items[i - 1].project;
    if (place != KEY_NONE) {
        ProjectCard card;
        TRY(load_project(view_source(view), place, &card, err));
        if (!reach_has_project(&view->reach, place, card.facts.unit)) place = KEY_NONE;
    }
    return shape_thing_at(view, "at", KIND_PROJECT, place, emit, err);
}

/* Where a group is in relation to the project: stationed there, or standing elsewhere and taking it
 * in. Only a station has days here. */
static ErrCode emit_relation(const View *view, const MembershipFacts *facts, Key group, Key project,
                             Emit *emit, Err *err)
{
    DayRange days = {DAY_FIRST, DAY_OPEN};
    const bool is_here = find_station(facts, group, project, &days);
    emit_bool_at(emit, "stationed", is_here);
    if (is_here) {
        TRY(shape_thing_at(view, "at", KIND_PROJECT, project, emit, err));
        emit_day_at(emit, "from", days.first);
    } else {
        TRY(emit_place(view, group, emit, err));
        emit_null_at(emit, "from");
    }
    emit_day_at(emit, "to", days.last);
    return OK;
}

/* The groups around a project on the day: stationed there, or taking it in from elsewhere. */
static ErrCode emit_groups(const View *view, Key project, Emit *emit, Err *err)
{
    const KindInfo *kind = vocab_kind(KIND_GROUP);
    MembershipFacts facts;
    PersonStays *people = NULL;
    size_t person_count = 0;
    TRY(roster_facts(view, project, &facts, err));
    TRY(roster_people(view, project, &people, &person_count, err));
    emit_key(emit, "groups");
    emit_open_array(emit);
    for (size_t i = 0; i < facts.group_count; i++) {
        const Group *group = &facts.groups[i];
        Key leader = KEY_NONE;
        size_t count = 0;
        TRY(roster_leader(view, group->key, &leader, err));
        TRY(count_members(view, &facts, group, people, person_count, &count, err));
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", group->key, emit, err));
        emit_text_at(emit, "name", group->name);
        shape_choice_at("kind", vocab_field(kind, GROUP_KIND), group->kind, emit);
        shape_choice_at("form", vocab_field(kind, GROUP_FORM), group->form, emit);
        TRY(emit_relation(view, &facts, group->key, project, emit, err));
        TRY(shape_thing_at(view, "leader", KIND_PERSON, leader, emit, err));
        emit_int_at(emit, "members", (int64_t)count);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_changes(const View *view, Key project, DayRange days, Emit *emit, Err *err)
{
    CoverageSpan *spans = NULL;
    size_t count = 0;
    const Day first =
        days.first > view->on - LOOK_AROUND_DAYS ? days.first : view->on - LOOK_AROUND_DAYS;
    const Day last =
        days.last < view->on + LOOK_AROUND_DAYS ? days.last : view->on + LOOK_AROUND_DAYS;
    emit_key(emit, "changes");
    emit_open_array(emit);
    if (first <= last)
        TRY(board_course(view->board, view->store, project, (DayRange){first, last}, view->arena,
                         &spans, &count, err));
    for (size_t i = 0; i < count; i++) {
        emit_open_object(emit);
        emit_day_at(emit, "on", spans[i].days.first);
        emit_day_at(emit, "to", spans[i].days.last);
        emit_z_at(emit, "state", coverage_term(spans[i].coverage.state)->name);
        TRY(shape_thing_at(view, "group", KIND_GROUP, spans[i].coverage.group, emit, err));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

ErrCode answer_project(const View *view, Id project, Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    ProjectCard card;
    TRY(view_find(view, project, KIND_PROJECT, &key, err));
    TRY(load_project(view_source(view), key, &card, err));
    if (!reach_has_project(&view->reach, key, card.facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    const ProjectTexts texts = {card.code, card.place};
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_key(emit, "project");
    emit_open_object(emit);
    TRY(shape_project(view, &card.facts, texts, emit, err));
    TRY(emit_phases(view, key, emit, err));
    emit_close_object(emit);
    TRY(shape_coverage_of(view, key, emit, err));
    TRY(emit_groups(view, key, emit, err));
    TRY(emit_homes(view, key, emit, err));
    TRY(emit_changes(view, key, card.facts.days, emit, err));
    emit_close_object(emit);
    return OK;
}

ErrCode answer_why_membership(const View *view, Id person, Id group, Emit *emit, Err *err)
{
    PersonCard card;
    PersonStays stays;
    GroupCard asked;
    MembershipFacts facts;
    ReasonList why;
    bool is_member = false;
    TRY(roster_find_person(view, person, &card, &stays, err));
    TRY(shape_group(view, group, &asked, err));
    TRY(roster_facts_of_group(view, asked.facts.key, &facts, err));
    reasons_init(&why, view->arena);
    TRY(membership_ask(&facts, &asked.facts, &stays, view->on, &why, &is_member, err));
    emit_open_object(emit);
    emit_bool_at(emit, "answer", is_member);
    emit_day_at(emit, "on", view->on);
    TRY(shape_thing_at(view, "person", KIND_PERSON, card.key, emit, err));
    TRY(shape_thing_at(view, "group", KIND_GROUP, asked.facts.key, emit, err));
    TRY(shape_reasons_at(view, "reasons", &why, emit, err));
    emit_close_object(emit);
    return OK;
}
