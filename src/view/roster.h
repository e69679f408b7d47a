#pragma once
/*
 * roster — who is at a project, who belongs to a group, and to which groups somebody belongs.
 *
 * A view without a board knows of no project that coverage joined to its nearest Party group; for
 * union groups and crews that makes no difference.
 *
 *   Owns     nothing: lives in the view's arena.
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "people/membership.h"
#include "view/board.h"
#include "view/view.h"

/* The facts of one project on a day, as the rules of membership want them: groups stationed there,
 * stations, attachments (the one that coverage derives included) and exceptions of those groups. */
MUST_USE ErrCode roster_facts(const View *view, Key project, MembershipFacts *out_facts, Err *err);

/* Adds the facts around one more group: its stations, attachments and exceptions. */
MUST_USE ErrCode roster_facts_of_group(const View *view, Key group, MembershipFacts *out_facts,
                                       Err *err);

/* The facts around one person: the project of the day, the crew that the posting names, and the
 * groups that exceptions put the person into or out of. */
MUST_USE ErrCode roster_facts_of_person(const View *view, const PersonStays *person,
                                        MembershipFacts *out_facts, Err *err);

/* Those posted to the project on the day. */
MUST_USE ErrCode roster_people(const View *view, Key project, PersonStays **out_people,
                               size_t *out_count, Err *err);

/* Everybody who may belong to the group on the day: at its projects, or by exception. */
MUST_USE ErrCode roster_of_group(const View *view, const Group *group, MembershipFacts *out_facts,
                                 Member **out_members, size_t *out_count, Err *err);

/* One person with all stays and standings. */
MUST_USE ErrCode roster_person(const View *view, Key person, PersonStays *out_person, Err *err);

/* Who leads a group on the day: of those in office, but for deputies, the one who came last. */
MUST_USE ErrCode roster_leader(const View *view, Key group, Key *out_person, Err *err);

/* Somebody who may be seen; ERR_NOT_FOUND for anybody else. */
MUST_USE ErrCode roster_find_person(const View *view, Id person, PersonCard *out_card,
                                    PersonStays *out_stays, Err *err);
