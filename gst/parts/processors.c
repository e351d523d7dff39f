/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE             /* CPU_COUNT */
#endif
#include "processors.h"

#ifdef __linux__
#include <sched.h>
#endif

guint
processors_available (void)
{
#ifdef __linux__
  cpu_set_t set;

  /* GLib counts those of the machine. More than a set holds: its count. */
  if (sched_getaffinity (0, sizeof (set), &set) == 0)
    return MAX (CPU_COUNT (&set), 1);
#endif
  return g_get_num_processors ();
}
