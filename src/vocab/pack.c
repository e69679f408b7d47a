#include "vocab/pack.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const rule_names[] = {
    [RULE_NONE] = "",
#define RULE(NAME, name, what) [RULE_##NAME] = (name),
#include "vocab/pack.def"
};

static const char *const rule_whats[] = {
    [RULE_NONE] = "",
#define RULE(NAME, name, what) [RULE_##NAME] = (what),
#include "vocab/pack.def"
};

static const ParameterInfo parameters[] = {
#define PARAMETER(RULE, NAME, text, TYPE, low, high, standard, meaning) \
    [PARAMETER_##RULE##_##NAME] = {.rule = RULE_##RULE,                 \
                                   .name = (text),                      \
                                   .type = PARAMETER_##TYPE,            \
                                   .least = (low),                      \
                                   .most = (high),                      \
                                   .otherwise = (standard),             \
                                   .what = (meaning)},
#include "vocab/pack.def"
};

#define PARAMETER(RULE, NAME, text, TYPE, low, high, standard, meaning) \
    static_assert((low) <= (standard) && (standard) <= (high), "a default is within its range");
#include "vocab/pack.def"

static const char *const hardness_names[] = {
    [HARDNESS_MUST] = "must",
    [HARDNESS_SHOULD] = "should",
    [HARDNESS_GENERALLY] = "generally",
};

static const char *const period_names[] = {
    [PERIOD_WORKDAY] = "workday", [PERIOD_WEEK] = "week",           [PERIOD_MONTH] = "month",
    [PERIOD_QUARTER] = "quarter", [PERIOD_HALF_YEAR] = "half_year", [PERIOD_YEAR] = "year",
};

/* The keys of a rule that are not parameters; a bit each says which were seen. */
enum {
    KEY_TITLE_ZH = 1,
    KEY_TITLE_EN = 2,
    KEY_SOURCE = 4,
    KEY_VALID_FROM = 8,
    KEY_VALID_TO = 16,
    KEY_HARDNESS = 32,
    KEY_NOTE = 64,
    KEY_VERSION = 128,
    KEY_SOURCE_EN = 256,
    KEYS_OF_HEAD = KEY_TITLE_ZH | KEY_TITLE_EN | KEY_VERSION,
    KEYS_OF_RULE = KEY_TITLE_ZH | KEY_TITLE_EN | KEY_SOURCE | KEY_VALID_FROM | KEY_HARDNESS
};

static const struct {
    const char *name;
    unsigned key;
} key_names[] = {
    {"title.zh", KEY_TITLE_ZH},   {"title.en", KEY_TITLE_EN},
    {"source", KEY_SOURCE},       {"valid_from", KEY_VALID_FROM},
    {"valid_to", KEY_VALID_TO},   {"hardness", KEY_HARDNESS},
    {"note", KEY_NOTE},           {"version", KEY_VERSION},
    {"source.en", KEY_SOURCE_EN},
};
enum { KEY_NAME_COUNT = sizeof key_names / sizeof key_names[0] };

/* What has been read so far. */
typedef struct Reader {
    Arena *arena;
    Pack *pack;
    Rule *rules;
    size_t rule_count;
    Rule *rule; /* the one being read; NULL in the head */
    unsigned line;
    unsigned keys_seen;                    /* in the head or in this rule */
    bool parameters_seen[PARAMETER_COUNT]; /* in this rule */
} Reader;

/* TEXT_ARG() names its argument twice, so the two calls of clip() below give the same text. */
#define refuse(reader, ...) refuse_at((reader)->line, err, __VA_ARGS__)

/* A refusal that names the line. */
static ErrCode refuse_at(unsigned line, Err *err, const char *format, ...) PRINTF_LIKE(3, 4);

static ErrCode refuse_at(unsigned line, Err *err, const char *format, ...)
{
    char words[ERR_MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    return err_set(err, ERR_INVALID, "line %u: %s", line, words);
}

/* The beginning of a text from the file, short enough for a message, cut between characters. */
static Text clip(Text text)
{
    size_t size = 0;
    size_t at = 0;
    while (at <= 48) {
        size = at;
        if (text_next_rune(text, &at) == 0) break;
    }
    return (Text){text.at, size};
}

static unsigned key_named(Text name)
{
    for (size_t i = 0; i < KEY_NAME_COUNT; i++)
        if (text_is(name, key_names[i].name)) return key_names[i].key;
    return 0;
}

/* The names in `keys`, for a message. */
static const char *key_list(unsigned keys)
{
    for (size_t i = 0; i < KEY_NAME_COUNT; i++)
        if ((keys & key_names[i].key) != 0) return key_names[i].name;
    return "";
}

static ErrCode keep_text(Reader *reader, Text value, Text *out_text, Err *err)
{
    if (value.size == 0) return refuse(reader, "nothing stands after the =");
    return text_copy(reader->arena, value, out_text, err);
}

static ErrCode read_hardness(Reader *reader, Text value, Err *err)
{
    assert(reader->rule != NULL); /* no key of the head */
    for (int i = HARDNESS_MUST; i <= HARDNESS_GENERALLY; i++) {
        if (!text_is(value, hardness_names[i])) continue;
        reader->rule->hardness = (Hardness)i;
        return OK;
    }
    return refuse(reader, "hardness is must, should or generally, not \"%.*s\"",
                  TEXT_ARG(clip(value)));
}

static ErrCode read_day(Reader *reader, Text value, Day *out_day, Err *err)
{
    Err cause;
    if (day_parse(value, out_day, &cause) == OK) return OK;
    return refuse(reader, "%s", cause.message);
}

static ErrCode read_version(Reader *reader, Text value, Err *err)
{
    Err cause;
    int64_t version = 0;
    if (text_to_int(value, &version, &cause) != OK) return refuse(reader, "%s", cause.message);
    if (version < 1) return refuse(reader, "version is 1 or more");
    reader->pack->version = version;
    return OK;
}

/* Takes a key that is not a parameter; it belongs here, which the caller has made sure of. */
static ErrCode read_key(Reader *reader, unsigned key, Text value, Err *err)
{
    Rule *rule = reader->rule;
    switch (key) {
    case KEY_TITLE_ZH:
        return keep_text(reader, value, rule ? &rule->title_zh : &reader->pack->title_zh, err);
    case KEY_TITLE_EN:
        return keep_text(reader, value, rule ? &rule->title_en : &reader->pack->title_en, err);
    case KEY_VERSION: return read_version(reader, value, err);
    case KEY_SOURCE: return keep_text(reader, value, &rule->source, err);
    case KEY_SOURCE_EN: return keep_text(reader, value, &rule->source_en, err);
    case KEY_NOTE: return keep_text(reader, value, &rule->note, err);
    case KEY_VALID_FROM: return read_day(reader, value, &rule->valid.first, err);
    case KEY_VALID_TO: return read_day(reader, value, &rule->valid.last, err);
    default: return read_hardness(reader, value, err);
    }
}

static ErrCode read_yes_no(Reader *reader, const ParameterInfo *info, Text value,
                           int64_t *out_number, Err *err)
{
    if (!text_is(value, "yes") && !text_is(value, "no"))
        return refuse(reader, "%s is yes or no, not \"%.*s\"", info->name, TEXT_ARG(clip(value)));
    *out_number = text_is(value, "yes") ? 1 : 0;
    return OK;
}

static ErrCode read_period(Reader *reader, const ParameterInfo *info, Text value,
                           int64_t *out_number, Err *err)
{
    for (int i = PERIOD_WORKDAY; i <= PERIOD_YEAR; i++) {
        if (!text_is(value, period_names[i])) continue;
        *out_number = i;
        return OK;
    }
    return refuse(reader, "%s is workday, week, month, quarter, half_year or year, not \"%.*s\"",
                  info->name, TEXT_ARG(clip(value)));
}

static ErrCode read_number(Reader *reader, const ParameterInfo *info, Text value,
                           int64_t *out_number, Err *err)
{
    Err cause;
    int64_t number = 0;
    if (text_to_int(value, &number, &cause) != OK)
        return refuse(reader, "%s: %s", info->name, cause.message);
    if (number < info->least || number > info->most)
        return refuse(reader, "%s is between %" PRId64 " and %" PRId64 ", not %" PRId64, info->name,
                      info->least, info->most, number);
    *out_number = number;
    return OK;
}

static ErrCode read_parameter(Reader *reader, ParameterCode code, Text value, Err *err)
{
    const ParameterInfo *info = &parameters[code];
    if (reader->parameters_seen[code]) return refuse(reader, "%s stands here twice", info->name);
    reader->parameters_seen[code] = true;

    int64_t number = 0;
    switch (info->type) {
    case PARAMETER_YES_NO: TRY(read_yes_no(reader, info, value, &number, err)); break;
    case PARAMETER_PERIOD: TRY(read_period(reader, info, value, &number, err)); break;
    case PARAMETER_NUMBER: TRY(read_number(reader, info, value, &number, err)); break;
    }
    reader->rule->values[code] = number;
    return OK;
}

static bool parameter_find(RuleCode rule, Text name, ParameterCode *out_code)
{
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        if (parameters[i].rule != rule || !text_is(name, parameters[i].name)) continue;
        *out_code = (ParameterCode)i;
        return true;
    }
    return false;
}

static bool is_checklist(RuleCode rule)
{
    static const RuleCode lists[] = {
        RULE_NONE,
#define CHECKLIST(NAME, name, what) RULE_##NAME,
#include "vocab/pack.def"
    };
    for (size_t i = 1; i < sizeof lists / sizeof lists[0]; i++)
        if (lists[i] == rule) return true;
    return false;
}

/* A line of a checklist. */
static ErrCode read_item(Reader *reader, Text value, Err *err)
{
    Err cause;
    const ErrCode code = checklist_add(&reader->rule->list, value, reader->arena, &cause);
    if (code == ERR_LIMIT)
        return err_set(err, ERR_LIMIT, "line %u: %s", reader->line, cause.message);
    return code == OK ? OK : refuse(reader, "%s", cause.message);
}

static ErrCode read_setting(Reader *reader, Text line, Err *err)
{
    Text value = line;
    const Text name = text_trim(text_split(&value, '='));
    if (value.at == line.at + line.size && line.at[line.size - 1] != '=')
        return refuse(reader, "\"%.*s\" is not \"name = value\"", TEXT_ARG(clip(line)));
    value = text_trim(value);

    const unsigned key = key_named(name);
    const unsigned allowed = reader->rule == NULL
                                 ? KEYS_OF_HEAD
                                 : KEYS_OF_RULE | KEY_SOURCE_EN | KEY_VALID_TO | KEY_NOTE;
    if ((key & allowed) != 0) {
        if ((reader->keys_seen & key) != 0)
            return refuse(reader, "%.*s stands here twice", TEXT_ARG(clip(name)));
        reader->keys_seen |= key;
        return read_key(reader, key, value, err);
    }
    if (reader->rule == NULL)
        return refuse(reader,
                      "\"%.*s\" is not known before the first rule; known are title.zh, "
                      "title.en and version",
                      TEXT_ARG(clip(name)));
    if (is_checklist(reader->rule->code) && text_is(name, "item"))
        return read_item(reader, value, err);
    ParameterCode parameter;
    if (!parameter_find(reader->rule->code, name, &parameter))
        return refuse(reader, "rule %s has nothing called \"%.*s\"", rule_names[reader->rule->code],
                      TEXT_ARG(clip(name)));
    return read_parameter(reader, parameter, value, err);
}

static ErrCode check_relations(const Rule *rule, Err *err)
{
    const bool is_group = rule->code == RULE_OWN_GROUP;
    if (is_group && rule->values[PARAMETER_OWN_GROUP_FORMAL_MIN] >
                        rule->values[PARAMETER_OWN_GROUP_MEMBERS_MIN])
        return refuse_at(rule->line, err, "formal_min is more than members_min");
    const bool is_branch = rule->code == RULE_BRANCH;
    if (is_branch &&
        rule->values[PARAMETER_BRANCH_FORMAL_MIN] > rule->values[PARAMETER_BRANCH_MEMBERS_MAX])
        return refuse_at(rule->line, err, "formal_min is more than members_max");
    const bool is_grades = rule->code == RULE_ASSESS_GRADES;
    if (is_grades && (rule->values[PARAMETER_ASSESS_GRADES_ORDINARY_MIN] >
                          rule->values[PARAMETER_ASSESS_GRADES_FAIRLY_GOOD_MIN] ||
                      rule->values[PARAMETER_ASSESS_GRADES_FAIRLY_GOOD_MIN] >
                          rule->values[PARAMETER_ASSESS_GRADES_GOOD_MIN]))
        return refuse_at(rule->line, err, "a better grade needs no fewer points than a worse one");
    return OK;
}

/* What was being read, head or rule, ends here. */
static ErrCode end_section(Reader *reader, Err *err)
{
    const Rule *rule = reader->rule;
    const unsigned missing = (rule == NULL ? KEYS_OF_HEAD : KEYS_OF_RULE) & ~reader->keys_seen;
    if (missing != 0 && rule == NULL)
        return refuse(reader, "the pack has no %s; add it before the first rule",
                      key_list(missing));
    if (missing != 0)
        return refuse_at(rule->line, err, "rule %s has no %s; add it", rule_names[rule->code],
                         key_list(missing));
    if (rule == NULL) return OK;
    if (is_checklist(rule->code) && rule->list.count == 0)
        return refuse_at(rule->line, err, "rule %s has no item; add its lines",
                         rule_names[rule->code]);
    if (rule->valid.first > rule->valid.last)
        return refuse_at(rule->line, err,
                         "rule %s ends before it begins; see valid_from and valid_to",
                         rule_names[rule->code]);
    return check_relations(rule, err);
}

static ErrCode begin_rule(Reader *reader, Text line, Err *err)
{
    TRY(end_section(reader, err));
    if (line.at[line.size - 1] != ']') return refuse(reader, "the ] at the end is missing");
    Text words = text_trim((Text){line.at + 1, line.size - 2});
    const Text section = text_split(&words, ' ');
    const Text name = text_trim(words);
    if (!text_is(section, "rule"))
        return refuse(reader, "a section is [rule NAME], not [%.*s ...]", TEXT_ARG(clip(section)));
    const RuleCode code = rule_named(name);
    if (code == RULE_NONE)
        return refuse(reader, "there is no rule called \"%.*s\"", TEXT_ARG(clip(name)));
    if (reader->rule_count == PACK_RULES_MAX)
        return err_set(err, ERR_LIMIT, "line %u: a pack has at most %d rules", reader->line,
                       PACK_RULES_MAX);

    Rule *rule = &reader->rules[reader->rule_count++];
    *rule = (Rule){.code = code, .line = reader->line, .valid = {.last = DAY_OPEN}};
    for (size_t i = 0; i < PARAMETER_COUNT; i++)
        if (parameters[i].rule == code) rule->values[i] = parameters[i].otherwise;
    reader->rule = rule;
    reader->keys_seen = 0;
    memset(reader->parameters_seen, 0, sizeof reader->parameters_seen);
    return OK;
}

static bool is_plain_name(Text name)
{
    if (name.size == 0 || name.size > 60) return false;
    for (size_t i = 0; i < name.size; i++) {
        const char c = name.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    }
    return true;
}

static ErrCode read_name(Reader *reader, Text line, Err *err)
{
    Text name = line;
    const Text word = text_split(&name, ' ');
    name = text_trim(name);
    if (!text_is(word, "pack")) return refuse(reader, "a rule pack opens with \"pack NAME\"");
    if (!is_plain_name(name))
        return refuse(reader, "a pack's name is made of a-z, 0-9 and -, at most 60 of them");
    return text_copy(reader->arena, name, &reader->pack->name, err);
}

static ErrCode read_line(Reader *reader, Bytes bytes, Err *err)
{
    if (bytes.size > PACK_LINE_MAX)
        return err_set(err, ERR_LIMIT, "line %u: longer than %d bytes", reader->line,
                       PACK_LINE_MAX);
    Err cause;
    Text line;
    if (text_from_bytes(bytes, &line, &cause) != OK)
        return refuse(reader, "%s; save the file as UTF-8", cause.message);
    line = text_trim(line); /* takes away a byte order mark and a carriage return too */
    if (line.size == 0 || line.at[0] == '#') return OK;
    if (reader->pack->name.size == 0) return read_name(reader, line, err);
    if (line.at[0] == '[') return begin_rule(reader, line, err);
    return read_setting(reader, line, err);
}

static int compare_rules(const void *left, const void *right)
{
    const Rule *a = left;
    const Rule *b = right;
    if (a->code != b->code) return a->code < b->code ? -1 : 1;
    if (a->valid.first != b->valid.first) return a->valid.first < b->valid.first ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

static ErrCode check_versions(const Rule *rules, size_t count, Err *err)
{
    for (size_t i = 1; i < count; i++) {
        const Rule *a = &rules[i - 1];
        const Rule *b = &rules[i];
        if (a->code != b->code || !ranges_meet(a->valid, b->valid)) continue;
        const bool is_a_later = a->line > b->line;
        return refuse_at(is_a_later ? a->line : b->line, err,
                         "rule %s holds on the same days as the one in line %u; set valid_to "
                         "there or valid_from here",
                         rule_names[a->code], is_a_later ? b->line : a->line);
    }
    return OK;
}

ErrCode pack_parse(Bytes bytes, Arena *arena, const Pack **out_pack, Err *err)
{
    assert(arena != NULL);
    assert(out_pack != NULL);
    if (bytes.size > PACK_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "a rule pack has at most %zu bytes", PACK_BYTES_MAX);
    Pack *pack = arena_new(arena, Pack);
    Rule *rules = arena_array(arena, Rule, PACK_RULES_MAX);
    if (pack == NULL || rules == NULL)
        return err_set(err, ERR_LIMIT, "no room to read a rule pack");

    Reader reader = {.arena = arena, .pack = pack, .rules = rules};
    size_t at = 0;
    while (at < bytes.size) {
        const uint8_t *end = memchr(bytes.at + at, '\n', bytes.size - at);
        const size_t size = end == NULL ? bytes.size - at : (size_t)(end - (bytes.at + at));
        reader.line++;
        TRY(read_line(&reader, (Bytes){bytes.at + at, size}, err));
        at += size + 1;
    }
    if (pack->name.size == 0)
        return err_set(err, ERR_INVALID, "line %u: a rule pack opens with \"pack NAME\"",
                       reader.line == 0 ? 1 : reader.line);
    TRY(end_section(&reader, err));
    qsort(rules, reader.rule_count, sizeof *rules, compare_rules);
    TRY(check_versions(rules, reader.rule_count, err)); /* invariant 1 */
    pack->rules = rules;
    pack->rule_count = reader.rule_count;
    *out_pack = pack;
    return OK;
}

const Pack *pack_bare(void)
{
    static const Pack bare = {.name = {"bare", 4}, .version = 1};
    return &bare;
}

static void write_text(Buf *buf, const char *name, Text value)
{
    if (value.size > 0) buf_format(buf, "%s = %.*s\n", name, TEXT_ARG(value));
}

static void write_rule(const Rule *rule, Buf *buf)
{
    char day[DAY_TEXT_MAX];
    buf_format(buf, "\n[rule %s]\n", rule_names[rule->code]);
    write_text(buf, "title.zh", rule->title_zh);
    write_text(buf, "title.en", rule->title_en);
    write_text(buf, "source", rule->source);
    write_text(buf, "source.en", rule->source_en);
    buf_format(buf, "valid_from = %s\n", day_write(rule->valid.first, day));
    if (rule->valid.last != DAY_OPEN)
        buf_format(buf, "valid_to = %s\n", day_write(rule->valid.last, day));
    buf_format(buf, "hardness = %s\n", hardness_names[rule->hardness]);
    write_text(buf, "note", rule->note);
    checklist_write(&rule->list, buf);
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        if (parameters[i].rule != rule->code) continue;
        const int64_t value = rule->values[i];
        buf_format(buf, "%s = ", parameters[i].name);
        switch (parameters[i].type) {
        case PARAMETER_YES_NO: buf_add_z(buf, value != 0 ? "yes" : "no"); break;
        case PARAMETER_PERIOD: buf_add_z(buf, period_names[value]); break;
        case PARAMETER_NUMBER: buf_format(buf, "%" PRId64, value); break;
        }
        buf_add_byte(buf, '\n');
    }
}

void pack_write(const Pack *pack, Buf *buf)
{
    assert(pack != NULL);
    buf_format(buf, "pack %.*s\n", TEXT_ARG(pack->name));
    write_text(buf, "title.zh", pack->title_zh);
    write_text(buf, "title.en", pack->title_en);
    buf_format(buf, "version = %" PRId64 "\n", pack->version);
    for (size_t i = 0; i < pack->rule_count; i++)
        write_rule(&pack->rules[i], buf);
}

const Rule *pack_rule(const Pack *pack, RuleCode code, Day day)
{
    assert(pack != NULL);
    for (size_t i = 0; i < pack->rule_count; i++)
        if (pack->rules[i].code == code && range_has(pack->rules[i].valid, day))
            return &pack->rules[i];
    return NULL;
}

int64_t pack_int(const Pack *pack, ParameterCode parameter, Day day)
{
    assert(parameter < PARAMETER_COUNT);
    const ParameterInfo *info = &parameters[parameter];
    const Rule *rule = pack_rule(pack, info->rule, day);
    const int64_t value = rule == NULL ? info->otherwise : rule->values[parameter];
    assert(value >= info->least && value <= info->most); /* invariant 2 */
    return value;
}

bool pack_bool(const Pack *pack, ParameterCode parameter, Day day)
{
    assert(parameter < PARAMETER_COUNT);
    assert(parameters[parameter].type == PARAMETER_YES_NO);
    return pack_int(pack, parameter, day) != 0;
}

const char *hardness_name(Hardness hardness)
{
    assert(hardness >= HARDNESS_MUST && hardness <= HARDNESS_GENERALLY);
    return hardness_names[hardness];
}

PeriodKind pack_period(const Pack *pack, ParameterCode parameter, Day day)
{
    assert(parameter < PARAMETER_COUNT);
    assert(parameters[parameter].type == PARAMETER_PERIOD);
    return (PeriodKind)pack_int(pack, parameter, day);
}

const char *period_name(PeriodKind period)
{
    assert(period >= PERIOD_WORKDAY && period <= PERIOD_YEAR);
    return period_names[period];
}

const char *rule_name(RuleCode code)
{
    assert(code < RULE_COUNT);
    return rule_names[code];
}

const char *rule_what(RuleCode code)
{
    assert(code < RULE_COUNT);
    return rule_whats[code];
}

RuleCode rule_named(Text name)
{
    for (size_t i = RULE_NONE + 1; i < RULE_COUNT; i++)
        if (text_is(name, rule_names[i])) return (RuleCode)i;
    return RULE_NONE;
}

const ParameterInfo *parameter_info(ParameterCode parameter)
{
    assert(parameter < PARAMETER_COUNT);
    return &parameters[parameter];
}
