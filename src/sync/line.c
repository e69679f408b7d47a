#include "sync/line.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

#define PATH         "/api/v1/sync"
#define CONNECT_S    30L
#define PIN_TEXT_MAX 64 /* "sha256//" and 44 characters */
#define TYPE_BINARY  "application/octet-stream"
#define CUT_IN_HEAD  "the line was cut before the answer; nothing is lost, the next one goes on"

struct Line {
    Arena arena; /* of this struct */
    CURL *easy;
    struct curl_slist *headers;
    char said[CURL_ERROR_SIZE];
    const atomic_bool *is_over; /* NULL: nobody asks us to stop */
};

ErrCode line_open(Line **out_line, Err *err)
{
    Arena arena;
    arena_init(&arena, sizeof(Line) + 64);
    Line *line = arena_new(&arena, Line);
    if (line == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        arena_done(&arena);
        return err_set(err, ERR_IO, "the machine has no room for a line");
    }
    line->arena = arena;
    line->easy = curl_easy_init();
    line->headers = curl_slist_append(NULL, "Content-Type: " TYPE_BINARY);
    /* Nothing is asked first whether it may be sent: a round trip less. */
    line->headers = curl_slist_append(line->headers, "Expect:");
    *out_line = line;
    if (line->easy != NULL && line->headers != NULL) return OK;
    line_close(out_line);
    return err_set(err, ERR_IO, "the machine has no room for a line");
}

void line_close(Line **line)
{
    Line *self = *line;
    if (self == NULL) return;
    curl_slist_free_all(self->headers);
    curl_easy_cleanup(self->easy);
    curl_global_cleanup();
    Arena arena = self->arena;
    arena_done(&arena);
    *line = NULL;
}

void line_end_when(Line *line, const atomic_bool *is_over)
{
    line->is_over = is_over;
}

/* Asked about once a second, whatever comes over the line. */
static int is_given_up(void *context, curl_off_t to_come, curl_off_t come, curl_off_t to_go,
                       curl_off_t gone)
{
    (void)to_come, (void)come, (void)to_go, (void)gone;
    const Line *line = context;
    return line->is_over != NULL && atomic_load(line->is_over) ? 1 : 0;
}

static void write_pin(const Digest *pin, char out[PIN_TEXT_MAX])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t size = (size_t)snprintf(out, PIN_TEXT_MAX, "sha256//");
    for (size_t at = 0; at < DIGEST_SIZE; at += 3) {
        uint32_t bits = (uint32_t)pin->at[at] << 16;
        const size_t count = DIGEST_SIZE - at < 3 ? DIGEST_SIZE - at : 3;
        if (count > 1) bits |= (uint32_t)pin->at[at + 1] << 8;
        if (count > 2) bits |= pin->at[at + 2];
        for (size_t i = 0; i < 4; i++)
            out[size++] = i <= count ? digits[bits >> (18 - 6 * i) & 63] : '=';
    }
    out[size] = '\0';
}

static size_t take_bytes(char *bytes, size_t one, size_t count, void *context)
{
    LineReply *reply = context;
    buf_add(&reply->body, (Bytes){(const uint8_t *)bytes, one * count});
    return reply->body.is_over ? 0 : one * count;
}

static void set_up(Line *line, const char *address, Bytes body, LineReply *reply)
{
    CURL *easy = line->easy;
    curl_easy_reset(easy); /* keeps the connection */
    line->said[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_URL, address);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, line->said);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)LINE_SLOW_BYTES);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)LINE_SLOW_S);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, line->headers);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.at);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.size);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, reply);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, is_given_up);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, line);
}

/* With a pin it does not matter who signed the certificate: its key is the one. */
static void set_pin(Line *line, const char *pin, bool is_unpinned)
{
    const bool by_machine = pin[0] == '\0' && !is_unpinned;
    if (pin[0] != '\0') curl_easy_setopt(line->easy, CURLOPT_PINNEDPUBLICKEY, pin);
    curl_easy_setopt(line->easy, CURLOPT_SSL_VERIFYPEER, by_machine ? 1L : 0L);
    curl_easy_setopt(line->easy, CURLOPT_SSL_VERIFYHOST, by_machine ? 2L : 0L);
}

static ErrCode say_failure(const Line *line, CURLcode code, const LineReply *reply, Err *err)
{
    const char *why = line->said[0] != '\0' ? line->said : curl_easy_strerror(code);
    switch ((int)code) {
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return err_set(err, ERR_DENIED,
                       "the key of the certificate there is not the one that is pinned: nothing "
                       "was sent; somebody may be in between");
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
        return err_set(err, ERR_IO,
                       "the line was cut after %zu bytes of the answer (%.80s); nothing is lost, "
                       "the next exchange goes on from there",
                       reply->body.size, why);
    case CURLE_OPERATION_TIMEDOUT:
        return err_set(err, ERR_IO, "the line was too slow (%.80s); nothing is lost", why);
    case CURLE_WRITE_ERROR:
        return err_set(err, ERR_LIMIT, "what answered sent more than a node does");
    default: return err_set(err, ERR_IO, "no line: %.160s", why);
    }
}

static ErrCode check_answer(const Line *line, LineReply *reply, Err *err)
{
    long status = 0;
    curl_off_t retry = 0;
    curl_off_t size = -1;
    const char *type = NULL;
    curl_easy_getinfo(line->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(line->easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(line->easy, CURLINFO_RETRY_AFTER, &retry);
    curl_easy_getinfo(line->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    if (status == 503 || status == 429) {
        reply->retry_s = retry > 0 && retry < 86400 ? (unsigned)retry : LINE_RETRY_S;
        return err_set(err, ERR_BUSY, "it is busy: again in %u s", reply->retry_s);
    }
    const bool is_binary = type != NULL && strcmp(type, TYPE_BINARY) == 0;
    /* A node says how long its answer is. A head that was cut looks like one without an end. */
    if (status == 200 && (type == NULL || (is_binary && size < 0)))
        return err_set(err, ERR_IO, CUT_IN_HEAD);
    if (status == 200 && is_binary) return OK;
    if (type != NULL && strstr(type, "problem+json") != NULL)
        return err_set(err, ERR_DENIED, "it refuses (%ld): %.*s", status,
                       reply->body.size > 160 ? 160 : (int)reply->body.size,
                       (const char *)reply->body.at);
    return err_set(err, ERR_INVALID,
                   "what answered is no node but a page (%ld, %.60s): a login page of the network, "
                   "perhaps; sign in there first. Nothing was taken in",
                   status, type == NULL ? "of no type" : type);
}

ErrCode line_post(Line *line, const char *url, const Digest *pin, bool is_unpinned, Bytes body,
                  LineReply *out_reply, Err *err)
{
    char address[URL_TEXT_MAX + sizeof PATH];
    char pinned[PIN_TEXT_MAX] = "";
    const size_t size = strlen(url);
    if (size == 0 || size > URL_TEXT_MAX)
        return err_set(err, ERR_INVALID, "an address has at most %d bytes", URL_TEXT_MAX);
    const bool ends_in_slash = url[size - 1] == '/';
    (void)snprintf(address, sizeof address, "%.*s%s", (int)(ends_in_slash ? size - 1 : size), url,
                   PATH);
    if (pin != NULL) write_pin(pin, pinned);
    buf_clear(&out_reply->body);
    out_reply->retry_s = 0;
    set_up(line, address, body, out_reply);
    set_pin(line, pinned, is_unpinned);
    const CURLcode code = curl_easy_perform(line->easy);
    if (code != CURLE_OK) return say_failure(line, code, out_reply, err);
    return check_answer(line, out_reply, err);
}
