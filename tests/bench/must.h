#pragma once
/*
 * must — ends the benchmark in one sentence when something goes wrong: there is nobody to recover.
 */
#include "base/err.h"

struct sqlite3;

/* Prints the words of the failure and ends the program, unless `code` is OK. */
void must(ErrCode code, const Err *err);

/* The same for a result of SQLite: 0 and the two that say how a step went are fine. */
void sql_must(struct sqlite3 *db, int result);

/* Says what went wrong and ends the program. */
_Noreturn void give_up(const char *format, ...) PRINTF_LIKE(1, 2);
