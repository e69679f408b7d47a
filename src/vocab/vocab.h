#pragma once
/*
 * vocab — what Tongpin knows, as tables: kinds, their fields, and the choices of a field.
 *
 * Everything here is read from kinds.def at compile time. Code that treats all kinds alike (the
 * entry codec, the projection, the checks of commands, the API description) walks these tables;
 * code that means one field names it: PERSON_NAME, STATION_TO.
 *
 *   Owns     nothing: all constants.
 *   Threads  any.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

typedef enum KindCode {
    KIND_NONE = 0,
#define KIND(NAME, number, name, scope, en, zh, what) KIND_##NAME = (number),
#include "vocab/kinds.def"
} KindCode;

/* The number of a field within its kind. */
enum {
#define FIELD(KIND, NAME, number, name, TYPE, of, flags, en, zh) KIND##_##NAME = (number),
#include "vocab/kinds.def"
};

/* What stands in an ENUM field. */
enum {
#define CHOICE(SET, NAME, number, name, en, zh) SET##_IS_##NAME = (number),
#include "vocab/kinds.def"
};

typedef enum FieldType {
    FIELD_INT,
    FIELD_BOOL,
    FIELD_DAY,    /* a Day of base/day.h */
    FIELD_ENUM,   /* the number of a choice */
    FIELD_COORD,  /* millionths of a degree */
    FIELD_TEXT,   /* at most TEXT_FIELD_BYTES_MAX */
    FIELD_REF,    /* the id of a thing of kind `target` */
    FIELD_SEALED, /* a text nobody reads without the site's key */
} FieldType;

#define FIELD_FLAG_MUST    1U
#define FIELD_FLAG_ONCE    2U
#define FIELD_FLAG_BLIND   4U
#define FIELD_FLAG_SELF    8U
#define FIELD_FLAG_READERS 16U

#define KIND_COUNT_MAX       128
#define FIELD_COUNT_MAX      16 /* fields of one kind; also one more than the largest number */
#define TEXT_FIELD_BYTES_MAX 2000

typedef struct Choice {
    int number;
    const char *name; /* as in the API */
    const char *en;
    const char *zh;
} Choice;

typedef struct ChoiceSet {
    const char *name;
    const Choice *choices;
    size_t count;
} ChoiceSet;

typedef struct FieldInfo {
    unsigned number;
    const char *name; /* as in the API and in the tables */
    FieldType type;
    KindCode target;        /* of a FIELD_REF */
    const ChoiceSet *among; /* of a FIELD_ENUM */
    unsigned flags;
    const char *en;
    const char *zh;
} FieldInfo;

typedef enum ScopeRule {
    SCOPE_BY_NODE,      /* this node's own scope */
    SCOPE_BY_BROADCAST, /* what this node says to all below it */
    SCOPE_BY_SELF,      /* the thing is a scope */
    SCOPE_BY_FIELD,     /* the scope of what `scope_field` leads to */
} ScopeRule;

typedef struct KindInfo {
    KindCode code;
    const char *name;
    ScopeRule scope_rule;
    unsigned scope_field; /* of SCOPE_BY_FIELD */
    bool is_personal;     /* its payload stands behind a commitment and can be erased */
    bool is_urgent;       /* its entries go before others when nodes exchange */
    const FieldInfo *fields;
    size_t field_count;
    const char *en;
    const char *zh;
    const char *what;
} KindInfo;

/* All kinds, in the order of kinds.def. */
extern const KindInfo vocab_kinds[];
extern const size_t vocab_kind_count;

/* NULL for a number or name this version does not know. */
const KindInfo *vocab_kind(unsigned number);
const KindInfo *vocab_kind_named(Text name);
const FieldInfo *vocab_field(const KindInfo *kind, unsigned number);
const FieldInfo *vocab_field_named(const KindInfo *kind, Text name);
const Choice *vocab_choice(const ChoiceSet *set, int number);
const Choice *vocab_choice_named(const ChoiceSet *set, Text name);
