#include "bench/program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/must.h"

/* The server that runs now: nothing is left behind when the benchmark gives up. */
static pid_t running;

static void end_it(void)
{
    if (running > 0) kill(running, SIGKILL);
}

static pid_t start(const char *path, char *const arguments[], int output)
{
    pid_t process = 0;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (posix_spawn(&process, path, &actions, NULL, arguments, environ) != 0)
        give_up("%s cannot be started", path);
    posix_spawn_file_actions_destroy(&actions);
    return process;
}

void program_serve(Program *program, const char *path, const char *directory)
{
    int ends[2];
    char line[512] = "";
    size_t size = 0;
    char *const arguments[] = {(char *)(uintptr_t)path,           (char *)(uintptr_t) "serve",
                               (char *)(uintptr_t)directory,      (char *)(uintptr_t) "--listen",
                               (char *)(uintptr_t) "127.0.0.1:0", NULL};
    if (pipe2(ends, O_CLOEXEC) != 0) give_up("the machine gives no more pipes");
    *program = (Program){.output = ends[0]};
    program->process = start(path, arguments, ends[1]);
    if (running == 0) atexit(end_it);
    running = program->process;
    close(ends[1]);
    while (size + 1 < sizeof line && memchr(line, '\n', size) == NULL) {
        const ssize_t count = read(ends[0], line + size, sizeof line - 1 - size);
        if (count <= 0) give_up("%s serve %s did not start", path, directory);
        size += (size_t)count;
    }
    line[size] = '\0';
    const char *address = strstr(line, "://127.0.0.1:");
    if (address == NULL) give_up("%s serve does not say where it listens: %s", path, line);
    program->port = (uint16_t)strtoul(address + strlen("://127.0.0.1:"), NULL, 10);
}

void program_stop(Program *program)
{
    int status = 0;
    kill(program->process, SIGTERM);
    waitpid(program->process, &status, 0);
    running = -1;
    close(program->output);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) give_up("the server ended badly");
}

Memory program_memory(const Program *program)
{
    char path[64];
    char line[256];
    Memory memory = {0};
    snprintf(path, sizeof path, "/proc/%d/status", (int)program->process);
    FILE *file = fopen(path, "re");
    if (file == NULL) give_up("the server is gone");
    while (fgets(line, sizeof line, file) != NULL) {
        double kib = 0.0;
        if (sscanf(line, "VmRSS: %lf", &kib) == 1) memory.now_mib = kib / 1024.0;
        if (sscanf(line, "VmHWM: %lf", &kib) == 1) memory.most_mib = kib / 1024.0;
    }
    fclose(file);
    return memory;
}

void program_run(const char *path, char *const arguments[])
{
    int status = 0;
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const pid_t process = start(path, arguments, nowhere);
    waitpid(process, &status, 0);
    close(nowhere);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        give_up("%s %s ended badly", path, arguments[1]);
}
