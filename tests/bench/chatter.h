#pragma once
/*
 * chatter — what a busy site writes in a week, as entries of one stream: what exchange is measured
 * with, and what the dictionary of sync/squeeze is made from.
 *
 * Of a hundred entries thirty are lines of a checklist, twenty-six signatures of who attended,
 * twenty steps of tasks, ten steps about hazards and six hazards, four topics with words, and four
 * people or postings; in all some 28 bytes of Chinese text an entry. Texts are put together from
 * phrases; those for the dictionary share no phrase with those that are measured.
 *
 *   Owns     nothing: it writes into the journal of a node, and no tables of kinds.
 *   Threads  the writer.
 */
#include "engine/node.h"

typedef struct Chatter {
    const Node *node;
    Store *store;
    uint64_t chance;
    bool is_for_training; /* which phrases */
    Id unit;
} Chatter;

/* Appends so many entries with one commit for each `group` of them. */
void chatter_write(Chatter *chatter, size_t count, size_t group);
