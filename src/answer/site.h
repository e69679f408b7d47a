#pragma once
/*
 * site — all boards of one project on one page: what a site looks at first in the morning.
 *
 * Coverage, its groups, what they owe this month, activities around the day, open tasks, open
 * signals, and what the programme says next. Each is the short form of an answer that tells more.
 *
 *   Threads  the caller's.
 *   Bounds   SITE_ITEMS_MAX of each list: the most urgent first
 *   Errors   ERR_NOT_FOUND  no such project, or out of reach
 *            ERR_LIMIT      the answer does not fit into the arena
 */
#include "base/emit.h"
#include "view/view.h"

#define SITE_ITEMS_MAX   8
#define SITE_DAYS_BEFORE 7 /* of activities */
#define SITE_DAYS_AHEAD  14

MUST_USE ErrCode answer_site(const View *view, Id project, Emit *emit, Err *err);
