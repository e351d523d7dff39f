/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What echoelcrop makes of input that nobody would choose: the right picture
 * or an error, and never a byte outside a buffer, which sanitizers watch. */
#include <string.h>

#include "cropbench.h"

static guint32
next_random (guint32 * state)
{
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

static const gchar *const formats[] = { "I420", "NV12", "BGRA", "GRAY8",
  "Y42B", "YUY2", "P010_10LE", "RGB"
};

static const gchar *const lines[] = {
  "n-threads=1", "n-threads=3 fit=blur", "fit=contain",
  "follow=regions zoom=3 safe-area=<0.9,0.9,0.9,0.9>",
  "follow=motion max-speed=100 max-acceleration=1000 dead-band=0",
  "follow=auto lookahead=300000000", "aspect-ratio=9/16",
  "aspect-ratio=1000/1 anchor-x=1 anchor-y=0"
};

/* A region with anything in it. */
static void
mark (GstBuffer * buffer, guint32 * random)
{
  guint values[4], i;

  for (i = 0; i < G_N_ELEMENTS (values); i++) {
    guint kind = next_random (random) % 4;

    values[i] = kind == 0 ? 0 : kind == 1 ? G_MAXUINT - next_random (random) % 9
        : next_random (random) % (kind == 2 ? 100 : 10000);
  }
  gst_buffer_add_video_region_of_interest_meta (buffer, "face", values[0],
      values[1], values[2], values[3]);
}

static GstBuffer *
frame_new (const gchar * caps, guint n, guint32 * random)
{
  GstBuffer *buffer = bench_buffer_new (caps, (guint8) next_random (random));
  guint regions = next_random (random) % 4;

  GST_BUFFER_PTS (buffer) = n * GST_SECOND / 30;
  while (regions-- > 0)
    mark (buffer, random);
  return buffer;
}

/* Another size and format with each frame; all of them come out. */
GST_START_TEST (test_caps_may_change_with_every_frame)
{
  GstHarness *h = bench_crop_new (lines[__i__]);
  guint32 random = 5 + __i__;
  guint n, out = 0;
  GstBuffer *buffer;

  gst_harness_set_sink_caps_str (h, strstr (lines[__i__], "aspect-ratio")
      ? "video/x-raw" : "video/x-raw,width=90,height=160");
  for (n = 0; n < 60; n++) {
    gchar *caps = g_strdup_printf ("video/x-raw,format=%s,width=%u,height=%u"
        RATE, formats[next_random (&random) % G_N_ELEMENTS (formats)],
        1 + next_random (&random) % (n % 3 ? 20 : 400),
        1 + next_random (&random) % (n % 4 ? 20 : 300));

    gst_harness_set_src_caps_str (h, caps);
    fail_unless (gst_harness_push (h, frame_new (caps, n, &random))
        == GST_FLOW_OK, "%s, %s", lines[__i__], caps);
    g_free (caps);
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    out++;
    gst_buffer_unref (buffer);
  }
  fail_unless (out == 60, "%s: %u of 60 frames", lines[__i__], out);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* As wide as 16K, as high as that, and on request a whole frame. */
static const gchar *const large[] = {
  "video/x-raw,format=I420,width=15360,height=64" RATE,
  "video/x-raw,format=NV12,width=64,height=15360" RATE,
  "video/x-raw,format=BGRA,width=15361,height=9" RATE,
  "video/x-raw,format=I420,width=15360,height=8640" RATE
};

GST_START_TEST (test_16k_is_reframed)
{
  static const gchar *const follow[] = { "follow=auto", "fit=blur" };
  guint n = G_N_ELEMENTS (large) - (g_getenv ("ECHOEL_LONG") == NULL), i, f;

  for (i = 0; i < n; i++) {
    for (f = 0; f < G_N_ELEMENTS (follow); f++) {
      GstHarness *h = bench_crop_new (follow[f]);
      GstBuffer *out;

      gst_harness_set_sink_caps_str (h,
          "video/x-raw,format=GRAY8,width=90,height=160");
      gst_harness_set_src_caps_str (h, large[i]);
      out = bench_pull (h, bench_buffer_new (large[i], 128));
      fail_unless (ABS ((gint) bench_sample (h, out, 0, 45, 80) - 128) <= 20,
          "%s: %u", large[i], bench_sample (h, out, 0, 45, 80));
      gst_buffer_unref (out);
      gst_harness_teardown (h);
    }
  }
}

GST_END_TEST;

/* Times that go back, stand still or are missing. */
GST_START_TEST (test_times_may_be_anything)
{
  static const gchar *const follow[] = { "follow=motion",
    "follow=regions lookahead=200000000"
  };
  const gchar *caps = "video/x-raw,format=GRAY8,width=64,height=36" RATE;
  guint f, n;

  for (f = 0; f < G_N_ELEMENTS (follow); f++) {
    GstHarness *h = bench_crop_new (follow[f]);
    guint32 random = 3;

    gst_harness_set_drop_buffers (h, TRUE);
    gst_harness_set_sink_caps_str (h, "video/x-raw,width=9,height=16");
    gst_harness_set_src_caps_str (h, caps);
    for (n = 0; n < 200; n++) {
      GstBuffer *buffer = frame_new (caps, n, &random);
      guint kind = next_random (&random) % 5;

      GST_BUFFER_PTS (buffer) = kind == 0 ? GST_CLOCK_TIME_NONE
          : kind == 1 ? 0 : kind == 2 ? G_MAXINT64 / 2
          : (GstClockTime) next_random (&random) * 1000;
      fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
    }
    gst_harness_push_event (h, gst_event_new_eos ());
    fail_unless_equals_int (gst_harness_buffers_received (h), 200);
    gst_harness_teardown (h);
  }
}

GST_END_TEST;

static Suite *
echoelcropbad_suite (void)
{
  Suite *s = suite_create ("echoelcropbad");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_caps_may_change_with_every_frame, 0,
      G_N_ELEMENTS (lines));
  tcase_add_test (tc, test_16k_is_reframed);
  tcase_add_test (tc, test_times_may_be_anything);
  return s;
}

GST_CHECK_MAIN (echoelcropbad);
