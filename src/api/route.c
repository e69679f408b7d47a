#include "api/route.h"

#include <assert.h>
#include <string.h>

#include "api/handlers.h"
#include "base/limits.h"

const Route routes[] = {
#define ROUTE(METHOD, pattern, handler, PERMISSION, query, body, status, summary) \
    {METHOD_##METHOD, (pattern), handle_##handler, MAY_##PERMISSION,              \
     (query),         (body),    (status),         (summary)},
#include "api/routes.def"
};
const size_t route_count = sizeof routes / sizeof routes[0];

static const char *const method_names[] = {
    [METHOD_GET] = "GET",       [METHOD_POST] = "POST",   [METHOD_PUT] = "PUT",
    [METHOD_DELETE] = "DELETE", [METHOD_OTHER] = "OTHER",
};

bool route_takes_bytes(const Route *route)
{
    return route->body[0] == '*';
}

size_t route_body_max(const Route *route)
{
    return route != NULL && route_takes_bytes(route) ? BYTES_BODY_MAX : BODY_BYTES_MAX;
}

bool route_wants_password(const Route *route)
{
    const PermissionInfo *permission = permission_info(route->permission);
    return route->method != METHOD_GET && permission != NULL && permission->needs == NEEDS_PASSWORD;
}

Method method_named(const char *name, bool *out_is_head)
{
    *out_is_head = strcmp(name, "HEAD") == 0;
    if (*out_is_head) return METHOD_GET;
    for (Method method = METHOD_GET; method < METHOD_OTHER; method++)
        if (strcmp(name, method_names[method]) == 0) return method;
    return METHOD_OTHER;
}

const char *method_name(Method method)
{
    return method_names[method];
}

/* Whether the path fits the pattern; its id when there is one. What stands where an id belongs and
 * is none fits nothing: the answer is the same as for an id that leads nowhere. */
static bool fits(const char *pattern, Text path, Id *out_id)
{
    Text rest = text_from_z(pattern);
    Text left = path;
    *out_id = (Id){0};
    while (rest.size > 0 && left.size > 0) {
        const Text wanted = text_split(&rest, '/');
        const Text found = text_split(&left, '/');
        Err err;
        if (text_is(wanted, "{id}")) {
            if (id_parse(found, out_id, &err) != OK) return false;
        } else if (!text_equal(wanted, found)) {
            return false;
        }
    }
    return rest.size == 0 && left.size == 0;
}

static bool is_of_api(Text path)
{
    return text_is(path, "/api") || text_starts_with(path, TEXT("/api/"));
}

Match route_match(Method method, Text uri)
{
    Match match = {.query = uri};
    match.path = text_split(&match.query, '?');
    const bool ends_in_slash = match.path.size > 1 && match.path.at[match.path.size - 1] == '/';
    for (size_t i = 0; i < route_count && !ends_in_slash; i++) {
        Id id;
        if (!fits(routes[i].pattern, match.path, &id)) continue;
        match.allowed |= 1U << routes[i].method;
        if (routes[i].method != method) continue;
        match.route = &routes[i];
        match.id = id;
    }
    if (match.route != NULL)
        match.kind = MATCH_ROUTE;
    else if (match.allowed != 0)
        match.kind = MATCH_METHOD;
    else
        match.kind = is_of_api(match.path) ? MATCH_API : MATCH_PAGE;
    if (match.kind == MATCH_PAGE) match.allowed = 1U << METHOD_GET;
    return match;
}

const char *route_allowed(unsigned allowed, char out[ALLOW_TEXT_MAX])
{
    size_t size = 0;
    out[0] = '\0';
    for (Method method = METHOD_GET; method < METHOD_OTHER; method++) {
        if ((allowed & (1U << method)) == 0) continue;
        const char *words = method == METHOD_GET ? "GET, HEAD" : method_names[method];
        const size_t separator_size = size > 0 ? 2 : 0;
        assert(size + separator_size + strlen(words) < ALLOW_TEXT_MAX);
        memcpy(out + size, ", ", separator_size);
        memcpy(out + size + separator_size, words, strlen(words) + 1);
        size += separator_size + strlen(words);
    }
    return out;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/* "+" is a blank and "%41" an A; anything half is refused. */
static ErrCode decode_value(Text raw, Arena *arena, Text *out_value, Err *err)
{
    char *at = arena_array(arena, char, raw.size + 1);
    if (at == NULL) return err_set(err, ERR_LIMIT, "the address is too long");
    size_t size = 0;
    for (size_t i = 0; i < raw.size; i++) {
        if (raw.at[i] != '%') {
            at[size++] = raw.at[i] == '+' ? ' ' : raw.at[i];
            continue;
        }
        const int high = i + 2 < raw.size ? hex_value(raw.at[i + 1]) : -1;
        const int low = i + 2 < raw.size ? hex_value(raw.at[i + 2]) : -1;
        if (high < 0 || low < 0)
            return err_set(err, ERR_INVALID, "the address holds half an escape");
        at[size++] = (char)(high * 16 + low);
        i += 2;
    }
    if (text_from_bytes((Bytes){(const uint8_t *)at, size}, out_value, err) != OK)
        return err_context(err, "the address");
    return OK;
}

bool route_word(Text *rest, Text *out_name, bool *out_is_must)
{
    if (rest->size == 0) return false;
    Text word = text_split(rest, ' ');
    *out_is_must = word.size > 0 && word.at[word.size - 1] == '!';
    if (*out_is_must) word.size--;
    *out_name = word;
    return word.size > 0;
}

static bool takes(const char *list, Text name)
{
    Text rest = text_from_z(list);
    Text word;
    bool is_must;
    while (route_word(&rest, &word, &is_must))
        if (text_equal(word, name)) return true;
    return false;
}

static bool has(const Params *params, Text name)
{
    for (size_t i = 0; i < params->count; i++)
        if (text_equal(params->names[i], name)) return true;
    return false;
}

static ErrCode add_param(const Route *route, Text pair, Arena *arena, Params *params, Err *err)
{
    Text value = pair;
    const Text name = text_split(&value, '=');
    Text checked;
    if (text_from_bytes(bytes_of(name), &checked, err) != OK)
        return err_context(err, "a parameter");
    const int shown_size = name.size > 40 ? 40 : (int)name.size;
    if (!takes(route->query, name))
        return err_set(err, ERR_INVALID, "%s takes no parameter \"%.*s\"", route->pattern,
                       shown_size, name.at);
    if (has(params, name))
        return err_set(err, ERR_INVALID, "the parameter \"%.*s\" is there twice", shown_size,
                       name.at);
    if (params->count == PARAM_COUNT_MAX) return err_set(err, ERR_LIMIT, "too many parameters");
    TRY(decode_value(value, arena, &params->values[params->count], err));
    params->names[params->count++] = name;
    return OK;
}

ErrCode route_params(const Route *route, Text query, Arena *arena, Params *out_params, Err *err)
{
    Params params = {.count = 0};
    Text rest = query;
    while (rest.size > 0) {
        const Text pair = text_split(&rest, '&');
        if (pair.size > 0) TRY(add_param(route, pair, arena, &params, err));
    }
    Text list = text_from_z(route->query);
    Text word;
    bool is_must;
    while (route_word(&list, &word, &is_must))
        if (is_must && !has(&params, word))
            return err_set(err, ERR_INVALID, "%s needs the parameter \"%.*s\"", route->pattern,
                           TEXT_ARG(word));
    *out_params = params;
    return OK;
}

Text params_find(const Params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++)
        if (text_is(params->names[i], name)) return params->values[i];
    return (Text){.at = "", .size = 0};
}
