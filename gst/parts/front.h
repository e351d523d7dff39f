/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands in front of the video chain only when a stream needs it:
 * unpacking of packed formats (v210, RGB16), deinterlacing, turning upright. A
 * stream that needs none of it meets no element here, so that hardware memory
 * passes untouched.
 *
 * Streaming thread of the video only, except front_clear(). */
#pragma once

#include <gst/gst.h>

#include "gpumemory.h"

G_BEGIN_DECLS

typedef struct
{
  GstBin *bin;
  GstPad *ghost;                /* video_sink */
  GstElement *next;             /* first element of the chain behind */
  GstElement *reader;           /* whose formats the chain can read */
  GstElement *download, *upload;
  const gchar *downloads;       /* factory in download */
  gboolean relinked;            /* since the last frame */
  GstElement *unpack;
  GstElement *deinterlace_convert, *deinterlace;
  GstElement *flip_convert, *flip;
} Front;

/* Puts the ghost pad straight onto @next; @reader is the element behind it
 * that must be able to read the format. */
void front_init (Front * front, GstBin * bin, GstPad * ghost,
    GstElement * next, GstElement * reader);

/**
 * front_filter_event:
 * @event: (transfer full): an event that arrives on the ghost pad
 *
 * Looks at caps and tags and puts in what they ask for, before the event
 * itself goes on.
 *
 * Returns: (transfer full) (nullable): the event to forward, without the
 *     orientation that is applied here; %NULL after an error was posted
 */
GstEvent *front_filter_event (Front * front, GstEvent * event);

/* Returns: whether something stands in front that only works in system
 * memory. */
gboolean front_works (const Front * front);

/**
 * front_query:
 * @first: (nullable): offered to sources before what passes as it is
 * @last: offered behind it
 *
 * The query function of the ghost pad. Any raw video can come in, interlaced or
 * packed: what it needs is put in when its caps arrive. A narrow or empty
 * answer would leave the error to the source, which only knows that
 * "not-negotiated" happened. Any thread.
 */
gboolean front_query (GstPad * pad, GstObject * parent, GstQuery * query,
    GstCaps * first, GstCaps * last);

/* Frames come in @memory, %NULL: in system memory. What brings them there
 * stands in front of everything. Returns whether it does. */
gboolean front_download (Front * front, const GpuMemory * memory);

/* Puts what brings frames to @memory behind everything, so that the chain
 * behind never sees another. Returns whether it is there. */
gboolean front_add_upload (Front * front, const GpuMemory * memory);

/* Removes the elements. Only when nothing streams. */
void front_clear (Front * front);

G_END_DECLS
