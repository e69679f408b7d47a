/* What we promise about the board of duties: kept up to date from commit to commit it counts what
 * each group owes as the rules do when they are asked afresh, for any day and period; what was
 * handed out never changes; and all projects together add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "answer/answer.h"
#include "answer/duties.h"
#include "base/doc.h"
#include "support/play.h"
#include "support/prop.h"
#include "support/stores.h"
#include "view/board.h"
#include "view/duty_board.h"

#define PROJECTS  3
#define GROUPS    5
#define MADE_MAX  60
#define STEPS     30
#define FIRST_DAY 20454 /* 2026-01-01; plays are on 2026-05-28 */
#define DAYS      200

typedef struct Made {
    const char *kind;
    Id id;
} Made;

typedef struct Firm {
    Play play;
    Changes *changes;
    Board *board;
    Prng *prng;
    Id unit;
    Id projects[PROJECTS];
    Id groups[GROUPS];
    int kinds[GROUPS];
    Made made[MADE_MAX];
    size_t made_count;
} Firm;

static const char *const kind_names[] = {"", "party", "union", "crew"};

static void publish(Firm *firm) ONLY_ON(writer_role)
{
    ChangeSet set;
    if (engine_take_changes(firm->play.engine, &set)) changes_note(firm->changes, &set);
}

static void firm_open(Firm *firm, Store *store, Prng *prng)
{
    memset(firm, 0, sizeof *firm);
    firm->prng = prng;
    play_open(&firm->play, store, prng_next(prng));
    changes_open(&firm->changes, engine_version(firm->play.engine));
    board_open(&firm->board, firm->play.node.pack, firm->play.node.shard, firm->changes);
    firm->unit = play_add(&firm->play, "unit", "\"name\":\"公司\"");
    for (size_t i = 0; i < PROJECTS; i++)
        firm->projects[i] = play_add(&firm->play, "project",
                                     "\"name\":\"p%zu\",\"unit\":\"%s\",\"from\":\"2026-01-01\"", i,
                                     play_text(firm->unit));
    for (size_t i = 0; i < GROUPS; i++) {
        firm->kinds[i] = 1 + (int)(i % 3);
        firm->groups[i] =
            play_add(&firm->play, "group", "\"name\":\"g%zu\",\"unit\":\"%s\",\"kind\":\"%s\"", i,
                     play_text(firm->unit), kind_names[firm->kinds[i]]);
    }
}

static void firm_close(Firm *firm)
{
    board_close(&firm->board);
    changes_close(&firm->changes);
    play_close(&firm->play);
}

static const char *random_day(Firm *firm)
{
    static char texts[4][DAY_TEXT_MAX];
    static int turn;
    turn = (turn + 1) % 4;
    return day_write(FIRST_DAY + (Day)prng_below(firm->prng, DAYS), texts[turn]);
}

static void remember(Firm *firm, const char *kind, Answer answer)
{
    if (answer.status == ANSWER_DONE && firm->made_count < MADE_MAX)
        firm->made[firm->made_count++] = (Made){kind, answer.ids[0]};
}

static const char *random_meeting(Firm *firm, size_t group)
{
    static const char *const meetings[][3] = {
        {"party_group_meeting", "theme_day", "branch_meeting"},
        {"union_meeting", "union_meeting", "union_meeting"},
        {"pre_shift_talk", "safety_day", "safety_day"},
    };
    return meetings[firm->kinds[group] - 1][prng_below(firm->prng, 3)];
}

/* One or two groups; held, planned or cancelled; now and then to make up for something. */
static void add_activity(Firm *firm)
{
    char makes_up[64] = "";
    const char *const progress[] = {"held", "held", "planned", "cancelled"};
    const size_t one = prng_below(firm->prng, GROUPS);
    const size_t other = prng_below(firm->prng, GROUPS);
    if (prng_below(firm->prng, 3) == 0)
        snprintf(makes_up, sizeof makes_up, ",\"makes_up\":\"%s\"", random_day(firm));
    remember(firm, "activity",
             play_command(&firm->play,
                          "\"do\":\"activity.add\",\"fields\":{\"project\":\"%s\",\"title\":\"t\","
                          "\"day\":\"%s\",\"progress\":\"%s\"},"
                          "\"parts\":[{\"group\":\"%s\",\"meeting\":\"%s\"%s},"
                          "{\"group\":\"%s\",\"meeting\":\"%s\"}]",
                          play_text(firm->projects[prng_below(firm->prng, PROJECTS)]),
                          random_day(firm), progress[prng_below(firm->prng, 4)],
                          play_text(firm->groups[one]), random_meeting(firm, one), makes_up,
                          play_text(firm->groups[other]), random_meeting(firm, other)));
}

static void add_station(Firm *firm)
{
    remember(firm, "station",
             play_command(&firm->play,
                          "\"do\":\"station.add\",\"fields\":{\"group\":\"%s\",\"project\":\"%s\","
                          "\"from\":\"%s\",\"to\":\"%s\"}",
                          play_text(firm->groups[prng_below(firm->prng, GROUPS)]),
                          play_text(firm->projects[prng_below(firm->prng, PROJECTS)]),
                          random_day(firm), random_day(firm)));
}

static void add_waiver(Firm *firm)
{
    const size_t group = prng_below(firm->prng, GROUPS);
    remember(firm, "waiver",
             play_command(&firm->play,
                          "\"do\":\"waiver.add\",\"fields\":{\"group\":\"%s\",\"meeting\":\"%s\","
                          "\"day\":\"%s\",\"reason\":\"停工\"}",
                          play_text(firm->groups[group]), random_meeting(firm, group),
                          random_day(firm)));
}

static void change_something(Firm *firm)
{
    if (firm->made_count == 0) return;
    const Made *made = &firm->made[prng_below(firm->prng, firm->made_count)];
    if (strcmp(made->kind, "activity") == 0 && prng_below(firm->prng, 3) != 0) {
        (void)play_command(&firm->play,
                           "\"do\":\"activity.change\",\"id\":\"%s\",\"fields\":{\"day\":\"%s\","
                           "\"progress\":\"%s\"}",
                           play_text(made->id), random_day(firm),
                           prng_below(firm->prng, 2) == 0 ? "held" : "planned");
        return;
    }
    (void)play_command(&firm->play, "\"do\":\"%s.void\",\"id\":\"%s\",\"reason\":\"录错\"",
                       made->kind, play_text(made->id));
}

static void do_something(Firm *firm)
{
    switch (prng_below(firm->prng, 9)) {
    case 0:
    case 1: add_station(firm); break;
    case 2: add_waiver(firm); break;
    case 3: change_something(firm); break;
    case 4:
        (void)play_command(&firm->play,
                           "\"do\":\"holiday.add\",\"fields\":{\"day\":\"%s\",\"name\":\"假\","
                           "\"off\":%s}",
                           random_day(firm), prng_below(firm->prng, 2) == 0 ? "true" : "false");
        break;
    case 5:
        (void)play_command(&firm->play,
                           "\"do\":\"group.change\",\"id\":\"%s\",\"fields\":{\"form\":\"branch\"}",
                           play_text(firm->groups[0]));
        break;
    default: add_activity(firm);
    }
}

static DutyDayAsk random_ask(Firm *firm)
{
    const Day day = FIRST_DAY + (Day)prng_below(firm->prng, DAYS);
    const Day of = FIRST_DAY + (Day)prng_below(firm->prng, DAYS);
    const PeriodKind kind = prng_below(firm->prng, 3) == 0 ? PERIOD_YEAR : PERIOD_MONTH;
    return (DutyDayAsk){day, duty_period(kind, of), firm->play.node.utc_offset_minutes};
}

/* Counted one by one from what the store says now, and from what each obligation says. */
static DutyCounts count_afresh(Firm *firm, const Group *group, const DutyDayAsk *ask)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    DutyFacts facts;
    Calendar calendar;
    Obligation *owed = NULL;
    size_t count = 0;
    DutyCounts counts = {0};
    arena_init(&arena, (size_t)64 << 20);
    const Source from = {firm->play.store, firm->play.node.shard, &arena};
    must(load_duty_facts(from, ask->utc_offset_minutes, group, &facts, &err), &err);
    must(load_calendar(from, &calendar, &err), &err);
    facts.pack = firm->play.node.pack;
    facts.calendar = &calendar;
    must(duties_of_group(&facts, ask->within, ask->day, &arena, &owed, &count, &err), &err);
    for (size_t i = 0; i < count; i++) {
        counts.states[owed[i].state]++;
        counts.recorded_late += owed[i].is_recorded_late;
        counts.planned += obligation_is_planned(&owed[i]);
        counts.not_conforming +=
            owed[i].state == DUTY_OVERDUE && owed[i].hardness == HARDNESS_GENERALLY;
    }
    return counts;
}

static void compare_day(Firm *firm, const DutyDay *day, const DutyDayAsk *ask)
{
    assert_int_equal(day->sites->group_count, GROUPS);
    for (size_t i = 0; i < day->sites->group_count; i++) {
        const DutyCounts counts = count_afresh(firm, &day->sites->groups[i], ask);
        assert_memory_equal(&counts, &day->counts[i], sizeof counts);
    }
}

static Stores *stores_now;

static void the_board_counts_as_the_rules_do(Prng *prng)
{
    static Firm firm;
    Err err;
    const DutyDay *held = NULL;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    firm_open(&firm, stores_now->writer, prng);
    const DutyDayAsk first = random_ask(&firm);
    DutyCounts *before = arena_array(&arena, DutyCounts, GROUPS);
    for (size_t i = 0; i < 4; i++)
        add_station(&firm);
    publish(&firm);
    DutyBoard *board = board_duties(firm.board);
    must(duty_board_take(board, firm.play.store, &first, &held, &err), &err);
    memcpy(before, held->counts, GROUPS * sizeof before[0]);
    for (size_t i = 0; i < STEPS; i++) {
        do_something(&firm);
        if (prng_below(prng, 3) != 0) publish(&firm); /* or together with the next one */
        if (prng_below(prng, 4) != 0) continue;
        publish(&firm);
        const DutyDay *day = NULL;
        const DutyDayAsk ask = prng_below(prng, 2) == 0 ? first : random_ask(&firm);
        must(duty_board_take(board, firm.play.store, &ask, &day, &err), &err);
        compare_day(&firm, day, &ask);
        duty_board_give(board, &day);
    }
    assert_memory_equal(before, held->counts, GROUPS * sizeof before[0]);
    duty_board_give(board, &held);
    firm_close(&firm);
}

/* Each case needs a store of its own. */
static void one_case(Stores *stores)
{
    static uint64_t seed;
    Prng prng = {++seed};
    stores_now = stores;
    the_board_counts_as_the_rules_do(&prng);
}

static void the_board_is_right_after_any_commits(void **state)
{
    for (int i = 0; i < 8; i++)
        on_each_store(*state, one_case);
}

/* ---- All projects together ---- */

static const DocValue *ask_json(Firm *firm, Arena *arena, const OwedAsk *one, const DutiesAsk *all,
                                Day on, Buf *text, Doc *doc)
{
    Err err;
    Emit emit;
    const View view = {.store = firm->play.store,
                       .board = firm->board,
                       .pack = firm->play.node.pack,
                       .reach = reach_everything(),
                       .shard = firm->play.node.shard,
                       .utc_offset_minutes = firm->play.node.utc_offset_minutes,
                       .on = on,
                       .arena = arena};
    buf_init(text, (size_t)4 << 20);
    emit_init(&emit, text);
    must(one != NULL ? answer_owed(&view, one, &emit, &err)
                     : answer_duties(&view, all, &emit, &err),
         &err);
    must(doc_parse(doc, buf_as_bytes(text), &err), &err);
    return doc->root;
}

static const DocValue *item_of(const DocValue *all, Id project)
{
    const DocValue *items = doc_get(all, "items");
    for (size_t i = 0; i < doc_count(items); i++)
        if (text_is(doc_text(doc_get(doc_get(doc_at(items, i), "project"), "id")),
                    play_text(project)))
            return doc_at(items, i);
    return NULL;
}

static int64_t count_of(const DocValue *item, const char *name)
{
    return item == NULL ? 0 : doc_int(doc_get(doc_get(item, "counts"), name));
}

/* What is told of a project is what its own answer counts, in every state. */
static void adding_up(Stores *stores)
{
    static Firm firm;
    static const char *const names[] = {"owed",    "ahead",         "due",     "done",
                                        "made_up", "waived",        "overdue", "recorded_late",
                                        "planned", "not_conforming"};
    Prng prng = {99};
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf text = {0};
    AUTO(doc_done) Doc doc = {0};
    arena_init(&arena, (size_t)64 << 20);
    firm_open(&firm, stores->writer, &prng);
    for (size_t i = 0; i < 60; i++)
        i < 5 ? add_station(&firm) : do_something(&firm);
    publish(&firm);
    const DutyDayAsk ask = {FIRST_DAY + 150, duty_period(PERIOD_YEAR, FIRST_DAY), 0};
    const DutiesAsk all = {.list = {.page = 1, .size = 200}, .within = ask.within};
    const DocValue *root = ask_json(&firm, &arena, NULL, &all, ask.day, &text, &doc);
    assert_true(count_of(root, "owed") > 0);
    for (size_t i = 0; i < PROJECTS; i++) {
        AUTO(buf_done) Buf one_text = {0};
        AUTO(doc_done) Doc one_doc = {0};
        const OwedAsk one = {.project = firm.projects[i], .within = ask.within};
        const DocValue *owed = ask_json(&firm, &arena, &one, NULL, ask.day, &one_text, &one_doc);
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
            assert_int_equal(count_of(owed, names[k]),
                             count_of(item_of(root, firm.projects[i]), names[k]));
    }
    firm_close(&firm);
}

static void all_projects_together_add_up(void **state)
{
    on_each_store(*state, adding_up);
}

/* One activity of one group: only that group is counted again, whatever else there is. */
static void one_change(Stores *stores)
{
    static Firm firm;
    Err err;
    Prng prng = {5};
    const DutyDay *before = NULL;
    const DutyDay *after = NULL;
    firm_open(&firm, stores->writer, &prng);
    for (size_t i = 0; i < GROUPS; i++)
        play_add(&firm.play, "station",
                 "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
                 play_text(firm.groups[i]), play_text(firm.projects[0]));
    publish(&firm);
    const DutyDayAsk ask = {FIRST_DAY + 120, duty_period(PERIOD_MONTH, FIRST_DAY + 95),
                            firm.play.node.utc_offset_minutes};
    DutyBoard *board = board_duties(firm.board);
    must(duty_board_take(board, stores->writer, &ask, &before, &err), &err);
    play_add(&firm.play, "waiver",
             "\"group\":\"%s\",\"meeting\":\"union_meeting\",\"day\":\"2026-04-01\","
             "\"reason\":\"停工\"",
             play_text(firm.groups[1]));
    publish(&firm);
    must(duty_board_take(board, stores->writer, &ask, &after, &err), &err);
    assert_ptr_equal(before->sites, after->sites); /* was not read again */
    for (size_t i = 0; i < GROUPS; i++) {
        const int waived = after->counts[i].states[DUTY_WAIVED];
        assert_int_equal(waived, i == 1 ? 1 : 0);
        assert_int_equal(before->counts[i].states[DUTY_WAIVED], 0);
    }
    duty_board_give(board, &before);
    duty_board_give(board, &after);
    firm_close(&firm);
}

static void a_change_costs_what_it_touches(void **state)
{
    on_each_store(*state, one_change);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_board_is_right_after_any_commits),
        cmocka_unit_test(all_projects_together_add_up),
        cmocka_unit_test(a_change_costs_what_it_touches),
    };
    return cmocka_run_group_tests_name("duty_board", tests, stores_setup, stores_teardown);
}
