/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "samplefilter.h"

#include <string.h>

#include "av1config.h"

void
sample_filter_init (SampleFilter * filter)
{
  memset (filter, 0, sizeof (*filter));
  filter->pieces = g_array_new (FALSE, FALSE, sizeof (EchoelNalPiece));
}

void
sample_filter_clear (SampleFilter * filter)
{
  g_clear_pointer (&filter->pieces, g_array_unref);
}

void
sample_filter_set_caps (SampleFilter * filter, const GstCaps * caps)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);

  echoel_nal_format_read (caps, &filter->nals);
  filter->av1 = gst_structure_has_name (s, "video/x-av1");
  filter->prores = gst_structure_has_name (s, "video/x-prores");
  echoel_prores_colors_read (caps, &filter->colors);
}

/* @pieces of @buffer and its times, as a new buffer on the same memory. */
static GstBuffer *
join (GstBuffer * buffer, const GArray * pieces)
{
  GstBuffer *made = gst_buffer_new ();
  guint i;

  gst_buffer_copy_into (made, buffer, GST_BUFFER_COPY_METADATA, 0, -1);
  for (i = 0; i < pieces->len; i++) {
    const EchoelNalPiece *piece = &g_array_index (pieces, EchoelNalPiece, i);

    gst_buffer_copy_into (made, buffer, GST_BUFFER_COPY_MEMORY, piece->offset,
        piece->size);
  }
  gst_buffer_unref (buffer);
  return made;
}

static GstBuffer *
clean_nals (SampleFilter * filter, GstBuffer * buffer)
{
  GstMapInfo map;

  if (!filter->nals.strip || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return buffer;
  if (!echoel_access_unit_clean (&filter->nals, (EchoelSpan) {
          map.data, map.size}
          , filter->pieces))
    g_array_set_size (filter->pieces, 0);
  gst_buffer_unmap (buffer, &map);
  return filter->pieces->len ? join (buffer, filter->pieces) : buffer;
}

static GstBuffer *
clean_av1 (GstBuffer * buffer)
{
  GstMapInfo map;
  gsize size;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return buffer;
  size = echoel_av1_delimiter ((EchoelSpan) {
      map.data, map.size}
  );
  gst_buffer_unmap (buffer, &map);
  if (size > 0) {
    buffer = gst_buffer_make_writable (buffer);
    gst_buffer_resize (buffer, (gssize) size, -1);
  }
  return buffer;
}

static GstBuffer *
color_prores (const SampleFilter * filter, GstBuffer * buffer)
{
  guint8 head[ECHOEL_PRORES_HEAD];
  GstBuffer *made;
  GstMemory *memory;

  if (gst_buffer_extract (buffer, 0, head, sizeof (head)) != sizeof (head)
      || !echoel_prores_frame_color (head, &filter->colors))
    return buffer;
  /* A head of its own, so that nothing but 25 bytes is copied. */
  made = gst_buffer_new ();
  gst_buffer_copy_into (made, buffer, GST_BUFFER_COPY_METADATA, 0, -1);
  memory = gst_allocator_alloc (NULL, sizeof (head), NULL);
  gst_buffer_append_memory (made, memory);
  gst_buffer_fill (made, 0, head, sizeof (head));
  gst_buffer_copy_into (made, buffer, GST_BUFFER_COPY_MEMORY, sizeof (head),
      -1);
  gst_buffer_unref (buffer);
  return made;
}

GstBuffer *
sample_filter_clean (SampleFilter * filter, GstBuffer * buffer)
{
  if (filter->nals.kind != ECHOEL_NALS_NONE)
    return clean_nals (filter, buffer);
  if (filter->av1)
    return clean_av1 (buffer);
  if (filter->prores)
    return color_prores (filter, buffer);
  return buffer;
}

GstBuffer *
sample_filter_insert (const SampleFilter * filter, GstBuffer * buffer,
    EchoelNalPlace place, GByteArray * units)
{
  GstBuffer *made;
  GBytes *bytes;
  GstMapInfo map;
  gsize at;

  if (units == NULL)
    return buffer;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    g_byte_array_unref (units);
    return buffer;
  }
  at = echoel_access_unit_place (&filter->nals, (EchoelSpan) {
      map.data, map.size}
      , place);
  gst_buffer_unmap (buffer, &map);
  made = gst_buffer_new ();
  gst_buffer_copy_into (made, buffer, GST_BUFFER_COPY_METADATA, 0, -1);
  if (at > 0)
    gst_buffer_copy_into (made, buffer, GST_BUFFER_COPY_MEMORY, 0, at);
  bytes = g_byte_array_free_to_bytes (units);
  gst_buffer_append (made, gst_buffer_new_wrapped_bytes (bytes));
  g_bytes_unref (bytes);
  if (at < gst_buffer_get_size (buffer))
    gst_buffer_copy_into (made, buffer, GST_BUFFER_COPY_MEMORY, at, -1);
  gst_buffer_unref (buffer);
  return made;
}

GBytes *
sample_filter_config (const SampleFilter * filter, GstBuffer * buffer)
{
  GByteArray *made;
  GstMapInfo map;

  if (!filter->av1 || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return NULL;
  made = echoel_av1_config_make ((EchoelSpan) {
      map.data, map.size}
  );
  gst_buffer_unmap (buffer, &map);
  return made ? g_byte_array_free_to_bytes (made) : NULL;
}
