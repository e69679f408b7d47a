#include "bench/bulk.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "bench/must.h"
#include "journal/hlc.h"
#include "seal/field.h"
#include "store/query.h"

#define PERSON_BYTES_MAX ((size_t)1 << 20)

static const QueryId add_of[KIND_COUNT_MAX] = {
#define KIND(NAME, number, name, scope, en, zh, what) [KIND_##NAME] = ROW_ADD_##NAME,
#include "vocab/kinds.def"
};

static void run_sql(const Bulk *bulk, const char *sql)
{
    sql_must(bulk->db, sqlite3_exec(bulk->db, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *statement_of(Bulk *bulk, QueryId id)
{
    assert(id < sizeof bulk->statements / sizeof bulk->statements[0]);
    if (bulk->statements[id] == NULL)
        sql_must(bulk->db, sqlite3_prepare_v2(bulk->db, query_info(id)->sql, -1,
                                              &bulk->statements[id], NULL));
    return bulk->statements[id];
}

static void step(const Bulk *bulk, sqlite3_stmt *statement)
{
    sql_must(bulk->db, sqlite3_step(statement));
    sql_must(bulk->db, sqlite3_reset(statement));
    sql_must(bulk->db, sqlite3_clear_bindings(statement));
}

/* ---- beginning and ending ---- */

static void take_indexes_down(Bulk *bulk)
{
    sqlite3_stmt *list = NULL;
    char drop[256];
    sql_must(bulk->db, sqlite3_prepare_v2(bulk->db,
                                          "SELECT sql, name FROM sqlite_schema "
                                          "WHERE type = 'index' AND sql IS NOT NULL",
                                          -1, &list, NULL));
    char *names[BULK_INDEXES_MAX] = {NULL};
    while (sqlite3_step(list) == SQLITE_ROW) {
        assert(bulk->index_count < sizeof names / sizeof names[0]);
        bulk->index_sql[bulk->index_count] =
            text_z(&bulk->indexes, text_from_z((const char *)sqlite3_column_text(list, 0)));
        names[bulk->index_count++] =
            text_z(&bulk->indexes, text_from_z((const char *)sqlite3_column_text(list, 1)));
    }
    sql_must(bulk->db, sqlite3_finalize(list));
    for (size_t i = 0; i < bulk->index_count; i++) {
        snprintf(drop, sizeof drop, "DROP INDEX %s", names[i]);
        run_sql(bulk, drop);
    }
}

void bulk_open(Bulk *bulk, const Node *node, const char *database)
{
    *bulk = (Bulk){.node = node};
    arena_init(&bulk->indexes, (size_t)1 << 20);
    buf_init(&bulk->sealed, 4 * TEXT_FIELD_BYTES_MAX);
    sql_must(NULL, sqlite3_open_v2(database, &bulk->db, SQLITE_OPEN_READWRITE, NULL));
    run_sql(bulk, "PRAGMA journal_mode=OFF");
    run_sql(bulk, "PRAGMA synchronous=OFF");
    run_sql(bulk, "PRAGMA cache_size=-262144");
    take_indexes_down(bulk);
    run_sql(bulk, "BEGIN");
    HlcClock clock = {.last = id_stamp(node->scope)}; /* which is an id too */
    bulk->stamp = hlc_tick(&clock, host_now_ms(node->host));
    bulk->first_stamp = bulk->stamp;
}

/* ---- rows ---- */

/* Everything was made here, one stamp after the other, and so has its key from its stamp. */
static Key key_of(const Bulk *bulk, Id id)
{
    return (Key)(id_stamp(id) - bulk->first_stamp) + 1;
}

static void add_thing(Bulk *bulk, Key key, const Id *id, KindCode kind)
{
    sqlite3_stmt *statement = statement_of(bulk, THING_ADD);
    sqlite3_bind_int64(statement, 1, bulk->node->shard);
    sqlite3_bind_int64(statement, 2, key);
    sqlite3_bind_blob(statement, 3, id->at, sizeof id->at, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, kind);
    step(bulk, statement);
}

static void bind_sealed(Bulk *bulk, sqlite3_stmt *statement, int at, const Record *record,
                        const FieldInfo *field, Id id)
{
    Err err;
    const uint32_t kind = (uint32_t)record->kind->code;
    const Text plain = record_text(record, field->number);
    buf_clear(&bulk->sealed);
    must(field_seal(&bulk->node->keyring, bulk->node->host, (FieldPlace){kind, field->number, id},
                    plain, &bulk->sealed, &err),
         &err);
    sqlite3_bind_blob(statement, at, bulk->sealed.at, (int)bulk->sealed.size, SQLITE_TRANSIENT);
    if ((field->flags & FIELD_FLAG_BLIND) != 0)
        sqlite3_bind_int64(statement, at + 1,
                           field_index(&bulk->node->keyring, kind, field->number, plain));
}

static void bind_field(Bulk *bulk, sqlite3_stmt *statement, int at, const Record *record,
                       const FieldInfo *field, Id id)
{
    const FieldValue *value = &record->fields[field->number];
    if (value->state != FIELD_SET) return; /* parameters start as NULL */
    switch (field->type) {
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_DAY:
    case FIELD_ENUM:
    case FIELD_COORD: sqlite3_bind_int64(statement, at, value->number); break;
    case FIELD_TEXT:
        sqlite3_bind_text(statement, at, (const char *)value->bytes.at, (int)value->bytes.size,
                          SQLITE_STATIC);
        break;
    case FIELD_REF: sqlite3_bind_int64(statement, at, key_of(bulk, value->ref)); break;
    case FIELD_SEALED: bind_sealed(bulk, statement, at, record, field, id); break;
    }
}

static void add_row(Bulk *bulk, Key key, const Record *record, Id id)
{
    sqlite3_stmt *statement = statement_of(bulk, add_of[record->kind->code]);
    int at = 4;
    sqlite3_bind_int64(statement, 1, bulk->node->shard);
    sqlite3_bind_int64(statement, 2, key);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)bulk->stamp);
    for (size_t i = 0; i < record->kind->field_count; i++) {
        const FieldInfo *field = &record->kind->fields[i];
        bind_field(bulk, statement, at, record, field, id);
        at += (field->flags & FIELD_FLAG_BLIND) != 0 ? 2 : 1;
    }
    step(bulk, statement);
}

/* ---- what is derived ---- */

static void add_shift(Bulk *bulk, Key project, Day day, MemberCount change)
{
    if (bulk->shift_count == bulk->shift_room) {
        bulk->shift_room = bulk->shift_room == 0 ? 4096 : bulk->shift_room * 2;
        bulk->shifts = realloc(bulk->shifts, bulk->shift_room * sizeof bulk->shifts[0]);
        if (bulk->shifts == NULL) give_up("there is not enough memory for the head counts");
    }
    bulk->shifts[bulk->shift_count++] = (BulkShift){project, {day, change}};
}

static void add_stay(Bulk *bulk, const Stay *stay)
{
    sqlite3_stmt *statement = statement_of(bulk, STAY_SAVE);
    sqlite3_bind_int64(statement, 1, bulk->node->shard);
    sqlite3_bind_int64(statement, 2, bulk->person);
    sqlite3_bind_int64(statement, 3, stay->project);
    sqlite3_bind_int64(statement, 4, stay->posting);
    if (stay->crew != KEY_NONE) sqlite3_bind_int64(statement, 5, stay->crew);
    sqlite3_bind_int64(statement, 6, stay->days.first);
    sqlite3_bind_int64(statement, 7, stay->days.last);
    sqlite3_bind_int64(statement, 8, stay->party);
    sqlite3_bind_int64(statement, 9, stay->is_union ? 1 : 0);
    sqlite3_bind_int64(statement, 10, 0); /* nobody here waits to be confirmed */
    step(bulk, statement);
    const bool is_formal = stay->party == PARTY_FORMAL;
    const bool is_probationary = stay->party == PARTY_PROBATIONARY;
    add_shift(bulk, stay->project, stay->days.first,
              (MemberCount){1, is_formal ? 1 : 0, is_probationary ? 1 : 0, 0});
    if (stay->days.last < DAY_LAST)
        add_shift(bulk, stay->project, stay->days.last + 1,
                  (MemberCount){-1, is_formal ? -1 : 0, is_probationary ? -1 : 0, 0});
}

static void finish_person(Bulk *bulk)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    Stays stays;
    if (bulk->person == KEY_NONE) return;
    const PersonFacts facts = {.person = bulk->person,
                               .postings = bulk->postings,
                               .posting_count = bulk->posting_count,
                               .standings = bulk->standings,
                               .standing_count = bulk->standing_count};
    arena_init(&arena, PERSON_BYTES_MAX);
    must(absorb(&facts, &arena, &stays, NULL, &err), &err);
    for (size_t i = 0; i < stays.count; i++)
        add_stay(bulk, &stays.items[i]);
    bulk->person = KEY_NONE;
    bulk->posting_count = 0;
    bulk->standing_count = 0;
}

/* Postings and standings follow the person they belong to. */
static void gather(Bulk *bulk, Key key, const Record *record)
{
    if (record->kind->code == KIND_POSTING) {
        assert(key_of(bulk, record_ref(record, POSTING_PERSON)) == bulk->person);
        assert(bulk->posting_count < WORKER_POSTINGS_MAX);
        const bool has_crew = record_has(record, POSTING_CREW);
        bulk->postings[bulk->posting_count++] = (Posting){
            .key = key,
            .person = bulk->person,
            .project = key_of(bulk, record_ref(record, POSTING_PROJECT)),
            .crew = has_crew ? key_of(bulk, record_ref(record, POSTING_CREW)) : KEY_NONE,
            .days = record_range(record, POSTING_FROM, POSTING_TO),
            .is_core = record_int(record, POSTING_CORE, 0) != 0,
        };
    } else if (record->kind->code == KIND_STANDING) {
        assert(key_of(bulk, record_ref(record, STANDING_PERSON)) == bulk->person);
        assert(bulk->standing_count < WORKER_STANDINGS_MAX);
        bulk->standings[bulk->standing_count++] =
            (Standing){key, (int)record_int(record, STANDING_STANDING, 0),
                       record_range(record, STANDING_FROM, STANDING_TO)};
    } else {
        finish_person(bulk);
        if (record->kind->code == KIND_PERSON) bulk->person = key;
    }
}

Id bulk_take(void *context, const Record *record)
{
    Bulk *bulk = context;
    const Id id = id_make(bulk->stamp, bulk->node->node_short, bulk->node->epoch);
    const Key key = key_of(bulk, id);
    add_thing(bulk, key, &id, record->kind->code);
    add_row(bulk, key, record, id);
    gather(bulk, key, record);
    bulk->stamp++;
    return id;
}

static int compare_shifts(const void *left, const void *right)
{
    const BulkShift *a = left;
    const BulkShift *b = right;
    return (a->project > b->project) - (a->project < b->project);
}

static void add_headcount(Bulk *bulk, size_t first, size_t end)
{
    AUTO(buf_done) Buf packed = {0};
    AUTO(arena_done) Arena arena = {0};
    Series series = {0};
    buf_init(&packed, SERIES_BYTES_MAX);
    arena_init(&arena, (size_t)64 << 20);
    series.steps = arena_array(&arena, SeriesStep, end - first);
    for (size_t i = first; i < end; i++)
        series.steps[series.count++] = bulk->shifts[i].step;
    series_tidy(&series);
    series_pack(&series, &packed);
    sqlite3_stmt *statement = statement_of(bulk, HEADCOUNT_SAVE);
    sqlite3_bind_int64(statement, 1, bulk->node->shard);
    sqlite3_bind_int64(statement, 2, bulk->shifts[first].project);
    sqlite3_bind_blob(statement, 3, packed.at, (int)packed.size, SQLITE_TRANSIENT);
    step(bulk, statement);
}

static void add_headcounts(Bulk *bulk)
{
    if (bulk->shift_count == 0) return;
    qsort(bulk->shifts, bulk->shift_count, sizeof bulk->shifts[0], compare_shifts);
    for (size_t first = 0; first < bulk->shift_count;) {
        size_t end = first + 1;
        while (end < bulk->shift_count && bulk->shifts[end].project == bulk->shifts[first].project)
            end++;
        add_headcount(bulk, first, end);
        first = end;
    }
}

void bulk_close(Bulk *bulk)
{
    finish_person(bulk);
    add_headcounts(bulk);
    run_sql(bulk, "COMMIT");
    for (size_t i = 0; i < sizeof bulk->statements / sizeof bulk->statements[0]; i++)
        sqlite3_finalize(bulk->statements[i]);
    for (size_t i = 0; i < bulk->index_count; i++)
        run_sql(bulk, bulk->index_sql[i]);
    run_sql(bulk, "PRAGMA journal_mode=WAL");
    sql_must(bulk->db, sqlite3_close(bulk->db));
    free(bulk->shifts);
    buf_done(&bulk->sealed);
    arena_done(&bulk->indexes);
}
