#pragma once
/*
 * served — a real node in a directory of its own with a server on a port of the machine's choice.
 *
 *   Owns     everything, until served_stop() removes the directory.
 */
#include "api/server.h"
#include "support/http_client.h"
#include "support/scratch.h"

typedef struct Served {
    char root[SCRATCH_PATH_MAX];          /* what served_stop() removes */
    char directory[SCRATCH_PATH_MAX + 8]; /* the node's: the root, or in it */
    Node node;
    Store *store; /* of the writer */
    Engine *engine;
    Changes *changes;
    Writer *writer;
    Board *board;
    Server *server;
    uint16_t port;
    bool is_unlimited;     /* a session may ask as fast as it likes, whatever the node says */
    unsigned query_cpu_ms; /* of the next start; 0: as the product has it */
} Served;

void served_start(Served *served);

/* The same with headquarters of the demo story, in which there is something of everything. */
void served_start_demo(Served *served);
void served_stop(Served *served);

/* Ends the server, then the writer, and starts both again on the same directory. */
void served_restart(Served *served);

/* The two halves of it. */
void served_end(Served *served);
void served_begin(Served *served);

/* An account made the short way: its password is SERVED_PASSWORD. */
#define SERVED_PASSWORD "korb vier lampe zug"
Id served_account(Served *served, const char *name, const GrantWish *grants, size_t grant_count);

/* The same, of an account that belongs to a person. */
Id served_account_of(Served *served, const char *name, Id person, const GrantWish *grants,
                     size_t grant_count);

/* A client that is signed in. */
void served_sign_in(Served *served, HttpClient *client, const char *name);

/* As if the password had been given that long ago: the client's session has a new secret since. */
void served_age_password(Served *served, HttpClient *client, int64_t ms);

/* Runs one command as whoever may do everything; returns the id of what it made. */
Id served_command(Served *served, const char *json);
