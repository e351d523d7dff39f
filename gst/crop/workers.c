/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "workers.h"

struct _Workers
{
  GThread **threads;
  guint n_threads;

  GMutex lock;                  /* guards what follows */
  GCond work, done;
  guint round;                  /* counts the calls of workers_run() */
  guint busy;                   /* threads still in this round */
  gboolean stop;

  /* Set before a round and read in it. */
  WorkersFunc func;
  gpointer user_data;
  guint n_jobs;

  gint next;                    /* atomic: the next job to take */
  gint failed;                  /* atomic */
};

static void
take_jobs (Workers * self)
{
  guint job;

  while ((job = (guint) g_atomic_int_add (&self->next, 1)) < self->n_jobs) {
    if (!self->func (job, self->user_data))
      g_atomic_int_set (&self->failed, TRUE);
  }
}

static gpointer
run_thread (gpointer data)
{
  Workers *self = data;
  guint round = 0;

  g_mutex_lock (&self->lock);
  for (;;) {
    while (!self->stop && self->round == round)
      g_cond_wait (&self->work, &self->lock);
    if (self->stop)
      break;
    round = self->round;
    g_mutex_unlock (&self->lock);
    take_jobs (self);
    g_mutex_lock (&self->lock);
    if (--self->busy == 0)
      g_cond_signal (&self->done);
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
  self->n_threads = MAX (n_threads, 1) - 1;
  self->threads = g_new0 (GThread *, MAX (self->n_threads, 1));
  for (i = 0; i < self->n_threads; i++)
    self->threads[i] = g_thread_new ("echoelcrop", run_thread, self);
  return self;
}

gboolean
workers_run (Workers * self, guint n_jobs, WorkersFunc func, gpointer user_data)
{
  self->func = func;
  self->user_data = user_data;
  self->n_jobs = n_jobs;
  g_atomic_int_set (&self->next, 0);
  g_atomic_int_set (&self->failed, FALSE);

  if (self->n_threads > 0 && n_jobs > 1) {
    g_mutex_lock (&self->lock);
    self->round++;
    self->busy = self->n_threads;
    g_cond_broadcast (&self->work);
    g_mutex_unlock (&self->lock);
  }
  take_jobs (self);
  if (self->n_threads > 0 && n_jobs > 1) {
    g_mutex_lock (&self->lock);
    while (self->busy > 0)
      g_cond_wait (&self->done, &self->lock);
    g_mutex_unlock (&self->lock);
  }
  return !g_atomic_int_get (&self->failed);
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
