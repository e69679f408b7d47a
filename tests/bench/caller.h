#pragma once
/*
 * caller — one keep-alive connection that asks and measures, with as little of its own as it can.
 *
 * The client of the tests reads its headers byte by byte, which costs more than some answers here.
 * This one sends with one call and reads in large pieces. When the server wants to end the
 * connection it makes another one, after the time was taken.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Who is signed in, as the headers say it. */
typedef struct Pass {
    char cookie[192]; /* "sid=…" */
    char csrf[48];
} Pass;

typedef struct Caller {
    int socket;
    uint16_t port;
    const Pass *pass;
    Buf in;           /* what came, head and body */
    size_t head_size; /* of the last answer */
    double us;        /* from the first byte sent to the last received */
    unsigned status;
} Caller;

void caller_open(Caller *caller, uint16_t port, const Pass *pass);
void caller_close(Caller *caller);

/* Sends a question (with a body: a command) and waits for the whole answer. */
unsigned caller_ask(Caller *caller, const char *method, const char *path, const char *body);

/* The same; ends the program unless the answer has this status. */
void caller_must(Caller *caller, const char *method, const char *path, const char *body,
                 unsigned status);

/* Only sends; caller_receive() then reads the answer. */
void caller_send(Caller *caller, const char *method, const char *path, const char *body);
unsigned caller_receive(Caller *caller);

/* Sends a question whose answer never ends, and reads its head. */
void caller_follow(Caller *caller, const char *path);

/* The body of the last answer, with a NUL behind it. */
const char *caller_body(const Caller *caller);
