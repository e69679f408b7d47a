#include "people/coverage_index.h"
#include "view/answer.h"
#include "view/filter.h"
#include "view/roster.h"
#include "view/shape.h"

/* One line of a roster: a person at a project, and what of. */
typedef struct Line {
    Key person;
    const Stay *stay; /* NULL when only an exception puts them here */
    const Group *groups[8];
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

static ErrCode emit_posting(const View *view, const Stay *stay, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, POSTING_LOAD, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, stay->posting);
    TRY(query_next(&query, &found, err));
    emit_key(emit, "posting");
    if (!found) {
        emit_null(emit);
        return OK;
    }
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", stay->posting, emit, err));
    emit_day_at(emit, "from", (Day)query_int(&query, 4));
    emit_day_at(emit, "to", query_is_null(&query, 5) ? DAY_OPEN : (Day)query_int(&query, 5));
    emit_bool_at(emit, "pending", stay->is_pending);
    emit_bool_at(emit, "core", query_int(&query, 7) != 0);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_groups(const View *view, const Line *line, Emit *emit, Err *err)
{
    const FieldInfo *kind = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND);
    emit_key(emit, "groups");
    emit_open_array(emit);
    for (size_t i = 0; i < line->group_count; i++) {
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", line->groups[i]->key, emit, err));
        emit_text_at(emit, "name", line->groups[i]->name);
        shape_choice_at("kind", kind, line->groups[i]->kind, emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_line(const View *view, const Line *line, const PersonCard *card, Emit *emit,
                         Err *err)
{
    emit_open_object(emit);
    emit_key(emit, "person");
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", line->person, emit, err));
    emit_text_at(emit, "name", card->name);
    emit_text_at(emit, "staff_no", card->staff_no);
    emit_text_at(emit, "trade", card->trade);
    TRY(shape_thing_at(view, "unit", KIND_UNIT, card->unit, emit, err));
    emit_close_object(emit);
    if (line->stay == NULL)
        emit_null_at(emit, "posting");
    else
        TRY(emit_posting(view, line->stay, emit, err));
    emit_z_at(emit, "party", party_name(line->stay == NULL ? PARTY_NONE : line->stay->party));
    emit_bool_at(emit, "union", line->stay != NULL && line->stay->is_union);
    TRY(emit_groups(view, line, emit, err));
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
    for (size_t i = page.first; i < page.end; i++) {
        PersonCard card = {0};
        const ErrCode code = load_person(view_source(view), lines->items[i].person, &card, err);
        if (code != OK && code != ERR_NOT_FOUND) return code;
        TRY(emit_line(view, &lines->items[i], &card, emit, err));
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

/* Which of the groups around a project each of its people belongs to. */
static ErrCode find_groups(const View *view, const MembershipFacts *facts, PersonStays *people,
                           Lines *lines, Err *err)
{
    Map at;
    map_init(&at, view->arena);
    for (size_t i = 0; i < lines->count; i++)
        TRY(map_put(&at, lines->items[i].person, (int64_t)i, err));
    for (size_t g = 0; g < facts->group_count; g++) {
        Member *members = NULL;
        size_t count = 0;
        TRY(membership_roster(facts, &facts->groups[g], people, lines->count, view->on, view->arena,
                              &members, &count, err));
        for (size_t i = 0; i < count; i++) {
            int64_t line = 0;
            if (!map_find(&at, members[i].person, &line)) continue;
            Line *item = &lines->items[line];
            if (item->group_count < sizeof item->groups / sizeof item->groups[0])
                item->groups[item->group_count++] = &facts->groups[g];
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
            if (lines->items[i].groups[g]->kind == kind) {
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
    TRY(shape_find(view, project, KIND_PROJECT, &key, err));
    TRY(load_project(view_source(view), key, &card, err));
    if (!reach_has_project(&view->reach, key, card.facts.unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    TRY(roster_facts(view, key, &facts, err));
    TRY(roster_people(view, key, &people, &lines.count, err));
    lines.items = arena_array(view->arena, Line, lines.count);
    if (lines.items == NULL) return list_full(lines.count, err);
    for (size_t i = 0; i < lines.count; i++)
        lines.items[i] = (Line){.person = people[i].person, .stay = &people[i].stays.items[0]};
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
    MembershipFacts facts;
    Member *members = NULL;
    Lines lines = {0};
    TRY(shape_group(view, group, &card, err));
    TRY(roster_of_group(view, &card.facts, &facts, &members, &lines.count, err));
    lines.items = arena_array(view->arena, Line, lines.count);
    if (lines.items == NULL) return list_full(lines.count, err);
    for (size_t i = 0; i < lines.count; i++) {
        PersonStays person;
        TRY(roster_person(view, members[i].person, &person, err));
        lines.items[i] = (Line){.person = members[i].person,
                                .stay = stay_on(person.stays, view->on),
                                .groups = {&card.facts},
                                .group_count = 1};
    }
    TRY(keep_within_reach(view, &lines, err));
    return emit_lines(view, ask, &lines, emit, err);
}
