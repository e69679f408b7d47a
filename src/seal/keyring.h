#pragma once
/*
 * keyring — the secret keys of this node: made once, kept in files only we may read.
 *
 * DIR/keys holds one file of 32 bytes for each key: `node` (the seed of the signing key), `field`
 * (sealed fields), `index` (blind indexes), `pepper` (mixed into passwords) and `sealing` (opens
 * the bundles that others sealed to this node). Without them a copy of the database shows no
 * identity number and no phone number, so they are backed up apart.
 *
 *   Invariants  (1) a directory `keys` that exists holds every key that the version that made it
 *                   knew, whole: it is prepared beside and renamed when it is complete
 *   Owns        a Keyring holds the keys in memory that is kept from the swap where the machine
 *               allows it, until keyring_done() overwrites them.
 *   Threads     constant after keyring_load(): any thread may read it.
 *   Errors      ERR_CONFLICT   there are keys already; they are never overwritten
 *               ERR_NOT_FOUND  there are none
 *               ERR_DENIED     others could read or change them: a wrong owner or mode
 *               ERR_CORRUPT    a key file does not have 32 bytes
 */
#include "host/host.h"

#define KEY_BYTES 32

typedef struct Keyring {
    bool is_loaded;
    uint32_t field_epoch; /* of field_key; the only one so far is 1 */
    uint8_t node_seed[KEY_BYTES];
    uint8_t field_key[KEY_BYTES];
    uint8_t index_key[KEY_BYTES];
    uint8_t pepper[KEY_BYTES];
    uint8_t sealing_secret[KEY_BYTES]; /* see seal/reader.h */
    bool has_sealing;                  /* false: made by a version that had no such key */
} Keyring;

/* Prepares the cryptography; before anything else of this room, and safe to call again. */
MUST_USE ErrCode seal_begin(Err *err);

/* Makes the keys of a new node in `directory`/keys. */
MUST_USE ErrCode keyring_create(const Host *host, const char *directory, Err *err);

/* Reads them back; refuses files that anybody else could have read or changed. */
MUST_USE ErrCode keyring_load(const Host *host, const char *directory, Keyring *out_keyring,
                              Err *err);

/* Makes the keys that an earlier version did not have; the one process that may write calls it. */
MUST_USE ErrCode keyring_complete(const Host *host, const char *directory, Keyring *keyring,
                                  Err *err);

/* Overwrites the keys in memory. Safe twice and on {0}. */
void keyring_done(Keyring *keyring);

/* A password or key in memory of our own, overwritten so that no optimiser leaves it out. */
void secret_wipe(void *secret, size_t size);
