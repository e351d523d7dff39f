/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a sample of H.264 or H.265 in an MP4 file may hold.
 *
 * Access units are lists of NAL units, each behind its length. Pure; any
 * thread; the input is not trusted. */
#pragma once

#include <gst/gst.h>

#include "mp4box.h"

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_NALS_NONE = 0,         /* no stream of NAL units */
  ECHOEL_NALS_H264,
  ECHOEL_NALS_H265
} EchoelNals;

/* How the units of a stream are read. */
typedef struct
{
  EchoelNals kind;
  guint length_size;            /* bytes of each length, 1 to 4 */
  gboolean strip;               /* parameter sets are in the sample entry only:
                                 * avc1, hvc1 */
} EchoelNalFormat;

/**
 * echoel_nal_format_read:
 * @caps: of the stream; with codec_data
 * @format: (out): how to read it; kind NONE when that is not known
 */
void echoel_nal_format_read (const GstCaps * caps, EchoelNalFormat * format);

/* Pieces of an access unit that stay, in order. */
typedef struct
{
  gsize offset, size;
} EchoelNalPiece;

/**
 * echoel_access_unit_clean:
 * @unit: a whole access unit
 * @pieces: (element-type EchoelNalPiece): gets what stays, neighbours joined;
 *     empty: everything stays as it is
 *
 * Leaves out parameter sets, and what x265enc before GStreamer 1.28 puts in
 * front of a second set of them: a copy of the header with a supplemental unit
 * that ends in memory of the encoder.
 *
 * Returns: %FALSE when @unit is malformed: then it stays as it is
 */
gboolean echoel_access_unit_clean (const EchoelNalFormat * format,
    EchoelSpan unit, GArray * pieces);

/* Where units with metadata go. */
typedef enum
{
  ECHOEL_NAL_FIRST = 0,         /* in front of the first slice */
  ECHOEL_NAL_LAST               /* behind everything */
} EchoelNalPlace;

/**
 * echoel_access_unit_place:
 *
 * Returns: the offset in @unit at which a unit goes to @place
 */
gsize echoel_access_unit_place (const EchoelNalFormat * format,
    EchoelSpan unit, EchoelNalPlace place);

/* Units that wait for their picture, keyed by its running time. Not thread
 * safe. */
typedef struct _EchoelNalStore EchoelNalStore;

EchoelNalStore *echoel_nal_store_new (void);
void echoel_nal_store_free (EchoelNalStore * store);

/**
 * echoel_nal_store_add:
 * @time: running time of the picture, ns
 * @nal: a unit with its header, without start code or length
 *
 * More units for the same picture and place go in the order they came.
 */
void echoel_nal_store_add (EchoelNalStore * store, GstClockTime time,
    EchoelNalPlace place, GBytes * nal);

/**
 * echoel_nal_store_take:
 * @tolerance: how far off the time may be, ns
 * @length_size: bytes of a length
 *
 * Returns: (transfer full) (nullable): the units of that picture and place,
 *     each behind its length; they are not kept
 */
GByteArray *echoel_nal_store_take (EchoelNalStore * store, GstClockTime time,
    GstClockTime tolerance, EchoelNalPlace place, guint length_size);

/* How many units wait. */
guint echoel_nal_store_waiting (const EchoelNalStore * store);

G_END_DECLS
