#include "host/log_file.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

static void write_line(void *context, const char *line, size_t size)
{
    const LogFile *file = context;
    size_t done = 0;
    while (done < size) {
        const ssize_t put = write(file->descriptor, line + done, size - done);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return; /* a log that cannot be written has nowhere to say so */
        done += (size_t)put;
    }
}

static uint64_t clock_of(void *context)
{
    const LogFile *file = context;
    return host_now_ms(file->host);
}

LogSink log_file_sink(LogFile *file, LogLevel least)
{
    assert(file != NULL && file->host != NULL);
    return (LogSink){.context = file, .write = write_line, .now_ms = clock_of, .least = least};
}
