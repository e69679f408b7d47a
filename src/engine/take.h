#pragma once
/*
 * take — takes a Reading in: finds out whom and what each row is about, and writes what is new.
 *
 * A row that means something known changes it where it says something else, and leaves alone what
 * it says nothing about. Somebody is known again by identity number, else by staff number and
 * name, else by phone and name, else by name, birth and unit together. For a list of people a name
 * alone is never enough: such rows are listed for a person to decide and nothing is done about
 * them. A list of postings makes nobody, so there a name that only one person has will do.
 *
 * Everything one import writes belongs to one `intake` record, stands behind it in the journal
 * without a gap, and is undone as one act (intake.undo). A dry run does the very same work and is
 * rolled back.
 *
 *   Threads  the writer; inside an open group.
 *   Errors   ERR_IO, ERR_CORRUPT  the whole import is rolled back; rows with errors are notes
 */
#include "engine/engine.h"
#include "intake/reading.h"

#define TAKE_NOTES_MAX 1000

typedef enum TakeNoteCode {
    TAKE_UNIT_UNKNOWN,
    TAKE_NO_UNITS,
    TAKE_UNIT_NEEDED,
    TAKE_PROJECT_UNKNOWN,
    TAKE_CREW_UNKNOWN,
    TAKE_PERSON_UNKNOWN,
    TAKE_PERSON_DOUBTFUL, /* perhaps somebody known already */
    TAKE_NAME_DIFFERS,    /* the number is somebody else's */
    TAKE_FROM_NEEDED,
    TAKE_REFUSED, /* the words of the command's refusal follow */
    TAKE_NOTE_COUNT
} TakeNoteCode;

typedef struct TakeNote {
    TakeNoteCode code;
    size_t sheet;
    unsigned row_number;
    int field;          /* number of the import's column that is wrong; -1: the row */
    int column;         /* of the sheet; -1 when the row says nothing there */
    const char *value;  /* what the row said; never an identity number or phone number */
    const char *detail; /* of TAKE_REFUSED */
} TakeNote;

typedef struct TakeReport {
    Id intake; /* nil of a dry run */
    int64_t row_count;
    int64_t added[KIND_COUNT_MAX];   /* things, by kind */
    int64_t changed[KIND_COUNT_MAX]; /* likewise */
    int64_t same_rows;               /* said nothing new */
    int64_t bad_rows;                /* not taken: errors of reading, or a note below */
    int64_t doubtful_rows;           /* among the bad ones: a person has to decide */
    TakeNote *notes;
    size_t note_count;
} TakeReport;

/* Inside engine_begin() .. engine_commit(), or engine_roll_back() after a dry run. */
MUST_USE ErrCode take_in(Engine *engine, const Actor *actor, const Reading *reading, Text file_name,
                         const Digest *digest, Arena *arena, TakeReport *out_report, Err *err)
    ONLY_ON(writer_role);

const char *take_note_zh(TakeNoteCode code);
const char *take_note_en(TakeNoteCode code);
