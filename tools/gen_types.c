/*
 * gen_types — writes the types of the web app from the vocabulary.
 *
 *     gen_types > web/src/data/vocab.ts
 *
 * The page, the API and the tables of the database are made from one declaration, vocab/kinds.def,
 * which is compiled into this program. The result is committed, because people read it; `make test`
 * fails when it is stale.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "vocab/vocab.h"

#define SETS_MAX 64

/* "group_kind" -> "GroupKind" */
static void print_type_name(const char *name)
{
    bool starts = true;
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '_') {
            starts = true;
            continue;
        }
        putchar(starts && *at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
        starts = false;
    }
}

static void print_text(const char *text)
{
    putchar('\'');
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\'' || *at == '\\') putchar('\\');
        assert(*at != '\n'); /* words are one line */
        putchar(*at);
    }
    putchar('\'');
}

static size_t collect_sets(const ChoiceSet *sets[SETS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < vocab_kind_count; i++) {
        for (size_t j = 0; j < vocab_kinds[i].field_count; j++) {
            const ChoiceSet *set = vocab_kinds[i].fields[j].among;
            bool is_known = set == NULL;
            for (size_t k = 0; k < count; k++)
                is_known = is_known || sets[k] == set;
            if (is_known) continue;
            assert(count < SETS_MAX);
            sets[count++] = set;
        }
    }
    return count;
}

static void print_set_type(const ChoiceSet *set)
{
    printf("export type ");
    print_type_name(set->name);
    printf("Choice =\n");
    for (size_t i = 0; i < set->count; i++) {
        printf("  | ");
        print_text(set->choices[i].name);
        printf(i + 1 == set->count ? ";\n\n" : "\n");
    }
}

static void print_set(const ChoiceSet *set)
{
    printf("  %s: [\n", set->name);
    for (size_t i = 0; i < set->count; i++) {
        const Choice *choice = &set->choices[i];
        printf("    { number: %d, name: ", choice->number);
        print_text(choice->name);
        printf(", en: ");
        print_text(choice->en);
        printf(", zh: ");
        print_text(choice->zh);
        printf(" },\n");
    }
    printf("  ],\n");
}

static void print_value_type(const FieldInfo *field)
{
    switch (field->type) {
    case FIELD_INT:
    case FIELD_COORD: printf("number"); break;
    case FIELD_BOOL: printf("boolean"); break;
    case FIELD_DAY: printf("Day"); break;
    case FIELD_ENUM:
        print_type_name(field->among->name);
        printf("Choice");
        break;
    case FIELD_TEXT:
    case FIELD_SEALED: printf("string"); break;
    case FIELD_REF: printf("Id"); break;
    }
}

static const char *type_word(FieldType type)
{
    switch (type) {
    case FIELD_INT: return "int";
    case FIELD_BOOL: return "bool";
    case FIELD_DAY: return "day";
    case FIELD_ENUM: return "choice";
    case FIELD_COORD: return "coord";
    case FIELD_TEXT: return "text";
    case FIELD_REF: return "ref";
    case FIELD_SEALED: return "sealed";
    }
    return "unknown";
}

static void print_kind_type(const KindInfo *kind)
{
    printf("/** %s: %s */\nexport interface ", kind->zh, kind->what);
    print_type_name(kind->name);
    printf("Fields {\n");
    for (size_t i = 0; i < kind->field_count; i++) {
        const FieldInfo *field = &kind->fields[i];
        const bool must = (field->flags & (FIELD_FLAG_MUST | FIELD_FLAG_SELF)) == FIELD_FLAG_MUST;
        printf("  /** %s */\n  %s%s: ", field->zh, field->name, must ? "" : "?");
        print_value_type(field);
        printf(must ? ";\n" : " | null;\n");
    }
    printf("}\n\n");
}

static void print_flag(const FieldInfo *field, unsigned flag, const char *name)
{
    if ((field->flags & flag) != 0) printf(", %s: true", name);
}

static void print_field(const FieldInfo *field)
{
    printf("      %s: { number: %u, type: '%s', en: ", field->name, field->number,
           type_word(field->type));
    print_text(field->en);
    printf(", zh: ");
    print_text(field->zh);
    if (field->type == FIELD_ENUM) printf(", among: '%s'", field->among->name);
    if (field->type == FIELD_REF) {
        const KindInfo *target = vocab_kind((unsigned)field->target);
        assert(target != NULL);
        printf(", of: '%s'", target->name);
    }
    print_flag(field, FIELD_FLAG_MUST, "must");
    print_flag(field, FIELD_FLAG_ONCE, "once");
    print_flag(field, FIELD_FLAG_SELF, "self");
    printf(" },\n");
}

static void print_kind(const KindInfo *kind)
{
    printf("  %s: {\n    number: %d,\n    en: ", kind->name, (int)kind->code);
    print_text(kind->en);
    printf(",\n    zh: ");
    print_text(kind->zh);
    printf(",\n    fields: {\n");
    for (size_t i = 0; i < kind->field_count; i++)
        print_field(&kind->fields[i]);
    printf("    },\n  },\n");
}

int main(void)
{
    const ChoiceSet *sets[SETS_MAX];
    const size_t set_count = collect_sets(sets);

    printf(
        "// The vocabulary: kinds of things, their fields and choices. Made by `make types` from\n"
        "// src/vocab/kinds.def; not edited by hand.\n\n"
        "/** A UUID. */\nexport type Id = string;\n\n"
        "/** A calendar day such as 2026-11-22. */\nexport type Day = string;\n\n");
    for (size_t i = 0; i < set_count; i++)
        print_set_type(sets[i]);
    for (size_t i = 0; i < vocab_kind_count; i++)
        print_kind_type(&vocab_kinds[i]);

    printf("/** The choices of a field, in their order, with what to call them. */\n"
           "export const choices = {\n");
    for (size_t i = 0; i < set_count; i++)
        print_set(sets[i]);
    printf("} as const;\n\nexport type ChoiceSetName = keyof typeof choices;\n\n"
           "/** Every kind with its fields. */\nexport const kinds = {\n");
    for (size_t i = 0; i < vocab_kind_count; i++)
        print_kind(&vocab_kinds[i]);
    printf("} as const;\n\nexport type KindName = keyof typeof kinds;\n");
    return ferror(stdout) != 0;
}
