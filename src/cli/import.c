#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "engine/take.h"
#include "host/file.h"
#include "intake/mapping.h"
#include "intake/tablefile.h"

#define IMPORT_BYTES_MAX  ((size_t)2 << 30)
#define SUMMARY_BYTES_MAX ((size_t)4 << 20)
#define PROBLEMS_SHOWN    40

/* One import from the file to the report. */
typedef struct Import {
    const Options *options;
    const IntakeInfo *intake;
    Arena arena;
    TableFile file;
    Mapping mapping;
    bool has_mapping;
    Reading reading;
    Digest digest;
    TakeReport report;
    bool is_taken; /* committed, not a dry run and not held back for errors */
} Import;

static void import_done(Import *import)
{
    tablefile_done(&import->file);
    arena_done(&import->arena);
}

static ErrCode load_mapping(Import *import, Err *err)
{
    AUTO(buf_done) Buf buf = {0};
    Bytes bytes;
    const char *path = option_value(import->options, "--map");
    if (path == NULL) return OK;
    buf_init(&buf, MAPPING_BYTES_MAX);
    TRY(file_read(host_real(), path, MAPPING_BYTES_MAX, &buf, err));
    TRY(bytes_copy(&import->arena, buf_as_bytes(&buf), &bytes, err));
    if (mapping_parse(bytes, import->intake, &import->arena, &import->mapping, err) != OK)
        return err_context(err, "%s", path);
    import->has_mapping = true;
    return OK;
}

static ErrCode read_file(Import *import, Exit *out_exit, Err *err)
{
    const char *path = import->options->positionals[2];
    arena_init(&import->arena, IMPORT_BYTES_MAX);
    TRY(load_mapping(import, err));
    ErrCode code = tablefile_read_path(&import->file, path, err);
    if (code == OK)
        code = reading_make(&import->file.workbook, import->intake,
                            import->has_mapping ? &import->mapping : NULL, &import->arena,
                            &import->reading, err);
    if (code != OK && code != ERR_IO) *out_exit = EXIT_NO; /* the answer is about the file */
    if (code != OK) return err_context(err, "%s", path);
    import->digest = hash_of(buf_as_bytes(&import->file.packed));
    return OK;
}

static bool has_news(const TakeReport *report)
{
    int64_t count = 0;
    for (size_t i = 0; i < KIND_COUNT_MAX; i++)
        count += report->added[i] + report->changed[i];
    return count > 0;
}

static ErrCode take_in_group(Import *import, Hand *hand, Err *err) ONLY_ON(writer_role)
{
    const char *path = import->options->positionals[2];
    const char *slash = strrchr(path, '/');
    Text name;
    const char *base = slash == NULL ? path : slash + 1;
    TRY(text_from_bytes((Bytes){(const uint8_t *)base, strlen(base)}, &name, err));
    TRY(engine_begin(hand->engine, err));
    TRY(take_in(hand->engine, &hand->actor, &import->reading, name, &import->digest, &import->arena,
                &import->report, err));
    const bool is_held_back =
        import->report.bad_rows > 0 && !option_given(import->options, "--partial");
    if (option_given(import->options, "--dry-run") || is_held_back || !has_news(&import->report)) {
        engine_roll_back(hand->engine);
        return OK;
    }
    TRY(engine_commit(hand->engine, err));
    import->is_taken = true;
    return OK;
}

static ErrCode take_file(Import *import, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    TRY(hand_open(&hand, import->options->positionals[0], err));
    writer_expect(); /* hand_open() made this thread the writer */
    const ErrCode code = take_in_group(import, &hand, err);
    if (code != OK) engine_roll_back(hand.engine);
    return code;
}

/* ---- the report ---- */

static void write_counts(const Import *import, Buf *out)
{
    const TakeReport *report = &import->report;
    for (size_t i = 0; i < vocab_kind_count; i++) {
        const KindInfo *kind = &vocab_kinds[i];
        if (report->added[kind->code] > 0)
            buf_format(out, "新增%s %" PRId64 "  ", kind->zh, report->added[kind->code]);
        if (report->changed[kind->code] > 0)
            buf_format(out, "更新%s %" PRId64 "  ", kind->zh, report->changed[kind->code]);
    }
    buf_format(out, "不变 %" PRId64 " 行  错误 %" PRId64 " 行  待核对 %" PRId64 " 行\n",
               report->same_rows, report->bad_rows, report->doubtful_rows);
}

/* "工作表“花名册”C17：项目 “七线”没有这个项目；…" */
static void write_note(const Import *import, const TakeNote *note, Language language, Buf *out)
{
    const bool is_zh = language == LANGUAGE_ZH;
    place_write(&import->reading, note->sheet, note->row_number, note->column, note->field,
                language, out);
    if (note->value[0] != '\0') buf_format(out, is_zh ? "“%s”" : "\"%s\" ", note->value);
    buf_add_z(out, is_zh ? take_note_zh(note->code) : take_note_en(note->code));
    if (note->detail[0] != '\0') buf_format(out, is_zh ? "：%s" : ": %s", note->detail);
}

static void write_problems(const Import *import, Buf *out)
{
    const Reading *reading = &import->reading;
    for (size_t i = 0; i < reading->problem_count && i < PROBLEMS_SHOWN; i++) {
        problem_write(reading, &reading->problems[i], LANGUAGE_ZH, out);
        buf_add_byte(out, '\n');
    }
    if (reading->problem_count > PROBLEMS_SHOWN)
        buf_format(out, "…… 另有 %zu 个问题，用 --format json 全部列出\n",
                   reading->problem_count - PROBLEMS_SHOWN);
    for (size_t i = 0; i < import->report.note_count && i < PROBLEMS_SHOWN; i++) {
        const TakeNote *note = &import->report.notes[i];
        write_note(import, note, LANGUAGE_ZH, out);
        buf_add_byte(out, '\n');
    }
    if (import->report.note_count > PROBLEMS_SHOWN)
        buf_format(out, "…… 另有 %zu 个问题，用 --format json 全部列出\n",
                   import->report.note_count - PROBLEMS_SHOWN);
}

static ErrCode print_text(const Import *import, Err *err)
{
    AUTO(buf_done) Buf out = {0};
    char op[ID_TEXT_MAX];
    char id[ID_TEXT_MAX];
    buf_init(&out, SUMMARY_BYTES_MAX);
    reading_write_summary(&import->reading, LANGUAGE_ZH, &out);
    buf_add_byte(&out, '\n');
    write_problems(import, &out);
    write_counts(import, &out);
    if (import->is_taken)
        buf_format(&out,
                   "已导入；整批撤销：echo '[{\"op\":\"%s\",\"do\":\"intake.undo\",\"id\":\"%s\","
                   "\"reason\":\"导错文件\"}]' | tongpin command %s\n",
                   id_write(op_new(host_real()), op), id_write(import->report.intake, id),
                   import->options->positionals[0]);
    else if (option_given(import->options, "--dry-run"))
        buf_add_z(&out, "试运行，未写入\n");
    else if (!has_news(&import->report))
        buf_add_z(&out, "没有新内容，未写入\n");
    else
        buf_add_z(&out, "有错误，未写入；更正后再导入，或用 --partial 只导入正确的行\n");
    TRY(buf_check(&out, err));
    return print_bytes(buf_as_bytes(&out), err);
}

static void emit_problems(const Import *import, Emit *emit)
{
    const Reading *reading = &import->reading;
    emit_key(emit, "problems");
    emit_open_array(emit);
    for (size_t i = 0; i < reading->problem_count; i++) {
        AUTO(buf_done) Buf words = {0};
        const Problem *problem = &reading->problems[i];
        buf_init(&words, 8192);
        emit_open_object(emit);
        emit_text_at(emit, "sheet", reading->sheets[problem->sheet].name);
        emit_int_at(emit, "row", problem->row_number);
        emit_int_at(emit, "column", problem->column);
        emit_z_at(emit, "value", problem->value);
        emit_bool_at(emit, "is_error", problem->severity == FLAW_IS_ERROR);
        problem_write(reading, problem, LANGUAGE_ZH, &words);
        emit_text_at(emit, "zh", buf_as_text(&words));
        buf_clear(&words);
        problem_write(reading, problem, LANGUAGE_EN, &words);
        emit_text_at(emit, "en", buf_as_text(&words));
        emit_close_object(emit);
    }
    for (size_t i = 0; i < import->report.note_count; i++) {
        const TakeNote *note = &import->report.notes[i];
        emit_open_object(emit);
        emit_text_at(emit, "sheet", reading->sheets[note->sheet].name);
        emit_int_at(emit, "row", note->row_number);
        if (note->column >= 0) emit_int_at(emit, "column", note->column);
        emit_z_at(emit, "value", note->value);
        emit_bool_at(emit, "is_error", true);
        emit_z_at(emit, "zh", take_note_zh(note->code));
        emit_z_at(emit, "en", take_note_en(note->code));
        emit_z_at(emit, "detail", note->detail);
        emit_close_object(emit);
    }
    emit_close_array(emit);
}

static void emit_counts(const char *key, const int64_t *counts, Emit *emit)
{
    emit_key(emit, key);
    emit_open_object(emit);
    for (size_t i = 0; i < vocab_kind_count; i++)
        if (counts[vocab_kinds[i].code] > 0)
            emit_int_at(emit, vocab_kinds[i].name, counts[vocab_kinds[i].code]);
    emit_close_object(emit);
}

static ErrCode print_json(const Import *import, Err *err)
{
    AUTO(buf_done) Buf out = {0};
    AUTO(buf_done) Buf summary = {0};
    char id[ID_TEXT_MAX];
    Emit emit;
    buf_init(&out, SUMMARY_BYTES_MAX);
    buf_init(&summary, SUMMARY_BYTES_MAX);
    emit_init(&emit, &out);
    reading_write_summary(&import->reading, LANGUAGE_EN, &summary);
    emit_open_object(&emit);
    emit_z_at(&emit, "kind", import->intake->name);
    emit_bool_at(&emit, "taken", import->is_taken);
    if (import->is_taken)
        emit_z_at(&emit, "intake", id_write(import->report.intake, id));
    else
        emit_null_at(&emit, "intake");
    emit_text_at(&emit, "understood", buf_as_text(&summary));
    emit_int_at(&emit, "rows", import->report.row_count);
    emit_counts("added", import->report.added, &emit);
    emit_counts("changed", import->report.changed, &emit);
    emit_int_at(&emit, "same_rows", import->report.same_rows);
    emit_int_at(&emit, "bad_rows", import->report.bad_rows);
    emit_int_at(&emit, "doubtful_rows", import->report.doubtful_rows);
    emit_problems(import, &emit);
    emit_close_object(&emit);
    emit_done(&emit);
    buf_add_byte(&out, '\n');
    TRY(buf_check(&out, err));
    return print_bytes(buf_as_bytes(&out), err);
}

ErrCode cli_import(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(import_done) Import import = {.options = options};
    const char *format = option_value(options, "--format");
    import.intake = intake_named(text_from_z(options->positionals[1]));
    if (import.intake == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID,
                       "KIND is projects, units, people, postings or holidays, not \"%.40s\"",
                       options->positionals[1]);
    }
    TRY(read_file(&import, out_exit, err));
    TRY(take_file(&import, err));
    if (import.report.bad_rows > 0) *out_exit = EXIT_NO;
    return format != NULL && strcmp(format, "json") == 0 ? print_json(&import, err)
                                                         : print_text(&import, err);
}
