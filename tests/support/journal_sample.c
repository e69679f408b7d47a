#include "support/journal_sample.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE_BYTES_MAX ((size_t)1 << 20)
#define START_MS         UINT64_C(1795305600000) /* 2026-11-22 00:00 UTC */

/* What a sample entry is made of, while it is being made. */
typedef struct Draft {
    Sample *sample;
    SampleStream *stream;
    size_t index;
    Entry entry;
    Id made[SAMPLE_STREAM_COUNT][SAMPLE_ENTRY_COUNT]; /* the ids of all entries so far */
} Draft;

static void expect_ok(ErrCode code, const Err *err)
{
    if (code == OK) return;
    fprintf(stderr, "the sample cannot be made: %s\n", err->message);
    abort();
}

static void start(Draft *draft, KindCode kind, EntryVerb verb, const char *title)
{
    const KindInfo *info = vocab_kind((unsigned)kind);
    assert(info != NULL);
    SampleEntry *slot = &draft->stream->entries[draft->index];
    slot->title = title;
    entry_init(&draft->entry, info, verb, slot->stamp);
    for (size_t i = 0; info->is_personal && i < SALT_SIZE; i++)
        draft->entry.salt[i] = (uint8_t)(0x10 * (draft->index + 1) + i);
}

static void about(Draft *draft, Id subject, Id base)
{
    draft->entry.subject = subject;
    draft->entry.base = base;
}

static Record *record(Draft *draft)
{
    return &draft->entry.record;
}

/* ---- headquarters: a company, its people, a project, an import ---- */

static const char *const person_names[] = {"王海", "李建国", "张敏", "Zhao Lei", "陈芳", "刘洋"};

static void person(Draft *draft, size_t at)
{
    start(draft, KIND_PERSON, VERB_CREATE, "a person, as part of an import");
    record_set_text(record(draft), PERSON_NAME, text_from_z(person_names[at % 6]));
    record_set_ref(record(draft), PERSON_UNIT, draft->made[SAMPLE_HQ][0]);
    record_set_int(record(draft), PERSON_SEX, (int64_t)(at % 3));
    record_set_int(record(draft), PERSON_BIRTH, -1000 + 365 * (int64_t)at);
    if (at % 2 == 0) record_set_text(record(draft), PERSON_TRADE, TEXT("高空作业"));
    draft->entry.cause = draft->made[SAMPLE_HQ][2];
}

static void standing(Draft *draft, size_t at)
{
    start(draft, KIND_STANDING, VERB_CREATE, "a Party status, with the day it began");
    record_set_ref(record(draft), STANDING_PERSON, draft->made[SAMPLE_HQ][4 + at]);
    record_set_int(record(draft), STANDING_STANDING, 1 + (int64_t)(at % 3));
    record_set_int(record(draft), STANDING_FROM, 15000 + 100 * (int64_t)at);
}

static void hq_entry(Draft *draft)
{
    const Id *made = draft->made[SAMPLE_HQ];
    const size_t at = draft->index;
    draft->entry = (Entry){0};
    if (at == 0) {
        start(draft, KIND_UNIT, VERB_CREATE, "the first entry of a stream: a unit");
        record_set_text(record(draft), UNIT_NAME, TEXT("输变电公司"));
        record_set_int(record(draft), UNIT_LEVEL, LEVEL_IS_COMPANY);
        record_set_text(record(draft), UNIT_CODE, TEXT("SBD-01"));
    } else if (at == 1) {
        start(draft, KIND_UNIT, VERB_CREATE, "a unit below it");
        record_set_text(record(draft), UNIT_NAME, TEXT("线路一班"));
        record_set_ref(record(draft), UNIT_PARENT, made[0]);
    } else if (at == 2) {
        start(draft, KIND_INTAKE, VERB_CREATE, "an import, the cause of entries to come");
        record_set_text(record(draft), INTAKE_WHAT, TEXT("people"));
        record_set_text(record(draft), INTAKE_FILE, TEXT("花名册.xlsx"));
        record_set_int(record(draft), INTAKE_ADDED, 6);
    } else if (at == 3) {
        start(draft, KIND_UNIT, VERB_CHANGE, "a change that clears a field");
        about(draft, made[1], made[1]);
        record_set_text(record(draft), UNIT_NAME, TEXT("线路二班"));
        record_clear(record(draft), UNIT_CODE);
    } else if (at < 10) {
        person(draft, at - 4);
    } else if (at < 16) {
        standing(draft, at - 10);
    } else if (at == 16) {
        start(draft, KIND_PERSON, VERB_CHANGE, "a change of a person, by an actor");
        about(draft, made[4], made[4]);
        draft->entry.actor = made[5];
        record_set_text(record(draft), PERSON_TRADE, TEXT("测量"));
    } else if (at == 17) {
        start(draft, KIND_STANDING, VERB_VOID, "a mistake taken back");
        about(draft, made[12], made[12]);
    } else if (at == 18) {
        start(draft, KIND_PERSON, VERB_CHANGE, "a second change, based on the first");
        about(draft, made[4], made[16]);
        static const uint8_t sealed[] = {0x01, 0x00, 0xFF, 0xFE, 0x80, 0x7F};
        record_set_bytes(record(draft), PERSON_PHONE, (Bytes){sealed, sizeof sealed});
        record_set_int(record(draft), PERSON_EMPLOYMENT, EMPLOYMENT_IS_DISPATCHED);
    } else {
        start(draft, KIND_HOLIDAY, VERB_CREATE, "a day off");
        record_set_int(record(draft), HOLIDAY_DAY, 20700 + (int64_t)at);
        record_set_text(record(draft), HOLIDAY_NAME, TEXT("春节"));
        record_set_int(record(draft), HOLIDAY_OFF, at % 2 == 0);
    }
}

/* ---- the box: its project, groups, postings, and what a later version wrote ---- */

static void posting(Draft *draft)
{
    const Id *made = draft->made[SAMPLE_BOX];
    start(draft, KIND_POSTING, VERB_CREATE, "a posting of somebody another node wrote about");
    record_set_ref(record(draft), POSTING_PERSON, draft->made[SAMPLE_HQ][4 + draft->index % 6]);
    record_set_ref(record(draft), POSTING_PROJECT, made[0]);
    record_set_int(record(draft), POSTING_FROM, 20700 + (int64_t)draft->index);
    if (draft->index % 3 == 0) record_set_int(record(draft), POSTING_PENDING, 1);
    draft->entry.actor = draft->made[SAMPLE_HQ][4];
    draft->entry.has_occurred = draft->index % 2 == 0;
    draft->entry.occurred_ms = (int64_t)START_MS - 3600000 * (int64_t)draft->index;
}

static void box_entry(Draft *draft)
{
    /* 31 int 21; 40 bytes "xyz!"; 41 cleared; 42 ref to one millisecond before */
    static const uint8_t later_fields[] = {0xF8, 0x01, 0x2A, 0xC1, 0x02, 4,    'x',  'y',
                                           'z',  '!',  0xCB, 0x02, 0xD2, 0x02, 0x80, 0x20};
    const Id *made = draft->made[SAMPLE_BOX];
    const size_t at = draft->index;
    draft->entry = (Entry){0};
    if (at == 0) {
        start(draft, KIND_PROJECT, VERB_CREATE, "a project, with coordinates");
        record_set_text(record(draft), PROJECT_NAME, TEXT("盘锦风电220kV送出线路"));
        record_set_ref(record(draft), PROJECT_UNIT, draft->made[SAMPLE_HQ][0]);
        record_set_int(record(draft), PROJECT_STAGE, STAGE_IS_ACTIVE);
        record_set_int(record(draft), PROJECT_FROM, 20600);
        record_set_int(record(draft), PROJECT_LAT, 41119997);
        record_set_int(record(draft), PROJECT_LON, -122070714);
    } else if (at == 1) {
        start(draft, KIND_GROUP, VERB_CREATE, "a group");
        record_set_text(record(draft), GROUP_NAME, TEXT("第三党小组"));
        record_set_ref(record(draft), GROUP_UNIT, draft->made[SAMPLE_HQ][1]);
        record_set_int(record(draft), GROUP_KIND, GROUP_KIND_IS_PARTY);
    } else if (at == 2) {
        start(draft, KIND_EXCEPTION, VERB_CREATE, "an exception, personal and critical");
        draft->entry.is_critical = true;
        record_set_ref(record(draft), EXCEPTION_GROUP, made[1]);
        record_set_ref(record(draft), EXCEPTION_PERSON, draft->made[SAMPLE_HQ][6]);
        record_set_int(record(draft), EXCEPTION_EFFECT, EFFECT_IS_EXCLUDE);
        record_set_text(record(draft), EXCEPTION_REASON, TEXT("借调"));
        record_set_int(record(draft), EXCEPTION_FROM, 20650);
        record_set_int(record(draft), EXCEPTION_TO, 20680);
    } else if (at == 3) {
        start(draft, KIND_STATION, VERB_CREATE, "a station, with a field of a later version");
        record_set_ref(record(draft), STATION_GROUP, made[1]);
        record_set_ref(record(draft), STATION_PROJECT, made[0]);
        record_set_int(record(draft), STATION_FROM, 20660);
        draft->entry.payload = (Bytes){later_fields, sizeof later_fields};
    } else if (at == 4) {
        draft->stream->entries[at].title = "an entry of a kind of a later version";
        draft->entry = (Entry){.stamp = draft->stream->entries[at].stamp,
                               .kind = 4000,
                               .verb = VERB_CREATE,
                               .payload = {later_fields, sizeof later_fields}};
    } else if (at == 5) {
        start(draft, KIND_EXCEPTION, VERB_VOID, "a personal entry taken back, its body erased");
        about(draft, made[2], made[2]);
        draft->entry.is_erased = true;
        draft->entry.commitment = hash_of(bytes_of(TEXT("a body that nobody has any more")));
    } else {
        posting(draft);
    }
}

/* ---- putting it together ---- */

static uint64_t stamp_at(size_t stream, size_t index)
{
    /* Uneven steps: bursts within a millisecond, pauses of hours. */
    const uint64_t ms = START_MS + stream * 500 + index / 3 * UINT64_C(4321987);
    return hlc_stamp(ms, (unsigned)(index % 3));
}

static void write_entry(Draft *draft, size_t stream)
{
    SampleStream *into = draft->stream;
    SampleEntry *slot = &into->entries[draft->index];
    const SampleEntry *before = draft->index > 0 ? slot - 1 : NULL;
    slot->stamp = stamp_at(stream, draft->index);
    slot->previous_stamp = before != NULL ? before->stamp : 0;
    slot->previous_head = before != NULL ? before->head : chain_start(&into->name);
    slot->at = into->chained.size;
    slot->body_at = into->bodies.size;
    if (stream == SAMPLE_HQ)
        hq_entry(draft);
    else
        box_entry(draft);
    Err err;
    expect_ok(entry_encode(&draft->entry, &into->name, slot->previous_stamp, &into->chained,
                           &into->bodies, &err),
              &err);
    slot->size = into->chained.size - slot->at;
    slot->body_size = into->bodies.size - slot->body_at;
    slot->head = chain_next(&slot->previous_head, sample_chained(into, draft->index));
    draft->made[stream][draft->index] =
        id_make(slot->stamp, into->name.node_short, into->name.epoch);
}

static void open_stream(Sample *sample, size_t at, const char *name, unsigned epoch)
{
    SampleStream *stream = &sample->streams[at];
    uint8_t seed[SIGN_SEED_SIZE];
    memset(seed, (int)at + 1, sizeof seed); /* 32 times 01, 32 times 02 */
    signing_key_from_seed(&stream->key, seed);
    stream->public_key = signing_key_public(&stream->key);
    stream->node_name = name;
    stream->name.node_short = node_short_of(&stream->public_key);
    stream->name.epoch = epoch;
    /* A unit and a project are scopes of their own: the first thing written is the scope. */
    stream->name.scope = id_make(stamp_at(at, 0), stream->name.node_short, epoch);
    buf_init(&stream->chained, SAMPLE_BYTES_MAX);
    buf_init(&stream->bodies, SAMPLE_BYTES_MAX);
}

void sample_init(Sample *sample)
{
    *sample = (Sample){0};
    open_stream(sample, SAMPLE_HQ, "总部", 0);
    open_stream(sample, SAMPLE_BOX, "盘锦驻地", 3);
    Draft draft = {.sample = sample};
    for (size_t stream = 0; stream < SAMPLE_STREAM_COUNT; stream++) {
        draft.stream = &sample->streams[stream];
        for (draft.index = 0; draft.index < SAMPLE_ENTRY_COUNT; draft.index++)
            write_entry(&draft, stream);
    }
}

void sample_done(Sample *sample)
{
    for (size_t i = 0; i < SAMPLE_STREAM_COUNT; i++) {
        buf_done(&sample->streams[i].chained);
        buf_done(&sample->streams[i].bodies);
        signing_key_done(&sample->streams[i].key);
    }
}

Bytes sample_chained(const SampleStream *stream, size_t index)
{
    const SampleEntry *entry = &stream->entries[index];
    return (Bytes){stream->chained.at + entry->at, entry->size};
}

Bytes sample_body(const SampleStream *stream, size_t index)
{
    const SampleEntry *entry = &stream->entries[index];
    if (entry->body_size == 0) return (Bytes){0};
    return (Bytes){stream->bodies.at + entry->body_at, entry->body_size};
}

void sample_segment(const SampleStream *stream, uint64_t first, uint64_t last, Buf *out)
{
    Err err;
    const SampleEntry *start_entry = &stream->entries[first - 1];
    SegmentWriter writer;
    segment_begin(&writer, out, &stream->name, first, start_entry->previous_stamp,
                  &start_entry->previous_head);
    for (uint64_t n = first; n <= last; n++)
        expect_ok(segment_add(&writer, sample_chained(stream, (size_t)n - 1),
                              sample_body(stream, (size_t)n - 1), &err),
                  &err);
    expect_ok(segment_end(&writer, &stream->key, &err), &err);
}

void sample_bundle(const Sample *sample, Buf *out)
{
    static const struct {
        size_t stream;
        uint64_t first;
        uint64_t last;
    } runs[] = {{SAMPLE_HQ, 1, 10},
                {SAMPLE_HQ, 11, 21},
                {SAMPLE_BOX, 1, 16},
                {SAMPLE_HQ, 22, 32},
                {SAMPLE_BOX, 17, 32}};
    Err err;
    AUTO(bundle_writer_done) BundleWriter writer = {0};
    bundle_begin(&writer, out);
    for (size_t i = 0; i < SAMPLE_STREAM_COUNT; i++)
        expect_ok(bundle_add_node(&writer, &sample->streams[i].public_key,
                                  text_from_z(sample->streams[i].node_name), &err),
                  &err);
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        AUTO(buf_done) Buf segment = {0};
        buf_init(&segment, SEGMENT_BYTES_MAX);
        sample_segment(&sample->streams[runs[i].stream], runs[i].first, runs[i].last, &segment);
        expect_ok(bundle_add_segment(&writer, buf_as_bytes(&segment), &err), &err);
    }
    expect_ok(bundle_end(&writer, &sample->streams[SAMPLE_HQ].key,
                         hlc_stamp(START_MS + UINT64_C(60000000), 0), &err),
              &err);
}

/* ---- words ---- */

static void describe_value(const FieldInfo *field, const FieldValue *value, Buf *out)
{
    char id[ID_TEXT_MAX];
    buf_format(out, "  %u %s ", field->number, field->name);
    if (value->state == FIELD_CLEARED) {
        buf_add_z(out, "cleared\n");
        return;
    }
    switch (field->type) {
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_DAY:
    case FIELD_ENUM:
    case FIELD_COORD: buf_format(out, "int %" PRId64 "\n", value->number); return;
    case FIELD_TEXT:
        buf_add_z(out, "bytes \"");
        buf_add(out, value->bytes);
        buf_add_z(out, "\"\n");
        return;
    case FIELD_REF: buf_format(out, "ref %s\n", id_write(value->ref, id)); return;
    case FIELD_SEALED:
        buf_add_z(out, "bytes ");
        for (size_t i = 0; i < value->bytes.size; i++)
            buf_format(out, "%02x", value->bytes.at[i]);
        buf_add_z(out, "\n");
        return;
    }
}

static void describe_ref(const char *name, Id ref, Buf *out)
{
    char id[ID_TEXT_MAX];
    if (!id_is_nil(ref)) buf_format(out, "%s %s\n", name, id_write(ref, id));
}

void sample_describe(const Entry *entry, const StreamName *stream, const char *title, Buf *out)
{
    static const char *const verbs[] = {"create", "change", "void"};
    char text[STREAM_NAME_TEXT_MAX];
    char id[ID_TEXT_MAX];
    if (title != NULL) buf_format(out, "%s\n\n", title);
    buf_format(out, "stream %s\n", stream_write(stream, text));
    buf_format(out, "kind %u %s\n", entry->kind,
               entry->kind_info != NULL ? entry->kind_info->name : "(not known here)");
    buf_format(out, "verb %s%s%s\n", verbs[entry->verb], entry->is_personal ? ", personal" : "",
               entry->is_critical ? ", critical" : "");
    buf_format(out, "stamp %" PRIu64 " = %" PRIu64 " ms, counter %" PRIu64 "\n", entry->stamp,
               hlc_ms(entry->stamp), entry->stamp & 0xFFF);
    buf_format(out, "id %s\n", id_write(entry->id, id));
    describe_ref("actor", entry->actor, out);
    if (entry->verb != VERB_CREATE) describe_ref("subject", entry->subject, out);
    describe_ref("base", entry->base, out);
    describe_ref("cause", entry->cause, out);
    if (entry->has_occurred) buf_format(out, "occurred %" PRId64 " ms\n", entry->occurred_ms);
    if (entry->is_erased) buf_add_z(out, "body erased\n");
    for (size_t i = 0; entry->kind_info != NULL && i < entry->kind_info->field_count; i++) {
        const FieldInfo *field = &entry->kind_info->fields[i];
        const FieldValue *value = &entry->record.fields[field->number];
        if (value->state != FIELD_ABSENT) describe_value(field, value, out);
    }
    if (entry->unread_count > 0) buf_format(out, "  and %u not known here\n", entry->unread_count);
}
