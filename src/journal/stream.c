#include "journal/stream.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "seal/hash.h"

#define NODE_BYTES  5
#define EPOCH_BYTES 2

uint64_t node_short_of(const PublicKey *key)
{
    assert(key != NULL);
    const Digest digest = hash_of((Bytes){key->at, sizeof key->at});
    uint64_t node_short = 0;
    for (int i = 0; i < NODE_BYTES; i++)
        node_short = node_short << 8 | digest.at[i];
    assert(node_short <= NODE_SHORT_MAX);
    return node_short;
}

Id scope_of_broadcast(Id own)
{
    own.at[sizeof own.at - 1] |= 1;
    return own;
}

bool scope_is_broadcast(Id scope)
{
    return (scope.at[sizeof scope.at - 1] & 1) != 0;
}

bool stream_equal(const StreamName *a, const StreamName *b)
{
    return a->node_short == b->node_short && a->epoch == b->epoch && id_equal(a->scope, b->scope);
}

void stream_put(Buf *buf, const StreamName *stream)
{
    assert(stream->node_short <= NODE_SHORT_MAX);
    assert(stream->epoch <= EPOCH_MAX);
    for (int shift = 8 * (NODE_BYTES - 1); shift >= 0; shift -= 8)
        buf_add_byte(buf, (uint8_t)(stream->node_short >> shift));
    buf_add_byte(buf, (uint8_t)(stream->epoch >> 8));
    buf_add_byte(buf, (uint8_t)stream->epoch);
    buf_add(buf, id_bytes(&stream->scope));
}

StreamName stream_get(Cursor *cursor)
{
    StreamName stream = {0};
    stream.node_short = cursor_number(cursor, NODE_BYTES);
    stream.epoch = (unsigned)cursor_number(cursor, EPOCH_BYTES);
    if (stream.epoch > EPOCH_MAX) {
        cursor_refuse(cursor, "an epoch is above 1023");
        stream.epoch = 0;
    }
    cursor_copy(cursor, stream.scope.at, sizeof stream.scope.at);
    return stream;
}

const char *node_write(uint64_t node_short, char out[NODE_TEXT_MAX])
{
    assert(node_short <= NODE_SHORT_MAX);
    const int size = snprintf(out, NODE_TEXT_MAX, "%010" PRIx64, node_short);
    assert(size == NODE_TEXT_MAX - 1);
    return out;
}

const char *stream_write(const StreamName *stream, char out[STREAM_NAME_TEXT_MAX])
{
    char node[NODE_TEXT_MAX];
    char scope[ID_TEXT_MAX];
    const int size =
        snprintf(out, STREAM_NAME_TEXT_MAX, "%s/%u/%s", node_write(stream->node_short, node),
                 stream->epoch, id_write(stream->scope, scope));
    assert(size > 0);
    assert(size < STREAM_NAME_TEXT_MAX);
    return out;
}
