#include "intake/flaw.h"

#include <assert.h>

static const FlawInfo flaws[] = {
    [FLAW_NONE] = {"none", FLAW_IS_WARNING, "", "", "", ""},
#define FLAW(NAME, text, SEVERITY, english, chinese, english_advice, chinese_advice) \
    [FLAW_##NAME] = {                                                                \
        .name = (text),                                                              \
        .severity = FLAW_IS_##SEVERITY,                                              \
        .en = (english),                                                             \
        .zh = (chinese),                                                             \
        .en_advice = (english_advice),                                               \
        .zh_advice = (chinese_advice),                                               \
    },
#include "intake/flaws.def"
};

const FlawInfo *flaw_info(FlawCode code)
{
    assert(code < FLAW_COUNT);
    return &flaws[code];
}
