/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media.h"

#include "aac.h"

/* ITU-T H.264 table 7-1 and H.265 table 7-1. */
#define H264_IDR 5
#define H264_LAST_SLICE 5
#define H265_LAST_SLICE 31
#define H265_IDR_W_RADL 19
#define H265_IDR_N_LP 20
#define H265_LAST_SUB_LAYER_NON_REFERENCE 14

/* Where the sizes of NAL lengths stand in avcC and hvcC (ISO/IEC 14496-15):
 * two bits, one less than the size. */
#define AVCC_LENGTH_BYTE 4
#define HVCC_LENGTH_BYTE 21
#define LENGTH_MASK 3

/* Beside it hvcC says how many temporal layers there are, 0: not known. */
#define HVCC_LAYERS_SHIFT 3
#define HVCC_LAYERS_MASK 7

/* One NAL unit header is all that is looked at; that of H.265 is the longer. */
#define HEADER_BYTES 2

static const struct
{
  const gchar *media_type, *field, *value;
  EchoelTrackCodec codec;
  gsize config_bytes;           /* the least */
} codecs[] = {
  /* *INDENT-OFF* */
  {"video/x-h264", "stream-format", "avc", ECHOEL_TRACK_H264, 7},
  {"video/x-h265", "stream-format", "hvc1", ECHOEL_TRACK_H265, 23},
  {"audio/mpeg", "stream-format", "raw", ECHOEL_TRACK_AAC, 2},
  /* *INDENT-ON* */
};

static GBytes *
read_config (const GstStructure * s)
{
  const GValue *value = gst_structure_get_value (s, "codec_data");
  GstBuffer *buffer;
  gpointer data;
  gsize size;

  if (value == NULL || !GST_VALUE_HOLDS_BUFFER (value))
    return NULL;
  buffer = gst_value_get_buffer (value);
  gst_buffer_extract_dup (buffer, 0, gst_buffer_get_size (buffer), &data,
      &size);
  return g_bytes_new_take (data, size);
}

static gboolean
find_codec (EchoelFormat * format, const GstStructure * s)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (gst_structure_has_name (s, codecs[i].media_type)
        && g_strcmp0 (gst_structure_get_string (s, codecs[i].field),
            codecs[i].value) == 0
        && format->config != NULL
        && g_bytes_get_size (format->config) >= codecs[i].config_bytes) {
      format->codec = codecs[i].codec;
      return TRUE;
    }
  return FALSE;
}

static void
read_video (EchoelFormat * format, const GstStructure * s)
{
  const guint8 *config = g_bytes_get_data (format->config, NULL);
  guint at = format->codec == ECHOEL_TRACK_H264 ? AVCC_LENGTH_BYTE
      : HVCC_LENGTH_BYTE;
  gint width = 0, height = 0, fps_n = 0, fps_d = 1;

  format->length_size = (config[at] & LENGTH_MASK) + 1;
  if (format->codec == ECHOEL_TRACK_H265)
    format->layers = config[at] >> HVCC_LAYERS_SHIFT & HVCC_LAYERS_MASK;
  gst_structure_get_int (s, "width", &width);
  gst_structure_get_int (s, "height", &height);
  gst_structure_get_fraction (s, "framerate", &fps_n, &fps_d);
  format->width = MAX (width, 0);
  format->height = MAX (height, 0);
  format->framerate = fps_d > 0 ? (gdouble) fps_n / fps_d : 0.0;
}

static gboolean
read_audio (EchoelFormat * format)
{
  EchoelAacConfig config;

  if (!echoel_aac_config_parse (format->config, &config))
    return FALSE;
  format->rate = config.rate;
  format->channels = config.channels;
  format->frame_samples = config.frame_samples;
  return TRUE;
}

EchoelFormat *
echoel_format_new (const GstCaps * caps, GError ** error)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  EchoelFormat *format = g_new0 (EchoelFormat, 1);
  gboolean done;

  format->refs = 1;
  format->caps = gst_caps_copy (caps);
  format->config = read_config (s);
  done = find_codec (format, s);
  if (done && echoel_format_is_video (format))
    read_video (format, s);
  else if (done)
    done = read_audio (format);
  if (done)
    return format;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "The format \"%s\" cannot be sent: it must be H.264 (avc), H.265 (hvc1) "
      "or AAC (raw) with codec_data. A parser (h264parse, h265parse, aacparse) "
      "before the sink makes it so.", gst_structure_get_name (s));
  echoel_format_unref (format);
  return NULL;
}

EchoelFormat *
echoel_format_ref (EchoelFormat * format)
{
  g_atomic_int_inc (&format->refs);
  return format;
}

void
echoel_format_unref (EchoelFormat * format)
{
  if (format == NULL || !g_atomic_int_dec_and_test (&format->refs))
    return;
  gst_caps_unref (format->caps);
  g_clear_pointer (&format->config, g_bytes_unref);
  g_free (format);
}

gboolean
echoel_format_is_video (const EchoelFormat * format)
{
  return format->codec != ECHOEL_TRACK_AAC;
}

gboolean
echoel_format_equal (const EchoelFormat * a, const EchoelFormat * b)
{
  if (a == b)
    return TRUE;
  return a != NULL && b != NULL && a->codec == b->codec
      && g_bytes_equal (a->config, b->config);
}

/* A picture that its own layer does not refer to may serve a higher one. */
static gboolean
is_top_layer (const EchoelFormat * format, guint temporal_id)
{
  return format->layers > 0 && temporal_id + 1 >= format->layers;
}

/* Looks at one NAL unit. Returns FALSE when it is no slice: parameter sets and
 * messages say nothing about the picture. */
static gboolean
look_at_nal (EchoelMedia * media, const guint8 * header)
{
  guint type;

  if (media->format->codec == ECHOEL_TRACK_H264) {
    type = header[0] & 0x1f;
    if (type == 0 || type > H264_LAST_SLICE)
      return FALSE;
    media->key = type == H264_IDR;
    media->disposable = (header[0] & 0x60) == 0;        /* nal_ref_idc */
    return TRUE;
  }
  type = (header[0] >> 1) & 0x3f;
  if (type > H265_LAST_SLICE)
    return FALSE;
  media->key = type == H265_IDR_W_RADL || type == H265_IDR_N_LP;
  media->disposable = type <= H265_LAST_SUB_LAYER_NON_REFERENCE
      && type % 2 == 0
      && is_top_layer (media->format, MAX (header[1] & 7, 1) - 1);
  return TRUE;
}

/* The first slice says what the whole picture is. */
static void
look_at_picture (EchoelMedia * media)
{
  guint size = media->format->length_size, i;
  gsize at = 0, length;
  GstMapInfo map;

  if (!gst_buffer_map (media->buffer, &map, GST_MAP_READ))
    return;
  while (at + size + HEADER_BYTES <= map.size) {
    for (i = 0, length = 0; i < size; i++)
      length = length << 8 | map.data[at + i];
    if (look_at_nal (media, map.data + at + size))
      break;
    if (length > map.size)
      break;
    at += size + length;
  }
  gst_buffer_unmap (media->buffer, &map);
}

EchoelMedia *
echoel_media_new (EchoelFormat * format, GstBuffer * buffer, gint64 dts,
    gint64 pts)
{
  EchoelMedia *media = g_new0 (EchoelMedia, 1);

  media->refs = 1;
  media->format = echoel_format_ref (format);
  media->buffer = gst_buffer_ref (buffer);
  media->dts = dts;
  media->pts = pts;
  media->size = gst_buffer_get_size (buffer);
  media->video = echoel_format_is_video (format);
  if (media->video)
    look_at_picture (media);
  else
    media->key = TRUE;
  return media;
}

EchoelMedia *
echoel_media_ref (EchoelMedia * media)
{
  g_atomic_int_inc (&media->refs);
  return media;
}

void
echoel_media_unref (EchoelMedia * media)
{
  if (media == NULL || !g_atomic_int_dec_and_test (&media->refs))
    return;
  echoel_format_unref (media->format);
  gst_buffer_unref (media->buffer);
  g_free (media);
}
