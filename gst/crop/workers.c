/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "workers.h"

/* A thread that is about to finish is waited for this long without sleep, as
 * being woken again can take longer. Microseconds. */
#define PATIENCE 100

struct _Workers
{
  GThread **threads;
  guint n_threads;

  GMutex lock;                  /* guards what follows */
  GCond work, done;
  WorkersFunc func;
  gpointer user_data;
  guint n_jobs;
  guint next;                   /* job to take */
  gboolean failed;
  gboolean stop;

  gint running;                 /* atomic: jobs taken by threads, not done */
};

/* Works until no job is left. Called with the lock, returns with it. A thread
 * that comes too late finds nothing, and nobody waits for it. */
static void
take_jobs (Workers * self)
{
  while (self->next < self->n_jobs) {
    guint job = self->next++;
    gboolean done;

    g_atomic_int_inc (&self->running);
    g_mutex_unlock (&self->lock);
    done = self->func (job, self->user_data);
    g_mutex_lock (&self->lock);
    if (!done)
      self->failed = TRUE;
    if (g_atomic_int_dec_and_test (&self->running))
      g_cond_signal (&self->done);
  }
}

static gpointer
run_thread (gpointer data)
{
  Workers *self = data;

  g_mutex_lock (&self->lock);
  while (!self->stop) {
    take_jobs (self);
    if (!self->stop)
      g_cond_wait (&self->work, &self->lock);
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

Workers *
workers_new (guint n_threads)
{
  Workers *self = g_new0 (Workers, 1);
  guint i;

  g_mutex_init (&self->lock);
  g_cond_init (&self->work);
  g_cond_init (&self->done);
  self->threads = g_new0 (GThread *, MAX (n_threads, 1));
  for (i = 1; i < n_threads; i++) {
    GThread *thread = g_thread_try_new ("echoelcrop", run_thread, self, NULL);

    if (thread == NULL)
      break;
    self->threads[self->n_threads++] = thread;
  }
  return self;
}

/* Called and returns with the lock. */
static void
wait_for_the_last (Workers * self)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;

  if (g_atomic_int_get (&self->running) == 0)
    return;
  g_mutex_unlock (&self->lock);
  while (g_atomic_int_get (&self->running) > 0
      && g_get_monotonic_time () < until);
  g_mutex_lock (&self->lock);
  while (g_atomic_int_get (&self->running) > 0)
    g_cond_wait (&self->done, &self->lock);
}

gboolean
workers_run (Workers * self, guint n_jobs, WorkersFunc func, gpointer user_data)
{
  gboolean failed;

  g_mutex_lock (&self->lock);
  self->func = func;
  self->user_data = user_data;
  self->n_jobs = n_jobs;
  self->next = 0;
  self->failed = FALSE;
  if (self->n_threads > 0 && n_jobs > 1)
    g_cond_broadcast (&self->work);
  take_jobs (self);
  wait_for_the_last (self);
  failed = self->failed;
  g_mutex_unlock (&self->lock);
  return !failed;
}

void
workers_free (Workers * self)
{
  guint i;

  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_broadcast (&self->work);
  g_mutex_unlock (&self->lock);
  for (i = 0; i < self->n_threads; i++)
    g_thread_join (self->threads[i]);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->work);
  g_cond_clear (&self->done);
  g_free (self->threads);
  g_free (self);
}
