#include "support/stores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "support/pg_cluster.h"
#include "support/scratch.h"

typedef struct Places {
    char directory[SCRATCH_PATH_MAX + 8];
    char path[160];
    int file_count;
    bool has_postgres;
    PgCluster cluster;
} Places;

void must(ErrCode code, const Err *err)
{
    if (code != OK) fail_msg("%s: %s", err_name(code), err->message);
}

Store *store_must_open(const StoreOptions *options)
{
    Err err = {0};
    Store *store = NULL;
    must(store_open(&store, options, &err), &err);
    return store;
}

/* Within that of the server, which is taken away even when the program dies. */
static bool make_directory(Places *places)
{
    if (!places->has_postgres) return scratch_directory("store", places->directory);
    snprintf(places->directory, sizeof places->directory, "%s/files", places->cluster.directory);
    return mkdir(places->directory, 0700) == 0;
}

int stores_setup(void **state)
{
    Places *places = calloc(1, sizeof *places);
    if (places == NULL) return -1;
    places->has_postgres = pg_cluster_start(&places->cluster);
    *state = places;
    return make_directory(places) ? 0 : -1;
}

int stores_teardown(void **state)
{
    Places *places = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", places->directory);
    const int code = system(command);
    pg_cluster_stop(&places->cluster);
    free(places);
    return code;
}

const char *stores_path(void *state, const char *name)
{
    Places *places = state;
    snprintf(places->path, sizeof places->path, "%s/%s", places->directory, name);
    return places->path;
}

int stores_count(void *state)
{
    const Places *places = state;
    return places->has_postgres ? 2 : 1;
}

void stores_disconnect(void *state)
{
    Places *places = state;
    if (places->has_postgres) pg_cluster_disconnect_all(&places->cluster);
}

static void run_at(void *state, const char *place, void (*test)(Stores *stores))
{
    Stores stores = {.place = place, .state = state};
    stores.writer = store_must_open(&(StoreOptions){.place = place, .is_writer = true});
    stores.reader = store_must_open(&(StoreOptions){.place = place});
    test(&stores);
    store_close(&stores.reader);
    store_close(&stores.writer);
}

/* A database with all tables and nothing in them. They are made once, in the first one, and copied:
 * making them takes PostgreSQL longer than most tests do. */
static const char *new_database(Places *places, char url[PG_URL_MAX])
{
    if (places->cluster.database_count == 0) {
        Store *first = store_must_open(&(StoreOptions){
            .place = pg_cluster_new_database(&places->cluster, url), .is_writer = true});
        store_close(&first);
    }
    return pg_cluster_copy_first(&places->cluster, url);
}

Store *stores_another(Stores *stores)
{
    Places *places = stores->state;
    char path[160];
    char url[PG_URL_MAX];
    const char *place = path;
    snprintf(path, sizeof path, "%s/%d.db", places->directory, ++places->file_count);
    if (strcmp(store_backend(stores->writer), "sqlite") != 0) place = new_database(places, url);
    return store_must_open(&(StoreOptions){.place = place, .is_writer = true});
}

const char *stores_another_place(Stores *stores)
{
    static char url[PG_URL_MAX];
    if (strcmp(store_backend(stores->writer), "sqlite") == 0) return "";
    return new_database(stores->state, url);
}

void on_each_store(void *state, void (*test)(Stores *stores))
{
    Places *places = state;
    char path[160];
    snprintf(path, sizeof path, "%s/%d.db", places->directory, ++places->file_count);
    run_at(state, path, test);
    if (!places->has_postgres) return;
    char url[PG_URL_MAX];
    const int before = places->cluster.database_count;
    run_at(state, new_database(places, url), test);
    for (int i = before + 1; i <= places->cluster.database_count; i++)
        if (i > 1) pg_cluster_drop(&places->cluster, i); /* the first one is copied again */
}
