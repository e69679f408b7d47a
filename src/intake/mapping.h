#pragma once
/*
 * mapping — a person's own word on what the columns of a file mean.
 *
 * A text file of lines, for what recognition gets wrong or cannot know:
 *
 *     # comments and empty lines
 *     sheet = 花名册
 *     skip 3 rows
 *     header 2 rows
 *     联系人 = name
 *     C = 身份证号
 *     内部编码 = -
 *
 * Left stands a heading as in the file, or the letter of a column; right a column of the import by
 * its name or label, or `-` to leave it out. `header 0 rows` says that there are no headings.
 *
 *   Owns     nothing: texts lie in the arena given.
 *   Bounds   MAPPING_BYTES_MAX, MAPPING_RULES_MAX
 *   Errors   ERR_INVALID  a line that cannot be followed: "line 4: ..."
 */
#include "intake/columns.h"
#include "intake/sheet.h"

#define MAPPING_BYTES_MAX   ((size_t)64 * 1024)
#define MAPPING_RULES_MAX   200
#define MAPPING_HEADER_MAX  4
#define MAPPING_HEADER_AUTO (-1)

typedef struct MappingRule {
    unsigned line;
    bool is_letter;
    unsigned column;          /* of is_letter */
    Text heading;             /* as written, otherwise */
    const ColumnInfo *target; /* NULL: leave it out */
} MappingRule;

typedef struct Mapping {
    Text sheet_name; /* empty: every sheet that is of the kind */
    unsigned skip_rows;
    int header_rows;
    MappingRule *rules;
    size_t rule_count;
} Mapping;

MUST_USE ErrCode mapping_parse(Bytes bytes, const IntakeInfo *intake, Arena *arena,
                               Mapping *out_mapping, Err *err);

/* The rule for a heading or column; NULL when there is none. `mapping` may be NULL. */
const MappingRule *mapping_find(const Mapping *mapping, Text heading, unsigned column);
