#include "intake/tablefile.h"

#include <assert.h>
#include <string.h>

#include "intake/charset.h"
#include "intake/csv.h"
#include "intake/xlsx.h"

/* A workbook is at most 32 MiB and may take all of the memory; CSV may be larger and takes hardly
 * any. Either way a reader stays below 256 MiB. */
static const JailLimits limits = {.input_bytes = CSV_BYTES_MAX,
                                  .output_bytes = TABLEFILE_PACKED_MAX,
                                  .memory_bytes = (size_t)192 << 20,
                                  .cpu_seconds = 9,
                                  .wall_ms = 9500};
static_assert(XLSX_BYTES_MAX + ((size_t)192 << 20) < (size_t)256 << 20, "as the file promises");

static void give(void *context, Bytes bytes)
{
    jail_out_add(context, bytes);
}

static ErrCode run_workbook(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)prepared;
    AUTO(transcript_done) Transcript transcript = {0};
    transcript_init(&transcript, TABLEFILE_PACKED_MAX, give, out);
    return xlsx_read(input, &transcript, err);
}

static bool begins_as_workbook(Bytes bytes)
{
    return bytes.size >= 4 &&
           (memcmp(bytes.at, "PK\x03\x04", 4) == 0 || memcmp(bytes.at, "\xD0\xCF\x11\xE0", 4) == 0);
}

static ErrCode run_any(void *prepared, Bytes input, JailOut *out, Err *err)
{
    if (begins_as_workbook(input)) return run_workbook(prepared, input, out, err);
    AUTO(transcript_done) Transcript transcript = {0};
    transcript_init(&transcript, TABLEFILE_PACKED_MAX, give, out);
    return csv_read(prepared, input, &transcript, err);
}

const JailTask tablefile_tasks[] = {
    {.name = "table", .prepare = charset_prepare, .run = run_any},
    {.name = "workbook", .run = run_workbook},
};
const size_t tablefile_task_count = sizeof tablefile_tasks / sizeof tablefile_tasks[0];

static bool ends_with(Text name, const char *ending)
{
    const size_t size = strlen(ending);
    if (name.size < size) return false;
    for (size_t i = 0; i < size; i++) {
        const char letter = name.at[name.size - size + i];
        if ((letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter) != ending[i])
            return false;
    }
    return true;
}

/* A file that calls itself a workbook must be one; any other name may hold either. */
static const char *task_for(Text name)
{
    const bool says_workbook = ends_with(name, ".xlsx") || ends_with(name, ".xlsm") ||
                               ends_with(name, ".xls") || ends_with(name, ".et");
    return says_workbook ? "workbook" : "table";
}

static ErrCode open_packed(TableFile *file, Err *err)
{
    arena_init(&file->arena, TABLEFILE_ARENA_MAX);
    return workbook_open(buf_as_bytes(&file->packed), &file->arena, &file->workbook, err);
}

static ErrCode finish(TableFile *file, TableFile *out_file, ErrCode code, Err *err)
{
    if (code == OK) code = open_packed(file, err);
    if (code != OK) {
        tablefile_done(file);
        return code;
    }
    *out_file = *file;
    return OK;
}

ErrCode tablefile_read(TableFile *out_file, Bytes bytes, Text name, Err *err)
{
    assert(out_file != NULL);
    TableFile file = {.packed = {0}};
    buf_init(&file.packed, TABLEFILE_PACKED_MAX);
    const ErrCode code = jail_run_bytes(task_for(name), bytes, &limits, &file.packed, err);
    return finish(&file, out_file, code, err);
}

ErrCode tablefile_read_path(TableFile *out_file, const char *path, Err *err)
{
    assert(out_file != NULL);
    TableFile file = {.packed = {0}};
    buf_init(&file.packed, TABLEFILE_PACKED_MAX);
    const char *task = task_for(text_from_z(path));
    const ErrCode code = jail_run_file(task, path, &limits, &file.packed, err);
    return finish(&file, out_file, code, err);
}

void tablefile_done(TableFile *file)
{
    assert(file != NULL);
    buf_done(&file->packed);
    arena_done(&file->arena);
    *file = (TableFile){.packed = {0}};
}
