#pragma once
/*
 * random_record — records of any kind, made up but valid, for tests that hold for all kinds.
 *
 *   Owns  nothing: texts and bytes lie in the arena given.
 */
#include "base/arena.h"
#include "support/prop.h"
#include "vocab/record.h"

/* All fields that must be there and some of the others. References go to ids below `ref_count`. */
Record random_record(Prng *prng, const KindInfo *kind, unsigned ref_count, Arena *arena);

/* Some fields set or cleared, none that cannot change. */
Record random_change(Prng *prng, const KindInfo *kind, unsigned ref_count, Arena *arena);

/* The n-th made-up id. */
Id numbered_id(unsigned number);

/* Whether both say the same: a cleared field is an absent one. */
bool record_is_same(const Record *a, const Record *b);
