#pragma once
/*
 * tree_inside — what the files of tree share; nobody else includes this.
 */
#include "support/crash_vfs.h"
#include "support/play.h"
#include "support/tree.h"
#include "sync/squeeze.h"

#define SENT_MAX        ORDEAL_EVENTS_MAX
#define THINGS_MAX      (ORDEAL_EVENTS_MAX + 1)
#define STICKS_MAX      (2 * ORDEAL_EVENTS_MAX)
#define STICK_BYTES_MAX ((size_t)16 << 20)
#define LETTERS_MAX     (4 * ORDEAL_EVENTS_MAX)
#define JSON_MAX        400

/* A command that somebody has in an outbox, and what they were told. */
typedef struct Sent {
    char json[JSON_MAX];
    bool is_acked;
    bool is_refused;
    Id made; /* nil: it makes nothing */
} Sent;

typedef struct Member {
    Play play;
    char name[8];
    CrashVfs *fresh; /* its disk as it is before an ordeal */
    CrashVfs *disk;
    bool is_frozen;
    Sent sent[SENT_MAX];
    size_t sent_count;
} Member;

typedef struct Thing {
    Id id;
    KindCode kind;
} Thing;

typedef struct Stick {
    Buf bytes;
    size_t to;
} Stick;

/* A question or an answer on the line, which may arrive late, or twice. */
typedef struct Letter {
    Buf bytes;
    size_t from;
    size_t to;
    bool is_answer;
} Letter;

struct Tree {
    Member members[ORDEAL_NODES_MAX];
    const Ordeal *ordeal;
    Thing things[THINGS_MAX]; /* of the first: the unit at the top */
    size_t thing_count;
    Stick sticks[STICKS_MAX];
    size_t stick_count;
    Letter letters[LETTERS_MAX];
    size_t letter_count;
    Squeeze *squeeze;
    uint64_t op_count;
    Id top; /* the unit that everything belongs to; all have it from the start */
    TreeCounts counts;
};

/* A stick from one node, read whole by the other. */
void hand_over(Member *from, Member *to) ONLY_ON(writer_role);

/* The two speak over a line that may lose, cut or damage what is said; `how` 0 is a good one. */
void talk(Tree *tree, size_t asker, size_t other, uint32_t how, uint32_t where)
    ONLY_ON(writer_role);

/* A message that was sent arrives once more. */
void arrive_again(Tree *tree, uint32_t which) ONLY_ON(writer_role);

/* Over a good line, until there is no more to say. */
void assert_speak_out(Tree *tree, size_t asker, size_t other) ONLY_ON(writer_role);

void pass_time(Tree *tree, uint64_t ms);

/* Two that hold the same say so. */
void assert_say_in_step(Tree *tree, size_t asker, size_t other) ONLY_ON(writer_role);

/* What failed, failed because the power did. */
void must_or_be_off(const Member *member, ErrCode code, const Err *err);

/* Where the power failed, it is switched on again. */
void see_to_power(Tree *tree, Member *member);

/* Everybody exchanges with their parent until all have the same entries; then all are in the same
 * state. */
void assert_converges(Tree *tree) ONLY_ON(writer_role);

void assert_nobody_holds_more_than_its_author(Tree *tree, Member *holder);

/* What was made, by the journal: an acknowledged command once, whatever was sent again. */
void assert_each_is_there_once(Tree *tree, Member *member);

/* The journal verifies, and a rebuild changes nothing. */
void assert_sound(Member *member) ONLY_ON(writer_role);

uint64_t conflict_count(Member *member);
