#include "engine/take_inside.h"
#include "seal/field.h"
#include "store/rows.h"

/* ---- units, projects, calendar ---- */

/* The unit a row names, or the only one there is. False when the row cannot be taken. */
static ErrCode find_unit(Take *take, unsigned column, Id *out_id, bool *out_found, Err *err)
{
    const Text name = take_text(take, column);
    Key key = KEY_NONE;
    *out_found = true;
    if (name.size == 0) {
        *out_id = take->default_unit;
        *out_found = !id_is_nil(*out_id);
        if (*out_found) return OK;
        const TakeNoteCode code = take->has_units ? TAKE_UNIT_NEEDED : TAKE_NO_UNITS;
        return take_note(take, code, column, TEXT(""), NULL, err);
    }
    TRY(take_find(take, KIND_UNIT, name, &key, out_id, err));
    if (key != KEY_NONE) return OK;
    *out_found = false;
    return take_note(take, TAKE_UNIT_UNKNOWN, column, name, NULL, err);
}

static ErrCode add_or_change(Take *take, Key key, const Record *record, Err *err)
{
    Id id;
    if (key == KEY_NONE) return take_add(take, record, &key, &id, err);
    return take_change(take, key, record, err);
}

ErrCode take_unit(Take *take, Err *err)
{
    Record record = {.kind = vocab_kind(KIND_UNIT)};
    const Text parent = take_text(take, COLUMN_UNITS_PARENT);
    const Text code = take_text(take, COLUMN_UNITS_CODE);
    Key key = KEY_NONE;
    Id id;
    if (code.size > 0) TRY(take_find(take, KIND_UNIT, code, &key, &id, err));
    if (key == KEY_NONE)
        TRY(take_find(take, KIND_UNIT, take_text(take, COLUMN_UNITS_NAME), &key, &id, err));
    take_copy_text(take, COLUMN_UNITS_NAME, &record, UNIT_NAME);
    take_copy_text(take, COLUMN_UNITS_CODE, &record, UNIT_CODE);
    take_copy_text(take, COLUMN_UNITS_USCC, &record, UNIT_USCC);
    take_copy_int(take, COLUMN_UNITS_LEVEL, &record, UNIT_LEVEL);
    if (parent.size > 0) {
        Key above = KEY_NONE;
        Id above_id;
        TRY(take_find(take, KIND_UNIT, parent, &above, &above_id, err));
        if (above == KEY_NONE)
            return take_note(take, TAKE_UNIT_UNKNOWN, COLUMN_UNITS_PARENT, parent, NULL, err);
        record_set_ref(&record, UNIT_PARENT, above_id);
    }
    return add_or_change(take, key, &record, err);
}

ErrCode take_project(Take *take, Err *err)
{
    Record record = {.kind = vocab_kind(KIND_PROJECT)};
    const Text code = take_text(take, COLUMN_PROJECTS_CODE);
    Key key = KEY_NONE;
    Id id;
    Id unit;
    bool has_unit = false;
    if (code.size > 0) TRY(take_find(take, KIND_PROJECT, code, &key, &id, err));
    if (key == KEY_NONE)
        TRY(take_find(take, KIND_PROJECT, take_text(take, COLUMN_PROJECTS_NAME), &key, &id, err));
    if (key == KEY_NONE || take_has(take, COLUMN_PROJECTS_UNIT)) {
        TRY(find_unit(take, COLUMN_PROJECTS_UNIT, &unit, &has_unit, err));
        if (!has_unit) return OK;
        record_set_ref(&record, PROJECT_UNIT, unit);
    }
    take_copy_text(take, COLUMN_PROJECTS_NAME, &record, PROJECT_NAME);
    take_copy_text(take, COLUMN_PROJECTS_CODE, &record, PROJECT_CODE);
    take_copy_text(take, COLUMN_PROJECTS_PLACE, &record, PROJECT_PLACE);
    take_copy_int(take, COLUMN_PROJECTS_STAGE, &record, PROJECT_STAGE);
    take_copy_int(take, COLUMN_PROJECTS_FROM, &record, PROJECT_FROM);
    take_copy_int(take, COLUMN_PROJECTS_TO, &record, PROJECT_TO);
    take_copy_int(take, COLUMN_PROJECTS_LAT, &record, PROJECT_LAT);
    take_copy_int(take, COLUMN_PROJECTS_LON, &record, PROJECT_LON);
    if (key == KEY_NONE && !record_has(&record, PROJECT_FROM))
        return take_note(take, TAKE_FROM_NEEDED, COLUMN_PROJECTS_FROM,
                         record_text(&record, PROJECT_NAME), NULL, err);
    return add_or_change(take, key, &record, err);
}

static ErrCode load_holidays(Take *take, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    take->has_holidays = true;
    TRY(query_begin(&query, take->engine->store, HOLIDAYS, err));
    query_bind_int(&query, 1, take->engine->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        TRY(map_put(&take->holidays, query_int(&query, 1), query_int(&query, 0), err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode take_holiday(Take *take, Err *err)
{
    Record record = {.kind = vocab_kind(KIND_HOLIDAY)};
    const int64_t day = take_int(take, COLUMN_HOLIDAYS_DAY, 0);
    Key key = KEY_NONE;
    Id id;
    if (!take->has_holidays) TRY(load_holidays(take, err));
    if (!map_find(&take->holidays, day, &key)) key = KEY_NONE;
    take_copy_int(take, COLUMN_HOLIDAYS_DAY, &record, HOLIDAY_DAY);
    take_copy_text(take, COLUMN_HOLIDAYS_NAME, &record, HOLIDAY_NAME);
    take_copy_int(take, COLUMN_HOLIDAYS_OFF, &record, HOLIDAY_OFF);
    take_copy_text(take, COLUMN_HOLIDAYS_PAPER, &record, HOLIDAY_PAPER);
    if (key != KEY_NONE) return take_change(take, key, &record, err);
    TRY(take_add(take, &record, &key, &id, err));
    return key == KEY_NONE ? OK : map_put(&take->holidays, day, key, err);
}

/* ---- postings ---- */

typedef struct PostingWish {
    Key person;
    Id person_id;
    Key project;
    Id project_id;
    unsigned from_column;
    unsigned to_column;
    unsigned crew_column;
    unsigned core_column;
} PostingWish;

/* The posting of this person to this project that begins on the same day. */
static ErrCode find_posting(Take *take, const PostingWish *wish, Key *out_key, Err *err)
{
    Postings postings;
    const Source from = {take->engine->store, take->engine->shard, &take->row_arena};
    *out_key = KEY_NONE;
    TRY(load_postings_of_person(from, wish->person, &postings, err));
    for (size_t i = 0; i < postings.count; i++)
        if (postings.items[i].project == wish->project &&
            postings.items[i].days.first == take_int(take, wish->from_column, 0))
            *out_key = postings.items[i].key;
    return OK;
}

/* What the row's posting needs is looked for before anything is written: a row is taken whole or
 * not at all. */
static ErrCode check_posting(Take *take, const PostingWish *wish, Err *err)
{
    const Text crew = take_text(take, wish->crew_column);
    Key key = KEY_NONE;
    Id id;
    if (!take_has(take, wish->from_column))
        return take_note(take, TAKE_FROM_NEEDED, wish->from_column, TEXT(""), NULL, err);
    if (crew.size == 0) return OK;
    TRY(take_find(take, KIND_GROUP, crew, &key, &id, err));
    return key != KEY_NONE ? OK
                           : take_note(take, TAKE_CREW_UNKNOWN, wish->crew_column, crew, NULL, err);
}

static ErrCode take_in_posting(Take *take, const PostingWish *wish, Err *err)
{
    Record record = {.kind = vocab_kind(KIND_POSTING)};
    const Text crew = take_text(take, wish->crew_column);
    Key key = KEY_NONE;
    record_set_ref(&record, POSTING_PERSON, wish->person_id);
    record_set_ref(&record, POSTING_PROJECT, wish->project_id);
    take_copy_int(take, wish->from_column, &record, POSTING_FROM);
    take_copy_int(take, wish->to_column, &record, POSTING_TO);
    take_copy_int(take, wish->core_column, &record, POSTING_CORE);
    if (crew.size > 0) {
        Key crew_key = KEY_NONE;
        Id crew_id;
        TRY(take_find(take, KIND_GROUP, crew, &crew_key, &crew_id, err));
        record_set_ref(&record, POSTING_CREW, crew_id);
    }
    TRY(find_posting(take, wish, &key, err));
    if (key == KEY_NONE) record_set_int(&record, POSTING_SOURCE, SOURCE_IS_ROSTER);
    return add_or_change(take, key, &record, err);
}

/* ---- people ---- */

/* What a row says about who somebody is, whichever kind of import it belongs to. */
typedef struct WhoColumns {
    unsigned name;
    unsigned id_number;
    unsigned staff_no;
    unsigned phone;
    unsigned unit;
    unsigned birth; /* INTAKE_COLUMNS_MAX: the import has none */
} WhoColumns;

typedef struct Candidate {
    Key key;
    PersonCard card;
} Candidate;

/* The only person a query finds, if any; two of them are nobody in particular. */
static ErrCode find_one(Take *take, QueryId id, Text text, const int64_t *number,
                        Candidate *out_candidate, size_t *out_count, Err *err)
{
    Key key = KEY_NONE;
    bool found = false;
    *out_count = 0;
    {
        AUTO(query_done) Query query = {0};
        TRY(query_begin(&query, take->engine->store, id, err));
        query_bind_int(&query, 1, take->engine->shard);
        if (number != NULL)
            query_bind_int(&query, 2, *number);
        else
            query_bind_text(&query, 2, text);
        TRY(query_next(&query, &found, err));
        if (found) key = query_int(&query, 0);
        while (found) {
            ++*out_count;
            TRY(query_next(&query, &found, err));
        }
    }
    if (*out_count == 0) return OK;
    out_candidate->key = key;
    return load_person((Source){take->engine->store, take->engine->shard, &take->row_arena}, key,
                       &out_candidate->card, err);
}

static ErrCode find_by_sealed(Take *take, QueryId id, unsigned field, Text plain,
                              Candidate *out_candidate, size_t *out_count, Err *err)
{
    const int64_t index = field_index(&take->engine->node->keyring, KIND_PERSON, field, plain);
    return find_one(take, id, TEXT(""), &index, out_candidate, out_count, err);
}

/* By name alone nobody is known again, but somebody may be meant: same name, and nothing that
 * speaks against it. With the same birth and unit it is that person. */
static ErrCode find_by_name(Take *take, const WhoColumns *columns, Key unit, Key *out_key, Err *err)
{
    Candidate candidate;
    size_t count = 0;
    const Text name = take_text(take, columns->name);
    const bool has_birth = columns->birth < INTAKE_COLUMNS_MAX && take_has(take, columns->birth);
    TRY(find_one(take, PERSONS_BY_NAME, name, NULL, &candidate, &count, err));
    if (count == 0) return OK;
    const bool is_same_unit = unit == KEY_NONE || candidate.card.unit == unit;
    const bool is_same_birth =
        has_birth && candidate.card.birth == take_int(take, columns->birth, 0);
    /* A row that can only mean somebody known already needs no birth to tell who. */
    const bool makes_nobody = columns->birth == INTAKE_COLUMNS_MAX;
    if (count == 1 && is_same_unit && (is_same_birth || makes_nobody)) {
        *out_key = candidate.key;
        return OK;
    }
    /* A number the known one lacks, another birth or another unit: somebody else of that name. */
    const bool is_told_apart = take_has(take, columns->id_number) ||
                               take_has(take, columns->staff_no) || !is_same_unit ||
                               (has_birth && candidate.card.birth != DAY_OPEN && !is_same_birth);
    return is_told_apart ? OK
                         : take_note(take, TAKE_PERSON_DOUBTFUL, columns->name, name, NULL, err);
}

/* *out_key is KEY_NONE for somebody new; take->is_bad says that the row cannot be taken. */
static ErrCode find_person(Take *take, const WhoColumns *columns, Key unit, Key *out_key, Err *err)
{
    Candidate candidate;
    size_t count = 0;
    const Text name = take_text(take, columns->name);
    *out_key = KEY_NONE;
    if (take_has(take, columns->id_number)) {
        TRY(find_by_sealed(take, PERSONS_BY_ID_NUMBER, PERSON_ID_NUMBER,
                           take_text(take, columns->id_number), &candidate, &count, err));
        if (count > 0) {
            *out_key = candidate.key;
            return text_equal(candidate.card.name, name)
                       ? OK
                       : take_note(take, TAKE_NAME_DIFFERS, columns->name, name, NULL, err);
        }
    }
    if (take_has(take, columns->staff_no)) {
        TRY(find_one(take, PERSONS_BY_STAFF_NO, take_text(take, columns->staff_no), NULL,
                     &candidate, &count, err));
        if (count == 1 && text_equal(candidate.card.name, name)) {
            *out_key = candidate.key;
            return OK;
        }
    }
    if (take_has(take, columns->phone)) {
        TRY(find_by_sealed(take, PERSONS_BY_PHONE, PERSON_PHONE, take_text(take, columns->phone),
                           &candidate, &count, err));
        if (count == 1 && text_equal(candidate.card.name, name)) {
            *out_key = candidate.key;
            return OK;
        }
    }
    return find_by_name(take, columns, unit, out_key, err);
}

/* A standing that begins when the row says so; one of the same kind that runs already stays. */
static ErrCode take_standing(Take *take, Key person, Id person_id, bool is_new, int standing,
                             Day from, Err *err)
{
    Record record = {.kind = vocab_kind(KIND_STANDING)};
    Standings known = {0};
    Key key = KEY_NONE;
    Id id;
    const Source source = {take->engine->store, take->engine->shard, &take->row_arena};
    if (!is_new) TRY(load_standings(source, person, &known, err));
    for (size_t i = 0; i < known.count; i++)
        if (known.items[i].standing == standing && known.items[i].days.last >= from) return OK;
    record_set_ref(&record, STANDING_PERSON, person_id);
    record_set_int(&record, STANDING_STANDING, standing);
    record_set_int(&record, STANDING_FROM, from);
    return take_add(take, &record, &key, &id, err);
}

static ErrCode take_standings(Take *take, Key person, Id person_id, bool is_new, Err *err)
{
    const int standing = (int)take_int(take, COLUMN_PEOPLE_STANDING, 0);
    /* Without a date the status holds from the first day anybody could ask about. */
    const Day joined = (Day)take_int(take, COLUMN_PEOPLE_PARTY_FROM, DAY_FIRST);
    const Day formal = (Day)take_int(take, COLUMN_PEOPLE_FORMAL_FROM, joined);
    if (standing == STANDING_IS_PARTY_FORMAL)
        TRY(take_standing(take, person, person_id, is_new, standing, formal, err));
    if (standing == STANDING_IS_PARTY_PROBATIONARY)
        TRY(take_standing(take, person, person_id, is_new, standing, joined, err));
    if (take_int(take, COLUMN_PEOPLE_UNION_MEMBER, 0) == 0 &&
        !take_has(take, COLUMN_PEOPLE_UNION_FROM))
        return OK;
    return take_standing(take, person, person_id, is_new, STANDING_IS_UNION_MEMBER,
                         (Day)take_int(take, COLUMN_PEOPLE_UNION_FROM, DAY_FIRST), err);
}

static ErrCode find_project(Take *take, unsigned column, Text code, Key *out_key, Id *out_id,
                            Err *err)
{
    const Text name = take_text(take, column);
    *out_key = KEY_NONE;
    if (code.size > 0) TRY(take_find(take, KIND_PROJECT, code, out_key, out_id, err));
    if (*out_key == KEY_NONE) TRY(take_find(take, KIND_PROJECT, name, out_key, out_id, err));
    if (*out_key != KEY_NONE) return OK;
    return take_note(take, TAKE_PROJECT_UNKNOWN, column, name, NULL, err);
}

static void fill_person(const Take *take, Record *record)
{
    take_copy_text(take, COLUMN_PEOPLE_NAME, record, PERSON_NAME);
    take_copy_text(take, COLUMN_PEOPLE_STAFF_NO, record, PERSON_STAFF_NO);
    take_copy_text(take, COLUMN_PEOPLE_TRADE, record, PERSON_TRADE);
    take_copy_text(take, COLUMN_PEOPLE_ID_NUMBER, record, PERSON_ID_NUMBER);
    take_copy_text(take, COLUMN_PEOPLE_PHONE, record, PERSON_PHONE);
    take_copy_int(take, COLUMN_PEOPLE_SEX, record, PERSON_SEX);
    take_copy_int(take, COLUMN_PEOPLE_BIRTH, record, PERSON_BIRTH);
    take_copy_int(take, COLUMN_PEOPLE_EMPLOYMENT, record, PERSON_EMPLOYMENT);
}

ErrCode take_person(Take *take, Err *err)
{
    static const WhoColumns who = {COLUMN_PEOPLE_NAME,     COLUMN_PEOPLE_ID_NUMBER,
                                   COLUMN_PEOPLE_STAFF_NO, COLUMN_PEOPLE_PHONE,
                                   COLUMN_PEOPLE_UNIT,     COLUMN_PEOPLE_BIRTH};
    Record record = {.kind = vocab_kind(KIND_PERSON)};
    PostingWish wish = {.from_column = COLUMN_PEOPLE_FROM,
                        .to_column = COLUMN_PEOPLE_TO,
                        .crew_column = COLUMN_PEOPLE_CREW,
                        .core_column = COLUMN_PEOPLE_CORE};
    Id unit;
    Key unit_key = KEY_NONE;
    bool has_unit = false;
    const Text project = take_text(take, COLUMN_PEOPLE_PROJECT);
    TRY(find_unit(take, who.unit, &unit, &has_unit, err));
    if (!has_unit) return OK;
    if (project.size > 0) /* before anything is written: a row is taken whole or not at all */
        TRY(find_project(take, COLUMN_PEOPLE_PROJECT, TEXT(""), &wish.project, &wish.project_id,
                         err));
    if (wish.project != KEY_NONE) TRY(check_posting(take, &wish, err));
    TRY(thing_find(take->engine->store, take->engine->shard, unit, &unit_key, err));
    TRY(find_person(take, &who, unit_key, &wish.person, err));
    if (take->is_bad) return OK;
    fill_person(take, &record);
    const bool is_new = wish.person == KEY_NONE;
    if (is_new || take_has(take, who.unit)) record_set_ref(&record, PERSON_UNIT, unit);
    if (is_new)
        TRY(take_add(take, &record, &wish.person, &wish.person_id, err));
    else
        TRY(take_change(take, wish.person, &record, err));
    if (wish.person == KEY_NONE || take->is_bad) return OK; /* refused, and noted */
    TRY(thing_id(take->engine->store, take->engine->shard, wish.person, &wish.person_id, err));
    TRY(take_standings(take, wish.person, wish.person_id, is_new, err));
    return wish.project == KEY_NONE ? OK : take_in_posting(take, &wish, err);
}

ErrCode take_posting(Take *take, Err *err)
{
    static const WhoColumns who = {COLUMN_POSTINGS_NAME,     COLUMN_POSTINGS_ID_NUMBER,
                                   COLUMN_POSTINGS_STAFF_NO, COLUMN_POSTINGS_PHONE,
                                   COLUMN_POSTINGS_UNIT,     INTAKE_COLUMNS_MAX};
    PostingWish wish = {.from_column = COLUMN_POSTINGS_FROM,
                        .to_column = COLUMN_POSTINGS_TO,
                        .crew_column = COLUMN_POSTINGS_CREW,
                        .core_column = COLUMN_POSTINGS_CORE};
    Key unit = KEY_NONE;
    Id unit_id;
    const Text unit_name = take_text(take, who.unit);
    if (unit_name.size > 0) TRY(take_find(take, KIND_UNIT, unit_name, &unit, &unit_id, err));
    TRY(find_project(take, COLUMN_POSTINGS_PROJECT, take_text(take, COLUMN_POSTINGS_PROJECT_CODE),
                     &wish.project, &wish.project_id, err));
    TRY(check_posting(take, &wish, err));
    TRY(find_person(take, &who, unit, &wish.person, err));
    if (take->is_bad) return OK;
    if (wish.person == KEY_NONE)
        return take_note(take, TAKE_PERSON_UNKNOWN, who.name, take_text(take, who.name), NULL, err);
    TRY(thing_id(take->engine->store, take->engine->shard, wish.person, &wish.person_id, err));
    return take_in_posting(take, &wish, err);
}
