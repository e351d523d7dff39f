/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads that share the jobs of one frame. No memory is taken per frame. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Workers Workers;

/* Does job @job. Called from any of the threads; returns whether it worked. */
typedef gboolean (*WorkersFunc) (guint job, gpointer user_data);

/**
 * workers_new:
 * @n_threads: how many work at once, the caller of workers_run() included
 *
 * Returns: (transfer full): the threads, waiting; fewer where the system
 *     grants no more
 */
Workers *workers_new (guint n_threads);

/**
 * workers_run:
 *
 * Does jobs 0 to @n_jobs - 1, each once, and waits for all of them. From one
 * thread at a time.
 *
 * Returns: whether all worked
 */
gboolean workers_run (Workers * workers, guint n_jobs, WorkersFunc func,
    gpointer user_data);

/* Waits for the threads to end. Accepts %NULL. */
void workers_free (Workers * workers);

G_END_DECLS
