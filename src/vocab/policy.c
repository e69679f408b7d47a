#include "vocab/policy.h"

#include <assert.h>
#include <stdint.h>

const RoleInfo policy_roles[] = {
#define ROLE(NAME, number, text, english, chinese) {ROLE_##NAME, (text), (english), (chinese)},
#include "vocab/policy.def"
};
const size_t policy_role_count = sizeof policy_roles / sizeof policy_roles[0];

const PermissionInfo policy_permissions[] = {
#define PERMISSION(NAME, number, text, needs, what_it_allows) \
    {MAY_##NAME, (text), NEEDS_##needs, (what_it_allows)},
#include "vocab/policy.def"
};
const size_t policy_permission_count = sizeof policy_permissions / sizeof policy_permissions[0];

static const struct {
    RoleCode role;
    Permission permission;
} grants[] = {
#define GRANT(ROLE, PERMISSION) {ROLE_##ROLE, MAY_##PERMISSION},
#include "vocab/policy.def"
};

bool role_may(RoleCode role, Permission permission)
{
    if (permission == MAY_SIGNED_IN) return true;
    for (size_t i = 0; i < sizeof grants / sizeof grants[0]; i++)
        if (grants[i].role == role && grants[i].permission == permission) return true;
    return false;
}

const PermissionInfo *permission_info(int code)
{
    for (size_t i = 0; i < policy_permission_count; i++)
        if ((int)policy_permissions[i].code == code) return &policy_permissions[i];
    return NULL;
}

const RoleInfo *role_named(Text name)
{
    for (size_t i = 0; i < policy_role_count; i++)
        if (text_is(name, policy_roles[i].name)) return &policy_roles[i];
    return NULL;
}

const RoleInfo *role_info(int code)
{
    for (size_t i = 0; i < policy_role_count; i++)
        if ((int)policy_roles[i].code == code) return &policy_roles[i];
    return NULL;
}
