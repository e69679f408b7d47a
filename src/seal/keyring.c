#include "seal/keyring.h"

#include <assert.h>
#include <sodium.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "host/file.h"

#define KEYS_NAME     "keys"
#define KEYS_NEW_NAME "keys.new"
#define SEALING_NAME  "sealing"
#define EPOCH_FIRST   1

static_assert(KEY_BYTES == KEY_FILE_BYTES, "a file holds one key");
static_assert(KEY_BYTES == crypto_sign_SEEDBYTES, "a seed makes a signing key");
static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "fields");
static_assert(KEY_BYTES == crypto_generichash_KEYBYTES, "pepper and index");

typedef struct KeyFile {
    const char *name;
    size_t offset; /* of its key in a Keyring */
} KeyFile;

static const KeyFile key_files[] = {
    {"node", offsetof(Keyring, node_seed)},
    {"field", offsetof(Keyring, field_key)},
    {"index", offsetof(Keyring, index_key)},
    {"pepper", offsetof(Keyring, pepper)},
};
#define KEY_FILE_COUNT (sizeof key_files / sizeof key_files[0])

ErrCode seal_begin(Err *err)
{
    if (sodium_init() < 0)
        return err_set(err, ERR_IO, "cryptography cannot start: the machine has no randomness");
    return OK;
}

void secret_wipe(void *secret, size_t size)
{
    assert(secret != NULL);
    sodium_memzero(secret, size);
}

static ErrCode create_key(const Host *host, const char *directory, const char *name, Err *err)
{
    char path[PATH_TEXT_MAX];
    TRY(path_join(directory, name, path, err));
    uint8_t key[KEY_BYTES];
    host_random(host, key, sizeof key);
    const ErrCode code = file_write(host, path, (Bytes){key, sizeof key}, FILE_SECRET, err);
    secret_wipe(key, sizeof key);
    return code;
}

ErrCode keyring_create(const Host *host, const char *directory, Err *err)
{
    assert(host != NULL && directory != NULL);
    char final[PATH_TEXT_MAX];
    char beside[PATH_TEXT_MAX];
    TRY(path_join(directory, KEYS_NAME, final, err));
    TRY(path_join(directory, KEYS_NEW_NAME, beside, err));
    bool exists = false;
    TRY(file_exists(host, final, &exists, err));
    if (exists)
        return err_set(err, ERR_CONFLICT,
                       "%s exists; keys are never overwritten, because what they sealed would be "
                       "lost",
                       final);

    /* What an interrupted start left beside is written over, file by file. */
    TRY(dir_ensure(host, beside, DIR_PRIVATE, err));
    for (size_t i = 0; i < KEY_FILE_COUNT; i++)
        TRY(create_key(host, beside, key_files[i].name, err));
    TRY(create_key(host, beside, SEALING_NAME, err));
    return dir_rename(host, beside, final, err); /* invariant 1 */
}

static ErrCode check_directory(const Host *host, const char *path, Err *err)
{
    FileFacts facts;
    TRY(file_facts(host, path, &facts, err));
    if (!facts.is_directory)
        return err_set(err, ERR_CORRUPT, "%s is a file, and the directory of keys belongs there",
                       path);
    if (!facts.is_ours)
        return err_set(err, ERR_DENIED,
                       "%s belongs to another user: chown it to the user that "
                       "runs tongpin",
                       path);
    if (facts.mode != DIR_PRIVATE)
        return err_set(err, ERR_DENIED,
                       "%s has mode %03o, so others may look in: chmod 700 it, "
                       "and think about who could have",
                       path, facts.mode);
    return OK;
}

static ErrCode check_key_file(const char *path, const FileFacts *facts, Err *err)
{
    if (facts->is_directory) return err_set(err, ERR_CORRUPT, "%s is a directory, not a key", path);
    if (!facts->is_ours)
        return err_set(err, ERR_DENIED,
                       "%s belongs to another user: chown it to the user that "
                       "runs tongpin",
                       path);
    if (facts->mode != FILE_SECRET)
        return err_set(err, ERR_DENIED,
                       "%s has mode %03o instead of 400: chmod 400 it, and think about who could "
                       "have read it",
                       path, facts->mode);
    if (facts->size != KEY_BYTES)
        return err_set(err, ERR_CORRUPT,
                       "%s has %llu bytes instead of %d: restore it from the "
                       "backup of keys",
                       path, (unsigned long long)facts->size, KEY_BYTES);
    return OK;
}

static ErrCode load_key(const Host *host, const char *directory, const char *name, uint8_t *out_key,
                        Err *err)
{
    char path[PATH_TEXT_MAX];
    TRY(path_join(directory, name, path, err));
    FileFacts facts;
    TRY(file_facts(host, path, &facts, err));
    TRY(check_key_file(path, &facts, err));

    AUTO(buf_done) Buf bytes = {0};
    buf_init(&bytes, KEY_BYTES);
    TRY(file_read(host, path, KEY_BYTES, &bytes, err));
    if (bytes.size != KEY_BYTES) return err_set(err, ERR_CORRUPT, "%s changed meanwhile", path);
    memcpy(out_key, bytes.at, KEY_BYTES);
    secret_wipe(bytes.at, bytes.size);
    return OK;
}

static ErrCode load_keys(const Host *host, const char *path, Keyring *keyring, Err *err)
{
    for (size_t i = 0; i < KEY_FILE_COUNT; i++) {
        uint8_t *key = (uint8_t *)keyring + key_files[i].offset;
        TRY(load_key(host, path, key_files[i].name, key, err));
    }
    const ErrCode code = load_key(host, path, SEALING_NAME, keyring->sealing_secret, err);
    keyring->has_sealing = code == OK;
    return code == ERR_NOT_FOUND ? OK : code;
}

ErrCode keyring_load(const Host *host, const char *directory, Keyring *out_keyring, Err *err)
{
    assert(host != NULL && directory != NULL && out_keyring != NULL);
    char path[PATH_TEXT_MAX];
    TRY(path_join(directory, KEYS_NAME, path, err));
    TRY(check_directory(host, path, err));

    /* Refused without the right to lock memory; the keys work all the same, and the operator is
     * asked for a machine without swap. */
    (void)sodium_mlock(out_keyring, sizeof *out_keyring);
    const ErrCode code = load_keys(host, path, out_keyring, err);
    if (code != OK) {
        keyring_done(out_keyring);
        return code;
    }
    out_keyring->field_epoch = EPOCH_FIRST;
    out_keyring->is_loaded = true;
    return OK;
}

ErrCode keyring_complete(const Host *host, const char *directory, Keyring *keyring, Err *err)
{
    char path[PATH_TEXT_MAX];
    assert(keyring->is_loaded);
    if (keyring->has_sealing) return OK;
    TRY(path_join(directory, KEYS_NAME, path, err));
    TRY(create_key(host, path, SEALING_NAME, err));
    TRY(load_key(host, path, SEALING_NAME, keyring->sealing_secret, err));
    keyring->has_sealing = true;
    return OK;
}

void keyring_done(Keyring *keyring)
{
    assert(keyring != NULL);
    (void)sodium_munlock(keyring, sizeof *keyring); /* overwrites first, locked or not */
    sodium_memzero(keyring, sizeof *keyring);
    assert(!keyring->is_loaded);
}
