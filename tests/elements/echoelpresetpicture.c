/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelpreset: turning upright, deinterlacing. */
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#define WIDTH 128
#define HEIGHT 64
#define RAW_CAPS "video/x-raw,format=I420,width=128,height=64," \
    "framerate=30/1,colorimetry=bt709,interlace-mode="

/* echoelpreset fed by hand, with what its element crop was given. */
typedef struct
{
  GstHarness *harness;
  GstElement *preset;
  GstBus *bus;
  guint n_in;                   /* frames pushed */
  guint n_seen;                 /* frames that reached crop */
  gint width, height;           /* of the last of them */
  gint bright;                  /* its bright corner: 0 top left, 1 top right,
                                 * 2 bottom right, 3 bottom left */
} Rig;

/* Where the one bright quarter of the picture is. */
static gint
bright_corner (GstVideoFrame * frame)
{
  gint width = GST_VIDEO_FRAME_WIDTH (frame);
  gint height = GST_VIDEO_FRAME_HEIGHT (frame);
  const gint x[] = { width / 8, width * 7 / 8, width * 7 / 8, width / 8 };
  const gint y[] = { height / 8, height / 8, height * 7 / 8, height * 7 / 8 };
  gint i, found = -1;

  for (i = 0; i < 4; i++) {
    const guint8 *luma = GST_VIDEO_FRAME_PLANE_DATA (frame, 0);
    gint value = luma[y[i] * GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0) + x[i]];

    if (value < 128)
      continue;
    fail_unless (found == -1, "corners %d and %d are bright", found, i);
    found = i;
  }
  return found;
}

static GstPadProbeReturn
look (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Rig *rig = user_data;
  GstCaps *caps = gst_pad_get_current_caps (pad);
  GstVideoInfo video;
  GstVideoFrame frame;

  fail_unless (gst_video_info_from_caps (&video, caps));
  gst_caps_unref (caps);
  fail_unless (gst_video_frame_map (&frame, &video,
          GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ));
  rig->width = GST_VIDEO_FRAME_WIDTH (&frame);
  rig->height = GST_VIDEO_FRAME_HEIGHT (&frame);
  rig->bright = bright_corner (&frame);
  rig->n_seen++;
  gst_video_frame_unmap (&frame);
  return GST_PAD_PROBE_OK;
}

static void
rig_init (Rig * rig, const gchar * interlace_mode)
{
  gchar *caps = g_strconcat (RAW_CAPS, interlace_mode, NULL);
  GstElement *crop;
  GstPad *pad;

  memset (rig, 0, sizeof (*rig));
  rig->preset = gst_element_factory_make ("echoelpreset", NULL);
  g_object_set (rig->preset, "platform", "custom-live", "resolution", "64x128",
      NULL);
  rig->bus = gst_bus_new ();
  gst_element_set_bus (rig->preset, rig->bus);
  rig->harness = gst_harness_new_with_element (rig->preset, "video_sink",
      "video_src");
  crop = gst_bin_get_by_name (GST_BIN (rig->preset), "crop");
  pad = gst_element_get_static_pad (crop, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, look, rig, NULL);
  gst_object_unref (pad);
  gst_object_unref (crop);
  gst_harness_set_src_caps_str (rig->harness, caps);
  g_free (caps);
}

static void
rig_clear (Rig * rig)
{
  GstMessage *message = gst_bus_pop_filtered (rig->bus,
      GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);

  fail_unless (message == NULL);
  gst_element_set_bus (rig->preset, NULL);
  gst_harness_teardown (rig->harness);
  gst_object_unref (rig->preset);
  gst_bus_set_flushing (rig->bus, TRUE);
  gst_object_unref (rig->bus);
}

static gboolean
has_part (Rig * rig, const gchar * name)
{
  GstElement *part = gst_bin_get_by_name (GST_BIN (rig->preset), name);
  gboolean has = part != NULL;

  gst_clear_object (&part);
  return has;
}

/* A dark frame whose upper left quarter is bright. */
static void
push (Rig * rig)
{
  gsize luma = WIDTH * HEIGHT, size = luma * 3 / 2;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);
  GstMapInfo map;
  gint y;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  memset (map.data, 16, luma);
  memset (map.data + luma, 128, size - luma);
  for (y = 0; y < HEIGHT / 2; y++)
    memset (map.data + y * WIDTH, 235, WIDTH / 2);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (rig->n_in++, GST_SECOND, 30);
  GST_BUFFER_DURATION (buffer) = GST_SECOND / 30;
  fail_unless_equals_int (gst_harness_push (rig->harness, buffer), GST_FLOW_OK);
}

static void
push_orientation (Rig * rig, const gchar * orientation)
{
  fail_unless (gst_harness_push_event (rig->harness,
          gst_event_new_tag (gst_tag_list_new (GST_TAG_IMAGE_ORIENTATION,
                  orientation, GST_TAG_TITLE, "A title", NULL))));
}

static void
assert_turned (Rig * rig, gboolean sideways, gint bright)
{
  guint i;

  /* The rate holds back a frame or two. */
  for (i = 0; i < 4; i++)
    push (rig);
  fail_unless_equals_int (rig->width, sideways ? HEIGHT : WIDTH);
  fail_unless_equals_int (rig->height, sideways ? WIDTH : HEIGHT);
  fail_unless_equals_int (rig->bright, bright);
}

/* The title came out, and no orientation. */
static void
assert_tags (Rig * rig)
{
  gboolean titled = FALSE;
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (rig->harness)) != NULL) {
    GstTagList *tags;
    gchar *title = NULL;

    if (GST_EVENT_TYPE (event) == GST_EVENT_TAG) {
      gst_event_parse_tag (event, &tags);
      fail_unless_equals_int (gst_tag_list_get_tag_size (tags,
              GST_TAG_IMAGE_ORIENTATION), 0);
      if (gst_tag_list_get_string (tags, GST_TAG_TITLE, &title)) {
        fail_unless_equals_string (title, "A title");
        titled = TRUE;
      }
      g_free (title);
    }
    gst_event_unref (event);
  }
  fail_unless (titled);
}

/* Turned clockwise by so many degrees, after being mirrored where the name
 * has a flip. */
static const struct
{
  const gchar *tag;
  gboolean sideways;
  gint bright;
} turns[] = {
  /* *INDENT-OFF* */
  {"rotate-90", TRUE, 1},
  {"rotate-180", FALSE, 2},
  {"rotate-270", TRUE, 3},
  {"flip-rotate-0", FALSE, 1},
  {"flip-rotate-180", FALSE, 3},
  /* *INDENT-ON* */
};

GST_START_TEST (test_picture_is_turned_upright_when_a_tag_says_so)
{
  Rig rig;

  rig_init (&rig, "progressive");
  push_orientation (&rig, turns[__i__].tag);
  assert_turned (&rig, turns[__i__].sideways, turns[__i__].bright);
  fail_unless (has_part (&rig, "videoflip"));
  assert_tags (&rig);
  rig_clear (&rig);
}

GST_END_TEST;

GST_START_TEST (test_picture_is_left_alone_when_it_is_upright)
{
  Rig rig;

  rig_init (&rig, "progressive");
  assert_turned (&rig, FALSE, 0);
  push_orientation (&rig, "rotate-0");
  assert_turned (&rig, FALSE, 0);
  fail_unless (gst_harness_push_event (rig.harness,
          gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "A title",
                  NULL))));
  assert_turned (&rig, FALSE, 0);
  fail_if (has_part (&rig, "videoflip"));
  fail_if (has_part (&rig, "deinterlace"));
  assert_tags (&rig);
  rig_clear (&rig);
}

GST_END_TEST;

GST_START_TEST (test_picture_follows_when_the_tag_changes)
{
  Rig rig;

  rig_init (&rig, "progressive");
  assert_turned (&rig, FALSE, 0);
  push_orientation (&rig, "rotate-90");
  assert_turned (&rig, TRUE, 1);
  push_orientation (&rig, "rotate-180");
  assert_turned (&rig, FALSE, 2);
  push_orientation (&rig, "rotate-0");
  assert_turned (&rig, FALSE, 0);
  push_orientation (&rig, "rotate-270");
  assert_turned (&rig, TRUE, 3);
  /* Other tags alone say nothing about the orientation. */
  fail_unless (gst_harness_push_event (rig.harness,
          gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "A title",
                  NULL))));
  assert_turned (&rig, TRUE, 3);
  assert_tags (&rig);
  rig_clear (&rig);
}

GST_END_TEST;

static GstPadProbeReturn
send_orientation (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  gst_pad_push_event (pad,
      gst_event_new_tag (gst_tag_list_new (GST_TAG_IMAGE_ORIENTATION,
              "rotate-90", NULL)));
  return GST_PAD_PROBE_REMOVE;
}

/* The next stream begins upright. */
GST_START_TEST (test_picture_is_upright_again_when_started_anew)
{
  GstElement *pipeline = gst_parse_launch ("videotestsrc name=source "
      "num-buffers=5 ! video/x-raw,width=128,height=64,framerate=30/1 "
      "! echoelpreset name=p platform=custom-live resolution=64x128 "
      "! fakesink", NULL);
  GstElement *source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  GstPad *pad = gst_element_get_static_pad (source, "src");
  GstBus *bus = gst_element_get_bus (pipeline);
  Rig rig = { NULL, gst_bin_get_by_name (GST_BIN (pipeline), "p") };
  guint i;

  for (i = 0; i < 4; i++) {
    GstMessage *message;

    if (i % 2 == 0)
      gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, send_orientation,
          NULL, NULL);
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    message = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND,
        GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
    fail_unless (message != NULL
        && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
    gst_message_unref (message);
    fail_unless_equals_int (has_part (&rig, "videoflip"), i % 2 == 0);
    gst_element_set_state (pipeline, GST_STATE_NULL);
    fail_if (has_part (&rig, "videoflip"));
  }
  gst_object_unref (rig.preset);
  gst_object_unref (bus);
  gst_object_unref (pad);
  gst_object_unref (source);
  gst_object_unref (pipeline);
}

GST_END_TEST;

static const struct
{
  const gchar *mode;
  gboolean interlaced;
} modes[] = {
  /* *INDENT-OFF* */
  {"progressive", FALSE},
  {"interleaved,field-order=top-field-first", TRUE},
  {"mixed", TRUE},
  /* *INDENT-ON* */
};

GST_START_TEST (test_deinterlacer_is_there_when_caps_say_interlaced)
{
  GstCaps *caps;
  Rig rig;

  rig_init (&rig, modes[__i__].mode);
  fail_unless_equals_int (has_part (&rig, "deinterlace"),
      modes[__i__].interlaced);
  /* Turning works behind it, too. */
  push_orientation (&rig, "rotate-90");
  push (&rig);
  push (&rig);
  assert_turned (&rig, TRUE, 1);
  caps = gst_pad_get_current_caps (rig.harness->sinkpad);
  fail_unless (caps != NULL);
  fail_if (g_strcmp0 (gst_structure_get_string (gst_caps_get_structure (caps,
                  0), "interlace-mode"), "interleaved") == 0);
  gst_caps_unref (caps);
  rig_clear (&rig);
}

GST_END_TEST;

GST_START_TEST (test_deinterlacer_comes_when_caps_change)
{
  Rig rig;

  rig_init (&rig, "progressive");
  assert_turned (&rig, FALSE, 0);
  fail_if (has_part (&rig, "deinterlace"));
  gst_harness_set_src_caps_str (rig.harness, RAW_CAPS "interleaved");
  push (&rig);
  push (&rig);
  assert_turned (&rig, FALSE, 0);
  fail_unless (has_part (&rig, "deinterlace"));
  gst_harness_set_src_caps_str (rig.harness, RAW_CAPS "progressive");
  assert_turned (&rig, FALSE, 0);
  rig_clear (&rig);
}

GST_END_TEST;

/* Its four sides as text, "" without any. */
static gchar *
crop_safe_area (GstElement * preset)
{
  GstElement *crop = gst_bin_get_by_name (GST_BIN (preset), "crop");
  GString *text = g_string_new (NULL);
  GValue value = G_VALUE_INIT;
  guint i;

  fail_unless (crop != NULL);
  g_value_init (&value, GST_TYPE_ARRAY);
  g_object_get_property (G_OBJECT (crop), "safe-area", &value);
  for (i = 0; i < gst_value_array_get_size (&value); i++)
    g_string_append_printf (text, "%s%g", i > 0 ? ";" : "",
        g_value_get_double (gst_value_array_get_value (&value, i)));
  g_value_unset (&value);
  gst_object_unref (crop);
  return g_string_free (text, FALSE);
}

static const struct
{
  const gchar *platform, *area;
} areas[] = {
  /* *INDENT-OFF* */
  {"instagram-reel", "0.14;0.06;0.35;0.06"},
  {"tiktok", "0.079;0.139;0.23;0.056"},
  {"youtube-video", ""}
  /* *INDENT-ON* */
};

GST_START_TEST (test_crop_keeps_clear_of_what_the_platform_covers)
{
  GstElement *preset = gst_element_factory_make ("echoelpreset", NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (areas); i++) {
    gchar *area;

    g_object_set (preset, "platform", areas[i].platform, NULL);
    fail_unless (gst_element_set_state (preset, GST_STATE_READY)
        == GST_STATE_CHANGE_SUCCESS);
    area = crop_safe_area (preset);
    fail_unless_equals_string (area, areas[i].area);
    g_free (area);
    gst_element_set_state (preset, GST_STATE_NULL);
  }
  gst_object_unref (preset);
}

GST_END_TEST;

static void
set_own_area (GstBin * bin, GstElement * element, gpointer user_data)
{
  if (g_str_has_prefix (GST_OBJECT_NAME (element), "crop"))
    gst_util_set_object_arg (G_OBJECT (element), "safe-area",
        "<0.2,0.0,0.2,0.0>");
}

GST_START_TEST (test_an_own_safe_area_wins)
{
  GstElement *preset = gst_element_factory_make ("echoelpreset", NULL);
  gchar *area;

  g_signal_connect (preset, "element-added", G_CALLBACK (set_own_area), NULL);
  g_object_set (preset, "platform", "tiktok", NULL);
  gst_element_set_state (preset, GST_STATE_READY);
  area = crop_safe_area (preset);
  fail_unless_equals_string (area, "0.2;0;0.2;0");
  g_free (area);
  gst_element_set_state (preset, GST_STATE_NULL);
  gst_object_unref (preset);
}

GST_END_TEST;

static Suite *
echoelpresetpicture_suite (void)
{
  Suite *s = suite_create ("echoelpresetpicture");
  TCase *tc = tcase_create ("picture");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_picture_is_turned_upright_when_a_tag_says_so,
      0, G_N_ELEMENTS (turns));
  tcase_add_test (tc, test_picture_is_left_alone_when_it_is_upright);
  tcase_add_test (tc, test_picture_follows_when_the_tag_changes);
  tcase_add_test (tc, test_picture_is_upright_again_when_started_anew);
  tcase_add_loop_test (tc, test_deinterlacer_is_there_when_caps_say_interlaced,
      0, G_N_ELEMENTS (modes));
  tcase_add_test (tc, test_deinterlacer_comes_when_caps_change);
  tcase_add_test (tc, test_crop_keeps_clear_of_what_the_platform_covers);
  tcase_add_test (tc, test_an_own_safe_area_wins);
  return s;
}

GST_CHECK_MAIN (echoelpresetpicture);
