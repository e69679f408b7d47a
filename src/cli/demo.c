#include <assert.h>
#include <string.h>

#include "base/doc.h"
#include "base/map.h"
#include "cli/cli.h"
#include "cli/hand_accounts.h"
#include "cli/story.h"
#include "duties/duty.h"
#include "engine/accounts.h"
#include "host/file.h"

#define STORY_BYTES_MAX ((size_t)4 << 20)
#define STORY_NAMES_MAX 512
#define STORY_DEPTH_MAX 8
#define STORY_HOUR      17 /* of the day, when things are written down */
#define STORY_DAYS      90 /* so long ago the demo's nodes were made */

/* demo/story.json, embedded when the program is linked. */
extern const char asset_story[];
extern const char asset_story_end[];

/* Names the story gives its things, and the ids they got here. */
typedef struct Told {
    Text name;
    Id id;
} Told;

typedef struct Story {
    Hand *hand;
    bool is_box; /* only what the site's own box would hold */
    Day today;
    const Telling *telling; /* that goes on */
    Told told[STORY_NAMES_MAX];
    size_t count;
} Story;

/* The clock of a story: on the day of each telling, and at the end what the machine says. */
typedef struct StoryClock {
    uint64_t then_ms; /* 0: now */
} StoryClock;

static uint64_t story_now_ms(void *context)
{
    const StoryClock *clock = context;
    return clock->then_ms != 0 ? clock->then_ms : host_now_ms(host_real());
}

/* The machine, but for the clock: what else it does needs no context. */
static Host story_host(StoryClock *clock)
{
    Host host = *host_real();
    host.context = clock;
    host.now_ms = story_now_ms;
    return host;
}

static void turn_clock(StoryClock *clock, Day day, Day today, int utc_offset_minutes)
{
    const int64_t minutes = (int64_t)day * 24 * 60 + STORY_HOUR * 60 - utc_offset_minutes;
    clock->then_ms = day < today ? (uint64_t)minutes * 60000 : 0;
}

static bool find_told(const Story *story, Text name, Id *out_id)
{
    for (size_t i = 0; i < story->count; i++)
        if (text_equal(story->told[i].name, name)) {
            *out_id = story->told[i].id;
            return true;
        }
    return false;
}

/* The name behind an @ at the beginning, or behind the last slash: "task_late/1/@task". */
static bool find_name(Text word, Text *out_before, Text *out_name)
{
    size_t at = word.size;
    while (at > 0 && word.at[at - 1] != '/')
        at--;
    if (at == word.size || word.at[at] != '@') return false;
    *out_before = (Text){word.at, at};
    *out_name = (Text){word.at + at + 1, word.size - at - 1};
    return true;
}

static ErrCode translate_name(const Story *story, Text before, Text name, Emit *emit, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    char text[ID_TEXT_MAX];
    Id id;
    if (!find_told(story, name, &id))
        return err_set(err, ERR_INVALID, "the story speaks of @%.*s before it is told",
                       TEXT_ARG(name));
    buf_init(&words, STORY_BYTES_MAX);
    buf_format(&words, "%.*s%s", TEXT_ARG(before), id_write(id, text));
    TRY(buf_check(&words, err));
    emit_text(emit, buf_as_text(&words));
    return OK;
}

/* "@yifeng" is a thing told before; "day-160" a day, as story.h has them. Of what is held again and
 * again, "day" is the one of this time. */
static ErrCode translate_text(const Story *story, Text word, Emit *emit, Err *err)
{
    Text before;
    Text name;
    Day day = 0;
    if (find_name(word, &before, &name)) return translate_name(story, before, name, emit, err);
    if (story->telling->is_repeated && text_is(word, "day"))
        emit_day(emit, story->telling->day);
    else if (story_day(word, story->today, &day))
        emit_day(emit, day);
    else
        emit_text(emit, word);
    return OK;
}

/* The same value with things and days as this node knows them. */
static ErrCode translate(const Story *story, const DocValue *value, int depth, Emit *emit, Err *err)
{
    void *cursor = NULL;
    Text key;
    const DocValue *member;
    assert(depth < STORY_DEPTH_MAX); /* the story is ours */
    switch (doc_type(value)) {
    case DOC_TEXT: return translate_text(story, doc_text(value), emit, err);
    case DOC_BOOL: emit_bool(emit, doc_bool(value)); return OK;
    case DOC_INT: emit_int(emit, doc_int(value)); return OK;
    case DOC_REAL: emit_micro(emit, (int64_t)(doc_real(value) * 1e6 + 0.5)); return OK;
    case DOC_ARRAY:
        emit_open_array(emit);
        for (size_t i = 0; i < doc_count(value); i++)
            TRY(translate(story, doc_at(value, i), depth + 1, emit, err));
        emit_close_array(emit);
        return OK;
    case DOC_OBJECT:
        emit_open_object(emit);
        while (doc_next(value, &cursor, &key, &member)) {
            emit_key(emit, text_z(&story->hand->arena, key));
            TRY(translate(story, member, depth + 1, emit, err));
        }
        emit_close_object(emit);
        return OK;
    default: emit_null(emit); return OK;
    }
}

/* Of an activity that is held again and again: who with whom, and what they call it. */
static ErrCode emit_held(const Story *story, const DocValue *hold, Emit *emit, Err *err)
{
    emit_z_at(emit, "do", "activity.add");
    emit_key(emit, "fields");
    TRY(translate(story, doc_get(hold, "fields"), 0, emit, err));
    emit_key(emit, "parts");
    return translate(story, doc_get(hold, "parts"), 0, emit, err);
}

/* The command of an item: {"add": kind, "fields"} adds a thing, {"say": {...}} is any command,
 * {"hold": {"fields", "parts"}} an activity. */
static ErrCode write_command(const Story *story, const DocValue *item, Buf *json, Err *err)
{
    AUTO(buf_done) Buf verb = {0};
    Emit emit;
    char text[ID_TEXT_MAX];
    const DocValue *say = doc_get(item, "say");
    void *cursor = NULL;
    Text key;
    const DocValue *member;
    buf_init(&verb, 128);
    emit_init(&emit, json);
    emit_open_object(&emit);
    emit_z_at(&emit, "op", id_write(op_new(story->hand->node.host), text));
    if (story->telling->is_repeated) {
        TRY(emit_held(story, doc_get(item, "hold"), &emit, err));
    } else if (doc_type(say) == DOC_OBJECT) {
        while (doc_next(say, &cursor, &key, &member)) {
            emit_key(&emit, text_z(&story->hand->arena, key));
            TRY(translate(story, member, 0, &emit, err));
        }
    } else {
        buf_format(&verb, "%.*s.add", TEXT_ARG(doc_text(doc_get(item, "add"))));
        emit_text_at(&emit, "do", buf_as_text(&verb));
        emit_key(&emit, "fields");
        TRY(translate(story, doc_get(item, "fields"), 0, &emit, err));
    }
    emit_close_object(&emit);
    return buf_check(json, err);
}

static ErrCode tell(Story *story, const Telling *telling, Err *err) ONLY_ON(writer_role)
{
    AUTO(buf_done) Buf json = {0};
    AUTO(doc_done) Doc doc = {0};
    const DocValue *item = telling->item;
    const Text name = telling->is_repeated ? TEXT("") : doc_text(doc_get(item, "as"));
    Command command;
    Answer answer;
    if (story->is_box && !doc_bool(doc_get(item, "box"))) return OK;
    story->telling = telling;
    if (story->count == STORY_NAMES_MAX)
        return err_set(err, ERR_INVALID, "the story: %.*s cannot be told", TEXT_ARG(name));
    buf_init(&json, STORY_BYTES_MAX);
    TRY(write_command(story, item, &json, err));
    TRY(doc_parse(&doc, buf_as_bytes(&json), err));
    if (command_decode(doc.root, &command, err) != OK)
        return err_context(err, "the story, %.*s", TEXT_ARG(name));
    TRY(engine_execute(story->hand->engine, &story->hand->actor, &command, &story->hand->arena,
                       &answer, err));
    if (answer.status != ANSWER_DONE)
        return err_set(err, answer.code, "the story, %.*s: %.180s", TEXT_ARG(name), answer.detail);
    if (name.size > 0) story->told[story->count++] = (Told){name, answer.ids[0]};
    return OK;
}

static ErrCode tell_all(Story *story, const DocValue *items, StoryClock *clock, Err *err)
    ONLY_ON(writer_role)
{
    Tellings tellings;
    TRY(story_schedule(items, story->today, &story->hand->arena, &tellings, err));
    TRY(engine_begin(story->hand->engine, err));
    for (size_t i = 0; i < tellings.count; i++) {
        const Telling *telling = &tellings.items[i];
        turn_clock(clock, telling->day, story->today, story->hand->node.utc_offset_minutes);
        TRY(tell(story, telling, err));
    }
    clock->then_ms = 0;
    return engine_commit(story->hand->engine, err);
}

typedef struct SignInWish {
    const char *name;
    const char *person; /* whose account it is, as the story calls them; NULL: nobody's */
    RoleCode role;
    const char *scope; /* NULL: everywhere */
} SignInWish;

/* Somebody to sign in as. The password is drawn anew for every demo. */
static ErrCode add_sign_in(Story *story, const SignInWish *who, Buf *sheet, Err *err)
{
    char code[CODE_TEXT_MAX];
    GrantWish grants[3] = {{.role = who->role}};
    size_t count = 1;
    AccountWish wish = {.name = text_from_z(who->name), .grants = grants};
    if (who->scope != NULL && !find_told(story, text_from_z(who->scope), &grants[0].scope))
        return err_set(err, ERR_INVALID, "the story has no %s", who->scope);
    if (who->person != NULL && !find_told(story, text_from_z(who->person), &wish.person))
        return err_set(err, ERR_INVALID, "the story has no %s", who->person);
    if (who->role == ROLE_SYSTEM_ADMIN) grants[count++].role = ROLE_SECURITY_ADMIN;
    code_make(story->hand->node.host, 3, code);
    wish.grant_count = count;
    TRY(hand_add_account(story->hand, wish, code, err));
    buf_format(sheet, "  %s: %s\n", who->name, code);
    return OK;
}

static ErrCode add_sign_ins(Story *story, Err *err)
{
    AUTO(buf_done) Buf sheet = {0};
    char path[PATH_TEXT_MAX];
    buf_init(&sheet, 4096);
    const SignInWish wishes[] = {
        {"陈工", "p01", ROLE_STAFF, story->is_box ? "yifeng" : "company"},
        {"赵班长", "p04", ROLE_LEADER, "yifeng"},
        {"管理员", NULL, ROLE_SYSTEM_ADMIN, NULL},
        {"审计员", NULL, ROLE_AUDITOR, NULL},
    };
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++)
        TRY(add_sign_in(story, &wishes[i], &sheet, err));
    TRY(path_join(story->hand->node.directory, "sign-ins.txt", path, err));
    return file_write(story->hand->node.host, path, buf_as_bytes(&sheet), FILE_PRIVATE, err);
}

static ErrCode tell_story(Hand *hand, StoryClock *clock, bool is_box, Err *err)
{
    AUTO(doc_done) Doc doc = {0};
    Story *story = arena_new(&hand->arena, Story);
    if (story == NULL) return err_set(err, ERR_LIMIT, "no room for the story");
    *story = (Story){.hand = hand, .is_box = is_box, .today = node_today(&hand->node)};
    /* cppcheck-suppress comparePointers ; the linker puts both around the same bytes */
    const Bytes bytes = {(const uint8_t *)asset_story, (size_t)(asset_story_end - asset_story)};
    TRY(doc_parse(&doc, bytes, err));
    writer_expect(); /* hand_open() made this thread the writer */
    const ErrCode code = tell_all(story, doc.root, clock, err);
    if (code != OK) {
        engine_roll_back(hand->engine);
        return code;
    }
    return add_sign_ins(story, err);
}

static ErrCode make_node(const char *directory, const char *part, const char *name, NodeRole role,
                         Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    char path[PATH_TEXT_MAX];
    StoryClock clock = {host_now_ms(host_real()) - STORY_DAYS * UINT64_C(86400000)};
    const Host host = story_host(&clock);
    const NodeWish wish = {.name = text_from_z(name), .role = role, .is_demo = true};
    TRY(path_join(directory, part, path, err));
    TRY(node_init(&host, path, &wish, err));
    clock.then_ms = 0;
    TRY(hand_open(&hand, path, err));
    hand.node.host = &host;
    const ErrCode code = tell_story(&hand, &clock, role == NODE_BOX, err);
    hand.node.host = host_real();
    return code;
}

ErrCode cli_demo(const Options *options, Exit *out_exit, Err *err)
{
    const char *directory = options->positionals[0];
    (void)out_exit;
    TRY(dir_ensure(host_real(), directory, DIR_PRIVATE, err));
    TRY(make_node(directory, "hq", "工程公司总部", NODE_HQ, err));
    TRY(make_node(directory, "box", "益风二期站点盒", NODE_BOX, err));
    if (option_given(options, "--quiet")) return OK;
    printf("the demo is in %s/hq and %s/box; who may sign in stands in their sign-ins.txt\n",
           directory, directory);
    return OK;
}
