#include "answer/ledger_rows.h"

ErrCode cell_group(const View *view, const LedgerRow *row, Emit *emit, Err *err)
{
    return shape_thing(view, KIND_GROUP, row->group->key, emit, err);
}

ErrCode cell_project(const View *view, const LedgerRow *row, Emit *emit, Err *err)
{
    return shape_thing(view, KIND_PROJECT, ledger_row_key(row, KIND_PROJECT), emit, err);
}

/* ---- Members ---- */

typedef ErrCode MemberRow(const Gathering *gathering, const Member *member, LedgerRow *row,
                          bool *out_wanted, Err *err);

static ErrCode gather_roster(const Gathering *gathering, MemberRow *fill, Err *err)
{
    MembershipFacts facts;
    Member *members = NULL;
    size_t count = 0;
    TRY(roster_of_group(gathering->view, gathering->group, &facts, &members, &count, err));
    for (size_t i = 0; i < count; i++) {
        bool is_wanted = gathering->project == KEY_NONE || members[i].project == gathering->project;
        LedgerRow row = {
            .things = {{KIND_PERSON, members[i].person}, {KIND_POSTING, members[i].posting}}};
        if (is_wanted) TRY(fill(gathering, &members[i], &row, &is_wanted, err));
        if (is_wanted) TRY(ledger_row_add(gathering, &row, err));
    }
    return OK;
}

/* The standing that makes somebody a member: none is needed in a crew. */
static ErrCode member_standing(const Gathering *gathering, const Member *member, LedgerRow *row,
                               bool *out_wanted, Err *err)
{
    Standings standings;
    const Day on = gathering->view->on;
    const Standing *standing = NULL;
    *out_wanted = true;
    TRY(load_standings(view_source(gathering->view), member->person, &standings, err));
    if (gathering->group->kind == GROUP_KIND_IS_PARTY)
        standing = party_standing_on(standings.items, standings.count, on);
    else if (gathering->group->kind == GROUP_KIND_IS_UNION)
        standing = union_standing_on(standings.items, standings.count, on);
    row->things[2] = (RowThing){KIND_STANDING, standing == NULL ? KEY_NONE : standing->key};
    return OK;
}

ErrCode gather_members(const Gathering *gathering, Err *err)
{
    return gather_roster(gathering, member_standing, err);
}

/* ---- Mobile members ---- */

/* The formal relation of the day and the branch it is with. */
static ErrCode find_affiliation(const View *view, Key person, Key *out_affiliation, Key *out_branch,
                                Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    *out_affiliation = KEY_NONE;
    *out_branch = KEY_NONE;
    TRY(query_begin(&query, view->store, AFFILIATIONS_OF_PERSON, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, person);
    TRY(query_next(&query, &found, err));
    while (found) {
        const DayRange days = {(Day)query_int(&query, 2),
                               query_is_null(&query, 3) ? DAY_OPEN : (Day)query_int(&query, 3)};
        if (range_has(days, view->on)) {
            *out_affiliation = query_int(&query, 0);
            *out_branch = query_int(&query, 1);
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* Mobile is who takes part in a group here and formally belongs to a branch elsewhere. */
static ErrCode mobile_member(const Gathering *gathering, const Member *member, LedgerRow *row,
                             bool *out_wanted, Err *err)
{
    Key affiliation = KEY_NONE;
    Key branch = KEY_NONE;
    TRY(member_standing(gathering, member, row, out_wanted, err));
    TRY(find_affiliation(gathering->view, member->person, &affiliation, &branch, err));
    row->things[3] = (RowThing){KIND_AFFILIATION, affiliation};
    *out_wanted = branch != gathering->group->key;
    return OK;
}

ErrCode gather_mobile(const Gathering *gathering, Err *err)
{
    return gather_roster(gathering, mobile_member, err);
}

/* Whole months since the first day of the stays that follow one another without a gap. */
ErrCode cell_months_away(const View *view, const LedgerRow *row, Emit *emit, Err *err)
{
    StayList stays;
    Day since = DAY_OPEN;
    int months = 0;
    TRY(load_stays_of_person(view_source(view), ledger_row_key(row, KIND_PERSON), &stays, err));
    for (size_t i = stays.count; i > 0; i--) {
        const DayRange days = stays.items[i - 1].days;
        if (since == DAY_OPEN ? range_has(days, view->on) : days.last + 1 == since)
            since = days.first;
    }
    if (since == DAY_OPEN) {
        emit_null(emit);
        return OK;
    }
    while (day_add_months(since, months + 1) <= view->on)
        months++;
    emit_int(emit, months);
    return OK;
}
