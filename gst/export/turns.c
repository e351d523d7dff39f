/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "turns.h"

/* On the stack of the one that waits. */
typedef struct
{
  GstClockTime time;
  gboolean has_turn;
  GCond turned;
} Waiting;

void
turns_init (Turns * turns, guint n)
{
  g_mutex_init (&turns->lock);
  turns->n_free = n;
  turns->waiting = NULL;
}

void
turns_clear (Turns * turns)
{
  g_assert (turns->waiting == NULL);
  g_mutex_clear (&turns->lock);
}

void
turns_take (Turns * turns, GstClockTime time)
{
  Waiting self = { time, FALSE, };

  g_mutex_lock (&turns->lock);
  if (turns->n_free > 0) {
    turns->n_free--;
  } else {
    g_cond_init (&self.turned);
    turns->waiting = g_list_append (turns->waiting, &self);
    while (!self.has_turn)
      g_cond_wait (&self.turned, &turns->lock);
    g_cond_clear (&self.turned);
  }
  g_mutex_unlock (&turns->lock);
}

/* Of two at one time the one that came first. */
static GList *
find_next (Turns * turns)
{
  GList *next = turns->waiting, *l;

  for (l = next; l != NULL; l = l->next) {
    if (((Waiting *) l->data)->time < ((Waiting *) next->data)->time)
      next = l;
  }
  return next;
}

void
turns_give (Turns * turns)
{
  GList *next;

  g_mutex_lock (&turns->lock);
  next = find_next (turns);
  if (next != NULL) {
    Waiting *waiting = next->data;

    turns->waiting = g_list_delete_link (turns->waiting, next);
    waiting->has_turn = TRUE;
    g_cond_signal (&waiting->turned);
  } else {
    turns->n_free++;
  }
  g_mutex_unlock (&turns->lock);
}

static GstFlowReturn
chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  Turns *turns = gst_pad_get_element_private (pad);
  GstFlowReturn flow;

  turns_take (turns, GST_BUFFER_PTS (buffer));
  flow = gst_proxy_pad_chain_default (pad, parent, buffer);
  turns_give (turns);
  return flow;
}

void
turns_add_pads (GstElement * bin, Turns * turns, GstPad * sink, GstPad * src)
{
  GstPad *pad = gst_ghost_pad_new ("sink", sink);

  if (turns != NULL) {
    gst_pad_set_element_private (pad, turns);
    gst_pad_set_chain_function (pad, chain);
  }
  gst_element_add_pad (bin, pad);
  gst_element_add_pad (bin, gst_ghost_pad_new ("src", src));
}
