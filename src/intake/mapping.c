#include "intake/mapping.h"

#include <assert.h>
#include <string.h>

#include "intake/fold.h"

/* Names the columns there are, as far as the sentence has room. */
static void list_columns(const IntakeInfo *intake, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < intake->column_count; i++) {
        const char *name = intake->columns[i].name;
        const size_t wanted = strlen(name) + 2;
        if (used + wanted >= size) return;
        if (used > 0) memcpy(out + used, ", ", 3);
        used += used > 0 ? 2 : 0;
        memcpy(out + used, name, strlen(name) + 1);
        used += strlen(name);
    }
}

static ErrCode unknown_column(const IntakeInfo *intake, Text name, unsigned line, Err *err)
{
    char columns[150];
    list_columns(intake, columns, sizeof columns);
    return err_set(err, ERR_INVALID, "line %u: %s have no column \"%.*s\"; there are %s", line,
                   intake->name, name.size > 30 ? 30 : (int)name.size, name.at, columns);
}

/* One or two capital letters name a column; anything else, or anything quoted, is a heading. */
static bool read_letter(Text left, unsigned *out_column)
{
    unsigned column = 0;
    if (left.size == 0 || left.size > 2) return false;
    for (size_t i = 0; i < left.size; i++) {
        if (left.at[i] < 'A' || left.at[i] > 'Z') return false;
        column = column * 26 + (unsigned)(left.at[i] - 'A' + 1);
    }
    *out_column = column - 1;
    return column <= SHEET_COLUMNS_MAX;
}

static Text unquoted(Text text)
{
    if (text.size < 2 || text.at[0] != '"' || text.at[text.size - 1] != '"') return text;
    return (Text){text.at + 1, text.size - 2};
}

static ErrCode add_rule(Mapping *mapping, const IntakeInfo *intake, Text left, Text right,
                        unsigned line, Err *err)
{
    MappingRule rule = {.line = line, .heading = unquoted(left)};
    rule.is_letter = read_letter(left, &rule.column);
    if (rule.heading.size == 0 || right.size == 0)
        return err_set(err, ERR_INVALID, "line %u: write \"heading = column\"", line);
    if (!text_is(right, "-")) {
        rule.target = column_named(intake, right);
        if (rule.target == NULL) return unknown_column(intake, right, line, err);
    }
    for (size_t i = 0; i < mapping->rule_count; i++) {
        const MappingRule *other = &mapping->rules[i];
        if (rule.target != NULL && other->target == rule.target)
            return err_set(err, ERR_INVALID, "line %u: \"%s\" is given already in line %u", line,
                           rule.target->name, other->line);
        if (other->is_letter == rule.is_letter && text_equal(other->heading, rule.heading))
            return err_set(err, ERR_INVALID, "line %u: \"%.*s\" is given already in line %u", line,
                           left.size > 60 ? 60 : (int)left.size, left.at, other->line);
    }
    if (mapping->rule_count == MAPPING_RULES_MAX)
        return err_set(err, ERR_INVALID, "line %u: more than %d columns are given", line,
                       MAPPING_RULES_MAX);
    mapping->rules[mapping->rule_count++] = rule;
    return OK;
}

/* "skip 3 rows": the number between the two words, when the line is of that form. */
static bool read_count(Text line, const char *verb, int64_t *out_count)
{
    Text rest = line;
    Err err;
    if (!text_is(text_split(&rest, ' '), verb)) return false;
    rest = text_trim(rest);
    const Text number = text_split(&rest, ' ');
    rest = text_trim(rest);
    if (!text_is(rest, "rows") && !text_is(rest, "row")) return false;
    return text_to_int(number, out_count, &err) == OK;
}

static ErrCode read_line(Mapping *mapping, const IntakeInfo *intake, Text line, unsigned number,
                         Err *err)
{
    int64_t count;
    if (read_count(line, "skip", &count)) {
        if (count < 0 || count > SHEET_ROW_NUMBER_MAX)
            return err_set(err, ERR_INVALID, "line %u: that many rows cannot be skipped", number);
        mapping->skip_rows = (unsigned)count;
        return OK;
    }
    if (read_count(line, "header", &count)) {
        if (count < 0 || count > MAPPING_HEADER_MAX)
            return err_set(err, ERR_INVALID, "line %u: headings take 0 to %d rows", number,
                           MAPPING_HEADER_MAX);
        mapping->header_rows = (int)count;
        return OK;
    }
    if (memchr(line.at, '=', line.size) == NULL)
        return err_set(err, ERR_INVALID,
                       "line %u: write \"heading = column\", \"C = column\", \"sheet = name\", "
                       "\"skip 3 rows\" or \"header 2 rows\"",
                       number);
    Text right = line;
    const Text left = text_trim(text_split(&right, '='));
    right = text_trim(right);
    if (text_is(left, "sheet")) {
        mapping->sheet_name = right;
        return OK;
    }
    return add_rule(mapping, intake, left, right, number, err);
}

ErrCode mapping_parse(Bytes bytes, const IntakeInfo *intake, Arena *arena, Mapping *out_mapping,
                      Err *err)
{
    assert(intake != NULL);
    if (bytes.size > MAPPING_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "a mapping file has at most %zu KiB",
                       MAPPING_BYTES_MAX >> 10);
    if (bytes.size >= 3 && memcmp(bytes.at, "\xEF\xBB\xBF", 3) == 0)
        bytes = (Bytes){bytes.at + 3, bytes.size - 3};
    Bytes copy;
    Text rest;
    TRY(bytes_copy(arena, bytes, &copy, err));
    TRY(text_from_bytes(copy, &rest, err));

    Mapping mapping = {.header_rows = MAPPING_HEADER_AUTO};
    mapping.rules = arena_array(arena, MappingRule, MAPPING_RULES_MAX);
    if (mapping.rules == NULL) return err_set(err, ERR_LIMIT, "no memory for the mapping");
    for (unsigned number = 1; rest.size > 0; number++) {
        const Text line = text_trim(text_split(&rest, '\n'));
        if (line.size == 0 || line.at[0] == '#') continue;
        TRY(read_line(&mapping, intake, line, number, err));
    }
    *out_mapping = mapping;
    return OK;
}

const MappingRule *mapping_find(const Mapping *mapping, Text heading, unsigned column)
{
    if (mapping == NULL) return NULL;
    char here[FOLD_BYTES_MAX];
    char there[FOLD_BYTES_MAX];
    const Text folded = fold_heading(heading, here);
    for (size_t i = 0; i < mapping->rule_count; i++) {
        const MappingRule *rule = &mapping->rules[i];
        if (rule->is_letter && rule->column == column) return rule;
        if (!rule->is_letter && folded.size > 0 &&
            text_equal(fold_heading(rule->heading, there), folded))
            return rule;
    }
    return NULL;
}
