/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often echoelcrop takes memory once it runs: every call of malloc() and
 * its like in this process is counted while a frame is in the element. GSlice
 * has to be told to use malloc(), which the test's environment does. */
#include <stdlib.h>
#include <string.h>

#include "cropbench.h"

/* Address sanitizers have an allocator of their own, other C libraries no
 * second name for theirs. */
#if defined (__GLIBC__) && !defined (__SANITIZE_ADDRESS__)
#define CAN_COUNT 1

static gint counting, n_taken;

/* To stop at in a debugger. */
static void
note_memory (void)
{
  if (g_atomic_int_get (&counting))
    g_atomic_int_inc (&n_taken);
}

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

void *
malloc (size_t size)
{
  note_memory ();
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  note_memory ();
  return __libc_calloc (n, size);
}

void *
realloc (void *memory, size_t size)
{
  note_memory ();
  return __libc_realloc (memory, size);
}

void *
aligned_alloc (size_t alignment, size_t size)
{
  note_memory ();
  return __libc_memalign (alignment, size);
}

int
posix_memalign (void **memory, size_t alignment, size_t size)
{
  note_memory ();
  *memory = __libc_memalign (alignment, size);
  return *memory == NULL;
}

/* Frames until pools, slices of graphs and threads are there. */
#define WARM_UP 70
#define COUNTED 150
#define FRAME (GST_SECOND / 30)

#define MOST_REGIONS 3

typedef struct
{
  const gchar *properties, *source, *sink;
  const gchar *metas;           /* that downstream takes: v, c */
  guint regions;                /* on each frame */
  gboolean moves;               /* the anchor, from frame to frame */
  guint allowed;                /* calls a frame */
  guint late;                   /* calls in all: of threads that start late */
} Case;

typedef struct
{
  const Case *test;
  GstElement *crop;
  GstPad *src, *sink;
  GstCaps *sink_caps;
  GstBuffer *in[3];
  guint received;
} Rig;

/* Downstream: what happens here is not the element's. */
static GstFlowReturn
take_buffer (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  Rig *rig = gst_pad_get_element_private (pad);
  gint was = g_atomic_int_get (&counting);

  g_atomic_int_set (&counting, FALSE);
  rig->received++;
  gst_buffer_unref (buffer);
  g_atomic_int_set (&counting, was);
  return GST_FLOW_OK;
}

static gboolean
answer (GstPad * pad, GstObject * parent, GstQuery * query)
{
  Rig *rig = gst_pad_get_element_private (pad);

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
      gst_query_set_caps_result (query, rig->sink_caps);
      return TRUE;
    case GST_QUERY_ALLOCATION:
      if (strchr (rig->test->metas, 'v') != NULL)
        gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
      if (strchr (rig->test->metas, 'c') != NULL)
        gst_query_add_allocation_meta (query, GST_VIDEO_CROP_META_API_TYPE,
            NULL);
      return TRUE;
    default:
      return gst_pad_query_default (pad, parent, query);
  }
}

static GstBuffer *
input_new (const Case * test, guint seed)
{
  GstVideoInfo info = bench_info (test->source);
  GstBuffer *buffer = bench_buffer_new (test->source, 90);
  guint i, x;
  GstMapInfo map;

  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (x = 0; x < map.size; x += 3)
    map.data[x] = (x / 40 * (7 + seed)) % 200;
  gst_buffer_unmap (buffer, &map);
  for (i = 0; i < test->regions; i++)
    gst_buffer_add_video_region_of_interest_meta (buffer, "face",
        info.width / 2 + 10 * i, info.height / 2, 20, 20);
  return buffer;
}

static void
rig_open (Rig * rig, const Case * test)
{
  gchar *line = g_strdup_printf ("echoelcrop %s", test->properties);
  GstCaps *caps = gst_caps_from_string (test->source);
  GstPad *pad;
  guint i;

  memset (rig, 0, sizeof (*rig));
  rig->test = test;
  rig->crop = gst_parse_launch (line, NULL);
  rig->sink_caps = gst_caps_from_string (test->sink);
  rig->src = gst_pad_new ("source", GST_PAD_SRC);
  rig->sink = gst_pad_new ("target", GST_PAD_SINK);
  gst_pad_set_element_private (rig->sink, rig);
  gst_pad_set_chain_function (rig->sink, take_buffer);
  gst_pad_set_query_function (rig->sink, answer);
  pad = gst_element_get_static_pad (rig->crop, "sink");
  fail_unless_equals_int (gst_pad_link (rig->src, pad), GST_PAD_LINK_OK);
  gst_object_unref (pad);
  pad = gst_element_get_static_pad (rig->crop, "src");
  fail_unless_equals_int (gst_pad_link (pad, rig->sink), GST_PAD_LINK_OK);
  gst_object_unref (pad);
  gst_pad_set_active (rig->sink, TRUE);
  gst_pad_set_active (rig->src, TRUE);
  gst_element_set_state (rig->crop, GST_STATE_PLAYING);
  gst_check_setup_events (rig->src, rig->crop, caps, GST_FORMAT_TIME);
  for (i = 0; i < G_N_ELEMENTS (rig->in); i++)
    rig->in[i] = input_new (test, i);
  gst_caps_unref (caps);
  g_free (line);
}

static void
rig_close (Rig * rig)
{
  guint i;

  gst_element_set_state (rig->crop, GST_STATE_NULL);
  gst_pad_set_active (rig->src, FALSE);
  gst_pad_set_active (rig->sink, FALSE);
  for (i = 0; i < G_N_ELEMENTS (rig->in); i++)
    gst_buffer_unref (rig->in[i]);
  gst_object_unref (rig->src);
  gst_object_unref (rig->sink);
  gst_object_unref (rig->crop);
  gst_caps_unref (rig->sink_caps);
}

/* Returns: how often memory was taken meanwhile */
static guint
push_frame (Rig * rig, guint n)
{
  GstBuffer *buffer = rig->in[n % G_N_ELEMENTS (rig->in)];
  GstFlowReturn flow;

  if (rig->test->moves)
    g_object_set (rig->crop, "anchor-x", (n % WARM_UP) / (gdouble) WARM_UP,
        NULL);
  buffer = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (buffer) = n * FRAME;
  GST_BUFFER_DURATION (buffer) = FRAME;
  g_atomic_int_set (&n_taken, 0);
  g_atomic_int_set (&counting, TRUE);
  flow = gst_pad_push (rig->src, buffer);
  g_atomic_int_set (&counting, FALSE);
  /* Libcheck takes memory itself. */
  fail_unless_equals_int (flow, GST_FLOW_OK);
  return (guint) g_atomic_int_get (&n_taken);
}

#define SMALL "video/x-raw,width=320,height=180" RATE ",format="
#define UPRIGHT "video/x-raw,width=180,height=320"
#define ANY "video/x-raw"

/* What is allowed are the metas that belong to a frame: one for each region
 * that is marked on the output, and for a view the buffer itself with what
 * says where it is and whose memory it has. */
static const Case cases[] = {
  /* *INDENT-OFF* */
  {"n-threads=1", SMALL "I420", UPRIGHT, "", 0, FALSE, 0},
  {"n-threads=1", SMALL "I420", UPRIGHT, "v", 0, FALSE, 0},
  {"n-threads=3", SMALL "I420", UPRIGHT, "v", 0, FALSE, 0, 2},
  {"n-threads=1", SMALL "NV12", UPRIGHT, "v", 0, FALSE, 0},
  {"n-threads=1", SMALL "BGRA", UPRIGHT ",format=NV12", "v", 0, FALSE, 0},
  {"n-threads=1", SMALL "P010_10LE", UPRIGHT ",format=I420", "v", 0, FALSE, 0},
  {"n-threads=1 filter=lanczos", SMALL "YUY2", UPRIGHT, "v", 0, FALSE, 0},
  {"n-threads=2 fit=contain", SMALL "I420", UPRIGHT, "v", 0, FALSE, 0, 1},
  {"n-threads=2 fit=blur", SMALL "I420", UPRIGHT, "v", 0, FALSE, 0, 1},
  {"n-threads=1 fit=blur", SMALL "BGRA", UPRIGHT, "v", 0, FALSE, 0},
  {"n-threads=1 fit=stretch", SMALL "I420", UPRIGHT, "v", 0, FALSE, 0},
  {"n-threads=1 zoom=2", SMALL "I420", UPRIGHT, "v", 0, TRUE, 0},
  {"n-threads=1", SMALL "BGRA", UPRIGHT ",format=I420", "v", 0, TRUE, 0},
  {"n-threads=1 follow=motion", SMALL "I420", UPRIGHT, "v", 0, FALSE, 0},
  {"n-threads=1 follow=auto lookahead=500000000", SMALL "I420", UPRIGHT, "v",
      0, FALSE, 0},
  {"n-threads=1 follow=regions", SMALL "I420", UPRIGHT, "v", MOST_REGIONS,
      FALSE, MOST_REGIONS},
  {"n-threads=1 follow=regions region-types=cat,dog", SMALL "I420", UPRIGHT,
      "v", MOST_REGIONS, FALSE, MOST_REGIONS},
  {"n-threads=1 follow=regions lookahead=500000000", SMALL "I420", UPRIGHT,
      "v", MOST_REGIONS, FALSE, MOST_REGIONS},
  {"", SMALL "I420", ANY, "v", 0, FALSE, 0},
  {"aspect-ratio=9/16", SMALL "I420", ANY, "v", 0, FALSE, 3},
  {"aspect-ratio=9/16", SMALL "I420", ANY, "vc", 0, FALSE, 4}
  /* *INDENT-ON* */
};

GST_START_TEST (test_a_running_stream_takes_no_memory)
{
  const Case *test = &cases[__i__];
  guint n, taken, over = 0;
  Rig rig;

  rig_open (&rig, test);
  for (n = 0; n < WARM_UP; n++)
    push_frame (&rig, n);
  for (; n < WARM_UP + COUNTED; n++) {
    taken = push_frame (&rig, n);
    over += taken > test->allowed ? taken - test->allowed : 0;
  }
  fail_unless (rig.received >= COUNTED, "%u frames came out", rig.received);
  fail_unless (over <= test->late, "%s, %s to %s, metas \"%s\": %u times more "
      "in %u frames than %u a frame", test->properties, test->source,
      test->sink, test->metas, over, COUNTED, test->allowed);
  rig_close (&rig);
}

GST_END_TEST;

/* The measure sees what an element does that copies each frame. */
GST_START_TEST (test_the_count_counts)
{
  gpointer memory;

  g_atomic_int_set (&n_taken, 0);
  g_atomic_int_set (&counting, TRUE);
  memory = g_malloc (100);
  g_free (memory);
  memory = g_slice_alloc (100);
  g_slice_free1 (100, memory);
  gst_buffer_unref (gst_buffer_new_allocate (NULL, 1000, NULL));
  g_atomic_int_set (&counting, FALSE);
  fail_unless (g_atomic_int_get (&n_taken) >= 4, "%d", n_taken);
}

GST_END_TEST;

static Suite *
echoelcropmemory_suite (void)
{
  Suite *s = suite_create ("echoelcropmemory");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_a_running_stream_takes_no_memory, 0,
      G_N_ELEMENTS (cases));
  tcase_add_test (tc, test_the_count_counts);
  return s;
}

#else
#define CAN_COUNT 0
#endif

int
main (int argc, char **argv)
{
#if CAN_COUNT
  if (g_getenv ("GST_TRACERS") == NULL) {
    gst_check_init (&argc, &argv);
    return gst_check_run_suite (echoelcropmemory_suite (), "echoelcropmemory",
        __FILE__);
  }
#endif
  g_print ("SKIPPED: calls of malloc() cannot be counted with this C library, "
      "a sanitizer or a tracer\n");
  return 77;
}
