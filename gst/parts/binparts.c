/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "binparts.h"

#include <gst/pbutils/missing-plugins.h>

static void
post_missing (GstBin * bin, const gchar * factory, const gchar * why)
{
  gst_element_post_message (GST_ELEMENT (bin),
      gst_missing_element_message_new (GST_ELEMENT (bin), factory));
  GST_ELEMENT_ERROR (bin, CORE, MISSING_PLUGIN,
      ("The element %s is not installed.", factory), ("%s",
          GST_STR_NULL (why)));
}

GstElement *
bin_part_new (GstBin * bin, const gchar * factory, const gchar * name)
{
  GstElement *element = gst_element_factory_make (factory, name);

  if (element == NULL)
    post_missing (bin, factory, NULL);
  return element;
}

GstElement *
bin_part_make (GstBin * bin, const gchar * factory, const gchar * name)
{
  GstElement *element = bin_part_new (bin, factory, name);

  if (element != NULL)
    gst_bin_add (bin, element);
  return element;
}

GstElement *
bin_part_filter (GstBin * bin, GstCaps * caps, const gchar * name)
{
  GstElement *element = bin_part_make (bin, "capsfilter", name);

  if (element != NULL)
    g_object_set (element, "caps", caps, NULL);
  gst_caps_unref (caps);
  return element;
}

/* A bin of the gst-launch @line (transfer full), in which only @factory may be
 * missing. */
static GstElement *
make_line (GstBin * bin, gchar * line, const gchar * factory,
    const gchar * name)
{
  GError *error = NULL;
  GstElement *part = gst_parse_bin_from_description_full (line, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS | GST_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS,
      &error);

  g_free (line);
  if (part == NULL) {
    post_missing (bin, factory, error->message);
    g_error_free (error);
    return NULL;
  }
  gst_object_set_name (GST_OBJECT (part), name);
  gst_bin_add (bin, part);
  return part;
}

GstElement *
bin_part_download (GstBin * bin, const gchar * factory, const gchar * name)
{
  return make_line (bin, g_strconcat (factory, BIN_PART_SYSTEM_MEMORY, NULL),
      factory, name);
}

GstElement *
bin_part_upload (GstBin * bin, const gchar * factory, const gchar * feature,
    const gchar * name)
{
  return make_line (bin, g_strdup_printf ("videoconvert ! %s ! capsfilter "
          "caps=video/x-raw(%s)", factory, feature), factory, name);
}

void
bin_part_remove (GstBin * bin, GstElement ** element)
{
  if (*element == NULL)
    return;
  /* A bin that is changing state itself must not wake it up again. */
  gst_element_set_locked_state (*element, TRUE);
  gst_element_set_state (*element, GST_STATE_NULL);
  gst_bin_remove (bin, *element);
  *element = NULL;
}

void
bin_part_expose (GstPad * pad, GstElement * element, const gchar * name)
{
  GstPad *target = element ? gst_element_get_static_pad (element, name) : NULL;

  gst_ghost_pad_set_target (GST_GHOST_PAD (pad), target);
  if (target != NULL)
    gst_object_unref (target);
}

typedef guint64 (*ToTime) (const GstSegment *, GstFormat, guint64);

static GstClockTime
convert (GstPad * pad, GstClockTime timestamp, ToTime to_time)
{
  GstEvent *event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  GstClockTime time = GST_CLOCK_TIME_NONE;
  const GstSegment *segment;

  if (event == NULL)
    return time;
  gst_event_parse_segment (event, &segment);
  if (segment->format == GST_FORMAT_TIME && GST_CLOCK_TIME_IS_VALID (timestamp))
    time = to_time (segment, GST_FORMAT_TIME, timestamp);
  gst_event_unref (event);
  return time;
}

GstClockTime
bin_part_stream_time (GstPad * pad, GstClockTime timestamp)
{
  return convert (pad, timestamp, gst_segment_to_stream_time);
}

GstClockTime
bin_part_running_time (GstPad * pad, GstClockTime timestamp)
{
  return convert (pad, timestamp, gst_segment_to_running_time);
}

GstClockTime
bin_part_segment_stop (GstPad * pad)
{
  GstEvent *event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  GstClockTime stop = GST_CLOCK_TIME_NONE;
  const GstSegment *segment;

  if (event == NULL)
    return stop;
  gst_event_parse_segment (event, &segment);
  if (segment->format == GST_FORMAT_TIME)
    stop = segment->stop;
  gst_event_unref (event);
  return bin_part_stream_time (pad, stop);
}

gboolean
bin_part_runs_backwards (GstPad * pad)
{
  GstEvent *event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;
  gboolean backwards;

  if (event == NULL)
    return FALSE;
  gst_event_parse_segment (event, &segment);
  backwards = segment->rate < 0;
  gst_event_unref (event);
  return backwards;
}

void
bin_part_set_safe_area (GstElement * crop, const EchoelSides * sides)
{
  const gdouble fractions[] = { sides->top, sides->right, sides->bottom,
    sides->left
  };
  GValue array = G_VALUE_INIT, value = G_VALUE_INIT;
  guint i;

  g_value_init (&array, GST_TYPE_ARRAY);
  g_value_init (&value, G_TYPE_DOUBLE);
  for (i = 0; i < G_N_ELEMENTS (fractions); i++) {
    g_value_set_double (&value, fractions[i]);
    gst_value_array_append_value (&array, &value);
  }
  g_object_set_property (G_OBJECT (crop), "safe-area", &array);
  g_value_unset (&value);
  g_value_unset (&array);
}
