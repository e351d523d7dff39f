/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flv.h"

#include <string.h>

#define TAG_HEADER 11
#define TAG_FOOTER 4
#define BODY_HEADER 8           /* the longest */

enum
{ TAG_AUDIO = 8, TAG_VIDEO = 9, TAG_SCRIPT = 18 };

enum
{ SEQUENCE_HEADER = 0, CODED_FRAMES = 1 };

#define FRAME_KEY 1
#define FRAME_INTER 2
#define FRAME_DISPOSABLE 3
#define VIDEO_AVC 7
/* AAC; 44 kHz, 16 bits, stereo: what the configuration says counts. */
#define AUDIO_AAC 10
#define AUDIO_FLAGS 0x0f
#define EXTENDED 0x80

#define FOURCC_HEVC "hvc1"

enum
{ AMF_NUMBER = 0, AMF_BOOLEAN = 1, AMF_STRING = 2, AMF_ECMA_ARRAY = 8,
  AMF_OBJECT_END = 9
};

static void
put_24 (guint8 * data, guint32 value)
{
  data[0] = value >> 16;
  data[1] = value >> 8;
  data[2] = value;
}

static void
put_32 (guint8 * data, guint32 value)
{
  data[0] = value >> 24;
  put_24 (data + 1, value);
}

/* A tag with room for a body. Returns: (transfer full): mapped for writing */
static GstBuffer *
begin_tag (guint type, guint32 time, gsize body, GstMapInfo * map)
{
  GstBuffer *tag = gst_buffer_new_allocate (NULL,
      TAG_HEADER + body + TAG_FOOTER, NULL);

  gst_buffer_map (tag, map, GST_MAP_WRITE);
  memset (map->data, 0, TAG_HEADER);
  map->data[0] = type;
  put_24 (map->data + 1, body);
  put_24 (map->data + 4, time & 0xffffff);
  map->data[7] = time >> 24;
  put_32 (map->data + TAG_HEADER + body, TAG_HEADER + body);
  return tag;
}

static guint
frame_type (const EchoelMedia * media)
{
  if (media == NULL || media->key)
    return FRAME_KEY;
  /* Enhanced RTMP and decoders of today know two kinds alone. */
  return media->disposable && media->format->codec == ECHOEL_TRACK_H264
      ? FRAME_DISPOSABLE : FRAME_INTER;
}

/* What stands before the codec's bytes; @media: NULL for a decoder's set-up.
 * Returns: how many bytes it is. */
static gsize
put_body_header (guint8 * data, const EchoelFormat * format,
    const EchoelMedia * media)
{
  guint packet = media != NULL ? CODED_FRAMES : SEQUENCE_HEADER;
  gint32 shift = media != NULL
      ? (media->pts - media->dts) / (gint64) GST_MSECOND : 0;

  if (format->codec == ECHOEL_TRACK_AAC) {
    data[0] = AUDIO_AAC << 4 | AUDIO_FLAGS;
    data[1] = packet;
    return 2;
  }
  if (format->codec == ECHOEL_TRACK_H264) {
    data[0] = frame_type (media) << 4 | VIDEO_AVC;
    data[1] = packet;
    put_24 (data + 2, shift & 0xffffff);
    return 5;
  }
  data[0] = EXTENDED | frame_type (media) << 4 | packet;
  memcpy (data + 1, FOURCC_HEVC, 4);
  put_24 (data + 5, shift & 0xffffff);
  return media != NULL ? 8 : 5;
}

static guint
tag_type (const EchoelFormat * format)
{
  return format->codec == ECHOEL_TRACK_AAC ? TAG_AUDIO : TAG_VIDEO;
}

GstBuffer *
echoel_flv_header (const EchoelFormat * format, guint32 time)
{
  guint8 header[BODY_HEADER];
  gsize head = put_body_header (header, format, NULL), size;
  gconstpointer config = g_bytes_get_data (format->config, &size);
  GstMapInfo map;
  GstBuffer *tag = begin_tag (tag_type (format), time, head + size, &map);

  memcpy (map.data + TAG_HEADER, header, head);
  memcpy (map.data + TAG_HEADER + head, config, size);
  gst_buffer_unmap (tag, &map);
  return tag;
}

GstBuffer *
echoel_flv_frame (const EchoelMedia * media, guint32 time)
{
  guint8 header[BODY_HEADER];
  gsize head = put_body_header (header, media->format, media);
  GstMapInfo map;
  GstBuffer *tag = begin_tag (tag_type (media->format), time,
      head + media->size, &map);

  memcpy (map.data + TAG_HEADER, header, head);
  gst_buffer_extract (media->buffer, 0, map.data + TAG_HEADER + head,
      media->size);
  gst_buffer_unmap (tag, &map);
  return tag;
}

static void
put_name (GByteArray * data, const gchar * name)
{
  guint8 length[2];

  GST_WRITE_UINT16_BE (length, strlen (name));
  g_byte_array_append (data, length, sizeof (length));
  g_byte_array_append (data, (const guint8 *) name, strlen (name));
}

static void
put_type (GByteArray * data, guint8 type)
{
  g_byte_array_append (data, &type, 1);
}

/* Zero is "not known" and says nothing. */
static void
put_number (GByteArray * data, const gchar * name, gdouble value)
{
  guint8 bytes[8];

  if (value == 0.0)
    return;
  put_name (data, name);
  put_type (data, AMF_NUMBER);
  GST_WRITE_DOUBLE_BE (bytes, value);
  g_byte_array_append (data, bytes, sizeof (bytes));
}

static void
put_video (GByteArray * data, const EchoelFormat * video)
{
  put_number (data, "width", video->width);
  put_number (data, "height", video->height);
  put_number (data, "framerate", video->framerate);
  put_number (data, "videocodecid", video->codec == ECHOEL_TRACK_H264
      ? VIDEO_AVC : GST_READ_UINT32_BE (FOURCC_HEVC));
}

static void
put_audio (GByteArray * data, const EchoelFormat * audio)
{
  put_number (data, "audiocodecid", AUDIO_AAC);
  put_number (data, "audiosamplerate", audio->rate);
  put_number (data, "audiochannels", audio->channels);
  put_name (data, "stereo");
  put_type (data, AMF_BOOLEAN);
  put_type (data, audio->channels == 2);
}

GstBuffer *
echoel_flv_metadata (const EchoelFormat * video, const EchoelFormat * audio)
{
  static const guint8 none[4] = { 0, };
  GByteArray *data = g_byte_array_new ();
  GstMapInfo map;
  GstBuffer *tag;

  put_type (data, AMF_STRING);
  put_name (data, "onMetaData");
  put_type (data, AMF_ECMA_ARRAY);
  /* The count is a hint; readers go by the end mark. */
  g_byte_array_append (data, none, sizeof (none));
  if (video != NULL)
    put_video (data, video);
  if (audio != NULL)
    put_audio (data, audio);
  put_name (data, "encoder");
  put_type (data, AMF_STRING);
  put_name (data, "Echoel");
  put_name (data, "");
  put_type (data, AMF_OBJECT_END);

  tag = begin_tag (TAG_SCRIPT, 0, data->len, &map);
  memcpy (map.data + TAG_HEADER, data->data, data->len);
  gst_buffer_unmap (tag, &map);
  g_byte_array_unref (data);
  return tag;
}
