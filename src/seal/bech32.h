#pragma once
/*
 * bech32 — thirty-two bytes as a word that people copy: a name, a 1, and digits with a checksum.
 *
 * The `age` program writes its keys this way. Upper or lower case, never mixed; one wrong character
 * is always noticed.
 *
 *   Owns     nothing.
 *   Threads  any.
 *   Bounds   BECH32_NAME_MAX for the name, 32 bytes of content
 *   Errors   ERR_INVALID  not such a word, or of another name
 *   Source   BIP 173
 */
#include <stdint.h>

#include "base/text.h"

#define BECH32_BYTES    32
#define BECH32_NAME_MAX 16
#define BECH32_TEXT_MAX (BECH32_NAME_MAX + 1 + 52 + 6 + 1) /* and a NUL */

/* `name` in lower case; the word is in lower case too. Returns `out`. */
const char *bech32_write(const char *name, const uint8_t bytes[BECH32_BYTES],
                         char out[BECH32_TEXT_MAX]);

MUST_USE ErrCode bech32_parse(Text text, const char *name, uint8_t out[BECH32_BYTES], Err *err);
