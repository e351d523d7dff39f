/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doublebench.h"

#include <string.h>

const gchar *const double_versions[N_VERSIONS] = {
  "1.22", "1.24", "1.26", "1.28"
};

/* Factories whose codec the name does not tell come with their row. */
static const DoubleCodec codecs[] = {
  /* *INDENT-OFF* */
  {ECHOEL_CODEC_H264, "h264-high", "avdec_h264", "x264enc"},
  {ECHOEL_CODEC_HEVC, "hevc-main", "avdec_h265", "x265enc"},
  {ECHOEL_CODEC_AV1, "av1", "av1dec", "av1enc"},
  {ECHOEL_CODEC_PRORES, "prores-422-hq", "avdec_prores", "avenc_prores_aw"},
  /* *INDENT-ON* */
};

void
double_bench_strict (void)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_WARNING
      | G_LOG_LEVEL_CRITICAL);
}

const EchoelEncoder *
double_bench_row (const gchar * factory)
{
  gboolean hevc = g_str_has_suffix (factory, "hevc");
  const EchoelEncoder *rows;
  guint i, n;

  rows = echoel_encoders (&n);
  for (i = 0; i < n; i++) {
    if (echoel_encoder_is_for (&rows[i], factory)
        && (!hevc || rows[i].codec == ECHOEL_CODEC_HEVC))
      return &rows[i];
  }
  return NULL;
}

const DoubleCodec *
double_bench_codec (const gchar * factory)
{
  const EchoelEncoder *row = double_bench_row (factory);
  guint i;

  fail_unless (row != NULL, "%s has no row", factory);
  for (i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (codecs[i].codec == row->codec)
      return &codecs[i];
  }
  return NULL;
}

gboolean
double_bench_is_live (const gchar * factory)
{
  const DoubleCodec *codec = double_bench_codec (factory);

  return codec != NULL && codec->codec != ECHOEL_CODEC_PRORES;
}

Bench *
double_bench_new (const DoubleCodec * codec, gint n_frames, gboolean decode,
    const gchar * settings)
{
  return bench_new ("videotestsrc name=source pattern=ball num-buffers=%d "
      "! video/x-raw,width=128,height=72,framerate=30/1 ! " BENCH_SMALL
      "framerate=30/1 format=%s %s ! %s %s fakesink name=video",
      n_frames ? n_frames : -1, codec->format, settings,
      decode ? codec->decoder : "identity", "!");
}

void
double_bench_check_frames (Bench * bench, guint n)
{
  GArray *times = bench_times (&bench->video);
  guint i;

  fail_unless_equals_int (times->len, n);
  for (i = 0; i < n; i++) {
    GstClockTime want = gst_util_uint64_scale_round (i, GST_SECOND, 30);
    GstClockTime have = g_array_index (times, GstClockTime, i);

    fail_unless (ABS (GST_CLOCK_DIFF (want, have)) < GST_MSECOND,
        "frame %u comes at %" GST_TIME_FORMAT, i, GST_TIME_ARGS (have));
  }
  g_array_unref (times);
}
