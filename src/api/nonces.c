#include "api/nonces.h"

#include <string.h>

void nonces_init(Nonces *nonces, const Host *host)
{
    lock_init(&nonces->lock);
    nonces->host = host;
}

void nonces_done(Nonces *nonces)
{
    lock_done(&nonces->lock);
}

static NonceSlot *find(Nonces *nonces, uint64_t node_short)
{
    for (size_t i = 0; i < NONCE_COUNT_MAX; i++)
        if (nonces->slots[i].node_short == node_short) return &nonces->slots[i];
    return NULL;
}

Nonce nonces_tell(Nonces *nonces, uint64_t node_short)
{
    lock_take(&nonces->lock);
    NonceSlot *slot = find(nonces, node_short);
    if (slot == NULL) {
        slot = find(nonces, 0);
        if (slot == NULL) slot = &nonces->slots[nonces->turn++ % NONCE_COUNT_MAX];
        slot->node_short = node_short;
        host_random(nonces->host, slot->nonce.at, NONCE_SIZE);
    }
    const Nonce nonce = slot->nonce;
    lock_give(&nonces->lock);
    return nonce;
}

bool nonces_use(Nonces *nonces, uint64_t node_short, const Nonce *nonce)
{
    lock_take(&nonces->lock);
    NonceSlot *slot = find(nonces, node_short);
    const bool fits = slot != NULL && memcmp(slot->nonce.at, nonce->at, NONCE_SIZE) == 0;
    if (fits) *slot = (NonceSlot){.node_short = 0};
    lock_give(&nonces->lock);
    return fits;
}
