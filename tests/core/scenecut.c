/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A cut is told on its very frame; flashes, fades, pans and fast objects are
 * none. */
#include <gst/check/gstcheck.h>

#include "scenecut.h"
#include "synthetic.h"

#define SCENES 12
#define FRAMES 160
#define FPS 25

/* What a clip does to its scenes, at the frame given by the clip. */
typedef struct
{
  const gchar *name;
  guint cut_every;              /* frames; 0: one scene */
  gdouble pan;                  /* pixels a frame */
  gdouble shake;                /* pixels */
  gdouble sprite, radius;       /* pixels a frame, pixels */
  gdouble contrast, noise;
  guint flash;                  /* frames, every forty */
  gdouble flash_gain, flash_offset;
  gboolean letterbox;
  guint black;                  /* frames before each cut */
} Clip;

static const Clip clips[] = {
  /* *INDENT-OFF* */
  {.name = "cuts", .cut_every = 23},
  {.name = "cuts of little contrast", .cut_every = 23, .contrast = 0.4},
  {.name = "cuts in pans", .cut_every = 23, .pan = 3.2},
  {.name = "cuts by hand", .cut_every = 17, .shake = 4.0},
  {.name = "cuts in noise", .cut_every = 23, .noise = 15.0},
  {.name = "cuts between bars", .cut_every = 23, .letterbox = TRUE},
  {.name = "cuts after black", .cut_every = 23, .black = 2},
  {.name = "cuts with a sprite", .cut_every = 29, .sprite = 6.0,
      .radius = 14.0},
  {.name = "cuts and flashes", .cut_every = 31, .flash = 2,
      .flash_gain = 1.5, .flash_offset = 60.0},
  {.name = "still"},
  {.name = "pan", .pan = 3.2},
  {.name = "whip pan", .pan = 14.0},
  {.name = "shaking hand", .shake = 6.0},
  {.name = "fast sprite", .sprite = 14.0, .radius = 18.0},
  {.name = "large fast sprite", .sprite = 10.0, .radius = 34.0},
  {.name = "noise", .noise = 40.0},
  {.name = "flash of one frame", .flash = 1, .flash_gain = 1.6},
  {.name = "flash of three frames", .flash = 3, .flash_gain = 2.0,
      .flash_offset = 40.0},
  {.name = "flash to white", .flash = 1, .flash_gain = 1.5,
      .flash_offset = 180.0},
  {.name = "flash to full white", .flash = 3, .flash_gain = 0.0,
      .flash_offset = 255.0},
  {.name = "drop to black", .flash = 3, .flash_gain = 0.0,
      .flash_offset = 16.0},
  {.name = "longer light", .flash = 20, .flash_gain = 1.7},
  /* *INDENT-ON* */
};

static Texture *textures;

/* Scenes of one mean and one contrast: a histogram tells them apart badly. */
static void
setup (void)
{
  guint i;

  textures = g_new (Texture, SCENES);
  for (i = 0; i < SCENES; i++)
    texture_fill (&textures[i], 100 + 7 * i, 120.0, 170.0);
}

static void
teardown (void)
{
  g_free (textures);
}

static gboolean
is_cut (const Clip * clip, guint frame)
{
  return clip->cut_every > 0 && frame > 0 && frame % clip->cut_every == 0;
}

static void
draw_frame (const Clip * clip, guint frame, Canvas * canvas,
    guint8 gray[PIXELS])
{
  guint scene = clip->cut_every > 0 ? frame / clip->cut_every : 0;
  guint next = clip->cut_every > 0 ? clip->cut_every - frame % clip->cut_every
      : G_MAXUINT;
  gdouble x = clip->pan * frame + clip->shake * sin (frame * 0.7) + 60 * scene;
  gdouble contrast = clip->contrast > 0.0 ? clip->contrast : 1.0;
  gdouble gain = contrast, offset = 120.0 * (1.0 - contrast);

  canvas_fill (canvas, &textures[scene % SCENES], x,
      clip->shake * cos (frame * 0.5), 1.0);
  if (clip->sprite > 0.0)
    canvas_add_sprite (canvas, &textures[(scene + 5) % SCENES],
        fmod (clip->sprite * frame, WIDTH + 80.0) - 40.0, HEIGHT / 2,
        clip->radius, clip->radius * 1.2);
  if (frame % 40 >= 12 && frame % 40 < 12 + clip->flash) {
    gain = clip->flash_gain;
    offset = clip->flash_offset;
  }
  if (next <= clip->black) {
    gain = 0.0;
    offset = 16.0;
  }
  canvas_finish (canvas, gain, offset, 1.0 + clip->noise, gray);
  if (clip->letterbox) {
    memset (gray, 16, 11 * WIDTH);
    memset (gray + (HEIGHT - 11) * WIDTH, 16, 11 * WIDTH);
  }
}

/* Every cut is found on its frame and nothing else is: in this set precision
 * and recall are whole. */
GST_START_TEST (test_cuts_are_found_on_their_frame)
{
  const Clip *clip = &clips[__i__];
  EchoelSceneCut *cut = echoel_scene_cut_new ();
  Canvas *canvas = g_new0 (Canvas, 1);
  guint8 gray[PIXELS];
  guint frame;

  for (frame = 0; frame < FRAMES; frame++) {
    EchoelScene scene, want = is_cut (clip, frame) ? ECHOEL_SCENE_CUT
        : ECHOEL_SCENE_SAME;

    draw_frame (clip, frame, canvas, gray);
    scene = echoel_scene_cut_push (cut, gray, WIDTH, 1.0 / FPS);
    fail_unless (scene == want, "%s, frame %u: %d instead of %d, novelty %f",
        clip->name, frame, scene, want, echoel_scene_cut_get_novelty (cut));
  }
  g_free (canvas);
  echoel_scene_cut_free (cut);
}

GST_END_TEST;

/* Pictures @frames apart in one another, and none of them is a cut. */
static void
check_dissolve (guint frames, gdouble fps)
{
  EchoelSceneCut *cut = echoel_scene_cut_new ();
  Canvas *from = g_new0 (Canvas, 1), *to = g_new0 (Canvas, 1);
  guint8 gray[PIXELS];
  guint frame, i;

  canvas_fill (to, &textures[1], 0, 0, 1.0);
  for (frame = 0; frame < 80; frame++) {
    gdouble mix = CLAMP ((frame - 40.0) / frames, 0.0, 1.0);

    canvas_fill (from, &textures[0], 0, 0, 1.0);
    for (i = 0; i < PIXELS; i++)
      from->pixels[i] += mix * (to->pixels[i] - from->pixels[i]);
    canvas_finish (from, 1.0, 0.0, 1.0, gray);
    fail_unless_equals_int (echoel_scene_cut_push (cut, gray, WIDTH, 1 / fps),
        ECHOEL_SCENE_SAME);
  }
  g_free (from);
  g_free (to);
  echoel_scene_cut_free (cut);
}

/* Squares of one level each, among which a block alone finds its like in any
 * picture. */
static void
draw_squares (guint scene, guint side, guint8 gray[PIXELS])
{
  guint x, y;

  for (y = 0; y < HEIGHT; y++) {
    for (x = 0; x < WIDTH; x++)
      gray[y * WIDTH + x] = (guint8) (120.0 + 180.0 * lattice (77 + scene,
              x / side, y / side, 64));
  }
}

GST_START_TEST (test_cuts_between_coarse_textures_are_found)
{
  static const guint sides[] = { 4, 6, 8, 10 };
  EchoelSceneCut *cut = echoel_scene_cut_new ();
  guint8 gray[PIXELS];
  guint i, frame;

  for (i = 0; i < G_N_ELEMENTS (sides); i++) {
    guint found = 0;

    echoel_scene_cut_reset (cut);
    for (frame = 0; frame < 600; frame++) {
      EchoelScene scene;

      draw_squares (frame / 20, sides[i], gray);
      scene = echoel_scene_cut_push (cut, gray, WIDTH, 1.0 / FPS);
      if (frame % 20 == 0 && frame > 0)
        found += scene == ECHOEL_SCENE_CUT;
      else
        fail_unless (scene == ECHOEL_SCENE_SAME, "side %u, frame %u", sides[i],
            frame);
    }
    fail_unless (found >= 28, "side %u: %u of 29, novelty %f", sides[i], found,
        echoel_scene_cut_get_novelty (cut));
  }
  echoel_scene_cut_free (cut);
}

GST_END_TEST;

GST_START_TEST (test_dissolves_are_no_cuts)
{
  check_dissolve (6, 25.0);
  check_dissolve (12, 25.0);
  check_dissolve (25, 25.0);
  check_dissolve (30, 60.0);
}

GST_END_TEST;

/* Out to black or white, half a second of that, and in again. */
static void
check_fade (guint scene, gdouble plain, gdouble fps)
{
  EchoelSceneCut *cut = echoel_scene_cut_new ();
  Canvas *canvas = g_new0 (Canvas, 1);
  guint8 gray[PIXELS];
  guint frame, fade_ins = 0;

  for (frame = 0; frame < 4 * fps; frame++) {
    gdouble time = frame / fps;
    gdouble light = CLAMP (fabs (time - 2.0) * 2.0 - 0.5, 0.0, 1.0);
    EchoelScene found;

    canvas_fill (canvas, &textures[time < 2.0 ? 0 : scene], 0, 0, 1.0);
    canvas_finish (canvas, light, plain * (1.0 - light), 1.0, gray);
    found = echoel_scene_cut_push (cut, gray, WIDTH, 1.0 / fps);
    fail_if (found == ECHOEL_SCENE_CUT, "fade, frame %u", frame);
    fade_ins += found == ECHOEL_SCENE_FADE_IN;
    fail_if (fade_ins > 0 && time < 2.0);
  }
  fail_unless_equals_int (fade_ins, 1);
  g_free (canvas);
  echoel_scene_cut_free (cut);
}

GST_START_TEST (test_fades_are_no_cuts)
{
  check_fade (1, 16.0, 25.0);
  check_fade (0, 16.0, 25.0);
  check_fade (1, 235.0, 25.0);
  check_fade (2, 16.0, 60.0);
  check_fade (3, 16.0, 24.0);
}

GST_END_TEST;

static EchoelScene
push_scene (EchoelSceneCut * cut, guint scene, gdouble seconds)
{
  Canvas *canvas = g_new0 (Canvas, 1);
  guint8 gray[PIXELS];

  if (scene < SCENES)
    canvas_fill (canvas, &textures[scene], 0, 0, 1.0);
  canvas_finish (canvas, 1.0, 0.0, 0.0, gray);
  g_free (canvas);
  return echoel_scene_cut_push (cut, gray, WIDTH, seconds);
}

/* The same half second at any rate. */
GST_START_TEST (test_cut_is_found_at_any_frame_rate)
{
  static const gdouble rates[] = { 1.0, 5.0, 10.0, 24.0, 60.0, 120.0, 240.0 };
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (rates); i++) {
    EchoelSceneCut *cut = echoel_scene_cut_new ();

    for (j = 0; j < 4 + rates[i] / 2; j++)
      fail_unless_equals_int (push_scene (cut, 0, 1.0 / rates[i]), 0);
    fail_unless_equals_int (push_scene (cut, 1, 1.0 / rates[i]),
        ECHOEL_SCENE_CUT);
    echoel_scene_cut_free (cut);
  }
}

GST_END_TEST;

GST_START_TEST (test_cuts_keep_their_distance)
{
  EchoelSceneCut *cut = echoel_scene_cut_new ();
  guint frame, since = G_MAXUINT / 2, cuts = 0;

  for (frame = 0; frame < 200; frame++, since++) {
    if (push_scene (cut, frame / 3 % SCENES, 1.0 / FPS) == ECHOEL_SCENE_SAME)
      continue;
    fail_if (since < ECHOEL_SCENE_MIN_SPAN * FPS, "frame %u", frame);
    since = 0;
    cuts++;
  }
  fail_if (cuts > 200 / (ECHOEL_SCENE_MIN_SPAN * FPS));
  echoel_scene_cut_free (cut);
}

GST_END_TEST;

GST_START_TEST (test_scene_begins_when_black_ends)
{
  EchoelSceneCut *cut = echoel_scene_cut_new ();

  /* A first black frame is what many encoders make. */
  fail_unless_equals_int (push_scene (cut, SCENES, 0.04), ECHOEL_SCENE_SAME);
  fail_unless_equals_int (push_scene (cut, 0, 0.04), ECHOEL_SCENE_CUT);
  echoel_scene_cut_reset (cut);
  fail_unless_equals_int (push_scene (cut, 1, 0.04), ECHOEL_SCENE_SAME);
  fail_unless_equals_int (push_scene (cut, 1, 0.04), ECHOEL_SCENE_SAME);
  echoel_scene_cut_free (cut);
}

GST_END_TEST;

GST_START_TEST (test_anything_is_survived)
{
  static const gdouble times[] = { 0.04, 0.0, -1.0, 1e300, NAN, INFINITY,
    -INFINITY, 1e-300
  };
  EchoelSceneCut *cut = echoel_scene_cut_new ();
  /* Exactly what a picture has: nothing behind its last pixel. */
  guint stride = WIDTH + 13;
  guint8 *gray = g_malloc ((HEIGHT - 1) * stride + WIDTH);
  guint32 random = 7;
  guint frame, i;

  for (frame = 0; frame < 300; frame++) {
    guint8 mask = (guint8) next_random (&random);

    for (i = 0; i < (HEIGHT - 1) * stride + WIDTH; i++)
      gray[i] = frame % 7 == 0 ? mask : (guint8) next_random (&random) & mask;
    fail_if (echoel_scene_cut_push (cut, gray, stride,
            times[frame % G_N_ELEMENTS (times)]) > ECHOEL_SCENE_FADE_IN);
    fail_unless (echoel_scene_cut_get_novelty (cut) >= 0.0
        && echoel_scene_cut_get_novelty (cut) <= 1.0);
  }
  g_free (gray);
  echoel_scene_cut_free (cut);
  echoel_scene_cut_free (NULL);
}

GST_END_TEST;

static Suite *
scenecut_suite (void)
{
  Suite *suite = suite_create ("scenecut");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, test_cuts_are_found_on_their_frame, 0,
      G_N_ELEMENTS (clips));
  tcase_add_test (tc, test_cuts_between_coarse_textures_are_found);
  tcase_add_test (tc, test_dissolves_are_no_cuts);
  tcase_add_test (tc, test_fades_are_no_cuts);
  tcase_add_test (tc, test_cut_is_found_at_any_frame_rate);
  tcase_add_test (tc, test_cuts_keep_their_distance);
  tcase_add_test (tc, test_scene_begins_when_black_ends);
  tcase_add_test (tc, test_anything_is_survived);
  return suite;
}

GST_CHECK_MAIN (scenecut);
