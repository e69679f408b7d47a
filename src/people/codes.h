#pragma once
/*
 * codes — identity numbers and organisation codes: tidied, checked, and read.
 *
 * A number copied from a roster comes with blanks, full-width digits and a small x. code_tidy()
 * takes these away; the checks then say in one ReasonCode what is wrong, so that an import can
 * name the cell and what to do. A number that only looks unusual is accepted with a note.
 *
 *   identity number   GB 11643-1999, 18 digits (the last may be X); old 15-digit numbers too
 *   USCC              GB 32100-2015, 18 of 0-9 and A-Z without I O S V Z
 *   organisation code GB 11714-1997, 8 characters and a check character
 *
 *   Owns     nothing: the tidied code is a value.
 *   Threads  any.
 */
#include "people/reason.h"

#define CODE_SIZE_MAX 24 /* longer ones are cut; no code here has more than 18 */

/* A tidied code, ended by a NUL. */
typedef struct Code {
    char at[CODE_SIZE_MAX + 1];
    size_t size; /* of the whole input, which may be more than what is kept */
} Code;

/* Without blanks and hyphens, full-width made half-width, letters in upper case. A character that
 * can stand in no code becomes '?'. */
Code code_tidy(Text text);

/* What an identity number says about its holder. */
typedef struct Identity {
    Code number;    /* always 18 characters: an old number is extended */
    bool has_birth; /* a year before 1900 cannot be kept as a Day */
    Day birth;
    int sex;         /* SEX_IS_... */
    ReasonCode note; /* REASON_CODE_AREA_UNKNOWN, REASON_CODE_OLD_FORM or REASON_NONE */
} Identity;

/* REASON_NONE when the number is good; *out_identity is filled only then. `*out_detail` is the
 * length or place that is wrong, for {have}; it may be NULL. */
MUST_USE ReasonCode identity_check(Text number, Identity *out_identity, int64_t *out_detail);
MUST_USE ReasonCode uscc_check(Text code, Code *out_code, int64_t *out_detail);
MUST_USE ReasonCode organisation_code_check(Text code, Code *out_code, int64_t *out_detail);
