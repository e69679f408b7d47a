#include "view/minutes.h"

#include "store/rows.h"
#include "view/roster.h"

/* ---- What is written ---- */

static Day day_column(const Query *query, int column)
{
    return query_is_null(query, column) ? DAY_OPEN : (Day)query_int(query, column);
}

static ErrCode load_attended(const View *view, Minutes *minutes, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, ATTENDANCE_OF_ACTIVITY, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, minutes->key);
    TRY(query_next(&query, &found, err));
    while (found) {
        minutes->attended = list_grow(view->arena, minutes->attended, sizeof minutes->attended[0],
                                      minutes->attended_count);
        if (minutes->attended == NULL) return list_full(minutes->attended_count, err);
        Attended *said = &minutes->attended[minutes->attended_count++];
        *said = (Attended){.key = query_int(&query, 0),
                           .person = query_int(&query, 1),
                           .part = query_int(&query, 2),
                           .status = (int)query_int(&query, 3),
                           .signature = (int)query_int(&query, 5),
                           .signed_on = day_column(&query, 6),
                           .read_on = day_column(&query, 7)};
        TRY(query_text(&query, 4, view->arena, &said->reason, err));
        TRY(query_text(&query, 8, view->arena, &said->read_note, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode read_topic(const View *view, const Query *query, Topic *out_topic, Err *err)
{
    *out_topic = (Topic){.key = query_int(query, 0),
                         .part = query_int(query, 1),
                         .ballot = (int)query_int(query, 6),
                         .is_voted = !query_is_null(query, 6) || !query_is_null(query, 7),
                         .vote = {.matter = (int)query_int(query, 2),
                                  .in_favour = (int)query_int(query, 7),
                                  .against = (int)query_int(query, 8),
                                  .abstained = (int)query_int(query, 9),
                                  .written = (int)query_int(query, 10)}};
    TRY(query_text(query, 3, view->arena, &out_topic->title, err));
    TRY(query_text(query, 4, view->arena, &out_topic->discussion, err));
    TRY(query_text(query, 5, view->arena, &out_topic->resolution, err));
    return query_text(query, 11, view->arena, &out_topic->open, err);
}

static ErrCode load_topics(const View *view, Minutes *minutes, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, TOPICS_OF_ACTIVITY, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, minutes->key);
    TRY(query_next(&query, &found, err));
    while (found) {
        minutes->topics = list_grow(view->arena, minutes->topics, sizeof minutes->topics[0],
                                    minutes->topic_count);
        if (minutes->topics == NULL) return list_full(minutes->topic_count, err);
        TRY(read_topic(view, &query, &minutes->topics[minutes->topic_count++], err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* ---- Who is expected ---- */

static ErrCode add_line(const View *view, OwnPart *part, RollLine line, Err *err)
{
    part->lines = list_grow(view->arena, part->lines, sizeof part->lines[0], part->line_count);
    if (part->lines == NULL) return list_full(part->line_count, err);
    part->lines[part->line_count++] = line;
    return OK;
}

static ErrCode load_roll(const View *view, OwnPart *part, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, ROLL_OF_PART, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, part->key);
    TRY(query_next(&query, &found, err));
    part->is_convened = found;
    while (found) {
        const RollLine line = {.person = query_int(&query, 1),
                               .is_formal = query_int(&query, 2) != 0,
                               .excluded = (int)query_int(&query, 3),
                               .away_from = day_column(&query, 4),
                               .is_approved = !query_is_null(&query, 5)};
        TRY(add_line(view, part, line, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* Before a roll is drawn up, who belongs to the group on the day is expected. */
static ErrCode derive_roll(const View *view, OwnPart *part, Err *err)
{
    MembershipFacts facts;
    Member *members = NULL;
    size_t count = 0;
    TRY(roster_of_group(view, &part->group, &facts, &members, &count, err));
    for (size_t i = 0; i < count; i++) {
        const RollLine line = {.person = members[i].person,
                               .is_formal = members[i].party == PARTY_FORMAL,
                               .away_from = DAY_OPEN};
        TRY(add_line(view, part, line, err));
    }
    return OK;
}

const Attended *minutes_attended(const Minutes *minutes, Key person, Key part)
{
    for (size_t i = 0; i < minutes->attended_count; i++)
        if (minutes->attended[i].person == person && minutes->attended[i].part == part)
            return &minutes->attended[i];
    return NULL;
}

/* What is said for the part counts before what is said in common. */
static int status_of(const Minutes *minutes, Key person, Key part)
{
    const Attended *said = minutes_attended(minutes, person, part);
    if (said == NULL || said->status == 0) said = minutes_attended(minutes, person, KEY_NONE);
    return said == NULL || said->status == 0 ? ATTENDANCE_IS_EXPECTED : said->status;
}

QuorumFacts minutes_facts(const View *view, const Minutes *minutes, const OwnPart *part)
{
    return (QuorumFacts){.pack = view->pack,
                         .group_kind = part->group.kind,
                         .form = part->group.form,
                         .meeting = part->meeting,
                         .day = minutes->day,
                         .lines = part->lines,
                         .line_count = part->line_count};
}

/* ---- Who may read what is a group's own ---- */

static ErrCode holds_post(const View *view, Key group, Key person, bool *out_holds, Err *err)
{
    Offices offices;
    *out_holds = false;
    TRY(load_offices(view_source(view), group, &offices, err));
    for (size_t i = 0; i < offices.count; i++)
        if (offices.items[i].person == person && range_has(offices.items[i].days, view->on))
            *out_holds = true;
    return OK;
}

static ErrCode is_member(const View *view, const Group *group, Key person, bool *out_is, Err *err)
{
    MembershipFacts facts;
    Member *members = NULL;
    size_t count = 0;
    *out_is = false;
    TRY(roster_of_group(view, group, &facts, &members, &count, err));
    for (size_t i = 0; i < count; i++)
        if (members[i].person == person) *out_is = true;
    return OK;
}

ErrCode minutes_may_lead(const View *view, const Asker *asker, const Group *group, Day day,
                         bool *out_may, Err *err)
{
    View then = *view;
    then.on = day;
    *out_may = asker->oversight == NULL || reach_has_unit(asker->oversight, group->unit);
    if (*out_may || asker->person == KEY_NONE) return OK;
    return holds_post(&then, group->key, asker->person, out_may, err);
}

ErrCode minutes_may_open(const View *view, const Asker *asker, const Group *group, Day day,
                         bool *out_may, Err *err)
{
    View then = *view;
    then.on = day;
    TRY(minutes_may_lead(view, asker, group, day, out_may, err));
    if (*out_may || asker->person == KEY_NONE) return OK;
    return is_member(&then, group, asker->person, out_may, err);
}

static bool is_on_roll(const OwnPart *part, Key person)
{
    for (size_t i = 0; i < part->line_count; i++)
        if (part->lines[i].person == person) return true;
    return false;
}

static ErrCode fill_part(const View *view, const Asker *asker, Minutes *minutes, OwnPart *part,
                         Err *err)
{
    RowState state;
    View then = *view;
    then.on = minutes->day;
    TRY(row_load(view->store, view->shard, part->key, vocab_kind(KIND_PART), view->arena,
                 &part->record, &state, err));
    TRY(load_roll(view, part, err));
    if (!part->is_convened) TRY(derive_roll(&then, part, err));
    for (size_t i = 0; i < part->line_count; i++)
        part->lines[i].status = status_of(minutes, part->lines[i].person, part->key);
    TRY(minutes_may_open(view, asker, &part->group, minutes->day, &part->is_open, err));
    if (asker->person != KEY_NONE && is_on_roll(part, asker->person)) part->is_open = true;
    return OK;
}

static ErrCode load_parts(const View *view, Minutes *minutes, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, PARTS_OF_ACTIVITY, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, minutes->key);
    TRY(query_next(&query, &found, err));
    while (found) {
        GroupCard card;
        const ErrCode code = load_group(view_source(view), query_int(&query, 1), &card, err);
        if (code != OK && code != ERR_NOT_FOUND) return code;
        if (code == OK) { /* of a group that was voided nothing is told any more */
            minutes->parts = list_grow(view->arena, minutes->parts, sizeof minutes->parts[0],
                                       minutes->part_count);
            if (minutes->parts == NULL) return list_full(minutes->part_count, err);
            minutes->parts[minutes->part_count++] = (OwnPart){.key = query_int(&query, 0),
                                                              .group = card.facts,
                                                              .meeting = (int)query_int(&query, 2)};
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode load_activity(const View *view, Id activity, Minutes *minutes, Err *err)
{
    RowState state;
    ProjectCard card;
    minutes->id = activity;
    TRY(view_find(view, activity, KIND_ACTIVITY, &minutes->key, err));
    TRY(row_load(view->store, view->shard, minutes->key, vocab_kind(KIND_ACTIVITY), view->arena,
                 &minutes->activity, &state, err));
    minutes->day = (Day)record_int(&minutes->activity, ACTIVITY_DAY, 0);
    TRY(view_find(view, record_ref(&minutes->activity, ACTIVITY_PROJECT), KIND_PROJECT,
                  &minutes->project, err));
    const ErrCode code = load_project(view_source(view), minutes->project, &card, err);
    if (code != OK && code != ERR_NOT_FOUND) return code;
    if (!state.is_void && code == OK &&
        reach_has_project(&view->reach, minutes->project, card.facts.unit))
        return OK;
    return err_set(err, ERR_NOT_FOUND, "there is no such activity");
}

ErrCode minutes_load(const View *view, const Asker *asker, Id activity, Minutes *out_minutes,
                     Err *err)
{
    Minutes minutes = {0};
    TRY(load_activity(view, activity, &minutes, err));
    TRY(load_attended(view, &minutes, err));
    TRY(load_topics(view, &minutes, err));
    TRY(load_parts(view, &minutes, err));
    for (size_t i = 0; i < minutes.part_count; i++)
        TRY(fill_part(view, asker, &minutes, &minutes.parts[i], err));
    *out_minutes = minutes;
    return OK;
}
