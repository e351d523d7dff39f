/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes the tables of docs/encoders.md: every row, every setting, and what
 * becomes of it in each version of GStreamer.
 *
 * usage: encodertable check|write FILE
 *
 * What stands between the two marks in FILE is compared or replaced. */
#include <gst/gst.h>
#include <stdio.h>
#include <string.h>

#include "doubles.h"
#include "encoders.h"

#define BEGIN "<!-- generated: build/tests/doubles/doubles-encodertable write " \
    "docs/encoders.md -->\n"
#define END "<!-- end of the generated part -->\n"

static const gchar *const versions[] = { "1.22", "1.24", "1.26", "1.28" };

#define N_VERSIONS G_N_ELEMENTS (versions)

/* They are run as themselves by the tests, on the machine's GStreamer. */
static const gchar *const real[] = {
  "x264enc", "openh264enc", "x265enc", "av1enc", "avenc_prores_ks",
  "avenc_prores_aw", "avenc_prores", "avenc_aac", "voaacenc", NULL
};

static const gchar *const codecs[] = {
  NULL, "H.264", "HEVC", "AV1", "ProRes", "AAC"
};

static const gchar *const aspects[] = {
  NULL, "bitrate", "rate control", "peak, buffer", "key frames", "closed GOP",
  "reordering", "real time", "slices <= 1400 bytes", "profile", "effort",
  "other"
};

/* A plan that asks for anything that a row can say. */
static EchoelPlan
make_plan (const EchoelEncoder * row, EchoelUsage usage)
{
  EchoelPlan plan = { 0, };

  plan.usage = usage;
  plan.format = echoel_video_format_find (row->codec == ECHOEL_CODEC_PRORES
      ? "prores-422-hq" : "h264-high");
  plan.width = 1920;
  plan.height = 1080;
  plan.fps_n = 30;
  plan.fps_d = 1;
  plan.bitrate = 6000;
  plan.keyframe_frames = 60;
  plan.audio_bitrate = 192;
  plan.threads = 2;
  return plan;
}

static gboolean
takes (GParamSpec * pspec, const gchar * alternatives)
{
  gchar **texts = g_strsplit (alternatives, "|", -1);
  gboolean taken = FALSE;
  guint i;

  for (i = 0; texts[i] != NULL && !taken; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, pspec->value_type);
    taken = gst_value_deserialize_with_pspec (&value, texts[i], pspec)
        && !g_param_value_validate (pspec, &value);
    g_value_unset (&value);
  }
  g_strfreev (texts);
  return taken;
}

/* "yes", "device" (only some have it) or "no" */
static const gchar *
status_of (GstElement * element, const EchoelEncoder * row,
    const EchoelEncoderSetting * s)
{
  EchoelPlan plan = make_plan (row, s->set & ECHOEL_SET_LIVE
      ? ECHOEL_USAGE_LIVE : ECHOEL_USAGE_EXPORT);
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), s->property);
  gchar *text = echoel_encoder_value (row, s, &plan);
  const gchar *status = "no";

  if (pspec != NULL && text != NULL && takes (pspec, text))
    status = s->guard || (pspec->flags & GST_PARAM_CONDITIONALLY_AVAILABLE)
        ? "device" : "yes";
  g_free (text);
  return status;
}

/* A double of the row's element, or NULL where that version has none. */
static GstElement *
make_double (const EchoelEncoder * row, const gchar * version)
{
  gchar **names = doubles_list (version);
  GstElement *element = NULL;
  guint i;

  for (i = 0; names[i] != NULL && element == NULL; i++) {
    gboolean hevc = g_str_has_suffix (names[i], "hevc");

    if (echoel_encoder_is_for (row, names[i])
        && (row->codec == ECHOEL_CODEC_HEVC || !hevc)
        && (strchr (row->factory, '*') || !strcmp (names[i], row->factory)))
      element = gst_element_factory_make (names[i], NULL);
  }
  g_strfreev (names);
  return element ? gst_object_ref_sink (element) : NULL;
}

static gboolean
is_fit (GstElement * element, const EchoelEncoder * row)
{
  const EchoelEncoderSetting *s;

  for (s = row->settings; s->aspect; s++) {
    if (s->property && (s->set & ECHOEL_SET_REQUIRED)
        && strcmp (status_of (element, row, s), "no") == 0)
      return FALSE;
  }
  return TRUE;
}

/* Doubles of one row in all versions; NULL where the row is not for them, or
 * the one in front of it is. */
static void
make_doubles (const EchoelEncoder * row, GstElement * elements[])
{
  gboolean second = row > echoel_encoder_find (row->factory)
      && strcmp (row[-1].factory, row->factory) == 0;
  guint v;

  for (v = 0; v < N_VERSIONS; v++) {
    doubles_install (versions[v], TRUE);
    elements[v] = make_double (row, versions[v]);
    if (elements[v] != NULL && (!is_fit (elements[v], row)
            || (second && is_fit (elements[v], &row[-1]))))
      gst_clear_object (&elements[v]);
    doubles_uninstall ();
  }
}

static void
free_doubles (GstElement * elements[])
{
  guint v;

  for (v = 0; v < N_VERSIONS; v++)
    gst_clear_object (&elements[v]);
}

static gchar *
versions_text (GstElement * elements[])
{
  GString *text = g_string_new (NULL);
  guint v;

  for (v = 0; v < N_VERSIONS; v++) {
    if (elements[v] != NULL)
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", versions[v]);
  }
  return g_string_free (text, text->len == 0);
}

static gboolean
is_flagged (GstElement * element, const EchoelEncoder * row)
{
  const EchoelEncoderSetting *s = row->settings;
  GParamSpec *pspec;

  while (s->aspect != ECHOEL_ASPECT_BITRATE)
    s++;
  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (element),
      s->property);
  return (pspec->flags & GST_PARAM_MUTABLE_PLAYING) != 0;
}

static const gchar *
change_text (const EchoelEncoder * row, GstElement * elements[])
{
  guint v, n = 0, n_flagged = 0;

  if (row->codec >= ECHOEL_CODEC_PRORES)
    return "no";
  if (row->change == ECHOEL_CHANGE_FOLLOWS)
    return "yes";
  for (v = 0; v < N_VERSIONS && row->change == ECHOEL_CHANGE_FLAGGED; v++) {
    if (elements[v] == NULL)
      continue;
    n++;
    n_flagged += is_flagged (elements[v], row);
  }
  return n_flagged == 0 ? "live: made anew on a key frame"
      : n_flagged == n ? "yes" : "yes; before 1.26 made anew on a key frame";
}

static gchar *
raw_text (const EchoelEncoder * row)
{
  GString *text = g_string_new (NULL);
  guint i;

  for (i = 0; i < ECHOEL_N_PICTURES; i++) {
    if (row->raw[i] != NULL && strstr (text->str, row->raw[i]) == NULL)
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", row->raw[i]);
  }
  g_strdelimit (text->str, "|", '/');
  return g_string_free (text, FALSE);
}

static gchar *
memory_text (const EchoelEncoder * row)
{
  gchar **parts = g_strsplit (row->memory ? row->memory : "", "memory:", -1);
  gchar *text = g_strjoinv ("", parts);
  gchar **list = g_strsplit (text, "|", -1), *all = g_strjoinv (", ", list);

  g_strfreev (parts);
  g_strfreev (list);
  g_free (text);
  return all;
}

static void
add_overview (GString * out, const EchoelEncoder * row, GstElement * elements[])
{
  gchar *made = versions_text (elements), *raw = raw_text (row);
  gchar *memory = memory_text (row), *each = row->change_ms
      ? g_strdup_printf (", every %u ms at most", row->change_ms)
      : g_strdup ("");

  g_string_append_printf (out, "| `%s`%s | %s | %s | %s | %s | %s%s | %s | %s "
      "|\n", row->factory, row->kind == ECHOEL_KIND_SOFTWARE ? ""
      : row->kind == ECHOEL_KIND_HARDWARE ? " (hardware)"
      : " (hardware, if it says so)", row->package, made ? made : "1.30", raw,
      memory, change_text (row, elements),
      row->codec < ECHOEL_CODEC_PRORES ? each : "",
      row->late ? "first caps" : "opening",
      g_strv_contains (real, row->factory) ? "itself" : "doubles");
  g_free (made);
  g_free (raw);
  g_free (memory);
  g_free (each);
}

static const gchar *
when_text (guint set)
{
  return (set & ECHOEL_SET_BOTH) == ECHOEL_SET_BOTH ? "both"
      : set & ECHOEL_SET_LIVE ? "live" : "export";
}

static gchar *
setting_text (const EchoelEncoder * row, const EchoelEncoderSetting * s)
{
  const EchoelEfforts *e = row->efforts;
  gchar **parts, *text, *line;

  if (s->property == NULL)
    return g_strdup_printf ("(%s)", s->text);
  line = g_strdup_printf ("`%s=%s`%s", s->property, s->text,
      s->set & ECHOEL_SET_REQUIRED ? " (required)" : "");
  if (strcmp (s->text, "{effort}") == 0) {
    text = line;
    line = g_strdup_printf ("%s: %s, %s, %s, %s, %s; live %s", text,
        e->quality[0], e->quality[1], e->quality[2], e->quality[3],
        e->quality[4], e->live);
    g_free (text);
  }
  if (strstr (s->text, "{options}") != NULL) {
    text = line;
    line = g_strdup_printf ("%s: `%s` with quality auto and low", text,
        e->options[ECHOEL_QUALITY_AUTO]);
    g_free (text);
  }
  parts = g_strsplit (line, "|", -1);
  text = g_strjoinv ("\\|", parts);
  g_strfreev (parts);
  g_free (line);
  return text;
}

static void
add_settings (GString * out, const EchoelEncoder * row, GstElement * elements[])
{
  const EchoelEncoderSetting *s;
  guint v;

  for (s = row->settings; s->aspect; s++) {
    gchar *text = setting_text (row, s);

    g_string_append_printf (out, "| %s | %s | %s |", aspects[s->aspect],
        when_text (s->set), text);
    for (v = 0; v < N_VERSIONS; v++)
      g_string_append_printf (out, " %s |", elements[v] == NULL
          || s->property == NULL ? "" : status_of (elements[v], row, s));
    g_string_append_c (out, '\n');
    g_free (text);
  }
}

/* Rows that are told the same share one table. */
static void
add_details (GString * out, const EchoelEncoder * rows, guint n, guint first)
{
  GstElement *elements[N_VERSIONS];
  guint i;

  for (i = 0; i < first; i++) {
    if (rows[i].settings == rows[first].settings)
      return;
  }
  g_string_append (out, "\n###");
  for (i = first; i < n; i++) {
    if (rows[i].settings == rows[first].settings)
      g_string_append_printf (out, "%s `%s`", i > first ? "," : "",
          rows[i].factory);
  }
  g_string_append (out, "\n\n");
  for (i = first; i < n; i++) {
    if (rows[i].settings == rows[first].settings && rows[i].trap)
      g_string_append_printf (out, "* `%s`: %s\n", rows[i].factory,
          rows[i].trap);
  }
  make_doubles (&rows[first], elements);
  g_string_append (out, "\n| about | for | setting | 1.22 | 1.24 | 1.26 | 1.28 "
      "|\n| --- | --- | --- | --- | --- | --- | --- |\n");
  add_settings (out, &rows[first], elements);
  free_doubles (elements);
}

static gchar *
generate (void)
{
  GString *out = g_string_new (NULL);
  const EchoelEncoder *rows;
  guint i, n;
  EchoelCodec codec = ECHOEL_CODEC_NONE;

  rows = echoel_encoders (&n);
  for (i = 0; i < n; i++) {
    GstElement *elements[N_VERSIONS];

    if (rows[i].codec != codec) {
      codec = rows[i].codec;
      g_string_append_printf (out, "\n### %s, in this order\n\n| encoder | "
          "package | versions | raw formats | memory besides system's | bitrate "
          "changes while it runs | proven by | tested as |\n| --- | --- | --- | "
          "--- | --- | --- | --- | --- |\n", codecs[codec]);
    }
    make_doubles (&rows[i], elements);
    add_overview (out, &rows[i], elements);
    free_doubles (elements);
  }
  g_string_append (out, "\n## What each is told\n");
  for (i = 0; i < n; i++)
    add_details (out, rows, n, i);
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

int
main (int argc, char **argv)
{
  gchar *text = NULL, *begin, *end, *made, *whole;
  gboolean same;

  gst_init (&argc, &argv);
  if (argc != 3 || !g_file_get_contents (argv[2], &text, NULL, NULL)
      || !(begin = strstr (text, BEGIN)) || !(end = strstr (begin, END))) {
    fprintf (stderr, "usage: %s check|write FILE-WITH-THE-MARKS\n", argv[0]);
    return 2;
  }
  begin += strlen (BEGIN);
  made = generate ();
  same = strlen (made) == (gsize) (end - begin)
      && memcmp (made, begin, strlen (made)) == 0;
  if (!same && strcmp (argv[1], "write") == 0) {
    whole = g_strdup_printf ("%.*s%s%s", (int) (begin - text), text, made, end);
    same = g_file_set_contents (argv[2], whole, -1, NULL);
    g_free (whole);
  } else if (!same) {
    fprintf (stderr, "%s is not what the table says; %s", argv[2], BEGIN);
  }
  g_free (made);
  g_free (text);
  return !same;
}
