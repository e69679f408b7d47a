#pragma once
/*
 * accounts — who may sign in at this node, and which roles they hold where.
 *
 * Accounts are not facts of the journal: they belong to this node, and what an administrator does
 * to one is an audit record. An account may belong to a person; who signs in to it then acts as
 * that person where a fact is about the one who acts. A name is any text, and no two names may
 * look alike: case, the width of letters and blanks around do not tell accounts apart.
 *
 * The first account can be made by whoever stands before the machine; after that only by an
 * administrator. A password that somebody else has chosen (a one-time code) opens nothing but the
 * change to one's own.
 *
 *   Invariants  (1) every change is in the same commit as its audit record;
 *               (2) a disabled account and one whose password changed have no sessions.
 *   Owns        nothing: texts live in the arena given.
 *   Threads     readers look; what takes an Engine belongs to the writer.
 *   Bounds      ACCOUNT_NAME_MAX characters, ACCOUNT_GRANTS_MAX roles
 *   Errors      ERR_CONFLICT   the name is taken; or the first account was made by somebody else
 *               ERR_NOT_FOUND  no such account, person, or unit or project to hold a role at
 *               ERR_INVALID    a name that is no name
 */
#include "engine/engine.h"

#define ACCOUNT_NAME_MAX   64 /* characters */
#define ACCOUNT_KEY_MAX    256
#define ACCOUNT_GRANTS_MAX 32

typedef struct Account {
    int64_t key;
    Id id;
    Text name;
    Text stored; /* as password_keep() gave it, with its NUL behind */
    bool must_change;
    bool is_disabled;
    int64_t created_ms;
    Key person; /* whose it is; KEY_NONE when nobody's in particular */
} Account;

typedef struct AccountList {
    Account *items;
    size_t count;
    int64_t total;
} AccountList;

typedef struct Grants {
    const Grant *items;
    size_t count;
} Grants;

/* The unit or project a role is held at, as it is shown. */
typedef struct ScopeCard {
    Id id;
    Text name; /* empty when it has not arrived here */
} ScopeCard;

/* A person as they are shown. */
typedef struct PersonName {
    Id id;
    Text name;
} PersonName;

/* Whether a stored password is one that somebody else has chosen. */
bool account_is_once(Bytes stored);

MUST_USE ErrCode account_name_check(Text name, Err *err);

/* The same text for all names that look alike; returns `out`. */
Text account_name_key(Text name, char out[ACCOUNT_KEY_MAX]);

MUST_USE ErrCode accounts_exist(Store *store, bool *out_exist, Err *err);
MUST_USE ErrCode account_find(Store *store, Text name, Arena *arena, bool *out_found,
                              Account *out_account, Err *err);
MUST_USE ErrCode account_load(Store *store, Id id, Arena *arena, Account *out_account, Err *err);
MUST_USE ErrCode account_list(Store *store, int64_t skipped, int64_t limit, Arena *arena,
                              AccountList *out_list, Err *err);
MUST_USE ErrCode account_grants(Store *store, int64_t account, Arena *arena, Grants *out_grants,
                                Err *err);
MUST_USE ErrCode scope_card(Store *store, int64_t shard, int64_t scope, Arena *arena,
                            ScopeCard *out_card, Err *err);

/* Whose an account is; nothing is found when it is nobody's. */
MUST_USE ErrCode account_person(Store *store, int64_t shard, Key person, Arena *arena,
                                bool *out_found, PersonName *out_name, Err *err);

/* Whether any of the roles has the permission, anywhere. */
bool grants_allow(const Grants *grants, Permission permission);

/* A role to be given: at a unit or project, or everywhere when the scope is nil. */
typedef struct GrantWish {
    RoleCode role;
    Id scope;
} GrantWish;

typedef struct AccountWish {
    Text name;
    const char *stored; /* from password_keep() */
    bool must_change;   /* somebody else knows the password */
    bool is_first;      /* ERR_CONFLICT when there is an account already */
    Id person;          /* whose it is; nil: nobody's in particular */
    const GrantWish *grants;
    size_t grant_count;
} AccountWish;

/* Of the very first account: all that one person who sets up a node needs. */
extern const GrantWish account_first_grants[];
extern const size_t account_first_grant_count;

MUST_USE ErrCode account_add(Engine *engine, const Actor *actor, const AccountWish *wish,
                             Id *out_id, Err *err) ONLY_ON(writer_role);
MUST_USE ErrCode account_set_password(Engine *engine, const Actor *actor, Id id, const char *stored,
                                      bool must_change, Err *err) ONLY_ON(writer_role);

/* The same password, kept at another cost: nobody notices. */
MUST_USE ErrCode account_renew_password(Engine *engine, Id id, const char *stored, Err *err)
    ONLY_ON(writer_role);
MUST_USE ErrCode account_disable(Engine *engine, const Actor *actor, Id id, Err *err)
    ONLY_ON(writer_role);

/* Takes all roles the account had and gives it these. */
MUST_USE ErrCode account_set_grants(Engine *engine, const Actor *actor, Id id,
                                    const GrantWish *grants, size_t grant_count, Err *err)
    ONLY_ON(writer_role);

/* "ABCD-EFGH-JKMN": a code to be read aloud, without characters that look alike. */
#define CODE_GROUPS_MAX 4
const char *code_make(const Host *host, size_t group_count, char out[CODE_TEXT_MAX]);

/* The same for a number: equal numbers give equal codes. */
const char *code_write(uint64_t number, size_t group_count, char out[CODE_TEXT_MAX]);

/* The code as it was made, from what somebody typed: case and hyphens do not count. */
Text code_normalise(Text typed, char out[CODE_TEXT_MAX]);
