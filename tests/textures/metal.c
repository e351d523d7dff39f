/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the metal back end does beyond the contract, with stand-ins for
 * Apple's objects: blits, conversion, and where encoders look. */
#include <string.h>

#include "standin.h"
#include "texturebench.h"
#include "textureformat.h"

#define CV ECHOEL_CV_FOURCC
#define METAL_BGRA 80
#define METAL_RGBA_HALF 115

/* As vtenc of GStreamer 1.22 to 1.28 reads it. */
typedef struct
{
  GstMeta meta;
  gpointer sample, image, pixels, block;
} MediaMeta;

static GstStructure *
describe (const gchar * field, gpointer value)
{
  return gst_structure_new ("metal", field, G_TYPE_POINTER, value, NULL);
}

static TextureBench *
bench_for (const gchar * sink_caps)
{
  TextureBench *bench = bench_new_stopped ("idle=wait");

  if (sink_caps != NULL)
    gst_harness_set_sink_caps_str (bench->h, sink_caps);
  gst_harness_use_testclock (bench->h);
  gst_harness_play (bench->h);
  return bench;
}

static GstVideoInfo
current_info (TextureBench * bench)
{
  GstCaps *caps = gst_pad_get_current_caps (bench->h->sinkpad);
  GstVideoInfo info;

  fail_unless (gst_video_info_from_caps (&info, caps));
  gst_caps_unref (caps);
  return info;
}

static GstBuffer *
show (TextureBench * bench, GstStructure * texture)
{
  fail_unless_equals_int (bench_push (bench->src, texture,
          GST_CLOCK_TIME_NONE), GST_FLOW_OK);
  return bench_pull (bench);
}

GST_START_TEST (test_all_planes_are_there_when_a_surface_is_pushed)
{
  TextureBench *bench = bench_for ("video/x-raw");
  IOSurfaceRef surface = standin_surface_new (66, 50, CV ('4', '2', '0', 'f'));
  GstVideoFrame frame;
  GstVideoInfo info;
  GstBuffer *buffer;
  gsize size;
  guint8 *pixels = standin_surface_gpu (surface, &size);

  buffer = show (bench, describe ("surface", surface));
  info = current_info (bench);
  fail_unless_equals_int (GST_VIDEO_INFO_FORMAT (&info), GST_VIDEO_FORMAT_NV12);
  fail_unless_equals_int (info.colorimetry.range, GST_VIDEO_COLOR_RANGE_0_255);
  fail_unless_equals_uint64 (standin_surface_reads (surface), 0);
  pixels[0] = 11;
  pixels[50 * standin_surface_stride (surface, 0)] = 22;
  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  fail_unless_equals_int (*(guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
      11);
  fail_unless_equals_int (*(guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 1),
      22);
  gst_video_frame_unmap (&frame);
  gst_buffer_unref (buffer);
  bench_free (bench);
  CFRelease (surface);
  fail_unless_equals_int (standin_count (), 0);
}

GST_END_TEST;

/* Only the GPU touches it, and it is free as soon as that has been done. */
GST_START_TEST (test_texture_without_a_surface_is_blitted)
{
  TextureBench *bench = bench_for ("video/x-raw");
  gpointer texture = standin_texture_new (NULL, 64, 48, METAL_BGRA);
  GstBuffer *buffer;
  guint8 seen;
  gsize size;

  memset (standin_texture_gpu (texture, &size), 0x33, 64 * 48 * 4);
  buffer = show (bench, describe ("texture", texture));
  fail_unless_equals_int (bench_all_released (bench), 1);
  fail_unless_equals_int (bench_stat (bench->src, "copied-bytes"), 0);
  gst_buffer_extract (buffer, 100, &seen, 1);
  fail_unless_equals_int (seen, 0x33);
  gst_buffer_unref (buffer);

  standin_break_gpu (TRUE);
  bench_push (bench->src, describe ("texture", texture), GST_SECOND);
  bench_wait_for_stat (bench->src, "dropped-gone", 1);
  fail_unless_equals_int (bench_all_released (bench), 2);
  standin_break_gpu (FALSE);
  bench_assert_error (bench_message (bench, GST_MESSAGE_WARNING),
      GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  bench_free (bench);
  standin_texture_release (texture);
  /* The stand-in's command queue. */
  fail_unless (standin_count () <= 1);
}

GST_END_TEST;

/* vtenc takes no BGRA: what converts is the system's hardware. */
GST_START_TEST (test_picture_is_converted_when_only_nv12_is_taken)
{
  TextureBench *bench = bench_for ("video/x-raw,format={NV12,I420,UYVY}");
  IOSurfaceRef surface = standin_surface_new (64, 48, CV ('B', 'G', 'R', 'A'));
  GstVideoInfo info;
  GstBuffer *buffer;
  gsize size;
  guint8 seen;

  memset (standin_surface_gpu (surface, &size), 0x44, 64 * 48 * 4);
  buffer = show (bench, describe ("surface", surface));
  info = current_info (bench);
  fail_unless_equals_int (GST_VIDEO_INFO_FORMAT (&info), GST_VIDEO_FORMAT_NV12);
  fail_unless (gst_video_colorimetry_matches (&info.colorimetry,
          GST_VIDEO_COLORIMETRY_BT709));
  fail_unless_equals_uint64 (standin_surface_reads (surface), 0);
  fail_unless_equals_int (bench_all_released (bench), 1);
  gst_buffer_extract (buffer, 0, &seen, 1);
  fail_unless_equals_int (seen, 0x44);
  gst_buffer_unref (buffer);
  bench_free (bench);
  CFRelease (surface);
}

GST_END_TEST;

GST_START_TEST (test_pixel_buffer_is_its_surface)
{
  TextureBench *bench = bench_for ("video/x-raw");
  IOSurfaceRef surface = standin_surface_new (64, 48, CV ('x', '4', '2', '0'));
  CVPixelBufferRef pixels;
  GstVideoInfo info;
  GstBuffer *buffer;

  CVPixelBufferCreateWithIOSurface (NULL, surface, NULL, &pixels);
  buffer = show (bench, describe ("pixel-buffer", pixels));
  info = current_info (bench);
  fail_unless_equals_int (GST_VIDEO_INFO_FORMAT (&info),
      GST_VIDEO_FORMAT_P010_10LE);
  fail_unless_equals_uint64 (standin_surface_reads (surface), 0);
  /* Kept by the buffer, whatever the application does. */
  CVPixelBufferRelease (pixels);
  CFRelease (surface);
  fail_unless (standin_count () > 0);
  gst_buffer_unref (buffer);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_unusable_textures_are_refused)
{
  TextureBench *bench = bench_for (NULL);
  gpointer half = standin_texture_new (NULL, 64, 48, METAL_RGBA_HALF);
  gpointer samples = standin_texture_new (NULL, 1, 1, METAL_BGRA);

  fail_unless_equals_int (bench_push (bench->src, describe ("texture", half),
          0), GST_FLOW_NOT_SUPPORTED);
  fail_unless_equals_int (bench_push (bench->src, describe ("texture",
              samples), 0), GST_FLOW_NOT_SUPPORTED);
  fail_unless_equals_int (bench_push (bench->src, describe ("surface", NULL),
          0), GST_FLOW_NOT_SUPPORTED);
  standin_texture_release (half);
  standin_texture_release (samples);
  bench_free (bench);
}

GST_END_TEST;

#ifndef HAVE_GST_IOSURFACE
/* What vtenc registers with its first frame. */
static GType
register_media_api (void)
{
  static const gchar *tags[] = { "memory", NULL };

  return gst_meta_api_type_register ("GstCoreMediaMetaAPI", tags);
}

GST_START_TEST (test_vtenc_finds_the_pixel_buffer_once_it_has_run)
{
  TextureBench *bench = bench_for ("video/x-raw");
  IOSurfaceRef surface = standin_surface_new (64, 48, CV ('4', '2', '0', 'v'));
  GstBuffer *buffer = show (bench, describe ("surface", surface)), *copy;
  MediaMeta *media;
  GType api;

  /* Nobody has asked for it, and its name is not ours to take. */
  fail_unless (g_type_from_name ("GstCoreMediaMetaAPI") == 0);
  gst_buffer_unref (buffer);
  api = register_media_api ();
  bench_set_time (bench, GST_SECOND);
  buffer = show (bench, describe ("surface", surface));
  media = (MediaMeta *) gst_buffer_get_meta (buffer, api);
  fail_unless (media != NULL);
  fail_unless (CVPixelBufferGetIOSurface (media->pixels) == surface);
  fail_unless (media->image == media->pixels && media->sample == NULL);
  /* A frame that is shown again has it, too. */
  copy = gst_buffer_copy (buffer);
  gst_buffer_unref (buffer);
  media = (MediaMeta *) gst_buffer_get_meta (copy, api);
  fail_unless (media != NULL
      && CVPixelBufferGetIOSurface (media->pixels) == surface);
  gst_buffer_unref (copy);
  fail_unless_equals_uint64 (standin_surface_reads (surface), 0);
  bench_free (bench);
  CFRelease (surface);
}

GST_END_TEST;
#else
GST_START_TEST (test_memory_is_an_iosurface_when_gstreamer_knows_that)
{
  TextureBench *bench = bench_for (NULL);
  IOSurfaceRef surface = standin_surface_new (64, 48, CV ('4', '2', '0', 'v'));
  IOSurfaceRef found = NULL;
  GstBuffer *buffer = show (bench, describe ("surface", surface));
  GstCaps *caps = gst_pad_get_current_caps (bench->h->sinkpad);
  guint plane = 9;

  fail_unless (gst_caps_features_contains (gst_caps_get_features (caps, 0),
          "memory:IOSurface"));
  gst_caps_unref (caps);
  fail_unless_equals_int (gst_buffer_n_memory (buffer), 2);
  fail_unless (standin_query_surface (gst_buffer_peek_memory (buffer, 1),
          &found, &plane));
  fail_unless (found == surface && plane == 1);
  gst_buffer_unref (buffer);
  bench_free (bench);
  CFRelease (surface);
}

GST_END_TEST;
#endif

static Suite *
metal_suite (void)
{
  Suite *s = suite_create ("metal");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_all_planes_are_there_when_a_surface_is_pushed);
  tcase_add_test (tc, test_texture_without_a_surface_is_blitted);
  tcase_add_test (tc, test_picture_is_converted_when_only_nv12_is_taken);
  tcase_add_test (tc, test_pixel_buffer_is_its_surface);
  tcase_add_test (tc, test_unusable_textures_are_refused);
#ifndef HAVE_GST_IOSURFACE
  tcase_add_test (tc, test_vtenc_finds_the_pixel_buffer_once_it_has_run);
#else
  tcase_add_test (tc, test_memory_is_an_iosurface_when_gstreamer_knows_that);
#endif
  return s;
}

GST_CHECK_MAIN (metal);
