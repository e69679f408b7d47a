#pragma once
/*
 * keeper — keeps a served node in step with the peers whose address is known: one thread.
 *
 * It asks by time, a little off the full minutes so that a thousand boxes do not come at once; soon
 * after something was written here; and after a failure later and later, up to KEEPER_FAILED_S_MAX.
 * A peer that says it is busy is left in peace for as long as it says.
 *
 *   Owns     its thread, its line and a reader connection, until keeper_stop().
 *   Threads  main starts and stops it, before the writer is stopped. What changes anything goes
 *            through the writer.
 *   Bounds   KEEPER_PEERS_MAX peers are asked
 */
#include "engine/writer.h"

#define KEEPER_PEERS_MAX    64
#define KEEPER_USUAL_S      300
#define KEEPER_CHANGED_S    5 /* so long after the last exchange what was written goes at once */
#define KEEPER_FAILED_S     5
#define KEEPER_FAILED_S_MAX 900

typedef struct Keeper Keeper;

MUST_USE ErrCode keeper_start(Keeper **out_keeper, const Node *node, Writer *writer,
                              Changes *changes, Err *err);

/* Cuts the line, when one is open. Leaves NULL; safe on NULL. */
void keeper_stop(Keeper **keeper);

/* How long to wait after so many failures in a row, or after none; `random` spreads it by a
 * quarter. */
uint64_t keeper_wait_ms(unsigned failures, unsigned retry_s, uint64_t random);
