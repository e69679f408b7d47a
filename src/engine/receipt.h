#pragma once
/*
 * receipt — a code by which somebody unnamed asks what became of what they raised.
 *
 * Nothing of it is kept: the code is made from the command's op-id and a key of the node, so that a
 * command that is sent again is answered with the same code. The row holds an index of the code,
 * from which nobody gets back to it without the key. Codes are compared as such indexes: the time
 * that takes tells nothing of how much of a wrong one was right.
 *
 *   Owns     nothing.
 *   Threads  any.
 */
#include "engine/accounts.h"
#include "view/signal_load.h"

/* "ABCD-EFGH-JKMN"; returns `out`. */
const char *receipt_write(const Node *node, Id op, char out[CODE_TEXT_MAX]);

/* What stands in a row: of the code that an op-id makes, and of one that somebody typed. */
int64_t receipt_index_of_op(const Node *node, Id op);
int64_t receipt_index(const Node *node, Text typed);

/* What whoever has the receipt of a signal says of it: that it is solved, or with words that it is
 * not. The words go to the readers of what is sealed. `reach` ends up as far as that signal; the
 * actor is nobody. */
typedef struct ReceiptSay {
    Command command;
    Actor actor;
    Reach reach;
} ReceiptSay;

MUST_USE ErrCode receipt_say(const SignalCard *card, Id op, int step, Text words, Arena *arena,
                             ReceiptSay *out_say, Err *err);

/* Whether it raises something that names nobody, whoever sends it. */
bool command_names_nobody(const Command *command);

/* Whether the command is answered with a code: it raises something that names nobody. */
bool command_has_receipt(const Command *command, const Actor *actor);
