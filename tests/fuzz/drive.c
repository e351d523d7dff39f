/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fuzz target without libFuzzer: the corpus as it is, then changed at random
 * from a fixed seed.
 *
 * usage: TARGET CORPUS-FOLDER ROUNDS */
#include "fuzz.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define SEED 20260101
#define MOST_CHANGES 8
#define MOST_BYTES (1 << 16)

/* Numbers at the edges of what fields hold. */
static const guint32 edges[] = { 0, 1, 7, 8, 15, 16, 0x7fffffff, 0x80000000,
  0xffffffff, 0xfffffff8, 0x01000000
};

static void
change (GRand * random, guint8 * data, gsize * size)
{
  gsize at = (gsize) g_rand_int_range (random, 0, (gint32) * size);
  guint32 edge = edges[g_rand_int_range (random, 0, G_N_ELEMENTS (edges))];
  gsize n;

  switch (g_rand_int_range (random, 0, 5)) {
    case 0:
      data[at] = (guint8) g_rand_int (random);
      break;
    case 1:
      data[at] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
      break;
    case 2:                    /* a field at the edge */
      at &= ~(gsize) 3;
      edge = GUINT32_TO_BE (edge);
      memcpy (data + at, &edge, MIN (sizeof (edge), *size - at));
      break;
    case 3:                    /* cut */
      *size = at + 1;
      break;
    default:                   /* a piece over another */
      n = (gsize) g_rand_int_range (random, 1, 64);
      n = MIN (n, *size - at);
      memmove (data + g_rand_int_range (random, 0, (gint32) (*size - n + 1)),
          data + at, n);
      break;
  }
}

static void
run_changed (GRand * random, const gchar * text, gsize size)
{
  gint n = g_rand_int_range (random, 1, MOST_CHANGES);
  guint8 *data = g_memdup2 (text, size), *exact;

  while (n-- > 0)
    change (random, data, &size);
  /* As long as it is, so that sanitizers see each byte too many. */
  exact = g_memdup2 (data, size);
  LLVMFuzzerTestOneInput (exact, size);
  g_free (exact);
  g_free (data);
}

static GPtrArray *
load (const gchar * folder)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func ((GDestroyNotify)
      g_bytes_unref);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  g_assert (dir != NULL);
  while ((name = g_dir_read_name (dir)) != NULL) {
    gchar *path = g_build_filename (folder, name, NULL), *text;
    gsize size;

    g_assert (g_file_get_contents (path, &text, &size, NULL));
    g_assert (size > 0 && size <= MOST_BYTES);
    g_ptr_array_add (texts, g_bytes_new_take (text, size));
    g_free (path);
  }
  g_dir_close (dir);
  g_assert (texts->len > 0);
  return texts;
}

int
main (int argc, char **argv)
{
  GRand *random = g_rand_new_with_seed (SEED);
  GPtrArray *texts;
  gint64 rounds;
  guint i;

  g_assert (argc == 3);
  texts = load (argv[1]);
  rounds = g_ascii_strtoll (argv[2], NULL, 10);
  for (i = 0; i < texts->len || rounds-- > 0; i++) {
    gsize size;
    const gchar *text = g_bytes_get_data (g_ptr_array_index (texts,
            i % texts->len), &size);

    if (i < texts->len)
      LLVMFuzzerTestOneInput ((const guint8 *) text, size);
    else
      run_changed (random, text, size);
  }
  g_ptr_array_unref (texts);
  g_rand_free (random);
  return 0;
}
