/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encoders take turns, a frame each: no more run at once than the cores carry,
 * so that none loses what it has in the caches in the middle of a frame, and
 * the one whose frame comes first in time goes first, so that all stay
 * together. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  GMutex lock;                  /* guards what follows */
  guint n_free;
  GList *waiting;               /* those that wait, in the order they came */
} Turns;

/* @n: how many may run at once, above 0 */
void turns_init (Turns * turns, guint n);

/* Nobody may be waiting or have a turn. */
void turns_clear (Turns * turns);

/* Waits for a turn and takes it; of those that wait the one with the lowest
 * @time gets the next. Any thread that has none. */
void turns_take (Turns * turns, GstClockTime time);

/* Gives back what turns_take() took. */
void turns_give (Turns * turns);

/**
 * turns_add_pads:
 * @bin: gets the pads "sink" and "src"
 * @turns: (nullable): must live as long as data flows; %NULL: nothing waits
 * @sink: (transfer none): pad of an element in @bin
 * @src: (transfer none): the same
 *
 * Each buffer that goes into @bin has a turn until it was taken.
 */
void turns_add_pads (GstElement * bin, Turns * turns, GstPad * sink,
    GstPad * src);

G_END_DECLS
