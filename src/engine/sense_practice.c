#include "engine/meeting.h"

/* Whether what belongs to a linked practice makes sense: integrity risks, their checks, visits. */

ErrCode check_not_ahead(const Engine *engine, const Record *record, unsigned field, Err *err)
{
    if (record_int(record, field, 0) <= node_today(engine->node) + 1) return OK;
    return err_set(err, ERR_INVALID, "\"%s\" is in the future: nothing was done yet",
                   vocab_field(record->kind, field)->name);
}

/* Care is the union's. */
static ErrCode check_visit(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    Record group;
    Key key = KEY_NONE;
    TRY(load_ref(engine, record, VISIT_GROUP, KIND_GROUP, arena, &key, &group, err));
    if (record_int(&group, GROUP_KIND, 0) != GROUP_KIND_IS_UNION)
        return err_set(err, ERR_INVALID, "\"group\" is to be a union group: it does the visiting");
    return check_not_ahead(engine, record, VISIT_DAY, err);
}

ErrCode check_practice(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    switch ((int)record->kind->code) {
    case KIND_RISK_CHECK: return check_not_ahead(engine, record, RISK_CHECK_DAY, err);
    case KIND_VISIT: return check_visit(engine, record, arena, err);
    default: return OK;
    }
}
