#include "support/tree_inside.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "support/stores.h"
#include "sync/message.h"
#include "sync/session.h"

#define ROUNDS_IN_STEP_MAX 3  /* those who hold the same know it after so many */
#define ROUNDS_MAX         40 /* after so many, two that speak have said everything */

/* What may happen on the line. */
typedef enum Line {
    LINE_GOOD,
    LINE_LOSES_QUESTION,
    LINE_LOSES_ANSWER,
    LINE_CUTS_QUESTION,
    LINE_CUTS_ANSWER,
    LINE_REPEATS_QUESTION,
    LINE_DAMAGES_ANSWER,
    LINE_COUNT
} Line;

static Peer peer_of(const Member *member)
{
    return (Peer){.name = text_from_z(member->name),
                  .node_short = member->play.node.node_short,
                  .warrant = {.is_everything = true},
                  .key = signing_key_public(&member->play.node.signing_key)};
}

static Letter *new_letter(Tree *tree, size_t from, size_t to, bool is_answer)
{
    assert_true(tree->letter_count < LETTERS_MAX);
    Letter *letter = &tree->letters[tree->letter_count++];
    *letter = (Letter){.from = from, .to = to, .is_answer = is_answer};
    buf_init(&letter->bytes, MESSAGE_BYTES_MAX);
    return letter;
}

/* Ends the group that took a message. */
static bool commit(Member *member, ErrCode code, Err *err) ONLY_ON(writer_role)
{
    if (code == OK) code = engine_commit(member->play.engine, err);
    if (code != OK) engine_roll_back(member->play.engine);
    must_or_be_off(member, code, err);
    return code == OK;
}

/* A message is on the line only after the group it was written in is committed. */
static Letter *hand_out(Tree *tree, Member *member, Letter *letter, ErrCode code, Err *err)
    ONLY_ON(writer_role)
{
    const bool is_sent = commit(member, code, err);
    see_to_power(tree, member);
    if (!is_sent) buf_clear(&letter->bytes);
    return is_sent ? letter : NULL;
}

static Letter *ask(Tree *tree, size_t from, size_t to) ONLY_ON(writer_role)
{
    Err err;
    Member *member = &tree->members[from];
    const Peer peer = peer_of(&tree->members[to]);
    const SessionBudget budget = {.squeeze = tree->squeeze};
    Letter *letter = new_letter(tree, from, to, false);
    ErrCode code = engine_begin(member->play.engine, &err);
    if (code == OK) code = session_ask(member->play.engine, &peer, &budget, &letter->bytes, &err);
    return hand_out(tree, member, letter, code, &err);
}

/* What is no message, or not for this node, is refused and changes nothing. */
static Letter *answer(Tree *tree, const Letter *question, Bytes bytes) ONLY_ON(writer_role)
{
    Err err;
    SessionResult result;
    Member *member = &tree->members[question->to];
    const Peer peer = peer_of(&tree->members[question->from]);
    const SessionBudget budget = {.squeeze = tree->squeeze};
    Letter *letter = new_letter(tree, question->to, question->from, true);
    ErrCode code = engine_begin(member->play.engine, &err);
    if (code == OK)
        code = session_answer(member->play.engine, &peer, bytes, &budget, &letter->bytes, &result,
                              &err);
    if (code == ERR_INVALID && bytes.size < question->bytes.size) {
        engine_roll_back(member->play.engine);
        return NULL;
    }
    if (code == OK && result.bad_count > 0) fail_msg("%s", result.bad.words);
    return hand_out(tree, member, letter, code, &err);
}

static SessionResult take(Tree *tree, const Letter *letter, Bytes bytes) ONLY_ON(writer_role)
{
    Err err;
    SessionResult result = {.is_more = false};
    Member *member = &tree->members[letter->to];
    const Peer peer = peer_of(&tree->members[letter->from]);
    const SessionBudget budget = {.squeeze = tree->squeeze};
    ErrCode code = engine_begin(member->play.engine, &err);
    if (code == OK) code = session_take(member->play.engine, &peer, bytes, &budget, &result, &err);
    if (code == ERR_INVALID) {
        engine_roll_back(member->play.engine);
        return result;
    }
    if (code == OK && result.bad_count > 0) fail_msg("%s", result.bad.words);
    (void)commit(member, code, &err);
    see_to_power(tree, member);
    tree->counts.messages++;
    return result;
}

static Bytes part_of(const Buf *buf, bool is_cut, uint32_t where)
{
    return (Bytes){buf->at, is_cut ? (size_t)(where % 1000) * buf->size / 1000 : buf->size};
}

static void forget_letters(Tree *tree)
{
    for (size_t i = 0; i < tree->letter_count; i++)
        buf_done(&tree->letters[i].bytes);
    tree->letter_count = 0;
}

static SessionResult speak(Tree *tree, size_t asker, size_t other, Line line, uint32_t where)
    ONLY_ON(writer_role)
{
    const SessionResult nothing = {.is_more = false};
    if (tree->letter_count + 3 > LETTERS_MAX) forget_letters(tree);
    const Letter *question = ask(tree, asker, other);
    if (question == NULL || line == LINE_LOSES_QUESTION) return nothing;
    const Bytes asked = part_of(&question->bytes, line == LINE_CUTS_QUESTION, where);
    if (line == LINE_REPEATS_QUESTION) (void)answer(tree, question, asked);
    Letter *reply = answer(tree, question, asked);
    if (reply == NULL || line == LINE_LOSES_ANSWER) return nothing;
    const Bytes told = part_of(&reply->bytes, line == LINE_CUTS_ANSWER, where);
    if (line == LINE_DAMAGES_ANSWER && told.size > 0)
        reply->bytes.at[where % told.size] ^= (uint8_t)(1 + where % 255);
    return take(tree, reply, told);
}

void talk(Tree *tree, size_t asker, size_t other, uint32_t how, uint32_t where)
{
    (void)speak(tree, asker, other, (Line)(how % LINE_COUNT), where);
}

void arrive_again(Tree *tree, uint32_t which)
{
    if (tree->letter_count == 0 || tree->letter_count == LETTERS_MAX) return;
    const Letter letter = tree->letters[which % tree->letter_count];
    if (letter.bytes.size == 0) return;
    if (letter.is_answer)
        (void)take(tree, &letter, buf_as_bytes(&letter.bytes));
    else
        (void)answer(tree, &letter, buf_as_bytes(&letter.bytes));
}

void assert_speak_out(Tree *tree, size_t asker, size_t other)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        if (!speak(tree, asker, other, LINE_GOOD, 0).is_more) return;
    }
    fail_msg("%s and %s never stop talking", tree->members[asker].name, tree->members[other].name);
}

void assert_say_in_step(Tree *tree, size_t asker, size_t other)
{
    for (int round = 0; round < ROUNDS_IN_STEP_MAX; round++)
        if (speak(tree, asker, other, LINE_GOOD, 0).is_in_step) return;
    fail_msg("%s does not say that it is in step with %s", tree->members[asker].name,
             tree->members[other].name);
}
