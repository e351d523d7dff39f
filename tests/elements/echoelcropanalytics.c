/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelcrop and the object detections of GstAnalytics. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "cropbench.h"

#ifdef HAVE_GST_ANALYTICS
#include <gst/analytics/analytics.h>

#define FULL "video/x-raw,format=GRAY8,width=1920,height=1080" RATE
#define UPRIGHT "video/x-raw,width=90,height=160"

typedef struct
{
  const gchar *type;
  gint x, y, width, height;
} Object;

static void
detect (GstBuffer * buffer, const Object * object)
{
  GstAnalyticsRelationMeta *meta =
      gst_buffer_get_analytics_relation_meta (buffer);
  GstAnalyticsODMtd added;

  if (meta == NULL)
    meta = gst_buffer_add_analytics_relation_meta (buffer);
  fail_unless (gst_analytics_relation_meta_add_od_mtd (meta,
          g_quark_from_string (object->type), object->x, object->y,
          object->width, object->height, 0.75, &added));
}

/* The window after some frames with these objects. */
static void
follow (const gchar * properties, const Object * objects, guint n,
    gdouble * x, const gchar ** reason)
{
  gchar *all = g_strdup_printf ("post-windows=true %s", properties);
  GstHarness *h = bench_crop_new (all);
  GstBus *bus = gst_bus_new ();
  guint i, frame;

  gst_element_set_bus (h->element, bus);
  gst_harness_set_sink_caps_str (h, UPRIGHT);
  gst_harness_set_src_caps_str (h, FULL);
  for (frame = 0; frame < 3; frame++) {
    GstBuffer *buffer = bench_buffer_new (FULL, 90);
    const GstStructure *s;
    GstMessage *message;

    GST_BUFFER_PTS (buffer) = frame * GST_SECOND / 30;
    for (i = 0; i < n; i++)
      detect (buffer, &objects[i]);
    gst_buffer_unref (bench_pull (h, buffer));
    message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
    s = gst_message_get_structure (message);
    fail_unless (gst_structure_get_double (s, "x", x));
    *reason = g_intern_string (gst_structure_get_string (s, "reason"));
    gst_message_unref (message);
  }
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
  g_free (all);
}

GST_START_TEST (test_detections_are_followed)
{
  static const Object right = { "person", 1500, 300, 200, 300 };
  static const Object both[] = { {"cat", 100, 300, 400, 400},
  {"person", 1500, 300, 200, 300}
  };
  static const Object wild[] = { {"person", -5000, -5000, 10, 10},
  {"person", 10, 10, -10, -10}, {"person", G_MAXINT, G_MAXINT, G_MAXINT,
      G_MAXINT}, {"person", G_MININT, G_MININT, G_MININT, G_MININT}
  };
  const gchar *reason;
  gdouble x;

  follow ("follow=regions", &right, 1, &x, &reason);
  fail_unless_equals_string (reason, "regions");
  fail_unless (x <= 1500 && x + 607.5 >= 1700, "%g", x);
  follow ("follow=regions region-types=person", both, 2, &x, &reason);
  fail_unless (x <= 1500 && x + 607.5 >= 1700, "%g", x);
  follow ("follow=regions region-types=dog", both, 2, &x, &reason);
  fail_unless_equals_string (reason, "anchor");
  follow ("follow=regions", wild, G_N_ELEMENTS (wild), &x, &reason);
  fail_unless_equals_string (reason, "anchor");
}

GST_END_TEST;

/* The window of 9:16 is 607.5 wide from 656.25 on. */
static const struct
{
  Object in, out;
} cases[] = {
  /* *INDENT-OFF* */
  {{"face", 960, 540, 90, 90}, {"face", 45, 80, 13, 13}},
  {{"face", 600, 540, 100, 90}, {"face", 0, 80, 6, 13}},
  {{"face", 100, 0, 500, 1080}, {"face", 0, 0, 0, 0}},
  {{"face", -50, -50, 2000, 2000}, {"face", 0, 0, 90, 160}},
  {{"face", 960, 540, -90, 90}, {"face", 0, 0, 0, 0}}
  /* *INDENT-ON* */
};

GST_START_TEST (test_detections_go_where_their_pixels_go)
{
  const Object *want = &cases[__i__].out;
  GstHarness *h = bench_crop_new ("");
  GstBuffer *buffer = bench_buffer_new (FULL, 90);
  GstAnalyticsRelationMeta *meta;
  GstAnalyticsODMtd found;
  gint x, y, width, height;
  gpointer state = NULL;
  gfloat confidence;

  gst_harness_set_sink_caps_str (h, UPRIGHT);
  gst_harness_set_src_caps_str (h, FULL);
  detect (buffer, &cases[__i__].in);
  buffer = bench_pull (h, buffer);
  meta = gst_buffer_get_analytics_relation_meta (buffer);
  fail_unless ((meta != NULL) == (want->width > 0));
  if (meta != NULL) {
    fail_unless (gst_analytics_relation_meta_iterate (meta, &state,
            gst_analytics_od_mtd_get_mtd_type (), &found));
    fail_unless (gst_analytics_od_mtd_get_location (&found, &x, &y, &width,
            &height, &confidence));
    fail_unless (x == want->x && y == want->y && width == want->width
        && height == want->height, "%d,%d %dx%d", x, y, width, height);
    fail_unless (confidence == 0.75);
    fail_unless (gst_analytics_od_mtd_get_obj_type (&found)
        == g_quark_from_string ("face"));
  }
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
}

GST_END_TEST;

static Suite *
echoelcropanalytics_suite (void)
{
  Suite *s = suite_create ("echoelcropanalytics");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_detections_are_followed);
  tcase_add_loop_test (tc, test_detections_go_where_their_pixels_go, 0,
      G_N_ELEMENTS (cases));
  return s;
}

GST_CHECK_MAIN (echoelcropanalytics);

#else

int
main (void)
{
  g_print ("SKIPPED: this GStreamer has no analytics metas; 1.24 or later "
      "has\n");
  return 77;
}

#endif
