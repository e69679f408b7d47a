#pragma once
/*
 * tablefile — takes a table file of any kind into a workbook, by way of the jail.
 *
 * Nothing of the file is looked at in this process but its first bytes and its name. The program's
 * main() must call jail_main_if_asked() with these tasks first.
 *
 *   Owns     a TableFile owns everything about it until tablefile_done().
 *   Threads  any.
 *   Bounds   TABLEFILE_*
 *   Errors   ERR_INVALID  not a table we can read: why, and what to do
 *            ERR_LIMIT    too large, too slow, or a bomb
 *            ERR_CORRUPT  its reader crashed or tried something forbidden
 *            ERR_IO       the file cannot be opened
 */
#include "host/jail.h"
#include "intake/sheet.h"

#define TABLEFILE_PACKED_MAX ((size_t)128 << 20)
#define TABLEFILE_ARENA_MAX  ((size_t)32 << 20)

extern const JailTask tablefile_tasks[];
extern const size_t tablefile_task_count;

typedef struct TableFile {
    Buf packed;
    Arena arena;
    Workbook workbook;
} TableFile;

/* `name` is the file's name as the person knows it; its ending decides when the bytes do not. */
MUST_USE ErrCode tablefile_read(TableFile *out_file, Bytes bytes, Text name, Err *err);

/* The same for a file on disk, which is not brought into this process. */
MUST_USE ErrCode tablefile_read_path(TableFile *out_file, const char *path, Err *err);

void tablefile_done(TableFile *file);
