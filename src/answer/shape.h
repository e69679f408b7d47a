#pragma once
/*
 * shape — the small JSON shapes that many answers are made of: things, reasons, coverage, lists.
 *
 *   Threads  the caller's.
 */
#include "base/emit.h"
#include "duties/duty.h"
#include "view/board.h"
#include "view/view.h"

/* {"id", "name"} of a person, a group, an item (its title) and so on; null for KEY_NONE. A name
 * that cannot be found any more is empty. */
MUST_USE ErrCode shape_thing(const View *view, KindCode kind, Key key, Emit *emit, Err *err);
MUST_USE ErrCode shape_thing_at(const View *view, const char *member, KindCode kind, Key key,
                                Emit *emit, Err *err);
MUST_USE ErrCode shape_id_at(const View *view, const char *member, Key key, Emit *emit, Err *err);

/* The name of choice `number` of a field; null when there is none. */
void shape_choice_at(const char *member, const FieldInfo *field, int number, Emit *emit);

/* {"id", "title_zh", "title_en", "source", "source_en", "hardness"}; null for NULL. */
void shape_rule_at(const char *member, const Rule *rule, Emit *emit);

/* How many obligations are in which state, and what else is counted of them. */
void shape_duty_counts_at(const char *member, const DutyCounts *counts, Emit *emit);

void shape_rule(const Rule *rule, Emit *emit); /* the object alone */

/* A group that may be seen; ERR_NOT_FOUND for any other. */
MUST_USE ErrCode shape_group(const View *view, Id group, GroupCard *out_card, Err *err);

/* {"code", "zh", "en"} and, `with_facts`, the facts and the rule behind it. */
MUST_USE ErrCode shape_reason(const View *view, const Reason *reason, bool with_facts, Emit *emit,
                              Err *err);
MUST_USE ErrCode shape_reasons_at(const View *view, const char *member, const ReasonList *reasons,
                                  Emit *emit, Err *err);

/* Members of an open object: state, reasons, advice, group, leader, people, formal, … */
MUST_USE ErrCode shape_coverage(const View *view, const BoardDay *day, size_t at, Emit *emit,
                                Err *err);

/* "coverage" of the open object: that of a project on view->on; null where it has none. */
MUST_USE ErrCode shape_coverage_of(const View *view, Key project, Emit *emit, Err *err);

/* A reason set of coverage, told in full. */
MUST_USE ErrCode shape_set_at(const View *view, const BoardDay *day, size_t at, const char *member,
                              ReasonSet set, Emit *emit, Err *err);

/* Members of an open object: id, name, code, place, unit, from, to, stage, lat, lon. */
MUST_USE ErrCode shape_project(const View *view, const Project *project, ProjectTexts texts,
                               Emit *emit, Err *err);

/* "total", "page", "size" of the open object, and which items of `total` the page shows. */
typedef struct Page {
    size_t first;
    size_t end;
} Page;
MUST_USE ErrCode shape_page(const ListAsk *ask, size_t total, Emit *emit, Page *out_page, Err *err);
