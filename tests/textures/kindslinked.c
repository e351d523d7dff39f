/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element is linked into the program instead of loaded. */
#include "../../gst/echoelelements.h"
#include "texturebench.h"

const TextureKind *const texture_kinds[] = {
#ifdef HAVE_METAL
  &texture_kind_metal,
#else
  &texture_kind_memory,
#endif
  NULL
};

void
bench_register (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once)) {
    fail_unless (GST_ELEMENT_REGISTER (echoelmetalsrc, NULL));
    g_once_init_leave (&once, 1);
  }
}
