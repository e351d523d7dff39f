/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* path-score: how well the camera path follows recorded targets.
 *
 * docs/camera-path.md explains the input and each number. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "camerapath.h"

/* The shape of the window: a tall phone screen. */
#define ASPECT (9.0 / 16.0)
/* A box counts as inside when no more than this part of it is not, and a
 * window as still when it moves no more than this many W. */
#define ROUNDING 1e-9
/* A step back is one against the way in which the target has gone for so
 * long, in s. */
#define MEMORY 1.0

#define MAX_SIZE 65536.0
#define MAX_FPS 1000.0
#define MAX_FRAME 1e9
#define FIELDS 9

typedef struct
{
  const gchar *clip;
  guint line;
  gdouble frame, x, y, w, h, width, height, fps;
} Row;

/* Sums over the clips, and the steps of all of them. */
typedef struct
{
  guint clips;
  guint64 frames, steps, still, backward;
  gdouble coverage, whole, acceleration;
  GArray *speeds;
} Score;

static GQuark
score_error (void)
{
  return g_quark_from_static_string ("path-score");
}

static gboolean
parse_number (const gchar * text, gdouble min, gdouble max, gdouble * value)
{
  gchar *end;

  *value = g_ascii_strtod (text, &end);
  return end != text && *g_strchug (end) == '\0' && *value >= min
      && *value <= max;
}

static gboolean
parse_row (gchar ** fields, Row * row)
{
  return parse_number (fields[1], 0, MAX_FRAME, &row->frame)
      && row->frame == floor (row->frame)
      && parse_number (fields[2], -MAX_SIZE, MAX_SIZE, &row->x)
      && parse_number (fields[3], -MAX_SIZE, MAX_SIZE, &row->y)
      && parse_number (fields[4], 1e-3, MAX_SIZE, &row->w)
      && parse_number (fields[5], 1e-3, MAX_SIZE, &row->h)
      && parse_number (fields[6], 1, MAX_SIZE, &row->width)
      && parse_number (fields[7], 1, MAX_SIZE, &row->height)
      && parse_number (fields[8], 1e-3, MAX_FPS, &row->fps);
}

/* Whether @row may follow @last: clips in one piece, frames in order. */
static const gchar *
row_order (const Row * row, const Row * last, GHashTable * clips,
    gboolean repeat)
{
  if (!last || strcmp (row->clip, last->clip) != 0)
    return g_hash_table_add (clips, (gpointer) row->clip) ? NULL
        : "this clip was already there: sort by clip and frame";
  if (row->frame < last->frame || (row->frame == last->frame && !repeat))
    return "the frame is not after the one before";
  if (row->width != last->width || row->height != last->height
      || row->fps != last->fps)
    return "source size or fps differ within the clip";
  return NULL;
}

/* One line into @row. The clip's name points into @names. */
static const gchar *
parse_line (const gchar * line, Row * row, GStringChunk * names)
{
  gchar **fields = g_strsplit (line, ",", FIELDS + 1);
  const gchar *problem = NULL;

  if (g_strv_length (fields) != FIELDS)
    problem = "not nine fields: clip, frame, x, y, w, h, source width, "
        "source height, fps";
  else if (!parse_row (fields, row))
    problem = "not a number, or out of range";
  else
    row->clip = g_string_chunk_insert_const (names, g_strstrip (fields[0]));
  g_strfreev (fields);
  return problem;
}

/* (transfer full): the rows of a file. @repeat: a frame may have several. */
static GArray *
read_rows (const gchar * name, gboolean repeat, GStringChunk * names,
    GError ** error)
{
  GHashTable *clips = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  const gchar *problem = NULL;
  gchar *text = NULL, *line, *end;
  guint number = 0;
  gsize size;

  if (!g_file_get_contents (name, &text, &size, error))
    goto failed;
  if (memchr (text, '\0', size))
    problem = "a zero byte in the file";
  for (line = text; line && *line && !problem; line = end) {
    Row row = { NULL, ++number, };

    end = strchr (line, '\n');
    if (end)
      *end++ = '\0';
    if (*g_strstrip (line) == '\0')
      continue;
    problem = parse_line (line, &row, names);
    /* The first line may say what the columns are. */
    if (problem && number == 1 && g_str_has_prefix (line, "clip")) {
      problem = NULL;
      continue;
    }
    if (!problem)
      problem = row_order (&row, rows->len ? &g_array_index (rows, Row,
              rows->len - 1) : NULL, clips, repeat);
    g_array_append_val (rows, row);
  }
  if (problem)
    g_set_error (error, score_error (), 0, "%s:%u: %s", name, number, problem);
  else if (rows->len == 0)
    g_set_error (error, score_error (), 0, "%s: no rows", name);
  if (!problem && rows->len)
    goto done;

failed:
  g_array_unref (rows);
  rows = NULL;
done:
  g_hash_table_unref (clips);
  g_free (text);
  return rows;
}

/* The window's size in source widths. */
static EchoelPathPoint
window_of (const Row * row)
{
  gdouble shape = row->height / row->width;
  EchoelPathPoint window = { MIN (1.0, shape * ASPECT), shape };

  window.y = MIN (shape, 1.0 / ASPECT);
  return window;
}

static gdouble
overlap (gdouble a, gdouble a_size, gdouble b, gdouble b_size)
{
  gdouble both = MIN (a + a_size, b + b_size) - MAX (a, b);

  return CLAMP (both / b_size, 0.0, 1.0);
}

/* The part of the box that the window shows. */
static gdouble
box_coverage (const Row * box, EchoelPathPoint centre)
{
  EchoelPathPoint window = window_of (box);
  gdouble w = box->width;

  return overlap (centre.x - window.x / 2, window.x, box->x / w, box->w / w)
      * overlap (centre.y - window.y / 2, window.y, box->y / w, box->h / w);
}

/* One centre for each of @n rows of a clip. */
static void
follow (EchoelCameraPath * path, const Row * rows, guint n,
    EchoelPathPoint * centres)
{
  EchoelPathPoint window = window_of (rows);
  EchoelPathRange range = { {window.x / 2, window.y / 2},
  {1.0 - window.x / 2, rows->height / rows->width - window.y / 2}
  };
  guint i, done = 0;

  echoel_camera_path_reset (path);
  for (i = 0; i <= n; i++) {
    if (i < n) {
      const Row *row = &rows[i];
      EchoelPathTarget target = { {(row->x + row->w / 2) / row->width,
          (row->y + row->h / 2) / row->width}, TRUE, FALSE
      };

      echoel_camera_path_push (path, (GstClockTime) (row->frame / row->fps *
              GST_SECOND + 0.5), &target, &range);
    } else {
      echoel_camera_path_flush (path);
    }
    while (done < n && echoel_camera_path_pull (path, NULL, &centres[done]))
      done++;
  }
}

/* Steps against a target that has only gone the other way for a while. */
static guint
count_backward (const Row * rows, guint n, const EchoelPathPoint * centres)
{
  guint memory = (guint) ceil (MEMORY * rows->fps), up = 0, down = 0;
  guint count = 0, i;
  gdouble up_from = rows[0].x, down_from = rows[0].x;

  for (i = 1; i < n; i++) {
    gdouble now = rows[i].x + rows[i].w / 2;
    gdouble before = rows[i - 1].x + rows[i - 1].w / 2;
    gdouble step = centres[i].x - centres[i - 1].x;

    up = now >= before ? up + 1 : 0;
    down = now <= before ? down + 1 : 0;
    up_from = up == 0 ? now : i > memory ? rows[i - memory].x : rows[0].x;
    down_from = down == 0 ? now : i > memory ? rows[i - memory].x : rows[0].x;
    if (up >= memory && rows[i].x > up_from && step < -ROUNDING)
      count++;
    if (down >= memory && rows[i].x < down_from && step > ROUNDING)
      count++;
  }
  return count;
}

static void
score_motion (Score * score, const Row * rows, guint n,
    const EchoelPathPoint * centres)
{
  gdouble sum = 0.0;
  EchoelPathPoint last = { 0.0, 0.0 };
  guint i;

  for (i = 1; i < n; i++) {
    gdouble seconds = (rows[i].frame - rows[i - 1].frame) / rows[i].fps;
    EchoelPathPoint v = { (centres[i].x - centres[i - 1].x) / seconds,
      (centres[i].y - centres[i - 1].y) / seconds
    };
    gdouble speed = hypot (v.x, v.y);

    if (i > 1)
      sum += hypot (v.x - last.x, v.y - last.y) / seconds;
    last = v;
    score->steps++;
    score->still += speed * seconds <= ROUNDING;
    g_array_append_val (score->speeds, speed);
  }
  if (n > 2)
    score->acceleration += sum / (n - 2);
  score->backward += count_backward (rows, n, centres);
}

/* @judges: the boxes to be covered, a part of which belongs to the clip */
static void
score_coverage (Score * score, const Row * rows, guint n,
    const EchoelPathPoint * centres, const Row * judges, guint n_judges)
{
  gdouble sum = 0.0;
  guint i, at = 0, count = 0, whole = 0;

  for (i = 0; i < n_judges; i++) {
    gdouble share;

    while (at < n && rows[at].frame < judges[i].frame)
      at++;
    if (at == n || rows[at].frame != judges[i].frame)
      continue;
    share = box_coverage (&judges[i], centres[at]);
    sum += share;
    whole += share >= 1.0 - ROUNDING;
    count++;
  }
  if (count == 0)
    return;
  score->clips++;
  score->coverage += sum / count;
  score->whole += (gdouble) whole / count;
}

static guint
clip_length (const GArray * rows, guint from)
{
  const gchar *clip = g_array_index (rows, Row, from).clip;
  guint to = from + 1;

  while (to < rows->len && g_array_index (rows, Row, to).clip == clip)
    to++;
  return to - from;
}

/* Where in @rows the clip of @row begins, rows->len: nowhere. */
static guint
find_clip (const GArray * rows, const Row * row, GHashTable * starts)
{
  gpointer start;

  if (!g_hash_table_lookup_extended (starts, row->clip, NULL, &start))
    return rows->len;
  return GPOINTER_TO_UINT (start);
}

static void
score_clips (Score * score, EchoelCameraPath * path, const GArray * tracks,
    const GArray * judges)
{
  GHashTable *starts = g_hash_table_new (g_str_hash, g_str_equal);
  guint from, n;

  for (from = 0; from < judges->len; from += clip_length (judges, from))
    g_hash_table_insert (starts,
        (gpointer) g_array_index (judges, Row, from).clip,
        GUINT_TO_POINTER (from));
  for (from = 0; from < tracks->len; from += n) {
    const Row *rows = &g_array_index (tracks, Row, from);
    guint other = find_clip (judges, rows, starts);
    EchoelPathPoint *centres;

    n = clip_length (tracks, from);
    centres = g_new0 (EchoelPathPoint, n);
    follow (path, rows, n, centres);
    if (other < judges->len)
      score_coverage (score, rows, n, centres,
          &g_array_index (judges, Row, other), clip_length (judges, other));
    score_motion (score, rows, n, centres);
    score->frames += n;
    g_free (centres);
  }
  g_hash_table_unref (starts);
}

static gint
compare_speeds (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return (x > y) - (x < y);
}

static void
print_score (Score * score, guint tracks)
{
  gdouble clips = MAX (score->clips, 1);
  gdouble fast = 0.0;

  g_array_sort (score->speeds, compare_speeds);
  if (score->speeds->len)
    fast = g_array_index (score->speeds, gdouble,
        (guint) (score->speeds->len * 0.95));
  g_print ("clips                    %u\n", tracks);
  g_print ("frames                   %" G_GUINT64_FORMAT "\n", score->frames);
  g_print ("coverage                 %.2f %%\n",
      score->coverage / clips * 100.0);
  g_print ("frames fully covered     %.2f %%\n", score->whole / clips * 100.0);
  g_print ("mean acceleration        %.4f W/s^2\n",
      score->acceleration / MAX (tracks, 1));
  g_print ("95th percentile speed    %.3f W/s\n", fast);
  g_print ("still share              %.3f\n",
      (gdouble) score->still / MAX (score->steps, 1));
  g_print ("backward steps           %" G_GUINT64_FORMAT "\n", score->backward);
}

static guint
count_clips (const GArray * rows)
{
  guint from, count = 0;

  for (from = 0; from < rows->len; from += clip_length (rows, from))
    count++;
  return count;
}

int
main (int argc, char **argv)
{
  EchoelPathLimits limits = { ECHOEL_PATH_MAX_SPEED,
    ECHOEL_PATH_MAX_ACCELERATION, ECHOEL_PATH_DEAD_BAND
  };
  gdouble lookahead = 0.0;
  gchar *judge = NULL;
  GOptionEntry options[] = {
    {"lookahead", 0, 0, G_OPTION_ARG_DOUBLE, &lookahead,
        "Known future (0 = none)", "SECONDS"},
    {"max-speed", 0, 0, G_OPTION_ARG_DOUBLE, &limits.max_speed,
        "Source widths a second", "SPEED"},
    {"max-acceleration", 0, 0, G_OPTION_ARG_DOUBLE, &limits.max_acceleration,
        "Source widths a second, a second", "ACCELERATION"},
    {"dead-band", 0, 0, G_OPTION_ARG_DOUBLE, &limits.dead_band,
        "Source widths", "WIDTH"},
    {"judge", 0, 0, G_OPTION_ARG_FILENAME, &judge,
        "Boxes to be covered; a frame may have several", "FILE"},
    {NULL}
  };
  GOptionContext *context = g_option_context_new ("TRACKS.csv");
  GStringChunk *names = g_string_chunk_new (1024);
  GArray *tracks = NULL, *judges = NULL;
  EchoelCameraPath *path;
  GError *error = NULL;
  Score score = { 0, };

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    goto failed;
  if (argc != 2 || !(lookahead >= 0.0)) {
    g_set_error (&error, score_error (), 0, "%s",
        argc != 2 ? "usage: path-score [OPTION] TRACKS.csv"
        : "the look-ahead cannot be negative");
    goto failed;
  }
  tracks = read_rows (argv[1], FALSE, names, &error);
  if (tracks && judge)
    judges = read_rows (judge, TRUE, names, &error);
  if (error)
    goto failed;

  path = echoel_camera_path_new (&limits,
      (GstClockTime) (MIN (lookahead, 3600.0) * GST_SECOND));
  score.speeds = g_array_new (FALSE, FALSE, sizeof (gdouble));
  score_clips (&score, path, tracks, judges ? judges : tracks);
  print_score (&score, count_clips (tracks));
  echoel_camera_path_free (path);
  g_array_unref (score.speeds);

failed:
  if (error)
    g_printerr ("%s\n", error->message);
  if (tracks)
    g_array_unref (tracks);
  if (judges)
    g_array_unref (judges);
  g_string_chunk_free (names);
  g_option_context_free (context);
  g_free (judge);
  if (error == NULL)
    return EXIT_SUCCESS;
  g_error_free (error);
  return EXIT_FAILURE;
}
