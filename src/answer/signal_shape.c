#include "answer/signal_shape.h"

#include "answer/shape.h"
#include "loop/climb.h"
#include "store/query.h"

SignalSource signal_source(const View *view)
{
    return (SignalSource){view_source(view), view->utc_offset_minutes, view->pack};
}

/* ---- Whose eyes ---- */

static bool may_write_at(const SignalEyes *eyes, const SignalCard *card)
{
    return eyes->is_machine ||
           (eyes->write != NULL && reach_has_project(eyes->write, card->project, card->unit));
}

static bool is_raiser(const SignalEyes *eyes, const SignalCard *card)
{
    return eyes->person != KEY_NONE && eyes->person == card->raiser;
}

/* What only its readers see is for whoever asks the store, or has a SignalSight. */
static bool is_for_readers(const View *view, const SignalEyes *eyes, const SignalCard *card,
                           bool *out_is_seen)
{
    const SignalInfo *info = signal_info(card->kind);
    *out_is_seen = eyes->is_machine || is_raiser(eyes, card);
    if (*out_is_seen || info == NULL) return false;
    if (info->seen_by == SEEN_BY_EVERYBODY)
        *out_is_seen = reach_has_project(&view->reach, card->project, card->unit);
    if (info->seen_by == SEEN_BY_HANDLERS) *out_is_seen = may_write_at(eyes, card);
    return info->seen_by == SEEN_BY_READERS && eyes->person != KEY_NONE;
}

ErrCode signal_is_seen(const View *view, const SignalEyes *eyes, const SignalCard *card,
                       bool *out_is, Err *err)
{
    Readers readers;
    if (!is_for_readers(view, eyes, card, out_is)) return OK;
    TRY(load_readers(view_source(view), card->unit, signal_info(card->kind)->readers, view->on,
                     &readers, err));
    *out_is = readers_have(&readers, eyes->person);
    return OK;
}

static ErrCode load_reads(const View *view, Key person, SignalSight *sight, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, READERS, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        const int64_t purpose = query_int(&query, 2);
        const DayRange days = {(Day)query_int(&query, 5),
                               query_is_null(&query, 6) ? DAY_OPEN : (Day)query_int(&query, 6)};
        if (query_int(&query, 3) == person && purpose < READER_PURPOSE_COUNT &&
            range_has(days, view->on))
            TRY(map_put(&sight->reads[purpose], query_int(&query, 1), 1, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode signal_sight_load(const View *view, const SignalEyes *eyes, SignalSight *out_sight,
                          Err *err)
{
    *out_sight = (SignalSight){.view = view, .eyes = eyes};
    map_init(&out_sight->levels.parents, view->arena);
    for (int purpose = 0; purpose < READER_PURPOSE_COUNT; purpose++)
        map_init(&out_sight->reads[purpose], view->arena);
    if (eyes->is_machine || eyes->person == KEY_NONE) return OK;
    TRY(levels_load(view_source(view), &out_sight->levels, err));
    return load_reads(view, eyes->person, out_sight, err);
}

bool signal_is_in_sight(const SignalSight *sight, const SignalCard *card)
{
    Key units[CLIMB_LEVELS_MAX];
    bool is_seen = false;
    int64_t one = 0;
    if (!is_for_readers(sight->view, sight->eyes, card, &is_seen)) return is_seen;
    const size_t count = levels_above(&sight->levels, card->unit, units);
    for (size_t i = 0; i < count && !is_seen; i++)
        is_seen = map_find(&sight->reads[signal_info(card->kind)->readers], units[i], &one);
    return is_seen;
}

/* Who is unnamed to others is named to who deals with it, and to themselves. */
static bool is_raiser_named(const SignalEyes *eyes, const SignalCard *card)
{
    if (eyes == NULL || card->raiser == KEY_NONE) return false;
    return card->unnamed == 0 || is_raiser(eyes, card) || may_write_at(eyes, card);
}

/* ---- Climbing ---- */

/* Who holds it level by level: the project first, unless a unit answers it. */
typedef struct Holders {
    bool has_project;
    UnitChain chain;
} Holders;

static ErrCode load_holders(const View *view, const SignalCard *card, Holders *out, Err *err)
{
    out->has_project = signal_is_projects(card);
    return load_unit_chain(view_source(view), card->unit, &out->chain, err);
}

static size_t level_count(const SignalCard *card, const Holders *holders)
{
    return signal_level_count(card, holders->chain.count);
}

static ErrCode emit_holder(const View *view, const SignalCard *card, const Holders *holders,
                           size_t level, Emit *emit, Err *err)
{
    if (holders->has_project && level == 0)
        return shape_thing_at(view, "project", KIND_PROJECT, card->project, emit, err);
    const size_t at = level - (holders->has_project ? 1 : 0);
    const Key unit = at < holders->chain.count ? holders->chain.units[at] : KEY_NONE;
    return shape_thing_at(view, "unit", KIND_UNIT, unit, emit, err);
}

static ClimbState climbed(const View *view, const SignalCard *card, const Holders *holders,
                          const SignalWait *wait)
{
    return signal_climb(view->pack, card, level_count(card, holders), wait, view->on);
}

static ErrCode emit_climbs(const View *view, const SignalCard *card, const Holders *holders,
                           const ClimbState *climb, Emit *emit, Err *err)
{
    emit_key(emit, "climbs");
    emit_open_array(emit);
    for (size_t i = 0; i < climb->climb_count; i++) {
        emit_open_object(emit);
        emit_int_at(emit, "level", (int64_t)climb->climbs[i].level);
        TRY(emit_holder(view, card, holders, climb->climbs[i].level, emit, err));
        emit_day_at(emit, "since", climb->climbs[i].since);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_waits(const View *view, const SignalCase *one, const Holders *holders,
                          Emit *emit, Err *err)
{
    emit_key(emit, "waits");
    emit_open_array(emit);
    for (size_t i = 0; i < one->standing.wait_count; i++) {
        const SignalWait *wait = &one->standing.waits[i];
        const ClimbState climb = climbed(view, &one->card, holders, wait);
        emit_open_object(emit);
        emit_z_at(emit, "for", wait_name(wait->what));
        emit_z_at(emit, "zh", wait_zh(wait->what));
        emit_day_at(emit, "since", wait->since);
        emit_day_at(emit, "due", wait->due);
        emit_day_at(emit, "answered", wait->answered);
        TRY(emit_climbs(view, &one->card, holders, &climb, emit, err));
        shape_rule_at("rule", pack_rule(view->pack, wait->rule, wait->since), emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* What is waited for now, until when, and which level holds it. */
static ErrCode emit_waiting(const View *view, const SignalCase *one, const Holders *holders,
                            Emit *emit, Err *err)
{
    const SignalWait *wait = signal_waits(&one->standing);
    const size_t level = signal_level(view->pack, one, level_count(&one->card, holders), view->on);
    emit_key(emit, "waits_for");
    if (wait == NULL)
        emit_null(emit);
    else
        emit_text(emit, text_from_z(wait_name(wait->what)));
    emit_day_at(emit, "due", wait == NULL ? DAY_OPEN : wait->due);
    emit_bool_at(emit, "overdue", wait != NULL && view->on > wait->due);
    emit_day_at(emit, "climbs_next",
                wait == NULL ? DAY_OPEN : climbed(view, &one->card, holders, wait).next);
    emit_int_at(emit, "level", (int64_t)level);
    emit_key(emit, "held_by");
    emit_open_object(emit);
    TRY(emit_holder(view, &one->card, holders, level, emit, err));
    emit_close_object(emit);
    return OK;
}

/* ---- Steps ---- */

static void emit_text_or_null(Emit *emit, const char *member, Text text)
{
    if (text.size > 0)
        emit_text_at(emit, member, text);
    else
        emit_null_at(emit, member);
}

static const FieldInfo *handling_field(unsigned field)
{
    return vocab_field(vocab_kind(KIND_HANDLING), field);
}

/* Who wrote the step, unless that would name a raiser who is not named. */
static Key who_is_named(const SignalEyes *eyes, const SignalCard *card,
                        const SignalStepWords *words)
{
    if (eyes == NULL) return KEY_NONE;
    return words->person == card->raiser && !is_raiser_named(eyes, card) ? KEY_NONE : words->person;
}

static ErrCode emit_step(const View *view, const SignalEyes *eyes, const SignalCase *one, size_t at,
                         Emit *emit, Err *err)
{
    char id[ID_TEXT_MAX];
    const SignalStep *step = &one->steps[at];
    const SignalStepWords *words = &one->words[at];
    const FieldInfo *field = handling_field(HANDLING_STEP);
    const Choice *choice = vocab_choice(field->among, step->step);
    emit_open_object(emit);
    emit_z_at(emit, "id", id_write(step->id, id));
    shape_choice_at("step", field, step->step, emit);
    emit_z_at(emit, "zh", choice == NULL ? "" : choice->zh);
    emit_z_at(emit, "en", choice == NULL ? "" : choice->en);
    emit_day_at(emit, "day", step->day);
    emit_day_at(emit, "recorded", words->recorded);
    if (id_is_nil(step->follows))
        emit_null_at(emit, "follows");
    else
        emit_z_at(emit, "follows", id_write(step->follows, id));
    emit_z_at(emit, "fate", signal_fate_name(one->standing.fates[at]));
    emit_z_at(emit, "why_idle", signal_refusal_en(one->standing.whys[at]));
    emit_z_at(emit, "why_idle_zh", signal_refusal_zh(one->standing.whys[at]));
    emit_text_or_null(emit, "note", words->note);
    emit_text_or_null(emit, "answer", words->answer);
    emit_text_or_null(emit, "responsible", words->responsible);
    emit_day_at(emit, "until", step->until);
    shape_choice_at("grade", handling_field(HANDLING_GRADE), step->grade, emit);
    TRY(shape_thing_at(view, "group", KIND_GROUP, step->group, emit, err));
    TRY(shape_thing_at(view, "person", KIND_PERSON, who_is_named(eyes, &one->card, words), emit,
                       err));
    emit_bool_at(emit, "sealed", words->is_sealed);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_steps(const View *view, const SignalEyes *eyes, const SignalCase *one,
                          Emit *emit, Err *err)
{
    emit_key(emit, "steps");
    emit_open_array(emit);
    for (size_t i = 0; i < one->step_count; i++)
        TRY(emit_step(view, eyes, one, one->standing.order[i], emit, err));
    emit_close_array(emit);
    return OK;
}

/* The rules behind what a signal of this kind goes through. */
static void emit_rules(const View *view, const SignalCard *card, Emit *emit)
{
    static const RuleCode hazard[] = {RULE_HAZARD_GRADES, RULE_HAZARD_ORDER, RULE_HAZARD_RECHECK,
                                      RULE_HAZARD_UNION,  RULE_STOP_WORK,    RULE_HAZARD_NOTICE};
    const SignalInfo *info = signal_info(card->kind);
    emit_key(emit, "rules");
    emit_open_array(emit);
    const Rule *rule = pack_rule(view->pack, info->rule, card->raised);
    if (rule != NULL) shape_rule(rule, emit);
    for (size_t i = 0; info->course == COURSE_HAZARD && i < sizeof hazard / sizeof hazard[0]; i++) {
        rule = pack_rule(view->pack, hazard[i], view->on);
        if (rule != NULL) shape_rule(rule, emit);
    }
    rule = pack_rule(view->pack, RULE_SEALED_REPORTS, card->raised);
    if (info->readers != 0 && rule != NULL) shape_rule(rule, emit);
    emit_close_array(emit);
}

/* ---- One signal ---- */

static void emit_standing(const SignalStanding *standing, Emit *emit)
{
    emit_z_at(emit, "state", signal_state_name(standing->state));
    emit_z_at(emit, "state_zh", signal_state_zh(standing->state));
    emit_z_at(emit, "state_en", signal_state_en(standing->state));
    emit_day_at(emit, "since", standing->since);
    emit_bool_at(emit, "open", signal_state_is_open(standing->state));
    shape_choice_at("grade", handling_field(HANDLING_GRADE), standing->grade, emit);
    emit_day_at(emit, "until", standing->until);
    emit_day_at(emit, "extension_asked", standing->asked);
    emit_bool_at(emit, "stopped", standing->is_stopped);
    emit_bool_at(emit, "supervised", standing->is_supervised);
    emit_bool_at(emit, "union_involved", standing->has_union);
    emit_int_at(emit, "returns", standing->returns);
}

static ErrCode emit_card(const View *view, const SignalEyes *eyes, const SignalCard *card,
                         Emit *emit, Err *err)
{
    char id[ID_TEXT_MAX];
    const SignalInfo *info = signal_info(card->kind);
    const FieldInfo *kind = vocab_field(vocab_kind(KIND_SIGNAL), SIGNAL_KIND);
    const Choice *choice = vocab_choice(kind->among, card->kind);
    emit_z_at(emit, "id", id_write(card->id, id));
    shape_choice_at("kind", kind, card->kind, emit);
    emit_z_at(emit, "kind_zh", choice == NULL ? "" : choice->zh);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, card->project, emit, err));
    emit_text_or_null(emit, "what", card->what);
    emit_text_or_null(emit, "place", card->place);
    emit_day_at(emit, "raised", card->raised);
    emit_day_at(emit, "recorded", card->recorded);
    TRY(shape_thing_at(view, "raiser", KIND_PERSON,
                       is_raiser_named(eyes, card) ? card->raiser : KEY_NONE, emit, err));
    shape_choice_at("unnamed", vocab_field(vocab_kind(KIND_SIGNAL), SIGNAL_UNNAMED), card->unnamed,
                    emit);
    emit_bool_at(emit, "sealed", card->is_sealed);
    emit_z_at(emit, "owner", signal_owner_name(info->owner));
    emit_z_at(emit, "owner_zh", signal_owner_zh(info->owner));
    if (card->again == KEY_NONE) {
        emit_null_at(emit, "again");
        return OK;
    }
    return shape_id_at(view, "again", card->again, emit, err);
}

ErrCode signal_emit(const View *view, const SignalEyes *eyes, const SignalCase *one,
                    bool with_steps, Emit *emit, Err *err)
{
    Holders holders;
    TRY(load_holders(view, &one->card, &holders, err));
    emit_open_object(emit);
    TRY(emit_card(view, eyes, &one->card, emit, err));
    emit_standing(&one->standing, emit);
    TRY(emit_waiting(view, one, &holders, emit, err));
    if (with_steps) {
        TRY(emit_steps(view, eyes, one, emit, err));
        TRY(emit_waits(view, one, &holders, emit, err));
        emit_rules(view, &one->card, emit);
    }
    emit_close_object(emit);
    return OK;
}

/* ---- Counts ---- */

static void emit_tally(const SignalTally *tally, Emit *emit)
{
    emit_int_at(emit, "open", tally->open);
    emit_int_at(emit, "overdue", tally->overdue);
    emit_int_at(emit, "climbed", tally->climbed);
}

void shape_signal_counts_at(const char *member, const SignalCounts *counts, Emit *emit)
{
    const FieldInfo *kind = vocab_field(vocab_kind(KIND_SIGNAL), SIGNAL_KIND);
    emit_key(emit, member);
    emit_open_object(emit);
    emit_tally(&counts->all, emit);
    emit_key(emit, "kinds");
    emit_open_object(emit);
    for (size_t i = 0; i < signal_info_count; i++) {
        const SignalTally *tally = &counts->kinds[signal_infos[i].kind];
        if (tally->open == 0) continue;
        emit_key(emit, vocab_choice(kind->among, signal_infos[i].kind)->name);
        emit_open_object(emit);
        emit_tally(tally, emit);
        emit_close_object(emit);
    }
    emit_close_object(emit);
    emit_close_object(emit);
}
