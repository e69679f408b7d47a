#pragma once
/*
 * shared — test vectors that stand beside the project and are not part of it.
 *
 * They are looked for in the directory that $TONGPIN_SHARED names, else in ../shared. A test that
 * does not find them says so and passes.
 */
#include "base/buf.h"

#define SHARED_PATH_MAX 1024

/* Writes the path of `name`; false, with a printed line, when it is not there. */
bool shared_path(const char *name, char out[SHARED_PATH_MAX]);

/* Reads a whole file into `out`, which it initialises; false as above. */
bool shared_read(const char *name, Buf *out);

/* Calls `visit` for each file of a directory, in ascending order; false as above. */
bool shared_each(const char *name, void (*visit)(const char *file, Bytes bytes, void *context),
                 void *context);
