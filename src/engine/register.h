#pragma once
/*
 * register — what the files of this room hold to make sense in registers: tools and their tests,
 * checks of labour protection, competitions, heart-to-heart talks; nobody outside includes this.
 *
 *   Threads  the writer.
 *   Bounds   TALK_TOPIC_MAX, TALK_FOLLOW_UP_MAX, in characters
 *   Errors   those of decide(): each is a refusal
 */
#include "engine/inside.h"

/* What was said in a heart-to-heart talk is not written down: there is no room for it. */
#define TALK_TOPIC_MAX     30
#define TALK_FOLLOW_UP_MAX 100

/* The day, where nobody says another. */
void fill_register(const Engine *engine, Record *record);

MUST_USE ErrCode check_register(Engine *engine, Key subject, const Record *record, Arena *arena,
                                Err *err);
