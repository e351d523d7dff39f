/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pixels of echoelcrop: a reframer and the threads that share its jobs,
 * both kept for as long as they fit.
 *
 * Streaming thread only. */
#pragma once

#include <gst/video/video.h>

#include "cropsettings.h"
#include "geometry.h"

G_BEGIN_DECLS

typedef struct _CropWork CropWork;

/* Returns: (transfer full): without threads, until they are needed */
CropWork *crop_work_new (void);

/* What frames come in and go out from now on. */
void crop_work_set_infos (CropWork * work, const GstVideoInfo * in,
    const GstVideoInfo * out);

/**
 * crop_work_aim:
 * @window: the part of the next frame that is shown
 * @error: set when %FALSE is returned
 *
 * Makes ready for the next frame. Costs nothing when nothing has changed and
 * little when the window has only moved.
 */
gboolean crop_work_aim (CropWork * work, const CropSettings * settings,
    const EchoelWindow * window, GError ** error);

/**
 * crop_work_run:
 * @in: a mapped frame
 * @out: a mapped, writable frame
 * @error: set when %FALSE is returned
 *
 * Only after crop_work_aim().
 */
gboolean crop_work_run (CropWork * work, const GstVideoFrame * in,
    GstVideoFrame * out, GError ** error);

/* Ends the threads and frees what frames needed. */
void crop_work_stop (CropWork * work);

/* Accepts %NULL. */
void crop_work_free (CropWork * work);

G_END_DECLS
