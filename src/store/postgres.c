/* PostgreSQL behind backend.h. Parameters and columns travel in their binary form. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <libpq-fe.h>

#include "store/backend.h"

#define SQL_BYTES_MAX     8192
#define ADVICE_CONNECTION "check that the server runs and can be reached, then start again"

/* Types of PostgreSQL that our columns and parameters have (pg_type.dat). */
enum { TYPE_BOOL = 16, TYPE_BYTEA = 17, TYPE_INT8 = 20, TYPE_INT4 = 23, TYPE_TEXT = 25 };

typedef struct Connection {
    PGconn *server;
    bool is_writer;
} Connection;

typedef struct Statement {
    char name[16];
    bool is_stream; /* rows come one by one */
    bool is_sent;   /* since the last reset */
    PGresult *result;
    int row;
    int param_count;
    const char *values[QUERY_PARAMS_MAX]; /* into numbers[], or borrowed */
    int sizes[QUERY_PARAMS_MAX];
    int formats[QUERY_PARAMS_MAX];
    Oid types[QUERY_PARAMS_MAX];
    uint8_t numbers[QUERY_PARAMS_MAX][8];
} Statement;

static void result_done(PGresult **result)
{
    PQclear(*result);
    *result = NULL;
}

/* The first two characters of an SQLSTATE name its class. */
static ErrCode code_of(const char *state)
{
    static const struct {
        const char *start;
        ErrCode code;
    } classes[] = {
        {"23", ERR_CONFLICT},    /* integrity constraint violation */
        {"40", ERR_BUSY},        /* serialisation failure, deadlock */
        {"55P03", ERR_BUSY},     /* lock not available */
        {"22", ERR_INVALID},     /* a value that does not fit */
        {"25P02", ERR_CONFLICT}, /* the transaction failed before */
        {"42", ERR_INVALID},     /* no such table or column, no right to it */
        {"25006", ERR_INVALID},  /* a reader writes */
        {"54", ERR_LIMIT},       {"XX001", ERR_CORRUPT}, {"XX002", ERR_CORRUPT},
    };
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (strncmp(state, classes[i].start, strlen(classes[i].start)) == 0) return classes[i].code;
    return ERR_IO; /* full disk, failing disk, shutdown, lost connection */
}

/* The first line of what the server says: the rest repeats our SQL. */
static int first_line(const char *words)
{
    const size_t size = strcspn(words, "\n");
    return size > 160 ? 160 : (int)size;
}

static ErrCode fail(const Connection *it, const PGresult *result, Err *err)
{
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state == NULL || PQstatus(it->server) != CONNECTION_OK) {
        const char *words = PQerrorMessage(it->server);
        return err_set(err, ERR_IO, "lost the database: %.*s: " ADVICE_CONNECTION,
                       first_line(words), words);
    }
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    return err_set(err, code_of(state), "database: %.*s (PostgreSQL %s)", first_line(words), words,
                   state);
}

static bool is_good(const PGresult *result)
{
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static ErrCode postgres_execute(void *connection, const char *sql, Err *err)
{
    Connection *it = connection;
    AUTO(result_done) PGresult *result = PQexec(it->server, sql);
    return is_good(result) ? OK : fail(it, result, err);
}

/* Whether the first column of the one row is `expected`. */
static ErrCode ask(Connection *it, const char *sql, const char *expected, bool *out_is, Err *err)
{
    AUTO(result_done) PGresult *result = PQexec(it->server, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) return fail(it, result, err);
    assert(PQntuples(result) == 1);
    *out_is = strcmp(PQgetvalue(result, 0, 0), expected) == 0;
    return OK;
}

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context; /* notices, such as those of DROP TABLE IF EXISTS, are nobody's business */
    (void)result;
}

static ErrCode set_up(Connection *it, Err *err)
{
    (void)PQsetNoticeReceiver(it->server, ignore_notice, NULL);
    const char *encoding = PQparameterStatus(it->server, "server_encoding");
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
        return err_set(err, ERR_INVALID,
                       "the database is encoded as %s: make one with ENCODING 'UTF8'",
                       encoding == NULL ? "nothing known" : encoding);
    /* An answer leaves only when the commit is on the server's disk, whatever its default is. */
    TRY(postgres_execute(it, "SET synchronous_commit = on", err));
    TRY(postgres_execute(it, "SET plan_cache_mode = force_generic_plan", err));
    if (it->is_writer) return OK;
    return postgres_execute(it, "SET default_transaction_read_only = on", err);
}

static ErrCode postgres_open(const StoreOptions *options, Arena *arena, void **out_connection,
                             Err *err)
{
    Connection *it = arena_new(arena, Connection);
    assert(it != NULL);
    it->is_writer = options->is_writer;
    *out_connection = it; /* even on failure: postgres_close() ends what was begun */

    /* `dbname` comes last and may be a whole URL, which then overrides the others. */
    const char *const names[] = {"connect_timeout", "client_encoding", "application_name", "dbname",
                                 NULL};
    const char *const values[] = {"10", "UTF8", "tongpin", options->place, NULL};
    it->server = PQconnectdbParams(names, values, 1);
    if (PQstatus(it->server) != CONNECTION_OK) {
        const char *words = PQerrorMessage(it->server); /* names the host, never the password */
        return err_set(err, ERR_IO, "no connection to the database: %.*s: " ADVICE_CONNECTION,
                       first_line(words), words);
    }
    return set_up(it, err);
}

static void postgres_close(void *connection, bool is_broken)
{
    (void)is_broken;
    Connection *it = connection;
    PQfinish(it->server);
    it->server = NULL;
}

static ErrCode postgres_begin(void *connection, Err *err)
{
    const Connection *it = connection;
    /* A reader's view stands still, as it does in SQLite. */
    return postgres_execute(connection,
                            it->is_writer ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ", err);
}

static ErrCode postgres_commit(void *connection, Err *err)
{
    Connection *it = connection;
    AUTO(result_done) PGresult *result = PQexec(it->server, "COMMIT");
    if (!is_good(result)) return fail(it, result, err);
    /* The server answers a COMMIT of a failed transaction with a rollback, and no error. */
    if (strcmp(PQcmdStatus(result), "COMMIT") == 0) return OK;
    return err_set(err, ERR_CONFLICT, "database: the change failed before and was given up");
}

static void postgres_rollback(void *connection)
{
    Connection *it = connection;
    PQclear(PQexec(it->server, "ROLLBACK")); /* if it fails the connection is lost, and so said */
}

static bool postgres_has_failed(void *connection)
{
    (void)connection; /* the server looks after its checkpoints, and stops when they fail */
    return false;
}

/* With data checksums on, reading a page is checking it. */
static ErrCode postgres_check(void *connection, Err *err)
{
    static const char *const list[] = {
        "SELECT count(*) FROM entry WHERE length(chained) < 0",
        "SELECT count(*) FROM op WHERE length(answer) < 0",
        "SELECT count(*) FROM thing WHERE length(id) <> 16",
    };
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        bool is_none = false;
        TRY(ask(connection, list[i], "0", &is_none, err));
        if (!is_none) return err_set(err, ERR_CORRUPT, "database: an id has not 16 bytes");
    }
    return OK;
}

static ErrCode postgres_has_schema(void *connection, bool *out_has, Err *err)
{
    return ask(connection, "SELECT to_regclass('meta') IS NOT NULL", "t", out_has, err);
}

/* Our texts say ?1 where PostgreSQL says $1. No text of the list holds another question mark. */
static void translate(const char *sql, char out[SQL_BYTES_MAX])
{
    const size_t size = strlen(sql);
    assert(size < SQL_BYTES_MAX);
    for (size_t i = 0; i <= size; i++)
        out[i] = (char)(sql[i] == '?' ? '$' : sql[i]);
}

static bool is_known_type(Oid type)
{
    return type == TYPE_BOOL || type == TYPE_BYTEA || type == TYPE_INT8 || type == TYPE_INT4 ||
           type == TYPE_TEXT;
}

static ErrCode describe(Connection *it, Statement *statement, Err *err)
{
    AUTO(result_done) PGresult *result = PQdescribePrepared(it->server, statement->name);
    if (!is_good(result)) return fail(it, result, err);
    statement->param_count = PQnparams(result);
    assert(statement->param_count <= QUERY_PARAMS_MAX);
    for (int i = 0; i < statement->param_count; i++) {
        statement->types[i] = PQparamtype(result, i);
        statement->formats[i] = 1;
        if (!is_known_type(statement->types[i]))
            return err_set(err, ERR_INVALID, "?%d has type %u: CAST it to BIGINT", i + 1,
                           statement->types[i]);
    }
    for (int i = 0; i < PQnfields(result); i++)
        if (!is_known_type(PQftype(result, i)))
            return err_set(err, ERR_INVALID, "column %d has type %u: CAST it to BIGINT", i,
                           PQftype(result, i));
    return OK;
}

static ErrCode postgres_prepare(void *connection, QueryId id, Arena *arena, void **out_statement,
                                Err *err)
{
    Connection *it = connection;
    const QueryInfo *info = query_info(id);
    Statement *statement = arena_new(arena, Statement);
    if (statement == NULL) return err_set(err, ERR_LIMIT, "too many statements");
    (void)snprintf(statement->name, sizeof statement->name, "q%d", (int)id);
    statement->is_stream = info->flags == (QUERY_FLAG_READ | QUERY_FLAG_FULL);

    char sql[SQL_BYTES_MAX];
    translate(info->postgres_sql != NULL ? info->postgres_sql : info->sql, sql);
    AUTO(result_done) PGresult *result = PQprepare(it->server, statement->name, sql, 0, NULL);
    if (!is_good(result)) return fail(it, result, err);
    TRY(describe(it, statement, err));
    *out_statement = statement;
    return OK;
}

static void postgres_forget(void *statement)
{
    Statement *it = statement;
    result_done(&it->result);
}

/* Big-endian, as on the wire. */
static void put_number(uint8_t *out, int64_t number, int size)
{
    for (int i = 0; i < size; i++)
        out[i] = (uint8_t)((uint64_t)number >> (8 * (size - 1 - i)));
}

static int64_t get_number(const uint8_t *at, int size)
{
    uint64_t number = (at[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (int i = 0; i < size; i++)
        number = number << 8 | at[i];
    return (int64_t)number;
}

static void postgres_bind_int(void *statement, int at, int64_t number)
{
    Statement *it = statement;
    assert(at >= 1);
    assert(at <= it->param_count);
    const Oid type = it->types[at - 1];
    assert(type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_BOOL);
    const int size = type == TYPE_INT8 ? 8 : type == TYPE_INT4 ? 4 : 1;
    assert(size == 8 || number == (int32_t)number);
    put_number(it->numbers[at - 1], number, size);
    it->values[at - 1] = (const char *)it->numbers[at - 1];
    it->sizes[at - 1] = size;
}

static void postgres_bind_bytes(void *statement, int at, Bytes bytes, bool is_text)
{
    Statement *it = statement;
    assert(at >= 1);
    assert(at <= it->param_count);
    assert(it->types[at - 1] == (Oid)(is_text ? TYPE_TEXT : TYPE_BYTEA));
    it->values[at - 1] = bytes.at == NULL ? "" : (const char *)bytes.at;
    it->sizes[at - 1] = (int)bytes.size; /* at most QUERY_VALUE_BYTES_MAX */
}

static void postgres_bind_null(void *statement, int at)
{
    Statement *it = statement;
    assert(at >= 1);
    assert(at <= it->param_count);
    it->values[at - 1] = NULL;
    it->sizes[at - 1] = 0;
}

static ErrCode send(Connection *it, Statement *statement, Err *err)
{
    statement->is_sent = true;
    statement->row = -1;
    if (!statement->is_stream) {
        statement->result =
            PQexecPrepared(it->server, statement->name, statement->param_count, statement->values,
                           statement->sizes, statement->formats, 1);
        return is_good(statement->result) ? OK : fail(it, statement->result, err);
    }
    const int is_sent =
        PQsendQueryPrepared(it->server, statement->name, statement->param_count, statement->values,
                            statement->sizes, statement->formats, 1);
    if (is_sent == 0) return fail(it, NULL, err);
    const int is_single = PQsetSingleRowMode(it->server);
    assert(is_single == 1); /* right after sending it cannot be refused */
    return OK;
}

static ErrCode next_of_stream(Connection *it, Statement *statement, bool *out_found, Err *err)
{
    result_done(&statement->result);
    statement->result = PQgetResult(it->server);
    statement->row = 0;
    const ExecStatusType status = PQresultStatus(statement->result); /* of NULL: FATAL_ERROR */
    if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK)
        return fail(it, statement->result, err);
    *out_found = status == PGRES_SINGLE_TUPLE;
    return OK;
}

static ErrCode postgres_step(void *connection, void *statement, bool *out_found, Err *err)
{
    Connection *it = connection;
    Statement *asked = statement;
    if (!asked->is_sent) TRY(send(it, asked, err));
    if (asked->is_stream) return next_of_stream(it, asked, out_found, err);
    asked->row++;
    *out_found = asked->row < PQntuples(asked->result);
    return OK;
}

static int64_t postgres_changed(void *connection, void *statement)
{
    (void)connection;
    const Statement *it = statement;
    assert(it->result != NULL); /* was run */
    Err ignored = {0};
    int64_t count = 0;
    if (text_to_int(text_from_z(PQcmdTuples(it->result)), &count, &ignored) != OK) return 0;
    return count;
}

static bool postgres_is_null(void *statement, int column)
{
    const Statement *it = statement;
    assert(column < PQnfields(it->result));
    return PQgetisnull(it->result, it->row, column) != 0;
}

static Bytes postgres_column_bytes(void *statement, int column)
{
    const Statement *it = statement;
    const uint8_t *at = (const uint8_t *)PQgetvalue(it->result, it->row, column);
    return (Bytes){.at = at, .size = (size_t)PQgetlength(it->result, it->row, column)};
}

static int64_t postgres_column_int(void *statement, int column)
{
    const Statement *it = statement;
    const Oid type = PQftype(it->result, column);
    assert(type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_BOOL);
    const Bytes bytes = postgres_column_bytes(statement, column);
    return get_number(bytes.at, (int)bytes.size);
}

/* Ends a stream by reading what is left of it. Cancelling would be quicker and would take the
 * transaction around it down as well. */
static void drain(Connection *it)
{
    for (PGresult *rest = PQgetResult(it->server); rest != NULL; rest = PQgetResult(it->server))
        PQclear(rest);
}

static void postgres_reset(void *connection, void *statement)
{
    Statement *it = statement;
    result_done(&it->result);
    if (it->is_stream && it->is_sent) drain(connection);
    it->is_sent = false;
    for (int i = 0; i < it->param_count; i++)
        postgres_bind_null(it, i + 1);
}

const Backend postgres_backend = {
    .name = "postgres",
    .open = postgres_open,
    .close = postgres_close,
    .execute = postgres_execute,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .has_failed = postgres_has_failed,
    .check = postgres_check,
    .has_schema = postgres_has_schema,
    .prepare = postgres_prepare,
    .bind_int = postgres_bind_int,
    .bind_bytes = postgres_bind_bytes,
    .bind_null = postgres_bind_null,
    .step = postgres_step,
    .changed = postgres_changed,
    .is_null = postgres_is_null,
    .column_int = postgres_column_int,
    .column_bytes = postgres_column_bytes,
    .reset = postgres_reset,
    .forget = postgres_forget,
};
