#include "answer/handover.h"
#include "answer/ledger.h"
#include "answer/open_work.h"
#include "answer/programme.h"
#include "answer/shape.h"

/* ---- Appraisal sheets ---- */

typedef struct Sheet {
    Key key;
    Key group;
    Key unit; /* of the group */
    Key person;
    Day day;
    Text appraisal;
    Text opinion;
} Sheet;

typedef struct Sheets {
    Sheet *items;
    size_t count;
} Sheets;

static ErrCode begin(const View *view, QueryId id, Key key, Query *query, bool *out_found, Err *err)
{
    TRY(query_begin(query, view->store, id, err));
    query_bind_int(query, 1, view->shard);
    query_bind_int(query, 2, key);
    return query_next(query, out_found, err);
}

static ErrCode load_sheets(const View *view, Key project, Sheets *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Sheets list = {0};
    bool found = false;
    TRY(begin(view, SHEETS_OF_PROJECT, project, &query, &found, err));
    while (found) {
        const Day day = (Day)query_int(&query, 5);
        if (day <= view->on) {
            GroupCard group;
            list.items = list_grow(view->arena, list.items, sizeof list.items[0], list.count);
            if (list.items == NULL) return list_full(list.count, err);
            Sheet *sheet = &list.items[list.count++];
            *sheet = (Sheet){.key = query_int(&query, 0),
                             .group = query_int(&query, 1),
                             .person = query_int(&query, 2),
                             .day = day};
            TRY(query_text(&query, 3, view->arena, &sheet->appraisal, err));
            TRY(query_text(&query, 4, view->arena, &sheet->opinion, err));
            const ErrCode code = load_group(view_source(view), sheet->group, &group, err);
            if (code != OK && code != ERR_NOT_FOUND) return code;
            if (code == OK) sheet->unit = group.facts.unit;
        }
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static const Sheet *sheet_of(const Sheets *sheets, Key person)
{
    for (size_t i = 0; i < sheets->count; i++)
        if (sheets->items[i].person == person) return &sheets->items[i];
    return NULL;
}

/* That there is a sheet may be known; what it says is the branch's, and theirs who oversee it. */
static ErrCode emit_sheet(const View *view, Key person, const Sheet *sheet, const Reach *oversight,
                          Emit *emit, Err *err)
{
    const bool is_open =
        sheet != NULL && sheet->unit != KEY_NONE && reach_has_unit(oversight, sheet->unit);
    emit_open_object(emit);
    TRY(shape_thing_at(view, "person", KIND_PERSON, person, emit, err));
    if (sheet == NULL) {
        emit_null_at(emit, "sheet");
    } else {
        TRY(shape_id_at(view, "sheet", sheet->key, emit, err));
        TRY(shape_thing_at(view, "group", KIND_GROUP, sheet->group, emit, err));
        emit_day_at(emit, "day", sheet->day);
        emit_bool_at(emit, "hidden", !is_open);
    }
    if (is_open) {
        emit_text_at(emit, "appraisal", sheet->appraisal);
        emit_text_at(emit, "opinion", sheet->opinion);
    }
    emit_close_object(emit);
    return OK;
}

typedef struct Keys {
    Key *items;
    size_t count;
} Keys;

static ErrCode load_keys(const View *view, QueryId id, Key key, Keys *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Keys list = {0};
    bool found = false;
    TRY(begin(view, id, key, &query, &found, err));
    while (found) {
        list.items = list_grow(view->arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        list.items[list.count++] = query_int(&query, 0);
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

/* Whoever was at the project as a Party member for a day or more. */
static ErrCode emit_sheets(const View *view, Key project, const Reach *oversight, Emit *emit,
                           Err *err)
{
    Keys members = {0};
    Sheets sheets = {0};
    int missing = 0;
    TRY(load_keys(view, MEMBERS_EVER_AT, project, &members, err));
    TRY(load_sheets(view, project, &sheets, err));
    emit_key(emit, "sheets");
    emit_open_array(emit);
    for (size_t i = 0; i < members.count; i++) {
        const Sheet *sheet = sheet_of(&sheets, members.items[i]);
        if (sheet == NULL) missing++;
        TRY(emit_sheet(view, members.items[i], sheet, oversight, emit, err));
    }
    emit_close_array(emit);
    emit_int_at(emit, "sheets_missing", missing);
    return OK;
}

/* ---- The archive ---- */

static void emit_kept(const View *view, const char *name, const char *zh, const char *en,
                      ParameterCode parameter, Emit *emit)
{
    emit_open_object(emit);
    emit_z_at(emit, "name", name);
    emit_z_at(emit, "zh", zh);
    emit_z_at(emit, "en", en);
    emit_z_at(emit, "class", parameter_info(parameter)->name);
    emit_int_at(emit, "years", pack_int(view->pack, parameter, view->on));
    emit_close_object(emit);
}

static void emit_archive(const View *view, Emit *emit)
{
    emit_key(emit, "archive");
    emit_open_array(emit);
    for (int i = 0; i < LEDGER_COUNT; i++) {
        const LedgerName ledger = ledger_name((LedgerCode)i);
        emit_kept(view, ledger.name, ledger.zh, ledger.en, ledger.kept, emit);
    }
    emit_kept(view, "programme", "活动方案", "Programme", PARAMETER_RETENTION_PLANS, emit);
    emit_kept(view, "appraisal-sheets", "党员鉴定表", "Appraisal sheets",
              PARAMETER_RETENTION_RELATIONS, emit);
    emit_kept(view, "postings", "现场人员进出场记录", "Who was at the site when",
              PARAMETER_RETENTION_ATTENDANCE, emit);
    emit_close_array(emit);
    shape_rule_at("retention", pack_rule(view->pack, RULE_RETENTION, view->on), emit);
}

/* ---- What stays open ---- */

static ErrCode emit_stations(const View *view, Key project, Emit *emit, Err *err)
{
    Stations stations;
    TRY(load_stations_at(view_source(view), project, &stations, err));
    emit_key(emit, "stations");
    emit_open_array(emit);
    for (size_t i = 0; i < stations.count; i++) {
        if (!range_has(stations.items[i].days, view->on)) continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", stations.items[i].key, emit, err));
        TRY(shape_thing_at(view, "group", KIND_GROUP, stations.items[i].group, emit, err));
        emit_day_at(emit, "to", stations.items[i].days.last);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_people(const View *view, Key project, Emit *emit, Err *err)
{
    StayList stays;
    TRY(load_stays_at(view_source(view), project, view->on, &stays, err));
    emit_key(emit, "postings");
    emit_open_array(emit);
    for (size_t i = 0; i < stays.count; i++) {
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", stays.items[i].posting, emit, err));
        TRY(shape_thing_at(view, "person", KIND_PERSON, stays.persons[i], emit, err));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

ErrCode answer_closing(const View *view, Id project, const SignalEyes *eyes, const Reach *oversight,
                       Emit *emit, Err *err)
{
    ProjectCard card;
    TRY(shape_project_in_reach(view, project, &card, err));
    const OpenWork work = {.projects = {card.facts.key}, .eyes = eyes};
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, card.facts.key, emit, err));
    emit_day_at(emit, "on", view->on);
    shape_choice_at("stage", vocab_field(vocab_kind(KIND_PROJECT), PROJECT_STAGE), card.facts.stage,
                    emit);
    emit_day_at(emit, "to", card.facts.days.last);
    TRY(emit_sheets(view, card.facts.key, oversight, emit, err));
    emit_archive(view, emit);
    emit_key(emit, "open");
    emit_open_object(emit);
    TRY(shape_open_work(view, &work, emit, err));
    TRY(emit_stations(view, card.facts.key, emit, err));
    TRY(emit_people(view, card.facts.key, emit, err));
    emit_close_object(emit);
    shape_rule_at("rule", pack_rule(view->pack, RULE_PROJECT_CLOSE, view->on), emit);
    emit_close_object(emit);
    return OK;
}
