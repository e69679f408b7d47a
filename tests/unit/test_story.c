/* What we promise about the demo's story: whatever day it is told on, all is told in the order of
 * its days, nothing is spoken of before it is there, and nothing is held ahead of time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/story.h"
#include "support/stores.h"

/* demo/story.json, embedded when the program is linked. */
extern const char asset_story[];
extern const char asset_story_end[];

static Day d(const char *text)
{
    Err err;
    Day day = 0;
    must(day_parse(text_from_z(text), &day, &err), &err);
    return day;
}

typedef struct Plan {
    Arena arena;
    Doc doc;
    Tellings tellings;
} Plan;

static void plan_open(Plan *plan, Bytes text, Day today)
{
    Err err;
    *plan = (Plan){0};
    arena_init(&plan->arena, (size_t)8 << 20);
    must(doc_parse(&plan->doc, text, &err), &err);
    must(story_schedule(plan->doc.root, today, &plan->arena, &plan->tellings, &err), &err);
}

static void plan_close(Plan *plan)
{
    doc_done(&plan->doc);
    arena_done(&plan->arena);
}

static void a_word_is_a_day(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        const char *day; /* NULL: it is none */
    } cases[] = {
        {"day", "2026-10-15"},      {"day-15", "2026-09-30"},  {"day+17", "2026-11-01"},
        {"first-15", "2026-09-01"}, {"last-15", "2026-09-30"}, {"week", NULL},
        {"week-4", "2026-10-05"},   {"week-3", "2026-10-12"},  {"today", NULL},
        {"day-soon", NULL},         {"daylight", NULL},        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Day day = 0;
        const bool is_day = story_day(text_from_z(cases[i].word), d("2026-10-15"), &day);
        if (is_day != (cases[i].day != NULL)) fail_msg("%s", cases[i].word);
        if (is_day) assert_int_equal(day, d(cases[i].day));
    }
}

static void what_is_held_again_is_held_on_its_days(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
        const char *first;
    } cases[] = {
        /* Thursday, 15 October 2026: ten workdays before it. */
        {"[{\"hold\":{},\"from\":\"day-14\",\"until\":\"day\"}]", 10, "2026-10-01"},
        {"[{\"hold\":{},\"from\":\"day-14\",\"until\":\"day\",\"but\":[\"day-14\",\"day-4\"]}]", 9,
         "2026-10-02"},
        {"[{\"hold\":{},\"from\":\"day-14\",\"until\":\"day+1\",\"weekday\":3}]", 3, "2026-10-01"},
        {"[{\"hold\":{},\"from\":\"day-60\",\"until\":\"first-0\",\"weekday\":4,\"nth\":2}]", 1,
         "2026-09-11"},
        {"[{\"hold\":{},\"from\":\"day\",\"until\":\"day\"}]", 0, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Plan plan;
        plan_open(&plan, bytes_of(text_from_z(cases[i].text)), d("2026-10-15"));
        assert_int_equal(plan.tellings.count, cases[i].count);
        if (cases[i].count > 0) {
            assert_int_equal(plan.tellings.items[0].day, d(cases[i].first));
            assert_true(plan.tellings.items[0].is_repeated);
        }
        plan_close(&plan);
    }
}

/* Whether a thing of that name was told before this telling. */
static bool is_told(const Plan *plan, size_t at, Text name)
{
    for (size_t i = 0; i < at; i++) {
        const DocValue *as = doc_get(plan->tellings.items[i].item, "as");
        if (doc_type(as) == DOC_TEXT && text_equal(doc_text(as), name)) return true;
    }
    return false;
}

static void check_names(const Plan *plan, size_t at, const DocValue *value)
{
    void *cursor = NULL;
    Text key;
    const DocValue *member;
    switch (doc_type(value)) {
    case DOC_TEXT: {
        const Text word = doc_text(value);
        size_t from = 0;
        while (from < word.size && word.at[from] != '@')
            from++;
        if (from == word.size) return;
        const Text name = {word.at + from + 1, word.size - from - 1};
        if (!is_told(plan, at, name)) fail_msg("@%.*s is not there yet", TEXT_ARG(name));
        return;
    }
    case DOC_ARRAY:
        for (size_t i = 0; i < doc_count(value); i++)
            check_names(plan, at, doc_at(value, i));
        return;
    case DOC_OBJECT:
        while (doc_next(value, &cursor, &key, &member))
            check_names(plan, at, member);
        return;
    default: return;
    }
}

/* On each day of more than a year: months begin, end and have Fridays wherever they like. */
static void the_story_can_be_told_on_any_day(void **state)
{
    (void)state;
    /* cppcheck-suppress comparePointers ; the linker puts both around the same bytes */
    const Bytes text = {(const uint8_t *)asset_story, (size_t)(asset_story_end - asset_story)};
    for (Day today = d("2026-01-01"); today < d("2027-02-01"); today += 3) {
        Plan plan;
        plan_open(&plan, text, today);
        for (size_t i = 0; i < plan.tellings.count; i++) {
            const Telling *telling = &plan.tellings.items[i];
            assert_true(telling->day <= today);
            assert_true(telling->day >= today - 80);
            if (i > 0) assert_true(telling->day >= plan.tellings.items[i - 1].day);
            check_names(&plan, i, telling->item);
        }
        assert_true(plan.tellings.count > 300);
        plan_close(&plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_a_day),
        cmocka_unit_test(what_is_held_again_is_held_on_its_days),
        cmocka_unit_test(the_story_can_be_told_on_any_day),
    };
    return cmocka_run_group_tests_name("story", tests, NULL, NULL);
}
