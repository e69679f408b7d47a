/* What we promise about minutes: the roll is drawn up once and stays, attendance and votes are
 * counted from it, what belongs to one group is kept to it, and who missed something is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/activities.h"
#include "base/doc.h"
#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"
#include "view/board.h"

#define FORMAL 5 /* formal members; then one probationary, then two who are no members */
#define PEOPLE 8

/* A project with a branch and a crew; everybody is of the crew. */
typedef struct Site {
    Play play;
    Board *board;
    Changes *changes;
    Id unit;
    Id project;
    Id branch;
    Id crew;
    Id people[PEOPLE];
} Site;

static Id add_group(Site *site, const char *kind, const char *more)
{
    const Id group =
        play_add(&site->play, "group", "\"name\":\"%s组\",\"unit\":\"%s\",\"kind\":\"%s\"%s", kind,
                 play_text(site->unit), kind, more);
    play_add(&site->play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(group), play_text(site->project));
    return group;
}

static Id add_person(Site *site, int number)
{
    const Id person = play_add(&site->play, "person", "\"name\":\"人%d\",\"unit\":\"%s\"", number,
                               play_text(site->unit));
    if (number <= FORMAL)
        play_add(&site->play, "standing",
                 "\"person\":\"%s\",\"standing\":\"%s\",\"from\":\"2020-01-01\"", play_text(person),
                 number < FORMAL ? "party_formal" : "party_probationary");
    play_add(&site->play, "posting", "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(person), play_text(site->project));
    return person;
}

static void site_open(Site *site, Store *store)
{
    memset(site, 0, sizeof *site);
    play_open(&site->play, store, 7);
    changes_open(&site->changes, 0);
    board_open(&site->board, site->play.node.pack, site->play.node.shard, site->changes);
    site->unit = play_add(&site->play, "unit", "\"name\":\"公司\"");
    site->project = play_add(&site->play, "project",
                             "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                             play_text(site->unit));
    site->branch = add_group(site, "party", ",\"form\":\"branch\"");
    site->crew = add_group(site, "crew", "");
    for (int i = 0; i < PEOPLE; i++)
        site->people[i] = add_person(site, i);
}

static void site_close(Site *site)
{
    board_close(&site->board);
    changes_close(&site->changes);
    play_close(&site->play);
}

static Key key_of(Site *site, Id id)
{
    Err err;
    Key key = KEY_NONE;
    must(thing_find(site->play.store, site->play.node.shard, id, &key, &err), &err);
    return key;
}

/* A branch meeting and a safety day at once. ids: the activity, its Party part, its crew part. */
static Answer hold(Site *site)
{
    const Answer answer = play_command(
        &site->play,
        "\"do\":\"activity.add\",\"fields\":{\"project\":\"%s\",\"title\":\"支部大会\","
        "\"day\":\"2026-03-05\",\"start\":\"08:30\",\"end\":\"10:00\"},\"parts\":["
        "{\"group\":\"%s\",\"meeting\":\"branch_meeting\",\"record\":\"本组\"},"
        "{\"group\":\"%s\",\"meeting\":\"safety_day\"}]",
        play_text(site->project), play_text(site->branch), play_text(site->crew));
    assert_int_equal(answer.status, ANSWER_DONE);
    return answer;
}

static Answer convene(Site *site, Id activity)
{
    return play_command(&site->play, "\"do\":\"activity.convene\",\"id\":\"%s\"",
                        play_text(activity));
}

static Answer attend(Site *site, Id activity, size_t who, const char *more)
{
    return play_command(
        &site->play,
        "\"do\":\"attendance.add\",\"fields\":{\"activity\":\"%s\",\"person\":\"%s\"%s}",
        play_text(activity), play_text(site->people[who]), more);
}

static Answer discuss(Site *site, Id activity, const char *matter, const char *more)
{
    return play_command(&site->play,
                        "\"do\":\"topic.add\",\"fields\":{\"activity\":\"%s\",\"matter\":\"%s\","
                        "\"title\":\"议题\"%s}",
                        play_text(activity), matter, more);
}

/* The minutes as somebody sees them: nobody for everything. */
static void look(Site *site, Id activity, const Asker *asker, Doc *out_doc)
{
    Err err;
    Emit emit;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf text = {0};
    const Asker all = {0};
    arena_init(&arena, (size_t)16 << 20);
    buf_init(&text, (size_t)1 << 20);
    emit_init(&emit, &text);
    View view = {.store = site->play.store,
                 .board = site->board,
                 .pack = site->play.node.pack,
                 .reach = reach_everything(),
                 .shard = site->play.node.shard,
                 .utc_offset_minutes = site->play.node.utc_offset_minutes,
                 .arena = &arena};
    must(day_parse(TEXT("2026-03-10"), &view.on, &err), &err);
    must(answer_activity(&view, asker == NULL ? &all : asker, activity, &emit, &err), &err);
    emit_done(&emit);
    must(doc_parse(out_doc, buf_as_bytes(&text), &err), &err);
}

static int64_t count_at(const DocValue *thing, const char *name)
{
    return doc_int(doc_get(doc_get(thing, "counts"), name));
}

static const DocValue *part_at(const Doc *doc, size_t at)
{
    return doc_at(doc_get(doc->root, "parts"), at);
}

static bool has_reason(const DocValue *why, const char *code)
{
    for (size_t i = 0; i < doc_count(why); i++)
        if (text_is(doc_text(doc_get(doc_at(why, i), "code")), code)) return true;
    return false;
}

/* ---- The roll ---- */

static void rolls(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Answer meeting = hold(&site);
    AUTO(doc_done) Doc before = {0};
    AUTO(doc_done) Doc after = {0};
    AUTO(doc_done) Doc later = {0};
    look(&site, meeting.ids[0], NULL, &before);
    assert_int_equal(count_at(before.root, "expected"), PEOPLE); /* of two groups, each once */
    assert_int_equal(count_at(part_at(&before, 0), "expected"), FORMAL + 1);
    assert_int_equal(count_at(part_at(&before, 0), "voting"), FORMAL);
    assert_int_equal(count_at(part_at(&before, 1), "expected"), PEOPLE);
    assert_true(has_reason(doc_get(part_at(&before, 0), "why"), "not_convened"));
    assert_int_equal(doc_int(doc_get(before.root, "duration")), 90);

    assert_int_equal(convene(&site, meeting.ids[0]).status, ANSWER_DONE);
    assert_int_equal(convene(&site, meeting.ids[0]).code, ERR_CONFLICT); /* once */
    look(&site, meeting.ids[0], NULL, &after);
    assert_int_equal(count_at(after.root, "expected"), PEOPLE);
    assert_int_equal(count_at(part_at(&after, 0), "voting"), FORMAL);
    assert_false(has_reason(doc_get(part_at(&after, 0), "why"), "not_convened"));

    /* Who is known later to have belonged to the group is not on the roll. */
    add_person(&site, 1);
    look(&site, meeting.ids[0], NULL, &later);
    assert_int_equal(count_at(later.root, "expected"), PEOPLE);
    site_close(&site);
}

static void the_roll_is_drawn_up_once_and_stays(void **state)
{
    on_each_store(*state, rolls);
}

static void corrections(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Answer meeting = hold(&site);
    const Id guest = add_person(&site, FORMAL - 1);
    assert_int_equal(convene(&site, meeting.ids[0]).status, ANSWER_DONE);
    static const char *const wrong[] = {
        ",\"excluded\":\"away\",\"approval\":\"党委批复\"",    /* since when? */
        ",\"excluded\":\"away\",\"away_from\":\"2025-01-01\"", /* who approved? */
        ",\"excluded\":\"away\",\"away_from\":\"2026-03-06\",\"approval\":\"批复\"", /* after it */
        "", /* there already */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (play_command(&site.play,
                         "\"do\":\"roll.add\",\"fields\":{\"part\":\"%s\",\"person\":\"%s\"%s}",
                         play_text(meeting.ids[1]), play_text(guest), wrong[i])
                .status != ANSWER_REFUSED)
            fail_msg("roll %zu was taken", i);
    site_close(&site);
}

static void a_wrong_line_of_a_roll_is_refused(void **state)
{
    on_each_store(*state, corrections);
}

/* ---- Attendance ---- */

static void attendances(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Answer meeting = hold(&site);
    const Id activity = meeting.ids[0];
    assert_int_equal(convene(&site, activity).status, ANSWER_DONE);
    /* The account is the first person's: signing for oneself, on one's own phone. */
    site.play.actor.person = key_of(&site, site.people[0]);
    assert_int_equal(play_command(&site.play,
                                  "\"do\":\"attendance.add\",\"fields\":{\"activity\":\"%s\"}",
                                  play_text(activity))
                         .status,
                     ANSWER_DONE);
    assert_int_equal(attend(&site, activity, 1, ",\"signature\":\"own_phone\"").code, ERR_INVALID);
    assert_int_equal(attend(&site, activity, 1, ",\"signature\":\"shared_phone\"").status,
                     ANSWER_DONE);
    assert_int_equal(attend(&site, activity, 2, ",\"status\":\"online\"").status, ANSWER_DONE);
    assert_int_equal(attend(&site, activity, 3, ",\"status\":\"leave\"").code, ERR_INVALID);
    const Answer leave = attend(&site, activity, 3, ",\"status\":\"leave\",\"reason\":\"看病\"");
    assert_int_equal(leave.status, ANSWER_DONE);
    assert_int_equal(attend(&site, activity, 4, ",\"status\":\"absent\"").status, ANSWER_DONE);
    AUTO(doc_done) Doc doc = {0};
    look(&site, activity, NULL, &doc);
    assert_int_equal(count_at(doc.root, "there"), 3);
    assert_int_equal(count_at(doc.root, "online"), 1);
    assert_int_equal(count_at(doc.root, "leave"), 1);
    assert_int_equal(count_at(doc.root, "absent"), 1);
    assert_int_equal(count_at(doc.root, "silent"), PEOPLE - 5);
    const DocValue *party = part_at(&doc, 0);
    assert_int_equal(count_at(party, "voting_there"), 3);
    assert_true(doc_bool(doc_get(doc_get(party, "quorum"), "reached"))); /* 3 of 5 */
    assert_true(has_reason(doc_get(party, "why"), "quorum_reached"));
    assert_true(has_reason(doc_get(party, "why"), "signed_shared"));
    /* Online and the probationary member have not signed; two were away and one was silent. */
    assert_int_equal(doc_count(doc_get(party, "unsigned")), 2);
    assert_int_equal(doc_count(doc_get(party, "to_read")), 3);

    /* Said again, it changes what was said; what was missed is read later. */
    const Answer again = attend(&site, activity, 3, ",\"read_on\":\"2026-03-07\"");
    assert_int_equal(again.status, ANSWER_DONE);
    assert_true(id_equal(again.ids[0], leave.ids[0]));
    assert_int_equal(attend(&site, activity, 1, ",\"read_on\":\"2026-03-07\"").code, ERR_INVALID);
    assert_int_equal(attend(&site, activity, 3, ",\"read_on\":\"2026-03-04\"").code, ERR_INVALID);
    AUTO(doc_done) Doc then = {0};
    look(&site, activity, NULL, &then);
    assert_int_equal(doc_count(doc_get(part_at(&then, 0), "to_read")), 2);
    assert_int_equal(count_at(then.root, "leave"), 1);
    site_close(&site);
}

static void attendance_is_signed_counted_and_made_up(void **state)
{
    on_each_store(*state, attendances);
}

static void own_sessions(Stores *stores)
{
    static Site site;
    char more[120];
    site_open(&site, stores->writer);
    const Answer meeting = hold(&site);
    const Answer other = hold(&site);
    for (size_t i = 0; i < PEOPLE; i++)
        assert_int_equal(attend(&site, meeting.ids[0], i, "").status, ANSWER_DONE);
    /* Two members left before the Party's own part began. */
    snprintf(more, sizeof more, ",\"part\":\"%s\",\"status\":\"absent\"",
             play_text(meeting.ids[1]));
    assert_int_equal(attend(&site, meeting.ids[0], 0, more).status, ANSWER_DONE);
    assert_int_equal(attend(&site, meeting.ids[0], 1, more).status, ANSWER_DONE);
    assert_int_equal(attend(&site, other.ids[0], 1, more).code, ERR_INVALID); /* another's part */
    AUTO(doc_done) Doc doc = {0};
    look(&site, meeting.ids[0], NULL, &doc);
    assert_int_equal(count_at(doc.root, "there"), PEOPLE);
    assert_int_equal(count_at(part_at(&doc, 0), "there"), FORMAL - 1);
    assert_int_equal(count_at(part_at(&doc, 0), "absent"), 2);
    assert_int_equal(count_at(part_at(&doc, 1), "there"), PEOPLE);
    site_close(&site);
}

static void a_group_counts_who_came_to_its_own_part(void **state)
{
    on_each_store(*state, own_sessions);
}

static void observers(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Answer meeting = hold(&site);
    assert_int_equal(convene(&site, meeting.ids[0]).status, ANSWER_DONE);
    site.people[7] = add_person(&site, 0); /* comes after the roll was drawn up */
    assert_int_equal(attend(&site, meeting.ids[0], 7, "").status, ANSWER_DONE);
    AUTO(doc_done) Doc doc = {0};
    look(&site, meeting.ids[0], NULL, &doc);
    assert_int_equal(count_at(doc.root, "observers"), 1);
    assert_int_equal(count_at(doc.root, "there"), 0);
    assert_int_equal(count_at(doc.root, "expected"), PEOPLE);
    site_close(&site);
}

static void who_comes_without_being_expected_is_an_observer(void **state)
{
    on_each_store(*state, observers);
}

/* ---- Topics ---- */

static void expect_refusal(Answer answer, const char *words)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    if (strstr(answer.detail, words) == NULL) fail_msg("\"%s\": %s", words, answer.detail);
}

static void topics(Stores *stores)
{
    static Site site;
    char more[160];
    site_open(&site, stores->writer);
    const Answer meeting = hold(&site);
    const Id activity = meeting.ids[0];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(attend(&site, activity, i, "").status, ANSWER_DONE);
    assert_int_equal(discuss(&site, activity, "safety", "").status, ANSWER_DONE);
    /* What is only the Party's goes to the one part it can be of, with what was voted. */
    assert_int_equal(
        discuss(&site, activity, "admission", ",\"ballot\":\"secret\",\"for\":3,\"against\":1")
            .status,
        ANSWER_DONE);
    snprintf(more, sizeof more, ",\"part\":\"%s\"", play_text(meeting.ids[2]));
    expect_refusal(discuss(&site, activity, "dues", more), "apart-party");
    expect_refusal(discuss(&site, activity, "hardship", ""), "apart-union"); /* no union part */
    expect_refusal(discuss(&site, activity, "hardship", more), "apart-union");
    expect_refusal(discuss(&site, activity, "resolution", ",\"for\":3"), "\"part\"");
    expect_refusal(discuss(&site, activity, "work", ",\"for\":-1"), "number of votes");
    assert_int_equal(discuss(&site, activity, "pay", "").status, ANSWER_DONE);
    AUTO(doc_done) Doc doc = {0};
    look(&site, activity, NULL, &doc);
    assert_int_equal(doc_count(doc_get(doc.root, "topics")), 1);
    const DocValue *own = doc_get(part_at(&doc, 0), "topics");
    assert_int_equal(doc_count(own), 1);
    const DocValue *vote = doc_get(doc_at(own, 0), "vote");
    assert_string_equal(doc_text(doc_get(vote, "result")).at, "passed"); /* 3 of 5 expected */
    assert_true(has_reason(doc_get(vote, "why"), "vote_passed"));
    assert_int_equal(doc_count(doc_get(part_at(&doc, 1), "topics")), 1);
    site_close(&site);
}

static void what_belongs_to_one_group_is_never_common(void **state)
{
    on_each_store(*state, topics);
}

/* ---- Before the shift ---- */

#define CHECKS(...) "{\"item\":\"dress\",\"found\":\"in_order\"}" __VA_ARGS__

static Answer brief(Site *site, Id part, const char *more, const char *checks)
{
    return play_command(
        &site->play,
        "\"do\":\"briefing.add\",\"fields\":{\"part\":\"%s\",\"task\":\"组立17号塔\","
        "\"safety\":\"高处作业系好安全带\"%s},\"checks\":[%s]",
        play_text(part), more, checks);
}

static void talks(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Answer talk =
        play_command(&site.play,
                     "\"do\":\"activity.add\",\"fields\":{\"project\":\"%s\",\"title\":\"站班会\","
                     "\"day\":\"2026-03-10\"},\"parts\":[{\"group\":\"%s\",\"meeting\":"
                     "\"pre_shift_talk\"}]",
                     play_text(site.project), play_text(site.crew));
    const Answer other = hold(&site);
    expect_refusal(brief(&site, other.ids[2], "", ""), "pre-shift talk");
    expect_refusal(brief(&site, talk.ids[1], ",\"risk_level\":3", ""), "risk_scheme");
    expect_refusal(brief(&site, talk.ids[1], ",\"risk_scheme\":\"qgdw_12152_2021\"", ""),
                   "risk_scheme");
    expect_refusal(
        brief(&site, talk.ids[1], ",\"risk_scheme\":\"qgdw_12152_2021\",\"risk_level\":6", ""),
        "1 to 5");
    expect_refusal(
        brief(&site, talk.ids[1], "", CHECKS(",{\"item\":\"wings\",\"found\":\"mended\"}")),
        "check 2");
    expect_refusal(
        brief(&site, talk.ids[1], "", CHECKS(",{\"item\":\"dress\",\"found\":\"mended\"}")),
        "already");
    const Answer done =
        brief(&site, talk.ids[1], ",\"risk_scheme\":\"qgdw_12152_2021\",\"risk_level\":2",
              CHECKS(",{\"item\":\"mind\",\"found\":\"mended\",\"note\":\"休息后上岗\"}"));
    assert_int_equal(done.status, ANSWER_DONE);
    expect_refusal(brief(&site, talk.ids[1], "", ""), "already"); /* once */
    assert_int_equal(attend(&site, talk.ids[0], 0, ",\"signature\":\"shared_phone\"").status,
                     ANSWER_DONE);
    AUTO(doc_done) Doc doc = {0};
    look(&site, talk.ids[0], NULL, &doc);
    const DocValue *part = part_at(&doc, 0);
    const DocValue *briefing = doc_get(part, "briefing");
    assert_int_equal(doc_count(doc_get(briefing, "checks")), 8); /* the lines of the list */
    assert_int_equal(doc_int(doc_get(briefing, "unchecked")), 6);
    assert_int_equal(doc_int(doc_get(doc_get(briefing, "risk_level"), "gravity")), 4);
    assert_int_equal(doc_type(doc_get(briefing, "rule")), DOC_OBJECT);
    assert_int_equal(doc_count(doc_get(part, "unsigned")), PEOPLE - 1);
    site_close(&site);
}

static void a_talk_has_a_briefing_and_checks_of_the_list(void **state)
{
    on_each_store(*state, talks);
}

/* ---- Who may read what ---- */

static void eyes(Stores *stores)
{
    static Site site;
    Err err;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    site_open(&site, stores->writer);
    const Answer meeting = hold(&site);
    assert_int_equal(
        attend(&site, meeting.ids[0], 0, ",\"status\":\"leave\",\"reason\":\"看病\"").status,
        ANSWER_DONE);
    Reach none = {0};
    Reach unit = {0};
    map_init(&none.units, &arena);
    map_init(&none.projects, &arena);
    map_init(&unit.units, &arena);
    map_init(&unit.projects, &arena);
    must(map_put(&unit.units, key_of(&site, site.unit), 1, &err), &err);
    const struct {
        Asker asker;
        bool party;
        bool crew;
    } cases[] = {
        {{.oversight = NULL}, true, true},
        {{.oversight = &unit}, true, true},
        {{.oversight = &none}, false, false}, /* of nobody */
        {{.person = key_of(&site, site.people[1]), .oversight = &none}, true, true},
        {{.person = key_of(&site, site.people[7]), .oversight = &none}, false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO(doc_done) Doc doc = {0};
        look(&site, meeting.ids[0], &cases[i].asker, &doc);
        const DocValue *party = part_at(&doc, 0);
        assert_true(text_is(doc_text(doc_get(party, "meeting")), "branch_meeting"));
        assert_int_equal(doc_bool(doc_get(party, "open")), cases[i].party);
        assert_int_equal(doc_type(doc_get(party, "record")) == DOC_TEXT, cases[i].party);
        assert_int_equal(doc_type(doc_get(party, "topics")) == DOC_ARRAY, cases[i].party);
        assert_int_equal(doc_type(doc_get(party, "counts")) == DOC_OBJECT, cases[i].party);
        assert_int_equal(doc_bool(doc_get(part_at(&doc, 1), "open")), cases[i].crew);
        /* Why somebody is away is told to those who expected them. */
        const DocValue *line = doc_at(doc_get(doc.root, "attendance"), 0);
        assert_int_equal(doc_type(doc_get(line, "reason")) == DOC_TEXT, cases[i].crew);
    }
    site_close(&site);
}

/* Members of a temporary branch belong to another one, which admits, disciplines and elects. */
static void limits(Stores *stores)
{
    static Site site;
    static const char *const theirs[] = {"admission", "discipline", "dues", "election"};
    static const char *const its_own[] = {"work", "study", "criticism"};
    site_open(&site, stores->writer);
    const Id temporary = add_group(&site, "party", ",\"form\":\"temporary_branch\"");
    const Answer meeting =
        play_command(&site.play,
                     "\"do\":\"activity.add\",\"fields\":{\"project\":\"%s\",\"title\":\"会\","
                     "\"day\":\"2026-05-20\"},\"parts\":[{\"group\":\"%s\","
                     "\"meeting\":\"branch_meeting\"}]",
                     play_text(site.project), play_text(temporary));
    assert_int_equal(meeting.status, ANSWER_DONE);
    for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++)
        expect_refusal(discuss(&site, meeting.ids[0], theirs[i], ""), "temporary-branch-limits");
    for (size_t i = 0; i < sizeof its_own / sizeof its_own[0]; i++)
        assert_int_equal(discuss(&site, meeting.ids[0], its_own[i], "").status, ANSWER_DONE);
    site_close(&site);
}

static void a_temporary_branch_may_do_less(void **state)
{
    on_each_store(*state, limits);
}

static void a_part_is_open_to_its_group_and_to_who_oversees_it(void **state)
{
    on_each_store(*state, eyes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_roll_is_drawn_up_once_and_stays),
        cmocka_unit_test(a_wrong_line_of_a_roll_is_refused),
        cmocka_unit_test(attendance_is_signed_counted_and_made_up),
        cmocka_unit_test(a_group_counts_who_came_to_its_own_part),
        cmocka_unit_test(who_comes_without_being_expected_is_an_observer),
        cmocka_unit_test(what_belongs_to_one_group_is_never_common),
        cmocka_unit_test(a_talk_has_a_briefing_and_checks_of_the_list),
        cmocka_unit_test(a_part_is_open_to_its_group_and_to_who_oversees_it),
        cmocka_unit_test(a_temporary_branch_may_do_less),
    };
    return cmocka_run_group_tests_name("minutes", tests, stores_setup, stores_teardown);
}
