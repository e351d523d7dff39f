/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every encoder of every version: what it is told, and that a stream comes
 * out which decodes. */
#include "doublebench.h"

#include <string.h>

#define N_FRAMES 8

static const gchar *const usages[] = { "export", "live" };

/* --- the doubles themselves --- */

static const gchar *const here[] = {
  "x264enc", "x265enc", "openh264enc", "av1enc"
};

static void
compare_spec (const gchar * factory, GParamSpec * real, GParamSpec * own)
{
  fail_unless (own != NULL, "the double of %s has no %s", factory, real->name);
  fail_unless (G_IS_PARAM_SPEC_ENUM (real) == G_IS_PARAM_SPEC_ENUM (own)
      && G_IS_PARAM_SPEC_FLAGS (real) == G_IS_PARAM_SPEC_FLAGS (own),
      "%s %s", factory, real->name);
  fail_unless (G_IS_PARAM_SPEC_ENUM (real) || G_IS_PARAM_SPEC_FLAGS (real)
      || real->value_type == own->value_type, "%s %s is of %s", factory,
      real->name, g_type_name (real->value_type));
  fail_unless ((real->flags & GST_PARAM_MUTABLE_PLAYING)
      == (own->flags & GST_PARAM_MUTABLE_PLAYING), "%s %s", factory,
      real->name);
}

/* The extraction is true where it can be held against the real thing. */
GST_START_TEST (test_doubles_are_like_the_real_ones)
{
  const gchar *factory = here[__i__];
  GstElement *real = gst_element_factory_make (factory, NULL), *own;
  gchar *version;
  GParamSpec **specs;
  guint major, minor, i, n;

  gst_version (&major, &minor, &i, &n);
  version = g_strdup_printf ("%u.%u", major, minor);
  doubles_install_one (version, factory, TRUE);
  own = gst_element_factory_make (factory, NULL);
  fail_unless (real != NULL && own != NULL);
  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (real), &n);
  for (i = 0; i < n; i++) {
    if (specs[i]->owner_type == GST_TYPE_OBJECT)
      continue;
    compare_spec (factory, specs[i],
        g_object_class_find_property (G_OBJECT_GET_CLASS (own),
            specs[i]->name));
  }
  g_free (specs);
  g_free (version);
  gst_object_unref (real);
  gst_object_unref (own);
  doubles_uninstall ();
}

GST_END_TEST;

/* --- settings --- */

/* What each encoder is to be told, out of the study of their contracts, not
 * out of the table: a version, a factory, a usage, and settings. At 30 frames
 * a second, 8000 kbit/s. */
static const struct
{
  const gchar *from, *to, *factory, *usage, *settings;
} orders[] = {
  /* *INDENT-OFF* */
  {"1.22", "1.28", "vtenc_h264", "live", "bitrate=8000 realtime=true "
      "allow-frame-reordering=false max-keyframe-interval=60 "
      "max-keyframe-interval-duration=2000000000"},
  {"1.26", "1.28", "vtenc_h264_hw", "live", "rate-control=cbr bitrate=8000"},
  {"1.22", "1.28", "vtenc_h265", "export", "bitrate=8000 realtime=false "
      "allow-frame-reordering=true max-keyframe-interval-duration=2000000000"},
  {"1.22", "1.28", "vah264enc", "live", "bitrate=8000 rate-control=cbr "
      "key-int-max=60 b-frames=0 target-usage=6"},
  {"1.22", "1.28", "varenderD129h264enc", "live", "bitrate=8000 "
      "rate-control=cbr key-int-max=60 b-frames=0"},
  {"1.22", "1.28", "vah265lpenc", "export", "rate-control=vbr b-frames=2 "
      "key-int-max=60 bitrate=8000"},
  {"1.24", "1.28", "vaav1enc", "live", "bitrate=8000 rate-control=cbr "
      "key-int-max=60 hierarchical-level=1"},
  {"1.22", "1.26", "vaapih264enc", "live", "bitrate=8000 rate-control=cbr "
      "keyframe-period=60 max-bframes=0 tune=low-latency"},
  {"1.22", "1.24", "nvh264enc", "live", "bitrate=8000 rc-mode=cbr gop-size=60 "
      "zerolatency=true preset=low-latency-hq bframes=0"},
  {"1.22", "1.24", "nvh265enc", "export", "rc-mode=vbr-hq preset=hq bframes=2 "
      "bitrate=8000 max-bitrate=12000 gop-size=60"},
  {"1.22", "1.22", "nvcudah264enc", "live", "bitrate=8000 rate-control=cbr "
      "gop-size=60 zero-reorder-delay=true b-frames=0 preset=low-latency-hq"},
  {"1.24", "1.24", "nvcudah265enc", "live", "bitrate=8000 rate-control=cbr "
      "gop-size=60 zero-reorder-delay=true b-frames=0 preset=p4 "
      "tune=low-latency"},
  {"1.24", "1.24", "nvautogpuh264enc", "export", "rate-control=vbr b-frames=2"},
  {"1.26", "1.28", "nvh264enc", "live", "bitrate=8000 rc-mode=cbr gop-size=60 "
      "zerolatency=true bframes=0 preset=p4 tune=low-latency"},
  {"1.26", "1.28", "nvh264device1enc", "live", "rc-mode=cbr zerolatency=true"},
  {"1.26", "1.28", "nvh265enc", "export", "rc-mode=vbr tune=high-quality "
      "bframes=2 bitrate=8000 gop-size=60"},
  {"1.26", "1.28", "nvautogpuh265enc", "live", "rc-mode=cbr zerolatency=true "
      "tune=low-latency"},
  {"1.22", "1.22", "nvd3d11h264enc", "live", "bitrate=8000 rate-control=cbr "
      "gop-size=60 zero-reorder-delay=true b-frames=0 preset=low-latency-hq"},
  {"1.24", "1.24", "nvd3d11h265enc", "export", "rate-control=vbr b-frames=2 "
      "bitrate=8000 max-bitrate=12000 gop-size=60"},
  {"1.26", "1.28", "nvd3d11h264enc", "live", "bitrate=8000 rc-mode=cbr "
      "gop-size=60 zerolatency=true bframes=0 preset=p4 tune=low-latency"},
  {"1.26", "1.28", "nvav1enc", "live", "rc-mode=cbr gop-size=60 bitrate=8000"},
  {"1.22", "1.28", "qsvh264enc", "live", "bitrate=8000 rate-control=cbr "
      "gop-size=60 idr-interval=0 b-frames=0 low-latency=true"},
  {"1.22", "1.28", "qsvh265enc", "live", "bitrate=8000 rate-control=cbr "
      "gop-size=60 idr-interval=1 b-frames=0 low-latency=true"},
  {"1.22", "1.28", "qsvh264enc", "export", "rate-control=vbr b-frames=2 "
      "max-bitrate=12000"},
  {"1.22", "1.28", "msdkh264enc", "live", "bitrate=8000 rate-control=cbr "
      "gop-size=60 b-frames=0 i-frames=0 async-depth=1 max-slice-size=1400"},
  {"1.22", "1.28", "msdkh265enc", "live", "max-slice-size=1400 b-frames=0"},
  {"1.22", "1.28", "msdkh264enc", "export", "rate-control=vbr b-frames=2"},
  {"1.22", "1.28", "amfh264enc", "live", "bitrate=8000 rate-control=cbr "
      "gop-size=60 usage=ultra-low-latency"},
  {"1.24", "1.28", "amfh264enc", "live", "max-b-frames=0 b-frames=0"},
  {"1.22", "1.28", "amfh265enc", "export", "usage=transcoding preset=quality "
      "rate-control=vbr"},
  {"1.22", "1.28", "amfav1enc", "live", "usage=low-latency rate-control=cbr"},
  {"1.22", "1.28", "mfh264enc", "live", "bitrate=8000 rc-mode=cbr gop-size=60 "
      "bframes=0 low-latency=true"},
  {"1.22", "1.28", "mfh264enc", "export", "rc-mode=uvbr quality-vs-speed=80"},
  {"1.22", "1.28", "mfh265enc", "export", "rc-mode=cbr bitrate=8000"},
  {"1.24", "1.28", "d3d12h264enc", "live", "bitrate=8000 rate-control=cbr "
      "gop-size=60"},
  {"1.24", "1.28", "d3d12h264enc", "export", "rate-control=vbr "
      "max-bitrate=12000"},
  {"1.28", "1.28", "vulkanh264enc", "live", "bitrate=8000 rate-control=cbr "
      "idr-period=60 b-frames=0"},
  {"1.22", "1.28", "amcvidenc-omxtestvideoencoderavc", "live",
      "bitrate=8000000 i-frame-interval=2"},
  {"1.22", "1.28", "x264enc", "live", "bitrate=8000 pass=cbr "
      "speed-preset=veryfast tune=zerolatency bframes=0 cabac=true dct8x8=true "
      "key-int-max=60"},
  {"1.22", "1.28", "openh264enc", "live", "bitrate=8000000 "
      "max-bitrate=8000000 rate-control=bitrate gop-size=60 complexity=medium"},
  {"1.22", "1.28", "x265enc", "live", "bitrate=8000 tune=zerolatency "
      "speed-preset=superfast key-int-max=60"},
  {"1.24", "1.28", "svtav1enc", "live", "target-bitrate=8000 preset=11 "
      "intra-period-length=60 intra-refresh-type=IDR max-bitrate=8000 "
      "parameters-string=pred-struct=1"},
  {"1.22", "1.28", "av1enc", "live", "target-bitrate=8000 end-usage=cbr "
      "usage-profile=realtime cpu-used=8 lag-in-frames=0 keyframe-max-dist=60 "
      "row-mt=true"},
  {"1.22", "1.28", "av1enc", "export", "lag-in-frames=25"},
  {"1.22", "1.28", "rav1enc", "live", "bitrate=8000000 low-latency=true "
      "max-key-frame-interval=60"},
  {"1.22", "1.28", "avenc_prores_ks", "export", "profile=hq vendor=apl0 "
      "threads=auto"},
  {"1.22", "1.28", "avenc_prores", "export", "vendor=apl0 threads=auto"},
  /* *INDENT-ON* */
};

/* The value of a property of the encoder, as it would be written. */
static gchar *
value_of (Bench * bench, const gchar * property)
{
  GstElement *encoder = bench_part (bench, "video-encoder");
  GValue value = G_VALUE_INIT;
  gchar *text;

  fail_unless (g_object_class_find_property (G_OBJECT_GET_CLASS (encoder),
          property) != NULL, "no %s", property);
  g_object_get_property (G_OBJECT (encoder), property, &value);
  text = G_VALUE_HOLDS_STRING (&value) ? g_value_dup_string (&value)
      : gst_value_serialize (&value);
  g_value_unset (&value);
  gst_object_unref (encoder);
  return text;
}

static void
check_orders (Bench * bench, guint i, const gchar * version)
{
  gchar **settings = g_strsplit (orders[i].settings, " ", -1);
  guint s;

  for (s = 0; settings[s] != NULL; s++) {
    gchar **pair = g_strsplit (settings[s], "=", 2);
    gchar *have = value_of (bench, pair[0]);

    fail_unless (strcmp (have, pair[1]) == 0, "%s of %s: %s is %s and not %s",
        orders[i].factory, version, pair[0], have, pair[1]);
    g_free (have);
    g_strfreev (pair);
  }
  g_strfreev (settings);
}

static void
order (guint i, const gchar * version)
{
  const DoubleCodec *codec = double_bench_codec (orders[i].factory);
  gchar *settings = g_strdup_printf ("usage=%s encoder=%s", orders[i].usage,
      orders[i].factory);
  Bench *bench;

  doubles_install (version, TRUE);
  bench = double_bench_new (codec, 1, FALSE, settings);
  if (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) != GST_STATE_CHANGE_SUCCESS)
    bench_wait (bench, GST_MESSAGE_EOS);
  check_orders (bench, i, version);
  bench_free (bench);
  doubles_uninstall ();
  g_free (settings);
}

GST_START_TEST (test_orders_are_followed_in_each_version)
{
  guint v;

  double_bench_strict ();
  for (v = 0; v < N_VERSIONS; v++) {
    if (strcmp (double_versions[v], orders[__i__].from) >= 0
        && strcmp (double_versions[v], orders[__i__].to) <= 0)
      order (__i__, double_versions[v]);
  }
}

GST_END_TEST;

/* The controls of V4L2 are one structure. */
GST_START_TEST (test_driver_gets_its_controls)
{
  const DoubleCodec *codec = double_bench_codec ("v4l2h264enc");
  static const struct
  {
    const gchar *name;
    gint value;
  } wanted[] = {
    /* *INDENT-OFF* */
    {"video_bitrate", 8000000}, {"video_bitrate_mode", 1},
    {"video_gop_size", 60}, {"h264_i_frame_period", 60}, {"video_b_frames", 0}
    /* *INDENT-ON* */
  };
  GstStructure *controls = NULL;
  GstElement *encoder;
  Bench *bench;
  gboolean repeat = FALSE;
  guint i;

  doubles_install ("1.22", TRUE);
  bench = double_bench_new (codec, N_FRAMES, TRUE,
      "usage=live encoder=v4l2h264enc");
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  encoder = bench_part (bench, "video-encoder");
  g_object_get (encoder, "extra-controls", &controls, NULL);
  for (i = 0; i < G_N_ELEMENTS (wanted); i++) {
    gint value = -1;

    fail_unless (gst_structure_get_int (controls, wanted[i].name, &value));
    fail_unless_equals_int (value, wanted[i].value);
  }
  fail_unless (gst_structure_get_boolean (controls, "repeat_sequence_header",
          &repeat) && repeat);
  gst_structure_free (controls);
  gst_object_unref (encoder);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

#define SUPPORTS_BYTES 3        /* full and bytes */

/* Slices by bytes only where the device says that it has them. */
GST_START_TEST (test_slices_are_asked_for_where_the_device_has_them)
{
  const DoubleCodec *codec = double_bench_codec ("d3d12h264enc");
  Bench *bench;
  gchar *mode;
  guint partition = 0;
  GstElement *encoder;

  doubles_install ("1.26", TRUE);
  if (__i__)
    doubles_set_flags ("d3d12h264enc", "slice-mode-support", SUPPORTS_BYTES);
  bench = double_bench_new (codec, 1, FALSE, "usage=live encoder=d3d12h264enc");
  gst_element_set_state (bench->pipeline, GST_STATE_READY);
  mode = value_of (bench, "slice-mode");
  fail_unless_equals_string (mode, __i__ ? "bytes" : "full");
  encoder = bench_part (bench, "video-encoder");
  g_object_get (encoder, "slice-partition", &partition, NULL);
  fail_unless (partition == 1400 || !__i__);
  gst_object_unref (encoder);
  g_free (mode);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* --- streams --- */

static void
check_writes (const gchar * factory, const gchar * version)
{
  GPtrArray *writes = doubles_writes ();
  guint i;

  fail_unless (writes->len > 0 || g_str_has_prefix (factory, "vtenc_prores"));
  for (i = 0; i < writes->len; i++) {
    const DoubleWrite *write = g_ptr_array_index (writes, i);

    fail_if (write->ignored, "%s of %s: %s=%s comes too late", factory,
        version, write->property, write->value);
  }
  g_ptr_array_unref (writes);
}

static void
stream (const gchar * factory, const gchar * version, const gchar * usage,
    gboolean conditional)
{
  const DoubleCodec *codec = double_bench_codec (factory);
  gchar *settings = g_strdup_printf ("usage=%s encoder=%s", usage, factory);
  gchar *active = NULL;
  Bench *bench;

  GST_INFO ("%s %s %s %d", version, factory, usage, conditional);
  doubles_install_one (version, factory, conditional);
  bench = double_bench_new (codec, N_FRAMES, TRUE, settings);
  bench_start (bench);
  bench_wait (bench, GST_MESSAGE_EOS);
  g_object_get (bench->preset, "active-encoder", &active, NULL);
  fail_unless_equals_string (active, factory);
  double_bench_check_frames (bench, N_FRAMES);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 0);
  check_writes (factory, version);
  bench_free (bench);
  doubles_uninstall ();
  g_free (active);
  g_free (settings);
}

static gboolean
can_stream (const gchar * factory, const gchar * usage)
{
  return double_bench_codec (factory) != NULL
      && (strcmp (usage, "live") != 0 || double_bench_is_live (factory));
}

GST_START_TEST (test_every_encoder_makes_a_stream_that_decodes)
{
  const gchar *version = double_versions[__i__ / 2];
  gboolean conditional = __i__ % 2;
  gchar **factories = doubles_list (version);
  guint i, u;

  double_bench_strict ();
  for (i = 0; factories[i] != NULL; i++) {
    for (u = 0; u < G_N_ELEMENTS (usages); u++) {
      if (can_stream (factories[i], usages[u]))
        stream (factories[i], version, usages[u], conditional);
    }
  }
  g_strfreev (factories);
}

GST_END_TEST;

/* --- rows --- */

/* No row without a double, and no double without a row. */
GST_START_TEST (test_every_row_has_a_double)
{
  const EchoelEncoder *rows;
  guint i, j, v, n;

  rows = echoel_encoders (&n);
  for (i = 0; i < n; i++) {
    gboolean met = strcmp (rows[i].factory, "amcvidenc-*") == 0;

    for (v = 0; v < N_VERSIONS; v++) {
      gchar **factories = doubles_list (double_versions[v]);

      met |= g_strv_contains ((const gchar * const *) factories,
          rows[i].factory);
      for (j = 0; factories[j] != NULL; j++)
        fail_unless (double_bench_row (factories[j]) != NULL, "%s",
            factories[j]);
      g_strfreev (factories);
    }
    fail_unless (met, "%s has no double", rows[i].factory);
  }
}

GST_END_TEST;

static Suite *
encodermatrix_suite (void)
{
  Suite *s = suite_create ("encodermatrix");
  TCase *tc = tcase_create ("matrix");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, 120);
  tcase_add_test (tc, test_every_row_has_a_double);
  tcase_add_loop_test (tc, test_doubles_are_like_the_real_ones, 0,
      G_N_ELEMENTS (here));
  tcase_add_loop_test (tc, test_orders_are_followed_in_each_version, 0,
      G_N_ELEMENTS (orders));
  tcase_add_test (tc, test_driver_gets_its_controls);
  tcase_add_loop_test (tc, test_slices_are_asked_for_where_the_device_has_them,
      0, 2);
  tcase_add_loop_test (tc, test_every_encoder_makes_a_stream_that_decodes, 0,
      2 * N_VERSIONS);
  return s;
}

GST_CHECK_MAIN (encodermatrix);
