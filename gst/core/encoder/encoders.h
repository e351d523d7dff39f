/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encoders: how each one is told what a platform wants. A row adds one.
 *
 * Only tables and pure functions; nothing here opens an encoder. Any thread. */
#pragma once

#include "encodeplan.h"

G_BEGIN_DECLS

/* What a setting is about. */
typedef enum
{
  ECHOEL_ASPECT_NONE = 0,       /* ends a list of settings */
  ECHOEL_ASPECT_BITRATE,
  ECHOEL_ASPECT_RATE_CONTROL,
  ECHOEL_ASPECT_BUFFER,         /* peak rate, buffer */
  ECHOEL_ASPECT_KEY_FRAMES,
  ECHOEL_ASPECT_CLOSED_GOP,
  ECHOEL_ASPECT_REORDERING,
  ECHOEL_ASPECT_REAL_TIME,
  ECHOEL_ASPECT_SLICES,         /* of at most 1400 bytes */
  ECHOEL_ASPECT_PROFILE,        /* where it is no field of the caps */
  ECHOEL_ASPECT_EFFORT,
  ECHOEL_ASPECT_OTHER,
  ECHOEL_N_ASPECTS
} EchoelAspect;

typedef enum
{
  ECHOEL_SET_LIVE = 1 << 0,
  ECHOEL_SET_EXPORT = 1 << 1,
  ECHOEL_SET_BOTH = ECHOEL_SET_LIVE | ECHOEL_SET_EXPORT,
  ECHOEL_SET_REQUIRED = 1 << 2, /* without it the encoder is unfit */
  ECHOEL_SET_CHANGE = 1 << 3    /* written again when the bitrate changes */
} EchoelSet;

/* One property. In property and text "|" stands between alternatives: the
 * first that the object has or takes. In text a word in braces stands for a
 * value of the plan: {kbps} {bps} {peak} (kbit/s) {frames} {ns} {seconds}
 * {effort} {options} {profile} {threads} {level}. */
typedef struct
{
  EchoelAspect aspect;
  guint set;                    /* EchoelSet */
  const gchar *property;        /* NULL: text says how it stands, for people */
  const gchar *text;
  const gchar *guard;           /* flags property that must name the text */
} EchoelEncoderSetting;

/* What an encoder makes of a bitrate that changes while it runs. */
typedef enum
{
  ECHOEL_CHANGE_RECREATE = 0,   /* nothing: a new one takes over, on a key
                                 * frame */
  ECHOEL_CHANGE_FLAGGED,        /* follows if the property says so */
  ECHOEL_CHANGE_FOLLOWS         /* follows, whatever the property says */
} EchoelChange;

typedef enum
{
  ECHOEL_KIND_SOFTWARE = 0,
  ECHOEL_KIND_HARDWARE,
  ECHOEL_KIND_BY_CLASS          /* hardware if its factory says so */
} EchoelKind;

/* Text of {effort}, by EchoelQuality; live is for ECHOEL_QUALITY_AUTO. Text of
 * {options}: what an effort has besides its name; NULL is nothing. */
typedef struct
{
  const gchar *quality[ECHOEL_N_QUALITIES];
  const gchar *live;
  const gchar *options[ECHOEL_N_QUALITIES];
} EchoelEfforts;

typedef struct
{
  const gchar *factory;
  const gchar *more;            /* pattern of the names for further devices */
  EchoelCodec codec;
  EchoelKind kind;
  const gchar *package;         /* what to install, for people */
  /* Raw formats it takes for each kind of picture, alternatives as above;
   * NULL: it cannot make that picture. */
  const gchar *raw[ECHOEL_N_PICTURES];
  const gchar *memory;          /* caps features besides system memory */
  const gchar *upload;          /* factory in front: no system memory */
  const gchar *profiles;        /* {profile}s it makes, NULL: all */
  const gchar *caps;            /* fields that its output caps must fix */
  gboolean mend;                /* its caps name another profile than it makes */
  gboolean late;                /* only first caps tell that it works */
  EchoelChange change;
  guint change_ms;              /* least time between two changes */
  const EchoelEfforts *efforts;
  const EchoelEncoderSetting *settings;
  const gchar *trap;            /* one sentence for people, or NULL */
} EchoelEncoder;

/**
 * echoel_encoders:
 * @n: (out): how many
 *
 * A factory whose versions differ too much has two rows, one behind the
 * other; only one of them finds its required properties.
 *
 * Returns: all rows, best first within a codec
 */
const EchoelEncoder *echoel_encoders (guint * n);

/* Returns: (nullable): the first row of that factory */
const EchoelEncoder *echoel_encoder_find (const gchar * factory);

/* Returns: whether the factory is @encoder's, or one for a further device */
gboolean echoel_encoder_is_for (const EchoelEncoder * encoder,
    const gchar * factory);

#define ECHOEL_ALL_KINDS ((1u << ECHOEL_KIND_SOFTWARE) \
    | (1u << ECHOEL_KIND_HARDWARE) | (1u << ECHOEL_KIND_BY_CLASS))

/**
 * echoel_encoder_names:
 * @kinds: a bit for each EchoelKind that counts
 *
 * Returns: (transfer full): the factories for @codec, for messages:
 *     "x264enc, openh264enc"
 */
gchar *echoel_encoder_names (EchoelCodec codec, guint kinds);

/**
 * echoel_encoder_value:
 *
 * Returns: (transfer full) (nullable): the value of @setting for @plan as
 *     text, perhaps with alternatives; %NULL when it does not apply
 */
gchar *echoel_encoder_value (const EchoelEncoder * encoder,
    const EchoelEncoderSetting * setting, const EchoelPlan * plan);

/* Returns: (transfer full): the caps that must leave the encoder. */
gchar *echoel_encoder_caps (const EchoelEncoder * encoder,
    const EchoelPlan * plan);

G_END_DECLS
