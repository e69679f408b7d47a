#pragma once
/*
 * password — what a password must be, and how it is kept: peppered, then Argon2id.
 *
 * The pepper is a key of the node, so a stolen database alone gives nobody a password to try.
 * Length counts and composition does not: any character, no forced change; refused are the
 * passwords everybody has and those made of the person's own name, account or phone number.
 *
 *   Owns     nothing.
 *   Threads  any; checking takes a core for about a fifth of a second and 64 MiB, so never on a
 *            thread that others wait for.
 *   Bounds   PASSWORD_BYTES_MAX; PASSWORD_COUNT_MIN characters, more for those who may do more
 *   Errors   ERR_INVALID  the password is not good enough, in words for the person
 *            ERR_LIMIT    the memory for it is not there
 *            ERR_CORRUPT  what is stored is not a kept password
 */
#include "base/text.h"
#include "seal/keyring.h"

#define PASSWORD_BYTES_MAX            256
#define PASSWORD_COUNT_MIN            10
#define PASSWORD_COUNT_MIN_PRIVILEGED 12
#define PASSWORD_STORED_MAX           128

typedef struct PasswordCost {
    unsigned passes;
    size_t memory_bytes;
} PasswordCost;

#define PASSWORD_COST_PRODUCT ((PasswordCost){.passes = 3, .memory_bytes = (size_t)64 << 20})
#define PASSWORD_COST_FLOOR   ((PasswordCost){.passes = 2, .memory_bytes = (size_t)19 << 20})

/* Whether `cost` is at least the floor below which no product node may be set up. */
bool password_cost_is_safe(PasswordCost cost);

typedef struct PasswordWish {
    Text password;
    bool is_privileged;   /* for somebody who may change what belongs to others */
    const Text *about_me; /* name, account, phone, site: what others know about the person */
    size_t about_me_count;
} PasswordWish;

/* Whether a new password will do. */
MUST_USE ErrCode password_check(const PasswordWish *wish, Err *err);

/* What to store, with its NUL; different each time. */
MUST_USE ErrCode password_keep(const Keyring *keyring, PasswordCost cost, Text password,
                               char out_stored[PASSWORD_STORED_MAX], Err *err);

/* Whether it is the one that was kept. Takes as long for a wrong one as for a right one. */
MUST_USE ErrCode password_matches(const Keyring *keyring, Text password, const char *stored,
                                  bool *out_matches, Err *err);

/* For an account that does not exist: takes as long as a check, so that nobody learns that. */
void password_matches_nobody(const Keyring *keyring, PasswordCost cost, Text password);

/* Whether what is stored was made at another cost; it is kept anew at the next sign-in. */
bool password_needs_renewal(const char *stored, PasswordCost cost);
