/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scaler.h"

#include <math.h>
#include <string.h>
#include <zimg.h>

#include "colormatrix.h"
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
  guint reach;                  /* source pixels each way, without scaling */
} filters[] = {
  /* *INDENT-OFF* */
  [ECHOEL_FILTER_BILINEAR] = {ZIMG_RESIZE_BILINEAR, NAN, NAN, 1},
  [ECHOEL_FILTER_BICUBIC] = {ZIMG_RESIZE_BICUBIC, 0.0, 0.5, 2},
  [ECHOEL_FILTER_LANCZOS] = {ZIMG_RESIZE_LANCZOS, 3.0, NAN, 3},
  [ECHOEL_FILTER_SPLINE36] = {ZIMG_RESIZE_SPLINE36, NAN, NAN, 3},
  /* *INDENT-ON* */
};

/* One end of the pass: how its frames lie in memory, and the ring of rows
 * that stands in for planes that cannot be used in place. The source's end can
 * be a tile of its frame. */
typedef struct
{
  EchoelRows rows;
  guint x0, y0;                 /* of the tile in the frame, pixels */
  guint width, height;          /* real pixels */
  guint padded_width, padded_height;    /* whole chroma samples, as zimg wants */
  guint n_planes;               /* planes zimg reads or writes */
  guint bytes;                  /* of a sample that zimg sees */
  guint mask;                   /* of the row ring */
  gpointer ring[ECHOEL_MAX_PLANES];
  gsize ring_stride[ECHOEL_MAX_PLANES];
  gboolean has_matrix;          /* RGB rows become YUV on their way in */
  EchoelColorMatrix matrix;
  gpointer rgb[3];              /* one row */
} End;

/* A graph costs more to build than a frame to scale, and a window that moves
 * needs one for each place between two chroma samples: they are kept. */
#define MAX_GRAPHS 192

/* Places that a moving window can take in one source pixel. */
#define PHASES 64
#define PHASE (ECHOEL_SUBPIXEL / PHASES)

typedef struct
{
  gint64 x, y;                  /* of the window in the tile, subpixels */
  guint64 used;                 /* when, in moves */
  zimg_filter_graph *graph;
} Graph;

struct _EchoelScaler
{
  guint frame_width, frame_height;      /* of the source */
  EchoelWindow window;
  EchoelFilter filter;
  zimg_image_format in_format, out_format;
  zimg_graph_builder_params params;

  Graph graphs[MAX_GRAPHS];
  guint n_graphs;
  zimg_filter_graph *graph;     /* the one for the window */
  guint64 moves;

  gpointer scratch;
  gsize scratch_size;
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
  end->bytes = format->pixel_type == ZIMG_PIXEL_BYTE ? 1 : 2;
  end->n_planes = (format->color_family == ZIMG_COLOR_GREY ? 1 : 3)
      + (format->alpha != ZIMG_ALPHA_NONE);
}

static guint
sub_h_of (const End * end, guint c)
{
  return c == 1 || c == 2 ? end->rows.sub_h : 0;
}

/* Makes the ring of one end hold @n_rows rows. */
static void
end_make_ring (End * end, guint n_rows)
{
  guint mask = zimg_select_buffer_mask (n_rows), c;
  gsize n = mask == ZIMG_BUFFER_MAX ? end->padded_height : (gsize) mask + 1;

  if (end->ring[0] != NULL && (end->mask == mask || end->mask > mask))
    return;
  end->mask = mask;
  for (c = 0; c < end->n_planes; c++) {
    guint sub_w = c == 1 || c == 2 ? end->rows.sub_w : 0;

    end->ring_stride[c] = GST_ROUND_UP_N ((end->padded_width >> sub_w)
        * end->bytes, ECHOEL_SCALER_ALIGN);
    g_aligned_free (end->ring[c]);
    end->ring[c] = aligned_new (end->ring_stride[c] * n);
    memset (end->ring[c], 0, end->ring_stride[c] * n);
  }
}

/* The window in the tile, stretched where the target is padded to whole
 * chroma samples, so that what is dropped there does not squeeze the rest. */
static void
set_active_region (EchoelScaler * self, gint64 x, gint64 y)
{
  zimg_image_format *format = &self->in_format;
  const End *out = &self->out;
  gdouble unit = ECHOEL_SUBPIXEL;

  format->active_region.left = x / unit;
  format->active_region.top = y / unit;
  format->active_region.width = self->window.width / unit
      * out->padded_width / out->width;
  format->active_region.height = self->window.height / unit
      * out->padded_height / out->height;
  /* zimg takes a region as a request to resample: a whole one is none. */
  if (format->active_region.left == 0 && format->active_region.top == 0
      && format->active_region.width == format->width
      && format->active_region.height == format->height)
    format->active_region.left = format->active_region.top =
        format->active_region.width = format->active_region.height = NAN;
}

/* RGB that becomes YUV with the same light and primaries is turned before
 * zimg sees it: zimg would do that in floating point, on every pixel of the
 * larger side. */
static void
use_matrix (EchoelScaler * self, const GstVideoInfo * out)
{
  zimg_image_format *from = &self->in_format;
  const zimg_image_format *to = &self->out_format;
  End *in = &self->in;
  guint c;

  if (from->color_family != ZIMG_COLOR_RGB || in->rows.bytes != 1
      || to->color_family != ZIMG_COLOR_YUV
      || from->alpha != ZIMG_ALPHA_NONE
      || from->transfer_characteristics != to->transfer_characteristics
      || from->color_primaries != to->color_primaries
      || !echoel_color_matrix_init (&in->matrix, out->colorimetry.matrix,
          to->pixel_range == ZIMG_RANGE_FULL))
    return;
  in->has_matrix = TRUE;
  from->color_family = ZIMG_COLOR_YUV;
  from->matrix_coefficients = to->matrix_coefficients;
  from->pixel_range = to->pixel_range;
  from->pixel_type = ZIMG_PIXEL_WORD;
  from->depth = 16;
  for (c = 0; c < 3; c++)
    in->rgb[c] = aligned_new (self->frame_width);
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

/* Buffers that are large enough for @graph. */
static gboolean
make_room (EchoelScaler * self, const zimg_filter_graph * graph)
{
  guint in_rows = 0, out_rows = 0;
  gsize size = 0;

  if (zimg_filter_graph_get_tmp_size (graph, &size) != 0
      || zimg_filter_graph_get_input_buffering (graph, &in_rows) != 0
      || zimg_filter_graph_get_output_buffering (graph, &out_rows) != 0)
    return FALSE;
  if (size > self->scratch_size || self->scratch == NULL) {
    g_aligned_free (self->scratch);
    self->scratch = aligned_new (size);
    self->scratch_size = size;
  }
  end_make_ring (&self->in, in_rows);
  end_make_ring (&self->out, out_rows);
  return TRUE;
}

/* A free place for a graph: the one that was not used for longest. */
static Graph *
oldest_graph (EchoelScaler * self)
{
  Graph *oldest = &self->graphs[0];
  guint i;

  if (self->n_graphs < MAX_GRAPHS)
    return &self->graphs[self->n_graphs++];
  for (i = 1; i < MAX_GRAPHS; i++) {
    if (self->graphs[i].used < oldest->used)
      oldest = &self->graphs[i];
  }
  g_clear_pointer (&oldest->graph, zimg_filter_graph_free);
  return oldest;
}

/* Finds or builds the graph for the window at @x, @y of the tile. */
static gboolean
select_graph (EchoelScaler * self, gint64 x, gint64 y, GError ** error)
{
  zimg_filter_graph *built;
  Graph *graph;
  guint i;

  self->moves++;
  for (i = 0; i < self->n_graphs; i++) {
    graph = &self->graphs[i];
    if (graph->graph != NULL && graph->x == x && graph->y == y) {
      graph->used = self->moves;
      self->graph = graph->graph;
      return TRUE;
    }
  }
  set_active_region (self, x, y);
  built = zimg_filter_graph_build (&self->in_format, &self->out_format,
      &self->params);
  if (built == NULL || !make_room (self, built)) {
    set_zimg_error (error, "zimg refuses this conversion");
    zimg_filter_graph_free (built);
    return FALSE;
  }
  graph = oldest_graph (self);
  graph->x = x;
  graph->y = y;
  graph->used = self->moves;
  graph->graph = self->graph = built;
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
    goto failed;
  }
  self->frame_width = GST_VIDEO_INFO_WIDTH (in);
  self->frame_height = GST_VIDEO_INFO_HEIGHT (in);
  self->window = *window;
  self->filter = filter;
  echoel_zimg_formats (in, &self->in.rows, out, &self->out.rows,
      &self->in_format, &self->out_format);
  use_matrix (self, out);
  end_describe (&self->in, in, &self->in_format);
  end_describe (&self->out, out, &self->out_format);
  set_filter (&self->params, filter);
  /* Ten bits into eight would band in skies and shadows. */
  if (self->in.rows.depth > self->out.rows.depth)
    self->params.dither_type = ZIMG_DITHER_ORDERED;
  if (select_graph (self, window->x, window->y, error))
    return self;

failed:
  echoel_scaler_free (self);
  return NULL;
}

/* One axis of the tile around a window that moves: as many pixels as the
 * filter reaches in chroma, the same number wherever it is. */
static guint
tile_length (guint frame, gint64 window, guint target, guint reach, guint step)
{
  guint pixels = (guint) ((window + ECHOEL_SUBPIXEL - 1)
      >> ECHOEL_SUBPIXEL_SHIFT);
  guint taps = reach * step * MAX (1, (pixels + target - 1) / target);

  pixels = GST_ROUND_UP_N (pixels + 2 * taps + 2 * step, step);
  return MIN (pixels, GST_ROUND_UP_N (frame, step));
}

static guint
tile_start (guint frame, gint64 at, gint64 window, guint tile, guint step)
{
  gint64 spare = ((gint64) tile << ECHOEL_SUBPIXEL_SHIFT) - window;
  gint64 start = MAX ((at - spare / 2) >> ECHOEL_SUBPIXEL_SHIFT, 0);
  guint last = GST_ROUND_UP_N (frame - MIN (tile, frame), step);

  return MIN ((guint) start & ~(step - 1), last);
}

static void
drop_graphs (EchoelScaler * self)
{
  guint i;

  for (i = 0; i < self->n_graphs; i++)
    g_clear_pointer (&self->graphs[i].graph, zimg_filter_graph_free);
  self->n_graphs = 0;
  self->graph = NULL;
}

/* How many pixels of the source zimg sees. */
static void
set_tile (EchoelScaler * self, guint width, guint height)
{
  End *in = &self->in;
  guint i;

  in->padded_width = width;
  in->padded_height = height;
  if (width == self->in_format.width && height == self->in_format.height)
    return;
  self->in_format.width = width;
  self->in_format.height = height;
  drop_graphs (self);
  for (i = 0; i < ECHOEL_MAX_PLANES; i++)
    g_clear_pointer (&in->ring[i], g_aligned_free);
}

static void
make_tile (EchoelScaler * self)
{
  guint reach = filters[self->filter].reach;
  const EchoelRows *rows = &self->in.rows;

  set_tile (self, tile_length (self->frame_width, self->window.width,
          self->out.width, reach, 1u << rows->sub_w),
      tile_length (self->frame_height, self->window.height, self->out.height,
          reach, 1u << rows->sub_h));
}

gboolean
echoel_scaler_resize (EchoelScaler * self, const EchoelWindow * window,
    GError ** error)
{
  End *in = &self->in;

  self->window = *window;
  set_tile (self, GST_ROUND_UP_N (self->frame_width, 1u << in->rows.sub_w),
      GST_ROUND_UP_N (self->frame_height, 1u << in->rows.sub_h));
  drop_graphs (self);
  in->x0 = in->y0 = 0;
  in->width = self->frame_width;
  in->height = self->frame_height;
  return select_graph (self, window->x, window->y, error);
}

static gint64
to_phase (gint64 at, gint64 window, guint frame)
{
  gint64 last = ((gint64) frame << ECHOEL_SUBPIXEL_SHIFT) - window;

  return CLAMP ((at + PHASE / 2) / PHASE * PHASE, 0, MAX (last, 0));
}

gboolean
echoel_scaler_move (EchoelScaler * self, gint64 x, gint64 y, GError ** error)
{
  EchoelWindow *window = &self->window;
  End *in = &self->in;

  x = to_phase (x, window->width, self->frame_width);
  y = to_phase (y, window->height, self->frame_height);
  if (x == window->x && y == window->y)
    return TRUE;
  window->x = x;
  window->y = y;
  make_tile (self);
  in->x0 = tile_start (self->frame_width, x, window->width, in->padded_width,
      1u << in->rows.sub_w);
  in->y0 = tile_start (self->frame_height, y, window->height,
      in->padded_height, 1u << in->rows.sub_h);
  in->width = MIN (in->padded_width, self->frame_width - in->x0);
  in->height = MIN (in->padded_height, self->frame_height - in->y0);
  return select_graph (self, x - ((gint64) in->x0 << ECHOEL_SUBPIXEL_SHIFT),
      y - ((gint64) in->y0 << ECHOEL_SUBPIXEL_SHIFT), error);
}

void
echoel_scaler_free (EchoelScaler * self)
{
  guint c;

  if (self == NULL)
    return;
  for (c = 0; c < self->n_graphs; c++)
    zimg_filter_graph_free (self->graphs[c].graph);
  g_aligned_free (self->scratch);
  for (c = 0; c < ECHOEL_MAX_PLANES; c++) {
    g_aligned_free (self->in.ring[c]);
    g_aligned_free (self->out.ring[c]);
    if (c < 3)
      g_aligned_free (self->in.rgb[c]);
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
    planes[c] = NULL;
    if (c < end->n_planes && !pass->in_place[c])
      planes[c] = (guint8 *) end->ring[c]
          + ((row >> sub_h_of (end, c)) & end->mask) * end->ring_stride[c];
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
      if (end->bytes == 1)
        ((guint8 *) planes[c])[x] = ((guint8 *) planes[c])[end->width - 1];
      else
        ((guint16 *) planes[c])[x] = ((guint16 *) planes[c])[end->width - 1];
    }
  }
}

/* Row @row of a tile whose pixels are four bytes each. */
static const guint8 *
packed_row (const End * end, const GstVideoFrame * frame, guint row)
{
  return (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, 0)
      + (gssize) (end->y0 + row) * GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0)
      + 4 * (gsize) end->x0;
}

/* One row of RGB as YUV; columns @left to @right of the tile. */
static void
unpack_rgb (const Pass * pass, guint row, guint left, guint right,
    gpointer planes[ECHOEL_MAX_PLANES])
{
  const End *end = pass->end;
  gpointer rgb[ECHOEL_MAX_PLANES] = { end->rgb[0], end->rgb[1], end->rgb[2],
    NULL
  };
  guint shifts[3];

  if (echoel_rows_pixel_shifts (&end->rows, shifts)) {
    echoel_color_matrix_pixels (&end->matrix, packed_row (end, pass->frame, row)
        + 4 * (gsize) left, shifts, right - left,
        (guint16 *) planes[0] + left, (guint16 *) planes[1] + left,
        (guint16 *) planes[2] + left);
    return;
  }
  echoel_rows_unpack (&end->rows, pass->frame, end->y0 + row, end->x0 + left,
      end->x0 + right, 0, rgb);
  echoel_color_matrix_row (&end->matrix, rgb[0], rgb[1], rgb[2], right - left,
      (guint16 *) planes[0] + left, (guint16 *) planes[1] + left,
      (guint16 *) planes[2] + left);
}

static int
unpack_rows (void *user, unsigned row, unsigned left, unsigned right)
{
  const Pass *pass = user;
  const End *end = pass->end;
  guint last = MIN (row + (1u << end->rows.sub_h), end->padded_height);
  gpointer planes[ECHOEL_MAX_PLANES];

  left = MIN (left, end->width - 1) & ~((1u << end->rows.sub_w) - 1);
  for (; row < last; row++) {
    /* A row past the end is the last one again. It has no chroma left. */
    ring_rows (pass, row, planes);
    if (row >= end->height)
      planes[1] = planes[2] = NULL;
    if (end->has_matrix)
      unpack_rgb (pass, row, left, MIN (right, end->width), planes);
    else
      echoel_rows_unpack (&end->rows, pass->frame,
          end->y0 + MIN (row, end->height - 1), end->x0 + left,
          end->x0 + MIN (right, end->width), left, planes);
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

/* Where component @c of the tile starts in @frame, when zimg may work on it
 * there; else NULL. */
static gpointer
place_in_frame (const End * end, const GstVideoFrame * frame, guint c)
{
  gsize stride = (gsize) GST_VIDEO_FRAME_COMP_STRIDE (frame, c);
  guint8 *data = GST_VIDEO_FRAME_COMP_DATA (frame, c);

  data += (end->y0 >> sub_h_of (end, c)) * stride;
  if (!echoel_rows_is_plane (&end->rows, c) || end->has_matrix || end->x0 != 0
      || end->width != end->padded_width
      || end->height != end->padded_height
      || (((guintptr) data | stride) & (ECHOEL_SCALER_ALIGN - 1)) != 0)
    return NULL;
  return data;
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
    gpointer data = place_in_frame (end, frame, c);

    pass->in_place[c] = data != NULL;
    if (data != NULL) {
      buffer->plane[c].data = data;
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
