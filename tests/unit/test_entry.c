/*
 * What we promise about entries: one encoding each, nothing lost, nothing else accepted.
 *
 * GOLDEN=write writes tests/golden/journal/ anew, after a change of the format that is meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/entry.h"
#include "support/journal_sample.h"
#include "support/prop.h"

#define GOLDEN_FOLDER "tests/golden/journal/"

static Sample sample;
static Err err;

static int make_sample(void **state)
{
    (void)state;
    sample_init(&sample);
    return 0;
}

static int end_sample(void **state)
{
    (void)state;
    sample_done(&sample);
    return 0;
}

static const StreamName somewhere = {.node_short = UINT64_C(0x0123456789), .epoch = 7};

static Entry decode(Bytes chained, Bytes body, const StreamName *stream, uint64_t previous)
{
    Entry entry;
    const ErrCode code = entry_decode(chained, body, stream, previous, &entry, &err);
    if (code != OK) fail_msg("%s", err.message);
    return entry;
}

static void assert_refused(Bytes chained, const char *words)
{
    Entry entry;
    memset(&entry, 0xA5, sizeof entry);
    const Entry before = entry;
    assert_int_equal(entry_decode_chained(chained, &somewhere, 1000, &entry, &err), ERR_CORRUPT);
    assert_string_equal(err.message, words);
    assert_memory_equal(&entry, &before, sizeof entry); /* left alone on failure */
}

#define BYTES(...) \
    ((Bytes){.at = (const uint8_t[]){__VA_ARGS__}, .size = sizeof((const uint8_t[]){__VA_ARGS__})})

/* ---- golden bytes ---- */

static size_t read_file(const char *path, char *out, size_t room)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s cannot be read", path);
    const size_t size = fread(out, 1, room, file);
    assert_true(size < room);
    fclose(file);
    out[size] = '\0';
    return size;
}

static void meet_golden(const char *path, const Buf *made)
{
    const char *mode = getenv("GOLDEN");
    if (mode != NULL && strcmp(mode, "write") == 0) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(made->at, 1, made->size, file), made->size);
        assert_int_equal(fclose(file), 0);
    }
    static char there[1 << 16];
    const size_t size = read_file(path, there, sizeof there);
    assert_int_equal(size, made->size);
    assert_memory_equal(there, made->at, size);
}

static void add_hex(Buf *out, const char *name, Bytes bytes)
{
    buf_format(out, "%s ", name);
    for (size_t i = 0; i < bytes.size; i++)
        buf_format(out, "%02x", bytes.at[i]);
    buf_add_z(out, bytes.at == NULL ? "-\n" : "\n");
}

static void golden_entry(const SampleStream *stream, const char *name, size_t index)
{
    const SampleEntry *known = &stream->entries[index];
    char path[100];
    AUTO(buf_done) Buf text = {0};
    buf_init(&text, 1 << 16);
    buf_format(&text, "previous_stamp %" PRIu64 "\n", known->previous_stamp);
    add_hex(&text, "previous_head", digest_bytes(&known->previous_head));
    add_hex(&text, "chained", sample_chained(stream, index));
    add_hex(&text, "body", sample_body(stream, index));
    add_hex(&text, "head", digest_bytes(&known->head));
    snprintf(path, sizeof path, GOLDEN_FOLDER "%s-%02zu.hex", name, index + 1);
    meet_golden(path, &text);

    buf_clear(&text);
    const Entry entry = decode(sample_chained(stream, index), sample_body(stream, index),
                               &stream->name, known->previous_stamp);
    sample_describe(&entry, &stream->name, known->title, &text);
    snprintf(path, sizeof path, GOLDEN_FOLDER "%s-%02zu.txt", name, index + 1);
    meet_golden(path, &text);
}

static void golden_bytes_are_written_and_read_as_ever(void **state)
{
    (void)state;
    static const size_t of_hq[] = {0, 1, 2, 3, 4, 10, 16, 17, 18};
    static const size_t of_box[] = {0, 1, 2, 3, 4, 5, 6};
    for (size_t i = 0; i < sizeof of_hq / sizeof of_hq[0]; i++)
        golden_entry(&sample.streams[SAMPLE_HQ], "hq", of_hq[i]);
    for (size_t i = 0; i < sizeof of_box / sizeof of_box[0]; i++)
        golden_entry(&sample.streams[SAMPLE_BOX], "box", of_box[i]);
}

/* The text without its white space, so that a number may be broken over two lines. */
static void squeeze(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++)
        if (*from != ' ' && *from != '\n') *to++ = *from;
    *to = '\0';
}

static void the_document_shows_these_bytes(void **state)
{
    (void)state;
    static char document[1 << 16];
    static const struct {
        size_t stream;
        size_t index;
    } shown[] = {{SAMPLE_HQ, 0},  {SAMPLE_HQ, 1},  {SAMPLE_HQ, 3},  {SAMPLE_HQ, 4},
                 {SAMPLE_HQ, 16}, {SAMPLE_HQ, 17}, {SAMPLE_BOX, 0}, {SAMPLE_BOX, 2},
                 {SAMPLE_BOX, 4}, {SAMPLE_BOX, 5}, {SAMPLE_BOX, 6}};
    read_file("docs/journal.md", document, sizeof document);
    squeeze(document);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const SampleStream *stream = &sample.streams[shown[i].stream];
        AUTO(buf_done) Buf text = {0};
        buf_init(&text, 1 << 12);
        add_hex(&text, "chained", sample_chained(stream, shown[i].index));
        if (sample_body(stream, shown[i].index).at != NULL)
            add_hex(&text, "body", sample_body(stream, shown[i].index));
        add_hex(&text, "head", digest_bytes(&stream->entries[shown[i].index].head));
        buf_add_byte(&text, 0);
        squeeze((char *)text.at);
        if (strstr(document, (const char *)text.at) == NULL)
            fail_msg("docs/journal.md does not show %s", stream->entries[shown[i].index].title);
    }
}

/* ---- one encoding each ---- */

static void the_sample_is_written_again_as_it_was(void **state)
{
    (void)state;
    size_t plain = 0;
    size_t personal = 0;
    AUTO(buf_done) Buf chained = {0};
    AUTO(buf_done) Buf body = {0};
    buf_init(&chained, ENTRY_BYTES_MAX);
    buf_init(&body, ENTRY_BODY_BYTES_MAX);
    for (size_t s = 0; s < SAMPLE_STREAM_COUNT; s++)
        for (size_t i = 0; i < SAMPLE_ENTRY_COUNT; i++) {
            const SampleStream *stream = &sample.streams[s];
            const uint64_t before = stream->entries[i].previous_stamp;
            const Entry entry =
                decode(sample_chained(stream, i), sample_body(stream, i), &stream->name, before);
            buf_clear(&chained);
            buf_clear(&body);
            assert_int_equal(entry_encode(&entry, &stream->name, before, &chained, &body, &err),
                             OK);
            assert_true(bytes_equal(buf_as_bytes(&chained), sample_chained(stream, i)));
            assert_true(bytes_equal(buf_as_bytes(&body), sample_body(stream, i)));
            personal += entry.is_personal ? 1 : 0;
            plain += entry.is_personal ? 0 : 1;
        }
    assert_true(plain > 20);
    assert_true(personal > 8);
}

static void the_smallest_entry_has_three_bytes(void **state)
{
    (void)state;
    const Entry entry = decode(BYTES(1, 0, 1), (Bytes){0}, &somewhere, 1000);
    assert_int_equal(entry.stamp, 1001);
    assert_int_equal(entry.kind, KIND_UNIT);
    assert_int_equal(entry.verb, VERB_CREATE);
    assert_true(id_equal(entry.id, id_make(1001, somewhere.node_short, somewhere.epoch)));
    assert_true(id_equal(entry.subject, entry.id));
}

static void what_is_not_the_one_encoding_is_refused(void **state)
{
    (void)state;
    const char *const early = "the bytes end too early";
    const char *const longer = "a number is not in its shortest form";
    assert_refused((Bytes){0}, early);
    assert_refused(BYTES(1, 0), early);
    assert_refused(BYTES(0, 0, 1), "there is no such kind number");
    assert_refused(BYTES(0x81, 0x00, 0, 1), longer);
    assert_refused(BYTES(1, 0, 0x81, 0x00), longer);
    assert_refused(BYTES(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 1), longer);
    assert_refused(BYTES(1, 3, 1), "there is no such verb");
    assert_refused(BYTES(1, 0x80, 1), "a reserved flag is set");
    assert_refused(BYTES(1, 0, 0), "the stamp does not follow the one before");
}

static void fields_are_in_order_and_of_known_wire_types(void **state)
{
    (void)state;
    const char *const order = "fields are out of order";
    const Entry good = decode(BYTES(9, 0, 1, 3 << 3, 2, 4 << 3, 4), (Bytes){0}, &somewhere, 1000);
    assert_int_equal(record_int(&good.record, POSTING_FROM, 0), 1);
    assert_int_equal(record_int(&good.record, POSTING_TO, 0), 2);
    assert_refused(BYTES(9, 0, 1, 4 << 3, 4, 3 << 3, 2), order);
    assert_refused(BYTES(9, 0, 1, 3 << 3, 4, 3 << 3, 2), order);
    assert_refused(BYTES(9, 0, 1, 0, 4), order);
    assert_refused(BYTES(9, 0, 1, 3 << 3 | 4, 2), "there is no such wire type");
    assert_refused(BYTES(9, 0, 1, 3 << 3 | 1, 2, 'a'), "the bytes end too early");
    assert_refused(BYTES(9, 0, 1, 3 << 3, 0x82, 0x00), "a number is not in its shortest form");
    assert_refused(BYTES(9, 0, 1, 0x80, 0x80, 0x80, 0x80, 0x10, 0),
                   "there is no such field number");
}

static void references_take_their_shortest_form(void **state)
{
    (void)state;
    /* From stamp 1001: 5 back is 996; written out in full the same thing is refused. */
    const Entry near = decode(BYTES(1, 8, 1, 5), (Bytes){0}, &somewhere, 1000);
    assert_true(id_equal(near.actor, id_make(996, somewhere.node_short, somewhere.epoch)));
    uint8_t full[4 + 16] = {1, 8, 1, 0};
    memcpy(full + 4, near.actor.at, 16);
    assert_refused((Bytes){full, sizeof full}, "a reference is not in its shortest form");

    full[4 + 15] = 1; /* the spare bits are not empty: no longer an id this node made */
    const Entry far = decode((Bytes){full, sizeof full}, (Bytes){0}, &somewhere, 1000);
    assert_memory_equal(far.actor.at, full + 4, 16);
    memset(full + 4, 0, 16);
    assert_refused((Bytes){full, sizeof full}, "a reference leads nowhere");
    assert_refused(BYTES(1, 8, 1, 0xEA, 0x07), "a reference points before all time");
}

/* ---- nothing lost ---- */

static void what_a_later_version_wrote_is_kept(void **state)
{
    (void)state;
    const SampleStream *box = &sample.streams[SAMPLE_BOX];
    const Entry station =
        decode(sample_chained(box, 3), (Bytes){0}, &box->name, box->entries[3].previous_stamp);
    assert_int_equal(station.unread_count, 4);
    assert_true(record_has(&station.record, STATION_GROUP));
    const Entry later =
        decode(sample_chained(box, 4), (Bytes){0}, &box->name, box->entries[4].previous_stamp);
    assert_null(later.kind_info);
    assert_int_equal(later.kind, 4000);
    assert_int_equal(later.unread_count, 4);
    assert_int_equal(later.payload.size, 16);
}

static void a_field_that_is_not_what_its_kind_says_stays_out_of_the_record(void **state)
{
    (void)state;
    /* A unit whose name is a number, whose level is a text, and whose code is not UTF-8. */
    const Bytes bytes = BYTES(1, 0, 1, 1 << 3, 2, 3 << 3 | 1, 1, 'x', 4 << 3 | 1, 1, 0xFF);
    const Entry entry = decode(bytes, (Bytes){0}, &somewhere, 1000);
    assert_int_equal(entry.unread_count, 3);
    assert_false(record_has(&entry.record, UNIT_NAME));
    assert_false(record_has(&entry.record, UNIT_CODE));

    AUTO(buf_done) Buf again = {0};
    AUTO(buf_done) Buf body = {0};
    buf_init(&again, 100);
    buf_init(&body, 100);
    assert_int_equal(entry_encode(&entry, &somewhere, 1000, &again, &body, &err), OK);
    assert_true(bytes_equal(buf_as_bytes(&again), bytes));
}

static void an_erased_body_leaves_the_entry_valid(void **state)
{
    (void)state;
    const SampleStream *hq = &sample.streams[SAMPLE_HQ];
    const uint64_t before = hq->entries[4].previous_stamp;
    const Entry whole = decode(sample_chained(hq, 4), sample_body(hq, 4), &hq->name, before);
    assert_false(whole.is_erased);
    assert_true(text_is(record_text(&whole.record, PERSON_NAME), "王海"));

    const Entry erased = decode(sample_chained(hq, 4), (Bytes){0}, &hq->name, before);
    assert_true(erased.is_erased);
    assert_false(record_has(&erased.record, PERSON_NAME));
    assert_true(digest_equal(&erased.commitment, &whole.commitment));
}

static void no_bit_of_a_body_can_change(void **state)
{
    (void)state;
    const SampleStream *hq = &sample.streams[SAMPLE_HQ];
    const Bytes body = sample_body(hq, 4);
    uint8_t copy[200];
    assert_true(body.size <= sizeof copy);
    Entry entry;
    for (size_t bit = 0; bit < body.size * 8; bit++) {
        memcpy(copy, body.at, body.size);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(entry_decode(sample_chained(hq, 4), (Bytes){copy, body.size}, &hq->name,
                                      hq->entries[4].previous_stamp, &entry, &err),
                         ERR_CORRUPT);
    }
    assert_string_equal(err.message, "the body is not the one this entry committed to");
}

/* ---- what cannot be written ---- */

static ErrCode try_encode(const Entry *entry, uint64_t previous, size_t room)
{
    AUTO(buf_done) Buf chained = {0};
    AUTO(buf_done) Buf body = {0};
    buf_init(&chained, room);
    buf_init(&body, room);
    const ErrCode code = entry_encode(entry, &somewhere, previous, &chained, &body, &err);
    if (code != OK) {
        assert_int_equal(chained.size, 0);
        assert_int_equal(body.size, 0);
    }
    return code;
}

static void an_entry_that_makes_no_sense_is_not_written(void **state)
{
    (void)state;
    Entry entry;
    entry_init(&entry, vocab_kind(KIND_UNIT), VERB_CREATE, 50);
    record_set_text(&entry.record, UNIT_NAME, TEXT("公司"));
    assert_int_equal(try_encode(&entry, 49, 100), OK);
    assert_int_equal(try_encode(&entry, 50, 100), ERR_INVALID);
    assert_int_equal(try_encode(&entry, 49, 5), ERR_LIMIT);

    entry_init(&entry, vocab_kind(KIND_UNIT), VERB_CHANGE, 50);
    assert_int_equal(try_encode(&entry, 1, 100), ERR_INVALID);
    assert_string_equal(err.message, "a change names its subject and the entry it builds on");

    entry_init(&entry, vocab_kind(KIND_PERSON), VERB_CREATE, 50);
    assert_int_equal(try_encode(&entry, 1, 100), ERR_INVALID);
    assert_string_equal(err.message, "a personal entry needs a salt");
}

/* ---- laws ---- */

static Id random_id(Prng *prng, uint64_t stamp)
{
    if (prng_below(prng, 2) == 0)
        return id_make(prng_below(prng, stamp) + 1, somewhere.node_short, somewhere.epoch);
    Id id;
    for (size_t i = 0; i < sizeof id.at; i++)
        id.at[i] = (uint8_t)(prng_next(prng) | 1);
    return id;
}

static void fill(Prng *prng, Entry *entry)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    for (size_t i = 0; i < entry->kind_info->field_count; i++) {
        const FieldInfo *field = &entry->kind_info->fields[i];
        const uint64_t dice = prng_below(prng, 4);
        if (dice == 0) continue;
        if (dice == 1)
            record_clear(&entry->record, field->number);
        else if (field->type == FIELD_REF)
            record_set_ref(&entry->record, field->number, random_id(prng, entry->stamp));
        else if (field->type == FIELD_TEXT || field->type == FIELD_SEALED)
            record_set_text(&entry->record, field->number,
                            (Text){letters, (size_t)prng_below(prng, sizeof letters)});
        else
            record_set_int(&entry->record, field->number,
                           (int64_t)(prng_next(prng) >> prng_below(prng, 64)));
    }
}

static void assert_same(const Entry *a, const Entry *b)
{
    assert_int_equal(a->stamp, b->stamp);
    assert_int_equal(a->verb, b->verb);
    assert_int_equal(a->is_critical, b->is_critical);
    assert_int_equal(a->has_occurred, b->has_occurred);
    assert_int_equal(a->occurred_ms, b->occurred_ms);
    assert_true(id_equal(a->actor, b->actor));
    assert_true(id_equal(a->cause, b->cause));
    if (a->verb != VERB_CREATE) assert_true(id_equal(a->subject, b->subject));
    assert_true(id_equal(a->base, b->base));
    for (size_t i = 1; i < FIELD_COUNT_MAX; i++) {
        const FieldValue *x = &a->record.fields[i];
        const FieldValue *y = &b->record.fields[i];
        assert_int_equal(x->state, y->state);
        assert_int_equal(x->number, y->number);
        assert_true(bytes_equal(x->bytes, y->bytes));
        assert_true(id_equal(x->ref, y->ref));
    }
}

static void what_is_written_is_what_is_read(Prng *prng)
{
    const uint64_t previous = prng_below(prng, 2) == 0 ? 0 : prng_below(prng, HLC_STAMP_MAX - 1);
    const uint64_t stamp = previous + 1 + prng_below(prng, HLC_STAMP_MAX - previous);
    Entry entry;
    entry_init(&entry, &vocab_kinds[prng_below(prng, vocab_kind_count)],
               (EntryVerb)prng_below(prng, 3), stamp);
    if (prng_below(prng, 2) == 0) entry.actor = random_id(prng, stamp);
    if (prng_below(prng, 2) == 0) entry.cause = random_id(prng, stamp);
    if (entry.verb != VERB_CREATE) {
        entry.subject = random_id(prng, stamp);
        entry.base = random_id(prng, stamp);
    }
    entry.has_occurred = prng_below(prng, 2) == 0;
    if (entry.has_occurred) entry.occurred_ms = (int64_t)prng_next(prng);
    entry.is_critical = prng_below(prng, 2) == 0;
    entry.salt[0] = 1;
    fill(prng, &entry);

    AUTO(buf_done) Buf chained = {0};
    AUTO(buf_done) Buf body = {0};
    buf_init(&chained, ENTRY_BYTES_MAX);
    buf_init(&body, ENTRY_BODY_BYTES_MAX);
    assert_int_equal(entry_encode(&entry, &somewhere, previous, &chained, &body, &err), OK);
    const Bytes beside = entry.is_personal ? buf_as_bytes(&body) : (Bytes){0};
    const Entry read = decode(buf_as_bytes(&chained), beside, &somewhere, previous);
    assert_same(&entry, &read);
    assert_int_equal(read.unread_count, 0);
}

/* Damaged bytes are refused, or they are another entry with its own one encoding. */
static void damaged_bytes_are_refused_or_canonical(Prng *prng)
{
    const SampleStream *stream = &sample.streams[prng_below(prng, SAMPLE_STREAM_COUNT)];
    const size_t index = (size_t)prng_below(prng, SAMPLE_ENTRY_COUNT);
    const Bytes good = sample_chained(stream, index);
    uint8_t bytes[400];
    assert_true(good.size < sizeof bytes);
    memcpy(bytes, good.at, good.size);
    for (uint64_t i = prng_below(prng, 4); i < 4; i++)
        bytes[prng_below(prng, good.size)] = (uint8_t)prng_next(prng);
    const Bytes damaged = {bytes, good.size - (size_t)prng_below(prng, 3)};
    const uint64_t before = stream->entries[index].previous_stamp;
    Entry entry;
    if (entry_decode(damaged, (Bytes){0}, &stream->name, before, &entry, &err) != OK) return;

    AUTO(buf_done) Buf chained = {0};
    AUTO(buf_done) Buf body = {0};
    buf_init(&chained, ENTRY_BYTES_MAX);
    buf_init(&body, ENTRY_BODY_BYTES_MAX);
    assert_int_equal(entry_encode(&entry, &stream->name, before, &chained, &body, &err), OK);
    assert_true(bytes_equal(buf_as_bytes(&chained), damaged));
}

static void property_round_trip(void **state)
{
    (void)state;
    prop_run("entry round trip", 3000, what_is_written_is_what_is_read);
}

static void property_canonical(void **state)
{
    (void)state;
    prop_run("entry canonical", 20000, damaged_bytes_are_refused_or_canonical);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_bytes_are_written_and_read_as_ever),
        cmocka_unit_test(the_document_shows_these_bytes),
        cmocka_unit_test(the_sample_is_written_again_as_it_was),
        cmocka_unit_test(the_smallest_entry_has_three_bytes),
        cmocka_unit_test(what_is_not_the_one_encoding_is_refused),
        cmocka_unit_test(fields_are_in_order_and_of_known_wire_types),
        cmocka_unit_test(references_take_their_shortest_form),
        cmocka_unit_test(what_a_later_version_wrote_is_kept),
        cmocka_unit_test(a_field_that_is_not_what_its_kind_says_stays_out_of_the_record),
        cmocka_unit_test(an_erased_body_leaves_the_entry_valid),
        cmocka_unit_test(no_bit_of_a_body_can_change),
        cmocka_unit_test(an_entry_that_makes_no_sense_is_not_written),
        cmocka_unit_test(property_round_trip),
        cmocka_unit_test(property_canonical),
    };
    return cmocka_run_group_tests_name("entry", tests, make_sample, end_sample);
}
