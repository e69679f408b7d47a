#pragma once
/*
 * door — who is connected just now: how many from one household, and until when they must hurry.
 *
 * A connection has a deadline while we wait for its client: for the head of a request, for its
 * body, for the next request. Whoever misses it is cut off, however steadily it drips byte by
 * byte. Connections of this machine with itself (a proxy in front of us) are not limited in
 * number.
 *
 *   Invariants  (1) a socket is cut only while its place is taken, so never after it was closed
 *   Threads     any; locks itself.
 *   Bounds      CONNECTION_COUNT_MAX places, HOUSEHOLD_COUNT_MAX for one household
 */
#include "base/limits.h"
#include "host/address.h"
#include "host/thread.h"

#define HOUSEHOLD_COUNT_MAX 64
#define PLACE_NONE          SIZE_MAX

#define HEAD_WAIT_MS      10000 /* from the connection, or its last answer, to the end of a head */
#define IDLE_WAIT_MS      60000 /* longer, for the next request on a connection that has had one */
#define BODY_WAIT_MS      20000 /* and one second more for each KiB announced */
#define REQUEST_COUNT_MAX 1000  /* on one connection */

typedef struct DoorPlace {
    Address address;
    uint64_t deadline_ms; /* 0: nothing is expected of it */
    uint32_t request_count;
    int socket;
    bool is_taken;
} DoorPlace;

typedef struct Door {
    Lock lock;
    size_t count;
    DoorPlace places[CONNECTION_COUNT_MAX];
} Door;

void door_init(Door *door);
void door_done(Door *door);

/* Whether one more from that address may come in. */
bool door_may_enter(Door *door, const Address *address);

/* Takes a place until door_leave(); PLACE_NONE when all are taken. */
size_t door_enter(Door *door, const Address *address, int socket, uint64_t deadline_ms);
void door_leave(Door *door, size_t place);

void door_expect(Door *door, size_t place, uint64_t deadline_ms); /* 0: nothing */

/* Counts a request; whether it was the last that this connection may send. */
bool door_count_request(Door *door, size_t place);

/* Cuts off who is late; returns how many. */
size_t door_sweep(Door *door, uint64_t now_ms);
