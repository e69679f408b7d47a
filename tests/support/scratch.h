#pragma once
/*
 * scratch — where tests keep their files: in memory where there is room, since what they prove is
 * not the disk. (What a power cut leaves is tested on a disk of its own: crash_disk.)
 *
 *   Owns     the directory belongs to whoever asked for it.
 *   Threads  any.
 */
#include <stdbool.h>
#include <stddef.h>

#define SCRATCH_PATH_MAX 64

/* Makes a new directory whose name begins like that; false: there is no place for it. */
bool scratch_directory(const char *name, char out_path[SCRATCH_PATH_MAX]);
