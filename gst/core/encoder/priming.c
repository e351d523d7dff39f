/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "priming.h"

#include <string.h>

static const struct
{
  const gchar *factory;
  guint32 samples;
  guint32 behind;               /* silence that brings out the end */
} table[] = {
  /* *INDENT-OFF* */
  /* Measured with ticks at known samples, decoded by ffmpeg and GStreamer. */
  {"avenc_aac", 1024, 0},
  {"voaacenc", 1600, 4096},
  /* As their libraries document them for AAC-LC: aacenc_lib.h; Technical Note
   * TN2258. Not measured. */
  {"fdkaacenc", 2048, 0},
  {"atenc", 2112, 0},
  /* *INDENT-ON* */
};

guint32
echoel_priming_behind (const gchar * factory)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (table); i++)
    if (strcmp (table[i].factory, factory) == 0)
      return table[i].behind;
  return 0;
}

gboolean
echoel_priming_find (const gchar * factory, guint32 * samples)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (table); i++) {
    if (strcmp (table[i].factory, factory) == 0) {
      *samples = table[i].samples;
      return TRUE;
    }
  }
  return FALSE;
}

guint32
echoel_priming_whole (guint32 priming, guint32 piece)
{
  return piece == 0 ? 0 : priming / piece * piece;
}
