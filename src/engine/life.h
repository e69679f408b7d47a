#pragma once
/*
 * life — the next epoch of a node that finds that it was put back from an image, or cloned.
 *
 * Somebody holds more of its own stream than it does itself, so numbers it would give are given
 * already. It opens the next epoch at once: that is always safe, and costs two bytes. What it wrote
 * in the other one is from then on an author's like any other: it may be learned again.
 *
 *   Threads  the writer, outside of a group.
 *   Errors   ERR_LIMIT  it has lived EPOCH_MAX lives
 */
#include "engine/engine.h"

/* The engine is opened anew on the same store, in an epoch above the present one and `seen`. What
 * was not signed stays so. After a failure *engine is NULL. */
MUST_USE ErrCode life_next(Engine **engine, Node *node, Store *store, unsigned seen, Err *err)
    ONLY_ON(writer_role);
