#pragma once
/*
 * message — a question or an answer between two nodes as bytes, whatever carries them.
 *
 *     message := "TPS", u8 version (1), varint capabilities, 5 bytes addressee, u64 stamp, frame*
 *     frame   := u8 type, varint size, payload, 4 bytes check
 *     pack    := a frame of small frames without a check: u8 type, varint size, payload
 *
 * A check is the beginning of the SHA-256 of the check before it (for the first one: of the head)
 * and of the frame, so that a frame is good only behind those before it, and a message that was cut
 * is good up to its last whole frame. It finds damage; who sent a message is for the channel to
 * know. A pack that gets smaller by it is compressed. docs/sync.md has the frames.
 *
 *   Owns     a writer its pack, until message_writer_done(); a reader the pack it shows, until
 *            message_reader_done(). A frame that was read lives until the next one is.
 *   Threads  one reader or writer, one thread.
 *   Bounds   MESSAGE_BYTES_MAX; MESSAGE_PACK_MAX before it is compressed
 *   Errors   ERR_INVALID  no message, or one of a later version
 *            ERR_CORRUPT  damaged from here on
 */
#include "base/buf.h"
#include "journal/cursor.h"
#include "journal/segment.h"
#include "sync/squeeze.h"

#define MESSAGE_MAGIC     "TPS"
#define MESSAGE_VERSION   1
#define MESSAGE_BYTES_MAX ((size_t)16 << 20)
#define MESSAGE_PACK      ((size_t)128 << 10) /* a pack is closed at */
#define MESSAGE_PACK_MAX  (SEGMENT_BYTES_MAX + 2 * MESSAGE_PACK)

typedef enum MessageFrameType {
    SAID_HELLO = 1,      /* u8 flags, u64 what the sender holds, u64 what it believes we hold */
    SAID_BUSY = 2,       /* varint seconds: ask again then */
    SAID_END = 3,        /* varint entries left for another time; nothing follows. Stands
                          in the last pack, too */
    SAID_PACK = 4,       /* u8 how it is compressed, bytes */
    SAID_STREAM = 5,     /* a stream by its name, or the beginning of its digest: gets the next
                          number, from 0 */
    SAID_ALL = 6,        /* all that the sender holds follows; what is not named it does not hold */
    SAID_HELD = 7,       /* (number, seq, how many of them unsigned, head)* */
    SAID_NODE = 8,       /* the key of a node, for which the sender vouches */
    SAID_SEGMENT = 9,    /* as in a bundle */
    SAID_RUN = 10,       /* entries of the sender's own that it has not signed yet */
    SAID_SEAL = 11,      /* what signs them */
    SAID_RECEIPT = 12,   /* the sender holds a stream up to an entry, signed */
    SAID_LAST_PACK = 14, /* a pack with which the message ends, and nothing is left */
} MessageFrameType;

typedef struct MessageHead {
    uint64_t capabilities; /* bits; unknown ones mean nothing */
    uint64_t addressee;    /* a node's short name */
    uint64_t stamp;        /* the sender's clock */
} MessageHead;

typedef struct MessageWriter {
    Buf *out;
    Squeeze *squeeze; /* borrowed; NULL: nothing is compressed */
    uint8_t check[4];
    Buf pack;
} MessageWriter;

/* Begins a message at the end of `out`. */
void message_begin(MessageWriter *writer, Buf *out, const MessageHead *head, Squeeze *squeeze);
void message_writer_done(MessageWriter *writer);

/* A frame that stands by itself. */
void message_put(MessageWriter *writer, uint8_t type, Bytes payload);

/* A frame of the pack, which is closed when it is full. */
MUST_USE ErrCode message_pack(MessageWriter *writer, uint8_t type, Bytes payload, Err *err);

/* Says that this is all, and how many entries are left for another time. */
MUST_USE ErrCode message_end(MessageWriter *writer, uint64_t left, Err *err);

/* How large the message is, and what is in the open pack at the most. */
size_t message_size(const MessageWriter *writer);

typedef struct MessageFrame {
    uint8_t type;
    Bytes payload;
} MessageFrame;

typedef struct MessageReader {
    Cursor rest;
    Squeeze *squeeze; /* borrowed */
    MessageHead head;
    uint8_t check[4];
    Buf pack;
    Cursor packed; /* what is left of the pack */
    bool is_last;  /* nothing follows the pack */
    size_t good_bytes;
    size_t size;
} MessageReader;

MUST_USE ErrCode message_open(MessageReader *reader, Bytes bytes, Squeeze *squeeze, Err *err);
void message_reader_done(MessageReader *reader);

/* The next frame, of a pack or by itself; *out_found is false after the last. */
MUST_USE ErrCode message_next(MessageReader *reader, MessageFrame *out_frame, bool *out_found,
                              Err *err);
