/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scenecut.h"

#include <string.h>

/* Half the analysis size: motion that a block must follow is half as far. */
#define HALF_WIDTH (ECHOEL_ANALYSIS_WIDTH / 2)
#define HALF_HEIGHT (ECHOEL_ANALYSIS_HEIGHT / 2)
#define SURROUNDINGS 5

#define BLOCK ECHOEL_BLOCK
#define COLUMNS (HALF_WIDTH / BLOCK)
#define ROWS (HALF_HEIGHT / BLOCK)

/* A block shows something when its pixels are this far from flat; a picture
 * in which fewer blocks do is plain: black, white, a card without words. */
#define TEXTURE (8 * BLOCK * BLOCK)
#define PLAIN 4

/* Levels past which there is only black and white. A block with so many of
 * such pixels tells little: what it showed may be clipped, as in a flash, or
 * be the edge of a black bar that every scene has. Where all is black but a
 * few things, those count. */
#define BLACK 18
#define WHITE 245
#define CLIPPED (BLOCK * BLOCK / 4)
#define FEW 8

/* Levels from the darkest to the brightest pixel of a picture that has not
 * quite faded out, or hardly begun to fade in: it counts as plain. */
#define FAINT 28

/* A picture comes back bit by bit when the one before had this share of what
 * it shows. */
#define GRADUAL 0.4

/* How far a block is looked for: 10 % of the width a frame. */
#define REACH 8
#define SIDE (2 * REACH + 1)
#define PLACES (SIDE * SIDE)
/* What no place outside the picture differs by. */
#define NOWHERE G_MAXUINT16
/* The same in pictures before the last, where the end of a flash is sought. */
#define REACH_BACK 3

/* Pictures kept: a flash is over before the oldest of them is gone. */
#define KEPT 6

/* Share of a picture that is new. Up to CALM nothing is looked for. Shots
 * with a hand-held camera reach 0.6, unrelated pictures start at 0.8. */
#define CALM 0.35
#define NOVEL 0.66
/* The same where each block is looked for alone. */
#define NOVEL_ALONE 0.60
/* A cut stands out from the unrest of this many pictures before it. */
#define REMEMBERED 6
#define STANDS_OUT 1.25

/* A plain picture that lasts longer, in seconds, is no flash. */
#define FLASH 0.2

typedef struct
{
  gint x, y;
} Vector;

typedef struct
{
  guint8 pixels[HALF_WIDTH * HALF_HEIGHT];
  guint texture[ROWS][COLUMNS]; /* what each block shows, 0 for nothing */
  guint textured;               /* blocks that show something */
  gboolean plain;               /* it tells no scene */
  guint shown;                  /* by all blocks, little as it may be */
} Picture;

/* By how much each block of a picture differs from each place around it in
 * another, and the place to which it goes best together with its
 * neighbours. */
typedef struct
{
  guint16 differences[ROWS][COLUMNS][PLACES];
  guint best[ROWS][COLUMNS];
} Search;

struct _EchoelSceneCut
{
  Search search;                /* working space */
  Picture pictures[KEPT];       /* a ring */
  guint n_pictures, newest;
  Picture lasting;              /* the last before a plain one */
  gboolean has_lasting;
  gdouble plain;                /* seconds that the picture has been plain */
  gdouble novelties[REMEMBERED];        /* a ring, too */
  guint n_pushed;
  gdouble since_cut;
};

EchoelSceneCut *
echoel_scene_cut_new (void)
{
  return g_new0 (EchoelSceneCut, 1);
}

void
echoel_scene_cut_free (EchoelSceneCut * cut)
{
  g_free (cut);
}

void
echoel_scene_cut_reset (EchoelSceneCut * cut)
{
  memset (cut, 0, sizeof *cut);
}

typedef enum
{
  TONE_MIDDLE, TONE_BLACK, TONE_WHITE
} Tone;

static Tone
find_tone (const guint8 * gray)
{
  guint x, y, black = 0, white = 0;

  for (y = 0; y < BLOCK; y++) {
    for (x = 0; x < BLOCK; x++) {
      black += gray[x] <= BLACK;
      white += gray[x] >= WHITE;
    }
    gray += HALF_WIDTH;
  }
  if (white > CLIPPED)
    return TONE_WHITE;
  return black > CLIPPED ? TONE_BLACK : TONE_MIDDLE;
}

/* Sums up the blocks of tones up to @most. */
static void
measure_texture (Picture * picture, const guint8 * gray, Tone most)
{
  guint8 flat[BLOCK];
  guint column, row;

  memset (flat, ECHOEL_STRUCTURE_FLAT, sizeof flat);
  picture->textured = picture->shown = 0;
  for (row = 0; row < ROWS; row++) {
    for (column = 0; column < COLUMNS; column++) {
      guint at = row * BLOCK * HALF_WIDTH + column * BLOCK;
      guint texture = echoel_differ_block (picture->pixels + at, HALF_WIDTH,
          flat, 0);

      picture->shown += texture;
      if (texture < TEXTURE || find_tone (gray + at) > most)
        texture = 0;
      picture->texture[row][column] = texture;
      picture->textured += texture > 0;
    }
  }
}

static guint
find_contrast (const guint8 * gray)
{
  guint8 least = 255, most = 0;
  guint i;

  for (i = 0; i < HALF_WIDTH * HALF_HEIGHT; i++) {
    least = MIN (least, gray[i]);
    most = MAX (most, gray[i]);
  }
  return most - least;
}

static void
take_picture (Picture * picture, const guint8 * gray, guint stride)
{
  guint8 half[HALF_WIDTH * HALF_HEIGHT];

  echoel_halve (gray, stride, HALF_WIDTH, HALF_HEIGHT, half);
  echoel_structure (half, HALF_WIDTH, HALF_WIDTH, HALF_HEIGHT, SURROUNDINGS,
      picture->pixels);
  measure_texture (picture, half, TONE_MIDDLE);
  if (picture->textured < FEW)
    measure_texture (picture, half, TONE_BLACK);
  picture->plain = picture->textured < PLAIN || find_contrast (half) < FAINT;
}

/* What @before, moved by @by, leaves unexplained of a block. */
static guint
compare_block (const Picture * picture, const Picture * before, guint column,
    guint row, Vector by)
{
  gint x = (gint) (column * BLOCK) + by.x, y = (gint) (row * BLOCK) + by.y;

  if (x < 0 || y < 0 || x > HALF_WIDTH - BLOCK || y > HALF_HEIGHT - BLOCK)
    return G_MAXUINT;
  return echoel_differ_block (picture->pixels + row * BLOCK * HALF_WIDTH
      + column * BLOCK, HALF_WIDTH, before->pixels + y * HALF_WIDTH + x,
      HALF_WIDTH);
}

static guint
search_block (const Picture * picture, const Picture * before, guint column,
    guint row, gint reach)
{
  Vector by;
  guint best = G_MAXUINT;

  for (by.y = -reach; by.y <= reach; by.y++) {
    for (by.x = -reach; by.x <= reach; by.x++)
      best = MIN (best, compare_block (picture, before, column, row, by));
  }
  return best;
}

/* The share of what @picture shows that is nowhere near in @before. */
static gdouble
find_novelty (const Picture * picture, const Picture * before, gint reach)
{
  guint column, row;
  gdouble shown = 0.0, novel = 0.0;

  for (row = 0; row < ROWS; row++) {
    for (column = 0; column < COLUMNS; column++) {
      guint texture = picture->texture[row][column];

      if (texture == 0)
        continue;
      shown += texture;
      novel += MIN (texture, search_block (picture, before, column, row,
              reach));
    }
  }
  return shown > 0.0 ? novel / shown : 0.0;
}

static void
search_block_everywhere (const Picture * picture, const Picture * before,
    guint column, guint row, guint16 * differences)
{
  guint place;

  for (place = 0; place < PLACES; place++) {
    Vector by =
        { (gint) (place % SIDE) - REACH, (gint) (place / SIDE) - REACH };

    differences[place] = (guint16) MIN (compare_block (picture, before, column,
            row, by), NOWHERE);
  }
}

/* Adds up what the blocks around one differ by at each place; places outside
 * the picture count for nothing. */
static guint
find_place (const Search * search, const Picture * picture, guint column,
    guint row)
{
  guint sums[PLACES] = { 0, }, counts[PLACES] = { 0, };
  guint x, y, place, best = PLACES / 2;

  for (y = MAX (row, 1) - 1; y <= MIN (row + 1, ROWS - 1); y++) {
    for (x = MAX (column, 1) - 1; x <= MIN (column + 1, COLUMNS - 1); x++) {
      const guint16 *differences = search->differences[y][x];

      for (place = 0; place < PLACES && picture->texture[y][x] > 0; place++) {
        gboolean there = differences[place] != NOWHERE;

        sums[place] += there ? differences[place] : 0;
        counts[place] += there;
      }
    }
  }
  for (place = 0; place < PLACES; place++) {
    if (counts[place] > 0 && (counts[best] == 0
            || (guint64) sums[place] * counts[best]
            < (guint64) sums[best] * counts[place]))
      best = place;
  }
  return best;
}

/* What is left of a block at the places where its neighbourhood and those
 * beside it went. */
static guint
look_where_neighbours_went (const Search * search, guint column, guint row)
{
  guint x, y, least = NOWHERE;

  for (y = MAX (row, 1) - 1; y <= MIN (row + 1, ROWS - 1); y++) {
    for (x = MAX (column, 1) - 1; x <= MIN (column + 1, COLUMNS - 1); x++)
      least = MIN (least, search->differences[row][column][search->best[y][x]]);
  }
  return least;
}

/* As find_novelty(), but what moves has to move with something beside it: of
 * coarse textures, and among so many places, a block alone finds one like it
 * in any picture. */
static gdouble
find_novelty_in_motion (Search * search, const Picture * picture,
    const Picture * before)
{
  gdouble shown = 0.0, novel = 0.0;
  guint column, row;

  for (row = 0; row < ROWS; row++) {
    for (column = 0; column < COLUMNS; column++) {
      if (picture->texture[row][column] > 0)
        search_block_everywhere (picture, before, column, row,
            search->differences[row][column]);
    }
  }
  for (row = 0; row < ROWS; row++) {
    for (column = 0; column < COLUMNS; column++)
      search->best[row][column] = find_place (search, picture, column, row);
  }
  for (row = 0; row < ROWS; row++) {
    for (column = 0; column < COLUMNS; column++) {
      guint texture = picture->texture[row][column];

      if (texture == 0)
        continue;
      shown += texture;
      novel += MIN (texture, look_where_neighbours_went (search, column, row));
    }
  }
  return shown > 0.0 ? novel / shown : 0.0;
}

/* As find_novelty() over the pictures before the last: low after a flash. */
static gdouble
find_novelty_before (const EchoelSceneCut * cut, const Picture * picture)
{
  gdouble least = 1.0;
  guint i;

  for (i = 1; i < cut->n_pictures && least > NOVEL_ALONE; i++)
    least = MIN (least, find_novelty (picture,
            &cut->pictures[(cut->newest + KEPT - i) % KEPT], REACH_BACK));
  return least;
}

/* What pictures are usually novel by: a single exception does not count. */
static gdouble
find_unrest (const EchoelSceneCut * cut)
{
  gdouble most = 0.0, second = 0.0;
  guint i;

  for (i = 0; i < REMEMBERED; i++) {
    gdouble novelty = cut->novelties[i];

    second = MAX (second, MIN (novelty, most));
    most = MAX (most, novelty);
  }
  return second;
}

static gdouble
measure_novelty (EchoelSceneCut * cut, const Picture * picture)
{
  const Picture *last = &cut->pictures[cut->newest];
  gdouble novelty, before;

  if (cut->n_pictures == 0)
    return 0.0;
  novelty = find_novelty (picture, last, 0);
  if (novelty > CALM)
    novelty = find_novelty_in_motion (&cut->search, picture, last);
  if (novelty <= NOVEL)
    return novelty;
  before = find_novelty_before (cut, picture);
  return before <= NOVEL_ALONE ? before : novelty;
}

/* The first picture after plain ones. What was plain from the beginning had
 * no scene. */
static EchoelScene
judge_return (const EchoelSceneCut * cut, const Picture * picture,
    gdouble novelty)
{
  const Picture *last = &cut->pictures[cut->newest];

  if (novelty <= NOVEL || last->shown > GRADUAL * picture->shown)
    return cut->plain > FLASH ? ECHOEL_SCENE_FADE_IN : ECHOEL_SCENE_SAME;
  if (cut->has_lasting && find_novelty (picture, &cut->lasting, REACH)
      <= NOVEL_ALONE)
    return ECHOEL_SCENE_SAME;
  return ECHOEL_SCENE_CUT;
}

static EchoelScene
judge (const EchoelSceneCut * cut, const Picture * picture, gdouble novelty)
{
  gboolean starting = cut->plain > 0.0 && !cut->has_lasting;

  if (picture->plain || cut->n_pictures == 0
      || (cut->since_cut < ECHOEL_SCENE_MIN_SPAN && !starting))
    return ECHOEL_SCENE_SAME;
  if (cut->plain > 0.0)
    return judge_return (cut, picture, novelty);
  if (novelty > NOVEL && novelty > STANDS_OUT * find_unrest (cut))
    return ECHOEL_SCENE_CUT;
  return ECHOEL_SCENE_SAME;
}

static void
remember (EchoelSceneCut * cut, const Picture * picture, gdouble novelty,
    gdouble elapsed)
{
  if (!picture->plain) {
    cut->plain = 0.0;
  } else {
    if (cut->plain == 0.0 && cut->n_pictures > 0) {
      cut->lasting = cut->pictures[cut->newest];
      cut->has_lasting = TRUE;
    }
    cut->plain += elapsed;
  }
  cut->newest = (cut->newest + 1) % KEPT;
  cut->pictures[cut->newest] = *picture;
  cut->n_pictures = MIN (cut->n_pictures + 1, KEPT);
  cut->novelties[cut->n_pushed++ % REMEMBERED] = novelty;
}

EchoelScene
echoel_scene_cut_push (EchoelSceneCut * cut, const guint8 * gray,
    guint stride, gdouble seconds)
{
  gdouble elapsed = echoel_elapsed (seconds), novelty;
  EchoelScene scene;
  Picture picture;

  take_picture (&picture, gray, stride);
  cut->since_cut += cut->n_pictures > 0 ? elapsed : 0.0;
  novelty = measure_novelty (cut, &picture);
  scene = judge (cut, &picture, novelty);
  if (scene != ECHOEL_SCENE_SAME)
    cut->since_cut = 0.0;
  remember (cut, &picture, novelty, elapsed);
  return scene;
}

gdouble
echoel_scene_cut_get_novelty (const EchoelSceneCut * cut)
{
  return cut->n_pushed > 0
      ? cut->novelties[(cut->n_pushed - 1) % REMEMBERED] : 0.0;
}
