/*
 * gen_man — writes the man page and the shell completion from the list of commands.
 *
 *     gen_man page > docs/tongpin.1
 *     gen_man bash > tools/tongpin.bash
 *
 * Both come from the usage lines of cli/commands.def, which the program itself obeys. They are
 * committed, because people install them; `make test` fails when one is stale.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct Line {
    const char *usage;
    const char *what;
} Line;

static const Line lines[] = {
#define COMMAND(function, usage, en, zh) {(usage), (en)},
#include "cli/commands.def"
};
#define LINE_COUNT (sizeof lines / sizeof lines[0])

/* What may stand where a usage line has only one word for it: behind an option of a command, or
 * at a place behind the command, counted from 1. */
static const struct {
    const char *where;
    const char *words;
} by_word[] =
    {
        {
            "coverage --state",
#define COVERAGE(NAME, name, en, zh) name " "
#include "people/reason.def"
        },
        {
            "account --role",
#define ROLE(NAME, number, name, en, zh) name " "
#include "vocab/policy.def"
        },
},
  by_place[] = {
      {
          "import 2",
#define INTAKE(KIND, name, en, zh) name " "
#include "intake/headings.def"
      },
      {"why 2", "membership coverage"},
      {"account 2", "add list disable"},
};

static int name_size(const Line *line)
{
    return (int)strcspn(line->usage, " ");
}

/* ---- the man page ---- */

/* A hyphen that is typed is written \-, and a line may not begin with a dot. */
static void put_roff(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '-') putchar('\\');
        if (*text == '\\') putchar('\\');
        putchar(*text);
    }
}

static const char *const before[] = {
    ".\\\" Made by `make man` from src/cli/commands.def; not edited by hand.",
    ".TH TONGPIN 1 \"\" \"Tongpin\" \"\"",
    ".SH NAME",
    "tongpin \\- keeps people, work and records of scattered sites in step",
    ".SH SYNOPSIS",
    ".B tongpin",
    ".I COMMAND",
    ".RI [ ARGUMENTS ]",
    ".SH DESCRIPTION",
    "One program for a headquarters and for the box of a site. A node lives in a directory, DIR:",
    "its name, keys, rules and, unless it is a PostgreSQL one, its database.",
    ".PP",
    "A project, unit, person or group is named by its id, by its code or staff number, or by its",
    "name where only one has it. A DATE is written 2026\\-11\\-22; without \\-\\-on it is today.",
    "An option and its value may be joined by an equals sign; a word behind \\-\\- is no option.",
    ".PP",
    "Whoever may write the files of a node may act on it from the command line. While the node is",
    "served, what changes it goes through the server; commands that only look may run beside it.",
    ".SH COMMANDS",
};

static const char *const after[] = {
    ".SH EXIT STATUS",
    ".TP",
    ".B 0",
    "done",
    ".TP",
    ".B 1",
    "the answer is no: the journal has faults, an import has errors, a command was refused",
    ".TP",
    ".B 2",
    "wrong usage",
    ".TP",
    ".B 3",
    "could not do it",
    ".PP",
    "What went wrong is said in one sentence on standard error.",
    ".SH FILES",
    ".TP",
    ".I DIR/node.json",
    "name and role of the node, where its database is, and how fast a session may ask "
    "(requests_per_second, 20 when absent; 0: no limit)",
    ".TP",
    ".I DIR/keys/",
    "the secret keys; to be backed up apart from the database",
    ".TP",
    ".I DIR/rules/",
    "the rule packs, which a company may edit",
    ".TP",
    ".I DIR/tongpin.db",
    "the SQLite database",
    ".SH EXAMPLES",
    ".nf",
    "tongpin demo story",
    "tongpin coverage story/hq",
    "tongpin why story/hq coverage \\-\\-project SF3",
    "tongpin serve story/hq \\-\\-listen 127.0.0.1:8600",
    ".fi",
};

static void put_lines(const char *const *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        puts(text[i]);
}

static void write_page(void)
{
    put_lines(before, sizeof before / sizeof before[0]);
    for (size_t i = 0; i < LINE_COUNT; i++) {
        printf(".TP\n.B ");
        put_roff(lines[i].usage);
        printf("\n");
        put_roff(lines[i].what);
        printf("\n");
    }
    put_lines(after, sizeof after / sizeof after[0]);
}

/* ---- the completion of bash ---- */

/* "--format text|json|csv" in a usage line: its options, or those that have a choice. */
static void put_options(const Line *line, bool with_words)
{
    const char *at = line->usage;
    while ((at = strstr(at, "--")) != NULL) {
        const int size = (int)strcspn(at, " ]");
        const char *value = at[size] == ' ' ? at + size + 1 : "";
        const size_t value_size = strcspn(value, " ]");
        if (!with_words) printf("%.*s ", size, at);
        if (with_words && memchr(value, '|', value_size) != NULL) {
            printf("        \"%.*s %.*s\") words=\"", name_size(line), line->usage, size, at);
            for (size_t i = 0; i < value_size; i++)
                putchar(value[i] == '|' ? ' ' : value[i]);
            printf("\" ;;\n");
        }
        at += size;
    }
}

static void put_names(void)
{
    for (size_t i = 0; i < LINE_COUNT; i++)
        printf("%s%.*s", i == 0 ? "" : " ", name_size(&lines[i]), lines[i].usage);
}

static const char *const bash_start[] = {
    "# Completion of tongpin for bash: source it, or put it where bash-completion looks.",
    "# Made by `make man` from src/cli/commands.def; not edited by hand.",
    "_tongpin() {",
    "    local word=${COMP_WORDS[COMP_CWORD]}",
    "    local before=${COMP_WORDS[COMP_CWORD - 1]}",
    "    local command=${COMP_WORDS[1]} words=\"\" options=\"\" i place=0",
    "    [ \"$COMP_CWORD\" -eq 1 ] && command=help",
    "    for ((i = 2; i <= COMP_CWORD; i++)); do",
    "        case ${COMP_WORDS[i]} in --*) ;; *) place=$((place + 1)) ;; esac",
    "    done",
    "    case \"$command $before\" in",
};

static const char *const bash_end[] = {
    "    esac",
    "    case $word in --*) words=$options ;; esac",
    "    if [ -n \"$words\" ]; then",
    "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))",
    "    else",
    "        COMPREPLY=($(compgen -f -- \"$word\"))",
    "    fi",
    "}",
    "complete -o filenames -F _tongpin tongpin",
};

static void write_bash(void)
{
    put_lines(bash_start, sizeof bash_start / sizeof bash_start[0]);
    for (size_t i = 0; i < LINE_COUNT; i++)
        put_options(&lines[i], true);
    for (size_t i = 0; i < sizeof by_word / sizeof by_word[0]; i++)
        printf("        \"%s\") words=\"%s\" ;;\n", by_word[i].where, by_word[i].words);
    printf("    esac\n    [ -z \"$words\" ] && case \"$command $place\" in\n");
    for (size_t i = 0; i < sizeof by_place / sizeof by_place[0]; i++)
        printf("        \"%s\") words=\"%s\" ;;\n", by_place[i].where, by_place[i].words);
    printf("    esac\n    case $command in\n        help) words=\"");
    put_names();
    printf("\" ;;\n");
    for (size_t i = 0; i < LINE_COUNT; i++) {
        if (strstr(lines[i].usage, "--") == NULL) continue;
        printf("        %.*s) options=\"", name_size(&lines[i]), lines[i].usage);
        put_options(&lines[i], false);
        printf("\" ;;\n");
    }
    put_lines(bash_end, sizeof bash_end / sizeof bash_end[0]);
}

int main(int argc, char *argv[])
{
    if (argc == 2 && strcmp(argv[1], "page") == 0) {
        write_page();
    } else if (argc == 2 && strcmp(argv[1], "bash") == 0) {
        write_bash();
    } else {
        fprintf(stderr, "usage: gen_man page | bash\n");
        return 2;
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
