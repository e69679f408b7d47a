#include "people/reason.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static_assert(REASON_SETS_END_ <= 64, "the first block of reason.def fits a set");

static const ReasonInfo infos[] = {
    [REASON_NONE] = {"none", REASON_LEVEL_FACT, "", ""},
#define REASON(NAME, name, LEVEL, en, zh) \
    [REASON_##NAME] = {(name), REASON_LEVEL_##LEVEL, (en), (zh)},
#include "people/reason.def"
};

static const Term states[] = {
#define COVERAGE(NAME, name, en, zh) [COVERAGE_##NAME] = {(name), (en), (zh)},
#include "people/reason.def"
};

static const Term ways[] = {
#define WAY(NAME, name, en, zh) [WAY_##NAME] = {(name), (en), (zh)},
#include "people/reason.def"
};

const ReasonInfo *reason_info(ReasonCode code)
{
    assert(code < REASON_COUNT);
    return &infos[code];
}

const char *reason_level_name(ReasonLevel level)
{
    static const char *const names[] = {
        [REASON_LEVEL_FACT] = "fact",     [REASON_LEVEL_GAP] = "gap",
        [REASON_LEVEL_ADVICE] = "advice", [REASON_LEVEL_WARNING] = "warning",
        [REASON_LEVEL_ERROR] = "error",
    };
    assert(level <= REASON_LEVEL_ERROR);
    return names[level];
}

const Term *coverage_term(CoverageState state)
{
    assert(state < COVERAGE_STATE_COUNT);
    return &states[state];
}

const Term *way_term(GapWay way)
{
    assert(way < WAY_COUNT);
    return &ways[way];
}

static void write_day(Day day, Language language, Buf *buf)
{
    char text[DAY_TEXT_MAX];
    if (day == DAY_OPEN)
        buf_add_z(buf, language == LANGUAGE_ZH ? "今" : "open end");
    else
        buf_add_z(buf, day_write(day, text));
}

/* "2026-03-01 to 2026-05-31", or from when on, be that past or to come. */
static void write_days(DayRange days, Language language, Buf *buf)
{
    char text[DAY_TEXT_MAX];
    const bool is_zh = language == LANGUAGE_ZH;
    if (days.last == DAY_OPEN) {
        buf_format(buf, is_zh ? "%s起" : "from %s on", day_write(days.first, text));
        return;
    }
    write_day(days.first, language, buf);
    buf_add_z(buf, is_zh ? "至" : " to ");
    write_day(days.last, language, buf);
}

static void write_km(int64_t metres, Buf *buf)
{
    const int64_t tenths = (metres + 50) / 100;
    buf_format(buf, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10);
}

static void write_filled(const Reason *reason, Text word, Language language, Text name, Buf *buf)
{
    if (text_is(word, "name")) buf_add_text(buf, name);
    if (text_is(word, "have")) buf_format(buf, "%" PRId64, reason->have);
    if (text_is(word, "need")) buf_format(buf, "%" PRId64, reason->need);
    if (text_is(word, "km")) write_km(reason->have, buf);
    if (text_is(word, "from")) write_day(reason->days.first, language, buf);
    if (text_is(word, "to")) write_day(reason->days.last, language, buf);
    if (text_is(word, "days")) write_days(reason->days, language, buf);
    if (text_is(word, "s") && reason->have != 1) buf_add_byte(buf, 's');
}

void reason_write(const Reason *reason, Language language, Text name, Buf *buf)
{
    assert(reason != NULL);
    assert(buf != NULL);
    const ReasonInfo *info = reason_info(reason->code);
    Text rest = text_from_z(language == LANGUAGE_ZH ? info->zh : info->en);
    while (rest.size > 0) {
        buf_add_text(buf, text_split(&rest, '{'));
        if (rest.size == 0) return;
        write_filled(reason, text_split(&rest, '}'), language, name, buf);
    }
}

void reasons_init(ReasonList *list, Arena *arena)
{
    assert(list != NULL);
    assert(arena != NULL);
    *list = (ReasonList){.arena = arena};
}

void reasons_add(ReasonList *list, Reason reason)
{
    assert(list != NULL);
    assert(reason.code > REASON_NONE && reason.code < REASON_COUNT);
    if (list->is_over) return;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
        Reason *items = arena_array(list->arena, Reason, capacity);
        if (items == NULL) {
            list->is_over = true;
            return;
        }
        if (list->count > 0) memcpy(items, list->items, list->count * sizeof *items);
        list->items = items; /* the old ones go with the arena */
        list->capacity = capacity;
    }
    list->items[list->count++] = reason;
}

ErrCode reasons_check(const ReasonList *list, Err *err)
{
    assert(list != NULL);
    if (!list->is_over) return OK;
    return err_set(err, ERR_LIMIT, "more than %zu reasons are too many here", list->count);
}

const Reason *reasons_find(const ReasonList *list, ReasonCode code)
{
    assert(list != NULL);
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].code == code) return &list->items[i];
    return NULL;
}

bool reason_set_next(ReasonSet set, ReasonCode *code)
{
    assert(code != NULL);
    for (unsigned i = (unsigned)*code + 1; i < REASON_SETS_END_; i++) {
        if ((set >> i & 1U) == 0) continue;
        *code = (ReasonCode)i;
        return true;
    }
    return false;
}
