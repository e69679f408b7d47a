#pragma once
/*
 * hand_accounts — accounts made from the command line, where whoever may write the files may act.
 *
 *   Threads  main, as the writer.
 */
#include "cli/cli.h"
#include "engine/accounts.h"

/* `wish.stored` is made here from the password. With `wish.must_change` the password is a one-time
 * code that opens nothing but the choice of one's own. */
MUST_USE ErrCode hand_add_account(Hand *hand, AccountWish wish, const char *password, Err *err);
