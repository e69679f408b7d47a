#include "base/doc.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

/* A DocValue is jansson's json_t under another name, so that nobody else needs its header. */
static const json_t *inside(const DocValue *value)
{
    return (const json_t *)value;
}

/* jansson's iterators are not const, though they only read. */
static json_t *inside_mutable(const DocValue *value)
{
    const union {
        const DocValue *read_only;
        json_t *open;
    } same = {.read_only = value};
    return same.open;
}

/* Where the text that begins at `at` ends: at its closing quote, or at the end of the bytes. */
static size_t end_of_text(Bytes bytes, size_t at)
{
    for (at++; at < bytes.size && bytes.at[at] != '"'; at++)
        if (bytes.at[at] == '\\') at++;
    return at;
}

/* jansson's parser is recursive, so depth is checked before it starts. */
static ErrCode check_depth(Bytes bytes, Err *err)
{
    unsigned depth = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        const uint8_t byte = bytes.at[i];
        if (byte == '"') i = end_of_text(bytes, i);
        if ((byte == ']' || byte == '}') && depth > 0) depth--;
        if (byte != '[' && byte != '{') continue;
        if (++depth > DOC_DEPTH_MAX)
            return err_set(err, ERR_LIMIT, "JSON is nested more than %d deep", DOC_DEPTH_MAX);
    }
    return OK;
}

ErrCode doc_parse(Doc *out_doc, Bytes bytes, Err *err)
{
    assert(out_doc != NULL);
    if (bytes.size > DOC_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "JSON of %zu bytes is larger than %zu", bytes.size,
                       DOC_BYTES_MAX);
    if (bytes.size > 0 && memchr(bytes.at, 0, bytes.size) != NULL) /* the library stops at one */
        return err_set(err, ERR_INVALID, "not JSON: it holds a NUL byte");
    TRY(check_depth(bytes, err));

    json_error_t error;
    json_t *root = json_loadb(bytes.size == 0 ? "" : (const char *)bytes.at, bytes.size,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL)
        return err_set(err, ERR_INVALID, "not JSON at line %d, column %d: %.120s", error.line,
                       error.column, error.text);
    out_doc->root = (DocValue *)root;
    return OK;
}

void doc_done(Doc *doc)
{
    assert(doc != NULL);
    json_decref((json_t *)doc->root);
    doc->root = NULL;
}

DocType doc_type(const DocValue *value)
{
    if (value == NULL) return DOC_NONE;
    switch (json_typeof(inside(value))) {
    case JSON_OBJECT: return DOC_OBJECT;
    case JSON_ARRAY: return DOC_ARRAY;
    case JSON_STRING: return DOC_TEXT;
    case JSON_INTEGER: return DOC_INT;
    case JSON_REAL: return DOC_REAL;
    case JSON_TRUE:
    case JSON_FALSE: return DOC_BOOL;
    case JSON_NULL: return DOC_NULL;
    }
    return DOC_NONE;
}

const DocValue *doc_get(const DocValue *value, const char *key)
{
    if (doc_type(value) != DOC_OBJECT) return NULL;
    return (const DocValue *)json_object_get(inside(value), key);
}

size_t doc_count(const DocValue *value)
{
    if (doc_type(value) == DOC_OBJECT) return json_object_size(inside(value));
    return doc_type(value) == DOC_ARRAY ? json_array_size(inside(value)) : 0;
}

const DocValue *doc_at(const DocValue *array, size_t index)
{
    assert(doc_type(array) == DOC_ARRAY);
    return (const DocValue *)json_array_get(inside(array), index);
}

bool doc_next(const DocValue *object, void **cursor, Text *out_key, const DocValue **out_value)
{
    assert(doc_type(object) == DOC_OBJECT);
    json_t *members = inside_mutable(object);
    *cursor = *cursor == NULL ? json_object_iter(members) : json_object_iter_next(members, *cursor);
    if (*cursor == NULL) return false;
    *out_key = text_from_z(json_object_iter_key(*cursor));
    *out_value = (const DocValue *)json_object_iter_value(*cursor);
    return true;
}

Text doc_text(const DocValue *value)
{
    assert(doc_type(value) == DOC_TEXT);
    return (Text){.at = json_string_value(inside(value)),
                  .size = json_string_length(inside(value))};
}

int64_t doc_int(const DocValue *value)
{
    assert(doc_type(value) == DOC_INT);
    return json_integer_value(inside(value));
}

double doc_real(const DocValue *value)
{
    return json_number_value(inside(value));
}

bool doc_bool(const DocValue *value)
{
    assert(doc_type(value) == DOC_BOOL);
    return json_is_true(inside(value));
}
