#include <assert.h>
#include <string.h>

#include "base/doc.h"
#include "base/map.h"
#include "cli/cli.h"
#include "cli/hand_accounts.h"
#include "duties/duty.h"
#include "engine/accounts.h"
#include "host/file.h"

#define STORY_BYTES_MAX ((size_t)4 << 20)
#define STORY_NAMES_MAX 512
#define STORY_DEPTH_MAX 8

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
    Told told[STORY_NAMES_MAX];
    size_t count;
} Story;

static bool find_told(const Story *story, Text name, Id *out_id)
{
    for (size_t i = 0; i < story->count; i++)
        if (text_equal(story->told[i].name, name)) {
            *out_id = story->told[i].id;
            return true;
        }
    return false;
}

/* "day-160": so many days from today. */
static bool read_day(const Story *story, Text word, Text prefix, Day *out_day)
{
    int64_t offset = 0;
    Err none;
    if (!text_starts_with(word, prefix) ||
        text_to_int((Text){word.at + prefix.size, word.size - prefix.size}, &offset, &none) != OK)
        return false;
    *out_day = story->today + (Day)offset;
    return true;
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

/* "@yifeng" is a thing told before; "day-160" is a day that long before today, "first-8" and
 * "last-8" are the first and the last day of the month of such a day. */
static ErrCode translate_text(const Story *story, Text word, Emit *emit, Err *err)
{
    Text before;
    Text name;
    Day day = 0;
    if (find_name(word, &before, &name)) return translate_name(story, before, name, emit, err);
    if (read_day(story, word, TEXT("day"), &day))
        emit_day(emit, day);
    else if (read_day(story, word, TEXT("first"), &day))
        emit_day(emit, duty_period(PERIOD_MONTH, day).first);
    else if (read_day(story, word, TEXT("last"), &day))
        emit_day(emit, duty_period(PERIOD_MONTH, day).last);
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

/* The command of an item: {"add": kind, "fields"} adds a thing, {"say": {...}} is any command. */
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
    if (doc_type(say) == DOC_OBJECT) {
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

static ErrCode tell(Story *story, const DocValue *item, Err *err) ONLY_ON(writer_role)
{
    AUTO(buf_done) Buf json = {0};
    AUTO(doc_done) Doc doc = {0};
    const Text name = doc_text(doc_get(item, "as"));
    Command command;
    Answer answer;
    if (story->is_box && !doc_bool(doc_get(item, "box"))) return OK;
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
    story->told[story->count++] = (Told){name, answer.ids[0]};
    return OK;
}

static ErrCode tell_all(Story *story, const DocValue *items, Err *err) ONLY_ON(writer_role)
{
    TRY(engine_begin(story->hand->engine, err));
    for (size_t i = 0; i < doc_count(items); i++)
        TRY(tell(story, doc_at(items, i), err));
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

static ErrCode tell_story(Hand *hand, bool is_box, Err *err)
{
    AUTO(doc_done) Doc doc = {0};
    Story *story = arena_new(&hand->arena, Story);
    if (story == NULL) return err_set(err, ERR_LIMIT, "no room for the story");
    *story = (Story){.hand = hand, .is_box = is_box, .today = node_today(&hand->node)};
    /* cppcheck-suppress comparePointers ; the linker puts both around the same bytes */
    const Bytes bytes = {(const uint8_t *)asset_story, (size_t)(asset_story_end - asset_story)};
    TRY(doc_parse(&doc, bytes, err));
    writer_expect(); /* hand_open() made this thread the writer */
    const ErrCode code = tell_all(story, doc.root, err);
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
    const NodeWish wish = {.name = text_from_z(name), .role = role, .is_demo = true};
    TRY(path_join(directory, part, path, err));
    TRY(node_init(host_real(), path, &wish, err));
    TRY(hand_open(&hand, path, err));
    return tell_story(&hand, role == NODE_BOX, err);
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
