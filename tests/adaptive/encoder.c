/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "encoder.h"

/* No frame is smaller, as a part of the mean. */
#define LEAST_FRAME 0.1

void
encoder_init (Encoder * encoder, const EncoderSettings * settings,
    gdouble bitrate, guint32 seed)
{
  memset (encoder, 0, sizeof *encoder);
  encoder->settings = *settings;
  encoder->bitrate = encoder->wanted = bitrate;
  encoder->random = seed | 1;
}

void
encoder_ask (Encoder * encoder, gdouble bitrate)
{
  if (bitrate == encoder->wanted)
    return;
  encoder->wanted = bitrate;
  encoder->wanted_at = encoder->step;
}

/* -1 to 1, the same for the same seed everywhere. */
static gdouble
next_random (Encoder * encoder)
{
  encoder->random ^= encoder->random << 13;
  encoder->random ^= encoder->random >> 17;
  encoder->random ^= encoder->random << 5;
  return encoder->random / (gdouble) G_MAXUINT32 *2.0 - 1.0;
}

static void
encode (Encoder * encoder, EncodedFrame * frame)
{
  const EncoderSettings *settings = &encoder->settings;
  gdouble mean = encoder->bitrate / 8.0 / settings->fps;
  gdouble inter = settings->key_debt ? 1.0
      : (settings->gop - settings->key_scale) / (settings->gop - 1);
  gboolean key = encoder->since_key % settings->gop == 0 || encoder->key_wanted;
  gdouble ideal = mean * (key ? settings->key_scale : inter);
  gdouble size = ideal * (1.0 + settings->noise * next_random (encoder))
      - (key && settings->key_debt ? 0.0 : encoder->debt / settings->pay_back);

  size = MAX (size, mean * LEAST_FRAME);
  encoder->debt += size - (settings->key_debt ? mean : ideal);
  encoder->since_key = key ? 1 : encoder->since_key + 1;
  encoder->key_wanted = encoder->key_wanted && !key;
  encoder->n_frames++;
  frame->key = key;
  frame->video = size;
  frame->audio = settings->audio / 8.0 / settings->fps;
}

gboolean
encoder_step (Encoder * encoder, EncodedFrame * frame)
{
  guint64 due = encoder->step * encoder->settings.fps / PATH_STEPS;

  encoder->step++;
  if (encoder->wanted != encoder->bitrate
      && encoder->step >= encoder->wanted_at + encoder->settings.lag)
    encoder->bitrate = encoder->wanted;
  if (due < encoder->n_frames)
    return FALSE;
  encode (encoder, frame);
  return TRUE;
}
