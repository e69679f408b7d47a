#include "answer/activities.h"
#include "answer/shape.h"
#include "store/query.h"
#include "view/load.h"

/* What was found of one line of the checklist. */
typedef struct Check {
    Key key;
    Text item;
    int found;
    Text note;
} Check;

typedef struct Checks {
    Check *items;
    size_t count;
} Checks;

static ErrCode load_checks(const View *view, Key briefing, Checks *checks, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, CHECKS_OF_BRIEFING, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, briefing);
    TRY(query_next(&query, &found, err));
    while (found) {
        checks->items = list_grow(view->arena, checks->items, sizeof(Check), checks->count);
        if (checks->items == NULL) return list_full(checks->count, err);
        Check *check = &checks->items[checks->count++];
        *check = (Check){.key = query_int(&query, 0), .found = (int)query_int(&query, 2)};
        TRY(query_text(&query, 1, view->arena, &check->item, err));
        TRY(query_text(&query, 3, view->arena, &check->note, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static const Check *find_check(const Checks *checks, Text item)
{
    for (size_t i = 0; i < checks->count; i++)
        if (text_equal(checks->items[i].item, item)) return &checks->items[i];
    return NULL;
}

static ErrCode emit_check(const View *view, Text item, const ChecklistItem *words,
                          const Check *check, Emit *emit, Err *err)
{
    emit_open_object(emit);
    emit_text_at(emit, "item", item);
    emit_text_at(emit, "zh", words == NULL ? item : words->zh);
    emit_text_at(emit, "en", words == NULL ? item : words->en);
    if (check == NULL)
        emit_null_at(emit, "id");
    else
        TRY(shape_id_at(view, "id", check->key, emit, err));
    shape_choice_at("found", vocab_field(vocab_kind(KIND_CHECK), CHECK_FOUND),
                    check == NULL ? 0 : check->found, emit);
    emit_text_at(emit, "note", check == NULL ? TEXT("") : check->note);
    emit_close_object(emit);
    return OK;
}

/* Every line of the list that held on the day, checked or not; then what another version of the
 * list had. */
static ErrCode emit_checks(const View *view, const Rule *list, const Checks *checks, Emit *emit,
                           Err *err)
{
    size_t unchecked = 0;
    emit_key(emit, "checks");
    emit_open_array(emit);
    for (size_t i = 0; list != NULL && i < list->list.count; i++) {
        const ChecklistItem *words = &list->list.items[i];
        const Check *check = find_check(checks, words->code);
        unchecked += check == NULL;
        TRY(emit_check(view, words->code, words, check, emit, err));
    }
    for (size_t i = 0; i < checks->count; i++)
        if (list == NULL || checklist_find(&list->list, checks->items[i].item) == NULL)
            TRY(emit_check(view, checks->items[i].item, NULL, &checks->items[i], emit, err));
    emit_close_array(emit);
    emit_int_at(emit, "unchecked", (int64_t)unchecked);
    return OK;
}

/* A level is told with its numbering, and how grave it is whatever the numbering: 5 is gravest. */
static void emit_risk(const Query *query, Emit *emit)
{
    const int scheme = (int)query_int(query, 4);
    const int level = (int)query_int(query, 5);
    emit_key(emit, "risk_level");
    if (scheme == 0) {
        emit_null(emit);
        return;
    }
    emit_open_object(emit);
    shape_choice_at("scheme", vocab_field(vocab_kind(KIND_BRIEFING), BRIEFING_RISK_SCHEME), scheme,
                    emit);
    emit_int_at(emit, "level", level);
    emit_int_at(emit, "gravity", scheme == RISK_SCHEME_IS_FALLING ? 6 - level : level);
    emit_close_object(emit);
}

static ErrCode emit_words(const View *view, const Query *query, Emit *emit, Err *err)
{
    static const struct {
        const char *name;
        int column;
    } texts[] = {{"task", 1}, {"safety", 2}, {"technique", 3}, {"risk", 6}, {"ticket", 7}};
    TRY(shape_id_at(view, "id", query_int(query, 0), emit, err));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Text text;
        TRY(query_text(query, texts[i].column, view->arena, &text, err));
        emit_text_at(emit, texts[i].name, text);
    }
    emit_risk(query, emit);
    return OK;
}

ErrCode answer_briefing(const View *view, const OwnPart *part, Day day, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    Checks checks = {0};
    bool found = false;
    const Rule *list = pack_rule(view->pack, RULE_PRE_SHIFT_CHECKS, day);
    emit_key(emit, "briefing");
    TRY(query_begin(&query, view->store, BRIEFINGS_OF_PART, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, part->key);
    TRY(query_next(&query, &found, err));
    if (!found) {
        emit_null(emit);
        return OK;
    }
    TRY(load_checks(view, query_int(&query, 0), &checks, err));
    emit_open_object(emit);
    TRY(emit_words(view, &query, emit, err));
    TRY(emit_checks(view, list, &checks, emit, err));
    shape_rule_at("rule", list, emit);
    emit_close_object(emit);
    return OK;
}
