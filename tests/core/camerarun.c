/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The camera path without look-ahead behind a subject that runs. */
#include <gst/check/gstcheck.h>
#include <math.h>

#include "camerapath.h"

#define FRAMES 900
#define LEFT 0.2
#define SPAN 0.6
#define TINY 1e-9

static const EchoelPathRange wide = { {0.15, 0.1}, {0.85, 0.45} };

/* To and fro at up to @peak widths a second. */
static gdouble
find_subject (gdouble peak, gdouble seconds)
{
  gdouble time = seconds * peak / (1.5 * SPAN), part = fmod (time, 1.0);

  if ((guint) time % 2 == 1)
    part = 1.0 - part;
  return LEFT + SPAN * part * part * (3.0 - 2.0 * part);
}

/* Returns: the largest distance of the window from the subject */
static gdouble
follow_runner (gdouble peak, guint fps)
{
  EchoelCameraPath *path = echoel_camera_path_new (NULL, 0);
  gdouble most = 0.0, last = LEFT, speed = 0.0;
  guint i;

  for (i = 0; i < FRAMES; i++) {
    EchoelPathTarget target = { {find_subject (peak, (gdouble) i / fps), 0.28},
    TRUE, FALSE
    };
    EchoelPathPoint centre;
    gdouble now;

    echoel_camera_path_push (path, i * GST_SECOND / fps, &target, &wide);
    fail_unless (echoel_camera_path_pull (path, NULL, &centre));
    now = (centre.x - last) * fps;
    fail_unless (centre.x >= LEFT - TINY && centre.x <= LEFT + SPAN + TINY,
        "%g W/s, frame %u: %g", peak, i, centre.x);
    fail_unless (fabs (now) <= ECHOEL_PATH_MAX_SPEED + 1e-5);
    fail_unless (fabs (now - speed) * fps <= ECHOEL_PATH_MAX_ACCELERATION
        + 1e-3, "%g W/s, frame %u: %g W/s^2", peak, i, (now - speed) * fps);
    most = MAX (most, fabs (centre.x - target.wanted.x));
    last = centre.x;
    speed = now;
  }
  echoel_camera_path_free (path);
  return most;
}

/* A window of 9:16 in 16:9 is 0.316 wide: a subject a third as wide is out of
 * it from a distance of 0.105 on. */
static const struct
{
  gdouble peak, distance;
} runs[] = {
  /* *INDENT-OFF* */
  {0.05, 0.05}, {0.14, 0.085}, {0.2, 0.105}, {0.28, 0.105}, {0.3, 0.107}
  /* *INDENT-ON* */
};

static const guint rates[] = { 24, 30, 60 };

GST_START_TEST (test_a_running_subject_is_not_lost)
{
  guint i, r;

  for (i = 0; i < G_N_ELEMENTS (runs); i++) {
    for (r = 0; r < G_N_ELEMENTS (rates); r++) {
      gdouble most = follow_runner (runs[i].peak, rates[r]);

      fail_unless (most <= runs[i].distance, "%g W/s at %u fps: %g behind",
          runs[i].peak, rates[r], most);
    }
  }
}

GST_END_TEST;

static Suite *
camerarun_suite (void)
{
  Suite *s = suite_create ("camerarun");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_a_running_subject_is_not_lost);
  return s;
}

GST_CHECK_MAIN (camerarun);
