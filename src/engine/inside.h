#pragma once
/*
 * inside — what the files of this room know about an Engine; nobody outside includes this.
 *
 *   decide  a command -> facts, or why not; reads only
 *   record  a fact -> an entry of the journal and a row of the projection
 *   shared  entries of several nodes about a thing -> its row
 *   derive  facts of a person -> stays, head counts
 *
 *   Owns     all of it is the engine's and goes with it.
 *   Threads  the writer.
 */
#include "engine/derive.h"
#include "engine/engine.h"
#include "engine/ledger.h"

struct Engine {
    Arena arena; /* of this struct itself */
    const Node *node;
    Store *store;
    int64_t shard;
    Ledger ledger;
    Derive derive;
    Tx tx;
    int64_t version;       /* arrivals committed */
    int64_t told_version;  /* by engine_take_changes() */
    uint64_t signed_ms;    /* when engine_sign_some() signed everything */
    bool is_structural;    /* the open or the last groups touched more than postings */
    Key told[CHANGES_MAX]; /* what engine_take_changes() hands out */
};

/* A unit or project into whose scope a fact is written. */
typedef struct FactScope {
    Key key;
    Id id;
} FactScope;

/* One fact to be written: what happened to which thing. Or the same in many scopes: then there is
 * one entry and one thing for each of them, whose `scope_field` leads there. */
typedef struct Fact {
    EntryVerb verb;
    const KindInfo *kind;
    Key subject;   /* KEY_NONE for a create */
    Record record; /* what it sets; refs are ids, sealed fields are plain text */
    Id scope;
    Key scope_key;           /* KEY_NONE for the node's own */
    unsigned made_field;     /* gets the id of what an earlier fact makes; 0: none */
    size_t made_by;          /* that fact, by its place among the facts */
    const FactScope *scopes; /* NULL: written once */
    size_t scope_count;
    unsigned scope_field;
    bool is_unsigned; /* the entry names no actor */
} Fact;

typedef struct Facts {
    Fact *items;
    size_t count;
} Facts;

/* Reads; changes nothing. ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT, ERR_DENIED and ERR_LIMIT mean
 * that the command is refused. */
MUST_USE ErrCode decide(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                        Facts *out_facts, Err *err);

MUST_USE ErrCode decide_move(Engine *engine, const Actor *actor, const Command *command,
                             Arena *arena, Facts *out_facts, Err *err);

/* The activities of a merge proposal with their parts, and parts of activities that were planned
 * before. ERR_CONFLICT when what is owed is no longer
 * what the proposal was made from. */
MUST_USE ErrCode decide_merge(Engine *engine, const Actor *actor, const Command *command,
                              Arena *arena, Facts *out_facts, Err *err);

/* Lines of a template that the project does not have yet become lines of its programme. */
MUST_USE ErrCode decide_apply(Engine *engine, const Actor *actor, const Command *command,
                              Arena *arena, Facts *out_facts, Err *err);

/* A line of a programme becomes a planned activity of the groups that stand there, on its day; one
 * that is no activity becomes a task that is due on it. */
MUST_USE ErrCode decide_arrange(Engine *engine, const Actor *actor, const Command *command,
                                Arena *arena, Facts *out_facts, Err *err);

/* Adds what follows from the fact about a phase that stands first among the facts: planned
 * activities and open tasks made from lines that hang on it go along, but for those whose day
 * somebody chose. */
MUST_USE ErrCode follow_phase(Engine *engine, Arena *arena, Facts *facts, Err *err);

/* Facts that take back what an import did: what it made is voided, what it changed goes back to
 * what it was, unless somebody changed it since. */
MUST_USE ErrCode decide_undo(Engine *engine, const Actor *actor, const Command *command,
                             Arena *arena, Facts *out_facts, Err *err);

/* An item, and a task of it at each project that is named, or at each active one of a unit. */
MUST_USE ErrCode decide_deploy(Engine *engine, const Actor *actor, const Command *command,
                               Arena *arena, Facts *out_facts, Err *err);

/* The parts of decide that the others use too. */

/* What a command changes or voids, with the fact that will say so. The right to change a thing
 * where it is comes before all else, so that who lacks it learns nothing of it. */
MUST_USE ErrCode begin_fact(Engine *engine, const Actor *actor, const Command *command,
                            EntryVerb verb, Arena *arena, Facts *facts, Record *out_record,
                            Fact **out_fact, Err *err);
MUST_USE ErrCode facts_add(Facts *facts, Arena *arena, Fact **out_fact, Err *err);
MUST_USE ErrCode find_thing(Engine *engine, Id id, KindCode kind, const char *what, Key *out_key,
                            Err *err);
MUST_USE ErrCode find_scope(Engine *engine, const KindInfo *kind, const Record *record, Fact *fact,
                            Err *err);
/* What a record refers to (those fields that `changed` sets) must be there, within reach, and not
 * have been voided. */
MUST_USE ErrCode check_refs(Engine *engine, const Actor *actor, const Record *record,
                            const Record *changed, Arena *arena, Err *err);
/* A new thing: refused unless all that decide() asks of one holds. */
MUST_USE ErrCode add_new_thing(Engine *engine, const Actor *actor, const Record *record,
                               Arena *arena, Facts *facts, Err *err);
/* A person, group or home belongs to its unit's scope, an activity to its project's; a unit and a
 * project are their own. */
MUST_USE ErrCode scope_of_thing(Engine *engine, KindCode kind, Key key, Key *out_scope, Err *err);

/* ERR_NOT_FOUND unless the actor may know of what a field leads to. */
MUST_USE ErrCode check_ref_reach(Engine *engine, const Actor *actor, const FieldInfo *field,
                                 Key key, Arena *arena, Err *err);

/* ERR_DENIED unless the actor may write where the fact belongs, and where it puts a thing. */
MUST_USE ErrCode check_reach(Engine *engine, const Actor *actor, const Fact *fact, Err *err);

/* Where nothing is said: the person is the one who acts, the project the one they are posted to
 * today. ERR_INVALID where one must be known and is not. */
MUST_USE ErrCode fill_self(Engine *engine, const Actor *actor, Arena *arena, Record *record,
                           Err *err);

/* ERR_DENIED when the record is of somebody else than the actor, in a field marked SELF, and the
 * actor may not write where the fact belongs. */
MUST_USE ErrCode check_self(Engine *engine, const Actor *actor, const Fact *fact,
                            const Record *record, Err *err);

/* Whether a unit or a project is within the actor's reach, by itself or by the unit in charge. */
MUST_USE ErrCode is_within(Engine *engine, const Reach *reach, Key scope, bool *out_is, Err *err);
MUST_USE ErrCode is_in_reach(Engine *engine, const Actor *actor, Key scope, bool *out_is, Err *err);

/* What a reference of a record leads to. */
MUST_USE ErrCode load_ref(Engine *engine, const Record *record, unsigned field, KindCode kind,
                          Arena *arena, Key *out_key, Record *out_target, Err *err);
/* Items, tasks and the steps of tasks. fill_step() says what nobody needs to: which kind of group
 * it is about where there is only one, and which step it follows. */
MUST_USE ErrCode check_item(const Record *record, Err *err);
MUST_USE ErrCode check_task(Engine *engine, Key subject, const Record *record, Err *err);
MUST_USE ErrCode fill_step(Engine *engine, Record *step, Arena *arena, Err *err);
MUST_USE ErrCode check_step(Engine *engine, const Actor *actor, const Record *step, Arena *arena,
                            Err *err);
/* Programmes and all else of `plan`; OK for any other kind. Also the gate: whether a project may
 * leave pre-planning, by a change of its stage or of its phases. */
MUST_USE ErrCode check_plan(Engine *engine, Key subject, const Record *record,
                            const Record *changed, Arena *arena, Err *err);

MUST_USE ErrCode unit_in_charge(Engine *engine, Key project, Key *out_unit, Err *err);

/* What a group says of an assessment, and what is decided about that. */
MUST_USE ErrCode check_self_assessment(Engine *engine, Key subject, const Record *record,
                                       Arena *arena, Err *err);
MUST_USE ErrCode check_objection(Engine *engine, Key subject, const Record *record, Arena *arena,
                                 Err *err);
MUST_USE ErrCode check_ruling(Engine *engine, Key subject, const Record *record, Arena *arena,
                              Err *err);

/* Whether this record makes sense among what is there already. `subject` is KEY_NONE for a new
 * thing; `record` has all its fields, changed ones included. What it meets outside the actor's
 * reach is not named. */
MUST_USE ErrCode check_sense(Engine *engine, const Actor *actor, Key subject, const Record *record,
                             const Record *changed, Arena *arena, Err *err);

/* ERR_CONFLICT when one of the facts voids a unit, project, home or group that something still
 * leads to which the facts do not void or move elsewhere too. A person may always be voided: what
 * was said of them counts no more. */
MUST_USE ErrCode check_voids(Engine *engine, const Facts *facts, Arena *arena, Err *err);

MUST_USE ErrCode load_home_stations(Engine *engine, Key home, Arena *arena, Stations *out,
                                    Err *err);

/* Writes one fact: stamps it, seals what is to be sealed, appends the entry, changes the row, and
 * notes whose stays are to be worked out again. */
MUST_USE ErrCode record_fact(Engine *engine, const Fact *fact, Id actor, Id cause, Arena *arena,
                             Id *out_id, Key *out_key, Err *err);

/* Whether another node (or this one in another life) wrote about the thing, too. */
MUST_USE ErrCode is_shared(Engine *engine, Key subject, bool *out_is, Err *err);

/* Makes the row of a thing, and its conflicts, anew from all its entries. */
MUST_USE ErrCode write_shared(Engine *engine, Key subject, Err *err);

/* The row of a thing that nothing was known of, after the one entry that makes it. */
MUST_USE ErrCode write_first(Engine *engine, Key subject, const Entry *entry, Err *err);

/* Brings identity and phone numbers into their one written form; refuses impossible ones. */
MUST_USE ErrCode normalise_sealed(Record *record, Arena *arena, Err *err);
