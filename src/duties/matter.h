#pragma once
/*
 * matter — what may be spoken of by all groups together, and what belongs to one kind alone.
 *
 * Common things are done once for all groups; some must never be: admission, appraisal, criticism,
 * discipline, dues and elections are the Party's, hardship of a member and union dues the union's,
 * pay, rota and work tickets the crew's. A rule pack says which, with its source.
 *
 *   Owns     nothing.
 *   Threads  any.
 */
#include "vocab/pack.h"
#include "vocab/vocab.h"

/* The rule that keeps the matter to one kind of group on that day, and which (GROUP_KIND_IS_...);
 * NULL when all groups may speak of it together. */
const Rule *matter_apart(const Pack *pack, int matter, Day day, int *out_group_kind);

/* The rule by which a form of organisation (FORM_IS_...) does not deal with the matter on that day:
 * members of a temporary branch belong to another one formally, which admits, disciplines, collects
 * dues and elects. NULL when it may. */
const Rule *matter_beyond(const Pack *pack, int matter, int form, Day day);
