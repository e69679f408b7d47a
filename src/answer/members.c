#include "answer/answer.h"
#include "answer/filter.h"
#include "answer/shape.h"
#include "people/coverage_index.h"
#include "store/things.h"
#include "view/roster.h"

/* A group as each of its members' lines shows it. */
typedef struct ShownGroup {
    const Group *facts;
    Id id;
} ShownGroup;

/* One line of a roster: a person at a project, and what of. */
typedef struct Line {
    Key person;
    const Stay *stay; /* NULL when only an exception puts them here */
    PartyStanding party;
    bool is_union;
    const ShownGroup *groups[8];
    size_t group_count;
} Line;

typedef struct Lines {
    Line *items;
    size_t count;
} Lines;

static const char *party_name(PartyStanding party)
{
    switch (party) {
    case PARTY_FORMAL: return "formal";
    case PARTY_PROBATIONARY: return "probationary";
    case PARTY_NONE: return "none";
    }
    return "none";
}

/* Columns of ROSTER_LINE. */
enum {
    LINE_PERSON,
    LINE_NAME,
    LINE_STAFF_NO,
    LINE_TRADE,
    LINE_UNIT,
    LINE_UNIT_NAME,
    LINE_POSTING,
    LINE_FROM,
    LINE_TO,
    LINE_CORE,
};

static ErrCode emit_id_of(const Query *query, int column, Emit *emit, Err *err)
{
    Id id;
    char text[ID_TEXT_MAX];
    TRY(query_id(query, column, &id, err));
    emit_z_at(emit, "id", id_write(id, text));
    return OK;
}

static void emit_column(const Query *query, const char *key, int column, Emit *emit)
{
    const Bytes bytes = query_view(query, column);
    emit_text_at(emit, key, (Text){(const char *)bytes.at, bytes.size});
}

static ErrCode emit_posting(const Query *query, const Stay *stay, Emit *emit, Err *err)
{
    emit_key(emit, "posting");
    if (stay == NULL || query_is_null(query, LINE_POSTING)) {
        emit_null(emit);
        return OK;
    }
    emit_open_object(emit);
    TRY(emit_id_of(query, LINE_POSTING, emit, err));
    emit_day_at(emit, "from", (Day)query_int(query, LINE_FROM));
    emit_day_at(emit, "to",
                query_is_null(query, LINE_TO) ? DAY_OPEN : (Day)query_int(query, LINE_TO));
    emit_bool_at(emit, "pending", stay->is_pending);
    emit_bool_at(emit, "core", query_int(query, LINE_CORE) != 0);
    emit_close_object(emit);
    return OK;
}

static void emit_groups(const Line *line, Emit *emit)
{
    const FieldInfo *kind = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND);
    emit_key(emit, "groups");
    emit_open_array(emit);
    for (size_t i = 0; i < line->group_count; i++) {
        char id[ID_TEXT_MAX];
        emit_open_object(emit);
        emit_z_at(emit, "id", id_write(line->groups[i]->id, id));
        emit_text_at(emit, "name", line->groups[i]->facts->name);
        shape_choice_at("kind", kind, line->groups[i]->facts->kind, emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
}

static ErrCode emit_person(const Query *query, Emit *emit, Err *err)
{
    emit_key(emit, "person");
    emit_open_object(emit);
    TRY(emit_id_of(query, LINE_PERSON, emit, err));
    emit_column(query, "name", LINE_NAME, emit);
    emit_column(query, "staff_no", LINE_STAFF_NO, emit);
    emit_column(query, "trade", LINE_TRADE, emit);
    emit_key(emit, "unit");
    if (query_is_null(query, LINE_UNIT)) {
        emit_null(emit);
    } else {
        emit_open_object(emit);
        TRY(emit_id_of(query, LINE_UNIT, emit, err));
        emit_column(query, "name", LINE_UNIT_NAME, emit);
        emit_close_object(emit);
    }
    emit_close_object(emit);
    return OK;
}

/* A line is one question of the database: a page of them is what is asked for most. */
static ErrCode emit_line(const View *view, const Line *line, Emit *emit, Err *err)
{
    const Stay *stay = line->stay;
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, ROSTER_LINE, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, line->person);
    query_bind_key(&query, 3, stay == NULL ? KEY_NONE : stay->posting);
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_CORRUPT, "somebody has no id: run 'tongpin rebuild'");
    emit_open_object(emit);
    TRY(emit_person(&query, emit, err));
    TRY(emit_posting(&query, stay, emit, err));
    emit_z_at(emit, "party", party_name(line->party));
    emit_bool_at(emit, "union", line->is_union);
    emit_groups(line, emit);
    emit_close_object(emit);
    return OK;
}

/* Only those whose name or staff number holds what was searched for. */
static ErrCode search(const View *view, const ListAsk *ask, Lines *lines, Err *err)
{
    const Text query = text_trim(ask->query);
    size_t kept = 0;
    if (query.size == 0) return OK;
    for (size_t i = 0; i < lines->count; i++) {
        PersonCard card = {0};
        const ErrCode code = load_person(view_source(view), lines->items[i].person, &card, err);
        if (code != OK && code != ERR_NOT_FOUND) return code;
        if (code == OK && (text_contains(card.name, query) || text_contains(card.staff_no, query)))
            lines->items[kept++] = lines->items[i];
    }
    lines->count = kept;
    return OK;
}

static ErrCode emit_lines(const View *view, const ListAsk *ask, Lines *lines, Emit *emit, Err *err)
{
    Page page;
    TRY(search(view, ask, lines, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(shape_page(ask, lines->count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++)
        TRY(emit_line(view, &lines->items[i], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode show_group(const View *view, const Group *group, ShownGroup *out_shown, Err *err)
{
    out_shown->facts = group;
    return thing_id(view->store, view->shard, group->key, &out_shown->id, err);
}

/* Which of the groups around a project each of its people belongs to. */
static ErrCode find_groups(const View *view, const MembershipFacts *facts, PersonStays *people,
                           Lines *lines, Err *err)
{
    Map at;
    ShownGroup *shown = arena_array(view->arena, ShownGroup, facts->group_count);
    if (shown == NULL) return list_full(facts->group_count, err);
    map_init(&at, view->arena);
    for (size_t i = 0; i < lines->count; i++)
        TRY(map_put(&at, lines->items[i].person, (int64_t)i, err));
    for (size_t g = 0; g < facts->group_count; g++) {
        Member *members = NULL;
        size_t count = 0;
        TRY(show_group(view, &facts->groups[g], &shown[g], err));
        TRY(membership_roster(facts, &facts->groups[g], people, lines->count, view->on, view->arena,
                              &members, &count, err));
        for (size_t i = 0; i < count; i++) {
            int64_t line = 0;
            if (!map_find(&at, members[i].person, &line)) continue;
            Line *item = &lines->items[line];
            if (item->group_count < sizeof item->groups / sizeof item->groups[0])
                item->groups[item->group_count++] = &shown[g];
        }
    }
    return OK;
}

static void keep_kind(Lines *lines, int kind)
{
    size_t kept = 0;
    if (kind == 0) return;
    for (size_t i = 0; i < lines->count; i++)
        for (size_t g = 0; g < lines->items[i].group_count; g++)
            if (lines->items[i].groups[g]->facts->kind == kind) {
                lines->items[kept++] = lines->items[i];
                break;
            }
    lines->count = kept;
}

ErrCode answer_project_members(const View *view, Id project, const ListAsk *ask, Emit *emit,
                               Err *err)
{
    Key key = KEY_NONE;
    ProjectCard card;
    MembershipFacts facts;
    PersonStays *people = NULL;
    Lines lines = {0};
    TRY(view_find(view, project, KIND_PROJECT, &key, err));
    TRY(load_project(view_source(view), key, &card, err));
    if (!reach_has_project(&view->reach, key, card.facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    TRY(roster_facts(view, key, &facts, err));
    AUTO(tx_rollback) Tx tx = {0}; /* all lines are of one moment, and its lock is taken once */
    TRY(tx_begin(&tx, view->store, err));
    TRY(roster_people(view, key, &people, &lines.count, err));
    lines.items = arena_array(view->arena, Line, lines.count);
    if (lines.items == NULL) return list_full(lines.count, err);
    for (size_t i = 0; i < lines.count; i++) {
        const Stay *stay = &people[i].stays.items[0];
        lines.items[i] = (Line){people[i].person, stay, stay->party, stay->is_union, {NULL}, 0};
    }
    TRY(find_groups(view, &facts, people, &lines, err));
    keep_kind(&lines, ask->kind);
    return emit_lines(view, ask, &lines, emit, err);
}

/* Somebody of another unit, at a project out of reach, is counted and not shown. */
static ErrCode keep_within_reach(const View *view, Lines *lines, Err *err)
{
    size_t kept = 0;
    if (view->reach.is_everything) return OK;
    for (size_t i = 0; i < lines->count; i++) {
        PersonCard card;
        const Line *line = &lines->items[i];
        bool is_seen = false;
        const ErrCode code = load_person(view_source(view), line->person, &card, err);
        if (code != OK && code != ERR_NOT_FOUND) return code;
        if (code == OK) is_seen = reach_has_unit(&view->reach, card.unit);
        if (!is_seen && line->stay != NULL) {
            ProjectCard project;
            TRY(load_project(view_source(view), line->stay->project, &project, err));
            is_seen = reach_has_project(&view->reach, line->stay->project, project.facts.unit);
        }
        if (is_seen) lines->items[kept++] = *line;
    }
    lines->count = kept;
    return OK;
}

ErrCode answer_group_members(const View *view, Id group, const ListAsk *ask, Emit *emit, Err *err)
{
    GroupCard card;
    ShownGroup shown;
    MembershipFacts facts;
    Member *members = NULL;
    Lines lines = {0};
    TRY(shape_group(view, group, &card, err));
    TRY(show_group(view, &card.facts, &shown, err));
    TRY(roster_of_group(view, &card.facts, &facts, &members, &lines.count, err));
    AUTO(tx_rollback) Tx tx = {0}; /* all lines are of one moment, and its lock is taken once */
    TRY(tx_begin(&tx, view->store, err));
    lines.items = arena_array(view->arena, Line, lines.count);
    if (lines.items == NULL) return list_full(lines.count, err);
    for (size_t i = 0; i < lines.count; i++) {
        PersonStays person;
        TRY(roster_person(view, members[i].person, &person, err));
        lines.items[i] =
            (Line){.person = members[i].person,
                   .stay = stay_on(person.stays, view->on),
                   .party = members[i].party,
                   .is_union =
                       union_standing_on(person.standings, person.standing_count, view->on) != NULL,
                   .groups = {&shown},
                   .group_count = 1};
    }
    TRY(keep_within_reach(view, &lines, err));
    return emit_lines(view, ask, &lines, emit, err);
}
