#include "answer/practices.h"
#include "answer/shape.h"
#include "store/query.h"
#include "view/load.h"

static ErrCode find_project(const View *view, Id project, Key *out_key, Err *err)
{
    ProjectCard card;
    TRY(view_find(view, project, KIND_PROJECT, out_key, err));
    TRY(load_project(view_source(view), *out_key, &card, err));
    if (reach_has_project(&view->reach, *out_key, card.facts.unit)) return OK;
    return err_set(err, ERR_NOT_FOUND, "there is no such project");
}

static ErrCode emit_text_of(const View *view, const Query *query, int column, const char *member,
                            Emit *emit, Err *err)
{
    Text text;
    TRY(query_text(query, column, view->arena, &text, err));
    emit_text_at(emit, member, text);
    return OK;
}

/* ---- Integrity ---- */

/* Columns of INTEGRITY_RISKS_OF_PROJECT. */
enum {
    REGISTER_RISK,
    REGISTER_POINT,
    REGISTER_KIND,
    REGISTER_GRADE,
    REGISTER_POST,
    REGISTER_FORM,
    REGISTER_MEASURES,
    REGISTER_OWNER,
    REGISTER_OVERSEER,
    REGISTER_FROM,
    REGISTER_TO
};

/* The last check until the day that is looked at. */
static ErrCode emit_last_check(const View *view, Key risk, bool *out_is_checked, Emit *emit,
                               Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, view->store, LAST_CHECK_OF_RISK, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, risk);
    query_bind_int(&query, 3, view->on);
    TRY(query_next(&query, out_is_checked, err));
    emit_key(emit, "last_check");
    if (!*out_is_checked) {
        emit_null(emit);
        return OK;
    }
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", query_int(&query, 0), emit, err));
    emit_day_at(emit, "day", (Day)query_int(&query, 1));
    shape_choice_at("found", vocab_field(vocab_kind(KIND_RISK_CHECK), RISK_CHECK_FOUND),
                    (int)query_int(&query, 2), emit);
    TRY(emit_text_of(view, &query, 3, "note", emit, err));
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_risk(const View *view, const Query *query, int64_t number, bool *out_is_checked,
                         Emit *emit, Err *err)
{
    const KindInfo *kind = vocab_kind(KIND_INTEGRITY_RISK);
    const Key key = query_int(query, REGISTER_RISK);
    emit_open_object(emit);
    emit_int_at(emit, "number", number);
    TRY(shape_id_at(view, "id", key, emit, err));
    TRY(emit_text_of(view, query, REGISTER_POST, "post", emit, err));
    shape_choice_at("kind", vocab_field(kind, INTEGRITY_RISK_KIND),
                    (int)query_int(query, REGISTER_KIND), emit);
    TRY(emit_text_of(view, query, REGISTER_POINT, "point", emit, err));
    TRY(emit_text_of(view, query, REGISTER_FORM, "form", emit, err));
    shape_choice_at("grade", vocab_field(kind, INTEGRITY_RISK_GRADE),
                    (int)query_int(query, REGISTER_GRADE), emit);
    TRY(emit_text_of(view, query, REGISTER_MEASURES, "measures", emit, err));
    TRY(shape_thing_at(view, "owner", KIND_PERSON, query_int(query, REGISTER_OWNER), emit, err));
    TRY(shape_thing_at(view, "overseer", KIND_PERSON, query_int(query, REGISTER_OVERSEER), emit,
                       err));
    TRY(emit_last_check(view, key, out_is_checked, emit, err));
    emit_close_object(emit);
    return OK;
}

ErrCode answer_integrity(const View *view, Id project, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    Key key = KEY_NONE;
    bool found = false;
    int64_t total = 0;
    int64_t unchecked = 0;
    TRY(find_project(view, project, &key, err));
    TRY(query_begin(&query, view->store, INTEGRITY_RISKS_OF_PROJECT, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, key);
    query_bind_int(&query, 3, view->on);
    TRY(query_next(&query, &found, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, key, emit, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    while (found) {
        bool is_checked = false;
        TRY(emit_risk(view, &query, ++total, &is_checked, emit, err));
        unchecked += !is_checked;
        TRY(query_next(&query, &found, err));
    }
    emit_close_array(emit);
    emit_int_at(emit, "total", total);
    emit_int_at(emit, "unchecked", unchecked);
    emit_close_object(emit);
    return OK;
}

/* ---- Care ---- */

static ErrCode emit_visit(const View *view, const Query *query, Emit *emit, Err *err)
{
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", query_int(query, 0), emit, err));
    TRY(shape_thing_at(view, "group", KIND_GROUP, query_int(query, 1), emit, err));
    TRY(shape_thing_at(view, "person", KIND_PERSON, query_int(query, 2), emit, err));
    shape_choice_at("kind", vocab_field(vocab_kind(KIND_VISIT), VISIT_KIND),
                    (int)query_int(query, 3), emit);
    emit_day_at(emit, "day", (Day)query_int(query, 4));
    TRY(emit_text_of(view, query, 5, "note", emit, err));
    emit_close_object(emit);
    return OK;
}

static ErrCode may_read(const View *view, const Asker *asker, const Query *query, bool *out_may,
                        Err *err)
{
    GroupCard card;
    *out_may = false;
    const ErrCode code = load_group(view_source(view), query_int(query, 1), &card, err);
    if (code == ERR_NOT_FOUND) return OK; /* of a group that was voided nothing is told any more */
    if (code != OK) return code;
    return minutes_may_open(view, asker, &card.facts, (Day)query_int(query, 4), out_may, err);
}

ErrCode answer_visits(const View *view, const Asker *asker, Id project, DayRange within, Emit *emit,
                      Err *err)
{
    AUTO(query_done) Query query = {0};
    Key key = KEY_NONE;
    bool found = false;
    TRY(find_project(view, project, &key, err));
    TRY(query_begin(&query, view->store, VISITS_AT_PROJECT, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, key);
    query_bind_int(&query, 3, within.first);
    query_bind_int(&query, 4, within.last);
    TRY(query_next(&query, &found, err));
    emit_open_object(emit);
    emit_day_at(emit, "from", within.first);
    emit_day_at(emit, "to", within.last);
    emit_key(emit, "items");
    emit_open_array(emit);
    while (found) {
        bool may = false;
        TRY(may_read(view, asker, &query, &may, err));
        if (may) TRY(emit_visit(view, &query, emit, err));
        TRY(query_next(&query, &found, err));
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}
