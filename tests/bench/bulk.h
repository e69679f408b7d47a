#pragma once
/*
 * bulk — writes facts straight into the tables of a new node, without journal and without engine.
 *
 * A benchmark of reading needs millions of rows and none of their entries. Rows get the same ids,
 * keys and stamps that the engine would give, are written by the same SQL, and stays and head
 * counts come from the same rules, so the state hash is the engine's: the benchmark checks that on
 * a small company before it trusts a large one. Indexes are made when all rows are there.
 *
 *   Owns     its connection and memory, from bulk_open() to bulk_close().
 *   Threads  one.
 */
#include "base/map.h"
#include "bench/company.h"
#include "engine/node.h"
#include "people/absorb.h"
#include "people/series.h"

struct sqlite3;
struct sqlite3_stmt;

#define BULK_INDEXES_MAX 256 /* of all tables */

typedef struct BulkShift {
    Key project;
    SeriesStep step;
} BulkShift;

typedef struct Bulk {
    const Node *node;
    struct sqlite3 *db;
    struct sqlite3_stmt *statements[1024]; /* by QueryId; prepared when first needed */
    uint64_t first_stamp;
    uint64_t stamp;
    Buf sealed;
    Key person; /* whose facts are being gathered */
    Posting postings[WORKER_POSTINGS_MAX];
    size_t posting_count;
    Standing standings[WORKER_STANDINGS_MAX];
    size_t standing_count;
    BulkShift *shifts;
    size_t shift_count;
    size_t shift_room;
    Arena indexes; /* what is made again at the end */
    char *index_sql[BULK_INDEXES_MAX];
    size_t index_count;
} Bulk;

/* The tables of the node are there and empty; nobody else has the database open. */
void bulk_open(Bulk *bulk, const Node *node, const char *database);

Id bulk_take(void *context, const Record *record); /* a FactTaker; `context` is the Bulk */

void bulk_close(Bulk *bulk);
