/* How a new box becomes a node of the tree: asked there, approved here by two persons. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/show.h"
#include "engine/accounts.h"
#include "host/file.h"
#include "seal/password.h"
#include "sync/enrol.h"
#include "sync/peers.h"
#include "sync/trust_chain.h"

#define FILE_BYTES_MAX    ((size_t)64 * 1024)
#define PASSWORD_LINE_MAX (PASSWORD_BYTES_MAX + 2)

static ErrCode word_of(const char *z, Text *out_text, Err *err)
{
    return text_from_bytes((Bytes){(const uint8_t *)z, strlen(z)}, out_text, err);
}

static ErrCode read_file(const char *path, Buf *out, Err *err)
{
    buf_init(out, FILE_BYTES_MAX);
    return file_read(host_real(), path, FILE_BYTES_MAX, out, err);
}

/* ---- at the box ---- */

static ErrCode ask_for(const char *directory, const char *path, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    AUTO(buf_done) Buf request = {0};
    char words[ENROL_WORDS_MAX];
    buf_init(&request, ENROL_BYTES_MAX);
    TRY(hand_open(&hand, directory, err));
    TRY(enrol_request(&hand.node, &request, err));
    TRY(file_write(host_real(), path, buf_as_bytes(&request), FILE_PRIVATE, err));
    printf("carry %s to headquarters; the words there are to be\n    %s\n", path,
           enrol_words(buf_as_bytes(&request), words));
    return OK;
}

static ErrCode accept_from(const char *directory, const char *path, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    AUTO(buf_done) Buf grant = {0};
    Text text = {0};
    PublicKey root;
    char words[ENROL_WORDS_MAX];
    TRY(read_file(path, &grant, err));
    TRY(text_from_bytes(buf_as_bytes(&grant), &text, err));
    TRY(hand_open(&hand, directory, err));
    writer_expect(); /* hand_open() made this thread the writer */
    TRY(enrol_accept(hand.store, &hand.node, text, err));
    TRY(trust_root(hand.store, &hand.node, &root, err));
    printf("enrolled; the root is to have the words\n    %s\n",
           enrol_words((Bytes){root.at, PUBLIC_KEY_SIZE}, words));
    return OK;
}

ErrCode cli_enrol(const Options *options, Exit *out_exit, Err *err)
{
    const bool is_ask = strcmp(options->positionals[0], "ask") == 0;
    const ErrCode code = is_ask
                             ? ask_for(options->positionals[1], options->positionals[2], err)
                             : accept_from(options->positionals[1], options->positionals[2], err);
    if (code == ERR_INVALID) *out_exit = EXIT_NO;
    return code;
}

/* ---- at headquarters ---- */

static ErrCode list_requests(const Options *options, Err *err)
{
    AUTO(look_close) Look look = {0};
    Enrolments list;
    PublicKey root;
    char words[ENROL_WORDS_MAX];
    TRY(look_open(&look, options, err));
    TRY(trust_root(look.store, &look.node, &root, err));
    TRY(enrolments_load(look.store, &look.node, &look.arena, &list, err));
    printf("the root: %s\n", enrol_words((Bytes){root.at, PUBLIC_KEY_SIZE}, words));
    if (list.count == 0) printf("nobody waits\n");
    for (size_t i = 0; i < list.count; i++) {
        const Enrolment *item = &list.items[i];
        char scopes[WARRANT_TEXT_MAX];
        printf("%s  %.*s\n", item->words, TEXT_ARG(item->request.name));
        if (!id_is_nil(item->approved_by))
            printf("            approved once, as %s for %s\n",
                   item->role == CERTIFICATE_HQ ? "hq" : "box",
                   warrant_write(&item->warrant, scopes));
    }
    return OK;
}

static ErrCode add_request(const Options *options, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    AUTO(buf_done) Buf request = {0};
    char words[ENROL_WORDS_MAX];
    TRY(read_file(options->positionals[2], &request, err));
    TRY(hand_open(&hand, options->positionals[0], err));
    writer_expect(); /* hand_open() made this thread the writer */
    TRY(enrolments_add(hand.store, &hand.node, buf_as_bytes(&request), words, err));
    printf("waits: compare these words with what the box shows\n    %s\n", words);
    return OK;
}

static ErrCode read_password(char out[PASSWORD_LINE_MAX], Err *err)
{
    if (fgets(out, PASSWORD_LINE_MAX, stdin) == NULL)
        return err_set(err, ERR_INVALID, "the password is read from standard input, one line");
    out[strcspn(out, "\r\n")] = '\0';
    return OK;
}

/* Somebody who may make accounts, by their password: the same words whatever does not fit. */
static ErrCode check_person(Hand *hand, Text name, Id *out_account, Err *err)
{
    char password[PASSWORD_LINE_MAX];
    Account account;
    Grants grants = {NULL, 0};
    bool found = false;
    bool fits = false;
    TRY(read_password(password, err));
    TRY(account_find(hand->store, name, &hand->arena, &found, &account, err));
    if (found && !account_is_once(bytes_of(account.stored)))
        TRY(password_matches(&hand->node.keyring, text_from_z(password), account.stored.at, &fits,
                             err));
    secret_wipe(password, sizeof password);
    if (found) TRY(account_grants(hand->store, account.key, &hand->arena, &grants, err));
    if (!fits || account.is_disabled || account.must_change || !grants_allow(&grants, MAY_ACCOUNTS))
        return err_set(err, ERR_DENIED,
                       "\"%.*s\" with that password may not approve nodes: it takes an account "
                       "that may make accounts",
                       TEXT_ARG(name));
    *out_account = account.id;
    return OK;
}

static ErrCode audit(Hand *hand, Text name, const EnrolWish *wish, Err *err) ONLY_ON(writer_role)
{
    char scopes[WARRANT_TEXT_MAX];
    TRY(engine_begin(hand->engine, err));
    ErrCode code =
        engine_audit(hand->engine, &hand->actor, "node_approved", name, true, wish->words,
                     text_from_z(warrant_write(&wish->warrant, scopes)), err);
    if (code == OK) code = engine_commit(hand->engine, err);
    if (code != OK) engine_roll_back(hand->engine);
    return code;
}

static ErrCode wish_of(const Options *options, EnrolWish *out_wish, Text *out_name, Err *err)
{
    const char *scopes = option_value(options, "--scope");
    const char *role = option_value(options, "--role");
    const char *name = option_value(options, "--as");
    Text text = {0};
    if (scopes == NULL || name == NULL)
        return err_set(err, ERR_INVALID,
                       "say --scope IDS, what the node may have and speak for, and --as NAME, who "
                       "approves");
    TRY(word_of(options->positionals[2], &out_wish->words, err));
    TRY(word_of(scopes, &text, err));
    TRY(warrant_parse(text, &out_wish->warrant, err));
    out_wish->role = role != NULL && strcmp(role, "hq") == 0 ? CERTIFICATE_HQ : CERTIFICATE_BOX;
    return word_of(name, out_name, err);
}

static ErrCode write_grant(Hand *hand, uint64_t node_short, const char *path, Err *err)
{
    AUTO(buf_done) Buf grant = {0};
    buf_init(&grant, FILE_BYTES_MAX);
    TRY(enrol_grant(hand->store, &hand->node, node_short, &grant, err));
    TRY(file_write(host_real(), path, buf_as_bytes(&grant), FILE_PRIVATE, err));
    printf("carry %s back to the box: 'tongpin enrol accept DIR FILE'\n", path);
    return OK;
}

static ErrCode approve(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    EnrolWish wish = {.role = CERTIFICATE_BOX};
    Text name = {0};
    uint64_t node_short = 0;
    const char *path = option_value(options, "--out");
    TRY(cli_said(wish_of(options, &wish, &name, err), out_exit));
    TRY(hand_open(&hand, options->positionals[0], err));
    writer_expect(); /* hand_open() made this thread the writer */
    TRY(check_person(&hand, name, &wish.account, err));
    TRY(enrol_approve(hand.engine, &hand.actor, &wish, &node_short, err));
    TRY(audit(&hand, name, &wish, err));
    if (node_short == 0) {
        printf("approved once; now it is somebody else's turn\n");
        return OK;
    }
    printf("approved twice: it is certified\n");
    return path == NULL ? OK : write_grant(&hand, node_short, path, err);
}

/* Once more, for a box that lost the first. */
static ErrCode write_again(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    Peers peers;
    const Peer *peer = NULL;
    Text name = {0};
    const char *path = option_value(options, "--out");
    if (path == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say --out FILE");
    }
    TRY(word_of(options->positionals[2], &name, err));
    TRY(hand_open(&hand, options->positionals[0], err));
    TRY(peers_load(hand.store, &hand.arena, &peers, err));
    TRY(peer_named(&peers, name, &peer, err));
    return write_grant(&hand, peer->node_short, path, err);
}

ErrCode cli_enrolments(const Options *options, Exit *out_exit, Err *err)
{
    const char *what = options->positionals[1];
    if (strcmp(what, "list") == 0) return list_requests(options, err);
    if (options->positional_count < 3) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say which: a FILE, WORDS or a NAME");
    }
    if (strcmp(what, "add") == 0) return add_request(options, err);
    return strcmp(what, "approve") == 0 ? approve(options, out_exit, err)
                                        : write_again(options, out_exit, err);
}
