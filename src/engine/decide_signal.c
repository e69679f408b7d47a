/* Signals and what is written about them: what nobody needs to type is filled in, who is not to be
 * named is left out, and what only readers may read is sealed before it is recorded. */
#include "engine/inside.h"
#include "engine/receipt.h"
#include "engine/sense_signal.h"
#include "loop/hazard.h"
#include "store/things.h"
#include "view/signal_load.h"

static SignalSource source_of(Engine *engine, Arena *arena)
{
    return (SignalSource){.from = {engine->store, engine->shard, arena},
                          .utc_offset_minutes = engine->node->utc_offset_minutes,
                          .pack = engine->node->pack};
}

/* Nothing is said of days to come (a box whose clock is behind may be a day late), and a step is
 * not before what it is about. */
static ErrCode check_day(Engine *engine, Day day, Day first, Err *err)
{
    char text[DAY_TEXT_MAX];
    if (day > node_today(engine->node) + 1)
        return err_set(err, ERR_INVALID, "\"day\": %s has not come yet", day_write(day, text));
    if (day < first)
        return err_set(err, ERR_INVALID, "\"day\": the signal was raised later, on %s",
                       day_write(first, text));
    return OK;
}

static ErrCode made_by_the_program(const Record *record, unsigned field, Err *err)
{
    if (record->fields[field].state == FIELD_ABSENT) return OK;
    return err_set(err, ERR_INVALID, "\"%s\" is made by the program: leave it out",
                   vocab_field(record->kind, field)->name);
}

/* ---- Raising ---- */

/* Whether the raiser is left out: not told by their own wish, or told only inside the envelope. */
static bool leaves_raiser_out(const SignalInfo *info, const Record *signal)
{
    return info->readers != 0 || record_int(signal, SIGNAL_UNNAMED, 0) == UNNAMED_IS_TO_EVERYBODY;
}

static ErrCode check_unnamed(const SignalInfo *info, const Record *signal, Err *err)
{
    const int64_t unnamed = record_int(signal, SIGNAL_UNNAMED, 0);
    const Choice *kind =
        vocab_choice(vocab_field(signal->kind, SIGNAL_KIND)->among, (int)info->kind);
    if (unnamed > info->unnamed_most)
        return err_set(err, ERR_INVALID, "\"unnamed\": a %s is not raised unnamed to everybody",
                       kind->en);
    if (leaves_raiser_out(info, signal) && record_has(signal, SIGNAL_RAISER))
        return err_set(err, ERR_INVALID,
                       "\"raiser\": nobody is named in this; who wishes to be known to the readers "
                       "says so in \"what\"");
    return OK;
}

/* A copy of the actor whom nothing can be filled in from. */
static Actor without_person(const Actor *actor)
{
    Actor nobody = *actor;
    nobody.person = KEY_NONE;
    return nobody;
}

/* What the envelope takes is in the record no more. ERR_CONFLICT without any reader. */
static ErrCode seal_text(Engine *engine, Key project, int purpose, unsigned field, Text plain,
                         Arena *arena, Record *record, Err *err)
{
    AUTO(buf_done) Buf sealed = {0};
    Readers readers;
    Key unit = KEY_NONE;
    Bytes bytes = {0};
    TRY(unit_in_charge(engine, project, &unit, err));
    TRY(load_readers((Source){engine->store, engine->shard, arena}, unit, purpose,
                     node_today(engine->node), &readers, err));
    if (readers.count == 0)
        return err_set(err, ERR_CONFLICT,
                       "nobody could read this: headquarters first names a reader with "
                       "`tongpin reader DIR add`; until then say it in person");
    buf_init(&sealed, ENVELOPE_BYTES_MAX);
    TRY(envelope_seal(engine->node->host, readers.keys, readers.count, plain, &sealed, err));
    TRY(bytes_copy(arena, buf_as_bytes(&sealed), &bytes, err));
    record_set_bytes(record, field, bytes);
    return OK;
}

static ErrCode seal_signal(Engine *engine, const SignalInfo *info, Arena *arena, Fact *fact,
                           Err *err)
{
    Record *record = &fact->record;
    const Text plain = record_text(record, SIGNAL_WHAT);
    if (info->readers == 0) return OK;
    TRY(seal_text(engine, fact->scope_key, info->readers, SIGNAL_ENVELOPE, plain, arena, record,
                  err));
    record->fields[SIGNAL_WHAT] = (FieldValue){.state = FIELD_ABSENT};
    return OK;
}

ErrCode decide_signal(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                      Facts *out_facts, Err *err)
{
    Record record = command->record;
    const SignalInfo *info = signal_info((int)record_int(&record, SIGNAL_KIND, 0));
    const Actor nobody = without_person(actor);
    if (info == NULL) return err_set(err, ERR_INVALID, "\"kind\": there is no such kind of signal");
    const bool is_out = leaves_raiser_out(info, &record);
    TRY(made_by_the_program(&record, SIGNAL_ENVELOPE, err));
    TRY(made_by_the_program(&record, SIGNAL_RECEIPT, err));
    TRY(check_unnamed(info, &record, err));
    if (info->readers != 0 && record_has(&record, SIGNAL_PLACE))
        return err_set(
            err, ERR_INVALID,
            "say the place in \"what\", which is sealed to the readers; \"place\" is not");
    TRY(fill_self(engine, actor, arena, &record, err));
    if (is_out) record.fields[SIGNAL_RAISER] = (FieldValue){.state = FIELD_ABSENT};
    if (!record_has(&record, SIGNAL_RAISER))
        record_set_int(&record, SIGNAL_RECEIPT, receipt_index_of_op(engine->node, command->op));
    TRY(add_new_thing(engine, is_out ? &nobody : actor, &record, arena, out_facts, err));
    Fact *fact = &out_facts->items[out_facts->count - 1];
    fact->is_unsigned = is_out;
    return seal_signal(engine, info, arena, fact, err);
}

/* ---- Handling ---- */

static ErrCode load_case(Engine *engine, const Record *handling, Arena *arena, SignalCase *out_case,
                         Err *err)
{
    Key key = KEY_NONE;
    SignalCard card;
    const SignalSource source = source_of(engine, arena);
    TRY(find_thing(engine, record_ref(handling, HANDLING_SIGNAL), KIND_SIGNAL, "signal", &key,
                   err));
    TRY(load_signal(&source, key, &card, err));
    return load_signal_case(&source, &card, DAY_LAST, out_case, err);
}

/* Which step came before, and until when an order runs, nobody needs to type. */
static void fill_handling(Engine *engine, const SignalCase *known, Record *handling)
{
    const Day day = (Day)record_int(handling, HANDLING_DAY, node_today(engine->node));
    const int step = (int)record_int(handling, HANDLING_STEP, 0);
    if (!record_has(handling, HANDLING_FOLLOWS) && known->standing.last != SIZE_MAX)
        record_set_ref(handling, HANDLING_FOLLOWS, known->steps[known->standing.last].id);
    if (step != HANDLING_IS_ORDER || record_has(handling, HANDLING_UNTIL)) return;
    const HazardRules rules = hazard_rules(engine->node->pack, day);
    record_set_int(handling, HANDLING_UNTIL, hazard_until_most(&rules, known->standing.grade, day));
}

static ErrCode seal_note(Engine *engine, const SignalCase *known, Text plain, Arena *arena,
                         Fact *fact, Err *err)
{
    if (plain.size == 0) return OK;
    return seal_text(engine, known->card.project, signal_info(known->card.kind)->readers,
                     HANDLING_ENVELOPE, plain, arena, &fact->record, err);
}

static ErrCode check_words(const SignalCase *known, const Record *handling, Err *err)
{
    const bool is_sealed = signal_info(known->card.kind)->readers != 0;
    if (is_sealed && record_text(handling, HANDLING_NOTE).size > 0)
        return err_set(err, ERR_INVALID,
                       "say it in \"envelope\", which is sealed to the readers, or in \"answer\", "
                       "which is for the raiser");
    if (!is_sealed && record_has(handling, HANDLING_ENVELOPE))
        return err_set(err, ERR_INVALID, "say it in \"note\": only what is sealed has an envelope");
    return OK;
}

ErrCode decide_handling(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                        Facts *out_facts, Err *err)
{
    SignalCase known;
    Record record = command->record;
    const Text sealed = record_text(&record, HANDLING_ENVELOPE);
    TRY(load_case(engine, &record, arena, &known, err));
    TRY(check_words(&known, &record, err));
    fill_handling(engine, &known, &record);
    TRY(add_new_thing(engine, actor, &record, arena, out_facts, err));
    out_facts->items[out_facts->count - 1].is_unsigned = actor->receipt_of != KEY_NONE;
    return seal_note(engine, &known, sealed, arena, &out_facts->items[out_facts->count - 1], err);
}

/* ---- Whether a step makes sense ---- */

static SignalStep step_of(Engine *engine, const Record *handling)
{
    return (SignalStep){
        .step = (int)record_int(handling, HANDLING_STEP, 0),
        .day = (Day)record_int(handling, HANDLING_DAY, node_today(engine->node)),
        .until = (Day)record_int(handling, HANDLING_UNTIL, DAY_OPEN),
        .grade = (int)record_int(handling, HANDLING_GRADE, 0),
        .group = record_has(handling, HANDLING_GROUP) ? 1 : KEY_NONE,
        .has_words = record_text(handling, HANDLING_NOTE).size > 0 ||
                     record_text(handling, HANDLING_ANSWER).size > 0 ||
                     record_has(handling, HANDLING_ENVELOPE),
    };
}

/* "close" is out of turn: the signal is "ordered"; "close" comes after "passed" */
static ErrCode refuse_step(const SignalCase *known, const SignalStep *step, SignalRefusal why,
                           const Rule *rule, Err *err)
{
    AUTO(buf_done) Buf turns = {0};
    const FieldInfo *field = vocab_field(vocab_kind(KIND_HANDLING), HANDLING_STEP);
    const Choice *choice = vocab_choice(field->among, step->step);
    buf_init(&turns, ERR_MESSAGE_SIZE);
    if (why == REFUSAL_OUT_OF_TURN) {
        signal_step_turns(known->card.kind, step->step, &turns);
        return err_set(err, ERR_CONFLICT,
                       "\"%s\" is out of turn: the signal is \"%s\", and this comes after %.*s",
                       choice->name, signal_state_name(known->standing.state),
                       TEXT_ARG(buf_as_text(&turns)));
    }
    if (rule != NULL)
        return err_set(err, ERR_CONFLICT, "\"%s\": %s (%.*s)", choice->name, signal_refusal_en(why),
                       TEXT_ARG(rule->source));
    return err_set(err, why == REFUSAL_NO_SUCH_STEP ? ERR_INVALID : ERR_CONFLICT, "\"%s\": %s",
                   choice->name, signal_refusal_en(why));
}

static ErrCode check_course(Engine *engine, const SignalCase *known, const Record *handling,
                            Err *err)
{
    RuleCode rule = RULE_NONE;
    const SignalStep step = step_of(engine, handling);
    TRY(check_day(engine, step.day, known->card.raised, err));
    if (known->step_count >= SIGNAL_STEPS_MAX)
        return refuse_step(known, &step, REFUSAL_TOO_MANY, NULL, err);
    SignalRefusal why = signal_step_check(known->card.kind, &known->standing, &step);
    if (why == REFUSAL_NONE && signal_info(known->card.kind)->course == COURSE_HAZARD) {
        const HazardRules rules = hazard_rules(engine->node->pack, step.day);
        why = hazard_check(&rules, &known->standing, &step, step.day, &rule);
    }
    if (why == REFUSAL_NONE) return OK;
    return refuse_step(known, &step, why, pack_rule(engine->node->pack, rule, step.day), err);
}

/* ---- Who may write a step ---- */

static ErrCode is_reader_of(Engine *engine, const Actor *actor, const SignalCase *known,
                            Arena *arena, bool *out_is, Err *err)
{
    Readers readers;
    TRY(load_readers((Source){engine->store, engine->shard, arena}, known->card.unit,
                     signal_info(known->card.kind)->readers, node_today(engine->node), &readers,
                     err));
    *out_is = readers_have(&readers, actor->person);
    return OK;
}

/* For who has the receipt, and then the raiser's steps alone; for the readers of what is sealed;
 * for the raiser to confirm or reopen; the rest for those who may write at the project. */
static ErrCode check_handler(Engine *engine, const Actor *actor, const SignalCase *known, int step,
                             Arena *arena, Err *err)
{
    bool may = false;
    if (actor->receipt_of != KEY_NONE)
        return actor->receipt_of == known->card.key && signal_step_is_raisers(step)
                   ? OK
                   : err_set(err, ERR_DENIED, "a receipt confirms or reopens its own signal");
    if (signal_info(known->card.kind)->readers != 0) {
        TRY(is_reader_of(engine, actor, known, arena, &may, err));
        if (may) return OK;
        return err_set(err, ERR_NOT_FOUND, "\"signal\": there is no such thing within your reach");
    }
    if (signal_step_is_raisers(step)) {
        if (known->card.raiser != KEY_NONE && known->card.raiser == actor->person) return OK;
        return err_set(err, ERR_DENIED, "only who raised it confirms or reopens it");
    }
    if (actor->write != NULL) TRY(is_within(engine, actor->write, known->card.project, &may, err));
    if (may) return OK;
    return err_set(err, ERR_DENIED, "dealing with a signal is for the site leader or the unit");
}

static ErrCode check_union_group(Engine *engine, const Record *handling, Arena *arena, Err *err)
{
    Key key = KEY_NONE;
    GroupCard group;
    if (record_int(handling, HANDLING_STEP, 0) != HANDLING_IS_UNION ||
        !record_has(handling, HANDLING_GROUP))
        return OK;
    TRY(find_thing(engine, record_ref(handling, HANDLING_GROUP), KIND_GROUP, "group", &key, err));
    TRY(load_group((Source){engine->store, engine->shard, arena}, key, &group, err));
    if (group.facts.kind == GROUP_KIND_IS_UNION) return OK;
    return err_set(err, ERR_INVALID, "\"group\" is to be a union group; %.*s is not one",
                   TEXT_ARG(group.facts.name));
}

/* A step follows another of the same signal. */
static ErrCode check_follows(const SignalCase *known, const Record *handling, Err *err)
{
    const Id follows = record_ref(handling, HANDLING_FOLLOWS);
    if (id_is_nil(follows)) return OK;
    for (size_t i = 0; i < known->step_count; i++)
        if (id_equal(known->steps[i].id, follows)) return OK;
    return err_set(err, ERR_INVALID, "\"follows\" is not a step of this signal: leave it out");
}

ErrCode check_handling(Engine *engine, const Actor *actor, const Record *record, Arena *arena,
                       Err *err)
{
    SignalCase known;
    TRY(load_case(engine, record, arena, &known, err));
    TRY(check_handler(engine, actor, &known, (int)record_int(record, HANDLING_STEP, 0), arena,
                      err));
    TRY(check_follows(&known, record, err));
    TRY(check_union_group(engine, record, arena, err));
    return check_course(engine, &known, record, err);
}

/* ---- The rest of it ---- */

ErrCode check_signal(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    Key again = KEY_NONE;
    SignalCard card;
    const SignalSource source = source_of(engine, arena);
    const bool is_sealed = record_has(record, SIGNAL_ENVELOPE);
    if (!is_sealed && text_trim(record_text(record, SIGNAL_WHAT)).size == 0)
        return err_set(err, ERR_INVALID, "\"what\" is missing: say what it is");
    TRY(check_day(engine, (Day)record_int(record, SIGNAL_DAY, DAY_FIRST), DAY_FIRST, err));
    if (!record_has(record, SIGNAL_AGAIN)) return OK;
    TRY(find_thing(engine, record_ref(record, SIGNAL_AGAIN), KIND_SIGNAL, "again", &again, err));
    if (again == subject) return err_set(err, ERR_INVALID, "\"again\": nothing repeats itself");
    TRY(load_signal(&source, again, &card, err));
    if (card.kind == record_int(record, SIGNAL_KIND, 0) && !card.is_sealed) return OK;
    return err_set(err, ERR_INVALID, "\"again\" leads to a signal of another kind");
}

ErrCode check_void_signal(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    bool is_sealed = false;
    if (record->kind->code == KIND_SIGNAL) is_sealed = record_has(record, SIGNAL_ENVELOPE);
    if (record->kind->code == KIND_HANDLING) {
        SignalCase known;
        TRY(load_case(engine, record, arena, &known, err));
        is_sealed = known.card.is_sealed;
    }
    if (!is_sealed) return OK;
    return err_set(err, ERR_CONFLICT, "what is sealed is not voided: its readers answer it");
}
