/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "moovwriter.h"

#include <string.h>

#include "filelayout.h"
#include "fragments.h"

GST_DEBUG_CATEGORY_EXTERN (echoelmp4mux_debug);
#define GST_CAT_DEFAULT echoelmp4mux_debug

#define FTYP ECHOEL_BOX ('f', 't', 'y', 'p')
#define MOOV ECHOEL_BOX ('m', 'o', 'o', 'v')
#define MDAT ECHOEL_BOX ('m', 'd', 'a', 't')
#define MFRA ECHOEL_BOX ('m', 'f', 'r', 'a')

/* A file of unknown length begins with room for this. */
#define UNKNOWN_DURATION (120 * GST_SECOND)

/* What the corrections add to an index, at most, besides boxes. */
#define CORRECTIONS 1024

struct _MoovWriter
{
  GstElement parent;

  GstPad *sink, *src;
  Mp4Safety safety;
  MoovNeedsFunc get_needs;
  MoovDurationFunc get_duration;
  gpointer user_data;

  gint failed;                  /* atomic: an error was posted */

  /* Streaming thread. */
  guint64 in, out;              /* positions that the next bytes go to */
  gboolean placed;              /* downstream knows out */
  GBytes *ftyp, *moov;          /* the newest, as the muxer made it */
  guint64 data;                 /* the muxer's position of the first data, 0:
                                 * none yet */
  EchoelFileLayout layout;
  guint fragments;              /* fragmented: how many have begun */
  gsize fragment_left;          /* bytes of the last one that are to come */
  guint64 grown, moov_at;       /* fragmented: bytes added in front; where the
                                 * index is */
};

#define TYPE_MOOV_WRITER (moov_writer_get_type ())
G_DECLARE_FINAL_TYPE (MoovWriter, moov_writer, MOOV, WRITER, GstElement);
G_DEFINE_FINAL_TYPE (MoovWriter, moov_writer, GST_TYPE_ELEMENT);

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/quicktime"));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/quicktime"));

void
moov_needs_clear (MoovNeeds * needs)
{
  guint i;

  for (i = 0; i < MOOV_WRITER_MOST_TRACKS; i++) {
    g_clear_pointer (&needs->video[i].boxes, g_bytes_unref);
    g_clear_pointer (&needs->audio[i].boxes, g_bytes_unref);
  }
}

static EchoelSpan
span_of (GBytes * bytes)
{
  EchoelSpan span;

  span.data = g_bytes_get_data (bytes, &span.size);
  return span;
}

static GBytes *
copy_bytes (GstBuffer * buffer)
{
  gpointer data;
  gsize size;

  gst_buffer_extract_dup (buffer, 0, gst_buffer_get_size (buffer), &data,
      &size);
  return g_bytes_new_take (data, size);
}

/* --- downstream ----------------------------------------------------------- */

static GstFlowReturn
push_at (MoovWriter * self, guint64 at, GstBuffer * buffer)
{
  gsize size = gst_buffer_get_size (buffer);
  GstSegment segment;

  if (!self->placed || at != self->out) {
    gst_segment_init (&segment, GST_FORMAT_BYTES);
    segment.start = segment.time = at;
    gst_pad_push_event (self->src, gst_event_new_segment (&segment));
    self->placed = TRUE;
  }
  self->out = at + size;
  return gst_pad_push (self->src, buffer);
}

/* Takes @writes. */
static GstFlowReturn
push_writes (MoovWriter * self, GArray * writes)
{
  GstFlowReturn flow = GST_FLOW_OK;
  guint i;

  for (i = 0; i < writes->len && flow == GST_FLOW_OK; i++) {
    EchoelFileWrite *write = &g_array_index (writes, EchoelFileWrite, i);
    GstBuffer *buffer = gst_buffer_new_wrapped_bytes (write->bytes);

    flow = push_at (self, write->at, buffer);
  }
  g_array_unref (writes);
  return flow;
}

static gboolean
is_seekable (MoovWriter * self)
{
  GstQuery *query = gst_query_new_seeking (GST_FORMAT_BYTES);
  gboolean seekable = FALSE;

  if (gst_pad_peer_query (self->src, query))
    gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  gst_query_unref (query);
  return seekable;
}

/* --- the index ------------------------------------------------------------ */

/* The bin is what the user knows. */
static GstFlowReturn
fail (MoovWriter * self, const gchar * text, const gchar * debug)
{
  GstObject *parent = gst_object_get_parent (GST_OBJECT (self));

  g_atomic_int_set (&self->failed, TRUE);
  GST_ELEMENT_ERROR (parent ? GST_ELEMENT (parent) : GST_ELEMENT (self),
      STREAM, MUX, ("%s", text), ("%s", debug));
  gst_clear_object (&parent);
  return GST_FLOW_ERROR;
}

/* Returns: (transfer full) (nullable) */
static GBytes *
correct (MoovWriter * self, GBytes * moov)
{
  MoovNeeds needs = { {0,}, };
  GByteArray *made;
  GError *error = NULL;

  self->get_needs (self->user_data, &needs);
  needs.plan.map = self->data ? &self->layout.map : NULL;
  made = echoel_moov_rewrite (span_of (moov), &needs.plan, &error);
  moov_needs_clear (&needs);
  if (made != NULL)
    return g_byte_array_free_to_bytes (made);
  fail (self, error->message, "moov");
  g_error_free (error);
  return NULL;
}

static GBytes *
correct_brands (MoovWriter * self)
{
  MoovNeeds needs = { {0,}, };
  GByteArray *made;

  self->get_needs (self->user_data, &needs);
  made = echoel_moov_brands (span_of (self->ftyp), &needs.plan);
  moov_needs_clear (&needs);
  return made ? g_byte_array_free_to_bytes (made) : NULL;
}

/* What the muxer has said before the first data is all that is known of the
 * size of an index. */
static guint64
find_reserve (MoovWriter * self)
{
  MoovNeeds needs = { {0,}, };
  GstClockTime duration = self->get_duration (self->user_data);
  guint64 base = CORRECTIONS, reserve = 0;

  self->get_needs (self->user_data, &needs);
  if (self->moov != NULL)
    base += g_bytes_get_size (self->moov);
  if (!GST_CLOCK_TIME_IS_VALID (duration))
    duration = UNKNOWN_DURATION;
  if (duration > 0 || self->safety == MP4_SAFETY_ROBUST)
    reserve = echoel_file_reserve (base, needs.samples_per_second,
        needs.plan.n_video + needs.plan.n_audio,
        (gdouble) duration / GST_SECOND);
  moov_needs_clear (&needs);
  return reserve;
}

static GstFlowReturn
begin_data (MoovWriter * self, guint64 at)
{
  GArray *writes;
  GBytes *ftyp;

  if (!is_seekable (self))
    return fail (self, "The output cannot be seeked: write to a file, or set "
        "safety=fragmented.", "seeking query in bytes");
  ftyp = self->ftyp ? correct_brands (self) : NULL;
  if (ftyp == NULL)
    return fail (self, "The muxer began the file without its type.", "ftyp");
  writes = echoel_file_writes_new ();
  self->data = at;
  echoel_file_layout_begin (&self->layout, span_of (ftyp),
      find_reserve (self), self->safety == MP4_SAFETY_ROBUST, at, writes);
  g_bytes_unref (ftyp);
  return push_writes (self, writes);
}

static GstFlowReturn
update_index (MoovWriter * self)
{
  GBytes *moov = correct (self, self->moov);
  guint moved = self->layout.moved;
  GArray *writes;

  if (moov == NULL)
    return GST_FLOW_ERROR;
  writes = echoel_file_writes_new ();
  echoel_file_layout_index (&self->layout, moov, writes);
  if (self->layout.moved != moved)
    GST_INFO_OBJECT (self, "no more room in front: the index moves to %"
        G_GUINT64_FORMAT, self->layout.area);
  g_bytes_unref (moov);
  return push_writes (self, writes);
}

static gboolean
has_data (const MoovWriter * self)
{
  if (self->safety == MP4_SAFETY_FRAGMENTED)
    return self->fragments > 0;
  return self->data != 0 && self->moov != NULL
      && self->layout.counted > self->data;
}

/* At the end; nothing is finished after an error. */
static void
finish (MoovWriter * self)
{
  GArray *writes;
  GBytes *moov;

  if (g_atomic_int_get (&self->failed))
    return;
  if (!has_data (self)) {
    fail (self, "Nothing came to put into the file: no stream had a single "
        "buffer.", "EOS without data");
    return;
  }
  if (self->safety == MP4_SAFETY_FRAGMENTED)
    return;
  moov = correct (self, self->moov);
  if (moov == NULL)
    return;
  writes = echoel_file_writes_new ();
  echoel_file_layout_finish (&self->layout, moov, writes);
  push_writes (self, writes);
  g_bytes_unref (moov);
}

/* --- what comes from the muxer -------------------------------------------- */

/* The type of the box that fills @buffer, 0: it is none. Media data has
 * timestamps, boxes have none. */
static guint32
box_type (GstBuffer * buffer)
{
  guint8 head[ECHOEL_BOX_LARGE_HEADER] = { 0, };
  EchoelSpan span = { head, 0 };

  if (GST_BUFFER_PTS_IS_VALID (buffer) || GST_BUFFER_DTS_IS_VALID (buffer))
    return 0;
  span.size = gst_buffer_extract (buffer, 0, head, sizeof (head));
  /* The data box's header may follow an empty free box. */
  if (gst_buffer_get_size (buffer) == sizeof (head)
      && echoel_span_u32 (span, 12) == MDAT)
    return MDAT;
  return echoel_span_u32 (span, 4);
}

static void
keep (GBytes ** kept, GstBuffer * buffer)
{
  g_clear_pointer (kept, g_bytes_unref);
  *kept = copy_bytes (buffer);
}

/* Takes @buffer. */
static GstFlowReturn
take_box (MoovWriter * self, guint64 at, guint32 type, GstBuffer * buffer)
{
  GstFlowReturn flow = GST_FLOW_OK;

  if (type == FTYP)
    keep (&self->ftyp, buffer);
  else if (type == MDAT && self->data == 0)
    flow = begin_data (self, at + gst_buffer_get_size (buffer));
  else if (type == MOOV)
    keep (&self->moov, buffer);
  gst_buffer_unref (buffer);
  if (type == MOOV && self->data != 0 && self->safety == MP4_SAFETY_ROBUST)
    flow = update_index (self);
  return flow;
}

static GstFlowReturn
take_file (MoovWriter * self, guint64 at, GstBuffer * buffer)
{
  guint32 type = box_type (buffer);

  /* Behind the data come the index and, with some tags, a box of their own,
   * which the index has as well. */
  if (self->data == 0 || at < self->data || type != 0)
    return take_box (self, at, type, buffer);
  if (at != self->layout.counted) {
    gst_buffer_unref (buffer);
    return fail (self, "The muxer wrote its data out of order.", "mdat");
  }
  return push_at (self, echoel_file_layout_data (&self->layout,
          gst_buffer_get_size (buffer)), buffer);
}

/* Fragments find their data from where they stand, so what is added in front
 * of them matters only to their index at the end. */
static GBytes *
make_fragment_box (MoovWriter * self, guint32 type, GBytes * box)
{
  if (type == FTYP) {
    g_clear_pointer (&self->ftyp, g_bytes_unref);
    self->ftyp = g_bytes_ref (box);
    return correct_brands (self);
  }
  if (type == MOOV)
    return correct (self, box);
  return echoel_fragments_move (span_of (box), self->grown);
}

/* The index comes again at the end, with the duration. It must not be larger
 * than it was; a free box fills up what is left. */
static GstFlowReturn
push_again (MoovWriter * self, guint64 at, GBytes * made)
{
  gsize size = g_bytes_get_size (made), room = g_bytes_get_size (self->moov);
  GArray *writes;

  if (size != room && size + ECHOEL_BOX_HEADER > room)
    return GST_FLOW_OK;
  writes = echoel_file_writes_new ();
  echoel_file_overwrite (at, made, room, writes);
  return push_writes (self, writes);
}

static GstFlowReturn
push_fragment_box (MoovWriter * self, guint64 at, guint32 type, GBytes * made,
    gsize was)
{
  gsize size = g_bytes_get_size (made);

  if (type == MOOV && self->moov != NULL)
    return push_again (self, self->moov_at, made);
  if (type == MOOV) {
    self->moov = g_bytes_ref (made);
    self->moov_at = at + self->grown;
  }
  at += self->grown;
  self->grown += size - was;
  return push_at (self, at, gst_buffer_new_wrapped_bytes (made));
}

/* filesink holds back what it may: the last piece of a fragment takes the
 * others with it to the disk. */
static GstBuffer *
count_fragment (MoovWriter * self, guint32 type, GstBuffer * buffer)
{
  gsize size = gst_buffer_get_size (buffer);
  guint8 head[4];

  if (type == MDAT && gst_buffer_extract (buffer, 0, head, 4) == 4) {
    self->fragments++;
    self->fragment_left = GST_READ_UINT32_BE (head) - size;
  } else if (type == 0 && self->fragment_left > 0) {
    self->fragment_left -= MIN (size, self->fragment_left);
    if (self->fragment_left == 0) {
      buffer = gst_buffer_make_writable (buffer);
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_SYNC_AFTER);
    }
  }
  return buffer;
}

/* Takes @buffer. */
static GstFlowReturn
take_fragment (MoovWriter * self, guint64 at, GstBuffer * buffer)
{
  guint32 type = box_type (buffer);
  GBytes *box, *made;
  GstFlowReturn flow;

  if (type != FTYP && type != MOOV && type != MFRA)
    return push_at (self, at + self->grown, count_fragment (self, type,
            buffer));
  box = copy_bytes (buffer);
  gst_buffer_unref (buffer);
  made = make_fragment_box (self, type, box);
  if (made == NULL)
    flow = g_atomic_int_get (&self->failed) ? GST_FLOW_ERROR
        : fail (self, "The muxer wrote a malformed box.", "fragments");
  else
    flow = push_fragment_box (self, at, type, made, g_bytes_get_size (box));
  g_clear_pointer (&made, g_bytes_unref);
  g_bytes_unref (box);
  return flow;
}

static GstFlowReturn
sink_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  MoovWriter *self = MOOV_WRITER (parent);
  guint64 at = self->in;

  self->in += gst_buffer_get_size (buffer);
  if (g_atomic_int_get (&self->failed)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_ERROR;
  }
  if (self->safety == MP4_SAFETY_FRAGMENTED)
    return take_fragment (self, at, buffer);
  return take_file (self, at, buffer);
}

/* --- events, queries, states ---------------------------------------------- */

static void
forget (MoovWriter * self)
{
  self->in = self->out = self->data = self->grown = self->moov_at = 0;
  self->placed = FALSE;
  g_atomic_int_set (&self->failed, FALSE);
  self->fragment_left = self->fragments = 0;
  g_clear_pointer (&self->ftyp, g_bytes_unref);
  g_clear_pointer (&self->moov, g_bytes_unref);
  echoel_file_layout_clear (&self->layout);
}

/* The index in the caps is the muxer's, not the file's. */
static GstEvent *
without_header (GstEvent * event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  caps = gst_caps_copy (caps);
  gst_structure_remove_field (gst_caps_get_structure (caps, 0), "streamheader");
  gst_event_unref (event);
  event = gst_event_new_caps (caps);
  gst_caps_unref (caps);
  return event;
}

/* A file sink throws its file away at the end of a flush, so what has begun
 * never sees one. Takes @event. */
static gboolean
end_flush (MoovWriter * self, GstEvent * event)
{
  if (self->in == 0)
    return gst_pad_push_event (self->src, event);
  gst_event_unref (event);
  fail (self,
      "The stream was flushed, as by a seek, in the middle of the file: "
      "begin a new file.", "flush-stop");
  return FALSE;
}

/* What was written stays: there is nothing to seek in. */
static gboolean
src_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK)
    return gst_pad_event_default (pad, parent, event);
  gst_event_unref (event);
  return FALSE;
}

static gboolean
sink_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  MoovWriter *self = MOOV_WRITER (parent);
  const GstSegment *segment;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_SEGMENT:
      gst_event_parse_segment (event, &segment);
      if (segment->format == GST_FORMAT_BYTES)
        self->in = segment->start;
      gst_event_unref (event);
      return TRUE;
    case GST_EVENT_CAPS:
      event = without_header (event);
      break;
    case GST_EVENT_EOS:
      finish (self);
      break;
    case GST_EVENT_FLUSH_STOP:
      return end_flush (self, event);
    default:
      break;
  }
  return gst_pad_event_default (pad, parent, event);
}

/* The muxer may seek as it likes: what it writes is laid out anew. */
static gboolean
sink_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  MoovWriter *self = MOOV_WRITER (parent);
  GstFormat format;

  if (GST_QUERY_TYPE (query) != GST_QUERY_SEEKING)
    return gst_pad_query_default (pad, parent, query);
  gst_query_parse_seeking (query, &format, NULL, NULL, NULL);
  if (format != GST_FORMAT_BYTES)
    return FALSE;
  gst_query_set_seeking (query, format, self->safety != MP4_SAFETY_FRAGMENTED
      || is_seekable (self), 0, -1);
  return TRUE;
}

static GstStateChangeReturn
moov_writer_change_state (GstElement * element, GstStateChange change)
{
  GstStateChangeReturn result = GST_ELEMENT_CLASS (moov_writer_parent_class)
      ->change_state (element, change);

  if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
    forget (MOOV_WRITER (element));
  return result;
}

static void
moov_writer_finalize (GObject * object)
{
  forget (MOOV_WRITER (object));
  G_OBJECT_CLASS (moov_writer_parent_class)->finalize (object);
}

static void
moov_writer_init (MoovWriter * self)
{
  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  self->src = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_chain_function (self->sink, sink_chain);
  gst_pad_set_event_function (self->sink, sink_event);
  gst_pad_set_query_function (self->sink, sink_query);
  gst_pad_set_event_function (self->src, src_event);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
}

static void
moov_writer_class_init (MoovWriterClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = moov_writer_finalize;
  element_class->change_state = moov_writer_change_state;
  gst_element_class_set_static_metadata (element_class, "MP4 layout",
      "Generic", "Lays out an MP4 file and corrects its index",
      "The Echoel authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
}

GstElement *
moov_writer_new (const gchar * name, Mp4Safety safety, MoovNeedsFunc needs,
    MoovDurationFunc duration, gpointer user_data)
{
  MoovWriter *self = g_object_new (TYPE_MOOV_WRITER, "name", name, NULL);

  self->safety = safety;
  self->get_needs = needs;
  self->get_duration = duration;
  self->user_data = user_data;
  return GST_ELEMENT (self);
}

gboolean
moov_writer_has_failed (GstElement * element)
{
  return g_atomic_int_get (&MOOV_WRITER (element)->failed);
}
