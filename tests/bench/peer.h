#pragma once
/*
 * peer — the rows that the engine wrote for a group of commands, written again by plain SQLite.
 *
 * After each group a reader of the engine's database looks for what is new: things, streams,
 * entries, segments, ops and postings by their numbers, stays and head counts of the persons and
 * projects touched. The peer has a copy of the database as it was before, with the same tables and
 * indexes, in the mode in which the engine keeps its own (WAL, synchronous=FULL, secure_delete,
 * page checks, the same page cache) but for the checkpoints, which come as SQLite makes them, and
 * writes the same values with prepared statements, each group in one transaction. It reads nothing
 * and decides nothing: it is the least that could be done.
 *
 *   Owns     both connections, until peer_close().
 */
#include "base/buf.h"
#include "base/id.h"

typedef struct Peer Peer;

/* `copy` is a database equal to `original`, which the engine goes on to change. */
Peer *peer_open(const char *original, const char *copy);
void peer_close(Peer *peer);

/* What a group of posting.add is about. */
typedef struct PeerGroup {
    const int64_t *persons; /* keys */
    const int64_t *projects;
    const Id *ops;
    size_t count;
} PeerGroup;

/* Forgets the groups of the round before. */
void peer_begin_round(Peer *peer);

/* Before the engine runs a group: what is there about its persons. */
void peer_look_before(Peer *peer, const PeerGroup *group);

/* After it: what came about. */
void peer_look_after(Peer *peer, const PeerGroup *group);

/* Writes the groups of the round, each as it came about; the only part that is timed. */
void peer_write(Peer *peer);

size_t peer_row_count(const Peer *peer); /* of the round */
double peer_row_bytes(const Peer *peer);

/* Ends the program unless both databases hold the same rows in the tables concerned. */
void peer_compare(Peer *peer);
