#include <inttypes.h>

#include "cli/cli.h"
#include "engine/rebuild.h"
#include "engine/verify.h"
#include "store/state_hash.h"

ErrCode cli_verify(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    VerifyReport report;
    TRY(look_open(&look, options, err));
    TRY(verify_journal(&look.node, look.store, &report, err));
    printf("%" PRId64 " streams, %" PRId64 " entries, %" PRId64 " signed segments, %" PRId64
           " entries not signed yet\n",
           report.stream_count, report.entry_count, report.segment_count, report.unsigned_count);
    if (report.fault_count == 0) {
        printf("the journal is whole and unchanged\n");
        return OK;
    }
    *out_exit = EXIT_NO;
    return err_set(err, ERR_CORRUPT, "%" PRId64 " faults; the first: %.180s", report.fault_count,
                   report.words);
}

static ErrCode print_hash(Store *store, Err *err)
{
    AUTO(tx_rollback) Tx tx = {0};
    Digest digest;
    char text[DIGEST_TEXT_MAX];
    TRY(tx_begin(&tx, store, err));
    TRY(state_hash(store, &digest, err));
    printf("%s\n", digest_write(&digest, text));
    return OK;
}

ErrCode cli_state_hash(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    (void)out_exit;
    TRY(look_open(&look, options, err));
    return print_hash(look.store, err);
}

ErrCode cli_rebuild(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    RebuildReport report;
    (void)out_exit;
    TRY(hand_open(&hand, options->positionals[0], err));
    writer_expect(); /* hand_open() made this thread the writer */
    TRY(engine_rebuild(hand.engine, &report, err));
    fprintf(stderr,
            "replayed %" PRId64 " entries (%" PRId64 " of unknown kinds, %" PRId64 " erased)\n",
            report.entry_count, report.unknown_count, report.erased_count);
    return print_hash(hand.store, err);
}
