/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Destinations as users write them, and that their keys never get out. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "destination.h"

#define KEY "live_4711_s3cr3tKEY"

static gchar *
look_up (const gchar * kind, const gchar * name, gpointer user_data,
    GError ** error)
{
  if (g_str_equal (name, "MISSING")) {
    g_set_error (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_KEY, "%s %s is missing", kind, name);
    return NULL;
  }
  return g_strdup (KEY "\n");
}

static EchoelDestination *
parse (const gchar * text, GError ** error)
{
  return echoel_destination_parse (text, look_up, NULL, error);
}

static const struct
{
  const gchar *text, *name, *preset;
  EchoelTransport transport;
  const gchar *location, *shown;
} good[] = {
  /* *INDENT-OFF* */
  {"rtmp://a.example/live/" KEY, NULL, NULL, ECHOEL_TRANSPORT_RTMP,
    "rtmp://a.example/live/" KEY, "rtmp://a.example/live/***"},
  {"RTMPS://a.example:8443/live/" KEY, NULL, NULL, ECHOEL_TRANSPORT_RTMP,
    "rtmps://a.example:8443/live/" KEY, "rtmps://a.example:8443/live/***"},
  {"rtmp://[::1]:1935/app/in/" KEY "?a=1", NULL, NULL, ECHOEL_TRANSPORT_RTMP,
    "rtmp://[::1]:1935/app/in/" KEY "?a=1", "rtmp://[::1]:1935/app/***"},
  {"rtmp://me:" KEY "@a.example/app/stream", NULL, NULL,
    ECHOEL_TRANSPORT_RTMP, "rtmp://me:" KEY "@a.example/app/stream",
    "rtmp://a.example/app/***"},
  {"rtmp://a.example/app?t=" KEY "/stream", NULL, NULL, ECHOEL_TRANSPORT_RTMP,
    "rtmp://a.example/app?t=" KEY "/stream", "rtmp://a.example/app/***"},
  {"main=rtmp://a.example/live/k=" KEY, "main", NULL, ECHOEL_TRANSPORT_RTMP,
    "rtmp://a.example/live/k=" KEY, "rtmp://a.example/live/***"},
  {"twitch:" KEY, "twitch", "twitch", ECHOEL_TRANSPORT_RTMP, NULL, NULL},
  {"Twitch:{env:K}", "twitch", "twitch", ECHOEL_TRANSPORT_RTMP, NULL, NULL},
  {"youtube:{file:/k}", "youtube", "youtube-live", ECHOEL_TRANSPORT_RTMP,
    NULL, NULL},
  {"fb=facebook:" KEY "?s_bl=1", "fb", "facebook-live",
    ECHOEL_TRANSPORT_RTMP, NULL, NULL},
  {"srt://a.example:9000?passphrase=" KEY "&mode=caller", NULL, NULL,
    ECHOEL_TRANSPORT_SRT, "srt://a.example:9000?passphrase=" KEY
    "&mode=caller", "srt://a.example:9000?***"},
  {"hls:/var/www/live", NULL, NULL, ECHOEL_TRANSPORT_HLS, "/var/www/live",
    "hls:/var/www/live"},
  {"hls:///var/www/live", NULL, NULL, ECHOEL_TRANSPORT_HLS, "/var/www/live",
    "hls:/var/www/live"},
  /* *INDENT-ON* */
};

GST_START_TEST (test_forms_are_understood)
{
  EchoelDestination *d;
  GError *error = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (good); i++) {
    d = parse (good[i].text, &error);
    fail_unless (d != NULL, "%s: %s", good[i].text,
        error ? error->message : "no error");
    fail_unless_equals_string (d->name, good[i].name);
    fail_unless_equals_string (d->preset, good[i].preset);
    fail_unless_equals_int (d->transport, good[i].transport);
    if (good[i].location != NULL)
      fail_unless_equals_string (d->location, good[i].location);
    if (good[i].shown != NULL)
      fail_unless_equals_string (d->shown, good[i].shown);
    fail_unless (strstr (d->shown, KEY) == NULL, "%s shows", good[i].text);
    if (d->preset != NULL)
      fail_unless (g_str_has_prefix (d->location, "rtmps://"),
          "%s sends its key in the clear", d->preset);
    if (d->transport != ECHOEL_TRANSPORT_HLS)
      fail_unless (strstr (d->location, KEY) != NULL);
    echoel_destination_unref (d);
  }
}

GST_END_TEST;

static const struct
{
  const gchar *text;
  gint code;
} bad[] = {
  /* *INDENT-OFF* */
  {"", ECHOEL_DESTINATION_ERROR_FORM},
  {KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"http://a.example/" KEY, ECHOEL_DESTINATION_ERROR_SERVICE},
  {"rtmp://a.example/" KEY, ECHOEL_DESTINATION_ERROR_KEY},
  {"rtmp://a.example/live/", ECHOEL_DESTINATION_ERROR_KEY},
  {"rtmp:///live/" KEY, ECHOEL_DESTINATION_ERROR_KEY},
  {"rtmp://a.example//" KEY, ECHOEL_DESTINATION_ERROR_KEY},
  {"rtmp://a.example/live/a b" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"twitch:", ECHOEL_DESTINATION_ERROR_KEY},
  {"tiktok:" KEY, ECHOEL_DESTINATION_ERROR_SERVICE},
  {"twitch:{env:MISSING}" KEY, ECHOEL_DESTINATION_ERROR_KEY},
  {"srt://a.example?passphrase=" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"hls:", ECHOEL_DESTINATION_ERROR_FORM},
  {"=rtmp://a.example/live/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  /* What rtmp2sink could not take: its log would tell all of it. */
  {"rtmp://[::1/app/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmp://[::g]/app/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmp://[fe80::1%lo]/app/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmp://:1935/app/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmp://a.example:0/app/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmp://a.example:65536/app/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmps://a.example:99999999/app/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmp://a.example:19x/app/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmp://a|b/app/" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmp://a.example/app/" KEY "?%zz=1", ECHOEL_DESTINATION_ERROR_FORM},
  {"rtmp://me@a.example/app/" KEY, ECHOEL_DESTINATION_ERROR_KEY},
  {"rtmp://me:" KEY ":x@a.example/app/key", ECHOEL_DESTINATION_ERROR_KEY},
  {"srt://a.example:99999?passphrase=" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  {"srt://a.example:?passphrase=" KEY, ECHOEL_DESTINATION_ERROR_FORM},
  /* What reading a property back gives. */
  {"main=rtmp://a.example/live/***", ECHOEL_DESTINATION_ERROR_KEY},
  {"twitch:***", ECHOEL_DESTINATION_ERROR_KEY},
  {"srt://a.example:9000?***", ECHOEL_DESTINATION_ERROR_KEY},
  /* *INDENT-ON* */
};

GST_START_TEST (test_errors_tell_no_key)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    GError *error = NULL;
    EchoelDestination *d = parse (bad[i].text, &error);

    fail_unless (d == NULL, "%s is taken", bad[i].text);
    fail_unless (g_error_matches (error, ECHOEL_DESTINATION_ERROR,
            bad[i].code), "%s: %s", bad[i].text, error->message);
    fail_unless (strstr (error->message, KEY) == NULL, "%s", error->message);
    g_error_free (error);
  }
}

GST_END_TEST;

/* What a server may send back about a stream, in any of its parts. */
GST_START_TEST (test_answers_are_redacted)
{
  static const struct
  {
    const gchar *said, *shown;
  } texts[] = {
    {"Already publishing: in/" KEY "%3d?tok=abcd99&x=1",
        "Already publishing: ***"},
    {"stream '" KEY "%3d' and abcd99", "stream '***' and ***"},
    {"live/in/" KEY "= twice: " KEY "=", "live/*** twice: ***"},
    {"no such host", "no such host"},
  };
  EchoelDestination *d = parse ("rtmp://a.example/live/in/" KEY
      "%3d?tok=abcd99&x=1", NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++) {
    gchar *text = echoel_destination_redact (d, texts[i].said);

    fail_unless_equals_string (text, texts[i].shown);
    g_free (text);
  }
  fail_unless (echoel_destination_redact (d, NULL) == NULL);
  echoel_destination_unref (d);
}

GST_END_TEST;

/* As logs write what is not plain text, and as addresses have it. */
GST_START_TEST (test_escaped_answers_are_redacted)
{
  static const gchar *keys[] = { "SEKRET\"quot9", "SEKRET\\back9",
    "SEKR\303\211T9", "SEKRET%22quot9", "SEKRET+/=9"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (keys); i++) {
    gchar *text = g_strconcat ("rtmp://a.example/live/", keys[i], NULL);
    EchoelDestination *d = parse (text, NULL);
    gchar *plain = g_uri_unescape_string (keys[i], NULL);
    gchar *escaped = g_strescape (plain, NULL);
    gchar *encoded = g_uri_escape_string (plain, NULL, FALSE);
    gchar *said = g_strjoin (" ", keys[i], plain, escaped, encoded, NULL);
    gchar *shown = echoel_destination_redact (d, said);

    fail_unless_equals_string (shown, "*** *** *** ***");
    g_free (text);
    g_free (plain);
    g_free (escaped);
    g_free (encoded);
    g_free (said);
    g_free (shown);
    echoel_destination_unref (d);
  }
}

GST_END_TEST;

GST_START_TEST (test_same_place_has_many_spellings)
{
  static const struct
  {
    const gchar *a, *b;
    gboolean same;
  } pairs[] = {
    /* *INDENT-OFF* */
    {"rtmp://a.example/app/K", "rtmp://A.Example:1935/app/K", TRUE},
    {"rtmp://a.example/app/K", "rtmp://a.example./app/K", TRUE},
    {"rtmp://a.example/app/K", "rtmps://a.example:443/app/K", TRUE},
    {"rtmp://a.example/app/K", "rtmp://a.example:1936/app/K", FALSE},
    {"rtmp://a.example/app/K", "rtmp://a.example/app/k", FALSE},
    {"rtmp://a.example/app/K", "rtmp://a.example/App/K", FALSE},
    {"srt://a.example:9000", "srt://A.example:9000", TRUE},
    {"srt://a.example:9000", "srt://a.example:9001", FALSE},
    {"hls:/x", "hls:///x/", TRUE},
    {"hls:/x", "hls:/y/../x", TRUE},
    {"hls:/x", "hls:/X", FALSE},
    /* *INDENT-ON* */
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (pairs); i++) {
    EchoelDestination *a = parse (pairs[i].a, NULL);
    EchoelDestination *b = parse (pairs[i].b, NULL);

    fail_unless_equals_int (echoel_destination_is_same (a, b), pairs[i].same);
    echoel_destination_unref (a);
    echoel_destination_unref (b);
  }
}

GST_END_TEST;

GST_START_TEST (test_same_place_is_seen)
{
  EchoelDestination *a = parse ("one=twitch:" KEY, NULL);
  EchoelDestination *b = parse ("two=twitch:{env:K}", NULL);
  EchoelDestination *c = parse ("twitch:" KEY "2", NULL);

  fail_unless (echoel_destination_is_same (a, b));
  fail_if (echoel_destination_is_same (a, c));
  echoel_destination_unref (a);
  echoel_destination_unref (b);
  echoel_destination_unref (c);
}

GST_END_TEST;

GST_START_TEST (test_lists_are_split)
{
  gchar **all = echoel_destination_split (" a\n\tb  c ");

  fail_unless_equals_int (g_strv_length (all), 3);
  fail_unless_equals_string (all[2], "c");
  g_strfreev (all);
  all = echoel_destination_split (NULL);
  fail_unless_equals_int (g_strv_length (all), 0);
  g_strfreev (all);
}

GST_END_TEST;

/* Text of no meaning: it is refused or taken, and never kills. */
GST_START_TEST (test_noise_does_no_harm)
{
  static const gchar letters[] = "rtmps://:@?&={}envfil%/ab1.-_ \n";
  GRand *rand = g_rand_new_with_seed (3);
  guint i, n;

  for (i = 0; i < 20000; i++) {
    gchar text[40] = "rtmp://";
    EchoelDestination *d;

    for (n = i % 2 ? 0 : 7; n < sizeof (text) - 1; n++)
      text[n] = letters[g_rand_int_range (rand, 0, sizeof (letters))];
    d = parse (text, NULL);
    if (d != NULL)
      fail_unless (d->shown != NULL && d->location != NULL);
    echoel_destination_unref (d);
  }
  g_rand_free (rand);
}

GST_END_TEST;

static Suite *
destination_suite (void)
{
  Suite *s = suite_create ("destination");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_forms_are_understood);
  tcase_add_test (tc, test_errors_tell_no_key);
  tcase_add_test (tc, test_answers_are_redacted);
  tcase_add_test (tc, test_escaped_answers_are_redacted);
  tcase_add_test (tc, test_same_place_is_seen);
  tcase_add_test (tc, test_same_place_has_many_spellings);
  tcase_add_test (tc, test_lists_are_split);
  tcase_add_test (tc, test_noise_does_no_harm);
  return s;
}

GST_CHECK_MAIN (destination);
