/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoellivesink with one destination, "one", and whom it sends to; frames
 * made by hand go in one by one.
 *
 * The test's thread calls everything here. Each wait has a deadline and fails
 * the test when it passes. */
#pragma once

#include <gst/check/gstharness.h>

#include "rtmpdouble.h"

G_BEGIN_DECLS

#define FPS 30
#define FRAME (GST_SECOND / FPS)
#define GOP 60                  /* frames */
#define SMALL 200               /* bytes */
#define LARGE 20000
#define SOUND_RATE 44100
#define SOUND (GST_SECOND * 1024 / SOUND_RATE)
#define SOUND_BYTES 7           /* so that it is told from silence */
#define WITHIN (15 * GST_SECOND)
#define END_WITHIN (3.5 * GST_SECOND)

#define BENCH_CONFIG 7          /* bytes */

/* Of the pictures, and of AAC-LC, 44.1 kHz, one channel: not what would be
 * made up. */
extern const guint8 bench_config[BENCH_CONFIG];
extern const guint8 bench_other_config[BENCH_CONFIG];
extern const guint8 bench_sound_config[2];

typedef struct
{
  RtmpDouble *server;
  GstElement *sink;
  GstBus *bus;
  GstHarness *video, *audio;    /* NULL: no such pad */
  guint pictures, sounds;       /* pushed */
} Bench;

/* A server, and the sink in PLAYING; @sound: with a pad for it
 * @destination: (nullable): another place than the server */
void bench_setup (Bench * b, RtmpManner manner, gboolean sound);
void bench_setup_at (Bench * b, RtmpManner manner, gboolean sound,
    const gchar * destination);
void bench_teardown (Bench * b);

/* Formats and the first picture; the second waits until that has arrived. */
void bench_begin (Bench * b);
void bench_go_live (Bench * b);

void bench_set_picture_caps (Bench * b, const guint8 * config);
void bench_set_sound_caps (Bench * b);

/* The next picture; one slice, an IDR one at each start of a GOP. The second
 * pushes many at once: whoever does not take them as fast loses some. The
 * third waits until each has arrived. */
void bench_push_picture (Bench * b, gsize size);
void bench_push_pictures (Bench * b, guint count, gsize size);
void bench_send_pictures (Bench * b, guint count, gsize size);

void bench_push_sound (Bench * b);

/* EOS on all pads. */
void bench_push_end (Bench * b);

/* Returns: (transfer full): the next message of this name; all others are
 * lost */
GstMessage *bench_wait_for_message (Bench * b, const gchar * name);

/* Waits until the destination enters this state. */
void bench_wait_for_state (Bench * b, const gchar * state);

/* Waits for EOS, which must come in time from now on. */
void bench_wait_for_end (Bench * b);

/* A property such as "one::enabled". */
void bench_set_child (Bench * b, const gchar * name, gboolean value);

/* A number of the statistics. */
guint64 bench_get_stat (Bench * b, const gchar * field);

G_END_DECLS
