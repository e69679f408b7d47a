#include "sync/allowed.h"

#include "store/things.h"

ErrCode allowed_to_go(Store *store, const Node *node, const Peer *to, const StreamName *stream,
                      bool *out_may, Err *err)
{
    int64_t scope = 0;
    KindCode kind = KIND_NONE;
    TRY(warrant_covers(store, node->shard, &to->warrant, stream->scope, out_may, err));
    if (!*out_may) return OK;
    TRY(thing_find(store, node->shard, stream->scope, &scope, err));
    if (scope != 0) TRY(thing_kind(store, node->shard, scope, &kind, err));
    *out_may = kind == KIND_UNIT || kind == KIND_PROJECT || node->role == NODE_BOX;
    return OK;
}

ErrCode allowed_to_say(const Node *node, const Peers *peers, const Peer *carrier,
                       uint64_t node_short, bool *out_found, Warrant *out_warrant, Err *err)
{
    (void)err;
    const Peer *author = peer_by_node(peers, node_short);
    const bool is_own = node_short == node->node_short;
    *out_found = is_own || author != NULL || carrier != NULL;
    if (is_own)
        *out_warrant = (Warrant){.is_everything = true};
    else if (*out_found)
        *out_warrant = author != NULL ? author->warrant : carrier->warrant;
    return OK;
}
