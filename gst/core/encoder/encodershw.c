/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of the hardware encoders, a list a family. Sources: each element's
 * code in gst-plugins-bad and -good 1.22 to 1.28, and gstreamer-vaapi 1.22 to
 * 1.26. What an encoder lacks is said, too: docs/encoders.md is made of it. */
#include "encoderrows.h"

#define NO_SLICES {SLICES, LIVE, NULL, "no control"}
#define CAPS_PROFILE {PROFILE, BOTH, NULL, "by caps"}
#define ALWAYS_CLOSED {CLOSED, BOTH, NULL, "always"}
#define NO_B_FRAMES {ORDER, BOTH, NULL, "has none"}

/* *INDENT-OFF* */
/* cbr also in export: Apple Silicon is reported to miss its average rate by
 * far, because the element always sets a quality besides. */
const EchoelEncoderSetting echoel_vtenc[] = {
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {RATE, BOTH, "rate-control", "cbr"},
  {KEYS, BOTH | MUST, "max-keyframe-interval", "{frames}"},
  {KEYS, BOTH | MUST, "max-keyframe-interval-duration", "{ns}"},
  {CLOSED, BOTH, NULL, "not exposed"},
  {ORDER, LIVE | MUST, "allow-frame-reordering", "false"},
  {ORDER, EXPORT, "allow-frame-reordering", "true"},
  {REAL, LIVE | MUST, "realtime", "true"},
  {REAL, EXPORT, "realtime", "false"},
  NO_SLICES, CAPS_PROFILE,
  {EFFORT, EXPORT, "quality", "{effort}"},
  END
};

const EchoelEncoderSetting echoel_vtenc_prores[] = {
  {BITRATE, EXPORT, NULL, "by profile"},
  {KEYS, EXPORT, NULL, "every frame"},
  {REAL, EXPORT, "realtime", "false"},
  {PROFILE, EXPORT, NULL, "by caps"},
  {OTHER, EXPORT, "preserve-alpha", "true"},
  END
};

/* 0 as key-int-max would be one second, whatever the rate. */
const EchoelEncoderSetting echoel_va[] = {
  {RATE, LIVE, "rate-control", "cbr|vbr"},
  {RATE, EXPORT, "rate-control", "vbr|cbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT, "target-percentage", "66"},
  {KEYS, BOTH | MUST, "key-int-max", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, LIVE | MUST, "b-frames", "0"},
  {ORDER, EXPORT, "b-frames", "2"},
  {REAL, LIVE, NULL, "no switch; follows the latency query from 1.26 on"},
  NO_SLICES, CAPS_PROFILE,
  {EFFORT, BOTH, "target-usage", "{effort}"},
  END
};

const EchoelEncoderSetting echoel_va_av1[] = {
  {RATE, LIVE, "rate-control", "cbr|vbr"},
  {RATE, EXPORT, "rate-control", "vbr|cbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {KEYS, BOTH | MUST, "key-int-max", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, LIVE | MUST, "hierarchical-level", "1"},
  NO_SLICES,
  {EFFORT, BOTH, "target-usage", "{effort}"},
  END
};

const EchoelEncoderSetting echoel_vaapi[] = {
  {RATE, LIVE, "rate-control", "cbr|vbr"},
  {RATE, EXPORT, "rate-control", "vbr|cbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {KEYS, BOTH | MUST, "keyframe-period", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, LIVE | MUST, "max-bframes", "0"},
  {ORDER, EXPORT, "max-bframes", "2"},
  {REAL, LIVE, "tune", "low-latency"},
  NO_SLICES, CAPS_PROFILE,
  {EFFORT, BOTH, "quality-level", "{effort}"},
  END
};

/* From 1.26 on under these names; told from the older ones by tune. */
const EchoelEncoderSetting echoel_nv[] = {
  {EFFORT, BOTH, "preset", "{effort}"},
  {REAL, LIVE | MUST, "tune", "low-latency"},
  {REAL, EXPORT | MUST, "tune", "high-quality"},
  {REAL, LIVE | MUST, "zerolatency", "true"},
  {RATE, LIVE | MUST, "rc-mode", "cbr"},
  {RATE, EXPORT | MUST, "rc-mode", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, LIVE, "bframes", "0"},
  {ORDER, EXPORT, "bframes", "2"},
  NO_SLICES, CAPS_PROFILE,
  END
};

const EchoelEncoderSetting echoel_nv_av1[] = {
  {EFFORT, BOTH, "preset", "{effort}"},
  {REAL, LIVE | MUST, "tune", "low-latency"},
  {REAL, EXPORT | MUST, "tune", "high-quality"},
  {REAL, LIVE | MUST, "zerolatency", "true"},
  {RATE, LIVE | MUST, "rc-mode", "cbr"},
  {RATE, EXPORT | MUST, "rc-mode", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, BOTH, "bframes", "0"},
  NO_SLICES,
  END
};

/* The nvh264enc and nvh265enc of 1.22 and 1.24. */
const EchoelEncoderSetting echoel_nv_legacy[] = {
  {EFFORT, LIVE, "preset", "low-latency-hq"},
  {EFFORT, EXPORT, "preset", "hq"},
  {REAL, LIVE | MUST, "zerolatency", "true"},
  {RATE, LIVE | MUST, "rc-mode", "cbr"},
  {RATE, EXPORT | MUST, "rc-mode", "vbr-hq"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, LIVE, "bframes", "0"},
  {ORDER, EXPORT, "bframes", "2"},
  NO_SLICES, CAPS_PROFILE,
  END
};

/* nvcuda*, nvautogpu* and nvd3d11* of 1.22 and 1.24, in a spelling of their
 * own. */
const EchoelEncoderSetting echoel_nv_cuda[] = {
  {EFFORT, LIVE, "preset", "p4|low-latency-hq"},
  {EFFORT, EXPORT, "preset", "p6|hq"},
  {REAL, LIVE, "tune", "low-latency"},
  {REAL, EXPORT, "tune", "high-quality"},
  {REAL, LIVE | MUST, "zero-reorder-delay", "true"},
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, LIVE, "b-frames", "0"},
  {ORDER, EXPORT, "b-frames", "2"},
  NO_SLICES, CAPS_PROFILE,
  END
};

/* max-slice-size is there from 1.24 on and reaches nothing. */
#define QSV_SLICES {SLICES, LIVE, NULL, "no control that works"}

const EchoelEncoderSetting echoel_qsv_h264[] = {
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  {CLOSED, BOTH | MUST, "idr-interval", "0"},
  {ORDER, LIVE | MUST, "b-frames", "0"},
  {ORDER, EXPORT, "b-frames", "2"},
  {REAL, LIVE | MUST, "low-latency", "true"},
  QSV_SLICES, CAPS_PROFILE,
  {EFFORT, BOTH, "target-usage", "{effort}"},
  END
};

/* idr-interval counts from one here: 0 would be one IDR for ever. */
const EchoelEncoderSetting echoel_qsv_h265[] = {
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  {CLOSED, BOTH | MUST, "idr-interval", "1"},
  {ORDER, LIVE | MUST, "b-frames", "0"},
  {ORDER, EXPORT, "b-frames", "2"},
  {REAL, LIVE | MUST, "low-latency", "true"},
  NO_SLICES, CAPS_PROFILE,
  {EFFORT, BOTH, "target-usage", "{effort}"},
  END
};

const EchoelEncoderSetting echoel_qsv_av1[] = {
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED, NO_B_FRAMES,
  {REAL, LIVE | MUST, "low-latency", "true"},
  NO_SLICES,
  {EFFORT, BOTH, "target-usage", "{effort}"},
  END
};

const EchoelEncoderSetting echoel_msdk[] = {
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT, "max-vbv-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  {CLOSED, BOTH | MUST, "i-frames", "0"},
  {ORDER, LIVE | MUST, "b-frames", "0"},
  {ORDER, EXPORT, "b-frames", "2"},
  {REAL, LIVE | MUST, "async-depth", "1"},
  {SLICES, LIVE, "max-slice-size", "1400"},
  CAPS_PROFILE,
  {EFFORT, BOTH, "target-usage", "{effort}"},
  END
};

const EchoelEncoderSetting echoel_msdk_av1[] = {
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT, "max-vbv-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, BOTH | MUST, "b-frames", "0"},
  {REAL, LIVE | MUST, "async-depth", "1"},
  NO_SLICES,
  {EFFORT, BOTH, "target-usage", "{effort}"},
  END
};

/* usage goes first: a bitrate of 0 would be the usage's own. */
const EchoelEncoderSetting echoel_amf_h264[] = {
  {REAL, LIVE | MUST, "usage", "ultra-low-latency"},
  {REAL, EXPORT | MUST, "usage", "transcoding"},
  {EFFORT, BOTH, "preset", "{effort}"},
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, LIVE, "max-b-frames", "0"},
  {ORDER, LIVE, "b-frames", "0"},
  {ORDER, EXPORT, "max-b-frames", "2"},
  {ORDER, EXPORT, "b-frames", "2"},
  NO_SLICES, CAPS_PROFILE,
  END
};

const EchoelEncoderSetting echoel_amf[] = {
  {REAL, LIVE | MUST, "usage", "ultra-low-latency"},
  {REAL, EXPORT | MUST, "usage", "transcoding"},
  {EFFORT, BOTH, "preset", "{effort}"},
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED, NO_B_FRAMES, NO_SLICES, CAPS_PROFILE,
  END
};

const EchoelEncoderSetting echoel_amf_av1[] = {
  {REAL, LIVE | MUST, "usage", "low-latency"},
  {REAL, EXPORT | MUST, "usage", "transcoding"},
  {EFFORT, BOTH, "preset", "{effort}"},
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED, NO_B_FRAMES, NO_SLICES,
  END
};

/* All but the bitrate is there only where the transform has it. */
const EchoelEncoderSetting echoel_mf[] = {
  {RATE, LIVE, "rc-mode", "cbr"},
  {RATE, EXPORT, "rc-mode", "uvbr|cbr"},
  {BITRATE, BOTH | MUST, "bitrate", "{kbps}"},
  {KEYS, BOTH, "gop-size", "{frames}"},
  {CLOSED, BOTH, NULL, "up to the transform"},
  {ORDER, LIVE, "bframes", "0"},
  {ORDER, EXPORT, "bframes", "2"},
  {REAL, LIVE, "low-latency", "true"},
  NO_SLICES, CAPS_PROFILE,
  {EFFORT, BOTH, "quality-vs-speed", "{effort}"},
  END
};

const EchoelEncoderSetting echoel_d3d12[] = {
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {BUFFER, LIVE | CHANGE, "max-bitrate", "{kbps}"},
  {BUFFER, EXPORT | CHANGE, "max-bitrate", "{peak}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  ALWAYS_CLOSED, NO_B_FRAMES,
  {SLICES, LIVE, "slice-mode", "bytes", "slice-mode-support"},
  {SLICES, LIVE, "slice-partition", "1400"},
  CAPS_PROFILE,
  END
};

/* By bytes; a driver passes over what it does not know. */
#define V4L2_SLICES "slice_partitioning_method=(int)2," \
    "maximum_bytes_in_a_slice=(int)1400"

/* The properties that 1.30 brings, then the controls that all have. */
const EchoelEncoderSetting echoel_v4l2[] = {
  {RATE, LIVE | MUST, "extra-controls", "c,video_bitrate_mode=(int)1,"
      "h264_i_frame_period=(int){frames},video_b_frames=(int)0,"
      "repeat_sequence_header=(boolean)true," V4L2_SLICES},
  {RATE, EXPORT | MUST, "extra-controls", "c,video_bitrate_mode=(int)0,"
      "h264_i_frame_period=(int){frames}"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{bps}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  {CLOSED, BOTH, NULL, "up to the driver"},
  {ORDER, LIVE, NULL, "control video_b_frames"},
  {SLICES, LIVE, NULL, "controls, where the driver has them"},
  {PROFILE, BOTH, NULL, "by caps, with the level"},
  END
};

/* uint is a type that extra-controls silently passes over. */
const EchoelEncoderSetting echoel_v4l2_controls[] = {
  {BITRATE, LIVE | MUST | CHANGE, "extra-controls",
      "c,video_bitrate=(int){bps},video_bitrate_mode=(int)1,"
      "video_gop_size=(int){frames},h264_i_frame_period=(int){frames},"
      "video_b_frames=(int)0,repeat_sequence_header=(boolean)true,"
      V4L2_SLICES},
  {BITRATE, EXPORT | MUST | CHANGE, "extra-controls",
      "c,video_bitrate=(int){bps},video_bitrate_mode=(int)0,"
      "video_gop_size=(int){frames},h264_i_frame_period=(int){frames}"},
  {RATE, BOTH, NULL, "control video_bitrate_mode"},
  {KEYS, BOTH, NULL, "control video_gop_size"},
  {CLOSED, BOTH, NULL, "up to the driver"},
  {ORDER, LIVE, NULL, "control video_b_frames"},
  {SLICES, LIVE, NULL, "controls, where the driver has them"},
  {PROFILE, BOTH, NULL, "by caps, with the level"},
  END
};

const EchoelEncoderSetting echoel_amc[] = {
  {RATE, BOTH, NULL, "up to the codec"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{bps}"},
  {KEYS, BOTH | MUST, "i-frame-interval", "{seconds}"},
  {CLOSED, BOTH, NULL, "up to the codec"},
  NO_B_FRAMES, NO_SLICES,
  {PROFILE, BOTH, NULL, "checked, never set"},
  END
};

/* The element's own default is constant quality: rate-control must be set. */
const EchoelEncoderSetting echoel_vulkan[] = {
  {RATE, LIVE | MUST, "rate-control", "cbr"},
  {RATE, EXPORT | MUST, "rate-control", "vbr"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {KEYS, BOTH | MUST, "idr-period", "{frames}"},
  ALWAYS_CLOSED,
  {ORDER, LIVE | MUST, "b-frames", "0"},
  {ORDER, EXPORT, "b-frames", "0"},
  NO_SLICES, CAPS_PROFILE,
  {EFFORT, BOTH, "quality", "{effort}"},
  END
};
/* *INDENT-ON* */
