#include <string.h>

#include "base/doc.h"
#include "cli/cli.h"
#include "cli/hand_accounts.h"
#include "seal/password.h"

#define STDIN_BYTES_MAX    ((size_t)16 << 20)
#define ACCOUNTS_SHOWN_MAX 1000

/* Nothing is made on this machine before its database has answered. */
static ErrCode try_database(const char *database, Err *err)
{
    AUTO(store_close) Store *store = NULL;
    return store_open(&store, &(StoreOptions){.place = database, .is_writer = true}, err);
}

ErrCode cli_init(const Options *options, Exit *out_exit, Err *err)
{
    const char *name = option_value(options, "--name");
    const char *role = option_value(options, "--role");
    const char *database = option_value(options, "--db");
    if (name == NULL || role == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say --name NAME and --role hq or --role box");
    }
    NodeWish wish = {.role = strcmp(role, "hq") == 0 ? NODE_HQ : NODE_BOX,
                     .database = text_from_z(database == NULL ? "" : database)};
    TRY(text_from_bytes((Bytes){(const uint8_t *)name, strlen(name)}, &wish.name, err));
    if (text_starts_with(wish.database, TEXT("postgres"))) TRY(try_database(database, err));
    TRY(cli_said(node_init(host_real(), options->positionals[0], &wish, err), out_exit));
    /* The first writer makes the tables, so that everything else finds a whole node. */
    AUTO(hand_close) Hand hand = {0};
    TRY(hand_open(&hand, options->positionals[0], err));
    printf("%s is ready: start it with 'tongpin serve %s'\n", name, options->positionals[0]);
    return OK;
}

/* ---- commands from standard input ---- */

static ErrCode read_stdin(Buf *buf, Err *err)
{
    uint8_t piece[16384];
    size_t size = 0;
    while ((size = fread(piece, 1, sizeof piece, stdin)) > 0)
        buf_add(buf, (Bytes){piece, size});
    if (ferror(stdin) != 0) return err_set(err, ERR_IO, "standard input cannot be read");
    return buf_check(buf, err);
}

static ErrCode run_commands(Hand *hand, const DocValue *list, Emit *emit, Exit *out_exit, Err *err)
{
    for (size_t i = 0; i < doc_count(list); i++) {
        Command command = {0};
        Answer answer = {.status = ANSWER_REFUSED};
        Err why;
        const ErrCode code = command_decode(doc_at(list, i), &command, &why);
        if (code != OK) {
            answer.code = code;
            memcpy(answer.detail, why.message, sizeof answer.detail);
        } else {
            TRY(hand_execute(hand, &command, &answer, err));
        }
        if (answer.status == ANSWER_REFUSED) *out_exit = EXIT_NO;
        answer_emit(&command, &answer, emit);
    }
    return OK;
}

ErrCode cli_command(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(buf_done) Buf input = {0};
    AUTO(buf_done) Buf output = {0};
    AUTO(doc_done) Doc doc = {0};
    AUTO(hand_close) Hand hand = {0};
    Emit emit;
    buf_init(&input, STDIN_BYTES_MAX);
    buf_init(&output, STDIN_BYTES_MAX * 4);
    emit_init(&emit, &output);
    TRY(read_stdin(&input, err));
    TRY(doc_parse(&doc, buf_as_bytes(&input), err));
    const DocValue *list =
        doc_type(doc.root) == DOC_ARRAY ? doc.root : doc_get(doc.root, "commands");
    if (doc_type(list) != DOC_ARRAY)
        return err_set(err, ERR_INVALID, "expected {\"commands\": [...]} or an array of commands");
    TRY(hand_open(&hand, options->positionals[0], err));
    emit_open_object(&emit);
    emit_key(&emit, "results");
    emit_open_array(&emit);
    TRY(run_commands(&hand, list, &emit, out_exit, err));
    emit_close_array(&emit);
    emit_close_object(&emit);
    emit_done(&emit);
    buf_add_byte(&output, '\n');
    TRY(buf_check(&output, err));
    return print_bytes(buf_as_bytes(&output), err);
}

/* ---- accounts ---- */

static ErrCode list_accounts(Look *look, Err *err)
{
    AccountList list;
    TRY(account_list(look->store, 0, ACCOUNTS_SHOWN_MAX, &look->arena, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        Grants grants;
        PersonName person;
        bool is_of_person = false;
        TRY(account_person(look->store, look->node.shard, list.items[i].person, &look->arena,
                           &is_of_person, &person, err));
        printf("%.*s%s", TEXT_ARG(list.items[i].name), list.items[i].is_disabled ? " (off)" : "");
        if (is_of_person) printf(" [%.*s]", TEXT_ARG(person.name));
        printf(":");
        TRY(account_grants(look->store, list.items[i].key, &look->arena, &grants, err));
        for (size_t g = 0; g < grants.count; g++) {
            ScopeCard card = {0};
            const Grant *grant = &grants.items[g];
            if (grant->scope != 0)
                TRY(scope_card(look->store, look->node.shard, grant->scope, &look->arena, &card,
                               err));
            printf(" %s@%.*s", role_info((int)grant->role)->name,
                   TEXT_ARG(grant->scope == 0 ? TEXT("*") : card.name));
        }
        printf("\n");
    }
    return OK;
}

static ErrCode make_account(Hand *hand, const AccountWish *wish, Err *err) ONLY_ON(writer_role)
{
    Id id;
    TRY(engine_begin(hand->engine, err));
    TRY(account_add(hand->engine, &hand->actor, wish, &id, err));
    return engine_commit(hand->engine, err);
}

ErrCode hand_add_account(Hand *hand, AccountWish wish, const char *password, Err *err)
{
    char stored[PASSWORD_STORED_MAX];
    TRY(password_keep(&hand->node.keyring, PASSWORD_COST_PRODUCT, text_from_z(password), stored,
                      err));
    wish.stored = stored;
    writer_expect(); /* hand_open() made this thread the writer */
    const ErrCode code = make_account(hand, &wish, err);
    if (code != OK) engine_roll_back(hand->engine);
    return code;
}

/* The scope of a new role: a unit or a project, by id, code or name; "*" for everywhere. */
static ErrCode find_scope(const Options *options, Id *out_scope, Err *err)
{
    AUTO(look_close) Look look = {0};
    const char *scope = option_value(options, "--scope");
    *out_scope = (Id){{0}};
    if (scope == NULL || strcmp(scope, "*") == 0) return OK;
    TRY(look_open(&look, options, err));
    if (resolve(&look.view, KIND_UNIT, scope, out_scope, err) == OK ||
        resolve(&look.view, KIND_PROJECT, scope, out_scope, err) == OK)
        return OK;
    return err_set(err, ERR_INVALID, "there is no unit and no project \"%.60s\"", scope);
}

/* Whose the account is to be; nil when that is not said. */
static ErrCode find_person(const Options *options, Id *out_person, Err *err)
{
    AUTO(look_close) Look look = {0};
    const char *person = option_value(options, "--person");
    *out_person = (Id){{0}};
    if (person == NULL) return OK;
    TRY(look_open(&look, options, err));
    return resolve(&look.view, KIND_PERSON, person, out_person, err);
}

static ErrCode grant_of(const Options *options, GrantWish *out_grant, Err *err)
{
    const char *role = option_value(options, "--role");
    const RoleInfo *info = role == NULL ? NULL : role_named(text_from_z(role));
    if (info == NULL)
        return err_set(err, ERR_INVALID,
                       "say --role system_admin, security_admin, auditor, staff, leader or worker");
    /* Who works at a site seldom works at all of them. */
    const bool is_local = info->code == ROLE_LEADER || info->code == ROLE_WORKER;
    if (is_local && !option_given(options, "--scope"))
        return err_set(err, ERR_INVALID,
                       "say where with --scope UNIT or PROJECT, or --scope '*' for everywhere");
    *out_grant = (GrantWish){.role = info->code};
    return find_scope(options, &out_grant->scope, err);
}

static ErrCode disable_account(Hand *hand, Text name, Err *err)
{
    Account account;
    bool found = false;
    TRY(account_find(hand->store, name, &hand->arena, &found, &account, err));
    if (!found) return err_set(err, ERR_NOT_FOUND, "there is no account of that name");
    writer_expect(); /* hand_open() made this thread the writer */
    ErrCode code = engine_begin(hand->engine, err);
    if (code == OK) code = account_disable(hand->engine, &hand->actor, account.id, err);
    if (code == OK) code = engine_commit(hand->engine, err);
    if (code != OK) engine_roll_back(hand->engine);
    return code;
}

ErrCode cli_account(const Options *options, Exit *out_exit, Err *err)
{
    const char *what = options->positionals[1];
    const bool is_list = strcmp(what, "list") == 0;
    const bool is_add = strcmp(what, "add") == 0;
    if (!is_list && options->positional_count < 3) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say whose account it is: %s NAME", what);
    }
    if (is_list) {
        AUTO(look_close) Look look = {0};
        TRY(look_open(&look, options, err));
        return list_accounts(&look, err);
    }
    GrantWish grant = {0};
    AccountWish wish = {.must_change = true, .grants = &grant, .grant_count = 1};
    if (is_add) {
        TRY(cli_said(grant_of(options, &grant, err), out_exit));
        TRY(cli_said(find_person(options, &wish.person, err), out_exit));
    }
    AUTO(hand_close) Hand hand = {0};
    TRY(hand_open(&hand, options->positionals[0], err));
    const char *word = options->positionals[2];
    TRY(text_from_bytes((Bytes){(const uint8_t *)word, strlen(word)}, &wish.name, err));
    if (!is_add) return disable_account(&hand, wish.name, err);
    char code[CODE_TEXT_MAX];
    char normal[CODE_TEXT_MAX];
    code_make(hand.node.host, 3, code);
    const Text password = code_normalise(text_from_z(code), normal);
    (void)password; /* the same characters, ended by a NUL */
    TRY(hand_add_account(&hand, wish, normal, err));
    printf("%s may sign in once with %s and then chooses a password\n", word, code);
    return OK;
}
