/* Bytes from a file become a rule pack or a refusal; a pack that was read can be written and read
 * again, and says the same. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "vocab/pack.h"

#define WORK_BYTES ((size_t)16 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Err err;
    const Pack *pack = NULL;
    const ErrCode code = pack_parse((Bytes){bytes, size}, &arena, &pack, &err);
    if (code != OK) {
        assert(code == ERR_INVALID || code == ERR_LIMIT);
        return 0;
    }
    AUTO(buf_done) Buf first = {0};
    AUTO(buf_done) Buf second = {0};
    buf_init(&first, PACK_BYTES_MAX);
    buf_init(&second, PACK_BYTES_MAX);
    pack_write(pack, &first);
    if (buf_check(&first, &err) != OK) return 0; /* defaults written out may need more room */
    const ErrCode again = pack_parse(buf_as_bytes(&first), &arena, &pack, &err);
    assert(again == OK);
    pack_write(pack, &second);
    assert(bytes_equal(buf_as_bytes(&first), buf_as_bytes(&second)));
    return 0;
}
