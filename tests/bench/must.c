#include "bench/must.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

_Noreturn void give_up(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fflush(stdout);
    fprintf(stderr, "bench: ");
    vfprintf(stderr, format, list);
    fprintf(stderr, "\n");
    va_end(list);
    exit(3);
}

void must(ErrCode code, const Err *err)
{
    if (code != OK) give_up("%s (%s:%d)", err->message, err->file, err->line);
}

void sql_must(sqlite3 *db, int result)
{
    if (result != SQLITE_OK && result != SQLITE_ROW && result != SQLITE_DONE)
        give_up("SQLite: %s", sqlite3_errmsg(db));
}
