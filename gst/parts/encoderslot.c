/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encoderslot.h"

#include <gst/pbutils/missing-plugins.h>
#include <string.h>

#include "binparts.h"
#include "bitraterequest.h"

/* A request below this is taken as this: less is no picture. */
#define LEAST_KBPS 50

struct _EncoderSlot
{
  GstBin *bin;
  EncoderSlotFuncs funcs;
  gpointer user_data;

  /* The streaming thread's. */
  EchoelPlan plan;
  EncoderChoice choice;
  GstElement *before;           /* not owned: what frames come from */
  GstElement *mend, *exit;
  gchar *flowing;               /* raw format of the frames */
  const GpuMemory *memory;      /* that they are in; NULL: system memory */
  gint64 changed_at;            /* monotonic, us: of the bitrate */
  gboolean told;                /* that the bitrate stays */
  guint64 n_given;              /* frames that an encoder took */
  gboolean dead;                /* an error was posted */

  GMutex lock;                  /* guards what follows */
  GstElement *encoder, *convert;
  gchar *complaint;             /* what the encoder said was wrong */
  guint target;                 /* kbit/s, without requests */
  guint bitrate;                /* kbit/s, in the encoder */
  EchoelBitrateVotes *votes;
};

static gchar *
take_complaint (EncoderSlot * slot)
{
  gchar *complaint;

  g_mutex_lock (&slot->lock);
  complaint = slot->complaint;
  slot->complaint = NULL;
  g_mutex_unlock (&slot->lock);
  return complaint;
}

static gboolean
has_complaint (EncoderSlot * slot)
{
  gboolean has;

  g_mutex_lock (&slot->lock);
  has = slot->complaint != NULL;
  g_mutex_unlock (&slot->lock);
  return has;
}

static gboolean
is_from (GstMessage * message, GstElement * element)
{
  return element != NULL && (GST_MESSAGE_SRC (message) == GST_OBJECT (element)
      || gst_object_has_as_ancestor (GST_MESSAGE_SRC (message),
          GST_OBJECT (element)));
}

gboolean
encoder_slot_take_error (EncoderSlot * slot, GstMessage * message)
{
  gboolean taken = FALSE;
  GError *error;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR
      || GST_MESSAGE_SRC (message) == NULL)
    return FALSE;
  g_mutex_lock (&slot->lock);
  if (is_from (message, slot->encoder) || is_from (message, slot->convert)) {
    taken = TRUE;
    if (slot->complaint == NULL) {
      gst_message_parse_error (message, &error, NULL);
      slot->complaint = g_strdup (error->message);
      g_error_free (error);
    }
  }
  g_mutex_unlock (&slot->lock);
  return taken;
}

/* --- putting one in, taking one out --- */

static GstPad *
pad_of (GstElement * element, const gchar * name)
{
  return gst_element_get_static_pad (element, name);
}

/* Where frames go in: a converter, or the encoder itself. */
static GstPad *
entry_pad (EncoderSlot * slot)
{
  return pad_of (slot->convert ? slot->convert : slot->encoder, "sink");
}

/* What frames must go through to the chosen encoder, as a gst-launch line, or
 * NULL. */
static gchar *
convert_line (EncoderSlot * slot, GstElement * encoder)
{
  const EncoderChoice *choice = &slot->choice;
  gboolean convert = g_strcmp0 (choice->raw_format, slot->flowing) != 0;
  gboolean download = slot->memory != NULL
      && !encoder_setup_takes_memory (encoder, choice->row, &slot->plan,
      slot->flowing, slot->memory->feature);
  GString *line = g_string_new (NULL);

  if (download)
    g_string_append_printf (line, "%s" BIN_PART_SYSTEM_MEMORY " ! ",
        slot->memory->download);
  if (convert || (download && choice->row->upload != NULL))
    g_string_append (line, "videoconvert ! ");
  if (choice->row->upload != NULL)
    g_string_append_printf (line, "%s ! ", choice->row->upload);
  if (line->len > 0)
    g_string_truncate (line, line->len - strlen (" ! "));
  return g_string_free (line, line->len == 0);
}

static gboolean
add_convert (EncoderSlot * slot)
{
  gchar *line = convert_line (slot, slot->encoder);
  GError *error = NULL;
  GstElement *convert;

  if (line == NULL)
    return TRUE;
  convert = gst_parse_bin_from_description_full (line, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);
  g_free (line);
  if (convert == NULL) {
    GST_WARNING_OBJECT (slot->bin, "%s", error->message);
    g_mutex_lock (&slot->lock);
    slot->complaint = g_strdup (error->message);
    g_mutex_unlock (&slot->lock);
    g_error_free (error);
    return FALSE;
  }
  gst_object_set_name (GST_OBJECT (convert), "encoder-convert");
  gst_bin_add (slot->bin, convert);
  g_mutex_lock (&slot->lock);
  slot->convert = convert;
  g_mutex_unlock (&slot->lock);
  return TRUE;
}

static gboolean
add_mend (EncoderSlot * slot)
{
  GstCaps *caps;

  if (!slot->choice.row->mend)
    return TRUE;
  slot->mend = bin_part_make (slot->bin, "capssetter", "encoded-mend");
  if (slot->mend == NULL)
    return FALSE;
  caps = gst_caps_from_string (slot->plan.format->encoded_caps);
  g_object_set (slot->mend, "caps", caps, NULL);
  gst_caps_unref (caps);
  return TRUE;
}

/* Puts the chosen encoder into the bin, linked to the exit. */
static gboolean
plug (EncoderSlot * slot)
{
  gchar *text = echoel_encoder_caps (slot->choice.row, &slot->plan);
  GstCaps *caps = gst_caps_from_string (text);
  GstElement *encoder = slot->choice.element;

  g_object_set (slot->exit, "caps", caps, NULL);
  gst_caps_unref (caps);
  g_free (text);
  slot->choice.element = NULL;
  gst_bin_add (slot->bin, encoder);
  g_mutex_lock (&slot->lock);
  slot->encoder = encoder;
  slot->bitrate = slot->plan.bitrate;
  g_clear_pointer (&slot->complaint, g_free);
  g_mutex_unlock (&slot->lock);
  if (!add_convert (slot) || !add_mend (slot))
    return FALSE;
  if (slot->convert != NULL && !gst_element_link (slot->convert, encoder))
    return FALSE;
  return slot->mend ? gst_element_link_many (encoder, slot->mend, slot->exit,
      NULL) : gst_element_link (encoder, slot->exit);
}

static void
unplug (EncoderSlot * slot)
{
  GstElement *encoder, *convert;

  g_mutex_lock (&slot->lock);
  encoder = slot->encoder;
  convert = slot->convert;
  slot->encoder = slot->convert = NULL;
  g_mutex_unlock (&slot->lock);
  bin_part_remove (slot->bin, &convert);
  bin_part_remove (slot->bin, &encoder);
  bin_part_remove (slot->bin, &slot->mend);
}

static gboolean
link_before (EncoderSlot * slot)
{
  /* Whether the caps fit is seen when they come. */
  return gst_element_link_pads_full (slot->before, "src",
      slot->convert ? slot->convert : slot->encoder, "sink",
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

/* Brings a new encoder to where the stream is. Returns whether it took the
 * caps. */
static gboolean
replay (EncoderSlot * slot)
{
  GstPad *from = pad_of (slot->before, "src");
  Replay replay = { entry_pad (slot), TRUE };

  gst_pad_sticky_events_foreach (from, replay_event, &replay);
  gst_object_unref (replay.to);
  gst_object_unref (from);
  return replay.taken;
}

static gboolean
start (EncoderSlot * slot)
{
  return (slot->mend == NULL || gst_element_sync_state_with_parent (slot->mend))
      && gst_element_sync_state_with_parent (slot->encoder)
      && (slot->convert == NULL
      || gst_element_sync_state_with_parent (slot->convert));
}

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

/* What the encoder would make of the frames that come. */
static GstCaps *
expected_caps (EncoderSlot * slot)
{
  static const gchar *const fields[] = { "width", "height", "framerate" };
  GstPad *pad = pad_of (slot->before, "src");
  GstCaps *raw = gst_pad_get_current_caps (pad);
  GstCaps *caps = gst_caps_from_string (slot->plan.format->encoded_caps);
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
downstream_takes (EncoderSlot * slot)
{
  GstPad *pad = pad_of (slot->encoder, "src");
  GstCaps *made = gst_pad_get_current_caps (pad), *taken;
  gboolean takes;

  if (made == NULL)
    made = expected_caps (slot);
  taken = gst_pad_peer_query_caps (pad, made);
  takes = !gst_caps_is_empty (taken);
  gst_caps_unref (made);
  gst_caps_unref (taken);
  gst_object_unref (pad);
  return takes;
}

static gboolean
is_flushing (EncoderSlot * slot)
{
  GstPad *pad = pad_of (slot->before, "src");
  gboolean flushing = GST_PAD_IS_FLUSHING (pad);

  gst_object_unref (pad);
  return flushing;
}

/* Whether it was the encoder that failed, not what follows it. */
static gboolean
encoder_failed (EncoderSlot * slot, GstFlowReturn flow)
{
  GstFlowReturn behind;
  GstPad *pad;

  if (flow >= GST_FLOW_OK || flow == GST_FLOW_FLUSHING || flow == GST_FLOW_EOS)
    return FALSE;
  pad = pad_of (slot->encoder, "src");
  behind = gst_pad_get_last_flow_return (pad);
  gst_object_unref (pad);
  return behind >= GST_FLOW_OK && downstream_takes (slot)
      && !is_flushing (slot);
}

/* --- changing --- */

/* The chosen encoder takes the place, or the next that does. */
static gboolean
settle (EncoderSlot * slot, gboolean opened)
{
  GError *error = NULL;

  while (opened) {
    gchar *why;

    if (plug (slot) && link_before (slot) && start (slot) && replay (slot)) {
      slot->funcs.changed (&slot->choice, slot->user_data);
      return TRUE;
    }
    why = take_complaint (slot);
    unplug (slot);
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
  unplug (slot);
  opened = encoder_choose_next (&slot->choice, why, &slot->plan,
      "video-encoder", &error);
  g_free (why);
  if (error != NULL) {
    post_refusal (slot, error);
    g_error_free (error);
  }
  return settle (slot, opened);
}

static GstPadProbeReturn
drop_eos (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  return GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS
      ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

/* What the encoder still holds goes on; the end does not. */
static void
drain (EncoderSlot * slot)
{
  GstPad *src = pad_of (slot->encoder, "src"), *sink = entry_pad (slot);

  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, drop_eos, NULL,
      NULL);
  gst_pad_send_event (sink, gst_event_new_eos ());
  gst_object_unref (sink);
  gst_object_unref (src);
}

/* The same encoder anew, with the bitrate of the plan. */
static gboolean
recreate (EncoderSlot * slot)
{
  GError *error = NULL;
  gboolean opened;

  drain (slot);
  unplug (slot);
  opened = encoder_choose_again (&slot->choice, &slot->plan, "video-encoder",
      &error);
  if (error != NULL) {
    post_refusal (slot, error);
    g_error_free (error);
  }
  return settle (slot, opened);
}

/* --- bitrate --- */

static guint
wanted_bitrate (EncoderSlot * slot)
{
  GstClockTime now = (GstClockTime) g_get_monotonic_time () * GST_USECOND;
  guint wanted, lowest;

  g_mutex_lock (&slot->lock);
  wanted = slot->target;
  lowest = echoel_bitrate_votes_lowest (slot->votes, now);
  g_mutex_unlock (&slot->lock);
  if (lowest != 0 && lowest < wanted)
    wanted = MAX (lowest, MIN (wanted, LEAST_KBPS));
  return wanted;
}

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
  guint wanted = wanted_bitrate (slot);
  gint64 now = g_get_monotonic_time ();
  gboolean first = slot->n_given == 0;

  if (wanted == slot->plan.bitrate || (!first && now - slot->changed_at
          < (gint64) slot->choice.row->change_ms * 1000))
    return TRUE;
  if (first || encoder_setup_can_change (slot->encoder, slot->choice.row)) {
    slot->plan.bitrate = wanted;
    encoder_setup_change (slot->encoder, slot->choice.row, &slot->plan);
  } else if (slot->plan.usage == ECHOEL_USAGE_LIVE) {
    slot->plan.bitrate = wanted;
    if (!recreate (slot))
      return FALSE;
  } else {
    tell_once (slot);
    return TRUE;
  }
  slot->changed_at = g_get_monotonic_time ();
  g_mutex_lock (&slot->lock);
  slot->bitrate = wanted;
  g_mutex_unlock (&slot->lock);
  return TRUE;
}

void
encoder_slot_set_bitrate (EncoderSlot * slot, guint kbps)
{
  g_mutex_lock (&slot->lock);
  slot->target = kbps;
  g_mutex_unlock (&slot->lock);
}

void
encoder_slot_request (EncoderSlot * slot, GstEvent * event)
{
  GstClockTime now = (GstClockTime) g_get_monotonic_time () * GST_USECOND;
  const gchar *requester;
  GstClockTime expires;
  guint kbps;

  if (!echoel_bitrate_request_parse (event, &requester, &kbps, &expires)) {
    GST_WARNING ("malformed %" GST_PTR_FORMAT, event);
    return;
  }
  g_mutex_lock (&slot->lock);
  echoel_bitrate_votes_note (slot->votes, requester, kbps, expires, now);
  g_mutex_unlock (&slot->lock);
}

guint
encoder_slot_bitrate (EncoderSlot * slot)
{
  guint kbps;

  g_mutex_lock (&slot->lock);
  kbps = slot->bitrate;
  g_mutex_unlock (&slot->lock);
  return kbps;
}

/* --- the stream --- */

static GstFlowReturn
give (EncoderSlot * slot, GstBuffer * frame)
{
  GstPad *pad = entry_pad (slot);
  GstFlowReturn flow = gst_pad_chain (pad, gst_buffer_ref (frame));

  gst_object_unref (pad);
  return flow;
}

static gchar *
reason (EncoderSlot * slot, GstFlowReturn flow)
{
  gchar *why = take_complaint (slot);

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
    if (!has_complaint (slot)) {
      flow = give (slot, frame);
      if (!encoder_failed (slot, flow))
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

  if (slot->encoder != NULL && !slot->dead && follow_bitrate (slot))
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
  GstPad *pad = entry_pad (slot);
  gboolean taken = gst_pad_send_event (pad, gst_event_ref (event)), ours;
  gchar *why;

  gst_object_unref (pad);
  ours = !taken && downstream_takes (slot) && !is_flushing (slot);
  if (!taken && !ours)
    return GST_PAD_PROBE_OK;    /* fails once more, for all to see */
  if (ours) {
    why = take_complaint (slot);
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
  gchar *why = take_complaint (slot);

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
  if (slot->encoder == NULL)
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
  EncoderSlot *slot = g_new0 (EncoderSlot, 1);
  GError *error = NULL;

  g_mutex_init (&slot->lock);
  slot->bin = bin;
  slot->funcs = *funcs;
  slot->user_data = user_data;
  slot->plan = *plan;
  slot->target = plan->bitrate;
  slot->votes = echoel_bitrate_votes_new ();
  slot->exit = bin_part_filter (bin, gst_caps_new_any (), "encoded-shape");
  if (slot->exit == NULL)
    goto incomplete;
  if (!encoder_choose (plan->format->codec, wish, &slot->plan,
          "video-encoder", &slot->choice, &error)) {
    post_refusal (slot, error);
    g_error_free (error);
    goto incomplete;
  }
  slot->flowing = g_strdup (slot->choice.raw_format);
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

void
encoder_slot_free (EncoderSlot * slot)
{
  if (slot == NULL)
    return;
  unplug (slot);
  bin_part_remove (slot->bin, &slot->exit);
  encoder_choice_clear (&slot->choice);
  echoel_bitrate_votes_free (slot->votes);
  g_free (slot->complaint);
  g_free (slot->flowing);
  g_mutex_clear (&slot->lock);
  g_free (slot);
}

gboolean
encoder_slot_link (EncoderSlot * slot, GstElement * before, GstElement * behind)
{
  GstPad *pad = pad_of (before, "src");

  slot->before = before;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, hand_over, slot, NULL);
  gst_object_unref (pad);
  return link_before (slot) && (behind == NULL
      || gst_element_link (slot->exit, behind));
}

gboolean
encoder_slot_takes_memory (EncoderSlot * slot, const GpuMemory * memory)
{
  return encoder_setup_takes_memory (slot->encoder, slot->choice.row,
      &slot->plan, slot->flowing, memory->feature);
}

/* The one in place goes, without a reason to name. */
static void
swap (EncoderSlot * slot)
{
  GstElement *next = slot->choice.element;

  slot->choice.element = NULL;
  unplug (slot);
  slot->choice.element = next;
}

gboolean
encoder_slot_use_memory (EncoderSlot * slot, const GpuMemory * memory)
{
  if (slot->encoder == NULL || slot->n_given > 0)
    return FALSE;
  if (!encoder_slot_takes_memory (slot, memory)) {
    if (!encoder_choose_for_memory (&slot->choice, memory->feature,
            &slot->plan, "video-encoder"))
      return FALSE;
    g_free (slot->flowing);
    slot->flowing = g_strdup (slot->choice.raw_format);
    slot->memory = memory;
    swap (slot);
    if (!plug (slot) || !link_before (slot) || !start (slot))
      return FALSE;
    slot->funcs.changed (&slot->choice, slot->user_data);
  }
  slot->memory = memory;
  return TRUE;
}

void
encoder_slot_leave_memory (EncoderSlot * slot)
{
  slot->memory = NULL;
}

void
encoder_slot_reset (EncoderSlot * slot)
{
  slot->n_given = 0;
  slot->told = slot->dead = FALSE;
  g_free (take_complaint (slot));
}

const gchar *
encoder_slot_raw_format (EncoderSlot * slot)
{
  return slot->flowing;
}

GstElement *
encoder_slot_exit (EncoderSlot * slot)
{
  return slot->exit;
}
