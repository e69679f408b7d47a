#include "host/signals.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "host/thread.h"

static sigset_t wanted_signals(void)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    return wanted;
}

void signals_begin(void)
{
    const sigset_t wanted = wanted_signals();
    const int failed = pthread_sigmask(SIG_BLOCK, &wanted, NULL);
    assert(failed == 0);
    /* A peer that hangs up is an answer of write(), not a reason to die. */
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    const int refused = sigaction(SIGPIPE, &ignore, NULL);
    assert(refused == 0);
    /* Started by a script with `&`, we may have been told to ignore this one. */
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    const int unheard = sigaction(SIGINT, &usual, NULL);
    assert(unheard == 0);
}

Wish signals_wait(uint32_t wait_ms)
{
    const sigset_t wanted = wanted_signals();
    const struct timespec limit = {.tv_sec = wait_ms / 1000,
                                   .tv_nsec = (int64_t)(wait_ms % 1000) * 1000000};
    for (;;) {
        const int heard = wait_ms == WAIT_FOR_EVER ? sigwaitinfo(&wanted, NULL)
                                                   : sigtimedwait(&wanted, NULL, &limit);
        if (heard == SIGINT || heard == SIGTERM) return WISH_STOP;
        if (heard == SIGHUP) return WISH_REOPEN;
        if (heard < 0 && errno == EAGAIN) return WISH_NONE;
        assert(heard < 0 && errno == EINTR); /* a debugger came and went */
    }
}
