#include "duties/practice.h"

#include <assert.h>

ReasonCode practice_lacks(const PracticeFacts *facts)
{
    assert(facts != NULL);
    switch (facts->practice) {
    case PRACTICE_IS_LEARNING: return facts->studied > 0 ? REASON_NONE : REASON_NOTHING_STUDIED;
    case PRACTICE_IS_INTEGRITY: return facts->checked > 0 ? REASON_NONE : REASON_NOTHING_CHECKED;
    case PRACTICE_IS_CARE: return facts->visited > 0 ? REASON_NONE : REASON_NOBODY_VISITED;
    default: return REASON_NONE;
    }
}
