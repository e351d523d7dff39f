/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decides when audio that was asked for will not come any more.
 *
 * A muxer waits for every pad it was asked for, so audio that never comes
 * must be ended, and audio that is only late must not. Pure: the caller
 * brings the time by calling once a second. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long video may run, or stand still, without audio, in seconds. */
#define ECHOEL_SILENCE_LIMIT 5

typedef enum
{
  ECHOEL_SILENCE_WAIT,          /* ask again in a second */
  ECHOEL_SILENCE_FILL,          /* it comes late: bridge the time, ask again */
  ECHOEL_SILENCE_HEARD,         /* audio is there, stop asking */
  ECHOEL_SILENCE_GIVE_UP        /* end it now, stop asking */
} EchoelSilenceVerdict;

/* What is known at one moment. */
typedef struct
{
  gboolean heard;               /* an audio buffer has come */
  gboolean connected;           /* an audio stream has started */
  gboolean video_ended;
  guint64 video_frames;         /* so far */
  gdouble video_time;           /* that they last, seconds */
} EchoelSilenceFacts;

/* All zero to begin with. */
typedef struct
{
  guint asked;                  /* calls so far: seconds since the first frame */
  guint still;                  /* of them in a row without a new frame */
  guint64 frames;               /* at the last call */
} EchoelSilence;

/**
 * echoel_silence_ask:
 *
 * To be called each second after the first video frame. Audio that has not
 * even connected is given up once video has ended or run past the limit. A
 * connected stream may begin late and is never lost: when video stands still,
 * as it does in front of a muxer that waits, silence bridges the time. It is
 * given up when nothing has moved for the limit after video has ended.
 */
EchoelSilenceVerdict echoel_silence_ask (EchoelSilence * silence,
    const EchoelSilenceFacts * facts);

G_END_DECLS
