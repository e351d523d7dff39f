/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doubles.h"

#include <stdlib.h>
#include <string.h>

#include "doubleconvert.h"
#include "doubleproperty.h"

/* One factory of one version, for ever: types cannot be taken back. */
typedef struct
{
  gchar *factory, *codec, *klass, *opens;
  gboolean follows, only_memory;
  GstCaps *sink_caps, *src_caps;
  DoubleProperty *properties;
  guint n_properties;
} DoubleClassData;

typedef struct
{
  GstBin parent;
  const DoubleClassData *data;
  GValue *values;
  GstElement *inner;
  GstPad *sink, *src;
  gboolean has_session, has_caps, stops;
  guint n_frames;
  GThread *streaming;
} Double;

typedef struct
{
  DoubleFate fate;
  guint n_frames, max_sessions, sessions, all_sessions, n_paused;
  gboolean keeps;
  GHashTable *flags;
} Fate;

static GMutex lock;             /* guards what follows, and stops */
static GCond cond;
static GHashTable *fates;       /* factory -> Fate */
static GPtrArray *writes;

static GKeyFile *facts;
static GHashTable *real;        /* name -> the registry's own feature */
static GPtrArray *installed;    /* features of doubles */
static gpointer parent_class;

static void
free_write (gpointer data)
{
  DoubleWrite *write = data;

  g_free (write->factory);
  g_free (write->property);
  g_free (write->value);
  g_free (write);
}

static void
free_fate (gpointer data)
{
  Fate *fate = data;

  g_hash_table_unref (fate->flags);
  g_free (fate);
}

/* With the lock. */
static Fate *
fate_of (const gchar * factory)
{
  Fate *fate = g_hash_table_lookup (fates, factory);

  if (fate == NULL) {
    fate = g_new0 (Fate, 1);
    fate->flags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_insert (fates, g_strdup (factory), fate);
  }
  return fate;
}

static DoubleFate
take_fate (Double * self, guint * n_frames)
{
  DoubleFate result;

  g_mutex_lock (&lock);
  result = fate_of (self->data->factory)->fate;
  if (n_frames != NULL)
    *n_frames = fate_of (self->data->factory)->n_frames;
  g_mutex_unlock (&lock);
  return result;
}

/* --- properties --- */

/* Whether the real one would leave the value alone until it starts anew. */
static gboolean
is_ignored (Double * self, const GParamSpec * pspec)
{
  if (GST_STATE (self) <= GST_STATE_READY && !self->has_session)
    return FALSE;
  return !(pspec->flags & GST_PARAM_MUTABLE_PLAYING) && !self->data->follows;
}

static void
set_property (GObject * object, guint id, const GValue * value,
    GParamSpec * pspec)
{
  Double *self = (Double *) object;
  DoubleWrite *write = g_new0 (DoubleWrite, 1);

  g_value_copy (value, &self->values[id - 1]);
  write->factory = g_strdup (self->data->factory);
  write->property = g_strdup (pspec->name);
  write->value = gst_value_serialize (value);
  write->instance = self;
  write->thread = g_thread_self ();
  write->streaming = self->streaming;
  write->state = GST_STATE (self);
  write->n_frames = self->n_frames;
  write->ignored = is_ignored (self, pspec);
  g_mutex_lock (&lock);
  g_ptr_array_add (writes, write);
  g_mutex_unlock (&lock);
}

static void
get_property (GObject * object, guint id, GValue * value, GParamSpec * pspec)
{
  Double *self = (Double *) object;
  gpointer flags = NULL;

  if (G_IS_PARAM_SPEC_FLAGS (pspec)) {
    g_mutex_lock (&lock);
    flags = g_hash_table_lookup (fate_of (self->data->factory)->flags,
        pspec->name);
    g_mutex_unlock (&lock);
  }
  if (flags != NULL)
    g_value_set_flags (value, GPOINTER_TO_UINT (flags));
  else
    g_value_copy (&self->values[id - 1], value);
}

/* --- encoding --- */

static const struct
{
  const gchar *codec, *line;
} lines[] = {
  /* *INDENT-OFF* */
  {"h264", "videoconvert name=in ! x264enc name=codec "
      "speed-preset=superfast tune=zerolatency key-int-max=30"},
  {"h265", "videoconvert name=in ! x265enc name=codec "
      "speed-preset=ultrafast tune=zerolatency log-level=none ! h265parse"},
  {"av1", "videoconvert name=in ! av1enc name=codec cpu-used=10 "
      "usage-profile=realtime ! av1parse"},
  {"prores", "videoconvert name=in ! avenc_prores_ks name=codec"},
  {"aac", "audioconvert name=in ! avenc_aac name=codec"},
  /* *INDENT-ON* */
};

/* The real encoder, though its name may stand for a double now. */
static GstElement *
make_inner (const gchar * codec)
{
  GError *error = NULL;
  GstElement *inner;
  guint i = 0;

  while (strcmp (lines[i].codec, codec) != 0)
    i++;
  inner = double_property_parse_line (lines[i].line, real, &error);
  if (inner == NULL)
    g_error ("%s: %s", lines[i].line, error->message);
  return inner;
}

static void
complain (Double * self, const gchar * what)
{
  GST_ELEMENT_ERROR (self, LIBRARY, INIT, ("The double %s.", what), (NULL));
}

static gboolean
begin_session (Double * self)
{
  Fate *fate;
  gboolean begun;

  if (self->has_session)
    return TRUE;
  g_mutex_lock (&lock);
  fate = fate_of (self->data->factory);
  begun = fate->max_sessions == 0 || fate->sessions < fate->max_sessions;
  fate->sessions += begun;
  g_mutex_unlock (&lock);
  self->has_session = begun;
  return begun;
}

static void
count_caps (Double * self)
{
  if (self->has_caps)
    return;
  self->has_caps = TRUE;
  g_mutex_lock (&lock);
  fate_of (self->data->factory)->all_sessions++;
  g_mutex_unlock (&lock);
}

static void
end_session (Double * self)
{
  self->has_caps = FALSE;
  if (!self->has_session)
    return;
  self->has_session = FALSE;
  g_mutex_lock (&lock);
  fate_of (self->data->factory)->sessions--;
  g_mutex_unlock (&lock);
}

/* Tells the codec inside what this stream needs. */
static void
prepare (Double * self)
{
  GstElement *codec = gst_bin_get_by_name (GST_BIN (self->inner), "codec");
  GstCaps *allowed = gst_pad_peer_query_caps (self->src, self->data->src_caps);
  GstStructure *s = gst_caps_is_empty (allowed) ? NULL
      : gst_caps_get_structure (allowed, 0);
  const gchar *level = s ? gst_structure_get_string (s, "level") : NULL;
  const gchar *variant = s ? gst_structure_get_string (s, "variant") : NULL;

  if (level != NULL && strcmp (self->data->codec, "h264") == 0) {
    gchar *option = g_strdup_printf ("level=%s", level);

    g_object_set (codec, "option-string", option, NULL);
    g_free (option);
  }
  if (variant != NULL)
    gst_util_set_object_arg (G_OBJECT (codec), "profile", variant);
  gst_caps_unref (allowed);
  gst_object_unref (codec);
}

static gboolean
sink_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  Double *self = (Double *) parent;
  GstCaps *caps, *plain;

  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS
      && take_fate (self, NULL) == DOUBLE_FAILS_AT_END)
    complain (self, "has lost its last frames");
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START
      && take_fate (self, NULL) == DOUBLE_COMPLAINS_WHEN_FLUSHED)
    complain (self, "does not like to be flushed");
  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return gst_pad_event_default (pad, parent, event);
  if (take_fate (self, NULL) == DOUBLE_FAILS_AT_CAPS
      || take_fate (self, NULL) == DOUBLE_FAILS_TO_OPEN
      || !begin_session (self)) {
    complain (self, "has no session for these caps");
    gst_event_unref (event);
    return FALSE;
  }
  count_caps (self);
  prepare (self);
  /* Memory of another kind is ordinary memory in the end. */
  gst_event_parse_caps (event, &caps);
  plain = gst_caps_copy (caps);
  gst_caps_set_features_simple (plain, NULL);
  gst_event_unref (event);
  event = gst_event_new_caps (plain);
  gst_caps_unref (plain);
  return gst_pad_event_default (pad, parent, event);
}

/* Keeps the frame until the element is stopped. */
static void
keep (Double * self)
{
  g_mutex_lock (&lock);
  fate_of (self->data->factory)->keeps = TRUE;
  g_cond_broadcast (&cond);
  while (!self->stops)
    g_cond_wait (&cond, &lock);
  g_mutex_unlock (&lock);
}

static void
set_stops (Double * self, gboolean stops)
{
  g_mutex_lock (&lock);
  self->stops = stops;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&lock);
}

static gpointer
complain_thread (gpointer user_data)
{
  complain (user_data, "has lost its device");
  return NULL;
}

/* Returns whether the next frame, of which @most were to come before, is
 * taken. */
static gboolean
meet_fate (Double * self, DoubleFate fate, guint most)
{
  if (fate == DOUBLE_COMPLAINS_AFTER && self->n_frames + 1 == most)
    g_thread_join (g_thread_new ("double", complain_thread, self));
  if (self->n_frames < most)
    return TRUE;
  if (fate == DOUBLE_FAILS_WHEN_STOPPED)
    keep (self);
  if (fate != DOUBLE_FAILS_AFTER && fate != DOUBLE_FAILS_WHEN_STOPPED)
    return TRUE;
  complain (self, "has lost its device");
  return FALSE;
}

static GstFlowReturn
sink_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  Double *self = (Double *) parent;
  guint most = 0;
  DoubleFate fate = take_fate (self, &most);

  self->streaming = g_thread_self ();
  if (!meet_fate (self, fate, most)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_ERROR;
  }
  self->n_frames++;
  return gst_proxy_pad_chain_default (pad, parent, buffer);
}

static gboolean
pad_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  Double *self = (Double *) parent;
  GstCaps *own = GST_PAD_IS_SINK (pad) ? self->data->sink_caps
      : self->data->src_caps, *filter, *result;

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
      gst_query_parse_caps (query, &filter);
      result = filter ? gst_caps_intersect_full (filter, own,
          GST_CAPS_INTERSECT_FIRST) : gst_caps_ref (own);
      gst_query_set_caps_result (query, result);
      gst_caps_unref (result);
      return TRUE;
    case GST_QUERY_ACCEPT_CAPS:
      gst_query_parse_accept_caps (query, &result);
      gst_query_set_accept_caps_result (query, gst_caps_can_intersect (result,
              own));
      return TRUE;
    case GST_QUERY_ALLOCATION:
      return FALSE;
    default:
      return gst_pad_query_default (pad, parent, query);
  }
}

/* Whether it gets as far as PAUSED; some open their device there. */
static gboolean
may_pause (Double * self)
{
  gboolean tired;
  Fate *fate;

  g_mutex_lock (&lock);
  fate = fate_of (self->data->factory);
  tired = fate->fate == DOUBLE_FAILS_TO_PAUSE
      && fate->n_paused++ >= fate->n_frames;
  g_mutex_unlock (&lock);
  if (tired || (strcmp (self->data->opens, "paused") == 0
          && !begin_session (self))) {
    complain (self, "has no device left");
    return FALSE;
  }
  return TRUE;
}

static GstStateChangeReturn
change_state (GstElement * element, GstStateChange change)
{
  Double *self = (Double *) element;
  GstStateChange opens = strcmp (self->data->opens, "paused") == 0
      ? GST_STATE_CHANGE_READY_TO_PAUSED : GST_STATE_CHANGE_NULL_TO_READY;
  GstStateChangeReturn result;

  if (change == opens && strcmp (self->data->opens, "caps") != 0
      && take_fate (self, NULL) == DOUBLE_FAILS_TO_OPEN) {
    complain (self, "does not open");
    return GST_STATE_CHANGE_FAILURE;
  }
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED && !may_pause (self))
    return GST_STATE_CHANGE_FAILURE;
  set_stops (self, change == GST_STATE_CHANGE_PAUSED_TO_READY);
  result = GST_ELEMENT_CLASS (parent_class)->change_state (element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
    end_session (self);
  return result;
}

static GstPad *
add_pad (Double * self, GstElementClass * klass, const gchar * name,
    const gchar * target)
{
  GstPadTemplate *template = gst_element_class_get_pad_template (klass, name);
  GstPad *inner = double_property_pad (self->inner, target);
  GstPad *pad = gst_ghost_pad_new_from_template (name, inner, template);

  gst_object_unref (inner);
  gst_pad_set_query_function (pad, pad_query);
  gst_element_add_pad (GST_ELEMENT (self), pad);
  return pad;
}

/* What the codec makes must be what the real one's template says. */
static void
restrict_output (Double * self)
{
  GstElement *filter = gst_bin_get_by_name (GST_BIN (self->inner), "out");

  g_object_set (filter, "caps", self->data->src_caps, NULL);
  gst_object_unref (filter);
}

static void
double_init (GTypeInstance * instance, gpointer klass)
{
  Double *self = (Double *) instance;
  guint i;

  self->data = g_type_get_qdata (G_TYPE_FROM_CLASS (klass),
      g_quark_from_static_string ("double"));
  self->values = g_new0 (GValue, self->data->n_properties);
  for (i = 0; i < self->data->n_properties; i++)
    double_property_default (&self->data->properties[i], &self->values[i]);
  self->inner = make_inner (self->data->codec);
  restrict_output (self);
  gst_bin_add (GST_BIN (self), self->inner);
  self->sink = add_pad (self, klass, "sink", "in");
  self->src = add_pad (self, klass, "src", "out");
  gst_pad_set_event_function (self->sink, sink_event);
  gst_pad_set_chain_function (self->sink, sink_chain);
}

static void
finalize (GObject * object)
{
  Double *self = (Double *) object;
  guint i;

  end_session (self);
  for (i = 0; i < self->data->n_properties; i++)
    g_value_unset (&self->values[i]);
  g_free (self->values);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
class_init (gpointer klass, gpointer class_data)
{
  const DoubleClassData *data = class_data;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  guint i;

  parent_class = g_type_class_peek_parent (klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  element_class->change_state = change_state;
  for (i = 0; i < data->n_properties; i++)
    g_object_class_install_property (object_class, i + 1,
        double_property_spec (&data->properties[i]));
  gst_element_class_set_metadata (element_class, data->factory, data->klass,
      "A double", "The Echoel authors");
  gst_element_class_add_pad_template (element_class,
      gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
          data->sink_caps));
  gst_element_class_add_pad_template (element_class,
      gst_pad_template_new ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
          data->src_caps));
}

/* --- registering --- */

static gchar *
fact (const gchar * group, const gchar * name)
{
  gchar *text = g_key_file_get_value (facts, group, name, NULL);

  g_assert (text != NULL);
  return text;
}

static DoubleClassData *
read_data (const gchar * group, const gchar * factory, gboolean conditional)
{
  DoubleClassData *data = g_new0 (DoubleClassData, 1);
  gchar *klass = fact (group, "@class"), *follows = fact (group, "@follows");
  gchar *raw = fact (group, "@raw"), *memory = fact (group, "@memory");
  gchar *src = fact (group, "@src");

  data->factory = g_strdup (factory);
  data->codec = fact (group, "@codec");
  data->opens = fact (group, "@opens");
  data->klass = g_strconcat ("Codec/Encoder/",
      strcmp (data->codec, "aac") == 0 ? "Audio" : "Video",
      *klass ? "/" : "", klass, NULL);
  data->follows = strcmp (follows, "yes") == 0;
  data->sink_caps = double_property_sink_caps (data->codec, raw, memory);
  data->src_caps = double_property_src_caps (data->codec, src);
  data->properties = double_property_read (facts, group, conditional,
      &data->n_properties);
  g_free (klass);
  g_free (follows);
  g_free (raw);
  g_free (memory);
  g_free (src);
  return data;
}

static GType
type_for (const gchar * version, const gchar * factory, gboolean conditional)
{
  gchar *name = g_strdup_printf ("GstDouble-%s-%s-%d", version, factory,
      conditional);
  gchar *group = g_strdup_printf ("%s %s", version, factory);
  GType type;

  g_strdelimit (name, ".*", '_');
  type = g_type_from_name (name);
  if (type == 0) {
    DoubleClassData *data = read_data (group, factory, conditional);
    GTypeInfo info = { 0, };

    info.class_size = sizeof (GstBinClass);
    info.class_init = class_init;
    info.class_data = data;
    info.instance_size = sizeof (Double);
    info.instance_init = double_init;
    type = g_type_register_static (GST_TYPE_BIN, name, &info, 0);
    g_type_set_qdata (type, g_quark_from_static_string ("double"), data);
  }
  g_free (name);
  g_free (group);
  return type;
}

static void
load (void)
{
  const gchar *folder = g_getenv ("ECHOEL_BUILD_DIR");
  gchar *path;
  GError *error = NULL;

  if (facts != NULL)
    return;
  path = g_build_filename (folder ? folder : "build", "tests", "doubles",
      "doubles.data", NULL);
  facts = g_key_file_new ();
  if (!g_key_file_load_from_file (facts, path, G_KEY_FILE_NONE, &error))
    g_error ("%s: %s", path, error->message);
  g_free (path);
  fates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_fate);
  writes = g_ptr_array_new_with_free_func (free_write);
  real = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      gst_object_unref);
  installed = g_ptr_array_new_with_free_func (gst_object_unref);
}

gchar **
doubles_list (const gchar * version)
{
  GPtrArray *names = g_ptr_array_new ();
  gchar **groups;
  guint i;

  load ();
  groups = g_key_file_get_groups (facts, NULL);
  for (i = 0; groups[i] != NULL; i++) {
    if (g_str_has_prefix (groups[i], version))
      g_ptr_array_add (names, g_strdup (groups[i] + strlen (version) + 1));
  }
  g_ptr_array_add (names, NULL);
  g_strfreev (groups);
  return (gchar **) g_ptr_array_free (names, FALSE);
}

/* Converters come with every version. */
static void
install_converters (const gchar * version)
{
  if (installed->len == 0)
    double_convert_install (version);
}

/* Takes what has the name of any double, of any version, out of the
 * registry. */
static void
hide_real (void)
{
  gchar **groups = g_key_file_get_groups (facts, NULL);
  guint i;

  for (i = 0; groups[i] != NULL; i++) {
    const gchar *name = strchr (groups[i], ' ') + 1;
    GstPluginFeature *feature =
        gst_registry_lookup_feature (gst_registry_get (), name), *loaded;

    if (feature == NULL)
      continue;
    /* Loading it later would register it once more. */
    loaded = gst_plugin_feature_load (feature);
    gst_object_unref (feature);
    gst_registry_remove_feature (gst_registry_get (), loaded);
    g_hash_table_insert (real, g_strdup (name), loaded);
  }
  g_strfreev (groups);
}

static void
install (const gchar * version, const gchar * factory, gboolean conditional)
{
  install_converters (version);
  if (!gst_element_register (NULL, factory, GST_RANK_NONE, type_for (version,
              factory, conditional)))
    g_error ("cannot register %s", factory);
  g_ptr_array_add (installed, gst_registry_lookup_feature (gst_registry_get (),
          factory));
}

void
doubles_install (const gchar * version, gboolean conditional)
{
  gchar **names = doubles_list (version);
  guint i;

  hide_real ();
  for (i = 0; names[i] != NULL; i++)
    install (version, names[i], conditional);
  g_strfreev (names);
}

void
doubles_install_one (const gchar * version, const gchar * factory,
    gboolean conditional)
{
  load ();
  if (g_hash_table_size (real) == 0)
    hide_real ();
  install (version, factory, conditional);
}

void
doubles_uninstall (void)
{
  GHashTableIter iter;
  gpointer feature;
  guint i;

  double_convert_uninstall ();
  for (i = 0; i < installed->len; i++)
    gst_registry_remove_feature (gst_registry_get (),
        g_ptr_array_index (installed, i));
  g_ptr_array_set_size (installed, 0);
  g_hash_table_iter_init (&iter, real);
  while (g_hash_table_iter_next (&iter, NULL, &feature))
    gst_registry_add_feature (gst_registry_get (), gst_object_ref (feature));
  g_hash_table_remove_all (real);
  g_mutex_lock (&lock);
  g_hash_table_remove_all (fates);
  g_ptr_array_set_size (writes, 0);
  g_mutex_unlock (&lock);
}

/* --- fates --- */

void
doubles_set_fate (const gchar * factory, DoubleFate fate, guint n_frames)
{
  g_mutex_lock (&lock);
  fate_of (factory)->fate = fate;
  fate_of (factory)->n_frames = n_frames;
  g_mutex_unlock (&lock);
}

void
doubles_wait_kept (const gchar * factory)
{
  g_mutex_lock (&lock);
  while (!fate_of (factory)->keeps)
    g_cond_wait (&cond, &lock);
  g_mutex_unlock (&lock);
}

void
doubles_set_sessions (const gchar * factory, guint n)
{
  g_mutex_lock (&lock);
  fate_of (factory)->max_sessions = n;
  g_mutex_unlock (&lock);
}

void
doubles_set_flags (const gchar * factory, const gchar * property, guint flags)
{
  g_mutex_lock (&lock);
  g_hash_table_replace (fate_of (factory)->flags, g_strdup (property),
      GUINT_TO_POINTER (flags));
  g_mutex_unlock (&lock);
}

guint
doubles_sessions (const gchar * factory)
{
  guint n;

  g_mutex_lock (&lock);
  n = fate_of (factory)->all_sessions;
  g_mutex_unlock (&lock);
  return n;
}

GPtrArray *
doubles_writes (void)
{
  GPtrArray *copies = g_ptr_array_new_with_free_func (free_write);
  guint i;

  g_mutex_lock (&lock);
  for (i = 0; i < writes->len; i++) {
    const DoubleWrite *write = g_ptr_array_index (writes, i);
    DoubleWrite *copy = g_new (DoubleWrite, 1);

    *copy = *write;
    copy->factory = g_strdup (write->factory);
    copy->property = g_strdup (write->property);
    copy->value = g_strdup (write->value);
    g_ptr_array_add (copies, copy);
  }
  g_mutex_unlock (&lock);
  return copies;
}
