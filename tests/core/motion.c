/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What moves is found and framed; where nothing can be told, that is said. */
#include <gst/check/gstcheck.h>

#include "motion.h"
#include "synthetic.h"

/* 9:16 out of 16:9. */
#define WINDOW (81.0 / 256.0)
#define TRUSTED 0.5
/* Until then an analysis may make up its mind, in seconds. */
#define SETTLED 1.0
#define DURATION 5.0

typedef enum
{
  NOTHING, SPRITE, TWO_SPRITES, HALF
} Mover;

typedef struct
{
  const gchar *name;
  Mover mover;
  gdouble speed;                /* of the sprite, widths a second */
  gdouble radius;               /* pixels, across; it is half as high again */
  gdouble contrast;             /* of the sprite */
  gdouble noise, flicker, pulse;        /* levels, shares of the light */
  gdouble pan, shake, zoom;     /* widths a second, pixels, factor a second */
  gdouble plain;                /* a background of this level */
  gdouble error;                /* widths by which the centre may be off */
  gboolean trusted;             /* at all times, otherwise at none */
} Clip;

static const Clip clips[] = {
  /* *INDENT-OFF* */
  {"slow", SPRITE, .05, 9, 200, .error = .04, .trusted = TRUE},
  {"walking", SPRITE, .2, 9, 200, .error = .07, .trusted = TRUE},
  {"fast", SPRITE, .5, 9, 200, .error = .09, .trusted = TRUE},
  {"small", SPRITE, .2, 4, 200, .error = .06, .trusted = TRUE},
  {"little contrast", SPRITE, .2, 9, 70, .error = .09, .trusted = TRUE},
  {"in noise", SPRITE, .2, 9, 200, .noise = 5, .error = .08, .trusted = TRUE},
  {"under flicker", SPRITE, .2, 9, 200, .flicker = .12, .error = .08,
      .trusted = TRUE},
  {"by hand", SPRITE, .2, 9, 200, .shake = 3, .error = .08, .trusted = TRUE},
  {"before a plain wall", SPRITE, .2, 9, 200, .plain = 100, .error = .06,
      .trusted = TRUE},
  {"before black", SPRITE, .2, 9, 200, .plain = 1, .error = .06,
      .trusted = TRUE},
  {"two", TWO_SPRITES, .1, 7, 200, .error = .06, .trusted = TRUE},
  {"still", NOTHING},
  {"noise", NOTHING, .noise = 10},
  {"snow", NOTHING, .noise = 60},
  {"flicker", NOTHING, .flicker = .15},
  {"pulse", NOTHING, .pulse = .25},
  {"black", NOTHING, .plain = 1},
  {"white", NOTHING, .plain = 235},
  {"noisy black", NOTHING, .plain = 16, .noise = 4},
  {"pan", NOTHING, .pan = .3},
  {"slow pan", NOTHING, .pan = .06},
  {"hand", NOTHING, .shake = 4},
  {"zoom", NOTHING, .zoom = 1.15},
  {"more than half", HALF},
  {"pan with a sprite", SPRITE, .2, 9, 200, .pan = .25, .error = 1},
  /* *INDENT-ON* */
};

static const gdouble rates[] = { 10.0, 25.0, 60.0 };

static Texture *ground, *figure, *other;

static void
setup (void)
{
  ground = g_new (Texture, 1);
  figure = g_new (Texture, 1);
  other = g_new (Texture, 1);
  texture_fill (ground, 3, 120.0, 160.0);
  texture_fill (other, 1234, 90.0, 180.0);
}

static void
teardown (void)
{
  g_free (ground);
  g_free (figure);
  g_free (other);
}

/* To and fro over the middle of the frame, in pixels. */
static gdouble
find_sprite (const Clip * clip, gdouble time)
{
  return (0.3 + 0.4 * fabs (fmod (time * clip->speed / 0.4, 2.0) - 1.0))
      * WIDTH;
}

/* More than half of the frame, and each part of it goes its own way. */
static void
add_water (Canvas * canvas, gdouble time)
{
  gint x, y;

  for (y = HEIGHT / 3; y < HEIGHT; y++) {
    for (x = 0; x < WIDTH; x++)
      canvas->pixels[y * WIDTH + x] = texture_at (other,
          x + 12 * sin (time * 3 + y * 0.3) + time * 40,
          y + 6 * sin (time * 5 + x * 0.2));
  }
}

static void
draw_frame (const Clip * clip, guint frame, gdouble time, Canvas * canvas,
    guint8 gray[PIXELS])
{
  gdouble x = find_sprite (clip, time), gain = 1.0;
  guint i;

  canvas_fill (canvas, ground, clip->pan * WIDTH * time
      + clip->shake * sin (time * 6), clip->shake * 0.7 * sin (time * 5),
      clip->zoom > 0.0 ? pow (clip->zoom, -time) : 1.0);
  for (i = 0; i < PIXELS && clip->plain > 0.0; i++)
    canvas->pixels[i] = clip->plain;
  if (clip->mover == SPRITE) {
    canvas_add_sprite (canvas, figure, x, HEIGHT / 2, clip->radius,
        clip->radius * 1.5);
  } else if (clip->mover == TWO_SPRITES) {
    gdouble y = 8 * sin (3 * time);

    canvas_add_sprite (canvas, figure, x - 10, HEIGHT / 2 + y, clip->radius,
        clip->radius * 1.5);
    canvas_add_sprite (canvas, other, x + 10, HEIGHT / 2 - y, clip->radius,
        clip->radius * 1.5);
  } else if (clip->mover == HALF) {
    add_water (canvas, time);
  }
  gain += frame % 2 ? clip->flicker : -clip->flicker;
  gain += clip->pulse * sin (8 * time);
  canvas_finish (canvas, gain, 0.0, 1.0 + clip->noise, gray);
}

/* Whether @width around @x is seen in the window around @centre. */
static gboolean
shows (gdouble centre, gdouble x, gdouble width)
{
  gdouble middle = CLAMP (centre, WINDOW / 2, 1.0 - WINDOW / 2);

  return fabs (x - middle) + width / 2 <= WINDOW / 2;
}

static void
check_result (const Clip * clip, gdouble fps, gdouble time,
    const EchoelMotionResult * result)
{
  gdouble x = find_sprite (clip, time) / WIDTH;

  fail_unless (result->x >= 0.0 && result->x <= 1.0);
  fail_unless (result->y >= 0.0 && result->y <= 1.0);
  fail_unless (result->confidence >= 0.0 && result->confidence <= 1.0);
  if (time < SETTLED)
    return;
  fail_unless ((result->confidence >= TRUSTED) == clip->trusted,
      "%s at %g fps, %.2f s: confidence %f", clip->name, fps, time,
      result->confidence);
  if (clip->mover != SPRITE && clip->mover != TWO_SPRITES)
    return;
  fail_unless (fabs (result->x - x) <= clip->error,
      "%s at %g fps, %.2f s: at %f, found at %f", clip->name, fps, time, x,
      result->x);
  if (clip->trusted)
    fail_unless (shows (result->x, x, 2 * clip->radius / WIDTH),
        "%s at %g fps, %.2f s: at %f, window at %f", clip->name, fps, time, x,
        result->x);
}

GST_START_TEST (test_movement_is_framed_or_not_trusted)
{
  const Clip *clip = &clips[__i__ / G_N_ELEMENTS (rates)];
  gdouble fps = rates[__i__ % G_N_ELEMENTS (rates)];
  EchoelMotion *motion = echoel_motion_new ();
  Canvas *canvas = g_new0 (Canvas, 1);
  EchoelMotionResult result;
  guint8 gray[PIXELS];
  guint frame;

  texture_fill (figure, 99, 130.0, clip->contrast);
  for (frame = 0; frame < DURATION * fps; frame++) {
    draw_frame (clip, frame, frame / fps, canvas, gray);
    echoel_motion_push (motion, gray, WIDTH, 1.0 / fps, WINDOW, 1.0, FALSE,
        &result);
    check_result (clip, fps, frame / fps, &result);
  }
  g_free (canvas);
  echoel_motion_free (motion);
}

GST_END_TEST;

/* Draws and pushes a sprite at @x, @y. */
static EchoelMotionResult
push_sprite (EchoelMotion * motion, gdouble x, gdouble y, gdouble width,
    gdouble height, gboolean cut)
{
  Canvas *canvas = g_new0 (Canvas, 1);
  guint8 gray[PIXELS];
  EchoelMotionResult result;

  texture_fill (figure, 99, 130.0, 200.0);
  canvas_fill (canvas, ground, 0, 0, 1.0);
  canvas_add_sprite (canvas, figure, x * WIDTH, y * HEIGHT, 9, 12);
  canvas_finish (canvas, 1.0, 0.0, 0.0, gray);
  echoel_motion_push (motion, gray, WIDTH, 1.0 / 30, width, height, cut,
      &result);
  g_free (canvas);
  return result;
}

GST_START_TEST (test_place_is_held_when_movement_stops)
{
  EchoelMotion *motion = echoel_motion_new ();
  EchoelMotionResult result = { 0.0, };
  gdouble held;
  guint frame;

  for (frame = 0; frame < 60; frame++)
    result = push_sprite (motion, 0.2 + 0.01 * frame, 0.5, WINDOW, 1.0, FALSE);
  fail_unless (result.confidence >= 0.9, "%f", result.confidence);
  for (frame = 0; frame < 15; frame++)
    result = push_sprite (motion, 0.8, 0.5, WINDOW, 1.0, FALSE);
  held = result.x;
  fail_unless (fabs (held - 0.8) < 0.05, "%f", held);
  for (frame = 0; frame < 60; frame++)
    result = push_sprite (motion, 0.8, 0.5, WINDOW, 1.0, FALSE);
  fail_unless (result.confidence < 0.1, "%f", result.confidence);
  fail_unless (fabs (result.x - held) < 0.03, "%f then %f", held, result.x);
  echoel_motion_free (motion);
}

GST_END_TEST;

/* In and out of both sides of the frame. */
GST_START_TEST (test_sprite_at_the_edge_is_shown)
{
  EchoelMotion *motion = echoel_motion_new ();
  guint frame;

  for (frame = 0; frame < 120; frame++) {
    gdouble x = 0.04 + 0.06 * sin (frame * 0.15);
    EchoelMotionResult result = push_sprite (motion, frame < 60 ? x : 1.0 - x,
        0.5, WINDOW, 1.0, frame == 60);

    if (frame % 60 > 15)
      fail_unless (fabs (result.x - (frame < 60 ? x : 1.0 - x)) < 0.1,
          "frame %u: %f", frame, result.x);
  }
  echoel_motion_free (motion);
}

GST_END_TEST;

/* A window as wide as the frame is placed in height, a small one in both. */
GST_START_TEST (test_window_is_placed_both_ways)
{
  EchoelMotion *motion = echoel_motion_new ();
  EchoelMotionResult wide = { 0.0, }, small = { 0.0, };
  guint frame;

  for (frame = 0; frame < 40; frame++)
    wide = push_sprite (motion, 0.3 + 0.01 * frame, 0.25, 1.0, 0.32, FALSE);
  fail_unless (wide.confidence >= TRUSTED);
  fail_unless (fabs (wide.y - 0.25) < 0.08, "%f", wide.y);
  echoel_motion_reset (motion);
  for (frame = 0; frame < 40; frame++)
    small = push_sprite (motion, 0.8, 0.2 + 0.014 * frame, 0.3, 0.4, FALSE);
  fail_unless (small.confidence >= TRUSTED);
  fail_unless (fabs (small.x - 0.8) < 0.05, "%f", small.x);
  fail_unless (fabs (small.y - 0.746) < 0.12, "%f", small.y);
  echoel_motion_free (motion);
}

GST_END_TEST;

/* Two of the same that no window shows both of: it stays with one. */
GST_START_TEST (test_window_stays_with_one_of_two)
{
  EchoelMotion *motion = echoel_motion_new ();
  Canvas *canvas = g_new0 (Canvas, 1);
  EchoelMotionResult result;
  guint8 gray[PIXELS];
  gdouble last = 0.0;
  guint frame, jumps = 0;

  texture_fill (figure, 99, 130.0, 200.0);
  for (frame = 0; frame < 200; frame++) {
    canvas_fill (canvas, ground, 0, 0, 1.0);
    canvas_add_sprite (canvas, figure, 30 + 10 * sin (frame * 0.1), 45, 9, 12);
    canvas_add_sprite (canvas, figure, 130 - 10 * sin (frame * 0.1), 45, 9, 12);
    canvas_finish (canvas, 1.0, 0.0, 1.0, gray);
    echoel_motion_push (motion, gray, WIDTH, 0.04, WINDOW, 1.0, FALSE, &result);
    if (frame > 12) {
      jumps += fabs (result.x - last) > 0.2;
      fail_unless (fabs (fabs (result.x - 0.5) - 0.31) < 0.12, "%f", result.x);
    }
    last = result.x;
  }
  fail_unless_equals_int (jumps, 0);
  g_free (canvas);
  echoel_motion_free (motion);
}

GST_END_TEST;

/* On the first picture of a scene there is a guess, never a certainty. */
GST_START_TEST (test_cut_begins_with_a_guess)
{
  EchoelMotion *motion = echoel_motion_new ();
  EchoelMotionResult result = { 0.0, };
  guint frame;

  for (frame = 0; frame < 40; frame++)
    result = push_sprite (motion, 0.3 + 0.01 * frame, 0.5, WINDOW, 1.0, FALSE);
  fail_unless (result.confidence >= TRUSTED);
  result = push_sprite (motion, 0.2, 0.5, WINDOW, 1.0, TRUE);
  fail_unless (result.confidence <= 0.25, "%f", result.confidence);
  fail_unless (shows (result.x, 0.2, 0.1), "%f", result.x);
  for (frame = 0; frame < 12; frame++)
    result = push_sprite (motion, 0.2 + 0.01 * frame, 0.5, WINDOW, 1.0, FALSE);
  fail_unless (result.confidence >= TRUSTED, "%f", result.confidence);
  echoel_motion_free (motion);
}

GST_END_TEST;

static const gdouble numbers[] = { 0.04, 0.0, -1.0, 1e300, NAN, INFINITY,
  -INFINITY, 1e-300, 0.3, 1.0, 0.5
};

GST_START_TEST (test_anything_is_survived)
{
  EchoelMotion *motion = echoel_motion_new ();
  /* Exactly what a picture has: nothing behind its last pixel. */
  guint stride = WIDTH + 13, n = G_N_ELEMENTS (numbers);
  guint8 *gray = g_malloc ((HEIGHT - 1) * stride + WIDTH);
  EchoelMotionResult result;
  guint32 random = 7;
  guint frame, i;

  for (frame = 0; frame < 400; frame++) {
    guint8 mask = (guint8) next_random (&random);

    for (i = 0; i < (HEIGHT - 1) * stride + WIDTH; i++)
      gray[i] = frame % 7 == 0 ? mask : (guint8) next_random (&random) & mask;
    echoel_motion_push (motion, gray, stride,
        numbers[next_random (&random) % n], numbers[next_random (&random) % n],
        numbers[next_random (&random) % n], frame % 31 == 0, &result);
    fail_unless (result.x >= 0.0 && result.x <= 1.0);
    fail_unless (result.y >= 0.0 && result.y <= 1.0);
    fail_unless (result.confidence >= 0.0 && result.confidence <= 1.0);
  }
  g_free (gray);
  echoel_motion_free (motion);
  echoel_motion_free (NULL);
}

GST_END_TEST;

static Suite *
motion_suite (void)
{
  Suite *suite = suite_create ("motion");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, test_movement_is_framed_or_not_trusted, 0,
      G_N_ELEMENTS (clips) * G_N_ELEMENTS (rates));
  tcase_add_test (tc, test_place_is_held_when_movement_stops);
  tcase_add_test (tc, test_sprite_at_the_edge_is_shown);
  tcase_add_test (tc, test_window_is_placed_both_ways);
  tcase_add_test (tc, test_window_stays_with_one_of_two);
  tcase_add_test (tc, test_cut_begins_with_a_guess);
  tcase_add_test (tc, test_anything_is_survived);
  return suite;
}

GST_CHECK_MAIN (motion);
