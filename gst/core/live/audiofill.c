/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audiofill.h"

/* A jump of the picture (a pause) is not filled frame by frame for ever. */
#define MOST_AT_ONCE 1000

/* Sound may overlap silence by this much: half a frame at 48 kHz. */
#define OVERLAP G_GINT64_CONSTANT (10000000)

gboolean
echoel_audio_fill_sound (EchoelAudioFill * fill, gint64 time, gint64 duration)
{
  /* Silence stops at once, even when this frame comes too late: sound that is
   * always a little behind the picture would never get in otherwise. */
  fill->silent = FALSE;
  if (fill->filled > 0 && time + OVERLAP < fill->filled_until) {
    fill->late++;
    return FALSE;
  }
  fill->begun = TRUE;
  fill->end = time + duration;
  return TRUE;
}

guint
echoel_audio_fill_video (EchoelAudioFill * fill, gint64 time,
    gboolean expected, gint64 duration, gint64 * start)
{
  gint64 from, missing;
  guint frames;

  if (!fill->seen_video)
    fill->first_video = time;
  fill->seen_video = TRUE;
  from = fill->begun ? fill->end : fill->first_video;
  if (!fill->silent && expected && time - from < ECHOEL_AUDIO_FILL_GRACE)
    return 0;
  fill->silent = TRUE;
  fill->begun = TRUE;
  missing = time + duration - from;
  frames = missing > 0 ? missing / duration : 0;
  if (frames > MOST_AT_ONCE) {
    from += (frames - MOST_AT_ONCE) * duration;
    frames = MOST_AT_ONCE;
  }
  *start = from;
  fill->end = fill->filled_until = from + frames * duration;
  fill->filled += frames;
  return frames;
}
