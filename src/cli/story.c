#include "cli/story.h"

#include <stdlib.h>

#include "base/list.h"
#include "duties/duty.h"

/* ---- Days ---- */

/* "first-8": what stands before the number, and the day that it leads to. */
static bool read_offset(Text word, Text prefix, Day today, Day *out_day)
{
    int64_t offset = 0;
    Err none;
    const Text rest = {word.at + prefix.size, word.size - prefix.size};
    if (!text_starts_with(word, prefix) || text_to_int(rest, &offset, &none) != OK) return false;
    *out_day = today + (Day)offset;
    return true;
}

bool story_day(Text word, Day today, Day *out_day)
{
    Day day = 0;
    if (text_is(word, "day"))
        *out_day = today;
    else if (read_offset(word, TEXT("day"), today, &day))
        *out_day = day;
    else if (read_offset(word, TEXT("first"), today, &day))
        *out_day = duty_period(PERIOD_MONTH, day).first;
    else if (read_offset(word, TEXT("last"), today, &day))
        *out_day = duty_period(PERIOD_MONTH, day).last;
    else if (read_offset(word, TEXT("week"), today, &day))
        *out_day = duty_period(PERIOD_WEEK, day).first;
    else
        return false;
    return true;
}

static Day day_at(const DocValue *item, const char *key, Day today, Day otherwise)
{
    const DocValue *word = doc_get(item, key);
    Day day = otherwise;
    if (doc_type(word) == DOC_TEXT) (void)story_day(doc_text(word), today, &day); /* or it stays */
    return day;
}

/* ---- What is held again and again ---- */

static bool is_left_out(const DocValue *item, Day today, Day day)
{
    const DocValue *but = doc_get(item, "but");
    for (size_t i = 0; i < doc_count(but); i++) {
        Day out = 0;
        if (story_day(doc_text(doc_at(but, i)), today, &out) && out == day) return true;
    }
    return false;
}

static bool is_held_on(const DocValue *item, Day today, Day day)
{
    const DocValue *weekday = doc_get(item, "weekday");
    const DocValue *nth = doc_get(item, "nth");
    if (is_left_out(item, today, day)) return false;
    if (doc_type(weekday) != DOC_INT) return day_weekday(day) < 5;
    if (day_weekday(day) != (int)doc_int(weekday)) return false;
    return doc_type(nth) != DOC_INT ||
           (day - duty_period(PERIOD_MONTH, day).first) / 7 + 1 == (Day)doc_int(nth);
}

/* ---- All in order ---- */

static ErrCode add(Tellings *tellings, Telling telling, Arena *arena, Err *err)
{
    tellings->items = list_grow(arena, tellings->items, sizeof tellings->items[0], tellings->count);
    if (tellings->items == NULL) return list_full(tellings->count, err);
    telling.order = tellings->count;
    tellings->items[tellings->count++] = telling;
    return OK;
}

static ErrCode add_held(Tellings *tellings, const DocValue *item, Day today, Arena *arena, Err *err)
{
    const Day until = day_at(item, "until", today, today);
    for (Day day = day_at(item, "from", today, today); day < until; day++)
        if (is_held_on(item, today, day))
            TRY(add(tellings, (Telling){.day = day, .item = item, .is_repeated = true}, arena,
                    err));
    return OK;
}

static int compare_tellings(const void *a, const void *b)
{
    const Telling *left = a;
    const Telling *right = b;
    if (left->day != right->day) return left->day < right->day ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

ErrCode story_schedule(const DocValue *items, Day today, Arena *arena, Tellings *out, Err *err)
{
    Tellings tellings = {0};
    Day day = today;
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        day = day_at(item, "at", today, day);
        if (doc_type(doc_get(item, "hold")) == DOC_OBJECT)
            TRY(add_held(&tellings, item, today, arena, err));
        else
            TRY(add(&tellings, (Telling){.day = day, .item = item}, arena, err));
    }
    if (tellings.count > 0)
        qsort(tellings.items, tellings.count, sizeof tellings.items[0], compare_tellings);
    *out = tellings;
    return OK;
}
