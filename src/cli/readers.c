#include <string.h>

#include "answer/signal.h"
#include "cli/show.h"
#include "host/file.h"
#include "seal/reader.h"
#include "store/query.h"

#define KEY_FILE_MAX 4096

/* ---- reader ---- */

static ErrCode ask_readers(const View *view, void *context, Emit *emit, Err *err)
{
    (void)context;
    return answer_all_readers(view, emit, err);
}

static void fill_readers(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"单位", "用途", "持有人", "开始", "结束", "公钥"};
    const FieldInfo *purpose = vocab_field(vocab_kind(KIND_READER), READER_PURPOSE);
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const Choice *choice = vocab_choice_named(purpose->among, show_text(item, "purpose"));
        table_add(table, show_name(item, "unit"));
        table_add_z(table, choice == NULL ? "" : choice->zh);
        table_add(table, show_name(item, "holder"));
        table_add(table, show_text(item, "from"));
        table_add(table, show_text(item, "to"));
        table_add(table, show_text(item, "key"));
    }
}

typedef struct NewReader {
    Id unit;
    Id holder;
    int purpose;
    Day from;
} NewReader;

static ErrCode read_reader(const Options *options, NewReader *out_reader, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    const FieldInfo *field = vocab_field(vocab_kind(KIND_READER), READER_PURPOSE);
    const char *word = option_value(options, "--purpose");
    const Choice *purpose = vocab_choice_named(field->among, text_from_z(word == NULL ? "" : word));
    if (purpose == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say --purpose integrity or --purpose hardship");
    }
    out_reader->purpose = purpose->number;
    TRY(look_open(&look, options, err));
    out_reader->from = look.view.on;
    TRY(show_need(options, "--unit", &look.view, KIND_UNIT, &out_reader->unit, out_exit, err));
    return show_need(options, "--person", &look.view, KIND_PERSON, &out_reader->holder, out_exit,
                     err);
}

/* The secret goes to its holder and nowhere else: printed once, or into a file of their own. */
static ErrCode hand_out(const Options *options, const Host *host, const ReaderSecret *secret,
                        Err *err)
{
    char text[READER_KEY_TEXT + 1];
    const char *file = option_value(options, "--key-file");
    reader_secret_write(secret, text);
    if (file == NULL) {
        printf("the secret key, shown this once; without it nothing can be opened:\n%s\n", text);
        secret_wipe(text, sizeof text);
        return OK;
    }
    const ErrCode code = file_write(host, file, bytes_of(text_from_z(text)), FILE_PRIVATE, err);
    secret_wipe(text, sizeof text);
    if (code == OK)
        printf("the secret key is in %s; give it to its holder and keep no copy here\n", file);
    return code;
}

static ErrCode add_reader(Hand *hand, const NewReader *reader, const ReaderKey *key, Exit *out_exit,
                          Err *err)
{
    char text[READER_KEY_TEXT];
    Answer answer;
    Command command = {
        .op = op_new(hand->node.host), .action = ACTION_ADD, .kind = vocab_kind(KIND_READER)};
    command.record.kind = command.kind;
    record_set_ref(&command.record, READER_UNIT, reader->unit);
    record_set_int(&command.record, READER_PURPOSE, reader->purpose);
    record_set_text(&command.record, READER_KEY, text_from_z(reader_key_write(key, text)));
    record_set_ref(&command.record, READER_HOLDER, reader->holder);
    record_set_int(&command.record, READER_FROM, reader->from);
    TRY(hand_execute(hand, &command, &answer, err));
    if (answer.status == ANSWER_DONE) return OK;
    *out_exit = EXIT_NO;
    return err_set(err, answer.code, "%s", answer.detail);
}

/* The secret is handed out first: a reader whose secret nobody has would take reports for ever. */
static ErrCode make_reader(const Options *options, const NewReader *reader, Exit *out_exit,
                           Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    ReaderKey key;
    ReaderSecret secret;
    TRY(hand_open(&hand, options->positionals[0], err));
    reader_make(hand.node.host, &key, &secret);
    const ErrCode code = hand_out(options, hand.node.host, &secret, err);
    reader_secret_done(&secret);
    if (code != OK) return code;
    return add_reader(&hand, reader, &key, out_exit, err);
}

ErrCode cli_reader(const Options *options, Exit *out_exit, Err *err)
{
    if (strcmp(options->positionals[1], "list") == 0) {
        AUTO(look_close) Look look = {0};
        TRY(look_open(&look, options, err));
        const Show show = {options, ask_readers, NULL, fill_readers, 6, NULL, out_exit};
        return show_run(&show, &look, err);
    }
    NewReader reader = {0};
    TRY(read_reader(options, &reader, out_exit, err));
    return make_reader(options, &reader, out_exit, err);
}

/* ---- unseal ---- */

static ErrCode read_secret(const Options *options, const Host *host, ReaderSecret *out_secret,
                           Exit *out_exit, Err *err)
{
    AUTO(buf_done) Buf bytes = {0};
    Text text = {0};
    const char *file = option_value(options, "--key");
    if (file == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "--key is missing: the file with a reader's secret key");
    }
    buf_init(&bytes, KEY_FILE_MAX);
    TRY(file_read(host, file, KEY_FILE_MAX, &bytes, err));
    ErrCode code = text_from_bytes(buf_as_bytes(&bytes), &text, err);
    if (code == OK) code = reader_secret_parse(text, out_secret, err);
    if (bytes.at != NULL) secret_wipe(bytes.at, bytes.size);
    return code;
}

static ErrCode print_opened(const ReaderSecret *secret, const Query *query, int column,
                            const char *what, Arena *arena, Err *err)
{
    Bytes envelope = {0};
    Text plain = {0};
    TRY(query_bytes(query, column, arena, &envelope, err));
    TRY(envelope_open(secret, envelope, arena, &plain, err));
    printf("%s：%.*s\n", what, TEXT_ARG(plain));
    return OK;
}

static ErrCode open_signal(const Look *look, Key signal, const ReaderSecret *secret, Arena *arena,
                           Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, look->store, ENVELOPE_OF_SIGNAL, err));
    query_bind_int(&query, 1, look->view.shard);
    query_bind_int(&query, 2, signal);
    TRY(query_next(&query, &found, err));
    if (!found || query_is_null(&query, 0))
        return err_set(err, ERR_INVALID, "this signal is not sealed: `tongpin signals` shows it");
    return print_opened(secret, &query, 0, "内容", arena, err);
}

static ErrCode open_steps(const Look *look, Key signal, const ReaderSecret *secret, Arena *arena,
                          Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    const FieldInfo *field = vocab_field(vocab_kind(KIND_HANDLING), HANDLING_STEP);
    TRY(query_begin(&query, look->store, ENVELOPES_OF_STEPS, err));
    query_bind_int(&query, 1, look->view.shard);
    query_bind_int(&query, 2, signal);
    TRY(query_next(&query, &found, err));
    while (found) {
        const Choice *choice = vocab_choice(field->among, (int)query_int(&query, 1));
        TRY(print_opened(secret, &query, 2, choice == NULL ? "" : choice->zh, arena, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode open_all(Look *look, Id signal, const ReaderSecret *secret, Err *err)
{
    Key key = KEY_NONE;
    TRY(view_find(&look->view, signal, KIND_SIGNAL, &key, err));
    TRY(open_signal(look, key, secret, &look->arena, err));
    return open_steps(look, key, secret, &look->arena, err);
}

ErrCode cli_unseal(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    ReaderSecret secret;
    Id signal;
    TRY(cli_said(id_parse(text_from_z(options->positionals[1]), &signal, err), out_exit));
    TRY(look_open(&look, options, err));
    TRY(read_secret(options, look.node.host, &secret, out_exit, err));
    const ErrCode code = open_all(&look, signal, &secret, err);
    reader_secret_done(&secret);
    return code;
}
