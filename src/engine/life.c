#include "engine/life.h"

ErrCode life_next(Engine **engine, Node *node, Store *store, unsigned seen, Err *err)
{
    const unsigned before = node->epoch;
    const unsigned next = (seen > before ? seen : before) + 1;
    engine_close(engine);
    if (next > EPOCH_MAX)
        return err_set(err, ERR_LIMIT, "this node has lived %d lives: make a new one", EPOCH_MAX);
    node->epoch = next;
    const ErrCode code = node_save(node, err);
    if (code != OK) {
        node->epoch = before;
        return code;
    }
    return engine_open(engine, node, store, err);
}
