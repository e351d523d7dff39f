/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelcrop on clips whose truth is known to the pixel: a textured subject on
 * a textured ground, cuts, flashes, a camera that pans, a subject that leaves
 * and comes back. The window is read from the messages. */
#include <string.h>

#include "../core/synthetic.h"
#include "cropbench.h"

/* Of the source, and of one that people would take, for what is said in its
 * pixels. */
#define CLIP_WIDTH 320
#define CLIP_HEIGHT 180
#define CLIP "video/x-raw,format=GRAY8,width=320,height=180" RATE
#define TARGET "video/x-raw,width=90,height=160"
#define PIXEL (1920.0 / CLIP_WIDTH)
#define FPS 30
#define LONGEST 490

/* Of the subject, pixels: a third of the window is as wide. */
#define SUBJECT_WIDTH 32
#define SUBJECT_HEIGHT 60

typedef enum
{
  WALK, RUN, CUTS, FLASHES, PAN, LEAVE, STROLL
} Kind;

typedef struct
{
  gdouble x;                    /* of the subject's middle, widths */
  gdouble ground;               /* of the ground, pixels */
  gdouble gain, offset;         /* of the light */
  guint scene;
  gboolean cut;
} Truth;

typedef struct
{
  const gchar *name;
  Kind kind;
  const gchar *properties;
  guint frames;
  guint settle;                 /* frames after a start that do not count */
} Clip;

/* To and fro between @from and @to, @peak widths a second at most. */
static gdouble
swing (gdouble from, gdouble to, gdouble peak, guint frame)
{
  gdouble time = (gdouble) frame / FPS * peak / (1.5 * (to - from));
  gdouble part = fmod (time, 1.0);

  if ((guint) time % 2 == 1)
    part = 1.0 - part;
  return from + (to - from) * part * part * (3.0 - 2.0 * part);
}

#define CUT_EVERY 60
#define FLASH_EVERY 50
#define AWAY 1.35

static Truth
find_truth (Kind kind, guint frame)
{
  Truth truth = { swing (0.2, 0.8, 0.14, frame), 0.0, 1.0, 0.0, 0, FALSE };
  guint flash = frame % FLASH_EVERY;

  switch (kind) {
    case WALK:
      break;
    case RUN:
      truth.x = swing (0.2, 0.8, 0.28, frame);
      break;
    case STROLL:
      truth.x = 0.2 + 0.03 * frame / FPS;
      break;
    case CUTS:
      truth.scene = frame / CUT_EVERY;
      truth.cut = frame > 0 && frame % CUT_EVERY == 0;
      truth.x = (truth.scene % 2 ? 0.75 : 0.25)
          + 0.08 * sin (frame % CUT_EVERY * 0.1);
      break;
    case FLASHES:
      if (flash >= 20 && flash < 21 + frame / FLASH_EVERY % 3) {
        truth.gain = 1.5;
        truth.offset = 60.0;
      }
      break;
    case PAN:
      truth.ground = 0.03 * CLIP_WIDTH * frame / FPS;
      break;
    case LEAVE:
      /* Out to the right, gone for a second, back again. */
      truth.x = swing (0.3, 1.06, 0.14, frame);
      break;
  }
  return truth;
}

static Texture *grounds, *figure;

static void
setup (void)
{
  guint i;

  grounds = g_new (Texture, 8);
  for (i = 0; i < 8; i++)
    texture_fill (&grounds[i], 300 + 7 * i, 120.0, 160.0);
  figure = g_new (Texture, 1);
  texture_fill (figure, 99, 130.0, 200.0);
}

static void
teardown (void)
{
  g_free (grounds);
  g_free (figure);
}

static guint8
light (const Truth * truth, gdouble level)
{
  return (guint8) CLAMP (level * truth->gain + truth->offset + 0.5, 0.0, 255.0);
}

/* A frame as it is seen; textures are made for half the width. */
static GstBuffer *
draw (const Truth * truth, guint frame)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, CLIP_WIDTH * CLIP_HEIGHT,
      NULL);
  gdouble left = truth->x * CLIP_WIDTH - SUBJECT_WIDTH / 2.0;
  gdouble top = (CLIP_HEIGHT - SUBJECT_HEIGHT) / 2.0;
  const Texture *ground = &grounds[truth->scene % 8];
  GstMapInfo map;
  guint x, y;

  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (y = 0; y < CLIP_HEIGHT; y++) {
    for (x = 0; x < CLIP_WIDTH; x++) {
      gdouble u = x - left, v = y - top;
      gboolean inside = u >= 0 && u < SUBJECT_WIDTH && v >= 0
          && v < SUBJECT_HEIGHT;

      map.data[y * CLIP_WIDTH + x] = light (truth, inside
          ? texture_at (figure, u / 2, v / 2)
          : texture_at (ground, (x + truth->ground) / 2, y / 2.0));
    }
  }
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = frame * GST_SECOND / FPS;
  GST_BUFFER_DURATION (buffer) = GST_SECOND / FPS;
  return buffer;
}

/* Marks what of the subject is in the picture. */
static gboolean
mark (GstBuffer * buffer, const Truth * truth)
{
  gdouble left = truth->x * CLIP_WIDTH - SUBJECT_WIDTH / 2.0;
  gdouble right = MIN (left + SUBJECT_WIDTH, CLIP_WIDTH);

  left = MAX (left, 0);
  if (right - left < 4)
    return FALSE;
  gst_buffer_add_video_region_of_interest_meta (buffer, "person",
      (guint) (left + 0.5), (CLIP_HEIGHT - SUBJECT_HEIGHT) / 2,
      (guint) (right - left + 0.5), SUBJECT_HEIGHT);
  return TRUE;
}

typedef struct
{
  gdouble x, width;             /* pixels */
  gboolean cut;
} Window;

static Window windows[LONGEST];

static gboolean
next_window (GstBus * bus, Window * window)
{
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);

  if (message == NULL)
    return FALSE;
  fail_unless (gst_structure_get (gst_message_get_structure (message),
          "x", G_TYPE_DOUBLE, &window->x, "width", G_TYPE_DOUBLE,
          &window->width, "cut", G_TYPE_BOOLEAN, &window->cut, NULL));
  gst_message_unref (message);
  return TRUE;
}

/* Fills windows. */
static void
run_clip (const Clip * clip)
{
  gchar *all = g_strdup_printf ("post-windows=true %s", clip->properties);
  GstHarness *h = bench_crop_new (all);
  GstBus *bus = gst_bus_new ();
  gboolean marked = strstr (clip->properties, "follow=motion") == NULL;
  guint i, n = 0;

  gst_element_set_bus (h->element, bus);
  gst_harness_set_drop_buffers (h, TRUE);
  gst_harness_set_sink_caps_str (h, TARGET);
  gst_harness_set_src_caps_str (h, CLIP);
  for (i = 0; i < clip->frames; i++) {
    Truth truth = find_truth (clip->kind, i);
    GstBuffer *buffer = draw (&truth, i);

    if (marked)
      mark (buffer, &truth);
    fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  while (n < clip->frames && next_window (bus, &windows[n]))
    n++;
  fail_unless_equals_int (n, clip->frames);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
  g_free (all);
}

/* Half a percent of the width: the last of a subject on its way out of the
 * picture. */
#define TOLERANCE (0.005 * CLIP_WIDTH)

/* Whether all of the subject that is in the picture is in the window. */
static gboolean
shows (const Window * window, const Truth * truth)
{
  gdouble left = truth->x * CLIP_WIDTH - SUBJECT_WIDTH / 2.0;
  gdouble right = MIN (left + SUBJECT_WIDTH, CLIP_WIDTH);

  left = MAX (left, 0);
  return left >= right || (left >= window->x - TOLERANCE
      && right <= window->x + window->width + TOLERANCE);
}

#define AHEAD " lookahead=667000000"

/* What moves has to move first, and then the window has to come from where it
 * stood. */
#define FOUND 45

static const Clip clips[] = {
  /* *INDENT-OFF* */
  {"walk", WALK, "follow=regions", 300, 0},
  {"walk, ahead", WALK, "follow=regions" AHEAD, 300, 0},
  {"walk, moving", WALK, "follow=motion", 300, FOUND},
  {"walk, moving, ahead", WALK, "follow=motion" AHEAD, 300, FOUND},
  {"run", RUN, "follow=regions", 300, 0},
  {"run, ahead", RUN, "follow=regions" AHEAD, 300, 0},
  {"run, moving", RUN, "follow=motion", 300, FOUND},
  {"run, moving, ahead", RUN, "follow=motion" AHEAD, 300, FOUND},
  {"cuts", CUTS, "follow=regions", 300, 0},
  {"cuts, ahead", CUTS, "follow=regions" AHEAD, 300, 0},
  {"cuts, moving", CUTS, "follow=motion", 300, FOUND},
  {"cuts, moving, ahead", CUTS, "follow=motion" AHEAD, 300, FOUND},
  {"flashes", FLASHES, "follow=regions", 300, 0},
  {"flashes, ahead", FLASHES, "follow=regions" AHEAD, 300, 0},
  {"flashes, moving", FLASHES, "follow=motion", 300, FOUND},
  {"pan", PAN, "follow=regions", 300, 0},
  {"pan, moving", PAN, "follow=motion", 300, FOUND},
  {"pan, moving, ahead", PAN, "follow=motion" AHEAD, 300, FOUND},
  {"leave", LEAVE, "follow=regions", LONGEST, 0},
  {"leave, ahead", LEAVE, "follow=regions" AHEAD, LONGEST, 0},
  {"leave, moving", LEAVE, "follow=motion", LONGEST, FOUND},
  {"leave, moving, ahead", LEAVE, "follow=motion" AHEAD, LONGEST, FOUND},
  {"leave, either", LEAVE, "follow=auto", LONGEST, 0}
  /* *INDENT-ON* */
};

/* The window never jumps but where the scene does. */
static void
check_step (const Clip * clip, guint frame, gboolean cut)
{
  const gdouble most = 0.4 * CLIP_WIDTH / FPS + 0.01;
  gdouble step = ABS (windows[frame].x - windows[frame - 1].x);

  fail_unless (windows[frame].cut == cut, "%s, frame %u: cut %d", clip->name,
      frame, windows[frame].cut);
  fail_unless (cut || step <= most, "%s, frame %u: a step of %g", clip->name,
      frame, step);
}

GST_START_TEST (test_the_subject_is_in_the_window)
{
  const Clip *clip = &clips[__i__];
  guint i, inside = 0, counted = 0, since = 0;

  run_clip (clip);
  for (i = 0; i < clip->frames; i++) {
    Truth truth = find_truth (clip->kind, i);

    since = truth.cut ? 0 : since + 1;
    if (i > 0)
      check_step (clip, i, truth.cut);
    if (since <= clip->settle && clip->settle > 0)
      continue;
    counted++;
    inside += shows (&windows[i], &truth);
  }
  fail_unless (counted > 60);
  fail_unless (inside >= 0.98 * counted, "%s: in %u of %u frames", clip->name,
      inside, counted);
}

GST_END_TEST;

/* The mean change of speed once the window goes with a subject that strolls
 * through the picture, in pixels of 1920 a frame squared. */
static const struct
{
  Clip clip;
  gdouble jitter;
} strolls[] = {
  /* *INDENT-OFF* */
  {{"regions", STROLL, "follow=regions", 400, 0}, 0.05},
  {{"regions, ahead", STROLL, "follow=regions" AHEAD, 400, 0}, 0.05},
  {{"moving, ahead", STROLL, "follow=motion" AHEAD, 400, 0}, 0.05},
  {{"moving", STROLL, "follow=motion", 400, 0}, 0.05}
  /* *INDENT-ON* */
};

GST_START_TEST (test_a_slow_subject_is_followed_without_jitter)
{
  const Clip *clip = &strolls[__i__].clip;
  gdouble sum = 0.0;
  guint i, n = 0;

  run_clip (clip);
  for (i = 101; i + 12 < clip->frames; i++, n++) {
    sum += ABS (windows[i + 1].x - 2 * windows[i].x + windows[i - 1].x)
        * PIXEL;
    fail_unless (windows[i].x >= windows[i - 1].x - 1e-6, "%s: back at %u",
        clip->name, i);
  }
  fail_unless (windows[clip->frames - 1].x - windows[100].x > 50);
  fail_unless (sum / n <= strolls[__i__].jitter, "%s: %g px/frame^2",
      clip->name, sum / n);
}

GST_END_TEST;

static Suite *
echoelcroptruth_suite (void)
{
  Suite *s = suite_create ("echoelcroptruth");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, test_the_subject_is_in_the_window, 0,
      G_N_ELEMENTS (clips));
  tcase_add_loop_test (tc, test_a_slow_subject_is_followed_without_jitter, 0,
      G_N_ELEMENTS (strolls));
  return s;
}

GST_CHECK_MAIN (echoelcroptruth);
