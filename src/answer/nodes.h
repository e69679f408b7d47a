#pragma once
/*
 * nodes — the nodes this one exchanges with, and how far each is behind: headquarters' first board.
 *
 *   Threads  the caller's.
 *   Bounds   PEERS_MAX; the arena given
 *   Errors   ERR_LIMIT  the answer does not fit
 */
#include "base/emit.h"
#include "engine/node.h"

/* All of them, in the order they were added. */
MUST_USE ErrCode answer_nodes(Store *store, const Node *node, Arena *arena, Emit *emit, Err *err);
