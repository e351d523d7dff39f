/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An echoelmetalsrc in front of a harness, and textures that notice when the
 * processor reads them. What goes wrong fails the test. */
#pragma once

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>

G_BEGIN_DECLS

#define BENCH_WIDTH 64
#define BENCH_HEIGHT 48
#define BENCH_MAX_WRONG 16

/* A kind of texture, to be pushed. */
typedef struct
{
  const gchar *backend;

  /* Optional: once, before all else. Returns: (nullable): why there are no
   * such textures here */
  const gchar *(*prepare) (void);
  void (*finish) (void);

  /* Optional: gives @src what it needs. */
  void (*open) (GstElement * src);

  /* A texture whose bytes differ from others', and its end. */
  gpointer (*new) (guint width, guint height);
  void (*free) (gpointer texture);

  /* Returns: (transfer full): what is pushed, field "id" left out */
  GstStructure *(*describe) (gpointer texture);

  /* Fills it with one value. */
  void (*paint) (gpointer texture, guint8 value);

  /* What its id is when none is given. */
  guint64 (*id) (gpointer texture);

  /* Whether a buffer holds this very texture, not a copy. */
  gboolean (*is_in) (gpointer texture, GstBuffer * buffer);

  /* Bytes that the processor has read of it, at least, through @buffer
   * (nullable) or otherwise. */
  guint64 (*reads) (gpointer texture, GstBuffer * buffer);

  /* Optional: the texture is taken away from under the pipeline. */
  void (*destroy) (gpointer texture);

  /* Fields that make a right description wrong, as gst-launch would write
   * them; %NULL at the end. */
  const gchar *wrong[BENCH_MAX_WRONG];
} TextureKind;

/* The kinds that this program tests, %NULL at the end. */
extern const TextureKind *const texture_kinds[];
extern const TextureKind texture_kind_memory, texture_kind_dmabuf,
    texture_kind_gl, texture_kind_metal;

/* The one that is called @backend, %NULL = none. */
const TextureKind *texture_kind_find (const gchar * backend);

/* The plugin's element, or the one that is linked in. */
void bench_register (void);

typedef struct
{
  GstHarness *h;
  GstElement *src;
  GMutex lock;                  /* guards released */
  GArray *released;             /* of guint64, as the signal told them */
} TextureBench;

/* @properties: as in gst-launch; a test clock at 0 s, PLAYING. */
TextureBench *bench_new (const gchar * properties);

/* The same, without PLAYING and with system's clock. */
TextureBench *bench_new_stopped (const gchar * properties);

/* Ends the element first, then forgets its news. */
void bench_free (TextureBench * bench);

void bench_set_time (TextureBench * bench, GstClockTime time);

/* Emits push-texture; @texture: (transfer full) */
GstFlowReturn bench_push (GstElement * src, GstStructure * texture,
    GstClockTime pts);

/* A surface of the memory back end that is never looked at. */
GstStructure *bench_surface (guint64 id);

/* Waits for the next buffer. */
GstBuffer *bench_pull (TextureBench * bench);

/* How many times @id was released up to now, and of all. */
guint bench_released (TextureBench * bench, guint64 id);
guint bench_all_released (TextureBench * bench);

guint64 bench_stat (GstElement * src, const gchar * name);

/* Waits until @name has become @value. */
void bench_wait_for_stat (GstElement * src, const gchar * name, guint64 value);

/* The next message of these types within 10 s, else %NULL. */
GstMessage *bench_message (TextureBench * bench, GstMessageType types);

/* Frees @message after comparing the error it tells of. */
void bench_assert_error (GstMessage * message, GQuark domain, gint code);

G_END_DECLS
