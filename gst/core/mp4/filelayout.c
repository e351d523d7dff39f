/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "filelayout.h"

#include <string.h>

#define FREE ECHOEL_BOX ('f', 'r', 'e', 'e')
#define MDAT ECHOEL_BOX ('m', 'd', 'a', 't')
#define MOOV ECHOEL_BOX ('m', 'o', 'o', 'v')

/* The data box's header is kept as an empty free box and a short header; both
 * together become a long one when 32 bits are too few. */
#define MDAT_HEADER ECHOEL_BOX_LARGE_HEADER

/* A sample takes 4 bytes of stsz, 8 of ctts and, for key frames, 4 of stss;
 * chunks and a changing rate take the rest: measured with 24 to 120 frames a
 * second, H.264 with B-frames. */
#define BYTES_A_SAMPLE 16
#define BYTES_A_SECOND 500
#define BYTES_MORE 4096

/* A reserve that was too small is followed by one that holds this many times
 * what did not fit. */
#define GROWTH 2

static void
clear_write (gpointer data)
{
  EchoelFileWrite *write = data;

  g_clear_pointer (&write->bytes, g_bytes_unref);
}

GArray *
echoel_file_writes_new (void)
{
  GArray *writes = g_array_new (FALSE, FALSE, sizeof (EchoelFileWrite));

  g_array_set_clear_func (writes, clear_write);
  return writes;
}

static void
add (GArray * writes, guint64 at, GBytes * bytes)
{
  EchoelFileWrite write = { at, bytes };

  g_array_append_val (writes, write);
}

static void
add_header (GArray * writes, guint64 at, guint64 size, guint32 type)
{
  GByteArray *out = g_byte_array_sized_new (ECHOEL_BOX_HEADER);

  echoel_put_u32 (out, (guint32) size);
  echoel_put_u32 (out, type);
  add (writes, at, g_byte_array_free_to_bytes (out));
}

guint64
echoel_file_reserve (guint64 base, gdouble samples_per_second, guint tracks,
    gdouble seconds)
{
  return base + BYTES_MORE + (guint64) (seconds
      * (samples_per_second * BYTES_A_SAMPLE + tracks * BYTES_A_SECOND));
}

/* An index of @size bytes and the free box behind it fill @room. */
static gboolean
fits (guint64 size, guint64 room)
{
  return size == room || size + ECHOEL_BOX_HEADER <= room;
}

void
echoel_file_overwrite (guint64 at, GBytes * box, guint64 room, GArray * writes)
{
  gsize size = g_bytes_get_size (box);

  g_return_if_fail (fits (size, room));
  if (size < room)
    add_header (writes, at + size, room - size, FREE);
  add (writes, at, g_bytes_ref (box));
}

static void
open_data (EchoelFileLayout * layout, guint64 at, GArray * writes)
{
  GByteArray *out = g_byte_array_sized_new (MDAT_HEADER);

  /* Size 0: to the end of the file. */
  echoel_put_u32 (out, ECHOEL_BOX_HEADER);
  echoel_put_u32 (out, FREE);
  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, MDAT);
  add (writes, at, g_byte_array_free_to_bytes (out));
  layout->mdat = at;
  layout->end = at + MDAT_HEADER;
  echoel_chunk_map_add (&layout->map, layout->counted,
      layout->end - layout->counted);
}

static void
close_data (EchoelFileLayout * layout, GArray * writes)
{
  guint64 size = layout->end - layout->mdat;
  GByteArray *out;

  if (size - ECHOEL_BOX_HEADER <= G_MAXUINT32) {
    add_header (writes, layout->mdat + ECHOEL_BOX_HEADER,
        size - ECHOEL_BOX_HEADER, MDAT);
    return;
  }
  out = g_byte_array_sized_new (MDAT_HEADER);
  echoel_put_u32 (out, 1);
  echoel_put_u32 (out, MDAT);
  echoel_put_u64 (out, size);
  add (writes, layout->mdat, g_byte_array_free_to_bytes (out));
}

void
echoel_file_layout_begin (EchoelFileLayout * layout, EchoelSpan ftyp,
    guint64 reserve, gboolean updates, guint64 counted, GArray * writes)
{
  memset (layout, 0, sizeof (*layout));
  echoel_chunk_map_init (&layout->map);
  layout->updates = updates;
  layout->counted = counted;
  layout->area = ftyp.size;
  if (reserve > 0) {
    layout->slot = MIN (reserve + ECHOEL_BOX_HEADER, G_MAXINT32);
    layout->area_size = layout->slot * (updates ? 2 : 1);
  }
  add (writes, 0, g_bytes_new (ftyp.data, ftyp.size));
  if (layout->area_size > 0)
    add_header (writes, layout->area, layout->area_size, FREE);
  open_data (layout, layout->area + layout->area_size, writes);
}

guint64
echoel_file_layout_data (EchoelFileLayout * layout, guint64 size)
{
  guint64 at = layout->end;

  layout->end += size;
  layout->counted += size;
  return at;
}

/* The index but for its first 8 bytes, then those, which show it. */
static void
write_first_slot (EchoelFileLayout * layout, GBytes * moov, GArray * writes)
{
  gsize size = g_bytes_get_size (moov);

  if (size < layout->area_size)
    add_header (writes, layout->area + size, layout->area_size - size, FREE);
  add (writes, layout->area + ECHOEL_BOX_HEADER,
      g_bytes_new_from_bytes (moov, ECHOEL_BOX_HEADER,
          size - ECHOEL_BOX_HEADER));
  add_header (writes, layout->area, size, MOOV);
  layout->active = 1;
}

/* The index behind the first slot, then the free box there, which ends in
 * front of it. */
static void
write_second_slot (EchoelFileLayout * layout, GBytes * moov, GArray * writes)
{
  gsize size = g_bytes_get_size (moov);
  guint64 at = layout->area + layout->slot;
  guint64 room = layout->area_size - layout->slot;

  if (size < room)
    add_header (writes, at + size, room - size, FREE);
  add (writes, at, g_bytes_ref (moov));
  add_header (writes, layout->area, layout->slot, FREE);
  layout->active = 2;
}

/* Until the data box is closed it reaches to the end of the file and hides
 * what is written behind it. */
static void
move_reserve (EchoelFileLayout * layout, GBytes * moov, GArray * writes)
{
  gsize size = g_bytes_get_size (moov);
  EchoelFileLayout old = *layout;

  layout->area = old.end;
  layout->slot = (guint64) size *GROWTH + BYTES_MORE;
  layout->area_size = layout->slot * 2;
  layout->active = 1;
  layout->moved++;
  add (writes, layout->area, g_bytes_ref (moov));
  add_header (writes, layout->area + size, layout->area_size - size, FREE);
  open_data (layout, layout->area + layout->area_size, writes);
  close_data (&old, writes);
  if (old.area_size > 0)
    add_header (writes, old.area, old.area_size, FREE);
}

void
echoel_file_layout_index (EchoelFileLayout * layout, GBytes * moov,
    GArray * writes)
{
  g_return_if_fail (layout->updates);
  if (g_bytes_get_size (moov) + ECHOEL_BOX_HEADER > layout->slot)
    move_reserve (layout, moov, writes);
  else if (layout->active == 1)
    write_second_slot (layout, moov, writes);
  else
    write_first_slot (layout, moov, writes);
  layout->indexed = layout->counted;
}

/* Behind the data, where everything fits. */
static void
append_index (EchoelFileLayout * layout, GBytes * moov, GArray * writes)
{
  close_data (layout, writes);
  add (writes, layout->end, g_bytes_ref (moov));
  if (layout->active != 0)
    add_header (writes, layout->area, layout->area_size, FREE);
}

void
echoel_file_layout_finish (EchoelFileLayout * layout, GBytes * moov,
    GArray * writes)
{
  gsize size = g_bytes_get_size (moov);

  if (layout->updates && size + ECHOEL_BOX_HEADER <= layout->slot) {
    if (layout->active == 0 || layout->indexed != layout->counted)
      echoel_file_layout_index (layout, moov, writes);
    close_data (layout, writes);
  } else if (!layout->updates && fits (size, layout->area_size)) {
    write_first_slot (layout, moov, writes);
    close_data (layout, writes);
  } else {
    append_index (layout, moov, writes);
  }
}

void
echoel_file_layout_clear (EchoelFileLayout * layout)
{
  echoel_chunk_map_clear (&layout->map);
  memset (layout, 0, sizeof (*layout));
}
