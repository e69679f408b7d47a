#include "cli/cli.h"

#include <assert.h>
#include <string.h>

const CliCommand cli_commands[] = {
#define COMMAND(function, usage, en, zh) {(usage), (function), (en), (zh)},
#include "cli/commands.def"
};
const size_t cli_command_count = sizeof cli_commands / sizeof cli_commands[0];

static const CliCommand *find_command(const char *name)
{
    for (size_t i = 0; i < cli_command_count; i++) {
        Text usage = text_from_z(cli_commands[i].usage);
        if (text_is(text_split(&usage, ' '), name)) return &cli_commands[i];
    }
    return NULL;
}

ErrCode print_bytes(Bytes bytes, Err *err)
{
    if (bytes.size > 0 && fwrite(bytes.at, 1, bytes.size, stdout) != bytes.size)
        return err_set(err, ERR_IO, "standard output cannot be written");
    return OK;
}

ErrCode cli_version(const Options *options, Exit *out_exit, Err *err)
{
    (void)options;
    (void)out_exit;
    (void)err;
    printf("tongpin %s\n", TONGPIN_VERSION);
    return OK;
}

static void print_list(void)
{
    printf("tongpin — keeps people, work and records of scattered sites in step\n\nusage:\n");
    for (size_t i = 0; i < cli_command_count; i++)
        printf("  tongpin %s\n      %s (%s)\n", cli_commands[i].usage, cli_commands[i].en,
               cli_commands[i].zh);
    printf(
        "\nDIR is the directory of a node. A thing is named by its id, its code or staff number,\n"
        "or by its name where only one has it. Dates are written 2026-11-22.\n"
        "Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 could not do it.\n");
}

ErrCode cli_help(const Options *options, Exit *out_exit, Err *err)
{
    if (options->positional_count == 0) {
        print_list();
        return OK;
    }
    const CliCommand *command = find_command(options->positionals[0]);
    if (command == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "there is no command \"%.40s\"; see 'tongpin help'",
                       options->positionals[0]);
    }
    printf("tongpin %s\n%s\n%s\n", command->usage, command->en, command->zh);
    return OK;
}

static int complain(const Err *err, Exit code)
{
    (void)fflush(stdout);
    fprintf(stderr, "tongpin: %s\n", err->message);
    return (int)code;
}

int cli_main(int argc, char *const argv[])
{
    Err err = {0};
    const bool asks_for_help =
        argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
    if (argc < 2 || asks_for_help) {
        print_list();
        return argc < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    const CliCommand *command = find_command(name);
    if (command == NULL) {
        (void)err_set(&err, ERR_INVALID, "there is no command \"%.40s\"; see 'tongpin help'", name);
        return complain(&err, EXIT_USAGE);
    }
    Options options;
    if (options_parse(command->usage, argc - 2, argv + 2, &options, &err) != OK)
        return complain(&err, EXIT_USAGE);
    Exit code = EXIT_DONE;
    if (command->run(&options, &code, &err) != OK)
        return complain(&err, code == EXIT_DONE ? EXIT_FAILED : code);
    if (fflush(stdout) != 0) {
        (void)err_set(&err, ERR_IO, "standard output cannot be written");
        return complain(&err, EXIT_FAILED);
    }
    return (int)code;
}
