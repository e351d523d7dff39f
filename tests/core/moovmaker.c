/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "moovmaker.h"

#include <gst/check/gstcheck.h>

#include "tracktimes.h"

#define TRAK ECHOEL_BOX ('t', 'r', 'a', 'k')

static void
put_zeros (GByteArray * out, guint n)
{
  while (n-- > 0)
    echoel_put_u8 (out, 0);
}

static void
make_edits (GByteArray * out, const MadeTrack * track)
{
  gsize edts = echoel_box_begin (out, ECHOEL_BOX ('e', 'd', 't', 's'));
  gsize elst = echoel_box_begin (out, ECHOEL_BOX ('e', 'l', 's', 't'));

  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, track->gap ? 2 : 1);
  if (track->gap) {
    echoel_put_u32 (out, track->gap);
    echoel_put_u32 (out, G_MAXUINT32);
    echoel_put_u32 (out, 1 << 16);
  }
  echoel_put_u32 (out, 12345);
  echoel_put_u32 (out, (guint32) track->media_time);
  echoel_put_u32 (out, 1 << 16);
  echoel_box_end (out, elst);
  echoel_box_end (out, edts);
}

static void
make_entry (GByteArray * out, guint32 handler)
{
  gsize stsd = echoel_box_begin (out, ECHOEL_BOX ('s', 't', 's', 'd')), entry;

  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, 1);
  if (handler == ECHOEL_TRACK_VIDEO) {
    entry = echoel_box_begin (out, ECHOEL_BOX ('h', 'v', 'c', '1'));
    put_zeros (out, 78);
    echoel_box_end (out, echoel_box_begin (out,
            ECHOEL_BOX ('h', 'v', 'c', 'C')));
  } else {
    entry = echoel_box_begin (out, ECHOEL_BOX ('m', 'p', '4', 'a'));
    put_zeros (out, 28);
  }
  echoel_box_end (out, entry);
  echoel_box_end (out, stsd);
}

static void
make_times (GByteArray * out, const MadeTrack * track)
{
  gboolean two = track->last_delta != 0 && track->n_samples > 1;
  gsize start = echoel_box_begin (out, ECHOEL_BOX ('s', 't', 't', 's'));
  guint32 i;

  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, two ? 2 : 1);
  echoel_put_u32 (out, track->n_samples - (two ? 1 : 0));
  echoel_put_u32 (out, track->delta);
  if (two) {
    echoel_put_u32 (out, 1);
    echoel_put_u32 (out, track->last_delta);
  }
  echoel_box_end (out, start);
  if (track->offsets == NULL)
    return;
  start = echoel_box_begin (out, ECHOEL_BOX ('c', 't', 't', 's'));
  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, track->n_samples);
  for (i = 0; i < track->n_samples; i++) {
    echoel_put_u32 (out, 1);
    echoel_put_u32 (out, (guint32) track->offsets[i]);
  }
  echoel_box_end (out, start);
}

static void
make_places (GByteArray * out, const MadeTrack * track)
{
  gsize start = echoel_box_begin (out, ECHOEL_BOX ('s', 't', 's', 'z'));
  guint32 i;

  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, track->n_samples);
  for (i = 0; i < track->n_samples; i++)
    echoel_put_u32 (out, track->size);
  echoel_box_end (out, start);
  start = echoel_box_begin (out, ECHOEL_BOX ('s', 't', 's', 'c'));
  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, track->n_chunks ? 1 : 0);
  if (track->n_chunks) {
    echoel_put_u32 (out, 1);
    echoel_put_u32 (out, track->samples_per_chunk);
    echoel_put_u32 (out, 1);
  }
  echoel_box_end (out, start);
  start = echoel_box_begin (out, ECHOEL_BOX ('s', 't', 'c', 'o'));
  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, track->n_chunks);
  for (i = 0; i < track->n_chunks; i++)
    echoel_put_u32 (out, track->chunks[i]);
  echoel_box_end (out, start);
}

static void
make_media (GByteArray * out, const MadeTrack * track)
{
  gsize mdia = echoel_box_begin (out, ECHOEL_BOX ('m', 'd', 'i', 'a')), box;
  gsize minf, stbl;

  box = echoel_box_begin (out, ECHOEL_BOX ('m', 'd', 'h', 'd'));
  put_zeros (out, 12);
  echoel_put_u32 (out, track->timescale);
  echoel_put_u32 (out, track->n_samples * track->delta);
  put_zeros (out, 4);
  echoel_box_end (out, box);
  box = echoel_box_begin (out, ECHOEL_BOX ('h', 'd', 'l', 'r'));
  put_zeros (out, 8);
  echoel_put_u32 (out, track->handler);
  put_zeros (out, 13);
  echoel_box_end (out, box);
  minf = echoel_box_begin (out, ECHOEL_BOX ('m', 'i', 'n', 'f'));
  stbl = echoel_box_begin (out, ECHOEL_BOX ('s', 't', 'b', 'l'));
  make_entry (out, track->handler);
  make_times (out, track);
  make_places (out, track);
  echoel_box_end (out, stbl);
  echoel_box_end (out, minf);
  echoel_box_end (out, mdia);
}

static void
make_track (GByteArray * out, const MadeTrack * track, guint number)
{
  gsize trak = echoel_box_begin (out, TRAK);
  gsize tkhd = echoel_box_begin (out, ECHOEL_BOX ('t', 'k', 'h', 'd'));

  echoel_put_u32 (out, 7);
  put_zeros (out, 8);
  echoel_put_u32 (out, number);
  put_zeros (out, 4);
  echoel_put_u32 (out, 999);
  put_zeros (out, 60);
  echoel_box_end (out, tkhd);
  make_edits (out, track);
  make_media (out, track);
  echoel_box_end (out, trak);
}

GByteArray *
made_moov (guint32 timescale, const MadeTrack * tracks, guint n)
{
  GByteArray *out = g_byte_array_new ();
  gsize moov = echoel_box_begin (out, ECHOEL_BOX ('m', 'o', 'o', 'v'));
  gsize mvhd = echoel_box_begin (out, ECHOEL_BOX ('m', 'v', 'h', 'd'));
  guint i;

  put_zeros (out, 12);
  echoel_put_u32 (out, timescale);
  echoel_put_u32 (out, 999);
  put_zeros (out, 80);
  echoel_box_end (out, mvhd);
  for (i = 0; i < n; i++)
    make_track (out, &tracks[i], i + 1);
  echoel_box_end (out, moov);
  return out;
}

EchoelBox
made_find (EchoelSpan moov, guint index, const guint32 * path)
{
  EchoelBox box;
  EchoelSpan rest;

  fail_unless (echoel_box_next (&moov, &box) && moov.size == 0);
  for (; *path != 0; path++) {
    guint left = *path == TRAK ? index : 0;
    gboolean found = FALSE;

    rest = box.body;
    while (!found && echoel_box_next (&rest, &box))
      found = box.type == *path && left-- == 0;
    fail_unless (found, "there is no %" GST_FOURCC_FORMAT,
        GST_FOURCC_ARGS (GUINT32_SWAP_LE_BE (*path)));
  }
  return box;
}
