/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a track of an MP4 file is shown, from its sample tables, and the edit
 * list that says so. Pure; any thread. */
#pragma once

#include "mp4box.h"

G_BEGIN_DECLS

/* Handler types of tracks. */
#define ECHOEL_TRACK_VIDEO ECHOEL_BOX ('v', 'i', 'd', 'e')
#define ECHOEL_TRACK_AUDIO ECHOEL_BOX ('s', 'o', 'u', 'n')

/* What a trak box says. Times are in units of timescale. */
typedef struct
{
  guint32 handler;              /* ECHOEL_TRACK_VIDEO, ... */
  guint32 timescale;            /* units per second, never 0 */
  guint64 samples;
  guint64 length;               /* of all samples together */
  gint64 first;                 /* earliest composition time */
  gint64 end;                   /* when the last shown sample ends */
  guint64 gap;                  /* empty edit in front, movie timescale */
  gint64 media_time;            /* that its edit list begins at */
} EchoelTrackTimes;

/**
 * echoel_track_times_read:
 * @trak: body of a trak box; untrusted
 * @times: (out): what it says
 *
 * Takes as long as the tables have entries, whatever counts they name.
 *
 * Returns: %FALSE when a box that must be there is not, or a time does not
 *     fit into 62 bits
 */
gboolean echoel_track_times_read (EchoelSpan trak, EchoelTrackTimes * times);

/* One edit list: nothing for @gap, then the media from @media_time. */
typedef struct
{
  guint64 gap;                  /* movie timescale; 0: none */
  guint64 media_time;           /* track timescale */
  guint64 duration;             /* movie timescale */
} EchoelEdit;

/**
 * echoel_track_times_edit:
 * @priming: what the track begins with and is not to be heard or seen, in the
 *     track's timescale
 * @from: movie timescale of @times
 * @to: movie timescale of @edit
 *
 * Returns: %FALSE when nothing of the track is left to show
 */
gboolean echoel_track_times_edit (const EchoelTrackTimes * times,
    guint64 priming, guint32 from, guint32 to, EchoelEdit * edit);

/**
 * echoel_movie_timescale:
 * @scales: timescales of the tracks
 * @n: how many
 * @old: timescale that serves when no better one does
 * @seconds: how long the movie is, at least
 *
 * Returns: the smallest timescale in which every track's length is a whole
 *     number, or @old when such durations would not fit into 32 bits
 */
guint32 echoel_movie_timescale (const guint32 * scales, guint n, guint32 old,
    guint64 seconds);

/* @value * @to / @from, rounded to the nearest; what would not fit is
 * G_MAXUINT64. */
guint64 echoel_rescale (guint64 value, guint32 from, guint32 to);

G_END_DECLS
