/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "colormatrix.h"

#include <string.h>

/* The loop below is all arithmetic: where the compiler can choose by the
 * processor at run time, it is made for wide vectors as well. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) \
    && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define WIDE __attribute__ ((optimize ("O3"), \
    target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif

#define MAX_8 255.0

gboolean
echoel_color_matrix_init (EchoelColorMatrix * self,
    GstVideoColorMatrix matrix, gboolean full)
{
  gdouble kr, kb, kg, luma, chroma;

  if (!gst_video_color_matrix_get_Kr_Kb (matrix, &kr, &kb))
    return FALSE;
  kg = 1.0 - kr - kb;
  /* 16-bit limited range is the 8-bit one times 256. */
  luma = (full ? 65535.0 : 219.0 * 256) / MAX_8;
  chroma = (full ? 65535.0 : 224.0 * 256) / MAX_8;

  self->y[0] = luma * kr;
  self->y[1] = luma * kg;
  self->y[2] = luma * kb;
  self->u[0] = -chroma * kr / (2 * (1 - kb));
  self->u[1] = -chroma * kg / (2 * (1 - kb));
  self->u[2] = chroma / 2;
  self->v[0] = chroma / 2;
  self->v[1] = -chroma * kg / (2 * (1 - kr));
  self->v[2] = -chroma * kb / (2 * (1 - kr));
  /* The half rounds to the nearest. Full-range chroma ends half a step above
   * 65535, which is cut off by the other side being one below. */
  self->y[3] = (full ? 0.0 : 16.0 * 256) + 0.5;
  self->u[3] = self->v[3] = 32768.0 - (full ? 0.5 : 0.0) + 0.5;
  return TRUE;
}

WIDE void
echoel_color_matrix_row (const EchoelColorMatrix * self, const guint8 * r,
    const guint8 * g, const guint8 * b, guint n, guint16 * restrict y,
    guint16 * restrict u, guint16 * restrict v)
{
  const EchoelColorMatrix m = *self;
  guint i;

  for (i = 0; i < n; i++) {
    gfloat red = r[i], green = g[i], blue = b[i];

    y[i] = (guint16) (gint) (m.y[0] * red + m.y[1] * green + m.y[2] * blue
        + m.y[3]);
    u[i] = (guint16) (gint) (m.u[0] * red + m.u[1] * green + m.u[2] * blue
        + m.u[3]);
    v[i] = (guint16) (gint) (m.v[0] * red + m.v[1] * green + m.v[2] * blue
        + m.v[3]);
  }
}

WIDE void
echoel_color_matrix_pixels (const EchoelColorMatrix * self,
    const guint8 * pixels, const guint shifts[3], guint n,
    guint16 * restrict y, guint16 * restrict u, guint16 * restrict v)
{
  const EchoelColorMatrix m = *self;
  const guint rs = shifts[0], gs = shifts[1], bs = shifts[2];
  guint i;

  for (i = 0; i < n; i++) {
    gfloat red, green, blue;
    guint32 pixel;

    memcpy (&pixel, pixels + 4 * (gsize) i, 4);
    red = (gfloat) (gint) ((pixel >> rs) & 255);
    green = (gfloat) (gint) ((pixel >> gs) & 255);
    blue = (gfloat) (gint) ((pixel >> bs) & 255);
    y[i] = (guint16) (gint) (m.y[0] * red + m.y[1] * green + m.y[2] * blue
        + m.y[3]);
    u[i] = (guint16) (gint) (m.u[0] * red + m.u[1] * green + m.u[2] * blue
        + m.u[3]);
    v[i] = (guint16) (gint) (m.v[0] * red + m.v[1] * green + m.v[2] * blue
        + m.v[3]);
  }
}
