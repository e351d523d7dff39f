/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rateend.h"

#include "binparts.h"

/* What times may be off for having been rounded, and more. */
#define ROUNDING (100 * GST_USECOND)

static GstPadProbeReturn
note_end (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  RateEnd *end = user_data;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);

  end->end = GST_CLOCK_TIME_NONE;
  if (GST_BUFFER_PTS_IS_VALID (frame) && GST_BUFFER_DURATION_IS_VALID (frame)
      && GST_BUFFER_DURATION (frame) > 10 * ROUNDING)
    end->end = GST_BUFFER_PTS (frame) + GST_BUFFER_DURATION (frame);
  return GST_PAD_PROBE_OK;
}

/* At the end videorate may repeat the last picture once more than fits: 1.28
 * does so when times are rounded up. A deinterlacer swallows the last fields,
 * for which the repeated picture stands in. */
static GstPadProbeReturn
drop_beyond (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  RateEnd *end = user_data;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);

  if (GST_CLOCK_TIME_IS_VALID (end->end) && end->front->deinterlace == NULL
      && GST_BUFFER_PTS_IS_VALID (frame)
      && GST_BUFFER_PTS (frame) + ROUNDING >= end->end
      && !bin_part_runs_backwards (pad))
    return GST_PAD_PROBE_DROP;
  return GST_PAD_PROBE_OK;
}

static void
probe (GstElement * element, const gchar * name, GstPadProbeCallback callback,
    RateEnd * end)
{
  GstPad *pad = gst_element_get_static_pad (element, name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, end, NULL);
  gst_object_unref (pad);
}

void
rate_end_init (RateEnd * end, const Front * front, GstElement * rate,
    GstElement * behind)
{
  end->front = front;
  end->end = GST_CLOCK_TIME_NONE;
  probe (rate, "sink", note_end, end);
  probe (behind, "src", drop_beyond, end);
}
