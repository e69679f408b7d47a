#include "view/signal_load.h"

#include "journal/hlc.h"

static Day day_of(const SignalSource *source, Id id)
{
    return day_of_ms(id_stamp(id) >> HLC_COUNTER_BITS, source->utc_offset_minutes);
}

static Key key_at(const Query *query, int column)
{
    return query_is_null(query, column) ? KEY_NONE : query_int(query, column);
}

static Day day_at(const Query *query, int column)
{
    return query_is_null(query, column) ? DAY_OPEN : (Day)query_int(query, column);
}

/* Empty for NULL. */
static ErrCode text_at(const SignalSource *source, const Query *query, int column, Text *out_text,
                       Err *err)
{
    *out_text = TEXT("");
    if (query_is_null(query, column)) return OK;
    return query_text(query, column, source->from.arena, out_text, err);
}

ErrCode signal_of_row(const SignalSource *source, const Query *query, SignalCard *out_card,
                      Err *err)
{
    SignalCard card = {
        .key = query_int(query, 0),
        .kind = (int)query_int(query, 2),
        .project = query_int(query, 3),
        .unit = query_int(query, 4),
        .raiser = key_at(query, 6),
        .unnamed = query_is_null(query, 7) ? 0 : (int)query_int(query, 7),
        .again = key_at(query, 9),
        .is_sealed = query_int(query, 10) != 0,
    };
    TRY(query_id(query, 1, &card.id, err));
    TRY(text_at(source, query, 5, &card.what, err));
    TRY(text_at(source, query, 8, &card.place, err));
    card.recorded = day_of(source, card.id);
    card.raised = query_is_null(query, 11) ? card.recorded : (Day)query_int(query, 11);
    *out_card = card;
    return OK;
}

ErrCode load_signal(const SignalSource *source, Key signal, SignalCard *out_card, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, source->from.store, SIGNAL_LOAD, err));
    query_bind_int(&query, 1, source->from.shard);
    query_bind_int(&query, 2, signal);
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_NOT_FOUND, "there is no such signal");
    return signal_of_row(source, &query, out_card, err);
}

static ErrCode find_receipt(Source from, int64_t receipt, Key *out_key, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, SIGNAL_OF_RECEIPT, err));
    query_bind_int(&query, 1, from.shard);
    query_bind_int(&query, 2, receipt);
    TRY(query_next(&query, &found, err));
    if (!found)
        return err_set(err, ERR_NOT_FOUND, "no signal has this receipt: look at the code again");
    *out_key = query_int(&query, 0);
    return OK;
}

ErrCode load_signal_of_receipt(const SignalSource *source, int64_t receipt, SignalCard *out_card,
                               Err *err)
{
    Key key = KEY_NONE;
    TRY(find_receipt(source->from, receipt, &key, err));
    return load_signal(source, key, out_card, err);
}

/* From the column `c` on. */
static ErrCode step_of_row(const SignalSource *source, const Query *query, int c,
                           SignalStep *out_step, SignalStepWords *out_words, Err *err)
{
    SignalStep step = {
        .key = query_int(query, c),
        .step = (int)query_int(query, c + 3),
        .until = day_at(query, c + 4),
        .grade = query_is_null(query, c + 5) ? 0 : (int)query_int(query, c + 5),
        .group = key_at(query, c + 6),
        .is_void = query_int(query, c + 12) != 0,
    };
    SignalStepWords words = {.person = key_at(query, c + 10),
                             .is_sealed = query_int(query, c + 11) != 0};
    TRY(query_id(query, c + 1, &step.id, err));
    if (!query_is_null(query, c + 2)) TRY(query_id(query, c + 2, &step.follows, err));
    TRY(text_at(source, query, c + 7, &words.note, err));
    TRY(text_at(source, query, c + 8, &words.responsible, err));
    TRY(text_at(source, query, c + 9, &words.answer, err));
    words.recorded = day_of(source, step.id);
    step.day = query_is_null(query, c + 13) ? words.recorded : (Day)query_int(query, c + 13);
    step.has_words = words.note.size > 0 || words.answer.size > 0 || words.is_sealed;
    *out_step = step;
    *out_words = words;
    return OK;
}

/* One more step, unless it is of a later day. */
static ErrCode add_step(const SignalSource *source, const Query *query, int column, Day on,
                        SignalCase *one, Err *err)
{
    Arena *arena = source->from.arena;
    const size_t count = one->step_count;
    one->steps = list_grow(arena, one->steps, sizeof one->steps[0], count);
    one->words = list_grow(arena, one->words, sizeof one->words[0], count);
    if (one->steps == NULL || one->words == NULL) return list_full(count, err);
    TRY(step_of_row(source, query, column, &one->steps[count], &one->words[count], err));
    if (one->steps[count].day <= on) one->step_count++;
    return OK;
}

static ErrCode load_steps(const SignalSource *source, Day on, SignalCase *out_case, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, source->from.store, STEPS_OF_SIGNAL, err));
    query_bind_int(&query, 1, source->from.shard);
    query_bind_int(&query, 2, out_case->card.key);
    TRY(query_next(&query, &found, err));
    while (found) {
        TRY(add_step(source, &query, 0, on, out_case, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode fold_case(const SignalSource *source, SignalCase *one, Err *err)
{
    const SignalFacts facts = {
        .pack = source->pack,
        .kind = one->card.kind,
        .raised = one->card.raised,
        .steps = one->steps,
        .step_count = one->step_count,
    };
    return signal_fold(&facts, source->from.arena, &one->standing, err);
}

ErrCode load_signal_case(const SignalSource *source, const SignalCard *card, Day on,
                         SignalCase *out_case, Err *err)
{
    SignalCase loaded = {.card = *card};
    TRY(load_steps(source, on, &loaded, err));
    TRY(fold_case(source, &loaded, err));
    *out_case = loaded;
    return OK;
}

/* ---- Many ---- */

#define SCRATCH_BYTES ((size_t)4 << 20)

/* Takes the rows of one signal; the query stands on the first of the next one, or at the end. */
static ErrCode take_case(const SignalSource *source, Query *query, bool with_steps, Day on,
                         SignalCase *out_case, bool *found, Err *err)
{
    SignalCase one = {.step_count = 0};
    TRY(signal_of_row(source, query, &one.card, err));
    if (!with_steps) {
        *out_case = one;
        return query_next(query, found, err);
    }
    while (*found && query_int(query, 0) == one.card.key) {
        if (!query_is_null(query, 12)) TRY(add_step(source, query, 12, on, &one, err));
        TRY(query_next(query, found, err));
    }
    TRY(fold_case(source, &one, err));
    *out_case = one;
    return OK;
}

static bool is_in_scope(const SignalScope *scope, const SignalCard *card, Day on)
{
    return card->raised <= on && (scope->kind == 0 || card->kind == scope->kind);
}

static ErrCode visit_all(const SignalSource *source, const SignalScope *scope, Day on,
                         SignalVisit *visit, void *context, Err *err)
{
    const bool with_steps = scope->with_steps;
    AUTO(query_done) Query query = {0};
    AUTO(arena_done) Arena scratch = {0};
    bool found = false;
    SignalSource each = *source;
    arena_init(&scratch, SCRATCH_BYTES);
    each.from.arena = &scratch;
    TRY(query_begin(&query, source->from.store, with_steps ? SIGNAL_CASES : SIGNALS, err));
    query_bind_int(&query, 1, source->from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        SignalCase one;
        arena_reset(&scratch);
        TRY(take_case(&each, &query, with_steps, on, &one, &found, err));
        if (is_in_scope(scope, &one.card, on)) TRY(visit(context, &one, err));
    }
    return OK;
}

/* Of one project, or of one raiser: few enough to be read one after the other. */
static ErrCode load_some(const SignalSource *source, const SignalScope *scope, SignalCard **out,
                         size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    SignalCard *cards = NULL;
    size_t count = 0;
    const bool is_project = scope->project != KEY_NONE;
    TRY(query_begin(&query, source->from.store, is_project ? SIGNALS_AT : SIGNALS_OF_RAISER, err));
    query_bind_int(&query, 1, source->from.shard);
    query_bind_int(&query, 2, is_project ? scope->project : scope->raiser);
    TRY(query_next(&query, &found, err));
    while (found) {
        cards = list_grow(source->from.arena, cards, sizeof cards[0], count);
        if (cards == NULL) return list_full(count, err);
        TRY(signal_of_row(source, &query, &cards[count++], err));
        TRY(query_next(&query, &found, err));
    }
    *out = cards;
    *out_count = count;
    return OK;
}

ErrCode signals_visit(const SignalSource *source, const SignalScope *scope, Day on,
                      SignalVisit *visit, void *context, Err *err)
{
    SignalCard *cards = NULL;
    size_t count = 0;
    if (scope->project == KEY_NONE && scope->raiser == KEY_NONE)
        return visit_all(source, scope, on, visit, context, err);
    TRY(load_some(source, scope, &cards, &count, err));
    for (size_t i = 0; i < count; i++) {
        SignalCase one = {.card = cards[i]};
        if (!is_in_scope(scope, &cards[i], on)) continue;
        if (scope->with_steps) TRY(load_signal_case(source, &cards[i], on, &one, err));
        TRY(visit(context, &one, err));
    }
    return OK;
}

/* ---- Units and readers ---- */

static ErrCode find_parent(Source from, Key unit, Key *out_parent, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, PARENT_OF_UNIT, err));
    query_bind_int(&query, 1, from.shard);
    query_bind_int(&query, 2, unit);
    TRY(query_next(&query, &found, err));
    *out_parent = found ? key_at(&query, 0) : KEY_NONE;
    return OK;
}

ErrCode load_unit_chain(Source from, Key unit, UnitChain *out_chain, Err *err)
{
    UnitChain chain = {.count = 0};
    for (Key at = unit; at != KEY_NONE && chain.count < UNIT_CHAIN_MAX;) {
        chain.units[chain.count++] = at;
        TRY(find_parent(from, at, &at, err));
    }
    *out_chain = chain;
    return OK;
}

static ErrCode add_readers(Source from, Key unit, int purpose, Day on, Readers *readers, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, READERS_OF_UNIT, err));
    query_bind_int(&query, 1, from.shard);
    query_bind_int(&query, 2, unit);
    query_bind_int(&query, 3, purpose);
    TRY(query_next(&query, &found, err));
    while (found) {
        Text text = {0};
        const DayRange days = {(Day)query_int(&query, 3), day_at(&query, 4)};
        if (range_has(days, on)) {
            if (readers->count == READER_KEYS_MAX)
                return err_set(err, ERR_LIMIT, "there are more than %d readers: end some of them",
                               READER_KEYS_MAX);
            TRY(query_text(&query, 2, from.arena, &text, err));
            TRY(reader_key_parse(text, &readers->keys[readers->count], err));
            readers->things[readers->count] = query_int(&query, 0);
            readers->holders[readers->count++] = query_int(&query, 1);
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode load_readers(Source from, Key unit, int purpose, Day on, Readers *out_readers, Err *err)
{
    UnitChain chain;
    Readers readers = {.count = 0};
    TRY(load_unit_chain(from, unit, &chain, err));
    for (size_t i = 0; i < chain.count; i++)
        TRY(add_readers(from, chain.units[i], purpose, on, &readers, err));
    *out_readers = readers;
    return OK;
}

bool readers_have(const Readers *readers, Key person)
{
    for (size_t i = 0; i < readers->count; i++)
        if (person != KEY_NONE && readers->holders[i] == person) return true;
    return false;
}
