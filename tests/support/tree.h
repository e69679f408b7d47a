#pragma once
/*
 * tree — headquarters, companies and boxes in one thread: the real engine and the real exchange,
 * on disks that forget and tear, with clocks that wander and sticks that are carried by hand.
 *
 * tree_run() plays an ordeal, then lets everything heal, and fails the test unless
 *
 *     - every command that was answered is there at its node after each power cut, and in the end
 *       everywhere, once;
 *     - the same command sent again got the same answer;
 *     - within HEALING_ROUNDS rounds of exchange all nodes are in the same state;
 *     - nobody holds more of a node's entries than the node itself: nothing left before it was
 *       durable there;
 *     - journals verify, and a rebuild changes nothing.
 *
 *   Owns     the nodes, from tree_open() to tree_close(); they are as new for each ordeal.
 *   Threads  one, which is the writer of all nodes.
 */
#include "support/ordeal.h"

#define HEALING_ROUNDS 3

typedef struct Tree Tree;

Tree *tree_open(void);
void tree_close(Tree *tree);

void tree_run(Tree *tree, const Ordeal *ordeal);

/* What all ordeals together went through: to see that the harness does what it is for. */
typedef struct TreeCounts {
    uint64_t commands;  /* answered */
    uint64_t refused;   /* made no sense where they were sent */
    uint64_t cuts;      /* of power */
    uint64_t sticks;    /* read */
    uint64_t damaged;   /* read, and damaged */
    uint64_t messages;  /* taken */
    uint64_t conflicts; /* to be settled, in the end */
} TreeCounts;
TreeCounts tree_counts(const Tree *tree);
