#include "cli/options.h"

#include <assert.h>
#include <string.h>

#include "host/address.h"

/* One item of a usage line: a positional word, or an option with or without a value. */
typedef struct Item {
    Text name;
    Text value; /* the word for an option's value; empty for a flag or a positional */
    bool is_option;
    bool is_optional;
    bool is_rest; /* "ARG..." takes all that follow */
} Item;

static bool next_item(Text *rest, Item *out_item)
{
    *rest = text_trim(*rest);
    if (rest->size == 0) return false;
    Item item = {.is_optional = rest->at[0] == '['};
    Text inside;
    if (item.is_optional) {
        rest->at++;
        rest->size--;
        inside = text_split(rest, ']');
    } else if (text_starts_with(*rest, TEXT("--"))) {
        const Text name = text_split(rest, ' ');
        const Text value = text_split(rest, ' ');
        *out_item = (Item){.name = name, .value = value, .is_option = true};
        return true;
    } else {
        inside = text_split(rest, ' ');
    }
    item.is_option = text_starts_with(inside, TEXT("--"));
    item.name = text_split(&inside, ' ');
    item.value = inside;
    item.is_rest = text_contains(item.name, TEXT("..."));
    *out_item = item;
    return true;
}

static bool find_item(const char *usage, Text name, Item *out_item)
{
    Text rest = text_from_z(usage);
    (void)text_split(&rest, ' '); /* the command itself */
    while (next_item(&rest, out_item))
        if (out_item->is_option && text_equal(out_item->name, name)) return true;
    return false;
}

static bool is_among(Text choices, const char *value)
{
    if (!text_contains(choices, TEXT("|"))) return true;
    while (choices.size > 0)
        if (text_is(text_split(&choices, '|'), value)) return true;
    return false;
}

/* What the usage calls a DATE or an ADDR:PORT is to be one. */
static ErrCode check_value(Text wanted, Text name, const char *given, Err *err)
{
    Day day = 0;
    Address address;
    ErrCode code = OK;
    if (text_is(wanted, "DATE")) code = day_parse(text_from_z(given), &day, err);
    if (text_is(wanted, "ADDR:PORT")) code = address_parse(text_from_z(given), &address, err);
    return code == OK ? OK : err_context(err, "%.*s", TEXT_ARG(name));
}

static ErrCode take_option(const char *usage, int *at, int argc, char *const argv[],
                           Options *options, Err *err)
{
    const char *word = argv[*at];
    Text value = text_from_z(word);
    const Text name = text_split(&value, '=');
    const bool is_joined = name.size < strlen(word);
    Item item;
    if (!find_item(usage, name, &item))
        return err_set(err, ERR_INVALID, "unknown option %.*s; usage: tongpin %s", TEXT_ARG(name),
                       usage);
    if (options->option_count == OPTIONS_MAX)
        return err_set(err, ERR_INVALID, "too many options; usage: tongpin %s", usage);
    for (size_t i = 0; i < options->option_count; i++)
        if (text_equal(options->options[i].name, name))
            return err_set(err, ERR_INVALID, "%.*s is given twice", TEXT_ARG(name));

    const char *given = "";
    if (item.value.size > 0) {
        if (is_joined)
            given = value.at;
        else if (*at + 1 < argc)
            given = argv[++*at];
        else
            return err_set(err, ERR_INVALID, "%.*s needs a value", TEXT_ARG(name));
        if (!is_among(item.value, given))
            return err_set(err, ERR_INVALID, "%.*s is one of %.*s, not \"%.40s\"", TEXT_ARG(name),
                           TEXT_ARG(item.value), given);
    } else if (is_joined) {
        return err_set(err, ERR_INVALID, "%.*s takes no value", TEXT_ARG(name));
    }
    TRY(check_value(item.value, name, given, err));
    options->options[options->option_count++] = (Option){.name = name, .value = given};
    return OK;
}

static void count_positionals(const char *usage, size_t *out_least, size_t *out_most)
{
    *out_least = 0;
    *out_most = 0;
    Text rest = text_from_z(usage);
    (void)text_split(&rest, ' ');
    Item item;
    while (next_item(&rest, &item)) {
        if (item.is_option) continue;
        if (!item.is_optional) ++*out_least;
        *out_most = item.is_rest ? POSITIONALS_MAX : *out_most + 1;
    }
}

/* The positional word at a place may be one of a few: "why DIR membership|coverage". */
static ErrCode check_positional(const char *usage, size_t place, const char *word, Err *err)
{
    Text rest = text_from_z(usage);
    (void)text_split(&rest, ' ');
    Item item;
    for (size_t at = 0; next_item(&rest, &item);) {
        if (item.is_option || at++ != place) continue;
        if (is_among(item.name, word)) return OK;
        return err_set(err, ERR_INVALID, "say %.*s, not \"%.40s\"; usage: tongpin %s",
                       TEXT_ARG(item.name), word, usage);
    }
    return OK;
}

ErrCode options_parse(const char *usage, int argc, char *const argv[], Options *out_options,
                      Err *err)
{
    assert(usage != NULL);
    Options options = {0};
    size_t least;
    size_t most;
    count_positionals(usage, &least, &most);
    bool only_words = false;
    for (int at = 0; at < argc; at++) {
        if (!only_words && strcmp(argv[at], "--") == 0) {
            only_words = true;
            continue;
        }
        if (!only_words && strncmp(argv[at], "--", 2) == 0) {
            TRY(take_option(usage, &at, argc, argv, &options, err));
            continue;
        }
        if (options.positional_count == most || options.positional_count == POSITIONALS_MAX)
            return err_set(err, ERR_INVALID, "\"%.40s\" is one word too many; usage: tongpin %s",
                           argv[at], usage);
        TRY(check_positional(usage, options.positional_count, argv[at], err));
        options.positionals[options.positional_count++] = argv[at];
    }
    if (options.positional_count < least)
        return err_set(err, ERR_INVALID, "something is missing; usage: tongpin %s", usage);
    *out_options = options;
    return OK;
}

const char *option_value(const Options *options, const char *name)
{
    for (size_t i = 0; i < options->option_count; i++)
        if (text_is(options->options[i].name, name)) return options->options[i].value;
    return NULL;
}

bool option_given(const Options *options, const char *name)
{
    return option_value(options, name) != NULL;
}

ErrCode option_day(const Options *options, const char *name, Day otherwise, Day *out_day, Err *err)
{
    const char *value = option_value(options, name);
    if (value == NULL) {
        *out_day = otherwise;
        return OK;
    }
    if (day_parse(text_from_z(value), out_day, err) != OK) return err_context(err, "%s", name);
    return OK;
}
