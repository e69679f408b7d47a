/*
 * gen_schema — writes the tables of both databases, and the queries that treat all kinds alike.
 *
 *     gen_schema tables  > store_tables.def
 *     gen_schema queries > row_queries.def
 *
 * It reads vocab/kinds.def and store/tables.def, which are compiled into it. Because it runs while
 * the program is built, every SQL text of the program is a literal.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "vocab/vocab.h"

#define SQL_BYTES_MAX   8192
#define PARTITION_COUNT 4

typedef enum Dialect { SQLITE, POSTGRES } Dialect;
static const char *const dialect_names[] = {[SQLITE] = "SQLITE", [POSTGRES] = "POSTGRES"};

typedef enum LineKind {
    LINE_TABLE,
    LINE_COLUMN,
    LINE_UNIQUE,
    LINE_UNIQUE_IN_SHARD,
    LINE_TABLE_END,
    LINE_INDEX,
} LineKind;

typedef struct Line {
    LineKind kind;
    const char *name; /* of the table, column or index */
    const char *life_or_type;
    const char *place_or_may;
    const char *columns;
} Line;

static const Line lines[] = {
#define TABLE(name, life, place, key) {LINE_TABLE, #name, #life, #place, key},
#define COLUMN(name, type, may)       {LINE_COLUMN, #name, #type, #may, ""},
#define UNIQUE(columns)               {LINE_UNIQUE, "", "", "", columns},
#define UNIQUE_IN_SHARD(columns)      {LINE_UNIQUE_IN_SHARD, "", "", "", columns},
#define TABLE_END                     {LINE_TABLE_END, "", "", "", ""},
#define INDEX(name, table, columns)   {LINE_INDEX, #name, #table, "", columns},
#include "store/tables.def"
};
static const size_t line_count = sizeof lines / sizeof lines[0];

/* Words that SQLite or PostgreSQL keeps for itself. A new kind or field may be called any of them;
 * its column then takes an underscore. */
static const char *const reserved[] = {
    "add",       "all",     "alter",   "analyze",  "and",         "any",      "array",
    "as",        "asc",     "between", "both",     "by",          "case",     "cast",
    "check",     "collate", "column",  "commit",   "constraint",  "create",   "cross",
    "current",   "default", "delete",  "desc",     "distinct",    "do",       "drop",
    "else",      "end",     "escape",  "except",   "exists",      "false",    "fetch",
    "for",       "foreign", "from",    "full",     "grant",       "group",    "having",
    "in",        "index",   "inner",   "insert",   "intersect",   "into",     "is",
    "isnull",    "join",    "lateral", "leading",  "left",        "like",     "limit",
    "natural",   "not",     "notnull", "null",     "offset",      "on",       "only",
    "or",        "order",   "outer",   "overlaps", "placing",     "primary",  "references",
    "returning", "right",   "select",  "set",      "similar",     "some",     "symmetric",
    "table",     "then",    "to",      "trailing", "transaction", "true",     "union",
    "unique",    "update",  "user",    "using",    "values",      "variadic", "verbose",
    "when",      "where",   "window",  "with",
};

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (strcmp(reserved[i], name) == 0) return true;
    return false;
}

/* The name of a kind's table. */
static void add_table_name(Buf *sql, const KindInfo *kind)
{
    buf_format(sql, "%s%s", kind->name, is_reserved(kind->name) ? "_" : "");
}

static void add_column_name(Buf *sql, const FieldInfo *field)
{
    const size_t size = strlen(field->name);
    const bool says_day = size >= 3 && strcmp(field->name + size - 3, "day") == 0;
    if (field->type == FIELD_DAY && !says_day)
        buf_format(sql, "%s_day", field->name);
    else
        buf_format(sql, "%s%s", field->name, is_reserved(field->name) ? "_" : "");
}

static bool is_blind(const FieldInfo *field)
{
    return (field->flags & FIELD_FLAG_BLIND) != 0;
}

static const char *type_of_field(const FieldInfo *field)
{
    switch (field->type) {
    case FIELD_TEXT: return "TEXT";
    case FIELD_SEALED: return "BYTES";
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_DAY:
    case FIELD_ENUM:
    case FIELD_COORD:
    case FIELD_REF: return "INT";
    }
    return "INT";
}

/* PostgreSQL compares texts byte by byte too, so that both databases sort alike. */
static const char *type_in(Dialect dialect, const char *type)
{
    if (strcmp(type, "TEXT") == 0) return dialect == SQLITE ? "TEXT" : "TEXT COLLATE \"C\"";
    if (strcmp(type, "BYTES") == 0) return dialect == SQLITE ? "BLOB" : "BYTEA";
    assert(strcmp(type, "INT") == 0);
    return dialect == SQLITE ? "INTEGER" : "BIGINT";
}

/* Prints the SQL as one literal inside macro `name`, and empties it. */
static void print_sql(const char *life, const char *where, Buf *sql)
{
    assert(!sql->is_over);
    printf("TABLE_SQL(%s, %s, \"", life, where);
    for (size_t i = 0; i < sql->size; i++) {
        if (sql->at[i] == '"') putchar('\\');
        putchar(sql->at[i]);
    }
    printf("\")\n");
    buf_clear(sql);
}

/* What is the same for a table of tables.def and for the table of a kind. */
typedef struct Table {
    Dialect dialect;
    char name[64];
    const char *life;
    bool is_sharded;
    const char *key;
    bool is_by_rowid; /* SQLite: the key is one INTEGER, which costs nothing */
} Table;

static void table_open(Buf *sql, const Table *table)
{
    buf_format(sql, "CREATE TABLE %s (", table->name);
    if (table->is_sharded) buf_format(sql, "shard %s NOT NULL, ", type_in(table->dialect, "INT"));
}

static void table_column(Buf *sql, const Table *table, const char *name, const char *type,
                         bool must)
{
    if (table->is_by_rowid && table->dialect == SQLITE && strcmp(name, table->key) == 0)
        buf_format(sql, "%s INTEGER PRIMARY KEY, ", name);
    else
        buf_format(sql, "%s %s%s, ", name, type_in(table->dialect, type), must ? " NOT NULL" : "");
}

/* A partitioned table of PostgreSQL can only be unique in columns that include the shard. */
static void table_unique(Buf *sql, const Table *table, const char *columns, bool in_shard)
{
    const bool with_shard = table->is_sharded && (in_shard || table->dialect == POSTGRES);
    buf_format(sql, "UNIQUE (%s%s), ", columns, with_shard ? ", shard" : "");
}

static void print_partitions(const Table *table)
{
    AUTO(buf_done) Buf sql = {0};
    buf_init(&sql, SQL_BYTES_MAX);
    for (int i = 0; i < PARTITION_COUNT; i++) {
        buf_format(&sql,
                   "CREATE TABLE %s_%d PARTITION OF %s FOR VALUES WITH (MODULUS %d, REMAINDER %d)",
                   table->name, i, table->name, PARTITION_COUNT, i);
        print_sql(table->life, "POSTGRES", &sql);
    }
}

static void table_close(Buf *sql, const Table *table)
{
    assert(sql->size > 2);
    const bool needs_key = !(table->is_by_rowid && table->dialect == SQLITE);
    if (needs_key)
        buf_format(sql, "PRIMARY KEY (%s%s)", table->is_sharded ? "shard, " : "", table->key);
    else
        sql->size -= 2; /* the last comma */
    buf_add_z(sql, ")");
    if (table->dialect == SQLITE) buf_add_z(sql, needs_key ? " STRICT, WITHOUT ROWID" : " STRICT");
    if (table->dialect == POSTGRES && table->is_sharded)
        buf_add_z(sql, " PARTITION BY HASH (shard)");
    print_sql(table->life, dialect_names[table->dialect], sql);
    if (table->dialect == POSTGRES && table->is_sharded) print_partitions(table);
}

/* Keys that are given out one by one: SQLite keeps such a table in their order for nothing. */
static bool is_counted(const char *key)
{
    return strcmp(key, "n") == 0 || strcmp(key, "arrival") == 0;
}

static void print_plain_table(size_t table_at, Dialect dialect)
{
    const Line *head = &lines[table_at];
    Table table = {.dialect = dialect,
                   .life = head->life_or_type,
                   .is_sharded = strcmp(head->place_or_may, "SHARDED") == 0,
                   .key = head->columns,
                   .is_by_rowid = is_counted(head->columns)};
    (void)snprintf(table.name, sizeof table.name, "%s", head->name);
    AUTO(buf_done) Buf sql = {0};
    buf_init(&sql, SQL_BYTES_MAX);

    table_open(&sql, &table);
    for (size_t i = table_at + 1; lines[i].kind != LINE_TABLE_END; i++) {
        const Line *line = &lines[i];
        if (line->kind == LINE_COLUMN)
            table_column(&sql, &table, line->name, line->life_or_type,
                         strcmp(line->place_or_may, "MUST") == 0);
        else
            table_unique(&sql, &table, line->columns, line->kind == LINE_UNIQUE_IN_SHARD);
    }
    table_close(&sql, &table);
}

static void print_kind_table(const KindInfo *kind, Dialect dialect)
{
    AUTO(buf_done) Buf sql = {0};
    AUTO(buf_done) Buf name = {0};
    buf_init(&sql, SQL_BYTES_MAX);
    buf_init(&name, sizeof((Table *)0)->name - 1);
    Table table = {
        .dialect = dialect, .life = "DERIVED", .is_sharded = true, .key = "n", .is_by_rowid = true};
    add_table_name(&name, kind);
    (void)snprintf(table.name, sizeof table.name, "%.*s", TEXT_ARG(buf_as_text(&name)));

    table_open(&sql, &table);
    table_column(&sql, &table, "n", "INT", true);
    table_column(&sql, &table, "stamp", "INT", true);
    table_column(&sql, &table, "is_void", "INT", true);
    for (size_t i = 0; i < kind->field_count; i++) {
        const FieldInfo *field = &kind->fields[i];
        add_column_name(&sql, field);
        buf_format(&sql, " %s, ", type_in(dialect, type_of_field(field)));
        if (is_blind(field))
            buf_format(&sql, "%s_index %s, ", field->name, type_in(dialect, "INT"));
    }
    table_close(&sql, &table);
}

/* Whether a table is derived: every table of a kind is. */
static const char *life_of(const char *table)
{
    for (size_t i = 0; i < line_count; i++)
        if (lines[i].kind == LINE_TABLE && strcmp(lines[i].name, table) == 0)
            return lines[i].life_or_type;
    return "DERIVED";
}

static void print_indexes(void)
{
    AUTO(buf_done) Buf sql = {0};
    buf_init(&sql, SQL_BYTES_MAX);
    for (size_t i = 0; i < line_count; i++) {
        if (lines[i].kind != LINE_INDEX) continue;
        buf_format(&sql, "CREATE INDEX %s ON %s (%s)", lines[i].name, lines[i].life_or_type,
                   lines[i].columns);
        print_sql(life_of(lines[i].life_or_type), "BOTH", &sql);
    }
    /* SQLite has arrival as its row number; PostgreSQL needs it in order across partitions. */
    buf_add_z(&sql, "CREATE INDEX entry_by_arrival ON entry (arrival)");
    print_sql("KEPT", "POSTGRES", &sql);
}

static void print_upper(const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        putchar(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
}

/* DERIVED_TABLE(NAME, "DROP TABLE IF EXISTS ...") */
static void print_derived(const char *name, const char *suffix)
{
    printf("DERIVED_TABLE(");
    print_upper(name);
    printf(", \"DROP TABLE IF EXISTS %s%s\")\n", name, suffix);
}

/* Sessions end with the node they began at; everything else that is kept is in a backup. */
static bool is_in_backup(const Line *line)
{
    return line->kind == LINE_TABLE && strcmp(line->life_or_type, "KEPT") == 0 &&
           strcmp(line->name, "session") != 0;
}

static bool is_sharded(const Line *line)
{
    return strcmp(line->place_or_may, "SHARDED") == 0;
}

/* KEPT_TABLE(NAME, "name", "types of its columns") */
static void print_kept(size_t table_at)
{
    const Line *head = &lines[table_at];
    printf("KEPT_TABLE(");
    print_upper(head->name);
    printf(", \"%s\", \"%s", head->name, is_sharded(head) ? "I" : "");
    for (size_t i = table_at + 1; lines[i].kind != LINE_TABLE_END; i++)
        if (lines[i].kind == LINE_COLUMN) putchar(lines[i].life_or_type[0]);
    printf("\")\n");
}

static void print_tables(void)
{
    printf("/* Made by `gen_schema tables`; change vocab/kinds.def or store/tables.def. */\n"
           "#ifndef TABLE_SQL\n#define TABLE_SQL(life, where, sql)\n#endif\n"
           "#ifndef DERIVED_TABLE\n#define DERIVED_TABLE(NAME, drop)\n#endif\n"
           "#ifndef KEPT_TABLE\n#define KEPT_TABLE(NAME, name, types)\n#endif\n");
    for (size_t i = 0; i < line_count; i++) {
        if (lines[i].kind != LINE_TABLE) continue;
        print_plain_table(i, SQLITE);
        print_plain_table(i, POSTGRES);
        if (strcmp(lines[i].life_or_type, "DERIVED") == 0) print_derived(lines[i].name, "");
        if (is_in_backup(&lines[i])) print_kept(i);
    }
    for (size_t i = 0; i < vocab_kind_count; i++) {
        print_kind_table(&vocab_kinds[i], SQLITE);
        print_kind_table(&vocab_kinds[i], POSTGRES);
        print_derived(vocab_kinds[i].name, is_reserved(vocab_kinds[i].name) ? "_" : "");
    }
    print_indexes();
    printf("#undef TABLE_SQL\n#undef DERIVED_TABLE\n#undef KEPT_TABLE\n");
}

/* ------------------------------------------------------------------------- queries of a kind */

static void print_query(const char *verb, const char *kind, const char *field, const char *flags,
                        Buf *sql)
{
    assert(!sql->is_over);
    printf("QUERY(ROW_%s_", verb);
    print_upper(kind);
    if (field[0] != '\0') putchar('_');
    print_upper(field);
    printf(", %s, \"%.*s\", NULL)\n", flags, TEXT_ARG(buf_as_text(sql)));
    buf_clear(sql);
}

static void print_add(const KindInfo *kind, Buf *sql)
{
    buf_add_z(sql, "INSERT INTO ");
    add_table_name(sql, kind);
    buf_add_z(sql, " (shard, n, stamp, is_void");
    unsigned value_count = 0;
    for (size_t i = 0; i < kind->field_count; i++) {
        buf_add_z(sql, ", ");
        add_column_name(sql, &kind->fields[i]);
        value_count++;
        if (!is_blind(&kind->fields[i])) continue;
        buf_format(sql, ", %s_index", kind->fields[i].name);
        value_count++;
    }
    buf_add_z(sql, ") VALUES (?1, ?2, ?3, 0");
    for (unsigned i = 0; i < value_count; i++)
        buf_format(sql, ", ?%u", 4 + i);
    buf_add_z(sql, ")");
    print_query("ADD", kind->name, "", "WRITE", sql);
}

static void print_load(const KindInfo *kind, Buf *sql)
{
    buf_add_z(sql, "SELECT stamp, is_void");
    for (size_t i = 0; i < kind->field_count; i++) {
        buf_add_z(sql, ", ");
        add_column_name(sql, &kind->fields[i]);
        if (is_blind(&kind->fields[i])) buf_format(sql, ", %s_index", kind->fields[i].name);
    }
    buf_add_z(sql, " FROM ");
    add_table_name(sql, kind);
    buf_add_z(sql, " WHERE n = ?2 AND shard = ?1");
    print_query("LOAD", kind->name, "", "READ", sql);
}

static void print_state(const KindInfo *kind, Buf *sql)
{
    buf_add_z(sql, "SELECT stamp, is_void FROM ");
    add_table_name(sql, kind);
    buf_add_z(sql, " WHERE n = ?2 AND shard = ?1");
    print_query("STATE", kind->name, "", "READ", sql);
}

/* Every row, with ids in place of keys: what two databases must agree on. */
static void print_all(const KindInfo *kind, Buf *sql)
{
    buf_add_z(sql, "SELECT t.id, r.is_void");
    for (size_t i = 0; i < kind->field_count; i++) {
        const FieldInfo *field = &kind->fields[i];
        if (field->type == FIELD_REF) {
            buf_format(sql, ", t%u.id", field->number);
        } else {
            buf_add_z(sql, ", r.");
            add_column_name(sql, field);
        }
        if (is_blind(field)) buf_format(sql, ", r.%s_index", field->name);
    }
    buf_add_z(sql, " FROM ");
    add_table_name(sql, kind);
    buf_add_z(sql, " r JOIN thing t ON t.n = r.n AND t.shard = r.shard");
    for (size_t i = 0; i < kind->field_count; i++) {
        const FieldInfo *field = &kind->fields[i];
        if (field->type != FIELD_REF) continue;
        buf_format(sql, " LEFT JOIN thing t%u ON t%u.n = r.", field->number, field->number);
        add_column_name(sql, field);
        buf_format(sql, " AND t%u.shard = r.shard", field->number);
    }
    print_query("ALL", kind->name, "", "READ | FULL", sql);
}

static void print_set(const KindInfo *kind, const FieldInfo *field, Buf *sql)
{
    buf_add_z(sql, "UPDATE ");
    add_table_name(sql, kind);
    buf_add_z(sql, " SET stamp = ?3, ");
    add_column_name(sql, field);
    buf_add_z(sql, " = ?4");
    if (is_blind(field)) buf_format(sql, ", %s_index = ?5", field->name);
    buf_add_z(sql, " WHERE n = ?2 AND shard = ?1");
    print_query("SET", kind->name, field->name, "WRITE", sql);
}

static void print_kind_queries(const KindInfo *kind)
{
    AUTO(buf_done) Buf sql = {0};
    buf_init(&sql, SQL_BYTES_MAX);
    print_add(kind, &sql);
    print_load(kind, &sql);
    print_state(kind, &sql);
    print_all(kind, &sql);

    buf_add_z(&sql, "UPDATE ");
    add_table_name(&sql, kind);
    buf_add_z(&sql, " SET is_void = ?4, stamp = ?3 WHERE n = ?2 AND shard = ?1");
    print_query("VOID", kind->name, "", "WRITE", &sql);

    for (size_t i = 0; i < kind->field_count; i++)
        print_set(kind, &kind->fields[i], &sql);

    buf_add_z(&sql, "DELETE FROM ");
    add_table_name(&sql, kind);
    buf_add_z(&sql, " WHERE n = ?2 AND shard = ?1");
    print_query("REMOVE", kind->name, "", "WRITE", &sql);

    buf_add_z(&sql, "DELETE FROM ");
    add_table_name(&sql, kind);
    print_query("EMPTY", kind->name, "", "WRITE | FULL", &sql);
}

/* The columns as they were declared, the shard before them. */
static unsigned add_columns(Buf *sql, size_t table_at)
{
    unsigned count = 0;
    if (is_sharded(&lines[table_at])) {
        buf_add_z(sql, "shard");
        count++;
    }
    for (size_t i = table_at + 1; lines[i].kind != LINE_TABLE_END; i++) {
        if (lines[i].kind != LINE_COLUMN) continue;
        buf_format(sql, "%s%s", count == 0 ? "" : ", ", lines[i].name);
        count++;
    }
    return count;
}

static void print_kept_queries(size_t table_at, Buf *sql)
{
    const Line *head = &lines[table_at];
    buf_add_z(sql, "SELECT ");
    (void)add_columns(sql, table_at);
    buf_format(sql, " FROM %s ORDER BY %s", head->name, head->columns);
    print_query("KEPT_ALL", head->name, "", "READ | FULL", sql);

    buf_format(sql, "INSERT INTO %s (", head->name);
    const unsigned count = add_columns(sql, table_at);
    buf_add_z(sql, ") VALUES (");
    for (unsigned i = 1; i <= count; i++)
        buf_format(sql, "%s?%u", i == 1 ? "" : ", ", i);
    buf_add_z(sql, ")");
    print_query("KEPT_ADD", head->name, "", "WRITE", sql);
}

static void print_queries(void)
{
    printf("/* Made by `gen_schema queries`; change vocab/kinds.def or store/tables.def. */\n");
    for (size_t i = 0; i < vocab_kind_count; i++)
        print_kind_queries(&vocab_kinds[i]);
    AUTO(buf_done) Buf sql = {0};
    buf_init(&sql, SQL_BYTES_MAX);
    for (size_t i = 0; i < line_count; i++) {
        if (lines[i].kind != LINE_TABLE) continue;
        if (is_in_backup(&lines[i])) print_kept_queries(i, &sql);
        if (strcmp(lines[i].life_or_type, "DERIVED") != 0) continue;
        buf_format(&sql, "DELETE FROM %s", lines[i].name);
        print_query("EMPTY", lines[i].name, "", "WRITE | FULL", &sql);
    }
}

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";
    if (strcmp(what, "tables") == 0)
        print_tables();
    else if (strcmp(what, "queries") == 0)
        print_queries();
    else
        fprintf(stderr, "usage: gen_schema tables|queries\n");
    return fflush(stdout) == 0 && what[0] != '\0' ? 0 : 2;
}
