#pragma once
/*
 * meet — several nodes in one process that hand each other their segments.
 *
 *   Owns     a Mailbag its segments, until mailbag_done().
 *   Threads  the writer.
 */
#include "engine/receive.h"
#include "support/play.h"

#define MAIL_MAX 512

typedef struct Mail {
    size_t at; /* in the bag's bytes */
    size_t size;
    PublicKey key;
} Mail;

typedef struct Mailbag {
    Buf bytes;
    Mail items[MAIL_MAX];
    size_t count;
} Mailbag;

void mailbag_init(Mailbag *bag);
void mailbag_done(Mailbag *bag);

/* Signs and puts in all segments a node has, with the keys of those who wrote them: `nodes`. */
void meet_collect(Play *from, Play *nodes, size_t node_count, Mailbag *bag);

/* Hands over one segment in a group of its own. */
Reception meet_give(Play *to, const Mailbag *bag, size_t item);

/* Hands over everything until nothing is new. */
void meet_give_all(Play *to, const Mailbag *bag);

/* The digest of all that a node knows; `rebuild` makes the tables anew first. */
Digest meet_hash(Play *play);
void meet_rebuild(Play *play);
