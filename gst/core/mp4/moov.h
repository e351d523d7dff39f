/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the index (moov box) of a muxer right: edit lists to the sample, exact
 * durations, boxes in sample entries, positions of the data.
 *
 * Pure; any thread. The input is not trusted: what is malformed is an error,
 * never a read or a write out of bounds. */
#pragma once

#include "chunkmap.h"
#include "tracktimes.h"

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_EDIT_LISTS_AUTO = 0,   /* where there is something to say */
  ECHOEL_EDIT_LISTS_NEVER       /* times are right without */
} EchoelEditLists;

/* What is to change in one track. */
typedef struct
{
  guint32 priming;              /* audio: samples before the sound begins */
  guint32 rate;                 /* that priming is counted in, Hz; 0: the
                                 * track's timescale */
  guint64 reorder;              /* fragmented video: composition time of the
                                 * first picture, ns */
  GBytes *boxes;                /* (nullable): whole boxes for the sample
                                 * entry, in place of those of the same type */
} EchoelTrackFix;

typedef struct
{
  EchoelEditLists edit_lists;
  gboolean fragmented;          /* the index has no samples of its own */
  gboolean quicktime;           /* MOV, not MP4 */
  const EchoelTrackFix *video, *audio;  /* in the order of the tracks */
  guint n_video, n_audio;
  const EchoelChunkMap *map;    /* (nullable) */
} EchoelMoovPlan;

#define ECHOEL_MOOV_ERROR (echoel_moov_error_quark ())
GQuark echoel_moov_error_quark (void);

typedef enum
{
  ECHOEL_MOOV_ERROR_MALFORMED
} EchoelMoovError;

/**
 * echoel_moov_rewrite:
 * @moov: a whole moov box
 * @error: set when %NULL is returned
 *
 * Without edit lists composition times begin at 0; pictures are moved back by
 * what is left of the sound's priming, and sound that begins late has a longer
 * first sample, so that both stay together.
 *
 * Returns: (transfer full) (nullable): the new box
 */
GByteArray *echoel_moov_rewrite (EchoelSpan moov, const EchoelMoovPlan * plan,
    GError ** error);

/**
 * echoel_moov_brands:
 * @ftyp: a whole ftyp box
 *
 * Returns: (transfer full) (nullable): the box with the compatible brands that
 *     the plan's boxes and times ask for; %NULL when @ftyp is malformed
 */
GByteArray *echoel_moov_brands (EchoelSpan ftyp, const EchoelMoovPlan * plan);

G_END_DECLS
