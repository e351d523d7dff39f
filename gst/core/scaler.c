/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scaler.h"

#include <math.h>
#include <string.h>
#include <zimg.h>

#include "pixelrows.h"
#include "zimgformat.h"

/* *INDENT-OFF* */
G_DEFINE_QUARK (echoel-scaler-error-quark, echoel_scaler_error)
/* *INDENT-ON* */

/* Indexed by EchoelFilter; NAN parameters are zimg's defaults. */
static const struct
{
  zimg_resample_filter_e filter;
  gdouble a, b;
} filters[] = {
  /* *INDENT-OFF* */
  [ECHOEL_FILTER_BILINEAR] = {ZIMG_RESIZE_BILINEAR, NAN, NAN},
  [ECHOEL_FILTER_BICUBIC] = {ZIMG_RESIZE_BICUBIC, 0.0, 0.5},
  [ECHOEL_FILTER_LANCZOS] = {ZIMG_RESIZE_LANCZOS, 3.0, NAN},
  [ECHOEL_FILTER_SPLINE36] = {ZIMG_RESIZE_SPLINE36, NAN, NAN},
  /* *INDENT-ON* */
};

/* One end of the pass: how its frames lie in memory, and the ring of rows
 * that stands in for planes that cannot be used in place. */
typedef struct
{
  EchoelRows rows;
  guint width, height;          /* of the frame, pixels */
  guint padded_width, padded_height;    /* whole chroma samples, as zimg wants */
  guint n_planes;               /* planes zimg reads or writes */
  guint mask;                   /* of the row ring */
  gpointer ring[ECHOEL_MAX_PLANES];
  gsize ring_stride[ECHOEL_MAX_PLANES];
} End;

struct _EchoelScaler
{
  zimg_filter_graph *graph;
  gpointer scratch;
  End in, out;
};

/* What the row callbacks see during one frame. */
typedef struct
{
  const End *end;
  GstVideoFrame *frame;
  gboolean in_place[ECHOEL_MAX_PLANES];
} Pass;

gboolean
echoel_scaler_supports (GstVideoFormat format)
{
  EchoelRows rows;

  return echoel_rows_init (&rows, format);
}

static gpointer
aligned_new (gsize size)
{
  return g_aligned_alloc (1, MAX (size, 1), ECHOEL_SCALER_ALIGN);
}

static void
set_zimg_error (GError ** error, const gchar * what)
{
  gchar text[256] = "";

  zimg_get_last_error (text, sizeof (text));
  zimg_clear_last_error ();
  g_set_error (error, ECHOEL_SCALER_ERROR, 0, "%s: %s", what, text);
}

static void
end_describe (End * end, const GstVideoInfo * info,
    const zimg_image_format * format)
{
  end->width = GST_VIDEO_INFO_WIDTH (info);
  end->height = GST_VIDEO_INFO_HEIGHT (info);
  end->padded_width = format->width;
  end->padded_height = format->height;
  end->n_planes = (format->color_family == ZIMG_COLOR_GREY ? 1 : 3)
      + (format->alpha != ZIMG_ALPHA_NONE);
}

static void
end_make_ring (End * end, guint n_rows)
{
  guint c;

  end->mask = zimg_select_buffer_mask (n_rows);
  for (c = 0; c < end->n_planes; c++) {
    guint sub_w = c == 1 || c == 2 ? end->rows.sub_w : 0;
    guint sub_h = c == 1 || c == 2 ? end->rows.sub_h : 0;
    guint width = (end->padded_width >> sub_w) * end->rows.bytes;
    gsize n = end->mask == ZIMG_BUFFER_MAX ? end->padded_height
        : (gsize) end->mask + 1;

    end->ring_stride[c] = GST_ROUND_UP_N (width, ECHOEL_SCALER_ALIGN);
    end->ring[c] = aligned_new (end->ring_stride[c]
        * MAX (n >> (end->mask == ZIMG_BUFFER_MAX ? sub_h : 0), 1));
    memset (end->ring[c], 0, end->ring_stride[c]);
  }
}

/* The window, stretched where the target is padded to whole chroma samples,
 * so that the rows and columns that are dropped do not squeeze the rest. */
static void
set_active_region (zimg_image_format * format, const EchoelWindow * window,
    const End * in, const End * out)
{
  EchoelRaster source = { in->width, in->height, {1, 1} };
  EchoelWindow full = echoel_window_full (&source);
  gdouble unit = ECHOEL_SUBPIXEL;

  if (memcmp (&full, window, sizeof (full)) == 0
      && in->padded_width == in->width && in->padded_height == in->height
      && out->padded_width == out->width && out->padded_height == out->height)
    return;
  format->active_region.left = window->x / unit;
  format->active_region.top = window->y / unit;
  format->active_region.width = window->width / unit
      * out->padded_width / out->width;
  format->active_region.height = window->height / unit
      * out->padded_height / out->height;
}

static void
set_filter (zimg_graph_builder_params * params, EchoelFilter filter)
{
  zimg_graph_builder_params_default (params, ZIMG_API_VERSION);
  params->resample_filter = params->resample_filter_uv = filters[filter].filter;
  params->filter_param_a = params->filter_param_a_uv = filters[filter].a;
  params->filter_param_b = params->filter_param_b_uv = filters[filter].b;
  params->cpu_type = ZIMG_CPU_AUTO_64B;
}

static gboolean
build_graph (EchoelScaler * self, const GstVideoInfo * in,
    const GstVideoInfo * out, const EchoelWindow * window,
    EchoelFilter filter, GError ** error)
{
  zimg_image_format in_format, out_format;
  zimg_graph_builder_params params;
  guint in_rows = 0, out_rows = 0;
  gsize scratch = 0;

  echoel_zimg_formats (in, &self->in.rows, out, &self->out.rows, &in_format,
      &out_format);
  end_describe (&self->in, in, &in_format);
  end_describe (&self->out, out, &out_format);
  set_active_region (&in_format, window, &self->in, &self->out);
  set_filter (&params, filter);
  /* Ten bits into eight would band in skies and shadows. */
  if (self->in.rows.depth > self->out.rows.depth)
    params.dither_type = ZIMG_DITHER_ORDERED;

  self->graph = zimg_filter_graph_build (&in_format, &out_format, &params);
  if (self->graph == NULL
      || zimg_filter_graph_get_tmp_size (self->graph, &scratch) != 0
      || zimg_filter_graph_get_input_buffering (self->graph, &in_rows) != 0
      || zimg_filter_graph_get_output_buffering (self->graph, &out_rows) != 0) {
    set_zimg_error (error, "zimg refuses this conversion");
    return FALSE;
  }
  self->scratch = aligned_new (scratch);
  end_make_ring (&self->in, in_rows);
  end_make_ring (&self->out, out_rows);
  return TRUE;
}

EchoelScaler *
echoel_scaler_new (const GstVideoInfo * in, const GstVideoInfo * out,
    const EchoelWindow * window, EchoelFilter filter, GError ** error)
{
  EchoelScaler *self = g_new0 (EchoelScaler, 1);

  if (!echoel_rows_init (&self->in.rows, GST_VIDEO_INFO_FORMAT (in))
      || !echoel_rows_init (&self->out.rows, GST_VIDEO_INFO_FORMAT (out))) {
    g_set_error (error, ECHOEL_SCALER_ERROR, 0,
        "Cannot convert from %s to %s", GST_VIDEO_INFO_NAME (in),
        GST_VIDEO_INFO_NAME (out));
  } else if (build_graph (self, in, out, window, filter, error)) {
    return self;
  }
  echoel_scaler_free (self);
  return NULL;
}

void
echoel_scaler_free (EchoelScaler * self)
{
  guint c;

  if (self == NULL)
    return;
  zimg_filter_graph_free (self->graph);
  g_aligned_free (self->scratch);
  for (c = 0; c < ECHOEL_MAX_PLANES; c++) {
    g_aligned_free (self->in.ring[c]);
    g_aligned_free (self->out.ring[c]);
  }
  g_free (self);
}

/* Row @row of the ring of each plane that is not used in place. */
static void
ring_rows (const Pass * pass, guint row, gpointer planes[ECHOEL_MAX_PLANES])
{
  const End *end = pass->end;
  guint c;

  for (c = 0; c < ECHOEL_MAX_PLANES; c++) {
    guint sub_h = c == 1 || c == 2 ? end->rows.sub_h : 0;

    planes[c] = NULL;
    if (c < end->n_planes && !pass->in_place[c])
      planes[c] = (guint8 *) end->ring[c]
          + ((row >> sub_h) & end->mask) * end->ring_stride[c];
  }
}

/* Repeats the last sample of a row whose width is not a whole number of
 * chroma samples. Only luma and alpha can be short: chroma is rounded up. */
static void
pad_right (const End * end, gpointer planes[ECHOEL_MAX_PLANES])
{
  guint c, x;

  for (c = 0; c < end->n_planes; c += 3) {
    if (planes[c] == NULL)
      continue;
    for (x = end->width; x < end->padded_width; x++) {
      if (end->rows.bytes == 1)
        ((guint8 *) planes[c])[x] = ((guint8 *) planes[c])[end->width - 1];
      else
        ((guint16 *) planes[c])[x] = ((guint16 *) planes[c])[end->width - 1];
    }
  }
}

static int
unpack_rows (void *user, unsigned row, unsigned left, unsigned right)
{
  const Pass *pass = user;
  const End *end = pass->end;
  guint last = MIN (row + (1u << end->rows.sub_h), end->padded_height);
  gpointer planes[ECHOEL_MAX_PLANES];

  left &= ~((1u << end->rows.sub_w) - 1);
  for (; row < last; row++) {
    /* A row past the end is the last one again. It has no chroma left. */
    ring_rows (pass, row, planes);
    if (row >= end->height)
      planes[1] = planes[2] = NULL;
    echoel_rows_unpack (&end->rows, pass->frame, MIN (row, end->height - 1),
        MIN (left, end->width - 1) & ~((1u << end->rows.sub_w) - 1),
        MIN (right, end->width), planes);
    if (right > end->width)
      pad_right (end, planes);
  }
  return 0;
}

static int
pack_rows (void *user, unsigned row, unsigned left, unsigned right)
{
  const Pass *pass = user;
  const End *end = pass->end;
  guint last = MIN (row + (1u << end->rows.sub_h), end->height);
  gpointer planes[ECHOEL_MAX_PLANES];

  left &= ~((1u << end->rows.sub_w) - 1);
  for (; row < last && left < end->width; row++) {
    ring_rows (pass, row, planes);
    echoel_rows_pack (&end->rows, pass->frame, row, left,
        MIN (right, end->width), (const gpointer *) planes);
  }
  return 0;
}

/* Whether zimg may work on component @c of @frame where it lies. */
static gboolean
fits_in_place (const End * end, const GstVideoFrame * frame, guint c)
{
  guintptr address = (guintptr) GST_VIDEO_FRAME_COMP_DATA (frame, c);
  guintptr stride = (guintptr) GST_VIDEO_FRAME_COMP_STRIDE (frame, c);

  return echoel_rows_is_plane (&end->rows, c)
      && end->width == end->padded_width && end->height == end->padded_height
      && ((address | stride) & (ECHOEL_SCALER_ALIGN - 1)) == 0;
}

/* Points zimg at the frame or at the ring, plane by plane. Returns whether
 * any plane needs its rows moved. */
static gboolean
pass_begin (Pass * pass, const End * end, GstVideoFrame * frame,
    zimg_image_buffer * buffer)
{
  gboolean moves = FALSE;
  guint c;

  memset (pass, 0, sizeof (*pass));
  memset (buffer, 0, sizeof (*buffer));
  buffer->version = ZIMG_API_VERSION;
  pass->end = end;
  pass->frame = frame;
  for (c = 0; c < end->n_planes; c++) {
    pass->in_place[c] = fits_in_place (end, frame, c);
    if (pass->in_place[c]) {
      buffer->plane[c].data = GST_VIDEO_FRAME_COMP_DATA (frame, c);
      buffer->plane[c].stride = GST_VIDEO_FRAME_COMP_STRIDE (frame, c);
      buffer->plane[c].mask = ZIMG_BUFFER_MAX;
    } else {
      buffer->plane[c].data = end->ring[c];
      buffer->plane[c].stride = (ptrdiff_t) end->ring_stride[c];
      buffer->plane[c].mask = end->mask;
      moves = TRUE;
    }
  }
  return moves;
}

gboolean
echoel_scaler_run (EchoelScaler * self, const GstVideoFrame * in,
    GstVideoFrame * out, GError ** error)
{
  zimg_image_buffer_const source;
  zimg_image_buffer in_buffer, out_buffer;
  Pass reading, writing;
  gboolean unpack, pack;
  guint c;

  unpack = pass_begin (&reading, &self->in, (GstVideoFrame *) in, &in_buffer);
  pack = pass_begin (&writing, &self->out, out, &out_buffer);
  source.version = in_buffer.version;
  for (c = 0; c < ECHOEL_MAX_PLANES; c++) {
    source.plane[c].data = in_buffer.plane[c].data;
    source.plane[c].stride = in_buffer.plane[c].stride;
    source.plane[c].mask = in_buffer.plane[c].mask;
  }
  if (zimg_filter_graph_process (self->graph, &source, &out_buffer,
          self->scratch, unpack ? unpack_rows : NULL, &reading,
          pack ? pack_rows : NULL, &writing) == 0)
    return TRUE;
  set_zimg_error (error, "zimg failed");
  return FALSE;
}
