#pragma once
/*
 * nodes — nodes to measure on, made once and kept under build/bench.
 *
 * A node of a size is kept with a note of what it was made from: the population and the shape of
 * the tables. When either has changed it is made anew. Its clock stood still while it was made, so
 * ids are the same each time.
 */
#include "bench/caller.h"
#include "bench/population.h"
#include "engine/engine.h"

#define NODE_PATH_MAX 512

typedef struct BenchNode {
    char directory[NODE_PATH_MAX];
    char database[NODE_PATH_MAX];
    Population population;
    double made_s; /* how long it took to make; 0 when it was there */
} BenchNode;

/* Under `root`: a node of this many people whose rows were written in bulk. */
void node_in_bulk(const char *root, size_t people, BenchNode *out_node);

/* The same with the daily work of so many sites, and hardly any people. */
void node_of_work(const char *root, size_t sites, BenchNode *out_node);

/* So many projects with a schedule and a programme, and nothing else. */
void node_of_programmes(const char *root, size_t sites, BenchNode *out_node);

/* A new node that the engine filled, command by command, with all its entries; `entries` more or
 * less are reached by changing what is there. Kept and found again like the others. */
void node_by_engine(const char *root, size_t people, size_t entries, BenchNode *out_node);

/* An empty node, whatever was there before. */
void node_empty(const char *root, const char *name, BenchNode *out_node);

/* A copy of a node with all its keys, under another name. */
void node_copy(const char *root, const char *name, const BenchNode *from, BenchNode *out_node);

/* Ends the program unless bulk and engine make the same state of a small company. */
void nodes_prove_bulk(const char *root, size_t people);

/* Whoever has this pass is signed in at the node as staff that may see and write everything. */
void node_sign_in(const BenchNode *node, Pass *out_pass);

/* An open node whose writer is this thread. */
typedef struct OpenNode {
    Node node;
    Store *store;
    Engine *engine;
    Reach reach;
    Actor actor;
} OpenNode;

void node_hold(OpenNode *open, const Host *host, const char *directory);
void node_let_go(OpenNode *open);

/* The bytes of all files of the node. */
double node_mib(const BenchNode *node);
