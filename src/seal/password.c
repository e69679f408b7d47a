#include "seal/password.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define LEFT_OVER_MAX 2 /* characters beside common pieces that still make no secret */
#define PERIOD_MAX    4 /* "abcabcabcabc" repeats three */
#define NAME_SIZE_MIN 4 /* shorter names of the person are too likely by chance; bytes */
#define DIGITS_RUN    6 /* of a phone number */
#define PEPPERED_SIZE 32

static_assert(PASSWORD_STORED_MAX == crypto_pwhash_STRBYTES, "what the library writes");

bool password_cost_is_safe(PasswordCost cost)
{
    return cost.passes >= PASSWORD_COST_FLOOR.passes &&
           cost.memory_bytes >= PASSWORD_COST_FLOOR.memory_bytes;
}

static size_t count_characters(Text text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size; count++)
        (void)text_next_rune(text, &at);
    return count;
}

static char to_lower(char letter)
{
    if (letter < 'A' || letter > 'Z') return letter;
    return (char)(letter - 'A' + 'a');
}

static bool starts_with_ignoring_case(Text text, Text start)
{
    if (text.size < start.size) return false;
    for (size_t i = 0; i < start.size; i++)
        if (to_lower(text.at[i]) != to_lower(start.at[i])) return false;
    return true;
}

static bool contains_ignoring_case(Text text, Text part)
{
    for (size_t at = 0; at + part.size <= text.size; at++)
        if (starts_with_ignoring_case((Text){text.at + at, text.size - at}, part)) return true;
    return false;
}

static const Text common[] = {
#define COMMON(word) {(word), sizeof(word) - 1},
#include "seal/common_passwords.def"
#undef COMMON
};
#define COMMON_COUNT (sizeof common / sizeof common[0])

/* The fewest characters that are left over when the password is cut into common pieces. */
static unsigned count_left_over(Text password)
{
    unsigned left[PASSWORD_BYTES_MAX + 1]; /* of what stands from this byte on */
    left[password.size] = 0;
    for (size_t at = password.size; at-- > 0;) {
        left[at] = left[at + 1] + 1;
        const Text rest = {password.at + at, password.size - at};
        for (size_t i = 0; i < COMMON_COUNT; i++) {
            if (!starts_with_ignoring_case(rest, common[i])) continue;
            const unsigned after = left[at + common[i].size];
            if (after < left[at]) left[at] = after;
        }
    }
    return left[0];
}

/* "aaaaaaaaaaaa", "12121212", "张三张三张三": a short piece again and again. */
static bool is_repetition(Text password)
{
    for (size_t period = 1; period <= (size_t)PERIOD_MAX * 3; period++) {
        if (period * 2 > password.size) return false;
        size_t at = period;
        while (at < password.size && password.at[at] == password.at[at - period])
            at++;
        const Text piece = {password.at, period};
        const bool is_whole = (password.at[period] & 0xC0) != 0x80; /* no cut character */
        if (at == password.size && is_whole && count_characters(piece) <= PERIOD_MAX) return true;
    }
    return false;
}

/* "abcdefghijkl", "98765432100": each character next to the one before it. */
static bool is_staircase(Text password)
{
    size_t steps = 0;
    for (size_t i = 1; i < password.size; i++) {
        const int step = to_lower(password.at[i]) - to_lower(password.at[i - 1]);
        if (step >= -1 && step <= 1) steps++;
    }
    return steps + 1 + LEFT_OVER_MAX >= password.size;
}

static bool is_all_digits(Text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] < '0' || text.at[i] > '9') return false;
    return text.size > 0;
}

/* Whether the password leans on something that others know about the person. */
static bool is_about(Text password, Text known)
{
    if (!is_all_digits(known) || known.size <= DIGITS_RUN)
        return known.size >= NAME_SIZE_MIN && contains_ignoring_case(password, known);
    for (size_t at = 0; at + DIGITS_RUN <= known.size; at++)
        if (contains_ignoring_case(password, (Text){known.at + at, DIGITS_RUN})) return true;
    return false;
}

ErrCode password_check(const PasswordWish *wish, Err *err)
{
    assert(wish != NULL);
    const Text password = wish->password;
    if (password.size > PASSWORD_BYTES_MAX)
        return err_set(err, ERR_INVALID, "a password has at most %d bytes", PASSWORD_BYTES_MAX);
    const size_t least = wish->is_privileged ? PASSWORD_COUNT_MIN_PRIVILEGED : PASSWORD_COUNT_MIN;
    if (count_characters(password) < least)
        return err_set(err, ERR_INVALID,
                       "a password has at least %zu characters; three or four words make a good "
                       "one",
                       least);
    if (count_left_over(password) <= LEFT_OVER_MAX || is_repetition(password) ||
        is_staircase(password))
        return err_set(err, ERR_INVALID,
                       "this password is among the first that anybody would try; take some words "
                       "that do not belong together");
    for (size_t i = 0; i < wish->about_me_count; i++)
        if (is_about(password, wish->about_me[i]))
            return err_set(err, ERR_INVALID,
                           "this password contains your name, account, site or number, which "
                           "others know; take something else");
    return OK;
}

static void add_pepper(const Keyring *keyring, Text password, uint8_t out[PEPPERED_SIZE])
{
    assert(keyring != NULL && keyring->is_loaded);
    crypto_generichash(out, PEPPERED_SIZE, (const uint8_t *)password.at, password.size,
                       keyring->pepper, sizeof keyring->pepper);
}

ErrCode password_keep(const Keyring *keyring, PasswordCost cost, Text password,
                      char out_stored[PASSWORD_STORED_MAX], Err *err)
{
    assert(out_stored != NULL);
    uint8_t peppered[PEPPERED_SIZE];
    char stored[PASSWORD_STORED_MAX];
    add_pepper(keyring, password, peppered);
    const int failed =
        crypto_pwhash_str_alg(stored, (const char *)peppered, sizeof peppered, cost.passes,
                              cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    secret_wipe(peppered, sizeof peppered);
    if (failed != 0)
        return err_set(err, ERR_LIMIT, "keeping a password needs %zu MiB of memory for a moment",
                       cost.memory_bytes / 1024 / 1024);
    memcpy(out_stored, stored, sizeof stored);
    return OK;
}

ErrCode password_matches(const Keyring *keyring, Text password, const char *stored,
                         bool *out_matches, Err *err)
{
    assert(stored != NULL && out_matches != NULL);
    /* The library tells a wrong password and a broken string apart only by its settings. */
    const int shape = crypto_pwhash_str_needs_rehash(stored, PASSWORD_COST_PRODUCT.passes,
                                                     PASSWORD_COST_PRODUCT.memory_bytes);
    if (strncmp(stored, crypto_pwhash_argon2id_STRPREFIX,
                sizeof crypto_pwhash_argon2id_STRPREFIX - 1) != 0 ||
        shape < 0)
        return err_set(err, ERR_CORRUPT,
                       "what is stored for this account is not a password; set "
                       "a new one");
    uint8_t peppered[PEPPERED_SIZE];
    add_pepper(keyring, password, peppered);
    const int failed = crypto_pwhash_str_verify(stored, (const char *)peppered, sizeof peppered);
    secret_wipe(peppered, sizeof peppered);
    *out_matches = failed == 0;
    return OK;
}

void password_matches_nobody(const Keyring *keyring, PasswordCost cost, Text password)
{
    uint8_t peppered[PEPPERED_SIZE];
    uint8_t result[PEPPERED_SIZE];
    static const uint8_t salt[crypto_pwhash_SALTBYTES] = {0};
    add_pepper(keyring, password, peppered);
    /* The same work as a check. Its result is nobody's; a machine without the memory for it could
     * not check anybody else either. */
    const int failed =
        crypto_pwhash(result, sizeof result, (const char *)peppered, sizeof peppered, salt,
                      cost.passes, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    (void)failed;
    secret_wipe(peppered, sizeof peppered);
    secret_wipe(result, sizeof result);
}

bool password_needs_renewal(const char *stored, PasswordCost cost)
{
    assert(stored != NULL);
    return crypto_pwhash_str_needs_rehash(stored, cost.passes, cost.memory_bytes) != 0;
}
