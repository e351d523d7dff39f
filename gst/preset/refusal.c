/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "refusal.h"

static gchar *
describe (const EchoelPlan * plan)
{
  gchar *size = plan->width ? g_strdup_printf ("%ux%u", plan->width,
      plan->height) : g_strdup ("the source's size");
  gchar *text = g_strdup_printf ("%s at %s and %u/%u frames per second",
      plan->format->name, size, plan->fps_n, plan->fps_d);

  g_free (size);
  return text;
}

void
refusal_post (GstElement * element, GstPad * src, const EchoelPlan * plan,
    const gchar * platform)
{
  GstCaps *ours = gst_caps_from_string (plan->format->stream_caps);
  GstCaps *wanted = gst_pad_peer_query_caps (src, ours);
  gchar *accepted = gst_caps_to_string (wanted);
  gchar *made = describe (plan);

  GST_ELEMENT_ERROR (element, CORE, NEGOTIATION,
      ("%s gets %s, but what follows accepts only %s.", platform, made,
          accepted), (NULL));
  g_free (made);
  g_free (accepted);
  gst_caps_unref (wanted);
  gst_caps_unref (ours);
}

gboolean
refusal_is_negotiation_error (GstMessage * message)
{
  gboolean is_it;
  GError *error;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return FALSE;
  gst_message_parse_error (message, &error, NULL);
  is_it = g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION);
  g_error_free (error);
  return is_it;
}
