/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the parts of an MP4 file go, so that it plays from the beginning and
 * survives a crash at any moment.
 *
 * In front of the data stands a reserve with two slots. A new index goes into
 * the slot that is not used, hidden in a free box, and one write of 8 bytes
 * makes it the file's index. When the reserve is too small, a larger one is
 * begun behind the data that is there, and the data goes on behind it. So
 * after each single write the file is whole.
 *
 * Pure: it says what to write where, in order. One thread at a time. */
#pragma once

#include "chunkmap.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 at;                   /* position in the file */
  GBytes *bytes;
} EchoelFileWrite;

typedef struct
{
  gboolean updates;             /* indexes come while data comes */
  guint64 area, slot, area_size;        /* the reserve; area_size 0: none */
  guint active;                 /* slot in use, 1 or 2; 0: none */
  guint64 mdat;                 /* position of the data box */
  guint64 end;                  /* behind the last byte of data */
  guint64 counted;              /* the muxer's own position for end */
  guint64 indexed;              /* counted, when the index was last written */
  guint moved;                  /* how many times the reserve was too small */
  EchoelChunkMap map;           /* from the muxer's positions to the file's */
} EchoelFileLayout;

/* Returns: (transfer full) (element-type EchoelFileWrite): an empty list; free
 * with g_array_unref(). */
GArray *echoel_file_writes_new (void);

/**
 * echoel_file_reserve:
 * @base: bytes of an index without samples
 * @samples_per_second: of all tracks together
 * @tracks: how many
 * @seconds: how long the file will be
 *
 * Returns: what an index of that length takes at most, in bytes
 */
guint64 echoel_file_reserve (guint64 base, gdouble samples_per_second,
    guint tracks, gdouble seconds);

/**
 * echoel_file_layout_begin:
 * @layout: all zero
 * @ftyp: the file's first box
 * @reserve: bytes that an index may take; 0: it goes behind the data
 * @updates: whether indexes will come while data comes
 * @counted: position of the first byte of data as the muxer counts
 * @writes: (element-type EchoelFileWrite): gets what to write
 */
void echoel_file_layout_begin (EchoelFileLayout * layout, EchoelSpan ftyp,
    guint64 reserve, gboolean updates, guint64 counted, GArray * writes);

/**
 * echoel_file_layout_data:
 *
 * Returns: where the next @size bytes of data go
 */
guint64 echoel_file_layout_data (EchoelFileLayout * layout, guint64 size);

/* Makes @moov the index of what has come so far. Not without updates. */
void echoel_file_layout_index (EchoelFileLayout * layout, GBytes * moov,
    GArray * writes);

/* Makes @moov the index and closes the file. */
void echoel_file_layout_finish (EchoelFileLayout * layout, GBytes * moov,
    GArray * writes);

/* Puts @box in the place of one that took @room bytes: as many, or at least 8
 * more than it takes itself. */
void echoel_file_overwrite (guint64 at, GBytes * box, guint64 room,
    GArray * writes);

void echoel_file_layout_clear (EchoelFileLayout * layout);

G_END_DECLS
