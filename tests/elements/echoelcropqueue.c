/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What waits in echoelcrop while it looks ahead: nothing is lost, nothing
 * overtakes, and each frame gets its own window. */
#include <string.h>

#include "cropbench.h"

#define FPS 25
#define FRAME (GST_SECOND / FPS)
#define AHEAD 10
#define SOURCE "video/x-raw,format=I420,width=320,height=180,framerate=25/1"
#define LOOKAHEAD "follow=regions lookahead=400000000 aspect-ratio=9/16 "
#define MOST 160

typedef struct
{
  GstHarness *h;
  GstElement *crop;
  GstBus *bus;
  guint pushed, pulled;
  gboolean latency_told;
  guint most_held;              /* since a frame came out first */
  gdouble x[MOST];              /* of the windows posted, by frame; or -1 */
} Bench;

/* @line: of elements, the first one echoelcrop; without caps yet */
static void
bench_begin (Bench * b, const gchar * line)
{
  gchar *all = g_strdup_printf ("echoelcrop post-windows=true %s", line);
  guint i;

  memset (b, 0, sizeof (*b));
  b->h = gst_harness_new_parse (all);
  b->crop = gst_harness_find_element (b->h, "echoelcrop");
  b->bus = gst_bus_new ();
  gst_element_set_bus (b->crop, b->bus);
  for (i = 0; i < MOST; i++)
    b->x[i] = -1.0;
  g_free (all);
}

static void
bench_open (Bench * b, const gchar * line)
{
  bench_begin (b, line);
  gst_harness_set_src_caps_str (b->h, SOURCE);
}

static void
bench_close (Bench * b)
{
  gst_element_set_bus (b->crop, NULL);
  gst_object_unref (b->bus);
  gst_object_unref (b->crop);
  gst_harness_teardown (b->h);
}

static void
read_messages (Bench * b)
{
  GstMessage *message;

  while ((message = gst_bus_pop (b->bus)) != NULL) {
    const GstStructure *s = gst_message_get_structure (message);
    guint64 time;
    gdouble x;

    b->latency_told |= GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY;
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT) {
      fail_unless (gst_structure_get (s, "timestamp", G_TYPE_UINT64, &time,
              "x", G_TYPE_DOUBLE, &x, NULL));
      if (time / FRAME < MOST)
        b->x[time / FRAME] = x;
    }
    gst_message_unref (message);
  }
}

/* Takes what has come out. */
static guint
take (Bench * b)
{
  GstBuffer *buffer;
  guint n = 0;

  while ((buffer = gst_harness_try_pull (b->h)) != NULL) {
    gst_buffer_unref (buffer);
    n++;
  }
  b->pulled += n;
  return n;
}

/* A frame with a subject whose left edge is at @x. */
static GstBuffer *
frame_new (guint n, guint x)
{
  GstBuffer *buffer = bench_buffer_new (SOURCE, 90);

  GST_BUFFER_PTS (buffer) = n * FRAME;
  GST_BUFFER_DURATION (buffer) = FRAME;
  gst_buffer_add_video_region_of_interest_meta (buffer, "face", x, 80, 20, 20);
  return buffer;
}

static void
push_buffer (Bench * b, GstBuffer * buffer)
{
  fail_unless_equals_int (gst_harness_push (b->h, buffer), GST_FLOW_OK);
  b->pushed++;
  take (b);
  if (b->pulled > 0)
    b->most_held = MAX (b->most_held, b->pushed - b->pulled);
  read_messages (b);
}

/* The subject jumps at frame 80. */
static void
push_until (Bench * b, guint end)
{
  while (b->pushed < end)
    push_buffer (b, frame_new (b->pushed, b->pushed < 80 ? 20 : 200));
}

static void
push_rest (Bench * b)
{
  push_until (b, 130);
  fail_unless (b->most_held <= AHEAD, "%u frames were held", b->most_held);
  fail_unless (gst_harness_push_event (b->h, gst_event_new_eos ()));
  take (b);
  read_messages (b);
  fail_unless_equals_int (b->pulled, 130);
}

/* The frame in which the window starts to go to the right. */
static guint
start_of_move (Bench * b)
{
  guint i;

  for (i = 1; i < 130; i++) {
    fail_unless (b->x[i] >= 0.0, "frame %u has no window", i);
    if (i > 55 && b->x[i] > b->x[i - 1] + 0.5)
      return i;
  }
  return i;
}

static guint
start_of_undisturbed_move (void)
{
  guint start;
  Bench b;

  bench_open (&b, LOOKAHEAD);
  push_rest (&b);
  start = start_of_move (&b);
  bench_close (&b);
  return start;
}

GST_START_TEST (test_a_new_shape_keeps_frames_and_windows_together)
{
  Bench b;

  bench_open (&b, LOOKAHEAD);
  push_until (&b, 40);
  g_object_set (b.crop, "aspect-ratio", 10, 16, NULL);
  push_rest (&b);
  fail_unless_equals_int (start_of_move (&b), start_of_undisturbed_move ());
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_new_caps_downstream_lose_no_frame)
{
  GstElement *filter;
  Bench b;

  bench_open (&b, "follow=regions lookahead=400000000 ! "
      "capsfilter caps=video/x-raw,width=100,height=180");
  filter = gst_harness_find_element (b.h, "capsfilter");
  push_until (&b, 40);
  gst_util_set_object_arg (G_OBJECT (filter), "caps",
      "video/x-raw,width=120,height=180");
  push_rest (&b);
  fail_unless_equals_int (start_of_move (&b), start_of_undisturbed_move ());
  gst_object_unref (filter);
  bench_close (&b);
}

GST_END_TEST;

static GstPadProbeReturn
follow_again (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  gst_util_set_object_arg (user_data, "follow", "regions");
  return GST_PAD_PROBE_REMOVE;
}

GST_START_TEST (test_follow_off_and_on_keeps_frames_and_windows_together)
{
  GstPad *pad;
  Bench b;

  bench_open (&b, LOOKAHEAD);
  push_until (&b, 40);
  pad = gst_element_get_static_pad (b.crop, "src");
  gst_util_set_object_arg (G_OBJECT (b.crop), "follow", "none");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, follow_again, b.crop,
      NULL);
  gst_object_unref (pad);
  push_rest (&b);
  fail_unless_equals_int (start_of_move (&b), start_of_undisturbed_move ());
  bench_close (&b);
}

GST_END_TEST;

/* Buffers and events as they arrive downstream. */
static gint arrived, arrived_before_event;
static GstEventType awaited;

static GstPadProbeReturn
note_order (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  if (GST_IS_BUFFER (info->data))
    arrived++;
  else if (GST_EVENT_TYPE (info->data) == awaited)
    arrived_before_event = arrived;
  return GST_PAD_PROBE_OK;
}

/* @wait: whether more frames have to come first */
static void
check_order (GstEvent * event, gboolean wait)
{
  GstPad *pad;
  Bench b;

  bench_open (&b, LOOKAHEAD);
  push_until (&b, 30);
  pad = gst_element_get_static_pad (b.crop, "src");
  arrived = (gint) b.pulled;
  arrived_before_event = -1;
  awaited = GST_EVENT_TYPE (event);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, note_order, NULL, NULL);
  gst_object_unref (pad);
  fail_unless (gst_harness_push_event (b.h, event));
  fail_unless_equals_int (arrived_before_event, wait ? -1 : 30);
  push_until (&b, 50);
  fail_unless (arrived_before_event == 30, "%s came after %d frames of 30",
      gst_event_type_get_name (awaited), arrived_before_event);
  fail_unless (gst_harness_push_event (b.h, gst_event_new_eos ()));
  take (&b);
  fail_unless_equals_int (b.pulled, 50);
  bench_close (&b);
}

GST_START_TEST (test_no_event_overtakes_a_frame)
{
  check_order (gst_event_new_segment_done (GST_FORMAT_TIME, GST_SECOND), FALSE);
  check_order (gst_event_new_gap (30 * FRAME, FRAME), FALSE);
  check_order (gst_event_new_stream_start ("again"), FALSE);
  check_order (gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "x", NULL)),
      TRUE);
  check_order (gst_video_event_new_downstream_force_key_unit (30 * FRAME, 0, 0,
          TRUE, 1), TRUE);
}

GST_END_TEST;

GST_START_TEST (test_a_drain_query_gives_up_what_waits)
{
  GstQuery *query = gst_query_new_drain ();
  Bench b;

  bench_open (&b, LOOKAHEAD);
  push_until (&b, 30);
  fail_unless_equals_int (b.pulled, 30 - AHEAD);
  fail_unless (gst_pad_peer_query (b.h->srcpad, query));
  take (&b);
  fail_unless_equals_int (b.pulled, 30);
  gst_query_unref (query);
  bench_close (&b);
}

GST_END_TEST;

/* What waits is dropped; a title stays that of the stream. */
GST_START_TEST (test_tags_survive_a_flush)
{
  GstSegment segment;
  GstEvent *event;
  GstPad *pad;
  Bench b;

  bench_open (&b, LOOKAHEAD);
  push_until (&b, 30);
  gst_harness_push_event (b.h, gst_event_new_tag (gst_tag_list_new
          (GST_TAG_TITLE, "x", NULL)));
  gst_harness_push_event (b.h, gst_event_new_flush_start ());
  gst_harness_push_event (b.h, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (b.h, gst_event_new_segment (&segment));
  fail_unless_equals_int (take (&b), 0);
  pad = gst_element_get_static_pad (b.crop, "src");
  event = gst_pad_get_sticky_event (pad, GST_EVENT_TAG, 0);
  fail_unless (event != NULL, "the title is lost");
  gst_event_unref (event);
  gst_object_unref (pad);
  bench_close (&b);
}

GST_END_TEST;

static void
push_segment (Bench * b, gdouble rate, GstClockTime start)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = rate;
  segment.start = segment.time = start;
  segment.stop = 100 * GST_SECOND;
  fail_unless (gst_harness_push_event (b->h, gst_event_new_segment (&segment)));
}

/* Pushes the frames with a subject that has jumped, and returns how far the
 * window goes with the last one. */
static gdouble
step_after_segment (Bench * b, GstClockTime start)
{
  guint i;

  bench_open (b, "follow=regions aspect-ratio=9/16");
  for (i = 0; i < 26; i++)
    push_buffer (b, frame_new (i, i < 20 ? 20 : 260));
  push_segment (b, 1.0, start);
  push_buffer (b, frame_new (start / FRAME + 26, 260));
  bench_close (b);
  return b->x[start / FRAME + 26] - b->x[25];
}

GST_START_TEST (test_the_camera_goes_on_in_the_next_segment)
{
  gdouble step;
  Bench b;

  step = step_after_segment (&b, 0);
  fail_unless (step > 0 && step < 10, "the window jumps by %g", step);
  /* Two seconds on it is another scene. */
  step = step_after_segment (&b, 2 * GST_SECOND);
  fail_unless (step > 100, "the window goes on by %g", step);
}

GST_END_TEST;

GST_START_TEST (test_frames_without_times_do_not_pile_up)
{
  guint i;
  Bench b;

  bench_open (&b, LOOKAHEAD);
  for (i = 0; i < 40; i++) {
    GstBuffer *buffer = frame_new (i, 20);

    GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
    GST_BUFFER_DURATION (buffer) = i & 1 ? GST_CLOCK_TIME_NONE : FRAME;
    push_buffer (&b, buffer);
  }
  fail_unless_equals_int (b.pulled, 40 - AHEAD);
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_frames_that_go_backwards_do_not_pile_up)
{
  guint i;
  Bench b;

  bench_open (&b, LOOKAHEAD);
  push_segment (&b, -1.0, 0);
  for (i = 0; i < 40; i++)
    push_buffer (&b, frame_new (200 - i, 20));
  fail_unless_equals_int (b.pulled, 40 - AHEAD);
  bench_close (&b);
}

GST_END_TEST;

/* @told: whether it has changed since the last call */
static void
check_latency (Bench * b, GstClockTime latency, gboolean told)
{
  read_messages (b);
  fail_unless_equals_uint64 (gst_harness_query_latency (b->h), latency);
  fail_unless (b->latency_told == told, "told %d at a latency of %"
      G_GUINT64_FORMAT, !told, latency);
  b->latency_told = FALSE;
}

GST_START_TEST (test_latency_is_what_is_held)
{
  Bench b;

  bench_begin (&b, "follow=regions lookahead=400000000");
  check_latency (&b, 400 * GST_MSECOND, FALSE);
  gst_harness_set_src_caps_str (b.h, SOURCE);
  push_until (&b, 2);
  fail_unless_equals_int (b.pulled, 2);
  check_latency (&b, 0, TRUE);
  g_object_set (b.crop, "zoom", 2.0, NULL);
  push_until (&b, 20);
  fail_unless_equals_int (b.pulled, 20 - AHEAD);
  check_latency (&b, 400 * GST_MSECOND, TRUE);
  gst_util_set_object_arg (G_OBJECT (b.crop), "fit", "contain");
  check_latency (&b, 0, TRUE);
  gst_util_set_object_arg (G_OBJECT (b.crop), "lookahead", "0");
  check_latency (&b, 0, FALSE);
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_upstream_learns_how_many_buffers_are_held)
{
  GstCaps *caps = gst_caps_from_string (SOURCE);
  GstQuery *query = gst_query_new_allocation (caps, TRUE);
  guint least;
  Bench b;

  bench_open (&b, LOOKAHEAD);
  fail_unless (gst_pad_peer_query (b.h->srcpad, query));
  fail_unless (gst_query_get_n_allocation_pools (query) > 0);
  gst_query_parse_nth_allocation_pool (query, 0, NULL, NULL, &least, NULL);
  fail_unless (least >= AHEAD + 2, "%u buffers", least);
  gst_query_unref (query);
  gst_caps_unref (caps);
  bench_close (&b);
}

GST_END_TEST;

static Suite *
echoelcropqueue_suite (void)
{
  Suite *s = suite_create ("echoelcropqueue");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_a_new_shape_keeps_frames_and_windows_together);
  tcase_add_test (tc, test_new_caps_downstream_lose_no_frame);
  tcase_add_test (tc, test_follow_off_and_on_keeps_frames_and_windows_together);
  tcase_add_test (tc, test_no_event_overtakes_a_frame);
  tcase_add_test (tc, test_a_drain_query_gives_up_what_waits);
  tcase_add_test (tc, test_tags_survive_a_flush);
  tcase_add_test (tc, test_the_camera_goes_on_in_the_next_segment);
  tcase_add_test (tc, test_frames_without_times_do_not_pile_up);
  tcase_add_test (tc, test_frames_that_go_backwards_do_not_pile_up);
  tcase_add_test (tc, test_latency_is_what_is_held);
  tcase_add_test (tc, test_upstream_learns_how_many_buffers_are_held);
  return s;
}

GST_CHECK_MAIN (echoelcropqueue);
