#include "support/pg_cluster.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BIN "/usr/lib/postgresql/15/bin/"

/* PostgreSQL refuses to run as root: `as` runs a command as somebody who owns nothing. The script
 * then waits until our end of the pipe is closed, which the kernel does for a program that dies.
 * The named pipe is opened for both ways, so that nobody waits for a program that died meanwhile.
 * fsync=off, and copies of files that no log needs: what is tested here is not the disk. */
static const char keeper_script[] =
    "trap '' INT TERM HUP PIPE; read dir; exec >$dir/log 2>&1; cd /; "
    "owner=$(id -un); if [ $owner = root ]; then owner=nobody; "
    "if id postgres; then owner=postgres; fi; chown $owner $dir; fi; "
    "as() { if [ $(id -un) = root ]; then runuser -u $owner -- \"$@\"; else \"$@\"; fi; }; "
    "if as " BIN
    "initdb -D $dir/data -U tongpin -A trust -E UTF8 --locale=C -N --data-checksums && "
    "as " BIN "pg_ctl -D $dir/data -w -o \"-c listen_addresses='' -c unix_socket_directories=$dir "
    "-c fsync=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=20 "
    "-c autovacuum=off\" start; then exec 3<>$dir/ready; echo up >&3; read wait; "
    "else exec 3<>$dir/ready; tail -c 2000 $dir/log >&3; fi; "
    "as " BIN "pg_ctl -D $dir/data -m immediate stop; rm -rf $dir";

/* The keeper's word through a named pipe: "up", or why not. */
static void wait_until_up(const char *directory)
{
    char path[128];
    snprintf(path, sizeof path, "%s/ready", directory);
    FILE *ready = fopen(path, "r"); /* returns when the other side opens it too */
    char line[400] = "";
    const bool is_up =
        ready != NULL && fgets(line, sizeof line, ready) != NULL && strcmp(line, "up\n") == 0;
    if (is_up) {
        fclose(ready);
        return;
    }
    fprintf(stderr, "PostgreSQL did not start:\n%s", line);
    while (ready != NULL && fgets(line, sizeof line, ready) != NULL)
        fputs(line, stderr);
    exit(1);
}

bool pg_cluster_start(PgCluster *cluster)
{
    *cluster = (PgCluster){0};
    if (system("test -x " BIN "postgres") != 0) {
        printf("skipped on PostgreSQL: postgresql-15 is not installed\n");
        return false;
    }
    char path[128];
    if (!scratch_directory("pg", cluster->directory)) exit(1);
    snprintf(path, sizeof path, "%s/ready", cluster->directory);
    if (mkfifo(path, 0600) != 0) exit(1);
    cluster->keeper = popen(keeper_script, "w");
    if (cluster->keeper == NULL) exit(1);
    fprintf(cluster->keeper, "%s\n", cluster->directory);
    fflush(cluster->keeper);
    wait_until_up(cluster->directory);
    return true;
}

void pg_cluster_stop(PgCluster *cluster)
{
    if (cluster->keeper == NULL) return;
    pclose(cluster->keeper); /* its read ends; then it waits for the server to be gone */
    cluster->keeper = NULL;
}

static void ask_server(const PgCluster *cluster, const char *sql)
{
    char command[512];
    snprintf(command, sizeof command,
             BIN "psql -q -h %s -U tongpin -d postgres -c \"%s\" >/dev/null", cluster->directory,
             sql);
    if (system(command) != 0) {
        fprintf(stderr, "PostgreSQL refuses: %s\n", sql);
        exit(1);
    }
}

static const char *make_database(PgCluster *cluster, const char *like, char url[PG_URL_MAX])
{
    char sql[96];
    snprintf(sql, sizeof sql, "CREATE DATABASE d%d %s STRATEGY FILE_COPY",
             ++cluster->database_count, like);
    ask_server(cluster, sql);
    snprintf(url, PG_URL_MAX, "postgresql:///d%d?host=%s&user=tongpin", cluster->database_count,
             cluster->directory);
    return url;
}

const char *pg_cluster_new_database(PgCluster *cluster, char url[PG_URL_MAX])
{
    return make_database(cluster, "", url);
}

const char *pg_cluster_copy_first(PgCluster *cluster, char url[PG_URL_MAX])
{
    return make_database(cluster, "TEMPLATE d1", url);
}

void pg_cluster_drop(PgCluster *cluster, int number)
{
    char sql[96];
    snprintf(sql, sizeof sql, "DROP DATABASE d%d WITH (FORCE)", number);
    ask_server(cluster, sql);
}

void pg_cluster_disconnect_all(PgCluster *cluster)
{
    ask_server(cluster, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE pid <> pg_backend_pid() AND datname LIKE 'd%'");
}
