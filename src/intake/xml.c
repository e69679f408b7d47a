#include "intake/xml.h"

#include <assert.h>
#include <expat.h>
#include <string.h>

typedef struct Walk {
    XML_Parser parser;
    const char *part;
    const XmlEvents *events;
    void *context;
    unsigned depth;
    ErrCode code;
    Err *err;
} Walk;

static Text without_prefix(const char *name)
{
    const char *colon = strrchr(name, ':');
    return text_from_z(colon == NULL ? name : colon + 1);
}

bool xml_attribute(const XmlTag *tag, const char *name, Text *out_value)
{
    for (size_t i = 0; tag->attributes[i] != NULL; i += 2) {
        if (!text_is(without_prefix(tag->attributes[i]), name)) continue;
        *out_value = text_from_z(tag->attributes[i + 1]);
        return true;
    }
    return false;
}

bool xml_flag(const XmlTag *tag, const char *name)
{
    Text value;
    return xml_attribute(tag, name, &value) && (text_is(value, "1") || text_is(value, "true"));
}

static void settle(Walk *walk, ErrCode code)
{
    if (code == OK) return;
    walk->code = code;
    XML_StopParser(walk->parser, XML_FALSE);
}

static void XMLCALL on_open(void *user, const XML_Char *name, const XML_Char **attributes)
{
    Walk *walk = user;
    if (walk->code != OK) return;
    if (++walk->depth > XML_DEPTH_MAX) {
        settle(walk, err_set(walk->err, ERR_LIMIT, "%s is nested more than %d deep", walk->part,
                             XML_DEPTH_MAX));
        return;
    }
    const XmlTag tag = {.name = without_prefix(name), .attributes = attributes};
    if (walk->events->open != NULL)
        settle(walk, walk->events->open(walk->context, &tag, walk->err));
}

static void XMLCALL on_close(void *user, const XML_Char *name)
{
    Walk *walk = user;
    if (walk->code != OK) return;
    walk->depth--;
    if (walk->events->close != NULL)
        settle(walk, walk->events->close(walk->context, without_prefix(name), walk->err));
}

static void XMLCALL on_text(void *user, const XML_Char *at, int size)
{
    Walk *walk = user;
    if (walk->code != OK || walk->events->text == NULL) return;
    settle(walk, walk->events->text(walk->context, (Text){at, (size_t)size}, walk->err));
}

static void XMLCALL on_document_type(void *user, const XML_Char *name, const XML_Char *system,
                                     const XML_Char *public, int has_subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    Walk *walk = user;
    settle(walk, err_set(walk->err, ERR_INVALID,
                         "it is not to be trusted: %s declares a document type, which no "
                         "spreadsheet program writes",
                         walk->part));
}

static ErrCode parse(Walk *walk, const char *at, size_t size, bool is_last, Err *err)
{
    if (XML_Parse(walk->parser, at, (int)size, is_last) == XML_STATUS_OK) return OK;
    if (walk->code != OK) return walk->code;
    const enum XML_Error why = XML_GetErrorCode(walk->parser);
    if (why == XML_ERROR_NO_MEMORY) return err_set(err, ERR_LIMIT, "out of memory");
    return err_set(err, ERR_INVALID, "it is damaged: %s, line %lu: %s", walk->part,
                   (unsigned long)XML_GetCurrentLineNumber(walk->parser), XML_ErrorString(why));
}

static ErrCode feed(void *context, Bytes bytes, Err *err)
{
    return parse(context, (const char *)bytes.at, bytes.size, false, err);
}

ErrCode xml_read(ZipBox *box, size_t member, const XmlEvents *events, void *context, Err *err)
{
    assert(events != NULL);
    Walk walk = {.parser = XML_ParserCreate(NULL),
                 .part = box->members[member].path,
                 .events = events,
                 .context = context,
                 .err = err};
    if (walk.parser == NULL) return err_set(err, ERR_LIMIT, "out of memory");
    XML_SetUserData(walk.parser, &walk);
    XML_SetElementHandler(walk.parser, on_open, on_close);
    XML_SetCharacterDataHandler(walk.parser, on_text);
    XML_SetStartDoctypeDeclHandler(walk.parser, on_document_type);
    ErrCode code = zipbox_read(box, member, err, feed, &walk);
    if (code == OK) code = parse(&walk, "", 0, true, err);
    XML_ParserFree(walk.parser);
    return code;
}
