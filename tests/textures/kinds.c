/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the plugin of this system can push. */
#include "texturebench.h"

const TextureKind *const texture_kinds[] = {
  &texture_kind_memory,
  NULL
};

void
bench_register (void)
{
}
