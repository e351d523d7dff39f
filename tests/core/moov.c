/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "moov.h"

#include <gst/check/gstcheck.h>

#include "moovmaker.h"
#include "sampleentry.h"

#define BOX(name) ECHOEL_BOX (name[0], name[1], name[2], name[3])
#define TRAK ECHOEL_BOX ('t', 'r', 'a', 'k')
#define STBL ECHOEL_BOX ('m', 'd', 'i', 'a'), ECHOEL_BOX ('m', 'i', 'n', 'f'), \
    ECHOEL_BOX ('s', 't', 'b', 'l')

/* Two frames of delay, as with two B-frames. */
static const gint32 reordered[] = { 200, 400, 100, 100, 400, 100, 100, 400,
  100, 100
};
static const guint32 one_chunk[] = { 5000 };

static const MadeTrack video = { ECHOEL_TRACK_VIDEO, 3000, 10, 100, 20, 0,
  reordered, one_chunk, 1, 10, 0, 0
};

static const MadeTrack audio = { ECHOEL_TRACK_AUDIO, 48000, 17, 1024, 8, 640,
  NULL, one_chunk, 1, 17, 0, 0
};

static const guint32 elst_path[] = { TRAK, ECHOEL_BOX ('e', 'd', 't', 's'),
  ECHOEL_BOX ('e', 'l', 's', 't'), 0
};
static const guint32 tkhd_path[] = { TRAK, ECHOEL_BOX ('t', 'k', 'h', 'd'), 0 };
static const guint32 mvhd_path[] = { ECHOEL_BOX ('m', 'v', 'h', 'd'), 0 };

static const guint32 ctts_path[] = { TRAK, STBL,
  ECHOEL_BOX ('c', 't', 't', 's'), 0
};

static const guint32 stts_path[] = { TRAK, STBL,
  ECHOEL_BOX ('s', 't', 't', 's'), 0
};

static const guint32 stsd_path[] = { TRAK, STBL,
  ECHOEL_BOX ('s', 't', 's', 'd'), 0
};
static const guint32 trak_path[] = { TRAK, 0 };

static GByteArray *
rewrite (GByteArray * moov, const EchoelMoovPlan * plan)
{
  GError *error = NULL;
  GByteArray *made = echoel_moov_rewrite (MADE_SPAN (moov), plan, &error);

  fail_unless (made != NULL, "%s", error ? error->message : "no reason");
  g_byte_array_unref (moov);
  return made;
}

static void
check_edit (GByteArray * moov, guint track, guint entry, guint32 duration,
    gint32 media_time)
{
  EchoelBox elst = made_find (MADE_SPAN (moov), track, elst_path);

  fail_unless (echoel_span_u32 (elst.body, 4) > entry);
  fail_unless_equals_int (echoel_span_u32 (elst.body, 8 + entry * 12),
      duration);
  fail_unless_equals_int ((gint32) echoel_span_u32 (elst.body,
          12 + entry * 12), media_time);
}

GST_START_TEST (test_edits_take_off_priming_and_reordering)
{
  MadeTrack tracks[2] = { video, audio };
  EchoelTrackFix sound = { 1024, 48000, 0, NULL };
  EchoelMoovPlan plan = { ECHOEL_EDIT_LISTS_AUTO, FALSE, FALSE, NULL, &sound, 0,
    1, NULL
  };
  GByteArray *moov = rewrite (made_moov (600, tracks, 2), &plan);
  EchoelBox box;

  /* 10 frames of 1/30 s; 16 * 1024 + 640 - 1024 samples: the same time. */
  check_edit (moov, 0, 0, 16000, 200);
  check_edit (moov, 1, 0, 16000, 1024);
  box = made_find (MADE_SPAN (moov), 0, mvhd_path);
  fail_unless_equals_int (echoel_span_u32 (box.body, 12), 48000);
  fail_unless_equals_int (echoel_span_u32 (box.body, 16), 16000);
  box = made_find (MADE_SPAN (moov), 1, tkhd_path);
  fail_unless_equals_int (echoel_span_u32 (box.body, 12), 2);
  fail_unless_equals_int (echoel_span_u32 (box.body, 20), 16000);
  g_byte_array_unref (moov);
}

GST_END_TEST;

GST_START_TEST (test_edits_keep_the_gap_in_front)
{
  MadeTrack tracks[2] = { video, audio };
  EchoelMoovPlan plan = { 0, };
  GByteArray *moov;

  tracks[1].gap = 300;          /* half a second */
  moov = rewrite (made_moov (600, tracks, 2), &plan);
  check_edit (moov, 1, 0, 24000, -1);
  check_edit (moov, 1, 1, 17024, 0);
  g_byte_array_unref (moov);
}

GST_END_TEST;

/* 1001 rates: 149 frames last exactly 149149 / 30000 s. */
GST_START_TEST (test_durations_are_whole_at_1001_rates)
{
  MadeTrack tracks[2] = { video, audio };
  EchoelMoovPlan plan = { 0, };
  GByteArray *moov;
  EchoelBox box;

  tracks[0].timescale = 30000;
  tracks[0].delta = 1001;
  tracks[0].n_samples = 149;
  tracks[0].samples_per_chunk = 149;
  tracks[0].offsets = NULL;
  moov = rewrite (made_moov (600, tracks, 2), &plan);
  box = made_find (MADE_SPAN (moov), 0, mvhd_path);
  fail_unless_equals_int (echoel_span_u32 (box.body, 12), 240000);
  check_edit (moov, 0, 0, 149 * 1001 * 8, 0);
  g_byte_array_unref (moov);
}

GST_END_TEST;

/* A day and more at a common timescale of 240000 would not fit into 32
 * bits. */
GST_START_TEST (test_long_movies_keep_their_timescale)
{
  static const guint32 scales[] = { 48000, 30000 };

  fail_unless_equals_int (echoel_movie_timescale (scales, 2, 600, 100), 240000);
  fail_unless_equals_int (echoel_movie_timescale (scales, 2, 600, 90000), 600);
  fail_unless_equals_int (echoel_movie_timescale (scales, 0, 600, 1), 600);
}

GST_END_TEST;

GST_START_TEST (test_times_begin_at_0_without_edit_lists)
{
  MadeTrack tracks[2] = { video, audio };
  EchoelTrackFix sound = { 576, 48000, 0, NULL };
  EchoelMoovPlan plan = { ECHOEL_EDIT_LISTS_NEVER, FALSE, FALSE, NULL, &sound,
    0, 1, NULL
  };
  gint32 later[10];
  GByteArray *moov;
  EchoelBox box;
  guint i;

  /* The first picture is the third in the file's order of times. */
  for (i = 0; i < G_N_ELEMENTS (later); i++)
    later[i] = reordered[i] + 100;
  tracks[0].offsets = later;
  tracks[1].gap = 6;            /* 480 samples */
  moov = rewrite (made_moov (600, tracks, 2), &plan);
  box = made_find (MADE_SPAN (moov), 0, ctts_path);
  fail_unless_equals_int (echoel_span_u8 (box.body, 0), 1);
  /* 576 samples are 36 units of 1/3000 s. */
  for (i = 0; i < G_N_ELEMENTS (later); i++)
    fail_unless_equals_int ((gint32) echoel_span_u32 (box.body, 12 + 8 * i),
        later[i] - 300 + 36);
  box = made_find (MADE_SPAN (moov), 1, stts_path);
  fail_unless_equals_int (echoel_span_u32 (box.body, 4), 3);
  fail_unless_equals_int (echoel_span_u32 (box.body, 8), 1);
  fail_unless_equals_int (echoel_span_u32 (box.body, 12), 1024 + 480);
  box = made_find (MADE_SPAN (moov), 0, trak_path);
  fail_if (echoel_box_find (box.body, ECHOEL_BOX ('e', 'd', 't', 's'), &box));
  g_byte_array_unref (moov);
}

GST_END_TEST;

GST_START_TEST (test_fragmented_edits_have_no_duration)
{
  MadeTrack tracks[2] = { video, audio };
  EchoelTrackFix picture = { 0, 0, 66666666, NULL };
  EchoelTrackFix sound = { 1024, 48000, 0, NULL };
  EchoelMoovPlan plan = { ECHOEL_EDIT_LISTS_AUTO, TRUE, FALSE, &picture,
    &sound, 1, 1, NULL
  };
  GByteArray *moov;

  tracks[0].n_samples = tracks[1].n_samples = 0;
  tracks[0].n_chunks = tracks[1].n_chunks = 0;
  moov = rewrite (made_moov (600, tracks, 2), &plan);
  check_edit (moov, 0, 0, 0, 200);
  check_edit (moov, 1, 0, 0, 1024);
  g_byte_array_unref (moov);
}

GST_END_TEST;

GST_START_TEST (test_boxes_go_into_the_entries_of_pictures)
{
  static const guint8 boxes[] = { 0, 0, 0, 9, 'h', 'v', 'c', 'C', 7,
    0, 0, 0, 8, 'd', 'v', 'v', 'C'
  };
  MadeTrack tracks[2] = { video, audio };
  EchoelTrackFix picture = { 0, };
  EchoelMoovPlan plan = { 0, };
  EchoelSpan rest;
  EchoelBox box, entry;
  GByteArray *moov, *ftyp;
  guint n = 0;

  picture.boxes = g_bytes_new_static (boxes, sizeof (boxes));
  plan.video = &picture;
  plan.n_video = 1;
  moov = rewrite (made_moov (600, tracks, 2), &plan);
  box = made_find (MADE_SPAN (moov), 0, stsd_path);
  rest = (EchoelSpan) {
  box.body.data + 8, box.body.size - 8};
  fail_unless (echoel_box_next (&rest, &entry));
  rest = (EchoelSpan) {
  entry.body.data + 78, entry.body.size - 78};
  for (n = 0; echoel_box_next (&rest, &box); n++)
    fail_unless (n > 0 || (box.type == ECHOEL_BOX ('h', 'v', 'c', 'C')
            && box.body.size == 1), "the old box is still there");
  fail_unless_equals_int (n, 2);
  g_byte_array_unref (moov);

  moov = g_byte_array_new ();
  echoel_box_end (moov, echoel_box_begin (moov,
          ECHOEL_BOX ('f', 't', 'y', 'p')));
  ftyp = echoel_moov_brands (MADE_SPAN (moov), &plan);
  fail_unless_equals_int (echoel_span_u32 (MADE_SPAN (ftyp), 8),
      ECHOEL_BOX ('d', 'b', 'y', '1'));
  g_byte_array_unref (moov);
  g_byte_array_unref (ftyp);
  g_bytes_unref (picture.boxes);
}

GST_END_TEST;

GST_START_TEST (test_mastering_display_has_the_order_of_the_box)
{
  GstCaps *caps = gst_caps_from_string ("video/x-h265, "
      "mastering-display-info=(string)35400:14600:8500:39850:6550:2300:15635"
      ":16450:10000000:50, content-light-level=(string)1000:400");
  GByteArray *boxes = echoel_sample_entry_boxes (caps);
  EchoelSpan rest = MADE_SPAN (boxes);
  EchoelBox box;

  fail_unless (echoel_box_next (&rest, &box));
  fail_unless_equals_int (box.type, ECHOEL_BOX ('m', 'd', 'c', 'v'));
  fail_unless_equals_int (box.body.size, 24);
  fail_unless_equals_int (echoel_span_u16 (box.body, 0), 8500); /* green */
  fail_unless_equals_int (echoel_span_u16 (box.body, 4), 6550); /* blue */
  fail_unless_equals_int (echoel_span_u16 (box.body, 8), 35400);        /* red */
  fail_unless_equals_int (echoel_span_u32 (box.body, 16), 10000000);
  fail_unless_equals_int (echoel_span_u32 (box.body, 20), 50);
  fail_unless (echoel_box_next (&rest, &box));
  fail_unless_equals_int (box.type, ECHOEL_BOX ('c', 'l', 'l', 'i'));
  fail_unless_equals_int (echoel_span_u32 (box.body, 0), (1000 << 16) | 400);
  fail_unless_equals_int (rest.size, 0);
  fail_unless (echoel_boxes_are_whole (MADE_SPAN (boxes)));
  g_byte_array_set_size (boxes, boxes->len - 1);
  fail_if (echoel_boxes_are_whole (MADE_SPAN (boxes)));
  g_byte_array_unref (boxes);
  gst_caps_unref (caps);
}

GST_END_TEST;

/* Whatever is cut off, it is an error and nothing worse. */
GST_START_TEST (test_cut_indexes_are_refused)
{
  MadeTrack tracks[2] = { video, audio };
  EchoelMoovPlan plan = { 0, };
  GByteArray *moov = made_moov (600, tracks, 2);
  guint size;

  for (size = 0; size < moov->len; size++) {
    EchoelSpan cut = { moov->data, size };
    GError *error = NULL;

    fail_unless (echoel_moov_rewrite (cut, &plan, &error) == NULL);
    fail_unless (g_error_matches (error, ECHOEL_MOOV_ERROR,
            ECHOEL_MOOV_ERROR_MALFORMED));
    g_clear_error (&error);
  }
  g_byte_array_unref (moov);
}

GST_END_TEST;

static Suite *
moov_suite (void)
{
  Suite *s = suite_create ("moov");
  TCase *tc = tcase_create ("index");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_edits_take_off_priming_and_reordering);
  tcase_add_test (tc, test_edits_keep_the_gap_in_front);
  tcase_add_test (tc, test_durations_are_whole_at_1001_rates);
  tcase_add_test (tc, test_long_movies_keep_their_timescale);
  tcase_add_test (tc, test_times_begin_at_0_without_edit_lists);
  tcase_add_test (tc, test_fragmented_edits_have_no_duration);
  tcase_add_test (tc, test_boxes_go_into_the_entries_of_pictures);
  tcase_add_test (tc, test_mastering_display_has_the_order_of_the_box);
  tcase_add_test (tc, test_cut_indexes_are_refused);
  return s;
}

GST_CHECK_MAIN (moov);
