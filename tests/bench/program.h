#pragma once
/*
 * program — the real `tongpin`, started as a process of its own, watched and stopped.
 *
 *   Owns     the process, until program_stop().
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct Program {
    pid_t process;
    int output; /* its standard output */
    uint16_t port;
} Program;

/* Starts `tongpin serve DIR` on a port of the machine's choice and returns when it says where. */
void program_serve(Program *program, const char *path, const char *directory);

/* Asks it to stop and waits until it has. */
void program_stop(Program *program);

typedef struct Memory {
    double now_mib;  /* resident */
    double most_mib; /* ever */
} Memory;

Memory program_memory(const Program *program);

/* Runs the program to its end; ends ours unless it ends with 0. Its output is thrown away. */
void program_run(const char *path, char *const arguments[]);
