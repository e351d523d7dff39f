/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-echoelexportsink
 * @title: echoelexportsink
 *
 * A source goes in once, a file for each platform comes out. Decoding happens
 * once upstream; each picture size is made once for all platforms that want
 * it, each stream is encoded once for all files that take it, and sound is
 * encoded once. Encoders share the cores as planned here.
 *
 * Each file grows under a hidden name and gets its own when it is whole. One
 * that fails ends alone, the others go on; how all went is told in one message
 * at the end, and the export ends in an error if one failed.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 filesrc location=in.mp4 ! decodebin name=d  d. ! queue ! e.video  d. ! queue ! e.audio  echoelexportsink name=e platforms=all directory=out
 * ]| One file for each platform, in the folder out.
 * |[
 * gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! echoelexportsink platforms="tiktok,youtube-video:resolution=2160p" duration-policy=trim
 * ]| Two of them, the picture alone, cut to what each platform takes.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "../echoelelements.h"

#include <string.h>

#include "binparts.h"
#include "exportmachine.h"
#include "exportreport.h"
#include "exportsink.h"
#include "processors.h"

#ifdef G_OS_UNIX
#include <unistd.h>
#endif

GST_DEBUG_CATEGORY_STATIC (echoelexportsink_debug);
#define GST_CAT_DEFAULT echoelexportsink_debug

static GstStaticPadTemplate video_template = GST_STATIC_PAD_TEMPLATE ("video",
    GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS ("video/x-raw(ANY)"));
static GstStaticPadTemplate audio_template = GST_STATIC_PAD_TEMPLATE ("audio",
    GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS ("audio/x-raw"));

/* *INDENT-OFF* */
G_DEFINE_FINAL_TYPE (GstEchoelExportSink, gst_echoel_export_sink, GST_TYPE_BIN)
GST_ELEMENT_REGISTER_DEFINE (echoelexportsink, "echoelexportsink",
    GST_RANK_NONE, GST_TYPE_ECHOEL_EXPORT_SINK)
/* *INDENT-ON* */

/* Bytes; 0: nobody says. */
static guint64
physical_memory (void)
{
#if defined (G_OS_UNIX) && defined (_SC_PHYS_PAGES)
  glong pages = sysconf (_SC_PHYS_PAGES), size = sysconf (_SC_PAGE_SIZE);

  return pages > 0 && size > 0 ? (guint64) pages *(guint64) size : 0;
#else
  return 0;
#endif
}

/* What this process may use, of memory half. */
static void
look_at_machine (GstEchoelExportSink * self, EchoelExportMachine * machine)
{
  machine->cores = processors_available ();
  machine->memory = physical_memory ();
  echoel_export_machine_limit (machine, "/");
  machine->memory = self->active.memory_limit ? self->active.memory_limit
      : machine->memory / 2;
}

static void
say_memory (GstEchoelExportSink * self, guint64 limit)
{
  if (limit == 0 || self->plan->memory <= limit)
    return;
  GST_ELEMENT_WARNING (self, RESOURCE, SETTINGS,
      ("The export needs about %" G_GUINT64_FORMAT " MiB, more than "
          "memory-limit allows: make fewer files at a time.",
          self->plan->memory >> 20), (NULL));
}

static gboolean
asks_for_size (const gchar * location)
{
  return strstr (location, "{width}") != NULL
      || strstr (location, "{height}") != NULL;
}

/* Returns: (transfer full) (nullable): what makes two names one, where upper
 * and lower case are the same */
static gchar *
name_key (GstEchoelExportSink * self, guint index, GError ** error)
{
  const EchoelExportRequest *request = g_ptr_array_index (self->requests,
      index);
  gchar *path, *name, *key;

  if (request->plan.width == 0 && asks_for_size (self->active.location)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "location=%s asks for the size of %s, which is that of its source and "
        "not known yet: use {platform}.", self->active.location,
        request->label);
    return NULL;
  }
  path = export_sink_name_file (self, index, NULL, error);
  if (path == NULL)
    return NULL;
  name = g_filename_display_name (path);
  key = g_utf8_casefold (name, -1);
  g_free (name);
  g_free (path);
  return key;
}

/* Two files of one name, and a name that cannot be, are found before the
 * work. */
static gboolean
check_names (GstEchoelExportSink * self)
{
  GHashTable *seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      NULL);
  GError *error = NULL;
  gboolean fine = TRUE;
  guint i;

  for (i = 0; fine && i < self->n_files; i++) {
    gchar *key = name_key (self, i, &error);

    if (key == NULL) {
      GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS, ("%s", error->message),
          (NULL));
      g_error_free (error);
      fine = FALSE;
    } else if (!g_hash_table_add (seen, key)) {
      GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
          ("location=%s gives two files the same name: put {platform} in it.",
              self->active.location), (NULL));
      fine = FALSE;
    }
  }
  g_hash_table_unref (seen);
  return fine;
}

static gboolean
make_plan (GstEchoelExportSink * self)
{
  EchoelExportMachine machine;
  gboolean trim = self->active.duration_policy == EXPORT_DURATION_TRIM;
  GError *error = NULL;
  guint i;

  self->requests = echoel_export_list_parse (self->active.platforms,
      self->active.reframing, &error);
  if (self->requests == NULL) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS, ("%s", error->message),
        ("platforms=%s", self->active.platforms));
    g_error_free (error);
    return FALSE;
  }
  look_at_machine (self, &machine);
  self->plan = echoel_export_plan_new (self->requests, trim, &machine);
  self->n_files = self->plan->outputs->len;
  self->files = g_new0 (ExportFile, self->n_files);
  for (i = 0; i < self->n_files; i++) {
    const EchoelExportRequest *request = g_ptr_array_index (self->requests, i);

    export_file_init (&self->files[i], request->label, request->plan.format);
    if (trim)
      self->files[i].limit = request->plan.max_duration;
  }
  return check_names (self);
}

/* Sound is encoded only where somebody brings some. */
static gboolean
attach_pads (GstEchoelExportSink * self)
{
  if (self->audio != NULL && !export_graph_add_audio (&self->graph))
    return FALSE;
  if (self->video != NULL && self->front.bin == NULL)
    front_init (&self->front, GST_BIN (self), self->video,
        self->graph.video_tee, self->graph.reframes[0].crop);
  if (self->audio != NULL)
    bin_part_expose (self->audio, self->graph.audio_tee, "sink");
  return TRUE;
}

static void
forget (GstEchoelExportSink * self)
{
  self->begun = self->used = FALSE;
  self->open = self->n_files + 1;       /* the last one is begin()'s */
  self->playing = self->told_start = self->told_end = FALSE;
  self->start = self->told = 0;
  self->whole = self->first_frame = self->last_frame = GST_CLOCK_TIME_NONE;
  self->video_end = self->audio_end = GST_CLOCK_TIME_NONE;
  self->n_frames = self->n_sounds = 0;
  self->video_ended = self->audio_ended = FALSE;
  self->video_connected = self->audio_connected = FALSE;
  self->eos_seqnum = 0;
  g_atomic_int_set (&self->all_ended, FALSE);
}

/* From here on nobody reads what there was. */
static void
take_down (GstEchoelExportSink * self)
{
  guint i;

  GST_OBJECT_LOCK (self);
  self->ready = FALSE;
  GST_OBJECT_UNLOCK (self);
  if (self->front.bin != NULL)
    front_clear (&self->front);
  memset (&self->front, 0, sizeof (self->front));
  if (self->video != NULL)
    gst_ghost_pad_set_target (GST_GHOST_PAD (self->video), NULL);
  if (self->audio != NULL)
    gst_ghost_pad_set_target (GST_GHOST_PAD (self->audio), NULL);
  for (i = 0; i < self->n_files; i++)
    export_file_clear (&self->files[i]);
  export_graph_clear (&self->graph);
  g_clear_pointer (&self->files, g_free);
  self->n_files = 0;
  g_clear_pointer (&self->plan, echoel_export_plan_free);
  g_clear_pointer (&self->requests, g_ptr_array_unref);
  export_settings_clear (&self->active);
  memset (&self->active, 0, sizeof (self->active));
}

static gboolean
build (GstEchoelExportSink * self)
{
  gboolean done;

  GST_OBJECT_LOCK (self);
  export_settings_copy (&self->active, &self->settings);
  self->changed = FALSE;
  GST_OBJECT_UNLOCK (self);
  g_atomic_int_set (&self->building, TRUE);
  done = make_plan (self)
      && export_graph_build (&self->graph, GST_BIN (self), self->plan,
      &self->front, self->active.hardware_sessions) && attach_pads (self);
  g_atomic_int_set (&self->building, FALSE);
  if (!done) {
    take_down (self);
    return FALSE;
  }
  say_memory (self, self->active.memory_limit);
  forget (self);
  GST_OBJECT_LOCK (self);
  self->ready = TRUE;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

/* What was built is for one run, and for the settings of then. */
static gboolean
is_stale (GstEchoelExportSink * self)
{
  gboolean stale;

  GST_OBJECT_LOCK (self);
  stale = self->used || self->changed;
  GST_OBJECT_UNLOCK (self);
  return stale;
}

static GstStateChangeReturn
gst_echoel_export_sink_change_state (GstElement * element,
    GstStateChange change)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (element);
  GstStateChangeReturn result;

  if (change == GST_STATE_CHANGE_READY_TO_PAUSED && is_stale (self))
    take_down (self);
  if ((change == GST_STATE_CHANGE_NULL_TO_READY
          || (change == GST_STATE_CHANGE_READY_TO_PAUSED && !self->ready))
      && !build (self))
    return GST_STATE_CHANGE_FAILURE;

  result = GST_ELEMENT_CLASS (gst_echoel_export_sink_parent_class)
      ->change_state (element, change);

  if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING
      && result != GST_STATE_CHANGE_FAILURE) {
    g_mutex_lock (&self->lock);
    self->playing = TRUE;
    g_mutex_unlock (&self->lock);
    export_sink_tell (self);
  }
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
    export_sink_cancel (self);
  if (change == GST_STATE_CHANGE_READY_TO_NULL
      || (change == GST_STATE_CHANGE_NULL_TO_READY
          && result == GST_STATE_CHANGE_FAILURE))
    take_down (self);
  return result;
}

static void
gst_echoel_export_sink_handle_message (GstBin * bin, GstMessage * message)
{
  if (export_sink_take_message (GST_ECHOEL_EXPORT_SINK (bin), message))
    gst_message_unref (message);
  else
    GST_BIN_CLASS (gst_echoel_export_sink_parent_class)->handle_message (bin,
        message);
}

static gboolean
has_begun (GstEchoelExportSink * self)
{
  gboolean begun;

  GST_OBJECT_LOCK (self);
  begun = self->begun && GST_STATE (self) > GST_STATE_READY;
  GST_OBJECT_UNLOCK (self);
  return begun;
}

/* Nothing waits in PAUSED for the first frame, so that a seek can only come too
 * late for the files. */
static gboolean
gst_echoel_export_sink_send_event (GstElement * element, GstEvent * event)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK)
    return GST_ELEMENT_CLASS (gst_echoel_export_sink_parent_class)
        ->send_event (element, event);
  gst_event_unref (event);
  return FALSE;
}

static GstPad *
gst_echoel_export_sink_request_new_pad (GstElement * element,
    GstPadTemplate * template, const gchar * name, const GstCaps * caps)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (element);
  gboolean is_video = g_str_equal (GST_PAD_TEMPLATE_NAME_TEMPLATE (template),
      "video");
  GstPad **pad = is_video ? &self->video : &self->audio;

  if (*pad != NULL || has_begun (self)) {
    GST_WARNING_OBJECT (self, *pad ? "there is one pad of that name already"
        : "the files are open: it is too late for another stream");
    return NULL;
  }
  *pad = gst_ghost_pad_new_no_target_from_template
      (GST_PAD_TEMPLATE_NAME_TEMPLATE (template), template);
  export_sink_setup_pad (*pad, is_video);
  if (self->ready && !attach_pads (self)) {
    gst_clear_object (pad);
    return NULL;
  }
  if (GST_STATE (self) > GST_STATE_READY
      || GST_STATE_NEXT (self) > GST_STATE_READY)
    gst_pad_set_active (*pad, TRUE);
  gst_element_add_pad (element, *pad);
  return *pad;
}

static void
gst_echoel_export_sink_release_pad (GstElement * element, GstPad * pad)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (element);

  /* The files would wait for it. */
  if (has_begun (self) && !gst_pad_is_linked (pad))
    gst_pad_send_event (pad, gst_event_new_eos ());
  gst_pad_set_active (pad, FALSE);
  if (pad == self->video) {
    if (self->front.bin != NULL)
      front_clear (&self->front);
    memset (&self->front, 0, sizeof (self->front));
    self->video = NULL;
  } else if (pad == self->audio) {
    self->audio = NULL;
  }
  gst_element_remove_pad (element, pad);
}

static void
gst_echoel_export_sink_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (object);
  gboolean known;

  GST_OBJECT_LOCK (self);
  known = export_settings_set (&self->settings, id, value);
  self->changed = TRUE;
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_echoel_export_sink_get_property (GObject * object, guint id,
    GValue * value, GParamSpec * pspec)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (object);
  gboolean known = TRUE;

  GST_OBJECT_LOCK (self);
  if (id == EXPORT_PROP_PLAN)
    g_value_take_string (value, self->ready
        ? echoel_export_plan_describe (self->plan) : NULL);
  else if (id == EXPORT_PROP_STATS)
    g_value_take_boxed (value, report_describe
        ("application/x-echoel-export-stats", self->files,
            self->ready ? self->n_files : 0, export_sink_elapsed (self)));
  else
    known = export_settings_get (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_echoel_export_sink_finalize (GObject * object)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (object);

  export_settings_clear (&self->settings);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->begin_lock);
  G_OBJECT_CLASS (gst_echoel_export_sink_parent_class)->finalize (object);
}

static void
gst_echoel_export_sink_init (GstEchoelExportSink * self)
{
  export_settings_init (&self->settings);
  g_mutex_init (&self->lock);
  g_mutex_init (&self->begin_lock);
  export_sink_setup_watches (self);
  /* A sink, whether or not files are open at the moment. */
  gst_bin_set_suppressed_flags (GST_BIN (self), GST_ELEMENT_FLAG_SINK
      | GST_ELEMENT_FLAG_SOURCE);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
}

static void
gst_echoel_export_sink_class_init (GstEchoelExportSinkClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (echoelexportsink_debug, "echoelexportsink", 0,
      "Echoel batch export");

  object_class->set_property = gst_echoel_export_sink_set_property;
  object_class->get_property = gst_echoel_export_sink_get_property;
  object_class->finalize = gst_echoel_export_sink_finalize;
  export_settings_install (object_class);

  gst_element_class_set_static_metadata (element_class, "Echoel export sink",
      "Sink/File/Encoder",
      "Makes a file for each of many platforms in one pass",
      "The Echoel authors");
  gst_element_class_add_static_pad_template (element_class, &video_template);
  gst_element_class_add_static_pad_template (element_class, &audio_template);
  GST_BIN_CLASS (klass)->handle_message = gst_echoel_export_sink_handle_message;
  element_class->change_state = gst_echoel_export_sink_change_state;
  element_class->send_event = gst_echoel_export_sink_send_event;
  element_class->request_new_pad = gst_echoel_export_sink_request_new_pad;
  element_class->release_pad = gst_echoel_export_sink_release_pad;
}
