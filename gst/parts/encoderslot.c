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
  gchar *encoder_wish;          /* "auto", ... */
  gint64 changed_at;            /* monotonic, us: of the bitrate */
  gboolean told;                /* that the bitrate stays in a file */
  guint refused;                /* kbit/s that the encoder does not take, or 0 */
  guint64 n_given;              /* frames that an encoder took */
  gboolean caps_failed;         /* for another reason than the encoder */
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

static gboolean
join_stream (EncoderPlace * place)
{
  return encoder_place_start (place) && encoder_place_replay (place);
}

/* How a new encoder shows that it works. */
typedef gboolean (*BeginFunc) (EncoderPlace * place);

/* Says why, if it is known. */
static gboolean
give_up (EncoderSlot * slot, GError * error)
{
  if (error != NULL) {
    post_refusal (slot, error);
    g_error_free (error);
  }
  return FALSE;
}

/* The chosen encoder takes the place, or the next that does. A stream that is
 * stopped meanwhile says nothing about any of them. */
static gboolean
settle (EncoderSlot * slot, BeginFunc begin, gboolean opened)
{
  GError *error = NULL;

  while (opened) {
    gchar *why;

    if (plug (slot) && encoder_place_link_before (&slot->place)
        && begin (&slot->place)) {
      slot->refused = 0;
      slot->funcs.changed (&slot->choice, slot->user_data);
      return TRUE;
    }
    why = encoder_place_take_complaint (&slot->place);
    if (encoder_place_stops (&slot->place)) {
      g_free (why);
      return FALSE;
    }
    encoder_place_unplug (&slot->place);
    opened = encoder_choose_next (&slot->choice,
        why ? why : "does not take the stream", &slot->plan, "video-encoder",
        &error);
    g_free (why);
  }
  return give_up (slot, error);
}

/* Takes over @why. */
static gboolean
replace (EncoderSlot * slot, BeginFunc begin, gchar * why)
{
  GError *error = NULL;
  gboolean opened;

  GST_WARNING_OBJECT (slot->bin, "%s is replaced: %s", slot->choice.factory,
      why);
  encoder_place_unplug (&slot->place);
  opened = encoder_choose_next (&slot->choice, why, &slot->plan,
      "video-encoder", &error);
  g_free (why);
  return opened ? settle (slot, begin, TRUE) : give_up (slot, error);
}

/* Before it is known that another one opens with @kbps the old one stays. */
static gboolean
renew (EncoderSlot * slot, BeginFunc begin, guint kbps, gchar ** why)
{
  EchoelPlan plan = slot->plan;

  plan.bitrate = kbps;
  *why = encoder_choose_again (&slot->choice, &plan, "video-encoder");
  if (*why != NULL)
    return TRUE;
  if (slot->n_given > 0)
    encoder_place_drain (&slot->place);
  encoder_place_unplug (&slot->place);
  slot->plan.bitrate = kbps;
  return settle (slot, begin, TRUE);
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

/* Takes over @why. */
static void
refuse_bitrate (EncoderSlot * slot, guint kbps, gchar * why)
{
  slot->refused = kbps;
  GST_ELEMENT_WARNING (slot->bin, RESOURCE, SETTINGS,
      ("The encoder %s stays at %u kbit/s and does not go to %u: %s.",
          slot->choice.factory, slot->plan.bitrate, kbps, why), (NULL));
  g_free (why);
}

/* Returns why it was not possible, or NULL. */
static gchar *
change_in_place (EncoderSlot * slot, guint kbps)
{
  guint before = slot->plan.bitrate;
  gchar *why;

  slot->plan.bitrate = kbps;
  why = encoder_setup_change (slot->place.encoder, slot->choice.row,
      &slot->plan);
  if (why == NULL) {
    slot->refused = 0;
    bitrate_wish_set_actual (&slot->wish, kbps);
    return NULL;
  }
  /* A peak may have been taken and an average not. */
  slot->plan.bitrate = before;
  g_free (encoder_setup_change (slot->place.encoder, slot->choice.row,
          &slot->plan));
  return why;
}

static gboolean
may_change_now (EncoderSlot * slot)
{
  gint64 least = (gint64) slot->choice.row->change_ms * 1000;

  return slot->n_given == 0 || g_get_monotonic_time () - slot->changed_at
      >= least;
}

/* Before caps and each frame. Returns FALSE when there is no encoder any
 * more. */
static gboolean
follow_bitrate (EncoderSlot * slot, BeginFunc begin)
{
  guint wanted = bitrate_wish_now (&slot->wish);
  gboolean there = TRUE;
  gchar *why = NULL;

  if (wanted == slot->plan.bitrate)
    slot->refused = 0;
  if (wanted == slot->plan.bitrate || wanted == slot->refused
      || !may_change_now (slot))
    return TRUE;
  if (encoder_setup_can_change (slot->place.encoder, slot->choice.row)) {
    why = change_in_place (slot, wanted);
  } else if (slot->n_given == 0 || slot->plan.usage == ECHOEL_USAGE_LIVE) {
    there = renew (slot, begin, wanted, &why);
  } else {
    tell_once (slot);
    return TRUE;
  }
  if (why != NULL)
    refuse_bitrate (slot, wanted, why);
  slot->changed_at = g_get_monotonic_time ();
  return there;
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

/* A file cannot go on with another encoder, nor anyone without the one that was
 * asked for by name. Takes over @why. */
static gboolean
replace_or_end (EncoderSlot * slot, gchar * why)
{
  if (slot->n_given == 0 || (slot->plan.usage == ECHOEL_USAGE_LIVE
          && !encoder_choice_is_named (&slot->choice)))
    return replace (slot, join_stream, why);
  post_death (slot, why);
  g_free (why);
  return FALSE;
}

static gchar *
reason (EncoderSlot * slot, GstFlowReturn flow)
{
  gchar *why = encoder_place_take_complaint (&slot->place);

  return why ? why : g_strdup_printf ("stops with %s",
      gst_flow_get_name (flow));
}

/* What an encoder says about a stream that others have ended is of no
 * interest to the next one. */
static void
forget_complaint (EncoderSlot * slot)
{
  g_free (encoder_place_take_complaint (&slot->place));
}

/* A frame that an encoder did not take goes to the next one. */
static GstFlowReturn
give_or_replace (EncoderSlot * slot, GstBuffer * frame)
{
  GstFlowReturn flow = GST_FLOW_ERROR;

  for (;;) {
    if (!encoder_place_has_complaint (&slot->place)) {
      flow = encoder_place_give (&slot->place, frame);
      if (!encoder_place_failed (&slot->place, flow))
        break;
    }
    if (encoder_place_stops (&slot->place)
        || !replace_or_end (slot, reason (slot, flow)))
      return GST_FLOW_ERROR;
  }
  if (flow < GST_FLOW_OK)
    forget_complaint (slot);
  slot->n_given++;
  pending_events_given (&slot->place.pending);
  return flow;
}

static GstPadProbeReturn
hand_over_frame (EncoderSlot * slot, GstPadProbeInfo * info)
{
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  GstFlowReturn flow = GST_FLOW_ERROR;

  if (slot->place.encoder != NULL && !slot->dead
      && follow_bitrate (slot, join_stream))
    flow = give_or_replace (slot, frame);
  /* A source takes any other error for its own when it is stopped. */
  if (flow <= GST_FLOW_NOT_NEGOTIATED && !slot->dead
      && encoder_place_stops (&slot->place))
    flow = GST_FLOW_FLUSHING;
  gst_buffer_unref (frame);
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = flow;
  return GST_PAD_PROBE_HANDLED;
}

/* Returns FALSE when they are to fail once more, for all to see. */
static gboolean
give_caps (EncoderSlot * slot, GstEvent * event)
{
  GstElement *before = slot->place.encoder;
  gchar *why;

  if (!follow_bitrate (slot, join_stream) || slot->place.encoder != before)
    return TRUE;                /* a new one has got them already */
  if (encoder_place_send (&slot->place, event))
    return TRUE;
  if (!encoder_place_refused (&slot->place)) {
    slot->caps_failed = TRUE;
    return FALSE;
  }
  why = encoder_place_take_complaint (&slot->place);
  replace_or_end (slot, why ? why : g_strdup ("does not take the caps"));
  return TRUE;
}

/* The first caps tell whether an encoder really works. */
static GstPadProbeReturn
hand_over_caps (EncoderSlot * slot, GstPadProbeInfo * info)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  if (!give_caps (slot, event))
    return GST_PAD_PROBE_OK;
  gst_event_unref (event);
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  return GST_PAD_PROBE_HANDLED;
}

/* EOS leaves the encoder: nobody will look any more at what it said of the
 * last frames. A live stream has lost those, a file is not to look whole. */
static gboolean
may_end (gpointer user_data)
{
  EncoderSlot *slot = user_data;
  gchar *why = encoder_place_take_complaint (&slot->place);

  if (why == NULL || slot->dead)
    goto done;
  if (slot->plan.usage == ECHOEL_USAGE_LIVE)
    GST_ELEMENT_WARNING (slot->bin, STREAM, ENCODE,
        ("The encoder %s failed at the end of the stream: %s",
            slot->choice.factory, why), (NULL));
  else
    post_death (slot, why);

done:
  g_free (why);
  return !slot->dead;
}

static GstPadProbeReturn
hand_over_event (EncoderSlot * slot, GstPadProbeInfo * info)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_FLUSH_START:
      return GST_PAD_PROBE_OK;
    case GST_EVENT_FLUSH_STOP:
      forget_complaint (slot);
      pending_events_forget (&slot->place.pending);
      return GST_PAD_PROBE_OK;
    case GST_EVENT_CAPS:
      return slot->place.encoder ? hand_over_caps (slot, info)
          : GST_PAD_PROBE_DROP;
    default:
      pending_events_note (&slot->place.pending, event);
      return slot->place.encoder ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  }
}

static GstPadProbeReturn
hand_over (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  EncoderSlot *slot = user_data;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_EVENT_FLUSH)
    return hand_over_event (slot, info);
  if (slot->caps_failed)
    forget_complaint (slot);
  slot->caps_failed = FALSE;
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    return hand_over_frame (slot, info);
  return hand_over_event (slot, info);
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
  slot->encoder_wish = g_strdup (wish);
  bitrate_wish_init (&slot->wish, plan->bitrate);
  if (!encoder_place_init (&slot->place, bin, &slot->plan, may_end, slot))
    goto incomplete;
  if (!encoder_choose (plan->format->codec, wish, &slot->plan,
          "video-encoder", &slot->choice, &error)) {
    give_up (slot, error);
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
  g_free (slot->encoder_wish);
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
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      hand_over, slot, NULL);
  gst_object_unref (pad);
  return encoder_place_link_before (&slot->place) && (behind == NULL
      || gst_element_link (slot->place.exit, behind));
}

/* What opens again must be asked for: all were refused, or the stream was
 * stopped while one took over. */
static gboolean
choose_anew (EncoderSlot * slot)
{
  GError *error = NULL;

  encoder_choice_clear (&slot->choice);
  if (!encoder_choose (slot->plan.format->codec, slot->encoder_wish,
          &slot->plan, "video-encoder", &slot->choice, &error))
    return give_up (slot, error);
  return settle (slot, encoder_place_open, TRUE);
}

gboolean
encoder_slot_open (EncoderSlot * slot)
{
  gchar *why;

  if (slot->place.encoder == NULL)
    return choose_anew (slot);
  if (!follow_bitrate (slot, encoder_place_open))
    return FALSE;
  if (encoder_place_open (&slot->place))
    return TRUE;
  why = encoder_place_take_complaint (&slot->place);
  return replace (slot, encoder_place_open,
      why ? why : g_strdup ("does not open any more"));
}

gboolean
encoder_slot_takes_memory (EncoderSlot * slot, const GpuMemory * memory)
{
  return encoder_setup_takes_memory (slot->place.encoder, slot->choice.row,
      &slot->plan, slot->place.flowing, memory->feature);
}

/* The encoder that was chosen for @memory goes in. If it does not start after
 * all, the next one does, for system memory. */
static gboolean
move_to_memory (EncoderSlot * slot, const GpuMemory * memory)
{
  gchar *flowing = slot->place.flowing, *why;

  slot->place.flowing = g_strdup (slot->choice.raw_format);
  slot->place.memory = memory;
  encoder_place_unplug (&slot->place);
  if (plug (slot) && encoder_place_link_before (&slot->place)
      && encoder_place_start (&slot->place)) {
    g_free (flowing);
    slot->funcs.changed (&slot->choice, slot->user_data);
    return TRUE;
  }
  g_free (slot->place.flowing);
  slot->place.flowing = flowing;
  slot->place.memory = NULL;
  why = encoder_place_take_complaint (&slot->place);
  replace (slot, encoder_place_start, why ? why : g_strdup ("does not start"));
  return FALSE;
}

gboolean
encoder_slot_use_memory (EncoderSlot * slot, const GpuMemory * memory)
{
  if (slot->place.encoder == NULL || slot->n_given > 0)
    return FALSE;
  if (encoder_slot_takes_memory (slot, memory)) {
    slot->place.memory = memory;
    return TRUE;
  }
  return encoder_choose_for_memory (&slot->choice, memory->feature,
      &slot->plan, "video-encoder") && move_to_memory (slot, memory);
}

void
encoder_slot_reset (EncoderSlot * slot)
{
  slot->n_given = 0;
  slot->place.memory = NULL;
  slot->told = slot->dead = slot->caps_failed = FALSE;
  slot->refused = 0;
  forget_complaint (slot);
  pending_events_forget (&slot->place.pending);
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
