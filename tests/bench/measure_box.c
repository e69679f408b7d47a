/* A site's box: how soon it answers after a start, and how much it takes to serve its phones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bench/asking.h"
#include "bench/measure.h"
#include "bench/must.h"
#include "journal/hlc.h"

#define PHONE_MAX 100

/* From nothing to the first answer, by somebody who is signed in already. */
static void measure_start(Bench *bench, const BenchNode *node)
{
    Times times = {0};
    Pass pass;
    char path[200];
    node_sign_in(node, &pass);
    path_of_coverage(node->population.today, path);
    for (size_t i = 0; i < bench->sizes->start_count; i++) {
        Program program;
        Caller caller;
        const double began = now_us();
        program_serve(&program, bench->program, node->directory);
        caller_open(&caller, program.port, &pass);
        caller_must(&caller, "GET", path, NULL, 200);
        times_add(&times, now_us() - began);
        caller_close(&caller);
        program_stop(&program);
    }
    char name[FIGURE_TEXT_MAX];
    snprintf(name, sizeof name, "cold start to first answer, box of %zu people",
             node->population.person_count);
    figure_add(&bench->figures, name, times_median(&times) * 1e-3, "ms", AT_MOST, 100.0,
               "%zu entries; slowest of %zu: %.1f ms", bench->sizes->box_entries, times.count,
               times_worst(&times) * 1e-3);
    times_done(&times);
}

/* A phone: one connection that listens for changes, one that asks. */
typedef struct Phone {
    Caller news;
    Caller asks;
} Phone;

/* What the server pushed; that something came matters, not what. */
static size_t drain(const Phone *phone)
{
    char piece[4096];
    size_t size = 0;
    for (;;) {
        const ssize_t count = recv(phone->news.socket, piece, sizeof piece, MSG_DONTWAIT);
        if (count <= 0) return size;
        size += (size_t)count;
    }
}

static void change_something(Asking *asking)
{
    char op_text[ID_TEXT_MAX];
    char person_text[ID_TEXT_MAX];
    char command[512];
    const Id op = id_make(hlc_stamp(host_now_ms(host_real()), (unsigned)asking_pick(asking, 4096)),
                          asking_pick(asking, 1000000), 0);
    const Id person = asking->people[asking_pick(asking, asking->person_count)];
    snprintf(command, sizeof command,
             "{\"commands\":[{\"op\":\"%s\",\"do\":\"person.change\",\"id\":\"%s\","
             "\"fields\":{\"trade\":\"工种%zu\"}}]}",
             id_write(op, op_text), id_write(person, person_text), asking_pick(asking, 1000));
    caller_must(&asking->caller, "POST", "/api/v1/commands", command, 200);
}

/* All phones ask at once, half for coverage and half for members; then each takes its answer. */
static void sweep(Asking *asking, Phone *phones, size_t count, Times *times)
{
    char path[200];
    const Day today = asking->node->population.today;
    for (size_t i = 0; i < count; i++) {
        const Id project = asking->projects[asking_pick(asking, asking->project_count)];
        const bool is_coverage = asking_pick(asking, 2) == 0;
        caller_send(&phones[i].asks, "GET",
                    is_coverage ? path_of_coverage(today, path)
                                : path_of_members(project, today, 50, path),
                    NULL);
    }
    for (size_t i = 0; i < count; i++) {
        if (caller_receive(&phones[i].asks) != 200)
            give_up("a phone was answered %u", phones[i].asks.status);
        times_add(times, phones[i].asks.us);
    }
}

static void measure_phones(Bench *bench, const BenchNode *node)
{
    static Phone phones[PHONE_MAX];
    Asking asking;
    Times times = {0};
    size_t news = 0;
    const size_t count = bench->sizes->phone_count;
    asking_begin(&asking, node, bench->program);
    for (size_t i = 0; i < count; i++) {
        caller_open(&phones[i].news, asking.program.port, &asking.pass);
        caller_follow(&phones[i].news, "/api/v1/events");
        caller_open(&phones[i].asks, asking.program.port, &asking.pass);
    }
    const double until = now_us() + bench->sizes->phone_seconds * 1e6;
    while (now_us() < until) {
        sweep(&asking, phones, count, &times);
        change_something(&asking);
        for (size_t i = 0; i < count; i++)
            news += drain(&phones[i]);
    }
    if (news == 0) give_up("no phone heard of any change");
    const Memory memory = program_memory(&asking.program);
    char name[FIGURE_TEXT_MAX];
    snprintf(name, sizeof name, "memory of the box serving %zu phones", count);
    figure_add(&bench->figures, name, memory.most_mib, "MiB", AT_MOST, 32.0,
               "the most it was; %zu answers at %.0f/s, p99 %.1f ms with all asking at once",
               times.count, (double)times.count / bench->sizes->phone_seconds,
               times_p99(&times) * 1e-3);
    for (size_t i = 0; i < count; i++) {
        caller_close(&phones[i].news);
        caller_close(&phones[i].asks);
    }
    asking_end(&asking);
    times_done(&times);
}

void measure_box(Bench *bench)
{
    BenchNode node;
    node_by_engine(bench->root, bench->sizes->box_people, bench->sizes->box_entries, &node);
    measure_start(bench, &node);
    measure_phones(bench, &node);
}
