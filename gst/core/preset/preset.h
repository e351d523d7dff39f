/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Platform presets: what each platform wants, read from preset files.
 *
 * A preset file is a GStreamer encoding target (.gep) plus one [echoel] group
 * with what an encoding target cannot say; docs/presets.md lists every key.
 * Thread safety: an EchoelPreset never changes after loading, so any thread
 * may read it; each function may be called from any thread. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_USAGE_AUTO = 0,        /* what the preset file says */
  ECHOEL_USAGE_EXPORT,
  ECHOEL_USAGE_LIVE
} EchoelUsage;

/* Fractions of the picture, from its edges. */
typedef struct
{
  gdouble top, right, bottom, left;
} EchoelSides;

/* What the platform itself accepts today; 0 or NULL: it does not say. */
typedef struct
{
  GstClockTime min_duration;    /* ns */
  GstClockTime max_duration;    /* ns */
  guint min_width, min_height;  /* pixels */
  guint max_width, max_height;  /* pixels */
  gdouble min_framerate;        /* frames per second */
  gdouble max_framerate;        /* frames per second */
  guint max_bitrate;            /* video, kbit/s */
  guint max_audio_bitrate;      /* kbit/s */
  GstClockTime max_keyframe_interval;   /* ns */
  gboolean audio_required;
  EchoelSides safe_area;        /* what its interface covers */
  gchar *note;                  /* one sentence, or NULL */
  gchar *source;                /* where this was read */
  gchar *checked;               /* the day it was read, YYYY-MM-DD */
} EchoelPlatformRules;

typedef struct
{
  gchar *id;                    /* first of names: "twitter" */
  gchar **names;                /* id and aliases, NULL ended */
  gchar *title;                 /* for people: "X (Twitter)" */
  gchar *origin;                /* file or resource it was read from */
  EchoelUsage usage;            /* EXPORT or LIVE, never AUTO */

  /* From the encoding target's stream profiles. */
  gchar *video_format;          /* "h264-high": codec and profile */
  guint width, height;          /* pixels, square */
  guint fps_n, fps_d;           /* frames per second */
  guint audio_rate;             /* Hz */
  guint audio_channels;

  /* From the [echoel] group. */
  guint bitrate;                /* video, kbit/s */
  guint audio_bitrate;          /* kbit/s */
  GstClockTime keyframe_interval;       /* ns, the longest allowed gap */
  GstClockTime max_duration;    /* ns, GST_CLOCK_TIME_NONE: no limit */
  gchar *ingest_url;            /* live only, else NULL; never holds a key */
  gchar *source;                /* where the values above come from */
  EchoelPlatformRules platform;
} EchoelPreset;

#define ECHOEL_PRESET_ERROR (echoel_preset_error_quark ())
GQuark echoel_preset_error_quark (void);

typedef enum
{
  ECHOEL_PRESET_ERROR_NOT_FOUND,        /* no such platform */
  ECHOEL_PRESET_ERROR_READ,     /* the file cannot be read */
  ECHOEL_PRESET_ERROR_INVALID   /* the message names file, group and key */
} EchoelPresetError;

/**
 * echoel_preset_parse:
 * @data: the text of a preset file; untrusted
 * @size: its length in bytes
 * @origin: the name used in error messages
 * @error: set when %NULL is returned
 *
 * Every key is checked: an unknown group or key, a value out of range or a
 * missing required key is an error.
 *
 * Returns: (transfer full) (nullable): a preset
 */
EchoelPreset *echoel_preset_parse (const gchar * data, gsize size,
    const gchar * origin, GError ** error);

/**
 * echoel_preset_find:
 * @name: an id or an alias
 * @error: set when %NULL is returned; for an unknown name its message lists
 *     the known ones
 *
 * Looks through GST_ENCODING_TARGET_PATH, then the user's encoding-target
 * folder ($XDG_DATA_HOME/gstreamer-1.0/encoding-profiles), then the built-in
 * presets. Files that are plain encoding targets without an [echoel] group
 * are passed over. A broken file that claims @name is an error, not a reason
 * to fall back to another.
 *
 * Returns: (transfer full) (nullable): a preset
 */
EchoelPreset *echoel_preset_find (const gchar * name, GError ** error);

/**
 * echoel_preset_list:
 *
 * Returns: (transfer full) (element-type EchoelPreset): one preset for each
 *     platform, sorted by id; broken files are left out. Free with
 *     g_ptr_array_unref().
 */
GPtrArray *echoel_preset_list (void);

/**
 * echoel_preset_describe:
 *
 * Returns: (transfer full): one line such as
 *     "TikTok - 9:16, max 180 s, 6 Mbit/s"
 */
gchar *echoel_preset_describe (const EchoelPreset * preset);

/* Accepts %NULL. */
void echoel_preset_free (EchoelPreset * preset);

G_END_DECLS
