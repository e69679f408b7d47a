/* Bytes from outside become a document or a refusal; what we write of a document reads as the same
 * document. */
#include <assert.h>
#include <string.h>

#include "base/doc.h"
#include "base/emit.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void emit_value(Emit *emit, const DocValue *value);

static void emit_members(Emit *emit, const DocValue *object)
{
    void *cursor = NULL;
    Text key;
    const DocValue *member;
    emit_open_object(emit);
    while (doc_next(object, &cursor, &key, &member)) {
        assert(doc_get(object, key.at) == member);
        emit_key(emit, key.at);
        emit_value(emit, member);
    }
    emit_close_object(emit);
}

static void emit_items(Emit *emit, const DocValue *array)
{
    emit_open_array(emit);
    for (size_t i = 0; i < doc_count(array); i++)
        emit_value(emit, doc_at(array, i));
    emit_close_array(emit);
}

static void emit_value(Emit *emit, const DocValue *value)
{
    switch (doc_type(value)) {
    case DOC_OBJECT: emit_members(emit, value); break;
    case DOC_ARRAY: emit_items(emit, value); break;
    case DOC_TEXT: {
        Err err;
        Text checked; /* a Text is UTF-8 without NUL, wherever it came from */
        const ErrCode code = text_from_bytes(bytes_of(doc_text(value)), &checked, &err);
        assert(code == OK);
        emit_text(emit, checked);
        break;
    }
    case DOC_INT: emit_int(emit, doc_int(value)); break;
    case DOC_BOOL: emit_bool(emit, doc_bool(value)); break;
    case DOC_REAL: /* the product never writes one */
    case DOC_NULL:
    case DOC_NONE: emit_null(emit); break;
    }
}

static void write_doc(const Doc *doc, Buf *out)
{
    Emit emit;
    buf_init(out, (size_t)64 << 20);
    emit_init(&emit, out);
    emit_value(&emit, doc->root);
    emit_done(&emit);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Err err;
    AUTO(doc_done) Doc doc = {0};
    if (doc_parse(&doc, (Bytes){bytes, size}, &err) != OK) {
        Text message; /* it may go into a reply */
        const ErrCode code = text_from_bytes(
            (Bytes){(const uint8_t *)err.message, strlen(err.message)}, &message, &err);
        assert(code == OK);
        assert(doc.root == NULL);
        return 0;
    }
    assert(memchr(bytes, 0, size) == NULL); /* no JSON holds one, even after its end */
    AUTO(buf_done) Buf first = {0};
    write_doc(&doc, &first);

    AUTO(doc_done) Doc again = {0};
    const ErrCode code = doc_parse(&again, buf_as_bytes(&first), &err);
    assert(code == OK);
    AUTO(buf_done) Buf second = {0};
    write_doc(&again, &second);
    assert(bytes_equal(buf_as_bytes(&first), buf_as_bytes(&second)));
    return 0;
}
