#pragma once
/*
 * assets — the files of the web app, packed into the program when it is built.
 *
 * Every file is kept as gzip, which every browser takes, and is sent as it is. A file whose name
 * holds the hash of its contents never changes and may be kept for ever.
 *
 *   Owns     nothing: all constants.
 *   Threads  any.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

typedef struct Asset {
    const char *path; /* "/index.html" */
    const char *mime;
    const char *etag; /* with its quotation marks */
    Bytes gzip;
    bool is_hashed;
} Asset;

extern const Asset assets[];
extern const size_t asset_count;
