/* What we promise about a thing that several nodes wrote about: the result does not depend on the
 * order in which entries come, and a value that nobody replaced is shown or listed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/fold.h"
#include "support/prop.h"
#include "support/stores.h"

#define ENTRIES_MAX 24
#define NOBODY      0

typedef struct Story {
    Arena arena;
    FoldEntry entries[ENTRIES_MAX];
    size_t count;
    Id thing;
    Folded result;
} Story;

static void story_open(Story *story)
{
    memset(story, 0, sizeof *story);
    arena_init(&story->arena, (size_t)16 << 20);
}

/* Node `node` writes at `stamp`, knowing the entry at `base` (by its place, from 1). */
static FoldEntry *write_entry(Story *story, EntryVerb verb, unsigned node, uint64_t stamp,
                              size_t base)
{
    FoldEntry *item = &story->entries[story->count++];
    const KindInfo *kind = vocab_kind(KIND_UNIT);
    entry_init(&item->entry, kind, verb, stamp);
    item->stream = (StreamName){.node_short = node, .scope = {{1}}};
    item->seq = stamp;
    item->arrival = (int64_t)story->count;
    item->entry.id = id_make(stamp, node, 0);
    if (story->count == 1) story->thing = item->entry.id;
    item->entry.subject = story->thing;
    if (base != NOBODY) item->entry.base = story->entries[base - 1].entry.id;
    return item;
}

static void name_it(Story *story, unsigned node, uint64_t stamp, size_t base, const char *name)
{
    FoldEntry *item =
        write_entry(story, story->count == 0 ? VERB_CREATE : VERB_CHANGE, node, stamp, base);
    record_set_text(&item->entry.record, UNIT_NAME, text_from_z(name));
}

/* Folds a copy, so that places stay what they were. */
static const Folded *tell(Story *story)
{
    static FoldEntry copy[ENTRIES_MAX];
    Err err;
    memcpy(copy, story->entries, sizeof copy);
    must(fold(copy, story->count, &story->arena, &story->result, &err), &err);
    return &story->result;
}

static bool shows(const Folded *result, const char *name)
{
    return result->kind != NULL && text_is(record_text(&result->record, UNIT_NAME), name);
}

static void who_knew_the_other_value_replaces_it_whatever_the_clocks_say(void **state)
{
    (void)state;
    Story story;
    story_open(&story);
    name_it(&story, 1, 100, NOBODY, "一");
    name_it(&story, 2, 900000, 1, "二");
    name_it(&story, 1, 101, 2, "三"); /* its clock did not follow */
    assert_true(shows(tell(&story), "三"));
    assert_int_equal(story.result.rival_count, 0);
    arena_done(&story.arena);
}

static void of_two_who_did_not_know_the_later_shows_and_the_other_is_listed(void **state)
{
    (void)state;
    Story story;
    story_open(&story);
    name_it(&story, 1, 100, NOBODY, "一");
    name_it(&story, 2, 200, 1, "二");
    name_it(&story, 1, 201, 1, "三");
    assert_true(shows(tell(&story), "三"));
    assert_int_equal(story.result.rival_count, 1);
    assert_int_equal(story.result.rivals[0].field, UNIT_NAME);
    assert_int_equal(story.result.rivals[0].entry->entry.stamp, 200);

    story.entries[2].entry.stamp = 200; /* the same moment: the greater node */
    story.entries[2].entry.id = id_make(200, 1, 0);
    assert_true(shows(tell(&story), "二"));
    assert_int_equal(story.result.rival_count, 1);

    record_set_text(&story.entries[2].entry.record, UNIT_NAME, TEXT("二")); /* they agree */
    assert_true(shows(tell(&story), "二"));
    assert_int_equal(story.result.rival_count, 0);
    arena_done(&story.arena);
}

static void a_base_that_is_not_here_hides_nothing(void **state)
{
    (void)state;
    Story story;
    story_open(&story);
    name_it(&story, 1, 100, NOBODY, "一");
    name_it(&story, 1, 120, 1, "一改");
    name_it(&story, 2, 200, 2, "二");
    name_it(&story, 3, 150, 2, "不在");
    story.entries[2].entry.base = story.entries[3].entry.id;
    assert_true(shows(tell(&story), "二"));
    assert_int_equal(story.result.rival_count, 0);
    story.count = 3; /* the one between has not come */
    assert_true(shows(tell(&story), "二"));
    assert_int_equal(story.result.rival_count, 1); /* as far as is known here */
    arena_done(&story.arena);
}

static void bases_that_lead_in_a_circle_still_show_one_value(void **state)
{
    (void)state;
    Story story;
    story_open(&story);
    name_it(&story, 1, 100, NOBODY, "一");
    name_it(&story, 2, 200, 1, "二");
    name_it(&story, 3, 300, 2, "三");
    story.entries[1].entry.base = story.entries[2].entry.id;
    assert_true(shows(tell(&story), "三"));
    assert_int_equal(story.result.rival_count, 0);
    arena_done(&story.arena);
}

static void a_thing_is_shown_when_it_is_made_and_whole(void **state)
{
    (void)state;
    Story story;
    story_open(&story);
    name_it(&story, 1, 100, NOBODY, "一");
    name_it(&story, 2, 200, 1, "二");
    story.entries[0].entry.verb = VERB_CHANGE;
    assert_null(tell(&story)->kind);
    story.entries[0].entry.verb = VERB_CREATE;
    record_clear(&story.entries[1].entry.record, UNIT_NAME);
    assert_null(tell(&story)->kind); /* a unit has a name */
    story.entries[1].entry.kind_info = vocab_kind(KIND_PERSON);
    assert_true(shows(tell(&story), "一")); /* says nothing about a unit */
    arena_done(&story.arena);
}

static void one_void_is_enough(void **state)
{
    (void)state;
    Story story;
    story_open(&story);
    name_it(&story, 1, 100, NOBODY, "一");
    write_entry(&story, VERB_VOID, 2, 200, 1);
    name_it(&story, 1, 300, 1, "三");
    assert_true(tell(&story)->is_void);
    assert_true(shows(&story.result, "三"));
    assert_int_equal(story.result.stamp, 300);
    arena_done(&story.arena);
}

static void shuffle(FoldEntry *entries, size_t count, Prng *prng)
{
    for (size_t i = count; i > 1; i--) {
        const size_t other = (size_t)prng_below(prng, i);
        const FoldEntry kept = entries[i - 1];
        entries[i - 1] = entries[other];
        entries[other] = kept;
    }
}

static void any_order_comes_to_the_same(Prng *prng)
{
    static const char *const names[] = {"甲", "乙", "丙"};
    static FoldEntry copy[ENTRIES_MAX];
    Err err;
    Story story;
    Folded again;
    story_open(&story);
    name_it(&story, 1, 100, NOBODY, "一");
    while (story.count < 2 + prng_below(prng, ENTRIES_MAX - 2)) {
        const size_t base = 1 + (size_t)prng_below(prng, story.count);
        name_it(&story, 1 + (unsigned)prng_below(prng, 4), 101 + 7 * story.count, base,
                names[prng_below(prng, 3)]);
    }
    tell(&story);
    memcpy(copy, story.entries, sizeof copy);
    shuffle(copy, story.count, prng);
    must(fold(copy, story.count, &story.arena, &again, &err), &err);
    assert_true(text_equal(record_text(&again.record, UNIT_NAME),
                           record_text(&story.result.record, UNIT_NAME)));
    assert_int_equal(again.rival_count, story.result.rival_count);
    arena_done(&story.arena);
}

static void the_order_of_arrival_does_not_show(void **state)
{
    (void)state;
    prop_run("fold", 2000, any_order_comes_to_the_same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_knew_the_other_value_replaces_it_whatever_the_clocks_say),
        cmocka_unit_test(of_two_who_did_not_know_the_later_shows_and_the_other_is_listed),
        cmocka_unit_test(a_base_that_is_not_here_hides_nothing),
        cmocka_unit_test(bases_that_lead_in_a_circle_still_show_one_value),
        cmocka_unit_test(a_thing_is_shown_when_it_is_made_and_whole),
        cmocka_unit_test(one_void_is_enough),
        cmocka_unit_test(the_order_of_arrival_does_not_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
