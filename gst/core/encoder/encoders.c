/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encoders.h"

#include <string.h>

#include "encoderrows.h"

/* What a variable bitrate may reach for a while, in percent. */
#define PEAK_PERCENT 150

#define BAD "gst-plugins-bad"
#define GOOD "gst-plugins-good"
#define LIBAV "gst-libav"
#define RUST "gst-plugins-rs"

/* What x264's superfast is better with: bits that follow the texture. And what
 * it is cheaper without: trying where B frames go, a third and fourth
 * reference kept for them. */
#define X264_FAST ":aq-mode=2:b-adapt=0:b-pyramid=none"

#define NV12_P010 {"NV12", "P010_10LE"}
#define VA_MEMORY "memory:VAMemory|memory:DMABuf"
#define NV_MEMORY "memory:CUDAMemory|memory:GLMemory|memory:D3D12Memory"
#define D3D11_MEMORY "memory:D3D11Memory"
#define NV_ANY_MEMORY NV_MEMORY "|" D3D11_MEMORY

/* Columns: auto, low, medium, high, maximum; live. */
/* *INDENT-OFF* */
static const EchoelEfforts vtenc_quality = {
  {"0.5", "0.4", "0.5", "0.7", "0.85"}, "0.5"};
static const EchoelEfforts target_usage = {
  {"4", "6", "4", "3", "2"}, "6"};
static const EchoelEfforts vaapi_level = {
  {"4", "6", "4", "3", "2"}, "6"};
static const EchoelEfforts nv_preset = {
  {"p5", "p3", "p5", "p6", "p7"}, "p4"};
static const EchoelEfforts amf_preset = {
  {"quality", "speed", "balanced", "quality", "quality"}, "speed"};
static const EchoelEfforts mf_speed = {
  {"80", "30", "60", "80", "100"}, "33"};
static const EchoelEfforts vulkan_quality = {
  {"2", "1", "2", "3", "4"}, "1"};
/* x264, openh264 and x265: auto by "./dev bench effort"; see
 * docs/benchmarks.md. */
static const EchoelEfforts x264_preset = {
  {"superfast", "superfast", "veryfast", "faster", "medium"}, "veryfast",
  {X264_FAST, X264_FAST}};
static const EchoelEfforts openh264_complexity = {
  {"medium", "low", "medium", "high", "high"}, "medium"};
static const EchoelEfforts x265_preset = {
  {"veryfast", "superfast", "veryfast", "fast", "medium"}, "superfast"};
static const EchoelEfforts svtav1_preset = {
  {"8", "11", "9", "8", "6"}, "11"};
static const EchoelEfforts av1_speed = {
  {"5", "8", "6", "5", "4"}, "8"};
static const EchoelEfforts rav1_speed = {
  {"9", "10", "9", "8", "6"}, "10"};
static const EchoelEfforts none = {{NULL}, NULL};

/* Best first within a codec: hardware in the order of what it keeps in its
 * own memory and of what is known of its quality, then software.
 *
 * Columns: factory, further devices, codec, kind, package, raw formats (4:2:0
 * in 8 and 10 bit, 4:2:2 and 4:4:4:4 in 10 bit), then by name. */
static const EchoelEncoder encoders[] = {
  {"vtenc_h264_hw", NULL, H264, HARDWARE, BAD, {"NV12"},
      .late = TRUE, .change = FOLLOWS, .change_ms = 250,
      .efforts = &vtenc_quality, .settings = echoel_vtenc,
      .trap = "Opens without hardware and fails at the first caps."},
  {"vtenc_h264", NULL, H264, HARDWARE, BAD, {"NV12"},
      .late = TRUE, .change = FOLLOWS, .change_ms = 250,
      .efforts = &vtenc_quality, .settings = echoel_vtenc,
      .trap = "May encode in software behind the same name; before 1.26.1 a "
      "bitrate set from another thread can lock up."},
  {"nvh264enc", "nvh264device*enc", H264, HARDWARE, BAD, {"NV12"},
      .memory = NV_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv,
      .trap = "Session limits show at the first caps only; qp-max writes "
      "qp-min."},
  {"nvh264enc", "nvh264device*enc", H264, HARDWARE, BAD, {"NV12"},
      .memory = NV_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv_legacy,
      .trap = "Another element than the nvh264enc of 1.26."},
  {"nvcudah264enc", "nvcudah264device*enc", H264, HARDWARE, BAD, {"NV12"},
      .memory = NV_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv_cuda},
  {"nvautogpuh264enc", NULL, H264, HARDWARE, BAD, {"NV12"},
      .memory = NV_ANY_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv,
      .trap = "Does not open the device before the first caps."},
  {"nvautogpuh264enc", NULL, H264, HARDWARE, BAD, {"NV12"},
      .memory = NV_ANY_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv_cuda},
  {"nvd3d11h264enc", "nvd3d11h264device*enc", H264, HARDWARE, BAD,
      {"NV12"}, .memory = D3D11_MEMORY, .late = TRUE, .change = FLAGGED,
      .change_ms = 250, .efforts = &nv_preset, .settings = echoel_nv,
      .trap = "Windows only."},
  {"nvd3d11h264enc", "nvd3d11h264device*enc", H264, HARDWARE, BAD,
      {"NV12"}, .memory = D3D11_MEMORY, .late = TRUE, .change = FLAGGED,
      .change_ms = 250, .efforts = &nv_preset, .settings = echoel_nv_cuda,},
  {"vah264enc", "varender*h264enc", H264, HARDWARE, BAD, {"NV12"},
      .memory = VA_MEMORY, .change = FLAGGED, .change_ms = 1000,
      .efforts = &target_usage, .settings = echoel_va,
      .trap = "A changed bitrate drains it and brings a key frame; forced key "
      "frames are no IDR before 1.24.4."},
  {"vah264lpenc", "varender*h264lpenc", H264, HARDWARE, BAD, {"NV12"},
      .memory = VA_MEMORY, .change = FLAGGED, .change_ms = 1000,
      .efforts = &target_usage, .settings = echoel_va},
  {"qsvh264enc", "qsvh264device*enc", H264, HARDWARE, BAD, {"NV12"},
      .memory = VA_MEMORY "|" D3D11_MEMORY, .change = FOLLOWS,
      .change_ms = 250, .efforts = &target_usage, .settings = echoel_qsv_h264,
      .trap = "idr-interval=0 means every key frame here, and only the first "
      "one in qsvh265enc."},
  {"amfh264enc", "amfh264device*enc", H264, HARDWARE, BAD, {"NV12"},
      .memory = D3D11_MEMORY, .change = FLAGGED, .change_ms = 1000,
      .efforts = &amf_preset, .settings = echoel_amf_h264,
      .trap = "Any change while running opens it anew, with a key frame; "
      "reports no latency."},
  {"d3d12h264enc", "d3d12h264device*enc", H264, HARDWARE, BAD, {"NV12"},
      .memory = "memory:D3D12Memory", .change = FOLLOWS, .change_ms = 250,
      .efforts = &none, .settings = echoel_d3d12,
      .trap = "Slices by bytes where slice-mode-support names them."},
  {"mfh264enc", "mfh264device*enc", H264, ECHOEL_KIND_BY_CLASS, BAD, {"NV12"},
      .memory = D3D11_MEMORY, .change = RECREATE, .change_ms = 2000,
      .efforts = &mf_speed, .settings = echoel_mf,
      .trap = "A software transform may stand behind the name."},
  {"v4l2h264enc", "v4l2*h264enc", H264, HARDWARE, GOOD, {"NV12|I420"},
      .memory = "memory:DMABuf", .caps = "level=(string){level}",
      .change = FOLLOWS, .change_ms = 250, .efforts = &none,
      .settings = echoel_v4l2},
  {"v4l2h264enc", "v4l2*h264enc", H264, HARDWARE, GOOD, {"NV12|I420"},
      .memory = "memory:DMABuf", .caps = "level=(string){level}",
      .change = FOLLOWS, .change_ms = 250, .efforts = &none,
      .settings = echoel_v4l2_controls,
      .trap = "Some boards want the level in the caps; controls that a driver "
      "lacks are passed over."},
  {"amcvidenc-*", "amcvidenc-*", H264, ECHOEL_KIND_BY_CLASS, BAD,
      {"NV12|I420"}, .change = FOLLOWS, .change_ms = 250, .efforts = &none,
      .settings = echoel_amc,
      .trap = "Profile and level are checked and never set."},
  {"vulkanh264enc", "vulkanh264device*enc", H264, HARDWARE, BAD, {"NV12"},
      .memory = "memory:VulkanImage", .upload = "vulkanupload",
      .change = FLAGGED, .change_ms = 1000, .efforts = &vulkan_quality,
      .settings = echoel_vulkan,
      .trap = "Constant quality unless rate-control is set; takes no system "
      "memory."},
  {"msdkh264enc", "msdk*h264enc", H264, HARDWARE, BAD, {"NV12"},
      .memory = VA_MEMORY "|" D3D11_MEMORY, .late = TRUE, .change = FLAGGED,
      .change_ms = 1000, .efforts = &target_usage, .settings = echoel_msdk,
      .trap = "Opens the device between READY and PAUSED."},
  {"vaapih264enc", NULL, H264, HARDWARE, "gstreamer-vaapi", {"NV12"},
      .memory = "memory:VASurface|memory:DMABuf", .change = FOLLOWS,
      .change_ms = 1000, .efforts = &vaapi_level, .settings = echoel_vaapi,
      .trap = "Gone after 1.26."},
  {"x264enc", NULL, H264, SOFTWARE, "gst-plugins-ugly", {"I420|NV12"},
      .change = FLAGGED, .change_ms = 0, .efforts = &x264_preset,
      .settings = echoel_x264,
      .trap = "speed-preset=ultrafast lowers any profile to baseline."},
  {"openh264enc", NULL, H264, SOFTWARE, BAD, {"I420"},
      .change = FLAGGED, .change_ms = 100, .efforts = &openh264_complexity,
      .settings = echoel_openh264,
      .trap = "128 kbit/s by quality unless told otherwise."},

  {"vtenc_h265_hw", NULL, HEVC, HARDWARE, BAD,
      {"NV12", "P010_10LE|AYUV64"}, .late = TRUE, .change = FOLLOWS,
      .change_ms = 250, .efforts = &vtenc_quality, .settings = echoel_vtenc,
      .trap = "Opens without hardware and fails at the first caps."},
  {"vtenc_h265", NULL, HEVC, HARDWARE, BAD, {"NV12", "P010_10LE|AYUV64"},
      .late = TRUE, .change = FOLLOWS, .change_ms = 250,
      .efforts = &vtenc_quality, .settings = echoel_vtenc},
  {"nvh265enc", "nvh265device*enc", HEVC, HARDWARE, BAD, NV12_P010,
      .memory = NV_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv},
  {"nvh265enc", "nvh265device*enc", HEVC, HARDWARE, BAD, NV12_P010,
      .memory = NV_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv_legacy},
  {"nvcudah265enc", "nvcudah265device*enc", HEVC, HARDWARE, BAD, NV12_P010,
      .memory = NV_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv_cuda},
  {"nvautogpuh265enc", NULL, HEVC, HARDWARE, BAD, NV12_P010,
      .memory = NV_ANY_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv},
  {"nvautogpuh265enc", NULL, HEVC, HARDWARE, BAD, NV12_P010,
      .memory = NV_ANY_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv_cuda},
  {"nvd3d11h265enc", "nvd3d11h265device*enc", HEVC, HARDWARE, BAD,
      NV12_P010, .memory = D3D11_MEMORY, .late = TRUE, .change = FLAGGED,
      .change_ms = 250, .efforts = &nv_preset, .settings = echoel_nv,
      .trap = "Windows only."},
  {"nvd3d11h265enc", "nvd3d11h265device*enc", HEVC, HARDWARE, BAD,
      NV12_P010, .memory = D3D11_MEMORY, .late = TRUE, .change = FLAGGED,
      .change_ms = 250, .efforts = &nv_preset, .settings = echoel_nv_cuda,},
  {"vah265enc", "varender*h265enc", HEVC, HARDWARE, BAD, NV12_P010,
      .memory = VA_MEMORY, .change = FLAGGED, .change_ms = 1000,
      .efforts = &target_usage, .settings = echoel_va},
  {"vah265lpenc", "varender*h265lpenc", HEVC, HARDWARE, BAD, NV12_P010,
      .memory = VA_MEMORY, .change = FLAGGED, .change_ms = 1000,
      .efforts = &target_usage, .settings = echoel_va},
  {"qsvh265enc", "qsvh265device*enc", HEVC, HARDWARE, BAD, NV12_P010,
      .memory = VA_MEMORY "|" D3D11_MEMORY, .change = FOLLOWS,
      .change_ms = 250, .efforts = &target_usage,
      .settings = echoel_qsv_h265},
  {"amfh265enc", "amfh265device*enc", HEVC, HARDWARE, BAD, NV12_P010,
      .memory = D3D11_MEMORY, .change = FLAGGED, .change_ms = 1000,
      .efforts = &amf_preset, .settings = echoel_amf},
  {"mfh265enc", "mfh265device*enc", HEVC, ECHOEL_KIND_BY_CLASS, BAD,
      NV12_P010, .memory = D3D11_MEMORY, .change = RECREATE,
      .change_ms = 2000, .efforts = &mf_speed, .settings = echoel_mf},
  {"amcvidenc-*", "amcvidenc-*", HEVC, ECHOEL_KIND_BY_CLASS, BAD,
      {"NV12|I420"}, .change = FOLLOWS, .change_ms = 250, .efforts = &none,
      .settings = echoel_amc},
  {"msdkh265enc", "msdk*h265enc", HEVC, HARDWARE, BAD, NV12_P010,
      .memory = VA_MEMORY "|" D3D11_MEMORY, .late = TRUE, .change = FLAGGED,
      .change_ms = 1000, .efforts = &target_usage, .settings = echoel_msdk},
  {"vaapih265enc", NULL, HEVC, HARDWARE, "gstreamer-vaapi", NV12_P010,
      .memory = "memory:VASurface|memory:DMABuf", .change = FOLLOWS,
      .change_ms = 1000, .efforts = &vaapi_level, .settings = echoel_vaapi},
  {"x265enc", NULL, HEVC, SOFTWARE, BAD, {"I420", "I420_10LE"},
      .change = RECREATE, .change_ms = 1000, .efforts = &x265_preset,
      .settings = echoel_x265,
      .trap = "Open GOPs unless told otherwise; writes its parameter sets "
      "into the first frame as well."},

  {"nvav1enc", "nvav1device*enc", AV1, HARDWARE, BAD, NV12_P010,
      .memory = NV_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv_av1},
  {"nvautogpuav1enc", NULL, AV1, HARDWARE, BAD, NV12_P010,
      .memory = NV_ANY_MEMORY, .late = TRUE, .change = FLAGGED, .change_ms = 250,
      .efforts = &nv_preset, .settings = echoel_nv_av1},
  {"vaav1enc", "varender*av1enc", AV1, HARDWARE, BAD, NV12_P010,
      .memory = VA_MEMORY, .change = FLAGGED, .change_ms = 1000,
      .efforts = &target_usage, .settings = echoel_va_av1,
      .trap = "Its bitrate changes while running from 1.26 on."},
  {"vaav1lpenc", "varender*av1lpenc", AV1, HARDWARE, BAD, NV12_P010,
      .memory = VA_MEMORY, .change = FLAGGED, .change_ms = 1000,
      .efforts = &target_usage, .settings = echoel_va_av1},
  {"qsvav1enc", "qsvav1device*enc", AV1, HARDWARE, BAD, NV12_P010,
      .memory = VA_MEMORY "|" D3D11_MEMORY, .change = FOLLOWS,
      .change_ms = 250, .efforts = &target_usage, .settings = echoel_qsv_av1,
      .trap = "No bitrate above 65535 kbit/s."},
  {"amfav1enc", "amfav1device*enc", AV1, HARDWARE, BAD, NV12_P010,
      .memory = D3D11_MEMORY, .change = FLAGGED, .change_ms = 1000,
      .efforts = &amf_preset, .settings = echoel_amf_av1},
  {"msdkav1enc", "msdk*av1enc", AV1, HARDWARE, BAD, NV12_P010,
      .memory = VA_MEMORY "|" D3D11_MEMORY, .late = TRUE, .change = FLAGGED,
      .change_ms = 1000, .efforts = &target_usage,
      .settings = echoel_msdk_av1},
  {"svtav1enc", NULL, AV1, SOFTWARE, BAD, {"I420", "I420_10LE"},
      .change = RECREATE, .change_ms = 5000, .efforts = &svtav1_preset,
      .settings = echoel_svtav1,
      .trap = "Constant bitrate does not start without low delay; ignores "
      "forced key frames; 1.25 s of latency at least."},
  {"av1enc", NULL, AV1, SOFTWARE, BAD, {"I420"},
      .change = FOLLOWS, .change_ms = 250, .efforts = &av1_speed,
      .settings = echoel_av1,
      .trap = "8 bit only; cpu-used=0 by itself; writes no colours."},
  {"rav1enc", NULL, AV1, SOFTWARE, RUST, {"I420", "I420_10LE"},
      .change = RECREATE, .change_ms = 5000, .efforts = &rav1_speed,
      .settings = echoel_rav1},

  {"vtenc_prores", NULL, PRORES, HARDWARE, BAD,
      {NULL, NULL, "AYUV64", "AYUV64"}, .late = TRUE, .change = RECREATE,
      .efforts = &none, .settings = echoel_vtenc_prores,
      .trap = "Interlaced hardware ProRes is off since 1.24."},
  {"avenc_prores_aw", NULL, PRORES, SOFTWARE, LIBAV,
      {NULL, NULL, "I422_10LE", "A444_10LE"}, .profiles = "hq|4444",
      .mend = TRUE, .late = TRUE, .change = RECREATE, .efforts = &none,
      .settings = echoel_prores_aw,
      .trap = "Makes HQ and calls it standard: the caps are mended."},
  {"avenc_prores", NULL, PRORES, SOFTWARE, LIBAV,
      {NULL, NULL, "I422_10LE", "A444_10LE"}, .profiles = "hq|4444",
      .mend = TRUE, .late = TRUE, .change = RECREATE, .efforts = &none,
      .settings = echoel_prores_aw,
      .trap = "avenc_prores_aw by another name."},
  {"avenc_prores_ks", NULL, PRORES, SOFTWARE, LIBAV,
      {NULL, NULL, "I422_10LE", "A444_10LE"}, .late = TRUE,
      .change = RECREATE, .efforts = &none, .settings = echoel_prores_ks,
      .trap = "One thread unless told otherwise; six times slower than "
      "avenc_prores_aw."},

  {"avenc_aac", NULL, AAC, SOFTWARE, LIBAV, {NULL},
      .efforts = &none, .settings = echoel_aac,
      .trap = "Starts with 1024 samples of priming."},
  {"fdkaacenc", NULL, AAC, SOFTWARE, BAD, {NULL},
      .efforts = &none, .settings = echoel_fdkaac},
  {"atenc", NULL, AAC, SOFTWARE, GOOD, {NULL},
      .efforts = &none, .settings = echoel_atenc,
      .trap = "macOS and iOS, from 1.26 on."},
  {"voaacenc", NULL, AAC, SOFTWARE, BAD, {NULL},
      .efforts = &none, .settings = echoel_aac,
      .trap = "Loses the last 49 ms."},
};
/* *INDENT-ON* */

const EchoelEncoder *
echoel_encoders (guint * n)
{
  *n = G_N_ELEMENTS (encoders);
  return encoders;
}

const EchoelEncoder *
echoel_encoder_find (const gchar * factory)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (encoders); i++) {
    if (g_strcmp0 (encoders[i].factory, factory) == 0)
      return &encoders[i];
  }
  return NULL;
}

gboolean
echoel_encoder_is_for (const EchoelEncoder * encoder, const gchar * factory)
{
  return strcmp (encoder->factory, factory) == 0 || (encoder->more != NULL
      && g_pattern_match_simple (encoder->more, factory));
}

gchar *
echoel_encoder_names (EchoelCodec codec, guint kinds)
{
  GString *names = g_string_new (NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (encoders); i++) {
    if (encoders[i].codec == codec && (kinds & (1u << encoders[i].kind)) != 0
        && (i == 0
            || strcmp (encoders[i].factory, encoders[i - 1].factory) != 0))
      g_string_append_printf (names, "%s%s", names->len ? ", " : "",
          encoders[i].factory);
  }
  return g_string_free (names, FALSE);
}

static const gchar *
effort_text (const EchoelEncoder * encoder, const EchoelPlan * plan)
{
  if (plan->usage == ECHOEL_USAGE_LIVE && plan->quality == ECHOEL_QUALITY_AUTO)
    return encoder->efforts->live;
  return encoder->efforts->quality[plan->quality];
}

/* Returns: (transfer full) (nullable): what stands for @name, without its
 * braces; NULL: it is to be left alone */
static gchar *
fill_in (const EchoelEncoder * encoder, const EchoelPlan * plan,
    const gchar * name)
{
  guint64 kbps = encoder->codec == ECHOEL_CODEC_AAC ? plan->audio_bitrate
      : plan->bitrate;
  guint64 ns = gst_util_uint64_scale (plan->keyframe_frames,
      plan->fps_d * GST_SECOND, plan->fps_n);

  if (strcmp (name, "kbps") == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, kbps);
  if (strcmp (name, "bps") == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, kbps * 1000);
  if (strcmp (name, "peak") == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, kbps * PEAK_PERCENT / 100);
  if (strcmp (name, "frames") == 0)
    return g_strdup_printf ("%u", plan->keyframe_frames);
  if (strcmp (name, "ns") == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, ns);
  if (strcmp (name, "seconds") == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT,
        MAX (1, (ns + GST_SECOND / 2) / GST_SECOND));
  if (strcmp (name, "effort") == 0)
    return g_strdup (effort_text (encoder, plan));
  if (strcmp (name, "options") == 0)
    return g_strdup (encoder->efforts->options[plan->quality]
        ? encoder->efforts->options[plan->quality] : "");
  if (strcmp (name, "profile") == 0)
    return g_strdup (plan->format->profile);
  if (strcmp (name, "level") == 0)
    return g_strdup (echoel_plan_h264_level (plan));
  if (strcmp (name, "threads") == 0)
    return plan->threads ? g_strdup_printf ("%u", plan->threads) : NULL;
  g_return_val_if_reached (NULL);
}

/* Returns: (transfer full) (nullable): @text with its braces filled in, NULL
 * when one of them is to be left alone */
static gchar *
fill_text (const EchoelEncoder * encoder, const EchoelPlan * plan,
    const gchar * text)
{
  gchar **parts = g_strsplit_set (text, "{}", -1);
  GString *filled = g_string_new (NULL);
  gboolean whole = TRUE;
  guint i;

  for (i = 0; parts[i] != NULL; i++) {
    gchar *value = i % 2 ? fill_in (encoder, plan, parts[i])
        : g_strdup (parts[i]);

    if (value != NULL)
      g_string_append (filled, value);
    else
      whole = FALSE;
    g_free (value);
  }
  g_strfreev (parts);
  return g_string_free (filled, !whole);
}

gchar *
echoel_encoder_value (const EchoelEncoder * encoder,
    const EchoelEncoderSetting * setting, const EchoelPlan * plan)
{
  guint now = plan->usage == ECHOEL_USAGE_LIVE ? ECHOEL_SET_LIVE
      : ECHOEL_SET_EXPORT;

  if (setting->property == NULL || (setting->set & now) == 0)
    return NULL;
  return fill_text (encoder, plan, setting->text);
}

gchar *
echoel_encoder_caps (const EchoelEncoder * encoder, const EchoelPlan * plan)
{
  gchar *fields, *caps;

  if (encoder->caps == NULL || encoder->codec == ECHOEL_CODEC_AAC)
    return g_strdup (plan->format->encoded_caps);
  fields = fill_text (encoder, plan, encoder->caps);
  caps = g_strconcat (plan->format->encoded_caps, ",", fields, NULL);
  g_free (fields);
  return caps;
}
