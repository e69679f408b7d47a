#pragma once
/*
 * practice — what an activity of a linked practice must show to be one.
 *
 * Groups learn, create, guard integrity and care together. An activity that says it is one of these
 * has something to show for it: learning a topic that was studied, integrity a check of a risk in
 * the register, care a visit. Co-creation shows in the ideas that people raise, whenever they do.
 *
 *   Owns     nothing.
 *   Threads  any.
 */
#include <stddef.h>

#include "people/reason.h"

/* What belongs to one activity. */
typedef struct PracticeFacts {
    int practice; /* PRACTICE_IS_...; 0: none in particular */
    size_t studied;
    size_t checked;
    size_t visited;
} PracticeFacts;

/* What it still lacks; REASON_NONE when nothing. */
ReasonCode practice_lacks(const PracticeFacts *facts);
