/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What audio encoders put in front of the sound. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * echoel_priming_find:
 * @factory: of an element that encodes audio
 * @samples: (out): from the first sample of the encoded stream to the first
 *     of the sound
 *
 * Returns: whether it is known
 */
gboolean echoel_priming_find (const gchar * factory, guint32 * samples);

/* Returns: samples of silence that must follow the sound before an encoder of
 * this @factory gives its end; 0: it gives it by itself, or is not known */
guint32 echoel_priming_behind (const gchar * factory);

/* One piece of encoded audio less than what is in front of the sound can be
 * left out: how many of @priming samples whole pieces of @piece samples take. */
guint32 echoel_priming_whole (guint32 priming, guint32 piece);

G_END_DECLS
