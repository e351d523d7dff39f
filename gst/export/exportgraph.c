/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportgraph.h"

#include "binparts.h"
#include "encoders.h"

/* Frames of the source in front of a reframe; they are shared by all. */
#define SOURCE_QUEUE 2

/* One more encoder than cores: while one waits for memory or a lock, or its
 * core for the scheduler, another goes on. */
#define SPARE_TURNS 1

/* A longer gap stays one. */
#define MAX_DUPLICATION (60 * GST_SECOND)

static GstPad *
pad_of (GstElement * element, const gchar * name)
{
  return gst_element_get_static_pad (element, name);
}

/* Branches come and go: a tee without any takes everything. */
static GstElement *
make_tee (GstBin * bin, const gchar * kind, guint index)
{
  gchar *name = g_strdup_printf ("%s-tee-%u", kind, index);
  GstElement *tee = bin_part_make (bin, "tee", name);

  if (tee != NULL)
    g_object_set (tee, "allow-not-linked", TRUE, NULL);
  g_free (name);
  return tee;
}

static Unit *
make_unit (GstBin * parent, const gchar * kind, guint index)
{
  gchar *name = g_strdup_printf ("%s-%u", kind, index);
  Unit *unit = unit_new (parent, name);

  g_free (name);
  return unit;
}

static GstElement *
make_queue (GstBin * bin, guint frames)
{
  GstElement *queue = bin_part_make (bin, "queue", "queue");

  if (queue != NULL)
    g_object_set (queue, "max-size-buffers", frames, "max-size-bytes", 0,
        "max-size-time", (guint64) 0, NULL);
  return queue;
}

/* Puts a fence in front of @first, a source behind @last and @tee behind
 * that. */
static gboolean
close_unit (Unit * unit, GstElement * first, GstElement * last,
    GstElement * tee)
{
  GstPad *sink = pad_of (first, "sink"), *src = pad_of (last, "src");

  unit_add_fence (unit, "sink", sink, NULL, NULL);
  unit_add_source (unit, src);
  gst_object_unref (sink);
  gst_object_unref (src);
  return gst_element_link (GST_ELEMENT (unit->bin), tee);
}

static void
post_unlinkable (ExportGraph * graph)
{
  GST_ELEMENT_ERROR (graph->bin, CORE, NEGOTIATION,
      ("The elements of the export do not fit together."), (NULL));
}

/* Raw video as the encoders want it, in 4:2:0 with BT.709. Without a size the
 * source's own stays, made even where it is odd. */
static GstCaps *
shape_caps (const EchoelExportReframe * reframe)
{
  GstCaps *caps = gst_caps_new_simple ("video/x-raw",
      "format", G_TYPE_STRING, reframe->raw_format,
      "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1,
      "interlace-mode", G_TYPE_STRING, "progressive",
      "colorimetry", G_TYPE_STRING, "bt709",
      "chroma-site", G_TYPE_STRING, "mpeg2", NULL);
  GstStructure *s = gst_caps_get_structure (caps, 0);
  GValue range = G_VALUE_INIT;

  if (reframe->width != 0) {
    gst_structure_set (s, "width", G_TYPE_INT, (gint) reframe->width,
        "height", G_TYPE_INT, (gint) reframe->height, NULL);
    return caps;
  }
  g_value_init (&range, GST_TYPE_INT_RANGE);
  gst_value_set_int_range_step (&range, 2, 16384, 2);
  gst_structure_set_value (s, "width", &range);
  gst_structure_set_value (s, "height", &range);
  g_value_unset (&range);
  return caps;
}

/* Sets "key=value,key=value", whose keys are known to be echoelcrop's. */
static gboolean
set_reframing (ExportGraph * graph, GstElement * crop, const gchar * text)
{
  gchar **settings = g_strsplit (text ? text : "", ",", -1);
  gboolean done = TRUE;
  guint i;

  for (i = 0; done && settings[i] != NULL; i++) {
    gchar **pair = g_strsplit (settings[i], "=", 2);
    GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS
        (crop), pair[0] ? pair[0] : "");
    GValue value = G_VALUE_INIT;

    done = pspec != NULL && pair[1] != NULL;
    if (done) {
      g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (pspec));
      done = gst_value_deserialize_with_pspec (&value, pair[1], pspec)
          && !g_param_value_validate (pspec, &value);
      if (done)
        g_object_set_property (G_OBJECT (crop), pair[0], &value);
      g_value_unset (&value);
    }
    g_strfreev (pair);
  }
  g_strfreev (settings);
  if (!done)
    GST_ELEMENT_ERROR (graph->bin, RESOURCE, SETTINGS,
        ("reframing=%s is not possible: write properties of echoelcrop as "
            "key=value,key=value.", text), (NULL));
  return done;
}

static gboolean
build_reframe (ExportGraph * graph, guint index)
{
  const EchoelExportReframe *wanted =
      &g_array_index (graph->plan->reframes, EchoelExportReframe, index);
  GraphReframe *reframe = &graph->reframes[index];
  GstElement *queue, *filter;
  guint threads = MAX (1, graph->plan->machine.cores
      / graph->plan->reframes->len);
  GstBin *bin;

  reframe->unit = make_unit (graph->bin, "reframe", index);
  bin = reframe->unit->bin;
  queue = make_queue (bin, SOURCE_QUEUE);
  reframe->crop = bin_part_make (bin, "echoelcrop", "crop");
  filter = bin_part_filter (bin, shape_caps (wanted), "shape");
  reframe->tee = make_tee (graph->bin, "reframe", index);
  if (queue == NULL || reframe->crop == NULL || filter == NULL
      || reframe->tee == NULL)
    return FALSE;
  g_object_set (reframe->crop, "n-threads", threads, NULL);
  bin_part_set_safe_area (reframe->crop, &wanted->safe_area);
  if (!set_reframing (graph, reframe->crop, wanted->reframing))
    return FALSE;
  if (gst_element_link_many (queue, reframe->crop, filter, NULL)
      && close_unit (reframe->unit, queue, filter, reframe->tee)
      && unit_feed (reframe->unit, 0, graph->video_tee))
    return TRUE;
  post_unlinkable (graph);
  return FALSE;
}

/* Behind scaling: what is shown twice is one frame with two references. */
static gboolean
build_rate (ExportGraph * graph, guint index)
{
  const EchoelExportRate *wanted =
      &g_array_index (graph->plan->rates, EchoelExportRate, index);
  GraphRate *rate = &graph->rates[index];
  gchar *name = g_strdup_printf ("rate-%u", index);
  gchar *filter_name = g_strdup_printf ("rate-shape-%u", index);
  GstCaps *caps = gst_caps_new_simple ("video/x-raw", "framerate",
      GST_TYPE_FRACTION, (gint) wanted->fps_n, (gint) wanted->fps_d, NULL);

  rate->rate = bin_part_make (graph->bin, "videorate", name);
  rate->filter = bin_part_filter (graph->bin, caps, filter_name);
  rate->tee = make_tee (graph->bin, "rate", index);
  g_free (name);
  g_free (filter_name);
  if (rate->rate == NULL || rate->filter == NULL || rate->tee == NULL)
    return FALSE;
  rate_end_init (&rate->end, graph->front, rate->rate, rate->filter);
  g_object_set (rate->rate, "max-duplication-time", (guint64) MAX_DUPLICATION,
      NULL);
  if (gst_element_link_many (graph->reframes[wanted->reframe].tee, rate->rate,
          rate->filter, rate->tee, NULL))
    return TRUE;
  post_unlinkable (graph);
  return FALSE;
}

static GstElement *
make_preset (ExportGraph * graph, guint index, GstElement * seat)
{
  const EchoelExportRequest *request =
      echoel_export_plan_request (graph->plan, index);
  const EchoelExportEncode *encode =
      &g_array_index (graph->plan->encodes, EchoelExportEncode, index);
  gboolean trim = GST_CLOCK_TIME_IS_VALID (encode->limit);
  GstElement *preset = bin_part_make (GST_BIN (seat), "echoelpreset",
      "preset");

  if (preset == NULL)
    return NULL;
  gst_util_set_object_arg (G_OBJECT (preset), "usage", "export");
  gst_util_set_object_arg (G_OBJECT (preset), "duration-policy",
      trim ? "trim" : "ignore");
  g_object_set (preset, "platform", request->preset->id,
      "format", request->format, "resolution", request->resolution, "framerate",
      (gint) request->plan.fps_n, (gint) request->plan.fps_d,
      "bitrate", (gint) request->plan.bitrate,
      "quality", request->plan.quality, "encoder", request->encoder,
      "n-threads", encode->threads,
      "max-duration", trim ? encode->limit : 0, NULL);
  return preset;
}

static gboolean
is_hardware (const gchar * factory)
{
  const EchoelEncoder *row = factory ? echoel_encoder_find (factory) : NULL;
  GstElementFactory *found;
  gboolean hardware;

  if (row != NULL && row->kind != ECHOEL_KIND_BY_CLASS)
    return row->kind == ECHOEL_KIND_HARDWARE;
  found = factory ? gst_element_factory_find (factory) : NULL;
  hardware = found != NULL && gst_element_factory_list_is_type (found,
      GST_ELEMENT_FACTORY_TYPE_HARDWARE);
  gst_clear_object (&found);
  return hardware;
}

/* Opens the encoder; beyond the limit of the hardware, in software. */
static gboolean
open_encoder (ExportGraph * graph, guint index, guint sessions, guint * used)
{
  GstElement *preset = graph->encodes[index].preset;
  gboolean opened = TRUE;
  gchar *factory;

  if (gst_element_set_state (preset,
          GST_STATE_READY) == GST_STATE_CHANGE_FAILURE)
    return FALSE;
  factory = export_graph_encoder (graph, index);
  if (is_hardware (factory) && sessions > 0 && ++*used > sessions) {
    GST_ELEMENT_INFO (graph->bin, RESOURCE, SETTINGS,
        ("%s is encoded in software: %u encodes in hardware are the limit.",
            echoel_export_plan_request (graph->plan, index)->label, sessions),
        ("hardware-sessions=%u", sessions));
    gst_element_set_state (preset, GST_STATE_NULL);
    g_object_set (preset, "encoder", "software", NULL);
    opened = gst_element_set_state (preset, GST_STATE_READY)
        != GST_STATE_CHANGE_FAILURE;
  }
  g_free (factory);
  return opened;
}

/* Frames are made at once as the encoder takes them. */
static void
note_raw_format (ExportGraph * graph, guint index)
{
  EchoelPicture picture =
      echoel_export_plan_request (graph->plan, index)->plan.format->picture;
  gchar *factory = export_graph_encoder (graph, index), **formats;
  const EchoelEncoder *row = factory ? echoel_encoder_find (factory) : NULL;

  if (row != NULL && row->raw[picture] != NULL) {
    formats = g_strsplit (row->raw[picture], "|", 2);
    g_array_index (graph->plan->encodes, EchoelExportEncode, index).raw_format =
        g_intern_string (formats[0]);
    g_strfreev (formats);
  }
  g_free (factory);
}

static gboolean
build_encode (ExportGraph * graph, guint index, guint sessions, guint * used)
{
  GraphEncode *encode = &graph->encodes[index];

  encode->unit = make_unit (graph->bin, "encode", index);
  encode->tee = make_tee (graph->bin, "encode", index);
  encode->seat = gst_bin_new ("seat");
  gst_bin_add (encode->unit->bin, encode->seat);
  encode->preset = make_preset (graph, index, encode->seat);
  if (encode->tee == NULL || encode->preset == NULL
      || !open_encoder (graph, index, sessions, used))
    return FALSE;
  note_raw_format (graph, index);
  return TRUE;
}

/* An encoder that works on the cores takes turns with the others. */
static void
close_seat (ExportGraph * graph, guint index)
{
  GraphEncode *encode = &graph->encodes[index];
  GstPad *sink = pad_of (encode->preset, "video_sink");
  GstPad *src = pad_of (encode->preset, "video_src");
  gchar *factory = export_graph_encoder (graph, index);

  turns_add_pads (encode->seat, is_hardware (factory) ? NULL : &graph->turns,
      sink, src);
  g_free (factory);
  gst_object_unref (sink);
  gst_object_unref (src);
}

/* Once the rates are there. */
static gboolean
feed_encode (ExportGraph * graph, guint index)
{
  const EchoelExportEncode *wanted =
      &g_array_index (graph->plan->encodes, EchoelExportEncode, index);
  GraphEncode *encode = &graph->encodes[index];
  GstElement *queue = make_queue (encode->unit->bin, graph->plan->queue);

  if (queue == NULL)
    return FALSE;
  close_seat (graph, index);
  if (gst_element_link (queue, encode->seat)
      && close_unit (encode->unit, queue, encode->seat, encode->tee)
      && unit_feed (encode->unit, 0, graph->rates[wanted->rate].tee))
    return TRUE;
  post_unlinkable (graph);
  return FALSE;
}

static gboolean
build_audio (ExportGraph * graph, guint index)
{
  guint request =
      g_array_index (graph->plan->audios, EchoelExportAudio, index).request;
  const EchoelExportRequest *wanted =
      g_ptr_array_index (graph->plan->requests, request);
  GraphAudio *audio = &graph->audios[index];
  GstPad *sink, *src;

  audio->unit = make_unit (graph->bin, "audio", index);
  audio->tee = make_tee (graph->bin, "audio", index);
  if (audio->tee == NULL)
    return FALSE;
  sink = unit_add_fence (audio->unit, "sink", NULL, NULL, NULL);
  src = unit_add_source (audio->unit, NULL);
  audio->chain = audio_chain_new (audio->unit->bin, sink, src, &wanted->plan);
  if (audio->chain == NULL)
    return FALSE;
  if (gst_element_link (GST_ELEMENT (audio->unit->bin), audio->tee)
      && unit_feed (audio->unit, 0, graph->audio_tee))
    return TRUE;
  post_unlinkable (graph);
  return FALSE;
}

/* How many want each unit. */
static void
count_users (ExportGraph * graph)
{
  guint i;

  for (i = 0; i < graph->plan->outputs->len; i++) {
    const EchoelExportOutput *output =
        &g_array_index (graph->plan->outputs, EchoelExportOutput, i);

    graph->encodes[output->encode].unit->users++;
  }
  for (i = 0; i < graph->n_encodes; i++) {
    const EchoelExportEncode *encode =
        &g_array_index (graph->plan->encodes, EchoelExportEncode, i);
    guint reframe = g_array_index (graph->plan->rates, EchoelExportRate,
        encode->rate).reframe;

    graph->reframes[reframe].unit->users++;
  }
}

static gboolean
build_encodes (ExportGraph * graph, guint sessions)
{
  guint i, used = 0;

  graph->n_encodes = graph->plan->encodes->len;
  graph->encodes = g_new0 (GraphEncode, graph->n_encodes);
  for (i = 0; i < graph->n_encodes; i++) {
    if (!build_encode (graph, i, sessions, &used))
      return FALSE;
  }
  return TRUE;
}

static gboolean
build_frames (ExportGraph * graph)
{
  guint i;

  graph->n_reframes = graph->plan->reframes->len;
  graph->n_rates = graph->plan->rates->len;
  graph->reframes = g_new0 (GraphReframe, graph->n_reframes);
  graph->rates = g_new0 (GraphRate, graph->n_rates);
  for (i = 0; i < graph->n_reframes; i++) {
    if (!build_reframe (graph, i))
      return FALSE;
  }
  for (i = 0; i < graph->n_rates; i++) {
    if (!build_rate (graph, i))
      return FALSE;
  }
  for (i = 0; i < graph->n_encodes; i++) {
    if (!feed_encode (graph, i))
      return FALSE;
  }
  return TRUE;
}

gboolean
export_graph_add_audio (ExportGraph * graph)
{
  guint i;

  if (graph->audios != NULL)
    return TRUE;
  graph->audios = g_new0 (GraphAudio, graph->plan->audios->len);
  graph->n_audios = graph->plan->audios->len;
  for (i = 0; i < graph->n_audios; i++) {
    if (!build_audio (graph, i))
      return FALSE;
  }
  for (i = 0; i < graph->plan->outputs->len; i++) {
    const EchoelExportOutput *output =
        &g_array_index (graph->plan->outputs, EchoelExportOutput, i);

    graph->audios[output->audio].unit->users++;
  }
  for (i = 0; i < graph->n_audios; i++) {
    gst_element_sync_state_with_parent (graph->audios[i].tee);
    gst_element_sync_state_with_parent (GST_ELEMENT (graph->audios[i].
            unit->bin));
  }
  return TRUE;
}

gboolean
export_graph_build (ExportGraph * graph, GstBin * bin, EchoelExportPlan * plan,
    const Front * front, guint sessions)
{
  graph->bin = bin;
  graph->plan = plan;
  graph->front = front;
  turns_init (&graph->turns, plan->machine.cores + SPARE_TURNS);
  graph->video_tee = make_tee (bin, "video", 0);
  graph->audio_tee = make_tee (bin, "sound", 0);
  if (graph->video_tee == NULL || graph->audio_tee == NULL
      || !build_encodes (graph, sessions))
    return FALSE;
  echoel_export_plan_shape (plan);
  if (!build_frames (graph))
    return FALSE;
  count_users (graph);
  return TRUE;
}

static void
clear_unit (Unit ** unit)
{
  if (*unit == NULL)
    return;
  unit_clear (*unit);
  unit_unref (*unit);
  *unit = NULL;
}

static void
clear_audio (ExportGraph * graph, guint index)
{
  GraphAudio *audio = &graph->audios[index];

  clear_unit (&audio->unit);
  g_clear_pointer (&audio->chain, audio_chain_unref);
  bin_part_remove (graph->bin, &audio->tee);
}

void
export_graph_clear (ExportGraph * graph)
{
  guint i;

  for (i = 0; i < graph->n_audios; i++)
    clear_audio (graph, i);
  for (i = 0; i < graph->n_encodes; i++) {
    clear_unit (&graph->encodes[i].unit);
    bin_part_remove (graph->bin, &graph->encodes[i].tee);
  }
  for (i = 0; i < graph->n_rates; i++) {
    bin_part_remove (graph->bin, &graph->rates[i].rate);
    bin_part_remove (graph->bin, &graph->rates[i].filter);
    rate_end_forget (&graph->rates[i].end);
    bin_part_remove (graph->bin, &graph->rates[i].tee);
  }
  for (i = 0; i < graph->n_reframes; i++) {
    clear_unit (&graph->reframes[i].unit);
    bin_part_remove (graph->bin, &graph->reframes[i].tee);
  }
  bin_part_remove (graph->bin, &graph->video_tee);
  bin_part_remove (graph->bin, &graph->audio_tee);
  turns_clear (&graph->turns);
  g_free (graph->reframes);
  g_free (graph->rates);
  g_free (graph->encodes);
  g_free (graph->audios);
  memset (graph, 0, sizeof (*graph));
}

GraphKind
export_graph_find (ExportGraph * graph, GstObject * object, guint * index)
{
  for (*index = 0; *index < graph->n_reframes; ++*index) {
    if (unit_has (graph->reframes[*index].unit, object))
      return GRAPH_REFRAME;
  }
  for (*index = 0; *index < graph->n_encodes; ++*index) {
    if (unit_has (graph->encodes[*index].unit, object))
      return GRAPH_ENCODE;
  }
  for (*index = 0; *index < graph->n_audios; ++*index) {
    if (unit_has (graph->audios[*index].unit, object))
      return GRAPH_AUDIO;
  }
  return GRAPH_NOWHERE;
}

gchar *
export_graph_encoder (ExportGraph * graph, guint encode)
{
  gchar *factory = NULL;

  if (graph->encodes[encode].preset != NULL)
    g_object_get (graph->encodes[encode].preset, "active-encoder", &factory,
        NULL);
  return factory;
}

void
export_graph_release (ExportGraph * graph, guint encode, guint audio)
{
  guint rate =
      g_array_index (graph->plan->encodes, EchoelExportEncode, encode).rate;
  guint reframe =
      g_array_index (graph->plan->rates, EchoelExportRate, rate).reframe;

  if (graph->audios != NULL
      && g_atomic_int_dec_and_test (&graph->audios[audio].unit->users))
    unit_close (graph->audios[audio].unit);
  if (!g_atomic_int_dec_and_test (&graph->encodes[encode].unit->users))
    return;
  unit_close (graph->encodes[encode].unit);
  if (g_atomic_int_dec_and_test (&graph->reframes[reframe].unit->users))
    unit_close (graph->reframes[reframe].unit);
}
