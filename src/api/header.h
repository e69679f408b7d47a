#pragma once
/*
 * header — what stands in the headers of a request, read strictly: cookies, ETags, origins, types.
 *
 * Each function takes the header's value as it came (NULL when there was none) and never fails:
 * what makes no sense counts as absent, so it grants nothing.
 *
 *   Owns     nothing: borrows the values.
 *   Threads  any.
 */
#include "base/text.h"

/* The value of one cookie; empty when it is not there, or there twice. */
Text header_cookie(const char *cookies, const char *name);

/* Whether If-None-Match names this ETag, or "*"; weak and strong count the same. */
bool header_has_etag(const char *if_none_match, const char *etag);

/* Whether a Content-Type is application/json, with any parameters. */
bool header_is_json(const char *content_type);

typedef struct Origin {
    const char *fetch_site; /* Sec-Fetch-Site */
    const char *origin;     /* Origin */
    const char *host;       /* Host */
    bool is_tls;
} Origin;

/* Whether a request that changes something comes from our own pages, or from no browser at all:
 * a browser says where it comes from in one of the two headers, other programs in neither. */
bool header_is_our_own(const Origin *from);

/* Whether a Host names a machine: an address can be given to another machine tomorrow, and
 * localhost is a different one for everybody. */
bool header_names_host(const char *host);

/* Without padding, in the alphabet of URLs. */
#define BASE64_SIZE(size) (((size)*4 + 2) / 3)
void base64_write(Bytes bytes, char *out); /* BASE64_SIZE(size) characters and a NUL */

/* Whether `text` is exactly the base64 of `size` bytes; writes them. */
bool base64_read(Text text, uint8_t *out, size_t size);
