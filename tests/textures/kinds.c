/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the plugin of this system can push. */
#include "config.h"
#include "texturebench.h"

const TextureKind *const texture_kinds[] = {
  &texture_kind_memory,
#ifdef HAVE_GST_DMABUF
  &texture_kind_dmabuf,
#endif
#ifdef HAVE_GST_GL
  &texture_kind_gl,
#endif
  NULL
};

void
bench_register (void)
{
}
