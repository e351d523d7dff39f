/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* metal: Metal textures, IOSurfaces and pixel buffers of Apple's systems. The
 * picture of a texture lies in an IOSurface, which encoders take as it is. */
#include "backends.h"

#include <VideoToolbox/VideoToolbox.h>

#include "metalbridge.h"
#include "surfacememory.h"
#include "surfacepool.h"
#include "textureformat.h"
#include "textureread.h"

/* What vtenc takes where it does not take the texture's own format. */
#define ENCODER_FORMAT GST_VIDEO_FORMAT_NV12

/* Streaming thread only. */
typedef struct
{
  gpointer queue;               /* of Metal's commands, for blits */
  SurfacePool *blits, *converted;
  VTPixelTransferSessionRef session;
} MetalState;

static gpointer
new_metal (GstElement * element)
{
  MetalState *state = g_new0 (MetalState, 1);

  state->blits = surface_pool_new ();
  state->converted = surface_pool_new ();
  return state;
}

static void
close_metal (gpointer data)
{
  MetalState *state = data;

  g_clear_pointer (&state->queue, metal_bridge_release);
  if (state->session != NULL) {
    VTPixelTransferSessionInvalidate (state->session);
    CFRelease (state->session);
    state->session = NULL;
  }
}

static void
free_metal (gpointer data)
{
  MetalState *state = data;

  close_metal (state);
  surface_pool_free (state->blits);
  surface_pool_free (state->converted);
  g_free (state);
}

/* A texture with a surface is that surface, all planes of it; one without is
 * a picture that a blit brings into one. */
static gboolean
read_texture (gpointer texture, const GstStructure * fields,
    const GstStructure * defaults, TextureFrame * frame, GError ** error)
{
  MetalTexture told;
  GstVideoFormat format;

  if (!metal_bridge_describe (texture, &told)) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "a texture must be two-dimensional, with one sample a pixel");
    return FALSE;
  }
  if (told.surface != NULL) {
    frame->handle = (gpointer) CFRetain (told.surface);
    return surface_read_info (told.surface, frame, error);
  }
  format = echoel_format_from_metal (told.pixel_format);
  if (format == GST_VIDEO_FORMAT_UNKNOWN
      || echoel_format_to_cv (format, FALSE) == 0) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_FORMAT,
        "nothing can use a texture of MTLPixelFormat %u without an IOSurface",
        told.pixel_format);
    return FALSE;
  }
  if (!gst_video_info_set_format (&frame->info, format, told.width,
          told.height))
    return FALSE;
  frame->n_planes = GST_VIDEO_INFO_N_PLANES (&frame->info);
  frame->sync = metal_bridge_retain (texture);
  return TRUE;
}

static void
drop_metal (TextureFrame * frame)
{
  if (frame->handle != NULL)
    CFRelease (frame->handle);
  if (frame->sync != NULL)
    metal_bridge_release (frame->sync);
  frame->handle = frame->sync = NULL;
}

/* Retains the surface, or the texture that has none. */
static gboolean
read_handle (const GstStructure * fields, const GstStructure * defaults,
    TextureFrame * frame, GError ** error)
{
  gpointer texture = texture_pointer (fields, "texture");
  gpointer surface = texture_pointer (fields, "surface");
  gpointer pixels = texture_pointer (fields, "pixel-buffer");

  frame->id = GPOINTER_TO_SIZE (texture ? texture : surface ? surface : pixels);
  if (texture != NULL)
    return read_texture (texture, fields, defaults, frame, error);
  if (pixels != NULL)
    surface = CVPixelBufferGetIOSurface (pixels);
  if (surface == NULL) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "\"texture\", \"surface\" or \"pixel-buffer\" must point to one that "
        "has an IOSurface");
    return FALSE;
  }
  frame->handle = (gpointer) CFRetain (surface);
  return surface_read_info (surface, frame, error);
}

static gboolean
read_metal (const GstStructure * texture, const GstStructure * defaults,
    TextureFrame * frame, GError ** error)
{
  const GValue *colours;

  if (!read_handle (texture, defaults, frame, error)) {
    drop_metal (frame);
    return FALSE;
  }
  colours = texture_field (texture, defaults, "colorimetry");
  if (colours != NULL && G_VALUE_HOLDS_STRING (colours))
    gst_video_colorimetry_from_string (&frame->info.colorimetry,
        g_value_get_string (colours));
  return TRUE;
}

static void
append_caps (GstCaps * caps, const GstVideoInfo * info)
{
  if (surface_memory_has_feature ())
    gst_caps_append (caps, echoel_texture_caps (info, SURFACE_FEATURE));
  gst_caps_append (caps, echoel_texture_caps (info, NULL));
}

static GstCaps *
metal_caps (const TextureFrame * frame)
{
  GstCaps *caps = gst_caps_new_empty ();
  GstVideoInfo info;

  append_caps (caps, &frame->info);
  if (GST_VIDEO_INFO_IS_RGB (&frame->info)
      && gst_video_info_set_format (&info, ENCODER_FORMAT,
          GST_VIDEO_INFO_WIDTH (&frame->info),
          GST_VIDEO_INFO_HEIGHT (&frame->info))) {
    gst_video_colorimetry_from_string (&info.colorimetry,
        GST_VIDEO_COLORIMETRY_BT709);
    append_caps (caps, &info);
  }
  return caps;
}

/* Returns: (transfer full): the picture as it was pushed */
static CVPixelBufferRef
find_pixels (MetalState * state, TextureFrame * frame)
{
  CVPixelBufferRef pixels = NULL;

  if (frame->handle != NULL)
    return CVPixelBufferCreateWithIOSurface (NULL, frame->handle, NULL,
        &pixels) == kCVReturnSuccess ? pixels : NULL;
  if (state->queue == NULL)
    state->queue = metal_bridge_queue_new (frame->sync);
  pixels = surface_pool_take (state->blits, &frame->info);
  if (pixels != NULL && state->queue != NULL
      && metal_bridge_blit (state->queue, frame->sync,
          CVPixelBufferGetIOSurface (pixels)))
    return pixels;
  CVPixelBufferRelease (pixels);
  return NULL;
}

/* Returns: (transfer full): @pixels, taken over, in the target's format, made
 *     by whatever of the system's hardware is best at it */
static CVPixelBufferRef
convert (MetalState * state, CVPixelBufferRef pixels,
    const GstVideoInfo * target)
{
  CVPixelBufferRef converted = NULL;

  if (state->session == NULL)
    VTPixelTransferSessionCreate (NULL, &state->session);
  if (state->session != NULL)
    converted = surface_pool_take (state->converted, target);
  if (converted != NULL && VTPixelTransferSessionTransferImage
      (state->session, pixels, converted) != 0) {
    CVPixelBufferRelease (converted);
    converted = NULL;
  }
  CVPixelBufferRelease (pixels);
  return converted;
}

static GstBuffer *
wrap_metal (gpointer data, TextureFrame * frame, const TextureTarget * target,
    GError ** error)
{
  MetalState *state = data;
  gboolean same = GST_VIDEO_INFO_FORMAT (&target->info)
      == GST_VIDEO_INFO_FORMAT (&frame->info);
  CVPixelBufferRef pixels = find_pixels (state, frame);
  /* What was blitted or converted lies elsewhere: the texture is free. */
  gboolean own = frame->handle != NULL && same;
  GstBuffer *buffer = NULL;

  if (pixels != NULL && !same)
    pixels = convert (state, pixels, &target->info);
  if (pixels != NULL && surface_read_info (CVPixelBufferGetIOSurface (pixels),
          frame, error))
    buffer = surface_buffer_new (pixels, frame, own ? frame->lease : NULL);
  else if (error != NULL && *error == NULL)
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_GONE,
        "the GPU could not bring the picture into an IOSurface");
  CVPixelBufferRelease (pixels);
  drop_metal (frame);
  return buffer;
}

const TextureBackend texture_backend_metal = {
  .name = "metal",
  .text = "Metal textures, IOSurfaces and pixel buffers",
  .feature = SURFACE_FEATURE,
  .new = new_metal,
  .free = free_metal,
  .close = close_metal,
  .read = read_metal,
  .drop = drop_metal,
  .caps = metal_caps,
  .wrap = wrap_metal,
};
