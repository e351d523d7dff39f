/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropbench.h"

#include <string.h>

/* @properties: as in gst-launch */
GstHarness *
bench_crop_new (const gchar * properties)
{
  gchar *line = g_strdup_printf ("echoelcrop %s", properties);
  GstElement *element = gst_parse_launch (line, NULL);
  GstHarness *h;

  fail_unless (element != NULL, "%s", line);
  h = gst_harness_new_with_element (element, "sink", "src");
  fail_unless (h != NULL);
  gst_object_unref (element);
  g_free (line);
  return h;
}

GstVideoInfo
bench_info (const gchar * caps_text)
{
  GstCaps *caps = gst_caps_from_string (caps_text);
  GstVideoInfo info;

  fail_unless (caps != NULL && gst_video_info_from_caps (&info, caps), "%s",
      caps_text);
  gst_caps_unref (caps);
  return info;
}

/* A buffer of these caps, every byte @value. */
GstBuffer *
bench_buffer_new (const gchar * caps_text, guint8 value)
{
  GstVideoInfo info = bench_info (caps_text);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, info.size, NULL);

  gst_buffer_memset (buffer, 0, value, info.size);
  return buffer;
}

/* The caps that have reached downstream, as video. */
GstVideoInfo
bench_output_info (GstHarness * h)
{
  GstCaps *caps = gst_pad_get_current_caps (h->sinkpad);
  GstVideoInfo info;

  fail_unless (caps != NULL, "no caps downstream");
  fail_unless (gst_caps_is_fixed (caps));
  fail_unless (gst_video_info_from_caps (&info, caps));
  gst_caps_unref (caps);
  return info;
}

guint
bench_sample (GstHarness * h, GstBuffer * buffer, guint c, guint x, guint y)
{
  GstVideoInfo info = bench_output_info (h);
  GstVideoFrame frame;
  guint value;

  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  value = ((guint8 *) GST_VIDEO_FRAME_COMP_DATA (&frame, c))
      [y * GST_VIDEO_FRAME_COMP_STRIDE (&frame, c)
      + x * GST_VIDEO_FRAME_COMP_PSTRIDE (&frame, c)];
  gst_video_frame_unmap (&frame);
  return value;
}

GstBuffer *
bench_pull (GstHarness * h, GstBuffer * in)
{
  GstBuffer *out;

  fail_unless_equals_int (gst_harness_push (h, in), GST_FLOW_OK);
  out = gst_harness_try_pull (h);
  fail_unless (out != NULL, "no buffer came out");
  return out;
}
