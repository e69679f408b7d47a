#pragma once
/*
 * chain — the running hash of a stream: one head that stands for every entry up to it.
 *
 *     h_0 = SHA-256("tongpin stream" || name of the stream, 23 bytes)
 *     h_n = SHA-256(h_(n-1) || bytes of entry n)
 *
 * Heads do not travel with the entries: who receives entries computes the heads again.
 *
 *   Owns     nothing.
 *   Threads  any.
 */
#include "journal/stream.h"
#include "seal/hash.h"

/* The head of a stream without entries. */
Digest chain_start(const StreamName *stream);

/* The head after one more entry. `chained` is the entry without its body. */
Digest chain_next(const Digest *head, Bytes chained);
