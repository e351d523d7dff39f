/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What echoelcrop tells on the bus. Any thread. */
#pragma once

#include <gst/video/video.h>

#include "cropfollower.h"
#include "geometry.h"

G_BEGIN_DECLS

/* For the message "echoelcrop-window": where the window of @buffer is. */
void crop_post_window (GstElement * element, const GstSegment * segment,
    GstBuffer * buffer, const EchoelWindow * window, const CropView * view);

/* @caps came in, and nothing that what follows @srcpad accepts can be made of
 * them. */
void crop_post_not_negotiated (GstElement * element, const GstCaps * caps,
    GstPad * srcpad);

/* @reason: (nullable): why no reframer could be made */
void crop_post_impossible (GstElement * element, const GstVideoInfo * in,
    const GstVideoInfo * out, const gchar * reason);

/* One of the caps describes no picture. */
void crop_post_no_picture (GstElement * element, const GstCaps * in,
    const GstCaps * out);

void crop_post_interlaced (GstElement * element, const GstVideoInfo * in);

/* A frame that cannot be mapped for reading. */
void crop_post_unreadable (GstElement * element, GstBuffer * buffer);

/* A buffer of downstream's pool that cannot be mapped for writing. */
void crop_post_unwritable (GstElement * element, GstBuffer * buffer);

/* @error: (nullable): why */
void crop_post_failed (GstElement * element, const GError * error);

/* Memory of a GPU would have to be scaled or converted. @out: (nullable): to
 * this, else a property asks for it */
void crop_post_out_of_reach (GstElement * element, const GstCaps * in,
    const GstCaps * out);

/* Downstream does not crop memory of a GPU; @croppers would. */
void crop_post_not_cropped (GstElement * element, const GstCaps * caps,
    const gchar * croppers);

/* A warning: nothing is seen in memory of a GPU. */
void crop_warn_blind (GstElement * element);

G_END_DECLS
