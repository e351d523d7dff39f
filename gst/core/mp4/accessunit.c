/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "accessunit.h"

#include <string.h>

/* nal_unit_type of ITU-T H.264 and H.265, table 7-1 in both. */
enum
{
  H264_SLICE = 1,
  H264_IDR = 5,
  H264_SPS = 7,
  H264_PPS = 8,
  H264_SPS_EXTENSION = 13,
  H265_LAST_SLICE = 31,
  H265_VPS = 32,
  H265_PPS = 34
};

/* Where the configuration records (ISO/IEC 14496-15) say how long a length is:
 * lengthSizeMinusOne, two bits. */
#define AVCC_LENGTH 4
#define HVCC_LENGTH 21

/* Metadata that waits for more pictures than this belongs to none. */
#define MOST_WAITING 1024

struct _EchoelNalStore
{
  GArray *waiting;              /* Waiting, in the order they came */
};

typedef struct
{
  GstClockTime time;
  EchoelNalPlace place;
  GBytes *nal;
} Waiting;

static gboolean
read_length (const GstStructure * s, gsize offset, guint * size)
{
  const GValue *value = gst_structure_get_value (s, "codec_data");
  GstBuffer *data = value ? gst_value_get_buffer (value) : NULL;
  guint8 byte;

  if (data == NULL || gst_buffer_extract (data, offset, &byte, 1) != 1)
    return FALSE;
  *size = (byte & 3) + 1;
  return TRUE;
}

void
echoel_nal_format_read (const GstCaps * caps, EchoelNalFormat * format)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  const gchar *how = gst_structure_get_string (s, "stream-format");
  gboolean h264 = gst_structure_has_name (s, "video/x-h264");

  memset (format, 0, sizeof (*format));
  if (how == NULL || (!h264 && !gst_structure_has_name (s, "video/x-h265"))
      || !read_length (s, h264 ? AVCC_LENGTH : HVCC_LENGTH,
          &format->length_size))
    return;
  format->kind = h264 ? ECHOEL_NALS_H264 : ECHOEL_NALS_H265;
  format->strip = strcmp (how, h264 ? "avc" : "hvc1") == 0;
}

/* One unit with its length; FALSE at the end and where nothing whole is. */
static gboolean
next_unit (const EchoelNalFormat * format, EchoelSpan * rest, EchoelSpan * unit)
{
  guint64 size = 0;
  guint i;

  if (rest->size < format->length_size)
    return FALSE;
  for (i = 0; i < format->length_size; i++)
    size = (size << 8) | rest->data[i];
  size += format->length_size;
  if (size == format->length_size || size > rest->size)
    return FALSE;
  unit->data = rest->data;
  unit->size = (gsize) size;
  rest->data += size;
  rest->size -= (gsize) size;
  return TRUE;
}

static guint
type_of (const EchoelNalFormat * format, EchoelSpan unit)
{
  guint8 head = unit.data[format->length_size];

  return format->kind == ECHOEL_NALS_H264 ? head & 0x1f : (head >> 1) & 0x3f;
}

static gboolean
is_parameter_set (const EchoelNalFormat * format, guint type)
{
  if (format->kind == ECHOEL_NALS_H264)
    return type == H264_SPS || type == H264_PPS || type == H264_SPS_EXTENSION;
  return type >= H265_VPS && type <= H265_PPS;
}

static gboolean
is_slice (const EchoelNalFormat * format, guint type)
{
  if (format->kind == ECHOEL_NALS_H264)
    return type >= H264_SLICE && type <= H264_IDR;
  return type <= H265_LAST_SLICE;
}

/* Where the last of several VPS begins: what is in front of it is a copy.
 * Returns FALSE when the unit is malformed. */
static gboolean
find_begin (const EchoelNalFormat * format, EchoelSpan rest, gsize * begin)
{
  const guint8 *start = rest.data;
  EchoelSpan unit;
  guint n = 0;

  *begin = 0;
  while (next_unit (format, &rest, &unit)) {
    if (format->kind != ECHOEL_NALS_H265 || type_of (format, unit) != H265_VPS)
      continue;
    if (++n > 1)
      *begin = (gsize) (unit.data - start);
  }
  return rest.size == 0;
}

static void
keep (GArray * pieces, gsize offset, gsize size)
{
  EchoelNalPiece piece = { offset, size }, *last;

  last = pieces->len ? &g_array_index (pieces, EchoelNalPiece,
      pieces->len - 1) : NULL;
  if (last != NULL && last->offset + last->size == offset)
    last->size += size;
  else
    g_array_append_val (pieces, piece);
}

gboolean
echoel_access_unit_clean (const EchoelNalFormat * format, EchoelSpan unit,
    GArray * pieces)
{
  EchoelSpan rest = unit, nal;
  gsize begin;

  g_array_set_size (pieces, 0);
  if (format->kind == ECHOEL_NALS_NONE || !format->strip)
    return TRUE;
  if (!find_begin (format, unit, &begin))
    return FALSE;
  rest.data += begin;
  rest.size -= begin;
  while (next_unit (format, &rest, &nal))
    if (!is_parameter_set (format, type_of (format, nal)))
      keep (pieces, (gsize) (nal.data - unit.data), nal.size);
  if (pieces->len == 1
      && g_array_index (pieces, EchoelNalPiece, 0).size == unit.size)
    g_array_set_size (pieces, 0);
  return TRUE;
}

gsize
echoel_access_unit_place (const EchoelNalFormat * format, EchoelSpan unit,
    EchoelNalPlace place)
{
  EchoelSpan rest = unit, nal;

  if (place == ECHOEL_NAL_LAST)
    return unit.size;
  while (next_unit (format, &rest, &nal))
    if (is_slice (format, type_of (format, nal)))
      return (gsize) (nal.data - unit.data);
  return unit.size;
}

static void
clear_waiting (gpointer data)
{
  g_bytes_unref (((Waiting *) data)->nal);
}

EchoelNalStore *
echoel_nal_store_new (void)
{
  EchoelNalStore *store = g_new0 (EchoelNalStore, 1);

  store->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  g_array_set_clear_func (store->waiting, clear_waiting);
  return store;
}

void
echoel_nal_store_free (EchoelNalStore * store)
{
  g_array_unref (store->waiting);
  g_free (store);
}

void
echoel_nal_store_add (EchoelNalStore * store, GstClockTime time,
    EchoelNalPlace place, GBytes * nal)
{
  Waiting waiting = { time, place, g_bytes_ref (nal) };

  if (store->waiting->len == MOST_WAITING)
    g_array_remove_index (store->waiting, 0);
  g_array_append_val (store->waiting, waiting);
}

static void
put_unit (GByteArray * out, GBytes * nal, guint length_size)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (nal, &size);
  guint i;

  for (i = length_size; i > 0; i--)
    echoel_put_u8 (out, (guint8) (size >> (8 * (i - 1))));
  g_byte_array_append (out, data, (guint) size);
}

GByteArray *
echoel_nal_store_take (EchoelNalStore * store, GstClockTime time,
    GstClockTime tolerance, EchoelNalPlace place, guint length_size)
{
  GByteArray *out = NULL;
  guint i = 0;

  while (i < store->waiting->len) {
    Waiting *waiting = &g_array_index (store->waiting, Waiting, i);
    GstClockTimeDiff off = GST_CLOCK_DIFF (waiting->time, time);

    if (waiting->place != place || ABS (off) > (GstClockTimeDiff) tolerance) {
      i++;
      continue;
    }
    if (out == NULL)
      out = g_byte_array_new ();
    put_unit (out, waiting->nal, length_size);
    g_array_remove_index (store->waiting, i);
  }
  return out;
}

guint
echoel_nal_store_waiting (const EchoelNalStore * store)
{
  return store->waiting->len;
}
