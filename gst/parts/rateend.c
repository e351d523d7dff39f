/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rateend.h"

#include "binparts.h"

/* What times may be off for having been rounded, and more. */
#define ROUNDING (100 * GST_USECOND)
/* A longer one is a recording that stands still, or a wrong time. */
#define MAX_FILL (60 * GST_SECOND)

static GstPadProbeReturn
note_end (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  RateEnd *end = user_data;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);

  end->end = GST_CLOCK_TIME_NONE;
  if (GST_BUFFER_PTS_IS_VALID (frame) && GST_BUFFER_DURATION_IS_VALID (frame)
      && GST_BUFFER_DURATION (frame) > 10 * ROUNDING)
    end->end = GST_BUFFER_PTS (frame) + GST_BUFFER_DURATION (frame);
  gst_buffer_replace (&end->picture, frame);    /* as videorate does */
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

static gboolean
is_short (const RateEnd * end, GstPad * pad)
{
  return end->picture != NULL && GST_CLOCK_TIME_IS_VALID (end->end)
      && GST_CLOCK_TIME_IS_VALID (end->next)
      && end->front->deinterlace == NULL && !bin_part_runs_backwards (pad)
      && end->next + ROUNDING < end->end && end->end - end->next < MAX_FILL;
}

/* Where frame @n of the constant rate stands, without the errors of adding up
 * rounded durations. */
static GstClockTime
place_of (const RateEnd * end, guint64 n)
{
  return end->origin + gst_util_uint64_scale (n, GST_SECOND * end->fps_d,
      end->fps_n);
}

static void
show_again (RateEnd * end, GstPad * pad, GstFlowReturn * flow)
{
  guint64 n = gst_util_uint64_scale_round (end->next - end->origin,
      end->fps_n, GST_SECOND * end->fps_d);
  GstBuffer *copy = gst_buffer_copy (end->picture);

  GST_BUFFER_PTS (copy) = place_of (end, n);
  GST_BUFFER_DTS (copy) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (copy) = place_of (end, n + 1) - place_of (end, n);
  GST_BUFFER_FLAG_UNSET (copy, GST_BUFFER_FLAG_DISCONT);
  GST_BUFFER_FLAG_SET (copy, GST_BUFFER_FLAG_GAP);
  *flow = gst_pad_chain (pad, copy);
}

static gboolean
read_rate (RateEnd * end, GstPad * pad)
{
  GstCaps *caps = gst_pad_get_current_caps (pad);
  gboolean known = caps != NULL
      && gst_structure_get_fraction (gst_caps_get_structure (caps, 0),
      "framerate", &end->fps_n, &end->fps_d) && end->fps_n > 0;

  gst_clear_caps (&caps);
  return known;
}

/* And where the source does not say when its segment ends, 1.22 shows the last
 * picture once, however long it is. */
static void
fill_up (RateEnd * end, GstPad * pad)
{
  GstFlowReturn flow = GST_FLOW_OK;

  if (!read_rate (end, pad))
    return;
  while (flow == GST_FLOW_OK && is_short (end, pad))
    show_again (end, pad, &flow);
}

/* A jump begins a new count. */
static GstPadProbeReturn
note_next (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  RateEnd *end = user_data;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  GstClockTime time = GST_BUFFER_PTS (frame);

  if (!GST_BUFFER_PTS_IS_VALID (frame) || !GST_BUFFER_DURATION_IS_VALID (frame)) {
    end->next = GST_CLOCK_TIME_NONE;
    return GST_PAD_PROBE_OK;
  }
  if (!GST_CLOCK_TIME_IS_VALID (end->next) || time > end->next + ROUNDING
      || time + ROUNDING < end->next)
    end->origin = time;
  end->next = time + GST_BUFFER_DURATION (frame);
  return GST_PAD_PROBE_OK;
}

void
rate_end_forget (RateEnd * end)
{
  gst_buffer_replace (&end->picture, NULL);
  end->end = end->next = GST_CLOCK_TIME_NONE;
  end->ending = FALSE;
}

static GstPadProbeReturn
note_arriving (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  RateEnd *end = user_data;
  GstEventType type = GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info));

  if (type == GST_EVENT_EOS)
    end->ending = TRUE;
  else if (type == GST_EVENT_FLUSH_STOP || type == GST_EVENT_STREAM_START)
    rate_end_forget (end);
  return GST_PAD_PROBE_OK;
}

/* Only what ended in front of videorate: a limit behind it is no reason to
 * fill. The pad that the end reaches still takes frames; the one that sent it
 * does not. */
static GstPadProbeReturn
note_leaving (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  RateEnd *end = user_data;

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS
      && end->ending) {
    fill_up (end, pad);
    rate_end_forget (end);
  }
  return GST_PAD_PROBE_OK;
}

static void
probe (GstElement * element, const gchar * name, GstPadProbeType type,
    GstPadProbeCallback callback, RateEnd * end)
{
  GstPad *pad = gst_element_get_static_pad (element, name);

  gst_pad_add_probe (pad, type, callback, end, NULL);
  gst_object_unref (pad);
}

void
rate_end_init (RateEnd * end, const Front * front, GstElement * rate,
    GstElement * behind)
{
  end->front = front;
  end->end = GST_CLOCK_TIME_NONE;
  end->next = GST_CLOCK_TIME_NONE;
  end->picture = NULL;
  end->ending = FALSE;
  probe (rate, "sink", GST_PAD_PROBE_TYPE_BUFFER, note_end, end);
  probe (rate, "sink", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM
      | GST_PAD_PROBE_TYPE_EVENT_FLUSH, note_arriving, end);
  probe (behind, "src", GST_PAD_PROBE_TYPE_BUFFER, drop_beyond, end);
  probe (behind, "src", GST_PAD_PROBE_TYPE_BUFFER, note_next, end);
  probe (behind, "sink", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, note_leaving,
      end);
}
