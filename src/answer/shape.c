#include "answer/shape.h"

#include <assert.h>

#include "people/coverage_index.h"
#include "people/coverage_why.h"
#include "store/rows.h"

#define COUNTED_SHOWN_MAX 100 /* members that a count is told by */

/* What is called by its first text: an item by its title. */
static ErrCode title_of(const View *view, KindCode kind, Key key, Text *out_title, Err *err)
{
    Record record;
    RowState state;
    TRY(row_load(view->store, view->shard, key, vocab_kind((unsigned)kind), view->arena, &record,
                 &state, err));
    for (size_t i = 0; i < record.kind->field_count && !state.is_void; i++)
        if (record.kind->fields[i].type == FIELD_TEXT) {
            *out_title = record_text(&record, record.kind->fields[i].number);
            break;
        }
    return OK;
}

static ErrCode name_of(const View *view, KindCode kind, Key key, Text *out_name, Err *err)
{
    const Source from = view_source(view);
    ErrCode code = ERR_NOT_FOUND;
    *out_name = TEXT("");
    if (kind == KIND_PERSON) {
        PersonCard card;
        code = load_person(from, key, &card, err);
        if (code == OK) *out_name = card.name;
    } else if (kind == KIND_GROUP) {
        GroupCard card;
        code = load_group(from, key, &card, err);
        if (code == OK) *out_name = card.facts.name;
    } else if (kind == KIND_PROJECT) {
        ProjectCard card;
        code = load_project(from, key, &card, err);
        if (code == OK) *out_name = card.facts.name;
    } else if (kind == KIND_UNIT) {
        code = load_unit_name(from, key, out_name, err);
    } else if (kind == KIND_HOME) {
        code = load_home_name(from, key, out_name, err);
    } else {
        code = title_of(view, kind, key, out_name, err);
    }
    return code == ERR_NOT_FOUND ? OK : code;
}

ErrCode shape_id_at(const View *view, const char *member, Key key, Emit *emit, Err *err)
{
    Id id;
    char text[ID_TEXT_MAX];
    TRY(thing_id(view->store, view->shard, key, &id, err));
    emit_z_at(emit, member, id_write(id, text));
    return OK;
}

ErrCode shape_thing(const View *view, KindCode kind, Key key, Emit *emit, Err *err)
{
    if (key == KEY_NONE) {
        emit_null(emit);
        return OK;
    }
    Text name;
    TRY(name_of(view, kind, key, &name, err));
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", key, emit, err));
    emit_text_at(emit, "name", name);
    emit_close_object(emit);
    return OK;
}

ErrCode shape_thing_at(const View *view, const char *member, KindCode kind, Key key, Emit *emit,
                       Err *err)
{
    emit_key(emit, member);
    return shape_thing(view, kind, key, emit, err);
}

void shape_choice_at(const char *member, const FieldInfo *field, int number, Emit *emit)
{
    assert(field->type == FIELD_ENUM);
    const Choice *choice = vocab_choice(field->among, number);
    if (choice == NULL)
        emit_null_at(emit, member);
    else
        emit_z_at(emit, member, choice->name);
}

/* The kind of what a reason's words call {name}: all reasons but a few speak of a group. */
static KindCode subject_kind(const Reason *reason)
{
    switch ((int)reason->code) {
    case REASON_LEADER_IN_OFFICE:
    case REASON_LIAISON_ASSIGNED:
    case REASON_LIAISON_NOT_MEMBER:
    case REASON_LIAISON_NOT_FORMAL:
    case REASON_LEADER_STAYS: return KIND_PERSON;
    default: return KIND_GROUP;
    }
}

static ErrCode write_words(const Reason *reason, Text name, Emit *emit, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    buf_init(&words, 8192);
    reason_write(reason, LANGUAGE_ZH, name, &words);
    TRY(buf_check(&words, err));
    emit_text_at(emit, "zh", buf_as_text(&words));
    buf_clear(&words);
    reason_write(reason, LANGUAGE_EN, name, &words);
    TRY(buf_check(&words, err));
    emit_text_at(emit, "en", buf_as_text(&words));
    return OK;
}

/* One field of a fact as a person reads it: a name, a choice, a text; days come by themselves. */
static ErrCode write_field(const View *view, const FieldInfo *field, const Record *record,
                           Language language, Buf *words, Err *err)
{
    if (!record_has(record, field->number)) return OK;
    Text text = TEXT("");
    if (field->type == FIELD_REF) {
        Key key = KEY_NONE;
        TRY(thing_find(view->store, view->shard, record_ref(record, field->number), &key, err));
        TRY(name_of(view, field->target, key, &text, err));
    } else if (field->type == FIELD_ENUM) {
        const Choice *choice =
            vocab_choice(field->among, (int)record_int(record, field->number, 0));
        if (choice != NULL) text = text_from_z(language == LANGUAGE_ZH ? choice->zh : choice->en);
    } else if (field->type == FIELD_TEXT) {
        text = record_text(record, field->number);
    }
    if (text.size == 0) return OK;
    if (words->size > 0) buf_add_z(words, " · ");
    buf_add_text(words, text);
    return OK;
}

static void write_days(const Record *record, Buf *words)
{
    char day[DAY_TEXT_MAX];
    const FieldInfo *from = vocab_field_named(record->kind, TEXT("from"));
    const FieldInfo *to = vocab_field_named(record->kind, TEXT("to"));
    if (from == NULL || to == NULL) return;
    const DayRange days = record_range(record, from->number, to->number);
    if (days.first == DAY_FIRST && days.last == DAY_OPEN) return;
    buf_format(words, " · %s – ", days.first == DAY_FIRST ? "…" : day_write(days.first, day));
    buf_add_z(words, days.last == DAY_OPEN ? "…" : day_write(days.last, day));
}

/* "派驻：陈志远 · 益风二期集电线路 · 2026-06-26 – …" */
static ErrCode write_label(const View *view, const Record *record, Language language, Emit *emit,
                           Err *err)
{
    AUTO(buf_done) Buf words = {0};
    AUTO(buf_done) Buf label = {0};
    const KindInfo *kind = record->kind;
    const bool is_zh = language == LANGUAGE_ZH;
    buf_init(&words, 8192);
    buf_init(&label, 16384);
    for (size_t i = 0; i < kind->field_count; i++)
        TRY(write_field(view, &kind->fields[i], record, language, &words, err));
    write_days(record, &words);
    buf_add_z(&label, is_zh ? kind->zh : kind->en);
    if (words.size > 0) buf_add_z(&label, is_zh ? "：" : ": ");
    buf_add(&label, buf_as_bytes(&words));
    TRY(buf_check(&words, err));
    TRY(buf_check(&label, err));
    emit_text_at(emit, is_zh ? "zh" : "en", buf_as_text(&label));
    return OK;
}

static ErrCode write_fact(const View *view, KindCode code, Key fact, Emit *emit, Err *err)
{
    const KindInfo *kind = vocab_kind((unsigned)code);
    Record record;
    RowState state;
    if (kind == NULL || fact == KEY_NONE) return OK;
    TRY(row_load(view->store, view->shard, fact, kind, view->arena, &record, &state, err));
    emit_open_object(emit);
    emit_z_at(emit, "kind", kind->name);
    TRY(shape_id_at(view, "id", fact, emit, err));
    TRY(write_label(view, &record, LANGUAGE_ZH, emit, err));
    TRY(write_label(view, &record, LANGUAGE_EN, emit, err));
    emit_close_object(emit);
    return OK;
}

/* Whether a reason counts the Party members of a project. */
static bool counts_members(const Reason *reason)
{
    switch ((int)reason->code) {
    case REASON_MEMBERS_COUNTED:
    case REASON_TOO_FEW_MEMBERS:
    case REASON_NO_FORMAL_MEMBER:
    case REASON_TOO_FEW_FORMAL:
    case REASON_POSTING_NOT_CONFIRMED: return reason->kind == KIND_PROJECT;
    default: return false;
    }
}

/* The posting and the standing that put somebody into the count. */
static ErrCode write_member(const View *view, Key person, const Stay *stay, Emit *emit, Err *err)
{
    Standings standings;
    TRY(write_fact(view, KIND_POSTING, stay->posting, emit, err));
    TRY(load_standings(view_source(view), person, &standings, err));
    const Standing *standing = party_standing_on(standings.items, standings.count, view->on);
    return standing == NULL ? OK : write_fact(view, KIND_STANDING, standing->key, emit, err);
}

static ErrCode write_counted(const View *view, const Reason *reason, Emit *emit, Err *err)
{
    const bool is_pending = reason->code == REASON_POSTING_NOT_CONFIRMED;
    StayList stays;
    size_t written = 0;
    TRY(load_stays_at(view_source(view), reason->fact, view->on, &stays, err));
    for (size_t i = 0; i < stays.count && written < COUNTED_SHOWN_MAX; i++) {
        const Stay *stay = &stays.items[i];
        if (stay->party == PARTY_NONE || stay->is_pending != is_pending) continue;
        TRY(write_member(view, stays.persons[i], stay, emit, err));
        written++;
    }
    return OK;
}

void shape_rule_at(const char *member, const Rule *rule, Emit *emit)
{
    emit_key(emit, member);
    if (rule == NULL)
        emit_null(emit);
    else
        shape_rule(rule, emit);
}

void shape_rule(const Rule *rule, Emit *emit)
{
    emit_open_object(emit);
    emit_z_at(emit, "id", rule_name(rule->code));
    emit_text_at(emit, "title_zh", rule->title_zh);
    emit_text_at(emit, "title_en", rule->title_en);
    emit_text_at(emit, "source", rule->source);
    if (rule->source_en.size > 0) emit_text_at(emit, "source_en", rule->source_en);
    emit_z_at(emit, "hardness", hardness_name(rule->hardness));
    emit_close_object(emit);
}

static ErrCode write_facts(const View *view, const Reason *reason, Emit *emit, Err *err)
{
    emit_key(emit, "facts");
    emit_open_array(emit);
    TRY(write_fact(view, reason->kind, reason->fact, emit, err));
    TRY(write_fact(view, reason->kind, reason->other, emit, err));
    if (counts_members(reason)) TRY(write_counted(view, reason, emit, err));
    emit_close_array(emit);
    shape_rule_at("rule", pack_rule(view->pack, reason->rule, view->on), emit);
    return OK;
}

ErrCode shape_reason(const View *view, const Reason *reason, bool with_facts, Emit *emit, Err *err)
{
    Text name = TEXT("");
    if (reason->subject != KEY_NONE)
        TRY(name_of(view, subject_kind(reason), reason->subject, &name, err));
    const ReasonInfo *info = reason_info(reason->code);
    emit_open_object(emit);
    emit_z_at(emit, "code", info->name);
    emit_z_at(emit, "level", reason_level_name(info->level));
    TRY(write_words(reason, name, emit, err));
    if (with_facts) TRY(write_facts(view, reason, emit, err));
    emit_close_object(emit);
    return OK;
}

ErrCode shape_reasons_at(const View *view, const char *member, const ReasonList *reasons,
                         Emit *emit, Err *err)
{
    TRY(reasons_check(reasons, err));
    emit_key(emit, member);
    emit_open_array(emit);
    for (size_t i = 0; i < reasons->count; i++)
        TRY(shape_reason(view, &reasons->items[i], true, emit, err));
    emit_close_array(emit);
    return OK;
}

ErrCode shape_coverage_of(const View *view, Key project, Emit *emit, Err *err)
{
    const BoardDay *day = NULL;
    TRY(board_take(view->board, view->store, view->on, &day, err));
    const size_t at = board_find(day, project);
    ErrCode code = OK;
    emit_key(emit, "coverage");
    if (at == INDEX_NONE) {
        emit_null(emit);
    } else {
        emit_open_object(emit);
        code = shape_coverage(view, day, at, emit, err);
        emit_close_object(emit);
    }
    board_give(view->board, &day);
    return code;
}

ErrCode shape_set_at(const View *view, const BoardDay *day, size_t at, const char *member,
                     ReasonSet set, Emit *emit, Err *err)
{
    ReasonList why;
    emit_key(emit, member);
    emit_open_array(emit);
    if (set != 0) {
        /* A set has only codes; the numbers and names in its words come from the full account. */
        reasons_init(&why, view->arena);
        TRY(coverage_why(day->index, at, &why, err));
        TRY(reasons_check(&why, err));
        ReasonCode code = REASON_NONE;
        while (reason_set_next(set, &code)) {
            const Reason bare = {.code = code};
            const Reason *told = reasons_find(&why, code);
            TRY(shape_reason(view, told != NULL ? told : &bare, false, emit, err));
        }
    }
    emit_close_array(emit);
    return OK;
}

ErrCode shape_coverage(const View *view, const BoardDay *day, size_t at, Emit *emit, Err *err)
{
    const Coverage *coverage = &day->coverage[at];
    Key leader = KEY_NONE;
    int64_t group_at = 0;
    if (coverage->group != KEY_NONE && map_find(&day->index->groups, coverage->group, &group_at))
        leader = day->world.leaders[group_at].person;
    emit_z_at(emit, "state", coverage_term(coverage->state)->name);
    TRY(shape_set_at(view, day, at, "reasons", coverage->reasons, emit, err));
    TRY(shape_set_at(view, day, at, "advice", coverage->advice, emit, err));
    emit_key(emit, "group");
    if (coverage->group == KEY_NONE) {
        emit_null(emit);
    } else {
        Text name;
        TRY(name_of(view, KIND_GROUP, coverage->group, &name, err));
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", coverage->group, emit, err));
        emit_text_at(emit, "name", name);
        if (coverage->distance_m == PLACE_DISTANCE_NO)
            emit_null_at(emit, "distance_m");
        else
            emit_int_at(emit, "distance_m", coverage->distance_m);
        emit_close_object(emit);
    }
    const Key person = coverage->person != KEY_NONE ? coverage->person : leader;
    TRY(shape_thing_at(view, "leader", KIND_PERSON, person, emit, err));
    emit_int_at(emit, "people", coverage->heads.people);
    emit_int_at(emit, "formal", coverage->heads.formal);
    emit_int_at(emit, "probationary", coverage->heads.probationary);
    emit_int_at(emit, "pending", coverage->heads.pending_party);
    return OK;
}

ErrCode shape_project(const View *view, const Project *project, ProjectTexts texts, Emit *emit,
                      Err *err)
{
    TRY(shape_id_at(view, "id", project->key, emit, err));
    emit_text_at(emit, "name", project->name);
    emit_text_at(emit, "code", texts.code);
    emit_text_at(emit, "place", texts.place);
    TRY(shape_thing_at(view, "unit", KIND_UNIT, project->unit, emit, err));
    emit_day_at(emit, "from", project->days.first);
    emit_day_at(emit, "to", project->days.last);
    shape_choice_at("stage", vocab_field(vocab_kind(KIND_PROJECT), PROJECT_STAGE), project->stage,
                    emit);
    if (project->has_place) {
        emit_key(emit, "lat");
        emit_micro(emit, project->lat);
        emit_key(emit, "lon");
        emit_micro(emit, project->lon);
    } else {
        emit_null_at(emit, "lat");
        emit_null_at(emit, "lon");
    }
    return OK;
}

ErrCode shape_page(const ListAsk *ask, size_t total, Emit *emit, Page *out_page, Err *err)
{
    const bool is_all = ask->size == PAGE_SIZE_ALL;
    if (ask->page < 1 || ask->page > PAGE_MAX || ask->size < 0 || ask->size > PAGE_SIZE_MAX)
        return err_set(err, ERR_INVALID, "a page has 1 to %d items; pages count from 1",
                       PAGE_SIZE_MAX);
    const size_t size = is_all ? total : (size_t)ask->size;
    const size_t first = is_all ? 0 : ((size_t)ask->page - 1) * size;
    *out_page = (Page){.first = first < total ? first : total,
                       .end = first + size < total ? first + size : total};
    emit_int_at(emit, "total", (int64_t)total);
    emit_int_at(emit, "page", is_all ? 1 : ask->page);
    emit_int_at(emit, "size", (int64_t)size);
    return OK;
}

/* A group is seen by whoever sees its unit, or a project where it stands on that day. */
static ErrCode check_group_reach(const View *view, const Group *group, Err *err)
{
    Stations stations;
    if (reach_has_unit(&view->reach, group->unit)) return OK;
    TRY(load_stations_of_group(view_source(view), group->key, &stations, err));
    for (size_t i = 0; i < stations.count; i++) {
        ProjectCard project;
        if (!range_has(stations.items[i].days, view->on)) continue;
        const ErrCode code =
            load_project(view_source(view), stations.items[i].project, &project, err);
        if (code == ERR_NOT_FOUND) continue; /* the project was voided */
        if (code != OK) return code;
        if (reach_has_project(&view->reach, project.facts.key, project.facts.unit)) return OK;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no such group");
}

ErrCode shape_group(const View *view, Id group, GroupCard *out_card, Err *err)
{
    Key key = KEY_NONE;
    TRY(view_find(view, group, KIND_GROUP, &key, err));
    TRY(load_group(view_source(view), key, out_card, err));
    return check_group_reach(view, &out_card->facts, err);
}

void shape_duty_counts_at(const char *member, const DutyCounts *counts, Emit *emit)
{
    emit_key(emit, member);
    emit_open_object(emit);
    emit_int_at(emit, "owed", duty_counts_total(counts));
    for (int state = 0; state < DUTY_STATE_COUNT; state++)
        emit_int_at(emit, duty_state_name((DutyState)state), counts->states[state]);
    emit_int_at(emit, "recorded_late", counts->recorded_late);
    emit_int_at(emit, "not_conforming", counts->not_conforming);
    emit_int_at(emit, "planned", counts->planned);
    emit_close_object(emit);
}
