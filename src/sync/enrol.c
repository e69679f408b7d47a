#include "sync/enrol.h"

#include <string.h>

#include "seal/hash.h"
#include "sync/sealing.h"

#define MAGIC        "TPE"
#define LAYOUT       1
#define SIGNED_FOR   "tongpin enrolment"
#define MESSAGE_SIZE (sizeof SIGNED_FOR - 1 + DIGEST_SIZE)
#define NAME_MAX     100
#define WORD_SIZE    5
#define WORD_COUNT   4

static void message_of(uint8_t out[MESSAGE_SIZE], Bytes bytes)
{
    const Digest digest = hash_of(bytes);
    memcpy(out, SIGNED_FOR, sizeof SIGNED_FOR - 1);
    memcpy(out + sizeof SIGNED_FOR - 1, digest.at, sizeof digest.at);
}

ErrCode enrol_request(const Node *node, Buf *out, Err *err)
{
    ReaderSecret secret;
    ReaderKey sealing;
    uint8_t message[MESSAGE_SIZE];
    const size_t start = out->size;
    const uint64_t now_ms = host_now_ms(node->host);
    const PublicKey key = signing_key_public(&node->signing_key);
    if (node->name.size > NAME_MAX)
        return err_set(err, ERR_INVALID, "the name of this node is too long");
    if (!sealing_own(node, &secret, &sealing))
        return err_set(err, ERR_INVALID,
                       "this node has no sealing key yet: start it once, then ask again");
    reader_secret_done(&secret);
    buf_add(out, bytes_of(TEXT(MAGIC)));
    buf_add_byte(out, LAYOUT);
    buf_add(out, (Bytes){key.at, PUBLIC_KEY_SIZE});
    buf_add(out, (Bytes){sealing.at, SEALING_KEY_SIZE});
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_add_byte(out, (uint8_t)(now_ms >> shift));
    buf_add_byte(out, (uint8_t)node->name.size);
    buf_add(out, bytes_of(node->name));
    TRY(buf_check(out, err));
    message_of(message, (Bytes){out->at + start, out->size - start});
    const Signature signature = sign_bytes(&node->signing_key, (Bytes){message, sizeof message});
    buf_add(out, (Bytes){signature.at, SIGNATURE_SIZE});
    return buf_check(out, err);
}

static void get_name(Cursor *cursor, EnrolRequest *request)
{
    Err why;
    const uint8_t size = cursor_byte(cursor);
    if (size == 0 || size > NAME_MAX) cursor_refuse(cursor, "no name");
    const Bytes name = cursor_bytes(cursor, size);
    if (cursor->why == NULL && text_from_bytes(name, &request->name, &why) != OK)
        cursor_refuse(cursor, "the name is no text");
}

ErrCode enrol_read(Bytes bytes, EnrolRequest *out_request, Err *err)
{
    uint8_t message[MESSAGE_SIZE];
    EnrolRequest request = {.made_ms = 0};
    Signature signature = {{0}};
    Cursor cursor = cursor_over(bytes);
    const Bytes magic = cursor_bytes(&cursor, sizeof MAGIC - 1);
    if (cursor.why == NULL && !bytes_equal(magic, bytes_of(TEXT(MAGIC))))
        cursor_refuse(&cursor, "it begins differently");
    if (cursor_byte(&cursor) != LAYOUT) cursor_refuse(&cursor, "it is of a later version");
    cursor_copy(&cursor, request.key.at, PUBLIC_KEY_SIZE);
    cursor_copy(&cursor, request.sealing, SEALING_KEY_SIZE);
    request.made_ms = cursor_number(&cursor, 8);
    get_name(&cursor, &request);
    cursor_copy(&cursor, signature.at, SIGNATURE_SIZE);
    if (cursor.left > 0) cursor_refuse(&cursor, "something follows it");
    Err why;
    if (cursor_check(&cursor, &why) != OK)
        return err_set(err, ERR_INVALID, "this is no request of a new node: %.120s", why.message);
    message_of(message, (Bytes){bytes.at, bytes.size - SIGNATURE_SIZE});
    if (!signature_fits(&signature, &request.key, (Bytes){message, sizeof message}))
        return err_set(err, ERR_INVALID, "this request is not signed by the key in it");
    *out_request = request;
    return OK;
}

/* ---- words ---- */

static const char consonants[] = "bdfghjklmnprstvz";
static const char vowels[] = "aiou";

/* Sixteen bits as five letters that can be said. */
static void put_word(char *out, unsigned bits)
{
    out[0] = consonants[bits >> 12 & 15];
    out[1] = vowels[bits >> 10 & 3];
    out[2] = consonants[bits >> 6 & 15];
    out[3] = vowels[bits >> 4 & 3];
    out[4] = consonants[bits & 15];
}

static unsigned check_of(const uint8_t six[6])
{
    const Digest digest = hash_of((Bytes){six, 6});
    return (unsigned)digest.at[0] << 8 | digest.at[1];
}

static const char *write_words(const uint8_t six[6], char out[ENROL_WORDS_MAX])
{
    for (size_t i = 0; i < WORD_COUNT; i++) {
        const unsigned bits =
            i + 1 < WORD_COUNT ? (unsigned)six[2 * i] << 8 | six[2 * i + 1] : check_of(six);
        put_word(out + i * (WORD_SIZE + 1), bits);
        out[i * (WORD_SIZE + 1) + WORD_SIZE] = i + 1 < WORD_COUNT ? '-' : '\0';
    }
    return out;
}

const char *enrol_words(Bytes bytes, char out[ENROL_WORDS_MAX])
{
    const Digest digest = hash_of(bytes);
    return write_words(digest.at, out);
}

/* The place of a letter among those that may stand there; 16 for none. */
static unsigned place_in(const char *letters, char letter)
{
    const char lower = letter >= 'A' && letter <= 'Z' ? (char)(letter + 32) : letter;
    const char *found = lower == '\0' ? NULL : strchr(letters, lower);
    return found == NULL ? 16 : (unsigned)(found - letters);
}

ErrCode enrol_words_parse(Text typed, char out[ENROL_WORDS_MAX], Err *err)
{
    uint8_t bytes[2 * WORD_COUNT] = {0};
    size_t letters = 0;
    bool is_good = true;
    for (size_t i = 0; i < typed.size && is_good; i++) {
        if (typed.at[i] == '-' || typed.at[i] == ' ') continue;
        const size_t at = letters % WORD_SIZE;
        const bool is_vowel = at % 2 == 1;
        const unsigned place = place_in(is_vowel ? vowels : consonants, typed.at[i]);
        is_good = place < 16 && letters < WORD_SIZE * WORD_COUNT;
        if (!is_good) break;
        uint8_t *word = &bytes[2 * (letters / WORD_SIZE)];
        const unsigned bits = ((unsigned)word[0] << 8 | word[1]) << (is_vowel ? 2 : 4) | place;
        word[0] = (uint8_t)(bits >> 8);
        word[1] = (uint8_t)bits;
        letters++;
    }
    const unsigned check = (unsigned)bytes[6] << 8 | bytes[7];
    if (!is_good || letters != WORD_SIZE * WORD_COUNT || check != check_of(bytes))
        return err_set(err, ERR_INVALID,
                       "there is a slip in these words: four of five letters, as the box shows "
                       "them");
    (void)write_words(bytes, out);
    return OK;
}
