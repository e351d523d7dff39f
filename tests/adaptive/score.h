/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One stream over one trace, and how well it did. */
#pragma once

#include "control.h"
#include "traces.h"

/* Of the standard run, kbit/s. */
#define RUN_BEST 6000
#define RUN_FLOOR 300
#define RUN_AUDIO 128

/* Later than this a frame is no longer worth much. */
#define LATE 1.0                /* s */

/* What is scored apart, as if it had not been: times in which the path carries
 * less than the floor for over half a second, and the two seconds after. */
typedef struct
{
  gdouble seconds;              /* of the path being out */
  gdouble used, in_time;        /* as below, of these times */
  gdouble lost;                 /* of the frames of these times, 0 to 1 */
  gdouble resumed;              /* s from the end of an outage until a frame
                                 * arrived in time, the most */
} OutageScore;

/* Where several share the path, all of them together, and the worst of them
 * where it says so. */
typedef struct
{
  gdouble used;                 /* of what the path carried, 0 to 1 */
  gdouble in_time;              /* the same, of what was not late */
  gdouble delay;                /* 99th percentile, s; the worst */
  gdouble worst;                /* s */
  gdouble lost;                 /* of the frames, 0 to 1; the worst */
  gdouble least_part;           /* of an equal one, that anyone got */
  gdouble low, high;            /* bitrate over the last half, kbit/s */
  gdouble least, most;          /* bitrate over all of it, kbit/s */
  gdouble first_fall;           /* of the bitrate, s; or G_MAXDOUBLE */
  gdouble first_loss;           /* of a frame, s; or G_MAXDOUBLE */
  gdouble back;                 /* last time that the bitrate came to 90 % of
                                 * the best, s */
  guint changes;                /* asked of the encoder */
  gboolean weak_votes;          /* at the end */
  OutageScore outages;
} Score;

/* The path but for its capacity, what is sent, and who decides. */
typedef struct
{
  ControlKind kind;
  PathSettings path;
  guint sharing;                /* destinations on this path, 1 to 3, which is
                                 * so many times as wide; each is half as far
                                 * again as the last */
  const Trace *weak;            /* (nullable): of one more on its own path */
  guint best;                   /* kbit/s of the video */
  EncoderSettings encoder;
  guint32 seed;
} Run;

/* What the goals are measured on: 40 ms there and back, 32 KiB in the queue
 * of the bottleneck. */
extern const Run score_standard;

/* Encoders such as x264 with noise: key frames are large, and paid back at
 * once; how large, and how soon a bitrate is followed, is another for each
 * @seed. */
EncoderSettings score_restless (guint seed);

/* @plot: (nullable): gets "second capacity bitrate delivered delay" lines, of
 * the first destination */
Score score_run (const Run * run, const Trace * trace, GString * plot);
