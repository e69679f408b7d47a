#include "engine/meeting.h"
#include "engine/register.h"
#include "engine/sense_signal.h"

#include <inttypes.h>

#include "people/codes.h"
#include "people/place.h"
#include "seal/field.h"
#include "store/rows.h"

#define UNIT_DEPTH_MAX 12

/* The pairs of fields that are the first and last day of something. */
static const struct {
    KindCode kind;
    unsigned from;
    unsigned to;
} ranges[] = {
    {KIND_PROJECT, PROJECT_FROM, PROJECT_TO},
    {KIND_PHASE, PHASE_FROM, PHASE_TO},
    {KIND_HOME_STATION, HOME_STATION_FROM, HOME_STATION_TO},
    {KIND_STATION, STATION_FROM, STATION_TO},
    {KIND_POSTING, POSTING_FROM, POSTING_TO},
    {KIND_STANDING, STANDING_FROM, STANDING_TO},
    {KIND_AFFILIATION, AFFILIATION_FROM, AFFILIATION_TO},
    {KIND_EXCEPTION, EXCEPTION_FROM, EXCEPTION_TO},
    {KIND_OFFICE, OFFICE_FROM, OFFICE_TO},
    {KIND_ATTACHMENT, ATTACHMENT_FROM, ATTACHMENT_TO},
    {KIND_LIAISON, LIAISON_FROM, LIAISON_TO},
    {KIND_INTEGRITY_RISK, INTEGRITY_RISK_FROM, INTEGRITY_RISK_TO},
    {KIND_SELF_ASSESSMENT, SELF_ASSESSMENT_FROM, SELF_ASSESSMENT_TO},
    {KIND_READER, READER_FROM, READER_TO},
    {KIND_OBJECTION, OBJECTION_FROM, OBJECTION_TO},
    {KIND_OBJECTIVE, OBJECTIVE_FROM, OBJECTIVE_TO},
    {KIND_DEVELOPMENT, DEVELOPMENT_FROM, DEVELOPMENT_TO},
    {KIND_TOOL, TOOL_FROM, TOOL_TO},
    {KIND_COMPETITION, COMPETITION_FROM, COMPETITION_TO},
};

static ErrCode check_range(const Record *record, Err *err)
{
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (ranges[i].kind != record->kind->code) continue;
        const DayRange days = record_range(record, ranges[i].from, ranges[i].to);
        char first[DAY_TEXT_MAX];
        char last[DAY_TEXT_MAX];
        if (days.last < days.first)
            return err_set(err, ERR_INVALID, "the last day, %s, is before the first, %s",
                           day_write(days.last, last), day_write(days.first, first));
    }
    return OK;
}

static ErrCode check_place(const Record *record, Err *err)
{
    const bool has_lat = record_has(record, PROJECT_LAT);
    if (has_lat != record_has(record, PROJECT_LON))
        return err_set(err, ERR_INVALID, "a place needs both \"lat\" and \"lon\"");
    if (!has_lat || is_place_valid((int32_t)record_int(record, PROJECT_LAT, 0),
                                   (int32_t)record_int(record, PROJECT_LON, 0)))
        return OK;
    return err_set(err, ERR_INVALID, "there is no such place: \"lat\" is between -90 and 90");
}

/* ---- One place at a time ---- */

typedef struct DayWords {
    char first[DAY_TEXT_MAX + 8];
    char last[DAY_TEXT_MAX];
} DayWords;

static DayWords words_of(DayRange days)
{
    DayWords words = {"the beginning", "now on"};
    if (days.first != DAY_FIRST) day_write(days.first, words.first);
    if (days.last != DAY_OPEN) day_write(days.last, words.last);
    return words;
}

ErrCode load_home_stations(Engine *engine, Key home, Arena *arena, Stations *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Stations list = {0};
    bool found = false;
    TRY(query_begin(&query, engine->store, HOME_STATIONS_OF_HOME, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, home);
    TRY(query_next(&query, &found, err));
    while (found) {
        list.items = list_grow(arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        list.items[list.count++] = (Station){
            .key = query_int(&query, 0),
            .project = query_int(&query, 2),
            .days = {(Day)query_int(&query, 3),
                     query_is_null(&query, 4) ? DAY_OPEN : (Day)query_int(&query, 4)},
        };
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

/* "the group stands at 一期 from … to …", or less where that project is not to be named. */
static ErrCode stands_there(Engine *engine, const Actor *actor, const char *what,
                            const Station *station, Arena *arena, Err *err)
{
    ProjectCard project;
    bool is_seen = false;
    TRY(is_in_reach(engine, actor, station->project, &is_seen, err));
    if (!is_seen)
        return err_set(err, ERR_CONFLICT,
                       "the %s stands at a project outside your reach on some of these days: "
                       "choose other days, or ask who has charge of the %s",
                       what, what);
    TRY(load_project((Source){engine->store, engine->shard, arena}, station->project, &project,
                     err));
    const DayWords days = words_of(station->days);
    return err_set(err, ERR_CONFLICT,
                   "the %s stands at %.*s from %s to %s: close that first, or use group.move", what,
                   TEXT_ARG(project.facts.name), days.first, days.last);
}

/* The one of these stations, the subject aside, that runs on one of the days; NULL for none. */
static ErrCode find_overlap(Engine *engine, const Stations *stations, Key subject, DayRange days,
                            const Station **out_other, Err *err)
{
    *out_other = NULL;
    for (size_t i = 0; i < stations->count && *out_other == NULL; i++) {
        const Station *station = &stations->items[i];
        RowState state;
        if (station->key == subject || !ranges_meet(station->days, days)) continue;
        TRY(row_state(engine->store, engine->shard, station->project, KIND_PROJECT, &state, err));
        if (!state.is_void) *out_other = station; /* nobody stands at a project that was voided */
    }
    return OK;
}

static ErrCode check_free(Engine *engine, const Actor *actor, const char *what, Key subject,
                          const Stations *stations, DayRange days, Arena *arena, Err *err)
{
    const Station *other = NULL;
    TRY(find_overlap(engine, stations, subject, days, &other, err));
    return other == NULL ? OK : stands_there(engine, actor, what, other, arena, err);
}

/* A group stands at one project at a time; a joint branch is the exception it is made for. */
static ErrCode check_station(Engine *engine, const Actor *actor, Key subject, const Record *record,
                             Arena *arena, Err *err)
{
    const Source from = {engine->store, engine->shard, arena};
    Key group = KEY_NONE;
    GroupCard card;
    Stations stations;
    TRY(find_thing(engine, record_ref(record, STATION_GROUP), KIND_GROUP, "group", &group, err));
    const ErrCode code = load_group(from, group, &card, err);
    /* Of a group that was voided there is nothing left to overlap: its station may be closed. */
    if (code == ERR_NOT_FOUND) return OK;
    if (code != OK) return code;
    if (card.facts.form == FORM_IS_JOINT_BRANCH) return OK;
    TRY(load_stations_of_group(from, group, &stations, err));
    return check_free(engine, actor, "group", subject, &stations,
                      record_range(record, STATION_FROM, STATION_TO), arena, err);
}

/* A home stands at one project at a time. */
static ErrCode check_home_station(Engine *engine, const Actor *actor, Key subject,
                                  const Record *record, Arena *arena, Err *err)
{
    Key home = KEY_NONE;
    Stations stations;
    TRY(find_thing(engine, record_ref(record, HOME_STATION_HOME), KIND_HOME, "home", &home, err));
    TRY(load_home_stations(engine, home, arena, &stations, err));
    return check_free(engine, actor, "home", subject, &stations,
                      record_range(record, HOME_STATION_FROM, HOME_STATION_TO), arena, err);
}

static ErrCode stands_twice(Engine *engine, const Actor *actor, const Station *one,
                            const Station *other, Arena *arena, Err *err)
{
    const Source from = {engine->store, engine->shard, arena};
    ProjectCard first;
    ProjectCard second;
    bool sees_one = false;
    bool sees_other = false;
    TRY(is_in_reach(engine, actor, one->project, &sees_one, err));
    TRY(is_in_reach(engine, actor, other->project, &sees_other, err));
    if (!sees_one || !sees_other)
        return err_set(err, ERR_CONFLICT,
                       "only a joint branch stands at two projects at a time, and this one does, "
                       "one of them outside your reach: ask to have a station closed first");
    TRY(load_project(from, one->project, &first, err));
    TRY(load_project(from, other->project, &second, err));
    return err_set(err, ERR_CONFLICT,
                   "only a joint branch stands at two projects at a time: "
                   "close its station at %.*s or at %.*s first",
                   TEXT_ARG(first.facts.name), TEXT_ARG(second.facts.name));
}

/* A group that is to be a joint branch no more stands at one project from today on. What overlapped
 * in the past was right then, and stays. */
static ErrCode check_form(Engine *engine, const Actor *actor, Key subject, const Record *record,
                          const Record *changed, Arena *arena, Err *err)
{
    Stations stations;
    const Day today = node_today(engine->node);
    if (subject == KEY_NONE || changed->fields[GROUP_FORM].state == FIELD_ABSENT ||
        record_int(record, GROUP_FORM, 0) == FORM_IS_JOINT_BRANCH)
        return OK;
    TRY(load_stations_of_group((Source){engine->store, engine->shard, arena}, subject, &stations,
                               err));
    for (size_t i = 0; i < stations.count; i++) {
        const Station *one = &stations.items[i];
        const Station *other = NULL;
        const Stations later = {&stations.items[i + 1], stations.count - i - 1};
        const Day first = one->days.first < today ? today : one->days.first;
        RowState state;
        if (one->days.last < today) continue;
        TRY(row_state(engine->store, engine->shard, one->project, KIND_PROJECT, &state, err));
        if (state.is_void) continue;
        TRY(find_overlap(engine, &later, one->key, (DayRange){first, one->days.last}, &other, err));
        if (other != NULL) return stands_twice(engine, actor, one, other, arena, err);
    }
    return OK;
}

/* Nobody is the same thing twice on a day. Different standings may overlap: the rules say which of
 * them counts, and find it odd. */
static ErrCode check_standing(Engine *engine, Key subject, const Record *record, Arena *arena,
                              Err *err)
{
    Key person = KEY_NONE;
    Standings known;
    const int standing = (int)record_int(record, STANDING_STANDING, 0);
    const DayRange days = record_range(record, STANDING_FROM, STANDING_TO);
    const FieldInfo *field = vocab_field(record->kind, STANDING_STANDING);
    TRY(find_thing(engine, record_ref(record, STANDING_PERSON), KIND_PERSON, "person", &person,
                   err));
    TRY(load_standings((Source){engine->store, engine->shard, arena}, person, &known, err));
    for (size_t i = 0; i < known.count; i++) {
        const Standing *other = &known.items[i];
        if (other->key == subject || other->standing != standing || !ranges_meet(other->days, days))
            continue;
        const DayWords words = words_of(other->days);
        return err_set(err, ERR_CONFLICT,
                       "this person is a %s from %s to %s already: change that standing instead",
                       vocab_choice(field->among, standing)->en, words.first, words.last);
    }
    return OK;
}

/* ---- What a record refers to ---- */

static ErrCode check_crew(Engine *engine, const Record *changed, Arena *arena, Err *err)
{
    if (!record_has(changed, POSTING_CREW)) return OK;
    Key crew = KEY_NONE;
    GroupCard card;
    TRY(find_thing(engine, record_ref(changed, POSTING_CREW), KIND_GROUP, "crew", &crew, err));
    TRY(load_group((Source){engine->store, engine->shard, arena}, crew, &card, err));
    if (card.facts.kind == GROUP_KIND_IS_CREW) return OK;
    return err_set(err, ERR_INVALID, "\"crew\" is to be a work crew; %.*s is not one",
                   TEXT_ARG(card.facts.name));
}

static ErrCode check_party_group(Engine *engine, const Record *changed, unsigned field,
                                 Arena *arena, Err *err)
{
    if (!record_has(changed, field)) return OK;
    Key group = KEY_NONE;
    GroupCard card;
    TRY(find_thing(engine, record_ref(changed, field), KIND_GROUP, "group", &group, err));
    TRY(load_group((Source){engine->store, engine->shard, arena}, group, &card, err));
    if (card.facts.kind == GROUP_KIND_IS_PARTY) return OK;
    return err_set(err, ERR_INVALID, "this needs a Party group; %.*s is not one",
                   TEXT_ARG(card.facts.name));
}

/* Says what is wrong with a code, without repeating it. */
static ErrCode impossible(const char *field, ReasonCode why, int64_t detail, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    const Reason reason = {.code = why, .have = detail, .need = 18};
    buf_init(&words, ERR_MESSAGE_SIZE * 4);
    reason_write(&reason, LANGUAGE_EN, TEXT(""), &words);
    return err_set(err, ERR_INVALID, "\"%s\": %.*s", field, TEXT_ARG(buf_as_text(&words)));
}

/* A unit is not above itself. */
static ErrCode check_unit(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    if (record_has(record, UNIT_USCC)) {
        Code code;
        int64_t detail = 0;
        const ReasonCode why = uscc_check(record_text(record, UNIT_USCC), &code, &detail);
        if (why != REASON_NONE) return impossible("uscc", why, detail, err);
    }
    Id parent = record_ref(record, UNIT_PARENT);
    for (int depth = 0; !id_is_nil(parent); depth++) {
        Key key = KEY_NONE;
        Record above;
        RowState state;
        TRY(find_thing(engine, parent, KIND_UNIT, "parent", &key, err));
        if (key == subject || depth == UNIT_DEPTH_MAX)
            return err_set(err, ERR_INVALID,
                           key == subject ? "a unit cannot stand below itself"
                                          : "units are nested too deep");
        TRY(row_load(engine->store, engine->shard, key, vocab_kind((unsigned)KIND_UNIT), arena,
                     &above, &state, err));
        parent = record_ref(&above, UNIT_PARENT);
    }
    return OK;
}

/* Two people do not share an identity number. */
static ErrCode check_person(Engine *engine, Key subject, const Record *changed, Err *err)
{
    if (!record_has(changed, PERSON_ID_NUMBER)) return OK;
    const int64_t index = field_index(&engine->node->keyring, KIND_PERSON, PERSON_ID_NUMBER,
                                      record_text(changed, PERSON_ID_NUMBER));
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, engine->store, PERSONS_BY_ID_NUMBER, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, index);
    TRY(query_next(&query, &found, err));
    while (found) {
        if (query_int(&query, 0) != subject)
            return err_set(err, ERR_CONFLICT,
                           "somebody with this identity number is registered already: "
                           "change that person instead");
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode check_sense(Engine *engine, const Actor *actor, Key subject, const Record *record,
                    const Record *changed, Arena *arena, Err *err)
{
    TRY(check_range(record, err));
    TRY(check_plan(engine, subject, record, changed, arena, err));
    switch ((int)record->kind->code) {
    case KIND_PROJECT: return check_place(record, err);
    case KIND_UNIT: return check_unit(engine, subject, record, arena, err);
    case KIND_PERSON: return check_person(engine, subject, changed, err);
    case KIND_GROUP: return check_form(engine, actor, subject, record, changed, arena, err);
    case KIND_STATION: return check_station(engine, actor, subject, record, arena, err);
    case KIND_HOME_STATION: return check_home_station(engine, actor, subject, record, arena, err);
    case KIND_STANDING: return check_standing(engine, subject, record, arena, err);
    case KIND_POSTING: return check_crew(engine, changed, arena, err);
    case KIND_ATTACHMENT: return check_party_group(engine, changed, ATTACHMENT_GROUP, arena, err);
    case KIND_AFFILIATION:
        return check_party_group(engine, changed, AFFILIATION_BRANCH, arena, err);
    case KIND_ACTIVITY: return check_activity(engine, record, err);
    case KIND_PART: return check_part(engine, subject, record, arena, err);
    case KIND_WAIVER: return check_waiver(engine, record, arena, err);
    case KIND_ROLL:
    case KIND_ATTENDANCE:
    case KIND_TOPIC:
    case KIND_BRIEFING:
    case KIND_CHECK: return check_minutes(engine, subject, record, arena, err);
    case KIND_INTEGRITY_RISK:
    case KIND_RISK_CHECK:
    case KIND_VISIT: return check_practice(engine, record, arena, err);
    case KIND_TOOL:
    case KIND_TOOL_TEST:
    case KIND_LABOUR_CHECK:
    case KIND_COMPETITION:
    case KIND_COMPETITOR:
    case KIND_HEART_TALK: return check_register(engine, subject, record, arena, err);
    case KIND_ITEM: return check_item(record, err);
    case KIND_TASK: return check_task(engine, subject, record, err);
    case KIND_STEP: return check_step(engine, actor, record, arena, err);
    case KIND_SELF_ASSESSMENT: return check_self_assessment(engine, subject, record, arena, err);
    case KIND_OBJECTION: return check_objection(engine, subject, record, arena, err);
    case KIND_RULING: return check_ruling(engine, subject, record, arena, err);
    case KIND_SIGNAL: return check_signal(engine, subject, record, arena, err);
    case KIND_HANDLING: return check_handling(engine, actor, record, arena, err);
    case KIND_READER: return check_reader(actor, record, err);
    case KIND_NOTICE: return check_notice(engine, record, err);
    case KIND_SEEN: return check_seen(engine, subject, record, arena, err);
    default: return OK;
    }
}

/* Digits with an optional + in front; blanks, dashes and full-width digits are brought in line. */
static ErrCode normalise_phone(Text text, Arena *arena, Text *out_text, Err *err)
{
    char digits[24];
    size_t count = 0;
    size_t at = 0;
    while (at < text.size) {
        uint32_t rune = text_next_rune(text, &at);
        if (rune >= 0xFF10 && rune <= 0xFF19) rune -= 0xFF10 - '0';
        if (rune == ' ' || rune == '-' || rune == 0x3000) continue;
        const bool is_plus = rune == '+' && count == 0;
        if ((!is_plus && (rune < '0' || rune > '9')) || count == sizeof digits)
            return err_set(err, ERR_INVALID, "the phone number is not one: write digits only");
        digits[count++] = (char)rune;
    }
    if (count < 5) return err_set(err, ERR_INVALID, "the phone number is too short");
    return text_copy(arena, (Text){digits, count}, out_text, err);
}

ErrCode normalise_sealed(Record *record, Arena *arena, Err *err)
{
    if (record->kind->code != KIND_PERSON) return OK;
    Text text = {0};
    if (record_has(record, PERSON_ID_NUMBER)) {
        Identity identity;
        int64_t detail = 0;
        const ReasonCode why =
            identity_check(record_text(record, PERSON_ID_NUMBER), &identity, &detail);
        if (why != REASON_NONE) return impossible("id_number", why, detail, err);
        TRY(text_copy(arena, text_from_z(identity.number.at), &text, err));
        record_set_text(record, PERSON_ID_NUMBER, text);
    }
    if (record_has(record, PERSON_PHONE)) {
        TRY(normalise_phone(record_text(record, PERSON_PHONE), arena, &text, err));
        record_set_text(record, PERSON_PHONE, text);
    }
    return OK;
}
