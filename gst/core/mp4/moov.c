/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "moov.h"

#include <gst/gst.h>
#include <string.h>

#include "sampleentry.h"

/* More would be no file of ours. */
#define MOST_TRACKS 64

#define MOOV ECHOEL_BOX ('m', 'o', 'o', 'v')
#define MVHD ECHOEL_BOX ('m', 'v', 'h', 'd')
#define TRAK ECHOEL_BOX ('t', 'r', 'a', 'k')
#define TKHD ECHOEL_BOX ('t', 'k', 'h', 'd')
#define EDTS ECHOEL_BOX ('e', 'd', 't', 's')
#define ELST ECHOEL_BOX ('e', 'l', 's', 't')
#define MDIA ECHOEL_BOX ('m', 'd', 'i', 'a')
#define MINF ECHOEL_BOX ('m', 'i', 'n', 'f')
#define STBL ECHOEL_BOX ('s', 't', 'b', 'l')
#define STSD ECHOEL_BOX ('s', 't', 's', 'd')
#define STTS ECHOEL_BOX ('s', 't', 't', 's')
#define CTTS ECHOEL_BOX ('c', 't', 't', 's')
#define STSC ECHOEL_BOX ('s', 't', 's', 'c')
#define STCO ECHOEL_BOX ('s', 't', 'c', 'o')
#define CO64 ECHOEL_BOX ('c', 'o', '6', '4')
#define FTYP ECHOEL_BOX ('f', 't', 'y', 'p')
#define DVVC ECHOEL_BOX ('d', 'v', 'v', 'C')
#define DVCC ECHOEL_BOX ('d', 'v', 'c', 'C')

/* The times fields of mvhd, tkhd and mdhd: version and flags, then creation
 * and change, of 32 bits in version 0, of 64 in version 1. */
#define STAMPS_32 8
#define STAMPS_64 16

/* One track on its way through. */
typedef struct
{
  EchoelTrackTimes times;
  const EchoelTrackFix *fix;    /* never NULL */
  guint64 priming;              /* track timescale */
  gboolean shown;               /* edit is valid */
  EchoelEdit edit;
  guint64 duration;             /* movie timescale */
} Track;

typedef struct
{
  const EchoelMoovPlan *plan;
  Track tracks[MOST_TRACKS];
  guint n_tracks;
  guint32 old_scale, scale;     /* of the movie */
  guint64 duration;             /* of the movie, scale */
  guint32 lag, lag_rate;        /* what pictures must wait for the sound when
                                 * there is no edit list */
} Movie;

GQuark
echoel_moov_error_quark (void)
{
  return g_quark_from_static_string ("echoel-moov-error");
}

/* --- what is to be written -------------------------------------------- */

static const EchoelTrackFix *
find_fix (const EchoelMoovPlan * plan, guint32 handler, guint * video,
    guint * audio)
{
  static const EchoelTrackFix none = { 0, };

  if (handler == ECHOEL_TRACK_VIDEO && *video < plan->n_video)
    return &plan->video[(*video)++];
  if (handler == ECHOEL_TRACK_AUDIO && *audio < plan->n_audio)
    return &plan->audio[(*audio)++];
  return &none;
}

static gboolean
read_tracks (EchoelSpan moov, Movie * movie)
{
  guint video = 0, audio = 0;
  EchoelBox box;

  while (echoel_box_next (&moov, &box)) {
    Track *track = &movie->tracks[movie->n_tracks];

    if (box.type != TRAK)
      continue;
    if (movie->n_tracks == MOST_TRACKS
        || !echoel_track_times_read (box.body, &track->times))
      return FALSE;
    track->fix = find_fix (movie->plan, track->times.handler, &video, &audio);
    track->priming = track->fix->priming;
    if (track->fix->rate != 0)
      track->priming = echoel_rescale (track->priming, track->fix->rate,
          track->times.timescale);
    movie->n_tracks++;
  }
  return TRUE;
}

/* What remains of the priming cannot be taken from the sound without an edit
 * list, so pictures wait for it. */
static void
find_lag (Movie * movie)
{
  guint i;

  if (movie->plan->edit_lists != ECHOEL_EDIT_LISTS_NEVER)
    return;
  for (i = 0; i < movie->n_tracks; i++) {
    Track *track = &movie->tracks[i];

    if (track->times.handler != ECHOEL_TRACK_AUDIO || track->priming == 0
        || track->priming > G_MAXUINT32)
      continue;
    movie->lag = (guint32) track->priming;
    movie->lag_rate = track->times.timescale;
  }
}

/* How far the composition times move when no edit list moves them. */
static gint64
shift_of (const Movie * movie, const Track * track)
{
  gint64 shift = -track->times.first;

  if (movie->lag_rate != 0)
    shift += (gint64) gst_util_uint64_scale_round (movie->lag,
        track->times.timescale, movie->lag_rate);
  shift += (gint64) MIN (echoel_rescale (track->times.gap, movie->old_scale,
          track->times.timescale), G_MAXINT32);
  return shift;
}

static guint64
length_without_edits (const Movie * movie, const Track * track)
{
  const EchoelTrackTimes *times = &track->times;
  guint64 end = (guint64) MAX (times->end, 0);

  if (times->handler == ECHOEL_TRACK_VIDEO)
    end = (guint64) MAX (times->end + shift_of (movie, track), 0);
  else
    end += MIN (echoel_rescale (times->gap, movie->old_scale,
            times->timescale), G_MAXINT32);
  return echoel_rescale (end, times->timescale, movie->scale);
}

static void
plan_track (Movie * movie, Track * track)
{
  if (movie->plan->fragmented) {
    track->edit.gap = track->times.gap;
    track->edit.media_time = track->priming
        + gst_util_uint64_scale_round (track->fix->reorder,
        track->times.timescale, GST_SECOND);
    track->shown = movie->plan->edit_lists != ECHOEL_EDIT_LISTS_NEVER
        && (track->edit.media_time > 0 || track->edit.gap > 0);
  } else if (movie->plan->edit_lists == ECHOEL_EDIT_LISTS_NEVER) {
    track->duration = length_without_edits (movie, track);
  } else {
    track->shown = echoel_track_times_edit (&track->times, track->priming,
        movie->old_scale, movie->scale, &track->edit);
    if (track->shown)
      track->duration = track->edit.gap + track->edit.duration;
  }
  movie->duration = MAX (movie->duration, track->duration);
}

static gboolean
plan_movie (EchoelSpan moov, Movie * movie)
{
  guint32 scales[MOST_TRACKS];
  guint64 seconds = 0;
  EchoelBox mvhd;
  guint i;

  if (!echoel_box_find (moov, MVHD, &mvhd) || !read_tracks (moov, movie))
    return FALSE;
  movie->old_scale = movie->scale = echoel_span_u32 (mvhd.body,
      4 + (echoel_span_u8 (mvhd.body, 0) == 1 ? STAMPS_64 : STAMPS_32));
  if (movie->old_scale == 0)
    return FALSE;
  for (i = 0; i < movie->n_tracks; i++) {
    const EchoelTrackTimes *times = &movie->tracks[i].times;

    scales[i] = times->timescale;
    seconds = MAX (seconds, (guint64) MAX (times->end, 0) / times->timescale
        + times->gap / movie->old_scale + 2);
  }
  if (!movie->plan->fragmented)
    movie->scale = echoel_movie_timescale (scales, movie->n_tracks,
        movie->old_scale, seconds);
  find_lag (movie);
  for (i = 0; i < movie->n_tracks; i++)
    plan_track (movie, &movie->tracks[i]);
  return TRUE;
}

/* --- boxes -------------------------------------------------------------- */

/* mvhd and tkhd up to their duration: @between is what stands between the
 * stamps and the duration, in bytes, and stays but for the @scale that it
 * begins with, unless that is 0. */
static gboolean
write_header (GByteArray * out, const EchoelBox * box, gsize between,
    guint32 scale, guint64 duration)
{
  gboolean was_wide = echoel_span_u8 (box->body, 0) == 1;
  gboolean wide = was_wide || duration > G_MAXUINT32;
  gsize stamps = was_wide ? STAMPS_64 : STAMPS_32;
  gsize tail = 4 + stamps + between + (was_wide ? 8 : 4), start;
  EchoelSpan rest = box->body;

  if (rest.size < tail)
    return FALSE;
  start = echoel_box_begin (out, box->type);
  echoel_put_u32 (out, (echoel_span_u32 (rest, 0) & 0xffffff)
      | (wide ? 1u << 24 : 0));
  if (wide && !was_wide) {
    echoel_put_u64 (out, echoel_span_u32 (rest, 4));
    echoel_put_u64 (out, echoel_span_u32 (rest, 8));
  } else {
    g_byte_array_append (out, rest.data + 4, (guint) stamps);
  }
  g_byte_array_append (out, rest.data + 4 + stamps, (guint) between);
  if (scale != 0)
    echoel_set_u32 (out, out->len - between, scale);
  if (wide)
    echoel_put_u64 (out, duration);
  else
    echoel_put_u32 (out, (guint32) duration);
  g_byte_array_append (out, rest.data + tail, (guint) (rest.size - tail));
  echoel_box_end (out, start);
  return TRUE;
}

static void
put_edit (GByteArray * out, gboolean wide, guint64 duration, gint64 media_time)
{
  if (wide) {
    echoel_put_u64 (out, duration);
    echoel_put_u64 (out, (guint64) media_time);
  } else {
    echoel_put_u32 (out, (guint32) duration);
    echoel_put_u32 (out, (guint32) media_time);
  }
  echoel_put_u32 (out, 1 << 16);        /* rate 1.0 */
}

static void
write_edits (GByteArray * out, const EchoelEdit * edit)
{
  gboolean wide = MAX (edit->gap, edit->duration) > G_MAXUINT32
      || edit->media_time > G_MAXINT32;
  gsize edts = echoel_box_begin (out, EDTS);
  gsize elst = echoel_box_begin (out, ELST);

  echoel_put_u32 (out, wide ? 1u << 24 : 0);
  echoel_put_u32 (out, edit->gap > 0 ? 2 : 1);
  if (edit->gap > 0)
    put_edit (out, wide, edit->gap, -1);
  put_edit (out, wide, edit->duration, (gint64) edit->media_time);
  echoel_box_end (out, elst);
  echoel_box_end (out, edts);
}

/* Composition offsets that may be negative are version 1 in MP4; QuickTime's
 * always may. */
static void
write_offsets (GByteArray * out, const Movie * movie, const Track * track,
    const EchoelBox * ctts)
{
  gint64 shift = shift_of (movie, track);
  guint32 i, n = ctts ? echoel_span_table (ctts->body, 8) : 0;
  gsize start;

  if (shift == 0 && ctts == NULL)
    return;
  start = echoel_box_begin (out, CTTS);
  echoel_put_u32 (out, movie->plan->quicktime ? 0 : 1u << 24);
  echoel_put_u32 (out, ctts ? n : 1);
  for (i = 0; i < n; i++) {
    gint32 offset = (gint32) echoel_span_u32 (ctts->body, 12 + (gsize) i * 8);

    echoel_put_u32 (out, echoel_span_u32 (ctts->body, 8 + (gsize) i * 8));
    echoel_put_u32 (out, (guint32) (offset + shift));
  }
  if (ctts == NULL) {
    echoel_put_u32 (out, (guint32) MIN (track->times.samples, G_MAXUINT32));
    echoel_put_u32 (out, (guint32) shift);
  }
  echoel_box_end (out, start);
}

/* Sound that begins late: its first sample lasts as much longer. */
static void
write_late_durations (GByteArray * out, const EchoelBox * stts, guint64 gap)
{
  guint32 n = echoel_span_table (stts->body, 8);
  guint32 count = echoel_span_u32 (stts->body, 8);
  guint32 delta = echoel_span_u32 (stts->body, 12);
  gsize start;

  if (gap == 0 || n == 0 || count == 0 || gap > G_MAXUINT32 - delta) {
    echoel_put_box (out, stts);
    return;
  }
  start = echoel_box_begin (out, STTS);
  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, n + 1);
  echoel_put_u32 (out, 1);
  echoel_put_u32 (out, delta + (guint32) gap);
  echoel_put_u32 (out, count - 1);
  echoel_put_u32 (out, delta);
  g_byte_array_append (out, stts->body.data + 16, (n - 1) * 8);
  echoel_box_end (out, start);
}

static gboolean
write_sample_box (GByteArray * out, const Movie * movie, const Track * track,
    const EchoelBox * box)
{
  gboolean moves = movie->plan->edit_lists == ECHOEL_EDIT_LISTS_NEVER
      && !movie->plan->fragmented;

  switch (box->type) {
    case STSD:
      return echoel_sample_entries_write (out, box, track->times.handler,
          track->fix->boxes);
    case CTTS:
      if (!moves || track->times.handler != ECHOEL_TRACK_VIDEO)
        break;
      write_offsets (out, movie, track, box);
      return TRUE;
    case STTS:
      if (!moves || track->times.handler != ECHOEL_TRACK_AUDIO)
        break;
      write_late_durations (out, box, echoel_rescale (track->times.gap,
              movie->old_scale, track->times.timescale));
      return TRUE;
    case STSC:
    case STCO:
    case CO64:
      return TRUE;              /* written together at the end */
    default:
      break;
  }
  echoel_put_box (out, box);
  return TRUE;
}

static gboolean
write_samples (GByteArray * out, const Movie * movie, const Track * track,
    const EchoelBox * stbl)
{
  gsize start = echoel_box_begin (out, STBL);
  EchoelSpan rest = stbl->body;
  EchoelBox box;

  while (echoel_box_next (&rest, &box))
    if (!write_sample_box (out, movie, track, &box))
      return FALSE;
  if (movie->plan->edit_lists == ECHOEL_EDIT_LISTS_NEVER
      && !movie->plan->fragmented && track->times.length > 0
      && track->times.handler == ECHOEL_TRACK_VIDEO
      && !echoel_box_find (stbl->body, CTTS, &box))
    write_offsets (out, movie, track, NULL);
  if (!echoel_chunk_map_write (movie->plan->map, stbl->body, out))
    return FALSE;
  echoel_box_end (out, start);
  return TRUE;
}

/* mdia and minf only lead to the sample tables. */
static gboolean
write_media (GByteArray * out, const Movie * movie, const Track * track,
    const EchoelBox * parent)
{
  gsize start = echoel_box_begin (out, parent->type);
  EchoelSpan rest = parent->body;
  EchoelBox box;

  while (echoel_box_next (&rest, &box)) {
    if (box.type == STBL && parent->type == MINF) {
      if (!write_samples (out, movie, track, &box))
        return FALSE;
    } else if (box.type == MINF && parent->type == MDIA) {
      if (!write_media (out, movie, track, &box))
        return FALSE;
    } else {
      echoel_put_box (out, &box);
    }
  }
  echoel_box_end (out, start);
  return TRUE;
}

static gboolean
write_track (GByteArray * out, const Movie * movie, const Track * track,
    const EchoelBox * trak)
{
  gsize start = echoel_box_begin (out, TRAK);
  EchoelSpan rest = trak->body;
  gboolean done = TRUE;
  EchoelBox box;

  while (done && echoel_box_next (&rest, &box)) {
    /* The track's number and a reserved field lie before its duration. */
    if (box.type == TKHD && !movie->plan->fragmented)
      done = write_header (out, &box, 8, 0, track->duration);
    else if (box.type == MDIA)
      done = write_media (out, movie, track, &box);
    else if (box.type != EDTS)
      echoel_put_box (out, &box);
    if (box.type == TKHD && track->shown)
      write_edits (out, &track->edit);
  }
  echoel_box_end (out, start);
  return done;
}

/* A track in which nothing is keeps players from opening the others. */
static gboolean
is_empty (const Movie * movie, const Track * track)
{
  return !movie->plan->fragmented && track->times.samples == 0
      && movie->duration > 0;
}

static gboolean
write_movie (GByteArray * out, const Movie * movie, EchoelSpan moov)
{
  gsize start = echoel_box_begin (out, MOOV);
  gboolean done = TRUE;
  EchoelBox box;
  guint i = 0;

  while (done && echoel_box_next (&moov, &box)) {
    if (box.type == TRAK && is_empty (movie, &movie->tracks[i]))
      i++;
    else if (box.type == TRAK)
      done = write_track (out, movie, &movie->tracks[i++], &box);
    else if (box.type == MVHD && !movie->plan->fragmented)
      done = write_header (out, &box, 4, movie->scale, movie->duration);
    else
      echoel_put_box (out, &box);
  }
  echoel_box_end (out, start);
  return done && moov.size == 0;
}

GByteArray *
echoel_moov_rewrite (EchoelSpan moov, const EchoelMoovPlan * plan,
    GError ** error)
{
  GByteArray *out = g_byte_array_sized_new ((guint) MIN (moov.size + 1024,
          G_MAXINT32));
  Movie *movie = g_new0 (Movie, 1);
  gboolean done;
  EchoelBox box;

  movie->plan = plan;
  done = moov.size < G_MAXINT32 && echoel_box_next (&moov, &box)
      && box.type == MOOV && moov.size == 0 && plan_movie (box.body, movie)
      && write_movie (out, movie, box.body);
  g_free (movie);
  if (done)
    return out;
  g_byte_array_unref (out);
  g_set_error_literal (error, ECHOEL_MOOV_ERROR, ECHOEL_MOOV_ERROR_MALFORMED,
      "The index that the muxer wrote is malformed.");
  return NULL;
}

static gboolean
brings (const EchoelMoovPlan * plan, guint32 type)
{
  EchoelSpan boxes;
  EchoelBox box;
  guint i;

  for (i = 0; i < plan->n_video; i++) {
    if (plan->video[i].boxes == NULL)
      continue;
    boxes.data = g_bytes_get_data (plan->video[i].boxes, &boxes.size);
    if (echoel_box_find (boxes, type, &box))
      return TRUE;
  }
  return FALSE;
}

GByteArray *
echoel_moov_brands (EchoelSpan ftyp, const EchoelMoovPlan * plan)
{
  GByteArray *out;
  EchoelBox box;
  gsize start;

  if (!echoel_box_next (&ftyp, &box) || box.type != FTYP || ftyp.size != 0)
    return NULL;
  out = g_byte_array_new ();
  start = echoel_box_begin (out, FTYP);
  echoel_put_span (out, box.body);
  if (!plan->quicktime) {
    /* Composition offsets below zero came with iso4. */
    if (plan->edit_lists == ECHOEL_EDIT_LISTS_NEVER)
      echoel_put_u32 (out, ECHOEL_BOX ('i', 's', 'o', '4'));
    if (brings (plan, DVVC) || brings (plan, DVCC))
      echoel_put_u32 (out, ECHOEL_BOX ('d', 'b', 'y', '1'));
  }
  echoel_box_end (out, start);
  return out;
}
