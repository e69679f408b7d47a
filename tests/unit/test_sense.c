/* What we promise about sense: what contradicts something written before is refused, in words that
 * say what it meets and what to do, and that name nothing the asker may not know of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"
#include "view/load.h"

#define SHARD 1

/* Two units with a project each; the near one is what a narrow reach covers. */
typedef struct Land {
    Id near;
    Id far;
    Id near_site;
    Id far_site;
    Id home;
    Id branch; /* a joint branch of the near unit */
    Id person;
} Land;

static Id add_site(Play *play, Id unit, const char *name)
{
    return play_add(play, "project", "\"name\":\"%s\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                    name, play_text(unit));
}

static void make_land(Play *play, Land *land)
{
    land->near = play_add(play, "unit", "\"name\":\"和风\"");
    land->far = play_add(play, "unit", "\"name\":\"益风\"");
    land->near_site = add_site(play, land->near, "和风一期");
    land->far_site = add_site(play, land->far, "益风一期");
    land->home =
        play_add(play, "home", "\"name\":\"一号家\",\"unit\":\"%s\"", play_text(land->near));
    land->branch = play_add(play, "group",
                            "\"name\":\"联合党支部\",\"unit\":\"%s\",\"kind\":\"party\","
                            "\"form\":\"joint_branch\"",
                            play_text(land->near));
    land->person =
        play_add(play, "person", "\"name\":\"甲\",\"unit\":\"%s\"", play_text(land->near));
}

/* From now on commands come from somebody who writes in the near unit only. */
static void narrow_to(Play *play, Id unit)
{
    Err err;
    Grant grant = {.role = ROLE_STAFF};
    must(thing_find(play->store, SHARD, unit, &grant.scope, &err), &err);
    must(reach_load(play->store, SHARD, &grant, 1, MAY_WRITE, &play->arena, &play->reach, &err),
         &err);
    assert_false(play->reach.is_everything);
}

static Answer station(Play *play, Id group, Id project, const char *days)
{
    return play_command(
        play, "\"do\":\"station.add\",\"fields\":{\"group\":\"%s\",\"project\":\"%s\",%s}",
        play_text(group), play_text(project), days);
}

static Answer home_station(Play *play, Id home, Id project, const char *days)
{
    return play_command(
        play, "\"do\":\"home_station.add\",\"fields\":{\"home\":\"%s\",\"project\":\"%s\",%s}",
        play_text(home), play_text(project), days);
}

static Answer standing(Play *play, Id person, const char *what, const char *days)
{
    return play_command(
        play, "\"do\":\"standing.add\",\"fields\":{\"person\":\"%s\",\"standing\":\"%s\",%s}",
        play_text(person), what, days);
}

static Answer void_it(Play *play, const char *kind, Id id)
{
    return play_command(play, "\"do\":\"%s.void\",\"id\":\"%s\",\"reason\":\"录错\"", kind,
                        play_text(id));
}

static Answer set_form(Play *play, Id group, const char *form)
{
    return play_command(play, "\"do\":\"group.change\",\"id\":\"%s\",\"fields\":{\"form\":%s}",
                        play_text(group), form);
}

static void assert_done(Answer answer)
{
    if (answer.status != ANSWER_DONE) fail_msg("%s", answer.detail);
}

static void assert_conflict(Answer answer, const char *words)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    if (strstr(answer.detail, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", answer.detail, words);
    assert_int_equal(answer.code, ERR_CONFLICT);
}

static void assert_says_nothing_of(Answer answer, const char *words)
{
    if (strstr(answer.detail, words) != NULL) fail_msg("\"%s\" says \"%s\"", answer.detail, words);
}

/* ---- what others lead to is not voided ---- */

static void void_units(Stores *stores)
{
    Play play;
    Land land;
    play_open(&play, stores->writer, 21);
    make_land(&play, &land);
    const Answer refused = void_it(&play, "unit", land.near);
    assert_conflict(refused, "和风 still has 1 person, 1 project, 1 home, 1 group");
    assert_done(void_it(&play, "home", land.home));
    assert_done(void_it(&play, "group", land.branch));
    assert_done(void_it(&play, "project", land.near_site));
    const Id below =
        play_add(&play, "unit", "\"name\":\"班组\",\"parent\":\"%s\"", play_text(land.near));
    assert_conflict(void_it(&play, "unit", land.near), "和风 still has 1 unit, 1 person:");
    assert_done(void_it(&play, "unit", below));
    assert_done(play_command(&play,
                             "\"do\":\"person.change\",\"id\":\"%s\",\"fields\":{\"unit\":\"%s\"}",
                             play_text(land.person), play_text(land.far)));
    assert_done(void_it(&play, "unit", land.near));
    play_close(&play);
}

static void a_unit_is_voided_when_nothing_belongs_to_it(void **state)
{
    on_each_store(*state, void_units);
}

static void void_sites_and_groups(Stores *stores)
{
    Play play;
    Land land;
    play_open(&play, stores->writer, 22);
    make_land(&play, &land);
    const Id posting =
        play_add(&play, "posting", "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"2026-02-01\"",
                 play_text(land.person), play_text(land.near_site));
    const Answer stands = station(&play, land.branch, land.near_site, "\"from\":\"2026-02-01\"");
    const Answer office =
        play_command(&play,
                     "\"do\":\"office.add\",\"fields\":{\"group\":\"%s\",\"person\":\"%s\","
                     "\"post\":\"secretary\",\"from\":\"2026-02-01\"}",
                     play_text(land.branch), play_text(land.person));
    assert_done(stands);
    assert_done(office);
    assert_conflict(void_it(&play, "project", land.near_site),
                    "和风一期 still has 1 station, 1 posting");
    assert_conflict(void_it(&play, "group", land.branch),
                    "联合党支部 still has 1 station, 1 office");
    assert_done(void_it(&play, "station", stands.ids[0]));
    assert_done(void_it(&play, "office", office.ids[0]));
    assert_done(void_it(&play, "posting", posting));
    assert_done(void_it(&play, "project", land.near_site));
    assert_done(void_it(&play, "group", land.branch));
    play_close(&play);
}

static void a_project_or_group_is_voided_when_nothing_leads_to_it(void **state)
{
    on_each_store(*state, void_sites_and_groups);
}

static void void_crews_and_homes(Stores *stores)
{
    Play play;
    Land land;
    play_open(&play, stores->writer, 23);
    make_land(&play, &land);
    const Id crew = play_add(&play, "group",
                             "\"name\":\"一班\",\"unit\":\"%s\",\"kind\":\"crew\",\"home\":\"%s\"",
                             play_text(land.near), play_text(land.home));
    play_add(&play, "posting",
             "\"person\":\"%s\",\"project\":\"%s\",\"crew\":\"%s\",\"from\":\"2026-02-01\"",
             play_text(land.person), play_text(land.near_site), play_text(crew));
    assert_done(home_station(&play, land.home, land.near_site, "\"from\":\"2026-02-01\""));
    assert_conflict(void_it(&play, "group", crew), "一班 still has 1 posting");
    assert_conflict(void_it(&play, "home", land.home),
                    "一号家 still has 1 home's station, 1 group");
    play_close(&play);
}

static void a_crew_or_home_is_voided_when_nothing_leads_to_it(void **state)
{
    on_each_store(*state, void_crews_and_homes);
}

/* A person who was entered by mistake is nowhere; what was said of them counts no more. */
static void void_persons(Stores *stores)
{
    Err err;
    Play play;
    Land land;
    Key group = KEY_NONE;
    Offices offices;
    StayList stays;
    Key site = KEY_NONE;
    play_open(&play, stores->writer, 24);
    make_land(&play, &land);
    play_add(&play, "posting", "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"2026-02-01\"",
             play_text(land.person), play_text(land.near_site));
    play_add(&play, "office",
             "\"group\":\"%s\",\"person\":\"%s\",\"post\":\"leader\",\"from\":\"2026-02-01\"",
             play_text(land.branch), play_text(land.person));
    assert_done(void_it(&play, "person", land.person));
    must(thing_find(play.store, SHARD, land.branch, &group, &err), &err);
    must(thing_find(play.store, SHARD, land.near_site, &site, &err), &err);
    const Source from = {play.store, SHARD, &play.arena};
    must(load_offices(from, group, &offices, &err), &err);
    must(load_stays_at(from, site, node_today(&play.node), &stays, &err), &err);
    assert_int_equal(offices.count, 0);
    assert_int_equal(stays.count, 0);
    play_close(&play);
}

static void a_person_is_voided_with_all_that_was_said_of_them(void **state)
{
    on_each_store(*state, void_persons);
}

/* ---- one place at a time ---- */

static void change_the_form(Stores *stores)
{
    Play play;
    Land land;
    play_open(&play, stores->writer, 25);
    make_land(&play, &land);
    assert_done(station(&play, land.branch, land.near_site, "\"from\":\"2026-02-01\""));
    const Answer second = station(&play, land.branch, land.far_site, "\"from\":\"2026-03-01\"");
    assert_done(second);
    assert_conflict(set_form(&play, land.branch, "\"branch\""), "和风一期 or at 益风一期");
    assert_conflict(set_form(&play, land.branch, "null"), "joint branch");
    assert_done(set_form(&play, land.branch, "\"joint_branch\""));
    /* What overlapped in the past may stay as it was. */
    assert_done(play_command(
        &play, "\"do\":\"station.change\",\"id\":\"%s\",\"fields\":{\"to\":\"2026-05-27\"}",
        play_text(second.ids[0])));
    assert_done(set_form(&play, land.branch, "\"branch\""));
    play_close(&play);
}

static void a_group_at_two_projects_stays_a_joint_branch(void **state)
{
    on_each_store(*state, change_the_form);
}

static void place_a_home(Stores *stores)
{
    Play play;
    Land land;
    play_open(&play, stores->writer, 26);
    make_land(&play, &land);
    const Answer first = home_station(&play, land.home, land.near_site,
                                      "\"from\":\"2026-02-01\",\"to\":\"2026-03-31\"");
    assert_done(first);
    assert_conflict(home_station(&play, land.home, land.far_site, "\"from\":\"2026-03-31\""),
                    "the home stands at 和风一期 from 2026-02-01 to 2026-03-31");
    assert_conflict(home_station(&play, land.home, land.near_site, "\"from\":\"2026-01-01\""),
                    "stands at");
    assert_done(home_station(&play, land.home, land.far_site, "\"from\":\"2026-04-01\""));
    assert_conflict(
        play_command(&play, "\"do\":\"home_station.change\",\"id\":\"%s\",\"fields\":{\"to\":null}",
                     play_text(first.ids[0])),
        "the home stands at 益风一期 from 2026-04-01 to now on");
    play_close(&play);
}

static void a_home_stands_at_one_project_at_a_time(void **state)
{
    on_each_store(*state, place_a_home);
}

static size_t home_stations(Play *play, Id home, Day day)
{
    Err err;
    AUTO(query_done) Query query = {0};
    Key key = KEY_NONE;
    bool found = false;
    size_t count = 0;
    must(thing_find(play->store, SHARD, home, &key, &err), &err);
    must(query_begin(&query, play->store, HOME_STATIONS_OF_HOME, &err), &err);
    query_bind_int(&query, 1, SHARD);
    query_bind_int(&query, 2, key);
    must(query_next(&query, &found, &err), &err);
    while (found) {
        const Day last = query_is_null(&query, 4) ? DAY_OPEN : (Day)query_int(&query, 4);
        count += range_has((DayRange){(Day)query_int(&query, 3), last}, day) ? 1 : 0;
        must(query_next(&query, &found, &err), &err);
    }
    return count;
}

/* A home that goes along with its group leaves in time for where it is expected next. */
static void move_with_a_home(Stores *stores)
{
    Err err;
    Play play;
    Land land;
    Day day = 0;
    play_open(&play, stores->writer, 27);
    make_land(&play, &land);
    const Id third = add_site(&play, land.near, "和风二期");
    const Id group = play_add(
        &play, "group", "\"name\":\"小组\",\"unit\":\"%s\",\"kind\":\"party\",\"home\":\"%s\"",
        play_text(land.near), play_text(land.home));
    assert_done(station(&play, group, land.near_site, "\"from\":\"2026-02-01\""));
    assert_done(home_station(&play, land.home, land.near_site,
                             "\"from\":\"2026-02-01\",\"to\":\"2026-08-31\""));
    assert_done(home_station(&play, land.home, third, "\"from\":\"2026-09-01\""));
    assert_done(play_command(
        &play, "\"do\":\"group.move\",\"group\":\"%s\",\"to\":\"%s\",\"on\":\"2026-07-01\"",
        play_text(group), play_text(land.far_site)));
    must(day_parse(TEXT("2026-07-01"), &day, &err), &err);
    assert_int_equal(home_stations(&play, land.home, day - 1), 1);
    assert_int_equal(home_stations(&play, land.home, day), 1);
    must(day_parse(TEXT("2026-09-01"), &day, &err), &err);
    assert_int_equal(home_stations(&play, land.home, day - 1), 1);
    assert_int_equal(home_stations(&play, land.home, day), 1);
    play_close(&play);
}

static void a_home_that_moves_along_is_never_at_two_projects(void **state)
{
    on_each_store(*state, move_with_a_home);
}

static void repeat_a_standing(Stores *stores)
{
    Play play;
    Land land;
    play_open(&play, stores->writer, 28);
    make_land(&play, &land);
    const Answer first = standing(&play, land.person, "union_member",
                                  "\"from\":\"2020-01-01\",\"to\":\"2022-12-31\"");
    assert_done(first);
    assert_conflict(standing(&play, land.person, "union_member", "\"from\":\"2022-12-31\""),
                    "union member from 2020-01-01 to 2022-12-31 already");
    assert_done(standing(&play, land.person, "union_member", "\"from\":\"2023-01-01\""));
    assert_conflict(play_command(&play,
                                 "\"do\":\"standing.change\",\"id\":\"%s\","
                                 "\"fields\":{\"to\":\"2023-01-01\"}",
                                 play_text(first.ids[0])),
                    "union member from 2023-01-01 to now on already");
    /* Another standing is another matter: which of them counts is for the rules to say. */
    assert_done(standing(&play, land.person, "party_probationary", "\"from\":\"2022-01-01\""));
    assert_done(standing(&play, land.person, "party_formal", "\"from\":\"2023-01-01\""));
    play_close(&play);
}

static void nobody_has_the_same_standing_twice_on_a_day(void **state)
{
    on_each_store(*state, repeat_a_standing);
}

/* ---- what lies outside is not named ---- */

static void meet_what_is_outside(Stores *stores)
{
    Play play;
    Land land;
    play_open(&play, stores->writer, 29);
    make_land(&play, &land);
    const Id guest =
        play_add(&play, "group", "\"name\":\"客组\",\"unit\":\"%s\",\"kind\":\"party\"",
                 play_text(land.far));
    assert_done(
        station(&play, guest, land.near_site, "\"from\":\"2026-02-01\",\"to\":\"2026-02-28\""));
    assert_done(station(&play, guest, land.far_site, "\"from\":\"2026-03-17\""));
    assert_done(home_station(&play, land.home, land.far_site, "\"from\":\"2026-03-17\""));
    assert_done(station(&play, land.branch, land.near_site, "\"from\":\"2026-03-17\""));
    assert_done(station(&play, land.branch, land.far_site, "\"from\":\"2026-03-17\""));
    narrow_to(&play, land.near);
    const Answer answers[] = {
        station(&play, guest, land.near_site, "\"from\":\"2026-04-01\""),
        home_station(&play, land.home, land.near_site, "\"from\":\"2026-04-01\""),
        set_form(&play, land.branch, "\"branch\""),
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        assert_conflict(answers[i], "outside your reach");
        assert_says_nothing_of(answers[i], "益风");
        assert_says_nothing_of(answers[i], "03-17");
    }
    /* What is within reach keeps its name. */
    assert_conflict(
        station(&play, guest, land.near_site, "\"from\":\"2026-02-28\",\"to\":\"2026-03-01\""),
        "和风一期");
    const Answer moved = play_command(
        &play, "\"do\":\"group.move\",\"group\":\"%s\",\"to\":\"%s\",\"on\":\"2026-03-10\"",
        play_text(guest), play_text(land.near_site));
    assert_int_equal(moved.status, ANSWER_REFUSED);
    assert_says_nothing_of(moved, "03-17");
    play_close(&play);
}

static void a_conflict_does_not_name_what_is_outside_the_reach(void **state)
{
    on_each_store(*state, meet_what_is_outside);
}

static void ask_about_voided_things(Stores *stores)
{
    Play play;
    Land land;
    play_open(&play, stores->writer, 30);
    make_land(&play, &land);
    const Id far =
        play_add(&play, "person", "\"name\":\"乙\",\"unit\":\"%s\"", play_text(land.far));
    assert_done(void_it(&play, "person", far));
    assert_conflict(void_it(&play, "person", far), "voided before");
    narrow_to(&play, land.near);
    assert_int_equal(void_it(&play, "person", far).code, ERR_NOT_FOUND);
    const Answer changed =
        play_command(&play, "\"do\":\"person.change\",\"id\":\"%s\",\"fields\":{\"trade\":\"x\"}",
                     play_text(far));
    assert_int_equal(changed.code, ERR_NOT_FOUND);
    play_close(&play);
}

static void what_is_outside_was_not_voided_either(void **state)
{
    on_each_store(*state, ask_about_voided_things);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_is_voided_when_nothing_belongs_to_it),
        cmocka_unit_test(a_project_or_group_is_voided_when_nothing_leads_to_it),
        cmocka_unit_test(a_crew_or_home_is_voided_when_nothing_leads_to_it),
        cmocka_unit_test(a_person_is_voided_with_all_that_was_said_of_them),
        cmocka_unit_test(a_group_at_two_projects_stays_a_joint_branch),
        cmocka_unit_test(a_home_stands_at_one_project_at_a_time),
        cmocka_unit_test(a_home_that_moves_along_is_never_at_two_projects),
        cmocka_unit_test(nobody_has_the_same_standing_twice_on_a_day),
        cmocka_unit_test(a_conflict_does_not_name_what_is_outside_the_reach),
        cmocka_unit_test(what_is_outside_was_not_voided_either),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
