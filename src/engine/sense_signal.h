#pragma once
/*
 * sense_signal — what the engine knows of signals: who is not to be named is left out, what only
 * readers may read is sealed, and a step that makes no sense is refused; readers, notices, and who
 * has read them.
 *
 *   Threads  the writer.
 *   Errors   those of inside.h: the command is refused
 */
#include "engine/inside.h"

MUST_USE ErrCode decide_signal(Engine *engine, const Actor *actor, const Command *command,
                               Arena *arena, Facts *out_facts, Err *err);
MUST_USE ErrCode decide_handling(Engine *engine, const Actor *actor, const Command *command,
                                 Arena *arena, Facts *out_facts, Err *err);
MUST_USE ErrCode check_signal(Engine *engine, Key subject, const Record *record, Arena *arena,
                              Err *err);
MUST_USE ErrCode check_handling(Engine *engine, const Actor *actor, const Record *record,
                                Arena *arena, Err *err);
/* ERR_CONFLICT for what is sealed. */
MUST_USE ErrCode check_void_signal(Engine *engine, const Record *record, Arena *arena, Err *err);

MUST_USE ErrCode check_reader(const Actor *actor, const Record *record, Err *err);
MUST_USE ErrCode check_notice(Engine *engine, const Record *record, Err *err);
MUST_USE ErrCode check_seen(Engine *engine, Key subject, const Record *record, Arena *arena,
                            Err *err);
