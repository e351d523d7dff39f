/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-echoelmp4mux
 * @title: echoelmp4mux
 *
 * Makes MP4 and MOV files that every player and platform takes: picture and
 * sound together to the sample, durations that are exact, the index in front,
 * and a file that plays whatever happens while it is written.
 *
 * It is a bin around mp4mux or qtmux, with their request pads. Behind the
 * muxer the file is laid out anew and its index corrected; in front of it
 * access units are cleaned of what does not belong into a file.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 filesrc location=in.mp4 ! decodebin name=d  d. ! queue ! echoelpreset name=p platform=tiktok ! queue ! mux.  d. ! queue ! p.audio_sink  p.audio_src ! queue ! mux.  echoelmp4mux name=mux ! filesink location=out.mp4
 * ]| A file for TikTok.
 * |[
 * gst-launch-1.0 -e videotestsrc is-live=true ! x264enc tune=zerolatency ! h264parse ! echoelmp4mux ! filesink location=recording.mp4
 * ]| A recording that plays even when the program is killed over it.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "../echoelelements.h"

#include <gst/pbutils/missing-plugins.h>
#include <string.h>

#include "mp4track.h"
#include "moovwriter.h"
#include "stallwatch.h"

GST_DEBUG_CATEGORY (echoelmp4mux_debug);
#define GST_CAT_DEFAULT echoelmp4mux_debug

#define GST_TYPE_ECHOEL_MP4_MUX (gst_echoel_mp4_mux_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelMp4Mux, gst_echoel_mp4_mux, GST,
    ECHOEL_MP4_MUX, GstBin);

/* The index is brought up to date this often. */
#define UPDATE_PERIOD (500 * GST_MSECOND)
#define FRAGMENT_MSECONDS 500

/* The muxer reserves room for an index of a whole day, in a file that only it
 * sees: positions in it must stay below 4 GiB. */
#define MUXER_DURATION (24 * 3600 * GST_SECOND)
#define MUXER_BYTES_PER_SECOND 2500
#define MUXER_RESERVE ((guint64) 1 << 30)

/* Units per second for gaps in front of a track; days fit into 32 bits. */
#define MUXER_TIMESCALE 48000

enum
{
  SIGNAL_SET_SAMPLE_ENTRY_BOXES,
  SIGNAL_INSERT_NAL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _GstEchoelMp4Mux
{
  GstBin parent;

  Mp4Settings settings;         /* guarded by the object lock */
  GstPad *src;

  /* From READY on. */
  Mp4Settings used;
  GstElement *mux, *writer;

  GPtrArray *tracks;            /* Mp4Track; guarded by the object lock */
  GMutex in_use;                /* held while a signal uses a track, and to
                                 * free one; taken before the object lock */
  guint next_video, next_audio;

  StallWatch watch;
  gboolean has_played;          /* guarded by the object lock */
  gboolean told;                /* of a stall; guarded by the object lock */
};

#define VIDEO_CAPS \
    "video/x-h264, stream-format=(string){ avc, avc3 }, " \
    "alignment=(string)au; " \
    "video/x-h265, stream-format=(string){ hvc1, hev1 }, " \
    "alignment=(string)au; " \
    "video/x-av1, stream-format=(string)obu-stream, alignment=(string)tu; " \
    "video/x-prores; video/x-vp9; " \
    "video/mpeg, mpegversion=(int)4, systemstream=(boolean)false; " \
    "image/jpeg"
#define AUDIO_CAPS \
    "audio/mpeg, mpegversion=(int)4, stream-format=(string)raw; " \
    "audio/mpeg, mpegversion=(int)1; audio/x-alac; audio/x-ac3; " \
    "audio/x-opus; audio/x-raw, layout=(string)interleaved"

static GstStaticPadTemplate video_template =
GST_STATIC_PAD_TEMPLATE ("video_%u", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS (VIDEO_CAPS));
static GstStaticPadTemplate audio_template =
GST_STATIC_PAD_TEMPLATE ("audio_%u", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS (AUDIO_CAPS));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/quicktime, variant=(string){ iso, apple }; "
        "video/quicktime"));

G_DEFINE_FINAL_TYPE (GstEchoelMp4Mux, gst_echoel_mp4_mux, GST_TYPE_BIN);
GST_ELEMENT_REGISTER_DEFINE (echoelmp4mux, "echoelmp4mux", GST_RANK_NONE,
    GST_TYPE_ECHOEL_MP4_MUX);

/* --- what the index must say ---------------------------------------------- */

/* Pictures first, as most players list them. */
static gint
by_name (gconstpointer a, gconstpointer b)
{
  const Mp4Track *x = *(Mp4Track * const *) a, *y = *(Mp4Track * const *) b;

  if (x->video != y->video)
    return x->video ? -1 : 1;
  return g_strcmp0 (GST_PAD_NAME (x->ghost), GST_PAD_NAME (y->ghost));
}

/* With the object lock. */
static void
fill_needs (GstEchoelMp4Mux * self, MoovNeeds * needs)
{
  EchoelMoovPlan *plan = &needs->plan;
  guint i;

  plan->edit_lists = self->used.edit_list;
  plan->fragmented = self->used.safety == MP4_SAFETY_FRAGMENTED;
  plan->quicktime = self->used.container == MP4_CONTAINER_MOV;
  plan->video = needs->video;
  plan->audio = needs->audio;
  for (i = 0; i < self->tracks->len; i++) {
    const Mp4Track *track = g_ptr_array_index (self->tracks, i);
    guint *n = track->video ? &plan->n_video : &plan->n_audio;
    EchoelTrackFix *fixes = track->video ? needs->video : needs->audio;

    if (*n < MOOV_WRITER_MOST_TRACKS)
      needs->samples_per_second += mp4_track_fill (track, &fixes[(*n)++]);
  }
}

/* The longest that any of the sources says. */
static GstClockTime
find_duration (GstEchoelMp4Mux * self)
{
  GstClockTime longest = GST_CLOCK_TIME_NONE;
  GList *pads = NULL, *item;
  guint i;

  if (GST_CLOCK_TIME_IS_VALID (self->used.reserve_duration))
    return self->used.reserve_duration;
  GST_OBJECT_LOCK (self);
  for (i = 0; i < self->tracks->len; i++) {
    Mp4Track *track = g_ptr_array_index (self->tracks, i);

    pads = g_list_prepend (pads, gst_object_ref (track->ghost));
  }
  GST_OBJECT_UNLOCK (self);
  for (item = pads; item != NULL; item = item->next) {
    gint64 duration;

    if (gst_pad_peer_query_duration (item->data, GST_FORMAT_TIME, &duration)
        && duration > 0 && (!GST_CLOCK_TIME_IS_VALID (longest)
            || (GstClockTime) duration > longest))
      longest = (GstClockTime) duration;
  }
  g_list_free_full (pads, gst_object_unref);
  return longest;
}

static void
get_needs (gpointer user_data, MoovNeeds * needs)
{
  GstEchoelMp4Mux *self = user_data;

  GST_OBJECT_LOCK (self);
  fill_needs (self, needs);
  GST_OBJECT_UNLOCK (self);
}

static GstClockTime
get_duration (gpointer user_data)
{
  return find_duration (user_data);
}

/* --- streams that never come ---------------------------------------------- */

/* With the object lock. Returns: (transfer full) (nullable): the pad on which
 * nothing has come, while @waiting, which is set, has data. */
static GstPad *
find_missing (GstEchoelMp4Mux * self, GstPad ** waiting)
{
  GstPad *missing = NULL;
  guint i;

  for (i = 0; i < self->tracks->len; i++) {
    const Mp4Track *track = g_ptr_array_index (self->tracks, i);

    if (track->begun && *waiting == NULL)
      *waiting = gst_object_ref (track->ghost);
    else if (!track->begun && !track->ended && missing == NULL)
      missing = gst_object_ref (track->ghost);
  }
  return missing;
}

/* A live source gives nothing while the pipeline is paused. */
static gboolean
is_resting (GstEchoelMp4Mux * self, GstPad * missing)
{
  GstQuery *query = gst_query_new_latency ();
  gboolean live = FALSE;

  if (GST_STATE (self) != GST_STATE_PLAYING
      && gst_pad_peer_query (missing, query))
    gst_query_parse_latency (query, &live, NULL, NULL);
  gst_query_unref (query);
  return live;
}

static void
post_missing (GstElement * element, gpointer user_data)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (element);
  GstPad *missing, *waiting = NULL;
  gboolean told;

  GST_OBJECT_LOCK (self);
  missing = find_missing (self, &waiting);
  GST_OBJECT_UNLOCK (self);
  if (missing != NULL && waiting != NULL && !is_resting (self, missing)) {
    GST_OBJECT_LOCK (self);
    told = self->told;
    self->told = TRUE;
    GST_OBJECT_UNLOCK (self);
    if (!told)
      GST_ELEMENT_ERROR (self, STREAM, MUX,
          ("Nothing has come on %s in %.1f s, and %s waits for it: link it to "
              "a stream that runs, or do not request it.",
              GST_PAD_NAME (missing),
              (gdouble) self->used.stall_timeout / GST_SECOND,
              GST_PAD_NAME (waiting)),
          ("stall-timeout=%" G_GUINT64_FORMAT, self->used.stall_timeout));
  }
  gst_clear_object (&missing);
  gst_clear_object (&waiting);
}

/* Of a pipeline that was paused nothing is asked until it plays again. The
 * clock's thread is shared: others are asked from another one. */
static gboolean
check_stall (GstElement * element)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (element);
  GstPad *missing, *waiting = NULL;
  gboolean stalls, paused;

  GST_OBJECT_LOCK (self);
  missing = find_missing (self, &waiting);
  stalls = missing != NULL && waiting != NULL && !self->told;
  paused = self->has_played && GST_STATE (self) != GST_STATE_PLAYING;
  GST_OBJECT_UNLOCK (self);
  gst_clear_object (&missing);
  gst_clear_object (&waiting);
  if (stalls && !paused)
    gst_element_call_async (element, post_missing, NULL, NULL);
  return stalls;
}

static void
start_watch (GstElement * element)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (element);
  guint n;

  GST_OBJECT_LOCK (self);
  n = self->tracks->len;
  GST_OBJECT_UNLOCK (self);
  if (self->used.stall_timeout > 0 && n > 1
      && GST_CLOCK_TIME_IS_VALID (self->used.stall_timeout))
    stall_watch_start (&self->watch, self->used.stall_timeout);
}

/* --- the inside ----------------------------------------------------------- */

static GstElement *
make_mux (GstEchoelMp4Mux * self)
{
  const gchar *factory = self->used.container == MP4_CONTAINER_MOV
      ? "qtmux" : "mp4mux";
  GstElement *mux = gst_element_factory_make (factory, "mux");

  if (mux == NULL) {
    gst_element_post_message (GST_ELEMENT (self),
        gst_missing_element_message_new (GST_ELEMENT (self), factory));
    GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
        ("The element %s is not installed: it is in gst-plugins-good.",
            factory), (NULL));
  }
  return mux;
}

static void
configure_mux (GstEchoelMp4Mux * self)
{
  guint n = MAX (self->tracks->len, 1);
  guint64 rate = MUXER_RESERVE * GST_SECOND / MUXER_DURATION / n / 2;

  g_object_set (self->mux, "movie-timescale", MUXER_TIMESCALE, NULL);
  if (self->used.safety == MP4_SAFETY_FRAGMENTED)
    g_object_set (self->mux, "fragment-duration", FRAGMENT_MSECONDS, NULL);
  if (self->used.safety == MP4_SAFETY_ROBUST)
    g_object_set (self->mux,
        "reserved-max-duration", (guint64) MUXER_DURATION,
        "reserved-bytes-per-sec", (guint) MIN (rate, MUXER_BYTES_PER_SECOND),
        "reserved-moov-update-period", (guint64) UPDATE_PERIOD, NULL);
}

static gboolean
attach (GstEchoelMp4Mux * self, Mp4Track * track)
{
  track->on_begin = start_watch;
  track->wanted_priming = self->used.audio_priming;
  track->drop_priming = self->used.edit_list == ECHOEL_EDIT_LISTS_NEVER;
  return mp4_track_attach (track, self->mux);
}

static void
attach_all (GstEchoelMp4Mux * self)
{
  guint i;

  GST_OBJECT_LOCK (self);
  g_ptr_array_sort (self->tracks, by_name);
  GST_OBJECT_UNLOCK (self);
  for (i = 0; i < self->tracks->len; i++) {
    Mp4Track *track = g_ptr_array_index (self->tracks, i);

    if (attach (self, track))
      continue;
    GST_ELEMENT_ERROR (self, CORE, PAD,
        ("The muxer has no pad for %s.", GST_PAD_NAME (track->ghost)), (NULL));
  }
}

static void
remove_part (GstEchoelMp4Mux * self, GstElement ** part)
{
  if (*part == NULL)
    return;
  gst_element_set_locked_state (*part, TRUE);
  gst_element_set_state (*part, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), *part);
  *part = NULL;
}

static void
take_down (GstEchoelMp4Mux * self)
{
  guint i;

  gst_ghost_pad_set_target (GST_GHOST_PAD (self->src), NULL);
  if (self->mux != NULL)
    for (i = 0; i < self->tracks->len; i++)
      mp4_track_detach (g_ptr_array_index (self->tracks, i), self->mux);
  remove_part (self, &self->mux);
  remove_part (self, &self->writer);
}

static gboolean
check_settings (GstEchoelMp4Mux * self)
{
  GST_OBJECT_LOCK (self);
  self->used = self->settings;
  GST_OBJECT_UNLOCK (self);
  if (self->used.edit_list != ECHOEL_EDIT_LISTS_NEVER
      || self->used.safety != MP4_SAFETY_FRAGMENTED)
    return TRUE;
  GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
      ("edit-list=never needs the whole index at the end: set safety=robust or "
          "safety=fast."), ("safety=fragmented"));
  return FALSE;
}

static gboolean
build (GstEchoelMp4Mux * self)
{
  GstPad *pad;

  if (!check_settings (self))
    return FALSE;
  self->mux = make_mux (self);
  if (self->mux == NULL)
    return FALSE;
  self->writer = moov_writer_new ("layout", self->used.safety, get_needs,
      get_duration, self);
  gst_bin_add_many (GST_BIN (self), self->mux, self->writer, NULL);
  configure_mux (self);
  gst_element_link (self->mux, self->writer);
  attach_all (self);
  pad = gst_element_get_static_pad (self->writer, "src");
  gst_ghost_pad_set_target (GST_GHOST_PAD (self->src), pad);
  gst_object_unref (pad);
  return TRUE;
}

/* After our own error the muxer says that it could not go on. */
static void
gst_echoel_mp4_mux_handle_message (GstBin * bin, GstMessage * message)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (bin);

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR
      && GST_MESSAGE_SRC (message) == GST_OBJECT (self->mux)
      && moov_writer_has_failed (self->writer)) {
    gst_message_unref (message);
    return;
  }
  GST_BIN_CLASS (gst_echoel_mp4_mux_parent_class)->handle_message (bin,
      message);
}

static GstStateChangeReturn
gst_echoel_mp4_mux_change_state (GstElement * element, GstStateChange change)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (element);
  GstStateChangeReturn result;
  guint i;

  if (change == GST_STATE_CHANGE_NULL_TO_READY && !build (self))
    return GST_STATE_CHANGE_FAILURE;
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
    stall_watch_stop (&self->watch);
  GST_OBJECT_LOCK (self);
  self->has_played |= change == GST_STATE_CHANGE_PAUSED_TO_PLAYING;
  self->has_played &= change != GST_STATE_CHANGE_PAUSED_TO_READY;
  self->told &= change != GST_STATE_CHANGE_PAUSED_TO_READY;
  GST_OBJECT_UNLOCK (self);
  result = GST_ELEMENT_CLASS (gst_echoel_mp4_mux_parent_class)
      ->change_state (element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
    for (i = 0; i < self->tracks->len; i++)
      mp4_track_reset (g_ptr_array_index (self->tracks, i));
  if (change == GST_STATE_CHANGE_READY_TO_NULL
      || (change == GST_STATE_CHANGE_NULL_TO_READY
          && result == GST_STATE_CHANGE_FAILURE))
    take_down (self);
  return result;
}

/* --- pads ----------------------------------------------------------------- */

/* The name asked for, or the next one that is free. */
static gchar *
name_pad (GstEchoelMp4Mux * self, const gchar * wanted, gboolean video)
{
  guint *next = video ? &self->next_video : &self->next_audio;
  guint64 number;

  if (wanted != NULL && g_ascii_string_to_unsigned (wanted + strlen ("video_"),
          10, 0, G_MAXINT32, &number, NULL)) {
    *next = MAX (*next, (guint) number + 1);
    return g_strdup (wanted);
  }
  return g_strdup_printf (video ? "video_%u" : "audio_%u", (*next)++);
}

static GstPad *
gst_echoel_mp4_mux_request_new_pad (GstElement * element,
    GstPadTemplate * template, const gchar * wanted, const GstCaps * caps)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (element);
  gboolean video = g_str_has_prefix (template->name_template, "video");
  gchar *name = name_pad (self, wanted, video);
  Mp4Track *track;
  GstPad *ghost;

  ghost = gst_ghost_pad_new_no_target_from_template (name, template);
  g_free (name);
  track = mp4_track_new (element, ghost, video);
  if (self->mux != NULL && !attach (self, track)) {
    GST_WARNING_OBJECT (self, "the file has begun: no more pads");
    mp4_track_free (track);
    gst_object_unref (gst_object_ref_sink (ghost));
    return NULL;
  }
  GST_OBJECT_LOCK (self);
  g_ptr_array_add (self->tracks, track);
  GST_OBJECT_UNLOCK (self);
  if (GST_STATE (self) > GST_STATE_READY
      || GST_STATE_NEXT (self) > GST_STATE_READY)
    gst_pad_set_active (ghost, TRUE);
  gst_element_add_pad (element, ghost);
  return ghost;
}

static void
gst_echoel_mp4_mux_release_pad (GstElement * element, GstPad * pad)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (element);
  Mp4Track *track = NULL;
  guint i;

  GST_OBJECT_LOCK (self);
  for (i = 0; i < self->tracks->len && track == NULL; i++) {
    track = g_ptr_array_index (self->tracks, i);
    if (track->ghost == pad)
      g_ptr_array_remove_index (self->tracks, i);
    else
      track = NULL;
  }
  GST_OBJECT_UNLOCK (self);
  if (track == NULL)
    return;
  /* Upstream may wait inside the muxer, which lets go of it with its pad. */
  GST_OBJECT_LOCK (pad);
  GST_PAD_SET_FLUSHING (pad);
  GST_OBJECT_UNLOCK (pad);
  if (self->mux != NULL)
    mp4_track_detach (track, self->mux);
  gst_pad_set_active (pad, FALSE);
  g_mutex_lock (&self->in_use);
  mp4_track_free (track);
  g_mutex_unlock (&self->in_use);
  gst_element_remove_pad (element, pad);
}

/* --- signals -------------------------------------------------------------- */

/* With the lock in_use, which must last for as long as the track is used. */
static Mp4Track *
find_track (GstEchoelMp4Mux * self, GstPad * pad)
{
  Mp4Track *found = NULL;
  guint i;

  GST_OBJECT_LOCK (self);
  for (i = 0; i < self->tracks->len && found == NULL; i++) {
    Mp4Track *track = g_ptr_array_index (self->tracks, i);

    if (track->ghost == pad)
      found = track;
  }
  GST_OBJECT_UNLOCK (self);
  return found;
}

static gboolean
set_sample_entry_boxes (GstEchoelMp4Mux * self, GstPad * pad, GstBuffer * boxes)
{
  Mp4Track *track;
  gboolean done;

  g_mutex_lock (&self->in_use);
  track = find_track (self, pad);
  done = track != NULL && boxes != NULL && mp4_track_set_boxes (track, boxes);
  g_mutex_unlock (&self->in_use);
  return done;
}

static gboolean
insert_nal (GstEchoelMp4Mux * self, GstPad * pad, guint64 running_time,
    gboolean last, GstBuffer * nal)
{
  Mp4Track *track;
  gboolean done;

  g_mutex_lock (&self->in_use);
  track = find_track (self, pad);
  done = track != NULL && nal != NULL && mp4_track_add_nal (track,
      running_time, last ? ECHOEL_NAL_LAST : ECHOEL_NAL_FIRST, nal);
  g_mutex_unlock (&self->in_use);
  return done;
}

/**
 * GstEchoelMp4Mux::set-sample-entry-boxes:
 * @pad: a video pad
 * @boxes: whole boxes, such as dvvC, one behind the other
 *
 * The boxes go into the sample entry of @pad, in place of boxes of the same
 * type and of what was set before.
 *
 * Returns: whether they are whole boxes and @pad is a video pad
 */
/**
 * GstEchoelMp4Mux::insert-nal:
 * @pad: a video pad with H.264 or H.265
 * @running-time: of the picture, in nanoseconds
 * @last: behind everything in the access unit, else before the first slice
 * @nal: a NAL unit with its header, without start code or length
 *
 * To be called before the picture arrives.
 *
 * Returns: whether @pad is a video pad and @nal is not empty
 */
static void
install_signals (GType type)
{
  signals[SIGNAL_SET_SAMPLE_ENTRY_BOXES] =
      g_signal_new_class_handler ("set-sample-entry-boxes", type,
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (set_sample_entry_boxes),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 2, GST_TYPE_PAD, GST_TYPE_BUFFER);
  signals[SIGNAL_INSERT_NAL] = g_signal_new_class_handler ("insert-nal", type,
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (insert_nal),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 4, GST_TYPE_PAD, G_TYPE_UINT64,
      G_TYPE_BOOLEAN, GST_TYPE_BUFFER);
}

/* --- object --------------------------------------------------------------- */

static void
gst_echoel_mp4_mux_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (object);
  gboolean known;

  GST_OBJECT_LOCK (self);
  known = mp4_settings_set (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_echoel_mp4_mux_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (object);
  gboolean known;

  GST_OBJECT_LOCK (self);
  known = mp4_settings_get (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_echoel_mp4_mux_finalize (GObject * object)
{
  GstEchoelMp4Mux *self = GST_ECHOEL_MP4_MUX (object);

  /* Every pad has been released. */
  g_ptr_array_unref (self->tracks);
  g_mutex_clear (&self->in_use);
  G_OBJECT_CLASS (gst_echoel_mp4_mux_parent_class)->finalize (object);
}

static void
gst_echoel_mp4_mux_init (GstEchoelMp4Mux * self)
{
  GstPadTemplate *template = gst_static_pad_template_get (&src_template);

  mp4_settings_init (&self->settings);
  self->tracks = g_ptr_array_new ();
  g_mutex_init (&self->in_use);
  self->watch.owner = GST_ELEMENT (self);
  self->watch.check = check_stall;
  self->src = gst_ghost_pad_new_no_target_from_template ("src", template);
  gst_object_unref (template);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
}

static void
gst_echoel_mp4_mux_class_init (GstEchoelMp4MuxClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (echoelmp4mux_debug, "echoelmp4mux", 0,
      "Echoel MP4 muxer");

  object_class->set_property = gst_echoel_mp4_mux_set_property;
  object_class->get_property = gst_echoel_mp4_mux_get_property;
  object_class->finalize = gst_echoel_mp4_mux_finalize;
  mp4_settings_install (object_class);
  install_signals (G_TYPE_FROM_CLASS (klass));

  gst_element_class_set_static_metadata (element_class, "Echoel MP4 muxer",
      "Codec/Muxer", "Makes MP4 and MOV files that every player takes",
      "The Echoel authors");
  gst_element_class_add_static_pad_template (element_class, &video_template);
  gst_element_class_add_static_pad_template (element_class, &audio_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  GST_BIN_CLASS (klass)->handle_message = gst_echoel_mp4_mux_handle_message;
  element_class->change_state = gst_echoel_mp4_mux_change_state;
  element_class->request_new_pad = gst_echoel_mp4_mux_request_new_pad;
  element_class->release_pad = gst_echoel_mp4_mux_release_pad;
}
