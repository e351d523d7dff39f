/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The back ends themselves, for their table. */
#pragma once

#include "texturebackend.h"

G_BEGIN_DECLS

extern const TextureBackend texture_backend_memory;
extern const TextureBackend texture_backend_pattern;
extern const TextureBackend texture_backend_dmabuf;
extern const TextureBackend texture_backend_gl;
extern const TextureBackend texture_backend_metal;

G_END_DECLS
