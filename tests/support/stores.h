#pragma once
/*
 * stores — an empty store on each database there is, for tests that must hold on both.
 *
 *     static void a_row_comes_back(Stores *stores) { … stores->writer … }
 *     static void rows(void **state) { on_each_store(*state, a_row_comes_back); }
 *
 *   Owns     a temporary directory and a PgCluster, from stores_setup() to stores_teardown(), which
 *            fit cmocka's group fixtures. A Stores is closed when its test returns.
 */
#include "store/store.h"

typedef struct Stores {
    Store *writer;
    Store *reader;
    const char *place; /* to open more */
    void *state;       /* what stores_setup() made */
} Stores;

int stores_setup(void **state);
int stores_teardown(void **state);

void on_each_store(void *state, void (*test)(Stores *stores));

/* Another empty store on the same database: of another node. The caller closes it. */
Store *stores_another(Stores *stores);

/* Where another empty database is, for who opens it: "" for SQLite. Lives until the next call. */
const char *stores_another_place(Stores *stores);

/* A path in the temporary directory, for tests about SQLite alone. */
const char *stores_path(void *state, const char *name);

/* Opens or fails the test. */
Store *store_must_open(const StoreOptions *options);

/* Fails the test, saying why, unless the code is OK. */
void must(ErrCode code, const Err *err);

/* How often on_each_store() runs a test: 2, or 1 without PostgreSQL. */
int stores_count(void *state);

/* Throws out everybody connected to PostgreSQL. */
void stores_disconnect(void *state);
