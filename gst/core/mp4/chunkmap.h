/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the bytes that a muxer placed really are.
 *
 * A muxer counts positions in a file of its own; the file on disk has more or
 * less in front of the data, and may have an index in the middle. Pure; one
 * thread at a time. */
#pragma once

#include "mp4box.h"

G_BEGIN_DECLS

/* From position @from on, bytes are @shift further back than the muxer
 * thinks; modulo 2^64, so that it may be less than nothing. */
typedef struct
{
  guint64 from;
  guint64 shift;
} EchoelChunkShift;

/* Ascending by from. */
typedef struct
{
  GArray *shifts;               /* EchoelChunkShift */
} EchoelChunkMap;

void echoel_chunk_map_init (EchoelChunkMap * map);
void echoel_chunk_map_clear (EchoelChunkMap * map);

/* From @from on, which lies behind all that was added before. */
void echoel_chunk_map_add (EchoelChunkMap * map, guint64 from, guint64 shift);

/* Returns: where the byte at @position really is */
guint64 echoel_chunk_map_apply (const EchoelChunkMap * map, guint64 position);

/**
 * echoel_chunk_map_write:
 * @map: (nullable): %NULL leaves positions as they are
 * @stbl: body of the stbl box that tells of the chunks; untrusted
 * @out: gets stsc and stco or co64
 *
 * A chunk over whose middle a shift begins becomes two.
 *
 * Returns: %FALSE when the tables contradict each other
 */
gboolean echoel_chunk_map_write (const EchoelChunkMap * map, EchoelSpan stbl,
    GByteArray * out);

G_END_DECLS
