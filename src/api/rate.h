#pragma once
/*
 * rate — how often somebody may try: buckets that fill slowly, in a table that never grows.
 *
 * A key (an address, an account, a session) owns a bucket of tokens. Each try takes one; time puts
 * them back. Keys are looked for in a few places only, and a newcomer takes the place of whoever
 * there has the fullest bucket: he loses least by being forgotten.
 *
 *   Invariants  (1) a bucket never holds more than `burst` tokens
 *   Owns        nothing: plain storage of its holder.
 *   Threads     any; locks itself.
 *   Bounds      RATE_PLACE_COUNT keys are remembered.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "host/thread.h"

#define RATE_PLACE_COUNT 4096
#define RATE_SET_COUNT   8 /* places one key may stand in */

typedef struct RatePlace {
    uint64_t key; /* 0: vacant */
    uint64_t updated_ms;
    uint64_t filled; /* thousandths of a token */
} RatePlace;

typedef struct Rate {
    Lock lock;
    uint64_t burst;         /* tokens in a full bucket */
    uint64_t token_wait_ms; /* until one more is in it */
    uint64_t secret;        /* so that nobody can aim at a place */
    RatePlace places[RATE_PLACE_COUNT];
} Rate;

void rate_init(Rate *rate, uint64_t burst, uint64_t token_wait_ms, uint64_t secret);
void rate_done(Rate *rate);

/* The number that stands for a text or for bytes in this table. */
uint64_t rate_key(const Rate *rate, Bytes bytes);

/* Takes a token; false when there is none, with the time until there is. */
bool rate_take(Rate *rate, uint64_t key, uint64_t now_ms, uint64_t *out_wait_ms);

/* Puts one back: the try turned out to be an honest one. */
void rate_give(Rate *rate, uint64_t key, uint64_t now_ms);
