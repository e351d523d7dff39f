/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that is killed after every single write, and in the middle of the
 * long ones, must be whole. */
#include "filelayout.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#include "moovmaker.h"
#include "tracktimes.h"

#define MOOV ECHOEL_BOX ('m', 'o', 'o', 'v')
#define MDAT ECHOEL_BOX ('m', 'd', 'a', 't')
#define FREE ECHOEL_BOX ('f', 'r', 'e', 'e')

/* Where the muxer believes that its data begins. */
#define COUNTED 100000

#define MOST_SAMPLES 400
#define MOST_SIZE 300

typedef struct
{
  EchoelFileLayout layout;
  GByteArray *file;
  GRand *random;
  guint32 at[MOST_SAMPLES], size[MOST_SAMPLES]; /* as the muxer counts */
  guint n, indexed;             /* samples; those in the last whole index */
  guint checks;
} Disk;

static void
write_bytes (Disk * disk, guint64 at, const guint8 * data, gsize size)
{
  guint old = disk->file->len;

  if (at + size > old) {
    g_byte_array_set_size (disk->file, (guint) (at + size));
    memset (disk->file->data + old, 0, disk->file->len - old);
  }
  if (size > 0)
    memcpy (disk->file->data + at, data, size);
}

/* The first index of the file; its boxes must fill it without a gap. */
static gboolean
find_index (Disk * disk, EchoelBox * index)
{
  EchoelSpan rest = MADE_SPAN (disk->file);
  gboolean found = FALSE;
  EchoelBox box;

  while (echoel_box_next (&rest, &box)) {
    if (box.type != MOOV && box.type != MDAT && box.type != FREE
        && box.type != ECHOEL_BOX ('f', 't', 'y', 'p'))
      fail ("there is a box that nobody wrote");
    if (box.type == MOOV && !found) {
      *index = box;
      found = TRUE;
    }
  }
  return found;
}

/* Our indexes are lists of positions and sizes; each sample is filled with its
 * number. */
static guint
check_index (Disk * disk)
{
  guint8 content[MOST_SIZE];
  EchoelBox index;
  guint i, n;

  disk->checks++;
  if (!find_index (disk, &index))
    return 0;
  n = echoel_span_u32 (index.body, 0);
  for (i = 0; i < n; i++) {
    guint32 at = echoel_span_u32 (index.body, 4 + i * 8);
    guint32 size = echoel_span_u32 (index.body, 8 + i * 8);

    /* Each fail_unless() costs a write to a pipe. */
    memset (content, (guint8) (i + 1), sizeof (content));
    if (size > MOST_SIZE || at + size > disk->file->len
        || memcmp (disk->file->data + at, content, size) != 0)
      fail ("sample %u of %u is not where the index says", i, n);
  }
  return n;
}

static void
check_killed (Disk * disk)
{
  if (check_index (disk) < disk->indexed)
    fail ("the file forgot what it had");
}

/* Performs @writes, killed in between. What takes more than a header's bytes
 * may be torn. */
static void
perform (Disk * disk, GArray * writes)
{
  guint i;

  for (i = 0; i < writes->len; i++) {
    EchoelFileWrite *write = &g_array_index (writes, EchoelFileWrite, i);
    gsize size;
    const guint8 *data = g_bytes_get_data (write->bytes, &size);

    if (size > 16) {
      write_bytes (disk, write->at, data,
          (gsize) g_rand_int_range (disk->random, 1, (gint32) size));
      if (i > 0 || disk->n > 0)
        check_killed (disk);
    }
    write_bytes (disk, write->at, data, size);
    check_killed (disk);
  }
  g_array_unref (writes);
}

static void
begin (Disk * disk, guint64 reserve, gboolean updates, guint32 seed)
{
  static const guint8 ftyp[] = { 0, 0, 0, 12, 'f', 't', 'y', 'p', 'm', 'p',
    '4', '2'
  };
  GArray *writes = echoel_file_writes_new ();

  memset (disk, 0, sizeof (*disk));
  disk->file = g_byte_array_new ();
  disk->random = g_rand_new_with_seed (seed);
  echoel_file_layout_begin (&disk->layout, (EchoelSpan) {
      ftyp, sizeof (ftyp)}
      , reserve, updates, COUNTED, writes);
  perform (disk, writes);
}

static void
end (Disk * disk)
{
  echoel_file_layout_clear (&disk->layout);
  g_byte_array_unref (disk->file);
  g_rand_free (disk->random);
}

static void
add_sample (Disk * disk)
{
  guint32 size = (guint32) g_rand_int_range (disk->random, 0, MOST_SIZE);
  guint8 content[MOST_SIZE];

  memset (content, (guint8) (disk->n + 1), sizeof (content));
  disk->at[disk->n] = (guint32) disk->layout.counted;
  disk->size[disk->n] = size;
  write_bytes (disk, echoel_file_layout_data (&disk->layout, size), content,
      size);
  disk->n++;
  check_killed (disk);
}

static GBytes *
make_index (Disk * disk)
{
  GByteArray *out = g_byte_array_new ();
  gsize start = echoel_box_begin (out, MOOV);
  guint i;

  echoel_put_u32 (out, disk->n);
  for (i = 0; i < disk->n; i++) {
    echoel_put_u32 (out,
        (guint32) echoel_chunk_map_apply (&disk->layout.map, disk->at[i]));
    echoel_put_u32 (out, disk->size[i]);
  }
  echoel_box_end (out, start);
  return g_byte_array_free_to_bytes (out);
}

static void
index_now (Disk * disk, gboolean finish)
{
  GArray *writes = echoel_file_writes_new ();
  GBytes *moov = make_index (disk);

  if (finish)
    echoel_file_layout_finish (&disk->layout, moov, writes);
  else
    echoel_file_layout_index (&disk->layout, moov, writes);
  g_bytes_unref (moov);
  perform (disk, writes);
  disk->indexed = disk->n;
  fail_unless_equals_int (check_index (disk), disk->n);
}

static void
run (guint64 reserve, guint n, guint32 seed, guint moved)
{
  Disk disk;

  begin (&disk, reserve, TRUE, seed);
  while (disk.n < n) {
    add_sample (&disk);
    if (g_rand_int_range (disk.random, 0, 4) == 0)
      index_now (&disk, FALSE);
  }
  index_now (&disk, TRUE);
  fail_unless_equals_int (disk.layout.moved, moved);
  end (&disk);
}

GST_START_TEST (test_file_is_whole_after_each_write)
{
  guint32 seed;

  for (seed = 1; seed <= 20; seed++)
    run (5000, 200, seed, 0);
}

GST_END_TEST;

GST_START_TEST (test_file_goes_on_when_the_reserve_is_too_small)
{
  guint32 seed;

  for (seed = 1; seed <= 20; seed++)
    run (100, 300, seed, 1);
  run (0, 300, 1, 1);
}

GST_END_TEST;

static gsize
position_of (Disk * disk, guint32 type)
{
  EchoelSpan rest = MADE_SPAN (disk->file);
  EchoelBox box;

  fail_unless (echoel_box_find (rest, type, &box));
  return (gsize) (box.whole.data - disk->file->data);
}

/* Without updates: in front when there is room, to the byte, else behind. */
GST_START_TEST (test_index_comes_once_without_updates)
{
  guint64 reserve;

  for (reserve = 0; reserve < 500; reserve++) {
    Disk disk;
    gsize size = 12 + 50 * 8;

    begin (&disk, reserve, FALSE, 7);
    while (disk.n < 50)
      add_sample (&disk);
    fail_unless_equals_int (check_index (&disk), 0);
    index_now (&disk, TRUE);
    if (reserve >= size || reserve + 8 == size)
      fail_unless (position_of (&disk, MOOV) < position_of (&disk, MDAT));
    else
      fail_unless (position_of (&disk, MOOV) > position_of (&disk, MDAT));
    end (&disk);
  }
}

GST_END_TEST;

/* 16 bytes a frame and 500 a second and track hold 120 frames a second with
 * B-frames, which take 2500 bytes a second with their sound. */
GST_START_TEST (test_reserve_follows_rate_and_tracks)
{
  fail_unless (echoel_file_reserve (0, 120 + 50, 2, 100) >= 100 * 2500);
  fail_unless (echoel_file_reserve (0, 30 + 50, 2, 100) < 100 * 2500);
  fail_unless (echoel_file_reserve (1000, 0, 0, 0) > 1000);
}

GST_END_TEST;

GST_START_TEST (test_empty_file_is_whole)
{
  Disk disk;

  begin (&disk, 100, TRUE, 1);
  index_now (&disk, TRUE);
  fail_unless (position_of (&disk, MOOV) < position_of (&disk, MDAT));
  end (&disk);
}

GST_END_TEST;

/* A chunk that goes on behind a new reserve is two chunks in the file. */
GST_START_TEST (test_chunks_are_split_where_the_index_moved)
{
  static const guint32 chunks[] = { 1000, 1200 };
  static const MadeTrack track = { ECHOEL_TRACK_VIDEO, 3000, 20, 100, 20, 0,
    NULL, chunks, 2, 10, 0, 0
  };
  static const guint32 stbl_path[] = { ECHOEL_BOX ('t', 'r', 'a', 'k'),
    ECHOEL_BOX ('m', 'd', 'i', 'a'), ECHOEL_BOX ('m', 'i', 'n', 'f'),
    ECHOEL_BOX ('s', 't', 'b', 'l'), 0
  };
  GByteArray *moov = made_moov (600, &track, 1), *out = g_byte_array_new ();
  EchoelBox stbl = made_find (MADE_SPAN (moov), 0, stbl_path), box;
  EchoelChunkMap map;

  echoel_chunk_map_init (&map);
  echoel_chunk_map_add (&map, 1000, (guint64) 0 - 900);
  echoel_chunk_map_add (&map, 1060, 5000);
  fail_unless (echoel_chunk_map_write (&map, stbl.body, out));
  fail_unless (echoel_box_find (MADE_SPAN (out),
          ECHOEL_BOX ('s', 't', 'c', 'o'), &box));
  fail_unless_equals_int (echoel_span_u32 (box.body, 4), 3);
  fail_unless_equals_int (echoel_span_u32 (box.body, 8), 100);
  fail_unless_equals_int (echoel_span_u32 (box.body, 12), 6060);
  fail_unless_equals_int (echoel_span_u32 (box.body, 16), 6200);
  fail_unless (echoel_box_find (MADE_SPAN (out),
          ECHOEL_BOX ('s', 't', 's', 'c'), &box));
  fail_unless_equals_int (echoel_span_u32 (box.body, 4), 3);
  fail_unless_equals_int (echoel_span_u32 (box.body, 12), 3);
  fail_unless_equals_int (echoel_span_u32 (box.body, 24), 7);
  fail_unless_equals_int (echoel_span_u32 (box.body, 36), 10);
  echoel_chunk_map_clear (&map);
  g_byte_array_unref (out);
  g_byte_array_unref (moov);
}

GST_END_TEST;

/* Positions that 32 bits cannot hold. */
GST_START_TEST (test_far_chunks_have_wide_positions)
{
  static const guint32 chunks[] = { 1000 };
  static const MadeTrack track = { ECHOEL_TRACK_VIDEO, 3000, 10, 100, 20, 0,
    NULL, chunks, 1, 10, 0, 0
  };
  static const guint32 stbl_path[] = { ECHOEL_BOX ('t', 'r', 'a', 'k'),
    ECHOEL_BOX ('m', 'd', 'i', 'a'), ECHOEL_BOX ('m', 'i', 'n', 'f'),
    ECHOEL_BOX ('s', 't', 'b', 'l'), 0
  };
  GByteArray *moov = made_moov (600, &track, 1), *out = g_byte_array_new ();
  EchoelBox stbl = made_find (MADE_SPAN (moov), 0, stbl_path), box;
  EchoelChunkMap map;

  echoel_chunk_map_init (&map);
  echoel_chunk_map_add (&map, 0, G_GUINT64_CONSTANT (5000000000));
  fail_unless (echoel_chunk_map_write (&map, stbl.body, out));
  fail_unless (echoel_box_find (MADE_SPAN (out),
          ECHOEL_BOX ('c', 'o', '6', '4'), &box));
  fail_unless (echoel_span_u64 (box.body, 8)
      == G_GUINT64_CONSTANT (5000001000));
  echoel_chunk_map_clear (&map);
  g_byte_array_unref (out);
  g_byte_array_unref (moov);
}

GST_END_TEST;

static Suite *
filelayout_suite (void)
{
  Suite *s = suite_create ("filelayout");
  TCase *tc = tcase_create ("layout");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_file_is_whole_after_each_write);
  tcase_add_test (tc, test_file_goes_on_when_the_reserve_is_too_small);
  tcase_add_test (tc, test_index_comes_once_without_updates);
  tcase_add_test (tc, test_reserve_follows_rate_and_tracks);
  tcase_add_test (tc, test_empty_file_is_whole);
  tcase_add_test (tc, test_chunks_are_split_where_the_index_moved);
  tcase_add_test (tc, test_far_chunks_have_wide_positions);
  return s;
}

GST_CHECK_MAIN (filelayout);
