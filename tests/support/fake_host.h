#pragma once
/*
 * fake_host — a Host for tests: a clock that stands until it is moved, randomness from a seed, and
 * a disk that forgets what was not synced.
 *
 * The disk keeps two states: what a program sees, and what would be left after a power cut. A
 * file's bytes become durable by file_sync(), names by dir_sync() of their directory. Every
 * operation asks `fault` whether it fails.
 *
 *   Bounds   FAKE_NODE_MAX files and directories ever made
 */
#include "host/host.h"
#include "support/fault.h"
#include "support/prop.h"

#define FAKE_NODE_MAX 256
#define FAKE_NAME_MAX 64

typedef struct FakeNode {
    Buf bytes;
    Buf synced;
    bool is_synced; /* ever */
    bool is_directory;
    bool is_foreign; /* belongs to another user */
    unsigned mode;
} FakeNode;

typedef struct FakeName {
    size_t directory; /* the node it stands in */
    size_t node;
    char name[FAKE_NAME_MAX];
} FakeName;

typedef struct FakeNames {
    FakeName at[FAKE_NODE_MAX];
    size_t count;
} FakeNames;

typedef struct FakeHost {
    Host host; /* pass &fake.host */
    uint64_t now_ms;
    uint64_t monotonic_ms;
    Prng prng;
    FaultPlan *fault; /* NULL: nothing fails */
    bool is_lying;    /* the disk says that it has kept what it has changed */
    FakeNode nodes[FAKE_NODE_MAX];
    size_t node_count;
    FakeNames seen;    /* what a program finds */
    FakeNames durable; /* what is left after a power cut */
} FakeHost;

/* An empty disk with a root directory; `fake` stays where it is. */
void fake_host_init(FakeHost *fake, uint64_t seed);
void fake_host_done(FakeHost *fake);

void fake_host_pass(FakeHost *fake, uint64_t ms); /* time goes by */

/* A power cut: what was not synced is gone, or a part of it is there. */
void fake_host_crash(FakeHost *fake);

/* Gives the file to another user, or another mode, as an intruder or a careless copy would. */
void fake_host_change(FakeHost *fake, const char *path, unsigned mode, bool is_foreign);
