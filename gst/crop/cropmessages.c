/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropmessages.h"

GST_DEBUG_CATEGORY_EXTERN (echoelcrop_debug);
#define GST_CAT_DEFAULT echoelcrop_debug

void
crop_post_window (GstElement * element, const GstSegment * segment,
    GstBuffer * buffer, const EchoelWindow * window, const CropView * view)
{
  const gdouble unit = ECHOEL_SUBPIXEL;

  gst_element_post_message (element,
      gst_message_new_element (GST_OBJECT (element),
          gst_structure_new ("echoelcrop-window",
              "timestamp", G_TYPE_UINT64, GST_BUFFER_PTS (buffer),
              "stream-time", G_TYPE_UINT64, gst_segment_to_stream_time
              (segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer)),
              "x", G_TYPE_DOUBLE, window->x / unit,
              "y", G_TYPE_DOUBLE, window->y / unit,
              "width", G_TYPE_DOUBLE, window->width / unit,
              "height", G_TYPE_DOUBLE, window->height / unit,
              "reason", G_TYPE_STRING, view->reason ? view->reason : "anchor",
              "cut", G_TYPE_BOOLEAN, view->cut, NULL)));
}

void
crop_post_not_negotiated (GstElement * element, const GstCaps * caps,
    GstPad * srcpad)
{
  GstCaps *wanted = gst_pad_peer_query_caps (srcpad, NULL);
  gchar *text = gst_caps_to_string (wanted);

  GST_ELEMENT_ERROR (element, CORE, NEGOTIATION,
      ("What follows accepts only %s, which this video cannot become.", text),
      ("incoming caps: %" GST_PTR_FORMAT, caps));
  g_free (text);
  gst_caps_unref (wanted);
}

void
crop_post_impossible (GstElement * element, const GstVideoInfo * in,
    const GstVideoInfo * out, const gchar * reason)
{
  GST_ELEMENT_ERROR (element, STREAM, FORMAT,
      ("Cannot turn %dx%d %s into %dx%d %s.", GST_VIDEO_INFO_WIDTH (in),
          GST_VIDEO_INFO_HEIGHT (in), GST_VIDEO_INFO_NAME (in),
          GST_VIDEO_INFO_WIDTH (out), GST_VIDEO_INFO_HEIGHT (out),
          GST_VIDEO_INFO_NAME (out)), ("%s",
          reason ? reason : "out of memory"));
}

void
crop_post_no_picture (GstElement * element, const GstCaps * in,
    const GstCaps * out)
{
  GST_ELEMENT_ERROR (element, STREAM, FORMAT,
      ("No picture can be of these caps: a field is missing or the size is too "
          "large."), ("from %" GST_PTR_FORMAT " to %" GST_PTR_FORMAT, in, out));
}

void
crop_post_interlaced (GstElement * element, const GstVideoInfo * in)
{
  GST_ELEMENT_ERROR (element, STREAM, FORMAT,
      ("Interlaced video cannot be reframed: put deinterlace in front."),
      ("interlace-mode=%s",
          gst_video_interlace_mode_to_string (GST_VIDEO_INFO_INTERLACE_MODE
              (in))));
}

void
crop_post_unreadable (GstElement * element, GstBuffer * buffer)
{
  GST_ELEMENT_ERROR (element, STREAM, FORMAT,
      ("A video frame is smaller than its caps say."),
      ("%" GST_PTR_FORMAT, buffer));
}

void
crop_post_unwritable (GstElement * element, GstBuffer * buffer)
{
  GST_ELEMENT_ERROR (element, RESOURCE, WRITE,
      ("A buffer that the element behind has provided cannot be written."),
      ("%" GST_PTR_FORMAT, buffer));
}

void
crop_post_failed (GstElement * element, const GError * error)
{
  GST_ELEMENT_ERROR (element, STREAM, FAILED,
      ("A frame could not be reframed."),
      ("%s", error ? error->message : "no reason given"));
}

void
crop_post_out_of_reach (GstElement * element, const GstCaps * in,
    const GstCaps * out)
{
  gchar *memory = gst_caps_features_to_string (gst_caps_get_features (in, 0));

  GST_ELEMENT_ERROR (element, STREAM, FORMAT,
      ("Video in %s can only be cropped, neither scaled nor converted: bring "
          "it to system memory in front of this element, or scale it behind.",
          memory), ("from %" GST_PTR_FORMAT " to %" GST_PTR_FORMAT, in, out));
  g_free (memory);
}

void
crop_post_not_cropped (GstElement * element, const GstCaps * caps,
    const gchar * croppers)
{
  gchar *memory = gst_caps_features_to_string (gst_caps_get_features (caps,
          0));

  GST_ELEMENT_ERROR (element, STREAM, FORMAT,
      ("What follows does not crop video in %s: put %s behind this element, "
          "or bring the video to system memory in front of it.", memory,
          croppers),
      ("no GstVideoCropMeta with GstVideoMeta in the ALLOCATION query"));
  g_free (memory);
}

void
crop_warn_blind (GstElement * element)
{
  GST_ELEMENT_WARNING (element, STREAM, NOT_IMPLEMENTED,
      ("Nothing is followed: the video is not in system memory."), (NULL));
}
