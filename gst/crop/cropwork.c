/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropwork.h"

#include <string.h>

#include "processors.h"
#include "reframer.h"
#include "workers.h"

#define SLICES_A_THREAD 4

struct _CropWork
{
  GstVideoInfo in, out;
  EchoelWindow window;
  EchoelReframing how;
  EchoelReframer *reframer;

  Workers *workers;
  guint n_threads;              /* asked of workers */

  /* The frame in work. */
  const GstVideoFrame *source;
  GstVideoFrame *target;
  GMutex lock;
  GError *error;                /* the first, guarded by lock */
};

CropWork *
crop_work_new (void)
{
  CropWork *self = g_new0 (CropWork, 1);

  g_mutex_init (&self->lock);
  return self;
}

void
crop_work_stop (CropWork * self)
{
  g_clear_pointer (&self->reframer, echoel_reframer_free);
  g_clear_pointer (&self->workers, workers_free);
}

void
crop_work_free (CropWork * self)
{
  if (self == NULL)
    return;
  crop_work_stop (self);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
crop_work_set_infos (CropWork * self, const GstVideoInfo * in,
    const GstVideoInfo * out)
{
  g_clear_pointer (&self->reframer, echoel_reframer_free);
  self->in = *in;
  self->out = *out;
}

/* As many as pay: below some pixels a thread costs more than it does. */
static guint
count_threads (const CropWork * self, const CropSettings * settings)
{
  const guint pixels_that_pay = 512 * 512;
  guint pixels = GST_VIDEO_INFO_WIDTH (&self->out)
      * GST_VIDEO_INFO_HEIGHT (&self->out);

  if (settings->n_threads > 0)
    return settings->n_threads;
  return CLAMP (pixels / pixels_that_pay, 1, MIN (processors_available (), 8));
}

static void
use_threads (CropWork * self, guint n_threads)
{
  if (self->workers != NULL && self->n_threads == n_threads)
    return;
  g_clear_pointer (&self->workers, workers_free);
  self->workers = workers_new (n_threads);
  self->n_threads = n_threads;
}

gboolean
crop_work_aim (CropWork * self, const CropSettings * settings,
    const EchoelWindow * window, GError ** error)
{
  guint threads = count_threads (self, settings);
  /* More slices than threads: one that wakes up late does fewer of them. */
  EchoelReframing how = { settings->fit, settings->filter,
    settings->background, threads > 1 ? threads * SLICES_A_THREAD : 1
  };
  EchoelWindow before = self->window;

  self->window = *window;
  if (self->reframer == NULL || memcmp (&how, &self->how, sizeof (how)) != 0) {
    g_clear_pointer (&self->reframer, echoel_reframer_free);
    self->how = how;
    self->reframer = echoel_reframer_new (&self->in, &self->out, &how, window,
        error);
    if (self->reframer != NULL)
      use_threads (self, threads);
    return self->reframer != NULL;
  }
  if (window->width != before.width || window->height != before.height) {
    echoel_reframer_resize (self->reframer, window);
    return TRUE;
  }
  return (window->x == before.x && window->y == before.y)
      || echoel_reframer_move (self->reframer, window->x, window->y, error);
}

static gboolean
do_job (guint job, gpointer user_data)
{
  CropWork *self = user_data;
  GError *error = NULL;

  if (echoel_reframer_run (self->reframer, job, self->source, self->target,
          &error))
    return TRUE;
  g_mutex_lock (&self->lock);
  if (self->error == NULL)
    self->error = error;
  else
    g_clear_error (&error);
  g_mutex_unlock (&self->lock);
  return FALSE;
}

gboolean
crop_work_run (CropWork * self, const GstVideoFrame * in, GstVideoFrame * out,
    GError ** error)
{
  self->source = in;
  self->target = out;
  if (echoel_reframer_prepare (self->reframer, in, &self->error)
      && workers_run (self->workers, echoel_reframer_n_jobs (self->reframer),
          do_job, self))
    return TRUE;
  if (self->error != NULL)
    g_propagate_error (error, self->error);
  self->error = NULL;
  return FALSE;
}
