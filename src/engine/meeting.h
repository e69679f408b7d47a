#pragma once
/*
 * meeting — what the files of this room decide about activities and their minutes, and what they
 * hold to make sense there; nobody outside includes this.
 *
 *   Threads  the writer.
 *   Errors   those of decide(): each is a refusal
 */
#include "engine/inside.h"

/* An activity with the parts that come with it: one act. The day and how far it is are filled in
 * where they are not said. The merge of several obligations makes its activity through this, too:
 * `parts` lead to no activity yet. */
MUST_USE ErrCode decide_activity(Engine *engine, const Actor *actor, const Record *activity,
                                 const Record *parts, size_t part_count, Arena *arena,
                                 Facts *out_facts, Err *err);
MUST_USE ErrCode decide_activity_command(Engine *engine, const Actor *actor, const Command *command,
                                         Arena *arena, Facts *out_facts, Err *err);

/* A briefing with the checks that come with it: one act. */
MUST_USE ErrCode decide_briefing(Engine *engine, const Actor *actor, const Command *command,
                                 Arena *arena, Facts *out_facts, Err *err);

/* Draws up the roll of every part that has none: who belongs to its group on the activity's day. */
MUST_USE ErrCode decide_convene(Engine *engine, const Actor *actor, const Command *command,
                                Arena *arena, Facts *out_facts, Err *err);

/* Somebody's attendance; said again, it changes what was said before. */
MUST_USE ErrCode decide_attendance(Engine *engine, const Actor *actor, const Command *command,
                                   Arena *arena, Facts *out_facts, Err *err);

/* Who confirms their own attendance signs; who does it for others says how they signed. */
MUST_USE ErrCode fill_signature(Engine *engine, const Actor *actor, Id person, Record *attendance,
                                Err *err);

/* What the node knows of a new thing and nobody need say: the day, the only part that it can be of,
 * whether somebody may vote. */
MUST_USE ErrCode fill_minutes(Engine *engine, Record *record, Arena *arena, Err *err);

/* Activities, the parts that groups have in them, and waivers. */
MUST_USE ErrCode check_activity(Engine *engine, const Record *record, Err *err);
MUST_USE ErrCode check_part(Engine *engine, Key subject, const Record *record, Arena *arena,
                            Err *err);
/* The same of a part whose activity is only about to be made. */
MUST_USE ErrCode check_new_part(Engine *engine, const Record *activity, const Record *part,
                                Arena *arena, Err *err);
MUST_USE ErrCode refuse_part_twice(Err *err);
MUST_USE ErrCode check_waiver(Engine *engine, const Record *record, Arena *arena, Err *err);

/* Minutes: rolls, attendance, topics, briefings and their checks; integrity risks and visits. */
MUST_USE ErrCode check_minutes(Engine *engine, Key subject, const Record *record, Arena *arena,
                               Err *err);
/* A check whose briefing is only about to be made. */
MUST_USE ErrCode check_new_check(Engine *engine, const Record *briefing, const Record *check,
                                 Arena *arena, Err *err);
/* What was done was not done in the future: a box whose clock is behind may be a day late. */
MUST_USE ErrCode check_not_ahead(const Engine *engine, const Record *record, unsigned field,
                                 Err *err);
MUST_USE ErrCode check_practice(Engine *engine, const Record *record, Arena *arena, Err *err);
