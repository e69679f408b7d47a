#include "sync/scrub.h"

#include <stdio.h>

#include "host/file.h"
#include "store/kept.h"
#include "store/state_hash.h"

#define WHERE_MAX     80
#define FILE_SIZE_MAX ((size_t)4 << 20)
#define LIST_BYTES    ((size_t)256 * 1024)

typedef struct Scrubbing {
    const Node *node;
    Store *store;           /* of the part that is read */
    const KeptTable *table; /* that is read */
    ScrubTell tell;
    void *context;
    ScrubReport report;
} Scrubbing;

static void note(Scrubbing *scrubbing, const char *where, const char *words)
{
    scrubbing->report.damage_count++;
    scrubbing->tell(scrubbing->context, where, words);
}

/* A store that met damage is asked nothing any more, so each part opens one of its own. */
static ErrCode with_store(Scrubbing *scrubbing, ErrCode (*part)(Scrubbing *, Err *), Err *err)
{
    AUTO(tx_rollback) Tx moment = {0};
    TRY(node_open_reader(scrubbing->node, 0, &scrubbing->store, err));
    TRY(tx_begin(&moment, scrubbing->store, err));
    return part(scrubbing, err);
}

static void scrub_part(Scrubbing *scrubbing, const char *where, ErrCode (*part)(Scrubbing *, Err *))
{
    Err err;
    if (with_store(scrubbing, part, &err) != OK) note(scrubbing, where, err.message);
    store_close(&scrubbing->store);
}

static ErrCode scrub_database(Scrubbing *scrubbing, Err *err)
{
    return store_check(scrubbing->store, err);
}

static ErrCode count_row(void *context, Bytes row, Err *err)
{
    Scrubbing *scrubbing = context;
    (void)row;
    (void)err;
    scrubbing->report.row_count++;
    return OK;
}

static ErrCode scrub_table(Scrubbing *scrubbing, Err *err)
{
    return kept_rows(scrubbing->store, scrubbing->table, count_row, scrubbing, err);
}

static void scrub_tables(Scrubbing *scrubbing)
{
    for (size_t i = 0; i < kept_table_count; i++) {
        char where[WHERE_MAX];
        scrubbing->table = &kept_tables[i];
        scrubbing->report.table_count++;
        (void)snprintf(where, sizeof where, "table %s", scrubbing->table->name);
        scrub_part(scrubbing, where, scrub_table);
    }
}

static ErrCode scrub_journal(Scrubbing *scrubbing, Err *err)
{
    VerifyReport report = {0};
    TRY(verify_journal(scrubbing->node, scrubbing->store, &report, err));
    scrubbing->report.entry_count = report.entry_count;
    scrubbing->report.segment_count = report.segment_count;
    if (report.fault_count == 0) return OK;
    note(scrubbing, "journal", report.words);
    scrubbing->report.damage_count += report.fault_count - 1;
    return OK;
}

static ErrCode scrub_state(Scrubbing *scrubbing, Err *err)
{
    Digest digest;
    return state_hash(scrubbing->store, &digest, err);
}

static void scrub_file(Scrubbing *scrubbing, const char *path)
{
    AUTO(buf_done) Buf bytes = {0};
    Err err;
    buf_init(&bytes, FILE_SIZE_MAX);
    scrubbing->report.file_count++;
    if (file_read(scrubbing->node->host, path, FILE_SIZE_MAX, &bytes, &err) != OK)
        note(scrubbing, path, err.message);
    if (bytes.at != NULL) secret_wipe(bytes.at, bytes.size); /* it may be a key */
}

static void scrub_directory(Scrubbing *scrubbing, const char *name)
{
    AUTO(arena_done) Arena arena = {0};
    char directory[PATH_TEXT_MAX];
    NameList names = {0};
    Err err;
    arena_init(&arena, LIST_BYTES);
    if (path_join(scrubbing->node->directory, name, directory, &err) != OK ||
        dir_list(scrubbing->node->host, directory, &arena, &names, &err) != OK) {
        note(scrubbing, name, err.message);
        return;
    }
    for (size_t i = 0; i < names.count; i++) {
        char path[PATH_TEXT_MAX];
        const char *file = text_z(&arena, names.names[i]);
        if (file != NULL && path_join(directory, file, path, &err) == OK)
            scrub_file(scrubbing, path);
    }
}

void scrub(const Node *node, ScrubTell tell, void *context, ScrubReport *out_report)
{
    Scrubbing scrubbing = {.node = node, .tell = tell, .context = context};
    scrub_part(&scrubbing, "database", scrub_database);
    scrub_tables(&scrubbing);
    scrub_part(&scrubbing, "journal", scrub_journal);
    scrub_part(&scrubbing, "state", scrub_state);
    scrub_directory(&scrubbing, "keys");
    scrub_directory(&scrubbing, "rules");
    *out_report = scrubbing.report;
}
