#pragma once
/*
 * fold — brings what people type to one form before it is compared.
 *
 * Two strengths. Narrowing turns full-width letters, digits and marks into plain ones and drops
 * what cannot be seen; a value stays what it was. Folding goes on to lower case and drops blanks,
 * line breaks and the marks that decorate headings; it is for comparing only.
 *
 *   Owns     nothing: results lie in the space the caller gives.
 *   Bounds   FOLD_BYTES_MAX; what is longer is cut between characters, which no heading is
 */
#include "base/text.h"

#define FOLD_BYTES_MAX 512

/* One character made plain: ０ is 0, （ is (, an ideographic space is a space; 0 for what is not
 * seen, such as a zero-width space. */
uint32_t fold_narrow_rune(uint32_t rune);

/* For comparing headings and choices: narrowed, lower case, no blanks, no * : _ - . quotes. */
Text fold_heading(Text text, char space[FOLD_BYTES_MAX]);

/* A value made plain and trimmed, blanks inside kept as single spaces. */
Text fold_value(Text text, char space[FOLD_BYTES_MAX]);

/* The same without any blank: for numbers, codes and dates. */
Text fold_compact(Text text, char space[FOLD_BYTES_MAX]);

/* What stands outside the first pair of brackets, and what stands inside; either may be empty.
 * Both lie in `text`, except that `outside` is joined in `space` when the pair is in the middle. */
void fold_brackets(Text text, char space[FOLD_BYTES_MAX], Text *out_outside, Text *out_inside);
