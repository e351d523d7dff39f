/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fragments.h"

#define MFRA ECHOEL_BOX ('m', 'f', 'r', 'a')
#define TFRA ECHOEL_BOX ('t', 'f', 'r', 'a')

/* Version and flags, track, sizes of numbers, count. */
#define TFRA_HEADER 16

/* Bytes that the numbers of fragment, run and sample take behind each
 * position: two bits each say how many, less one. */
static gsize
tail_size (guint32 sizes)
{
  return ((sizes >> 4) & 3) + ((sizes >> 2) & 3) + (sizes & 3) + 3;
}

/* @at: where the body begins in @out, which is a copy of the box. */
static gboolean
move_table (GByteArray * out, gsize at, gsize size, guint64 by)
{
  EchoelSpan body = { out->data + at, size };
  gboolean wide = echoel_span_u8 (body, 0) == 1;
  gsize number = wide ? 8 : 4, entry;
  guint32 i, n = echoel_span_u32 (body, 12);

  if (size < TFRA_HEADER)
    return FALSE;
  entry = 2 * number + tail_size (echoel_span_u32 (body, 8));
  if (n > (size - TFRA_HEADER) / entry)
    return FALSE;
  for (i = 0; i < n; i++) {
    gsize field = TFRA_HEADER + i * entry + number;
    guint64 position = by + (wide ? echoel_span_u64 (body, field)
        : echoel_span_u32 (body, field));

    if (!wide && position > G_MAXUINT32)
      return FALSE;
    if (wide)
      echoel_set_u32 (out, at + field, (guint32) (position >> 32));
    echoel_set_u32 (out, at + field + number - 4, (guint32) position);
  }
  return TRUE;
}

GBytes *
echoel_fragments_move (EchoelSpan mfra, guint64 by)
{
  const guint8 *begin = mfra.data;
  gboolean done = TRUE;
  EchoelBox parent, box;
  GByteArray *out;

  if (mfra.size > G_MAXINT32 || !echoel_box_next (&mfra, &parent)
      || parent.type != MFRA || mfra.size != 0)
    return NULL;
  out = g_byte_array_sized_new ((guint) parent.whole.size);
  echoel_put_span (out, parent.whole);
  while (done && echoel_box_next (&parent.body, &box))
    if (box.type == TFRA)
      done = move_table (out, (gsize) (box.body.data - begin), box.body.size,
          by);
  if (done)
    return g_byte_array_free_to_bytes (out);
  g_byte_array_unref (out);
  return NULL;
}
