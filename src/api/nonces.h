#pragma once
/*
 * nonces — what each node is to say in its next question, so that none counts twice.
 *
 * A nonce stays until its node has used it: who guesses at names changes nothing. They are gone
 * when the server is started anew, and each node is told another one then.
 *
 *   Owns     nothing.
 *   Threads  any; locks itself.
 *   Bounds   NONCE_COUNT_MAX nodes; of more, the one that was told first is told anew
 */
#include <stdbool.h>

#include "host/host.h"
#include "host/thread.h"
#include "sync/envelope.h"

#define NONCE_COUNT_MAX 2048

typedef struct NonceSlot {
    uint64_t node_short; /* 0: free */
    Nonce nonce;
} NonceSlot;

typedef struct Nonces {
    Lock lock;
    const Host *host;
    size_t turn;
    NonceSlot slots[NONCE_COUNT_MAX];
} Nonces;

void nonces_init(Nonces *nonces, const Host *host);
void nonces_done(Nonces *nonces);

/* The one to be used next; made if need be. */
Nonce nonces_tell(Nonces *nonces, uint64_t node_short);

/* Whether it is the one that was told; then it is used up. */
bool nonces_use(Nonces *nonces, uint64_t node_short, const Nonce *nonce);
