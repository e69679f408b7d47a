#pragma once
/*
 * cli — the command line: finds the command, runs it, says what went wrong in one sentence.
 *
 * Exit codes: 0 done; 1 the answer is "no" (verification failed, an import has errors, a command
 * was refused); 2 wrong usage; 3 could not do it.
 *
 *   Threads  main.
 */
#include <stdio.h>

#include "answer/answer.h"
#include "cli/options.h"
#include "engine/engine.h"
#include "view/board.h"

#define TONGPIN_VERSION "0.1.0"

typedef enum Exit { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 } Exit;

int cli_main(int argc, char *const argv[]);

/* One command. *out_exit starts as EXIT_DONE; an error becomes EXIT_FAILED, or EXIT_USAGE when the
 * words of the command line were wrong. */
typedef ErrCode (*CliRun)(const Options *options, Exit *out_exit, Err *err);

typedef struct CliCommand {
    const char *usage; /* begins with the command's name */
    CliRun run;
    const char *en;
    const char *zh;
} CliCommand;

extern const CliCommand cli_commands[];
extern const size_t cli_command_count;

#define COMMAND(function, usage, en, zh) \
    MUST_USE ErrCode function(const Options *options, Exit *out_exit, Err *err);
#include "cli/commands.def"

/* What somebody said on the command line made no sense: that is wrong usage. */
static inline ErrCode cli_said(ErrCode code, Exit *out_exit)
{
    if (code == ERR_INVALID) *out_exit = EXIT_USAGE;
    return code;
}

/* A node opened to look at it. */
typedef struct Look {
    Node node;
    Store *store;
    Changes *changes;
    Board *board;
    Arena arena;
    View view;
} Look;

/* `on` is the option --on, today without it. */
MUST_USE ErrCode look_open(Look *look, const Options *options, Err *err);
void look_close(Look *look);

/* A node opened to change it: this thread is the writer. */
typedef struct Hand {
    bool has_begun; /* hand_open() was called, whatever came of it */
    Node node;
    Store *store;
    Engine *engine;
    Arena arena;
    Reach reach;
    Actor actor;
} Hand;

MUST_USE ErrCode hand_open(Hand *hand, const char *directory, Err *err);
void hand_close(Hand *hand);

/* One command in a group of its own. */
MUST_USE ErrCode hand_execute(Hand *hand, const Command *command, Answer *out_answer, Err *err);

/* A new op-id, shaped as a UUIDv7. */
Id op_new(const Host *host);

/* The thing that a word on the command line means: an id, a code, a staff number, or a name that
 * only one thing has. */
MUST_USE ErrCode resolve(const View *view, KindCode kind, const char *word, Id *out_id, Err *err);

/* Reads the JSON an answer emitted. */
typedef ErrCode (*Answering)(const View *view, void *context, Emit *emit, Err *err);
MUST_USE ErrCode answer_read(const View *view, Answering answering, void *context, Buf *json,
                             Err *err);

/* Writes everything to standard output; ERR_IO when that fails. */
MUST_USE ErrCode print_bytes(Bytes bytes, Err *err);
