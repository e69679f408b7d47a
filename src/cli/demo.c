#include <string.h>

#include "base/doc.h"
#include "base/map.h"
#include "cli/cli.h"
#include "cli/hand_accounts.h"
#include "engine/accounts.h"
#include "host/file.h"

#define STORY_BYTES_MAX ((size_t)4 << 20)
#define STORY_NAMES_MAX 512

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

/* "@yifeng" is a thing told before; "day-160" is a day that long before today. */
static ErrCode translate(const Story *story, const FieldInfo *field, Text word, Record *record,
                         Err *err)
{
    if (field->type == FIELD_REF) {
        Id id;
        if (word.size == 0 || !find_told(story, (Text){word.at + 1, word.size - 1}, &id))
            return err_set(err, ERR_INVALID, "the story speaks of %.*s before it is told",
                           TEXT_ARG(word));
        record_set_ref(record, field->number, id);
        return OK;
    }
    if (field->type == FIELD_DAY && text_starts_with(word, TEXT("day"))) {
        int64_t offset = 0;
        TRY(text_to_int((Text){word.at + 3, word.size - 3}, &offset, err));
        record_set_int(record, field->number, story->today + offset);
        return OK;
    }
    return err_set(err, ERR_NOT_FOUND, "nothing to translate");
}

static ErrCode tell_fields(const Story *story, const KindInfo *kind, const DocValue *fields,
                           Record *record, Err *err)
{
    /* What needs no translation goes the way of every command. */
    AUTO(buf_done) Buf rest = {0};
    AUTO(doc_done) Doc doc = {0};
    Record translated = {.kind = kind};
    Emit emit;
    void *cursor = NULL;
    Text key;
    const DocValue *value;
    buf_init(&rest, STORY_BYTES_MAX);
    emit_init(&emit, &rest);
    emit_open_object(&emit);
    while (doc_next(fields, &cursor, &key, &value)) {
        const FieldInfo *field = vocab_field_named(kind, key);
        if (field == NULL)
            return err_set(err, ERR_INVALID, "the story: a %s has no %.*s", kind->name,
                           TEXT_ARG(key));
        Err none;
        if (doc_type(value) == DOC_TEXT &&
            translate(story, field, doc_text(value), &translated, &none) == OK)
            continue;
        emit_key(&emit, field->name);
        if (doc_type(value) == DOC_TEXT)
            emit_text(&emit, doc_text(value));
        else if (doc_type(value) == DOC_BOOL)
            emit_bool(&emit, doc_bool(value));
        else if (doc_type(value) == DOC_INT)
            emit_int(&emit, doc_int(value));
        else
            emit_micro(&emit, (int64_t)(doc_real(value) * 1e6 + 0.5));
    }
    emit_close_object(&emit);
    TRY(buf_check(&rest, err));
    TRY(doc_parse(&doc, buf_as_bytes(&rest), err));
    TRY(command_decode_fields(kind, doc.root, record, err));
    for (size_t i = 0; i < kind->field_count; i++) { /* texts die with the document */
        FieldValue *field = &record->fields[kind->fields[i].number];
        if (field->state == FIELD_SET && field->bytes.size > 0)
            TRY(bytes_copy(&story->hand->arena, field->bytes, &field->bytes, err));
    }
    record_lay_over(record, &translated);
    return OK;
}

static ErrCode tell(Story *story, const DocValue *item, Err *err) ONLY_ON(writer_role)
{
    const Text name = doc_text(doc_get(item, "as"));
    const KindInfo *kind = vocab_kind_named(doc_text(doc_get(item, "add")));
    Answer answer;
    if (story->is_box && !doc_bool(doc_get(item, "box"))) return OK;
    if (kind == NULL || story->count == STORY_NAMES_MAX)
        return err_set(err, ERR_INVALID, "the story: %.*s cannot be told", TEXT_ARG(name));
    Command command = {.op = op_new(story->hand->node.host), .action = ACTION_ADD, .kind = kind};
    TRY(tell_fields(story, kind, doc_get(item, "fields"), &command.record, err));
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
