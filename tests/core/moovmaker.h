/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small indexes for the tests of what reads and rewrites them. */
#pragma once

#include "mp4box.h"

G_BEGIN_DECLS

/* One track to be made. */
typedef struct
{
  guint32 handler;
  guint32 timescale;
  guint32 n_samples, delta, size;       /* all the same */
  guint32 last_delta;           /* of the last sample; 0: as the others */
  const gint32 *offsets;        /* (nullable): composition offsets */
  const guint32 *chunks;        /* positions */
  guint32 n_chunks, samples_per_chunk;
  guint32 gap;                  /* empty edit in front, movie timescale */
  gint32 media_time;            /* of the edit list */
} MadeTrack;

/* Returns: (transfer full): a moov box as mp4mux writes it */
GByteArray *made_moov (guint32 timescale, const MadeTrack * tracks, guint n);

/* The box at the end of @path, types from below moov, 0 at the end. The test
 * fails when it is not there. @index: which of the tracks. */
EchoelBox made_find (EchoelSpan moov, guint index, const guint32 * path);

#define MADE_SPAN(bytes) ((EchoelSpan) { (bytes)->data, (bytes)->len })

G_END_DECLS
