/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mp4track.h"

#include <gst/video/video.h>

#include "priming.h"
#include "sampleentry.h"
#include "upstream.h"

/* AAC frames a second at 48 kHz, and more than other codecs have. */
#define AUDIO_SAMPLES_PER_SECOND 50.0

/* Video that does not say. */
#define VIDEO_SAMPLES_PER_SECOND 60.0

#define AAC_FRAME 1024

/* Times of a picture on different ways differ by roundings only. */
#define SAME_PICTURE GST_MSECOND

/* Events from elements upstream that know more than the stream says. */
#define ENTRY_EVENT "GstEchoelSampleEntry"
#define NAL_EVENT "GstEchoelMetadataNal"

Mp4Track *
mp4_track_new (GstElement * bin, GstPad * ghost, gboolean video)
{
  Mp4Track *track = g_new0 (Mp4Track, 1);

  track->bin = bin;
  track->ghost = ghost;
  track->video = video;
  track->nals = echoel_nal_store_new ();
  sample_filter_init (&track->filter);
  return track;
}

void
mp4_track_free (Mp4Track * track)
{
  mp4_track_reset (track);
  g_clear_pointer (&track->extra, g_bytes_unref);
  echoel_nal_store_free (track->nals);
  sample_filter_clear (&track->filter);
  g_free (track);
}

void
mp4_track_reset (Mp4Track * track)
{
  GST_OBJECT_LOCK (track->bin);
  gst_clear_caps (&track->caps);
  g_clear_pointer (&track->boxes, g_bytes_unref);
  echoel_nal_store_free (track->nals);
  track->nals = echoel_nal_store_new ();
  track->begun = track->ended = track->failed = FALSE;
  track->priming = track->rate = track->to_drop = track->dropped = 0;
  track->reorder = 0;
  GST_OBJECT_UNLOCK (track->bin);
}

/* --- caps ----------------------------------------------------------------- */

static gboolean
is_aac (const GstCaps * caps)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  gint version = 0;

  return gst_structure_has_name (s, "audio/mpeg")
      && gst_structure_get_int (s, "mpegversion", &version) && version == 4;
}

/* What a file has only one of for each track. */
static gboolean
is_same_stream (const GstCaps * before, const GstCaps * now)
{
  static const gchar *const fields[] = { "mpegversion", "width", "height",
    "rate", "channels", "variant", "format", "codec_data"
  };
  const GstStructure *a = gst_caps_get_structure (before, 0);
  const GstStructure *b = gst_caps_get_structure (now, 0);
  guint i;

  if (!gst_structure_has_name (b, gst_structure_get_name (a)))
    return FALSE;
  for (i = 0; i < G_N_ELEMENTS (fields); i++) {
    const GValue *x = gst_structure_get_value (a, fields[i]);
    const GValue *y = gst_structure_get_value (b, fields[i]);

    if (x != NULL && y != NULL && gst_value_compare (x, y) != GST_VALUE_EQUAL)
      return FALSE;
  }
  return TRUE;
}

static EchoelSpan
span_of (GBytes * bytes)
{
  EchoelSpan span = { NULL, 0 };

  if (bytes != NULL)
    span.data = g_bytes_get_data (bytes, &span.size);
  return span;
}

/* Takes @boxes (nullable). */
static void
add_boxes (Mp4Track * track, GBytes * boxes)
{
  GByteArray *all;

  if (boxes == NULL)
    return;
  GST_OBJECT_LOCK (track->bin);
  all = echoel_boxes_merge (span_of (track->boxes), span_of (boxes));
  g_clear_pointer (&track->boxes, g_bytes_unref);
  track->boxes = g_byte_array_free_to_bytes (all);
  GST_OBJECT_UNLOCK (track->bin);
  g_bytes_unref (boxes);
}

static void
take_caps (Mp4Track * track, GstCaps * caps)
{
  gint rate = 0;

  sample_filter_set_caps (&track->filter, caps);
  GST_OBJECT_LOCK (track->bin);
  gst_caps_replace (&track->caps, caps);
  if (gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate)
      && rate > 0)
    track->rate = (guint32) rate;
  GST_OBJECT_UNLOCK (track->bin);
  if (track->video)
    add_boxes (track,
        g_byte_array_free_to_bytes (echoel_sample_entry_boxes (caps)));
}

static GstPadProbeReturn
on_caps (Mp4Track * track, GstEvent * event)
{
  GstCaps *caps, *before;
  gchar *from, *to;

  gst_event_parse_caps (event, &caps);
  GST_OBJECT_LOCK (track->bin);
  before = track->caps ? gst_caps_ref (track->caps) : NULL;
  GST_OBJECT_UNLOCK (track->bin);
  if (before == NULL || !track->begun || is_same_stream (before, caps)) {
    gst_clear_caps (&before);
    take_caps (track, caps);
    return GST_PAD_PROBE_OK;
  }
  track->failed = TRUE;
  from = gst_caps_to_string (before);
  to = gst_caps_to_string (caps);
  GST_ELEMENT_ERROR (track->bin, STREAM, FORMAT,
      ("The %s stream changes in the middle of the file, which MP4 players "
          "do not follow: begin a new file.", track->video ? "video"
          : "audio"), ("%s: from %s to %s", GST_PAD_NAME (track->ghost), from,
          to));
  g_free (from);
  g_free (to);
  gst_caps_unref (before);
  return GST_PAD_PROBE_DROP;
}

/* --- buffers -------------------------------------------------------------- */

static guint32
find_priming (Mp4Track * track)
{
  const gchar *encoder;
  guint32 samples = 0;

  if (track->wanted_priming >= 0)
    return (guint32) track->wanted_priming;
  if (track->caps == NULL || !is_aac (track->caps))
    return 0;
  encoder = upstream_find_audio_encoder (track->ghost);
  if (encoder != NULL && !echoel_priming_find (encoder, &samples))
    GST_WARNING_OBJECT (track->bin, "what %s puts in front of the sound is not "
        "known: set audio-priming", encoder);
  return samples;
}

static void
on_first_buffer (Mp4Track * track, GstBuffer * buffer)
{
  guint32 priming = track->video ? 0 : find_priming (track);

  add_boxes (track, sample_filter_config (&track->filter, buffer));
  track->on_begin (track->bin);
  GST_OBJECT_LOCK (track->bin);
  track->begun = TRUE;
  if (track->drop_priming && track->caps != NULL && is_aac (track->caps)) {
    track->to_drop = echoel_priming_whole (priming, AAC_FRAME);
    priming -= track->to_drop;
  }
  track->priming = priming;
  if (track->video && GST_BUFFER_PTS_IS_VALID (buffer)
      && GST_BUFFER_DTS_IS_VALID (buffer)
      && GST_BUFFER_PTS (buffer) > GST_BUFFER_DTS (buffer))
    track->reorder = GST_BUFFER_PTS (buffer) - GST_BUFFER_DTS (buffer);
  GST_OBJECT_UNLOCK (track->bin);
}

/* Moves sound up by what was dropped in front of it. */
static GstBuffer *
move_up (Mp4Track * track, GstBuffer * buffer)
{
  GstClockTime by = gst_util_uint64_scale_round (track->dropped, GST_SECOND,
      MAX (track->rate, 1));

  buffer = gst_buffer_make_writable (buffer);
  if (GST_BUFFER_PTS_IS_VALID (buffer))
    GST_BUFFER_PTS (buffer) -= MIN (by, GST_BUFFER_PTS (buffer));
  if (GST_BUFFER_DTS_IS_VALID (buffer))
    GST_BUFFER_DTS (buffer) -= MIN (by, GST_BUFFER_DTS (buffer));
  return buffer;
}

/* Metadata that came for this picture. */
static GstBuffer *
insert_nals (Mp4Track * track, GstPad * pad, GstBuffer * buffer)
{
  GstEvent *event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  GByteArray *units[2] = { NULL, NULL };
  const GstSegment *segment;
  EchoelNalPlace place;
  GstClockTime time;

  if (event == NULL)
    return buffer;
  gst_event_parse_segment (event, &segment);
  time = gst_segment_to_running_time (segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (buffer));
  gst_event_unref (event);
  GST_OBJECT_LOCK (track->bin);
  for (place = ECHOEL_NAL_FIRST; place <= ECHOEL_NAL_LAST; place++)
    if (GST_CLOCK_TIME_IS_VALID (time))
      units[place] = echoel_nal_store_take (track->nals, time, SAME_PICTURE,
          place, track->filter.nals.length_size);
  GST_OBJECT_UNLOCK (track->bin);
  for (place = ECHOEL_NAL_FIRST; place <= ECHOEL_NAL_LAST; place++)
    buffer = sample_filter_insert (&track->filter, buffer, place, units[place]);
  return buffer;
}

static GstBuffer *
filter_picture (Mp4Track * track, GstPad * pad, GstBuffer * buffer)
{
  gboolean waiting;

  buffer = sample_filter_clean (&track->filter, buffer);
  if (track->filter.nals.kind == ECHOEL_NALS_NONE)
    return buffer;
  GST_OBJECT_LOCK (track->bin);
  waiting = echoel_nal_store_waiting (track->nals) > 0;
  GST_OBJECT_UNLOCK (track->bin);
  return waiting ? insert_nals (track, pad, buffer) : buffer;
}

static GstPadProbeReturn
on_buffer (Mp4Track * track, GstPad * pad, GstPadProbeInfo * info)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  if (track->failed) {
    gst_buffer_unref (buffer);
    GST_PAD_PROBE_INFO_DATA (info) = NULL;
    GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_ERROR;
    return GST_PAD_PROBE_HANDLED;
  }
  if (!track->begun)
    on_first_buffer (track, buffer);
  if (track->video) {
    GST_PAD_PROBE_INFO_DATA (info) = filter_picture (track, pad, buffer);
    return GST_PAD_PROBE_OK;
  }
  if (track->to_drop > 0) {
    track->to_drop -= AAC_FRAME;
    track->dropped += AAC_FRAME;
    return GST_PAD_PROBE_DROP;
  }
  if (track->dropped > 0)
    GST_PAD_PROBE_INFO_DATA (info) = move_up (track, buffer);
  return GST_PAD_PROBE_OK;
}

static void
on_custom (Mp4Track * track, GstEvent * event)
{
  const GstStructure *s = gst_event_get_structure (event);
  GstBuffer *buffer = NULL;
  gboolean last = FALSE;
  guint64 time = GST_CLOCK_TIME_NONE;

  if (gst_structure_has_name (s, ENTRY_EVENT)
      && gst_structure_get (s, "boxes", GST_TYPE_BUFFER, &buffer, NULL)) {
    mp4_track_set_boxes (track, buffer);
  } else if (gst_structure_has_name (s, NAL_EVENT)
      && gst_structure_get (s, "nal", GST_TYPE_BUFFER, &buffer,
          "running-time", G_TYPE_UINT64, &time, NULL)) {
    gst_structure_get_boolean (s, "last", &last);
    mp4_track_add_nal (track, time, last ? ECHOEL_NAL_LAST : ECHOEL_NAL_FIRST,
        buffer);
  }
  gst_clear_buffer (&buffer);
}

static GstPadProbeReturn
on_item (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Mp4Track *track = user_data;
  GstEvent *event;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    return on_buffer (track, pad, info);
  event = GST_PAD_PROBE_INFO_EVENT (info);
  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS)
    return on_caps (track, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    mp4_track_reset (track);
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS) {
    GST_OBJECT_LOCK (track->bin);
    track->ended = TRUE;
    GST_OBJECT_UNLOCK (track->bin);
  }
  if (GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_DOWNSTREAM
      || GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_DOWNSTREAM_STICKY
      || GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_DOWNSTREAM_OOB)
    on_custom (track, event);
  return GST_PAD_PROBE_OK;
}

/* --- from elsewhere ------------------------------------------------------- */

static GBytes *
bytes_of (GstBuffer * buffer)
{
  gpointer data;
  gsize size;

  gst_buffer_extract_dup (buffer, 0, gst_buffer_get_size (buffer), &data,
      &size);
  return g_bytes_new_take (data, size);
}

gboolean
mp4_track_set_boxes (Mp4Track * track, GstBuffer * boxes)
{
  GBytes *bytes = bytes_of (boxes);

  if (!track->video || !echoel_boxes_are_whole (span_of (bytes))) {
    g_bytes_unref (bytes);
    return FALSE;
  }
  GST_OBJECT_LOCK (track->bin);
  g_clear_pointer (&track->extra, g_bytes_unref);
  track->extra = bytes;
  GST_OBJECT_UNLOCK (track->bin);
  return TRUE;
}

gboolean
mp4_track_add_nal (Mp4Track * track, GstClockTime time, EchoelNalPlace place,
    GstBuffer * nal)
{
  GBytes *bytes;

  if (!track->video || !GST_CLOCK_TIME_IS_VALID (time)
      || gst_buffer_get_size (nal) == 0)
    return FALSE;
  bytes = bytes_of (nal);
  GST_OBJECT_LOCK (track->bin);
  echoel_nal_store_add (track->nals, time, place, bytes);
  GST_OBJECT_UNLOCK (track->bin);
  g_bytes_unref (bytes);
  return TRUE;
}

/* --- the muxer ------------------------------------------------------------ */

gboolean
mp4_track_attach (Mp4Track * track, GstElement * mux)
{
  track->mux_pad = gst_element_request_pad_simple (mux,
      GST_PAD_NAME (track->ghost));
  if (track->mux_pad == NULL)
    return FALSE;
  track->probe = gst_pad_add_probe (track->mux_pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM
      | GST_PAD_PROBE_TYPE_EVENT_FLUSH, on_item, track, NULL);
  return gst_ghost_pad_set_target (GST_GHOST_PAD (track->ghost),
      track->mux_pad);
}

void
mp4_track_detach (Mp4Track * track, GstElement * mux)
{
  if (track->mux_pad == NULL)
    return;
  gst_element_release_request_pad (mux, track->mux_pad);
  gst_ghost_pad_set_target (GST_GHOST_PAD (track->ghost), NULL);
  gst_pad_remove_probe (track->mux_pad, track->probe);
  gst_clear_object (&track->mux_pad);
}

static gdouble
samples_per_second (const Mp4Track * track)
{
  gint n = 0, d = 1;

  if (!track->video)
    return AUDIO_SAMPLES_PER_SECOND;
  if (track->caps != NULL && gst_structure_get_fraction
      (gst_caps_get_structure (track->caps, 0), "framerate", &n, &d)
      && n > 0 && d > 0)
    return (gdouble) n / d;
  return VIDEO_SAMPLES_PER_SECOND;
}

gdouble
mp4_track_fill (const Mp4Track * track, EchoelTrackFix * fix)
{
  GByteArray *boxes = echoel_boxes_merge (span_of (track->boxes),
      span_of (track->extra));

  fix->priming = track->priming;
  fix->rate = track->rate;
  fix->reorder = track->reorder;
  fix->boxes = g_byte_array_free_to_bytes (boxes);
  return samples_per_second (track);
}
