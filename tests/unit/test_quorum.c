/* What we promise about meetings that decide: who counts as expected, how many must be there, and
 * how many must agree, line by line of the rules, and exactly at each limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "duties/matter.h"
#include "duties/quorum.h"
#include "support/prop.h"
#include "support/stores.h"

#define PACK_BYTES ((size_t)256 * 1024)
#define ROLL_MAX   64

static Day d(const char *text)
{
    Err err;
    Day day = 0;
    must(day_parse(text_from_z(text), &day, &err), &err);
    return day;
}

/* The pack we ship, with one line put in where a case wants it otherwise. */
static const Pack *shipped(const char *rule, const char *line, Arena *arena)
{
    Err err;
    const Pack *pack = NULL;
    AUTO(buf_done) Buf text = {0};
    char head[80];
    char row[400];
    buf_init(&text, PACK_BYTES);
    snprintf(head, sizeof head, "[rule %s]", rule);
    FILE *file = fopen("packs/cn-power-site.rules", "rb");
    assert_non_null(file);
    bool is_inside = false;
    while (fgets(row, sizeof row, file) != NULL) {
        if (row[0] == '[') is_inside = strncmp(row, head, strlen(head)) == 0;
        const char *end = strchr(line, '=');
        if (is_inside && end != NULL && strncmp(row, line, (size_t)(end - line)) == 0)
            buf_format(&text, "%s\n", line);
        else
            buf_add_z(&text, row);
    }
    fclose(file);
    must(pack_parse(buf_as_bytes(&text), arena, &pack, &err), &err);
    return pack;
}

/* Formal and probationary members, those of the formal ones who came, and those who are away. */
typedef struct Roll {
    RollLine lines[ROLL_MAX];
    QuorumFacts facts;
} Roll;

static void roll_make(Roll *roll, const Pack *pack, int meeting, int formal, int there)
{
    memset(roll, 0, sizeof *roll);
    assert_true(formal <= ROLL_MAX && there <= formal);
    for (int i = 0; i < formal; i++)
        roll->lines[i] =
            (RollLine){.person = i + 1,
                       .is_formal = true,
                       .status = i < there ? ATTENDANCE_IS_PRESENT : ATTENDANCE_IS_ABSENT,
                       .away_from = DAY_OPEN};
    roll->facts = (QuorumFacts){.pack = pack,
                                .group_kind = GROUP_KIND_IS_PARTY,
                                .form = FORM_IS_BRANCH,
                                .meeting = meeting,
                                .day = d("2026-10-20"),
                                .lines = roll->lines,
                                .line_count = (size_t)formal};
}

/* ---- How many must be there ---- */

typedef struct Attended {
    int meeting;
    int matter;
    int expected;
    int there;
    bool is_reached;
} Attended;

/* The rules of the table: half or more; of an election four fifths or more; of an admission more
 * than half. Just below, exactly at, and just above each. */
static const Attended attended[] = {
    {MEETING_IS_BRANCH, 0, 10, 4, false},
    {MEETING_IS_BRANCH, 0, 10, 5, true}, /* exactly half */
    {MEETING_IS_BRANCH, 0, 10, 6, true},
    {MEETING_IS_BRANCH, 0, 11, 5, false},
    {MEETING_IS_BRANCH, 0, 11, 6, true},
    {MEETING_IS_BRANCH, 0, 1, 0, false},
    {MEETING_IS_BRANCH, 0, 1, 1, true},
    {MEETING_IS_COMMITTEE, 0, 5, 2, false},
    {MEETING_IS_COMMITTEE, 0, 5, 3, true},
    {MEETING_IS_COMMITTEE, 0, 4, 2, true}, /* exactly half */
    {MEETING_IS_BRANCH, MATTER_IS_ELECTION, 10, 7, false},
    {MEETING_IS_BRANCH, MATTER_IS_ELECTION, 10, 8, true}, /* exactly four fifths */
    {MEETING_IS_BRANCH, MATTER_IS_ELECTION, 11, 8, false},
    {MEETING_IS_BRANCH, MATTER_IS_ELECTION, 11, 9, true},
    {MEETING_IS_BRANCH, MATTER_IS_ELECTION, 5, 4, true}, /* exactly four fifths */
    {MEETING_IS_BRANCH, MATTER_IS_ELECTION, 3, 2, false},
    {MEETING_IS_BRANCH, MATTER_IS_ELECTION, 3, 3, true},
    {MEETING_IS_THEME_DAY, MATTER_IS_ELECTION, 10, 7, false}, /* whatever the meeting */
    {MEETING_IS_BRANCH, MATTER_IS_ADMISSION, 10, 5, false},   /* exactly half is not enough */
    {MEETING_IS_BRANCH, MATTER_IS_ADMISSION, 10, 6, true},
    {MEETING_IS_BRANCH, MATTER_IS_ADMISSION, 11, 6, true},
    {MEETING_IS_BRANCH, MATTER_IS_WORK, 10, 5, true},
};

static void so_many_must_be_there(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)8 << 20);
    const Pack *pack = shipped("", "", &arena);
    for (size_t i = 0; i < sizeof attended / sizeof attended[0]; i++) {
        const Attended *c = &attended[i];
        Roll roll;
        ReasonList why;
        reasons_init(&why, &arena);
        roll_make(&roll, pack, c->meeting, c->expected, c->there);
        const Verdict verdict = quorum_judge(&roll.facts, c->matter, &why);
        if (verdict.is_reached != c->is_reached)
            fail_msg("case %zu: %d of %d, needed %d", i, c->there, c->expected, verdict.needed);
        const ReasonCode code = c->is_reached ? REASON_QUORUM_REACHED : REASON_QUORUM_MISSED;
        assert_non_null(reasons_find(&why, code));
        assert_int_not_equal(reasons_find(&why, code)->rule, RULE_NONE);
        assert_int_equal(reasons_find(&why, code)->have, c->there);
    }
}

static void sources_differ_exactly_at_one_half(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Roll roll;
    ReasonList why;
    arena_init(&arena, (size_t)8 << 20);
    const Pack *pack = shipped("branch-quorum", "present_more = yes", &arena);
    reasons_init(&why, &arena);
    roll_make(&roll, pack, MEETING_IS_BRANCH, 10, 5);
    assert_false(quorum_judge(&roll.facts, 0, &why).is_reached);
    roll_make(&roll, pack, MEETING_IS_BRANCH, 10, 6);
    assert_true(quorum_judge(&roll.facts, 0, &why).is_reached);
}

static void a_party_group_and_other_groups_have_no_quorum(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Roll roll;
    ReasonList why;
    arena_init(&arena, (size_t)8 << 20);
    const Pack *pack = shipped("", "", &arena);
    const Vote vote = {.matter = MATTER_IS_WORK, .in_favour = 3};
    reasons_init(&why, &arena);
    roll_make(&roll, pack, MEETING_IS_PARTY_GROUP, 3, 3);
    roll.facts.form = FORM_IS_GROUP;
    assert_int_equal(vote_judge(&roll.facts, &vote, &why), VOTE_NOT_JUDGED);
    assert_non_null(reasons_find(&why, REASON_NO_QUORUM_RULE));
    assert_non_null(reasons_find(&why, REASON_OPINION_ONLY)); /* it goes to the branch */
    const Vote admission = {.matter = MATTER_IS_ADMISSION, .in_favour = 3};
    assert_int_equal(vote_judge(&roll.facts, &admission, &why), VOTE_NOT_JUDGED);
    reasons_init(&why, &arena);
    roll.facts.group_kind = GROUP_KIND_IS_UNION;
    roll.facts.meeting = MEETING_IS_UNION_GROUP;
    assert_int_equal(vote_judge(&roll.facts, &vote, &why), VOTE_NOT_JUDGED);
    assert_null(reasons_find(&why, REASON_OPINION_ONLY));
}

/* ---- Who is expected, and who votes ---- */

static void probationary_members_are_expected_and_do_not_vote(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Roll roll;
    ReasonList why;
    arena_init(&arena, (size_t)8 << 20);
    reasons_init(&why, &arena);
    roll_make(&roll, shipped("", "", &arena), MEETING_IS_BRANCH, 6, 6);
    roll.lines[0].is_formal = roll.lines[1].is_formal = false;
    roll.lines[2].status = roll.lines[3].status = ATTENDANCE_IS_LEAVE;
    const Tally tally = quorum_tally(&roll.facts, 0);
    assert_int_equal(tally.expected, 6);
    assert_int_equal(tally.there, 4);
    assert_int_equal(tally.on_leave, 2);
    assert_int_equal(tally.voting, 4);
    assert_int_equal(tally.voting_there, 2);
    assert_true(quorum_judge(&roll.facts, 0, &why).is_reached); /* 2 of 4 */
    roll.lines[4].status = ATTENDANCE_IS_ABSENT;                /* 1 of 4, with 2 probationary */
    assert_false(quorum_judge(&roll.facts, 0, &why).is_reached);
}

static void online_counts_and_an_observer_does_not(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Roll roll;
    arena_init(&arena, (size_t)8 << 20);
    roll_make(&roll, shipped("", "", &arena), MEETING_IS_BRANCH, 4, 2);
    roll.lines[0].status = ATTENDANCE_IS_ONLINE;
    roll.lines[3].status = ATTENDANCE_IS_OBSERVER;
    const Tally tally = quorum_tally(&roll.facts, 0);
    assert_int_equal(tally.expected, 3);
    assert_int_equal(tally.there, 2);
    assert_int_equal(tally.online, 1);
    assert_int_equal(tally.absent, 1);
}

typedef struct Away {
    int excluded;
    const char *away_from; /* NULL: not known */
    bool is_approved;
    int matter;
    int expected; /* of ten, the one who is away taken out or not */
} Away;

/* The meeting is on 20 October 2026: half a year before is 20 April. */
static const Away away[] = {
    {EXCLUSION_IS_AWAY, "2026-04-19", true, MATTER_IS_ELECTION, 9},
    {EXCLUSION_IS_AWAY, "2026-04-20", true, MATTER_IS_ELECTION, 9}, /* exactly six months */
    {EXCLUSION_IS_AWAY, "2026-04-21", true, MATTER_IS_ELECTION, 10},
    {EXCLUSION_IS_AWAY, "2026-04-20", false, MATTER_IS_ELECTION, 10}, /* nobody approved */
    {EXCLUSION_IS_AWAY, NULL, true, MATTER_IS_ELECTION, 10},          /* since when? */
    {EXCLUSION_IS_AWAY, "2026-04-20", true, MATTER_IS_ADMISSION, 9},
    {EXCLUSION_IS_AWAY, "2026-04-20", true, MATTER_IS_WORK, 10}, /* elections and admissions only */
    {EXCLUSION_IS_AWAY, "2026-04-20", true, 0, 10},
    {EXCLUSION_IS_ABROAD, "2026-04-20", true, MATTER_IS_ELECTION, 9},
    {EXCLUSION_IS_ABROAD, "2026-04-21", true, MATTER_IS_ELECTION, 10},
    {EXCLUSION_IS_ILL, NULL, true, MATTER_IS_ELECTION, 9},
    {EXCLUSION_IS_ILL, NULL, false, MATTER_IS_ELECTION, 10},
    {EXCLUSION_IS_SENTENCED, NULL, true, MATTER_IS_ELECTION, 9},
    {EXCLUSION_IS_UNABLE, NULL, true, MATTER_IS_ELECTION, 9},
};

static void who_is_long_away_may_be_left_out_of_the_count(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)8 << 20);
    const Pack *pack = shipped("", "", &arena);
    for (size_t i = 0; i < sizeof away / sizeof away[0]; i++) {
        const Away *c = &away[i];
        Roll roll;
        roll_make(&roll, pack, MEETING_IS_BRANCH, 10, 8);
        roll.lines[9].excluded = c->excluded;
        roll.lines[9].is_approved = c->is_approved;
        roll.lines[9].away_from = c->away_from == NULL ? DAY_OPEN : d(c->away_from);
        const Tally tally = quorum_tally(&roll.facts, c->matter);
        if (tally.expected != c->expected) fail_msg("case %zu: %d expected", i, tally.expected);
        assert_int_equal(tally.expected + tally.not_counted, 10);
    }
}

/* Four fifths of 11 are 9, of 10 are 8: one member who is away makes the difference. */
static void leaving_somebody_out_moves_the_denominator(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Roll roll;
    ReasonList why;
    arena_init(&arena, (size_t)8 << 20);
    reasons_init(&why, &arena);
    roll_make(&roll, shipped("", "", &arena), MEETING_IS_BRANCH, 11, 8);
    assert_false(quorum_judge(&roll.facts, MATTER_IS_ELECTION, &why).is_reached);
    roll.lines[10].excluded = EXCLUSION_IS_AWAY;
    roll.lines[10].is_approved = true;
    roll.lines[10].away_from = d("2026-04-20");
    reasons_init(&why, &arena);
    assert_true(quorum_judge(&roll.facts, MATTER_IS_ELECTION, &why).is_reached);
    assert_int_equal(reasons_find(&why, REASON_NOT_COUNTED)->have, 1);
    assert_int_equal(reasons_find(&why, REASON_NOT_COUNTED)->rule, RULE_NOT_COUNTED);
}

/* ---- Votes ---- */

typedef struct Voted {
    int matter;
    int expected;
    int there;
    int in_favour;
    int written;
    VoteState state;
} Voted;

static const Voted voted[] = {
    {MATTER_IS_RESOLUTION, 10, 8, 5, 0, VOTE_FAILED}, /* exactly half of those expected */
    {MATTER_IS_RESOLUTION, 10, 8, 6, 0, VOTE_PASSED},
    {MATTER_IS_RESOLUTION, 11, 8, 5, 0, VOTE_FAILED},
    {MATTER_IS_RESOLUTION, 11, 8, 6, 0, VOTE_PASSED},
    {MATTER_IS_RESOLUTION, 10, 5, 5, 0, VOTE_FAILED}, /* all who came: not more than half of all */
    {MATTER_IS_RESOLUTION, 10, 6, 6, 0, VOTE_PASSED},
    {MATTER_IS_RESOLUTION, 10, 4, 4, 0, VOTE_FAILED}, /* too few there */
    {MATTER_IS_RESOLUTION, 10, 6, 5, 1, VOTE_FAILED}, /* opinions by letter count in admissions */
    {MATTER_IS_ADMISSION, 10, 6, 5, 1, VOTE_PASSED},
    {MATTER_IS_ADMISSION, 10, 6, 5, 0, VOTE_FAILED},
    {MATTER_IS_ADMISSION, 10, 5, 5, 5, VOTE_FAILED}, /* half there is not enough to admit */
    {MATTER_IS_ELECTION, 10, 8, 6, 0, VOTE_PASSED},
    {MATTER_IS_ELECTION, 10, 8, 5, 0, VOTE_FAILED},
    {MATTER_IS_ELECTION, 10, 7, 7, 0, VOTE_FAILED}, /* fewer than four fifths there */
};

static void a_vote_passes_with_more_than_half_of_those_expected(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)8 << 20);
    const Pack *pack = shipped("", "", &arena);
    for (size_t i = 0; i < sizeof voted / sizeof voted[0]; i++) {
        const Voted *c = &voted[i];
        Roll roll;
        ReasonList why;
        reasons_init(&why, &arena);
        roll_make(&roll, pack, MEETING_IS_BRANCH, c->expected, c->there);
        const Vote vote = {c->matter, c->in_favour, c->there - c->in_favour, 0, c->written};
        if (vote_judge(&roll.facts, &vote, &why) != c->state) fail_msg("case %zu", i);
        assert_null(reasons_find(&why, REASON_VOTES_TOO_MANY));
    }
}

static void a_pack_may_count_from_those_present(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Roll roll;
    ReasonList why;
    arena_init(&arena, (size_t)8 << 20);
    reasons_init(&why, &arena);
    roll_make(&roll, shipped("election-quorum", "of_expected = no", &arena), MEETING_IS_BRANCH, 10,
              8);
    Vote vote = {.matter = MATTER_IS_ELECTION, .in_favour = 5, .against = 3};
    assert_int_equal(vote_judge(&roll.facts, &vote, &why), VOTE_PASSED); /* 5 of 8 */
    vote.in_favour = 4;
    assert_int_equal(vote_judge(&roll.facts, &vote, &why), VOTE_FAILED);
}

static void more_votes_than_voters_are_odd(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Roll roll;
    ReasonList why;
    arena_init(&arena, (size_t)8 << 20);
    reasons_init(&why, &arena);
    roll_make(&roll, shipped("", "", &arena), MEETING_IS_BRANCH, 10, 6);
    const Vote vote = {.matter = MATTER_IS_RESOLUTION, .in_favour = 6, .abstained = 1};
    (void)vote_judge(&roll.facts, &vote, &why); /* only the reason matters here */
    assert_int_equal(reasons_find(&why, REASON_VOTES_TOO_MANY)->have, 7);
    assert_int_equal(reasons_find(&why, REASON_VOTES_TOO_MANY)->need, 6);
}

static void a_temporary_branch_does_not_admit_or_elect(void **state)
{
    (void)state;
    static const struct {
        int form;
        int matter;
        bool is_odd;
    } forms[] = {
        {FORM_IS_TEMPORARY_BRANCH, MATTER_IS_ADMISSION, true},
        {FORM_IS_TEMPORARY_BRANCH, MATTER_IS_DISCIPLINE, true},
        {FORM_IS_TEMPORARY_BRANCH, MATTER_IS_ELECTION, true},
        {FORM_IS_TEMPORARY_BRANCH, MATTER_IS_DUES, true},
        {FORM_IS_TEMPORARY_BRANCH, MATTER_IS_WORK, false},
        {FORM_IS_BRANCH, MATTER_IS_ADMISSION, false},
        {FORM_IS_JOINT_BRANCH, MATTER_IS_ELECTION, false},
    };
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)8 << 20);
    const Pack *pack = shipped("", "", &arena);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        Roll roll;
        ReasonList why;
        const Vote vote = {.matter = forms[i].matter, .in_favour = 3};
        reasons_init(&why, &arena);
        roll_make(&roll, pack, MEETING_IS_BRANCH, 3, 3);
        roll.facts.form = forms[i].form;
        (void)vote_judge(&roll.facts, &vote, &why); /* only the reason matters here */
        assert_int_equal(reasons_find(&why, REASON_TEMPORARY_MAY_NOT) != NULL, forms[i].is_odd);
    }
}

/* ---- What is kept apart ---- */

static void what_belongs_to_one_kind_of_group(void **state)
{
    (void)state;
    static const struct {
        int matter;
        int kind; /* 0: for all */
        RuleCode rule;
    } matters[] = {
        {MATTER_IS_ADMISSION, GROUP_KIND_IS_PARTY, RULE_APART_PARTY},
        {MATTER_IS_APPRAISAL, GROUP_KIND_IS_PARTY, RULE_APART_PARTY},
        {MATTER_IS_CRITICISM, GROUP_KIND_IS_PARTY, RULE_APART_PARTY},
        {MATTER_IS_DISCIPLINE, GROUP_KIND_IS_PARTY, RULE_APART_PARTY},
        {MATTER_IS_DUES, GROUP_KIND_IS_PARTY, RULE_APART_PARTY},
        {MATTER_IS_ELECTION, GROUP_KIND_IS_PARTY, RULE_APART_PARTY},
        {MATTER_IS_HARDSHIP, GROUP_KIND_IS_UNION, RULE_APART_UNION},
        {MATTER_IS_UNION_DUES, GROUP_KIND_IS_UNION, RULE_APART_UNION},
        {MATTER_IS_PAY, GROUP_KIND_IS_CREW, RULE_APART_CREW},
        {MATTER_IS_ROTA, GROUP_KIND_IS_CREW, RULE_APART_CREW},
        {MATTER_IS_TICKET, GROUP_KIND_IS_CREW, RULE_APART_CREW},
        {MATTER_IS_WORK, 0, RULE_NONE},
        {MATTER_IS_STUDY, 0, RULE_NONE},
        {MATTER_IS_SAFETY, 0, RULE_NONE},
        {MATTER_IS_CARE, 0, RULE_NONE},
        {MATTER_IS_RESOLUTION, 0, RULE_NONE},
    };
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)8 << 20);
    const Pack *pack = shipped("", "", &arena);
    for (size_t i = 0; i < sizeof matters / sizeof matters[0]; i++) {
        int kind = 0;
        const Rule *rule = matter_apart(pack, matters[i].matter, d("2026-10-20"), &kind);
        assert_int_equal(rule == NULL ? RULE_NONE : rule->code, matters[i].rule);
        assert_int_equal(kind, matters[i].kind);
    }
}

/* ---- Laws ---- */

/* One more who comes never loses a quorum, one more in favour never loses a vote, and what passes
 * has more than half of those who are expected and may vote. */
static void more_never_loses(Prng *prng)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    Roll roll;
    ReasonList why;
    arena_init(&arena, (size_t)8 << 20);
    reasons_init(&why, &arena);
    const int formal = 1 + (int)prng_below(prng, 30);
    roll_make(&roll, shipped("", "", &arena), MEETING_IS_BRANCH, formal,
              (int)prng_below(prng, (uint64_t)formal));
    const int matter = (int)prng_below(prng, 17);
    Vote vote = {.matter = matter,
                 .in_favour = (int)prng_below(prng, (uint64_t)formal + 1),
                 .written = (int)prng_below(prng, 3)};
    for (int i = 0; i < formal; i++) {
        roll.lines[i].is_formal = prng_below(prng, 4) > 0;
        roll.lines[i].excluded = prng_below(prng, 8) == 0 ? 1 + (int)prng_below(prng, 5) : 0;
        roll.lines[i].is_approved = prng_below(prng, 2) == 0;
        roll.lines[i].away_from = roll.facts.day - (Day)prng_below(prng, 400);
    }
    const Verdict before = quorum_judge(&roll.facts, matter, &why);
    const VoteState first = vote_judge(&roll.facts, &vote, &why);
    assert_int_equal(before.tally.expected, before.tally.there + before.tally.on_leave +
                                                before.tally.absent + before.tally.silent);
    if (first == VOTE_PASSED)
        assert_true(2 * (vote.in_favour + vote.written) > before.tally.voting);
    if (first == VOTE_PASSED) assert_true(before.is_reached);
    vote.in_favour++;
    if (first == VOTE_PASSED) assert_int_equal(vote_judge(&roll.facts, &vote, &why), VOTE_PASSED);
    vote.in_favour--;
    for (int i = 0; i < formal; i++)
        if (roll.lines[i].status == ATTENDANCE_IS_ABSENT) {
            roll.lines[i].status = ATTENDANCE_IS_PRESENT;
            break;
        }
    if (before.is_reached) assert_true(quorum_judge(&roll.facts, matter, &why).is_reached);
    must(reasons_check(&why, &err), &err);
}

static void property_more(void **state)
{
    (void)state;
    prop_run("one more never loses a meeting", 200, more_never_loses);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_many_must_be_there),
        cmocka_unit_test(sources_differ_exactly_at_one_half),
        cmocka_unit_test(a_party_group_and_other_groups_have_no_quorum),
        cmocka_unit_test(probationary_members_are_expected_and_do_not_vote),
        cmocka_unit_test(online_counts_and_an_observer_does_not),
        cmocka_unit_test(who_is_long_away_may_be_left_out_of_the_count),
        cmocka_unit_test(leaving_somebody_out_moves_the_denominator),
        cmocka_unit_test(a_vote_passes_with_more_than_half_of_those_expected),
        cmocka_unit_test(a_pack_may_count_from_those_present),
        cmocka_unit_test(more_votes_than_voters_are_odd),
        cmocka_unit_test(a_temporary_branch_does_not_admit_or_elect),
        cmocka_unit_test(what_belongs_to_one_kind_of_group),
        cmocka_unit_test(property_more),
    };
    return cmocka_run_group_tests_name("quorum", tests, NULL, NULL);
}
