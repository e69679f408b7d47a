#include "answer/programme.h"

#include <stdlib.h>

#include "answer/shape.h"
#include "journal/hlc.h"

PlanSource view_plan_source(const View *view)
{
    return (PlanSource){.from = view_source(view),
                        .pack = view->pack,
                        .utc_offset_minutes = view->utc_offset_minutes};
}

ErrCode shape_project_in_reach(const View *view, Id project, ProjectCard *out_card, Err *err)
{
    Key key = KEY_NONE;
    TRY(view_find(view, project, KIND_PROJECT, &key, err));
    TRY(load_project(view_source(view), key, out_card, err));
    if (reach_has_project(&view->reach, key, out_card->facts.unit)) return OK;
    return err_set(err, ERR_NOT_FOUND, "there is no such project");
}

static const FieldInfo *line_field(unsigned field)
{
    return vocab_field(vocab_kind(KIND_PLAN_LINE), field);
}

/* ---- One line ---- */

/* Who changed the phase: the account, or null for somebody at the machine itself. */
static ErrCode emit_actor(const View *view, Id actor, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    char text[ID_TEXT_MAX];
    emit_key(emit, "by");
    if (!id_is_nil(actor)) {
        TRY(query_begin(&query, view->store, ACCOUNT_BY_ID, err));
        query_bind_id(&query, 1, &actor);
        TRY(query_next(&query, &found, err));
    }
    if (!found) {
        emit_null(emit);
        return OK;
    }
    Text name;
    TRY(query_text(&query, 2, view->arena, &name, err));
    emit_open_object(emit);
    emit_z_at(emit, "id", id_write(actor, text));
    emit_text_at(emit, "name", name);
    emit_close_object(emit);
    return OK;
}

/* "铁塔组立调整：2026-12-10 起改为 2026-12-30" */
static void write_shift_words(const PhaseVersion *version, const PlanShift *shift,
                              Language language, Buf *words)
{
    const Choice *phase = vocab_choice(line_field(PLAN_LINE_PHASE)->among, version->phase);
    char from[DAY_TEXT_MAX];
    char to[DAY_TEXT_MAX];
    const bool is_zh = language == LANGUAGE_ZH;
    const char *name = phase == NULL ? "" : is_zh ? phase->zh : phase->en;
    day_write(shift->from, from);
    day_write(shift->to, to);
    if (shift->to == DAY_OPEN)
        buf_format(words, is_zh ? "%s不再有日期，原定%s" : "%s has no day any more; it was %s",
                   name, from);
    else if (shift->from == DAY_OPEN)
        buf_format(words, is_zh ? "%s已排期，定于%s" : "%s was scheduled: %s", name, to);
    else
        buf_format(words,
                   is_zh ? "%s调整，由%s改到%s，相差%d天" : "%s moved, from %s to %s: %d days",
                   name, from, to, (int)(shift->to - shift->from));
}

static ErrCode emit_words(const PhaseVersion *version, const PlanShift *shift, Emit *emit, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    buf_init(&words, 1024);
    write_shift_words(version, shift, LANGUAGE_ZH, &words);
    TRY(buf_check(&words, err));
    emit_text_at(emit, "zh", buf_as_text(&words));
    buf_clear(&words);
    write_shift_words(version, shift, LANGUAGE_EN, &words);
    TRY(buf_check(&words, err));
    emit_text_at(emit, "en", buf_as_text(&words));
    return OK;
}

static void emit_days_moved(const char *member, Day from, Day to, Emit *emit)
{
    if (from == DAY_OPEN || to == DAY_OPEN)
        emit_null_at(emit, member);
    else
        emit_int_at(emit, member, to - from);
}

static ErrCode emit_shift(const View *view, const PlanKit *kit, const PlanShift *shift, Emit *emit,
                          Err *err)
{
    const PhaseVersion *version = &kit->facts.schedule.versions[shift->version];
    const PhaseEntry *entry = plan_entry_of(kit, shift->version);
    char text[ID_TEXT_MAX];
    emit_open_object(emit);
    emit_day_at(emit, "from", shift->from);
    emit_day_at(emit, "to", shift->to);
    emit_days_moved("days", shift->from, shift->to, emit);
    TRY(shape_id_at(view, "phase", version->fact, emit, err));
    if (entry != NULL) {
        emit_z_at(emit, "entry", id_write(entry->entry, text));
        emit_int_at(emit, "at_ms", (int64_t)hlc_ms(version->stamp));
        TRY(emit_actor(view, entry->actor, emit, err));
    }
    TRY(emit_words(version, shift, emit, err));
    emit_close_object(emit);
    return OK;
}

static void emit_kinds(const PlanCard *card, Emit *emit)
{
    const ChoiceSet *kinds = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND)->among;
    emit_key(emit, "kinds");
    emit_open_array(emit);
    for (size_t i = 0; i < kinds->count; i++)
        if (card->is_for[kinds->choices[i].number])
            emit_text(emit, text_from_z(kinds->choices[i].name));
    emit_close_array(emit);
}

static ErrCode emit_id_or_null(const View *view, const char *member, Key key, Emit *emit, Err *err)
{
    if (key != KEY_NONE) return shape_id_at(view, member, key, emit, err);
    emit_null_at(emit, member);
    return OK;
}

static void emit_anchor(const PlanLine *line, Emit *emit)
{
    shape_choice_at("phase", line_field(PLAN_LINE_PHASE), line->phase, emit);
    shape_choice_at("edge", line_field(PLAN_LINE_EDGE), line->edge, emit);
    emit_int_at(emit, "offset", line->offset);
    emit_key(emit, "risk");
    if (line->risk_scheme == 0) {
        emit_null(emit);
        return;
    }
    emit_open_object(emit);
    shape_choice_at("scheme", line_field(PLAN_LINE_RISK_SCHEME), line->risk_scheme, emit);
    emit_int_at(emit, "level", line->risk_level);
    emit_close_object(emit);
}

ErrCode shape_plan_line(const View *view, const PlanKit *kit, const Planned *planned, size_t at,
                        Emit *emit, Err *err)
{
    const PlanLine *line = &kit->facts.lines[at];
    const PlanCard *card = &kit->cards[at];
    char text[ID_TEXT_MAX];
    emit_z_at(emit, "id", id_write(card->id, text));
    emit_text_at(emit, "title", card->title);
    emit_z_at(emit, "state", plan_state_name(planned->state));
    emit_z_at(emit, "zh", plan_state_zh(planned->state));
    emit_z_at(emit, "en", plan_state_en(planned->state));
    emit_day_at(emit, "day", planned->day);
    emit_day_at(emit, "first", planned->first);
    emit_days_moved("moved_days", planned->first, planned->day, emit);
    emit_anchor(line, emit);
    shape_choice_at("meeting", line_field(PLAN_LINE_MEETING), card->meeting, emit);
    emit_kinds(card, emit);
    shape_choice_at("focus", line_field(PLAN_LINE_FOCUS), card->focus, emit);
    shape_choice_at("grip", line_field(PLAN_LINE_GRIP), card->grip, emit);
    TRY(emit_id_or_null(view, "risk_fact", planned->risk, emit, err));
    TRY(emit_id_or_null(view, "activity", line->activity, emit, err));
    TRY(emit_id_or_null(view, "task", line->task, emit, err));
    emit_day_at(emit, "arranged", line->fulfilment == KEY_NONE ? DAY_OPEN : line->arranged);
    TRY(emit_id_or_null(view, "fulfilment", line->fulfilment, emit, err));
    emit_text_at(emit, "note", card->note);
    return emit_id_or_null(view, "template_line", card->template_line, emit, err);
}

/* ---- The programme ---- */

static int by_day(const void *left, const void *right)
{
    const LineOrder *a = left;
    const LineOrder *b = right;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

ErrCode shape_plan_order(const View *view, const Planned *planned, size_t count,
                         LineOrder **out_orders, Err *err)
{
    LineOrder *orders = arena_array(view->arena, LineOrder, count);
    if (orders == NULL) return list_full(count, err);
    for (size_t i = 0; i < count; i++)
        orders[i] = (LineOrder){planned[i].day, i};
    if (count > 1) qsort(orders, count, sizeof orders[0], by_day);
    *out_orders = orders;
    return OK;
}

static ErrCode emit_line(const View *view, const PlanKit *kit, const Planned *planned, size_t at,
                         Emit *emit, Err *err)
{
    emit_open_object(emit);
    TRY(shape_plan_line(view, kit, planned, at, emit, err));
    emit_key(emit, "shifts");
    emit_open_array(emit);
    for (size_t i = 0; i < planned->shift_count; i++)
        TRY(emit_shift(view, kit, &planned->shifts[i], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

static void emit_counts(const Planned *planned, size_t count, Emit *emit)
{
    int counts[PLAN_STATE_COUNT] = {0};
    for (size_t i = 0; i < count; i++)
        counts[planned[i].state]++;
    emit_key(emit, "counts");
    emit_open_object(emit);
    for (int state = 0; state < PLAN_STATE_COUNT; state++)
        emit_int_at(emit, plan_state_name((PlanState)state), counts[state]);
    emit_close_object(emit);
}

ErrCode answer_programme(const View *view, Id project, Emit *emit, Err *err)
{
    const PlanSource source = view_plan_source(view);
    ProjectCard card;
    PlanKit kit;
    Planned *planned = NULL;
    LineOrder *orders = NULL;
    TRY(shape_project_in_reach(view, project, &card, err));
    TRY(plan_facts_load(&source, card.facts.key, &kit, err));
    TRY(programme_of(&kit.facts, view->on, view->arena, &planned, err));
    TRY(shape_plan_order(view, planned, kit.facts.line_count, &orders, err));
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, card.facts.key, emit, err));
    emit_day_at(emit, "on", view->on);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < kit.facts.line_count; i++)
        TRY(emit_line(view, &kit, &planned[orders[i].at], orders[i].at, emit, err));
    emit_close_array(emit);
    emit_counts(planned, kit.facts.line_count, emit);
    shape_rule_at("rule", pack_rule(view->pack, RULE_PROGRAMME, view->on), emit);
    emit_close_object(emit);
    return OK;
}

/* ---- A change that is only tried ---- */

/* The version of the phase that holds now, as the change would leave it. */
static ErrCode find_phase(const View *view, const ShiftAsk *ask, const Schedule *schedule,
                          PhaseVersion *out_version, Err *err)
{
    Key phase = KEY_NONE;
    bool is_there = false;
    TRY(view_find(view, ask->phase, KIND_PHASE, &phase, err));
    for (size_t i = 0; i < schedule->count; i++) {
        if (schedule->versions[i].fact != phase || schedule->versions[i].is_void) continue;
        *out_version = schedule->versions[i];
        is_there = true;
    }
    if (!is_there) return err_set(err, ERR_NOT_FOUND, "the project has no such phase");
    if (ask->days.first != DAY_OPEN) out_version->days.first = ask->days.first;
    if (ask->days.last != DAY_OPEN) out_version->days.last = ask->days.last;
    out_version->stamp = UINT64_MAX;
    if (out_version->days.last >= out_version->days.first) return OK;
    return err_set(err, ERR_INVALID, "the phase would end before it begins: give \"to\" as well");
}

static void emit_moved(const PlanKit *kit, size_t at, Day from, Day to, Emit *emit)
{
    char text[ID_TEXT_MAX];
    emit_open_object(emit);
    emit_z_at(emit, "id", id_write(kit->cards[at].id, text));
    emit_text_at(emit, "title", kit->cards[at].title);
    emit_day_at(emit, "from", from);
    emit_day_at(emit, "to", to);
    emit_days_moved("days", from, to, emit);
    /* What was arranged for the planned day goes along; another day is somebody's. */
    emit_bool_at(emit, "arranged_moves",
                 kit->facts.lines[at].fulfilment != KEY_NONE &&
                     kit->facts.lines[at].arranged == from);
    emit_close_object(emit);
}

static void emit_range(const char *member, DayRange days, Emit *emit)
{
    emit_key(emit, member);
    emit_open_object(emit);
    emit_day_at(emit, "from", days.first);
    emit_day_at(emit, "to", days.last);
    emit_close_object(emit);
}

/* Of the lines: those that would move, and how many stay because they are done. */
static ErrCode emit_tried(const View *view, const PlanKit *kit, const PhaseVersion *version,
                          Emit *emit, Err *err)
{
    PlanFacts after = kit->facts;
    int stays = 0;
    TRY(schedule_try(&kit->facts.schedule, *version, view->arena, &after.schedule, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < kit->facts.line_count; i++) {
        const PlanLine *line = &kit->facts.lines[i];
        const Day from = programme_day(&kit->facts, line, kit->facts.schedule.count);
        const Day to = programme_day(&after, line, after.schedule.count);
        if (line->is_done && line->phase == version->phase)
            stays++;
        else if (from != to && !line->is_done)
            emit_moved(kit, i, from, to, emit);
    }
    emit_close_array(emit);
    emit_int_at(emit, "stays", stays);
    return OK;
}

ErrCode answer_shift(const View *view, const ShiftAsk *ask, Emit *emit, Err *err)
{
    const PlanSource source = view_plan_source(view);
    ProjectCard card;
    PlanKit kit;
    PhaseVersion version = {0};
    ShiftAsk as_it_is = *ask;
    PhaseVersion now = {0};
    as_it_is.days = (DayRange){DAY_OPEN, DAY_OPEN};
    TRY(shape_project_in_reach(view, ask->project, &card, err));
    TRY(plan_facts_load(&source, card.facts.key, &kit, err));
    TRY(find_phase(view, &as_it_is, &kit.facts.schedule, &now, err));
    TRY(find_phase(view, ask, &kit.facts.schedule, &version, err));
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, card.facts.key, emit, err));
    shape_choice_at("phase", line_field(PLAN_LINE_PHASE), version.phase, emit);
    emit_range("before", now.days, emit);
    emit_range("after", version.days, emit);
    TRY(emit_tried(view, &kit, &version, emit, err));
    shape_rule_at("rule", pack_rule(view->pack, RULE_PROGRAMME, view->on), emit);
    emit_close_object(emit);
    return OK;
}
