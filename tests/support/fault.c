#include "support/fault.h"

#include <assert.h>
#include <stdio.h>

#define OPERATIONS_MAX 100000

bool fault_hits(FaultPlan *fault)
{
    fault->seen++;
    if (fault->fails_at == 0) return false;
    return fault->is_lasting ? fault->seen >= fault->fails_at : fault->seen == fault->fails_at;
}

bool fault_happened(const FaultPlan *fault)
{
    return fault->fails_at > 0 && fault->seen >= fault->fails_at;
}

unsigned fault_sweep(const char *name, bool is_lasting,
                     void (*run)(FaultPlan *fault, void *context), void *context)
{
    for (unsigned at = 1;; at++) {
        assert(at < OPERATIONS_MAX); /* the sweep comes to an end */
        FaultPlan fault = {.fails_at = at, .is_lasting = is_lasting};
        fprintf(stderr, "\r%s FAULT=%u ", name, at);
        run(&fault, context);
        if (!fault_happened(&fault)) {
            FaultPlan none = {.fails_at = 0};
            run(&none, context);
            fprintf(stderr, "\r%s: %u operations failed in turn\n", name, at - 1);
            return at - 1;
        }
    }
}
