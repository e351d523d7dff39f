/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "framequeue.h"

EchoelQueueVerdict
echoel_frame_queue_ask (const EchoelFrameQueue * queue)
{
  static const EchoelQueueVerdict when_full[] = {
    [ECHOEL_QUEUE_DROP_OLDEST] = ECHOEL_QUEUE_DROP_FIRST,
    [ECHOEL_QUEUE_DROP_NEWEST] = ECHOEL_QUEUE_REFUSE,
    [ECHOEL_QUEUE_BLOCK] = ECHOEL_QUEUE_WAIT,
  };

  if (queue->frames.length < MAX (queue->limit, 1))
    return ECHOEL_QUEUE_TAKE;
  return when_full[queue->policy];
}

void
echoel_frame_queue_push (EchoelFrameQueue * queue, gpointer frame)
{
  g_queue_push_tail (&queue->frames, frame);
}

gpointer
echoel_frame_queue_pop (EchoelFrameQueue * queue)
{
  return g_queue_pop_head (&queue->frames);
}

guint
echoel_frame_queue_length (const EchoelFrameQueue * queue)
{
  return queue->frames.length;
}

guint
echoel_frame_queue_steal (EchoelFrameQueue * queue, GQueue * frames)
{
  *frames = queue->frames;
  g_queue_init (&queue->frames);
  return frames->length;
}
