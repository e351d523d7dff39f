/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "sender.h"

/* The relay's last resort: above this delay it drops up to the next key
 * frame, and it asks for one no more often than so many steps apart. */
#define DROP_DELAY 1.0
#define KEY_INTERVAL (2 * PATH_STEPS)

void
sender_init (Sender * sender, gboolean drops, const PathSettings * path)
{
  memset (sender, 0, sizeof *sender);
  sender->drops = drops;
  path_init (&sender->path, path);
}

static Frame *
frame_at (const Sender * sender, guint64 number)
{
  return (Frame *) & sender->frames[number % SENDER_FRAMES];
}

static gdouble
seconds_since (const Sender * sender, guint64 step)
{
  return (gdouble) (sender->step - step) / PATH_STEPS;
}

static void
drop (Sender * sender, Frame * late)
{
  gdouble video = MAX (late->left - late->audio, 0.0);

  if (late->dropped || late->left < late->size)
    return;
  late->dropped = TRUE;
  late->size -= video;
  late->left -= video;
  sender->lost++;
}

gdouble
sender_queued (const Sender * sender)
{
  guint64 i;

  for (i = sender->head; i < sender->n_frames; i++)
    if (!frame_at (sender, i)->dropped)
      return seconds_since (sender, frame_at (sender, i)->step);
  return 0.0;
}

/* Drops what waits, up to the newest key frame or until one comes.
 * Returns: whether one is to be asked for */
static gboolean
climb_ladder (Sender * sender)
{
  Frame *newest = frame_at (sender, sender->n_frames - 1);
  guint64 i, key = sender->n_frames;

  if (sender->key_needed && newest->key)
    sender->key_needed = FALSE;
  if (!sender->key_needed
      && sender_queued (sender) + sender->beyond < DROP_DELAY)
    return FALSE;
  for (i = sender->head; i < sender->n_frames; i++)
    if (frame_at (sender, i)->key && !frame_at (sender, i)->dropped)
      key = i;
  for (i = sender->head; i < key; i++)
    drop (sender, frame_at (sender, i));
  if (key < sender->n_frames)
    return FALSE;
  sender->key_needed = TRUE;
  if (sender->key_asked_at != 0
      && sender->step < sender->key_asked_at + KEY_INTERVAL)
    return FALSE;
  sender->key_asked_at = sender->step;
  return TRUE;
}

gboolean
sender_push (Sender * sender, const EncodedFrame * encoded)
{
  Frame *fresh = frame_at (sender, sender->n_frames++);

  memset (fresh, 0, sizeof *fresh);
  fresh->key = encoded->key;
  fresh->step = sender->step;
  fresh->audio = encoded->audio;
  fresh->size = fresh->left = encoded->video + encoded->audio;
  sender->offered += fresh->size;
  return sender->drops && climb_ladder (sender);
}

static void
fill_socket (Sender * sender)
{
  gdouble room = path_room (&sender->path);

  while (sender->head < sender->n_frames && room > 0.0) {
    Frame *first = frame_at (sender, sender->head);
    gdouble bytes = MIN (first->left, room);

    if (first->begun == 0)
      first->begun = sender->step;
    path_write (&sender->path, bytes);
    first->left -= bytes;
    room -= bytes;
    if (first->left > 0.0)
      return;
    first->entered = sender->step;
    first->end = sender->path.accepted;
    sender->head++;
  }
}

void
sender_send (Sender * sender, gdouble space)
{
  sender->step++;
  fill_socket (sender);
  path_send (&sender->path, space);
}

void
sender_arrive (Sender * sender)
{
  while (sender->arrived < sender->head
      && frame_at (sender, sender->arrived)->end <= sender->path.arrived + 0.5)
    sender->arrived++;
}

gdouble
sender_waiting (const Sender * sender)
{
  gdouble bytes = 0.0;
  guint64 i;

  for (i = sender->head; i < sender->n_frames; i++)
    bytes += frame_at (sender, i)->left;
  return bytes;
}

gdouble
sender_delay (const Sender * sender)
{
  guint64 i;

  for (i = sender->arrived; i < sender->n_frames; i++)
    if (!frame_at (sender, i)->dropped)
      return seconds_since (sender, frame_at (sender, i)->step);
  return 0.0;
}
