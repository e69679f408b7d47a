#pragma once
/*
 * hand_accounts — accounts made from the command line, where whoever may write the files may act.
 *
 *   Threads  main, as the writer.
 */
#include "cli/cli.h"
#include "engine/accounts.h"

/* `must_change`: the password is a one-time code that opens nothing but the choice of one's own. */
MUST_USE ErrCode hand_add_account(Hand *hand, Text name, const char *password, bool must_change,
                                  const GrantWish *grants, size_t grant_count, Err *err);
