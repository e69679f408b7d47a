#include "view/view.h"

#include "store/things.h"

Source view_source(const View *view)
{
    return (Source){view->store, view->shard, view->arena};
}

ErrCode view_find(const View *view, Id id, KindCode kind, Key *out_key, Err *err)
{
    KindCode its_kind = KIND_NONE;
    Key key = KEY_NONE;
    TRY(thing_find(view->store, view->shard, id, &key, err));
    if (key != KEY_NONE) TRY(thing_kind(view->store, view->shard, key, &its_kind, err));
    if (its_kind != kind)
        return err_set(err, ERR_NOT_FOUND, "there is no such %s", vocab_kind((unsigned)kind)->name);
    *out_key = key;
    return OK;
}
