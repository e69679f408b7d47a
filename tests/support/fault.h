#pragma once
/*
 * fault — fails the first, the second, the third operation … until none is left to fail.
 *
 * What is tested calls fault_hits() before each operation that could go wrong; fault_sweep() runs
 * it again and again, each time with the next operation failing, and once with none.
 */
#include <stdbool.h>

typedef struct FaultPlan {
    unsigned fails_at; /* counted from 1; 0: none fails */
    unsigned seen;
    bool is_lasting; /* everything after the failure fails as well, as when the power is gone */
} FaultPlan;

/* Counts an operation; whether it is one that fails. */
bool fault_hits(FaultPlan *fault);

/* Whether the failure came about. */
bool fault_happened(const FaultPlan *fault);

/* Runs `run` for every operation in turn; returns how many there are. Prints the number that runs,
 * so that a crash leaves it on the screen. */
unsigned fault_sweep(const char *name, bool is_lasting,
                     void (*run)(FaultPlan *fault, void *context), void *context);
