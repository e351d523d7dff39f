/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tracktimes.h"

#include <gst/gst.h>
#include <string.h>

/* Times stay below this, so that sums of two fit into a gint64. */
#define TIME_LIMIT ((gint64) 1 << 62)
#define TABLE_HEADER 8

/* Finer movie timescales than this gain nothing and make durations long. */
#define MOST_TIMESCALE 10000000

/* Runs of a table of pairs: a count and a value. */
typedef struct
{
  EchoelSpan body;
  guint32 n, next;              /* entries; the one to read next */
  guint32 left;                 /* of the current run */
  guint32 value;
} Runs;

static void
runs_init (Runs * runs, EchoelSpan stbl, guint32 type)
{
  EchoelBox box;

  memset (runs, 0, sizeof (*runs));
  if (!echoel_box_find (stbl, type, &box))
    return;
  runs->body = box.body;
  runs->n = echoel_span_table (box.body, 8);
}

/* Moves to the next run that is not empty. */
static gboolean
runs_load (Runs * runs)
{
  while (runs->left == 0 && runs->next < runs->n) {
    gsize at = TABLE_HEADER + (gsize) runs->next++ * 8;

    runs->left = echoel_span_u32 (runs->body, at);
    runs->value = echoel_span_u32 (runs->body, at + 4);
  }
  return runs->left > 0;
}

/* One run of samples with the same duration and the same offset. */
static gboolean
add_run (EchoelTrackTimes * times, guint32 count, guint32 delta, gint32 offset)
{
  guint64 length = (guint64) count * delta;
  gint64 begin = (gint64) times->length + offset;
  gint64 end;

  if (length >= (guint64) TIME_LIMIT - times->length)
    return FALSE;
  times->samples += count;
  times->length += length;
  end = (gint64) times->length + offset;
  times->first = MIN (times->first, begin);
  times->end = MAX (times->end, end);
  return TRUE;
}

static gboolean
read_samples (EchoelSpan stbl, EchoelTrackTimes * times)
{
  Runs durations, offsets;

  runs_init (&durations, stbl, ECHOEL_BOX ('s', 't', 't', 's'));
  runs_init (&offsets, stbl, ECHOEL_BOX ('c', 't', 't', 's'));
  times->first = G_MAXINT64;
  times->end = 0;
  while (runs_load (&durations)) {
    guint32 count = durations.left;
    gint32 offset = 0;

    if (runs_load (&offsets)) {
      count = MIN (count, offsets.left);
      offset = (gint32) offsets.value;
      offsets.left -= count;
    }
    durations.left -= count;
    if (!add_run (times, count, durations.value, offset))
      return FALSE;
  }
  if (times->first == G_MAXINT64)
    times->first = 0;
  return TRUE;
}

/* Empty edits in front, and where the first real one begins. */
static void
read_edits (EchoelSpan trak, EchoelTrackTimes * times)
{
  EchoelBox edts, elst;
  gboolean wide;
  guint32 i, n;
  gsize entry;

  if (!echoel_box_find (trak, ECHOEL_BOX ('e', 'd', 't', 's'), &edts)
      || !echoel_box_find (edts.body, ECHOEL_BOX ('e', 'l', 's', 't'), &elst))
    return;
  wide = echoel_span_u8 (elst.body, 0) == 1;
  entry = wide ? 20 : 12;
  n = echoel_span_table (elst.body, entry);
  for (i = 0; i < n; i++) {
    gsize at = TABLE_HEADER + i * entry;
    guint64 duration = wide ? echoel_span_u64 (elst.body, at)
        : echoel_span_u32 (elst.body, at);
    gint64 media_time = wide ? (gint64) echoel_span_u64 (elst.body, at + 8)
        : (gint32) echoel_span_u32 (elst.body, at + 4);

    if (media_time >= 0) {
      times->media_time = MIN (media_time, TIME_LIMIT);
      return;
    }
    times->gap += MIN (duration, (guint64) G_MAXUINT32);
  }
}

gboolean
echoel_track_times_read (EchoelSpan trak, EchoelTrackTimes * times)
{
  EchoelBox mdia, mdhd, hdlr, minf, stbl;

  memset (times, 0, sizeof (*times));
  if (!echoel_box_find (trak, ECHOEL_BOX ('m', 'd', 'i', 'a'), &mdia)
      || !echoel_box_find (mdia.body, ECHOEL_BOX ('m', 'd', 'h', 'd'), &mdhd)
      || !echoel_box_find (mdia.body, ECHOEL_BOX ('h', 'd', 'l', 'r'), &hdlr)
      || !echoel_box_find (mdia.body, ECHOEL_BOX ('m', 'i', 'n', 'f'), &minf)
      || !echoel_box_find (minf.body, ECHOEL_BOX ('s', 't', 'b', 'l'), &stbl))
    return FALSE;
  times->handler = echoel_span_u32 (hdlr.body, 8);
  times->timescale = echoel_span_u32 (mdhd.body,
      echoel_span_u8 (mdhd.body, 0) == 1 ? 20 : 12);
  if (!read_samples (stbl.body, times))
    return FALSE;
  /* A muxer does not know the timescale of a track that got nothing. */
  if (times->timescale == 0 && times->samples == 0)
    times->timescale = 1;
  if (times->timescale == 0)
    return FALSE;
  read_edits (trak, times);
  return TRUE;
}

guint64
echoel_rescale (guint64 value, guint32 from, guint32 to)
{
  return from == to ? value : gst_util_uint64_scale_round (value, to, from);
}

gboolean
echoel_track_times_edit (const EchoelTrackTimes * times, guint64 priming,
    guint32 from, guint32 to, EchoelEdit * edit)
{
  gint64 begin = MAX (MAX (times->first, times->media_time), 0);

  if (priming > (guint64) TIME_LIMIT || begin + (gint64) priming >= times->end)
    return FALSE;
  edit->media_time = (guint64) begin + priming;
  edit->duration = echoel_rescale ((guint64) times->end - edit->media_time,
      times->timescale, to);
  edit->gap = echoel_rescale (times->gap, from, to);
  return TRUE;
}

guint32
echoel_movie_timescale (const guint32 * scales, guint n, guint32 old,
    guint64 seconds)
{
  guint64 common = 1;
  guint i;

  for (i = 0; i < n; i++) {
    gint divisor = 1;

    if (scales[i] > MOST_TIMESCALE)
      return old;
    divisor = gst_util_greatest_common_divisor ((gint) common,
        (gint) scales[i]);
    common = common / (guint) divisor *scales[i];
    if (common > MOST_TIMESCALE)
      return old;
  }
  return n == 0 || seconds >= G_MAXUINT32 / common ? old : (guint32) common;
}
