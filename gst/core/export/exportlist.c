/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportlist.h"

#include <string.h>

/* *INDENT-OFF* */
G_DEFINE_QUARK (echoel-export-error-quark, echoel_export_error)
/* *INDENT-ON* */

/* Between entries; a comma also stands between the settings of one. */
#define SEPARATORS ",; \t\r\n"

/* The generic batch: not a platform, so the plainest preset there is, with
 * bits by the pixels. */
#define BATCH "batch"
#define BATCH_PRESET "custom-live"
#define MAX_OUTPUTS 64

/* What echoelcrop is told, by its own property names. */
static const gchar *const reframing_keys[] = {
  "fit", "follow", "anchor-x", "anchor-y", "zoom", "filter", "background",
  "region-types", "max-speed", "max-acceleration", "dead-band", "lookahead",
  NULL
};

static const gchar *const qualities[ECHOEL_N_QUALITIES] = {
  "auto", "low", "medium", "high", "maximum"
};

typedef gboolean (*TakeFunc) (EchoelExportRequest * request,
    const gchar * value);

static void
request_free (gpointer data)
{
  EchoelExportRequest *request = data;

  g_free (request->label);
  echoel_preset_free (request->preset);
  g_free (request->resolution);
  g_free (request->encoder);
  g_free (request->format);
  g_free (request->reframing);
  g_free (request);
}

static EchoelExportRequest *
request_new (void)
{
  EchoelExportRequest *request = g_new0 (EchoelExportRequest, 1);

  request->encoder = g_strdup ("auto");
  request->overrides.usage = ECHOEL_USAGE_EXPORT;
  request->overrides.fps_d = 1;
  request->overrides.bitrate = -1;
  request->overrides.max_duration = GST_CLOCK_TIME_NONE;
  return request;
}

static gboolean
take_text (gchar ** field, const gchar * value)
{
  g_free (*field);
  *field = g_strdup (value);
  return *value != '\0';
}

/* A part of a file name. */
static gboolean
take_name (EchoelExportRequest * request, const gchar * value)
{
  return *value != '.' && strchr (value, '/') == NULL
      && take_text (&request->label, value);
}

static gboolean
take_resolution (EchoelExportRequest * request, const gchar * value)
{
  return take_text (&request->resolution, value);
}

static gboolean
take_encoder (EchoelExportRequest * request, const gchar * value)
{
  return take_text (&request->encoder, value);
}

static gboolean
take_format (EchoelExportRequest * request, const gchar * value)
{
  return take_text (&request->format, value);
}

static gboolean
take_framerate (EchoelExportRequest * request, const gchar * value)
{
  GValue fraction = G_VALUE_INIT;
  gboolean read;

  g_value_init (&fraction, GST_TYPE_FRACTION);
  read = gst_value_deserialize (&fraction, value);
  if (read) {
    request->overrides.fps_n = gst_value_get_fraction_numerator (&fraction);
    request->overrides.fps_d = gst_value_get_fraction_denominator (&fraction);
  }
  g_value_unset (&fraction);
  return read;
}

static gboolean
take_bitrate (EchoelExportRequest * request, const gchar * value)
{
  gint64 number;

  if (!g_ascii_string_to_signed (value, 10, -1, G_MAXINT, &number, NULL))
    return FALSE;
  request->overrides.bitrate = (gint) number;
  return TRUE;
}

static gboolean
take_quality (EchoelExportRequest * request, const gchar * value)
{
  guint i;

  for (i = 0; i < ECHOEL_N_QUALITIES; i++) {
    if (strcmp (qualities[i], value) == 0) {
      request->overrides.quality = (EchoelQuality) i;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
take_max_duration (EchoelExportRequest * request, const gchar * value)
{
  return g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64,
      &request->overrides.max_duration, NULL);
}

static const struct
{
  const gchar *key;
  TakeFunc take;
  const gchar *possible;
} keys[] = {
  /* *INDENT-OFF* */
  {"name", take_name, "a word for file names"},
  {"resolution", take_resolution, "such as 720p or 1280x720"},
  {"encoder", take_encoder, "auto, hardware, software or an encoder element"},
  {"format", take_format, "such as h264-high"},
  {"framerate", take_framerate, "frames per second, such as 30 or 30000/1001"},
  {"bitrate", take_bitrate, "kbit/s, or -1 for the platform's own"},
  {"quality", take_quality, "auto, low, medium, high or maximum"},
  {"max-duration", take_max_duration, "nanoseconds, 0 for no limit"},
  /* *INDENT-ON* */
};

static gboolean
refuse (GError ** error, const gchar * entry, const gchar * key,
    const gchar * value, const gchar * possible)
{
  g_set_error (error, ECHOEL_EXPORT_ERROR, 0,
      "%s: %s=%s is not possible: %s.", entry, key, value, possible);
  return FALSE;
}

static gboolean
refuse_key (GError ** error, const gchar * entry, const gchar * key)
{
  GString *known = g_string_new (NULL);
  gchar *more = g_strjoinv (", ", (gchar **) reframing_keys);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (keys); i++)
    g_string_append_printf (known, "%s, ", keys[i].key);
  g_set_error (error, ECHOEL_EXPORT_ERROR, 0,
      "%s has no setting \"%s\"; there are %s%s.", entry, key, known->str,
      more);
  g_string_free (known, TRUE);
  g_free (more);
  return FALSE;
}

/* Later settings come behind earlier ones and win. */
static void
append_reframing (EchoelExportRequest * request, const gchar * key,
    const gchar * value)
{
  gchar *before = request->reframing;

  request->reframing = g_strdup_printf ("%s%s%s=%s", before ? before : "",
      before ? "," : "", key, value);
  g_free (before);
}

static gboolean
take_setting (EchoelExportRequest * request, const gchar * entry,
    const gchar * key, const gchar * value, GError ** error)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (keys); i++) {
    if (strcmp (keys[i].key, key) == 0)
      return keys[i].take (request, value)
          || refuse (error, entry, key, value, keys[i].possible);
  }
  if (!g_strv_contains (reframing_keys, key))
    return refuse_key (error, entry, key);
  append_reframing (request, key, value);
  return TRUE;
}

/* @settings: "KEY=VALUE" each */
static gboolean
take_settings (EchoelExportRequest * request, const gchar * entry,
    gchar ** settings, GError ** error)
{
  gboolean done = TRUE;

  for (; done && *settings != NULL; settings++) {
    gchar *key = g_strdup (*settings), *value = strchr (key, '=');

    if (value == NULL) {
      done = refuse_key (error, entry, key);
    } else {
      *value++ = '\0';
      done = take_setting (request, entry, key, value, error);
    }
    g_free (key);
  }
  return done;
}

/* Fills in what follows from the settings. */
static gboolean
finish (EchoelExportRequest * request, GError ** error)
{
  if (request->label == NULL)
    request->label = g_strdup (request->preset->id);
  request->overrides.format = request->format;
  request->overrides.resolution = request->resolution;
  if (echoel_plan_make (request->preset, &request->overrides, &request->plan,
          error))
    return TRUE;
  g_prefix_error (error, "%s: ", request->label);
  return FALSE;
}

static gboolean
add_request (GPtrArray * requests, EchoelExportRequest * request,
    GError ** error)
{
  guint i;

  g_ptr_array_add (requests, request);
  if (!finish (request, error))
    return FALSE;
  for (i = 0; i + 1 < requests->len; i++) {
    const EchoelExportRequest *other = g_ptr_array_index (requests, i);

    if (strcmp (other->label, request->label) == 0) {
      g_set_error (error, ECHOEL_EXPORT_ERROR, 0,
          "%s is there twice: give one of them name=.", request->label);
      return FALSE;
    }
  }
  if (requests->len > MAX_OUTPUTS) {
    g_set_error (error, ECHOEL_EXPORT_ERROR, 0,
        "More than %d files in one export.", MAX_OUTPUTS);
    return FALSE;
  }
  return TRUE;
}

static gboolean
add_platform (GPtrArray * requests, const gchar * id, gchar ** settings,
    const gchar * reframing, GError ** error)
{
  EchoelExportRequest *request = request_new ();
  gboolean done;

  request->reframing = g_strdup (reframing);
  request->preset = echoel_preset_find (id, error);
  done = request->preset != NULL
      && take_settings (request, id, settings, error);
  if (done)
    return add_request (requests, request, error);
  request_free (request);
  return FALSE;
}

/* All that are for files. */
static gboolean
add_all (GPtrArray * requests, gchar ** settings, const gchar * reframing,
    GError ** error)
{
  GPtrArray *list = echoel_preset_list ();
  gboolean done = TRUE;
  guint i;

  for (i = 0; done && i < list->len; i++) {
    const EchoelPreset *preset = g_ptr_array_index (list, i);

    if (preset->usage == ECHOEL_USAGE_EXPORT)
      done = add_platform (requests, preset->id, settings, reframing, error);
  }
  g_ptr_array_unref (list);
  return done;
}

/* Takes "KEY=A+B" out of @settings. Returns: (transfer full): A and B */
static gchar **
take_product (GPtrArray * settings, const gchar * key)
{
  gsize length = strlen (key);
  guint i;

  for (i = 0; i + 1 < settings->len; i++) {
    const gchar *setting = g_ptr_array_index (settings, i);

    if (strncmp (setting, key, length) == 0 && setting[length] == '=') {
      gchar **parts = g_strsplit (setting + length + 1, "+", -1);

      g_ptr_array_remove_index (settings, i);
      return parts;
    }
  }
  return NULL;
}

static gboolean
add_product (GPtrArray * requests, gchar ** formats, gchar ** resolutions,
    gchar ** settings, const gchar * reframing, GError ** error)
{
  gboolean done = TRUE;
  guint f, r;

  for (f = 0; formats[f] != NULL; f++) {
    for (r = 0; done && resolutions[r] != NULL; r++) {
      EchoelExportRequest *request = request_new ();

      request->reframing = g_strdup (reframing);
      request->format = g_strdup (formats[f]);
      request->resolution = g_strdup (resolutions[r]);
      request->label = g_strdup_printf ("%s_%s", formats[f], resolutions[r]);
      request->overrides.quality = ECHOEL_QUALITY_MEDIUM;
      request->preset = echoel_preset_find (BATCH_PRESET, error);
      done = request->preset != NULL
          && take_settings (request, BATCH, settings, error);
      if (!done)
        request_free (request);
      else
        done = add_request (requests, request, error);
    }
  }
  return done;
}

static gboolean
add_batch (GPtrArray * requests, GPtrArray * settings,
    const gchar * reframing, GError ** error)
{
  gchar **formats = take_product (settings, "formats");
  gchar **resolutions = take_product (settings, "resolutions");
  gboolean done = FALSE;

  if (formats != NULL && resolutions != NULL)
    done = add_product (requests, formats, resolutions,
        (gchar **) settings->pdata, reframing, error);
  else
    g_set_error (error, ECHOEL_EXPORT_ERROR, 0, "batch needs formats= and "
        "resolutions=, each with + between its values.");
  g_strfreev (formats);
  g_strfreev (resolutions);
  return done;
}

/* @settings: what follows the id, ended by NULL */
static gboolean
add_entry (GPtrArray * requests, const gchar * id, GPtrArray * settings,
    const gchar * reframing, GError ** error)
{
  if (strcmp (id, BATCH) == 0)
    return add_batch (requests, settings, reframing, error);
  if (strcmp (id, "all") == 0)
    return add_all (requests, (gchar **) settings->pdata, reframing, error);
  return add_platform (requests, id, (gchar **) settings->pdata, reframing,
      error);
}

/* Ends the entry that is being read. */
static gboolean
close_entry (GPtrArray * requests, gchar ** id, GPtrArray * settings,
    const gchar * reframing, GError ** error)
{
  gboolean done = TRUE;

  if (*id != NULL) {
    g_ptr_array_add (settings, NULL);
    done = add_entry (requests, *id, settings, reframing, error);
  }
  g_ptr_array_set_size (settings, 0);
  g_clear_pointer (id, g_free);
  return done;
}

/* A word with "=" but no ":" before it belongs to the entry before. */
static gboolean
read_word (GPtrArray * requests, const gchar * word, gchar ** id,
    GPtrArray * settings, const gchar * reframing, GError ** error)
{
  const gchar *colon = strchr (word, ':'), *equals = strchr (word, '=');

  if (equals != NULL && (colon == NULL || colon > equals)) {
    if (*id == NULL) {
      g_set_error (error, ECHOEL_EXPORT_ERROR, 0,
          "\"%s\" stands before any platform.", word);
      return FALSE;
    }
    g_ptr_array_add (settings, g_strdup (word));
    return TRUE;
  }
  if (!close_entry (requests, id, settings, reframing, error))
    return FALSE;
  *id = colon ? g_strndup (word, colon - word) : g_strdup (word);
  if (colon != NULL && colon[1] != '\0')
    g_ptr_array_add (settings, g_strdup (colon + 1));
  return TRUE;
}

static gboolean
check_reframing (const gchar * reframing, GError ** error)
{
  gchar **settings = g_strsplit_set (reframing ? reframing : "", SEPARATORS,
      -1);
  gboolean done = TRUE;
  guint i;

  for (i = 0; done && reframing != NULL && settings[i] != NULL; i++) {
    gchar **pair = g_strsplit (settings[i], "=", 2);

    if (g_strv_length (pair) != 2 || !g_strv_contains (reframing_keys, pair[0]))
      done = refuse_key (error, "reframing", settings[i]);
    g_strfreev (pair);
  }
  g_strfreev (settings);
  return done;
}

GPtrArray *
echoel_export_list_parse (const gchar * text, const gchar * reframing,
    GError ** error)
{
  GPtrArray *requests = g_ptr_array_new_with_free_func (request_free);
  GPtrArray *settings = g_ptr_array_new_with_free_func (g_free);
  gchar **words = g_strsplit_set (text ? text : "", SEPARATORS, -1);
  gchar *id = NULL;
  gboolean done = check_reframing (reframing, error);
  guint i;

  for (i = 0; done && words[i] != NULL; i++) {
    if (*words[i] != '\0')
      done = read_word (requests, words[i], &id, settings, reframing, error);
  }
  done = done && close_entry (requests, &id, settings, reframing, error);
  if (done && requests->len == 0) {
    g_set_error (error, ECHOEL_EXPORT_ERROR, 0,
        "No platform is named: write all, or platforms with commas between.");
    done = FALSE;
  }
  g_free (id);
  g_strfreev (words);
  g_ptr_array_unref (settings);
  if (done)
    return requests;
  g_ptr_array_unref (requests);
  return NULL;
}
