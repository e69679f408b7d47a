/* What we promise about rule packs: a wrong one is refused with line and reason, a right one gives
 * the value of the day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "people/coverage.h"
#include "support/prop.h"
#include "vocab/pack.h"

#define WORK_BYTES ((size_t)8 * 1024 * 1024)

#define HEAD "pack p\ntitle.zh = 包\ntitle.en = Pack\nversion = 1\n"
#define RULE_KEYS                                                                     \
    "title.zh = 组\ntitle.en = Group\nsource = somewhere\nvalid_from = 2020-01-01\n" \
    "hardness = must\n"

static Day day(int year, int month, int date)
{
    Err err;
    Day result = 0;
    assert_int_equal(day_from_civil(year, month, date, &result, &err), OK);
    return result;
}

static Bytes bytes_from(const char *z)
{
    return bytes_of(text_from_z(z));
}

static void wrong_packs_are_refused_with_line_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "line 1: a rule pack opens with \"pack NAME\""},
        {"# only a comment\n\n", "line 2: a rule pack opens with \"pack NAME\""},
        {"rules p\n", "line 1: a rule pack opens with \"pack NAME\""},
        {"pack Über\n", "line 1: a pack's name is made of a-z, 0-9 and -, at most 60 of them"},
        {"pack p\ntitle.zh = 包\nversion = 1\n",
         "line 3: the pack has no title.en; add it before the first rule"},
        {HEAD "colour = red\n", "line 5: \"colour\" is not known before the first rule; known are "
                                "title.zh, title.en and version"},
        {HEAD "version = 2\n", "line 5: version stands here twice"},
        {"pack p\nversion = 0\n", "line 2: version is 1 or more"},
        {"pack p\ntitle.zh =\n", "line 2: nothing stands after the ="},
        {HEAD "[rule own-group\n", "line 5: the ] at the end is missing"},
        {HEAD "[\n", "line 5: the ] at the end is missing"},
        {HEAD "[part own-group]\n", "line 5: a section is [rule NAME], not [part ...]"},
        {HEAD "[rule own-grup]\n", "line 5: there is no rule called \"own-grup\""},
        {HEAD "[rule]\n", "line 5: there is no rule called \"\""},
        {HEAD "[rule own-group]\n" RULE_KEYS "members = 3\n",
         "line 11: rule own-group has nothing called \"members\""},
        {HEAD "[rule own-group]\n" RULE_KEYS "members_min 3\n",
         "line 11: \"members_min 3\" is not \"name = value\""},
        {HEAD "[rule own-group]\n" RULE_KEYS "members_min = three\n",
         "line 11: members_min: \"three\" is not a whole number"},
        {HEAD "[rule own-group]\n" RULE_KEYS "members_min = 0\n",
         "line 11: members_min is between 1 and 50, not 0"},
        {HEAD "[rule own-group]\n" RULE_KEYS "members_min = 3\nmembers_min = 3\n",
         "line 12: members_min stands here twice"},
        {HEAD "[rule own-group]\n" RULE_KEYS "count_all_stations = 1\n",
         "line 11: count_all_stations is yes or no, not \"1\""},
        {HEAD "[rule own-group]\n" RULE_KEYS "members_min = 2\nformal_min = 3\n",
         "line 5: formal_min is more than members_min"},
        {HEAD "[rule own-group]\n" RULE_KEYS "version = 3\n",
         "line 11: rule own-group has nothing called \"version\""},
        {HEAD "[rule own-group]\ntitle.zh = 组\ntitle.en = G\nvalid_from = 2020-01-01\n"
              "hardness = must\n",
         "line 5: rule own-group has no source; add it"},
        {HEAD "[rule own-group]\nhardness = perhaps\n",
         "line 6: hardness is must, should or generally, not \"perhaps\""},
        {HEAD "[rule own-group]\nvalid_from = 2020-02-30\n", "line 6: 2020-02 has no day 30"},
        {HEAD "[rule own-group]\n" RULE_KEYS "valid_to = 2019-12-31\n",
         "line 5: rule own-group ends before it begins; see valid_from and valid_to"},
        {HEAD "[rule own-group]\n" RULE_KEYS "[rule own-group]\n" RULE_KEYS,
         "line 11: rule own-group holds on the same days as the one in line 5; set valid_to there "
         "or valid_from here"},
        {HEAD "# \xff\n", "line 5: byte 2 is not UTF-8 text; save the file as UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO(arena_done) Arena arena = {0};
        arena_init(&arena, WORK_BYTES);
        Err err;
        const Pack *pack = NULL;
        assert_int_equal(pack_parse(bytes_from(cases[i].text), &arena, &pack, &err), ERR_INVALID);
        assert_string_equal(err.message, cases[i].message);
        assert_null(pack);
    }
}

static void an_over_long_line_is_refused_with_its_number(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    char text[PACK_LINE_MAX + 64];
    memset(text, 'x', sizeof text);
    memcpy(text, "pack p\n#", 8);
    Err err;
    const Pack *pack = NULL;
    const Bytes exact = {(const uint8_t *)text, 7 + PACK_LINE_MAX + 1};
    assert_int_equal(pack_parse(exact, &arena, &pack, &err), ERR_LIMIT);
    assert_string_equal(err.message, "line 2: longer than 1000 bytes");
}

static void a_pack_may_come_from_a_windows_editor(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Err err;
    const Pack *pack = NULL;
    const char *text = "\xEF\xBB\xBFpack p\r\ntitle.zh = 包\r\ntitle.en = Pack\r\nversion = 7\r\n"
                       "\r\n[rule attach-near]\r\n" RULE_KEYS "distance_m_max = 80000";
    assert_int_equal(pack_parse(bytes_from(text), &arena, &pack, &err), OK);
    assert_int_equal(pack->version, 7);
    assert_true(text_is(pack->title_zh, "包"));
    assert_int_equal(pack_int(pack, PARAMETER_ATTACH_NEAR_DISTANCE_M_MAX, day(2026, 1, 1)), 80000);
}

static void the_version_of_the_day_counts_and_the_default_where_none_holds(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Err err;
    const Pack *pack = NULL;
    const char *text = HEAD "[rule own-group]\ntitle.zh = 新\ntitle.en = New\nsource = b\n"
                            "valid_from = 2026-01-01\nhardness = should\nmembers_min = 5\n"
                            "[rule own-group]\n" RULE_KEYS "valid_to = 2024-12-31\n"
                            "members_min = 4\n";
    assert_int_equal(pack_parse(bytes_from(text), &arena, &pack, &err), OK);
    const ParameterCode least = PARAMETER_OWN_GROUP_MEMBERS_MIN;
    assert_int_equal(pack_int(pack, least, day(2019, 12, 31)), 3); /* before any version */
    assert_int_equal(pack_int(pack, least, day(2020, 1, 1)), 4);
    assert_int_equal(pack_int(pack, least, day(2024, 12, 31)), 4);
    assert_int_equal(pack_int(pack, least, day(2025, 1, 1)), 3); /* between two */
    assert_int_equal(pack_int(pack, least, day(2026, 1, 1)), 5);
    assert_null(pack_rule(pack, RULE_OWN_GROUP, day(2025, 6, 1)));
    const Rule *rule = pack_rule(pack, RULE_OWN_GROUP, day(2026, 6, 1));
    assert_int_equal(rule->hardness, HARDNESS_SHOULD);
    assert_true(text_is(rule->source, "b"));
    assert_false(pack_bool(pack_bare(), PARAMETER_LIAISON_FORMAL, 0));
}

#define LIST_HEAD                                                                     \
    "pack p\ntitle.zh = 包\ntitle.en = Pack\nversion = 1\n[rule pre-shift-checks]\n" \
    "title.zh = 查\ntitle.en = Checks\nsource = s\nvalid_from = 2020-01-01\nhardness = must\n"

static void a_checklist_has_lines_in_both_languages(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        ErrCode code;
    } lists[] = {
        {"item = dress | 着装 | dress\nitem = mind | 精神 | fit\n", OK},
        {"", ERR_INVALID},
        {"item = dress | 着装\n", ERR_INVALID},
        {"item = dress | 着装 | \n", ERR_INVALID},
        {"item = | 着装 | dress\n", ERR_INVALID},
        {"item = Dress | 着装 | dress\n", ERR_INVALID},
        {"item = dress | 着装 | dress | more\n", ERR_INVALID},
        {"item = dress | 着装 | dress\nitem = dress | 着装 | dress\n", ERR_INVALID},
        {"item = dress | 着装 | dress\n[rule own-group]\ntitle.zh = a\ntitle.en = a\nsource = s\n"
         "valid_from = 2020-01-01\nhardness = must\nitem = dress | 着装 | dress\n",
         ERR_INVALID},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        AUTO(arena_done) Arena arena = {0};
        AUTO(buf_done) Buf text = {0};
        Err err;
        const Pack *pack = NULL;
        arena_init(&arena, WORK_BYTES);
        buf_init(&text, PACK_BYTES_MAX);
        buf_format(&text, "%s%s", LIST_HEAD, lists[i].lines);
        if (pack_parse(buf_as_bytes(&text), &arena, &pack, &err) != lists[i].code)
            fail_msg("list %zu", i);
        if (lists[i].code != OK) continue;
        const Rule *rule = pack_rule(pack, RULE_PRE_SHIFT_CHECKS, day(2026, 1, 1));
        assert_int_equal(rule->list.count, 2);
        assert_true(text_is(checklist_find(&rule->list, TEXT("mind"))->en, "fit"));
        assert_null(checklist_find(&rule->list, TEXT("shoes")));
    }
}

static void a_checklist_has_a_bound(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf text = {0};
    Err err;
    const Pack *pack = NULL;
    arena_init(&arena, WORK_BYTES);
    buf_init(&text, PACK_BYTES_MAX);
    buf_add_z(&text, LIST_HEAD);
    for (int i = 0; i < CHECKLIST_ITEMS_MAX; i++)
        buf_format(&text, "item = i%d | 项 | item\n", i);
    assert_int_equal(pack_parse(buf_as_bytes(&text), &arena, &pack, &err), OK);
    buf_add_z(&text, "item = more | 项 | item\n");
    assert_int_equal(pack_parse(buf_as_bytes(&text), &arena, &pack, &err), ERR_LIMIT);
}

static ErrCode read_default(Arena *arena, Bytes *out_bytes, Err *err)
{
    FILE *file = fopen("packs/cn-power-site.rules", "rb");
    if (file == NULL) return err_set(err, ERR_NOT_FOUND, "run the tests from the project's root");
    uint8_t *bytes = arena_array(arena, uint8_t, PACK_BYTES_MAX);
    assert_non_null(bytes);
    const size_t size = fread(bytes, 1, PACK_BYTES_MAX, file);
    fclose(file);
    *out_bytes = (Bytes){bytes, size};
    return OK;
}

static void the_pack_we_ship_is_right_and_complete(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Err err;
    Bytes bytes;
    assert_int_equal(read_default(&arena, &bytes, &err), OK);
    const Pack *pack = NULL;
    if (pack_parse(bytes, &arena, &pack, &err) != OK) fail_msg("%s", err.message);
    assert_true(text_is(pack->name, "cn-power-site"));
    const Day today = day(2026, 11, 22);
    for (RuleCode code = RULE_NONE + 1; code < RULE_COUNT; code++) {
        const Rule *rule = pack_rule(pack, code, today);
        if (rule == NULL) fail_msg("rule %s is not in the pack", rule_name(code));
        assert_true(rule->source.size > 0);
    }
    /* What it says and what the code falls back to are the same, so an old day is no surprise. */
    for (size_t i = 0; i < PARAMETER_COUNT; i++)
        assert_int_equal(pack_int(pack, (ParameterCode)i, today),
                         parameter_info((ParameterCode)i)->otherwise);
}

static void writing_a_pack_and_reading_it_gives_the_same_pack(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    AUTO(buf_done) Buf first = {0};
    AUTO(buf_done) Buf second = {0};
    buf_init(&first, PACK_BYTES_MAX);
    buf_init(&second, PACK_BYTES_MAX);
    Err err;
    Bytes bytes;
    const Pack *pack = NULL;
    assert_int_equal(read_default(&arena, &bytes, &err), OK);
    assert_int_equal(pack_parse(bytes, &arena, &pack, &err), OK);
    pack_write(pack, &first);
    assert_int_equal(pack_parse(buf_as_bytes(&first), &arena, &pack, &err), OK);
    pack_write(pack, &second);
    assert_true(first.size > 1000);
    assert_true(bytes_equal(buf_as_bytes(&first), buf_as_bytes(&second)));
}

/* The pack we ship with a few bytes spoilt is read or refused with a line, never a crash. */
static void a_spoilt_pack_is_read_or_refused_with_a_line(Prng *prng)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Err err;
    Bytes bytes;
    assert_int_equal(read_default(&arena, &bytes, &err), OK);
    uint8_t *copy = arena_array(&arena, uint8_t, bytes.size);
    assert_non_null(copy);
    memcpy(copy, bytes.at, bytes.size);
    for (uint64_t i = 1 + prng_below(prng, 3); i > 0; i--)
        copy[prng_below(prng, bytes.size)] = (uint8_t)prng_below(prng, 256);
    const Pack *pack = NULL;
    const Bytes spoilt = {copy, bytes.size - prng_below(prng, 200)};
    if (pack_parse(spoilt, &arena, &pack, &err) == OK) return;
    assert_memory_equal(err.message, "line ", 5);
}

static void spoilt_packs_never_harm(void **state)
{
    (void)state;
    prop_run("pack", 500, a_spoilt_pack_is_read_or_refused_with_a_line);
}

/* ---- The texts of reasons ---- */

/* The set of known words in braces; fails on any other. */
static unsigned placeholders(const char *z)
{
    static const char *const words[] = {"{name}", "{have}", "{need}", "{from}",
                                        "{to}",   "{km}",   "{days}"};
    unsigned set = 0;
    for (const char *at = strchr(z, '{'); at != NULL; at = strchr(at + 1, '{')) {
        unsigned found = 0;
        if (strncmp(at, "{s}", 3) == 0) continue; /* English only */
        for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
            if (strncmp(at, words[i], strlen(words[i])) == 0) found = 1U << i;
        if (found == 0) fail_msg("unknown word in \"%s\"", z);
        set |= found;
    }
    return set;
}

static void every_reason_has_a_name_of_its_own_and_both_languages(void **state)
{
    (void)state;
    for (ReasonCode code = REASON_NONE + 1; code < REASON_COUNT; code++) {
        const ReasonInfo *info = reason_info(code);
        assert_true(strlen(info->name) > 0);
        assert_true(strlen(info->en) > 0);
        assert_true(strlen(info->zh) > 0);
        if (placeholders(info->en) != placeholders(info->zh))
            fail_msg("%s: the two languages do not hold the same words", info->name);
        for (ReasonCode other = code + 1; other < REASON_COUNT; other++)
            assert_string_not_equal(info->name, reason_info(other)->name);
    }
}

static void the_words_of_a_reason_are_filled_in(void **state)
{
    (void)state;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 1000);
    const Reason few = {.code = REASON_TOO_FEW_MEMBERS, .have = 2, .need = 3};
    reason_write(&few, LANGUAGE_EN, TEXT(""), &buf);
    assert_true(text_is(buf_as_text(&buf), "2 Party members, a group needs 3"));
    buf_clear(&buf);
    const Reason one = {.code = REASON_TOO_FEW_MEMBERS, .have = 1, .need = 3};
    reason_write(&one, LANGUAGE_EN, TEXT(""), &buf);
    assert_true(text_is(buf_as_text(&buf), "1 Party member, a group needs 3"));
    buf_clear(&buf);
    const Reason far = {.code = REASON_NEAREST_GROUP, .have = 30049};
    reason_write(&far, LANGUAGE_ZH, TEXT("和风组"), &buf);
    assert_true(text_is(buf_as_text(&buf), "最近的符合条件的小组是和风组，距离30.0公里"));
    buf_clear(&buf);
    const Reason posted = {.code = REASON_POSTED_HERE, .days = {day(2026, 3, 1), DAY_OPEN}};
    reason_write(&posted, LANGUAGE_EN, TEXT(""), &buf);
    assert_true(text_is(buf_as_text(&buf), "posted to the project from 2026-03-01 on"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_packs_are_refused_with_line_and_reason),
        cmocka_unit_test(an_over_long_line_is_refused_with_its_number),
        cmocka_unit_test(a_pack_may_come_from_a_windows_editor),
        cmocka_unit_test(the_version_of_the_day_counts_and_the_default_where_none_holds),
        cmocka_unit_test(a_checklist_has_lines_in_both_languages),
        cmocka_unit_test(a_checklist_has_a_bound),
        cmocka_unit_test(the_pack_we_ship_is_right_and_complete),
        cmocka_unit_test(writing_a_pack_and_reading_it_gives_the_same_pack),
        cmocka_unit_test(spoilt_packs_never_harm),
        cmocka_unit_test(every_reason_has_a_name_of_its_own_and_both_languages),
        cmocka_unit_test(the_words_of_a_reason_are_filled_in),
    };
    return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
