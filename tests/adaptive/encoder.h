/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An encoder: how large each frame is, and how soon a bitrate is followed. */
#pragma once

#include "path.h"

typedef struct
{
  guint fps, gop;               /* frames a second, and from key to key */
  gdouble key_scale;            /* a key frame beside the mean of its GOP */
  gdouble noise;                /* of frame sizes, as a part of them */
  guint lag;                    /* steps until a wanted bitrate is followed */
  gdouble pay_back;             /* frames in which too large ones are made up */
  gboolean key_debt;            /* a key frame is one, too: otherwise all the
                                 * others of its GOP are smaller for it */
  gdouble audio;                /* bit/s */
} EncoderSettings;

typedef struct
{
  EncoderSettings settings;
  guint64 step;
  guint32 random;
  gdouble bitrate, wanted;      /* of the video: now, and what was asked for */
  guint64 wanted_at;            /* step */
  gdouble debt;                 /* bytes above what the bitrate allows */
  guint64 n_frames;             /* so far */
  guint64 since_key;            /* frames */
  gboolean key_wanted;
} Encoder;

typedef struct
{
  gdouble video, audio;         /* bytes */
  gboolean key;
} EncodedFrame;

void encoder_init (Encoder * encoder, const EncoderSettings * settings,
    gdouble bitrate, guint32 seed);

/* It is asked for another bitrate of its video, in bit/s. */
void encoder_ask (Encoder * encoder, gdouble bitrate);

/* Returns: whether @frame was made in this step */
gboolean encoder_step (Encoder * encoder, EncodedFrame * frame);
