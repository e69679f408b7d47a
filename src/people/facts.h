#pragma once
/*
 * facts — what the pure rules are given: the written facts, as plain values.
 *
 * Nothing here is derived. A fact is named by its key, the number of its row; things it speaks of
 * by theirs. Numbers such as standing, effect or form are the choices of vocab/kinds.def.
 *
 *   Owns     nothing: texts are borrowed.
 *   Threads  any: values.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "base/text.h"
#include "vocab/vocab.h"

typedef int64_t Key;

#define KEY_NONE ((Key)0)

typedef struct Project {
    Key key;
    Key unit;
    Text name;
    DayRange days;
    int stage;   /* STAGE_IS_...; 0 when not stated */
    int32_t lat; /* millionths of a degree */
    int32_t lon;
    bool has_place;
} Project;

typedef struct Group {
    Key key;
    Key unit;
    int kind; /* GROUP_KIND_IS_... */
    int form; /* FORM_IS_...; 0 counts as a group */
    Text name;
} Group;

typedef struct Posting {
    Key key;
    Key person;
    Key project;
    Key crew; /* KEY_NONE when the posting names none */
    DayRange days;
    bool is_pending; /* signed on at the site, not confirmed by its leader yet */
    bool is_core;    /* moves with the group */
} Posting;

typedef struct Standing {
    Key key;
    int standing; /* STANDING_IS_... */
    DayRange days;
} Standing;

typedef struct Station {
    Key key;
    Key group;
    Key project;
    DayRange days;
} Station;

typedef struct Exception {
    Key key;
    Key group;
    Key person;
    int effect; /* EFFECT_IS_... */
    DayRange days;
    Text reason;
} Exception;

typedef struct Office {
    Key key;
    Key group;
    Key person;
    int post; /* POST_IS_... */
    DayRange days;
} Office;

/* Without a key: derived by coverage, which joined the project to its nearest group. */
typedef struct Attachment {
    Key key;
    Key project;
    Key group;
    DayRange days;
} Attachment;

typedef struct Liaison {
    Key key;
    Key project;
    Key person;
    DayRange days;
} Liaison;

/* Where a person stands towards the Party on a day. */
typedef enum PartyStanding {
    PARTY_NONE = 0,
    PARTY_PROBATIONARY = 1,
    PARTY_FORMAL = 2
} PartyStanding;
