/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoellivesink between its files: the element and its states
 * (gstechoellivesink.c), its destinations (livesinklist.c), what comes in and
 * how it ends (livesinkpads.c). */
#pragma once

#include "liveinput.h"
#include "livekeeper.h"

G_BEGIN_DECLS

#define GST_TYPE_ECHOEL_LIVE_SINK (gst_echoel_live_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelLiveSink, gst_echoel_live_sink, GST,
    ECHOEL_LIVE_SINK, GstElement);

typedef struct
{
  GstPad *pad;                  /* NULL: not asked for */
  gboolean ended;
} Track;

struct _GstEchoelLiveSink
{
  GstElement parent;

  LiveKeeper keeper;
  LiveInput input;
  gint named;                   /* names given so far; atomic */

  /* Guarded by the object lock. */
  Track video, audio;
  gboolean ended;               /* all has; said whenever PLAYING is reached */
  gboolean warned;              /* of frames without a time */
  guint32 eos_seqnum;
  GError *refused;              /* why a destination was not taken */
};

/* --- destinations, any thread ---------------------------------------------- */

/* Returns: (transfer full) (nullable): the name of the new destination */
gchar *live_sink_add (GstEchoelLiveSink * self, const gchar * text,
    GError ** error);

/* Returns: whether there was one */
gboolean live_sink_remove (GstEchoelLiveSink * self, const gchar * name);

/* Posts a warning that a destination is left out. */
void live_sink_warn (GstEchoelLiveSink * self, const GError * error);

/* The property, written and read. */
void live_sink_set_destinations (GstEchoelLiveSink * self, const gchar * text);
gchar *live_sink_describe (GstEchoelLiveSink * self);

/* --- pads ------------------------------------------------------------------ */

void live_sink_add_templates (GstElementClass * klass);
GstPad *live_sink_request_pad (GstElement * element, GstPadTemplate * template,
    const gchar * name, const GstCaps * caps);
void live_sink_release_pad (GstElement * element, GstPad * pad);

/* Posts the end of the stream if there is one to post. @now: it is reached. */
void live_sink_post_end (GstElement * element, gboolean now);

G_END_DECLS
