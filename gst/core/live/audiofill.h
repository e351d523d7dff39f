/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When silence is put in for sound that does not come: platforms want a sound
 * track, and one that stops. Pure: time is that of the video. Not thread
 * safe. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How far sound may be behind the picture before silence takes over, ns. */
#define ECHOEL_AUDIO_FILL_GRACE (G_GINT64_CONSTANT (1000000000))

typedef struct
{
  gint64 end;                   /* of the sound so far, ns */
  gint64 filled_until;          /* of the last silence, ns */
  gint64 first_video;           /* ns */
  gboolean begun;               /* end is valid */
  gboolean seen_video;
  gboolean silent;              /* silence runs with the picture */
  guint64 filled;               /* frames of silence so far */
  guint64 late;                 /* frames of sound refused as too late */
} EchoelAudioFill;

/* Returns: whether to pass this frame of sound on; FALSE when silence has
 * taken its place already. */
gboolean echoel_audio_fill_sound (EchoelAudioFill * fill, gint64 time,
    gint64 duration);

/**
 * echoel_audio_fill_video:
 * @time: of a video frame that is about to go on
 * @expected: whether sound may still come
 * @duration: of a frame of silence
 * @start: (out): of the first frame of silence
 *
 * Returns: how many frames of silence to put in before it
 */
guint echoel_audio_fill_video (EchoelAudioFill * fill, gint64 time,
    gboolean expected, gint64 duration, gint64 * start);

G_END_DECLS
