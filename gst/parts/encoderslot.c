/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encoderslot.h"

#include <gst/pbutils/missing-plugins.h>

#include "bitratewish.h"
#include "encoderplace.h"

struct _EncoderSlot
{
  GstBin *bin;
  EncoderSlotFuncs funcs;
  gpointer user_data;
  EncoderPlace place;
  BitrateWish wish;

  /* The streaming thread's. */
  EchoelPlan plan;
  EncoderChoice choice;
  gint64 changed_at;            /* monotonic, us: of the bitrate */
  gboolean told;                /* that the bitrate stays */
  guint64 n_given;              /* frames that an encoder took */
  gboolean dead;                /* an error was posted */
};

/* --- errors --- */

static void
post_refusal (EncoderSlot * slot, GError * error)
{
  GstElement *bin = GST_ELEMENT (slot->bin);
  GstCaps *caps;

  slot->funcs.failed (slot->user_data);
  if (error->domain != GST_CORE_ERROR) {
    GST_ELEMENT_ERROR (bin, RESOURCE, SETTINGS, ("%s", error->message), (NULL));
    return;
  }
  caps = gst_caps_from_string (slot->plan.format->stream_caps);
  gst_element_post_message (bin, gst_missing_encoder_message_new (bin, caps));
  gst_caps_unref (caps);
  GST_ELEMENT_ERROR (bin, CORE, MISSING_PLUGIN, ("%s", error->message), (NULL));
}

/* A file cannot go on with another encoder. */
static void
post_death (EncoderSlot * slot, const gchar * why)
{
  slot->dead = TRUE;
  slot->funcs.failed (slot->user_data);
  GST_ELEMENT_ERROR (slot->bin, STREAM, ENCODE,
      ("The encoder %s failed in the middle of the stream: %s",
          slot->choice.factory, why), ("after %" G_GUINT64_FORMAT " frames",
          slot->n_given));
}

/* --- changing --- */

static gboolean
plug (EncoderSlot * slot)
{
  bitrate_wish_set_actual (&slot->wish, slot->plan.bitrate);
  return encoder_place_plug (&slot->place, &slot->choice);
}

/* The chosen encoder goes in and runs; whether it takes the stream is seen
 * then. */
static gboolean
plug_and_start (EncoderSlot * slot)
{
  return plug (slot) && encoder_place_link_before (&slot->place)
      && encoder_place_start (&slot->place);
}

/* The chosen encoder takes the place, or the next that does. */
static gboolean
settle (EncoderSlot * slot, gboolean opened)
{
  GError *error = NULL;

  while (opened) {
    gchar *why;

    if (plug_and_start (slot) && encoder_place_replay (&slot->place)) {
      slot->funcs.changed (&slot->choice, slot->user_data);
      return TRUE;
    }
    why = encoder_place_take_complaint (&slot->place);
    encoder_place_unplug (&slot->place);
    opened = encoder_choose_next (&slot->choice,
        why ? why : "does not take the stream", &slot->plan, "video-encoder",
        &error);
    g_free (why);
  }
  if (error != NULL) {
    post_refusal (slot, error);
    g_error_free (error);
  }
  return FALSE;
}

/* Takes over @why. */
static gboolean
replace (EncoderSlot * slot, gchar * why)
{
  GError *error = NULL;
  gboolean opened;

  GST_WARNING_OBJECT (slot->bin, "%s is replaced: %s", slot->choice.factory,
      why);
  encoder_place_unplug (&slot->place);
  opened = encoder_choose_next (&slot->choice, why, &slot->plan,
      "video-encoder", &error);
  g_free (why);
  if (error != NULL) {
    post_refusal (slot, error);
    g_error_free (error);
  }
  return settle (slot, opened);
}

/* The same encoder anew, with the bitrate of the plan. */
static gboolean
recreate (EncoderSlot * slot)
{
  GError *error = NULL;
  gboolean opened;

  encoder_place_drain (&slot->place);
  encoder_place_unplug (&slot->place);
  opened = encoder_choose_again (&slot->choice, &slot->plan, "video-encoder",
      &error);
  if (error != NULL) {
    post_refusal (slot, error);
    g_error_free (error);
  }
  return settle (slot, opened);
}

/* --- bitrate --- */

static void
tell_once (EncoderSlot * slot)
{
  if (slot->told)
    return;
  slot->told = TRUE;
  GST_ELEMENT_WARNING (slot->bin, RESOURCE, SETTINGS,
      ("The encoder %s cannot change its bitrate inside a file.",
          slot->choice.factory), (NULL));
}

/* Before each frame. Returns FALSE when there is no encoder any more. */
static gboolean
follow_bitrate (EncoderSlot * slot)
{
  guint wanted = bitrate_wish_now (&slot->wish);
  gint64 now = g_get_monotonic_time ();
  gboolean first = slot->n_given == 0;

  if (wanted == slot->plan.bitrate || (!first && now - slot->changed_at
          < (gint64) slot->choice.row->change_ms * 1000))
    return TRUE;
  if (first || encoder_setup_can_change (slot->place.encoder, slot->choice.row)) {
    slot->plan.bitrate = wanted;
    encoder_setup_change (slot->place.encoder, slot->choice.row, &slot->plan);
  } else if (slot->plan.usage == ECHOEL_USAGE_LIVE) {
    slot->plan.bitrate = wanted;
    if (!recreate (slot))
      return FALSE;
  } else {
    tell_once (slot);
    return TRUE;
  }
  slot->changed_at = g_get_monotonic_time ();
  bitrate_wish_set_actual (&slot->wish, wanted);
  return TRUE;
}

void
encoder_slot_set_bitrate (EncoderSlot * slot, guint kbps)
{
  bitrate_wish_set_target (&slot->wish, kbps);
}

void
encoder_slot_request (EncoderSlot * slot, GstEvent * event)
{
  bitrate_wish_request (&slot->wish, event);
}

guint
encoder_slot_bitrate (EncoderSlot * slot)
{
  return bitrate_wish_actual (&slot->wish);
}

/* --- the stream --- */

static gchar *
reason (EncoderSlot * slot, GstFlowReturn flow)
{
  gchar *why = encoder_place_take_complaint (&slot->place);

  return why ? why : g_strdup_printf ("stops with %s",
      gst_flow_get_name (flow));
}

/* A frame that an encoder did not take goes to the next one. */
static GstFlowReturn
give_or_replace (EncoderSlot * slot, GstBuffer * frame)
{
  GstFlowReturn flow = GST_FLOW_ERROR;
  gchar *why;

  for (;;) {
    if (!encoder_place_has_complaint (&slot->place)) {
      flow = encoder_place_give (&slot->place, frame);
      if (!encoder_place_failed (&slot->place, flow))
        break;
    }
    why = reason (slot, flow);
    if (slot->n_given > 0 && slot->plan.usage != ECHOEL_USAGE_LIVE) {
      post_death (slot, why);
      g_free (why);
      return GST_FLOW_ERROR;
    }
    if (!replace (slot, why))
      return GST_FLOW_ERROR;
  }
  slot->n_given++;
  return flow;
}

static GstPadProbeReturn
hand_over_frame (EncoderSlot * slot, GstPadProbeInfo * info)
{
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  GstFlowReturn flow = GST_FLOW_ERROR;

  if (slot->place.encoder != NULL && !slot->dead && follow_bitrate (slot))
    flow = give_or_replace (slot, frame);
  gst_buffer_unref (frame);
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = flow;
  return GST_PAD_PROBE_HANDLED;
}

/* The first caps tell whether an encoder really works. */
static GstPadProbeReturn
hand_over_caps (EncoderSlot * slot, GstPadProbeInfo * info)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  gboolean taken = encoder_place_send (&slot->place, event);
  gboolean ours = !taken && encoder_place_refused (&slot->place);
  gchar *why;

  if (!taken && !ours)
    return GST_PAD_PROBE_OK;    /* fails once more, for all to see */
  if (ours) {
    why = encoder_place_take_complaint (&slot->place);
    if (why == NULL)
      why = g_strdup ("does not take the caps");
    if (slot->n_given > 0 && slot->plan.usage != ECHOEL_USAGE_LIVE) {
      post_death (slot, why);
      g_free (why);
    } else {
      replace (slot, why);
    }
  }
  gst_event_unref (event);
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  return GST_PAD_PROBE_HANDLED;
}

/* Nobody else will say what the encoder said. */
static void
see_end (EncoderSlot * slot)
{
  gchar *why = encoder_place_take_complaint (&slot->place);

  if (why != NULL && !slot->dead)
    post_death (slot, why);
  g_free (why);
}

static GstPadProbeReturn
hand_over (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  EncoderSlot *slot = user_data;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    return hand_over_frame (slot, info);
  if (slot->place.encoder == NULL)
    return GST_PAD_PROBE_DROP;
  switch (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info))) {
    case GST_EVENT_CAPS:
      return hand_over_caps (slot, info);
    case GST_EVENT_EOS:
      see_end (slot);
      return GST_PAD_PROBE_OK;
    default:
      return GST_PAD_PROBE_OK;
  }
}

/* --- life --- */

EncoderSlot *
encoder_slot_new (GstBin * bin, const EchoelPlan * plan, const gchar * wish,
    const EncoderSlotFuncs * funcs, gpointer user_data)
{
  EncoderSlot *slot = g_atomic_rc_box_new0 (EncoderSlot);
  GError *error = NULL;

  slot->bin = bin;
  slot->funcs = *funcs;
  slot->user_data = user_data;
  slot->plan = *plan;
  bitrate_wish_init (&slot->wish, plan->bitrate);
  if (!encoder_place_init (&slot->place, bin, &slot->plan))
    goto incomplete;
  if (!encoder_choose (plan->format->codec, wish, &slot->plan,
          "video-encoder", &slot->choice, &error)) {
    post_refusal (slot, error);
    g_error_free (error);
    goto incomplete;
  }
  slot->place.flowing = g_strdup (slot->choice.raw_format);
  if (!plug (slot)) {
    GST_ELEMENT_ERROR (bin, CORE, NEGOTIATION,
        ("The encoder %s cannot make %s.", slot->choice.factory,
            plan->format->name), (NULL));
    goto incomplete;
  }
  slot->funcs.changed (&slot->choice, slot->user_data);
  return slot;

incomplete:
  encoder_slot_free (slot);
  return NULL;
}

EncoderSlot *
encoder_slot_ref (EncoderSlot * slot)
{
  return g_atomic_rc_box_acquire (slot);
}

static void
clear (gpointer data)
{
  EncoderSlot *slot = data;

  encoder_place_clear (&slot->place);
  bitrate_wish_clear (&slot->wish);
}

void
encoder_slot_unref (EncoderSlot * slot)
{
  g_atomic_rc_box_release_full (slot, clear);
}

void
encoder_slot_free (EncoderSlot * slot)
{
  if (slot == NULL)
    return;
  encoder_place_remove (&slot->place);
  encoder_choice_clear (&slot->choice);
  encoder_slot_unref (slot);
}

gboolean
encoder_slot_link (EncoderSlot * slot, GstElement * before, GstElement * behind)
{
  GstPad *pad = gst_element_get_static_pad (before, "src");

  slot->place.before = before;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, hand_over, slot, NULL);
  gst_object_unref (pad);
  return encoder_place_link_before (&slot->place) && (behind == NULL
      || gst_element_link (slot->place.exit, behind));
}

gboolean
encoder_slot_takes_memory (EncoderSlot * slot, const GpuMemory * memory)
{
  return encoder_setup_takes_memory (slot->place.encoder, slot->choice.row,
      &slot->plan, slot->place.flowing, memory->feature);
}

gboolean
encoder_slot_use_memory (EncoderSlot * slot, const GpuMemory * memory)
{
  if (slot->place.encoder == NULL || slot->n_given > 0)
    return FALSE;
  if (!encoder_slot_takes_memory (slot, memory)) {
    if (!encoder_choose_for_memory (&slot->choice, memory->feature,
            &slot->plan, "video-encoder"))
      return FALSE;
    g_free (slot->place.flowing);
    slot->place.flowing = g_strdup (slot->choice.raw_format);
    slot->place.memory = memory;
    encoder_place_unplug (&slot->place);
    if (!plug_and_start (slot))
      return FALSE;
    slot->funcs.changed (&slot->choice, slot->user_data);
  }
  slot->place.memory = memory;
  return TRUE;
}

void
encoder_slot_leave_memory (EncoderSlot * slot)
{
  slot->place.memory = NULL;
}

void
encoder_slot_reset (EncoderSlot * slot)
{
  slot->n_given = 0;
  slot->told = slot->dead = FALSE;
  g_free (encoder_place_take_complaint (&slot->place));
}

gboolean
encoder_slot_take_error (EncoderSlot * slot, GstMessage * message)
{
  return encoder_place_take_error (&slot->place, message);
}

const gchar *
encoder_slot_raw_format (EncoderSlot * slot)
{
  return slot->place.flowing;
}

GstElement *
encoder_slot_exit (EncoderSlot * slot)
{
  return slot->place.exit;
}
