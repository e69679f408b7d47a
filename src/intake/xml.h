#pragma once
/*
 * xml — walks through one XML part of a workbook, tag by tag.
 *
 * Names are given without their prefix, so the usual, the strict and any home-made spelling of the
 * OOXML namespaces read the same. A document type, and with it every entity but the five of XML,
 * is refused.
 *
 *   Bounds   XML_DEPTH_MAX; the member's by ZipBox
 *   Errors   ERR_INVALID  not well-formed (part and line), or it has a document type
 *            ERR_LIMIT    too deep
 */
#include "intake/zipbox.h"

#define XML_DEPTH_MAX 64

typedef struct XmlTag {
    Text name;
    const char **attributes; /* name, value, name, value, ..., NULL */
} XmlTag;

/* Without the prefix of the name; false when the tag has no such attribute. */
bool xml_attribute(const XmlTag *tag, const char *name, Text *out_value);

/* "1" and "true" are true; otherwise, and when it is absent, false. */
bool xml_flag(const XmlTag *tag, const char *name);

/* Each may be NULL. `text` may come in several pieces. */
typedef struct XmlEvents {
    ErrCode (*open)(void *context, const XmlTag *tag, Err *err);
    ErrCode (*close)(void *context, Text name, Err *err);
    ErrCode (*text)(void *context, Text text, Err *err);
} XmlEvents;

MUST_USE ErrCode xml_read(ZipBox *box, size_t member, const XmlEvents *events, void *context,
                          Err *err);
