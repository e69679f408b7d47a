/* What we promise about stays: to the day, later start wins, and the same as counting each day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "people/absorb.h"
#include "support/prop.h"

#define WORK_BYTES ((size_t)4 * 1024 * 1024)

enum { DAYS = 60, POSTINGS_MAX = 9, STANDINGS_MAX = 6 };

static Day day(int year, int month, int date)
{
    Err err;
    Day result = 0;
    assert_int_equal(day_from_civil(year, month, date, &result, &err), OK);
    return result;
}

static Stays absorb_all(const PersonFacts *facts, Arena *arena, ReasonList *findings)
{
    Err err;
    Stays stays = {0};
    assert_int_equal(absorb(facts, arena, &stays, findings, &err), OK);
    return stays;
}

static void the_last_day_of_a_posting_belongs_to_it(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    const Posting postings[] = {
        {.key = 1, .project = 10, .days = {day(2026, 3, 1), day(2026, 3, 31)}},
        {.key = 2, .project = 20, .days = {day(2026, 4, 1), DAY_OPEN}},
    };
    const PersonFacts facts = {.postings = postings, .posting_count = 2};
    ReasonList findings;
    reasons_init(&findings, &arena);
    const Stays stays = absorb_all(&facts, &arena, &findings);

    assert_int_equal(stays.count, 2);
    assert_int_equal(stay_on(stays, day(2026, 3, 31))->project, 10);
    assert_int_equal(stay_on(stays, day(2026, 4, 1))->project, 20);
    assert_int_equal(stay_on(stays, day(2100, 1, 1))->project, 20);
    assert_null(stay_on(stays, day(2026, 2, 28)));
    assert_int_equal(findings.count, 0);
}

static void the_later_start_counts_and_the_earlier_resumes_when_it_ends(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    const Posting postings[] = {
        {.key = 1, .person = 7, .project = 10, .days = {day(2026, 1, 1), day(2026, 12, 31)}},
        {.key = 2, .person = 7, .project = 20, .days = {day(2026, 5, 1), day(2026, 5, 31)}},
    };
    const PersonFacts facts = {.person = 7, .postings = postings, .posting_count = 2};
    ReasonList findings;
    reasons_init(&findings, &arena);
    const Stays stays = absorb_all(&facts, &arena, &findings);

    assert_int_equal(stays.count, 3);
    assert_int_equal(stays.items[0].days.last, day(2026, 4, 30));
    assert_int_equal(stays.items[1].project, 20);
    assert_int_equal(stays.items[2].project, 10);
    assert_int_equal(stays.items[2].days.first, day(2026, 6, 1));

    const Reason *overlap = reasons_find(&findings, REASON_POSTINGS_OVERLAP);
    assert_non_null(overlap);
    assert_int_equal(overlap->fact, 2);
    assert_int_equal(overlap->other, 1);
    assert_int_equal(overlap->subject, 7);
    assert_int_equal(overlap->days.first, day(2026, 5, 1));
    assert_int_equal(overlap->days.last, day(2026, 5, 31));
}

static void equal_starts_are_settled_by_the_larger_key(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    const Posting postings[] = {
        {.key = 5, .project = 10, .days = {day(2026, 1, 1), DAY_OPEN}},
        {.key = 4, .project = 20, .days = {day(2026, 1, 1), DAY_OPEN}},
    };
    const PersonFacts facts = {.postings = postings, .posting_count = 2};
    const Stays stays = absorb_all(&facts, &arena, NULL);
    assert_int_equal(stays.count, 1);
    assert_int_equal(stays.items[0].posting, 5);
}

static void a_posting_that_ends_before_it_begins_is_a_finding_and_ignored(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    const Posting postings[] = {
        {.key = 3, .project = 10, .days = {day(2026, 5, 2), day(2026, 5, 1)}},
    };
    const PersonFacts facts = {.postings = postings, .posting_count = 1};
    ReasonList findings;
    reasons_init(&findings, &arena);
    assert_int_equal(absorb_all(&facts, &arena, &findings).count, 0);
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.items[0].code, REASON_POSTING_REVERSED);
    assert_int_equal(findings.items[0].fact, 3);
}

static void a_sign_on_that_nobody_confirmed_moves_nobody(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    const Posting postings[] = {
        {.key = 1, .project = 10, .days = {day(2026, 1, 1), day(2026, 6, 30)}},
        {.key = 2, .project = 20, .days = {day(2026, 5, 1), DAY_OPEN}, .is_pending = true},
    };
    const PersonFacts facts = {.postings = postings, .posting_count = 2};
    const Stays stays = absorb_all(&facts, &arena, NULL);
    assert_int_equal(stay_on(stays, day(2026, 6, 30))->project, 10);
    assert_int_equal(stay_on(stays, day(2026, 7, 1))->project, 20);
    assert_true(stay_on(stays, day(2026, 7, 1))->is_pending);
}

static void a_probationary_member_becomes_formal_in_the_middle_of_a_posting(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    const Posting postings[] = {
        {.key = 1, .project = 10, .days = {day(2026, 1, 1), day(2026, 12, 31)}},
    };
    const Standing standings[] = {
        {1, STANDING_IS_PARTY_PROBATIONARY, {day(2025, 7, 1), day(2026, 6, 30)}},
        {2, STANDING_IS_PARTY_FORMAL, {day(2026, 6, 30), DAY_OPEN}},
        {3, STANDING_IS_UNION_MEMBER, {day(2026, 3, 1), DAY_OPEN}},
    };
    const PersonFacts facts = {
        .postings = postings, .posting_count = 1, .standings = standings, .standing_count = 3};
    ReasonList findings;
    reasons_init(&findings, &arena);
    const Stays stays = absorb_all(&facts, &arena, &findings);
    assert_int_equal(stays.count, 3);
    assert_int_equal(stays.items[0].party, PARTY_PROBATIONARY);
    assert_false(stays.items[0].is_union);
    assert_true(stays.items[1].is_union);
    assert_int_equal(stays.items[2].party, PARTY_FORMAL);
    assert_int_equal(stays.items[2].days.first, day(2026, 6, 30));
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.items[0].code, REASON_STANDINGS_OVERLAP);
}

static void a_full_arena_is_said_and_nothing_is_half_done(void **state)
{
    (void)state;
    const Posting postings[] = {
        {.key = 1, .project = 10, .days = {0, 9}},
        {.key = 2, .project = 20, .days = {5, 20}},
    };
    const PersonFacts facts = {.postings = postings, .posting_count = 2};
    for (size_t limit = 8; limit < 1000; limit += 8) {
        AUTO(arena_done) Arena arena = {0};
        arena_init(&arena, limit);
        Err err;
        Stays stays = {.count = 99};
        if (absorb(&facts, &arena, &stays, NULL, &err) == OK) {
            assert_int_equal(stays.count, 2);
            assert_true(limit > 100); /* so the loop did see refusals */
            return;
        }
        assert_int_equal(err.code, ERR_LIMIT);
        assert_int_equal(stays.count, 99);
    }
    fail_msg("never enough room");
}

/* ---- The oracle: one day at a time, by the words of the rule ---- */

static const Posting *posting_of_day(const PersonFacts *facts, Day at)
{
    const Posting *best = NULL;
    for (size_t i = 0; i < facts->posting_count; i++) {
        const Posting *one = &facts->postings[i];
        if (at < one->days.first || at > one->days.last) continue;
        if (best == NULL || (best->is_pending && !one->is_pending)) {
            best = one;
            continue;
        }
        if (one->is_pending && !best->is_pending) continue;
        if (one->days.first > best->days.first ||
            (one->days.first == best->days.first && one->key > best->key))
            best = one;
    }
    return best;
}

static bool has_standing(const PersonFacts *facts, int standing, Day at)
{
    for (size_t i = 0; i < facts->standing_count; i++)
        if (facts->standings[i].standing == standing && at >= facts->standings[i].days.first &&
            at <= facts->standings[i].days.last)
            return true;
    return false;
}

static DayRange random_days(Prng *prng)
{
    const Day first = (Day)prng_below(prng, DAYS);
    const uint64_t kind = prng_below(prng, 8);
    if (kind == 0) return (DayRange){first, DAY_OPEN};
    if (kind == 1) return (DayRange){first, first - 1 - (Day)prng_below(prng, 3)};
    return (DayRange){first, first + (Day)prng_below(prng, 25)};
}

typedef struct Case {
    Posting postings[POSTINGS_MAX];
    Standing standings[STANDINGS_MAX];
    PersonFacts facts;
} Case;

static void make_case(Prng *prng, Case *made)
{
    made->facts = (PersonFacts){
        .person = 1,
        .postings = made->postings,
        .posting_count = prng_below(prng, POSTINGS_MAX + 1),
        .standings = made->standings,
        .standing_count = prng_below(prng, STANDINGS_MAX + 1),
    };
    for (size_t i = 0; i < made->facts.posting_count; i++)
        made->postings[i] = (Posting){
            .key = (Key)(100 - i),
            .project = (Key)(1 + prng_below(prng, 3)),
            .crew = (Key)prng_below(prng, 3),
            .days = random_days(prng),
            .is_pending = prng_below(prng, 4) == 0,
            .is_core = prng_below(prng, 4) == 0,
        };
    for (size_t i = 0; i < made->facts.standing_count; i++)
        made->standings[i] = (Standing){
            .key = (Key)(i + 1),
            .standing = (int)(STANDING_IS_PARTY_FORMAL + prng_below(prng, 3)),
            .days = random_days(prng),
        };
}

static void check_day(const PersonFacts *facts, Stays stays, Day at)
{
    const Posting *posting = posting_of_day(facts, at);
    const Stay *stay = stay_on(stays, at);
    assert_int_equal(stay != NULL, posting != NULL);
    if (stay == NULL || posting == NULL) return;
    assert_int_equal(stay->posting, posting->key);
    assert_int_equal(stay->project, posting->project);
    assert_int_equal(stay->crew, posting->crew);
    assert_int_equal(stay->is_pending, posting->is_pending);
    assert_int_equal(stay->is_core, posting->is_core);
    const bool is_formal = has_standing(facts, STANDING_IS_PARTY_FORMAL, at);
    const bool is_probationary = has_standing(facts, STANDING_IS_PARTY_PROBATIONARY, at);
    assert_int_equal(stay->party, is_formal         ? PARTY_FORMAL
                                  : is_probationary ? PARTY_PROBATIONARY
                                                    : PARTY_NONE);
    assert_int_equal(stay->is_union, has_standing(facts, STANDING_IS_UNION_MEMBER, at));

    const Standing *cited = party_standing_on(facts->standings, facts->standing_count, at);
    assert_int_equal(cited != NULL, stay->party != PARTY_NONE);
    if (cited != NULL)
        assert_int_equal(cited->standing,
                         is_formal ? STANDING_IS_PARTY_FORMAL : STANDING_IS_PARTY_PROBATIONARY);
}

static bool is_same_but_days(const Stay *a, const Stay *b)
{
    return a->posting == b->posting && a->party == b->party && a->is_union == b->is_union;
}

static size_t overlapped_postings(const PersonFacts *facts)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->posting_count; i++) {
        const Posting *late = &facts->postings[i];
        bool meets = false;
        for (size_t k = 0; k < facts->posting_count; k++) {
            const Posting *early = &facts->postings[k];
            const bool is_before =
                early->days.first < late->days.first ||
                (early->days.first == late->days.first && early->key < late->key);
            meets = meets ||
                    (is_before && early->days.first <= early->days.last &&
                     late->days.first <= late->days.last && late->days.first <= early->days.last);
        }
        count += meets ? 1 : 0;
    }
    return count;
}

static void stays_are_what_counting_each_day_gives(Prng *prng)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Case made;
    make_case(prng, &made);
    ReasonList findings;
    reasons_init(&findings, &arena);
    const Stays stays = absorb_all(&made.facts, &arena, &findings);

    for (Day at = -5; at < 2 * DAYS; at++)
        check_day(&made.facts, stays, at);
    for (size_t i = 0; i < stays.count; i++) {
        assert_true(stays.items[i].days.first <= stays.items[i].days.last);
        if (i == 0) continue;
        const Stay *before = &stays.items[i - 1];
        assert_true(before->days.last < stays.items[i].days.first);
        if (before->days.last + 1 == stays.items[i].days.first)
            assert_false(is_same_but_days(before, &stays.items[i]));
    }
    /* Each posting that begins while an earlier one runs is told once, no other is. */
    size_t told = 0;
    for (size_t i = 0; i < findings.count; i++)
        told += findings.items[i].code == REASON_POSTINGS_OVERLAP ||
                findings.items[i].code == REASON_POSTING_TWICE;
    assert_int_equal(told, overlapped_postings(&made.facts));
}

static void stays_agree_with_the_oracle(void **state)
{
    (void)state;
    prop_run("absorb", 4000, stays_are_what_counting_each_day_gives);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_day_of_a_posting_belongs_to_it),
        cmocka_unit_test(the_later_start_counts_and_the_earlier_resumes_when_it_ends),
        cmocka_unit_test(equal_starts_are_settled_by_the_larger_key),
        cmocka_unit_test(a_posting_that_ends_before_it_begins_is_a_finding_and_ignored),
        cmocka_unit_test(a_sign_on_that_nobody_confirmed_moves_nobody),
        cmocka_unit_test(a_probationary_member_becomes_formal_in_the_middle_of_a_posting),
        cmocka_unit_test(a_full_arena_is_said_and_nothing_is_half_done),
        cmocka_unit_test(stays_agree_with_the_oracle),
    };
    return cmocka_run_group_tests_name("absorb", tests, NULL, NULL);
}
