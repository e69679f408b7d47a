#pragma once
/*
 * doc — a JSON document from outside: read strictly, within bounds, never changed afterwards.
 *
 * What must be refused is refused: duplicate keys, bad UTF-8, numbers that do not fit, text after
 * the end, nesting past DOC_DEPTH_MAX. The library behind it appears nowhere else.
 *
 *   Owns     a Doc owns the whole tree, until doc_done(); every DocValue and Text borrows from it.
 *   Threads  one doc, one thread at a time.
 *   Bounds   DOC_BYTES_MAX, DOC_DEPTH_MAX
 *   Errors   ERR_INVALID  not JSON, with line and column
 *            ERR_LIMIT    too large or too deep
 */
#include "base/text.h"

#define DOC_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define DOC_DEPTH_MAX 32

typedef struct DocValue DocValue; /* one value in a tree; NULL where there is none */

typedef struct Doc {
    DocValue *root;
} Doc;

typedef enum DocType {
    DOC_NONE, /* of the value NULL: nothing stands there */
    DOC_NULL,
    DOC_BOOL,
    DOC_INT,
    DOC_REAL,
    DOC_TEXT,
    DOC_ARRAY,
    DOC_OBJECT
} DocType;

MUST_USE ErrCode doc_parse(Doc *out_doc, Bytes bytes, Err *err);
void doc_done(Doc *doc);

DocType doc_type(const DocValue *value);

/* The member of an object by name; NULL where there is none or `value` is not an object. */
const DocValue *doc_get(const DocValue *value, const char *key);

size_t doc_count(const DocValue *value);
const DocValue *doc_at(const DocValue *array, size_t index);

/* Walks the members of an object: start with *cursor = NULL; false at the end. */
bool doc_next(const DocValue *object, void **cursor, Text *out_key, const DocValue **out_value);

/* Only for a value of that type. */
Text doc_text(const DocValue *value);
int64_t doc_int(const DocValue *value);
double doc_real(const DocValue *value); /* of DOC_INT too */
bool doc_bool(const DocValue *value);
