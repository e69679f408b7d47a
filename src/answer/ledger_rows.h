#pragma once
/*
 * ledger_rows — rows and cells of ledgers, for the files that make them; nobody else includes this.
 *
 *   Owns     nothing: rows live in the view's arena.
 */
#include "answer/ledger.h"
#include "answer/shape.h"
#include "view/duty_load.h"
#include "view/roster.h"
#include "view/task_load.h"

#define ROW_THINGS_MAX 4
#define ROW_GIVEN_MAX  8

typedef struct RowThing {
    KindCode kind;
    Key key; /* KEY_NONE: the cells of this kind are empty */
} RowThing;

/* What a gatherer knows of a row that stands in no field. */
typedef struct Given {
    enum { GIVEN_NOTHING, GIVEN_DAY, GIVEN_NUMBER, GIVEN_TEXT, GIVEN_CHOICE } type;
    int64_t number; /* a day or a number */
    Text text;
    Choice choice;
} Given;

typedef struct LedgerRow {
    const Group *group;
    RowThing things[ROW_THINGS_MAX];
    Given given[ROW_GIVEN_MAX];
} LedgerRow;

typedef struct LedgerRows {
    LedgerRow *items;
    size_t count;
} LedgerRows;

/* What is being gathered: the rows of one group for one ledger. */
typedef struct Gathering {
    const View *view;
    const Asker *asker;
    const SignalEyes *eyes;
    const Group *group;
    Key project;   /* only what was there; KEY_NONE: wherever it was */
    bool is_first; /* of the groups at the project: what belongs to the project is told once */
    DayRange within;
    int which; /* as ledgers.def says */
    LedgerRows *rows;
} Gathering;

MUST_USE ErrCode ledger_row_add(const Gathering *gathering, const LedgerRow *row, Err *err);

/* Gathers at the project asked for; of a group, at each where it stands within the period. */
typedef ErrCode GatherAt(const Gathering *gathering, Key project, Err *err);
MUST_USE ErrCode ledger_at_projects(const Gathering *gathering, GatherAt *gather, Err *err);

/* A part of the kind of meeting that `which` says, held by the group within the period. */
typedef struct Held {
    Key part;
    Key activity;
} Held;

MUST_USE ErrCode ledger_find_held(const Gathering *gathering, Held **out_held, size_t *out_count,
                                  Err *err);

/* One cell: a JSON value. */
typedef ErrCode LedgerCell(const View *view, const LedgerRow *row, Emit *emit, Err *err);
typedef ErrCode LedgerGather(const Gathering *gathering, Err *err);

Given given_day(Day day);
Given given_number(int64_t number);
Given given_text(Text text); /* nothing when it is empty */
Given given_choice(const char *name, const char *zh, const char *en);

/* A choice of a field; nothing for a number that is none. */
Given given_of(const FieldInfo *field, int number);

/* The key of the thing of that kind which the row is about. */
Key ledger_row_key(const LedgerRow *row, KindCode kind);

#define SHAPE(NAME, gather, TIME)         LedgerGather gather;
#define WORKED(SHAPE, name, cell, en, zh) LedgerCell cell;
#include "answer/ledgers.def"
