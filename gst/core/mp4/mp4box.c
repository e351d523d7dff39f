/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mp4box.h"

/* Version, flags and the count in front of a table's entries. */
#define TABLE_HEADER 8

guint8
echoel_span_u8 (EchoelSpan span, gsize offset)
{
  return offset < span.size ? span.data[offset] : 0;
}

guint16
echoel_span_u16 (EchoelSpan span, gsize offset)
{
  if (span.size < 2 || offset > span.size - 2)
    return 0;
  return (guint16) ((span.data[offset] << 8) | span.data[offset + 1]);
}

guint32
echoel_span_u32 (EchoelSpan span, gsize offset)
{
  const guint8 *at;

  if (span.size < 4 || offset > span.size - 4)
    return 0;
  at = span.data + offset;
  return ((guint32) at[0] << 24) | ((guint32) at[1] << 16)
      | ((guint32) at[2] << 8) | at[3];
}

guint64
echoel_span_u64 (EchoelSpan span, gsize offset)
{
  if (span.size < 8 || offset > span.size - 8)
    return 0;
  return ((guint64) echoel_span_u32 (span, offset) << 32)
      | echoel_span_u32 (span, offset + 4);
}

guint32
echoel_span_table (EchoelSpan body, gsize entry)
{
  gsize room;

  if (body.size < TABLE_HEADER)
    return 0;
  room = (body.size - TABLE_HEADER) / entry;
  return (guint32) MIN (room, echoel_span_u32 (body, 4));
}

gboolean
echoel_box_next (EchoelSpan * rest, EchoelBox * box)
{
  guint64 size = echoel_span_u32 (*rest, 0);
  gsize header = ECHOEL_BOX_HEADER;

  if (rest->size < header)
    return FALSE;
  if (size == 1) {
    header = ECHOEL_BOX_LARGE_HEADER;
    size = echoel_span_u64 (*rest, ECHOEL_BOX_HEADER);
  } else if (size == 0) {
    size = rest->size;
  }
  if (size < header || size > rest->size)
    return FALSE;
  box->type = echoel_span_u32 (*rest, 4);
  box->whole.data = rest->data;
  box->whole.size = (gsize) size;
  box->body.data = rest->data + header;
  box->body.size = (gsize) size - header;
  rest->data += size;
  rest->size -= (gsize) size;
  return TRUE;
}

gboolean
echoel_box_find (EchoelSpan parent, guint32 type, EchoelBox * box)
{
  while (echoel_box_next (&parent, box))
    if (box->type == type)
      return TRUE;
  return FALSE;
}

void
echoel_put_u8 (GByteArray * out, guint8 value)
{
  g_byte_array_append (out, &value, 1);
}

void
echoel_put_u16 (GByteArray * out, guint16 value)
{
  value = GUINT16_TO_BE (value);
  g_byte_array_append (out, (const guint8 *) &value, sizeof (value));
}

void
echoel_put_u32 (GByteArray * out, guint32 value)
{
  value = GUINT32_TO_BE (value);
  g_byte_array_append (out, (const guint8 *) &value, sizeof (value));
}

void
echoel_put_u64 (GByteArray * out, guint64 value)
{
  value = GUINT64_TO_BE (value);
  g_byte_array_append (out, (const guint8 *) &value, sizeof (value));
}

void
echoel_put_span (GByteArray * out, EchoelSpan span)
{
  if (span.size > 0)
    g_byte_array_append (out, span.data, (guint) span.size);
}

void
echoel_put_box (GByteArray * out, const EchoelBox * box)
{
  gsize start = out->len;

  echoel_put_span (out, box->whole);
  if (echoel_span_u32 (box->whole, 0) == 0)
    echoel_box_end (out, start);
}

void
echoel_set_u32 (GByteArray * out, gsize offset, guint32 value)
{
  guint i;

  g_return_if_fail (offset + 4 <= out->len);
  for (i = 0; i < 4; i++)
    out->data[offset + i] = (guint8) (value >> (24 - 8 * i));
}

gsize
echoel_box_begin (GByteArray * out, guint32 type)
{
  gsize start = out->len;

  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, type);
  return start;
}

void
echoel_box_end (GByteArray * out, gsize start)
{
  echoel_set_u32 (out, start, (guint32) (out->len - start));
}
