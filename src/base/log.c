#include "base/log.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/day.h"

#define MINUTE_MS      60000
#define REPEAT_KINDS   32 /* different failures that are counted in one minute */
#define CUT_SHORT_MARK " cut=1"

typedef struct Repeat {
    const char *room;
    const char *event;
    LogLevel level;
    unsigned written;
    unsigned held_back;
} Repeat;

typedef struct Line {
    char at[LOG_LINE_MAX];
    size_t size;
    bool is_cut;
} Line;

static LogSink sink;

/* The counts of this minute, behind a lock that is held for some nanoseconds and never while
 * writing. */
static atomic_flag repeats_busy = ATOMIC_FLAG_INIT;
static Repeat repeats[REPEAT_KINDS];
static uint64_t repeats_minute;

static _Thread_local LogScope *innermost;

LogField log_int(const char *name, int64_t number)
{
    return (LogField){.name = name, .type = LOG_FIELD_INT, .number = number};
}

LogField log_word(const char *name, const char *word)
{
    return (LogField){.name = name, .type = LOG_FIELD_WORD, .word = word};
}

LogField log_id(const char *name, Id id)
{
    return (LogField){.name = name, .type = LOG_FIELD_ID, .id = id};
}

/* Whole or not at all, so that a line never ends within a field. */
static void line_add(Line *line, const char *piece, size_t size)
{
    if (line->is_cut || size > sizeof line->at - 16 - line->size) {
        line->is_cut = true;
        return;
    }
    memcpy(line->at + line->size, piece, size);
    line->size += size;
}

static bool is_plain(const char *word)
{
    if (*word == '\0') return false;
    for (const char *at = word; *at != '\0'; at++)
        if (*at <= ' ' || *at == '"' || *at == '=' || *at == '\\' || *at == 0x7F) return false;
    return true;
}

/* The word, in quotes where it would not be one word otherwise. Returns its size. */
static size_t put_word(char *out, size_t room, const char *word)
{
    if (is_plain(word)) return (size_t)snprintf(out, room, "%s", word);
    size_t size = 0;
    out[size++] = '"';
    for (const char *at = word; *at != '\0' && size + 6 < room; at++) {
        if (*at == '"' || *at == '\\') out[size++] = '\\';
        const bool is_control = (unsigned char)*at < ' ' || *at == 0x7F;
        if (is_control)
            size += (size_t)snprintf(out + size, room - size, "\\x%02x", (unsigned char)*at);
        else
            out[size++] = *at;
    }
    out[size++] = '"';
    out[size] = '\0';
    return size;
}

static void line_add_field(Line *line, const LogField *field)
{
    char piece[256];
    const int start = snprintf(piece, 64, " %.60s=", field->name);
    assert(start > 0 && start < 64);
    size_t size = (size_t)start;
    char *value = piece + size;
    switch (field->type) {
    case LOG_FIELD_INT: size += (size_t)snprintf(value, 32, "%" PRId64, field->number); break;
    case LOG_FIELD_WORD: {
        const size_t wanted = put_word(value, sizeof piece - size, field->word);
        const size_t room = sizeof piece - size - 1;
        size += wanted < room ? wanted : room;
        break;
    }
    case LOG_FIELD_ID:
        id_write(field->id, value);
        size += ID_TEXT_MAX - 1;
        break;
    }
    line_add(line, piece, size);
}

static const char *level_name(LogLevel level)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    assert(level >= LOG_DEBUG && level <= LOG_ERROR);
    return names[level];
}

/* RFC 3339 in UTC. A clock outside 1900-2199 is shown as milliseconds: it is a finding itself. */
static void line_open(Line *line, uint64_t now_ms, LogLevel level, const char *room,
                      const char *event)
{
    char start[256];
    const uint64_t days = now_ms / 86400000;
    int size;
    if (days <= (uint64_t)DAY_LAST) {
        char date[DAY_TEXT_MAX];
        const unsigned ms = (unsigned)(now_ms % 86400000);
        size =
            snprintf(start, sizeof start, "ts=%sT%02u:%02u:%02u.%03uZ", day_write((Day)days, date),
                     ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
    } else {
        size = snprintf(start, sizeof start, "ts=%" PRIu64, now_ms);
    }
    line_add(line, start, (size_t)size);
    size = snprintf(start, sizeof start, " level=%s room=%.40s event=%.80s", level_name(level),
                    room, event);
    line_add(line, start, (size_t)size);
}

static void line_close(Line *line)
{
    if (line->is_cut) { /* the room for this was kept free by line_add() */
        memcpy(line->at + line->size, CUT_SHORT_MARK, sizeof CUT_SHORT_MARK - 1);
        line->size += sizeof CUT_SHORT_MARK - 1;
    }
    line->at[line->size++] = '\n';
    assert(line->size <= sizeof line->at);
    sink.write(sink.context, line->at, line->size); /* invariant 1 */
}

/* Starts a new minute: hands over what the last one held back. The lock is held. */
static size_t take_held_back(Repeat *out_told)
{
    size_t count = 0;
    for (size_t i = 0; i < REPEAT_KINDS; i++) {
        if (repeats[i].held_back > 0) out_told[count++] = repeats[i];
        repeats[i] = (Repeat){0};
    }
    return count;
}

static Repeat *repeat_of(const char *room, const char *event)
{
    for (size_t i = 0; i < REPEAT_KINDS; i++) {
        if (repeats[i].event == NULL) repeats[i] = (Repeat){.room = room, .event = event};
        if (strcmp(repeats[i].event, event) == 0 && strcmp(repeats[i].room, room) == 0)
            return &repeats[i];
    }
    return NULL; /* more kinds of failure than we count: all are written */
}

/* Whether this line is to be written, and what an ended minute left to tell. */
static bool count_repeat(uint64_t now_ms, LogLevel level, const char *room, const char *event,
                         Repeat *out_told, size_t *out_told_count)
{
    bool is_written = true;
    while (atomic_flag_test_and_set_explicit(&repeats_busy, memory_order_acquire)) {
    }
    if (now_ms / MINUTE_MS != repeats_minute) {
        repeats_minute = now_ms / MINUTE_MS;
        *out_told_count = take_held_back(out_told);
    }
    Repeat *repeat = level >= LOG_WARN ? repeat_of(room, event) : NULL;
    if (repeat != NULL) {
        repeat->level = level;
        is_written = repeat->written < LOG_REPEAT_MAX;
        if (is_written)
            repeat->written++;
        else
            repeat->held_back++;
    }
    atomic_flag_clear_explicit(&repeats_busy, memory_order_release);
    return is_written;
}

static void tell_held_back(uint64_t now_ms, const Repeat *told, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Line line = {.size = 0};
        const LogField field = log_int("repeated", told[i].held_back);
        line_open(&line, now_ms, told[i].level, told[i].room, told[i].event);
        line_add_field(&line, &field);
        line_close(&line);
    }
}

void log_begin(const LogSink *chosen)
{
    assert(chosen != NULL && chosen->write != NULL && chosen->now_ms != NULL);
    sink = *chosen;
}

void log_end(void)
{
    if (sink.write == NULL) return;
    Repeat told[REPEAT_KINDS];
    const size_t count = take_held_back(told); /* other threads have ended by now */
    tell_held_back(sink.now_ms(sink.context), told, count);
    sink = (LogSink){0};
    repeats_minute = 0;
}

void log_write(LogLevel level, const char *room, const char *event, const LogField *fields,
               size_t field_count)
{
    assert(room != NULL && event != NULL);
    if (sink.write == NULL || level < sink.least) return;
    const uint64_t now_ms = sink.now_ms(sink.context);
    Repeat told[REPEAT_KINDS];
    size_t told_count = 0;
    const bool is_written = count_repeat(now_ms, level, room, event, told, &told_count);
    tell_held_back(now_ms, told, told_count);
    if (!is_written) return;

    Line line = {.size = 0};
    line_open(&line, now_ms, level, room, event);
    for (const LogScope *scope = innermost; scope != NULL; scope = scope->outer)
        line_add_field(&line, &scope->field);
    for (size_t i = 0; i < field_count; i++)
        line_add_field(&line, &fields[i]);
    line_close(&line);
}

void log_failure(LogLevel level, const char *room, const char *event, const Err *err)
{
    assert(err != NULL);
    const LogField fields[] = {
        log_word("err", err_name(err->code)),
        log_word("at", err->file == NULL ? "unknown" : err->file),
        log_int("line", err->line),
    };
    log_write(level, room, event, fields, sizeof fields / sizeof fields[0]);
}

void log_scope_begin(LogScope *scope)
{
    assert(scope != NULL && scope->field.name != NULL);
    scope->outer = innermost;
    innermost = scope;
}

void log_scope_end(LogScope *scope)
{
    assert(scope == innermost); /* scopes end in reverse */
    innermost = scope->outer;
}
