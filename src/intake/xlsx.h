#pragma once
/*
 * xlsx — reads an Excel workbook: its visible and hidden sheets, their cells, dates and merges.
 *
 * Runs in the jail. What it cannot read it refuses in one sentence that says what to do: files
 * with a password, the older .xls, damaged ones, and those made to do harm.
 *
 *   Bounds   XLSX_BYTES_MAX, SHEET_*, XLSX_*, ZIPBOX_*
 *   Errors   ERR_INVALID  not a workbook we can read
 *            ERR_LIMIT    a bound was reached
 */
#include "intake/transcript.h"

#define XLSX_BYTES_MAX ((size_t)32 << 20)

MUST_USE ErrCode xlsx_read(Bytes bytes, Transcript *transcript, Err *err);
