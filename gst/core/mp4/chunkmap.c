/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chunkmap.h"

#define TABLE_HEADER 8

#define STSC ECHOEL_BOX ('s', 't', 's', 'c')
#define STSZ ECHOEL_BOX ('s', 't', 's', 'z')
#define STCO ECHOEL_BOX ('s', 't', 'c', 'o')
#define CO64 ECHOEL_BOX ('c', 'o', '6', '4')

/* Samples that lie one behind the other in the file. */
typedef struct
{
  guint64 offset;
  guint32 samples;
  guint32 description;
} Chunk;

typedef struct
{
  EchoelSpan stsc, stsz, offsets;
  guint32 n_stsc, n_samples, n_chunks;
  guint32 fixed_size;           /* of every sample, 0: each has its own */
  gboolean wide;                /* offsets of 64 bits */
} Tables;

void
echoel_chunk_map_init (EchoelChunkMap * map)
{
  map->shifts = g_array_new (FALSE, FALSE, sizeof (EchoelChunkShift));
}

void
echoel_chunk_map_clear (EchoelChunkMap * map)
{
  g_clear_pointer (&map->shifts, g_array_unref);
}

void
echoel_chunk_map_add (EchoelChunkMap * map, guint64 from, guint64 shift)
{
  EchoelChunkShift entry = { from, shift };

  g_array_append_val (map->shifts, entry);
}

/* The entry that holds for @position, and where the next one begins. */
static const EchoelChunkShift *
find (const EchoelChunkMap * map, guint64 position, guint64 * until)
{
  const EchoelChunkShift *found = NULL, *entry;
  guint i;

  *until = G_MAXUINT64;
  for (i = 0; i < map->shifts->len; i++) {
    entry = &g_array_index (map->shifts, EchoelChunkShift, i);
    if (entry->from > position) {
      *until = entry->from;
      break;
    }
    found = entry;
  }
  return found;
}

guint64
echoel_chunk_map_apply (const EchoelChunkMap * map, guint64 position)
{
  guint64 until;
  const EchoelChunkShift *entry = find (map, position, &until);

  return entry ? position + entry->shift : position;
}

static gboolean
tables_read (EchoelSpan stbl, Tables * tables)
{
  EchoelBox stsc, stsz, offsets;

  if (!echoel_box_find (stbl, STSC, &stsc)
      || !echoel_box_find (stbl, STSZ, &stsz))
    return FALSE;
  tables->wide = echoel_box_find (stbl, CO64, &offsets);
  if (!tables->wide && !echoel_box_find (stbl, STCO, &offsets))
    return FALSE;
  tables->stsc = stsc.body;
  tables->n_stsc = echoel_span_table (stsc.body, 12);
  tables->stsz = stsz.body;
  tables->fixed_size = echoel_span_u32 (stsz.body, 4);
  tables->n_samples = echoel_span_u32 (stsz.body, 8);
  if (tables->fixed_size == 0 && (stsz.body.size < 12
          || tables->n_samples > (stsz.body.size - 12) / 4))
    return FALSE;
  tables->offsets = offsets.body;
  tables->n_chunks = echoel_span_table (offsets.body, tables->wide ? 8 : 4);
  return TRUE;
}

static guint32
size_of (const Tables * tables, guint32 sample)
{
  return tables->fixed_size ? tables->fixed_size
      : echoel_span_u32 (tables->stsz, 12 + (gsize) sample * 4);
}

/* How many of @count samples begin before @until; moves @position on. */
static guint32
samples_before (const Tables * tables, guint32 sample, guint32 count,
    guint64 until, guint64 * position)
{
  guint64 size = tables->fixed_size, fit;
  guint32 i;

  if (size > 0) {
    fit = (until - *position + size - 1) / size;
    count = (guint32) MIN (fit, count);
    *position += count * size;
    return count;
  }
  for (i = 0; i < count && *position < until; i++)
    *position += size_of (tables, sample + i);
  return i;
}

/* Splits a chunk at the shifts inside it. */
static void
add_chunk (GArray * chunks, const EchoelChunkMap * map, const Tables * tables,
    Chunk chunk, guint32 sample)
{
  guint64 position = chunk.offset, until;
  guint32 left = chunk.samples;

  while (left > 0) {
    const EchoelChunkShift *entry = find (map, position, &until);

    chunk.offset = position + (entry ? entry->shift : 0);
    chunk.samples = until == G_MAXUINT64 ? left
        : samples_before (tables, sample, left, until, &position);
    g_array_append_val (chunks, chunk);
    sample += chunk.samples;
    left -= chunk.samples;
  }
}

/* Every chunk with its samples, at its real place. */
static GArray *
read_chunks (const EchoelChunkMap * map, const Tables * tables)
{
  GArray *chunks = g_array_new (FALSE, FALSE, sizeof (Chunk));
  guint32 chunk, run = 0, sample = 0;
  Chunk now = { 0, };

  for (chunk = 0; chunk < tables->n_chunks; chunk++) {
    gsize at = TABLE_HEADER + (gsize) run * 12;

    if (run < tables->n_stsc && echoel_span_u32 (tables->stsc, at) == chunk + 1) {
      now.samples = echoel_span_u32 (tables->stsc, at + 4);
      now.description = echoel_span_u32 (tables->stsc, at + 8);
      run++;
    }
    if (now.samples == 0 || now.samples > tables->n_samples - sample) {
      g_array_unref (chunks);
      return NULL;
    }
    now.offset = tables->wide
        ? echoel_span_u64 (tables->offsets, TABLE_HEADER + (gsize) chunk * 8)
        : echoel_span_u32 (tables->offsets, TABLE_HEADER + (gsize) chunk * 4);
    add_chunk (chunks, map, tables, now, sample);
    sample += now.samples;
  }
  return chunks;
}

static void
write_stsc (GByteArray * out, const GArray * chunks)
{
  gsize start = echoel_box_begin (out, STSC), count;
  guint32 n = 0, samples = 0, description = 0;
  guint i;

  echoel_put_u32 (out, 0);
  count = out->len;
  echoel_put_u32 (out, 0);
  for (i = 0; i < chunks->len; i++) {
    const Chunk *chunk = &g_array_index (chunks, Chunk, i);

    if (i > 0 && chunk->samples == samples && chunk->description == description)
      continue;
    samples = chunk->samples;
    description = chunk->description;
    echoel_put_u32 (out, i + 1);
    echoel_put_u32 (out, samples);
    echoel_put_u32 (out, description);
    n++;
  }
  echoel_set_u32 (out, count, n);
  echoel_box_end (out, start);
}

static void
write_offsets (GByteArray * out, const GArray * chunks, gboolean wide)
{
  gsize start;
  guint i;

  for (i = 0; i < chunks->len && !wide; i++)
    wide = g_array_index (chunks, Chunk, i).offset > G_MAXUINT32;
  start = echoel_box_begin (out, wide ? CO64 : STCO);
  echoel_put_u32 (out, 0);
  echoel_put_u32 (out, chunks->len);
  for (i = 0; i < chunks->len; i++) {
    guint64 offset = g_array_index (chunks, Chunk, i).offset;

    if (wide)
      echoel_put_u64 (out, offset);
    else
      echoel_put_u32 (out, (guint32) offset);
  }
  echoel_box_end (out, start);
}

static void
copy_tables (EchoelSpan stbl, GByteArray * out)
{
  EchoelBox box;

  while (echoel_box_next (&stbl, &box))
    if (box.type == STSC || box.type == STCO || box.type == CO64)
      echoel_put_box (out, &box);
}

gboolean
echoel_chunk_map_write (const EchoelChunkMap * map, EchoelSpan stbl,
    GByteArray * out)
{
  Tables tables = { {NULL, 0}, };
  GArray *chunks;

  if (map == NULL || map->shifts->len == 0) {
    copy_tables (stbl, out);
    return TRUE;
  }
  if (!tables_read (stbl, &tables))
    return FALSE;
  chunks = read_chunks (map, &tables);
  if (chunks == NULL)
    return FALSE;
  write_stsc (out, chunks);
  write_offsets (out, chunks, FALSE);
  g_array_unref (chunks);
  return TRUE;
}
