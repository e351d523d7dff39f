/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "card.h"

#include "backends.h"
#include "testcard.h"

/* More buffers than this in use downstream: the oldest is let go. */
#define SLOTS 8
#define ALIGN 64

struct _Card
{
  GstVideoInfo info;
  guint64 count;
  guint next;
  struct
  {
    GstMemory *memory;
    EchoelTestCard shows;
  } slots[SLOTS];
};

const TextureBackend texture_backend_pattern = {
  .name = "pattern",
  .text = "An animated test card; nothing is pushed",
};

Card *
card_new (const GstVideoInfo * info)
{
  Card *card = g_new0 (Card, 1);

  card->info = *info;
  return card;
}

/* A slot whose memory nobody else has; a fresh one else. */
static guint
find_slot (Card * card)
{
  GstAllocationParams params = { 0, ALIGN - 1, 0, 0, {NULL} };
  guint i;

  for (i = 0; i < SLOTS; i++) {
    GstMemory *memory = card->slots[i].memory;

    if (memory == NULL)
      break;
    if (GST_MINI_OBJECT_REFCOUNT_VALUE (memory) == 1)
      return i;
  }
  if (i == SLOTS) {
    i = card->next++ % SLOTS;
    gst_memory_unref (card->slots[i].memory);
  }
  card->slots[i].memory = gst_allocator_alloc (NULL,
      GST_VIDEO_INFO_SIZE (&card->info), &params);
  card->slots[i].shows.drawn = FALSE;
  return i;
}

/* Between frames the memory is read-only: an element that draws into it
 * makes a copy, and the still parts stay. */
static void
set_read_only (GstMemory * memory, gboolean read_only)
{
  if (read_only)
    GST_MINI_OBJECT_FLAG_SET (memory, GST_MEMORY_FLAG_READONLY);
  else
    GST_MINI_OBJECT_FLAG_UNSET (memory, GST_MEMORY_FLAG_READONLY);
}

GstBuffer *
card_draw (Card * card, GstClockTime time)
{
  guint slot = find_slot (card);
  GstMemory *memory = card->slots[slot].memory;
  GstBuffer *buffer;
  GstVideoFrame frame;
  gboolean drawn;

  if (memory == NULL)
    return NULL;
  set_read_only (memory, FALSE);
  buffer = gst_buffer_new ();
  gst_buffer_append_memory (buffer, gst_memory_ref (memory));
  drawn = gst_video_frame_map (&frame, &card->info, buffer,
      GST_MAP_READWRITE | GST_VIDEO_FRAME_MAP_FLAG_NO_REF);
  if (drawn) {
    echoel_test_card_draw (&card->slots[slot].shows, &frame, card->count, time);
    gst_video_frame_unmap (&frame);
    card->count++;
  } else {
    gst_clear_buffer (&buffer);
  }
  set_read_only (memory, TRUE);
  return buffer;
}

guint64
card_count (const Card * card)
{
  return card->count;
}

void
card_free (Card * card)
{
  guint i;

  if (card == NULL)
    return;
  for (i = 0; i < SLOTS; i++)
    if (card->slots[i].memory != NULL)
      gst_memory_unref (card->slots[i].memory);
  g_free (card);
}
