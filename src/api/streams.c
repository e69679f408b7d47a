#include "api/streams.h"

#include <assert.h>
#include <stdio.h>

struct Stream {
    Streams *streams;
    Stream *next;
    Stream *previous;
    StreamLink link;
    Sid sid;
    int64_t sent_version; /* 0: none yet */
    bool is_asleep;
    bool is_due; /* for a heartbeat */
    Arena arena; /* of this struct */
};

struct Streams {
    Service *service;
    Lock lock;
    Stream *first;
    size_t count;
    uint64_t wake_count; /* how often all were woken */
    bool is_ending;
    Queue news; /* one token: "something was committed" */
    void *places[1];
    Thread thread;
    Arena arena; /* of this struct */
};

static void wake_all(Streams *streams, bool with_heartbeat)
{
    lock_take(&streams->lock);
    streams->wake_count++;
    for (Stream *stream = streams->first; stream != NULL; stream = stream->next) {
        stream->is_due = stream->is_due || with_heartbeat;
        if (!stream->is_asleep) continue;
        stream->is_asleep = false;
        stream->link.wake(stream->link.connection);
    }
    lock_give(&streams->lock);
}

static void run_waker(void *context)
{
    Streams *streams = context;
    while (!queue_is_over(&streams->news)) {
        void *token = NULL;
        const size_t count = queue_pop(&streams->news, HEARTBEAT_MS, 0, &token, 1);
        if (!queue_is_over(&streams->news)) wake_all(streams, count == 0);
    }
}

/* On the writer's thread, which is not kept waiting: when a token lies there already, the waker
 * will see this change with it. */
static void hear(void *context, int64_t version)
{
    Streams *streams = context;
    Err err;
    (void)version;
    const ErrCode code = queue_push(&streams->news, streams, &err);
    assert(code == OK || code == ERR_BUSY || code == ERR_DENIED); /* all are fine, see above */
}

ErrCode streams_start(Streams **out_streams, Service *service, Err *err)
{
    Arena arena;
    arena_init(&arena, sizeof(Streams) + 64);
    Streams *streams = arena_new(&arena, Streams);
    assert(streams != NULL); /* the arena was made for it */
    streams->arena = arena;
    streams->service = service;
    lock_init(&streams->lock);
    queue_init(&streams->news, streams->places, 1);
    const ErrCode code = thread_start(&streams->thread, "streams", run_waker, streams, err);
    if (code != OK) {
        queue_done(&streams->news);
        lock_done(&streams->lock);
        arena_done(&arena);
        return code;
    }
    changes_listen(service->changes, hear, streams);
    *out_streams = streams;
    return OK;
}

void streams_end(Streams *streams)
{
    changes_listen(streams->service->changes, NULL, NULL);
    lock_take(&streams->lock);
    streams->is_ending = true;
    lock_give(&streams->lock);
    wake_all(streams, false);
}

static ErrCode do_nothing(Engine *engine, Job *job, Err *err)
{
    (void)engine, (void)job, (void)err;
    return OK;
}

void streams_stop(Streams **streams)
{
    Streams *all = *streams;
    if (all == NULL) return;
    assert(all->is_ending);
    assert(all->count == 0);
    /* The writer may just be telling us of its last commit; once it has run this, it is not. The
     * queue cannot be full any more: nobody is left to fill it. */
    Job nothing = {.work = do_nothing};
    Err err;
    const ErrCode code = writer_run(all->service->writer, &nothing, &err);
    (void)code; /* a broken store fails it; the wait is all that is wanted */
    queue_close(&all->news);
    thread_join(&all->thread);
    queue_done(&all->news);
    lock_done(&all->lock);
    Arena arena = all->arena;
    arena_done(&arena);
    *streams = NULL;
}

ErrCode stream_open(Streams *streams, Exchange *exchange, Stream **out_stream, Err *err)
{
    Arena arena;
    arena_init(&arena, sizeof(Stream) + 64);
    Stream *stream = arena_new(&arena, Stream);
    assert(stream != NULL); /* the arena was made for it */
    stream->arena = arena;
    stream->streams = streams;
    const bool has_sid =
        session_read_cookie(exchange->headers.cookie, exchange->service->is_tls, &stream->sid);
    assert(has_sid); /* the guard has let it in by this */
    lock_take(&streams->lock);
    const bool is_full = streams->count == STREAM_COUNT_MAX || streams->is_ending;
    if (!is_full) {
        stream->next = streams->first;
        if (stream->next != NULL) stream->next->previous = stream;
        streams->first = stream;
        streams->count++;
    }
    lock_give(&streams->lock);
    if (is_full) {
        arena_done(&arena);
        return err_set(err, ERR_BUSY, "%d are listening already; ask again later",
                       STREAM_COUNT_MAX);
    }
    atomic_fetch_add(&streams->service->metrics.stream_count, 1);
    *out_stream = stream;
    return OK;
}

void stream_close(Stream *stream)
{
    Streams *streams = stream->streams;
    lock_take(&streams->lock);
    assert(!stream->is_asleep); /* a sleeping connection is not closed, it is woken first */
    if (stream->previous != NULL)
        stream->previous->next = stream->next;
    else
        streams->first = stream->next;
    if (stream->next != NULL) stream->next->previous = stream->previous;
    streams->count--;
    lock_give(&streams->lock);
    atomic_fetch_sub(&streams->service->metrics.stream_count, 1);
    Arena arena = stream->arena;
    arena_done(&arena);
}

/* Whether whoever opened the stream is still signed in. A reader that cannot be had now decides
 * nothing: the next heartbeat asks again. */
static bool is_still_welcome(Stream *stream)
{
    const Service *service = stream->streams->service;
    const SessionClock clock = {.now_ms = (int64_t)host_now_ms(service->node->host),
                                .is_demo = service->node->is_demo};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 64 * KIB);
    AUTO(reader_give_back) Reader reader = {.readers = service->readers};
    Session session;
    Err err;
    bool found = false;
    if (readers_borrow(service->readers, &reader.store, &err) != OK) return true;
    if (session_load(reader.store, &stream->sid, clock, &arena, &found, &session, &err) != OK)
        return true;
    return found;
}

void stream_attach(Stream *stream, StreamLink link)
{
    assert(stream->link.connection == NULL);
    stream->link = link;
}

StreamState stream_read(Stream *stream, char out[NEWS_BYTES_MAX], size_t *out_size)
{
    Streams *streams = stream->streams;
    bool is_over = false;
    bool is_due = false;
    bool has_news = false;
    int64_t version = 0;
    for (bool is_settled = false; !is_settled;) {
        lock_take(&streams->lock);
        const uint64_t wake_count = streams->wake_count;
        lock_give(&streams->lock);
        version = changes_version(streams->service->changes); /* which has a lock of its own */
        lock_take(&streams->lock);
        /* Who was woken between the two looks must look again before falling asleep. */
        is_settled = wake_count == streams->wake_count;
        is_over = streams->is_ending;
        is_due = stream->is_due;
        has_news = version != stream->sent_version || is_due;
        if (is_settled) {
            stream->is_due = false;
            stream->is_asleep = !is_over && !has_news;
            if (stream->is_asleep) stream->link.sleep(stream->link.connection);
        }
        lock_give(&streams->lock);
    }
    if (is_over) return STREAM_OVER;
    if (!has_news) return STREAM_SLEEP;
    if (is_due && !is_still_welcome(stream)) return STREAM_OVER;
    int size = 0;
    if (version != stream->sent_version)
        size = snprintf(out, NEWS_BYTES_MAX, "event: change\ndata: {\"version\":%lld}\n\n",
                        (long long)version);
    else
        size = snprintf(out, NEWS_BYTES_MAX, ": still here\n\n");
    stream->sent_version = version;
    *out_size = (size_t)size;
    return STREAM_NEWS;
}
