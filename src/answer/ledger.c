#include "answer/ledger.h"

#include <assert.h>
#include <string.h>

#include "answer/ledger_rows.h"
#include "store/rows.h"

typedef struct Column {
    const char *name;
    KindCode kind; /* KIND_NONE: worked out */
    unsigned field;
    LedgerCell *cell; /* of what is worked out, unless it was given */
    size_t given;     /* at which place */
    const char *en;   /* of what is worked out */
    const char *zh;
} Column;

typedef enum Time { TIME_PERIOD, TIME_DAY } Time;

typedef struct Shape {
    LedgerGather *gather;
    Time time;
    const Column *columns;
    size_t count;
} Shape;

#define SHAPE(NAME, gather, TIME)         static const Column columns_##NAME[] = {
#define TYPED(SHAPE, name, KIND, FIELD)   {name, KIND_##KIND, KIND##_##FIELD, NULL, 0, NULL, NULL},
#define WORKED(SHAPE, name, cell, en, zh) {name, KIND_NONE, 0, cell, 0, en, zh},
#define GIVEN(SHAPE, name, at, en, zh)    {name, KIND_NONE, 0, NULL, at, en, zh},
#define SHAPE_END(NAME) \
    }                   \
    ;
#include "answer/ledgers.def"

enum {
#define SHAPE(NAME, gather, TIME) SHAPE_##NAME,
#include "answer/ledgers.def"
    SHAPE_COUNT
};

static const Shape shapes[SHAPE_COUNT] = {
#define SHAPE(NAME, gather, TIME)                          \
    [SHAPE_##NAME] = {gather, TIME_##TIME, columns_##NAME, \
                      sizeof columns_##NAME / sizeof columns_##NAME[0]},
#include "answer/ledgers.def"
};

static const struct {
    const char *name;
    int whose; /* GROUP_KIND_IS_... */
    const Shape *shape;
    int which;
    ParameterCode kept; /* for how many years; 0: for ever */
    RuleCode rule;      /* that wants what the ledger shows; RULE_NONE: none does */
    const char *en;
    const char *zh;
} ledgers[LEDGER_COUNT] = {
#define LEDGER(NAME, name, WHOSE, SHAPE, which, KEPT, RULE, en, zh) \
    [LEDGER_##NAME] = {name,                                        \
                       GROUP_KIND_IS_##WHOSE,                       \
                       &shapes[SHAPE_##SHAPE],                      \
                       which,                                       \
                       PARAMETER_RETENTION_##KEPT,                  \
                       RULE_##RULE,                                 \
                       en,                                          \
                       zh},
#include "answer/ledgers.def"
};

LedgerCode ledger_named(Text name)
{
    for (int i = 0; i < LEDGER_COUNT; i++)
        if (text_is(name, ledgers[i].name)) return (LedgerCode)i;
    return LEDGER_COUNT;
}

LedgerName ledger_name(LedgerCode ledger)
{
    assert(ledger < LEDGER_COUNT);
    return (LedgerName){ledgers[ledger].name, ledgers[ledger].zh, ledgers[ledger].en,
                        ledgers[ledger].whose, ledgers[ledger].kept};
}

size_t ledger_column_count(LedgerCode ledger)
{
    assert(ledger < LEDGER_COUNT);
    return ledgers[ledger].shape->count;
}

static bool is_same_source(const Column *a, const Column *b)
{
    if (a->kind == KIND_NONE || b->kind == KIND_NONE) return true; /* nobody fills it in */
    return a->kind == b->kind && a->field == b->field;
}

/* Columns of the same name in two shapes that come from different fields. */
static size_t count_twice(const Shape *a, const Shape *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (strcmp(a->columns[i].name, b->columns[j].name) == 0 &&
                !is_same_source(&a->columns[i], &b->columns[j]))
                count++;
    return count;
}

size_t ledger_asked_twice(void)
{
    size_t count = 0;
    for (size_t a = 0; a < SHAPE_COUNT; a++)
        for (size_t b = a + 1; b < SHAPE_COUNT; b++)
            count += count_twice(&shapes[a], &shapes[b]);
    return count;
}

/* ---- Rows ---- */

ErrCode ledger_row_add(const Gathering *gathering, const LedgerRow *row, Err *err)
{
    LedgerRows *rows = gathering->rows;
    rows->items = list_grow(gathering->view->arena, rows->items, sizeof *row, rows->count);
    if (rows->items == NULL) return list_full(rows->count, err);
    rows->items[rows->count] = *row;
    rows->items[rows->count++].group = gathering->group;
    return OK;
}

Given given_day(Day day)
{
    return (Given){.type = GIVEN_DAY, .number = day};
}

Given given_number(int64_t number)
{
    return (Given){.type = GIVEN_NUMBER, .number = number};
}

Given given_text(Text text)
{
    return (Given){.type = text.size == 0 ? GIVEN_NOTHING : GIVEN_TEXT, .text = text};
}

Given given_choice(const char *name, const char *zh, const char *en)
{
    return (Given){.type = GIVEN_CHOICE, .choice = {.name = name, .zh = zh, .en = en}};
}

Given given_of(const FieldInfo *field, int number)
{
    const Choice *choice = vocab_choice(field->among, number);
    if (choice == NULL) return given_text(TEXT(""));
    return given_choice(choice->name, choice->zh, choice->en);
}

Key ledger_row_key(const LedgerRow *row, KindCode kind)
{
    for (size_t i = 0; i < ROW_THINGS_MAX; i++)
        if (row->things[i].kind == kind) return row->things[i].key;
    return KEY_NONE;
}

static ErrCode gather_at_project(Gathering *gathering, const LedgerAsk *ask, Err *err)
{
    const View *view = gathering->view;
    ProjectCard card;
    GroupCards groups = {0};
    TRY(view_find(view, ask->project, KIND_PROJECT, &gathering->project, err));
    TRY(load_project(view_source(view), gathering->project, &card, err));
    if (!reach_has_project(&view->reach, gathering->project, card.facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    TRY(load_groups_at(view_source(view), gathering->project, ask->within, &groups, err));
    gathering->is_first = true;
    for (size_t i = 0; i < groups.count; i++) {
        Gathering one = *gathering;
        one.group = &groups.items[i].facts;
        if (one.group->kind != ledgers[ask->ledger].whose) continue;
        TRY(ledgers[ask->ledger].shape->gather(&one, err));
        gathering->is_first = false;
    }
    return OK;
}

static ErrCode gather_of_group(Gathering *gathering, const LedgerAsk *ask, Err *err)
{
    GroupCard *card = arena_new(gathering->view->arena, GroupCard);
    if (card == NULL) return list_full(0, err);
    TRY(shape_group(gathering->view, ask->group, card, err));
    gathering->group = &card->facts;
    gathering->is_first = true;
    if (gathering->group->kind == ledgers[ask->ledger].whose)
        return ledgers[ask->ledger].shape->gather(gathering, err);
    return err_set(err, ERR_INVALID, "the ledger \"%s\" is of another kind of group",
                   ledgers[ask->ledger].name);
}

static ErrCode gather(const View *view, const LedgerAsk *ask, LedgerRows *rows, Err *err)
{
    Gathering gathering = {.view = view,
                           .asker = &ask->asker,
                           .eyes = &ask->eyes,
                           .within = ask->within,
                           .which = ledgers[ask->ledger].which,
                           .rows = rows};
    return id_is_nil(ask->group) ? gather_at_project(&gathering, ask, err)
                                 : gather_of_group(&gathering, ask, err);
}

/* ---- Cells ---- */

/* The records that the cells of one row come from, each read once. */
typedef struct RowRecords {
    Record records[ROW_THINGS_MAX];
    bool is_read[ROW_THINGS_MAX];
} RowRecords;

static ErrCode record_of(const View *view, const LedgerRow *row, KindCode kind, RowRecords *read,
                         const Record **out_record, Err *err)
{
    *out_record = NULL;
    for (size_t i = 0; i < ROW_THINGS_MAX; i++) {
        RowState state;
        if (row->things[i].kind != kind || row->things[i].key == KEY_NONE) continue;
        if (!read->is_read[i])
            TRY(row_load(view->store, view->shard, row->things[i].key, vocab_kind((unsigned)kind),
                         view->arena, &read->records[i], &state, err));
        read->is_read[i] = true;
        *out_record = &read->records[i];
    }
    return OK;
}

static void emit_choice(const Choice *choice, Emit *emit)
{
    if (choice == NULL) {
        emit_null(emit);
        return;
    }
    emit_open_object(emit);
    emit_z_at(emit, "name", choice->name);
    emit_z_at(emit, "zh", choice->zh);
    emit_z_at(emit, "en", choice->en);
    emit_close_object(emit);
}

static ErrCode emit_field(const View *view, const FieldInfo *field, const Record *record,
                          Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    const Choice *choice = NULL;
    if (record == NULL || !record_has(record, field->number)) {
        emit_null(emit);
        return OK;
    }
    switch (field->type) {
    case FIELD_TEXT: emit_text(emit, record_text(record, field->number)); return OK;
    case FIELD_DAY: emit_day(emit, (Day)record_int(record, field->number, DAY_OPEN)); return OK;
    case FIELD_BOOL: emit_bool(emit, record_int(record, field->number, 0) != 0); return OK;
    case FIELD_INT: emit_int(emit, record_int(record, field->number, 0)); return OK;
    case FIELD_COORD: emit_micro(emit, record_int(record, field->number, 0)); return OK;
    case FIELD_ENUM:
        choice = vocab_choice(field->among, (int)record_int(record, field->number, 0));
        emit_choice(choice, emit);
        return OK;
    case FIELD_REF:
        TRY(view_find(view, record_ref(record, field->number), field->target, &key, err));
        return shape_thing(view, field->target, key, emit, err);
    case FIELD_SEALED: break; /* no ledger shows one: asserted where ledgers are listed */
    }
    emit_null(emit);
    return OK;
}

static void emit_given(const Given *given, Emit *emit)
{
    switch (given->type) {
    case GIVEN_NOTHING: emit_null(emit); break;
    case GIVEN_DAY: emit_day(emit, (Day)given->number); break;
    case GIVEN_NUMBER: emit_int(emit, given->number); break;
    case GIVEN_TEXT: emit_text(emit, given->text); break;
    case GIVEN_CHOICE: emit_choice(&given->choice, emit); break;
    }
}

static ErrCode emit_row(const View *view, const Shape *shape, const LedgerRow *row, Emit *emit,
                        Err *err)
{
    RowRecords read = {0};
    emit_open_array(emit);
    for (size_t i = 0; i < shape->count; i++) {
        const Column *column = &shape->columns[i];
        const Record *record = NULL;
        if (column->kind == KIND_NONE && column->cell == NULL) {
            emit_given(&row->given[column->given], emit);
            continue;
        }
        if (column->kind == KIND_NONE) {
            TRY(column->cell(view, row, emit, err));
            continue;
        }
        TRY(record_of(view, row, column->kind, &read, &record, err));
        TRY(emit_field(view, vocab_field(vocab_kind((unsigned)column->kind), column->field), record,
                       emit, err));
    }
    emit_close_array(emit);
    return OK;
}

/* What a row was taken from: by these ids it is changed, voided, and asked about. */
static ErrCode emit_facts(const View *view, const LedgerRow *row, Emit *emit, Err *err)
{
    emit_open_array(emit);
    for (size_t i = 0; i < ROW_THINGS_MAX; i++) {
        if (row->things[i].key == KEY_NONE) continue;
        emit_open_object(emit);
        emit_z_at(emit, "kind", vocab_kind((unsigned)row->things[i].kind)->name);
        TRY(shape_id_at(view, "id", row->things[i].key, emit, err));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* ---- Shape ---- */

static void emit_column(const Column *column, Emit *emit)
{
    const KindInfo *kind = vocab_kind((unsigned)column->kind);
    const FieldInfo *field = kind == NULL ? NULL : vocab_field(kind, column->field);
    assert(field == NULL || field->type != FIELD_SEALED);
    emit_open_object(emit);
    emit_z_at(emit, "name", column->name);
    emit_z_at(emit, "en", field == NULL ? column->en : field->en);
    emit_z_at(emit, "zh", field == NULL ? column->zh : field->zh);
    if (field == NULL) {
        emit_null_at(emit, "kind");
        emit_null_at(emit, "field");
    } else {
        emit_z_at(emit, "kind", kind->name);
        emit_z_at(emit, "field", field->name);
    }
    emit_close_object(emit);
}

/* How long it is kept stands in the pack, and nowhere else. */
static void emit_kept(const View *view, LedgerCode ledger, Emit *emit)
{
    const int64_t years = pack_int(view->pack, ledgers[ledger].kept, view->on);
    if (years == 0)
        emit_null_at(emit, "kept_years");
    else
        emit_int_at(emit, "kept_years", years);
    emit_z_at(emit, "kept_as", parameter_info(ledgers[ledger].kept)->name);
}

static void emit_ledger(const View *view, LedgerCode ledger, Emit *emit)
{
    const Choice *whose =
        vocab_choice(vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND)->among, ledgers[ledger].whose);
    emit_z_at(emit, "name", ledgers[ledger].name);
    emit_z_at(emit, "en", ledgers[ledger].en);
    emit_z_at(emit, "zh", ledgers[ledger].zh);
    emit_z_at(emit, "whose", whose->name);
    emit_z_at(emit, "time", ledgers[ledger].shape->time == TIME_PERIOD ? "period" : "day");
    emit_kept(view, ledger, emit);
    shape_rule_at("rule",
                  ledgers[ledger].rule == RULE_NONE
                      ? NULL
                      : pack_rule(view->pack, ledgers[ledger].rule, view->on),
                  emit);
    if (ledgers[ledger].rule == RULE_HEART_TALKS)
        emit_int_at(emit, "times_a_year",
                    pack_int(view->pack, PARAMETER_HEART_TALKS_TIMES, view->on));
    emit_key(emit, "columns");
    emit_open_array(emit);
    for (size_t i = 0; i < ledgers[ledger].shape->count; i++)
        emit_column(&ledgers[ledger].shape->columns[i], emit);
    emit_close_array(emit);
}

static void emit_retention(const View *view, Emit *emit)
{
    const Rule *rule = pack_rule(view->pack, RULE_RETENTION, view->on);
    shape_rule_at("retention", rule, emit);
    emit_day_at(emit, "retention_from", rule == NULL ? DAY_OPEN : rule->valid.first);
}

ErrCode answer_ledgers(const View *view, Emit *emit, Err *err)
{
    (void)err;
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (int i = 0; i < LEDGER_COUNT; i++) {
        emit_open_object(emit);
        emit_ledger(view, (LedgerCode)i, emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_retention(view, emit);
    emit_int_at(emit, "asked_twice", (int64_t)ledger_asked_twice());
    emit_close_object(emit);
    return OK;
}

ErrCode answer_ledger(const View *view, const LedgerAsk *ask, Emit *emit, Err *err)
{
    LedgerRows rows = {0};
    Page page;
    assert(ask->ledger < LEDGER_COUNT);
    TRY(gather(view, ask, &rows, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    if (ledgers[ask->ledger].shape->time == TIME_PERIOD) {
        emit_day_at(emit, "from", ask->within.first);
        emit_day_at(emit, "to", ask->within.last);
    }
    emit_key(emit, "ledger");
    emit_open_object(emit);
    emit_ledger(view, ask->ledger, emit);
    emit_close_object(emit);
    emit_retention(view, emit);
    TRY(shape_page(&ask->page, rows.count, emit, &page, err));
    emit_key(emit, "rows");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++)
        TRY(emit_row(view, ledgers[ask->ledger].shape, &rows.items[i], emit, err));
    emit_close_array(emit);
    emit_key(emit, "facts");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++)
        TRY(emit_facts(view, &rows.items[i], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}
