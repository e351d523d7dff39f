/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to encode: a platform's preset and what the user asked to differ.
 *
 * Pure functions, any thread. */
#pragma once

#include <gst/gst.h>

#include "preset.h"

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_CODEC_NONE = 0,
  ECHOEL_CODEC_H264,
  ECHOEL_CODEC_HEVC,
  ECHOEL_CODEC_AV1,
  ECHOEL_CODEC_PRORES,
  ECHOEL_CODEC_AAC
} EchoelCodec;

/* What an encoder is given: sampling, bits. */
typedef enum
{
  ECHOEL_PICTURE_420_8 = 0,
  ECHOEL_PICTURE_420_10,
  ECHOEL_PICTURE_422_10,
  ECHOEL_PICTURE_4444_10,       /* with alpha */
  ECHOEL_N_PICTURES
} EchoelPicture;

/* How hard the encoder works and, except AUTO, how many bits it gets. */
typedef enum
{
  ECHOEL_QUALITY_AUTO = 0,      /* the platform's bitrate */
  ECHOEL_QUALITY_LOW,
  ECHOEL_QUALITY_MEDIUM,
  ECHOEL_QUALITY_HIGH,
  ECHOEL_QUALITY_MAXIMUM,
  ECHOEL_N_QUALITIES
} EchoelQuality;

/* A codec and profile by the name that users and presets write. */
typedef struct
{
  const gchar *name;            /* "h264-high" */
  EchoelCodec codec;
  const gchar *title;           /* "H.264" */
  const gchar *encoded_caps;    /* behind the encoder: codec and profile */
  const gchar *parser;          /* factory, or NULL: none is needed */
  const gchar *stream_caps;     /* behind the parser, on video_src */
  EchoelPicture picture;
  const gchar *profile;         /* in the encoder's words */
  gboolean export_only;
} EchoelVideoFormat;

/* Returns: (nullable): the format of that name */
const EchoelVideoFormat *echoel_video_format_find (const gchar * name);

/* Returns: (transfer full): the names of all formats, with ", " between */
gchar *echoel_video_format_names (void);

/* What the user asked to differ; the value in brackets leaves it alone. */
typedef struct
{
  EchoelUsage usage;            /* [AUTO] */
  const gchar *format;          /* [NULL] or "auto": the platform's */
  const gchar *resolution;      /* [NULL] 480p, 720p, 1080p, 2160p, original,
                                 * WIDTHxHEIGHT in pixels */
  gint fps_n, fps_d;            /* [0/1] frames per second */
  gint bitrate;                 /* [-1] kbit/s */
  EchoelQuality quality;        /* [AUTO] */
  GstClockTime max_duration;    /* [GST_CLOCK_TIME_NONE] ns, 0 = no limit */
  guint threads;                /* [0] of the video encoder */
} EchoelOverrides;

typedef struct
{
  EchoelUsage usage;            /* EXPORT or LIVE */
  const EchoelVideoFormat *format;
  guint width, height;          /* pixels, square; 0: as the source */
  guint fps_n, fps_d;
  guint bitrate;                /* video, kbit/s */
  EchoelQuality quality;
  guint keyframe_frames;        /* longest distance of key frames, frames */
  guint audio_bitrate;          /* kbit/s */
  guint audio_rate;             /* Hz */
  guint audio_channels;
  GstClockTime max_duration;    /* ns, GST_CLOCK_TIME_NONE: no limit */
  guint threads;                /* of the video encoder, 0: it decides */
  EchoelSides safe_area;        /* what the platform's interface covers */
} EchoelPlan;

#define ECHOEL_PLAN_ERROR (echoel_plan_error_quark ())
GQuark echoel_plan_error_quark (void);

/**
 * echoel_plan_make:
 * @preset: the platform
 * @overrides: what differs
 * @plan: (out): the plan
 * @error: set when %FALSE is returned; names the property, the value and
 *     what is possible
 *
 * Returns: whether @plan can be encoded
 */
gboolean echoel_plan_make (const EchoelPreset * preset,
    const EchoelOverrides * overrides, EchoelPlan * plan, GError ** error);

/**
 * echoel_plan_set_bitrate:
 * @kbps: as in EchoelOverrides
 * @error: set when %FALSE is returned
 *
 * Changes the bitrate of a plan that was made, and nothing else.
 */
gboolean echoel_plan_set_bitrate (EchoelPlan * plan,
    const EchoelPreset * preset, gint kbps, GError ** error);

/**
 * echoel_plan_check:
 *
 * The duration is not known here: what goes by it is checked while running.
 *
 * Returns: (transfer full) (nullable): one sentence for each rule of the
 *     platform that @plan breaks, joined by spaces; %NULL when it breaks none
 */
gchar *echoel_plan_check (const EchoelPlan * plan,
    const EchoelPreset * preset);

/**
 * echoel_plan_frame_limit:
 *
 * Returns: how many whole frames fit into the plan's maximum duration,
 *     %G_MAXUINT64 without a limit
 */
guint64 echoel_plan_frame_limit (const EchoelPlan * plan);

/* The same for audio: samples that last as long as those frames. */
guint64 echoel_plan_sample_limit (const EchoelPlan * plan);

/* Returns: the lowest H.264 level whose rates hold @plan, "5.2" at most; a
 *     plan without a size counts as 1920x1080 */
const gchar *echoel_plan_h264_level (const EchoelPlan * plan);

G_END_DECLS
