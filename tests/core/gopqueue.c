/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What waits for a destination is bounded, and never breaks a picture. */
#include <gst/check/gstcheck.h>

#include "gopqueue.h"
#include "medias.h"

#define GOP 60                  /* frames */
#define SOUND ((gint64) GST_SECOND * 1024 / 48000)

typedef struct
{
  EchoelFormat *video, *sound;
  EchoelGopCache cache;
  EchoelGopQueue *queue;
  guint frame;                  /* next to come */
  gint64 sound_time;
  guint asked;                  /* pushes that wanted a key frame */
} Bench;

static void
setup (Bench * b)
{
  Bench fresh = { NULL, };

  *b = fresh;
  b->video = make_video_format ("h264");
  b->sound = make_sound_format ();
  echoel_gop_cache_init (&b->cache, TRUE);
  b->queue = echoel_gop_queue_new (&echoel_gop_limits_default);
}

static void
teardown (Bench * b)
{
  echoel_gop_queue_free (b->queue);
  echoel_gop_cache_clear (&b->cache);
  echoel_format_unref (b->video);
  echoel_format_unref (b->sound);
}

static void
give (Bench * b, EchoelMedia * media)
{
  echoel_gop_cache_push (&b->cache, media);
  b->asked += echoel_gop_queue_push (b->queue, media, 0);
  echoel_media_unref (media);
}

/* One frame of video of this kind, and the sound up to it. */
static void
step_kind (Bench * b, Kind kind, gsize size)
{
  gint64 time = b->frame++ * FRAME;

  for (; b->sound_time <= time; b->sound_time += SOUND)
    give (b, make_sound (b->sound, b->sound_time));
  give (b, make_video (b->video, kind, time, size));
}

static void
step (Bench * b)
{
  step_kind (b, b->frame % GOP == 0 ? KEY : INTER, 20);
}

static void
open_queue (Bench * b)
{
  echoel_gop_queue_open (b->queue, &b->cache);
}

/* Takes all; returns how many frames of video that were. */
static guint
take_all (Bench * b, gint64 * first_dts)
{
  EchoelMedia *media;
  gboolean discont;
  guint n = 0;

  while ((media = echoel_gop_queue_pop (b->queue, ECHOEL_POP_ANY, &discont))) {
    if (media->video && n++ == 0 && first_dts != NULL)
      *first_dts = media->dts;
    echoel_media_unref (media);
  }
  return n;
}

static gint64
level (Bench * b)
{
  EchoelGopLevel now;

  echoel_gop_queue_get_level (b->queue, &now);
  return now.time;
}

static EchoelGopDrops
drops (Bench * b)
{
  EchoelGopDrops now;

  echoel_gop_queue_get_drops (b->queue, &now);
  return now;
}

GST_START_TEST (test_all_goes_through_when_someone_takes)
{
  Bench b;
  guint i, n = 0;

  setup (&b);
  step (&b);
  open_queue (&b);
  for (i = 1; i < 10 * GOP; i++) {
    step (&b);
    n += take_all (&b, NULL);
  }
  fail_unless_equals_int (n, 10 * GOP);
  fail_unless_equals_uint64 (drops (&b).gop + drops (&b).audio
      + drops (&b).disposable, 0);
  fail_unless_equals_int (b.asked, 0);
  fail_unless_equals_int64 (drops (&b).max_gap, FRAME);
  teardown (&b);
}

GST_END_TEST;

/* Pictures of an encoder that looks ahead come later than their sound: that is
 * no wait, however long. */
GST_START_TEST (test_late_pictures_do_not_wait)
{
  gint64 ahead = 3 * GST_SECOND;
  Bench b;
  guint i, n = 0;

  setup (&b);
  open_queue (&b);
  for (i = 0; i < 10 * GOP; i++) {
    for (; b.sound_time <= b.frame * FRAME + ahead; b.sound_time += SOUND)
      give (&b, make_sound (b.sound, b.sound_time));
    step (&b);
    fail_unless (level (&b) <= SOUND, "%" GST_STIME_FORMAT,
        GST_STIME_ARGS (level (&b)));
    n += take_all (&b, NULL);
  }
  fail_unless_equals_int (n, 10 * GOP);
  teardown (&b);
}

GST_END_TEST;

/* A receiver that comes in the middle of a GOP gets it from its key frame. */
GST_START_TEST (test_newest_gop_comes_first_when_opened_late)
{
  EchoelMedia *media;
  gboolean discont;
  Bench b;
  guint i;

  setup (&b);
  for (i = 0; i < GOP + GOP / 2; i++)
    step (&b);
  fail_unless_equals_int64 (level (&b), 0);
  open_queue (&b);
  media = echoel_gop_queue_pop (b.queue, ECHOEL_POP_VIDEO, &discont);
  fail_unless (media->key && discont);
  fail_unless_equals_int64 (media->dts, GOP * FRAME);
  echoel_media_unref (media);
  media = echoel_gop_queue_pop (b.queue, ECHOEL_POP_AUDIO, &discont);
  fail_unless (media->dts >= GOP * FRAME && media->dts < GOP * FRAME + SOUND);
  echoel_media_unref (media);
  fail_unless_equals_int (take_all (&b, NULL), GOP / 2 - 1);
  fail_unless_equals_int (b.asked, 0);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_sound_of_the_key_frame_is_there)
{
  EchoelMedia *media;
  gboolean discont;
  Bench b;

  setup (&b);
  step (&b);
  open_queue (&b);
  media = echoel_gop_queue_pop (b.queue, ECHOEL_POP_AUDIO, &discont);
  fail_unless (media != NULL && media->dts == 0);
  echoel_media_unref (media);
  teardown (&b);
}

GST_END_TEST;

/* GOPs of half a second: the rest goes as soon as a second waits. */
GST_START_TEST (test_gop_is_dropped_up_to_the_next_key)
{
  gint64 begins = -1;
  Bench b;
  guint i;

  setup (&b);
  step (&b);
  open_queue (&b);
  for (i = 1; i < 45; i++)
    step_kind (&b, i % 15 == 0 ? KEY : INTER, 20);
  fail_unless (drops (&b).gop > 0 && drops (&b).gop % 15 == 0);
  fail_unless_equals_uint64 (drops (&b).audio, 0);
  take_all (&b, &begins);
  fail_unless (begins % (15 * FRAME) == 0);
  fail_unless_equals_int (b.asked, 0);
  teardown (&b);
}

GST_END_TEST;

/* Without a key frame in the queue nothing is left to be decoded. */
GST_START_TEST (test_key_is_asked_for_when_none_waits)
{
  gint64 begins = -1;
  Bench b;
  guint i;

  setup (&b);
  open_queue (&b);
  for (i = 0; i < GOP; i++)
    step (&b);
  fail_unless (b.asked > 0);
  fail_unless_equals_int (take_all (&b, NULL), 0);
  step_kind (&b, INTER, 20);
  fail_unless_equals_int (take_all (&b, NULL), 0);
  step_kind (&b, KEY, 20);
  fail_unless_equals_int (take_all (&b, &begins), 1);
  fail_unless_equals_int64 (begins, (GOP + 1) * FRAME);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_disposable_frames_go_first)
{
  Bench b;
  guint i;

  setup (&b);
  open_queue (&b);
  for (i = 0; i < 26; i++)
    step_kind (&b, i == 0 ? KEY : i % 2 ? DISPOSABLE : INTER, 20);
  fail_unless (drops (&b).disposable > 0);
  fail_unless_equals_uint64 (drops (&b).gop, 0);
  fail_unless_equals_int (take_all (&b, NULL), 13);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_bytes_are_bounded)
{
  EchoelGopLevel now;
  Bench b;
  guint i;

  setup (&b);
  open_queue (&b);
  for (i = 0; i < 29; i++) {
    step_kind (&b, i == 0 ? KEY : INTER, 1024 * 1024);
    echoel_gop_queue_get_level (b.queue, &now);
    fail_unless (now.bytes <= echoel_gop_limits_default.bytes);
  }
  fail_unless (drops (&b).gop > 0);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_sound_alone_keeps_the_newest)
{
  EchoelGopCache cache;
  EchoelMedia *media;
  gboolean discont;
  gint64 time;
  Bench b;

  setup (&b);
  echoel_gop_cache_init (&cache, FALSE);
  echoel_gop_queue_open (b.queue, &cache);
  for (time = 0; time < 5 * (gint64) GST_SECOND; time += SOUND) {
    media = make_sound (b.sound, time);
    fail_if (echoel_gop_queue_push (b.queue, media, 0));
    echoel_media_unref (media);
  }
  fail_unless (level (&b) <= echoel_gop_limits_default.all);
  media = echoel_gop_queue_pop (b.queue, ECHOEL_POP_ANY, &discont);
  fail_unless (discont && media->dts > 2 * (gint64) GST_SECOND);
  echoel_media_unref (media);
  teardown (&b);
}

GST_END_TEST;

/* Sound goes on by itself; pictures that come back begin with a key frame. */
GST_START_TEST (test_video_goes_and_comes_back)
{
  gint64 begins = 0;
  Bench b;

  setup (&b);
  open_queue (&b);
  step (&b);
  echoel_gop_queue_set_video (b.queue, FALSE);
  fail_unless_equals_int (take_all (&b, NULL), 1);
  give (&b, make_sound (b.sound, b.sound_time));
  fail_unless (echoel_gop_queue_has (b.queue, ECHOEL_POP_AUDIO));
  take_all (&b, NULL);
  echoel_gop_queue_set_video (b.queue, TRUE);
  while (b.frame < GOP) {
    step (&b);
    fail_unless_equals_int (take_all (&b, NULL), 0);
  }
  step (&b);
  step (&b);
  fail_unless_equals_int (take_all (&b, &begins), 2);
  fail_unless (begins == GOP * FRAME);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_nothing_is_kept_when_closed)
{
  Bench b;
  guint i;

  setup (&b);
  open_queue (&b);
  step (&b);
  echoel_gop_queue_close (b.queue);
  for (i = 0; i < 10; i++)
    step (&b);
  fail_if (echoel_gop_queue_has (b.queue, ECHOEL_POP_ANY));
  fail_unless_equals_uint64 (drops (&b).gop, 0);
  teardown (&b);
}

GST_END_TEST;

/* A decoder in a few lines: counts the references it was given. */
typedef struct
{
  gboolean any;
  gint64 last_video, last_sound;
  guint64 shown;
} Decoder;

static void
decode (Decoder * d, const EchoelMedia * media, GHashTable * needs)
{
  if (!media->video) {
    fail_unless (media->dts > d->last_sound);
    d->last_sound = media->dts;
    return;
  }
  fail_unless (media->dts > d->last_video, "video goes back");
  if (!media->key) {
    gint64 *needed = g_hash_table_lookup (needs, &media->dts);

    fail_unless (d->any, "begins without a key frame");
    fail_unless (*needed <= d->last_video, "a reference at %" G_GINT64_FORMAT
        " is missing", *needed);
  }
  d->any = TRUE;
  /* What is disposable cannot be the reference of another. */
  if (media->key || !media->disposable)
    d->last_video = media->dts;
  d->shown++;
}

/* Random kinds, sizes, GOP lengths, taking speeds, closings: whatever comes
 * out can be decoded, and what waits stays within its bounds. */
static void
run_at_random (guint32 seed)
{
  GRand *rand = g_rand_new_with_seed (seed);
  GHashTable *needs = g_hash_table_new_full (g_int64_hash, g_int64_equal,
      g_free, g_free);
  gint64 reference = -1;
  Decoder decoder = { FALSE, -1, -1, 0 };
  guint speed = 3, i, n;
  Bench b;

  setup (&b);
  for (i = 0; i < 3000; i++) {
    gint64 dts = b.frame * FRAME;
    gboolean key = i == 0 || g_rand_int_range (rand, 0, 45) == 0;
    Kind kind = key ? KEY : g_rand_int_range (rand, 0, 3) ? INTER : DISPOSABLE;

    if (!key)
      g_hash_table_insert (needs, g_memdup2 (&dts, sizeof (dts)),
          g_memdup2 (&reference, sizeof (reference)));
    if (kind != DISPOSABLE)
      reference = dts;
    if (g_rand_int_range (rand, 0, 300) == 0) {
      echoel_gop_queue_close (b.queue);
      open_queue (&b);
      decoder.any = FALSE;
      decoder.last_video = decoder.last_sound = -1;
    }
    if (i == 0)
      open_queue (&b);
    step_kind (&b, kind, g_rand_int_range (rand, 20, 60000));
    fail_unless (level (&b) <= 2 * echoel_gop_limits_default.all);
    if (g_rand_int_range (rand, 0, 40) == 0)
      speed = g_rand_int_range (rand, 0, 6);
    for (n = 0; n < speed; n++) {
      gboolean discont;
      EchoelMedia *media = echoel_gop_queue_pop (b.queue, ECHOEL_POP_ANY,
          &discont);

      if (media != NULL)
        decode (&decoder, media, needs);
      echoel_media_unref (media);
    }
  }
  fail_unless (decoder.shown > 100, "seed %u shows %" G_GUINT64_FORMAT, seed,
      decoder.shown);
  teardown (&b);
  g_hash_table_unref (needs);
  g_rand_free (rand);
}

GST_START_TEST (test_every_picture_can_be_decoded)
{
  guint32 seed;

  for (seed = 1; seed <= 30; seed++)
    run_at_random (seed);
}

GST_END_TEST;

static Suite *
gopqueue_suite (void)
{
  Suite *s = suite_create ("gopqueue");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_all_goes_through_when_someone_takes);
  tcase_add_test (tc, test_late_pictures_do_not_wait);
  tcase_add_test (tc, test_newest_gop_comes_first_when_opened_late);
  tcase_add_test (tc, test_sound_of_the_key_frame_is_there);
  tcase_add_test (tc, test_gop_is_dropped_up_to_the_next_key);
  tcase_add_test (tc, test_key_is_asked_for_when_none_waits);
  tcase_add_test (tc, test_disposable_frames_go_first);
  tcase_add_test (tc, test_bytes_are_bounded);
  tcase_add_test (tc, test_sound_alone_keeps_the_newest);
  tcase_add_test (tc, test_video_goes_and_comes_back);
  tcase_add_test (tc, test_nothing_is_kept_when_closed);
  tcase_add_test (tc, test_every_picture_can_be_decoded);
  return s;
}

GST_CHECK_MAIN (gopqueue);
