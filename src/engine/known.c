#include "engine/known.h"

#include <stdio.h>

#include "journal/stream.h"

#define META_NAME_MAX (8 + NODE_TEXT_MAX)
#define KEY_DIGITS    (2 * PUBLIC_KEY_SIZE)

static Text meta_name(uint64_t node_short, char out[META_NAME_MAX])
{
    char node[NODE_TEXT_MAX];
    (void)snprintf(out, META_NAME_MAX, "node %s", node_write(node_short, node));
    return text_from_z(out);
}

ErrCode known_key_find(Store *store, uint64_t node_short, bool *out_found, PublicKey *out_key,
                       Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    char name[META_NAME_MAX];
    Text digits = {0};
    arena_init(&arena, 1024);
    TRY(meta_find(store, meta_name(node_short, name), &arena, out_found, &digits, err));
    return *out_found ? bytes_from_hex(digits, out_key->at, PUBLIC_KEY_SIZE, err) : OK;
}

ErrCode known_key_keep(Store *store, const PublicKey *key, Err *err)
{
    char name[META_NAME_MAX];
    char digits[KEY_DIGITS + 1];
    PublicKey known;
    bool found = false;
    const uint64_t node_short = node_short_of(key);
    TRY(known_key_find(store, node_short, &found, &known, err));
    if (found && public_key_equal(&known, key)) return OK;
    if (found)
        return err_set(err, ERR_CONFLICT, "another node of the name %s is known: compare its key",
                       node_write(node_short, name));
    bytes_to_hex((Bytes){key->at, PUBLIC_KEY_SIZE}, digits);
    return meta_save(store, meta_name(node_short, name), text_from_z(digits), err);
}
