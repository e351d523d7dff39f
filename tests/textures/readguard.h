/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that notices when it is read: its pages are closed until somebody
 * touches them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint8 *data;                 /* page by page closed */
  guint8 *alias;                /* the same bytes, open and not counted */
  gsize size;                   /* whole pages */
  guint slot;
} ReadGuard;

/* At least @size bytes of @value. Up to 64 at a time. */
void read_guard_init (ReadGuard * guard, gsize size, guint8 value);

void read_guard_clear (ReadGuard * guard);

/* Bytes of the pages that have been touched since it was made. */
gsize read_guard_count (const ReadGuard * guard);

G_END_DECLS
