#pragma once
/*
 * changes — what the last commits touched, so that readers need not read all again.
 *
 * The writer notes each commit; a reader that was last up to date at version v asks what came
 * since. When that is more than is remembered the answer is "everything". Live streams of the API
 * are woken here too.
 *
 *   Threads  any; locks itself.
 *   Bounds   CHANGES_MAX keys are remembered.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define CHANGES_MAX 4096

typedef struct Changes Changes;

/* What one commit touched. */
typedef struct ChangeSet {
    int64_t version;
    bool is_structural;  /* units, projects, groups, stations, offices: not only these keys */
    bool is_lost;        /* more keys than can be told */
    const int64_t *keys; /* projects whose head count changed; persons in office, liaisons and
                            those with exceptions whose postings or standings did; groups that hold
                            an activity or were let off one */
    size_t key_count;
} ChangeSet;

void changes_open(Changes **out_changes, int64_t version);
void changes_close(Changes **changes);

void changes_note(Changes *changes, const ChangeSet *set);
int64_t changes_version(Changes *changes);

/* Copies the keys touched since `version` into `out`; false when that is not known any more, or
 * something structural changed, and all must be read again. */
bool changes_since(Changes *changes, int64_t version, int64_t out[CHANGES_MAX], size_t *out_count,
                   int64_t *out_version);

typedef struct ChangesSince {
    bool is_known;      /* otherwise anything may have changed */
    bool is_structural; /* something structural did; the keys are told all the same */
    size_t key_count;
    int64_t version; /* now */
} ChangesSince;

/* The same for who can tell the structural from the rest. */
void changes_ask(Changes *changes, int64_t version, int64_t out[CHANGES_MAX],
                 ChangesSince *out_since);

/* Called after each note, on the noting thread; one listener. */
void changes_listen(Changes *changes, void (*heard)(void *context, int64_t version), void *context);
