#include "bench/peer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/map.h"
#include "bench/must.h"

#define ROUND_BYTES_MAX ((size_t)1 << 30)
#define COLUMNS_MAX     12
#define GROUPS_MAX      1000 /* in a round */

/* What is taken from the engine's database, and how it is written into the copy. */
typedef enum Work {
    NEW_THINGS,
    NEW_STREAMS,
    NEW_ENTRIES,
    NEW_SEGMENTS,
    NEW_POSTINGS,
    OP,
    HEADCOUNT,
    STAY_ADDED,
    STAY_CHANGED,
    STAY_GONE,
    WORK_COUNT
} Work;

#define STAY_COLUMNS \
    "shard, person, project, posting, crew, from_day, to_day, party, is_union, is_pending"
#define POSTING_COLUMNS \
    "shard, n, stamp, is_void, person, project, from_day, to_day, crew, source, pending, core"

static const struct {
    const char *read;  /* NULL: not read by itself */
    const char *write; /* ?1, ?2 … are the columns read */
} works[WORK_COUNT] = {
    [NEW_THINGS] = {"SELECT shard, n, id, kind FROM thing WHERE n > ?1 ORDER BY n",
                    "INSERT INTO thing (shard, n, id, kind) VALUES (?1, ?2, ?3, ?4)"},
    [NEW_STREAMS] = {"SELECT n, node, epoch, scope FROM stream WHERE n > ?1 ORDER BY n",
                     "INSERT INTO stream (n, node, epoch, scope) VALUES (?1, ?2, ?3, ?4)"},
    [NEW_ENTRIES] = {"SELECT shard, arrival, stream, seq, stamp, kind, subject, chained, body "
                     "FROM entry WHERE arrival > ?1 ORDER BY arrival",
                     "INSERT INTO entry (shard, arrival, stream, seq, stamp, kind, subject, "
                     "chained, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"},
    [NEW_SEGMENTS] = {"SELECT stream, first_seq, last_seq, prev_stamp, last_stamp, prev_head, "
                      "head, signature FROM segment WHERE last_stamp > ?1",
                      "INSERT INTO segment (stream, first_seq, last_seq, prev_stamp, last_stamp, "
                      "prev_head, head, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
    [NEW_POSTINGS] = {"SELECT " POSTING_COLUMNS " FROM posting WHERE n > ?1 ORDER BY n",
                      "INSERT INTO posting (" POSTING_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
                      "?7, ?8, ?9, ?10, ?11, ?12)"},
    [OP] = {"SELECT id, digest, answer, arrival FROM op WHERE id = ?1",
            "INSERT INTO op (id, digest, answer, arrival) VALUES (?1, ?2, ?3, ?4)"},
    [HEADCOUNT] = {"SELECT shard, project, series FROM headcount WHERE shard = 1 AND project = ?1",
                   "INSERT INTO headcount (shard, project, series) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT (shard, project) DO UPDATE SET series = excluded.series"},
    [STAY_ADDED] = {"SELECT " STAY_COLUMNS " FROM stay WHERE shard = 1 AND person = ?1",
                    "INSERT INTO stay (" STAY_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                    "?9, ?10)"},
    [STAY_CHANGED] = {NULL, "UPDATE stay SET project = ?3, posting = ?4, crew = ?5, to_day = ?7, "
                            "party = ?8, is_union = ?9, is_pending = ?10 "
                            "WHERE shard = ?1 AND person = ?2 AND from_day = ?6"},
    [STAY_GONE] = {NULL, "DELETE FROM stay WHERE shard = ?1 AND person = ?2 AND from_day = ?6"},
};

/* Columns of STAY_COLUMNS. */
enum { STAY_PERSON = 1, STAY_PROJECT = 2, STAY_FROM = 5 };

typedef struct Value {
    int type; /* SQLITE_INTEGER, … */
    int64_t number;
    Bytes bytes;
} Value;

typedef struct Row {
    Work work;
    unsigned count;
    Value values[COLUMNS_MAX];
} Row;

typedef struct Rows {
    Row *items;
    size_t count;
    size_t room;
} Rows;

struct Peer {
    sqlite3 *from;
    sqlite3 *to;
    sqlite3_stmt *reads[WORK_COUNT];
    sqlite3_stmt *writes[WORK_COUNT];
    Arena arena; /* of the bytes of a round */
    Rows before; /* stays */
    Rows rows;   /* to be written: those of all groups of a round, one behind the other */
    size_t group_ends[GROUPS_MAX];
    size_t group_count;
    int64_t last[WORK_COUNT];
};

static Row *rows_add(Rows *rows)
{
    if (rows->count == rows->room) {
        rows->room = rows->room == 0 ? 256 : rows->room * 2;
        rows->items = realloc(rows->items, rows->room * sizeof rows->items[0]);
        if (rows->items == NULL) give_up("there is not enough memory for the rows");
    }
    return &rows->items[rows->count++];
}

static void run_sql(sqlite3 *db, const char *sql)
{
    sql_must(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static int64_t ask_number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    sql_must(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
    sql_must(db, sqlite3_step(statement));
    const int64_t number = sqlite3_column_int64(statement, 0);
    sql_must(db, sqlite3_finalize(statement));
    return number;
}

static void look_for_the_last(Peer *peer)
{
    peer->last[NEW_THINGS] = ask_number(peer->from, "SELECT COALESCE(max(n), 0) FROM thing");
    peer->last[NEW_STREAMS] = ask_number(peer->from, "SELECT COALESCE(max(n), 0) FROM stream");
    peer->last[NEW_ENTRIES] = ask_number(peer->from, "SELECT COALESCE(max(arrival), 0) FROM entry");
    peer->last[NEW_SEGMENTS] =
        ask_number(peer->from, "SELECT COALESCE(max(last_stamp), 0) FROM segment");
    peer->last[NEW_POSTINGS] = ask_number(peer->from, "SELECT COALESCE(max(n), 0) FROM posting");
}

Peer *peer_open(const char *original, const char *copy)
{
    Peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL) give_up("there is not enough memory for the peer");
    const int flags = SQLITE_OPEN_NOMUTEX;
    sql_must(NULL, sqlite3_open_v2(original, &peer->from, SQLITE_OPEN_READONLY | flags, NULL));
    sql_must(NULL, sqlite3_open_v2(copy, &peer->to, SQLITE_OPEN_READWRITE | flags, NULL));
    run_sql(peer->from, "PRAGMA wal_autocheckpoint=0");
    (void)sqlite3_db_config(peer->from, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    run_sql(peer->to, "PRAGMA journal_mode=WAL");
    run_sql(peer->to, "PRAGMA synchronous=FULL");
    run_sql(peer->to, "PRAGMA secure_delete=ON");
    run_sql(peer->to, "PRAGMA cell_size_check=ON");
    run_sql(peer->to, "PRAGMA foreign_keys=ON");
    run_sql(peer->to, "PRAGMA cache_size=-131072"); /* what a headquarters gives its writer */
    for (size_t i = 0; i < WORK_COUNT; i++) {
        if (works[i].read != NULL)
            sql_must(peer->from,
                     sqlite3_prepare_v3(peer->from, works[i].read, -1, SQLITE_PREPARE_PERSISTENT,
                                        &peer->reads[i], NULL));
        sql_must(peer->to, sqlite3_prepare_v3(peer->to, works[i].write, -1,
                                              SQLITE_PREPARE_PERSISTENT, &peer->writes[i], NULL));
    }
    arena_init(&peer->arena, ROUND_BYTES_MAX);
    return peer;
}

void peer_close(Peer *peer)
{
    for (size_t i = 0; i < WORK_COUNT; i++) {
        sqlite3_finalize(peer->reads[i]);
        sqlite3_finalize(peer->writes[i]);
    }
    sqlite3_close(peer->from);
    sqlite3_close(peer->to);
    arena_done(&peer->arena);
    free(peer->before.items);
    free(peer->rows.items);
    free(peer);
}

/* ---- reading ---- */

static Value value_of(Peer *peer, sqlite3_stmt *statement, int column)
{
    Err err;
    Value value = {.type = sqlite3_column_type(statement, column)};
    if (value.type == SQLITE_INTEGER) value.number = sqlite3_column_int64(statement, column);
    if (value.type == SQLITE_TEXT || value.type == SQLITE_BLOB) {
        const uint8_t *at = sqlite3_column_blob(statement, column);
        const size_t size = (size_t)sqlite3_column_bytes(statement, column);
        must(bytes_copy(&peer->arena, (Bytes){at, size}, &value.bytes, &err), &err);
    }
    return value;
}

/* Adds what a bound statement shows. */
static void read_rows(Peer *peer, Work work, Rows *rows)
{
    sqlite3_stmt *statement = peer->reads[work];
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
        Row *row = rows_add(rows);
        *row = (Row){.work = work, .count = (unsigned)sqlite3_column_count(statement)};
        for (unsigned i = 0; i < row->count; i++)
            row->values[i] = value_of(peer, statement, (int)i);
    }
    sql_must(peer->from, result);
    sql_must(peer->from, sqlite3_reset(statement));
}

static void read_by_number(Peer *peer, Work work, int64_t number, Rows *rows)
{
    sql_must(peer->from, sqlite3_bind_int64(peer->reads[work], 1, number));
    read_rows(peer, work, rows);
}

static bool is_same_value(const Value *a, const Value *b)
{
    if (a->type != b->type) return false;
    return a->type == SQLITE_INTEGER ? a->number == b->number : bytes_equal(a->bytes, b->bytes);
}

static bool is_same_row(const Row *a, const Row *b)
{
    for (unsigned i = 0; i < a->count; i++)
        if (!is_same_value(&a->values[i], &b->values[i])) return false;
    return true;
}

static const Row *stay_like(const Rows *rows, size_t first, size_t end, const Row *stay)
{
    for (size_t i = first; i < end; i++)
        if (rows->items[i].values[STAY_PERSON].number == stay->values[STAY_PERSON].number &&
            rows->items[i].values[STAY_FROM].number == stay->values[STAY_FROM].number)
            return &rows->items[i];
    return NULL;
}

/* Each person once, in the order of the group. */
static void read_stays(Peer *peer, const PeerGroup *group, Rows *rows)
{
    Err err;
    Map seen;
    map_init(&seen, &peer->arena);
    for (size_t i = 0; i < group->count; i++) {
        int64_t there;
        if (map_find(&seen, group->persons[i], &there)) continue;
        must(map_put(&seen, group->persons[i], 1, &err), &err);
        read_by_number(peer, STAY_ADDED, group->persons[i], rows);
    }
}

void peer_begin_round(Peer *peer)
{
    arena_done(&peer->arena);
    arena_init(&peer->arena, ROUND_BYTES_MAX);
    peer->rows.count = 0;
    peer->group_count = 0;
}

void peer_look_before(Peer *peer, const PeerGroup *group)
{
    peer->before.count = 0;
    look_for_the_last(peer);
    read_stays(peer, group, &peer->before);
}

/* What is to be done to stays: rows that are equal stay as they are. */
static void compare_stays(Peer *peer, const PeerGroup *group)
{
    Rows after = {0};
    read_stays(peer, group, &after);
    for (size_t i = 0; i < after.count; i++) {
        const Row *old = stay_like(&peer->before, 0, peer->before.count, &after.items[i]);
        if (old != NULL && is_same_row(old, &after.items[i])) continue;
        Row *row = rows_add(&peer->rows);
        *row = after.items[i];
        row->work = old == NULL ? STAY_ADDED : STAY_CHANGED;
    }
    for (size_t i = 0; i < peer->before.count; i++) {
        if (stay_like(&after, 0, after.count, &peer->before.items[i]) != NULL) continue;
        Row *row = rows_add(&peer->rows);
        *row = peer->before.items[i];
        row->work = STAY_GONE;
    }
    free(after.items);
}

/* Head counts of all projects that a stay which changed is at, or was. */
static void read_headcounts(Peer *peer, const PeerGroup *group, size_t first)
{
    Err err;
    Map seen;
    int64_t there;
    map_init(&seen, &peer->arena);
    for (size_t i = 0; i < group->count; i++)
        must(map_put(&seen, group->projects[i], 1, &err), &err);
    for (size_t i = first; i < peer->rows.count; i++) {
        const Row *row = &peer->rows.items[i];
        if (row->work != STAY_ADDED && row->work != STAY_CHANGED && row->work != STAY_GONE)
            continue;
        must(map_put(&seen, row->values[STAY_PROJECT].number, 1, &err), &err);
        const Row *old = stay_like(&peer->before, 0, peer->before.count, row);
        if (old != NULL) must(map_put(&seen, old->values[STAY_PROJECT].number, 1, &err), &err);
    }
    for (size_t i = 0; i < seen.slot_count; i++)
        if (seen.slots[i].key != MAP_KEY_NONE && map_find(&seen, seen.slots[i].key, &there))
            read_by_number(peer, HEADCOUNT, seen.slots[i].key, &peer->rows);
}

void peer_look_after(Peer *peer, const PeerGroup *group)
{
    static const Work by_number[] = {NEW_THINGS, NEW_STREAMS, NEW_ENTRIES, NEW_SEGMENTS,
                                     NEW_POSTINGS};
    const size_t first = peer->rows.count;
    run_sql(peer->from, "BEGIN");
    for (size_t i = 0; i < sizeof by_number / sizeof by_number[0]; i++)
        read_by_number(peer, by_number[i], peer->last[by_number[i]], &peer->rows);
    for (size_t i = 0; i < group->count; i++) {
        sql_must(peer->from, sqlite3_bind_blob(peer->reads[OP], 1, group->ops[i].at,
                                               sizeof group->ops[i].at, SQLITE_STATIC));
        read_rows(peer, OP, &peer->rows);
    }
    compare_stays(peer, group);
    read_headcounts(peer, group, first);
    run_sql(peer->from, "COMMIT");
    if (peer->group_count == GROUPS_MAX) give_up("a round has too many groups");
    peer->group_ends[peer->group_count++] = peer->rows.count;
}

/* ---- writing ---- */

static void write_row(Peer *peer, const Row *row)
{
    sqlite3_stmt *statement = peer->writes[row->work];
    const int wanted = sqlite3_bind_parameter_count(statement);
    for (int i = 0; i < wanted; i++) {
        const Value *value = &row->values[i];
        if (value->type == SQLITE_INTEGER)
            sqlite3_bind_int64(statement, i + 1, value->number);
        else if (value->type == SQLITE_NULL)
            sqlite3_bind_null(statement, i + 1);
        else if (value->type == SQLITE_TEXT)
            sqlite3_bind_text(statement, i + 1, (const char *)value->bytes.at,
                              (int)value->bytes.size, SQLITE_STATIC);
        else
            sqlite3_bind_blob(statement, i + 1, value->bytes.at, (int)value->bytes.size,
                              SQLITE_STATIC);
    }
    sql_must(peer->to, sqlite3_step(statement));
    sql_must(peer->to, sqlite3_reset(statement));
}

void peer_write(Peer *peer)
{
    size_t at = 0;
    for (size_t g = 0; g < peer->group_count; g++) {
        run_sql(peer->to, "BEGIN IMMEDIATE");
        for (; at < peer->group_ends[g]; at++)
            write_row(peer, &peer->rows.items[at]);
        run_sql(peer->to, "COMMIT");
    }
}

size_t peer_row_count(const Peer *peer)
{
    return peer->rows.count;
}

double peer_row_bytes(const Peer *peer)
{
    double bytes = 0.0;
    for (size_t i = 0; i < peer->rows.count; i++)
        for (unsigned v = 0; v < peer->rows.items[i].count; v++)
            bytes += (double)peer->rows.items[i].values[v].bytes.size;
    return bytes;
}

/* ---- comparing ---- */

static void compare_table(Peer *peer, const char *sql)
{
    sqlite3_stmt *left = NULL;
    sqlite3_stmt *right = NULL;
    sql_must(peer->from, sqlite3_prepare_v2(peer->from, sql, -1, &left, NULL));
    sql_must(peer->to, sqlite3_prepare_v2(peer->to, sql, -1, &right, NULL));
    for (;;) {
        const int result = sqlite3_step(left);
        if (result != sqlite3_step(right)) give_up("the peer wrote other rows: %s", sql);
        if (result == SQLITE_DONE) break;
        for (int i = 0; i < sqlite3_column_count(left); i++) {
            const int size = sqlite3_column_bytes(left, i);
            if (size != sqlite3_column_bytes(right, i) ||
                (size > 0 && memcmp(sqlite3_column_blob(left, i), sqlite3_column_blob(right, i),
                                    (size_t)size) != 0))
                give_up("the peer wrote other values: %s", sql);
        }
    }
    sqlite3_finalize(left);
    sqlite3_finalize(right);
}

void peer_compare(Peer *peer)
{
    compare_table(peer, "SELECT * FROM thing ORDER BY n");
    compare_table(peer, "SELECT * FROM stream ORDER BY n");
    compare_table(peer, "SELECT * FROM entry ORDER BY arrival");
    compare_table(peer, "SELECT * FROM segment ORDER BY stream, first_seq");
    compare_table(peer, "SELECT * FROM op ORDER BY id");
    compare_table(peer, "SELECT * FROM posting ORDER BY n");
    compare_table(peer, "SELECT * FROM stay ORDER BY shard, person, from_day");
    compare_table(peer, "SELECT * FROM headcount ORDER BY shard, project");
}
