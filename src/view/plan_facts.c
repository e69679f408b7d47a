#include "view/plan_facts.h"

#include "journal/entry.h"
#include "journal/hlc.h"
#include "store/journal_rows.h"
#include "view/duty_load.h"
#include "view/task_load.h"

static ErrCode begin(Query *query, Source from, QueryId id, Key key, Err *err)
{
    TRY(query_begin(query, from.store, id, err));
    query_bind_int(query, 1, from.shard);
    query_bind_int(query, 2, key);
    return OK;
}

static Day day_at(const Query *query, int column)
{
    return query_is_null(query, column) ? DAY_OPEN : (Day)query_int(query, column);
}

/* ---- The schedule ---- */

typedef struct Versions {
    PhaseVersion *items;
    PhaseEntry *entries;
    size_t count;
} Versions;

static ErrCode add_version(Versions *versions, Arena *arena, const PhaseVersion *version,
                           const Entry *entry, Err *err)
{
    const size_t count = versions->count;
    versions->items = list_grow(arena, versions->items, sizeof versions->items[0], count);
    if (versions->items == NULL) return list_full(count, err);
    versions->entries = list_grow(arena, versions->entries, sizeof versions->entries[0], count);
    if (versions->entries == NULL) return list_full(count, err);
    versions->items[count] = *version;
    versions->entries[count] = (PhaseEntry){.stamp = version->stamp, .fact = version->fact};
    if (entry != NULL) {
        versions->entries[count].entry = entry->id;
        versions->entries[count].actor = entry->actor;
    }
    versions->count++;
    return OK;
}

/* Each entry about a phase, laid over those before it, is a version. */
static ErrCode add_history(const PlanSource *source, Key phase, Versions *versions, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    Record record = {.kind = vocab_kind(KIND_PHASE)};
    bool is_void = false;
    entry_walk_thing(&walk, source->from.store, phase);
    for (const EntryRow *row = NULL;;) {
        Entry entry;
        TRY(entry_walk_next(&walk, &row, err));
        if (row == NULL) return OK;
        TRY(entry_decode(row->chained, row->has_body ? row->body : (Bytes){0}, &row->stream_name,
                         row->prev_stamp, &entry, err));
        if (entry.kind_info != record.kind) continue;
        record_lay_over(&record, &entry.record);
        is_void = is_void || entry.verb == VERB_VOID;
        const PhaseVersion version = {
            .fact = phase,
            .phase = (int)record_int(&record, PHASE_PHASE, 0),
            .days = record_range(&record, PHASE_FROM, PHASE_TO),
            .is_void = is_void,
            .stamp = entry.stamp,
            .recorded = day_of_ms(entry.stamp >> HLC_COUNTER_BITS, source->utc_offset_minutes),
        };
        TRY(add_version(versions, source->from.arena, &version, &entry, err));
    }
}

static ErrCode load_phases(const PlanSource *source, Key project, bool with_history,
                           Versions *versions, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(begin(&query, source->from, PHASE_FACTS_OF_PROJECT, project, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        const PhaseVersion now = {
            .fact = query_int(&query, 0),
            .phase = (int)query_int(&query, 1),
            .days = {(Day)query_int(&query, 2), day_at(&query, 3)},
            .is_void = query_int(&query, 4) != 0,
            .recorded = DAY_FIRST,
        };
        if (with_history)
            TRY(add_history(source, now.fact, versions, err));
        else
            TRY(add_version(versions, source->from.arena, &now, NULL, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

const PhaseEntry *plan_entry_of(const PlanKit *kit, size_t version)
{
    const PhaseVersion *wanted = &kit->facts.schedule.versions[version];
    for (size_t i = 0; i < kit->entry_count; i++)
        if (kit->entries[i].stamp == wanted->stamp && kit->entries[i].fact == wanted->fact)
            return &kit->entries[i];
    return NULL;
}

/* ---- Lines ---- */

static ErrCode load_risks(Source from, Key project, PlanFacts *facts, Err *err)
{
    AUTO(query_done) Query query = {0};
    Risk *risks = NULL;
    bool found = false;
    TRY(begin(&query, from, RISKS_OF_PROJECT, project, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        risks = list_grow(from.arena, risks, sizeof risks[0], facts->risk_count);
        if (risks == NULL) return list_full(facts->risk_count, err);
        risks[facts->risk_count++] = (Risk){.key = query_int(&query, 0),
                                            .phase = (int)query_int(&query, 1),
                                            .scheme = (int)query_int(&query, 2),
                                            .level = (int)query_int(&query, 3)};
        TRY(query_next(&query, &found, err));
    }
    facts->risks = risks;
    return OK;
}

static PlanLine line_of_row(const Query *query, Id id)
{
    return (PlanLine){
        .key = query_int(query, 0),
        .phase = (int)query_int(query, 2),
        .edge = (int)query_int(query, 3),
        .offset = (int)query_int(query, 4),
        .day = day_at(query, 5),
        .risk_scheme = (int)query_int(query, 6),
        .risk_level = (int)query_int(query, 7),
        .stamp = id_stamp(id),
    };
}

static ErrCode card_of_row(const Query *query, Id id, Arena *arena, PlanCard *out_card, Err *err)
{
    *out_card = (PlanCard){
        .id = id,
        .meeting = (int)query_int(query, 10),
        .is_for = {[GROUP_KIND_IS_PARTY] = query_int(query, 11) != 0,
                   [GROUP_KIND_IS_UNION] = query_int(query, 12) != 0,
                   [GROUP_KIND_IS_CREW] = query_int(query, 13) != 0},
        .focus = (int)query_int(query, 14),
        .grip = (int)query_int(query, 15),
        .template_line = query_int(query, 8),
    };
    return query_text(query, 9, arena, &out_card->title, err);
}

static ErrCode load_lines(Source from, Key project, PlanLine **out_lines, PlanKit *kit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    size_t *count = &kit->facts.line_count;
    *out_lines = NULL;
    TRY(begin(&query, from, PLAN_LINES_OF_PROJECT, project, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        Id id;
        TRY(query_id(&query, 1, &id, err));
        *out_lines = list_grow(from.arena, *out_lines, sizeof(PlanLine), *count);
        if (*out_lines == NULL) return list_full(*count, err);
        kit->cards = list_grow(from.arena, kit->cards, sizeof kit->cards[0], *count);
        if (kit->cards == NULL) return list_full(*count, err);
        (*out_lines)[*count] = line_of_row(&query, id);
        TRY(card_of_row(&query, id, from.arena, &kit->cards[*count], err));
        ++*count;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* The last word on a line counts; an activity that was cancelled or voided is none. */
static ErrCode fulfil(const Query *query, Arena *arena, PlanLine *line, PlanCard *card, Err *err)
{
    const bool has_activity = !query_is_null(query, 3);
    const bool has_task = !query_is_null(query, 8);
    const int progress = (int)query_int(query, 4);
    if (has_activity && progress == PROGRESS_IS_CANCELLED) return OK;
    if (!has_activity && !has_task && query_is_null(query, 5)) return OK;
    line->fulfilment = query_int(query, 1);
    line->activity = has_activity ? query_int(query, 2) : KEY_NONE;
    line->task = has_task ? query_int(query, 7) : KEY_NONE;
    line->arranged = day_at(query, has_task ? 8 : 3);
    line->is_done = progress == PROGRESS_IS_HELD || !query_is_null(query, 5);
    line->done = query_is_null(query, 5) ? line->arranged : day_at(query, 5);
    return query_text(query, 6, arena, &card->note, err);
}

static ErrCode load_fulfilments(Source from, Key project, PlanLine *lines, PlanKit *kit, Err *err)
{
    AUTO(query_done) Query query = {0};
    Map places;
    bool found = false;
    if (lines == NULL) return OK; /* there are none */
    map_init(&places, from.arena);
    for (size_t i = 0; i < kit->facts.line_count; i++)
        TRY(map_put(&places, lines[i].key, (int64_t)i, err));
    TRY(begin(&query, from, FULFILMENTS_OF_PROJECT, project, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        int64_t at = 0;
        if (map_find(&places, query_int(&query, 0), &at))
            TRY(fulfil(&query, from.arena, &lines[at], &kit->cards[at], err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* A task is done when it has passed for everybody; one that was withdrawn leaves its line free. */
static ErrCode look_at_task(const PlanSource *source, PlanLine *line, Err *err)
{
    TaskCard card;
    Task task;
    Day done = DAY_FIRST;
    size_t withdrawn = 0;
    TRY(load_task(source->from, source->utc_offset_minutes, line->task, &card, err));
    TRY(task_fold(&card.facts, DAY_LAST, source->from.arena, &task, err));
    for (size_t i = 0; i < task.course_count; i++) {
        const Course *course = &task.courses[i];
        if (course->state == TASK_WITHDRAWN)
            withdrawn++;
        else if (course->state != TASK_PASSED && course->state != TASK_ASSESSED)
            return OK;
        else if (course->last_day > done)
            done = course->last_day;
    }
    if (withdrawn == task.course_count) {
        line->fulfilment = line->task = KEY_NONE;
        return OK;
    }
    line->is_done = true;
    line->done = done;
    return OK;
}

static ErrCode look_at_tasks(const PlanSource *source, PlanLine *lines, size_t count, Err *err)
{
    for (size_t i = 0; lines != NULL && i < count; i++)
        if (lines[i].task != KEY_NONE && !lines[i].is_done)
            TRY(look_at_task(source, &lines[i], err));
    return OK;
}

static ErrCode load_kit(const PlanSource *source, Key project, bool with_history, PlanKit *kit,
                        Err *err)
{
    Versions versions = {0};
    PlanLine *lines = NULL;
    kit->facts.pack = source->pack;
    TRY(load_phases(source, project, with_history, &versions, err));
    kit->entries = versions.entries;
    kit->entry_count = versions.count;
    TRY(schedule_make(versions.items, versions.count, &kit->facts.schedule, err));
    TRY(load_risks(source->from, project, &kit->facts, err));
    TRY(load_lines(source->from, project, &lines, kit, err));
    TRY(load_fulfilments(source->from, project, lines, kit, err));
    TRY(look_at_tasks(source, lines, kit->facts.line_count, err));
    kit->facts.lines = lines;
    return OK;
}

ErrCode plan_facts_load(const PlanSource *source, Key project, PlanKit *out_kit, Err *err)
{
    *out_kit = (PlanKit){0};
    TRY(load_calendar(source->from, &out_kit->calendar, err));
    out_kit->facts.calendar = &out_kit->calendar;
    return load_kit(source, project, true, out_kit, err);
}

ErrCode plan_facts_load_now(const PlanSource *source, Key project, const Calendar *calendar,
                            PlanKit *out_kit, Err *err)
{
    *out_kit = (PlanKit){.facts.calendar = calendar};
    return load_kit(source, project, false, out_kit, err);
}

/* ---- The gate ---- */

typedef struct Forms {
    GateForm *items;
    size_t count;
} Forms;

static ErrCode add_form(Forms *forms, Arena *arena, GateForm form, Err *err)
{
    forms->items = list_grow(arena, forms->items, sizeof form, forms->count);
    if (forms->items == NULL) return list_full(forms->count, err);
    forms->items[forms->count++] = form;
    return OK;
}

/* A group of any kind, with whoever is responsible for it on the first day that counts. */
static ErrCode add_group_form(Source from, GateForm form, DayRange days, Day day, Forms *forms,
                              Err *err)
{
    GroupCard card;
    Offices offices;
    const Day when = days.first > day ? days.first : day;
    if (days.last < day) return OK;
    const ErrCode code = load_group(from, form.group, &card, err);
    if (code == ERR_NOT_FOUND) return OK; /* voided: no organisation any more */
    if (code != OK) return code;
    form.group_kind = card.facts.kind;
    TRY(load_offices(from, form.group, &offices, err));
    for (size_t i = 0; i < offices.count; i++) {
        const Office *office = &offices.items[i];
        if (office->post == POST_IS_DEPUTY || !range_has(office->days, when)) continue;
        form.person = office->person;
        form.office = office->key;
    }
    return add_form(forms, from.arena, form, err);
}

static ErrCode add_liaisons(Source from, Key project, Day day, Forms *forms, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(begin(&query, from, LIAISONS_OF_PROJECT, project, err));
    TRY(query_next(&query, &found, err));
    while (found) {
        const GateForm form = {.kind = KIND_LIAISON,
                               .fact = query_int(&query, 0),
                               .group_kind = GROUP_KIND_IS_PARTY,
                               .person = query_int(&query, 2)};
        if (day_at(&query, 4) >= day) TRY(add_form(forms, from.arena, form, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode count_lines(Source from, Key project, size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(begin(&query, from, PLAN_LINE_COUNT, project, err));
    TRY(query_next(&query, &found, err));
    *out_count = found ? (size_t)query_int(&query, 0) : 0;
    return OK;
}

ErrCode plan_load_gate(Source from, const Pack *pack, Key project, Day day, GateFacts *out_facts,
                       Err *err)
{
    Forms forms = {0};
    Stations stations;
    Attachments attachments;
    size_t line_count = 0;
    TRY(load_stations_at(from, project, &stations, err));
    for (size_t i = 0; i < stations.count; i++) {
        const Station *station = &stations.items[i];
        const GateForm form = {.kind = KIND_STATION, .fact = station->key, .group = station->group};
        TRY(add_group_form(from, form, station->days, day, &forms, err));
    }
    TRY(load_attachments_of_project(from, project, &attachments, err));
    for (size_t i = 0; i < attachments.count; i++) {
        const Attachment *attachment = &attachments.items[i];
        const GateForm form = {
            .kind = KIND_ATTACHMENT, .fact = attachment->key, .group = attachment->group};
        TRY(add_group_form(from, form, attachment->days, day, &forms, err));
    }
    TRY(add_liaisons(from, project, day, &forms, err));
    TRY(count_lines(from, project, &line_count, err));
    *out_facts = (GateFacts){.pack = pack,
                             .day = day,
                             .forms = forms.items,
                             .form_count = forms.count,
                             .line_count = line_count};
    return OK;
}
