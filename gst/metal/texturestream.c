/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "texturestream.h"

#include "card.h"
#include "sourcecaps.h"
#include "testcard.h"

GST_DEBUG_CATEGORY_EXTERN (echoelmetalsrc_debug);
#define GST_CAT_DEFAULT echoelmetalsrc_debug

/* How long backend=auto waits for a first texture. */
#define CARD_DELAY (500 * GST_MSECOND)

struct _TextureStream
{
  GstBaseSrc *src;
  TextureFeed *feed;
  const gpointer *states;

  /* Guarded by the object lock of src. */
  const SourceSettings *settings;
  GstClockTime latency;

  gint playing;                 /* atomic: running time counts */
  gint complained;              /* atomic: of the texture before */
  gint renegotiate;             /* atomic: downstream asks for it */
  gint reset_time;              /* atomic: running time starts again */

  /* Streaming thread only. */
  SourceBackend backend;        /* of the settings */
  EchoelFramePace pace;
  TextureFrame like;            /* what was negotiated, as far as it matters */
  TextureTarget target;
  gboolean negotiated, unfit;
  GstBuffer *last;              /* for idle=repeat */
  GstClockTime begin;           /* running time of the first wait */
  Card *card;
};

TextureStream *
texture_stream_new (GstBaseSrc * src, TextureFeed * feed,
    const SourceSettings * settings, const gpointer * states)
{
  TextureStream *self = g_new0 (TextureStream, 1);

  self->src = src;
  self->feed = feed;
  self->settings = settings;
  self->states = states;
  return self;
}

void
texture_stream_free (TextureStream * self)
{
  texture_stream_stop (self);
  g_free (self);
}

void
texture_stream_start (TextureStream * self)
{
  echoel_frame_pace_reset (&self->pace);
  self->pace.period = GST_CLOCK_TIME_NONE;
  self->begin = GST_CLOCK_TIME_NONE;
  self->negotiated = self->unfit = FALSE;
  self->like.backend = NULL;
}

void
texture_stream_stop (TextureStream * self)
{
  gst_clear_buffer (&self->last);
  g_clear_pointer (&self->card, card_free);
}

void
texture_stream_renegotiate (TextureStream * self)
{
  g_atomic_int_set (&self->renegotiate, TRUE);
}

void
texture_stream_reset_time (TextureStream * self)
{
  g_atomic_int_set (&self->reset_time, TRUE);
}

void
texture_stream_set_playing (TextureStream * self, gboolean playing)
{
  g_atomic_int_set (&self->playing, playing);
  /* The streaming thread may have missed that basesrc unlocked it. */
  texture_feed_poke (self->feed);
}

GstClockTime
texture_stream_running_time (TextureStream * self)
{
  return g_atomic_int_get (&self->playing)
      ? gst_element_get_current_running_time (GST_ELEMENT (self->src))
      : GST_CLOCK_TIME_NONE;
}

GstClockTime
texture_stream_latency (TextureStream * self)
{
  GstClockTime latency;

  GST_OBJECT_LOCK (self->src);
  latency = self->latency;
  GST_OBJECT_UNLOCK (self->src);
  return latency;
}

void
texture_stream_complain (TextureStream * self, const gchar * what,
    const gchar * why)
{
  if (g_atomic_int_compare_and_exchange (&self->complained, FALSE, TRUE))
    GST_ELEMENT_WARNING (self->src, STREAM, FORMAT, ("%s", what), ("%s", why));
}

void
texture_stream_praise (TextureStream * self)
{
  g_atomic_int_set (&self->complained, FALSE);
}

static gpointer
state_of (TextureStream * self, const TextureBackend * backend)
{
  const TextureBackend *const *all = texture_backends ();
  guint i;

  for (i = 0; all[i] != backend; i++);
  return self->states[i];
}

/* --- negotiation: streaming thread --------------------------------------- */

static GstClockTime
period_of (const GstVideoInfo * info)
{
  if (GST_VIDEO_INFO_FPS_N (info) <= 0)
    return GST_CLOCK_TIME_NONE;
  return gst_util_uint64_scale_int (GST_SECOND, GST_VIDEO_INFO_FPS_D (info),
      GST_VIDEO_INFO_FPS_N (info));
}

static void
update_latency (TextureStream * self)
{
  GstClockTime latency = echoel_frame_pace_latency (&self->pace);
  gboolean changed;

  GST_OBJECT_LOCK (self->src);
  changed = self->latency != latency;
  self->latency = latency;
  GST_OBJECT_UNLOCK (self->src);
  if (changed)
    gst_element_post_message (GST_ELEMENT (self->src),
        gst_message_new_latency (GST_OBJECT (self->src)));
}

static gboolean
ask_for_meta (TextureStream * self, GstCaps * caps)
{
  GstQuery *query = gst_query_new_allocation (caps, FALSE);
  gboolean takes;

  takes = gst_pad_peer_query (GST_BASE_SRC_PAD (self->src), query)
      && gst_query_find_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  gst_query_unref (query);
  return takes;
}

/* The video info of caps, those of DMA_DRM included: size and rate count. */
static gboolean
info_of_caps (GstVideoInfo * info, GstCaps * caps)
{
  GstStructure *s = gst_caps_get_structure (caps, 0);
  gint width, height;

  if (g_strcmp0 (gst_structure_get_string (s, "format"), "DMA_DRM") != 0)
    return gst_video_info_from_caps (info, caps);
  gst_video_info_init (info);
  gst_structure_get_fraction (s, "framerate", &info->fps_n, &info->fps_d);
  if (!gst_structure_get (s, "width", G_TYPE_INT, &width, "height", G_TYPE_INT,
          &height, NULL))
    return FALSE;
  info->width = width;
  info->height = height;
  return TRUE;
}

/* @possible: (transfer full). Returns: whether downstream takes any of it */
static gboolean
negotiate (TextureStream * self, GstCaps * possible, gint fps_n, gint fps_d)
{
  GstPad *pad = GST_BASE_SRC_PAD (self->src);
  GstCaps *wanted = NULL, *peer = gst_pad_peer_query_caps (pad, NULL), *caps;
  gboolean done;

  g_atomic_int_set (&self->renegotiate, FALSE);
  GST_OBJECT_LOCK (self->src);
  gst_caps_replace (&wanted, self->settings->caps);
  GST_OBJECT_UNLOCK (self->src);
  caps = source_caps_choose (possible, wanted, peer, fps_n, fps_d);
  gst_clear_caps (&wanted);
  gst_caps_unref (peer);
  done = caps != NULL && info_of_caps (&self->target.info, caps)
      && gst_base_src_set_caps (self->src, caps);
  if (done) {
    GST_INFO_OBJECT (self->src, "%" GST_PTR_FORMAT, caps);
    self->target.takes_meta = ask_for_meta (self, caps);
    self->target.in_system = gst_caps_features_is_equal
        (gst_caps_get_features (caps, 0),
        GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY);
    self->pace.period = period_of (&self->target.info);
    update_latency (self);
  }
  gst_clear_caps (&caps);
  return done;
}

static gboolean
is_like (const TextureFrame * a, const TextureFrame * b)
{
  return a->backend == b->backend && a->fourcc == b->fourcc
      && a->modifier == b->modifier && a->target == b->target
      && gst_video_info_is_equal (&a->info, &b->info);
}

/* Says why nothing can be shown; once for each kind of texture in a row. */
static void
post_unfit (TextureStream * self, GstCaps * possible)
{
  GstCaps *peer = gst_pad_peer_query_caps (GST_BASE_SRC_PAD (self->src), NULL);
  gchar *text = gst_caps_to_string (peer);

  gst_caps_unref (peer);
  if (self->negotiated)
    GST_ELEMENT_WARNING (self->src, CORE, NEGOTIATION,
        ("Textures are dropped: what follows accepts only %s.", text),
        ("textures: %" GST_PTR_FORMAT, possible));
  else
    GST_ELEMENT_ERROR (self->src, CORE, NEGOTIATION,
        ("What follows accepts only %s, which these textures are not.", text),
        ("textures: %" GST_PTR_FORMAT, possible));
  g_free (text);
}

static gboolean
open_backend (TextureStream * self, const TextureBackend * backend)
{
  GError *error = NULL;

  if (backend->open == NULL || backend->open (state_of (self, backend), &error))
    return TRUE;
  GST_ELEMENT_ERROR (self->src, RESOURCE, NOT_FOUND,
      ("The textures cannot be reached: nothing is there to read them."),
      ("%s", error ? error->message : "no reason given"));
  g_clear_error (&error);
  return FALSE;
}

/* What was kept has another look than the caps say now. */
static void
forget_last (TextureStream * self, const TextureTarget * before, gboolean same)
{
  if (!same || before->takes_meta != self->target.takes_meta
      || before->in_system != self->target.in_system
      || GST_VIDEO_INFO_FORMAT (&before->info)
      != GST_VIDEO_INFO_FORMAT (&self->target.info))
    gst_clear_buffer (&self->last);
}

/* Returns: whether @frame has, or now gets, caps that downstream takes */
static gboolean
fit_frame (TextureStream * self, const TextureFrame * frame)
{
  gint fps_n = SOURCE_DEFAULT_RATE, fps_d = 1;
  TextureTarget before = self->target;
  GstCaps *possible;
  gboolean same = self->like.backend != NULL && is_like (frame, &self->like);

  if (same && !g_atomic_int_get (&self->renegotiate))
    return !self->unfit;
  if (GST_CLOCK_TIME_IS_VALID (frame->duration) && frame->duration > 0)
    gst_video_guess_framerate (frame->duration, &fps_n, &fps_d);
  self->like = *frame;
  self->unfit = !open_backend (self, frame->backend);
  if (self->unfit)
    return FALSE;
  possible = frame->backend->caps (frame);
  self->unfit = !negotiate (self, gst_caps_ref (possible), fps_n, fps_d);
  /* Downstream going away is no misfit. */
  if (self->unfit && !GST_PAD_IS_FLUSHING (GST_BASE_SRC_PAD (self->src)))
    post_unfit (self, possible);
  self->negotiated |= !self->unfit;
  gst_caps_unref (possible);
  if (!self->unfit)
    forget_last (self, &before, same);
  return !self->unfit;
}

/* --- frames: streaming thread -------------------------------------------- */

static gboolean
is_packed (const TextureFrame * frame, const GstVideoInfo * info)
{
  guint i;

  for (i = 0; i < frame->n_planes; i++)
    if (frame->stride[i] != GST_VIDEO_INFO_PLANE_STRIDE (info, i)
        || frame->offset[i] != GST_VIDEO_INFO_PLANE_OFFSET (info, i))
      return FALSE;
  return TRUE;
}

/* Downstream that does not read GstVideoMeta would read rows where none are,
 * or miss the padding of the last: the one case in which pixels are copied. Takes @buffer over. */
static GstBuffer *
pack (TextureStream * self, GstBuffer * buffer)
{
  const GstVideoInfo *info = &self->target.info;
  GstBuffer *packed = gst_buffer_new_allocate (NULL,
      GST_VIDEO_INFO_SIZE (info), NULL);
  GstVideoFrame from, to;
  gboolean done = FALSE;

  if (packed != NULL && gst_video_frame_map (&from, info, buffer, GST_MAP_READ)) {
    if (gst_video_frame_map (&to, info, packed, GST_MAP_WRITE)) {
      done = gst_video_frame_copy (&to, &from);
      gst_video_frame_unmap (&to);
    }
    gst_video_frame_unmap (&from);
  }
  gst_buffer_unref (buffer);
  if (done)
    texture_feed_count (self->feed, TEXTURE_COUNT_COPIED_BYTES,
        GST_VIDEO_INFO_SIZE (info));
  else
    gst_clear_buffer (&packed);
  return packed;
}

/* Just the bytes that the caps speak of. Takes @buffer over. */
static GstBuffer *
make_plain (TextureStream * self, const TextureFrame * frame,
    GstBuffer * buffer)
{
  const GstVideoInfo *info = &self->target.info;
  gsize size = gst_buffer_get_size (buffer);

  if (!is_packed (frame, info) || size < GST_VIDEO_INFO_SIZE (info))
    return pack (self, buffer);
  if (size > GST_VIDEO_INFO_SIZE (info))
    gst_buffer_resize (buffer, 0, GST_VIDEO_INFO_SIZE (info));
  return buffer;
}

static GstBuffer *
wrap_frame (TextureStream * self, TextureFrame * frame)
{
  GError *error = NULL;
  GstBuffer *buffer = frame->backend->wrap (state_of (self, frame->backend),
      frame, &self->target, &error);

  if (buffer != NULL && self->target.in_system && !self->target.takes_meta
      && gst_buffer_get_video_meta (buffer) != NULL)
    buffer = make_plain (self, frame, buffer);
  if (buffer == NULL)
    texture_stream_complain (self,
        "A texture could not be used and was dropped.",
        error ? error->message : "its pixels cannot be read");
  g_clear_error (&error);
  return buffer;
}

static void
keep_last (TextureStream * self, GstBuffer * buffer)
{
  if (self->pace.idle == ECHOEL_IDLE_REPEAT)
    gst_buffer_replace (&self->last, buffer);
  else
    gst_clear_buffer (&self->last);
}

/* Places @buffer in time; returns whether it is still to be shown. */
static gboolean
stamp (TextureStream * self, const TextureFrame * frame, GstBuffer * buffer)
{
  GstClockTime pts = frame->pts, duration = frame->duration;
  GstClockTime came = frame->came;
  EchoelPaceVerdict verdict;

  if (!GST_CLOCK_TIME_IS_VALID (came))
    came = texture_stream_running_time (self);
  if (!GST_CLOCK_TIME_IS_VALID (came))
    came = self->pace.came;
  verdict = echoel_frame_pace_show (&self->pace, &pts, &duration, came);
  if (verdict == ECHOEL_PACE_LATE)
    return FALSE;
  if (verdict == ECHOEL_PACE_SHOW_NEW_TIMELINE)
    GST_ELEMENT_WARNING (self->src, STREAM, FAILED,
        ("The timestamps of textures went back; they go on from now."),
        ("from %" GST_TIME_FORMAT ", shown at %" GST_TIME_FORMAT,
            GST_TIME_ARGS (frame->pts), GST_TIME_ARGS (pts)));
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration;
  return TRUE;
}

/* Takes @frame. Leaves @buffer alone when the frame is dropped. */
static GstFlowReturn
show_frame (TextureStream * self, TextureFrame * frame, GstBuffer ** buffer)
{
  GstBuffer *made;

  /* Never again: it might go on air in the middle of a show. */
  g_clear_pointer (&self->card, card_free);
  if (!fit_frame (self, frame)) {
    texture_feed_drop (self->feed, frame, TEXTURE_COUNT_DROPPED_UNFIT);
    return self->negotiated ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED;
  }
  made = wrap_frame (self, frame);
  if (made == NULL) {
    texture_feed_drop (self->feed, frame, TEXTURE_COUNT_DROPPED_GONE);
    return GST_FLOW_OK;
  }
  if (!stamp (self, frame, made)) {
    gst_buffer_unref (made);
    texture_feed_drop (self->feed, frame, TEXTURE_COUNT_DROPPED_LATE);
    return GST_FLOW_OK;
  }
  keep_last (self, made);
  texture_feed_shown (self->feed, frame);
  *buffer = made;
  return GST_FLOW_OK;
}

static void
fill_time (TextureStream * self, GstBuffer ** buffer)
{
  GstClockTime pts, duration;

  /* What follows may have changed while no texture came. */
  if (self->last != NULL && !self->unfit
      && g_atomic_int_get (&self->renegotiate)) {
    TextureFrame like = self->like;

    if (!fit_frame (self, &like))
      gst_clear_buffer (&self->last);
  }
  echoel_frame_pace_fill (&self->pace, &pts, &duration);
  if (self->last == NULL || self->pace.idle != ECHOEL_IDLE_REPEAT) {
    texture_feed_count (self->feed, TEXTURE_COUNT_GAPS, 1);
    gst_pad_push_event (GST_BASE_SRC_PAD (self->src), gst_event_new_gap (pts,
            duration));
    return;
  }
  texture_feed_count (self->feed, TEXTURE_COUNT_REPEATED, 1);
  *buffer = gst_buffer_copy (self->last);
  GST_BUFFER_FLAG_UNSET (*buffer, GST_BUFFER_FLAG_DISCONT);
  GST_BUFFER_PTS (*buffer) = pts;
  GST_BUFFER_DURATION (*buffer) = duration;
}

/* --- the test card: streaming thread ------------------------------------- */

static gboolean
is_card_due (TextureStream * self)
{
  return self->backend == SOURCE_BACKEND_PATTERN
      || (self->backend == SOURCE_BACKEND_AUTO
      && !texture_feed_has_started (self->feed));
}

static gboolean
start_card (TextureStream * self)
{
  GstCaps *possible = echoel_test_card_caps ();
  gboolean done = negotiate (self, gst_caps_ref (possible), SOURCE_CARD_RATE,
      1);

  if (!done && !GST_PAD_IS_FLUSHING (GST_BASE_SRC_PAD (self->src)))
    post_unfit (self, possible);
  gst_caps_unref (possible);
  if (!done)
    return FALSE;
  self->negotiated = TRUE;
  if (!GST_CLOCK_TIME_IS_VALID (self->pace.period))
    self->pace.period = GST_SECOND / SOURCE_CARD_RATE;
  if (self->card == NULL && self->backend == SOURCE_BACKEND_AUTO)
    GST_ELEMENT_WARNING (self->src, RESOURCE, NOT_FOUND,
        ("Nobody has pushed a texture: a test card is shown until then."),
        ("backend=pattern shows it without this warning"));
  card_free (self->card);
  self->card = card_new (&self->target.info);
  return TRUE;
}

static GstFlowReturn
show_card (TextureStream * self, GstBuffer ** buffer)
{
  GstClockTime pts = texture_stream_running_time (self), duration =
      self->pace.period;

  if ((self->card == NULL || g_atomic_int_get (&self->renegotiate))
      && !start_card (self))
    return GST_FLOW_NOT_NEGOTIATED;
  if (!GST_CLOCK_TIME_IS_VALID (pts))
    pts = self->begin;
  if (self->pace.started)
    echoel_frame_pace_fill (&self->pace, &pts, &duration);
  else
    echoel_frame_pace_show (&self->pace, &pts, &duration, pts);
  *buffer = card_draw (self->card, pts);
  if (*buffer == NULL)
    return GST_FLOW_ERROR;
  GST_BUFFER_PTS (*buffer) = pts;
  GST_BUFFER_DURATION (*buffer) = self->pace.period;
  return GST_FLOW_OK;
}

/* --- the loop ------------------------------------------------------------ */

/* When something must be shown that nobody pushed: running time. */
static GstClockTime
find_deadline (TextureStream * self, gboolean card)
{
  GstClockTime now = texture_stream_running_time (self);

  if (!GST_CLOCK_TIME_IS_VALID (self->begin))
    self->begin = now;
  if (card && self->card != NULL)
    return self->pace.came + self->pace.period;
  if (card && !GST_CLOCK_TIME_IS_VALID (self->begin))
    return GST_CLOCK_TIME_NONE;
  if (card)
    return self->begin + (self->backend == SOURCE_BACKEND_PATTERN
        ? 0 : CARD_DELAY);
  return echoel_frame_pace_deadline (&self->pace);
}

static TextureNext
wait_for_next (TextureStream * self, gboolean card, TextureFrame ** frame)
{
  GstClock *clock = gst_element_get_clock (GST_ELEMENT (self->src));
  GstClockTime deadline = find_deadline (self, card);
  TextureNext next;

  if (GST_CLOCK_TIME_IS_VALID (deadline))
    deadline += gst_element_get_base_time (GST_ELEMENT (self->src));
  next = texture_feed_wait (self->feed, g_atomic_int_get (&self->playing),
      clock, deadline, frame);
  gst_clear_object (&clock);
  return next;
}

static void
take_settings (TextureStream * self)
{
  GST_OBJECT_LOCK (self->src);
  self->pace.idle = self->settings->idle;
  self->backend = self->settings->backend;
  GST_OBJECT_UNLOCK (self->src);
  if (g_atomic_int_compare_and_exchange (&self->reset_time, TRUE, FALSE)) {
    echoel_frame_pace_reset (&self->pace);
    self->begin = GST_CLOCK_TIME_NONE;
  }
  update_latency (self);
}

GstFlowReturn
texture_stream_next (TextureStream * self, GstBuffer ** buffer)
{
  GstFlowReturn flow = GST_FLOW_OK;

  *buffer = NULL;
  while (flow == GST_FLOW_OK && *buffer == NULL) {
    TextureFrame *frame = NULL;
    gboolean card;

    take_settings (self);
    card = is_card_due (self);
    switch (wait_for_next (self, card, &frame)) {
      case TEXTURE_NEXT_STOP:
        return GST_FLOW_FLUSHING;
      case TEXTURE_NEXT_AGAIN:
        break;
      case TEXTURE_NEXT_END:
        return GST_FLOW_EOS;
      case TEXTURE_NEXT_FRAME:
        flow = show_frame (self, frame, buffer);
        break;
      case TEXTURE_NEXT_DEADLINE:
        if (card)
          flow = show_card (self, buffer);
        else
          fill_time (self, buffer);
        break;
    }
  }
  return flow;
}
