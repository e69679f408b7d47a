#include "answer/ledger_rows.h"
#include "store/things.h"

/* How somebody who was expected stands to a briefing. */
static const Choice unbriefed = {.name = "no_briefing", .zh = "未交底", .en = "no briefing"};
static const Choice unsigned_yet = {.name = "unsigned", .zh = "未签字", .en = "not signed"};
static const Choice signed_by = {.name = "signed", .zh = "已签字", .en = "signed"};
static const Choice read_up = {.name = "read_up", .zh = "已补学", .en = "read up"};
static const Choice away = {.name = "away", .zh = "未到场", .en = "not there"};

static Given given_state(const Choice *choice)
{
    return given_choice(choice->name, choice->zh, choice->en);
}

/* What was signed for the part counts before what was signed in common. */
static const Attended *attended_for(const Minutes *minutes, Key person, Key part)
{
    const Attended *own = minutes_attended(minutes, person, part);
    const Attended *common = minutes_attended(minutes, person, KEY_NONE);
    if (own == NULL) return common;
    return own->signature == 0 && common != NULL && common->signature != 0 ? common : own;
}

static const Choice *state_of(const Attended *said, int status)
{
    if (said != NULL && said->signature != 0) return &signed_by;
    if (said != NULL && said->read_on != DAY_OPEN) return &read_up;
    return status == ATTENDANCE_IS_LEAVE || status == ATTENDANCE_IS_ABSENT ? &away : &unsigned_yet;
}

static ErrCode find_briefing(const View *view, Key part, Key *out_briefing, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, BRIEFINGS_OF_PART, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, part);
    TRY(query_next(&query, &found, err));
    *out_briefing = found ? query_int(&query, 0) : KEY_NONE;
    return OK;
}

static ErrCode add_signers(const Gathering *gathering, const Minutes *minutes, const OwnPart *part,
                           Key briefing, Err *err)
{
    for (size_t i = 0; i < part->line_count; i++) {
        const RollLine *line = &part->lines[i];
        const Attended *said = attended_for(minutes, line->person, part->key);
        LedgerRow row = {.things = {{KIND_ACTIVITY, minutes->key},
                                    {KIND_BRIEFING, briefing},
                                    {KIND_PERSON, line->person},
                                    {KIND_ATTENDANCE, said == NULL ? KEY_NONE : said->key}}};
        row.given[0] = given_state(state_of(said, line->status));
        TRY(ledger_row_add(gathering, &row, err));
    }
    return OK;
}

static ErrCode add_briefed(const Gathering *gathering, const Held *held, Err *err)
{
    const View *view = gathering->view;
    Minutes minutes;
    Key briefing = KEY_NONE;
    Id id;
    LedgerRow alone = {.things = {{KIND_ACTIVITY, held->activity}}};
    TRY(thing_id(view->store, view->shard, held->activity, &id, err));
    TRY(minutes_load(view, gathering->asker, id, &minutes, err));
    TRY(find_briefing(view, held->part, &briefing, err));
    for (size_t i = 0; i < minutes.part_count; i++) {
        const OwnPart *part = &minutes.parts[i];
        if (part->key != held->part || !part->is_open || briefing == KEY_NONE) continue;
        return add_signers(gathering, &minutes, part, briefing, err);
    }
    if (briefing == KEY_NONE) alone.given[0] = given_state(&unbriefed);
    return ledger_row_add(gathering, &alone, err);
}

ErrCode gather_briefed(const Gathering *gathering, Err *err)
{
    Held *held = NULL;
    size_t count = 0;
    TRY(ledger_find_held(gathering, &held, &count, err));
    for (size_t i = 0; i < count; i++)
        TRY(add_briefed(gathering, &held[i], err));
    return OK;
}
