/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much a path carries over time: made from a formula and a seed, or read
 * from a published recording. */
#pragma once

#include <glib.h>

#define TRACE_SLOTS 100         /* a second */

typedef struct
{
  gchar *name;
  gboolean varies;              /* below the best rate, at times */
  guint n_slots;
  gdouble *rates;               /* bit/s, by slot */
} Trace;

/* Returns: (transfer full) (element-type Trace): all that are made here */
GPtrArray *traces_make (void);

/* Returns: (transfer full): @from and @to in Mbit/s, from @second on the latter,
 * for so many seconds */
Trace *trace_fall (gdouble from, gdouble second, gdouble to, gdouble seconds);

/**
 * trace_read:
 * @path: a file of which each line is the millisecond in which one packet of
 *     1500 bytes can leave, as the tool mahimahi records and replays them
 * @seconds: how much of it to take at most
 *
 * Returns: (transfer full) (nullable): NULL with @error set
 */
Trace *trace_read (const gchar * path, guint seconds, GError ** error);

void trace_free (gpointer trace);
