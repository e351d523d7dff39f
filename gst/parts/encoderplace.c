/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encoderplace.h"

#include <string.h>

#include "binparts.h"

gchar *
encoder_place_take_complaint (EncoderPlace * place)
{
  gchar *complaint;

  g_mutex_lock (&place->lock);
  complaint = place->complaint;
  place->complaint = NULL;
  g_mutex_unlock (&place->lock);
  return complaint;
}

gboolean
encoder_place_has_complaint (EncoderPlace * place)
{
  gboolean has;

  g_mutex_lock (&place->lock);
  has = place->complaint != NULL;
  g_mutex_unlock (&place->lock);
  return has;
}

/* Takes the object lock of every ancestor. */
static gboolean
is_from (GstMessage * message, GstElement * element)
{
  return element != NULL && (GST_MESSAGE_SRC (message) == GST_OBJECT (element)
      || gst_object_has_as_ancestor (GST_MESSAGE_SRC (message),
          GST_OBJECT (element)));
}

static GstElement *
hold (GstElement * element)
{
  return element ? gst_object_ref (element) : NULL;
}

static void
complain (EncoderPlace * place, const gchar * complaint)
{
  g_mutex_lock (&place->lock);
  if (place->complaint == NULL)
    place->complaint = g_strdup (complaint);
  g_mutex_unlock (&place->lock);
}

gboolean
encoder_place_take_error (EncoderPlace * place, GstMessage * message)
{
  GstElement *encoder, *convert;
  gboolean taken;
  GError *error;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR
      || GST_MESSAGE_SRC (message) == NULL)
    return FALSE;
  g_mutex_lock (&place->lock);
  encoder = hold (place->encoder);
  convert = hold (place->convert);
  g_mutex_unlock (&place->lock);
  taken = is_from (message, encoder) || is_from (message, convert);
  gst_clear_object (&encoder);
  gst_clear_object (&convert);
  if (taken) {
    gst_message_parse_error (message, &error, NULL);
    complain (place, error->message);
    g_error_free (error);
  }
  return taken;
}

static GstPad *
pad_of (GstElement * element, const gchar * name)
{
  return gst_element_get_static_pad (element, name);
}

/* Where frames go in: a converter, or the encoder itself. */
static GstPad *
entry_pad (EncoderPlace * place)
{
  return pad_of (place->convert ? place->convert : place->encoder, "sink");
}

/* What frames must go through to the chosen encoder, as a gst-launch line, or
 * NULL. */
static gchar *
convert_line (EncoderPlace * place, const EncoderChoice * choice)
{
  gboolean convert = g_strcmp0 (choice->raw_format, place->flowing) != 0;
  gboolean download = place->memory != NULL
      && !encoder_setup_takes_memory (place->encoder, choice->row, place->plan,
      place->flowing, place->memory->feature);
  GString *line = g_string_new (NULL);

  if (download)
    g_string_append_printf (line, "%s" BIN_PART_SYSTEM_MEMORY " ! ",
        place->memory->download);
  if (convert || (download && choice->row->upload != NULL))
    g_string_append (line, "videoconvert ! ");
  if (choice->row->upload != NULL)
    g_string_append_printf (line, "%s ! ", choice->row->upload);
  if (line->len > 0)
    g_string_truncate (line, line->len - strlen (" ! "));
  return g_string_free (line, line->len == 0);
}

static gboolean
add_convert (EncoderPlace * place, const EncoderChoice * choice)
{
  gchar *line = convert_line (place, choice);
  GError *error = NULL;
  GstElement *convert;

  if (line == NULL)
    return TRUE;
  convert = gst_parse_bin_from_description_full (line, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);
  g_free (line);
  if (convert == NULL) {
    GST_WARNING_OBJECT (place->bin, "%s", error->message);
    complain (place, error->message);
    g_error_free (error);
    return FALSE;
  }
  gst_object_set_name (GST_OBJECT (convert), "encoder-convert");
  gst_bin_add (place->bin, convert);
  g_mutex_lock (&place->lock);
  place->convert = convert;
  g_mutex_unlock (&place->lock);
  return TRUE;
}

static gboolean
add_mend (EncoderPlace * place, const EchoelEncoder * row)
{
  GstCaps *caps;

  if (!row->mend)
    return TRUE;
  place->mend = bin_part_make (place->bin, "capssetter", "encoded-mend");
  if (place->mend == NULL)
    return FALSE;
  caps = gst_caps_from_string (place->plan->format->encoded_caps);
  g_object_set (place->mend, "caps", caps, NULL);
  gst_caps_unref (caps);
  return TRUE;
}

static GstPadProbeReturn
see_output (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  EncoderPlace *place = user_data;

  if (GST_PAD_PROBE_INFO_TYPE (info) & (GST_PAD_PROBE_TYPE_BUFFER
          | GST_PAD_PROBE_TYPE_BUFFER_LIST)) {
    pending_events_left (&place->pending);
    return GST_PAD_PROBE_OK;
  }
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_OK;
  return !g_atomic_int_get (&place->draining)
      && place->may_end (place->user_data)
      ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

static void
watch_output (EncoderPlace * place, GstElement * encoder)
{
  GstPad *pad = pad_of (encoder, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_BUFFER_LIST | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      see_output, place, NULL);
  gst_object_unref (pad);
}

gboolean
encoder_place_plug (EncoderPlace * place, EncoderChoice * choice)
{
  gchar *text = echoel_encoder_caps (choice->row, place->plan);
  GstCaps *caps = gst_caps_from_string (text);
  GstElement *encoder = choice->element;

  g_object_set (place->exit, "caps", caps, NULL);
  gst_caps_unref (caps);
  g_free (text);
  choice->element = NULL;
  watch_output (place, encoder);
  gst_bin_add (place->bin, encoder);
  g_mutex_lock (&place->lock);
  place->encoder = encoder;
  g_clear_pointer (&place->complaint, g_free);
  g_mutex_unlock (&place->lock);
  if (!add_convert (place, choice) || !add_mend (place, choice->row))
    return FALSE;
  if (place->convert != NULL && !gst_element_link (place->convert, encoder))
    return FALSE;
  return place->mend ? gst_element_link_many (encoder, place->mend, place->exit,
      NULL) : gst_element_link (encoder, place->exit);
}

void
encoder_place_unplug (EncoderPlace * place)
{
  GstElement *encoder, *convert;

  g_mutex_lock (&place->lock);
  encoder = place->encoder;
  convert = place->convert;
  place->encoder = place->convert = NULL;
  g_mutex_unlock (&place->lock);
  bin_part_remove (place->bin, &convert);
  bin_part_remove (place->bin, &encoder);
  bin_part_remove (place->bin, &place->mend);
}

gboolean
encoder_place_link_before (EncoderPlace * place)
{
  /* Whether the caps fit is seen when they come. */
  return gst_element_link_pads_full (place->before, "src",
      place->convert ? place->convert : place->encoder, "sink",
      GST_PAD_LINK_CHECK_NOTHING);
}

typedef struct
{
  GstPad *to;
  gboolean taken;
} Replay;

static gboolean
replay_event (GstPad * pad, GstEvent ** event, gpointer user_data)
{
  Replay *replay = user_data;

  if (GST_EVENT_TYPE (*event) == GST_EVENT_EOS)
    return TRUE;
  if (!gst_pad_send_event (replay->to, gst_event_ref (*event))
      && GST_EVENT_TYPE (*event) == GST_EVENT_CAPS)
    replay->taken = FALSE;
  return replay->taken;
}

gboolean
encoder_place_replay (EncoderPlace * place)
{
  GstPad *from = pad_of (place->before, "src");
  Replay replay = { entry_pad (place), TRUE };
  GList *events = pending_events_again (&place->pending), *walk;

  gst_pad_sticky_events_foreach (from, replay_event, &replay);
  for (walk = events; walk != NULL && replay.taken; walk = walk->next)
    gst_pad_send_event (replay.to, gst_event_ref (walk->data));
  g_list_free_full (events, (GDestroyNotify) gst_event_unref);
  gst_object_unref (replay.to);
  gst_object_unref (from);
  return replay.taken;
}

static gboolean
pause_part (GstElement * element)
{
  return element == NULL || gst_element_set_state (element,
      GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE;
}

gboolean
encoder_place_open (EncoderPlace * place)
{
  return pause_part (place->encoder) && pause_part (place->convert);
}

gboolean
encoder_place_start (EncoderPlace * place)
{
  return (place->mend == NULL
      || gst_element_sync_state_with_parent (place->mend))
      && gst_element_sync_state_with_parent (place->encoder)
      && (place->convert == NULL
      || gst_element_sync_state_with_parent (place->convert));
}

void
encoder_place_drain (EncoderPlace * place)
{
  GstPad *sink = entry_pad (place);

  g_atomic_int_set (&place->draining, TRUE);
  gst_pad_send_event (sink, gst_event_new_eos ());
  g_atomic_int_set (&place->draining, FALSE);
  pending_events_forget (&place->pending);
  gst_object_unref (sink);
}

gboolean
encoder_place_send (EncoderPlace * place, GstEvent * event)
{
  GstPad *pad = entry_pad (place);
  gboolean taken = gst_pad_send_event (pad, gst_event_ref (event));

  gst_object_unref (pad);
  return taken;
}

GstFlowReturn
encoder_place_give (EncoderPlace * place, GstBuffer * frame)
{
  GstPad *pad = entry_pad (place);
  GstFlowReturn flow = gst_pad_chain (pad, gst_buffer_ref (frame));

  gst_object_unref (pad);
  return flow;
}

/* What the encoder would make of the frames that come. */
static GstCaps *
expected_caps (EncoderPlace * place)
{
  static const gchar *const fields[] = { "width", "height", "framerate" };
  GstPad *pad = pad_of (place->before, "src");
  GstCaps *raw = gst_pad_get_current_caps (pad);
  GstCaps *caps = gst_caps_from_string (place->plan->format->encoded_caps);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (fields) && raw != NULL; i++)
    gst_caps_set_value (caps, fields[i],
        gst_structure_get_value (gst_caps_get_structure (raw, 0), fields[i]));
  gst_clear_caps (&raw);
  gst_object_unref (pad);
  return caps;
}

/* Whether what follows the encoder could take what it makes. */
static gboolean
downstream_takes (EncoderPlace * place)
{
  GstPad *pad = pad_of (place->encoder, "src");
  GstCaps *made = gst_pad_get_current_caps (pad), *taken;
  gboolean takes;

  if (made == NULL)
    made = expected_caps (place);
  taken = gst_pad_peer_query_caps (pad, made);
  takes = !gst_caps_is_empty (taken);
  gst_caps_unref (made);
  gst_caps_unref (taken);
  gst_object_unref (pad);
  return takes;
}

/* On the way down, or not as far up as PAUSED. */
static gboolean
goes_down (GstElement * bin)
{
  GstState state;

  GST_OBJECT_LOCK (bin);
  state = GST_STATE_NEXT (bin) != GST_STATE_VOID_PENDING
      ? GST_STATE_NEXT (bin) : GST_STATE (bin);
  GST_OBJECT_UNLOCK (bin);
  return state < GST_STATE_PAUSED;
}

/* A bin goes down from its end: an encoder may be asleep before what feeds it
 * is, but the bin knows first. */
gboolean
encoder_place_stops (EncoderPlace * place)
{
  GstPad *pad = pad_of (place->before, "src");
  gboolean flushing = GST_PAD_IS_FLUSHING (pad);

  gst_object_unref (pad);
  return flushing || goes_down (GST_ELEMENT (place->bin));
}

gboolean
encoder_place_refused (EncoderPlace * place)
{
  return downstream_takes (place) && !encoder_place_stops (place);
}

gboolean
encoder_place_failed (EncoderPlace * place, GstFlowReturn flow)
{
  GstFlowReturn behind;
  GstPad *pad;

  if (flow >= GST_FLOW_OK || flow == GST_FLOW_FLUSHING || flow == GST_FLOW_EOS)
    return FALSE;
  pad = pad_of (place->encoder, "src");
  behind = gst_pad_get_last_flow_return (pad);
  gst_object_unref (pad);
  return behind >= GST_FLOW_OK && encoder_place_refused (place);
}

gboolean
encoder_place_init (EncoderPlace * place, GstBin * bin,
    const EchoelPlan * plan, EncoderEndFunc may_end, gpointer user_data)
{
  g_mutex_init (&place->lock);
  pending_events_init (&place->pending);
  place->may_end = may_end;
  place->user_data = user_data;
  place->bin = bin;
  place->plan = plan;
  place->exit = bin_part_filter (bin, gst_caps_new_any (), "encoded-shape");
  return place->exit != NULL;
}

void
encoder_place_remove (EncoderPlace * place)
{
  encoder_place_unplug (place);
  bin_part_remove (place->bin, &place->exit);
}

void
encoder_place_clear (EncoderPlace * place)
{
  g_free (place->complaint);
  g_free (place->flowing);
  pending_events_clear (&place->pending);
  g_mutex_clear (&place->lock);
}
