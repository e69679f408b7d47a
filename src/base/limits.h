#pragma once
/*
 * limits — every bound of the program by name, and how the bounds fit together.
 *
 * A bound that is reached is a normal answer (ERR_LIMIT or ERR_BUSY), never a crash. A bound that
 * only one module knows stands in that module's header; those that several share stand here.
 */
#include <assert.h>
#include <stddef.h>

#define KIB ((size_t)1024)
#define MIB (KIB * 1024)

/* Requests. */
#define CONNECTION_COUNT_MAX 1024
#define REQUEST_HEAD_MAX     (16 * KIB)
#define BYTES_BODY_MAX       (6 * MIB)   /* what another node says at once */
#define BODY_BYTES_MAX       (256 * KIB) /* JSON of one request */
#define REPLY_BYTES_MAX      (64 * MIB)
#define ARENA_REQUEST_BYTES  (8 * MIB)

/* Commands and the writer. */
#define COMMAND_COUNT_MAX   500  /* in one batch of one client */
#define QUEUE_COUNT_MAX     1024 /* jobs waiting for the writer */
#define GROUP_COMMIT_MAX    500  /* jobs in one transaction */
#define ARENA_COMMAND_BYTES (16 * MIB)

/* Files and passwords. */
#define PATH_BYTES_MAX     1024
#define KEY_FILE_BYTES     32
#define SECRET_QUEUE_COUNT 16 /* passwords waiting to be hashed, two at a time */

static_assert(BODY_BYTES_MAX <= ARENA_REQUEST_BYTES / 4, "a parsed body fits its arena");
static_assert(COMMAND_COUNT_MAX <= QUEUE_COUNT_MAX, "one batch fits the queue");
static_assert(GROUP_COMMIT_MAX <= QUEUE_COUNT_MAX, "a group fits the queue");
