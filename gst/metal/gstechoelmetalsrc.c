/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-echoelmetalsrc
 * @title: echoelmetalsrc
 *
 * Takes the textures of a compositor into a pipeline without copying them:
 * Metal textures and IOSurfaces, OpenGL textures, DMA buffers, surfaces in
 * memory. The compositor emits #GstEchoelMetalSrc::push-texture, which does
 * not block, and hears by #GstEchoelMetalSrc::texture-released when it may
 * draw into the texture again.
 *
 * Until something is pushed an animated test card is shown, so that a line
 * can be tried on any machine.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 echoelmetalsrc backend=pattern ! videoconvert ! autovideosink
 * ]| Shows the test card.
 * |[
 * gst-launch-1.0 -e echoelmetalsrc backend=pattern num-buffers=300 ! echoelpreset platform=tiktok ! mp4mux ! filesink location=card.mp4
 * ]| Ten seconds of it, made for a platform.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "../echoelelements.h"

#include <gst/base/gstpushsrc.h>
#include <gst/video/video.h>

#include "sourcecaps.h"
#include "texturestream.h"

/* Shared with the other files of this folder. */
GST_DEBUG_CATEGORY (echoelmetalsrc_debug);
#define GST_CAT_DEFAULT echoelmetalsrc_debug

#define MAX_BACKENDS 8

#define GST_TYPE_ECHOEL_METAL_SRC (gst_echoel_metal_src_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelMetalSrc, gst_echoel_metal_src, GST,
    ECHOEL_METAL_SRC, GstPushSrc);

struct _GstEchoelMetalSrc
{
  GstPushSrc parent;

  SourceSettings settings;      /* guarded by the object lock */

  /* These have locks of their own. */
  TextureFeed *feed;
  TextureDesk *desk;
  TextureStream *stream;
  gpointer states[MAX_BACKENDS];        /* one a back end, from init on */
};

enum
{
  SIGNAL_PUSH_TEXTURE,
  SIGNAL_END_OF_STREAM,
  SIGNAL_TEXTURE_RELEASED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GstEchoelMetalSrc, gst_echoel_metal_src,
    GST_TYPE_PUSH_SRC);
GST_ELEMENT_REGISTER_DEFINE (echoelmetalsrc, "echoelmetalsrc", GST_RANK_NONE,
    GST_TYPE_ECHOEL_METAL_SRC);

/* --- taking textures: any thread ----------------------------------------- */

static const TextureBackend *
find_backend (GstEchoelMetalSrc * self, const gchar * name, GError ** error)
{
  const TextureBackend *backend = texture_backend_find (name);
  const gchar *wanted;

  GST_OBJECT_LOCK (self);
  wanted = source_settings_backend_name (self->settings.backend);
  GST_OBJECT_UNLOCK (self);
  if (backend != NULL && backend->read != NULL
      && (wanted == NULL || g_str_equal (wanted, name)))
    return backend;
  if (wanted != NULL)
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "a structure named \"%s\" came, and backend=%s", name, wanted);
  else
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "this build has no back end that reads a structure named \"%s\"", name);
  return NULL;
}

/* Fills @frame but for its lease. */
static gboolean
read_texture (GstEchoelMetalSrc * self, const GstStructure * texture,
    TextureFrame * frame, GError ** error)
{
  GstCaps *caps = NULL;
  gboolean read;
  guint64 id;

  frame->backend = find_backend (self, gst_structure_get_name (texture), error);
  if (frame->backend == NULL)
    return FALSE;
  GST_OBJECT_LOCK (self);
  gst_caps_replace (&caps, self->settings.caps);
  GST_OBJECT_UNLOCK (self);
  read = frame->backend->read (texture, caps && gst_caps_get_size (caps) > 0
      ? gst_caps_get_structure (caps, 0) : NULL, frame, error);
  gst_clear_caps (&caps);
  if (read && gst_structure_get_uint64 (texture, "id", &id))
    frame->id = id;
  return read;
}

static TextureFrame *
make_frame (GstEchoelMetalSrc * self, const GstStructure * texture,
    GstClockTime pts, GstClockTime duration, GError ** error)
{
  TextureFrame *frame = g_new0 (TextureFrame, 1);
  gpointer give_back = NULL, data = NULL;
  gboolean do_timestamp;

  frame->pushed = g_get_monotonic_time ();
  frame->came = texture_stream_running_time (self->stream);
  if (!read_texture (self, texture, frame, error)) {
    g_free (frame);
    return NULL;
  }
  gst_structure_get (texture, "release", G_TYPE_POINTER, &give_back, NULL);
  gst_structure_get (texture, "release-data", G_TYPE_POINTER, &data, NULL);
  frame->lease = texture_lease_new (self->desk, frame->id,
      (GDestroyNotify) give_back, data);
  GST_OBJECT_LOCK (self);
  do_timestamp = self->settings.do_timestamp;
  GST_OBJECT_UNLOCK (self);
  texture_stream_praise (self->stream);
  frame->pts = do_timestamp ? GST_CLOCK_TIME_NONE : pts;
  frame->duration = duration;
  return frame;
}

static GstFlowReturn
gst_echoel_metal_src_push_texture (GstEchoelMetalSrc * self,
    const GstStructure * texture, GstClockTime pts, GstClockTime duration)
{
  GstFlowReturn flow = texture_feed_check (self->feed);
  GError *error = NULL;
  TextureFrame *frame;

  /* Nobody streams any more, and why is known. */
  if (flow == GST_FLOW_OK)
    flow = GST_PAD_LAST_FLOW_RETURN (GST_BASE_SRC_PAD (self));
  if (flow < GST_FLOW_OK)
    return flow;
  if (texture == NULL)
    g_set_error (&error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE, "no texture");
  frame = error ? NULL : make_frame (self, texture, pts, duration, &error);
  if (frame == NULL) {
    texture_feed_count (self->feed, TEXTURE_COUNT_REFUSED, 1);
    texture_stream_complain (self->stream,
        "A texture was refused: its description is wrong.", error->message);
    g_error_free (error);
    return GST_FLOW_NOT_SUPPORTED;
  }
  return texture_feed_push (self->feed, frame);
}

static GstFlowReturn
gst_echoel_metal_src_end_of_stream (GstEchoelMetalSrc * self)
{
  GstFlowReturn flow = texture_feed_check (self->feed);

  if (flow == GST_FLOW_OK)
    texture_feed_end (self->feed, FALSE);
  return flow;
}

static void
tell_released (gpointer owner, guint64 id)
{
  g_signal_emit (owner, signals[SIGNAL_TEXTURE_RELEASED], 0, id);
}

/* --- the source ---------------------------------------------------------- */

static GstFlowReturn
gst_echoel_metal_src_create (GstPushSrc * src, GstBuffer ** buffer)
{
  return texture_stream_next (GST_ECHOEL_METAL_SRC (src)->stream, buffer);
}

/* Caps are known with the first frame, and are negotiated with it. */
static gboolean
gst_echoel_metal_src_negotiate (GstBaseSrc * src)
{
  texture_stream_renegotiate (GST_ECHOEL_METAL_SRC (src)->stream);
  return TRUE;
}

/* Buffers come from the textures: no pool is wanted. */
static gboolean
gst_echoel_metal_src_decide_allocation (GstBaseSrc * src, GstQuery * query)
{
  return TRUE;
}

static gboolean
gst_echoel_metal_src_start (GstBaseSrc * src)
{
  GstEchoelMetalSrc *self = GST_ECHOEL_METAL_SRC (src);
  const gchar *name;

  GST_OBJECT_LOCK (self);
  name = source_settings_backend_name (self->settings.backend);
  GST_OBJECT_UNLOCK (self);
  if (name != NULL && texture_backend_find (name) == NULL) {
    GST_ELEMENT_ERROR (self, RESOURCE, NOT_FOUND,
        ("This build has no back end \"%s\".", name),
        ("gst-inspect-1.0 echoelmetalsrc lists the kinds of memory it has"));
    return FALSE;
  }
  texture_stream_start (self->stream);
  texture_feed_open (self->feed);
  return TRUE;
}

static gboolean
gst_echoel_metal_src_stop (GstBaseSrc * src)
{
  GstEchoelMetalSrc *self = GST_ECHOEL_METAL_SRC (src);
  const TextureBackend *const *all = texture_backends ();
  guint i;

  texture_feed_close (self->feed);
  texture_stream_stop (self->stream);
  for (i = 0; all[i] != NULL; i++)
    if (all[i]->close != NULL)
      all[i]->close (self->states[i]);
  return TRUE;
}

static gboolean
gst_echoel_metal_src_unlock (GstBaseSrc * src)
{
  texture_feed_set_flushing (GST_ECHOEL_METAL_SRC (src)->feed, TRUE);
  return TRUE;
}

static gboolean
gst_echoel_metal_src_unlock_stop (GstBaseSrc * src)
{
  texture_feed_set_flushing (GST_ECHOEL_METAL_SRC (src)->feed, FALSE);
  return TRUE;
}

static GstCaps *
gst_echoel_metal_src_get_caps (GstBaseSrc * src, GstCaps * filter)
{
  GstCaps *caps = gst_pad_get_pad_template_caps (GST_BASE_SRC_PAD (src));

  if (filter != NULL) {
    GstCaps *all = caps;

    caps = gst_caps_intersect_full (filter, all, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (all);
  }
  return caps;
}

static gboolean
ask_backends (GstEchoelMetalSrc * self, GstQuery * query)
{
  const TextureBackend *const *all = texture_backends ();
  guint i;

  for (i = 0; all[i] != NULL; i++)
    if (all[i]->query != NULL && all[i]->query (self->states[i], query))
      return TRUE;
  return FALSE;
}

static gboolean
gst_echoel_metal_src_query (GstBaseSrc * src, GstQuery * query)
{
  GstEchoelMetalSrc *self = GST_ECHOEL_METAL_SRC (src);

  if (GST_QUERY_TYPE (query) == GST_QUERY_LATENCY) {
    gst_query_set_latency (query, TRUE, texture_stream_latency (self->stream),
        GST_CLOCK_TIME_NONE);
    return TRUE;
  }
  return ask_backends (self, query)
      || GST_BASE_SRC_CLASS (gst_echoel_metal_src_parent_class)->query (src,
      query);
}

static void
gst_echoel_metal_src_set_context (GstElement * element, GstContext * context)
{
  GstEchoelMetalSrc *self = GST_ECHOEL_METAL_SRC (element);
  const TextureBackend *const *all = texture_backends ();
  guint i;

  for (i = 0; all[i] != NULL; i++)
    if (all[i]->set_context != NULL)
      all[i]->set_context (self->states[i], context);
  GST_ELEMENT_CLASS (gst_echoel_metal_src_parent_class)->set_context (element,
      context);
}

static GstStateChangeReturn
gst_echoel_metal_src_change_state (GstElement * element,
    GstStateChange transition)
{
  GstEchoelMetalSrc *self = GST_ECHOEL_METAL_SRC (element);

  /* The pipeline has set the base time before it lets its elements play. */
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    texture_stream_set_playing (self->stream, TRUE);
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    texture_stream_set_playing (self->stream, FALSE);
  return GST_ELEMENT_CLASS (gst_echoel_metal_src_parent_class)->change_state
      (element, transition);
}

/* Whoever ended the stream: nothing more is taken. */
static GstPadProbeReturn
see_event (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstObject *parent = gst_pad_get_parent (pad);

  if (parent != NULL
      && GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS)
    texture_feed_end (GST_ECHOEL_METAL_SRC (parent)->feed, TRUE);
  gst_clear_object (&parent);
  return GST_PAD_PROBE_OK;
}

/* A flush that resets the time of the pipeline. */
static GstPadProbeReturn
see_flush (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstObject *parent = gst_pad_get_parent (pad);
  gboolean reset_time = FALSE;

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    gst_event_parse_flush_stop (event, &reset_time);
  if (parent != NULL && reset_time)
    texture_stream_reset_time (GST_ECHOEL_METAL_SRC (parent)->stream);
  gst_clear_object (&parent);
  return GST_PAD_PROBE_OK;
}

static void
gst_echoel_metal_src_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstEchoelMetalSrc *self = GST_ECHOEL_METAL_SRC (object);
  EchoelQueuePolicy policy;
  guint limit;
  gboolean known;

  GST_OBJECT_LOCK (self);
  known = source_settings_set (&self->settings, id, value);
  limit = self->settings.max_textures;
  policy = self->settings.policy;
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  texture_feed_set_limits (self->feed, limit, policy);
  if (id == SOURCE_PROP_CAPS)
    gst_pad_mark_reconfigure (GST_BASE_SRC_PAD (self));
}

static GstStructure *
make_stats (GstEchoelMetalSrc * self)
{
  GstStructure *stats =
      gst_structure_new_empty ("application/x-echoel-texture-stats");

  texture_feed_get_stats (self->feed, stats);
  gst_structure_set (stats, "in-flight", G_TYPE_UINT,
      texture_desk_in_flight (self->desk), NULL);
  return stats;
}

static void
gst_echoel_metal_src_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstEchoelMetalSrc *self = GST_ECHOEL_METAL_SRC (object);
  gboolean known;

  if (id == SOURCE_PROP_STATS) {
    g_value_take_boxed (value, make_stats (self));
    return;
  }
  GST_OBJECT_LOCK (self);
  known = source_settings_get (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_echoel_metal_src_finalize (GObject * object)
{
  GstEchoelMetalSrc *self = GST_ECHOEL_METAL_SRC (object);
  const TextureBackend *const *all = texture_backends ();
  guint i;

  texture_stream_free (self->stream);
  texture_feed_free (self->feed);
  texture_desk_unref (self->desk);
  for (i = 0; all[i] != NULL; i++)
    if (all[i]->free != NULL)
      all[i]->free (self->states[i]);
  source_settings_clear (&self->settings);
  G_OBJECT_CLASS (gst_echoel_metal_src_parent_class)->finalize (object);
}

static void
gst_echoel_metal_src_init (GstEchoelMetalSrc * self)
{
  const TextureBackend *const *all = texture_backends ();
  guint i;

  source_settings_init (&self->settings);
  self->feed = texture_feed_new ();
  texture_feed_set_limits (self->feed, self->settings.max_textures,
      self->settings.policy);
  self->desk = texture_desk_new (G_OBJECT (self), tell_released);
  for (i = 0; all[i] != NULL; i++)
    if (all[i]->new != NULL)
      self->states[i] = all[i]->new (GST_ELEMENT (self));
  self->stream = texture_stream_new (GST_BASE_SRC (self), self->feed,
      &self->settings, self->states);
  gst_base_src_set_live (GST_BASE_SRC (self), TRUE);
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
  gst_pad_add_probe (GST_BASE_SRC_PAD (self),
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, see_event, NULL, NULL);
  gst_pad_add_probe (GST_BASE_SRC_PAD (self), GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      see_flush, NULL, NULL);
}

/* A push comes sixty times a second, each time into cold caches: without the
 * generic marshaller it touches less. */
static void
marshal_push (GClosure * closure, GValue * result, guint n_values,
    const GValue * values, gpointer hint, gpointer data)
{
  g_value_set_enum (result, gst_echoel_metal_src_push_texture
      (g_value_get_object (&values[0]), g_value_get_boxed (&values[1]),
          g_value_get_uint64 (&values[2]), g_value_get_uint64 (&values[3])));
}

static void
marshal_push_va (GClosure * closure, GValue * result, gpointer instance,
    va_list arguments, gpointer data, gint n_params, GType * types)
{
  const GstStructure *texture;
  guint64 pts, duration;
  va_list rest;

  va_copy (rest, arguments);
  texture = va_arg (rest, gpointer);
  pts = va_arg (rest, guint64);
  duration = va_arg (rest, guint64);
  va_end (rest);
  g_value_set_enum (result, gst_echoel_metal_src_push_texture (instance,
          texture, pts, duration));
}

static void
gst_echoel_metal_src_install_signals (GstEchoelMetalSrcClass * klass)
{
  /**
   * GstEchoelMetalSrc::push-texture:
   * @src: the source
   * @texture: (transfer none): what the texture is; its name is the back end
   * @pts: running time to show it at, ns; #GST_CLOCK_TIME_NONE = now
   * @duration: how long it is shown, ns; #GST_CLOCK_TIME_NONE = a frame
   *
   * Hands a texture to the pipeline, from any thread. Does not block unless
   * #GstEchoelMetalSrc:policy asks for it.
   *
   * Returns: %GST_FLOW_OK: the texture was taken, and one
   *     #GstEchoelMetalSrc::texture-released will follow. Anything else: it
   *     was not, and none will. %GST_FLOW_FLUSHING: the source is not running;
   *     %GST_FLOW_EOS: it has ended; %GST_FLOW_NOT_SUPPORTED: @texture does
   *     not describe a texture; another: the pipeline has failed with it
   */
  signals[SIGNAL_PUSH_TEXTURE] =
      g_signal_new_class_handler ("push-texture", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (gst_echoel_metal_src_push_texture), NULL, NULL, marshal_push,
      GST_TYPE_FLOW_RETURN, 3, GST_TYPE_STRUCTURE | G_SIGNAL_TYPE_STATIC_SCOPE,
      G_TYPE_UINT64, G_TYPE_UINT64);
  g_signal_set_va_marshaller (signals[SIGNAL_PUSH_TEXTURE],
      G_TYPE_FROM_CLASS (klass), marshal_push_va);
  /**
   * GstEchoelMetalSrc::end-of-stream:
   * @src: the source
   *
   * No texture follows: those that wait are shown, then the stream ends.
   *
   * Returns: %GST_FLOW_OK, or why there is nothing to end
   */
  signals[SIGNAL_END_OF_STREAM] =
      g_signal_new_class_handler ("end-of-stream", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (gst_echoel_metal_src_end_of_stream), NULL, NULL, NULL,
      GST_TYPE_FLOW_RETURN, 0);
  /**
   * GstEchoelMetalSrc::texture-released:
   * @src: the source
   * @id: the field "id" of the texture; without one its data, its texture
   *     name, its texture object or its first file descriptor
   *
   * Nothing in the pipeline uses the texture any more. Comes from whichever
   * thread used it last: textures may be pushed from there, states may not
   * be changed.
   */
  signals[SIGNAL_TEXTURE_RELEASED] =
      g_signal_new ("texture-released", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
}

static void
gst_echoel_metal_src_class_init (GstEchoelMetalSrcClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *src_class = GST_BASE_SRC_CLASS (klass);
  GstCaps *caps = source_caps_template ();

  GST_DEBUG_CATEGORY_INIT (echoelmetalsrc_debug, "echoelmetalsrc", 0,
      "Echoel texture source");

  object_class->set_property = gst_echoel_metal_src_set_property;
  object_class->get_property = gst_echoel_metal_src_get_property;
  object_class->finalize = gst_echoel_metal_src_finalize;
  source_settings_install (object_class);
  gst_echoel_metal_src_install_signals (klass);

  gst_element_class_set_static_metadata (element_class,
      "Echoel texture source", "Source/Video",
      "Takes the textures of a compositor into a pipeline without a copy",
      "The Echoel authors");
  gst_element_class_add_pad_template (element_class,
      gst_pad_template_new ("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps));
  gst_caps_unref (caps);

  element_class->set_context = gst_echoel_metal_src_set_context;
  element_class->change_state = gst_echoel_metal_src_change_state;
  src_class->negotiate = gst_echoel_metal_src_negotiate;
  src_class->decide_allocation = gst_echoel_metal_src_decide_allocation;
  src_class->get_caps = gst_echoel_metal_src_get_caps;
  src_class->start = gst_echoel_metal_src_start;
  src_class->stop = gst_echoel_metal_src_stop;
  src_class->unlock = gst_echoel_metal_src_unlock;
  src_class->unlock_stop = gst_echoel_metal_src_unlock_stop;
  src_class->query = gst_echoel_metal_src_query;
  GST_PUSH_SRC_CLASS (klass)->create = gst_echoel_metal_src_create;
}
