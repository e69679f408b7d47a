#include "journal/chain.h"

#include <assert.h>

Digest chain_start(const StreamName *stream)
{
    AUTO(buf_done) Buf name = {0};
    buf_init(&name, STREAM_NAME_SIZE);
    stream_put(&name, stream);
    assert(name.size == STREAM_NAME_SIZE);

    Hash hash;
    hash_init(&hash);
    hash_add(&hash, bytes_of(TEXT("tongpin stream")));
    hash_add(&hash, buf_as_bytes(&name));
    return hash_result(&hash);
}

Digest chain_next(const Digest *head, Bytes chained)
{
    assert(head != NULL);
    assert(chained.size > 0);
    Hash hash;
    hash_init(&hash);
    hash_add(&hash, digest_bytes(head));
    hash_add(&hash, chained);
    return hash_result(&hash);
}
