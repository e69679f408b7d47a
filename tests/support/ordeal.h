#pragma once
/*
 * ordeal — what happens to a tree of nodes, one event after the other, as data.
 *
 * One seed makes one ordeal, for ever. An ordeal can be written as text, read again, and made
 * smaller: an event means something whatever stands before it, because its numbers are taken modulo
 * what is there. So a failing ordeal of forty events shrinks to the few that matter, in a file
 * that a person can read and that stays as a test.
 *
 *     nodes 3
 *     parents 0 0 1
 *     say 1 2 7        # node 1 adds the thing of number 2, of the kind of number 7
 *     write 1 0 0      # node 1 writes a stick for its parent
 *
 *   Bounds   ORDEAL_NODES_MAX nodes, on ORDEAL_LEVELS_MAX levels; ORDEAL_EVENTS_MAX events
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ORDEAL_NODES_MAX  12
#define ORDEAL_LEVELS_MAX 4
#define ORDEAL_EVENTS_MAX 60

/* name, how often it comes up */
#define ORDEAL_DEEDS(DEED)                                                                         \
    DEED(SAY, "say", 20)       /* node, which, what: adds a thing */                               \
    DEED(CHANGE, "change", 16) /* node, which thing, value: two at once make a conflict */         \
    DEED(VOID, "void", 2)      /* node, which thing */                                             \
    DEED(AGAIN, "again", 5)    /* node, which command: it is sent once more */                     \
    DEED(WRITE, "write", 20)   /* node, to its parent (0) or which of its children: a stick */     \
    DEED(READ, "read", 22)     /* which stick, damage, where: its addressee reads it, any time */  \
    DEED(MEET, "meet", 10)     /* node, to its parent (0) or which of its children: both ways */   \
    DEED(TALK, "talk", 16) /* node, to its parent (0) or which of its children, how the line is */ \
    DEED(LATE, "late", 5)  /* which message that was sent: it arrives once more */                 \
    DEED(CUT, "cut", 8)    /* node, at which operation of its disk from now: the power fails */    \
    DEED(CLOCK, "clock", 5)   /* node, how far, which way */                                       \
    DEED(PASS, "pass", 6)     /* minutes: time goes by everywhere but where a clock is frozen */   \
    DEED(FREEZE, "freeze", 1) /* node: its clock stands, or goes again */

typedef enum Deed {
#define DEED(NAME, name, weight) DEED_##NAME,
    ORDEAL_DEEDS(DEED)
#undef DEED
        DEED_COUNT
} Deed;

typedef struct Event {
    Deed deed;
    uint32_t numbers[3];
} Event;

typedef struct Ordeal {
    size_t node_count;
    size_t parents[ORDEAL_NODES_MAX]; /* of node 0: itself */
    Event events[ORDEAL_EVENTS_MAX];
    size_t event_count;
} Ordeal;

Ordeal ordeal_make(uint64_t seed);

void ordeal_write(const Ordeal *ordeal, FILE *out);
bool ordeal_read(Ordeal *ordeal, FILE *in); /* false: it is no ordeal */

/* The fewest events, and nodes, found that still fail. `fails` is asked some hundred times. */
void ordeal_shrink(Ordeal *ordeal, bool (*fails)(const Ordeal *ordeal));
