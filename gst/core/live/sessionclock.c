/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sessionclock.h"

#include <gst/gst.h>

/* Tracks may be so far apart. */
#define APART ((gint64) GST_SECOND)
/* Between the last frame before a jump and the first one after it. */
#define STEP ((gint64) GST_SECOND / 25)

gint64
echoel_session_clock_get (EchoelSessionClock * clock, gint64 dts)
{
  gint64 time;

  if (!clock->begun)
    clock->base = dts;
  clock->begun = TRUE;
  if (dts - clock->base < clock->newest - APART)
    clock->base = dts - clock->newest - STEP;
  time = dts - clock->base;
  clock->newest = MAX (clock->newest, time);
  return time;
}
