#include "engine/inside.h"
#include "store/rows.h"
#include "view/assess_load.h"

/* ---- Self-assessments, objections, rulings ---- */

static ErrCode check_points(int64_t points, int64_t most, Err *err)
{
    if (points >= 0 && points <= most) return OK;
    return err_set(err, ERR_INVALID, "\"points\" is 0 to %d", (int)most);
}

static ErrCode assess_named(Engine *engine, Id group, DayRange within, Arena *arena,
                            Assessed *out_assessed, Err *err)
{
    Key key = KEY_NONE;
    GroupCard card;
    const View view = {.store = engine->store,
                       .pack = engine->node->pack,
                       .reach = reach_everything(),
                       .shard = engine->shard,
                       .utc_offset_minutes = engine->node->utc_offset_minutes,
                       .on = node_today(engine->node),
                       .arena = arena};
    TRY(find_thing(engine, group, KIND_GROUP, "group", &key, err));
    TRY(load_group((Source){engine->store, engine->shard, arena}, key, &card, err));
    return assess_group(&view, &card.facts, within, out_assessed, err);
}

/* One for each period: what it says may be changed. */
ErrCode check_self_assessment(Engine *engine, Key subject, const Record *record, Arena *arena,
                              Err *err)
{
    Assessed assessed;
    TRY(check_points(record_int(record, SELF_ASSESSMENT_POINTS, 0), ASSESS_POINTS_MAX, err));
    if (subject != KEY_NONE) return OK;
    TRY(assess_named(engine, record_ref(record, SELF_ASSESSMENT_GROUP),
                     record_range(record, SELF_ASSESSMENT_FROM, SELF_ASSESSMENT_TO), arena,
                     &assessed, err));
    if (!assessed.has_self) return OK;
    return err_set(err, ERR_CONFLICT,
                   "this group has assessed itself for this period: change that instead");
}

/* It is about a deduction that stands in the assessment today, and nobody objected to before. */
ErrCode check_objection(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    Assessed assessed;
    const Text code = record_text(record, OBJECTION_DEDUCTION);
    if (subject != KEY_NONE) return OK; /* nothing of it changes */
    TRY(assess_named(engine, record_ref(record, OBJECTION_GROUP),
                     record_range(record, OBJECTION_FROM, OBJECTION_TO), arena, &assessed, err));
    if (objection_to(&assessed, code) != NULL)
        return err_set(err, ERR_CONFLICT, "this deduction was objected to before");
    for (size_t i = 0; i < assessed.assessment.count; i++)
        if (text_equal(assessed.codes[i], code)) return OK;
    return err_set(err, ERR_INVALID,
                   "\"deduction\": there is none of that code in this assessment; the codes stand "
                   "in the assessment of the group for exactly this period");
}

/* What the deduction costs by the rules. */
static ErrCode points_of(Engine *engine, const Record *objection, Arena *arena, int *out_points,
                         Err *err)
{
    Assessed assessed;
    *out_points = ASSESS_POINTS_MAX; /* of what is no deduction any more */
    TRY(assess_named(engine, record_ref(objection, OBJECTION_GROUP),
                     record_range(objection, OBJECTION_FROM, OBJECTION_TO), arena, &assessed, err));
    for (size_t i = 0; i < assessed.assessment.count; i++)
        if (text_equal(assessed.codes[i], record_text(objection, OBJECTION_DEDUCTION)))
            *out_points = assessed.assessment.deductions[i].points;
    return OK;
}

static ErrCode is_decided(Engine *engine, Key objection, bool *out_decided, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine->store, RULINGS_OF_OBJECTION, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, objection);
    return query_next(&query, out_decided, err);
}

ErrCode check_ruling(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    Key key = KEY_NONE;
    Record objection;
    RowState state;
    bool decided = false;
    int points = 0;
    if (subject != KEY_NONE) return OK; /* nothing of it changes */
    TRY(find_thing(engine, record_ref(record, RULING_OBJECTION), KIND_OBJECTION, "objection", &key,
                   err));
    TRY(row_load(engine->store, engine->shard, key, vocab_kind(KIND_OBJECTION), arena, &objection,
                 &state, err));
    TRY(is_decided(engine, key, &decided, err));
    if (decided)
        return err_set(err, ERR_CONFLICT,
                       "this objection was decided before: void that ruling first");
    const bool corrects = record_int(record, RULING_DECISION, 0) == DECISION_IS_CORRECTED;
    if (corrects != record_has(record, RULING_POINTS))
        return err_set(err, ERR_INVALID,
                       corrects ? "say what is deducted instead, in \"points\""
                                : "\"points\" belong to a correction only");
    if (!corrects) return OK;
    TRY(points_of(engine, &objection, arena, &points, err));
    return check_points(record_int(record, RULING_POINTS, 0), points, err);
}
