#pragma once
/*
 * engine — takes commands one by one, decides, records the facts, and keeps what is derived.
 *
 * A command is first decided without writing anything: what it leads to must exist, be of the
 * right kind and within the actor's reach, and must make sense. Only then its facts are appended
 * to the journal and written into the projection, and what follows from them (stays, head counts)
 * is worked out again. All of one group of commands is one transaction.
 *
 *   Invariants  (1) a fact is in the journal exactly when it is in the projection;
 *               (2) an op-id that was answered once is answered the same for ever.
 *   Threads     the writer only.
 *   Errors      a command that makes no sense is an Answer, not an error. An error means that the
 *               group could not be recorded (ERR_IO: disk; ERR_CORRUPT): none of it is.
 */
#include "engine/command.h"
#include "engine/node.h"
#include "host/role.h"
#include "people/facts.h"
#include "view/changes.h"
#include "view/reach.h"

typedef struct Engine Engine;

typedef enum AnswerStatus {
    ANSWER_DONE,
    ANSWER_REFUSED, /* nothing was changed; code and detail say why */
} AnswerStatus;

#define ANSWER_IDS_MAX 4
#define CODE_TEXT_MAX  20 /* "ABCD-EFGH-JKMN" */

typedef struct Answer {
    AnswerStatus status;
    Id ids[ANSWER_IDS_MAX]; /* what was made, the first ANSWER_IDS_MAX of it */
    size_t id_count;
    char receipt[CODE_TEXT_MAX]; /* of a signal that names nobody; else empty */
    ErrCode code;
    char detail[ERR_MESSAGE_SIZE];
} Answer;

/* As JSON: {"op", "status", "ids"}, "receipt" where there is one, "error" for what was refused. */
void answer_emit(const Command *command, const Answer *answer, Emit *emit);

/* Who sends a command: an account, whose it is, and where it may do what. */
typedef struct Actor {
    Id id;
    Key person;         /* KEY_NONE: the account is nobody's in particular */
    const Reach *reach; /* where this command may go */
    const Reach *write; /* where it may change all facts; NULL: nowhere, it only takes part */
    Key receipt_of;     /* the signal whose receipt code was shown; KEY_NONE: none was */
} Actor;

/* Borrows the node and the writer's store. Reads the last clock and brings itself up to date. */
MUST_USE ErrCode engine_open(Engine **out_engine, const Node *node, Store *store, Err *err);

void engine_close(Engine **engine);

/* Signs every entry that is not signed yet: when the node stops, and before anything leaves it. */
MUST_USE ErrCode engine_sign_all(Engine *engine, Err *err) ONLY_ON(writer_role);

/* Signs, within the open group, streams that have at least `least` entries unsigned; and all of
 * them when that was not done for an hour. */
MUST_USE ErrCode engine_sign_some(Engine *engine, uint64_t least, Err *err) ONLY_ON(writer_role);

/* Signs, within the open group, what this node wrote in an earlier epoch and had not signed when it
 * was restored. Only when nobody holds more of that stream: a number is signed once. */
MUST_USE ErrCode engine_sign_earlier(Engine *engine, const StreamName *stream, Err *err)
    ONLY_ON(writer_role);

/* One group of commands: begin, execute any number, commit. After an error: engine_roll_back(). */
MUST_USE ErrCode engine_begin(Engine *engine, Err *err) ONLY_ON(writer_role);
MUST_USE ErrCode engine_commit(Engine *engine, Err *err) ONLY_ON(writer_role);
void engine_roll_back(Engine *engine) ONLY_ON(writer_role);

MUST_USE ErrCode engine_execute(Engine *engine, const Actor *actor, const Command *command,
                                Arena *arena, Answer *out_answer, Err *err) ONLY_ON(writer_role);

/* Records who did or looked at what; part of the open group. */
MUST_USE ErrCode engine_audit(Engine *engine, const Actor *actor, const char *event, Text account,
                              bool success, Text subject, Text purpose, Err *err)
    ONLY_ON(writer_role);

/* Records what this node says, of a kind that nobody adds by command; part of the open group. */
MUST_USE ErrCode engine_state(Engine *engine, const Actor *actor, const Record *record, Id *out_id,
                              Err *err) ONLY_ON(writer_role);

/* What the groups committed since the last call touched; false when none did. The keys live until
 * the next engine_begin(). */
bool engine_take_changes(Engine *engine, ChangeSet *out_set) ONLY_ON(writer_role);

/* A stamp for what is no entry, such as a bundle: after everything that was recorded. */
uint64_t engine_stamp(Engine *engine);

Store *engine_store(Engine *engine);
const Node *engine_node(const Engine *engine);

/* Grows with every committed group; what readers compare. */
int64_t engine_version(const Engine *engine);
