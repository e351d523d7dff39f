/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "silence.h"

EchoelSilenceVerdict
echoel_silence_ask (EchoelSilence * silence, const EchoelSilenceFacts * facts)
{
  gboolean stood_still;

  silence->asked++;
  silence->still = facts->video_frames == silence->frames
      ? silence->still + 1 : 0;
  silence->frames = facts->video_frames;
  /* Video that stands still is what a waiting muxer does to it. */
  stood_still = silence->still >= ECHOEL_SILENCE_LIMIT;

  if (facts->heard)
    return ECHOEL_SILENCE_HEARD;
  if (facts->connected && facts->video_ended)
    return stood_still ? ECHOEL_SILENCE_GIVE_UP : ECHOEL_SILENCE_WAIT;
  if (facts->connected)
    return silence->still > 0 ? ECHOEL_SILENCE_FILL : ECHOEL_SILENCE_WAIT;
  if (stood_still || facts->video_ended
      || facts->video_time >= ECHOEL_SILENCE_LIMIT)
    return ECHOEL_SILENCE_GIVE_UP;
  return ECHOEL_SILENCE_WAIT;
}
