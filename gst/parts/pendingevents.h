/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events on their way through an encoder. It keeps serialized ones until the
 * frame behind them leaves; one that fails takes them with it. Those that stick
 * to the pad can be asked of it once more, the others are remembered here. Any
 * thread. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  GMutex lock;                  /* guards what follows */
  GQueue events;                /* PendingEvent, oldest first */
  guint64 given, left;          /* frames that went in, that came out */
} PendingEvents;

void pending_events_init (PendingEvents * pending);
void pending_events_clear (PendingEvents * pending);

/* Remembers @event (transfer none) if nobody else does. */
void pending_events_note (PendingEvents * pending, GstEvent * event);

/* A frame was taken. */
void pending_events_given (PendingEvents * pending);

/* A frame has come out, and so have the events before it. */
void pending_events_left (PendingEvents * pending);

/* Another encoder begins. Returns: (transfer full) (element-type GstEvent):
 * what it must be given first; that stays remembered */
GList *pending_events_again (PendingEvents * pending);

/* Everything has come out, or is not to. */
void pending_events_forget (PendingEvents * pending);

G_END_DECLS
