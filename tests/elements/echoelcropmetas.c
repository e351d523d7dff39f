/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What echoelcrop does with metas: crops that downstream makes, memory that
 * nobody maps, and regions on their way through. */
#include <string.h>

#include "cropbench.h"

#ifdef HAVE_GST_ANALYTICS
#include <gst/analytics/analytics.h>
#endif

#define GPU_CAPS "video/x-raw(memory:VAMemory),format=NV12"
#define GPU GPU_CAPS ",width=1920,height=1080" RATE
#define GPU_ANY "video/x-raw(memory:VAMemory)"

/* A double for memory of a GPU: it cannot be mapped. */
typedef struct
{
  GstAllocator parent;
} GpuAllocator;

typedef struct
{
  GstAllocatorClass parent;
} GpuAllocatorClass;

static GType gpu_allocator_get_type (void);
G_DEFINE_TYPE (GpuAllocator, gpu_allocator, GST_TYPE_ALLOCATOR);

static guint n_mapped;

static gpointer
gpu_map (GstMemory * memory, gsize size, GstMapFlags flags)
{
  n_mapped++;
  return NULL;
}

static void
gpu_free (GstAllocator * allocator, GstMemory * memory)
{
  g_free (memory);
}

static void
gpu_allocator_class_init (GpuAllocatorClass * klass)
{
  GST_ALLOCATOR_CLASS (klass)->free = gpu_free;
}

static void
gpu_allocator_init (GpuAllocator * self)
{
  GST_ALLOCATOR (self)->mem_type = "VAMemory";
  GST_ALLOCATOR (self)->mem_map = gpu_map;
  GST_OBJECT_FLAG_SET (self, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC);
}

/* A frame of @caps in such memory; as many pieces as GPUs like to have. */
static GstBuffer *
gpu_buffer_new (const gchar * caps, guint pieces)
{
  GstAllocator *allocator = g_object_new (gpu_allocator_get_type (), NULL);
  GstVideoInfo info = bench_info (caps);
  GstBuffer *buffer = gst_buffer_new ();
  guint i;

  gst_object_ref_sink (allocator);
  for (i = 0; i < pieces; i++) {
    GstMemory *memory = g_new0 (GstMemory, 1);

    gst_memory_init (memory, 0, allocator, NULL, info.size / pieces, 0, 0,
        info.size / pieces);
    gst_buffer_append_memory (buffer, memory);
  }
  gst_buffer_add_video_meta (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_INFO_FORMAT (&info), info.width, info.height);
  gst_object_unref (allocator);
  return buffer;
}

typedef struct
{
  GstHarness *h;
  GstBus *bus;
} Bench;

/* @metas: "v" for GstVideoMeta, "c" for GstVideoCropMeta downstream */
static Bench
bench_open (const gchar * properties, const gchar * metas,
    const gchar * source, const gchar * sink)
{
  Bench b = { bench_crop_new (properties), gst_bus_new () };

  gst_element_set_bus (b.h->element, b.bus);
  if (strchr (metas, 'v') != NULL)
    gst_harness_add_propose_allocation_meta (b.h, GST_VIDEO_META_API_TYPE,
        NULL);
  if (strchr (metas, 'c') != NULL)
    gst_harness_add_propose_allocation_meta (b.h,
        GST_VIDEO_CROP_META_API_TYPE, NULL);
  gst_harness_set_sink_caps_str (b.h, sink);
  gst_harness_set_src_caps_str (b.h, source);
  return b;
}

static void
bench_close (Bench * b)
{
  gst_element_set_bus (b->h->element, NULL);
  gst_object_unref (b->bus);
  gst_harness_teardown (b->h);
}

/* The one message of @type says @words. */
static void
check_told (Bench * b, GstMessageType type, const gchar * words)
{
  GstMessage *message = gst_bus_pop_filtered (b->bus, type);
  GError *error = NULL;

  fail_unless (message != NULL, "not told: %s", words);
  if (type == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else
    gst_message_parse_warning (message, &error, NULL);
  fail_unless (strstr (error->message, words) != NULL, "\"%s\", not \"%s\"",
      error->message, words);
  g_error_free (error);
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (b->bus, type) == NULL, "told twice");
}

/* @out is the memory of @in, and says that @x, @y, @width, @height of all its
 * 1920x1080 pixels count. */
static void
check_cropped (GstBuffer * in, GstBuffer * out, guint x, guint y, guint width,
    guint height)
{
  GstVideoMeta *meta = gst_buffer_get_video_meta (out);
  GstVideoCropMeta *crop = gst_buffer_get_video_crop_meta (out);
  guint i;

  fail_unless_equals_int (gst_buffer_n_memory (in), gst_buffer_n_memory (out));
  for (i = 0; i < gst_buffer_n_memory (in); i++)
    fail_unless (gst_buffer_peek_memory (in, i)
        == gst_buffer_peek_memory (out, i), "memory %u is another", i);
  fail_unless (meta != NULL && crop != NULL);
  fail_unless_equals_int (meta->width, 1920);
  fail_unless_equals_int (meta->height, 1080);
  fail_unless_equals_int (meta->offset[0], 0);
  fail_unless (crop->x == x && crop->y == y && crop->width == width
      && crop->height == height, "%u,%u %ux%u", crop->x, crop->y, crop->width,
      crop->height);
}

GST_START_TEST (test_a_crop_is_marked_when_downstream_asks_for_that)
{
  Bench b = bench_open ("aspect-ratio=9/16 anchor-x=1", "vc", HD,
      "video/x-raw");
  GstBuffer *in = bench_buffer_new (HD, 7), *out;
  GstVideoInfo info;

  out = bench_pull (b.h, gst_buffer_ref (in));
  info = bench_output_info (b.h);
  fail_unless (info.width == 608 && info.height == 1080);
  check_cropped (in, out, 1920 - 608, 0, 608, 1080);
  gst_buffer_unref (out);
  gst_buffer_unref (in);
  bench_close (&b);
}

GST_END_TEST;

/* The size of the whole is in the video meta. */
GST_START_TEST (test_a_crop_meta_is_nothing_without_video_meta)
{
  Bench b = bench_open ("aspect-ratio=9/16", "c", HD, "video/x-raw");
  GstBuffer *out = bench_pull (b.h, bench_buffer_new (HD, 7));

  fail_unless (gst_buffer_get_video_crop_meta (out) == NULL);
  fail_unless_equals_int (gst_buffer_get_size (out), 608 * 1080 * 3 / 2);
  gst_buffer_unref (out);
  bench_close (&b);
}

GST_END_TEST;

/* Nor does it hinder what has to be scaled. */
GST_START_TEST (test_a_scaled_picture_has_no_crop_meta)
{
  Bench b = bench_open ("", "vc", HD, "video/x-raw,width=540,height=960");
  GstBuffer *out = bench_pull (b.h, bench_buffer_new (HD, 7));

  fail_unless (gst_buffer_get_video_crop_meta (out) == NULL);
  fail_unless_equals_int (bench_sample (b.h, out, 0, 100, 100), 7);
  gst_buffer_unref (out);
  bench_close (&b);
}

GST_END_TEST;

/* The view lives as long as it is used, and the input as long as the view. */
GST_START_TEST (test_a_view_keeps_its_input)
{
  static const gchar *const metas[] = { "v", "vc" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (metas); i++) {
    Bench b = bench_open ("aspect-ratio=1/1", metas[i], HD, "video/x-raw");
    GstBuffer *in = bench_buffer_new (HD, 7), *out;

    out = bench_pull (b.h, gst_buffer_ref (in));
    ASSERT_BUFFER_REFCOUNT (in, "input", 2);
    gst_buffer_unref (out);
    ASSERT_BUFFER_REFCOUNT (in, "input", 1);
    gst_buffer_unref (in);
    bench_close (&b);
  }
}

GST_END_TEST;

GST_START_TEST (test_gpu_memory_is_cropped_by_downstream)
{
  static const guint pieces[] = { 1, 2 };
  guint i;

  n_mapped = 0;
  for (i = 0; i < G_N_ELEMENTS (pieces); i++) {
    Bench b = bench_open ("aspect-ratio=9/16 anchor-x=0.25", "vc", GPU,
        GPU_ANY);
    GstBuffer *in = gpu_buffer_new (GPU, pieces[i]);
    GstBuffer *out = bench_pull (b.h, gst_buffer_ref (in));
    GstCaps *caps = gst_pad_get_current_caps (b.h->sinkpad);

    check_cropped (in, out, 328, 0, 608, 1080);
    fail_unless (gst_caps_features_contains (gst_caps_get_features (caps, 0),
            "memory:VAMemory"));
    gst_caps_unref (caps);
    gst_buffer_unref (out);
    gst_buffer_unref (in);
    fail_unless (gst_bus_pop_filtered (b.bus, GST_MESSAGE_ERROR
            | GST_MESSAGE_WARNING) == NULL);
    bench_close (&b);
  }
  fail_unless_equals_int (n_mapped, 0);
}

GST_END_TEST;

/* Who crops in front of this element counts, too. */
GST_START_TEST (test_a_crop_of_a_crop_adds_up)
{
  Bench b = bench_open ("aspect-ratio=9/16", "vc",
      GPU_CAPS ",width=960,height=540" RATE, GPU_ANY);
  GstBuffer *in = gpu_buffer_new (GPU, 1), *out;
  GstVideoCropMeta *crop = gst_buffer_add_video_crop_meta (in);

  crop->x = 100;
  crop->y = 50;
  crop->width = 960;
  crop->height = 540;
  out = bench_pull (b.h, gst_buffer_ref (in));
  check_cropped (in, out, 100 + (960 - 304) / 2, 50, 304, 540);
  gst_buffer_unref (out);
  gst_buffer_unref (in);
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_same_gpu_caps_pass_the_buffer_on)
{
  Bench b = bench_open ("", "", GPU, GPU_ANY);
  GstBuffer *in = gpu_buffer_new (GPU, 1), *out = bench_pull (b.h, in);

  fail_unless (in == out);
  gst_buffer_unref (out);
  bench_close (&b);
}

GST_END_TEST;

/* What must not work says why, once, and maps nothing. */
static const struct
{
  const gchar *properties, *metas, *sink, *words;
} gpu_cases[] = {
  /* *INDENT-OFF* */
  {"aspect-ratio=9/16", "", GPU_ANY, "does not crop video in memory:VAMemory: "
      "put vapostproc behind"},
  {"aspect-ratio=9/16", "v", GPU_ANY, "does not crop"},
  {"aspect-ratio=9/16", "c", GPU_ANY, "does not crop"},
  {"", "vc", GPU_ANY ",width=960,height=540", "neither scaled nor converted"},
  {"zoom=2", "vc", GPU_ANY, "neither scaled nor converted"},
  {"fit=contain", "vc", GPU_ANY ",width=960,height=1080",
      "neither scaled nor converted"},
  {"", "vc", GPU_ANY ",width=1080,height=1920", "What follows accepts only"},
  {"", "vc", GPU_ANY ",format=P010_10LE", "What follows accepts only"},
  {"", "vc", "video/x-raw,format=NV12", "What follows accepts only"}
  /* *INDENT-ON* */
};

GST_START_TEST (test_gpu_memory_is_refused_when_nobody_crops_it)
{
  const guint i = __i__;
  Bench b = bench_open (gpu_cases[i].properties, gpu_cases[i].metas, GPU,
      gpu_cases[i].sink);

  n_mapped = 0;
  fail_unless_equals_int (gst_harness_push (b.h, gpu_buffer_new (GPU, 1)),
      GST_FLOW_NOT_NEGOTIATED);
  check_told (&b, GST_MESSAGE_ERROR, gpu_cases[i].words);
  fail_unless_equals_int (n_mapped, 0);
  bench_close (&b);
}

GST_END_TEST;

/* A property that asks for pixels while frames come. */
GST_START_TEST (test_gpu_memory_is_refused_when_a_property_changes)
{
  static const gchar *const changes[][2] = { {"zoom", "2"}, {"fit", "blur"} };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (changes); i++) {
    Bench b = bench_open ("aspect-ratio=9/16", "vc", GPU, GPU_ANY);

    n_mapped = 0;
    gst_buffer_unref (bench_pull (b.h, gpu_buffer_new (GPU, 1)));
    gst_util_set_object_arg (G_OBJECT (b.h->element), changes[i][0],
        changes[i][1]);
    fail_unless (gst_harness_push (b.h, gpu_buffer_new (GPU, 1))
        != GST_FLOW_OK);
    check_told (&b, GST_MESSAGE_ERROR, "neither scaled nor converted");
    fail_unless_equals_int (n_mapped, 0);
    bench_close (&b);
  }
}

GST_END_TEST;

GST_START_TEST (test_following_gpu_memory_is_a_warning)
{
  Bench b = bench_open ("aspect-ratio=9/16 follow=auto", "vc", GPU, GPU_ANY);

  n_mapped = 0;
  gst_buffer_unref (bench_pull (b.h, gpu_buffer_new (GPU, 1)));
  check_told (&b, GST_MESSAGE_WARNING, "Nothing is followed");
  fail_unless_equals_int (n_mapped, 0);
  bench_close (&b);
}

GST_END_TEST;

static gboolean
offers (Bench * b, const gchar * filter_text, const gchar * feature)
{
  GstCaps *filter = gst_caps_from_string (filter_text);
  GstCaps *caps = gst_pad_peer_query_caps (b->h->srcpad, filter);
  gboolean found = FALSE;
  guint i;

  for (i = 0; i < gst_caps_get_size (caps); i++)
    found = found || gst_caps_features_contains (gst_caps_get_features (caps,
            i), feature);
  gst_caps_unref (caps);
  gst_caps_unref (filter);
  return found;
}

/* A decoder that has both sends what certainly works. */
GST_START_TEST (test_gpu_memory_is_for_sources_without_system_memory)
{
  const gchar *both = GPU_ANY ",format=NV12;video/x-raw,format=NV12";
  const gchar *system = GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY;
  Bench b = bench_open ("", "vc", HD, both);

  fail_unless (offers (&b, both, system));
  fail_if (offers (&b, both, "memory:VAMemory"));
  fail_unless (offers (&b, GPU_ANY, "memory:VAMemory"));
  fail_if (offers (&b, GPU_ANY, system));
  fail_unless (offers (&b, "video/x-raw", system));
  bench_close (&b);
}

GST_END_TEST;

typedef struct
{
  guint x, y, width, height;
} Box;

static GstVideoRegionOfInterestMeta *
mark (GstBuffer * buffer, const Box * box)
{
  return gst_buffer_add_video_region_of_interest_meta (buffer, "face", box->x,
      box->y, box->width, box->height);
}

/* HD in; nothing is expected where the width is 0. */
static const struct
{
  const gchar *properties, *sink;
  Box in, out;
} region_cases[] = {
  /* *INDENT-OFF* */
  {"", "width=960,height=540", {200, 100, 300, 50}, {100, 50, 150, 25}},
  {"fit=stretch", "width=960,height=1080", {200, 100, 300, 50},
      {100, 100, 150, 50}},
  /* The window is 607.5 wide from 656.25 on, 1.778 times enlarged. */
  {"", "width=1080,height=1920", {960, 540, 90, 90}, {540, 960, 160, 160}},
  {"", "width=1080,height=1920", {600, 540, 100, 90}, {0, 960, 78, 160}},
  {"", "width=1080,height=1920", {1200, 0, 600, 1080}, {967, 0, 113, 1920}},
  {"", "width=1080,height=1920", {0, 0, 1920, 1080}, {0, 0, 1080, 1920}},
  {"", "width=1080,height=1920", {100, 0, 500, 1080}, {0, 0, 0, 0}},
  {"", "width=1080,height=1920", {1500, 0, 500, 1080}, {0, 0, 0, 0}},
  {"zoom=2", "width=1920,height=1080", {480, 270, 100, 100}, {0, 0, 200, 200}},
  {"fit=contain", "width=1080,height=1920", {0, 0, 1920, 1080},
      {0, 656, 1080, 608}},
  {"fit=blur", "width=1080,height=1920", {960, 540, 160, 160},
      {540, 960, 90, 90}},
  /* Views, of both kinds. */
  {"aspect-ratio=9/16", "", {700, 10, 20, 30}, {44, 10, 20, 30}},
  {"aspect-ratio=9/16 anchor-x=0", "", {700, 10, 20, 30}, {0, 0, 0, 0}},
  /* Passthrough. */
  {"", "", {700, 10, 20, 30}, {700, 10, 20, 30}},
  /* Nonsense. */
  {"", "width=960,height=540", {0, 0, 0, 10}, {0, 0, 0, 0}},
  {"", "width=960,height=540", {4000, 4000, 10, 10}, {0, 0, 0, 0}},
  {"", "width=960,height=540", {G_MAXUINT, 0, G_MAXUINT, 100}, {0, 0, 0, 0}},
  {"", "width=960,height=540", {10, 10, G_MAXUINT, G_MAXUINT},
      {5, 5, 955, 535}}
  /* *INDENT-ON* */
};

static void
check_region (guint i, const gchar * metas)
{
  const Box *want = &region_cases[i].out;
  gchar *sink = g_strdup_printf ("video/x-raw%s%s", *region_cases[i].sink
      ? "," : "", region_cases[i].sink);
  Bench b = bench_open (region_cases[i].properties, metas, HD, sink);
  GstBuffer *in = bench_buffer_new (HD, 7), *out;
  GstVideoRegionOfInterestMeta *meta = mark (in, &region_cases[i].in);

  meta->id = 12;
  meta->parent_id = 34;
  gst_video_region_of_interest_meta_add_param (meta,
      gst_structure_new ("detection", "confidence", G_TYPE_DOUBLE, 0.5, NULL));
  out = bench_pull (b.h, in);
  meta = gst_buffer_get_video_region_of_interest_meta (out);
  fail_unless ((meta != NULL) == (want->width > 0), "case %u", i);
  if (meta != NULL) {
    fail_unless (meta->x == want->x && meta->y == want->y
        && meta->w == want->width && meta->h == want->height,
        "case %u: %u,%u %ux%u", i, meta->x, meta->y, meta->w, meta->h);
    fail_unless_equals_string (g_quark_to_string (meta->roi_type), "face");
    fail_unless (meta->id == 12 && meta->parent_id == 34);
    fail_unless (gst_video_region_of_interest_meta_get_param (meta,
            "detection") != NULL);
  }
  gst_buffer_unref (out);
  bench_close (&b);
  g_free (sink);
}

GST_START_TEST (test_regions_go_where_their_pixels_go)
{
  check_region (__i__, "");
  check_region (__i__, "v");
  check_region (__i__, "vc");
}

GST_END_TEST;

/* Metas of the time stay, metas of a place that is gone do not. */
GST_START_TEST (test_other_metas_stay_where_they_mean_something)
{
  Bench b = bench_open ("", "", HD, "video/x-raw,width=960,height=540");
  GstBuffer *in = bench_buffer_new (HD, 7), *out;
  GstCaps *reference = gst_caps_from_string ("timestamp/x-test");
  GstVideoAffineTransformationMeta *turned;

  gst_buffer_add_reference_timestamp_meta (in, reference, 5, 6);
  turned = gst_buffer_add_video_affine_transformation_meta (in);
  fail_unless (turned != NULL);
  out = bench_pull (b.h, in);
  fail_unless (gst_buffer_get_reference_timestamp_meta (out, reference)
      != NULL);
  fail_unless (gst_buffer_get_video_affine_transformation_meta (out) == NULL);
  gst_buffer_unref (out);
  gst_caps_unref (reference);
  bench_close (&b);
}

GST_END_TEST;

static Suite *
echoelcropmetas_suite (void)
{
  Suite *s = suite_create ("echoelcropmetas");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_a_crop_is_marked_when_downstream_asks_for_that);
  tcase_add_test (tc, test_a_crop_meta_is_nothing_without_video_meta);
  tcase_add_test (tc, test_a_scaled_picture_has_no_crop_meta);
  tcase_add_test (tc, test_a_view_keeps_its_input);
  tcase_add_test (tc, test_gpu_memory_is_cropped_by_downstream);
  tcase_add_test (tc, test_a_crop_of_a_crop_adds_up);
  tcase_add_test (tc, test_same_gpu_caps_pass_the_buffer_on);
  tcase_add_loop_test (tc, test_gpu_memory_is_refused_when_nobody_crops_it, 0,
      G_N_ELEMENTS (gpu_cases));
  tcase_add_test (tc, test_gpu_memory_is_refused_when_a_property_changes);
  tcase_add_test (tc, test_following_gpu_memory_is_a_warning);
  tcase_add_test (tc, test_gpu_memory_is_for_sources_without_system_memory);
  tcase_add_loop_test (tc, test_regions_go_where_their_pixels_go, 0,
      G_N_ELEMENTS (region_cases));
  tcase_add_test (tc, test_other_metas_stay_where_they_mean_something);
  return s;
}

GST_CHECK_MAIN (echoelcropmetas);
