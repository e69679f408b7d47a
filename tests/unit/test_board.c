/* What we promise about the board: kept up to date from commit to commit it says what a fresh look
 * would say, a day that was handed out never changes, and a course agrees with every day of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "people/coverage_index.h"
#include "store/things.h"
#include "support/play.h"
#include "support/prop.h"
#include "support/scratch.h"
#include "support/stores.h"
#include "view/board.h"

#define UNITS      2
#define PROJECTS   5
#define GROUPS     3
#define PEOPLE     9
#define MADE_MAX   64
#define FIRST_DAY  20454 /* 2026-01-01 */
#define DAYS       200
#define STEPS      40
#define KEPT_MAX   6
#define SHARD      1
#define LOOKED_MAX 3

/* Something that can be changed or voided later. */
typedef struct Made {
    const char *kind;
    Id id;
} Made;

typedef struct Site {
    Play play;
    char path[SCRATCH_PATH_MAX];
    Store *store;
    Changes *changes;
    Board *board;
    Prng *prng;
    Id units[UNITS];
    Id projects[PROJECTS];
    Id groups[GROUPS];
    Id people[PEOPLE];
    Made made[MADE_MAX];
    size_t made_count;
} Site;

static void publish(Site *site) ONLY_ON(writer_role)
{
    ChangeSet set;
    if (engine_take_changes(site->play.engine, &set)) changes_note(site->changes, &set);
}

static const char *random_day(Site *site, int spread)
{
    static char texts[4][DAY_TEXT_MAX];
    static int turn;
    turn = (turn + 1) % 4;
    return day_write(FIRST_DAY + (Day)prng_below(site->prng, (uint64_t)spread), texts[turn]);
}

static const char *random_of(Site *site, const Id *ids, size_t count)
{
    return play_text(ids[prng_below(site->prng, count)]);
}

#define PROJECT(site) random_of(site, (site)->projects, PROJECTS)
#define GROUP(site)   random_of(site, (site)->groups, GROUPS)
#define PERSON(site)  random_of(site, (site)->people, PEOPLE)

/* Ends after its beginning, or never: "" or a last day. */
static const char *random_to(Site *site)
{
    static char text[48];
    char day[DAY_TEXT_MAX];
    const Day to = FIRST_DAY + DAYS / 2 + (Day)prng_below(site->prng, DAYS);
    text[0] = '\0';
    if (prng_below(site->prng, 2) == 0)
        snprintf(text, sizeof text, ",\"to\":\"%s\"", day_write(to, day));
    return text;
}

/* Adds a thing if it makes sense; remembers it. */
static PRINTF_LIKE(3, 4) void add(Site *site, const char *kind, const char *format, ...)
{
    char fields[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(fields, sizeof fields, format, args);
    va_end(args);
    const Answer answer =
        play_command(&site->play, "\"do\":\"%s.add\",\"fields\":{%s}", kind, fields);
    if (answer.status == ANSWER_DONE && site->made_count < MADE_MAX)
        site->made[site->made_count++] = (Made){kind, answer.ids[0]};
}

static void add_posting(Site *site)
{
    const char *const rests[] = {"", ",\"core\":true", ",\"pending\":true"};
    add(site, "posting", "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"%s\"%s%s", PERSON(site),
        PROJECT(site), random_day(site, DAYS / 2), random_to(site),
        rests[prng_below(site->prng, 3)]);
}

static void add_standing(Site *site)
{
    const char *const standings[] = {"party_formal", "party_probationary", "union_member"};
    add(site, "standing", "\"person\":\"%s\",\"standing\":\"%s\",\"from\":\"%s\"%s", PERSON(site),
        standings[prng_below(site->prng, 3)], random_day(site, DAYS / 2), random_to(site));
}

static void add_tie(Site *site)
{
    const char *const posts[] = {"leader", "secretary", "deputy"};
    switch (prng_below(site->prng, 5)) {
    case 0:
        add(site, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"%s\"%s", GROUP(site),
            PROJECT(site), random_day(site, DAYS / 2), random_to(site));
        break;
    case 1:
        add(site, "office", "\"group\":\"%s\",\"person\":\"%s\",\"post\":\"%s\",\"from\":\"%s\"%s",
            GROUP(site), PERSON(site), posts[prng_below(site->prng, 3)], random_day(site, DAYS / 2),
            random_to(site));
        break;
    case 2:
        add(site, "attachment", "\"project\":\"%s\",\"group\":\"%s\",\"from\":\"%s\"%s",
            PROJECT(site), GROUP(site), random_day(site, DAYS / 2), random_to(site));
        break;
    case 3:
        add(site, "liaison", "\"project\":\"%s\",\"person\":\"%s\",\"from\":\"%s\"%s",
            PROJECT(site), PERSON(site), random_day(site, DAYS / 2), random_to(site));
        break;
    default:
        add(site, "exception",
            "\"group\":\"%s\",\"person\":\"%s\",\"effect\":\"%s\",\"reason\":\"借调\","
            "\"from\":\"%s\",\"to\":\"2026-11-30\"",
            GROUP(site), PERSON(site), prng_below(site->prng, 2) == 0 ? "include" : "exclude",
            random_day(site, DAYS / 2));
    }
}

static void change_something(Site *site)
{
    if (site->made_count == 0) return;
    const size_t at = (size_t)prng_below(site->prng, site->made_count);
    const Made made = site->made[at];
    if (prng_below(site->prng, 2) == 0) {
        (void)play_command(&site->play,
                           "\"do\":\"%s.change\",\"id\":\"%s\",\"fields\":{\"from\":\"%s\"}",
                           made.kind, play_text(made.id), random_day(site, DAYS / 2));
        return;
    }
    (void)play_command(&site->play, "\"do\":\"%s.void\",\"id\":\"%s\",\"reason\":\"录错\"",
                       made.kind, play_text(made.id));
    site->made[at] = site->made[--site->made_count];
}

static void change_project(Site *site)
{
    const char *const changes[] = {"\"stage\":\"suspended\"", "\"stage\":\"closed\"",
                                   "\"stage\":\"active\"",    "\"lat\":31.2,\"lon\":121.5",
                                   "\"to\":\"2026-05-05\"",   "\"to\":null"};
    (void)play_command(&site->play, "\"do\":\"project.change\",\"id\":\"%s\",\"fields\":{%s}",
                       PROJECT(site), changes[prng_below(site->prng, 6)]);
}

static void act(Site *site) ONLY_ON(writer_role)
{
    switch (prng_below(site->prng, 10)) {
    case 0:
    case 1:
    case 2:
    case 3: add_posting(site); break;
    case 4: add_standing(site); break;
    case 5:
    case 6: add_tie(site); break;
    case 7: change_project(site); break;
    case 8: change_something(site); break;
    default:
        (void)play_command(&site->play,
                           "\"do\":\"group.move\",\"group\":\"%s\",\"to\":\"%s\",\"on\":\"%s\"",
                           GROUP(site), PROJECT(site), random_day(site, DAYS / 2));
    }
    publish(site);
}

static void fill(Site *site)
{
    for (int i = 0; i < UNITS; i++)
        site->units[i] = play_add(&site->play, "unit", "\"name\":\"公司%d\"", i);
    for (int i = 0; i < PROJECTS; i++)
        site->projects[i] = play_add(&site->play, "project",
                                     "\"name\":\"项目%d\",\"unit\":\"%s\",\"from\":\"2026-01-01\","
                                     "\"lat\":38.%d,\"lon\":117.%d",
                                     i, play_text(site->units[i % UNITS]), i, i);
    for (int i = 0; i < GROUPS; i++)
        site->groups[i] = play_add(
            &site->play, "group", "\"name\":\"小组%d\",\"unit\":\"%s\",\"kind\":\"party\"%s", i,
            play_text(site->units[0]), i == 2 ? ",\"form\":\"joint_branch\"" : "");
    for (int i = 0; i < PEOPLE; i++) {
        site->people[i] = play_add(&site->play, "person", "\"name\":\"人%d\",\"unit\":\"%s\"", i,
                                   play_text(site->units[0]));
        if (i < PEOPLE - 2)
            play_add(&site->play, "standing",
                     "\"person\":\"%s\",\"standing\":\"party_formal\",\"from\":\"2020-01-01\"",
                     play_text(site->people[i]));
    }
    for (int i = 0; i < 3; i++)
        play_add(&site->play, "posting",
                 "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-05\",\"core\":true",
                 play_text(site->people[i]), play_text(site->projects[0]));
    play_add(&site->play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(site->groups[0]), play_text(site->projects[0]));
    play_add(&site->play, "office",
             "\"group\":\"%s\",\"person\":\"%s\",\"post\":\"leader\",\"from\":\"2026-01-01\"",
             play_text(site->groups[0]), play_text(site->people[0]));
}

static void site_open_by(Site *site, Prng *prng, const Pack *pack)
{
    memset(site, 0, sizeof *site);
    assert_true(scratch_directory("board", site->path));
    char database[80];
    snprintf(database, sizeof database, "%s/db", site->path);
    site->store = store_must_open(&(StoreOptions){.place = database, .is_writer = true});
    site->prng = prng;
    play_open(&site->play, site->store, prng_next(prng));
    fill(site);
    changes_open(&site->changes, engine_version(site->play.engine));
    if (pack != NULL) site->play.node.pack = pack;
    board_open(&site->board, site->play.node.pack, SHARD, site->changes);
    publish(site);
}

static void site_open(Site *site, Prng *prng)
{
    site_open_by(site, prng, NULL);
}

static void site_close(Site *site)
{
    char command[128];
    board_close(&site->board);
    changes_close(&site->changes);
    play_close(&site->play);
    store_close(&site->store);
    snprintf(command, sizeof command, "rm -rf '%s'", site->path);
    assert_int_equal(system(command), 0);
}

static void assert_same(const Coverage *a, const Coverage *b, bool with_heads)
{
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->group, b->group);
    assert_int_equal(a->host, b->host);
    assert_int_equal(a->person, b->person);
    assert_true(a->reasons == b->reasons);
    assert_true(a->advice == b->advice);
    if (!with_heads) return;
    assert_true(a->distance_m == b->distance_m);
    assert_int_equal(a->heads.formal, b->heads.formal);
    assert_int_equal(a->heads.probationary, b->heads.probationary);
    assert_int_equal(a->heads.people, b->heads.people);
    assert_int_equal(a->heads.pending_party, b->heads.pending_party);
}

/* A board that knows nothing yet sees the day as the one that was kept up to date. */
static void assert_fresh_look_agrees(Site *site, Day day)
{
    Err err;
    Changes *changes = NULL;
    Board *fresh = NULL;
    const BoardDay *expected = NULL;
    const BoardDay *shown = NULL;
    changes_open(&changes, engine_version(site->play.engine));
    board_open(&fresh, site->play.node.pack, SHARD, changes);
    must(board_take(fresh, site->store, day, &expected, &err), &err);
    must(board_take(site->board, site->store, day, &shown, &err), &err);
    assert_true(shown->version >= changes_version(site->changes));
    assert_int_equal(shown->world.project_count, PROJECTS);
    assert_int_equal(expected->world.project_count, PROJECTS);
    for (size_t i = 0; i < PROJECTS; i++) {
        const size_t at = board_find(shown, expected->world.projects[i].key);
        assert_int_not_equal(at, INDEX_NONE);
        assert_same(&shown->coverage[at], &expected->coverage[i], true);
    }
    board_give(fresh, &expected);
    board_give(site->board, &shown);
    board_close(&fresh);
    changes_close(&changes);
}

static void keep_up(Prng *prng)
{
    static Site site;
    site_open(&site, prng);
    for (int i = 0; i < STEPS; i++) {
        act(&site);
        /* Not after every command: several are caught up with at once, and some days are kept. */
        if (prng_below(prng, 2) != 0) continue;
        for (int look = 0; look < LOOKED_MAX; look++)
            assert_fresh_look_agrees(&site, FIRST_DAY + 30 * (Day)prng_below(prng, 7));
    }
    site_close(&site);
}

/* While people alone are posted and get their standings, the days that are kept are revised. */
static void keep_up_with_people(Prng *prng) ONLY_ON(writer_role)
{
    static Site site;
    site_open(&site, prng);
    for (int i = 0; i < 10; i++)
        act(&site);
    for (int i = 0; i < STEPS; i++) {
        if (prng_below(prng, 3) == 0)
            add_posting(&site);
        else
            add_standing(&site);
        publish(&site);
        assert_fresh_look_agrees(&site, FIRST_DAY + 60);
        assert_fresh_look_agrees(&site, FIRST_DAY + 120);
    }
    site_close(&site);
}

static void a_day_that_is_kept_is_revised_rightly(void **state)
{
    (void)state;
    prop_run("board keeps up with people", 25, keep_up_with_people);
}

static void a_board_kept_up_to_date_equals_a_fresh_look(void **state)
{
    (void)state;
    prop_run("board keeps up", 25, keep_up);
}

/* A day as it was handed out, and what it said then. */
typedef struct Held {
    const BoardDay *day;
    BoardDay shown;
    Coverage coverage[PROJECTS];
    HeadCount heads[PROJECTS];
    Project projects[PROJECTS];
    char code[PROJECTS][16];
} Held;

static void hold(Site *site, Day day, Held *held)
{
    Err err;
    must(board_take(site->board, site->store, day, &held->day, &err), &err);
    held->shown = *held->day;
    memcpy(held->coverage, held->day->coverage, sizeof held->coverage);
    memcpy(held->heads, held->day->world.heads, sizeof held->heads);
    memcpy(held->projects, held->day->world.projects, sizeof held->projects);
    for (size_t i = 0; i < PROJECTS; i++)
        snprintf(held->code[i], sizeof held->code[i], "%.*s",
                 TEXT_ARG(held->day->world.projects[i].name));
}

static void assert_unchanged(const Held *held)
{
    assert_memory_equal(held->day, &held->shown, sizeof held->shown);
    assert_memory_equal(held->day->coverage, held->coverage, sizeof held->coverage);
    assert_memory_equal(held->day->world.heads, held->heads, sizeof held->heads);
    assert_memory_equal(held->day->world.projects, held->projects, sizeof held->projects);
    for (size_t i = 0; i < PROJECTS; i++) {
        const Text name = held->day->world.projects[i].name;
        assert_true(text_is(name, held->code[i]));
        const Coverage again = coverage_of(held->day->index, i);
        assert_same(&again, &held->coverage[i], true);
    }
}

/* More days are held than the board keeps, while it moves on and drops them. */
static void hold_days(Prng *prng)
{
    static Site site;
    static Held held[KEPT_MAX];
    site_open(&site, prng);
    for (int i = 0; i < KEPT_MAX; i++) {
        hold(&site, FIRST_DAY + 10 * (Day)prng_below(prng, 18), &held[i]);
        act(&site);
    }
    for (int i = 0; i < STEPS / 2; i++) {
        Held *one = &held[prng_below(prng, KEPT_MAX)];
        act(&site);
        assert_unchanged(one);
        board_give(site.board, &one->day);
        assert_null(one->day);
        hold(&site, FIRST_DAY + 10 * (Day)prng_below(prng, 18), one);
    }
    for (int i = 0; i < KEPT_MAX; i++) {
        assert_unchanged(&held[i]);
        board_give(site.board, &held[i].day);
    }
    site_close(&site);
}

static void a_day_that_was_handed_out_never_changes(void **state)
{
    (void)state;
    prop_run("board days stay", 15, hold_days);
}

static void follow_course(Site *site, Key project)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    CoverageSpan *spans = NULL;
    size_t count = 0;
    size_t at = 0;
    const DayRange within = {FIRST_DAY - 3, FIRST_DAY + DAYS};
    arena_init(&arena, (size_t)32 << 20);
    must(board_course(site->board, site->store, project, within, &arena, &spans, &count, &err),
         &err);
    assert_true(count > 0);
    assert_int_equal(spans[0].days.first, within.first);
    assert_int_equal(spans[count - 1].days.last, within.last);
    for (Day day = within.first; day <= within.last; day++) {
        const BoardDay *shown = NULL;
        if (day > spans[at].days.last) {
            assert_true(at + 1 < count);
            assert_int_equal(spans[++at].days.first, day); /* no gap between them */
        }
        must(board_take(site->board, site->store, day, &shown, &err), &err);
        assert_same(&shown->coverage[board_find(shown, project)], &spans[at].coverage, false);
        board_give(site->board, &shown);
    }
    assert_int_equal(at + 1, count);
}

static void follow_all_by(Prng *prng, const Pack *pack)
{
    Err err;
    static Site site;
    site_open_by(&site, prng, pack);
    for (int i = 0; i < STEPS; i++)
        act(&site);
    for (int i = 0; i < 2; i++) {
        Key project = KEY_NONE;
        const Id id = site.projects[prng_below(prng, PROJECTS)];
        must(thing_find(site.store, SHARD, id, &project, &err), &err);
        follow_course(&site, project);
    }
    site_close(&site);
}

static void follow_all(Prng *prng)
{
    follow_all_by(prng, NULL);
}

/* Two rules that become others within the course, one of them for a while. */
static void follow_changing_rules(Prng *prng)
{
    static const char text[] = "pack changing\ntitle.zh = 变\ntitle.en = changing\nversion = 1\n"
                               "[rule own-group]\ntitle.zh = 组\ntitle.en = own\nsource = x\n"
                               "valid_from = 2020-01-01\nvalid_to = 2026-03-10\nhardness = must\n"
                               "members_min = 4\n"
                               "[rule own-group]\ntitle.zh = 组\ntitle.en = own\nsource = x\n"
                               "valid_from = 2026-03-11\nhardness = must\nmembers_min = 2\n"
                               "[rule attach-near]\ntitle.zh = 近\ntitle.en = near\nsource = x\n"
                               "valid_from = 2026-02-10\nvalid_to = 2026-04-20\nhardness = must\n"
                               "allowed = yes\nsame_unit = no\n";
    Err err;
    AUTO(arena_done) Arena arena = {0};
    const Pack *pack = NULL;
    arena_init(&arena, (size_t)1 << 20);
    must(pack_parse(bytes_of(text_from_z(text)), &arena, &pack, &err), &err);
    follow_all_by(prng, pack);
}

static void a_course_follows_rules_that_change(void **state)
{
    (void)state;
    prop_run("board course by changing rules", 12, follow_changing_rules);
}

static void a_course_agrees_with_every_day_of_its_range(void **state)
{
    (void)state;
    prop_run("board course", 12, follow_all);
}

static void a_course_of_what_is_no_project_is_refused(void **state)
{
    (void)state;
    Prng prng = {.state = 1};
    Err err;
    static Site site;
    AUTO(arena_done) Arena arena = {0};
    CoverageSpan *spans = NULL;
    size_t count = 0;
    Key unit = KEY_NONE;
    arena_init(&arena, (size_t)1 << 20);
    site_open(&site, &prng);
    must(thing_find(site.store, SHARD, site.units[0], &unit, &err), &err);
    const DayRange within = {FIRST_DAY, FIRST_DAY + 9};
    assert_int_equal(
        board_course(site.board, site.store, unit, within, &arena, &spans, &count, &err),
        ERR_NOT_FOUND);
    site_close(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_that_was_handed_out_never_changes),
        cmocka_unit_test(a_course_agrees_with_every_day_of_its_range),
        cmocka_unit_test(a_course_follows_rules_that_change),
        cmocka_unit_test(a_course_of_what_is_no_project_is_refused),
        cmocka_unit_test(a_board_kept_up_to_date_equals_a_fresh_look),
        cmocka_unit_test(a_day_that_is_kept_is_revised_rightly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
