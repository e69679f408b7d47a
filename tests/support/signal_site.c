#include "support/signal_site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/things.h"

const SignalEyes machine = {.is_machine = true};

static Id add_person(Site *site, const char *name)
{
    const Id person = play_add(&site->play, "person", "\"name\":\"%s\",\"unit\":\"%s\"", name,
                               play_text(site->dept));
    play_add(&site->play, "posting", "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(person), play_text(site->project));
    return person;
}

Key site_key(const Site *site, Id id)
{
    Err err;
    Key key = KEY_NONE;
    must(thing_find(site->play.store, site->play.node.shard, id, &key, &err), &err);
    return key;
}

static Id add_group(Site *site, const char *kind)
{
    const Id group =
        play_add(&site->play, "group", "\"name\":\"%s\",\"unit\":\"%s\",\"kind\":\"%s\"", kind,
                 play_text(site->dept), kind);
    play_add(&site->play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(group), play_text(site->project));
    return group;
}

void site_open(Site *site, Store *store)
{
    Err err;
    memset(site, 0, sizeof *site);
    play_open(&site->play, store, 11);
    site->company = play_add(&site->play, "unit", "\"name\":\"公司\"");
    site->dept = play_add(&site->play, "unit", "\"name\":\"部门\",\"parent\":\"%s\"",
                          play_text(site->company));
    site->project = play_add(&site->play, "project",
                             "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                             play_text(site->dept));
    site->union_group = add_group(site, "union");
    site->crew = add_group(site, "crew");
    site->worker = add_person(site, "工人");
    site->other = add_person(site, "工友");
    site->leader = add_person(site, "班长");
    site->reader = add_person(site, "纪检");
    memset(site->account.at, 0xA7, sizeof site->account.at);
    map_init(&site->at_project.units, &site->play.arena);
    map_init(&site->at_project.projects, &site->play.arena);
    must(map_put(&site->at_project.projects, site_key(site, site->project), 1, &err), &err);
}

void site_close(Site *site)
{
    reader_secret_done(&site->secret);
    play_close(&site->play);
}

/* Who acts from now on: somebody at the project who takes part, or may write there too. */
void act_as(Site *site, Id person, bool may_write)
{
    site->play.actor = (Actor){.id = site->account,
                               .person = site_key(site, person),
                               .reach = &site->at_project,
                               .write = may_write ? &site->at_project : NULL};
}

void act_as_machine(Site *site)
{
    site->play.actor = (Actor){.reach = &site->play.reach, .write = &site->play.reach};
}

void site_name_reader(Site *site)
{
    ReaderKey key;
    char text[READER_KEY_TEXT];
    reader_make(&site->play.fake.host, &key, &site->secret);
    play_add(&site->play, "reader",
             "\"unit\":\"%s\",\"purpose\":\"integrity\",\"key\":\"%s\",\"holder\":\"%s\","
             "\"from\":\"2026-01-01\"",
             play_text(site->company), reader_key_write(&key, text), play_text(site->reader));
}

Answer site_raise(Site *site, const char *kind, const char *rest)
{
    return play_command(&site->play,
                        "\"do\":\"signal.add\",\"fields\":{\"kind\":\"%s\",\"project\":\"%s\"%s}",
                        kind, play_text(site->project), rest);
}

Id site_raised(Site *site, const char *kind, const char *rest)
{
    const Answer answer = site_raise(site, kind, rest);
    if (answer.status != ANSWER_DONE) fail_msg("%s: %s", kind, answer.detail);
    return answer.ids[0];
}

Answer site_handle(Site *site, Id signal, const char *step, const char *rest)
{
    return play_command(&site->play,
                        "\"do\":\"handling.add\",\"fields\":{\"signal\":\"%s\",\"step\":\"%s\"%s}",
                        play_text(signal), step, rest);
}

void must_be_done(Answer answer)
{
    if (answer.status != ANSWER_DONE) fail_msg("%s", answer.detail);
}

void must_be_refused(Answer answer, ErrCode code, const char *words)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    if (answer.code != code || strstr(answer.detail, words) == NULL)
        fail_msg("wanted %s \"%s\", got %s \"%s\"", err_name(code), words, err_name(answer.code),
                 answer.detail);
}

void shown_done(Shown *shown)
{
    doc_done(&shown->doc);
    buf_done(&shown->text);
    arena_done(&shown->arena);
}

View site_view(Site *site, Shown *shown, const Reach *reach, const char *on)
{
    Err err;
    View view = {.store = site->play.store,
                 .pack = site->play.node.pack,
                 .reach = *reach,
                 .shard = site->play.node.shard,
                 .utc_offset_minutes = site->play.node.utc_offset_minutes,
                 .on = node_today(&site->play.node),
                 .arena = &shown->arena};
    if (on != NULL) must(day_parse(text_from_z(on), &view.on, &err), &err);
    return view;
}

void shown_open(Shown *shown, Emit *emit)
{
    *shown = (Shown){0};
    arena_init(&shown->arena, (size_t)16 << 20);
    buf_init(&shown->text, (size_t)1 << 20);
    emit_init(emit, &shown->text);
}

void shown_parse(Shown *shown)
{
    Err err;
    if (shown->code == OK) must(doc_parse(&shown->doc, buf_as_bytes(&shown->text), &err), &err);
}

/* One signal for some eyes. */
Shown site_look(Site *site, Id signal, const SignalEyes *eyes, const Reach *reach, const char *on)
{
    Shown shown;
    Emit emit;
    Err err;
    shown_open(&shown, &emit);
    const View view = site_view(site, &shown, reach, on);
    shown.code = answer_signal(&view, signal, eyes, &emit, &err);
    shown_parse(&shown);
    return shown;
}

void expect_text(const DocValue *value, const char *key, const char *wanted)
{
    const DocValue *member = doc_get(value, key);
    const Text text = doc_type(member) == DOC_TEXT ? doc_text(member) : TEXT("(none)");
    if (!text_is(text, wanted)) fail_msg("%s: wanted %s, got %.*s", key, wanted, TEXT_ARG(text));
}

void expect_state(Site *site, Id signal, const char *state)
{
    Shown shown = site_look(site, signal, &machine, &site->play.reach, NULL);
    expect_text(shown.doc.root, "state", state);
    shown_done(&shown);
}

bool bytes_hold(Bytes bytes, const char *words)
{
    return bytes.size > 0 && memmem(bytes.at, bytes.size, words, strlen(words)) != NULL;
}
