/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands in front of the video chain only when a stream needs it:
 * unpacking of packed formats (v210, RGB16), deinterlacing, turning upright. A
 * stream that needs none of it meets no element here, so that hardware memory
 * passes untouched.
 *
 * Streaming thread of the video only, except front_clear(). */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  GstBin *bin;
  GstPad *ghost;                /* video_sink */
  GstElement *next;             /* first element of the chain behind */
  GstElement *reader;           /* whose formats the chain can read */
  GstElement *download;
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

/* Puts @factory, which brings memory of a GPU to system memory, in front of
 * everything. Returns whether it is there. */
gboolean front_add_download (Front * front, const gchar * factory);

/* Removes the elements. Only when nothing streams. */
void front_clear (Front * front);

G_END_DECLS
