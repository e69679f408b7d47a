#include "base/id.h"

#include <assert.h>
#include <string.h>

Id id_make(uint64_t stamp, uint64_t node_short, unsigned epoch)
{
    assert(stamp >> STAMP_BITS == 0);
    assert(node_short <= NODE_SHORT_MAX);
    assert(epoch <= EPOCH_MAX);
    const uint64_t high = (stamp >> 12) << 16 | UINT64_C(0x7000) | (stamp & 0xFFF);
    const uint64_t low = UINT64_C(2) << 62 | node_short << 22 | (uint64_t)epoch << 12;
    Id id;
    for (int i = 0; i < 8; i++) {
        id.at[i] = (uint8_t)(high >> (56 - 8 * i));
        id.at[8 + i] = (uint8_t)(low >> (56 - 8 * i));
    }
    return id;
}

static uint64_t half(const uint8_t *at)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | at[i];
    return number;
}

uint64_t id_stamp(Id id)
{
    const uint64_t high = half(id.at);
    return (high >> 16) << 12 | (high & 0xFFF);
}

uint64_t id_node(Id id)
{
    return half(id.at + 8) >> 22 & NODE_SHORT_MAX;
}

unsigned id_epoch(Id id)
{
    return (unsigned)(half(id.at + 8) >> 12 & EPOCH_MAX);
}

bool id_is_nil(Id id)
{
    static const Id nil;
    return id_equal(id, nil);
}

bool id_equal(Id a, Id b)
{
    return id_compare(a, b) == 0;
}

int id_compare(Id a, Id b)
{
    return memcmp(a.at, b.at, sizeof a.at);
}

Bytes id_bytes(const Id *id)
{
    return (Bytes){.at = id->at, .size = sizeof id->at};
}

ErrCode id_from_bytes(Bytes bytes, Id *out_id, Err *err)
{
    assert(out_id != NULL);
    if (bytes.size != sizeof out_id->at)
        return err_set(err, ERR_INVALID, "an id has 16 bytes, not %zu", bytes.size);
    memcpy(out_id->at, bytes.at, sizeof out_id->at);
    return OK;
}

ErrCode id_parse(Text text, Id *out_id, Err *err)
{
    assert(out_id != NULL);
    char digits[32];
    size_t count = 0;
    bool is_shaped = text.size == 36;
    for (size_t i = 0; is_shaped && i < text.size; i++) {
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash)
            is_shaped = text.at[i] == '-';
        else
            digits[count++] = text.at[i];
    }
    Id id = {{0}};
    if (!is_shaped || bytes_from_hex((Text){digits, count}, id.at, sizeof id.at, err) != OK)
        return err_set(err, ERR_INVALID, "\"%.*s\" is not an id",
                       text.size > 60 ? 60 : (int)text.size, text.at);
    *out_id = id;
    return OK;
}

const char *id_write(Id id, char out[ID_TEXT_MAX])
{
    char hex[33];
    bytes_to_hex(id_bytes(&id), hex);
    size_t at = 0;
    for (size_t i = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20) out[at++] = '-';
        out[at++] = hex[i];
    }
    out[at] = '\0';
    return out;
}
