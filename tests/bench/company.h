#pragma once
/*
 * company — the facts of a population in the order in which they can be written.
 *
 * Units, projects, groups with their stations, then person by person with standings and postings,
 * then offices, attachments and liaisons. Whoever takes a fact answers with its id; later facts
 * refer to it by that. Where at least three Party members are, one of them formal, the site has a
 * Party group and a leader (but for one site in thirty-three); of the other sites one in three has
 * a liaison and one in three is attached to its neighbour's group.
 */
#include "bench/population.h"
#include "vocab/record.h"

/* Writes one new thing and says what it is called from now on. */
typedef Id (*FactTaker)(void *context, const Record *record);

void company_tell(const Population *population, FactTaker take, void *context);
