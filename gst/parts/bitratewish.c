/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bitratewish.h"

/* A request below this is taken as this: less is no picture. */
#define LEAST_KBPS 50

static GstClockTime
monotonic (void)
{
  return (GstClockTime) g_get_monotonic_time () * GST_USECOND;
}

void
bitrate_wish_init (BitrateWish * wish, guint kbps)
{
  g_mutex_init (&wish->lock);
  wish->target = wish->actual = kbps;
  wish->votes = echoel_bitrate_votes_new ();
}

void
bitrate_wish_clear (BitrateWish * wish)
{
  echoel_bitrate_votes_free (wish->votes);
  g_mutex_clear (&wish->lock);
}

void
bitrate_wish_set_target (BitrateWish * wish, guint kbps)
{
  g_mutex_lock (&wish->lock);
  wish->target = kbps;
  g_mutex_unlock (&wish->lock);
}

void
bitrate_wish_request (BitrateWish * wish, GstEvent * event)
{
  const gchar *requester;
  GstClockTime expires;
  guint kbps;

  if (!echoel_bitrate_request_parse (event, &requester, &kbps, &expires)) {
    GST_WARNING ("malformed %" GST_PTR_FORMAT, event);
    return;
  }
  g_mutex_lock (&wish->lock);
  echoel_bitrate_votes_note (wish->votes, requester, kbps, expires,
      monotonic ());
  g_mutex_unlock (&wish->lock);
}

guint
bitrate_wish_now (BitrateWish * wish)
{
  guint wanted, lowest;

  g_mutex_lock (&wish->lock);
  wanted = wish->target;
  lowest = echoel_bitrate_votes_lowest (wish->votes, monotonic ());
  g_mutex_unlock (&wish->lock);
  if (lowest != 0 && lowest < wanted)
    wanted = MAX (lowest, MIN (wanted, LEAST_KBPS));
  return wanted;
}

void
bitrate_wish_set_actual (BitrateWish * wish, guint kbps)
{
  g_mutex_lock (&wish->lock);
  wish->actual = kbps;
  g_mutex_unlock (&wish->lock);
}

guint
bitrate_wish_actual (BitrateWish * wish)
{
  guint kbps;

  g_mutex_lock (&wish->lock);
  kbps = wish->actual;
  g_mutex_unlock (&wish->lock);
  return kbps;
}
