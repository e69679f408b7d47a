#pragma once
/*
 * gate — what a project lacks before it may leave pre-planning.
 *
 * Group activities go with pre-planning (四结合): a project starts when its form of organisation is
 * decided, somebody is responsible, and it has a programme. What the rule of the pack calls `must`
 * stops it; with any other hardness the same is only advised.
 *
 *   Owns     nothing.
 *   Threads  any.
 *   Source   the rule `project-gate` of the pack
 */
#include "people/facts.h"
#include "vocab/pack.h"

/* Something that gives the project an organisation from that day on: a station of a group, an
 * attachment, or a liaison. */
typedef struct GateForm {
    KindCode kind; /* KIND_STATION, KIND_ATTACHMENT or KIND_LIAISON */
    Key fact;
    int group_kind; /* GROUP_KIND_IS_...; of a liaison, the Party's */
    Key group;      /* KEY_NONE of a liaison */
    Key person;     /* who is responsible; KEY_NONE: nobody */
    Key office;     /* what says so; KEY_NONE of a liaison */
} GateForm;

typedef struct GateFacts {
    const Pack *pack;
    Day day; /* on which it is to leave */
    const GateForm *forms;
    size_t form_count;
    size_t line_count; /* of its programme */
} GateFacts;

typedef enum GateCondition {
    GATE_FORM,   /* a Party organisation is decided */
    GATE_LEADER, /* each group has somebody responsible */
    GATE_PROGRAMME,
    GATE_CONDITION_COUNT
} GateCondition;

typedef struct StartGate {
    const Rule *rule; /* NULL: no version holds on that day, so nothing is asked */
    bool is_open;     /* nothing that is asked for is lacking */
    bool is_binding;  /* what is lacking stops the project, and is not only advised */
    bool is_asked[GATE_CONDITION_COUNT];
    bool is_met[GATE_CONDITION_COUNT];
    int64_t lines_min;
} StartGate;

StartGate gate_of(const GateFacts *facts);

const char *gate_condition_name(GateCondition condition);

/* What lacks, in words: "somebody responsible in each group". */
const char *gate_condition_zh(GateCondition condition);
const char *gate_condition_en(GateCondition condition);
