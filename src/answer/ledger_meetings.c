#include "answer/ledger_rows.h"
#include "journal/hlc.h"
#include "store/things.h"
#include "view/minutes.h"

#define CELL_BYTES_MAX ((size_t)64 << 10)

/* ---- Cells of one part ---- */

static ErrCode keep_words(const Gathering *gathering, const Buf *words, Given *out_given, Err *err)
{
    Text text = {0};
    TRY(buf_check(words, err));
    if (words->size > 0) TRY(text_copy(gathering->view->arena, buf_as_text(words), &text, err));
    *out_given = given_text(text);
    return OK;
}

/* Who was away, and why as far as it was said: "张三（病假）、李四". */
static ErrCode tell_away(const Gathering *gathering, const Minutes *minutes, const OwnPart *part,
                         Given *out_given, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    buf_init(&words, CELL_BYTES_MAX);
    for (size_t i = 0; i < part->line_count; i++) {
        const RollLine *line = &part->lines[i];
        PersonCard card;
        if (line->status != ATTENDANCE_IS_LEAVE && line->status != ATTENDANCE_IS_ABSENT) continue;
        const ErrCode code = load_person(view_source(gathering->view), line->person, &card, err);
        if (code == ERR_NOT_FOUND) continue; /* voided */
        if (code != OK) return code;
        const Attended *own = minutes_attended(minutes, line->person, part->key);
        const Attended *said =
            own != NULL ? own : minutes_attended(minutes, line->person, KEY_NONE);
        if (words.size > 0) buf_add_z(&words, "、");
        buf_add_text(&words, card.name);
        if (said != NULL && said->reason.size > 0)
            buf_format(&words, "（%.*s）", TEXT_ARG(said->reason));
    }
    return keep_words(gathering, &words, out_given, err);
}

/* What was resolved in common, and in the group's own part. */
static ErrCode tell_resolved(const Gathering *gathering, const Minutes *minutes,
                             const OwnPart *part, Given *out_given, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    buf_init(&words, CELL_BYTES_MAX);
    for (size_t i = 0; i < minutes->topic_count; i++) {
        const Topic *topic = &minutes->topics[i];
        if (topic->resolution.size == 0) continue;
        if (topic->part != KEY_NONE && topic->part != part->key) continue;
        if (words.size > 0) buf_add_z(&words, "；");
        buf_add_text(&words, topic->resolution);
    }
    return keep_words(gathering, &words, out_given, err);
}

static ErrCode tell_part(const Gathering *gathering, const Minutes *minutes, const OwnPart *part,
                         LedgerRow *row, Err *err)
{
    const QuorumFacts facts = minutes_facts(gathering->view, minutes, part);
    const Tally tally = quorum_tally(&facts, 0);
    row->given[0] = given_number(tally.expected);
    row->given[1] = given_number(tally.there);
    TRY(tell_away(gathering, minutes, part, &row->given[2], err));
    return tell_resolved(gathering, minutes, part, &row->given[3], err);
}

/* What a group keeps to itself stays empty for who may not read it: its ledger still says that the
 * meeting was held. */
static ErrCode add_meeting(const Gathering *gathering, Key part, Key activity, Err *err)
{
    const View *view = gathering->view;
    const Choice *meeting =
        vocab_choice(vocab_field(vocab_kind(KIND_PART), PART_MEETING)->among, gathering->which);
    Minutes minutes;
    Id id;
    TRY(thing_id(view->store, view->shard, activity, &id, err));
    TRY(minutes_load(view, gathering->asker, id, &minutes, err));
    TRY(thing_id(view->store, view->shard, part, &id, err));
    LedgerRow row = {.things = {{KIND_ACTIVITY, activity}, {KIND_PART, KEY_NONE}}};
    row.given[4] = given_choice(meeting->name, meeting->zh, meeting->en);
    row.given[5] = given_day(day_of_ms(id_stamp(id) >> HLC_COUNTER_BITS, view->utc_offset_minutes));
    for (size_t i = 0; i < minutes.part_count; i++) {
        if (minutes.parts[i].key != part || !minutes.parts[i].is_open) continue;
        row.things[1].key = part;
        TRY(tell_part(gathering, &minutes, &minutes.parts[i], &row, err));
    }
    return ledger_row_add(gathering, &row, err);
}

/* ---- All of a group ---- */

ErrCode ledger_find_held(const Gathering *gathering, Held **out_held, size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    const View *view = gathering->view;
    Held *held = NULL;
    size_t count = 0;
    bool found = false;
    TRY(query_begin(&query, view->store, LEDGER_PARTS, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, gathering->group->key);
    query_bind_int(&query, 3, gathering->which);
    query_bind_int(&query, 4, gathering->within.first);
    query_bind_int(&query, 5, gathering->within.last);
    query_bind_int(&query, 6, gathering->project);
    TRY(query_next(&query, &found, err));
    while (found) {
        held = list_grow(view->arena, held, sizeof held[0], count);
        if (held == NULL) return list_full(count, err);
        held[count++] = (Held){query_int(&query, 0), query_int(&query, 1)};
        TRY(query_next(&query, &found, err));
    }
    *out_held = held;
    *out_count = count;
    return OK;
}

ErrCode gather_meetings(const Gathering *gathering, Err *err)
{
    Held *held = NULL;
    size_t count = 0;
    TRY(ledger_find_held(gathering, &held, &count, err));
    for (size_t i = 0; i < count; i++)
        TRY(add_meeting(gathering, held[i].part, held[i].activity, err));
    return OK;
}

/* The other groups that hold the same activity. */
ErrCode cell_held_with(const View *view, const LedgerRow *row, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    emit_open_array(emit);
    TRY(query_begin(&query, view->store, PARTS_OF_ACTIVITY, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, ledger_row_key(row, KIND_ACTIVITY));
    TRY(query_next(&query, &found, err));
    while (found) {
        if (query_int(&query, 1) != row->group->key)
            TRY(shape_thing(view, KIND_GROUP, query_int(&query, 1), emit, err));
        TRY(query_next(&query, &found, err));
    }
    emit_close_array(emit);
    return OK;
}
