#include "journal/fault.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

typedef struct FaultText {
    const char *name;
    const char *words;
} FaultText;

static const FaultText texts[] = {
    [FAULT_NONE] = {"none", "nothing is wrong"},
    [FAULT_BAD_MAGIC] = {"bad_magic", "this is not a bundle"},
    [FAULT_UNKNOWN_VERSION] = {"unknown_version", "the bundle is of a later version"},
    [FAULT_UNKNOWN_SUITE] = {"unknown_suite", "it is signed with algorithms unknown here"},
    [FAULT_TRUNCATED] = {"truncated", "the bytes end too early"},
    [FAULT_BAD_FRAME] = {"bad_frame", "a frame makes no sense"},
    [FAULT_BAD_CHECK] = {"bad_check", "a frame was damaged on the way"},
    [FAULT_BAD_HEADER] = {"bad_header", "the segment header contradicts itself"},
    [FAULT_UNKNOWN_NODE] = {"unknown_node", "the key of this node is not here"},
    [FAULT_WRONG_KEY] = {"wrong_key", "the key is not that of this node"},
    [FAULT_UNTRUSTED] = {"untrusted", "it is signed by a node that is not trusted"},
    [FAULT_BAD_SIGNATURE] = {"bad_signature", "the signature does not fit"},
    [FAULT_GAP] = {"gap", "entries are missing"},
    [FAULT_DUPLICATE] = {"duplicate", "the same entries stand there twice"},
    [FAULT_REORDERED] = {"reordered", "segments are not in the order they were written"},
    [FAULT_FORKED] = {"forked", "there are two histories for the same numbers"},
    [FAULT_ROLLED_BACK] = {"rolled_back", "the stream was longer when it was last seen"},
    [FAULT_CHAIN_BROKEN] = {"chain_broken", "the entries do not lead to the head"},
    [FAULT_BAD_ENTRY] = {"bad_entry", "an entry cannot be read"},
    [FAULT_MISSING_ENTRY] = {"missing_entry", "there are fewer entries than the header says"},
    [FAULT_SURPLUS_ENTRY] = {"surplus_entry", "there are more entries than the header says"},
    [FAULT_BODY_MISMATCH] = {"body_mismatch", "a body is not the one that was committed to"},
    [FAULT_MISSING_SEGMENT] = {"missing_segment", "a segment of the manifest is not here"},
    [FAULT_EXTRA_SEGMENT] = {"extra_segment", "a segment is not in the manifest"},
    [FAULT_OTHER_STREAM] = {"other_stream", "a segment is of a stream not in the manifest"},
    [FAULT_MANIFEST_MISMATCH] = {"manifest_mismatch", "the manifest was signed over other bytes"},
    [FAULT_SURPLUS_BYTES] = {"surplus_bytes", "something follows the end"},
    [FAULT_OUT_OF_SCOPE] = {"out_of_scope", "its node may not speak for that"},
    [FAULT_REVOKED] = {"revoked", "its node was revoked"},
    [FAULT_EXPIRED] = {"expired", "the certificate of its node has run out"},
};
static_assert(sizeof texts / sizeof texts[0] == FAULT_KIND_COUNT, "every kind has its words");

const char *fault_name(FaultKind kind)
{
    assert(kind < FAULT_KIND_COUNT);
    return texts[kind].name;
}

const char *fault_words(FaultKind kind)
{
    assert(kind < FAULT_KIND_COUNT);
    return texts[kind].words;
}

ErrCode fault_set(Fault *fault, const char *detail, Err *err)
{
    snprintf(fault->detail, sizeof fault->detail, "%s", detail);
    return fault_say(fault, err);
}

ErrCode fault_say(const Fault *fault, Err *err)
{
    assert(fault->kind != FAULT_NONE);
    char where[160] = "";
    char stream[STREAM_NAME_TEXT_MAX];
    if (fault->has_stream && fault->first_bad == 0)
        snprintf(where, sizeof where, " in stream %s", stream_write(&fault->stream, stream));
    else if (fault->has_stream)
        snprintf(where, sizeof where, " in stream %s, entries %" PRIu64 " to %" PRIu64,
                 stream_write(&fault->stream, stream), fault->first_bad, fault->last_bad);
    char hashes[64] = "";
    char expected[DIGEST_TEXT_MAX];
    char actual[DIGEST_TEXT_MAX];
    if (fault->has_hashes)
        snprintf(hashes, sizeof hashes, ": expected %.12s, found %.12s",
                 digest_write(&fault->expected, expected), digest_write(&fault->actual, actual));
    return err_set(err, ERR_CORRUPT, "%s (%s)%s%s%s%s", texts[fault->kind].words,
                   texts[fault->kind].name, where, hashes, fault->detail[0] != '\0' ? ": " : "",
                   fault->detail);
}
