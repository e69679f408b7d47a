#include "sync/sealed_bundle.h"

#include <string.h>

#define STEP ((size_t)64 * 1024)

ErrCode sealed_bundle_write(const Host *host, uint64_t node_short, const ReaderKey *to,
                            Bytes bundle, AgePut put, void *context, Err *err)
{
    AUTO(age_writer_done) AgeWriter writer = {0};
    char label[NODE_TEXT_MAX];
    const AgeTo whom = {
        .keys = to, .key_count = 1, .label = text_from_z(node_write(node_short, label))};
    TRY(age_begin(&writer, host, &whom, put, context, err));
    TRY(age_add(&writer, bundle, err));
    return age_end(&writer, err);
}

/* The first bytes of a file come again, before those that follow. */
typedef struct Start {
    AgeGet get;
    void *context;
    uint8_t bytes[STEP];
    size_t size;
    size_t at;
} Start;

static ErrCode get_again(void *context, uint8_t *out, size_t most, size_t *out_size, Err *err)
{
    Start *start = context;
    if (start->at == start->size) return start->get(start->context, out, most, out_size, err);
    const size_t left = start->size - start->at;
    *out_size = left < most ? left : most;
    memcpy(out, start->bytes + start->at, *out_size);
    start->at += *out_size;
    return OK;
}

static ErrCode read_plain(Start *start, Buf *out, Err *err)
{
    uint8_t piece[STEP];
    for (;;) {
        size_t size = 0;
        TRY(get_again(start, piece, sizeof piece, &size, err));
        if (size == 0) return OK;
        buf_add(out, (Bytes){piece, size});
        TRY(buf_check(out, err));
    }
}

/* Whom it is for, by the words in the clear. Nobody vouches for them: they only show the way. */
static ErrCode tell_addressee(const Peers *peers, const char *label, Err *err)
{
    const Peer *peer = NULL;
    Err why;
    if (label[0] == '\0')
        return err_set(err, ERR_CONFLICT, "this bundle is sealed, and not to this node");
    if (peer_named(peers, text_from_z(label), &peer, &why) != OK)
        return err_set(err, ERR_CONFLICT, "this bundle is sealed for node %s: carry it there",
                       label);
    return err_set(err, ERR_CONFLICT, "this bundle is sealed for node %s (%.*s): carry it there",
                   label, TEXT_ARG(peer->name));
}

static ErrCode read_sealed(AgeReader *reader, Buf *out, Unsealed *unsealed, Err *err)
{
    for (;;) {
        Bytes piece = {0};
        bool found = false;
        Err why;
        const ErrCode code = age_next(reader, &piece, &found, &why);
        if (code == ERR_CORRUPT) { /* what was opened before is proven, and may be of use */
            unsealed->is_damaged = true;
            memcpy(unsealed->words, why.message, sizeof unsealed->words);
            return OK;
        }
        if (code != OK) {
            *err = why;
            return code;
        }
        if (!found) return OK;
        buf_add(out, piece);
        TRY(buf_check(out, err));
    }
}

static ErrCode open_sealed(const Node *node, const Peers *peers, Start *start, Buf *out,
                           Unsealed *unsealed, Err *err)
{
    AUTO(age_reader_done) AgeReader reader = {0};
    AUTO(reader_secret_done) ReaderSecret secret = {{0}};
    ReaderKey key;
    Err why;
    const bool has_own = sealing_own(node, &secret, &key);
    const AgeWith with = {.secrets = &secret, .secret_count = has_own ? 1 : 0};
    const ErrCode code = age_open(&reader, &with, get_again, start, &why);
    if (code == ERR_DENIED) return tell_addressee(peers, reader.label, err);
    if (code != OK) {
        *err = why;
        return code;
    }
    unsealed->is_sealed = true;
    return read_sealed(&reader, out, unsealed, err);
}

ErrCode sealed_bundle_read(const Node *node, const Peers *peers, AgeGet get, void *context,
                           Buf *out, Unsealed *out_unsealed, Err *err)
{
    Start start = {.get = get, .context = context};
    *out_unsealed = (Unsealed){.is_sealed = false};
    while (start.size < sizeof start.bytes) {
        size_t size = 0;
        TRY(get(context, start.bytes + start.size, sizeof start.bytes - start.size, &size, err));
        if (size == 0) break;
        start.size += size;
    }
    if (!age_is_sealed((Bytes){start.bytes, start.size})) return read_plain(&start, out, err);
    return open_sealed(node, peers, &start, out, out_unsealed, err);
}
