/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "muxer.h"

#include "binparts.h"

static gboolean
is_mov (const EchoelVideoFormat * format)
{
  return format->codec == ECHOEL_CODEC_PRORES;
}

const gchar *
muxer_ext (const EchoelVideoFormat * format)
{
  return is_mov (format) ? "mov" : "mp4";
}

GstElement *
muxer_make (GstBin * bin, const EchoelVideoFormat * format,
    GstClockTime duration)
{
  GstElement *muxer = bin_part_make (bin, "echoelmp4mux", "muxer");

  if (muxer == NULL)
    return NULL;
  gst_util_set_object_arg (G_OBJECT (muxer), "container",
      is_mov (format) ? "mov" : "mp4");
  /* Streams wait for the slower encoder here, and for sound that comes late:
   * the export itself knows when to give up. */
  g_object_set (muxer, "stall-timeout", (guint64) 0, NULL);
  if (GST_CLOCK_TIME_IS_VALID (duration))
    g_object_set (muxer, "reserve-duration", duration, NULL);
  return muxer;
}
