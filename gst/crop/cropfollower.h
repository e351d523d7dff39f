/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where echoelcrop's window goes when it follows something: looks at each
 * frame, chooses what to show and moves a calm camera there.
 *
 * Frames wait in here until their window is known, with what comes between
 * them, in order: a frame cannot get another's window.
 *
 * Streaming thread only. */
#pragma once

#include <gst/video/video.h>

#include "camerapath.h"
#include "cropsettings.h"
#include "geometry.h"

G_BEGIN_DECLS

typedef struct _CropFollower CropFollower;

/* Why the window of a frame is where it is. */
typedef struct
{
  const gchar *reason;          /* "anchor", "regions", "motion", "hold" */
  gboolean cut;                 /* a scene begins with this frame */
} CropView;

/* What leaves the follower. */
typedef struct
{
  GstMiniObject *object;        /* a frame's buffer, or an event */
  gboolean seen;                /* a frame that the follower has looked at: */
  CropView view;
  EchoelPathPoint centre;       /* of its window, source widths */
} CropWaiting;

CropFollower *crop_follower_new (void);

/* What frames come in from now on. Nothing may wait. Forgets all. */
void crop_follower_set_info (CropFollower * follower,
    const GstVideoInfo * info);

/**
 * crop_follower_push:
 * @frame: the next frame, mapped; its buffer, whose metas are read, is kept
 * @home: the window when nothing is followed; the size of all windows
 * @segment: what the frame's time counts in
 */
void crop_follower_push (CropFollower * follower,
    const CropSettings * settings, GstVideoFrame * frame,
    const EchoelWindow * home, const GstSegment * segment);

/**
 * crop_follower_pass:
 * @object: (transfer full): an event, or the buffer of a frame that needs no
 *     window
 *
 * Leaves after what waits before it and is not looked at.
 */
void crop_follower_pass (CropFollower * follower, GstMiniObject * object);

/**
 * crop_follower_pull:
 * @next: (out): the oldest that waits; the caller owns its object
 *
 * Returns: %FALSE when nothing waits or a window is not known yet
 */
gboolean crop_follower_pull (CropFollower * follower, CropWaiting * next);

gboolean crop_follower_is_empty (CropFollower * follower);

/* Whether nothing may wait when such an event goes out: it ends what came
 * before, or what it says is not of the frames that wait. Others are passed. */
gboolean crop_follower_is_end (GstEventType type);

/* Puts the window of @frame, which was seen, where it belongs; its size
 * stays. */
void crop_follower_place (CropFollower * follower, const CropWaiting * frame,
    EchoelWindow * window);

/* No frame comes after those pushed: all of them can be pulled. The camera
 * goes on from there with the next one. */
void crop_follower_flush (CropFollower * follower);

/* What waits is not wanted any more. Only what events say of the stream as a
 * whole stays, on @srcpad. */
void crop_follower_drop (CropFollower * follower, GstPad * srcpad);

/* A segment begins and nothing waits. Where its first frame does not go on
 * from the last one, the follower forgets what it has seen. */
void crop_follower_join (CropFollower * follower);

/* Forgets what was seen, as after a seek. Nothing may wait. */
void crop_follower_reset (CropFollower * follower);

/* Accepts %NULL. Nothing may wait. */
void crop_follower_free (CropFollower * follower);

G_END_DECLS
