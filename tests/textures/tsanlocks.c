/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GLib's locks as the thread sanitizer understands them.
 *
 * GLib makes mutexes of futexes, which a sanitizer sees only in code that was
 * built with it. These take the place of GLib's for everything outside GLib;
 * the objects live in the pointer that each GMutex and GCond has. */
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>

void g_mutex_init (GMutex * mutex);
void g_mutex_clear (GMutex * mutex);
void (g_mutex_lock) (GMutex * mutex);
gboolean (g_mutex_trylock) (GMutex * mutex);
void (g_mutex_unlock) (GMutex * mutex);
void g_cond_init (GCond * cond);
void g_cond_clear (GCond * cond);
void g_cond_wait (GCond * cond, GMutex * mutex);
void g_cond_signal (GCond * cond);
void g_cond_broadcast (GCond * cond);
gboolean g_cond_wait_until (GCond * cond, GMutex * mutex, gint64 end);

/* Memory that GLib hands out again is ordered by GLib alone. */
#define UNSEEN __attribute__ ((no_sanitize ("thread")))

static pthread_mutex_t *
mutex_of (GMutex * mutex)
{
  pthread_mutex_t *made, *have = NULL;

  have = __atomic_load_n ((pthread_mutex_t **) mutex, __ATOMIC_ACQUIRE);
  if (have != NULL)
    return have;
  made = malloc (sizeof (*made));
  pthread_mutex_init (made, NULL);
  if (__atomic_compare_exchange_n ((pthread_mutex_t **) mutex, &have, made, 0,
          __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return made;
  free (made);
  return have;
}

static pthread_cond_t *
cond_of (GCond * cond)
{
  pthread_cond_t *made, *have = NULL;
  pthread_condattr_t attributes;

  have = __atomic_load_n ((pthread_cond_t **) cond, __ATOMIC_ACQUIRE);
  if (have != NULL)
    return have;
  made = malloc (sizeof (*made));
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (made, &attributes);
  if (__atomic_compare_exchange_n ((pthread_cond_t **) cond, &have, made, 0,
          __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return made;
  free (made);
  return have;
}

UNSEEN void
g_mutex_init (GMutex * mutex)
{
  mutex->p = NULL;
}

UNSEEN void
g_mutex_clear (GMutex * mutex)
{
  free (mutex->p);
  mutex->p = NULL;
}

void (g_mutex_lock) (GMutex * mutex)
{
  pthread_mutex_lock (mutex_of (mutex));
}

gboolean (g_mutex_trylock) (GMutex * mutex) {
  return pthread_mutex_trylock (mutex_of (mutex)) == 0;
}

void (g_mutex_unlock) (GMutex * mutex)
{
  pthread_mutex_unlock (mutex_of (mutex));
}

UNSEEN void
g_cond_init (GCond * cond)
{
  cond->p = NULL;
}

UNSEEN void
g_cond_clear (GCond * cond)
{
  free (cond->p);
  cond->p = NULL;
}

void
g_cond_wait (GCond * cond, GMutex * mutex)
{
  pthread_cond_wait (cond_of (cond), mutex_of (mutex));
}

void
g_cond_signal (GCond * cond)
{
  pthread_cond_signal (cond_of (cond));
}

void
g_cond_broadcast (GCond * cond)
{
  pthread_cond_broadcast (cond_of (cond));
}

gboolean
g_cond_wait_until (GCond * cond, GMutex * mutex, gint64 end)
{
  struct timespec time = { end / 1000000, end % 1000000 * 1000 };

  return pthread_cond_timedwait (cond_of (cond), mutex_of (mutex), &time) == 0;
}
