#pragma once
/*
 * play — an engine on any store, with a clock that stands and files in memory, to play commands on.
 *
 * The same seed and the same commands give the same entries, byte for byte, on every database.
 *
 *   Owns     everything but the store, until play_close().
 */
#include "engine/engine.h"
#include "support/fake_host.h"

typedef struct Play {
    FakeHost fake;
    Node node;
    Store *store; /* borrowed */
    Engine *engine;
    Arena arena;
    Reach reach;
    Actor actor;
    uint64_t op_count;
} Play;

/* Makes a node and its engine. Commands are played as the writer. */
void play_open(Play *play, Store *store, uint64_t seed);
void play_close(Play *play);

/* The same for one of several nodes: whoever plays takes up the writer's role. */
void play_join(Play *play, Store *store, uint64_t seed);
void play_leave(Play *play);

/* The engine on a store that was opened anew; the node stays. */
void play_reopen(Play *play, Store *store);

/* Runs one command given as JSON without "op" in a group of its own. */
Answer play_command(Play *play, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds a thing; fails the test when it is refused. `fields` is the inside of the JSON object. */
Id play_add(Play *play, const char *kind, const char *format, ...) PRINTF_LIKE(3, 4);

/* The text of an id in one of a few buffers that take turns: for printf. */
const char *play_text(Id id);
