#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "host/file.h"
#include "sync/restore.h"
#include "sync/scrub.h"
#include "sync/stick.h"

#define SECRET_FILE_MAX ((size_t)16 * 1024)
#define SECRET_ARENA    ((size_t)64 * 1024)

/* ---- What opens a backup ---- */

static ErrCode read_secret(const char *path, Arena *arena, Text *out_text, Err *err)
{
    AUTO(buf_done) Buf bytes = {0};
    buf_init(&bytes, SECRET_FILE_MAX);
    TRY(file_read(host_real(), path, SECRET_FILE_MAX, &bytes, err));
    Text text;
    if (text_from_bytes(buf_as_bytes(&bytes), &text, err) != OK)
        return err_context(err, "%s", path);
    const ErrCode code = text_copy(arena, text, out_text, err);
    if (bytes.at != NULL) secret_wipe(bytes.at, bytes.size);
    return code;
}

/* The first line of the file. */
static ErrCode read_passphrase(const Options *options, Arena *arena, Text *out_text, Err *err)
{
    const char *path = option_value(options, "--passphrase");
    if (path == NULL) return OK;
    TRY(read_secret(path, arena, out_text, err));
    *out_text = text_trim(text_split(out_text, '\n'));
    if (out_text->size > 0) return OK;
    return err_set(err, ERR_INVALID, "%s holds no passphrase in its first line", path);
}

static ErrCode read_keys(const char *list, ReaderKey keys[AGE_KEYS_MAX], size_t *out_count,
                         Err *err)
{
    Text text;
    *out_count = 0;
    TRY(text_from_bytes((Bytes){(const uint8_t *)list, strlen(list)}, &text, err));
    while (text.size > 0) {
        if (*out_count == AGE_KEYS_MAX)
            return err_set(err, ERR_INVALID, "a backup opens for at most %d keys", AGE_KEYS_MAX);
        TRY(age_key_parse(text_split(&text, ','), &keys[*out_count], err));
        (*out_count)++;
    }
    return OK;
}

/* As age-keygen writes them: one key a line, and lines that begin with #. */
static ErrCode read_secrets(const char *path, Arena *arena, ReaderSecret secrets[AGE_KEYS_MAX],
                            size_t *out_count, Err *err)
{
    Text text = {0};
    *out_count = 0;
    TRY(read_secret(path, arena, &text, err));
    while (text.size > 0 && *out_count < AGE_KEYS_MAX) {
        const Text line = text_trim(text_split(&text, '\n'));
        if (line.size == 0 || line.at[0] == '#') continue;
        if (age_secret_parse(line, &secrets[*out_count], err) != OK)
            return err_context(err, "%s", path);
        (*out_count)++;
    }
    if (*out_count > 0) return OK;
    return err_set(err, ERR_INVALID, "%s holds no key", path);
}

ErrCode cli_recovery_key(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(reader_secret_done) ReaderSecret secret = {{0}};
    ReaderKey key;
    char text[AGE_KEY_TEXT_MAX];
    char line[AGE_KEY_TEXT_MAX + 1];
    bool exists = false;
    const char *path = options->positionals[0];
    (void)out_exit;
    TRY(seal_begin(err));
    TRY(file_exists(host_real(), path, &exists, err));
    if (exists) return err_set(err, ERR_CONFLICT, "%s is there already", path);
    reader_make(host_real(), &key, &secret);
    (void)snprintf(line, sizeof line, "%s\n", age_secret_write(&secret, text));
    const ErrCode code = file_write(host_real(), path, (Bytes){(const uint8_t *)line, strlen(line)},
                                    FILE_SECRET, err);
    secret_wipe(line, sizeof line);
    secret_wipe(text, sizeof text);
    if (code == OK) printf("%s\n", age_key_write(&key, text));
    return code;
}

/* ---- backup ---- */

static void print_facts(const BackupFacts *facts)
{
    char node[NODE_TEXT_MAX];
    char state[DIGEST_TEXT_MAX];
    printf("%s (node %s, epoch %u): %" PRIu64 " rows, %" PRIu64 " files, %" PRIu64 " bytes\n",
           facts->name, node_write(facts->node_short, node), facts->epoch, facts->row_count,
           facts->file_count, facts->byte_count);
    printf("state hash %s\n", digest_write(&facts->state, state));
}

static ErrCode recipients(const Options *options, Arena *arena, ReaderKey keys[AGE_KEYS_MAX],
                          AgeTo *out_to, Err *err)
{
    const char *to = option_value(options, "--to");
    *out_to = (AgeTo){.keys = keys, .work = AGE_WORK};
    if (to != NULL) TRY(read_keys(to, keys, &out_to->key_count, err));
    TRY(read_passphrase(options, arena, &out_to->passphrase, err));
    if ((out_to->key_count > 0) != (out_to->passphrase.size > 0)) return OK;
    return err_set(err, ERR_INVALID,
                   "say who can open the backup: either --to KEYS ('tongpin recovery-key' or "
                   "age-keygen makes one) or --passphrase FILE");
}

ErrCode cli_backup(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    AUTO(stick_done) Stick stick = {0};
    AUTO(arena_done) Arena arena = {0};
    const char *path = options->positionals[1];
    ReaderKey keys[AGE_KEYS_MAX];
    AgeTo to;
    BackupFacts facts = {.name = ""};
    arena_init(&arena, SECRET_ARENA);
    TRY(seal_begin(err));
    TRY(cli_said(recipients(options, &arena, keys, &to, err), out_exit));
    TRY(look_open(&look, options, err));
    TRY(cli_said(stick_begin(&stick, host_real(), path, STICK_PART_BYTES, err), out_exit));
    TRY(backup_write(&look.node, look.store, &to, stick_put, &stick, &facts, err));
    (void)snprintf(facts.name, sizeof facts.name, "%.*s", TEXT_ARG(look.node.name));
    TRY(stick_end(&stick, err));
    print_facts(&facts);
    printf("%s: %" PRIu64 " bytes, read again and the same: safe to remove\n", path, stick.total);
    return OK;
}

/* ---- restore ---- */

ErrCode cli_restore(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    ReaderSecret secrets[AGE_KEYS_MAX];
    const char *key = option_value(options, "--key");
    const char *database = option_value(options, "--db");
    RestoreReport report = {.epoch = 0};
    RestoreWish wish = {.file = options->positionals[0],
                        .directory = options->positionals[1],
                        .with = {.secrets = secrets},
                        .database = text_from_z(database == NULL ? "" : database)};
    arena_init(&arena, SECRET_ARENA);
    TRY(seal_begin(err));
    if (key != NULL)
        TRY(cli_said(read_secrets(key, &arena, secrets, &wish.with.secret_count, err), out_exit));
    TRY(cli_said(read_passphrase(options, &arena, &wish.with.passphrase, err), out_exit));
    if (wish.with.secret_count == 0 && wish.with.passphrase.size == 0) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID,
                       "say what opens the backup: --key FILE or --passphrase "
                       "FILE");
    }
    writer_begin();
    const ErrCode code = restore(host_real(), &wish, &report, err);
    writer_end();
    secret_wipe(secrets, sizeof secrets);
    if (code != OK) return code;
    print_facts(&report.facts);
    printf("restored and the same: %" PRId64 " entries; this is epoch %u now\n", report.entry_count,
           report.epoch);
    printf("what the node wrote after the backup comes back with the next bundle of a node that "
           "has it\n");
    return OK;
}

/* ---- scrub ---- */

static void print_damage(void *context, const char *where, const char *words)
{
    (void)context;
    printf("%s: %s\n", where, words);
}

ErrCode cli_scrub(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(node_close) Node node = {0};
    ScrubReport report;
    TRY(node_open(&node, host_real(), options->positionals[0], err));
    scrub(&node, print_damage, NULL, &report);
    printf("%" PRId64 " rows in %" PRId64 " tables, %" PRId64 " entries, %" PRId64
           " signed segments, %" PRId64 " files\n",
           report.row_count, report.table_count, report.entry_count, report.segment_count,
           report.file_count);
    if (report.damage_count == 0) {
        printf("everything was read, and is what it was\n");
        return OK;
    }
    *out_exit = EXIT_NO;
    return err_set(err, ERR_CORRUPT,
                   "%" PRId64 " damaged: restore from a backup, or from the copy of a peer",
                   report.damage_count);
}
