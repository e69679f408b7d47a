#include "engine/accounts.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "store/query.h"

/* Stands in front of a stored password that somebody else has chosen. */
#define ONCE_MARK "once:"

#define ACCOUNT_ARENA_BYTES ((size_t)64 * 1024)

const GrantWish account_first_grants[] = {
    {.role = ROLE_SYSTEM_ADMIN}, {.role = ROLE_SECURITY_ADMIN}, {.role = ROLE_STAFF}};
const size_t account_first_grant_count =
    sizeof account_first_grants / sizeof account_first_grants[0];

bool account_is_once(Bytes stored)
{
    const size_t mark_size = sizeof ONCE_MARK - 1;
    return stored.size > mark_size && memcmp(stored.at, ONCE_MARK, mark_size) == 0;
}

ErrCode account_name_check(Text name, Err *err)
{
    const Text trimmed = text_trim(name);
    size_t count = 0;
    for (size_t at = 0; at < trimmed.size; count++) {
        const uint32_t rune = text_next_rune(trimmed, &at);
        if (rune < 0x20 || (rune >= 0x7F && rune < 0xA0) || rune == 0x2028 || rune == 0x2029)
            return err_set(err, ERR_INVALID, "an account's name holds no control characters");
    }
    if (count == 0) return err_set(err, ERR_INVALID, "an account needs a name");
    if (count > ACCOUNT_NAME_MAX)
        return err_set(err, ERR_INVALID, "an account's name has at most %d characters",
                       ACCOUNT_NAME_MAX);
    return OK;
}

/* Full-width forms to plain ones, capitals to small letters: ASCII, Latin-1, Greek, Cyrillic. */
static uint32_t fold_rune(uint32_t rune)
{
    if (rune == 0x3000 || rune == 0xA0) rune = ' ';
    if (rune >= 0xFF01 && rune <= 0xFF5E) rune -= 0xFEE0;
    if (rune >= 'A' && rune <= 'Z') return rune + 32;
    if (rune >= 0xC0 && rune <= 0xDE && rune != 0xD7) return rune + 32;
    if (rune >= 0x391 && rune <= 0x3A9) return rune + 32;
    if (rune >= 0x410 && rune <= 0x42F) return rune + 32;
    if (rune >= 0x400 && rune <= 0x40F) return rune + 80;
    return rune;
}

Text account_name_key(Text name, char out[ACCOUNT_KEY_MAX])
{
    const Text trimmed = text_trim(name);
    size_t size = 0;
    for (size_t at = 0; at < trimmed.size && size + 4 <= ACCOUNT_KEY_MAX;) {
        char bytes[4];
        const size_t put = text_put_rune(bytes, fold_rune(text_next_rune(trimmed, &at)));
        memcpy(out + size, bytes, put);
        size += put;
    }
    return (Text){out, size};
}

ErrCode accounts_exist(Store *store, bool *out_exist, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, store, ACCOUNT_LAST_KEY, err));
    TRY(query_next(&query, &found, err));
    *out_exist = found && query_int(&query, 0) > 0;
    return OK;
}

/* A copy with a NUL behind it, which the check of passwords wants. */
static ErrCode copy_stored(const Query *query, int column, Arena *arena, Account *account, Err *err)
{
    Text stored = {0};
    TRY(query_text(query, column, arena, &stored, err));
    if (account_is_once(bytes_of(stored))) {
        account->must_change = true;
        stored.at += sizeof ONCE_MARK - 1;
        stored.size -= sizeof ONCE_MARK - 1;
    }
    const char *z = text_z(arena, stored);
    if (z == NULL) return err_set(err, ERR_LIMIT, "no room for an account");
    account->stored = text_from_z(z);
    return OK;
}

static ErrCode account_of_row(const Query *query, Arena *arena, Account *out_account, Err *err)
{
    Account account = {.key = query_int(query, 0),
                       .is_disabled = query_int(query, 4) != 0,
                       .created_ms = query_int(query, 5),
                       .person = query_is_null(query, 6) ? KEY_NONE : query_int(query, 6)};
    TRY(query_id(query, 1, &account.id, err));
    TRY(query_text(query, 2, arena, &account.name, err));
    TRY(copy_stored(query, 3, arena, &account, err));
    *out_account = account;
    return OK;
}

ErrCode account_find(Store *store, Text name, Arena *arena, bool *out_found, Account *out_account,
                     Err *err)
{
    char key[ACCOUNT_KEY_MAX];
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, store, ACCOUNT_BY_NAME, err));
    query_bind_text(&query, 1, account_name_key(name, key));
    TRY(query_next(&query, &found, err));
    if (found) TRY(account_of_row(&query, arena, out_account, err));
    *out_found = found;
    return OK;
}

ErrCode account_load(Store *store, Id id, Arena *arena, Account *out_account, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, store, ACCOUNT_BY_ID, err));
    query_bind_id(&query, 1, &id);
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_NOT_FOUND, "there is no such account");
    return account_of_row(&query, arena, out_account, err);
}

static ErrCode count_accounts(Store *store, int64_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, store, ACCOUNT_COUNT, err));
    TRY(query_next(&query, &found, err));
    *out_count = found ? query_int(&query, 0) : 0;
    return OK;
}

ErrCode account_list(Store *store, int64_t skipped, int64_t limit, Arena *arena,
                     AccountList *out_list, Err *err)
{
    assert(skipped >= 0);
    assert(limit > 0);
    AccountList list = {.items = arena_array(arena, Account, (size_t)limit)};
    if (list.items == NULL) return err_set(err, ERR_LIMIT, "no room for the accounts");
    TRY(count_accounts(store, &list.total, err));
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, ACCOUNTS, err));
    query_bind_int(&query, 1, limit);
    query_bind_int(&query, 2, skipped);
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found || (int64_t)list.count == limit) break;
        TRY(account_of_row(&query, arena, &list.items[list.count], err));
        list.count++;
    }
    *out_list = list;
    return OK;
}

ErrCode account_grants(Store *store, int64_t account, Arena *arena, Grants *out_grants, Err *err)
{
    Grant *items = arena_array(arena, Grant, ACCOUNT_GRANTS_MAX);
    if (items == NULL) return err_set(err, ERR_LIMIT, "no room for the roles of an account");
    size_t count = 0;
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, ACCOUNT_ROLES, err));
    query_bind_int(&query, 1, account);
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found || count == ACCOUNT_GRANTS_MAX) break;
        /* A role of a newer version of the program, which this one does not know, gives nothing. */
        if (role_info((int)query_int(&query, 0)) == NULL) continue;
        items[count++] =
            (Grant){.role = (RoleCode)query_int(&query, 0), .scope = query_int(&query, 1)};
    }
    *out_grants = (Grants){items, count};
    return OK;
}

bool grants_allow(const Grants *grants, Permission permission)
{
    if (permission == MAY_SIGNED_IN) return true;
    for (size_t i = 0; i < grants->count; i++)
        if (role_may(grants->items[i].role, permission)) return true;
    return false;
}

ErrCode scope_card(Store *store, int64_t shard, int64_t scope, Arena *arena, ScopeCard *out_card,
                   Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, store, SCOPE_CARD, err));
    query_bind_int(&query, 1, shard);
    query_bind_int(&query, 2, scope);
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_CORRUPT, "a role is held at a scope that does not exist");
    ScopeCard card = {0};
    TRY(query_id(&query, 0, &card.id, err));
    TRY(query_text(&query, 2, arena, &card.name, err));
    *out_card = card;
    return OK;
}

ErrCode account_person(Store *store, int64_t shard, Key person, Arena *arena, bool *out_found,
                       PersonName *out_name, Err *err)
{
    AUTO(query_done) Query query = {0};
    *out_found = false;
    if (person == KEY_NONE) return OK;
    TRY(query_begin(&query, store, PERSON_OF_ACCOUNT, err));
    query_bind_int(&query, 1, shard);
    query_bind_int(&query, 2, person);
    bool found = false;
    TRY(query_next(&query, &found, err));
    if (!found) return OK; /* has not arrived here */
    PersonName name = {0};
    TRY(query_id(&query, 0, &name.id, err));
    TRY(query_text(&query, 1, arena, &name.name, err));
    *out_name = name;
    *out_found = true;
    return OK;
}

/* KEY_NONE for the nil id. */
static ErrCode person_key(Engine *engine, Id person, Key *out_key, Err *err)
{
    *out_key = KEY_NONE;
    if (id_is_nil(person)) return OK;
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, engine_store(engine), THING_FIND, err));
    query_bind_int(&query, 1, engine_node(engine)->shard);
    query_bind_id(&query, 2, &person);
    TRY(query_next(&query, &found, err));
    if (!found || query_int(&query, 1) != KIND_PERSON)
        return err_set(err, ERR_NOT_FOUND,
                       "\"person\": an account belongs to a person; this is none");
    *out_key = query_int(&query, 0);
    return OK;
}

static ErrCode scope_key(Engine *engine, Id scope, int64_t *out_key, Err *err)
{
    *out_key = 0;
    if (id_is_nil(scope)) return OK;
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, engine_store(engine), THING_FIND, err));
    query_bind_int(&query, 1, engine_node(engine)->shard);
    query_bind_id(&query, 2, &scope);
    TRY(query_next(&query, &found, err));
    if (!found || (query_int(&query, 1) != KIND_UNIT && query_int(&query, 1) != KIND_PROJECT))
        return err_set(err, ERR_NOT_FOUND, "a role is held at a unit or a project; this is none");
    *out_key = query_int(&query, 0);
    return OK;
}

static ErrCode add_grants(Engine *engine, int64_t account, const GrantWish *grants,
                          size_t grant_count, Err *err)
{
    if (grant_count > ACCOUNT_GRANTS_MAX)
        return err_set(err, ERR_LIMIT, "an account holds at most %d roles", ACCOUNT_GRANTS_MAX);
    for (size_t i = 0; i < grant_count; i++) {
        int64_t scope = 0;
        TRY(scope_key(engine, grants[i].scope, &scope, err));
        AUTO(query_done) Query query = {0};
        TRY(query_begin(&query, engine_store(engine), ACCOUNT_ROLE_ADD, err));
        query_bind_int(&query, 1, account);
        query_bind_int(&query, 2, grants[i].role);
        query_bind_int(&query, 3, scope);
        TRY(query_run(&query, err));
    }
    return OK;
}

/* Shaped like the ids of things, but of no entry: accounts are not in the journal. */
static Id make_account_id(const Host *host)
{
    Id id;
    host_random(host, id.at, sizeof id.at);
    const uint64_t now_ms = host_now_ms(host);
    for (int i = 0; i < 6; i++)
        id.at[i] = (uint8_t)(now_ms >> (40 - 8 * i));
    id.at[6] = (uint8_t)(0x70 | (id.at[6] & 0x0F));
    id.at[8] = (uint8_t)(0x80 | (id.at[8] & 0x3F));
    return id;
}

static ErrCode text_to_store(const char *stored, bool must_change, Buf *out, Err *err)
{
    assert(stored != NULL);
    buf_init(out, 512);
    if (must_change) buf_add_z(out, ONCE_MARK);
    buf_add_z(out, stored);
    return buf_check(out, err);
}

static ErrCode insert_account(Engine *engine, const AccountWish *wish, Id id, int64_t *out_key,
                              Err *err)
{
    Store *store = engine_store(engine);
    int64_t last = 0;
    {
        AUTO(query_done) Query query = {0};
        bool found = false;
        TRY(query_begin(&query, store, ACCOUNT_LAST_KEY, err));
        TRY(query_next(&query, &found, err));
        if (found) last = query_int(&query, 0);
    }
    if (wish->is_first && last > 0)
        return err_set(err, ERR_CONFLICT, "this node has an administrator already; sign in");
    char key[ACCOUNT_KEY_MAX];
    Key person = KEY_NONE;
    AUTO(buf_done) Buf stored = {0};
    TRY(person_key(engine, wish->person, &person, err));
    TRY(text_to_store(wish->stored, wish->must_change, &stored, err));
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, ACCOUNT_ADD, err));
    query_bind_int(&query, 1, last + 1);
    query_bind_id(&query, 2, &id);
    query_bind_text(&query, 3, text_trim(wish->name));
    query_bind_text(&query, 4, account_name_key(wish->name, key));
    query_bind_text(&query, 5, buf_as_text(&stored));
    query_bind_int(&query, 6, (int64_t)host_now_ms(engine_node(engine)->host));
    if (person != KEY_NONE) query_bind_int(&query, 7, person);
    TRY(query_run(&query, err));
    *out_key = last + 1;
    return OK;
}

static ErrCode check_vacant_name(Engine *engine, Text name, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ACCOUNT_ARENA_BYTES);
    Account other;
    bool found = false;
    TRY(account_find(engine_store(engine), name, &arena, &found, &other, err));
    if (found) return err_set(err, ERR_CONFLICT, "there is an account of that name already");
    return OK;
}

ErrCode account_add(Engine *engine, const Actor *actor, const AccountWish *wish, Id *out_id,
                    Err *err)
{
    role_expect(&writer_role);
    TRY(account_name_check(wish->name, err));
    TRY(check_vacant_name(engine, wish->name, err));
    const Id id = make_account_id(engine_node(engine)->host);
    int64_t key = 0;
    TRY(insert_account(engine, wish, id, &key, err));
    TRY(add_grants(engine, key, wish->grants, wish->grant_count, err));
    const Actor self = {.id = id}; /* the first account makes itself */
    char text[ID_TEXT_MAX];
    char person[ID_TEXT_MAX + 8] = "";
    if (!id_is_nil(wish->person))
        snprintf(person, sizeof person, "person=%s", id_write(wish->person, text));
    TRY(engine_audit(engine, actor != NULL ? actor : &self, "account_added", text_trim(wish->name),
                     true, text_from_z(id_write(id, text)), text_from_z(person), err));
    *out_id = id;
    return OK;
}

static ErrCode remove_sessions(Engine *engine, int64_t account, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine_store(engine), SESSIONS_REMOVE_OF_ACCOUNT, err));
    query_bind_int(&query, 1, account);
    return query_run(&query, err);
}

static ErrCode audit_change(Engine *engine, const Actor *actor, const char *event,
                            const Account *account, Text purpose, Err *err) ONLY_ON(writer_role)
{
    char text[ID_TEXT_MAX];
    return engine_audit(engine, actor, event, account->name, true,
                        text_from_z(id_write(account->id, text)), purpose, err);
}

static ErrCode store_password(Engine *engine, Id id, const char *stored, bool must_change,
                              Arena *arena, Account *out_account, Err *err)
{
    TRY(account_load(engine_store(engine), id, arena, out_account, err));
    AUTO(buf_done) Buf text = {0};
    TRY(text_to_store(stored, must_change, &text, err));
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine_store(engine), ACCOUNT_SET_PASSWORD, err));
    query_bind_int(&query, 1, out_account->key);
    query_bind_text(&query, 2, buf_as_text(&text));
    return query_run(&query, err);
}

ErrCode account_renew_password(Engine *engine, Id id, const char *stored, Err *err)
{
    role_expect(&writer_role);
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ACCOUNT_ARENA_BYTES);
    Account account;
    return store_password(engine, id, stored, false, &arena, &account, err);
}

ErrCode account_set_password(Engine *engine, const Actor *actor, Id id, const char *stored,
                             bool must_change, Err *err)
{
    role_expect(&writer_role);
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ACCOUNT_ARENA_BYTES);
    Account account;
    TRY(store_password(engine, id, stored, must_change, &arena, &account, err));
    TRY(remove_sessions(engine, account.key, err));
    return audit_change(engine, actor, "password_changed", &account, TEXT(""), err);
}

ErrCode account_disable(Engine *engine, const Actor *actor, Id id, Err *err)
{
    role_expect(&writer_role);
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ACCOUNT_ARENA_BYTES);
    Account account;
    TRY(account_load(engine_store(engine), id, &arena, &account, err));
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine_store(engine), ACCOUNT_SET_DISABLED, err));
    query_bind_int(&query, 1, account.key);
    query_bind_int(&query, 2, 1);
    TRY(query_run(&query, err));
    TRY(remove_sessions(engine, account.key, err));
    return audit_change(engine, actor, "account_disabled", &account, TEXT(""), err);
}

/* "staff leader@0190…": what the audit record says of the roles given. */
static void write_grants(const GrantWish *grants, size_t grant_count, Buf *out)
{
    for (size_t i = 0; i < grant_count; i++) {
        char text[ID_TEXT_MAX];
        if (i > 0) buf_add_z(out, " ");
        buf_add_z(out, role_info((int)grants[i].role)->name);
        if (!id_is_nil(grants[i].scope)) buf_format(out, "@%s", id_write(grants[i].scope, text));
    }
}

ErrCode account_set_grants(Engine *engine, const Actor *actor, Id id, const GrantWish *grants,
                           size_t grant_count, Err *err)
{
    role_expect(&writer_role);
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ACCOUNT_ARENA_BYTES);
    Account account;
    TRY(account_load(engine_store(engine), id, &arena, &account, err));
    {
        AUTO(query_done) Query query = {0};
        TRY(query_begin(&query, engine_store(engine), ACCOUNT_ROLES_REMOVE, err));
        query_bind_int(&query, 1, account.key);
        TRY(query_run(&query, err));
    }
    TRY(add_grants(engine, account.key, grants, grant_count, err));
    AUTO(buf_done) Buf words = {0};
    buf_init(&words, TEXT_FIELD_BYTES_MAX);
    write_grants(grants, grant_count, &words);
    TRY(buf_check(&words, err));
    return audit_change(engine, actor, "roles_changed", &account, buf_as_text(&words), err);
}

/* Without I, L, O, 0 and 1, which are read for one another. */
static const char code_letters[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
#define LETTER_COUNT (sizeof code_letters - 1)
#define GROUP_SIZE   4

const char *code_make(const Host *host, size_t group_count, char out[CODE_TEXT_MAX])
{
    assert(group_count >= 1);
    assert(group_count <= CODE_GROUPS_MAX);
    size_t size = 0;
    for (size_t count = 0; count < group_count * GROUP_SIZE;) {
        uint8_t byte = 0;
        host_random(host, &byte, 1);
        if (byte >= 256 / LETTER_COUNT * LETTER_COUNT) continue; /* each letter equally likely */
        if (count > 0 && count % GROUP_SIZE == 0) out[size++] = '-';
        out[size++] = code_letters[byte % LETTER_COUNT];
        count++;
    }
    out[size] = '\0';
    return out;
}

const char *code_write(uint64_t number, size_t group_count, char out[CODE_TEXT_MAX])
{
    assert(group_count >= 1);
    assert(group_count <= CODE_GROUPS_MAX);
    size_t size = 0;
    for (size_t count = 0; count < group_count * GROUP_SIZE; count++) {
        if (count > 0 && count % GROUP_SIZE == 0) out[size++] = '-';
        out[size++] = code_letters[number % LETTER_COUNT];
        number /= LETTER_COUNT;
    }
    out[size] = '\0';
    return out;
}

Text code_normalise(Text typed, char out[CODE_TEXT_MAX])
{
    size_t size = 0;
    size_t letters = 0;
    for (size_t i = 0; i < typed.size && size + 2 < CODE_TEXT_MAX; i++) {
        char letter = typed.at[i];
        if (letter == '-' || letter == ' ') continue;
        if (letter >= 'a' && letter <= 'z') letter = (char)(letter - 'a' + 'A');
        if (letters > 0 && letters % GROUP_SIZE == 0) out[size++] = '-';
        out[size++] = letter;
        letters++;
    }
    return (Text){out, size};
}
