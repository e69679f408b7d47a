#include "api/rate.h"

#include <assert.h>
#include <string.h>

#include "seal/hash.h"

#define TOKEN 1000U

static_assert(RATE_PLACE_COUNT % RATE_SET_COUNT == 0, "places come in whole sets");

void rate_init(Rate *rate, uint64_t burst, uint64_t token_wait_ms, uint64_t secret)
{
    assert(burst > 0);
    assert(token_wait_ms > 0);
    memset(rate->places, 0, sizeof rate->places);
    rate->burst = burst;
    rate->token_wait_ms = token_wait_ms;
    rate->secret = secret;
    lock_init(&rate->lock);
}

void rate_done(Rate *rate)
{
    lock_done(&rate->lock);
}

uint64_t rate_key(const Rate *rate, Bytes bytes)
{
    Hash hash;
    hash_init(&hash);
    hash_add(&hash, (Bytes){(const uint8_t *)&rate->secret, sizeof rate->secret});
    hash_add(&hash, bytes);
    const Digest digest = hash_result(&hash);
    uint64_t key = 0;
    memcpy(&key, digest.at, sizeof key);
    return key == 0 ? 1 : key;
}

/* How full the bucket is by now. A clock that went back fills nothing. */
static uint64_t filled_by(const Rate *rate, const RatePlace *place, uint64_t now_ms)
{
    const uint64_t full = rate->burst * TOKEN;
    if (place->key == 0) return full;
    const uint64_t passed_ms = now_ms > place->updated_ms ? now_ms - place->updated_ms : 0;
    if (passed_ms / rate->token_wait_ms >= rate->burst) return full;
    const uint64_t filled = place->filled + passed_ms * TOKEN / rate->token_wait_ms;
    return filled < full ? filled : full;
}

static RatePlace *place_of(Rate *rate, uint64_t key, uint64_t now_ms)
{
    RatePlace *set = &rate->places[key % (RATE_PLACE_COUNT / RATE_SET_COUNT) * RATE_SET_COUNT];
    RatePlace *fullest = set;
    for (size_t i = 0; i < RATE_SET_COUNT; i++) {
        if (set[i].key == key) return &set[i];
        if (filled_by(rate, &set[i], now_ms) > filled_by(rate, fullest, now_ms)) fullest = &set[i];
    }
    *fullest = (RatePlace){.key = key, .updated_ms = now_ms, .filled = rate->burst * TOKEN};
    return fullest;
}

bool rate_take(Rate *rate, uint64_t key, uint64_t now_ms, uint64_t *out_wait_ms)
{
    assert(key != 0);
    lock_take(&rate->lock);
    RatePlace *place = place_of(rate, key, now_ms);
    uint64_t filled = filled_by(rate, place, now_ms);
    const bool is_allowed = filled >= TOKEN;
    *out_wait_ms = is_allowed ? 0 : ((TOKEN - filled) * rate->token_wait_ms + TOKEN - 1) / TOKEN;
    if (is_allowed) filled -= TOKEN;
    /* Also on refusal: what has been filled so far is written down with its time. */
    place->filled = filled;
    if (now_ms > place->updated_ms) place->updated_ms = now_ms;
    assert(place->filled <= rate->burst * TOKEN); /* invariant 1 */
    lock_give(&rate->lock);
    return is_allowed;
}

void rate_give(Rate *rate, uint64_t key, uint64_t now_ms)
{
    assert(key != 0);
    lock_take(&rate->lock);
    RatePlace *place = place_of(rate, key, now_ms);
    const uint64_t filled = filled_by(rate, place, now_ms) + TOKEN;
    place->filled = filled < rate->burst * TOKEN ? filled : rate->burst * TOKEN;
    if (now_ms > place->updated_ms) place->updated_ms = now_ms;
    assert(place->filled <= rate->burst * TOKEN); /* invariant 1 */
    lock_give(&rate->lock);
}
