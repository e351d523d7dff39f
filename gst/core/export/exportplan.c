/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportplan.h"

#include <string.h>

/* Frames that wait in front of an encoder: enough to ride over a key frame,
 * few enough that the branches stay together. */
#define MIN_QUEUE 2
#define MAX_QUEUE 3

/* An encoder with more threads than cores rides over the waits of its own
 * look-ahead; x264 does the same by itself. */
#define THREADS_NUM 3
#define THREADS_DEN 2
#define MAX_THREADS 16

/* What a software encoder holds, in frames of its raster: references,
 * reordering and look-ahead; and how much larger than the raw frame each is.
 * Measured with x264enc at the efforts of the table. */
#define ENCODER_FRAMES 10
#define ENCODER_FRAME_NUM 5
#define ENCODER_FRAME_DEN 2
/* A source at 1080p: decoder, demuxer, program. */
#define FIXED_MEMORY ((guint64) 96 * 1024 * 1024)
/* The raster that a picture of unknown size is taken for. */
#define DEFAULT_PIXELS ((guint64) 1920 * 1080)

static const EchoelExportRequest *
request_at (const EchoelExportPlan * plan, guint index)
{
  return g_ptr_array_index (plan->requests, index);
}

static const EchoelExportEncode *
encode_at (const EchoelExportPlan * plan, guint index)
{
  return &g_array_index (plan->encodes, EchoelExportEncode, index);
}

const EchoelExportRequest *
echoel_export_plan_request (const EchoelExportPlan * plan, guint index)
{
  return request_at (plan, encode_at (plan, index)->request);
}

static GstClockTime
limit_of (const EchoelExportRequest * request, gboolean trim)
{
  return trim ? request->plan.max_duration : GST_CLOCK_TIME_NONE;
}

/* What the picture keeps clear of matters only when it moves. */
static EchoelSides
safe_area_of (const EchoelExportRequest * request)
{
  EchoelSides none = { 0, };

  return request->reframing != NULL
      && strstr (request->reframing, "follow=") != NULL
      ? request->plan.safe_area : none;
}

static gboolean
same_sides (EchoelSides a, EchoelSides b)
{
  return a.top == b.top && a.right == b.right && a.bottom == b.bottom
      && a.left == b.left;
}

/* Everything that tells in the stream but its threads. */
static gboolean
same_video (const EchoelExportRequest * a, const EchoelExportRequest * b)
{
  const EchoelPlan *x = &a->plan, *y = &b->plan;

  return x->format == y->format && x->width == y->width
      && x->height == y->height
      && (guint64) x->fps_n * y->fps_d == (guint64) y->fps_n * x->fps_d
      && x->bitrate == y->bitrate && x->quality == y->quality
      && x->keyframe_frames == y->keyframe_frames
      && g_strcmp0 (a->encoder, b->encoder) == 0
      && g_strcmp0 (a->reframing, b->reframing) == 0
      && same_sides (safe_area_of (a), safe_area_of (b));
}

static gboolean
same_audio (const EchoelPlan * a, const EchoelPlan * b)
{
  return a->audio_bitrate == b->audio_bitrate && a->audio_rate == b->audio_rate
      && a->audio_channels == b->audio_channels;
}

/* Until the encoder says what it takes. */
static const gchar *const raw_formats[ECHOEL_N_PICTURES] = {
  [ECHOEL_PICTURE_420_8] = "I420",
  [ECHOEL_PICTURE_420_10] = "I420_10LE",
  [ECHOEL_PICTURE_422_10] = "I422_10LE",
  [ECHOEL_PICTURE_4444_10] = "A444_10LE",
};

static guint
find_encode (EchoelExportPlan * plan, guint request, GstClockTime limit)
{
  EchoelExportEncode encode = { request, 0, 1, limit, NULL };
  guint i;

  encode.raw_format =
      raw_formats[request_at (plan, request)->plan.format->picture];

  for (i = 0; i < plan->encodes->len; i++) {
    const EchoelExportEncode *known = encode_at (plan, i);

    if (known->limit == limit && same_video (request_at (plan, known->request),
            request_at (plan, request)))
      return i;
  }
  g_array_append_val (plan->encodes, encode);
  return i;
}

static guint
find_audio (EchoelExportPlan * plan, guint request)
{
  EchoelExportAudio audio = { request };
  guint i;

  for (i = 0; i < plan->audios->len; i++) {
    guint known = g_array_index (plan->audios, EchoelExportAudio, i).request;

    if (same_audio (&request_at (plan, known)->plan,
            &request_at (plan, request)->plan))
      return i;
  }
  g_array_append_val (plan->audios, audio);
  return i;
}

static guint64
pixels_of (const EchoelPlan * plan)
{
  return plan->width ? (guint64) plan->width * plan->height : DEFAULT_PIXELS;
}

/* What an encode costs beside the others: pixels a second. */
static guint64
cost_of (const EchoelExportPlan * plan, guint index)
{
  const EchoelPlan *video = &echoel_export_plan_request (plan, index)->plan;

  return pixels_of (video) * video->fps_n / MAX (video->fps_d, 1);
}

/* Each gets its share of the cores, as it is when those with a lower limit
 * have ended. */
static void
share_threads (EchoelExportPlan * plan)
{
  guint i, j;

  for (i = 0; i < plan->encodes->len; i++) {
    EchoelExportEncode *encode =
        &g_array_index (plan->encodes, EchoelExportEncode, i);
    guint64 own = MAX (cost_of (plan, i), 1), all = 0, threads;

    for (j = 0; j < plan->encodes->len; j++) {
      if (encode_at (plan, j)->limit >= encode->limit)
        all += cost_of (plan, j);
    }
    threads = gst_util_uint64_scale_ceil (plan->machine.cores * THREADS_NUM,
        own, MAX (all, own) * THREADS_DEN);
    encode->threads = (guint) CLAMP (threads, 1, MAX_THREADS);
  }
}

EchoelExportPlan *
echoel_export_plan_new (const GPtrArray * requests, gboolean trim,
    const EchoelExportMachine * machine)
{
  EchoelExportPlan *plan = g_new0 (EchoelExportPlan, 1);
  guint i;

  plan->requests = requests;
  plan->machine = *machine;
  plan->machine.cores = MAX (machine->cores, 1);
  plan->outputs = g_array_new (FALSE, TRUE, sizeof (EchoelExportOutput));
  plan->encodes = g_array_new (FALSE, TRUE, sizeof (EchoelExportEncode));
  plan->audios = g_array_new (FALSE, TRUE, sizeof (EchoelExportAudio));
  plan->reframes = g_array_new (FALSE, TRUE, sizeof (EchoelExportReframe));
  plan->rates = g_array_new (FALSE, TRUE, sizeof (EchoelExportRate));
  for (i = 0; i < requests->len; i++) {
    EchoelExportOutput output = { i, 0, 0 };

    output.encode = find_encode (plan, i, limit_of (request_at (plan, i),
            trim));
    output.audio = find_audio (plan, i);
    g_array_append_val (plan->outputs, output);
  }
  share_threads (plan);
  return plan;
}

void
echoel_export_plan_free (EchoelExportPlan * plan)
{
  if (plan == NULL)
    return;
  g_array_unref (plan->outputs);
  g_array_unref (plan->encodes);
  g_array_unref (plan->audios);
  g_array_unref (plan->reframes);
  g_array_unref (plan->rates);
  g_free (plan);
}

static guint
find_reframe (EchoelExportPlan * plan, const EchoelExportEncode * encode)
{
  const EchoelExportRequest *request = request_at (plan, encode->request);
  const EchoelPlan *video = &request->plan;
  EchoelExportReframe wanted = { video->width, video->height,
    encode->raw_format, request->reframing, safe_area_of (request),
    video->fps_n, video->fps_d
  };
  guint i;

  for (i = 0; i < plan->reframes->len; i++) {
    EchoelExportReframe *known =
        &g_array_index (plan->reframes, EchoelExportReframe, i);

    if (known->width != wanted.width || known->height != wanted.height
        || g_strcmp0 (known->raw_format, wanted.raw_format) != 0
        || !same_sides (known->safe_area, wanted.safe_area)
        || g_strcmp0 (known->reframing, wanted.reframing) != 0)
      continue;
    if ((guint64) wanted.fps_n * known->fps_d
        > (guint64) known->fps_n * wanted.fps_d) {
      known->fps_n = wanted.fps_n;
      known->fps_d = wanted.fps_d;
    }
    return i;
  }
  g_array_append_val (plan->reframes, wanted);
  return i;
}

static guint
find_rate (EchoelExportPlan * plan, guint reframe, const EchoelPlan * video)
{
  EchoelExportRate wanted = { reframe, video->fps_n, video->fps_d };
  guint i;

  for (i = 0; i < plan->rates->len; i++) {
    const EchoelExportRate *known =
        &g_array_index (plan->rates, EchoelExportRate, i);

    if (known->reframe == reframe
        && (guint64) known->fps_n * wanted.fps_d
        == (guint64) wanted.fps_n * known->fps_d)
      return i;
  }
  g_array_append_val (plan->rates, wanted);
  return i;
}

/* 4:2:0: one and a half samples a pixel. */
static guint64
frame_bytes (const EchoelPlan * video, const gchar * raw_format)
{
  guint sample = strstr (raw_format, "10") != NULL ? 2 : 1;

  return pixels_of (video) * 3 / 2 * sample;
}

static guint64
memory_of_encoders (const EchoelExportPlan * plan)
{
  guint64 bytes = 0;
  guint i;

  for (i = 0; i < plan->encodes->len; i++) {
    const EchoelExportEncode *encode = encode_at (plan, i);
    const EchoelPlan *video = &request_at (plan, encode->request)->plan;

    bytes += frame_bytes (video, encode->raw_format) * ENCODER_FRAME_NUM
        * (ENCODER_FRAMES + encode->threads) / ENCODER_FRAME_DEN;
  }
  return bytes;
}

/* One step of every queue: encodes of one reframe wait on the same frames. */
static guint64
memory_of_step (const EchoelExportPlan * plan)
{
  guint64 bytes = 0;
  guint i;

  for (i = 0; i < plan->reframes->len; i++) {
    const EchoelExportReframe *reframe =
        &g_array_index (plan->reframes, EchoelExportReframe, i);
    EchoelPlan video = { 0, };

    video.width = reframe->width;
    video.height = reframe->height;
    bytes += frame_bytes (&video, reframe->raw_format);
  }
  return bytes;
}

static void
size_queues (EchoelExportPlan * plan)
{
  guint64 fixed = FIXED_MEMORY + memory_of_encoders (plan);
  guint64 step = memory_of_step (plan), limit = plan->machine.memory;

  plan->queue = MAX_QUEUE;
  while (limit > 0 && plan->queue > MIN_QUEUE
      && fixed + step * plan->queue > limit)
    plan->queue--;
  plan->memory = fixed + step * plan->queue;
}

void
echoel_export_plan_shape (EchoelExportPlan * plan)
{
  guint i;

  g_array_set_size (plan->reframes, 0);
  g_array_set_size (plan->rates, 0);
  for (i = 0; i < plan->encodes->len; i++) {
    EchoelExportEncode *encode =
        &g_array_index (plan->encodes, EchoelExportEncode, i);

    encode->rate = find_rate (plan, find_reframe (plan, encode),
        &request_at (plan, encode->request)->plan);
  }
  size_queues (plan);
}

static void
append_rate (GString * text, guint fps_n, guint fps_d)
{
  if (fps_d == 1)
    g_string_append_printf (text, "%u", fps_n);
  else
    g_string_append_printf (text, "%u/%u", fps_n, fps_d);
}

/* The files that come from an encode or an audio stream. */
static void
append_files (GString * text, const EchoelExportPlan * plan, guint index,
    gboolean audio)
{
  const gchar *before = " -> ";
  guint i;

  for (i = 0; i < plan->outputs->len; i++) {
    const EchoelExportOutput *output =
        &g_array_index (plan->outputs, EchoelExportOutput, i);

    if ((audio ? output->audio : output->encode) != index)
      continue;
    g_string_append_printf (text, "%s%s", before,
        request_at (plan, output->request)->label);
    before = ", ";
  }
  g_string_append_c (text, '\n');
}

static void
append_encodes (GString * text, const EchoelExportPlan * plan, guint rate)
{
  guint i;

  for (i = 0; i < plan->encodes->len; i++) {
    const EchoelExportEncode *encode = encode_at (plan, i);
    const EchoelPlan *video = &request_at (plan, encode->request)->plan;

    if (encode->rate != rate)
      continue;
    g_string_append_printf (text, "    encode %s %u kbit/s, %u thread%s",
        video->format->name, video->bitrate, encode->threads,
        encode->threads == 1 ? "" : "s");
    if (GST_CLOCK_TIME_IS_VALID (encode->limit))
      g_string_append_printf (text, ", at most %" G_GUINT64_FORMAT " s",
          encode->limit / GST_SECOND);
    append_files (text, plan, i, FALSE);
  }
}

static void
append_reframe (GString * text, const EchoelExportPlan * plan, guint index)
{
  const EchoelExportReframe *reframe =
      &g_array_index (plan->reframes, EchoelExportReframe, index);
  guint i;

  if (reframe->width != 0)
    g_string_append_printf (text, "reframe %ux%u %s", reframe->width,
        reframe->height, reframe->raw_format);
  else
    g_string_append_printf (text, "the source's own size %s",
        reframe->raw_format);
  g_string_append_printf (text, "%s%s\n", reframe->reframing ? ", " : "",
      reframe->reframing ? reframe->reframing : "");
  for (i = 0; i < plan->rates->len; i++) {
    const EchoelExportRate *rate =
        &g_array_index (plan->rates, EchoelExportRate, i);

    if (rate->reframe != index)
      continue;
    g_string_append (text, "  ");
    append_rate (text, rate->fps_n, rate->fps_d);
    g_string_append (text, " frames per second\n");
    append_encodes (text, plan, i);
  }
}

static void
append_count (GString * text, guint n, const gchar * what)
{
  g_string_append_printf (text, ", %u %s%s", n, what, n == 1 ? "" : "s");
}

gchar *
echoel_export_plan_describe (const EchoelExportPlan * plan)
{
  GString *text = g_string_new ("1 decode");
  guint i;

  append_count (text, plan->reframes->len, "reframe");
  append_count (text, plan->rates->len, "frame rate");
  append_count (text, plan->encodes->len, "encode");
  append_count (text, plan->audios->len, "audio encode");
  append_count (text, plan->outputs->len, "file");
  append_count (text, plan->machine.cores, "core");
  g_string_append_printf (text, ", %u frames a queue, about %"
      G_GUINT64_FORMAT " MiB\n", plan->queue, plan->memory >> 20);
  for (i = 0; i < plan->reframes->len; i++)
    append_reframe (text, plan, i);
  for (i = 0; i < plan->audios->len; i++) {
    const EchoelExportAudio *audio =
        &g_array_index (plan->audios, EchoelExportAudio, i);
    const EchoelPlan *sound = &request_at (plan, audio->request)->plan;

    g_string_append_printf (text, "audio %u Hz, %u channel%s, %u kbit/s",
        sound->audio_rate, sound->audio_channels,
        sound->audio_channels == 1 ? "" : "s", sound->audio_bitrate);
    append_files (text, plan, i, TRUE);
  }
  return g_string_free (text, FALSE);
}
