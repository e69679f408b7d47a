#pragma once
/*
 * show — an answer on a terminal: as a table, as CSV, or as the JSON it is.
 *
 * A command says what it asks (an Answering), how the answer becomes rows, and what stands above
 * them. It asks `view` the same questions as the API does.
 *
 *   Owns     nothing: an answer's parts are borrowed from the document it was read from.
 *   Threads  main.
 */
#include "answer/signal.h"
#include "base/doc.h"
#include "cli/cli.h"
#include "cli/table.h"

/* Whoever may read the files of the node sees everything that is not sealed. */
extern const SignalEyes show_eyes;

/* What a command asks and how its answer is laid out as a table. */
typedef struct Show {
    const Options *options;
    Answering answering;
    void *context;
    void (*fill)(const DocValue *root, Table *table); /* NULL: no table */
    size_t columns;
    void (*head)(const DocValue *root); /* lines above the table; may be NULL */
    Exit *out_exit;                     /* what the answer comes to */
} Show;

MUST_USE ErrCode show_run(const Show *show, Look *look, Err *err);

/* A member of an object; empty or 0 when it is not there or of another type. */
Text show_text(const DocValue *value, const char *key);
int64_t show_int(const DocValue *value, const char *key);
Text show_name(const DocValue *value, const char *key); /* "name" of the object behind the key */

/* As many words as the table has columns. */
void show_heading(Table *table, const char *const *words);

/* The Chinese words of a list of reasons, one behind the other, in one cell. */
void show_reasons(Table *table, const DocValue *reasons);

/* What an option that must be there names. */
MUST_USE ErrCode show_need(const Options *options, const char *option, const View *view,
                           KindCode kind, Id *out_id, Exit *out_exit, Err *err);
