#include "journal/entry.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "journal/payload.h"

#define FLAG_VERB     0x03U
#define FLAG_PERSONAL 0x04U
#define FLAG_ACTOR    0x08U
#define FLAG_CAUSE    0x10U
#define FLAG_OCCURRED 0x20U
#define FLAG_CRITICAL 0x40U
#define FLAG_RESERVED 0x80U

void entry_init(Entry *entry, const KindInfo *kind, EntryVerb verb, uint64_t stamp)
{
    assert(entry != NULL);
    assert(kind != NULL);
    *entry = (Entry){.stamp = stamp,
                     .kind = (uint32_t)kind->code,
                     .kind_info = kind,
                     .verb = verb,
                     .is_personal = kind->is_personal,
                     .record = {.kind = kind}};
}

static PayloadFrame frame_of(const Entry *entry, const StreamName *stream)
{
    return (PayloadFrame){
        .stamp = entry->stamp, .node_short = stream->node_short, .epoch = stream->epoch};
}

static uint8_t flags_of(const Entry *entry)
{
    unsigned flags = (unsigned)entry->verb;
    if (entry->is_personal) flags |= FLAG_PERSONAL;
    if (!id_is_nil(entry->actor)) flags |= FLAG_ACTOR;
    if (!id_is_nil(entry->cause)) flags |= FLAG_CAUSE;
    if (entry->has_occurred) flags |= FLAG_OCCURRED;
    if (entry->is_critical) flags |= FLAG_CRITICAL;
    return (uint8_t)flags;
}

/* ---- writing ---- */

static ErrCode check_writable(const Entry *entry, uint64_t previous_stamp, Err *err)
{
    static const uint8_t no_salt[SALT_SIZE];
    if (entry->stamp <= previous_stamp || entry->stamp > HLC_STAMP_MAX)
        return err_set(err, ERR_INVALID,
                       "an entry's stamp %" PRIu64 " does not follow %" PRIu64 " in its stream",
                       entry->stamp, previous_stamp);
    if (entry->kind == 0) return err_set(err, ERR_INVALID, "an entry is of no kind");
    if (entry->verb != VERB_CREATE && (id_is_nil(entry->subject) || id_is_nil(entry->base)))
        return err_set(err, ERR_INVALID, "a change names its subject and the entry it builds on");
    if (entry->is_personal && !entry->is_erased && entry->payload.at == NULL &&
        memcmp(entry->salt, no_salt, sizeof no_salt) == 0)
        return err_set(err, ERR_INVALID, "a personal entry needs a salt");
    return OK;
}

static void put_head(Buf *buf, const Entry *entry, const PayloadFrame *frame, uint64_t step)
{
    buf_add_varint(buf, entry->kind);
    buf_add_byte(buf, flags_of(entry));
    buf_add_varint(buf, step);
    if (!id_is_nil(entry->actor)) ref_put(buf, frame, entry->actor);
    if (entry->verb != VERB_CREATE) {
        ref_put(buf, frame, entry->subject);
        ref_put(buf, frame, entry->base);
    }
    if (!id_is_nil(entry->cause)) ref_put(buf, frame, entry->cause);
    if (entry->has_occurred) buf_add_varint(buf, zigzag(entry->occurred_ms));
}

static void put_payload(Buf *buf, const Entry *entry, const PayloadFrame *frame)
{
    const Record empty = {0};
    const Record *record = entry->kind_info != NULL ? &entry->record : &empty;
    payload_put(buf, frame, record, entry->payload);
}

/* Writes salt and payload to `body` and returns what the entry chains in their place. */
static Digest put_body(Buf *body, const Entry *entry, const PayloadFrame *frame)
{
    if (entry->is_erased) return entry->commitment;
    const size_t start = body->size;
    buf_add(body, (Bytes){entry->salt, sizeof entry->salt});
    put_payload(body, entry, frame);
    if (body->is_over) return (Digest){{0}};
    return hash_of((Bytes){body->at + start, body->size - start});
}

static ErrCode check_sizes(const Buf *chained, size_t chained_start, const Buf *body,
                           size_t body_start, Err *err)
{
    TRY(buf_check(chained, err));
    TRY(buf_check(body, err));
    if (chained->size - chained_start > ENTRY_BYTES_MAX ||
        body->size - body_start > ENTRY_BODY_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "an entry has more than %zu bytes", ENTRY_BYTES_MAX);
    return OK;
}

ErrCode entry_encode(const Entry *entry, const StreamName *stream, uint64_t previous_stamp,
                     Buf *chained, Buf *body, Err *err)
{
    assert(entry->kind_info == NULL || entry->record.kind == entry->kind_info);
    assert(entry->is_personal || !entry->is_erased);
    TRY(check_writable(entry, previous_stamp, err));

    const size_t chained_start = chained->size;
    const size_t body_start = body->size;
    const PayloadFrame frame = frame_of(entry, stream);
    put_head(chained, entry, &frame, entry->stamp - previous_stamp);
    if (entry->is_personal) {
        const Digest commitment = put_body(body, entry, &frame);
        buf_add(chained, digest_bytes(&commitment));
    } else {
        put_payload(chained, entry, &frame);
    }

    const ErrCode code = check_sizes(chained, chained_start, body, body_start, err);
    if (code != OK) {
        chained->size = chained_start;
        body->size = body_start;
    }
    return code;
}

/* ---- reading ---- */

static Id get_ref_expected(Cursor *cursor, const PayloadFrame *frame)
{
    const Id ref = ref_get(cursor, frame);
    if (id_is_nil(ref)) cursor_refuse(cursor, "a reference leads nowhere");
    return ref;
}

static unsigned get_flags(Cursor *cursor, Entry *entry)
{
    const unsigned flags = cursor_byte(cursor);
    if ((flags & FLAG_RESERVED) != 0) cursor_refuse(cursor, "a reserved flag is set");
    if ((flags & FLAG_VERB) > VERB_VOID) cursor_refuse(cursor, "there is no such verb");
    entry->verb = (EntryVerb)(flags & FLAG_VERB);
    entry->is_personal = (flags & FLAG_PERSONAL) != 0;
    entry->is_critical = (flags & FLAG_CRITICAL) != 0;
    entry->has_occurred = (flags & FLAG_OCCURRED) != 0;
    return flags;
}

static void get_head(Cursor *cursor, const StreamName *stream, uint64_t previous_stamp,
                     Entry *entry)
{
    const uint64_t kind = cursor_varint(cursor);
    if (kind == 0 || kind > UINT32_MAX) cursor_refuse(cursor, "there is no such kind number");
    entry->kind = (uint32_t)kind;
    const unsigned flags = get_flags(cursor, entry);

    const uint64_t step = cursor_varint(cursor);
    if (step == 0 || step > HLC_STAMP_MAX - previous_stamp)
        cursor_refuse(cursor, "the stamp does not follow the one before");
    if (cursor->why != NULL) return;
    entry->stamp = previous_stamp + step;
    entry->id = id_make(entry->stamp, stream->node_short, stream->epoch);

    const PayloadFrame frame = frame_of(entry, stream);
    if ((flags & FLAG_ACTOR) != 0) entry->actor = get_ref_expected(cursor, &frame);
    entry->subject = entry->id;
    if (entry->verb != VERB_CREATE) {
        entry->subject = get_ref_expected(cursor, &frame);
        entry->base = get_ref_expected(cursor, &frame);
    }
    if ((flags & FLAG_CAUSE) != 0) entry->cause = get_ref_expected(cursor, &frame);
    if (entry->has_occurred) entry->occurred_ms = unzigzag(cursor_varint(cursor));
}

static void get_payload(Cursor *cursor, const StreamName *stream, Entry *entry)
{
    const PayloadFrame frame = frame_of(entry, stream);
    entry->payload = (Bytes){.at = cursor->at, .size = cursor->left};
    entry->unread_count = payload_get(cursor, &frame, entry->kind_info, &entry->record);
}

ErrCode entry_decode_chained(Bytes chained, const StreamName *stream, uint64_t previous_stamp,
                             Entry *out_entry, Err *err)
{
    assert(out_entry != NULL);
    assert(previous_stamp <= HLC_STAMP_MAX);
    if (chained.size > ENTRY_BYTES_MAX)
        return err_set(err, ERR_CORRUPT, "an entry of %zu bytes is too large", chained.size);

    Entry entry = {0};
    Cursor cursor = cursor_over(chained);
    get_head(&cursor, stream, previous_stamp, &entry);
    entry.kind_info = cursor.why == NULL ? vocab_kind(entry.kind) : NULL;
    entry.record.kind = entry.kind_info;
    if (entry.is_personal) {
        entry.is_erased = true; /* until its body is shown */
        cursor_copy(&cursor, entry.commitment.at, sizeof entry.commitment.at);
        if (cursor.left > 0) cursor_refuse(&cursor, "bytes follow the commitment");
    } else if (cursor.why == NULL) {
        get_payload(&cursor, stream, &entry);
    }
    TRY(cursor_check(&cursor, err));
    assert(cursor_is_at_end(&cursor));
    *out_entry = entry;
    return OK;
}

bool entry_body_fits(const Entry *entry, Bytes body)
{
    if (!entry->is_personal || body.size < SALT_SIZE || body.size > ENTRY_BODY_BYTES_MAX)
        return false;
    const Digest shown = hash_of(body);
    return digest_equal(&shown, &entry->commitment);
}

ErrCode entry_decode_body(Entry *entry, Bytes body, const StreamName *stream, Err *err)
{
    assert(body.at != NULL);
    if (!entry_body_fits(entry, body))
        return err_set(err, ERR_CORRUPT, "the body is not the one this entry committed to");

    Cursor cursor = cursor_over(body);
    uint8_t salt[SALT_SIZE];
    cursor_copy(&cursor, salt, sizeof salt);
    Entry full = *entry;
    get_payload(&cursor, stream, &full);
    TRY(cursor_check(&cursor, err));
    assert(cursor_is_at_end(&cursor));
    memcpy(full.salt, salt, sizeof full.salt);
    full.is_erased = false;
    *entry = full;
    return OK;
}

ErrCode entry_decode(Bytes chained, Bytes body, const StreamName *stream, uint64_t previous_stamp,
                     Entry *out_entry, Err *err)
{
    Entry entry = {0};
    TRY(entry_decode_chained(chained, stream, previous_stamp, &entry, err));
    if (body.at != NULL) TRY(entry_decode_body(&entry, body, stream, err));
    *out_entry = entry;
    return OK;
}
