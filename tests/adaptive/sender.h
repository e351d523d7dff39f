/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An encoder, a relay and a connection: what happens to each frame. */
#pragma once

#include "path.h"

#define SENDER_FRAMES 8192

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
  gboolean drops;               /* frames are lost before the delay grows */
} SenderSettings;

typedef struct
{
  gdouble size, left;           /* bytes, and of them not in the socket */
  gdouble end;                  /* of it, in bytes the socket accepted */
  guint64 step;                 /* when it was encoded */
  guint64 begun;                /* when it came to the socket; 0: not yet */
  guint64 entered;              /* when all of it was in the socket */
  gboolean key, dropped;
} Frame;

typedef struct
{
  SenderSettings settings;
  Path path;
  guint64 step;
  guint32 random;
  gdouble bitrate, wanted;      /* of the video: now, and what was asked for */
  guint64 wanted_at;            /* step */
  gdouble beyond;               /* seconds behind the relay, as is believed */
  gdouble debt;                 /* bytes above what the bitrate allows */
  guint64 n_frames;             /* encoded so far */
  guint64 since_key;            /* frames */
  gboolean key_wanted, key_needed;
  guint64 key_asked_at;
  Frame frames[SENDER_FRAMES];  /* by number */
  guint64 head;                 /* the first that is not all in the socket */
  guint64 arrived;              /* the first that has not arrived */
  gdouble offered, dropped;     /* bytes so far */
  guint64 lost;                 /* frames so far */
} Sender;

void sender_init (Sender * sender, const SenderSettings * settings,
    const PathSettings * path, gdouble bitrate, guint32 seed);

/* The encoder is asked for another bitrate of its video, in bit/s. */
void sender_ask (Sender * sender, gdouble bitrate);

/* One step at a bottleneck of @rate, in bytes a step. */
void sender_step (Sender * sender, gdouble rate);

/* Bytes in the relay. */
gdouble sender_waiting (const Sender * sender);

/* Seconds for which the oldest frame that has not arrived has waited. */
gdouble sender_delay (const Sender * sender);

/* Seconds of video in the relay. */
gdouble sender_queued (const Sender * sender);
