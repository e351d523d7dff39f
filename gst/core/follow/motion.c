/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "motion.h"

#include "residual.h"
#include "spectral.h"

#include <math.h>
#include <string.h>

#define COLUMNS ECHOEL_CELL_COLUMNS
#define ROWS ECHOEL_CELL_ROWS
#define WIDTH ECHOEL_ANALYSIS_WIDTH
#define HEIGHT ECHOEL_ANALYSIS_HEIGHT
#define PIXELS ECHOEL_ANALYSIS_PIXELS

/* Pictures are compared over these times, in seconds, so that the frame rate
 * does not matter: one for all, and a longer one in which slow things have
 * moved, too, for when the first shows little. */
#define BASELINE 0.1
#define LONG_BASELINE 0.4
/* Pictures kept for each of them. */
#define KEPT 8

/* Residual of a cell, in structure levels, from which on it moves. */
#define MOVES 2.0f

/* Movement is forgotten with this time constant, and certainty gained and
 * lost with these, in seconds. */
#define FORGET 0.05
#define GAIN 0.1
#define LOSE 0.4

/* Energy, in cells times levels, from which on there is any at all, and from
 * which on there is enough. */
#define LITTLE 8.0
#define PLENTY 60.0
/* With less in the short look the long one is taken. */
#define SLOW 25.0

/* Shares of the frame that move apart from the camera: an object, and all. */
#define MUCH 0.2
#define EVERYWHERE 0.4

/* A window that covers so much of the frame is right wherever it is; another
 * has gathered enough when it shows its area's share of all movement and this
 * share of the rest. */
#define MOST 0.8
#define GATHERED 0.4

/* Speeds of the camera, in widths a second. */
#define STEADY 0.06
#define HASTY 0.15
/* What goes to and fro within this time, in seconds, is a shaking hand. */
#define SHAKE 0.4

/* Movement counts less, by this share, towards the edges. */
#define EDGES 0.3f
/* Certainty of a window chosen before anything has moved, at most. */
#define GUESS 0.25

/* Another place must have that much more energy than the one before. */
#define STICK 1.6
/* The middle is that between what has this share of the energy on either
 * side: neither a bright corner nor a speck moves it. */
#define RIM 0.05
/* Rounds in which a window finds the middle of what it shows. */
#define SETTLE 3

/* What is found trembles, and is behind: it is the middle between where
 * something is and where it was. A track with a speed of its own evens that
 * out, without being late itself, and looks ahead by the delay, in seconds. It
 * takes its time, in seconds, while it is slow, in frame widths or heights a
 * second: there, trembling shows and turning round is no hurry. What jumps
 * further, in frame widths or heights, is another place and not a movement. */
#define EVEN_SLOW 0.2
#define EVEN_SWIFT 0.1
#define SLOW_TRACK 0.05
#define SWIFT_TRACK 0.15
#define DELAY 0.08
#define JUMP 0.12

typedef struct
{
  gdouble at, speed;
} Track;

typedef struct
{
  EchoelPyramid pictures[KEPT]; /* a ring */
  gdouble ages[KEPT];           /* seconds */
  guint n_pictures, newest;
  gdouble baseline;             /* seconds */
} History;

struct _EchoelMotion
{
  History recent, older;
  gfloat energy[PIXELS];        /* of movement, lately */
  gdouble since_cut;            /* seconds */
  gdouble drift_x, drift_y;     /* of the background, pixels not yet moved */
  gdouble speed_x, speed_y;     /* of the camera, widths a second */
  gboolean turns;               /* it zooms or rolls */
  gdouble window_width, window_height;  /* of the picture */
  EchoelSpectral spectral;
  gboolean has_guessed, has_moved;      /* anything, since the scene began */
  gdouble guessed;              /* certainty */
  gdouble sure;                 /* before a moving camera is counted in */
  Track track_x, track_y;
  EchoelMotionResult result;
};

EchoelMotion *
echoel_motion_new (void)
{
  EchoelMotion *motion = g_new (EchoelMotion, 1);

  echoel_motion_reset (motion);
  return motion;
}

void
echoel_motion_free (EchoelMotion * motion)
{
  g_free (motion);
}

void
echoel_motion_reset (EchoelMotion * motion)
{
  memset (motion, 0, sizeof *motion);
  motion->result.x = motion->track_x.at = 0.5;
  motion->result.y = motion->track_y.at = 0.5;
  motion->recent.baseline = BASELINE;
  motion->older.baseline = LONG_BASELINE;
  echoel_spectral_init (&motion->spectral);
}

/* 0 up to @from, 1 from @to on; @from may be the larger one. */
static gdouble
ramp (gdouble value, gdouble from, gdouble to)
{
  return CLAMP ((value - from) / (to - from), 0.0, 1.0);
}

/* The kept picture to compare with: the youngest that is old enough. */
static guint
pick_reference (const History * history)
{
  guint i, index = history->newest;

  for (i = 0; i < history->n_pictures; i++) {
    index = (history->newest + KEPT - i) % KEPT;
    if (history->ages[index] >= history->baseline * 0.95)
      break;
  }
  return index;
}

static void
grow_older (History * history, gdouble elapsed)
{
  guint i;

  for (i = 0; i < history->n_pictures; i++)
    history->ages[i] += elapsed;
}

/* Keeps no more than are needed to span the baseline. */
static void
keep_picture (History * history, const EchoelPyramid * picture)
{
  gdouble spacing = history->baseline / (KEPT - 2);

  if (history->n_pictures > 0 && history->ages[history->newest] < spacing)
    return;
  if (history->n_pictures > 0)
    history->newest = (history->newest + 1) % KEPT;
  history->pictures[history->newest] = *picture;
  history->ages[history->newest] = 0.0;
  history->n_pictures = MIN (history->n_pictures + 1, KEPT);
}

/* What moved stays with the background when the camera turns. */
static void
shift_energy (EchoelMotion * motion, gint x, gint y)
{
  gfloat before[PIXELS];
  gint left = CLAMP (x, 0, WIDTH), right = CLAMP (WIDTH + x, 0, WIDTH);
  gint row;

  if (x == 0 && y == 0)
    return;
  memcpy (before, motion->energy, sizeof before);
  memset (motion->energy, 0, sizeof motion->energy);
  for (row = MAX (y, 0); row < MIN (HEIGHT + y, HEIGHT) && left < right; row++)
    memcpy (motion->energy + row * WIDTH + left,
        before + (row - y) * WIDTH + left - x,
        (right - left) * sizeof (gfloat));
}

static void
follow_camera (EchoelMotion * motion, EchoelShift shift, gdouble age,
    gdouble elapsed)
{
  gdouble share = elapsed / age;
  gint x, y;

  motion->drift_x += shift.x * share;
  motion->drift_y += shift.y * share;
  x = (gint) motion->drift_x;
  y = (gint) motion->drift_y;
  motion->drift_x -= x;
  motion->drift_y -= y;
  shift_energy (motion, x, y);
  share = 1.0 - exp (-elapsed / SHAKE);
  motion->speed_x += (shift.x / age / ECHOEL_ANALYSIS_WIDTH
      - motion->speed_x) * share;
  motion->speed_y += (shift.y / age / ECHOEL_ANALYSIS_WIDTH
      - motion->speed_y) * share;
}

static gdouble
get_speed (const EchoelMotion * motion)
{
  return hypot (motion->speed_x, motion->speed_y);
}

/* The mean of the pixels of each cell. */
static void
average_cells (const gfloat pixels[PIXELS], gfloat cells[ECHOEL_CELLS])
{
  guint x, y;

  memset (cells, 0, ECHOEL_CELLS * sizeof (gfloat));
  for (y = 0; y < HEIGHT; y++) {
    gfloat *row = cells + y / ECHOEL_CELL * COLUMNS;

    for (x = 0; x < WIDTH; x++)
      row[x / ECHOEL_CELL] += pixels[y * WIDTH + x];
  }
  for (x = 0; x < ECHOEL_CELLS; x++)
    cells[x] /= ECHOEL_CELL * ECHOEL_CELL;
}

/* The share of each cell that is above the floor, 0 to 1.
 *
 * Returns: the sum of what is above the floor */
static gdouble
find_moving (const guint8 pixels[PIXELS], gfloat shares[ECHOEL_CELLS])
{
  guint sums[ECHOEL_CELLS] = { 0, }, x, y, i;
  gdouble sum = 0.0;

  for (y = 0; y < HEIGHT; y++) {
    guint *row = sums + y / ECHOEL_CELL * COLUMNS;

    for (x = 0; x < WIDTH; x++)
      row[x / ECHOEL_CELL] += pixels[y * WIDTH + x];
  }
  for (i = 0; i < ECHOEL_CELLS; i++) {
    gfloat mean = (gfloat) sums[i] / (ECHOEL_CELL * ECHOEL_CELL);
    gfloat above = MAX (mean - MOVES, 0.0f);

    shares[i] = above > 0.0f ? above / mean : 0.0f;
    sum += above;
  }
  return sum;
}

/* What moved between two pictures. */
typedef struct
{
  guint8 pixels[PIXELS];
  gfloat shares[ECHOEL_CELLS];  /* that count of the pixels of each cell */
} Movement;

/* What moved between a kept picture and @picture.
 *
 * Returns: the sum of it, in cells */
static gdouble
compare_with (EchoelMotion * motion, const History * history,
    const EchoelPyramid * picture, gdouble elapsed, Movement * movement)
{
  guint index = pick_reference (history);
  const EchoelPyramid *before = &history->pictures[index];
  EchoelShift shift = echoel_find_shift (before, picture);

  if (history == &motion->recent)
    follow_camera (motion, shift, history->ages[index], elapsed);
  motion->turns = echoel_find_turn (before, picture, shift);
  echoel_find_residual (before, picture, shift, movement->pixels);
  return find_moving (movement->pixels, movement->shares);
}

static void
find_movement (EchoelMotion * motion, const EchoelPyramid * picture,
    gdouble elapsed, Movement * movement)
{
  gdouble moved = compare_with (motion, &motion->recent, picture, elapsed,
      movement);

  if (moved < SLOW && get_speed (motion) < STEADY)
    compare_with (motion, &motion->older, picture, elapsed, movement);
}

/* Returns: the share of the frame that moves apart from the camera */
static gdouble
add_energy (EchoelMotion * motion, const Movement * movement, gdouble elapsed)
{
  gfloat weight = (gfloat) MAX (1.0 - exp (-elapsed / FORGET),
      elapsed / motion->since_cut);
  guint x, y, i, moving = 0;

  for (y = 0; y < HEIGHT; y++) {
    const gfloat *shares = movement->shares + y / ECHOEL_CELL * COLUMNS;

    for (x = 0; x < WIDTH; x++) {
      i = y * WIDTH + x;
      motion->energy[i] += weight * (movement->pixels[i]
          * shares[x / ECHOEL_CELL] - motion->energy[i]);
    }
  }
  for (i = 0; i < ECHOEL_CELLS; i++)
    moving += movement->shares[i] > 0.0f;
  return (gdouble) moving / ECHOEL_CELLS;
}

/* Sums over all cells above and to the left. */
typedef struct
{
  gdouble sums[ROWS + 1][COLUMNS + 1];
} Integral;

static void
integrate (const gfloat cells[ECHOEL_CELLS], Integral * integral)
{
  guint column, row;

  memset (integral, 0, sizeof *integral);
  for (row = 0; row < ROWS; row++) {
    gdouble sum = 0.0;

    for (column = 0; column < COLUMNS; column++) {
      sum += cells[row * COLUMNS + column];
      integral->sums[row + 1][column + 1] = integral->sums[row][column + 1]
          + sum;
    }
  }
}

/* Row by row, cells or pixels. */
typedef struct
{
  const gfloat *values;
  guint columns, rows;
} Grid;

/* In parts of a grid; it may end between two. */
typedef struct
{
  gdouble left, top, width, height;
} Box;

static gdouble
sum_box (const Integral * integral, guint left, guint top, guint width,
    guint height)
{
  return integral->sums[top + height][left + width]
      - integral->sums[top][left + width] - integral->sums[top + height][left]
      + integral->sums[top][left];
}

/* The window around a point, pushed into the frame. */
static Box
place_box (const EchoelMotion * motion, const Grid * grid, gdouble x, gdouble y)
{
  gdouble columns = grid->columns, rows = grid->rows;
  Box box;

  box.width = motion->window_width * columns;
  box.height = motion->window_height * rows;
  box.left = CLAMP (x * columns - box.width / 2, 0.0, columns - box.width);
  box.top = CLAMP (y * rows - box.height / 2, 0.0, rows - box.height);
  return box;
}

/* How much of part @index a box covers that begins at @start. */
static gdouble
cover (guint index, gdouble start, gdouble length)
{
  gdouble from = MAX (start, index), to = MIN (start + length, index + 1.0);

  return MAX (to - from, 0.0);
}

/* Where a share of all that @line has is to its left, in parts. */
static gdouble
find_quantile (const gdouble * line, guint length, gdouble share)
{
  gdouble sum = 0.0, left = 0.0;
  guint i;

  for (i = 0; i < length; i++)
    sum += line[i];
  for (i = 0; i < length - 1 && left + line[i] < share * sum; i++)
    left += line[i];
  return i + (line[i] > 0.0 ? (share * sum - left) / line[i] : 0.0);
}

static gdouble
find_middle (const gdouble * line, guint length)
{
  return (find_quantile (line, length, RIM)
      + find_quantile (line, length, 1.0 - RIM)) / 2.0 / length;
}

/* Returns: the sum of @grid in @box, and the middle of it */
static gdouble
weigh_box (const Grid * grid, const Box * box, gdouble * x, gdouble * y)
{
  gdouble sum = 0.0, across[WIDTH] = { 0.0, }, along[HEIGHT] = { 0.0, };
  guint first = (guint) box->left, column, row;
  guint last = MIN ((guint) ceil (box->left + box->width), grid->columns);

  for (row = 0; row < grid->rows; row++) {
    const gfloat *values = grid->values + row * grid->columns;
    gdouble rows = cover (row, box->top, box->height);

    for (column = first; column < last && rows > 0.0; column++) {
      gdouble part = values[column] * rows
          * cover (column, box->left, box->width);

      sum += part;
      across[column] += part;
      along[row] += part;
    }
  }
  if (sum > 0.0) {
    *x = find_middle (across, grid->columns);
    *y = find_middle (along, grid->rows);
  }
  return sum;
}

/* The window of whole cells with the highest sum.
 *
 * Returns: that sum, and where its centre is */
static gdouble
find_best_box (const EchoelMotion * motion, const Integral * integral,
    gdouble * x, gdouble * y)
{
  guint width = CLAMP ((guint) (motion->window_width * COLUMNS + 0.5), 1,
      COLUMNS);
  guint height = CLAMP ((guint) (motion->window_height * ROWS + 0.5), 1,
      ROWS);
  guint left, top;
  gdouble most = -1.0;

  for (top = 0; top + height <= ROWS; top++) {
    for (left = 0; left + width <= COLUMNS; left++) {
      gdouble sum = sum_box (integral, left, top, width, height);

      if (sum > most) {
        most = sum;
        *x = (left + width / 2.0) / COLUMNS;
        *y = (top + height / 2.0) / ROWS;
      }
    }
  }
  return most;
}

/* @cells as they count when windows compete. */
static void
weight_cells (const gfloat cells[ECHOEL_CELLS], gfloat weighted[ECHOEL_CELLS])
{
  guint column, row;

  for (row = 0; row < ROWS; row++) {
    gfloat y = ABS (2.0f * row + 1.0f - ROWS) / ROWS;

    for (column = 0; column < COLUMNS; column++) {
      gfloat x = ABS (2.0f * column + 1.0f - COLUMNS) / COLUMNS;
      guint i = row * COLUMNS + column;

      weighted[i] = cells[i] * (1.0f - EDGES * MAX (x, y));
    }
  }
}

/* @grid: @cells, or finer: a window that goes with a slow thing must not feel
 * how it gets from one cell into the next
 *
 * Returns: the share of @grid that the window chosen shows */
static gdouble
choose_window (EchoelMotion * motion, const gfloat cells[ECHOEL_CELLS],
    const Grid * grid, gdouble total)
{
  gdouble x = 0.5, y = 0.5, here_x = 0.5, here_y = 0.5, most, sum = 0.0;
  gfloat weighted[ECHOEL_CELLS];
  const Grid coarse = { weighted, COLUMNS, ROWS };
  Box box = place_box (motion, &coarse, motion->result.x, motion->result.y);
  Integral integral;
  guint i;

  weight_cells (cells, weighted);
  integrate (weighted, &integral);
  most = find_best_box (motion, &integral, &x, &y);
  if (weigh_box (&coarse, &box, &here_x, &here_y) * STICK >= most) {
    x = here_x;
    y = here_y;
  }
  for (i = 0; i < SETTLE; i++) {
    box = place_box (motion, grid, x, y);
    sum = weigh_box (grid, &box, &x, &y);
  }
  motion->result.x = x;
  motion->result.y = y;
  return sum / total;
}

/* Whether a window that shows @share of all has found something: any window
 * shows its area's share. */
static gdouble
judge_share (const EchoelMotion * motion, gdouble share)
{
  gdouble area = motion->window_width * motion->window_height;

  return area < MOST ? ramp (share, area, area + GATHERED * (1.0 - area)) : 1.0;
}

/* How sure the movement of late makes. */
static gdouble
judge_energy (EchoelMotion * motion)
{
  const Grid grid = { motion->energy, WIDTH, HEIGHT };
  const gdouble cell = ECHOEL_CELL * ECHOEL_CELL;
  gfloat cells[ECHOEL_CELLS];
  gdouble share, total = 0.0;
  guint i;

  average_cells (motion->energy, cells);
  for (i = 0; i < ECHOEL_CELLS; i++)
    total += cells[i];
  if (total < LITTLE)
    return 0.0;
  motion->has_moved = TRUE;
  share = choose_window (motion, cells, &grid, total * cell);
  return judge_share (motion, share) * ramp (share * total, LITTLE, PLENTY);
}

static void
follow_movement (EchoelMotion * motion, const EchoelPyramid * picture,
    gdouble elapsed)
{
  Movement movement;
  gdouble sure, moving, time;

  motion->since_cut += elapsed;
  find_movement (motion, picture, elapsed, &movement);
  moving = add_energy (motion, &movement, elapsed);
  sure = judge_energy (motion) * ramp (moving, EVERYWHERE, MUCH);
  if (motion->turns)
    sure = 0.0;
  time = sure > motion->sure ? GAIN : LOSE;
  motion->sure += (sure - motion->sure) * (1.0 - exp (-elapsed / time));
}

/* Once a scene, and before anything has moved: the window in which the
 * picture stands out. Movement gains nothing from being weighted with that;
 * measured, it follows less well. */
static void
guess (EchoelMotion * motion, const guint8 * gray, guint stride)
{
  gfloat cells[ECHOEL_CELLS];
  const Grid grid = { cells, COLUMNS, ROWS };

  if (motion->has_guessed || motion->has_moved
      || !echoel_spectral_find (&motion->spectral, gray, stride, cells))
    return;
  motion->has_guessed = TRUE;
  motion->guessed = GUESS * judge_share (motion, choose_window (motion,
          cells, &grid, ECHOEL_CELLS));
}

/* Critically damped, whatever the frame rate.
 *
 * Returns: where it is by now */
static gdouble
follow_track (Track * track, gdouble found, gdouble elapsed)
{
  gdouble swift = ramp (fabs (track->speed), SLOW_TRACK, SWIFT_TRACK);
  gdouble time = EVEN_SLOW + (EVEN_SWIFT - EVEN_SLOW) * swift;
  gdouble keep = exp (-elapsed / time), missed;

  track->at += track->speed * elapsed;
  missed = found - track->at;
  if (fabs (missed) > JUMP) {
    track->at = found;
    track->speed = 0.0;
  } else {
    track->at += missed * (1.0 - keep * keep);
    track->speed += missed * (1.0 - keep) * (1.0 - keep) / elapsed;
  }
  return CLAMP (track->at + track->speed * DELAY, 0.0, 1.0);
}

static gdouble
make_fraction (gdouble value)
{
  return value > 0.0 && value < 1.0 ? MAX (value, 1.0 / COLUMNS) : 1.0;
}

void
echoel_motion_push (EchoelMotion * motion, const guint8 * gray, guint stride,
    gdouble seconds, gdouble window_width, gdouble window_height,
    gboolean cut, EchoelMotionResult * result)
{
  gdouble elapsed = echoel_elapsed (seconds);
  EchoelPyramid picture;

  if (cut)
    echoel_motion_reset (motion);
  motion->window_width = make_fraction (window_width);
  motion->window_height = make_fraction (window_height);
  guess (motion, gray, stride);
  echoel_pyramid_fill (&picture, gray, stride);
  grow_older (&motion->recent, elapsed);
  grow_older (&motion->older, elapsed);
  if (motion->recent.n_pictures > 0)
    follow_movement (motion, &picture, elapsed);
  keep_picture (&motion->recent, &picture);
  keep_picture (&motion->older, &picture);
  motion->result.confidence = ramp (get_speed (motion), HASTY, STEADY)
      * (motion->has_moved ? motion->sure : motion->guessed);
  *result = motion->result;
  result->x = follow_track (&motion->track_x, motion->result.x, elapsed);
  result->y = follow_track (&motion->track_y, motion->result.y, elapsed);
}
