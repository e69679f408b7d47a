#pragma once
/*
 * route — which handler answers an address, read from routes.def at compile time.
 *
 * The address is looked at as it came over the wire: a path is compared byte by byte (an escape in
 * it matches nothing), and the texts of a query are decoded once, here. So there is one reading of
 * an address and not two.
 *
 *   Owns     nothing: a Match borrows the address; decoded texts live in the arena given.
 *   Threads  any.
 *   Bounds   URI_BYTES_MAX, PARAM_COUNT_MAX
 *   Errors   ERR_INVALID  a parameter that is unknown, twice, missing, or not UTF-8
 *            ERR_LIMIT    too many parameters
 */
#include "base/id.h"
#include "vocab/policy.h"

#define URI_BYTES_MAX   4096
#define PARAM_COUNT_MAX 16

typedef enum Method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHOD_OTHER } Method;

/* Beside the permissions of vocab/policy.h. */
enum {
    MAY_OPEN = -1,  /* nobody needs to be signed in */
    MAY_LOCAL = -2, /* from this machine, or with the permission MAY_MACHINE */
};

typedef struct Exchange Exchange;

typedef struct Route {
    Method method;
    const char *pattern;
    ErrCode (*handle)(Exchange *exchange, Err *err);
    int permission; /* a Permission, MAY_OPEN or MAY_LOCAL */
    const char *query;
    const char *body; /* its members; "*": bytes and no JSON */
    unsigned status;
    const char *summary;
} Route;

extern const Route routes[];
extern const size_t route_count;

typedef enum MatchKind {
    MATCH_ROUTE,
    MATCH_METHOD, /* the path is known, but not with this method: `allowed` says which */
    MATCH_API,    /* no such path of the API */
    MATCH_PAGE,   /* some page of the web app, or a file of it */
} MatchKind;

typedef struct Match {
    MatchKind kind;
    const Route *route; /* of MATCH_ROUTE */
    Id id;              /* nil when the path holds none */
    unsigned allowed;   /* a bit (1 << Method) for each */
    Text path;          /* without the query */
    Text query;         /* behind the "?" */
} Match;

/* Whether it takes a password that was given a few minutes ago at most. */
/* Whether the body is bytes, for the handler alone to read. */
bool route_takes_bytes(const Route *route);

/* The longest body it takes. */
size_t route_body_max(const Route *route);

bool route_wants_password(const Route *route);

Method method_named(const char *name, bool *out_is_head);
const char *method_name(Method method);

Match route_match(Method method, Text uri);

/* "GET, HEAD, POST"; returns `out`. */
#define ALLOW_TEXT_MAX 40
const char *route_allowed(unsigned allowed, char out[ALLOW_TEXT_MAX]);

typedef struct Params {
    Text names[PARAM_COUNT_MAX];
    Text values[PARAM_COUNT_MAX];
    size_t count;
} Params;

/* Decodes the query against what the route takes. */
MUST_USE ErrCode route_params(const Route *route, Text query, Arena *arena, Params *out_params,
                              Err *err);

/* Empty where the parameter is absent. */
Text params_find(const Params *params, const char *name);

/* The words of a list such as "on q unit!", one after the other; false at the end. */
bool route_word(Text *rest, Text *out_name, bool *out_is_must);
