/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test card: the same picture whichever was drawn before, in any format,
 * with a counter that can be read back. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "testcard.h"

typedef struct
{
  GstVideoInfo info;
  GstBuffer *buffer;
  EchoelTestCard shows;
} Picture;

static Picture
picture_new (GstVideoFormat format, guint width, guint height)
{
  Picture picture = { 0, };

  gst_video_info_set_format (&picture.info, format, width, height);
  picture.buffer = gst_buffer_new_allocate (NULL, picture.info.size, NULL);
  gst_buffer_memset (picture.buffer, 0, 0, picture.info.size);
  return picture;
}

static void
draw (Picture * picture, guint64 number, GstClockTime time)
{
  GstVideoFrame frame;

  fail_unless (gst_video_frame_map (&frame, &picture->info, picture->buffer,
          GST_MAP_READWRITE));
  echoel_test_card_draw (&picture->shows, &frame, number, time);
  gst_video_frame_unmap (&frame);
}

/* The counter, as a camera would read it from the first component. */
static guint
read_counter (Picture * picture)
{
  GstVideoFrame frame;
  guint i, value = 0, size;

  fail_unless (gst_video_frame_map (&frame, &picture->info, picture->buffer,
          GST_MAP_READ));
  size = picture->info.width / ECHOEL_CARD_CELLS;
  for (i = 0; i < ECHOEL_CARD_CELLS; i++) {
    guint x = picture->info.width * (2 * i + 1) / (2 * ECHOEL_CARD_CELLS);
    guint y = picture->info.height - size / 2 - 1;
    guint8 sample = ((guint8 *) GST_VIDEO_FRAME_COMP_DATA (&frame, 0))
        [y * GST_VIDEO_FRAME_COMP_STRIDE (&frame, 0)
        + x * GST_VIDEO_FRAME_COMP_PSTRIDE (&frame, 0)];

    value = value << 1 | (sample > 127);
  }
  gst_video_frame_unmap (&frame);
  fail_unless_equals_int (value >> ECHOEL_CARD_BITS, 2);
  return value & ((1 << ECHOEL_CARD_BITS) - 1);
}

static const struct
{
  guint width, height;
} sizes[] = { {64, 64}, {65, 67}, {1280, 720}, {719, 1279}, {1080, 1920} };

static void
check_format (GstVideoFormat format)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (sizes); i++) {
    Picture picture = picture_new (format, sizes[i].width, sizes[i].height);

    draw (&picture, 0x5a3c, 0);
    fail_unless_equals_int (read_counter (&picture), 0x5a3c);
    draw (&picture, 0xffff, GST_SECOND);
    fail_unless_equals_int (read_counter (&picture), 0xffff);
    draw (&picture, 0x10001, 2 * GST_SECOND);
    fail_unless_equals_int (read_counter (&picture), 1);
    gst_buffer_unref (picture.buffer);
  }
}

GST_START_TEST (test_counter_can_be_read_in_every_format_and_size)
{
  GstCaps *caps = echoel_test_card_caps ();
  const GValue *formats = gst_structure_get_value (gst_caps_get_structure
      (caps, 0), "format");
  guint i, n = gst_value_list_get_size (formats);

  fail_unless (n > 10);
  for (i = 0; i < n; i++)
    check_format (gst_video_format_from_string (g_value_get_string
            (gst_value_list_get_value (formats, i))));
  gst_caps_unref (caps);
}

GST_END_TEST;

static gboolean
is_same (Picture * a, Picture * b)
{
  GstMapInfo map;
  gboolean same;

  fail_unless (gst_buffer_map (a->buffer, &map, GST_MAP_READ));
  same = gst_buffer_memcmp (b->buffer, 0, map.data, map.size) == 0;
  gst_buffer_unmap (a->buffer, &map);
  return same;
}

/* Only what moves is painted again, and nothing of it is left behind. */
GST_START_TEST (test_picture_depends_on_its_number_alone)
{
  const GstVideoFormat formats[] = { GST_VIDEO_FORMAT_NV12,
    GST_VIDEO_FORMAT_BGRA
  };
  const guint64 numbers[] = { 0, 1, 119, 120, 121, 239, 240, 7, 99999999 };
  guint f, i;

  for (f = 0; f < G_N_ELEMENTS (formats); f++) {
    Picture again = picture_new (formats[f], 322, 242);

    for (i = 0; i < G_N_ELEMENTS (numbers); i++) {
      Picture fresh = picture_new (formats[f], 322, 242);
      GstClockTime time = numbers[i] * GST_SECOND / 30;

      draw (&again, numbers[i], time);
      draw (&fresh, numbers[i], time);
      fail_unless (is_same (&again, &fresh), "picture %u", i);
      gst_buffer_unref (fresh.buffer);
    }
    gst_buffer_unref (again.buffer);
  }
}

GST_END_TEST;

GST_START_TEST (test_pictures_differ_when_time_goes_on)
{
  Picture one = picture_new (GST_VIDEO_FORMAT_I420, 640, 360);
  Picture two = picture_new (GST_VIDEO_FORMAT_I420, 640, 360);

  draw (&one, 5, 0);
  draw (&two, 5, GST_MSECOND);
  fail_if (is_same (&one, &two));
  draw (&two, 5, 0);
  fail_unless (is_same (&one, &two));
  draw (&two, 6, 0);
  fail_if (is_same (&one, &two));
  gst_buffer_unref (one.buffer);
  gst_buffer_unref (two.buffer);
}

GST_END_TEST;

/* 75 % yellow in BT.709, limited range, is Y 168 U 44 V 136. */
GST_START_TEST (test_bars_have_their_colours)
{
  Picture yuv = picture_new (GST_VIDEO_FORMAT_Y444, 1280, 720);
  Picture rgb = picture_new (GST_VIDEO_FORMAT_RGB, 1280, 720);
  const gint want[] = { 168, 44, 136 };
  guint8 sample[3];
  guint i;

  draw (&yuv, 0, 0);
  draw (&rgb, 0, 0);
  for (i = 0; i < 3; i++) {
    gst_buffer_extract (yuv.buffer, i * 1280 * 720 + 280, sample, 1);
    fail_unless (ABS (sample[0] - want[i]) <= 1, "component %u is %u", i,
        sample[0]);
  }
  gst_buffer_extract (rgb.buffer, 280 * 3, sample, 3);
  fail_unless (memcmp (sample, "\xbf\xbf\0", 3) == 0);
  gst_buffer_unref (yuv.buffer);
  gst_buffer_unref (rgb.buffer);
}

GST_END_TEST;

static Suite *
testcard_suite (void)
{
  Suite *s = suite_create ("testcard");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_counter_can_be_read_in_every_format_and_size);
  tcase_add_test (tc, test_picture_depends_on_its_number_alone);
  tcase_add_test (tc, test_pictures_differ_when_time_goes_on);
  tcase_add_test (tc, test_bars_have_their_colours);
  return s;
}

GST_CHECK_MAIN (testcard);
