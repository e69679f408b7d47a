#pragma once
/*
 * command — what somebody asks to be done, checked for shape but not yet for sense.
 *
 * The web, the phone's outbox, the command line and the importer all send these. A command
 * carries its own op-id, made by whoever sends it, so that sending it twice is harmless.
 *
 *     {"op": "<uuid>", "do": "posting.add", "fields": {"person": "<id>", "from": "2026-03-01"}}
 *     {"op": "<uuid>", "do": "activity.add", "fields": {"project": "<id>", "title": "…"},
 *      "parts": [{"group": "<id>", "meeting": "theme_day"}]}
 *     {"op": "<uuid>", "do": "posting.change", "id": "<id>", "fields": {"to": "2026-05-31"}}
 *     {"op": "<uuid>", "do": "posting.void", "id": "<id>", "reason": "entered twice"}
 *     {"op": "<uuid>", "do": "group.move", "group": "<id>", "to": "<project>", "on": "2026-03-01"}
 *     {"op": "<uuid>", "do": "item.deploy", "fields": {"title": "…"}, "unit": "<id>"}
 *     {"op": "<uuid>", "do": "item.deploy", "fields": {"title": "…"}, "projects": ["<id>", …]}
 *     {"op": "<uuid>", "do": "project.merge", "project": "<id>", "period": "2026-10",
 *      "proposal": "<its digest>"}
 *     {"op": "<uuid>", "do": "activity.convene", "id": "<id>"}
 *     {"op": "<uuid>", "do": "intake.undo", "id": "<import>", "reason": "wrong file"}
 *     {"op": "<uuid>", "do": "template.apply", "id": "<template>", "to": "<project>"}
 *     {"op": "<uuid>", "do": "plan_line.arrange", "id": "<plan line>", "on": "2026-03-01"}
 *
 *   Owns     nothing: texts and parts are borrowed from the document it was read from.
 *   Bounds   COMMAND_PARTS_MAX, DEPLOY_PROJECTS_MAX
 *   Errors   ERR_INVALID  unknown verb, kind, field or choice, a value its field cannot hold, or
 *                         a member that has no business there; the message names it
 */
#include "base/doc.h"
#include "base/emit.h"
#include "base/limits.h"
#include "seal/hash.h"
#include "vocab/record.h"

#define COMMAND_PARTS_MAX   12    /* groups that hold one activity */
#define COMMAND_CHECKS_MAX  40    /* lines of a checklist */
#define DEPLOY_PROJECTS_MAX 50000 /* to which one item is deployed at once */

typedef enum Action {
    ACTION_ADD,
    ACTION_CHANGE,
    ACTION_VOID,
    ACTION_MOVE,
    ACTION_UNDO,    /* of an import */
    ACTION_DEPLOY,  /* an item, and a task at each project */
    ACTION_MERGE,   /* plans the activities that a merge proposal consists of */
    ACTION_APPLY,   /* a template to a project */
    ACTION_ARRANGE, /* a plan line becomes an activity or a task */
    ACTION_CONVENE, /* an activity */
} Action;

typedef struct Command {
    Id op;
    Action action;
    const KindInfo *kind; /* of what is added, changed or voided */
    Id subject;           /* nil for ACTION_ADD; the group that moves, the project that merges */
    Record record;        /* of ACTION_ADD and ACTION_CHANGE; of ACTION_ARRANGE, of the item */
    Text reason;          /* of ACTION_VOID and ACTION_UNDO */
    const DocValue *enclosed; /* parts of a new activity, checks of a new briefing; NULL: none */
    Id to;  /* the project of ACTION_MOVE and ACTION_APPLY; the unit of ACTION_DEPLOY, if any */
    Day on; /* of ACTION_MOVE, the first day there; of ACTION_ARRANGE, DAY_OPEN: as planned */
    const DocValue *projects; /* of ACTION_DEPLOY; NULL: the active ones of the unit */
    Text period;              /* of ACTION_MERGE: the one that was asked about */
    Text proposal;            /* of ACTION_MERGE: the digest of what was proposed */
} Command;

MUST_USE ErrCode command_decode(const DocValue *value, Command *out_command, Err *err);

/* The fields of a kind from a JSON object; null clears a field. */
MUST_USE ErrCode command_decode_fields(const KindInfo *kind, const DocValue *fields,
                                       Record *out_record, Err *err);

/* Things that come with the one to be added: the parts of an activity, the checks of a briefing.
 * The field that leads from one of them to that thing, which has no id yet, holds the op. */
typedef struct Enclosing {
    KindCode outer;
    const char *member; /* of the command */
    KindCode inner;
    unsigned leads; /* the field of the inner kind that leads to the outer thing */
    size_t most;
} Enclosing;

/* NULL where nothing can come with what the command adds. */
const Enclosing *command_enclosing(const Command *command);
size_t command_enclosed_count(const Command *command);
MUST_USE ErrCode command_enclosed(const Command *command, size_t index, Record *out_record,
                                  Err *err);

/* The projects that a deployment names. */
size_t command_project_count(const Command *command);
Id command_project(const Command *command, size_t index);

/* Equal for two commands when they ask for the same, and only then but for what is sealed to
 * readers; the op-id does not count. */
Digest command_digest(const Command *command);

/* Whether it is among what somebody may do who only takes part (vocab/policy.def). */
bool command_takes_part(const Command *command);

/* "posting.add", for the log and the API description. */
const char *action_name(Action action);
