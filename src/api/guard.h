#pragma once
/*
 * guard — decides whether a request may go on: who asks, from where, and whether that is allowed.
 *
 * It looks in this order, and the first that fails answers: a page of another site (403 csrf), a
 * body that is not JSON (415), a session that asks too fast (429), nobody signed in (401), a wrong
 * token (403 csrf), a password that must be changed first, no role with the permission of the
 * route (403 denied, and recorded), a password that was given too long ago for it (403
 * password_confirm_required).
 *
 *   Threads  the server's, with a reader lent to the exchange.
 */
#include "api/exchange.h"

/* Whether the handler may be called. When not, the reply stands or a plan records the refusal. */
MUST_USE ErrCode guard_admit(Exchange *exchange, bool *out_admitted, Err *err);
