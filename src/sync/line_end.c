#include <stdio.h>

#include "sync/round.h"

#define META_NAME_MAX  (8 + NODE_TEXT_MAX)
#define PLACE_TEXT_MAX (URL_TEXT_MAX + DIGEST_TEXT_MAX + 2 * NONCE_SIZE + 8)

static Text meta_name(uint64_t node_short, char out[META_NAME_MAX])
{
    char node[NODE_TEXT_MAX];
    (void)snprintf(out, META_NAME_MAX, "line %s", node_write(node_short, node));
    return text_from_z(out);
}

/* Pin, nonce and address; "-" for what is not known. */
ErrCode line_end_load(Store *store, uint64_t node_short, LineEnd *out_place, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    char name[META_NAME_MAX];
    Text kept = {0};
    bool found = false;
    LineEnd place = {.url = ""};
    arena_init(&arena, 4 * PLACE_TEXT_MAX);
    TRY(meta_find(store, meta_name(node_short, name), &arena, &found, &kept, err));
    if (found) {
        const Text pin = text_split(&kept, ' ');
        const Text nonce = text_split(&kept, ' ');
        place.has_pin = !text_is(pin, "-");
        place.has_nonce = !text_is(nonce, "-");
        if (place.has_pin) TRY(bytes_from_hex(pin, place.pin.at, DIGEST_SIZE, err));
        if (place.has_nonce) TRY(bytes_from_hex(nonce, place.nonce.at, NONCE_SIZE, err));
        if (kept.size > URL_TEXT_MAX) return err_set(err, ERR_CORRUPT, "the address of a peer");
        (void)snprintf(place.url, sizeof place.url, "%.*s", TEXT_ARG(kept));
    }
    *out_place = place;
    return OK;
}

ErrCode line_end_save(Store *store, uint64_t node_short, const LineEnd *place, Err *err)
{
    char name[META_NAME_MAX];
    char text[PLACE_TEXT_MAX];
    char pin[DIGEST_TEXT_MAX] = "-";
    char nonce[2 * NONCE_SIZE + 1] = "-";
    if (place->has_pin) (void)digest_write(&place->pin, pin);
    if (place->has_nonce) bytes_to_hex((Bytes){place->nonce.at, NONCE_SIZE}, nonce);
    (void)snprintf(text, sizeof text, "%s %s %s", pin, nonce, place->url);
    return meta_save(store, meta_name(node_short, name), text_from_z(text), err);
}
