#pragma once
/*
 * move_plan — what moving a group means, from the facts in the store: for the preview that is
 * shown, and for the command that does it. Both see the same plan.
 *
 *   Owns     nothing: lies in the arena of `from`.
 *   Errors   ERR_NOT_FOUND  no such group
 */
#include "people/move.h"
#include "view/load.h"

/* `world` is that of the day of the move. */
MUST_USE ErrCode move_plan_make(Source from, const Pack *pack, const World *world, Key group,
                                Key to, MovePlan *out_plan, Err *err);
