#pragma once
/*
 * log_file — sends the log to standard error or to a file, one write a line.
 *
 *   Owns     nothing: the descriptor stays the caller's.
 *   Threads  any; lines of several threads do not mix.
 */
#include "base/log.h"
#include "host/host.h"

typedef struct LogFile {
    const Host *host; /* for the clock */
    int descriptor;   /* 2 is standard error */
} LogFile;

/* A sink for log_begin(); `file` lives until log_end(). */
LogSink log_file_sink(LogFile *file, LogLevel least);
