/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where echoelcrop's window goes when it follows something: looks at each
 * frame, chooses what to show and moves a calm camera there.
 *
 * Streaming thread only. */
#pragma once

#include <gst/video/video.h>

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

CropFollower *crop_follower_new (void);

/* What frames come in from now on. Forgets all. */
void crop_follower_set_info (CropFollower * follower,
    const GstVideoInfo * info);

/**
 * crop_follower_push:
 * @frame: the next frame, mapped; its buffer's metas are read
 * @home: the window when nothing is followed; the size of all windows
 * @pts: of the frame, ns
 */
void crop_follower_push (CropFollower * follower,
    const CropSettings * settings, GstVideoFrame * frame,
    const EchoelWindow * home, GstClockTime pts);

/* Whether the window of the oldest frame not pulled yet is known. */
gboolean crop_follower_ready (CropFollower * follower);

/**
 * crop_follower_pull:
 * @window: (inout): its size; placed for the oldest frame
 * @view: (out): why
 *
 * Only when crop_follower_ready().
 */
void crop_follower_pull (CropFollower * follower, EchoelWindow * window,
    CropView * view);

/* No frame comes after those pushed: all of them are ready. */
void crop_follower_flush (CropFollower * follower);

/* Forgets the frames and what was seen, as after a seek. */
void crop_follower_reset (CropFollower * follower);

/* Accepts %NULL. */
void crop_follower_free (CropFollower * follower);

G_END_DECLS
