#pragma once
/*
 * service — what all requests of one server share.
 *
 *   Owns     what it opened itself: readers, hashing threads, rates, streams.
 *   Threads  constant after the start, apart from members that lock themselves.
 */
#include "api/assets.h"
#include "api/hashing.h"
#include "api/metrics.h"
#include "api/nonces.h"
#include "api/rate.h"
#include "api/readers.h"
#include "engine/writer.h"
#include "seal/password.h"
#include "view/view.h"

typedef struct Streams Streams;

/* Whoever stands before the machine may make the first account: the code is shown there. */
typedef struct SetupCode {
    Lock lock;
    Digest digest;
    bool is_open;
} SetupCode;

typedef struct Service {
    const Node *node;
    Writer *writer;
    Changes *changes;
    Board *board;
    const Asset *assets;
    size_t asset_count;
    const char *version;
    PasswordCost cost;
    bool is_tls;
    Digest device_key;
    Readers *readers;
    Hashing hashing;
    Streams *streams;
    SetupCode setup;
    Metrics metrics;
    Nonces nonces; /* of other nodes */
    bool has_pin;
    Digest pin;      /* of the key of our certificate */
    Rate by_address; /* failed sign-ins */
    Rate by_account; /* those of unknown devices */
    Rate by_device;
    Rate touches; /* how often the last use of a session is written down */
    Rate reveals;
    Rate by_session; /* all requests of one session, where the node limits them */
} Service;
