#include "intake/zipbox.h"

#include <assert.h>
#include <string.h>
#include <zip.h>

enum { BLOCK_BYTES = 32 * 1024 };

static ErrCode damaged(Err *err)
{
    return err_set(err, ERR_INVALID,
                   "it is damaged or cut off: open it in Excel or WPS and save it as .xlsx again");
}

static ErrCode is_encrypted(Err *err)
{
    return err_set(err, ERR_INVALID, "the file is password-protected: save it without a password");
}

/* As paths are compared. */
static char folded(char letter)
{
    if (letter >= 'A' && letter <= 'Z') return (char)(letter - 'A' + 'a');
    return letter == '\\' ? '/' : letter;
}

static bool same_path(const char *path, Text other)
{
    for (size_t i = 0; i < other.size; i++)
        if (path[i] == '\0' || path[i] != folded(other.at[i])) return false;
    return path[other.size] == '\0';
}

static ErrCode note_member(zip_t *archive, size_t index, Arena *arena, ZipBox *box, Err *err)
{
    zip_stat_t about;
    if (zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &about) != 0 ||
        (about.valid & ZIP_STAT_NAME) == 0 || (about.valid & ZIP_STAT_COMP_SIZE) == 0)
        return damaged(err);
    if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE)
        return is_encrypted(err);
    Text name = text_from_z(about.name);
    if (name.size > ZIPBOX_NAME_BYTES_MAX) return damaged(err);
    while (name.size > 0 && folded(name.at[0]) == '/')
        name = (Text){name.at + 1, name.size - 1};

    char *path = text_z(arena, name);
    if (path == NULL) return err_set(err, ERR_LIMIT, "its names need too much memory");
    for (size_t i = 0; i < name.size; i++)
        path[i] = folded(path[i]);
    size_t twin;
    if (zipbox_find(box, text_from_z(path), &twin))
        return err_set(err, ERR_INVALID,
                       "it is not to be trusted: two parts of it are called \"%.80s\"", path);
    box->members[box->member_count++] =
        (ZipMember){.path = path, .packed_bytes = (size_t)about.comp_size};
    return OK;
}

static ErrCode note_members(Arena *arena, ZipBox *box, Err *err)
{
    zip_t *archive = box->archive;
    const zip_int64_t count = zip_get_num_entries(archive, 0);
    if (count < 0) return damaged(err);
    if (count > ZIPBOX_MEMBERS_MAX)
        return err_set(err, ERR_LIMIT, "it has %lld parts; a workbook has at most %d",
                       (long long)count, ZIPBOX_MEMBERS_MAX);
    box->members = arena_array(arena, ZipMember, (size_t)count);
    if (box->members == NULL) return err_set(err, ERR_LIMIT, "it has too many parts");
    for (size_t i = 0; i < (size_t)count; i++)
        TRY(note_member(archive, i, arena, box, err));
    return OK;
}

ErrCode zipbox_open(Bytes bytes, Arena *arena, ZipBox *out_box, Err *err)
{
    assert(out_box != NULL);
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.size, 0, &why);
    zip_t *archive = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &why);
    zip_error_fini(&why);
    if (archive == NULL) {
        zip_source_free(source);
        return damaged(err);
    }
    ZipBox box = {.archive = archive};
    const ErrCode code = note_members(arena, &box, err);
    if (code != OK) {
        zipbox_close(&box);
        return code;
    }
    *out_box = box;
    return OK;
}

void zipbox_close(ZipBox *box)
{
    assert(box != NULL);
    if (box->archive != NULL) zip_discard(box->archive);
    *box = (ZipBox){0};
}

bool zipbox_find(const ZipBox *box, Text path, size_t *out_member)
{
    for (size_t i = 0; i < box->member_count; i++) {
        if (!same_path(box->members[i].path, path)) continue;
        *out_member = i;
        return true;
    }
    return false;
}

/* Counts what was unpacked of a member; the same bytes read a second time count once. */
static ErrCode count(ZipBox *box, ZipMember *member, size_t size, Err *err)
{
    if (size > member->counted_bytes) {
        box->inflated_bytes += size - member->counted_bytes;
        member->counted_bytes = size;
    }
    if (box->inflated_bytes > ZIPBOX_INFLATED_MAX)
        return err_set(err, ERR_LIMIT, "it unpacks to more than %zu MiB",
                       ZIPBOX_INFLATED_MAX >> 20);
    if (size > ZIPBOX_RATIO_FROM && size / ZIPBOX_RATIO_MAX > member->packed_bytes)
        return err_set(err, ERR_LIMIT,
                       "it is packed more than %d times over: not an honest workbook",
                       ZIPBOX_RATIO_MAX);
    return OK;
}

static ErrCode read_blocks(ZipBox *box, ZipMember *member, zip_file_t *file, Err *err,
                           ZipSink *sink, void *context)
{
    uint8_t block[BLOCK_BYTES];
    size_t total = 0;
    for (;;) {
        const zip_int64_t size = zip_fread(file, block, sizeof block);
        if (size < 0) return damaged(err);
        if (size == 0) return OK;
        total += (size_t)size;
        TRY(count(box, member, total, err));
        TRY(sink(context, (Bytes){block, (size_t)size}, err));
    }
}

ErrCode zipbox_read(ZipBox *box, size_t member, Err *err, ZipSink *sink, void *context)
{
    assert(member < box->member_count);
    zip_stat_t about;
    if (zip_stat_index(box->archive, member, 0, &about) != 0) return damaged(err);
    if (about.comp_method != ZIP_CM_STORE && about.comp_method != ZIP_CM_DEFLATE)
        return err_set(err, ERR_INVALID, "it is packed in a way no spreadsheet program uses");
    zip_file_t *file = zip_fopen_index(box->archive, member, 0);
    if (file == NULL) return damaged(err);
    const ErrCode code = read_blocks(box, &box->members[member], file, err, sink, context);
    const int closed = zip_fclose(file);
    if (code == OK && closed != 0) return damaged(err);
    return code;
}
