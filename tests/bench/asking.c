#include "bench/asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "bench/must.h"

#define PEOPLE_MAX 1000

static void load_ids(sqlite3 *db, const char *sql, int64_t bound, Id *out, size_t room,
                     size_t *out_count)
{
    sqlite3_stmt *statement = NULL;
    sql_must(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
    if (sqlite3_bind_parameter_count(statement) > 0)
        sql_must(db, sqlite3_bind_int64(statement, 1, bound));
    while (*out_count < room && sqlite3_step(statement) == SQLITE_ROW)
        memcpy(out[(*out_count)++].at, sqlite3_column_blob(statement, 0), sizeof out->at);
    sql_must(db, sqlite3_finalize(statement));
}

static void load_cast(Asking *asking)
{
    sqlite3 *db = NULL;
    const size_t sites = asking->node->population.site_count;
    asking->projects = calloc(sites, sizeof(Id));
    asking->people = calloc(PEOPLE_MAX, sizeof(Id));
    if (asking->projects == NULL || asking->people == NULL) give_up("there is not enough memory");
    sql_must(NULL, sqlite3_open_v2(asking->node->database, &db, SQLITE_OPEN_READONLY, NULL));
    load_ids(db,
             "SELECT t.id FROM project p JOIN thing t ON t.n = p.n AND t.shard = p.shard "
             "WHERE p.stage = 2 ORDER BY p.n",
             0, asking->projects, sites, &asking->project_count);
    int64_t last = 0;
    sqlite3_stmt *statement = NULL;
    sql_must(db, sqlite3_prepare_v2(db, "SELECT max(n) FROM person", -1, &statement, NULL));
    sql_must(db, sqlite3_step(statement));
    last = sqlite3_column_int64(statement, 0);
    sql_must(db, sqlite3_finalize(statement));
    while (asking->person_count < PEOPLE_MAX) /* each the next one after some number */
        load_ids(db, "SELECT id FROM thing WHERE n >= ?1 AND kind = 2 ORDER BY n LIMIT 1",
                 (int64_t)asking_pick(asking, (size_t)last), asking->people, PEOPLE_MAX,
                 &asking->person_count);
    sqlite3_close(db);
}

void asking_warm(const BenchNode *node)
{
    static char piece[1 << 20];
    FILE *file = fopen(node->database, "re");
    if (file == NULL) give_up("%s cannot be read", node->database);
    while (fread(piece, 1, sizeof piece, file) > 0)
        continue;
    fclose(file);
}

void asking_begin(Asking *asking, const BenchNode *node, const char *program)
{
    *asking = (Asking){.node = node, .chance = 11};
    node_sign_in(node, &asking->pass);
    asking_warm(node);
    load_cast(asking);
    const double began = now_us();
    program_serve(&asking->program, program, node->directory);
    asking->start_us = now_us() - began;
    caller_open(&asking->caller, asking->program.port, &asking->pass);
}

void asking_end(Asking *asking)
{
    caller_close(&asking->caller);
    program_stop(&asking->program);
    free(asking->projects);
    free(asking->people);
}

size_t asking_pick(Asking *asking, size_t count)
{
    asking->chance = asking->chance * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (size_t)(asking->chance >> 33) % count;
}

const char *path_of_coverage(Day on, char out[200])
{
    char day[DAY_TEXT_MAX];
    snprintf(out, 200, "/api/v1/coverage?on=%s", day_write(on, day));
    return out;
}

const char *path_of_members(Id project, Day on, unsigned size, char out[200])
{
    char day[DAY_TEXT_MAX];
    char id[ID_TEXT_MAX];
    snprintf(out, 200, "/api/v1/projects/%s/members?on=%s&size=%u", id_write(project, id),
             day_write(on, day), size);
    return out;
}

const char *path_of_project(Id project, Day on, char out[200])
{
    char day[DAY_TEXT_MAX];
    char id[ID_TEXT_MAX];
    snprintf(out, 200, "/api/v1/projects/%s?on=%s", id_write(project, id), day_write(on, day));
    return out;
}

const char *path_of_site_coverage(size_t site, Day on, char out[200])
{
    char day[DAY_TEXT_MAX];
    char code[PLACE_NAME_MAX];
    snprintf(out, 200, "/api/v1/coverage?on=%s&q=%s", day_write(on, day),
             project_code(site, true, code));
    return out;
}

double ask_coverage(Asking *asking, Day on)
{
    char path[200];
    caller_must(&asking->caller, "GET", path_of_coverage(on, path), NULL, 200);
    if (strstr(caller_body(&asking->caller), "\"counts\"") == NULL)
        give_up("that is no coverage: %.200s", caller_body(&asking->caller));
    return asking->caller.us;
}

double ask_members(Asking *asking, Id project)
{
    char path[200];
    caller_must(&asking->caller, "GET",
                path_of_members(project, asking->node->population.today, 50, path), NULL, 200);
    if (strstr(caller_body(&asking->caller), "\"items\"") == NULL)
        give_up("those are no members: %.200s", caller_body(&asking->caller));
    return asking->caller.us;
}
