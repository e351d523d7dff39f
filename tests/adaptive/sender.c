/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "sender.h"

/* The relay's last resort: above this delay it drops up to the next key
 * frame, and it asks for one no more often than so many steps apart. */
#define DROP_DELAY 1.0
#define KEY_INTERVAL (2 * PATH_STEPS)

void
sender_init (Sender * sender, const SenderSettings * settings,
    const PathSettings * path, gdouble bitrate, guint32 seed)
{
  memset (sender, 0, sizeof *sender);
  sender->settings = *settings;
  sender->bitrate = sender->wanted = bitrate;
  sender->random = seed | 1;
  path_init (&sender->path, path);
}

void
sender_ask (Sender * sender, gdouble bitrate)
{
  if (bitrate == sender->wanted)
    return;
  sender->wanted = bitrate;
  sender->wanted_at = sender->step;
}

/* -1 to 1, the same for the same seed everywhere. */
static gdouble
next_random (Sender * sender)
{
  sender->random ^= sender->random << 13;
  sender->random ^= sender->random >> 17;
  sender->random ^= sender->random << 5;
  return sender->random / (gdouble) G_MAXUINT32 *2.0 - 1.0;
}

static Frame *
frame (const Sender * sender, guint64 number)
{
  return (Frame *) & sender->frames[number % SENDER_FRAMES];
}

static void
encode (Sender * sender)
{
  const SenderSettings *settings = &sender->settings;
  gdouble mean = sender->bitrate / 8.0 / settings->fps;
  gdouble inter = settings->key_debt ? 1.0
      : (settings->gop - settings->key_scale) / (settings->gop - 1);
  gboolean key = sender->since_key % settings->gop == 0 || sender->key_wanted;
  gdouble ideal = mean * (key ? settings->key_scale : inter);
  gdouble size = ideal * (1.0 + settings->noise * next_random (sender))
      - (key && settings->key_debt ? 0.0 : sender->debt / settings->pay_back);
  Frame *fresh = frame (sender, sender->n_frames);

  size = MAX (size, mean * 0.1);
  sender->debt += size - (settings->key_debt ? mean : ideal);
  memset (fresh, 0, sizeof *fresh);
  fresh->key = key;
  fresh->step = sender->step;
  fresh->size = fresh->left = size + settings->audio / 8.0 / settings->fps;
  sender->since_key = key ? 1 : sender->since_key + 1;
  sender->key_wanted = sender->key_wanted && !key;
  sender->offered += fresh->size;
  sender->n_frames++;
}

static void
drop (Sender * sender, Frame * late)
{
  gdouble audio = sender->settings.audio / 8.0 / sender->settings.fps;
  gdouble video = MAX (late->left - audio, 0.0);

  if (late->dropped || late->left < late->size)
    return;
  late->dropped = TRUE;
  late->size -= video;
  late->left -= video;
  sender->dropped += video;
  sender->lost++;
}

gdouble
sender_queued (const Sender * sender)
{
  guint64 i;

  for (i = sender->head; i < sender->n_frames; i++)
    if (!frame (sender, i)->dropped)
      return (gdouble) (sender->step - frame (sender, i)->step) / PATH_STEPS;
  return 0.0;
}

/* Drops what waits, up to the newest key frame or until one comes. */
static void
climb_ladder (Sender * sender)
{
  Frame *newest = frame (sender, sender->n_frames - 1);
  guint64 i, key = sender->n_frames;

  if (sender->key_needed && newest->key)
    sender->key_needed = FALSE;
  if (!sender->key_needed
      && sender_queued (sender) + sender->beyond < DROP_DELAY)
    return;
  for (i = sender->head; i < sender->n_frames; i++)
    if (frame (sender, i)->key && !frame (sender, i)->dropped)
      key = i;
  for (i = sender->head; i < key; i++)
    drop (sender, frame (sender, i));
  if (key < sender->n_frames)
    return;
  sender->key_needed = TRUE;
  if (sender->key_asked_at == 0
      || sender->step >= sender->key_asked_at + KEY_INTERVAL) {
    sender->key_wanted = TRUE;
    sender->key_asked_at = sender->step;
  }
}

static void
fill_socket (Sender * sender)
{
  gdouble room = path_room (&sender->path);

  while (sender->head < sender->n_frames && room > 0.0) {
    Frame *first = frame (sender, sender->head);
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
sender_step (Sender * sender, gdouble rate)
{
  guint64 due = sender->step * sender->settings.fps / PATH_STEPS;

  sender->step++;
  if (sender->wanted != sender->bitrate
      && sender->step >= sender->wanted_at + sender->settings.lag)
    sender->bitrate = sender->wanted;
  if (due >= sender->n_frames) {
    encode (sender);
    if (sender->settings.drops)
      climb_ladder (sender);
  }
  fill_socket (sender);
  path_step (&sender->path, rate);
  while (sender->arrived < sender->head
      && frame (sender, sender->arrived)->end <= sender->path.arrived + 0.5)
    sender->arrived++;
}

gdouble
sender_waiting (const Sender * sender)
{
  gdouble bytes = 0.0;
  guint64 i;

  for (i = sender->head; i < sender->n_frames; i++)
    bytes += frame (sender, i)->left;
  return bytes;
}

gdouble
sender_delay (const Sender * sender)
{
  guint64 i;

  for (i = sender->arrived; i < sender->n_frames; i++)
    if (!frame (sender, i)->dropped)
      return (gdouble) (sender->step - frame (sender, i)->step) / PATH_STEPS;
  return 0.0;
}
