/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "silence.h"

EchoelSilenceVerdict
echoel_silence_ask (EchoelSilence * silence, const EchoelSilenceFacts * facts)
{
  gboolean waited;

  silence->asked++;
  silence->still = facts->video_frames == silence->frames
      ? silence->still + 1 : 0;
  silence->frames = facts->video_frames;
  waited = silence->asked >= ECHOEL_SILENCE_LIMIT;

  if (facts->heard)
    return ECHOEL_SILENCE_HEARD;
  /* Video that stands still is what a waiting muxer does to it. */
  if (silence->still >= ECHOEL_SILENCE_LIMIT)
    return ECHOEL_SILENCE_GIVE_UP;
  if ((facts->video_ended || facts->video_time >= ECHOEL_SILENCE_LIMIT)
      && (waited || !facts->connected))
    return ECHOEL_SILENCE_GIVE_UP;
  return ECHOEL_SILENCE_WAIT;
}
