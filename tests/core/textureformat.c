/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other systems call our pixel formats, and the caps of DMA buffers. */
#include <gst/check/gstcheck.h>

#include "textureformat.h"

#define TILED G_GUINT64_CONSTANT (0x0100000000000002)

static const struct
{
  GstVideoFormat format;
  guint metal;
  const gchar *cv, *cv_full, *drm;
} rows[] = {
  /* *INDENT-OFF* */
  {GST_VIDEO_FORMAT_BGRA, 80, "BGRA", NULL, "AR24"},
  {GST_VIDEO_FORMAT_RGBA, 70, "RGBA", NULL, "AB24"},
  {GST_VIDEO_FORMAT_BGRx, 0, NULL, NULL, "XR24"},
  {GST_VIDEO_FORMAT_NV12, 0, "420v", "420f", "NV12"},
  {GST_VIDEO_FORMAT_P010_10LE, 0, "x420", "xf20", "P010"},
  {GST_VIDEO_FORMAT_UYVY, 0, "2vuy", NULL, "UYVY"},
  {GST_VIDEO_FORMAT_I420, 0, "y420", "f420", "YU12"},
  {GST_VIDEO_FORMAT_RGB10A2_LE, 90, NULL, NULL, "AB30"},
  {GST_VIDEO_FORMAT_BGR10A2_LE, 94, "l10r", NULL, "AR30"},
  {GST_VIDEO_FORMAT_RGBA64_LE, 110, "l64r", NULL, NULL},
  /* *INDENT-ON* */
};

static guint32
cv_number (const gchar * name)
{
  return name ? ECHOEL_CV_FOURCC (name[0], name[1], name[2], name[3]) : 0;
}

/* The kernel counts from the other end. */
static guint32
drm_number (const gchar * name)
{
  return name ? ECHOEL_CV_FOURCC (name[3], name[2], name[1], name[0]) : 0;
}

GST_START_TEST (test_formats_have_their_names_in_all_systems)
{
  gboolean full;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    GstVideoFormat format = rows[i].format;

    fail_unless_equals_int (echoel_format_to_metal (format), rows[i].metal);
    fail_unless_equals_int (echoel_format_to_cv (format, FALSE),
        cv_number (rows[i].cv));
    fail_unless_equals_int (echoel_format_to_drm (format),
        drm_number (rows[i].drm));
    if (rows[i].metal)
      fail_unless (echoel_format_from_metal (rows[i].metal) == format);
    if (rows[i].drm)
      fail_unless (echoel_format_from_drm (drm_number (rows[i].drm))
          == format);
    if (rows[i].cv) {
      fail_unless (echoel_format_from_cv (cv_number (rows[i].cv), &full)
          == format && !full);
    }
    if (rows[i].cv_full) {
      fail_unless_equals_int (echoel_format_to_cv (format, TRUE),
          cv_number (rows[i].cv_full));
      fail_unless (echoel_format_from_cv (cv_number (rows[i].cv_full), &full)
          == format && full);
    }
  }
}

GST_END_TEST;

/* Metal says in the format how a texture is sampled; the bytes are those. */
GST_START_TEST (test_srgb_textures_have_the_bytes_of_the_others)
{
  fail_unless (echoel_format_from_metal (81) == GST_VIDEO_FORMAT_BGRA);
  fail_unless (echoel_format_from_metal (71) == GST_VIDEO_FORMAT_RGBA);
  fail_unless_equals_int (echoel_format_to_metal (GST_VIDEO_FORMAT_BGRA), 80);
}

GST_END_TEST;

GST_START_TEST (test_unknown_formats_are_unknown)
{
  gboolean full = TRUE;

  fail_unless (echoel_format_from_metal (0) == GST_VIDEO_FORMAT_UNKNOWN);
  fail_unless (echoel_format_from_metal (115) == GST_VIDEO_FORMAT_UNKNOWN);
  fail_unless (echoel_format_from_cv (0, &full) == GST_VIDEO_FORMAT_UNKNOWN);
  fail_unless (!full);
  fail_unless (echoel_format_from_drm (0) == GST_VIDEO_FORMAT_UNKNOWN);
  fail_unless_equals_int (echoel_format_to_metal (GST_VIDEO_FORMAT_v308), 0);
  fail_unless_equals_int (echoel_format_to_cv (GST_VIDEO_FORMAT_v308, 0), 0);
  fail_unless_equals_int (echoel_format_to_drm (GST_VIDEO_FORMAT_v308), 0);
}

GST_END_TEST;

static const struct
{
  const gchar *text, *again;    /* again: as it is printed, NULL = refused */
  guint64 modifier;
} names[] = {
  /* *INDENT-OFF* */
  {"AR24", "AR24", ECHOEL_DRM_LINEAR},
  {"AR24:0", "AR24", ECHOEL_DRM_LINEAR},
  {"AR24:0x0100000000000002", "AR24:0x0100000000000002", TILED},
  {"NV12:100000000000002", "NV12:0x0100000000000002", TILED},
  {"R8  ", "R8  ", ECHOEL_DRM_LINEAR},
  {"", NULL, 0}, {"AR2", NULL, 0}, {"AR244", NULL, 0}, {"AR24:", NULL, 0},
  {"AR24:x", NULL, 0}, {"AR24:1 ", NULL, 0}, {NULL, NULL, 0},
  /* *INDENT-ON* */
};

GST_START_TEST (test_drm_formats_are_read_and_printed)
{
  guint64 modifier;
  guint32 fourcc;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++) {
    gboolean known = echoel_drm_parse (names[i].text, &fourcc, &modifier);
    gchar *again;

    fail_unless (known == (names[i].again != NULL), "row %u", i);
    if (!known)
      continue;
    again = echoel_drm_print (fourcc, modifier);
    fail_unless_equals_string (again, names[i].again);
    fail_unless_equals_uint64 (modifier, names[i].modifier);
    g_free (again);
  }
}

GST_END_TEST;

#define PLAIN "format=BGRA"
#define DRM "format=DMA_DRM,drm-format="
#define ON_DMABUF "video/x-raw(memory:DMABuf),"
#define SYSTEM "video/x-raw,"

static const struct
{
  guint64 modifier;
  gboolean drm_caps;
  GstVideoFormat format;
  const gchar *want[4];         /* structures, best first */
} dmabufs[] = {
  /* *INDENT-OFF* */
  {ECHOEL_DRM_LINEAR, FALSE, GST_VIDEO_FORMAT_BGRA,
      {ON_DMABUF PLAIN, SYSTEM PLAIN}},
  {ECHOEL_DRM_LINEAR, TRUE, GST_VIDEO_FORMAT_BGRA,
      {ON_DMABUF DRM "AR24", ON_DMABUF PLAIN, SYSTEM PLAIN}},
  {TILED, TRUE, GST_VIDEO_FORMAT_BGRA,
      {ON_DMABUF DRM "\"AR24:0x0100000000000002\""}},
  /* Nothing before 1.24 can say it: refused, and never mistaken. */
  {TILED, FALSE, GST_VIDEO_FORMAT_BGRA, {NULL}},
  {ECHOEL_DRM_INVALID, FALSE, GST_VIDEO_FORMAT_BGRA, {ON_DMABUF PLAIN}},
  {ECHOEL_DRM_INVALID, TRUE, GST_VIDEO_FORMAT_BGRA, {NULL}},
  {ECHOEL_DRM_LINEAR, TRUE, GST_VIDEO_FORMAT_UNKNOWN, {ON_DMABUF DRM "AR24"}},
  {ECHOEL_DRM_LINEAR, FALSE, GST_VIDEO_FORMAT_UNKNOWN, {NULL}},
  /* *INDENT-ON* */
};

static GstVideoInfo
info_of (GstVideoFormat format)
{
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_BGRA, 64, 48);
  if (format == GST_VIDEO_FORMAT_UNKNOWN)
    info.finfo = gst_video_format_get_info (format);
  return info;
}

GST_START_TEST (test_dmabuf_caps_say_what_this_gstreamer_can_say)
{
  guint i, n;

  for (i = 0; i < G_N_ELEMENTS (dmabufs); i++) {
    GstVideoInfo info = info_of (dmabufs[i].format);
    GstCaps *caps = echoel_dmabuf_caps (&info, drm_number ("AR24"),
        dmabufs[i].modifier, dmabufs[i].drm_caps);

    for (n = 0; dmabufs[i].want[n] != NULL; n++) {
      gchar *text = g_strconcat (dmabufs[i].want[n], ",width=64,height=48",
          NULL);
      GstCaps *want = gst_caps_from_string (text);
      GstCaps *have = gst_caps_copy_nth (caps, n);

      fail_unless (gst_caps_is_subset (have, want), "row %u: %" GST_PTR_FORMAT
          " is not %s", i, have, text);
      fail_if (gst_structure_has_field (gst_caps_get_structure (have, 0),
              "framerate"));
      gst_caps_unref (have);
      gst_caps_unref (want);
      g_free (text);
    }
    fail_unless_equals_int (gst_caps_get_size (caps), n);
    gst_caps_unref (caps);
  }
}

GST_END_TEST;

static Suite *
textureformat_suite (void)
{
  Suite *s = suite_create ("textureformat");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_formats_have_their_names_in_all_systems);
  tcase_add_test (tc, test_srgb_textures_have_the_bytes_of_the_others);
  tcase_add_test (tc, test_unknown_formats_are_unknown);
  tcase_add_test (tc, test_drm_formats_are_read_and_printed);
  tcase_add_test (tc, test_dmabuf_caps_say_what_this_gstreamer_can_say);
  return s;
}

GST_CHECK_MAIN (textureformat);
