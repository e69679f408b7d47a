#include "answer/filter.h"

#include "answer/shape.h"

ErrCode filter_make(const View *view, const ListAsk *ask, Filter *out_filter, Err *err)
{
    Filter filter = {.reach = &view->reach, .query = text_trim(ask->query)};
    if (filter.query.size > 200)
        return err_set(err, ERR_INVALID, "a search of more than 200 bytes finds nothing");
    if (!id_is_nil(ask->unit)) {
        Key unit = KEY_NONE;
        TRY(view_find(view, ask->unit, KIND_UNIT, &unit, err));
        /* A unit out of reach is as if it were not there. */
        if (!reach_has_unit(&view->reach, unit))
            return err_set(err, ERR_NOT_FOUND, "there is no such unit");
        TRY(reach_below(view->store, view->shard, unit, view->arena, &filter.unit, err));
        filter.has_unit = true;
    }
    *out_filter = filter;
    return OK;
}

static bool is_asked_for(const Filter *filter, Key unit, Text name, Text code)
{
    if (filter->has_unit && !reach_has_unit(&filter->unit, unit)) return false;
    return filter->query.size == 0 || text_contains(name, filter->query) ||
           text_contains(code, filter->query);
}

bool filter_has_project(const Filter *filter, Key project, Key unit, Text name, Text code)
{
    return reach_has_project(filter->reach, project, unit) &&
           is_asked_for(filter, unit, name, code);
}

bool filter_has_thing(const Filter *filter, Key unit, Text name, Text code)
{
    return reach_has_unit(filter->reach, unit) && is_asked_for(filter, unit, name, code);
}
