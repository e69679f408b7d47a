#pragma once
/*
 * policy — roles and permissions, read from policy.def at compile time.
 *
 * A permission is asked for by name where it is needed (a route, a command); which roles have it
 * stands in one table, and the API answers the web with the same names.
 *
 *   Owns     nothing: all constants.
 *   Threads  any.
 */
#include <stdbool.h>

#include "base/text.h"

typedef enum RoleCode {
#define ROLE(NAME, number, name, en, zh) ROLE_##NAME = (number),
#include "vocab/policy.def"
} RoleCode;

typedef enum Permission {
#define PERMISSION(NAME, number, name, needs, what) MAY_##NAME = (number),
#include "vocab/policy.def"
} Permission;

#define ROLE_COUNT_MAX       16
#define PERMISSION_COUNT_MAX 32

typedef struct RoleInfo {
    RoleCode code;
    const char *name;
    const char *en;
    const char *zh;
} RoleInfo;

typedef enum Needs {
    NEEDS_SESSION,  /* being signed in is enough */
    NEEDS_PASSWORD, /* one given a few minutes ago at most, for all but a GET */
} Needs;

typedef struct PermissionInfo {
    Permission code;
    const char *name;
    Needs needs;
    const char *what;
} PermissionInfo;

extern const RoleInfo policy_roles[];
extern const size_t policy_role_count;
extern const PermissionInfo policy_permissions[];
extern const size_t policy_permission_count;

bool role_may(RoleCode role, Permission permission);
const PermissionInfo *permission_info(int code); /* NULL: there is none of that number */
const RoleInfo *role_named(Text name);
const RoleInfo *role_info(int code);
