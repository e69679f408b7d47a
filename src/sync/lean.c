#include "sync/lean.h"

#include <string.h>

#define FORM_PLAIN     0
#define FORM_LEAN      1
#define FORM_WITH_BODY 2

/* docs/journal.md, section 3. */
#define FLAG_VERB     0x03U
#define FLAG_PERSONAL 0x04U
#define FLAG_ACTOR    0x08U
#define FLAG_CAUSE    0x10U
#define FLAG_OCCURRED 0x20U
#define WHOLE_MS      (UINT64_C(1) << HLC_COUNTER_BITS)

void lean_begin(Lean *lean, const StreamName *stream, uint64_t previous_stamp)
{
    *lean = (Lean){.stream = *stream, .stamp = previous_stamp};
}

/* ---- the list of things named lately ---- */

static void to_front(Lean *lean, size_t at, Id id)
{
    memmove(&lean->ids[1], &lean->ids[0], at * sizeof lean->ids[0]);
    lean->ids[0] = id;
}

static void remember(Lean *lean, Id id)
{
    if (lean->count < LEAN_IDS_MAX) lean->count++;
    to_front(lean, lean->count - 1, id);
}

static size_t find(const Lean *lean, Id id)
{
    size_t at = 0;
    while (at < lean->count && !id_equal(lean->ids[at], id))
        at++;
    return at;
}

/* ---- an entry, piece by piece from one form into the other ---- */

typedef struct Copy {
    Lean *lean;
    Cursor *in;
    Buf *out;
    bool is_packing;
    PayloadFrame frame;
} Copy;

static uint64_t copy_varint(Copy *copy)
{
    const uint64_t number = cursor_varint(copy->in);
    buf_add_varint(copy->out, number);
    return number;
}

static void copy_bytes(Copy *copy, uint64_t size)
{
    buf_add(copy->out, cursor_bytes(copy->in, size));
}

static void pack_ref(Copy *copy)
{
    const Id id = ref_get(copy->in, &copy->frame);
    const size_t at = find(copy->lean, id);
    if (at < copy->lean->count) {
        buf_add_varint(copy->out, at + 1);
        to_front(copy->lean, at, id);
        return;
    }
    buf_add_varint(copy->out, 0);
    ref_put(copy->out, &copy->frame, id);
    remember(copy->lean, id);
}

static void unpack_ref(Copy *copy)
{
    const uint64_t number = cursor_varint(copy->in);
    if (number > copy->lean->count) {
        cursor_refuse(copy->in, "a thing that was not named");
        return;
    }
    if (number == 0) {
        const Id id = ref_get(copy->in, &copy->frame);
        ref_put(copy->out, &copy->frame, id);
        remember(copy->lean, id);
        return;
    }
    const Id id = copy->lean->ids[number - 1];
    ref_put(copy->out, &copy->frame, id);
    to_front(copy->lean, (size_t)number - 1, id);
}

static void copy_ref(Copy *copy)
{
    if (copy->is_packing)
        pack_ref(copy);
    else
        unpack_ref(copy);
}

static void copy_step(Copy *copy)
{
    uint64_t step = cursor_varint(copy->in);
    if (copy->is_packing) {
        const bool is_whole = step % WHOLE_MS == 0;
        buf_add_varint(copy->out, is_whole ? step / WHOLE_MS * 2 : step * 2 + 1);
    } else {
        step = (step & 1) == 0 ? step / 2 * WHOLE_MS : step / 2;
        buf_add_varint(copy->out, step);
    }
    if (step == 0 || step > HLC_STAMP_MAX - copy->lean->stamp) {
        cursor_refuse(copy->in, "the stamp does not follow the one before");
        return;
    }
    copy->lean->stamp += step;
    copy->frame =
        (PayloadFrame){copy->lean->stamp, copy->lean->stream.node_short, copy->lean->stream.epoch};
}

/* Kind, flags, stamp and what the entry leads to; returns the flags. */
static unsigned copy_head(Copy *copy)
{
    (void)copy_varint(copy);
    const uint8_t flags = cursor_byte(copy->in);
    buf_add_byte(copy->out, flags);
    copy_step(copy);
    if ((flags & FLAG_ACTOR) != 0) copy_ref(copy);
    if ((flags & FLAG_VERB) != VERB_CREATE) {
        copy_ref(copy);
        copy_ref(copy);
    }
    if ((flags & FLAG_CAUSE) != 0) copy_ref(copy);
    if ((flags & FLAG_OCCURRED) != 0) (void)copy_varint(copy);
    return flags;
}

static void copy_fields(Copy *copy)
{
    while (copy->in->why == NULL) {
        if (copy->is_packing && copy->in->left == 0) {
            buf_add_byte(copy->out, 0);
            return;
        }
        const uint64_t tag = cursor_varint(copy->in);
        if (tag == 0) { /* fields are numbered from 1 */
            if (copy->is_packing) cursor_refuse(copy->in, "a field has no number");
            return;
        }
        buf_add_varint(copy->out, tag);
        switch (tag & 7) {
        case 0: (void)copy_varint(copy); break;
        case 1: copy_bytes(copy, copy_varint(copy)); break;
        case 2: copy_ref(copy); break;
        case 3: break;
        default: cursor_refuse(copy->in, "a field of an unknown form");
        }
    }
}

void lean_see(Lean *lean, Bytes chained)
{
    AUTO(buf_done) Buf nowhere = {0};
    Cursor in = cursor_over(chained);
    Copy copy = {.lean = lean, .in = &in, .out = &nowhere, .is_packing = true};
    buf_init(&nowhere, 2 * ENTRY_BYTES_MAX);
    if ((copy_head(&copy) & FLAG_PERSONAL) == 0) copy_fields(&copy);
}

/* ---- packing ---- */

static void put_plain(Buf *out, Bytes chained, Bytes body)
{
    buf_add_varint(out, chained.size);
    buf_add(out, chained);
    buf_add_varint(out, body.at == NULL ? 0 : (uint64_t)body.size + 1);
    if (body.at != NULL) buf_add(out, body);
}

/* False when the entry is none that we understand; then nothing of what was written counts. */
static bool pack(Lean *lean, Buf *out, Bytes chained, Bytes body)
{
    Cursor in = cursor_over(chained);
    Copy copy = {.lean = lean, .in = &in, .out = out, .is_packing = true};
    buf_add_byte(out, body.at != NULL ? FORM_WITH_BODY : FORM_LEAN);
    const unsigned flags = copy_head(&copy);
    const bool is_personal = (flags & FLAG_PERSONAL) != 0;
    if (body.at == NULL && is_personal) copy_bytes(&copy, DIGEST_SIZE);
    if (!is_personal) copy_fields(&copy);
    if (body.at == NULL) return cursor_is_at_end(&in);
    if (!is_personal || in.why != NULL || in.left != DIGEST_SIZE) return false;
    in = cursor_over(body);
    copy_bytes(&copy, SALT_SIZE);
    copy_fields(&copy);
    return cursor_is_at_end(&in);
}

void lean_put(Lean *lean, Buf *out, Bytes chained, Bytes body)
{
    const Lean before = *lean;
    const size_t start = out->size;
    if (pack(lean, out, chained, body)) return;
    const uint64_t stamp = lean->stamp;
    *lean = before;
    lean->stamp = stamp; /* which stands at its beginning */
    if (!out->is_over) out->size = start;
    buf_add_byte(out, FORM_PLAIN);
    put_plain(out, chained, body);
}

ErrCode lean_from_items(Lean *lean, Bytes items, Buf *out, Err *err)
{
    Cursor rest = cursor_over(items);
    while (rest.left > 0) {
        const Bytes chained = cursor_bytes(&rest, cursor_varint(&rest));
        const uint64_t size = cursor_varint(&rest);
        const Bytes body = size > 0 ? cursor_bytes(&rest, size - 1) : (Bytes){0};
        if (rest.why == NULL) lean_put(lean, out, chained, body);
    }
    TRY(cursor_check(&rest, err));
    return buf_check(out, err);
}

/* ---- unpacking ---- */

static void unpack_plain(Lean *lean, Cursor *rest, Buf *out)
{
    AUTO(buf_done) Buf nowhere = {0};
    const Bytes chained = cursor_bytes(rest, cursor_varint(rest));
    const uint64_t size = cursor_varint(rest);
    const Bytes body = size > 0 ? cursor_bytes(rest, size - 1) : (Bytes){0};
    Cursor in = cursor_over(chained);
    Copy copy = {.lean = lean, .in = &in, .out = &nowhere, .is_packing = true};
    buf_init(&nowhere, ENTRY_BYTES_MAX);
    (void)cursor_varint(&in);
    (void)cursor_byte(&in);
    copy_step(&copy);
    put_plain(out, chained, body);
}

static void unpack(Lean *lean, Cursor *rest, bool has_body, Buf *out, Buf *chained, Buf *body)
{
    Copy copy = {.lean = lean, .in = rest, .out = chained};
    buf_clear(chained);
    buf_clear(body);
    const bool is_personal = (copy_head(&copy) & FLAG_PERSONAL) != 0;
    if (has_body && !is_personal) cursor_refuse(rest, "a body that no entry asks for");
    if (!has_body && is_personal) copy_bytes(&copy, DIGEST_SIZE);
    if (!is_personal) copy_fields(&copy);
    if (has_body && rest->why == NULL) {
        copy.out = body;
        copy_bytes(&copy, SALT_SIZE);
        copy_fields(&copy);
        const Digest commitment = hash_of(buf_as_bytes(body));
        buf_add(chained, digest_bytes(&commitment));
    }
    if (chained->is_over || body->is_over) cursor_refuse(rest, "an entry that is too large");
    if (rest->why != NULL) return;
    put_plain(out, buf_as_bytes(chained), has_body ? buf_as_bytes(body) : (Bytes){0});
}

ErrCode lean_to_items(Lean *lean, Bytes bytes, Buf *out, Err *err)
{
    AUTO(buf_done) Buf chained = {0};
    AUTO(buf_done) Buf body = {0};
    Cursor rest = cursor_over(bytes);
    buf_init(&chained, ENTRY_BYTES_MAX);
    buf_init(&body, ENTRY_BODY_BYTES_MAX);
    while (rest.left > 0) {
        const uint8_t form = cursor_byte(&rest);
        if (form == FORM_PLAIN)
            unpack_plain(lean, &rest, out);
        else if (form <= FORM_WITH_BODY)
            unpack(lean, &rest, form == FORM_WITH_BODY, out, &chained, &body);
        else
            cursor_refuse(&rest, "an item of an unknown form");
    }
    TRY(cursor_check(&rest, err));
    return buf_check(out, err);
}
