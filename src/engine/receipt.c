#include "engine/receipt.h"

#include "loop/signal.h"
#include "seal/field.h"

#define RECEIPT_GROUPS 3

const char *receipt_write(const Node *node, Id op, char out[CODE_TEXT_MAX])
{
    char text[ID_TEXT_MAX];
    const int64_t bits =
        field_index(&node->keyring, KIND_SIGNAL, SIGNAL_RECEIPT, text_from_z(id_write(op, text)));
    return code_write((uint64_t)bits, RECEIPT_GROUPS, out);
}

int64_t receipt_index(const Node *node, Text typed)
{
    char normal[CODE_TEXT_MAX];
    return field_index(&node->keyring, KIND_SIGNAL, SIGNAL_ENVELOPE, code_normalise(typed, normal));
}

int64_t receipt_index_of_op(const Node *node, Id op)
{
    char code[CODE_TEXT_MAX];
    return receipt_index(node, text_from_z(receipt_write(node, op, code)));
}

bool command_names_nobody(const Command *command)
{
    if (command->action != ACTION_ADD || command->kind->code != KIND_SIGNAL) return false;
    const SignalInfo *info = signal_info((int)record_int(&command->record, SIGNAL_KIND, 0));
    return (info != NULL && info->readers != 0) ||
           record_int(&command->record, SIGNAL_UNNAMED, 0) == UNNAMED_IS_TO_EVERYBODY;
}

bool command_has_receipt(const Command *command, const Actor *actor)
{
    if (command->action != ACTION_ADD || command->kind->code != KIND_SIGNAL) return false;
    if (command_names_nobody(command)) return true;
    return !record_has(&command->record, SIGNAL_RAISER) && actor->person == KEY_NONE;
}

ErrCode receipt_say(const SignalCard *card, Id op, int step, Text words, Arena *arena,
                    ReceiptSay *out_say, Err *err)
{
    const bool is_sealed = signal_info(card->kind)->readers != 0;
    Record *record = &out_say->command.record;
    *out_say = (ReceiptSay){.command = {.op = op, .kind = vocab_kind(KIND_HANDLING)},
                            .actor = {.receipt_of = card->key}};
    out_say->actor.reach = &out_say->reach;
    map_init(&out_say->reach.units, arena);
    map_init(&out_say->reach.projects, arena);
    TRY(map_put(&out_say->reach.projects, card->project, 1, err));
    record->kind = out_say->command.kind;
    record_set_ref(record, HANDLING_SIGNAL, card->id);
    record_set_int(record, HANDLING_STEP, step);
    if (words.size > 0)
        record_set_text(record, is_sealed ? HANDLING_ENVELOPE : HANDLING_NOTE, words);
    return record_check(record, err);
}
