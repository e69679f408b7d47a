#pragma once
/*
 * pack — a rule pack: the numbers a company may set, each with its source and its validity.
 *
 * A pack is a text file of lines. What it may say is declared in pack.def; anything else is
 * refused with the line and the reason, so that a typing error never becomes a rule. The same
 * rule may stand several times for different periods: the version of the day in question counts.
 *
 *     pack cn-power-site
 *     title.zh = 电力施工现场默认规则
 *     title.en = Default rules for power construction sites
 *     version = 1
 *
 *     [rule own-group]
 *     title.zh = 党小组
 *     title.en = Own Party group
 *     source = 《中国共产党支部工作条例（试行）》
 *     valid_from = 2018-10-28
 *     hardness = must
 *     members_min = 3
 *
 * Lines may end in CRLF, the file may begin with a byte order mark, `#` opens a comment line.
 *
 *   Invariants  (1) versions of one rule never hold on the same day;
 *               (2) every value is within the range declared in pack.def;
 *               (3) a pack never changes once it is read.
 *   Owns        nothing: everything lies in the arena given to pack_parse().
 *   Threads     any, at the same time.
 *   Bounds      PACK_BYTES_MAX, PACK_LINE_MAX, PACK_RULES_MAX
 *   Errors      ERR_INVALID  not a pack: "line 12: ..."
 *               ERR_LIMIT    too long
 */
#include "base/day.h"
#include "vocab/checklist.h"

#define PACK_BYTES_MAX ((size_t)256 * 1024)
#define PACK_LINE_MAX  1000
#define PACK_RULES_MAX 200

/* How long a period is in which something is owed. */
typedef enum PeriodKind {
    PERIOD_WORKDAY = 1,
    PERIOD_WEEK, /* from Monday */
    PERIOD_MONTH,
    PERIOD_QUARTER,
    PERIOD_HALF_YEAR,
    PERIOD_YEAR,
} PeriodKind;

typedef enum RuleCode {
    RULE_NONE = 0,
#define RULE(NAME, name, what) RULE_##NAME,
#include "vocab/pack.def"
    RULE_COUNT
} RuleCode;

/* A parameter of a rule, such as PARAMETER_OWN_GROUP_MEMBERS_MIN. */
typedef enum ParameterCode {
#define PARAMETER(RULE, NAME, name, TYPE, least, most, otherwise, what) PARAMETER_##RULE##_##NAME,
#include "vocab/pack.def"
    PARAMETER_COUNT
} ParameterCode;

typedef enum ParameterType { PARAMETER_NUMBER, PARAMETER_YES_NO, PARAMETER_PERIOD } ParameterType;

typedef struct ParameterInfo {
    const char *name;
    const char *what;
    RuleCode rule;
    ParameterType type;
    int64_t least;
    int64_t most;
    int64_t otherwise;
} ParameterInfo;

/* How binding the source words the rule: 必须 or 应当 ("must"), 应 ("should"), 一般 ("generally"). */
typedef enum Hardness { HARDNESS_MUST = 1, HARDNESS_SHOULD, HARDNESS_GENERALLY } Hardness;

/* One version of one rule. */
typedef struct Rule {
    RuleCode code;
    unsigned line;
    Text title_zh;
    Text title_en;
    Text source;
    Text source_en; /* may be empty */
    Text note;      /* may be empty */
    DayRange valid;
    Hardness hardness;
    Checklist list;                  /* of a checklist only */
    int64_t values[PARAMETER_COUNT]; /* those of this rule; the others are not used */
} Rule;

typedef struct Pack {
    Text name;
    Text title_zh;
    Text title_en;
    int64_t version;
    const Rule *rules; /* by code, then by first day */
    size_t rule_count;
} Pack;

MUST_USE ErrCode pack_parse(Bytes bytes, Arena *arena, const Pack **out_pack, Err *err);

/* The pack that sets nothing: every parameter has the value pack.def gives it. */
const Pack *pack_bare(void);

/* Writes a pack so that pack_parse() reads the same pack again. */
void pack_write(const Pack *pack, Buf *buf);

/* The version of a rule that holds on a day; NULL where the pack has none for it. */
const Rule *pack_rule(const Pack *pack, RuleCode code, Day day);

int64_t pack_int(const Pack *pack, ParameterCode parameter, Day day);
bool pack_bool(const Pack *pack, ParameterCode parameter, Day day); /* of a YES_NO only */

/* The name of a rule in packs and replies, such as "own-group"; empty for RULE_NONE. */
const char *rule_name(RuleCode code);
const char *rule_what(RuleCode code);
RuleCode rule_named(Text name); /* RULE_NONE when there is none of that name */
/* "must", "should", "generally" */
const char *hardness_name(Hardness hardness);

PeriodKind pack_period(const Pack *pack, ParameterCode parameter, Day day); /* of a PERIOD only */
const char *period_name(PeriodKind period);

const ParameterInfo *parameter_info(ParameterCode parameter);
