#include "duties/matter.h"

#include <assert.h>
#include <stddef.h>

static const struct {
    int matter;
    int group_kind;
    RuleCode rule;
    ParameterCode parameter;
} apart[] = {
#define APART(MATTER, KIND)                                       \
    {MATTER_IS_##MATTER, GROUP_KIND_IS_##KIND, RULE_APART_##KIND, \
     PARAMETER_APART_##KIND##_##MATTER},
#include "vocab/pack.def"
};

const Rule *matter_apart(const Pack *pack, int matter, Day day, int *out_group_kind)
{
    assert(pack != NULL && out_group_kind != NULL);
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++) {
        if (apart[i].matter != matter) continue;
        const Rule *rule = pack_rule(pack, apart[i].rule, day);
        if (rule == NULL || rule->values[apart[i].parameter] == 0) continue;
        *out_group_kind = apart[i].group_kind;
        return rule;
    }
    return NULL;
}

const Rule *matter_beyond(const Pack *pack, int matter, int form, Day day)
{
    static const struct {
        int matter;
        ParameterCode parameter;
    } beyond[] = {
        {MATTER_IS_ADMISSION, PARAMETER_TEMPORARY_LIMITS_ADMISSION},
        {MATTER_IS_DISCIPLINE, PARAMETER_TEMPORARY_LIMITS_DISCIPLINE},
        {MATTER_IS_DUES, PARAMETER_TEMPORARY_LIMITS_DUES},
        {MATTER_IS_ELECTION, PARAMETER_TEMPORARY_LIMITS_ELECTION},
    };
    const Rule *rule = pack_rule(pack, RULE_TEMPORARY_LIMITS, day);
    if (form != FORM_IS_TEMPORARY_BRANCH || rule == NULL) return NULL;
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++)
        if (beyond[i].matter == matter && rule->values[beyond[i].parameter] != 0) return rule;
    return NULL;
}
