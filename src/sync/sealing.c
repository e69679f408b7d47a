#include "sync/sealing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define META_NAME_MAX  (12 + NODE_TEXT_MAX)
#define META_VALUE_MAX (24 + AGE_KEY_TEXT_MAX)

static Text meta_name(uint64_t node_short, char out[META_NAME_MAX])
{
    char node[NODE_TEXT_MAX];
    (void)snprintf(out, META_NAME_MAX, "sealing %s", node_write(node_short, node));
    return text_from_z(out);
}

bool sealing_own(const Node *node, ReaderSecret *out_secret, ReaderKey *out_key)
{
    if (!node->keyring.has_sealing) return false;
    memcpy(out_secret->at, node->keyring.sealing_secret, sizeof out_secret->at);
    *out_key = reader_key_of(out_secret);
    return true;
}

/* Kept as the stamp and the key's word. */
static ErrCode find(Store *store, uint64_t node_short, bool *out_found, uint64_t *out_stamp,
                    ReaderKey *out_key, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    char name[META_NAME_MAX];
    Text kept = {0};
    int64_t stamp = 0;
    arena_init(&arena, 1024);
    TRY(meta_find(store, meta_name(node_short, name), &arena, out_found, &kept, err));
    if (!*out_found) return OK;
    TRY(text_to_int(text_split(&kept, ' '), &stamp, err));
    *out_stamp = (uint64_t)stamp;
    return age_key_parse(kept, out_key, err);
}

ErrCode sealing_find(Store *store, uint64_t node_short, bool *out_found, ReaderKey *out_key,
                     Err *err)
{
    uint64_t stamp = 0;
    return find(store, node_short, out_found, &stamp, out_key, err);
}

ErrCode sealing_keep(Store *store, uint64_t node_short, uint64_t stamp, const ReaderKey *key,
                     Err *err)
{
    char name[META_NAME_MAX];
    char value[META_VALUE_MAX];
    char text[AGE_KEY_TEXT_MAX];
    ReaderKey known;
    uint64_t known_stamp = 0;
    bool found = false;
    TRY(find(store, node_short, &found, &known_stamp, &known, err));
    if (found && stamp != 0 && known_stamp > stamp) return OK;
    (void)snprintf(value, sizeof value, "%" PRIu64 " %s", stamp, age_key_write(key, text));
    return meta_save(store, meta_name(node_short, name), text_from_z(value), err);
}

ErrCode sealing_load(Store *store, uint64_t node_short, Text name, ReaderKey *out_key, Err *err)
{
    bool found = false;
    TRY(sealing_find(store, node_short, &found, out_key, err));
    if (found) return OK;
    return err_set(err, ERR_NOT_FOUND,
                   "the sealing key of \"%.*s\" is not known here: read a bundle of it, or say it "
                   "with 'tongpin peers DIR add … --sealing KEY'; --plain writes one that anybody "
                   "can read",
                   TEXT_ARG(name));
}
