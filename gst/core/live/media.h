/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An encoded frame on its way to several destinations, and the format of its
 * track. Both are made once, never change and are shared by reference count,
 * so that one more destination costs no copy.
 * Thread safety: any thread may read, ref and unref. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_TRACK_NONE = 0,
  ECHOEL_TRACK_H264,
  ECHOEL_TRACK_H265,
  ECHOEL_TRACK_AAC
} EchoelTrackCodec;

typedef struct
{
  EchoelTrackCodec codec;
  GstCaps *caps;                /* as the encoder gave them */
  GBytes *config;               /* avcC, hvcC or AudioSpecificConfig */
  guint length_size;            /* bytes of a NAL unit's length, video */
  guint layers;                 /* temporal ones, H.265; 0: not said */
  guint width, height;          /* pixels, 0: not said */
  gdouble framerate;            /* frames a second, 0: not said */
  guint rate, channels;         /* Hz; of AAC without SBR and PS */
  guint frame_samples;          /* in one AAC frame */

  gint refs;                    /* private, atomic */
} EchoelFormat;

typedef struct
{
  EchoelFormat *format;
  GstBuffer *buffer;
  gint64 dts, pts;              /* running times, ns; dts may be negative */
  gsize size;                   /* bytes */
  gboolean video;
  gboolean key;                 /* decoding can begin here; all audio can */
  gboolean disposable;          /* no other frame refers to it */

  gint refs;                    /* private, atomic */
} EchoelMedia;

/**
 * echoel_format_new:
 * @caps: fixed caps of H.264 (avc), H.265 (hvc1) or AAC (raw) with codec_data
 * @error: set when %NULL is returned; domain %GST_STREAM_ERROR
 *
 * Returns: (transfer full) (nullable): what the caps say
 */
EchoelFormat *echoel_format_new (const GstCaps * caps, GError ** error);

EchoelFormat *echoel_format_ref (EchoelFormat * format);

/* Accepts %NULL. */
void echoel_format_unref (EchoelFormat * format);

gboolean echoel_format_is_video (const EchoelFormat * format);

/* Returns: whether a decoder set up for @a decodes @b too. Accepts %NULL. */
gboolean echoel_format_equal (const EchoelFormat * a, const EchoelFormat * b);

/**
 * echoel_media_new:
 * @format: (transfer none): of the track
 * @buffer: (transfer none): one access unit or AAC frame
 * @dts: running time of decoding, ns
 * @pts: running time of showing, ns
 *
 * A video frame is a key frame when it is an IDR picture (H.265: any picture
 * that random access may begin with and that nothing later reaches behind);
 * the buffer's own flag is not enough, because parsers also set it on
 * recovery points of open GOPs.
 *
 * Returns: (transfer full): a frame
 */
EchoelMedia *echoel_media_new (EchoelFormat * format, GstBuffer * buffer,
    gint64 dts, gint64 pts);

EchoelMedia *echoel_media_ref (EchoelMedia * media);

/* Accepts %NULL. */
void echoel_media_unref (EchoelMedia * media);

G_END_DECLS
