/* What we promise about the gate: it asks for what the rule asks for, and only `must` stops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/gate.h"
#include "support/stores.h"

static const char pack_text[] = "pack own\n"
                                "title.zh = 本单位\n"
                                "title.en = Own\n"
                                "version = 1\n"
                                "\n"
                                "[rule project-gate]\n"
                                "title.zh = 前期策划\n"
                                "title.en = Pre-planning\n"
                                "source = 本单位\n"
                                "valid_from = 2026-01-01\n"
                                "hardness = %s\n"
                                "form = %s\n"
                                "leader = %s\n"
                                "lines_min = %d\n";

enum { TODAY = 20605 }; /* 2026-06-01 */

static Arena arena;

static const Pack *make_pack(const char *hardness, const char *form, const char *leader, int lines)
{
    const Pack *pack = NULL;
    Err err;
    AUTO(buf_done) Buf text = {0};
    buf_init(&text, 4096);
    buf_format(&text, pack_text, hardness, form, leader, lines);
    must(pack_parse(buf_as_bytes(&text), &arena, &pack, &err), &err);
    return pack;
}

static const GateForm led = {
    .kind = KIND_STATION, .fact = 1, .group_kind = GROUP_KIND_IS_PARTY, .group = 2, .person = 3};
static const GateForm crew = {
    .kind = KIND_STATION, .fact = 4, .group_kind = GROUP_KIND_IS_CREW, .group = 5};

static StartGate ask(const Pack *pack, const GateForm *forms, size_t count, size_t lines)
{
    const GateFacts facts = {
        .pack = pack, .day = TODAY, .forms = forms, .form_count = count, .line_count = lines};
    return gate_of(&facts);
}

static void everything_is_asked_for(void **state)
{
    (void)state;
    const Pack *pack = make_pack("must", "yes", "yes", 2);
    const GateForm both[] = {led, crew};
    StartGate gate = ask(pack, NULL, 0, 0);
    assert_false(gate.is_open);
    assert_true(gate.is_binding);
    for (int i = 0; i < GATE_CONDITION_COUNT; i++)
        assert_true(gate.is_asked[i] && !gate.is_met[i]);
    assert_false(ask(pack, &led, 1, 1).is_open); /* one line less than asked for */
    assert_true(ask(pack, &led, 1, 2).is_open);  /* exactly as many */
    gate = ask(pack, both, 2, 2);                /* a crew that nobody leads */
    assert_true(gate.is_met[GATE_FORM] && !gate.is_met[GATE_LEADER] && !gate.is_open);
    gate = ask(pack, &crew, 1, 2); /* a crew is no Party organisation */
    assert_false(gate.is_met[GATE_FORM]);
}

static void a_company_may_ask_for_less(void **state)
{
    (void)state;
    assert_true(ask(make_pack("must", "no", "no", 0), NULL, 0, 0).is_open);
    assert_true(ask(make_pack("must", "yes", "no", 0), &led, 1, 0).is_open);
    const StartGate gate = ask(make_pack("should", "yes", "yes", 1), NULL, 0, 0);
    assert_false(gate.is_open);
    assert_false(gate.is_binding); /* only advice */
}

static void where_no_rule_holds_nothing_is_asked(void **state)
{
    (void)state;
    const StartGate gate = ask(pack_bare(), NULL, 0, 0);
    assert_true(gate.is_open);
    assert_null(gate.rule);
    const GateFacts before = {.pack = make_pack("must", "yes", "yes", 1), .day = TODAY - 400};
    assert_true(gate_of(&before).is_open);
}

int main(void)
{
    arena_init(&arena, (size_t)4 << 20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_asked_for),
        cmocka_unit_test(a_company_may_ask_for_less),
        cmocka_unit_test(where_no_rule_holds_nothing_is_asked),
    };
    const int failed = cmocka_run_group_tests_name("gate", tests, NULL, NULL);
    arena_done(&arena);
    return failed;
}
