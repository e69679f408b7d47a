#pragma once
/*
 * pg_cluster — a PostgreSQL server of our own for one test program, gone when the program is.
 *
 * It is made from Debian's postgresql-15 in a temporary directory, listens on a Unix socket in it
 * and nowhere else, and runs as an unprivileged user when the tests run as root. A small shell
 * waits for the test program to end, in whatever way, and takes the server and its directory away.
 *
 *   Owns     the server, from pg_cluster_start() to pg_cluster_stop() or the program's end.
 *   Threads  one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "support/scratch.h"

#define PG_URL_MAX 256

typedef struct PgCluster {
    FILE *keeper; /* the shell that waits for us; NULL: no server */
    char directory[SCRATCH_PATH_MAX];
    int database_count;
} PgCluster;

/* False, and a printed line, when PostgreSQL is not installed. A server that is installed and does
 * not start ends the program. */
bool pg_cluster_start(PgCluster *cluster);
void pg_cluster_stop(PgCluster *cluster);

/* Makes a new, empty database and writes its URL. */
const char *pg_cluster_new_database(PgCluster *cluster, char url[PG_URL_MAX]);

/* The same as a copy of the first one, to which nobody is connected. */
const char *pg_cluster_copy_first(PgCluster *cluster, char url[PG_URL_MAX]);

/* Takes a database away again: they may lie in memory. The first one has number 1. */
void pg_cluster_drop(PgCluster *cluster, int number);

/* Throws out everybody who is connected, as a server that restarts does. */
void pg_cluster_disconnect_all(PgCluster *cluster);
