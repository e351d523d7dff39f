/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes of the access units of one stream what a file may hold. Streaming
 * thread only, but for the boxes it returns. */
#pragma once

#include "accessunit.h"
#include "proresframe.h"

G_BEGIN_DECLS

typedef struct
{
  EchoelNalFormat nals;
  gboolean av1, prores;
  EchoelProresColors colors;
  GArray *pieces;               /* EchoelNalPiece, kept between units */
} SampleFilter;

void sample_filter_init (SampleFilter * filter);
void sample_filter_clear (SampleFilter * filter);

/* What the stream is. */
void sample_filter_set_caps (SampleFilter * filter, const GstCaps * caps);

/**
 * sample_filter_clean:
 * @buffer: (transfer full): one access unit
 *
 * Returns: (transfer full): the same without what does not belong there; no
 *     data is copied
 */
GstBuffer *sample_filter_clean (SampleFilter * filter, GstBuffer * buffer);

/**
 * sample_filter_insert:
 * @buffer: (transfer full): one access unit
 * @units: (transfer full) (nullable): units with their lengths
 *
 * Returns: (transfer full): @buffer with them
 */
GstBuffer *sample_filter_insert (const SampleFilter * filter,
    GstBuffer * buffer, EchoelNalPlace place, GByteArray * units);

/* Returns: (transfer full) (nullable): av1C from the first unit of a stream,
 * %NULL for other streams */
GBytes *sample_filter_config (const SampleFilter * filter, GstBuffer * buffer);

G_END_DECLS
