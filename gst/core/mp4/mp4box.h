/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Boxes of ISO base media files (ISO/IEC 14496-12) in memory.
 *
 * Reading never leaves the span it was given: whatever a size field says, a
 * box ends where its parent ends. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A box type as its four characters. */
#define ECHOEL_BOX(a, b, c, d) \
    (((guint32) (a) << 24) | ((guint32) (b) << 16) | ((guint32) (c) << 8) \
        | (guint32) (d))

/* Size and type; and the same with a 64-bit size behind them. */
#define ECHOEL_BOX_HEADER 8
#define ECHOEL_BOX_LARGE_HEADER 16

/* Borrowed bytes. */
typedef struct
{
  const guint8 *data;
  gsize size;
} EchoelSpan;

typedef struct
{
  guint32 type;
  EchoelSpan whole;             /* with its header */
  EchoelSpan body;              /* behind its header */
} EchoelBox;

/**
 * echoel_box_next:
 * @rest: (inout): what is left of the parent; moves behind the box
 * @box: (out): the box in front
 *
 * Returns: %FALSE at the end, and in front of bytes that are no whole box,
 *     which stay in @rest
 */
gboolean echoel_box_next (EchoelSpan * rest, EchoelBox * box);

/**
 * echoel_box_find:
 * @parent: bytes that hold boxes
 * @type: of the child wanted
 * @box: (out): the first child of that type
 */
gboolean echoel_box_find (EchoelSpan parent, guint32 type, EchoelBox * box);

/* Big-endian numbers at @offset; 0 where the span ends before. */
guint32 echoel_span_u32 (EchoelSpan span, gsize offset);
guint64 echoel_span_u64 (EchoelSpan span, gsize offset);
guint16 echoel_span_u16 (EchoelSpan span, gsize offset);
guint8 echoel_span_u8 (EchoelSpan span, gsize offset);

/**
 * echoel_span_table:
 * @body: of a table box: version and flags, count, entries
 * @entry: bytes in one entry
 *
 * Returns: the count of entries, never more than @body holds
 */
guint32 echoel_span_table (EchoelSpan body, gsize entry);

/* Writing: big-endian numbers at the end of @out. */
void echoel_put_u8 (GByteArray * out, guint8 value);
void echoel_put_u16 (GByteArray * out, guint16 value);
void echoel_put_u32 (GByteArray * out, guint32 value);
void echoel_put_u64 (GByteArray * out, guint64 value);
void echoel_put_span (GByteArray * out, EchoelSpan span);

/* A whole box; one that reached to the end of its parent says its size from now
 * on, as others may follow it. */
void echoel_put_box (GByteArray * out, const EchoelBox * box);

/* Changes a number that was written. */
void echoel_set_u32 (GByteArray * out, gsize offset, guint32 value);

/**
 * echoel_box_begin:
 *
 * Starts a box; the size is filled in by echoel_box_end().
 *
 * Returns: what echoel_box_end() wants to know
 */
gsize echoel_box_begin (GByteArray * out, guint32 type);
void echoel_box_end (GByteArray * out, gsize start);

G_END_DECLS
