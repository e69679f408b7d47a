#include "intake/xlsx.h"

#include <assert.h>
#include <string.h>

#include "intake/xlsx_cells.h"

enum { PATH_BYTES_MAX_IN_BOOK = 500, LINKS_MAX = 1024 };

#define ARENA_BYTES ((size_t)16 << 20)

/* A relationship: what the file calls by an id stands in another part of it. */
typedef struct Link {
    Text id;
    Text type;
    Text target;
} Link;

typedef struct Links {
    Arena *arena;
    Link items[LINKS_MAX];
    size_t count;
} Links;

typedef struct SheetEntry {
    Text name;
    Text link_id;
    bool is_hidden;
} SheetEntry;

typedef struct Book {
    Arena arena;
    ZipBox box;
    XlsxStrings strings;
    XlsxStyles *styles;
    Links *links;
    SheetEntry sheets[SHEET_COUNT_MAX];
    size_t sheet_count;
    bool counts_from_1904;
    Text folder; /* of the workbook part: "xl/" */
} Book;

/* ---- what it is --------------------------------------------------------------------------- */

static bool has_utf_16(Bytes bytes, const char *name)
{
    uint8_t wide[64];
    const size_t size = strlen(name);
    assert(2 * size <= sizeof wide);
    for (size_t i = 0; i < size; i++) {
        wide[2 * i] = (uint8_t)name[i];
        wide[2 * i + 1] = 0;
    }
    return memmem(bytes.at, bytes.size, wide, 2 * size) != NULL;
}

static bool begins_with(Bytes bytes, const char *start, size_t size)
{
    return bytes.size >= size && memcmp(bytes.at, start, size) == 0;
}

/* Old Office files, and new ones behind a password, are OLE containers with named streams. */
static ErrCode check_kind(Bytes bytes, Err *err)
{
    if (begins_with(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8)) {
        if (has_utf_16(bytes, "EncryptedPackage"))
            return err_set(err, ERR_INVALID,
                           "the file is password-protected: save it without a password");
        if (has_utf_16(bytes, "Workbook") || has_utf_16(bytes, "Book"))
            return err_set(err, ERR_INVALID,
                           "it is an old .xls workbook: open it and save it as .xlsx");
        return err_set(err, ERR_INVALID, "it is an old Office file, but not a workbook");
    }
    if (begins_with(bytes, "PK\x03\x04", 4)) return OK;
    if (begins_with(bytes, "PK\x05\x06", 4))
        return err_set(err, ERR_INVALID, "it is an empty archive, not a workbook");
    if (bytes.size == 0) return err_set(err, ERR_INVALID, "the file is empty");
    return err_set(err, ERR_INVALID, "it is not an .xlsx workbook, whatever its name says");
}

/* ---- relationships ------------------------------------------------------------------------ */

static ErrCode keep(Arena *arena, const XmlTag *tag, const char *name, Text *out_text, Err *err)
{
    Text value = TEXT("");
    (void)xml_attribute(tag, name, &value);
    if (value.size > PATH_BYTES_MAX_IN_BOOK) value = TEXT("");
    return text_copy(arena, value, out_text, err);
}

static ErrCode on_link(void *context, const XmlTag *tag, Err *err)
{
    Links *links = context;
    if (!text_is(tag->name, "Relationship") || links->count == LINKS_MAX) return OK;
    Link *link = &links->items[links->count];
    TRY(keep(links->arena, tag, "Id", &link->id, err));
    TRY(keep(links->arena, tag, "Type", &link->type, err));
    TRY(keep(links->arena, tag, "Target", &link->target, err));
    links->count++;
    return OK;
}

static ErrCode read_links(Book *book, Text path, Err *err)
{
    static const XmlEvents events = {.open = on_link};
    size_t member;
    book->links->arena = &book->arena;
    book->links->count = 0;
    if (!zipbox_find(&book->box, path, &member)) return OK;
    return xml_read(&book->box, member, &events, book->links, err);
}

static bool ends_with(Text text, const char *end)
{
    const Text tail = text_from_z(end);
    return text.size >= tail.size &&
           text_equal((Text){text.at + text.size - tail.size, tail.size}, tail);
}

/* Types are long addresses that differ between the two spellings of OOXML; their ends do not. */
static const Link *find_link(const Links *links, const char *type_end)
{
    for (size_t i = 0; i < links->count; i++)
        if (ends_with(links->items[i].type, type_end)) return &links->items[i];
    return NULL;
}

static const Link *find_link_by_id(const Links *links, Text id)
{
    for (size_t i = 0; i < links->count; i++)
        if (text_equal(links->items[i].id, id)) return &links->items[i];
    return NULL;
}

static size_t cut_last_part(const char *path, size_t size)
{
    while (size > 0 && path[size - 1] != '/')
        size--;
    return size;
}

static bool is_slash(char letter)
{
    return letter == '/' || letter == '\\';
}

/* The folder or name that begins at `*at`; `*at` moves to its slash, or to the end. */
static Text next_part(Text target, size_t *at)
{
    const size_t start = *at;
    while (*at < target.size && !is_slash(target.at[*at]))
        ++*at;
    return (Text){target.at + start, *at - start};
}

/* Goes on from a folder to a part of it, or with ".." to the folder above; the new size. */
static size_t go_on(char *path, size_t size, Text part, bool is_folder)
{
    if (text_is(part, "..")) return cut_last_part(path, size == 0 ? 0 : size - 1);
    memcpy(path + size, part.at, part.size);
    size += part.size;
    if (is_folder) path[size++] = '/';
    return size;
}

/* A target is a path from the root or from the folder of the part that names it. */
static bool find_target(const Book *book, Text folder, Text target, size_t *out_member)
{
    char path[2 * PATH_BYTES_MAX_IN_BOOK + 2];
    size_t size = 0;
    if (target.size == 0 || folder.size > PATH_BYTES_MAX_IN_BOOK) return false;
    if (!is_slash(target.at[0])) {
        memcpy(path, folder.at, folder.size);
        size = folder.size;
    }
    size_t at = 0;
    while (at < target.size) {
        const Text part = next_part(target, &at);
        const bool is_folder = at < target.size;
        if (is_folder) at++;
        if (part.size > 0 && !text_is(part, ".")) size = go_on(path, size, part, is_folder);
    }
    return zipbox_find(&book->box, (Text){path, size}, out_member);
}

/* ---- the workbook part -------------------------------------------------------------------- */

static ErrCode on_workbook(void *context, const XmlTag *tag, Err *err)
{
    Book *book = context;
    if (text_is(tag->name, "workbookPr")) book->counts_from_1904 = xml_flag(tag, "date1904");
    if (!text_is(tag->name, "sheet")) return OK;
    if (book->sheet_count == SHEET_COUNT_MAX)
        return err_set(err, ERR_LIMIT, "it has more than %d sheets", SHEET_COUNT_MAX);
    SheetEntry *sheet = &book->sheets[book->sheet_count];
    Text state = TEXT("");
    (void)xml_attribute(tag, "state", &state);
    sheet->is_hidden = text_is(state, "hidden") || text_is(state, "veryHidden");
    TRY(keep(&book->arena, tag, "name", &sheet->name, err));
    TRY(keep(&book->arena, tag, "id", &sheet->link_id, err));
    book->sheet_count++;
    return OK;
}

static ErrCode read_workbook(Book *book, Err *err)
{
    static const XmlEvents events = {.open = on_workbook};
    TRY(read_links(book, TEXT("_rels/.rels"), err));
    const Link *link = find_link(book->links, "/officeDocument");
    const Text path = link == NULL ? TEXT("xl/workbook.xml") : link->target;
    size_t member;
    if (!find_target(book, TEXT(""), path, &member)) {
        size_t other;
        if (zipbox_find(&book->box, TEXT("word/document.xml"), &other))
            return err_set(err, ERR_INVALID, "it is a Word document, not a workbook");
        return err_set(err, ERR_INVALID, "it is a zip archive, but not an .xlsx workbook");
    }
    TRY(xml_read(&book->box, member, &events, book, err));
    const Text found = text_from_z(book->box.members[member].path);
    book->folder = (Text){found.at, cut_last_part(found.at, found.size)};
    const Text name = {found.at + book->folder.size, found.size - book->folder.size};

    AUTO(buf_done) Buf links = {0};
    buf_init(&links, (size_t)2 * PATH_BYTES_MAX_IN_BOOK);
    buf_add_text(&links, book->folder);
    buf_add_z(&links, "_rels/");
    buf_add_text(&links, name);
    buf_add_z(&links, ".rels");
    return read_links(book, buf_as_text(&links), err);
}

static ErrCode read_shared_parts(Book *book, Err *err)
{
    size_t member;
    const Link *strings = find_link(book->links, "/sharedStrings");
    if (find_target(book, book->folder,
                    strings == NULL ? TEXT("sharedStrings.xml") : strings->target, &member))
        TRY(xlsx_strings_read(&book->box, member, &book->strings, err));
    const Link *styles = find_link(book->links, "/styles");
    if (find_target(book, book->folder, styles == NULL ? TEXT("styles.xml") : styles->target,
                    &member))
        TRY(xlsx_styles_read(&book->box, member, book->styles, err));
    return OK;
}

static ErrCode read_sheet(Book *book, XlsxBook *shared, const SheetEntry *sheet, Err *err)
{
    const Link *link = find_link_by_id(book->links, sheet->link_id);
    if (link != NULL && !ends_with(link->type, "/worksheet")) return OK; /* a chart, a dialog */
    size_t member;
    if (link == NULL || !find_target(book, book->folder, link->target, &member))
        return err_set(err, ERR_INVALID, "it is damaged: sheet \"%.*s\" is missing",
                       sheet->name.size > 60 ? 60 : (int)sheet->name.size, sheet->name.at);
    transcript_sheet(shared->transcript, sheet->name, sheet->is_hidden);
    return xlsx_cells_read(shared, member, sheet->name, err);
}

static ErrCode read_book(Book *book, Transcript *transcript, Err *err)
{
    TRY(read_workbook(book, err));
    TRY(read_shared_parts(book, err));
    transcript_begin(transcript, book->counts_from_1904);
    XlsxBook shared = {.box = &book->box,
                       .arena = &book->arena,
                       .strings = &book->strings,
                       .styles = book->styles,
                       .counts_from_1904 = book->counts_from_1904,
                       .transcript = transcript};
    for (size_t i = 0; i < book->sheet_count; i++)
        TRY(read_sheet(book, &shared, &book->sheets[i], err));
    if (transcript->sheet_count == 0) return err_set(err, ERR_INVALID, "it has no sheet");
    return transcript_end(transcript, err);
}

static void book_done(Book *book)
{
    zipbox_close(&book->box);
    xlsx_strings_done(&book->strings);
    arena_done(&book->arena);
}

ErrCode xlsx_read(Bytes bytes, Transcript *transcript, Err *err)
{
    assert(transcript != NULL);
    TRY(check_kind(bytes, err));
    if (bytes.size > XLSX_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "it is larger than %zu MiB: save it as CSV",
                       XLSX_BYTES_MAX >> 20);
    AUTO(book_done) Book book = {.sheet_count = 0};
    arena_init(&book.arena, ARENA_BYTES);
    xlsx_strings_init(&book.strings);
    book.styles = arena_new(&book.arena, XlsxStyles);
    book.links = arena_new(&book.arena, Links);
    assert(book.styles != NULL);
    assert(book.links != NULL);
    TRY(zipbox_open(bytes, &book.arena, &book.box, err));
    return read_book(&book, transcript, err);
}
