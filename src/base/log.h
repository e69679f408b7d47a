#pragma once
/*
 * log — one line per event, for machines to search and people to read:
 *
 *     ts=2026-11-22T07:15:02.114Z level=info room=engine event=started req=18 port=8600
 *
 * `event` is a constant word that can be found in the source; what belongs to it stands in fields.
 * A field is a number, a word of the program or an id. There is none for text from outside, so
 * that no name, phone number or password can reach a log. base and the pure rooms never log;
 * whoever ends a failure logs it, once.
 *
 *   Invariants  (1) a line is handed over whole, in one call of the sink
 *   Owns        the sink and the counts of repeated failures: the program's only mutable globals.
 *               Rooms, events, names and words are constants and are kept by pointer.
 *   Threads     log_begin() before other threads start; everything else from any thread.
 *   Bounds      LOG_LINE_MAX bytes a line, LOG_REPEAT_MAX lines a minute of the same warning or
 *               error, the rest counted and told in the next minute
 */
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

#define LOG_LINE_MAX   1024
#define LOG_REPEAT_MAX 10

typedef enum LogLevel {
    LOG_DEBUG,
    LOG_INFO,  /* started, stopped, synced, migrated */
    LOG_WARN,  /* handled, with what was done */
    LOG_ERROR, /* somebody must look */
} LogLevel;

typedef struct LogSink {
    void *context;
    void (*write)(void *context, const char *line, size_t size); /* the line ends in '\n' */
    uint64_t (*now_ms)(void *context);
    LogLevel least; /* what is below is left out */
} LogSink;

typedef enum LogFieldType { LOG_FIELD_INT, LOG_FIELD_WORD, LOG_FIELD_ID } LogFieldType;

typedef struct LogField {
    const char *name;
    LogFieldType type;
    int64_t number;
    const char *word;
    Id id;
} LogField;

/* Without a sink nothing is written. */
void log_begin(const LogSink *chosen);
void log_end(void); /* tells the last repeated failures */

LogField log_int(const char *name, int64_t number);
LogField log_word(const char *name, const char *word); /* a constant of the program, never input */
LogField log_id(const char *name, Id id);

/* log_event(LOG_WARN, "engine", "queue_full", log_int("waiting", count)); */
#define log_event(level, room, event, ...)                               \
    log_write((level), (room), (event), (const LogField[]){__VA_ARGS__}, \
              sizeof((const LogField[]){__VA_ARGS__}) / sizeof(LogField))

void log_write(LogLevel level, const char *room, const char *event, const LogField *fields,
               size_t field_count);

/* A failure: its code and where it was noticed. Its words may name people and stay out. */
void log_failure(LogLevel level, const char *room, const char *event, const Err *err);

/* A field on every line of this thread while the scope lasts:
 *     AUTO(log_scope_end) LogScope scope = {.field = log_int("req", number)};
 *     log_scope_begin(&scope); */
typedef struct LogScope LogScope;
struct LogScope {
    LogField field;
    LogScope *outer;
};
void log_scope_begin(LogScope *scope);
void log_scope_end(LogScope *scope);
