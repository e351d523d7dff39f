/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where echoelcrop's window goes: read from the messages it posts. */
#include <string.h>

#include "cropbench.h"

#define FRAME (GST_SECOND / 30)
#define WIDTH 1920
#define HEIGHT 1080
#define FULL "video/x-raw,format=GRAY8,width=1920,height=1080" RATE
#define SMALL "video/x-raw,format=GRAY8,width=320,height=180" RATE
#define TARGET "video/x-raw,width=90,height=160"

/* The largest 9:16 window of 1920x1080. */
#define WINDOW_WIDTH 607.5

typedef struct
{
  gdouble x, y, width, height;
  gchar reason[16];
  gboolean cut;
} Window;

typedef struct
{
  GstHarness *h;
  GstBus *bus;
  const gchar *caps;
  guint n;                      /* frames pushed */
} Bench;

typedef struct
{
  guint x, y, width, height;
  const gchar *type;
} Box;

static void
bench_open (Bench * b, const gchar * properties, const gchar * caps)
{
  gchar *all = g_strdup_printf ("post-windows=true %s", properties);

  b->h = bench_crop_new (all);
  b->bus = gst_bus_new ();
  b->caps = caps;
  b->n = 0;
  gst_element_set_bus (b->h->element, b->bus);
  gst_harness_set_sink_caps_str (b->h, TARGET);
  gst_harness_set_src_caps_str (b->h, caps);
  g_free (all);
}

static void
bench_close (Bench * b)
{
  gst_element_set_bus (b->h->element, NULL);
  gst_object_unref (b->bus);
  gst_harness_teardown (b->h);
}

/* The next window posted, FALSE when there is none. */
static gboolean
next_window (Bench * b, Window * window)
{
  GstMessage *message = gst_bus_pop_filtered (b->bus, GST_MESSAGE_ELEMENT);
  const GstStructure *s;

  if (message == NULL)
    return FALSE;
  s = gst_message_get_structure (message);
  fail_unless (gst_structure_has_name (s, "echoelcrop-window"));
  fail_unless (gst_structure_get (s, "x", G_TYPE_DOUBLE, &window->x,
          "y", G_TYPE_DOUBLE, &window->y,
          "width", G_TYPE_DOUBLE, &window->width,
          "height", G_TYPE_DOUBLE, &window->height,
          "cut", G_TYPE_BOOLEAN, &window->cut, NULL));
  g_strlcpy (window->reason, gst_structure_get_string (s, "reason"),
      sizeof (window->reason));
  gst_message_unref (message);
  return TRUE;
}

static GstBuffer *
frame_new (Bench * b, guint8 value)
{
  GstBuffer *buffer = bench_buffer_new (b->caps, value);

  GST_BUFFER_PTS (buffer) = b->n++ * FRAME;
  GST_BUFFER_DURATION (buffer) = FRAME;
  return buffer;
}

static void
mark (GstBuffer * buffer, const Box * box)
{
  gst_buffer_add_video_region_of_interest_meta (buffer,
      box->type ? box->type : "face", box->x, box->y, box->width, box->height);
}

/* Pushes a frame and returns its window, without look-ahead. */
static Window
push (Bench * b, GstBuffer * buffer)
{
  Window window;

  gst_buffer_unref (bench_pull (b->h, buffer));
  fail_unless (next_window (b, &window), "no window posted");
  return window;
}

/* A grey frame with these boxes on it. */
static Window
push_boxes (Bench * b, const Box * boxes, guint n)
{
  GstBuffer *buffer = frame_new (b, 90);
  guint i;

  for (i = 0; i < n; i++)
    mark (buffer, &boxes[i]);
  return push (b, buffer);
}

/* The same boxes for some frames; the last window. */
static Window
hold_boxes (Bench * b, const Box * boxes, guint n, guint frames)
{
  Window window = { 0, };

  while (frames-- > 0)
    window = push_boxes (b, boxes, n);
  return window;
}

static gboolean
shows (const Window * window, const Box * box)
{
  return box->x >= window->x && box->y >= window->y
      && box->x + box->width <= window->x + window->width
      && box->y + box->height <= window->y + window->height;
}

static void
check_inside_frame (const gchar * what, const Window * w)
{
  fail_unless (w->x >= 0 && w->y >= 0 && w->width > 0 && w->height > 0
      && w->x + w->width <= WIDTH && w->y + w->height <= HEIGHT,
      "%s: %g,%g %gx%g", what, w->x, w->y, w->width, w->height);
}

/* To the right in @frames, and back, and to the right again. */
static void
check_moving_subject (const gchar * properties, guint frames)
{
  guint i, inside = 0;
  gdouble least = WIDTH, most = 0;
  Window w;
  Bench b;

  bench_open (&b, properties, FULL);
  for (i = 0; i < 3 * frames; i++) {
    gdouble p = i % frames / (gdouble) frames;
    gdouble s = (i / frames) & 1 ? 1 - p : p;
    Box box = { 260 + 1200 * s * s * (3 - 2 * s), 300, 200, 400, NULL };
    GstBuffer *buffer = frame_new (&b, 90);

    mark (buffer, &box);
    fail_unless_equals_int (gst_harness_push (b.h, buffer), GST_FLOW_OK);
  }
  gst_harness_push_event (b.h, gst_event_new_eos ());
  for (i = 0; next_window (&b, &w); i++) {
    gdouble p = i % frames / (gdouble) frames;
    gdouble s = (i / frames) & 1 ? 1 - p : p;
    Box box = { 260 + 1200 * s * s * (3 - 2 * s), 300, 200, 400, NULL };

    check_inside_frame (properties, &w);
    fail_unless (ABS (w.width - WINDOW_WIDTH) < 0.1, "%g wide", w.width);
    fail_unless_equals_string (w.reason, "regions");
    inside += shows (&w, &box);
    least = MIN (least, w.x);
    most = MAX (most, w.x);
  }
  fail_unless_equals_int (i, 3 * frames);
  fail_unless (inside * 100 >= i * 98, "%s: %u of %u", properties, inside, i);
  fail_unless (most - least > 800, "from %g to %g", least, most);
  bench_close (&b);
}

GST_START_TEST (test_a_moving_subject_stays_in_view)
{
  check_moving_subject ("follow=regions", 200);
}

GST_END_TEST;

/* At 0.28 widths a second: below what the window itself may do. */
GST_START_TEST (test_a_fast_subject_stays_in_view)
{
  check_moving_subject ("follow=regions", 100);
  check_moving_subject ("follow=regions lookahead=700000000", 100);
}

GST_END_TEST;

/* @from: the first frame that counts for the jitter */
static void
check_slow_pan (const gchar * properties, guint from)
{
  guint frames = 400, i = 0, n = 0;
  gdouble x[400], worst = 0;
  Window w;
  Bench b;

  bench_open (&b, properties, FULL);
  for (i = 0; i < frames; i++) {
    Box box = { 500 + 2 * i, 400, 150, 200, NULL };
    GstBuffer *buffer = frame_new (&b, 90);

    mark (buffer, &box);
    fail_unless_equals_int (gst_harness_push (b.h, buffer), GST_FLOW_OK);
  }
  gst_harness_push_event (b.h, gst_event_new_eos ());
  while (n < frames && next_window (&b, &w))
    x[n++] = w.x;
  fail_unless_equals_int (n, frames);
  for (i = 1; i < frames; i++)
    fail_unless (x[i] >= x[i - 1], "frame %u goes back from %g to %g", i,
        x[i - 1], x[i]);
  fail_unless (x[frames - 1] - x[0] > 650, "%g", x[frames - 1] - x[0]);
  for (i = from; i + 10 < frames; i++)
    worst = MAX (worst, ABS (x[i + 1] - 2 * x[i] + x[i - 1]));
  fail_unless (worst <= 0.05, "%g px/frame^2", worst);
  bench_close (&b);
}

GST_START_TEST (test_a_slow_pan_is_smooth)
{
  check_slow_pan ("follow=regions", 150);
}

GST_END_TEST;

GST_START_TEST (test_a_slow_pan_with_lookahead_is_smooth)
{
  check_slow_pan ("follow=regions lookahead=500000000", 150);
}

GST_END_TEST;

static guint
noise (guint x, guint y, guint seed)
{
  guint32 v = x * 374761393u + y * 668265263u + seed * 2246822519u;

  v = (v ^ (v >> 13)) * 1274126177u;
  return (v ^ (v >> 16)) & 0xff;
}

/* Blocks of noise; @cell pixels each. */
static void
paint (GstBuffer * buffer, const gchar * caps, const Box * at, guint cell,
    guint seed)
{
  GstVideoInfo info = bench_info (caps);
  guint x, y, right = at->x + at->width, bottom = at->y + at->height;
  GstMapInfo map;

  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (y = at->y; y < MIN (bottom, (guint) info.height); y++) {
    for (x = at->x; x < MIN (right, (guint) info.width); x++)
      map.data[(gsize) y * info.stride[0] + x] =
          30 + noise ((x - at->x) / cell, (y - at->y) / cell, seed) * 3 / 4;
  }
  gst_buffer_unmap (buffer, &map);
}

GST_START_TEST (test_a_cut_moves_the_window_at_once)
{
  const Box all = { 0, 0, WIDTH, HEIGHT, NULL };
  const Box left = { 100, 300, 200, 300, NULL };
  const Box right = { 1500, 300, 200, 300, NULL };
  guint i;
  Bench b;

  bench_open (&b, "follow=regions", FULL);
  for (i = 0; i < 60; i++) {
    const Box *box = i < 30 ? &left : &right;
    GstBuffer *buffer = frame_new (&b, 0);
    Window w;

    paint (buffer, FULL, &all, 30, i < 30 ? 1 : 2);
    mark (buffer, box);
    w = push (&b, buffer);
    fail_unless (shows (&w, box), "frame %u: window at %g", i, w.x);
    fail_unless (i == 0 || w.cut == (i == 30), "frame %u: cut %d", i, w.cut);
  }
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_a_lost_subject_is_waited_for_then_given_up)
{
  const Box box = { 1600, 300, 200, 300, NULL };
  gdouble centre = (WIDTH - WINDOW_WIDTH) / 2;
  Window w, before;
  guint i;
  Bench b;

  bench_open (&b, "follow=regions", FULL);
  before = hold_boxes (&b, &box, 1, 60);
  fail_unless (shows (&before, &box));
  for (i = 1; i <= 300; i++) {
    Window last = before;

    w = push_boxes (&b, NULL, 0);
    fail_unless (i > 55 || ABS (w.x - before.x) < 1, "frame %u left to %g", i,
        w.x);
    fail_unless (i > 55 || strcmp (w.reason, "hold") == 0, "%s", w.reason);
    fail_unless (i < 65 || strcmp (w.reason, "anchor") == 0, "%s", w.reason);
    /* A glide, not a jump: below the limit of the speed. */
    fail_unless (ABS (w.x - last.x) <= 0.4 * WIDTH / 30 + 1, "frame %u", i);
    before = i <= 55 ? before : w;
  }
  /* The dead band is 4 % of the width. */
  fail_unless (ABS (w.x - centre) <= 0.045 * WIDTH, "%g, not %g", w.x, centre);
  w = hold_boxes (&b, &box, 1, 120);
  fail_unless_equals_string (w.reason, "regions");
  fail_unless (shows (&w, &box), "%g", w.x);
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_region_types_choose)
{
  const Box boxes[] = { {50, 300, 300, 400, "person"},
  {1500, 300, 200, 300, "face"}
  };
  static const struct
  {
    const gchar *properties;
    gint shown;
    const gchar *reason;
  } cases[] = {
    {"", 0, "regions"},
    {"region-types=face", 1, "regions"},
    {"region-types=\"cat, face\"", 1, "regions"},
    {"region-types=person,dog", 0, "regions"},
    {"region-types=fac", -1, "anchor"},
    {"region-types=faces", -1, "anchor"}
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    gchar *all = g_strdup_printf ("follow=regions %s", cases[i].properties);
    Window w;
    Bench b;
    gint j;

    bench_open (&b, all, FULL);
    w = hold_boxes (&b, boxes, 2, 2);
    fail_unless_equals_string (w.reason, cases[i].reason);
    for (j = 0; j < 2; j++)
      fail_unless (shows (&w, &boxes[j]) == (j == cases[i].shown), "%s: %d",
          cases[i].properties, j);
    bench_close (&b);
    g_free (all);
  }
}

GST_END_TEST;

GST_START_TEST (test_several_regions_fit_or_the_largest_wins)
{
  const Box near[] = { {200, 300, 150, 200, NULL}, {500, 500, 200, 200, NULL} };
  const Box far[] = { {100, 300, 150, 200, NULL}, {1600, 400, 180, 240, NULL} };
  Window w;
  Bench b;

  bench_open (&b, "follow=regions", FULL);
  w = push_boxes (&b, near, 2);
  fail_unless (shows (&w, &near[0]) && shows (&w, &near[1]), "%g", w.x);
  bench_close (&b);
  bench_open (&b, "follow=regions", FULL);
  w = push_boxes (&b, far, 2);
  fail_unless (shows (&w, &far[1]) && !shows (&w, &far[0]), "%g", w.x);
  bench_close (&b);
}

GST_END_TEST;

#define SQUARES "video/x-raw,format=GRAY8,width=600,height=1200" RATE

/* In a tall source the window can move down, away from what is covered. */
GST_START_TEST (test_safe_areas_keep_regions_clear)
{
  guint y;

  for (y = 100; y <= 900; y += 100) {
    Box box = { 400, y, 80, 80, NULL };
    Bench b;
    Window w;

    bench_open (&b, "follow=regions zoom=2 safe-area=<0.1,0.2,0.35,0.0>",
        SQUARES);
    w = push_boxes (&b, &box, 1);
    fail_unless (box.y >= w.y + 0.1 * w.height
        && box.y + box.height <= w.y + 0.65 * w.height,
        "%u in a window from %g, %g high", y, w.y, w.height);
    fail_unless (box.x >= w.x && box.x + box.width <= w.x + 0.8 * w.width,
        "x %g, %g wide", w.x, w.width);
    bench_close (&b);
  }
}

GST_END_TEST;

#define LOOKAHEAD "follow=regions lookahead=500000000"

/* Takes what has come out and returns how many; times go on from @start. */
static guint
take_frames (Bench * b, guint start)
{
  GstBuffer *buffer;
  guint n = 0;

  while ((buffer = gst_harness_try_pull (b->h)) != NULL) {
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), (start + n) * FRAME);
    gst_buffer_unref (buffer);
    n++;
  }
  return n;
}

static void
push_some (Bench * b, guint frames)
{
  while (frames-- > 0) {
    Box box = { 300 + 10 * (b->n % 50), 300, 100, 100, NULL };
    GstBuffer *buffer = frame_new (b, 90);

    mark (buffer, &box);
    fail_unless_equals_int (gst_harness_push (b->h, buffer), GST_FLOW_OK);
  }
}

GST_START_TEST (test_lookahead_delays_but_loses_nothing)
{
  GstClockTime plain, ahead;
  guint n;
  Bench b;

  bench_open (&b, "follow=regions", FULL);
  plain = gst_harness_query_latency (b.h);
  bench_close (&b);
  bench_open (&b, LOOKAHEAD, FULL);
  ahead = gst_harness_query_latency (b.h);
  fail_unless_equals_uint64 (ahead - plain, GST_SECOND / 2);
  push_some (&b, 60);
  n = take_frames (&b, 0);
  fail_unless_equals_int (n, 60 - 15);
  fail_unless (gst_harness_push_event (b.h, gst_event_new_eos ()));
  fail_unless_equals_int (take_frames (&b, n), 15);
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_a_flush_drops_what_waits)
{
  GstSegment segment;
  Bench b;

  bench_open (&b, LOOKAHEAD, FULL);
  push_some (&b, 20);
  fail_unless_equals_int (take_frames (&b, 0), 5);
  gst_harness_push_event (b.h, gst_event_new_flush_start ());
  gst_harness_push_event (b.h, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (b.h, gst_event_new_segment (&segment));
  b.n = 0;
  push_some (&b, 18);
  fail_unless_equals_int (take_frames (&b, 0), 3);
  gst_harness_push_event (b.h, gst_event_new_eos ());
  fail_unless_equals_int (take_frames (&b, 3), 15);
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_new_caps_come_after_what_waits)
{
  guint n;
  Bench b;

  bench_open (&b, LOOKAHEAD, FULL);
  push_some (&b, 20);
  n = take_frames (&b, 0);
  b.caps = SMALL;
  gst_harness_set_src_caps_str (b.h, SMALL);
  fail_unless_equals_int (n + take_frames (&b, n), 20);
  push_some (&b, 20);
  n = 20 + take_frames (&b, 20);
  gst_harness_push_event (b.h, gst_event_new_eos ());
  fail_unless_equals_int (n + take_frames (&b, n), 40);
  bench_close (&b);
}

GST_END_TEST;

/* A property set in the middle neither loses nor swaps frames. */
static void
check_change_with_lookahead (const gchar * property, const gchar * value)
{
  guint n;
  Bench b;

  bench_open (&b, LOOKAHEAD, FULL);
  push_some (&b, 25);
  n = take_frames (&b, 0);
  gst_util_set_object_arg (G_OBJECT (b.h->element), property, value);
  push_some (&b, 25);
  n += take_frames (&b, n);
  gst_harness_push_event (b.h, gst_event_new_eos ());
  n += take_frames (&b, n);
  fail_unless (n == 50, "%s: %u of 50 frames", property, n);
  bench_close (&b);
}

GST_START_TEST (test_lookahead_survives_a_new_follow)
{
  check_change_with_lookahead ("follow", "motion");
  check_change_with_lookahead ("follow", "none");
}

GST_END_TEST;

GST_START_TEST (test_lookahead_survives_a_new_fit)
{
  check_change_with_lookahead ("fit", "contain");
}

GST_END_TEST;

GST_START_TEST (test_lookahead_survives_a_new_zoom)
{
  check_change_with_lookahead ("zoom", "2");
}

GST_END_TEST;

/* The window that was placed for a smaller one. */
GST_START_TEST (test_windows_stay_inside_when_zoom_changes)
{
  static const gchar *const properties[] = { "follow=regions zoom=8",
    "follow=regions zoom=8 lookahead=500000000"
  };
  const Box box = { 1880, 1040, 40, 40, NULL };
  guint i, j, n;

  for (i = 0; i < G_N_ELEMENTS (properties); i++) {
    Window w;
    Bench b;

    bench_open (&b, properties[i], FULL);
    for (j = 0; j < 60; j++) {
      GstBuffer *buffer = frame_new (&b, 90);

      mark (buffer, &box);
      if (j == 30)
        g_object_set (b.h->element, "zoom", 1.0, NULL);
      fail_unless_equals_int (gst_harness_push (b.h, buffer), GST_FLOW_OK);
    }
    gst_harness_push_event (b.h, gst_event_new_eos ());
    for (n = 0; next_window (&b, &w); n++)
      check_inside_frame (properties[i], &w);
    fail_unless (n >= 45, "%u windows", n);
    bench_close (&b);
  }
}

GST_END_TEST;

/* A frame as motion sees it: a still texture, and a sprite on it. */
static GstBuffer *
sprite_new (Bench * b, const Box * sprite)
{
  const Box all = { 0, 0, 320, 180, NULL };
  GstBuffer *buffer = frame_new (b, 0);

  paint (buffer, SMALL, &all, 6, 7);
  paint (buffer, SMALL, sprite, 5, 99);
  return buffer;
}

GST_START_TEST (test_motion_is_followed)
{
  Box sprite = { 0, 70, 40, 50, NULL };
  guint i, motion = 0;
  Window w = { 0, };
  Bench b;

  bench_open (&b, "follow=motion", SMALL);
  for (i = 0; i < 150; i++) {
    sprite.x = 20 + i * 3 / 2;
    w = push (&b, sprite_new (&b, &sprite));
    motion += strcmp (w.reason, "motion") == 0;
  }
  fail_unless (motion > 75, "motion in %u frames", motion);
  fail_unless (shows (&w, &sprite), "sprite at %u, window at %g", sprite.x,
      w.x);
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_auto_takes_regions_else_motion)
{
  const Box region = { 10, 40, 40, 60, NULL };
  Box sprite = { 0, 70, 40, 50, NULL };
  guint i;
  Bench b;

  bench_open (&b, "follow=auto", SMALL);
  for (i = 0; i < 200; i++) {
    GstBuffer *buffer;
    Window w;

    sprite.x = 20 + i;
    buffer = sprite_new (&b, &sprite);
    if (i >= 100)
      mark (buffer, &region);
    w = push (&b, buffer);
    if (i == 90)
      fail_unless_equals_string (w.reason, "motion");
    if (i >= 100)
      fail_unless_equals_string (w.reason, "regions");
    fail_unless (i < 199 || shows (&w, &region), "%g", w.x);
  }
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_wild_regions_do_no_harm)
{
  static const Box wild[] = {
    {0, 0, 0, 0, NULL}, {500, 500, 0, 10, NULL}, {500, 500, 10, 0, NULL},
    {5000, 10, 10, 10, NULL}, {10, 5000, 10, 10, NULL},
    {0, 0, G_MAXUINT, G_MAXUINT, NULL},
    {G_MAXUINT, G_MAXUINT, G_MAXUINT, G_MAXUINT, NULL},
    {1919, 1079, G_MAXUINT, 1, NULL}, {1919, 1079, 1, 1, NULL},
    {0, 0, 1, 1, NULL}
  };
  guint i, j;
  Bench b;

  bench_open (&b, "follow=regions zoom=3", FULL);
  for (i = 0; i < 60; i++) {
    GstBuffer *buffer = frame_new (&b, 90);
    Window w;

    if (i < 2 * G_N_ELEMENTS (wild))
      mark (buffer, &wild[i / 2]);
    else
      for (j = 0; j < 5000; j++)
        mark (buffer, i & 1 ? &wild[j % G_N_ELEMENTS (wild)]
            : &((Box) {
                noise (j, i, 1) * 9, noise (j, i, 2) * 5,
                noise (j, i, 3), noise (j, i, 4), NULL}
        ));
    w = push (&b, buffer);
    check_inside_frame ("wild", &w);
  }
  bench_close (&b);
}

GST_END_TEST;

GST_START_TEST (test_short_buffers_are_an_error_when_following)
{
  Bench b;

  bench_open (&b, "follow=regions", FULL);
  fail_unless_equals_int (gst_harness_push (b.h, bench_buffer_new (SMALL, 0)),
      GST_FLOW_ERROR);
  bench_close (&b);
}

GST_END_TEST;

static Suite *
echoelcropfollow_suite (void)
{
  Suite *s = suite_create ("echoelcropfollow");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_a_moving_subject_stays_in_view);
  tcase_add_test (tc, test_a_fast_subject_stays_in_view);
  tcase_add_test (tc, test_a_slow_pan_is_smooth);
  tcase_add_test (tc, test_a_slow_pan_with_lookahead_is_smooth);
  tcase_add_test (tc, test_a_cut_moves_the_window_at_once);
  tcase_add_test (tc, test_a_lost_subject_is_waited_for_then_given_up);
  tcase_add_test (tc, test_region_types_choose);
  tcase_add_test (tc, test_several_regions_fit_or_the_largest_wins);
  tcase_add_test (tc, test_safe_areas_keep_regions_clear);
  tcase_add_test (tc, test_lookahead_delays_but_loses_nothing);
  tcase_add_test (tc, test_a_flush_drops_what_waits);
  tcase_add_test (tc, test_new_caps_come_after_what_waits);
  tcase_add_test (tc, test_lookahead_survives_a_new_follow);
  tcase_add_test (tc, test_lookahead_survives_a_new_fit);
  tcase_add_test (tc, test_lookahead_survives_a_new_zoom);
  tcase_add_test (tc, test_windows_stay_inside_when_zoom_changes);
  tcase_add_test (tc, test_motion_is_followed);
  tcase_add_test (tc, test_auto_takes_regions_else_motion);
  tcase_add_test (tc, test_wild_regions_do_no_harm);
  tcase_add_test (tc, test_short_buffers_are_an_error_when_following);
  return s;
}

GST_CHECK_MAIN (echoelcropfollow);
