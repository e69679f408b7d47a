#include "answer/activities.h"
#include "answer/shape.h"
#include "duties/practice.h"
#include "journal/hlc.h"
#include "store/query.h"
#include "store/things.h"

static bool is_there(int status)
{
    return status == ATTENDANCE_IS_PRESENT || status == ATTENDANCE_IS_ONLINE;
}

static void emit_filled(Emit *emit, const char *member, Text text)
{
    if (text.size == 0)
        emit_null_at(emit, member);
    else
        emit_text_at(emit, member, text);
}

static ErrCode emit_person(const View *view, const char *member, const Record *record,
                           unsigned field, Emit *emit, Err *err)
{
    Key key = KEY_NONE;
    if (record_has(record, field))
        TRY(thing_find(view->store, view->shard, record_ref(record, field), &key, err));
    return shape_thing_at(view, member, KIND_PERSON, key, emit, err);
}

/* ---- Attendance ---- */

typedef struct Line {
    Key person;
    Key part; /* KEY_NONE: common */
    int status;
    bool is_expected;
    bool is_open; /* why somebody was away is told to who may read a part that expected them */
} Line;

static ErrCode emit_line(const View *view, const Minutes *minutes, const Line *line, Emit *emit,
                         Err *err)
{
    const KindInfo *kind = vocab_kind(KIND_ATTENDANCE);
    const Attended *said = minutes_attended(minutes, line->person, line->part);
    emit_open_object(emit);
    if (said == NULL)
        emit_null_at(emit, "id");
    else
        TRY(shape_id_at(view, "id", said->key, emit, err));
    TRY(shape_thing_at(view, "person", KIND_PERSON, line->person, emit, err));
    shape_choice_at("status", vocab_field(kind, ATTENDANCE_STATUS), line->status, emit);
    emit_bool_at(emit, "expected", line->is_expected);
    emit_filled(emit, "reason", said != NULL && line->is_open ? said->reason : TEXT(""));
    shape_choice_at("signature", vocab_field(kind, ATTENDANCE_SIGNATURE),
                    said == NULL ? 0 : said->signature, emit);
    emit_day_at(emit, "signed_on", said == NULL ? DAY_OPEN : said->signed_on);
    emit_day_at(emit, "read_on", said == NULL ? DAY_OPEN : said->read_on);
    emit_filled(emit, "read_note", said != NULL && line->is_open ? said->read_note : TEXT(""));
    emit_close_object(emit);
    return OK;
}

/* Everybody expected by any group, each once, then those who came without being expected. */
typedef struct Lines {
    Line *items;
    size_t count;
    Map at;
} Lines;

static ErrCode add_line(const View *view, Line line, Lines *lines, Err *err)
{
    int64_t at = 0;
    if (map_find(&lines->at, line.person, &at)) {
        lines->items[at].is_open |= line.is_open;
        return OK;
    }
    TRY(map_put(&lines->at, line.person, (int64_t)lines->count, err));
    lines->items = list_grow(view->arena, lines->items, sizeof line, lines->count);
    if (lines->items == NULL) return list_full(lines->count, err);
    lines->items[lines->count++] = line;
    return OK;
}

/* Whoever is there without being expected is an observer. */
static int shown_status(const Attended *said, bool is_expected)
{
    if (said == NULL || said->status == 0) return ATTENDANCE_IS_EXPECTED;
    return !is_expected && is_there(said->status) ? ATTENDANCE_IS_OBSERVER : said->status;
}

static ErrCode gather_lines(const View *view, const Asker *asker, const Minutes *minutes,
                            Lines *lines, Err *err)
{
    map_init(&lines->at, view->arena);
    for (size_t i = 0; i < minutes->part_count; i++)
        for (size_t j = 0; j < minutes->parts[i].line_count; j++)
            TRY(add_line(view,
                         (Line){.person = minutes->parts[i].lines[j].person,
                                .is_expected = true,
                                .is_open = minutes->parts[i].is_open},
                         lines, err));
    for (size_t i = 0; i < minutes->attended_count; i++)
        if (minutes->attended[i].part == KEY_NONE)
            TRY(add_line(view, (Line){.person = minutes->attended[i].person}, lines, err));
    for (size_t i = 0; i < lines->count; i++) {
        Line *line = &lines->items[i];
        line->status =
            shown_status(minutes_attended(minutes, line->person, KEY_NONE), line->is_expected);
        if (asker->oversight == NULL || line->person == asker->person) line->is_open = true;
    }
    return OK;
}

static void emit_common_counts(const Lines *lines, Emit *emit)
{
    int expected = 0;
    int by_status[ATTENDANCE_IS_OBSERVER + 1] = {0};
    for (size_t i = 0; i < lines->count; i++) {
        expected += lines->items[i].is_expected && lines->items[i].status != ATTENDANCE_IS_OBSERVER;
        by_status[lines->items[i].status]++;
    }
    emit_key(emit, "counts");
    emit_open_object(emit);
    emit_int_at(emit, "expected", expected);
    emit_int_at(emit, "there", by_status[ATTENDANCE_IS_PRESENT] + by_status[ATTENDANCE_IS_ONLINE]);
    emit_int_at(emit, "online", by_status[ATTENDANCE_IS_ONLINE]);
    emit_int_at(emit, "leave", by_status[ATTENDANCE_IS_LEAVE]);
    emit_int_at(emit, "absent", by_status[ATTENDANCE_IS_ABSENT]);
    emit_int_at(emit, "silent", by_status[ATTENDANCE_IS_EXPECTED]);
    emit_int_at(emit, "observers", by_status[ATTENDANCE_IS_OBSERVER]);
    emit_close_object(emit);
}

static ErrCode emit_attendance(const View *view, const Asker *asker, const Minutes *minutes,
                               Emit *emit, Err *err)
{
    Lines lines = {0};
    TRY(gather_lines(view, asker, minutes, &lines, err));
    emit_common_counts(&lines, emit);
    emit_key(emit, "attendance");
    emit_open_array(emit);
    for (size_t i = 0; i < lines.count; i++)
        TRY(emit_line(view, minutes, &lines.items[i], emit, err));
    emit_close_array(emit);
    return OK;
}

/* ---- Topics ---- */

static ErrCode emit_vote(const View *view, const Minutes *minutes, const OwnPart *part,
                         const Topic *topic, Emit *emit, Err *err)
{
    ReasonList why;
    const QuorumFacts facts = minutes_facts(view, minutes, part);
    emit_key(emit, "vote");
    if (!topic->is_voted) {
        emit_null(emit);
        return OK;
    }
    reasons_init(&why, view->arena);
    const VoteState state = vote_judge(&facts, &topic->vote, &why);
    emit_open_object(emit);
    shape_choice_at("ballot", vocab_field(vocab_kind(KIND_TOPIC), TOPIC_BALLOT), topic->ballot,
                    emit);
    emit_int_at(emit, "for", topic->vote.in_favour);
    emit_int_at(emit, "against", topic->vote.against);
    emit_int_at(emit, "abstained", topic->vote.abstained);
    emit_int_at(emit, "written", topic->vote.written);
    emit_z_at(emit, "result", vote_state_name(state));
    TRY(shape_reasons_at(view, "why", &why, emit, err));
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_topics(const View *view, const Minutes *minutes, const OwnPart *part,
                           Emit *emit, Err *err)
{
    const Key of = part == NULL ? KEY_NONE : part->key;
    const FieldInfo *matter = vocab_field(vocab_kind(KIND_TOPIC), TOPIC_MATTER);
    emit_key(emit, "topics");
    emit_open_array(emit);
    for (size_t i = 0; i < minutes->topic_count; i++) {
        const Topic *topic = &minutes->topics[i];
        if (topic->part != of) continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", topic->key, emit, err));
        shape_choice_at("matter", matter, topic->vote.matter, emit);
        emit_text_at(emit, "title", topic->title);
        emit_filled(emit, "discussion", topic->discussion);
        emit_filled(emit, "resolution", topic->resolution);
        emit_filled(emit, "open", topic->open);
        if (part != NULL) TRY(emit_vote(view, minutes, part, topic, emit, err));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* ---- A group's own part ---- */

static void emit_tally(const Tally *tally, Emit *emit)
{
    emit_key(emit, "counts");
    emit_open_object(emit);
    emit_int_at(emit, "expected", tally->expected);
    emit_int_at(emit, "there", tally->there);
    emit_int_at(emit, "online", tally->online);
    emit_int_at(emit, "leave", tally->on_leave);
    emit_int_at(emit, "absent", tally->absent);
    emit_int_at(emit, "silent", tally->silent);
    emit_int_at(emit, "voting", tally->voting);
    emit_int_at(emit, "voting_there", tally->voting_there);
    emit_close_object(emit);
}

static void count_shared(const Minutes *minutes, const OwnPart *part, ReasonList *why)
{
    int shared = 0;
    for (size_t i = 0; i < part->line_count; i++) {
        const Attended *said = minutes_attended(minutes, part->lines[i].person, KEY_NONE);
        shared += said != NULL && said->signature == SIGNATURE_IS_SHARED;
    }
    if (shared > 0) reasons_add(why, (Reason){.code = REASON_SIGNED_SHARED, .have = shared});
}

static ErrCode emit_quorum(const View *view, const Minutes *minutes, const OwnPart *part,
                           Emit *emit, Err *err)
{
    ReasonList why;
    const QuorumFacts facts = minutes_facts(view, minutes, part);
    reasons_init(&why, view->arena);
    if (!part->is_convened) reasons_add(&why, (Reason){.code = REASON_NOT_CONVENED});
    const Verdict verdict = quorum_judge(&facts, 0, &why);
    count_shared(minutes, part, &why);
    emit_tally(&verdict.tally, emit);
    emit_key(emit, "quorum");
    if (verdict.rule == RULE_NONE) {
        emit_null(emit);
    } else {
        emit_open_object(emit);
        emit_bool_at(emit, "reached", verdict.is_reached);
        emit_int_at(emit, "needed", verdict.needed);
        shape_rule_at("rule", pack_rule(view->pack, verdict.rule, minutes->day), emit);
        emit_close_object(emit);
    }
    return shape_reasons_at(view, "why", &why, emit, err);
}

static ErrCode emit_roll(const View *view, const Minutes *minutes, const OwnPart *part, Emit *emit,
                         Err *err)
{
    emit_key(emit, "roll");
    emit_open_array(emit);
    for (size_t i = 0; i < part->line_count; i++) {
        const RollLine *line = &part->lines[i];
        emit_open_object(emit);
        TRY(shape_thing_at(view, "person", KIND_PERSON, line->person, emit, err));
        shape_choice_at("status", vocab_field(vocab_kind(KIND_ATTENDANCE), ATTENDANCE_STATUS),
                        line->status, emit);
        emit_bool_at(emit, "votes", part->group.kind != GROUP_KIND_IS_PARTY || line->is_formal);
        emit_bool_at(emit, "own", minutes_attended(minutes, line->person, part->key) != NULL);
        shape_choice_at("excluded", vocab_field(vocab_kind(KIND_ROLL), ROLL_EXCLUDED),
                        line->excluded, emit);
        emit_day_at(emit, "away_from", line->away_from);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* Whose signature is missing, or who has yet to read what they missed. */
static bool is_wanted(const View *view, const Minutes *minutes, const OwnPart *part,
                      const RollLine *line, bool to_read)
{
    const Attended *own = minutes_attended(minutes, line->person, part->key);
    const Attended *said = minutes_attended(minutes, line->person, KEY_NONE);
    const bool is_away = line->status == ATTENDANCE_IS_LEAVE ||
                         line->status == ATTENDANCE_IS_ABSENT ||
                         (line->status == ATTENDANCE_IS_EXPECTED && view->on > minutes->day);
    const bool has_signed =
        (own != NULL && own->signature != 0) || (said != NULL && said->signature != 0);
    const bool has_read =
        (own != NULL && own->read_on <= view->on) || (said != NULL && said->read_on <= view->on);
    if (line->status == ATTENDANCE_IS_OBSERVER || has_read) return false;
    if (to_read) return is_away;
    return !has_signed && (is_there(line->status) || line->status == ATTENDANCE_IS_EXPECTED);
}

static ErrCode emit_wanted(const View *view, const Minutes *minutes, const OwnPart *part,
                           const char *member, bool to_read, Emit *emit, Err *err)
{
    emit_key(emit, member);
    emit_open_array(emit);
    for (size_t i = 0; i < part->line_count; i++)
        if (is_wanted(view, minutes, part, &part->lines[i], to_read))
            TRY(shape_thing(view, KIND_PERSON, part->lines[i].person, emit, err));
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_open_part(const View *view, const Minutes *minutes, const OwnPart *part,
                              Emit *emit, Err *err)
{
    const Record *record = &part->record;
    emit_filled(emit, "record", record_text(record, PART_RECORD));
    emit_filled(emit, "start", record_text(record, PART_START));
    emit_filled(emit, "end", record_text(record, PART_END));
    TRY(emit_person(view, "host", record, PART_HOST, emit, err));
    TRY(emit_person(view, "recorder", record, PART_RECORDER, emit, err));
    emit_bool_at(emit, "convened", part->is_convened);
    TRY(emit_quorum(view, minutes, part, emit, err));
    TRY(emit_roll(view, minutes, part, emit, err));
    TRY(emit_wanted(view, minutes, part, "unsigned", false, emit, err));
    TRY(emit_wanted(view, minutes, part, "to_read", true, emit, err));
    if (part->meeting == MEETING_IS_DRILL) {
        emit_text_at(emit, "scenario", record_text(record, PART_SCENARIO));
        emit_text_at(emit, "found", record_text(record, PART_FOUND));
        emit_text_at(emit, "mend", record_text(record, PART_MEND));
    }
    if (part->meeting == MEETING_IS_PRE_SHIFT)
        TRY(answer_briefing(view, part, minutes->day, emit, err));
    return emit_topics(view, minutes, part, emit, err);
}

static ErrCode emit_part(const View *view, const Minutes *minutes, const OwnPart *part, Emit *emit,
                         Err *err)
{
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", part->key, emit, err));
    TRY(shape_thing_at(view, "group", KIND_GROUP, part->group.key, emit, err));
    shape_choice_at("kind", vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND), part->group.kind,
                    emit);
    shape_choice_at("meeting", vocab_field(vocab_kind(KIND_PART), PART_MEETING), part->meeting,
                    emit);
    emit_day_at(emit, "makes_up", (Day)record_int(&part->record, PART_MAKES_UP, DAY_OPEN));
    emit_bool_at(emit, "open", part->is_open);
    if (part->is_open) TRY(emit_open_part(view, minutes, part, emit, err));
    emit_close_object(emit);
    return OK;
}

/* ---- The activity ---- */

static int minutes_of(Text time)
{
    return ((time.at[0] - '0') * 10 + (time.at[1] - '0')) * 60 + (time.at[3] - '0') * 10 +
           (time.at[4] - '0');
}

/* From beginning to end where both are said. */
static void emit_duration(const Record *activity, Emit *emit)
{
    const Text start = record_text(activity, ACTIVITY_START);
    const Text end = record_text(activity, ACTIVITY_END);
    if (record_has(activity, ACTIVITY_DURATION))
        emit_int_at(emit, "duration", record_int(activity, ACTIVITY_DURATION, 0));
    else if (start.size == 5 && end.size == 5)
        emit_int_at(emit, "duration", minutes_of(end) - minutes_of(start));
    else
        emit_null_at(emit, "duration");
}

static ErrCode emit_head(const View *view, const Minutes *minutes, Emit *emit, Err *err)
{
    const Record *activity = &minutes->activity;
    const KindInfo *kind = activity->kind;
    char id[ID_TEXT_MAX];
    const Day recorded =
        day_of_ms(id_stamp(minutes->id) >> HLC_COUNTER_BITS, view->utc_offset_minutes);
    emit_z_at(emit, "id", id_write(minutes->id, id));
    TRY(shape_thing_at(view, "project", KIND_PROJECT, minutes->project, emit, err));
    emit_text_at(emit, "title", record_text(activity, ACTIVITY_TITLE));
    emit_day_at(emit, "day", minutes->day);
    emit_day_at(emit, "recorded", recorded);
    emit_bool_at(emit, "recorded_late", recorded > minutes->day);
    shape_choice_at("progress", vocab_field(kind, ACTIVITY_PROGRESS),
                    (int)record_int(activity, ACTIVITY_PROGRESS, 0), emit);
    shape_choice_at("practice", vocab_field(kind, ACTIVITY_PRACTICE),
                    (int)record_int(activity, ACTIVITY_PRACTICE, 0), emit);
    emit_filled(emit, "place", record_text(activity, ACTIVITY_PLACE));
    emit_filled(emit, "start", record_text(activity, ACTIVITY_START));
    emit_filled(emit, "end", record_text(activity, ACTIVITY_END));
    emit_duration(activity, emit);
    TRY(emit_person(view, "host", activity, ACTIVITY_HOST, emit, err));
    TRY(emit_person(view, "recorder", activity, ACTIVITY_RECORDER, emit, err));
    emit_day_at(emit, "convened", (Day)record_int(activity, ACTIVITY_CONVENED, DAY_OPEN));
    emit_filled(emit, "agenda", record_text(activity, ACTIVITY_AGENDA));
    emit_filled(emit, "record", record_text(activity, ACTIVITY_RECORD));
    return OK;
}

/* What an activity of a linked practice still lacks. */
static ErrCode emit_lacks(const View *view, const Minutes *minutes, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    ReasonList lacks;
    bool found = false;
    PracticeFacts facts = {.practice = (int)record_int(&minutes->activity, ACTIVITY_PRACTICE, 0)};
    TRY(query_begin(&query, view->store, PRACTISED_IN_ACTIVITY, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, minutes->key);
    TRY(query_next(&query, &found, err));
    facts.checked = (size_t)query_int(&query, 0);
    facts.visited = (size_t)query_int(&query, 1);
    for (size_t i = 0; i < minutes->topic_count; i++)
        facts.studied += minutes->topics[i].vote.matter == MATTER_IS_STUDY;
    reasons_init(&lacks, view->arena);
    const ReasonCode code = practice_lacks(&facts);
    if (code != REASON_NONE) reasons_add(&lacks, (Reason){.code = code});
    return shape_reasons_at(view, "lacks", &lacks, emit, err);
}

ErrCode answer_activity(const View *view, const Asker *asker, Id activity, Emit *emit, Err *err)
{
    Minutes minutes;
    TRY(minutes_load(view, asker, activity, &minutes, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(emit_head(view, &minutes, emit, err));
    TRY(emit_lacks(view, &minutes, emit, err));
    TRY(emit_attendance(view, asker, &minutes, emit, err));
    TRY(emit_topics(view, &minutes, NULL, emit, err));
    emit_key(emit, "parts");
    emit_open_array(emit);
    for (size_t i = 0; i < minutes.part_count; i++)
        TRY(emit_part(view, &minutes, &minutes.parts[i], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}
