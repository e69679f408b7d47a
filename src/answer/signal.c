#include "answer/signal.h"

#include "answer/filter.h"
#include "answer/shape.h"
#include "answer/signal_shape.h"
#include "store/things.h"

#define NOBODY           ((Key)-1)         /* who has raised nothing */
#define SIGNAL_BYTES_MAX ((size_t)4 << 20) /* what one signal is shown from */

/* ---- Lists ---- */

/* What is asked for, besides whose it is to see. */
typedef struct Wanted {
    Filter filter;
    int kind;     /* 0: all */
    int state;    /* -1: all */
    bool is_open; /* only open ones */
} Wanted;

static ErrCode find_state(Text name, Wanted *wanted, Err *err)
{
    wanted->state = -1;
    wanted->is_open = text_is(name, "open");
    if (name.size == 0 || wanted->is_open) return OK;
    for (int state = 0; state < SIGNAL_STATE_COUNT; state++)
        if (text_is(name, signal_state_name((SignalState)state))) wanted->state = state;
    if (wanted->state >= 0) return OK;
    return err_set(err, ERR_INVALID,
                   "\"state\": there is no such state of a signal; \"open\" is all that are open");
}

static ErrCode find_kind(Text name, int *out_kind, Err *err)
{
    *out_kind = 0;
    if (name.size == 0) return OK;
    const FieldInfo *field = vocab_field(vocab_kind(KIND_SIGNAL), SIGNAL_KIND);
    const Choice *choice = vocab_choice_named(field->among, name);
    if (choice == NULL) return err_set(err, ERR_INVALID, "there is no such kind of signal");
    *out_kind = choice->number;
    return OK;
}

/* Keys of the signals on the page that is asked for, and how many there are in all. */
typedef struct Listing {
    const View *view;
    const SignalAsk *ask;
    const Wanted *wanted;
    SignalSight sight;
    size_t first;
    size_t end;
    Key *keys;
    size_t key_count;
    size_t total;
} Listing;

static bool is_wanted(const Listing *listing, const SignalCase *one)
{
    const Wanted *wanted = listing->wanted;
    const SignalCard *card = &one->card;
    if (wanted->is_open && !signal_state_is_open(one->standing.state)) return false;
    if (wanted->state >= 0 && (int)one->standing.state != wanted->state) return false;
    if (wanted->filter.has_unit && !reach_has_unit(&wanted->filter.unit, card->unit)) return false;
    if (listing->ask->list.query.size > 0 && !text_contains(card->what, listing->ask->list.query))
        return false;
    return signal_is_in_sight(&listing->sight, card);
}

static ErrCode list_signal(void *context, const SignalCase *one, Err *err)
{
    Listing *listing = context;
    if (!is_wanted(listing, one)) return OK;
    const size_t at = listing->total++;
    if (at < listing->first || at >= listing->end) return OK;
    listing->keys =
        list_grow(listing->view->arena, listing->keys, sizeof listing->keys[0], listing->key_count);
    if (listing->keys == NULL) return list_full(listing->key_count, err);
    listing->keys[listing->key_count++] = one->card.key;
    return OK;
}

/* Those of a scope that are wanted and for these eyes. */
static ErrCode make_listing(const View *view, const SignalAsk *ask, const Wanted *wanted,
                            SignalScope scope, Listing *out, Err *err)
{
    const SignalSource source = signal_source(view);
    *out = (Listing){.view = view, .ask = ask, .wanted = wanted, .end = SIZE_MAX};
    if (ask->list.size != PAGE_SIZE_ALL && ask->list.page > 0 && ask->list.size > 0) {
        out->first = (size_t)(ask->list.page - 1) * (size_t)ask->list.size;
        out->end = out->first + (size_t)ask->list.size;
    }
    scope.kind = wanted->kind;
    scope.with_steps = wanted->is_open || wanted->state >= 0;
    TRY(signal_sight_load(view, &ask->eyes, &out->sight, err));
    return signals_visit(&source, &scope, view->on, list_signal, out, err);
}

static ErrCode emit_listed(const View *view, const SignalEyes *eyes, Key key, Emit *emit, Err *err)
{
    SignalCard card;
    SignalCase one;
    const SignalSource source = signal_source(view);
    TRY(load_signal(&source, key, &card, err));
    TRY(load_signal_case(&source, &card, view->on, &one, err));
    return signal_emit(view, eyes, &one, false, emit, err);
}

static ErrCode emit_list(const View *view, const SignalAsk *ask, const Wanted *wanted,
                         SignalScope scope, Emit *emit, Err *err)
{
    AUTO(arena_done) Arena scratch = {0};
    Listing listing;
    Page page;
    View each = *view; /* what a signal is shown from is needed no longer than that */
    arena_init(&scratch, SIGNAL_BYTES_MAX);
    each.arena = &scratch;
    TRY(make_listing(view, ask, wanted, scope, &listing, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(shape_page(&ask->list, listing.total, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < listing.key_count; i++) {
        arena_reset(&scratch);
        TRY(emit_listed(&each, &ask->eyes, listing.keys[i], emit, err));
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

/* A project within reach. */
static ErrCode find_project(const View *view, Id id, Key *out_key, Key *out_unit, Err *err)
{
    ProjectCard card;
    TRY(view_find(view, id, KIND_PROJECT, out_key, err));
    TRY(load_project(view_source(view), *out_key, &card, err));
    if (!reach_has_project(&view->reach, *out_key, card.facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    *out_unit = card.facts.unit;
    return OK;
}

static ErrCode wanted_of(const View *view, const SignalAsk *ask, Wanted *out_wanted, Err *err)
{
    Wanted wanted = {0};
    TRY(find_kind(ask->kind, &wanted.kind, err));
    TRY(find_state(ask->state, &wanted, err));
    TRY(filter_make(view, &ask->list, &wanted.filter, err));
    *out_wanted = wanted;
    return OK;
}

ErrCode answer_signals(const View *view, const SignalAsk *ask, Emit *emit, Err *err)
{
    Wanted wanted;
    SignalScope scope = {.project = KEY_NONE};
    Key unit = KEY_NONE;
    TRY(wanted_of(view, ask, &wanted, err));
    if (!id_is_nil(ask->project)) TRY(find_project(view, ask->project, &scope.project, &unit, err));
    return emit_list(view, ask, &wanted, scope, emit, err);
}

ErrCode answer_my_signals(const View *view, const SignalAsk *ask, Emit *emit, Err *err)
{
    Wanted wanted;
    const SignalScope scope = {.raiser = ask->eyes.person == KEY_NONE ? NOBODY : ask->eyes.person};
    TRY(wanted_of(view, ask, &wanted, err));
    return emit_list(view, ask, &wanted, scope, emit, err);
}

/* ---- One ---- */

static ErrCode emit_case(const View *view, const SignalEyes *eyes, const SignalCard *card,
                         Emit *emit, Err *err)
{
    SignalCase one;
    const SignalSource source = signal_source(view);
    TRY(load_signal_case(&source, card, view->on, &one, err));
    return signal_emit(view, eyes, &one, true, emit, err);
}

ErrCode answer_signal(const View *view, Id signal, const SignalEyes *eyes, Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    SignalCard card;
    bool is_seen = false;
    const SignalSource source = signal_source(view);
    TRY(view_find(view, signal, KIND_SIGNAL, &key, err));
    TRY(load_signal(&source, key, &card, err));
    TRY(signal_is_seen(view, eyes, &card, &is_seen, err));
    if (!is_seen || card.raised > view->on)
        return err_set(err, ERR_NOT_FOUND, "there is no such signal");
    return emit_case(view, eyes, &card, emit, err);
}

ErrCode answer_signal_of_receipt(const View *view, int64_t receipt, Emit *emit, Err *err)
{
    SignalCard card;
    const SignalSource source = signal_source(view);
    TRY(load_signal_of_receipt(&source, receipt, &card, err));
    return emit_case(view, NULL, &card, emit, err);
}

/* ---- The public sheet ---- */

/* The last step of a sort that counts; SIZE_MAX: none does. */
static size_t last_step(const SignalCase *one, int step)
{
    for (size_t i = one->step_count; i > 0; i--) {
        const size_t at = one->standing.order[i - 1];
        if (one->steps[at].step == step && one->standing.fates[at] == FATE_COUNTS) return at;
    }
    return SIZE_MAX;
}

static ErrCode emit_sheet_row(const View *view, const SignalCase *one, int64_t number, Emit *emit,
                              Err *err)
{
    char id[ID_TEXT_MAX];
    const size_t order = last_step(one, HANDLING_IS_ORDER);
    const size_t done = last_step(one, HANDLING_IS_RECTIFY);
    const size_t with = last_step(one, HANDLING_IS_UNION);
    const bool is_ordered = order != SIZE_MAX;
    emit_open_object(emit);
    emit_int_at(emit, "number", number);
    emit_z_at(emit, "id", id_write(one->card.id, id));
    emit_day_at(emit, "found", one->card.raised);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, one->card.project, emit, err));
    emit_text_at(emit, "place", one->card.place);
    emit_text_at(emit, "what", one->card.what);
    shape_choice_at("grade", vocab_field(vocab_kind(KIND_HANDLING), HANDLING_GRADE),
                    one->standing.grade, emit);
    emit_text_at(emit, "order", is_ordered ? one->words[order].note : TEXT(""));
    emit_day_at(emit, "until", one->standing.until);
    emit_text_at(emit, "responsible", is_ordered ? one->words[order].responsible : TEXT(""));
    emit_day_at(emit, "rectified", done == SIZE_MAX ? DAY_OPEN : one->steps[done].day);
    TRY(shape_thing_at(view, "union_group", KIND_GROUP,
                       with == SIZE_MAX ? KEY_NONE : one->steps[with].group, emit, err));
    emit_z_at(emit, "state", signal_state_name(one->standing.state));
    emit_z_at(emit, "state_zh", signal_state_zh(one->standing.state));
    emit_bool_at(emit, "stopped", one->standing.is_stopped);
    emit_bool_at(emit, "supervised", one->standing.is_supervised);
    emit_close_object(emit);
    return OK;
}

/* Found in the range, or open or ended in it. */
static bool is_on_sheet(const SignalCase *one, DayRange within)
{
    if (one->card.raised > within.last) return false;
    return signal_state_is_open(one->standing.state) || one->standing.since >= within.first ||
           one->card.raised >= within.first;
}

typedef struct Sheet {
    DayRange within;
    Key *keys;
    size_t count;
    Listing list;
} Sheet;

static ErrCode put_on_sheet(void *context, const SignalCase *one, Err *err)
{
    Sheet *sheet = context;
    const View *view = sheet->list.view;
    if (!is_wanted(&sheet->list, one) || !is_on_sheet(one, sheet->within)) return OK;
    sheet->keys = list_grow(view->arena, sheet->keys, sizeof sheet->keys[0], sheet->count);
    if (sheet->keys == NULL) return list_full(sheet->count, err);
    sheet->keys[sheet->count++] = one->card.key;
    return OK;
}

static ErrCode emit_sheet(const View *view, const Sheet *sheet, Emit *emit, Err *err)
{
    AUTO(arena_done) Arena scratch = {0};
    View each = *view;
    int64_t number = 0;
    arena_init(&scratch, SIGNAL_BYTES_MAX);
    each.arena = &scratch;
    const SignalSource source = signal_source(&each);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = sheet->count; i > 0; i--) { /* the oldest first */
        SignalCard card;
        SignalCase one;
        arena_reset(&scratch);
        TRY(load_signal(&source, sheet->keys[i - 1], &card, err));
        TRY(load_signal_case(&source, &card, view->on, &one, err));
        TRY(emit_sheet_row(&each, &one, ++number, emit, err));
    }
    emit_close_array(emit);
    return OK;
}

ErrCode answer_notice_sheet(const View *view, const SheetAsk *ask, Emit *emit, Err *err)
{
    Wanted wanted;
    Key unit = KEY_NONE;
    SignalScope scope = {.kind = SIGNAL_IS_HAZARD, .with_steps = true};
    const SignalSource source = signal_source(view);
    const SignalAsk all = {.list = {.unit = ask->unit, .page = 1}};
    Sheet sheet = {.within = ask->within, .list = {.view = view, .ask = &all, .wanted = &wanted}};
    TRY(wanted_of(view, &all, &wanted, err));
    if (!id_is_nil(ask->project)) TRY(find_project(view, ask->project, &scope.project, &unit, err));
    TRY(signal_sight_load(view, &all.eyes, &sheet.list.sight, err));
    TRY(signals_visit(&source, &scope, view->on, put_on_sheet, &sheet, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", ask->within.first);
    emit_day_at(emit, "to", ask->within.last);
    shape_rule_at("rule", pack_rule(view->pack, RULE_HAZARD_NOTICE, view->on), emit);
    TRY(emit_sheet(view, &sheet, emit, err));
    emit_close_object(emit);
    return OK;
}

/* ---- Readers ---- */

ErrCode answer_readers(const View *view, Id project, Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    Key unit = KEY_NONE;
    char text[READER_KEY_TEXT];
    const FieldInfo *purpose = vocab_field(vocab_kind(KIND_READER), READER_PURPOSE);
    TRY(find_project(view, project, &key, &unit, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t p = 0; p < purpose->among->count; p++) {
        Readers readers;
        const int number = purpose->among->choices[p].number;
        TRY(load_readers(view_source(view), unit, number, view->on, &readers, err));
        for (size_t i = 0; i < readers.count; i++) {
            emit_open_object(emit);
            TRY(shape_id_at(view, "id", readers.things[i], emit, err));
            shape_choice_at("purpose", purpose, number, emit);
            TRY(shape_thing_at(view, "holder", KIND_PERSON, readers.holders[i], emit, err));
            emit_z_at(emit, "key", reader_key_write(&readers.keys[i], text));
            emit_close_object(emit);
        }
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

typedef struct ReaderRow {
    Key key;
    Key unit;
    int purpose;
    Key holder;
    Text public_key;
    DayRange days;
} ReaderRow;

static ErrCode load_all_readers(const View *view, ReaderRow **out_rows, size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    ReaderRow *rows = NULL;
    size_t count = 0;
    bool found = false;
    TRY(query_begin(&query, view->store, READERS, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        rows = list_grow(view->arena, rows, sizeof rows[0], count);
        if (rows == NULL) return list_full(count, err);
        ReaderRow row = {.key = query_int(&query, 0),
                         .unit = query_int(&query, 1),
                         .purpose = (int)query_int(&query, 2),
                         .holder = query_int(&query, 3),
                         .days = {(Day)query_int(&query, 5),
                                  query_is_null(&query, 6) ? DAY_OPEN : (Day)query_int(&query, 6)}};
        TRY(query_text(&query, 4, view->arena, &row.public_key, err));
        rows[count++] = row;
        TRY(query_next(&query, &found, err));
    }
    *out_rows = rows;
    *out_count = count;
    return OK;
}

ErrCode answer_all_readers(const View *view, Emit *emit, Err *err)
{
    ReaderRow *rows = NULL;
    size_t count = 0;
    const FieldInfo *purpose = vocab_field(vocab_kind(KIND_READER), READER_PURPOSE);
    TRY(load_all_readers(view, &rows, &count, err));
    emit_open_object(emit);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < count; i++) {
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", rows[i].key, emit, err));
        TRY(shape_thing_at(view, "unit", KIND_UNIT, rows[i].unit, emit, err));
        shape_choice_at("purpose", purpose, rows[i].purpose, emit);
        TRY(shape_thing_at(view, "holder", KIND_PERSON, rows[i].holder, emit, err));
        emit_day_at(emit, "from", rows[i].days.first);
        emit_day_at(emit, "to", rows[i].days.last);
        emit_text_at(emit, "key", rows[i].public_key);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}
