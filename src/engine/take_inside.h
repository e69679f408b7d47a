#pragma once
/*
 * take_inside — what the files of an import share: the work on one row, and finding by name.
 *
 *   Owns     nothing: the arena of the row is emptied after each, that of the import lives on.
 */
#include "base/map.h"
#include "engine/inside.h"
#include "engine/take.h"

/* One name looked up before: rows repeat the same units and projects thousands of times. */
typedef struct Known {
    KindCode kind;
    Text name;
    Key key;
    Id id;
    int64_t next; /* with the same hash; -1 at the end */
} Known;

typedef struct Take {
    Engine *engine;
    const Actor *actor;
    const Reading *reading;
    Arena *arena; /* of the import */
    Arena row_arena;
    Id intake;
    Known *known;
    size_t known_count;
    Map known_at; /* hash -> first of its chain */
    Map holidays; /* day -> key */
    bool has_holidays;
    bool has_units;  /* there is at least one */
    Id default_unit; /* the only unit at the top; nil when there are several */
    const ReadRow *row;
    bool is_bad;
    bool is_doubtful;
    bool did_something;
    TakeReport *report;
} Take;

#define WHOLE_ROW INTAKE_COLUMNS_MAX

/* Notes why the row is not taken: because of one of its columns, or as a whole. */
MUST_USE ErrCode take_note(Take *take, TakeNoteCode code, unsigned column, Text value,
                           const char *detail, Err *err);

/* A unit, project or crew by code or name; KEY_NONE when there is none. */
MUST_USE ErrCode take_find(Take *take, KindCode kind, Text name, Key *out_key, Id *out_id,
                           Err *err);

/* A text column of the row, empty when blank; a number, `otherwise` when blank. */
Text take_text(const Take *take, unsigned column);
bool take_has(const Take *take, unsigned column);
int64_t take_int(const Take *take, unsigned column, int64_t otherwise);

/* Copies a column into a field when the row says something. */
void take_copy_text(const Take *take, unsigned column, Record *record, unsigned field);
void take_copy_int(const Take *take, unsigned column, Record *record, unsigned field);

/* Adds a thing; *out_key is KEY_NONE when it was refused, which is noted. */
MUST_USE ErrCode take_add(Take *take, const Record *record, Key *out_key, Id *out_id, Err *err);

/* Changes a thing where the row says something else than what is known. */
MUST_USE ErrCode take_change(Take *take, Key key, const Record *record, Err *err);

/* One row of each kind of import. */
MUST_USE ErrCode take_unit(Take *take, Err *err);
MUST_USE ErrCode take_project(Take *take, Err *err);
MUST_USE ErrCode take_person(Take *take, Err *err);
MUST_USE ErrCode take_posting(Take *take, Err *err);
MUST_USE ErrCode take_holiday(Take *take, Err *err);
