/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encoderchoice.h"

#include <string.h>

#include "encodertrial.h"

#define HARDWARE_CLASS "Hardware"

static gboolean
is_hardware (const EchoelEncoder * row, GstElementFactory * factory)
{
  const gchar *klass;

  if (row->kind != ECHOEL_KIND_BY_CLASS || factory == NULL)
    return row->kind == ECHOEL_KIND_HARDWARE;
  klass = gst_element_factory_get_metadata (factory,
      GST_ELEMENT_METADATA_KLASS);
  return klass != NULL && strstr (klass, HARDWARE_CLASS) != NULL;
}

static gboolean
is_class (const gchar * wish)
{
  return strcmp (wish, "auto") == 0 || strcmp (wish, "hardware") == 0
      || strcmp (wish, "software") == 0;
}

/* Those that a wish may mean, for messages. */
static guint
kinds_of (const gchar * wish)
{
  if (strcmp (wish, "hardware") == 0)
    return ECHOEL_ALL_KINDS & ~(1u << ECHOEL_KIND_SOFTWARE);
  if (strcmp (wish, "software") == 0)
    return ECHOEL_ALL_KINDS & ~(1u << ECHOEL_KIND_HARDWARE);
  return ECHOEL_ALL_KINDS;
}

static gboolean
wanted (const EchoelEncoder * row, GstElementFactory * factory,
    const gchar * name, const gchar * wish)
{
  if (strcmp (wish, "hardware") == 0)
    return is_hardware (row, factory);
  if (strcmp (wish, "software") == 0)
    return !is_hardware (row, factory);
  return strcmp (wish, "auto") == 0 || strcmp (wish, name) == 0;
}

/* The best goes first: hardware, then software that is known by name, then
 * what only stands in for hardware. */
static guint
order_of (const EchoelEncoder * row, GstElementFactory * factory)
{
  if (is_hardware (row, factory))
    return 0;
  return row->kind == ECHOEL_KIND_SOFTWARE ? 1 : 2;
}

typedef struct
{
  const gchar *name;
  guint order, row, device;     /* device: 0 for the row's own factory */
  guint rank;
} Candidate;

static gint
compare (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;

  if (x->order != y->order)
    return x->order < y->order ? -1 : 1;
  if (x->row != y->row)
    return x->row < y->row ? -1 : 1;
  if (x->device != y->device)
    return x->device < y->device ? -1 : 1;
  if (x->rank != y->rank)
    return x->rank > y->rank ? -1 : 1;
  return strcmp (x->name, y->name);
}

static void
add_candidate (GArray * found, const EchoelEncoder * row, guint index,
    const gchar * name, GstElementFactory * factory, const gchar * wish)
{
  Candidate candidate = { name, order_of (row, factory), index,
    strcmp (name, row->factory) != 0,
    factory ? gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory)) : 0
  };
  guint i;

  if (!wanted (row, factory, name, wish))
    return;
  for (i = 0; i < found->len; i++) {
    if (strcmp (g_array_index (found, Candidate, i).name, name) == 0)
      return;
  }
  g_array_append_val (found, candidate);
}

static const gchar *const codec_names[] = {
  [ECHOEL_CODEC_NONE] = "nothing",
  [ECHOEL_CODEC_H264] = "H.264",
  [ECHOEL_CODEC_HEVC] = "HEVC",
  [ECHOEL_CODEC_AV1] = "AV1",
  [ECHOEL_CODEC_PRORES] = "ProRes",
  [ECHOEL_CODEC_AAC] = "AAC",
};

static GstCaps *
codec_caps (EchoelCodec codec)
{
  static const gchar *const names[] = {
    [ECHOEL_CODEC_NONE] = "none",
    [ECHOEL_CODEC_H264] = "video/x-h264",
    [ECHOEL_CODEC_HEVC] = "video/x-h265",
    [ECHOEL_CODEC_AV1] = "video/x-av1",
    [ECHOEL_CODEC_PRORES] = "video/x-prores",
    [ECHOEL_CODEC_AAC] = "audio/mpeg",
  };

  return gst_caps_new_empty_simple (names[codec]);
}

/* What is installed and belongs to @row: on Android a name says neither codec
 * nor kind. */
static void
add_installed (GArray * found, const EchoelEncoder * row, guint index,
    GList * factories, const gchar * wish)
{
  GstCaps *caps = codec_caps (row->codec);
  GList *walk;

  for (walk = factories; walk != NULL; walk = walk->next) {
    GstElementFactory *factory = walk->data;
    const gchar *name = GST_OBJECT_NAME (factory);

    if (echoel_encoder_is_for (row, name)
        && gst_element_factory_can_src_any_caps (factory, caps))
      add_candidate (found, row, index, name, factory, wish);
  }
  gst_caps_unref (caps);
}

/* Software that is missing is worth a word; hardware mostly is. */
static void
add_missing (GArray * found, const EchoelEncoder * row, guint index,
    const gchar * wish)
{
  if (row->kind == ECHOEL_KIND_SOFTWARE || strcmp (wish, row->factory) == 0)
    add_candidate (found, row, index, row->factory, NULL, wish);
}

static GPtrArray *
list_candidates (EchoelCodec codec, const gchar * wish)
{
  GList *factories = gst_registry_get_feature_list (gst_registry_get (),
      GST_TYPE_ELEMENT_FACTORY);
  GArray *found = g_array_new (FALSE, FALSE, sizeof (Candidate));
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const EchoelEncoder *rows;
  guint i, n;

  rows = echoel_encoders (&n);
  for (i = 0; i < n; i++) {
    if (rows[i].codec != codec)
      continue;
    add_installed (found, &rows[i], i, factories, wish);
    add_missing (found, &rows[i], i, wish);
  }
  g_array_sort (found, compare);
  for (i = 0; i < found->len; i++)
    g_ptr_array_add (names, g_strdup (g_array_index (found, Candidate,
                i).name));
  g_array_unref (found);
  gst_plugin_feature_list_free (factories);
  return names;
}

static const EchoelEncoder *
find_row (EchoelCodec codec, const gchar * factory)
{
  const EchoelEncoder *rows;
  guint i, n;

  rows = echoel_encoders (&n);
  for (i = 0; i < n; i++) {
    if (rows[i].codec == codec && echoel_encoder_is_for (&rows[i], factory))
      return &rows[i];
  }
  return NULL;
}

static void
note_refusal (EncoderChoice * choice, const gchar * factory, const gchar * why)
{
  if (choice->refused->len) {
    g_string_append (choice->refused, ", ");
    g_string_append (choice->why, "; ");
  }
  g_string_append (choice->refused, factory);
  g_string_append_printf (choice->why, "%s: %s", factory, why);
}

/* Returns: (transfer full): what is wrong with a factory that was named but has
 * no row for this codec */
static gchar *
fault_of (const gchar * wish, GstElementFactory * factory, EchoelCodec codec)
{
  const EchoelEncoder *rows;
  guint i, n;

  if (factory == NULL)
    return g_strdup ("is not installed");
  rows = echoel_encoders (&n);
  for (i = 0; i < n; i++) {
    if (echoel_encoder_is_for (&rows[i], wish))
      return g_strdup_printf ("makes %s, not %s", codec_names[rows[i].codec],
          codec_names[codec]);
  }
  return g_strdup (gst_element_factory_list_is_type (factory,
          GST_ELEMENT_FACTORY_TYPE_ENCODER) ? "is not an encoder known here"
      : "is not an encoder");
}

static gboolean
refuse_name (const gchar * wish, EchoelCodec codec, GError ** error)
{
  GstElementFactory *factory = gst_element_factory_find (wish);
  gchar *known = echoel_encoder_names (codec, ECHOEL_ALL_KINDS);
  gchar *why = fault_of (wish, factory, codec);

  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "encoder=%s %s; use auto, hardware, software or one of: %s.", wish, why,
      known);
  g_free (why);
  g_free (known);
  g_clear_object (&factory);
  return FALSE;
}

/* It is there, so that nothing need be installed. */
static gboolean
refuse_named (const EncoderChoice * choice, GError ** error)
{
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "encoder=%s cannot be used here; with encoder=auto others are tried. %s",
      choice->wish, choice->why->str);
  return FALSE;
}

static gboolean
is_installed (const gchar * name)
{
  GstElementFactory *factory = gst_element_factory_find (name);
  gboolean installed = factory != NULL;

  g_clear_object (&factory);
  return installed;
}

static gboolean
refuse_all (const EncoderChoice * choice, const EchoelPlan * plan,
    GError ** error)
{
  gchar *known;

  if (!is_class (choice->wish) && is_installed (choice->wish))
    return refuse_named (choice, error);
  known = echoel_encoder_names (choice->codec, kinds_of (choice->wish));
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
      "No %s encoder can be used (encoder=%s): %s%s%s.",
      codec_names[choice->codec],
      choice->wish, choice->why->str,
      choice->why->len ? "" : "none is installed of ",
      choice->why->len ? "" : known);
  g_free (known);
  return FALSE;
}

/* Returns why not, or NULL with @choice changed. */
static gchar *
open_factory (EncoderChoice * choice, const gchar * factory,
    const EchoelPlan * plan, const gchar * name)
{
  const EchoelEncoder *row = find_row (choice->codec, factory);
  gchar *raw_format, *why = encoder_setup_open (factory, &row, plan, name,
      choice->raw_format, &choice->element, &raw_format);

  if (why != NULL)
    return why;
  choice->row = row;
  g_free (choice->raw_format);
  choice->raw_format = raw_format;
  return NULL;
}

static gboolean
open_candidate (EncoderChoice * choice, const gchar * factory,
    const EchoelPlan * plan, const gchar * name)
{
  gchar *why = open_factory (choice, factory, plan, name);

  if (why != NULL) {
    note_refusal (choice, factory, why);
    g_free (why);
    return FALSE;
  }
  g_free (choice->factory);
  choice->factory = g_strdup (factory);
  return TRUE;
}

static gboolean
open_next (EncoderChoice * choice, const EchoelPlan * plan, const gchar * name,
    GError ** error)
{
  while (choice->next < choice->candidates->len) {
    const gchar *factory = g_ptr_array_index (choice->candidates,
        choice->next++);

    if (open_candidate (choice, factory, plan, name))
      return TRUE;
  }
  return refuse_all (choice, plan, error);
}

/* Who asks for one encoder is told before the stream begins that it does not
 * take it; no other is tried then. */
static gboolean
prove (EncoderChoice * choice, const EchoelPlan * plan, GError ** error)
{
  gchar *why = encoder_trial (choice->factory, choice->row, plan,
      choice->raw_format);

  if (why == NULL)
    return TRUE;
  note_refusal (choice, choice->factory, why);
  g_free (why);
  return refuse_all (choice, plan, error);
}

gboolean
encoder_choose (EchoelCodec codec, const gchar * wish,
    const EchoelPlan * plan, const gchar * name, EncoderChoice * choice,
    GError ** error)
{
  memset (choice, 0, sizeof (*choice));
  choice->codec = codec;
  choice->wish = g_strdup (wish);
  choice->refused = g_string_new (NULL);
  choice->why = g_string_new (NULL);
  choice->candidates = list_candidates (codec, wish);
  if (choice->candidates->len == 0 && !is_class (wish))
    return refuse_name (wish, codec, error);
  return open_next (choice, plan, name, error) && (is_class (wish)
      || prove (choice, plan, error));
}

gboolean
encoder_choose_next (EncoderChoice * choice, const gchar * why,
    const EchoelPlan * plan, const gchar * name, GError ** error)
{
  note_refusal (choice, choice->factory, why);
  return open_next (choice, plan, name, error);
}

static gboolean
has_memory (const EchoelEncoder * row, const gchar * feature)
{
  gchar **features = g_strsplit (row->memory ? row->memory : "", "|", -1);
  gboolean has = g_strv_contains ((const gchar * const *) features, feature);

  g_strfreev (features);
  return has;
}

/* Opens one that may take the memory, without a word if it does not. */
static GstElement *
try_memory (EncoderChoice * choice, const gchar * factory,
    const gchar * feature, const EchoelPlan * plan, const gchar * name)
{
  const EchoelEncoder *row = find_row (choice->codec, factory);
  GstElement *element = NULL;
  gchar *raw_format, *why;

  if (!has_memory (row, feature))
    return NULL;
  why = encoder_setup_open (factory, &row, plan, name, choice->raw_format,
      &element, &raw_format);
  g_free (why);
  if (element != NULL && encoder_setup_takes_memory (element, row, plan,
          raw_format, feature)) {
    choice->row = row;
    g_free (choice->raw_format);
    choice->raw_format = raw_format;
    return element;
  }
  if (element != NULL) {
    gst_element_set_state (element, GST_STATE_NULL);
    gst_object_ref_sink (element);
    gst_object_unref (element);
    g_free (raw_format);
  }
  return NULL;
}

/* The one that was in use follows, then the others in their order. Those that
 * were refused stand before it, and go. */
static void
put_first (EncoderChoice * choice, guint index)
{
  guint refused = choice->next - 1, i;
  gpointer first;

  if (refused > 0)
    g_ptr_array_remove_range (choice->candidates, 0, refused);
  index -= refused;
  first = g_ptr_array_index (choice->candidates, index);

  for (i = index; i > 0; i--)
    g_ptr_array_index (choice->candidates, i) =
        g_ptr_array_index (choice->candidates, i - 1);
  g_ptr_array_index (choice->candidates, 0) = first;
  g_free (choice->factory);
  choice->factory = g_strdup (first);
  choice->next = 1;
}

gboolean
encoder_choose_for_memory (EncoderChoice * choice, const gchar * feature,
    const EchoelPlan * plan, const gchar * name)
{
  guint i;

  for (i = choice->next; i < choice->candidates->len; i++) {
    const gchar *factory = g_ptr_array_index (choice->candidates, i);
    GstElement *element = try_memory (choice, factory, feature, plan, name);

    if (element == NULL)
      continue;
    choice->element = element;
    put_first (choice, i);
    return TRUE;
  }
  return FALSE;
}

gchar *
encoder_choose_again (EncoderChoice * choice, const EchoelPlan * plan,
    const gchar * name)
{
  return open_factory (choice, choice->factory, plan, name);
}

gboolean
encoder_choice_is_named (const EncoderChoice * choice)
{
  return !is_class (choice->wish);
}

void
encoder_choice_clear (EncoderChoice * choice)
{
  if (choice->element != NULL) {
    gst_element_set_state (choice->element, GST_STATE_NULL);
    gst_object_ref_sink (choice->element);
    gst_object_unref (choice->element);
  }
  g_free (choice->factory);
  g_free (choice->raw_format);
  g_free (choice->wish);
  if (choice->refused != NULL) {
    g_string_free (choice->refused, TRUE);
    g_string_free (choice->why, TRUE);
    g_ptr_array_unref (choice->candidates);
  }
  memset (choice, 0, sizeof (*choice));
}

GstMessage *
encoder_choice_message (const EncoderChoice * choice, GstObject * source,
    const gchar * name)
{
  return gst_message_new_element (source, gst_structure_new (name,
          "chosen", G_TYPE_STRING, choice->factory,
          "refused", G_TYPE_STRING, choice->refused->str,
          "why", G_TYPE_STRING, choice->why->str, NULL));
}
