/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "medias.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const guint8 avcc[] = { 1, 100, 0, 31, 0xff, 0xe0, 0 };
static const guint8 sound_config[] = { 0x11, 0x90 };

static EchoelFormat *
make_format (const gchar * text, gconstpointer config, gsize size)
{
  GstCaps *caps = gst_caps_from_string (text);
  GstBuffer *data = gst_buffer_new_memdup (config, size);
  EchoelFormat *format;

  gst_caps_set_simple (caps, "codec_data", GST_TYPE_BUFFER, data, NULL);
  format = echoel_format_new (caps, NULL);
  fail_unless (format != NULL, "%s", text);
  gst_buffer_unref (data);
  gst_caps_unref (caps);
  return format;
}

EchoelFormat *
make_video_format (const gchar * codec)
{
  guint8 hvcc[23] = { 1, };

  hvcc[21] = 1 << 3 | 7;
  if (g_str_equal (codec, "h265-layers"))
    hvcc[21] = 2 << 3 | 7;
  if (g_str_has_prefix (codec, "h265"))
    return make_format ("video/x-h265, stream-format=hvc1, width=1280, "
        "height=720, framerate=30/1", hvcc, sizeof (hvcc));
  return make_format ("video/x-h264, stream-format=avc, width=640, height=360,"
      " framerate=30/1", avcc, sizeof (avcc));
}

EchoelFormat *
make_sound_format (void)
{
  return make_format ("audio/mpeg, mpegversion=4, stream-format=raw",
      sound_config, sizeof (sound_config));
}

/* A parameter set first, as encoders write it, then the picture's slice. */
EchoelMedia *
make_video (EchoelFormat * format, Kind kind, gint64 dts, gsize size)
{
  static const guint8 h264[] = { 0x65, 0x41, 0x01 };
  static const guint8 h265[] = { 19 << 1, 1 << 1, 0 << 1, 0 << 1 };
  gboolean old = format->codec == ECHOEL_TRACK_H264;
  guint8 head[] = { 0, 0, 0, 2, old ? 0x67 : 33 << 1, 1, 0, 0, 0, 0, 0, 0 };
  GstBuffer *buffer;
  EchoelMedia *media;

  size = MAX (size, sizeof (head));
  head[9] = size - 10;
  head[10] = old ? h264[kind] : h265[kind];
  head[11] = kind == UPPER ? 2 : 1;     /* temporal layer, from 1 on */
  buffer = gst_buffer_new_allocate (NULL, size, NULL);
  gst_buffer_memset (buffer, 0, 0, size);
  gst_buffer_fill (buffer, 0, head, sizeof (head));
  media = echoel_media_new (format, buffer, dts, dts);
  gst_buffer_unref (buffer);
  return media;
}

EchoelMedia *
make_sound (EchoelFormat * format, gint64 dts)
{
  GstBuffer *buffer = gst_buffer_new_memdup (sound_config, 2);
  EchoelMedia *media = echoel_media_new (format, buffer, dts, dts);

  gst_buffer_unref (buffer);
  return media;
}
