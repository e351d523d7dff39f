/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stand-ins for encoders that this machine does not have.
 *
 * Each is a bin with exactly the properties, types, ranges, nicks and caps of
 * the real element in one version of GStreamer (doubles.data, made from the
 * sources, never from the table under test), registered under the real name.
 * It encodes with the software encoder of its codec. The test's thread calls
 * everything here. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  DOUBLE_WORKS = 0,
  DOUBLE_FAILS_TO_OPEN,         /* where the real one opens its device */
  DOUBLE_FAILS_TO_PAUSE,        /* after having been there some times */
  DOUBLE_FAILS_AT_CAPS,
  DOUBLE_FAILS_AFTER,           /* some frames */
  DOUBLE_COMPLAINS_AFTER,       /* some frames, from a thread of its own; all
                                 * seems well otherwise */
  DOUBLE_COMPLAINS_WHEN_FLUSHED,
  DOUBLE_FAILS_AT_END,          /* with what it still held */
  DOUBLE_FAILS_WHEN_STOPPED     /* in the frame after some, which it keeps
                                 * until it is on the way to READY */
} DoubleFate;

/* One write of a property. */
typedef struct
{
  gchar *factory, *property, *value;
  gpointer instance;            /* never read */
  GThread *thread;
  GThread *streaming;           /* thread of the last frame, or NULL */
  GstState state;
  guint n_frames;               /* that had come by then */
  gboolean ignored;             /* the running element takes no notice */
} DoubleWrite;

/**
 * doubles_install:
 * @version: "1.22", "1.24", "1.26" or "1.28"
 * @conditional: whether properties that depend on the device are there
 *
 * Registers all encoders of that version, in place of the real ones.
 */
void doubles_install (const gchar * version, gboolean conditional);

/* Brings back the real ones; forgets fates, limits and writes. */
void doubles_uninstall (void);

/* Registers one factory only, in place of all others. */
void doubles_install_one (const gchar * version, const gchar * factory,
    gboolean conditional);

/* Returns: (transfer full): the factories of a version, %NULL ended */
gchar **doubles_list (const gchar * version);

/* What becomes of each instance from now on. */
void doubles_set_fate (const gchar * factory, DoubleFate fate, guint n_frames);

/* Waits until an instance that fails when stopped keeps a frame; the deadline
 * is that of the test. */
void doubles_wait_kept (const gchar * factory);

/* No more than @n instances can have caps at a time, or be as far as PAUSED
 * where that opens the device; 0: any number. */
void doubles_set_sessions (const gchar * factory, guint n);

/* A flags property says this instead of its default, as another device
 * would. */
void doubles_set_flags (const gchar * factory, const gchar * property,
    guint flags);

/* Returns: (transfer full) (element-type DoubleWrite): all writes so far; free
 * with g_ptr_array_unref() */
GPtrArray *doubles_writes (void);

/* How many instances have had caps so far. */
guint doubles_sessions (const gchar * factory);

G_END_DECLS
