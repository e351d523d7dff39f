/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encoders: how each one is told what a platform wants. A row adds one.
 *
 * Only tables and pure functions; nothing here opens an encoder. Any thread. */
#pragma once

#include "encodeplan.h"

G_BEGIN_DECLS

/* Where the value of a setting comes from. */
typedef enum
{
  ECHOEL_VALUE_TEXT = 0,        /* the text of the setting, as in gst-launch */
  ECHOEL_VALUE_KBPS,            /* video bitrate, kbit/s */
  ECHOEL_VALUE_BPS,             /* bitrate, bit/s: video's or audio's */
  ECHOEL_VALUE_KEYFRAME_FRAMES, /* longest distance of key frames, frames */
  ECHOEL_VALUE_THREADS,         /* of the encoder, left alone when 0 */
  ECHOEL_VALUE_EFFORT           /* the row's text for the wanted quality */
} EchoelValue;

typedef enum
{
  ECHOEL_WHEN_LIVE = 1 << 0,
  ECHOEL_WHEN_EXPORT = 1 << 1,
  ECHOEL_WHEN_ALWAYS = ECHOEL_WHEN_LIVE | ECHOEL_WHEN_EXPORT
} EchoelWhen;

typedef struct
{
  const gchar *property;
  EchoelValue value;
  const gchar *text;
  EchoelWhen when;
  gboolean required;            /* without it the encoder is unfit */
} EchoelEncoderSetting;

#define ECHOEL_ENCODER_MAX_SETTINGS 16

typedef struct
{
  const gchar *factory;
  EchoelCodec codec;
  gboolean hardware;
  const gchar *package;         /* what to install, for people */
  const gchar *raw_format;      /* raw format pinned in front of it */
  const gchar *bitrate_property;        /* takes effect while PLAYING */
  EchoelValue bitrate_unit;     /* KBPS or BPS */
  /* Encoder effort for each EchoelQuality, AUTO first. */
  const gchar *effort[ECHOEL_N_QUALITIES];
  const gchar *live_effort;
  /* Ends at the first one without a property. */
  EchoelEncoderSetting settings[ECHOEL_ENCODER_MAX_SETTINGS];
} EchoelEncoder;

/**
 * echoel_encoders:
 * @n: (out): how many
 *
 * Returns: all rows, best first within a codec
 */
const EchoelEncoder *echoel_encoders (guint * n);

/* Returns: (nullable): the row of that factory */
const EchoelEncoder *echoel_encoder_find (const gchar * factory);

/* Returns: (transfer full): the factories for @codec, for messages:
 *     "x264enc, openh264enc" */
gchar *echoel_encoder_names (EchoelCodec codec);

/**
 * echoel_encoder_value:
 *
 * Returns: (transfer full) (nullable): the value of @setting for @plan as
 *     text, %NULL when it does not apply
 */
gchar *echoel_encoder_value (const EchoelEncoder * encoder,
    const EchoelEncoderSetting * setting, const EchoelPlan * plan);

G_END_DECLS
