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
  tcase_add_test (tc, test_same_place_is_seen);
  tcase_add_test (tc, test_lists_are_split);
  tcase_add_test (tc, test_noise_does_no_harm);
  return s;
}

GST_CHECK_MAIN (destination);
