/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of the software encoders. Sources: gst-inspect-1.0 of each element
 * and, for what it does not say, its code in gst-plugins-ugly, -bad,
 * gst-libav and gst-plugins-rs, and in the codec's library. */
#include "encoderrows.h"

#define CAPS_PROFILE {PROFILE, BOTH, NULL, "by caps"}

/* *INDENT-OFF* */
const EchoelEncoderSetting echoel_x264[] = {
  {EFFORT, BOTH | MUST, "speed-preset", "{effort}"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{kbps}"},
  {RATE, BOTH | MUST, "pass", "cbr"},
  {KEYS, BOTH | MUST, "key-int-max", "{frames}"},
  {OTHER, BOTH, "threads", "{threads}"},
  /* A speed-preset makes x264enc ignore its own defaults: say them. */
  {PROFILE, BOTH | MUST, "cabac", "true"},
  {PROFILE, BOTH | MUST, "dct8x8", "true"},
  {REAL, LIVE | MUST, "tune", "zerolatency"},
  {ORDER, LIVE | MUST, "bframes", "0"},
  /* The larger, the longer a bitrate goes on after a lower one was asked for:
   * 0.9 s with 1000, 0.45 s with 400, 0.3 s with 300. Against 1000 that costs
   * up to 0.0003 of SSIM where pictures move, up to 0.0009 where none does. */
  {BUFFER, LIVE, "vbv-buf-capacity", "300"},
  /* No scene-cut key frames: servers expect one exactly every interval. */
  {SLICES, LIVE | MUST, "option-string",
      "scenecut=0:open-gop=0:slice-max-size=1400"},
  {ORDER, EXPORT, "bframes", "2"},
  {BUFFER, EXPORT, "vbv-buf-capacity", "2000"},
  /* A buffer that is full at first is emptied in the end: a short file would
   * be larger than its bitrate. */
  {CLOSED, EXPORT, "option-string", "open-gop=0:vbv-init=0.5{options}"},
  {CLOSED, LIVE, NULL, "in option-string"},
  END
};

/* max-slice-size of openh264enc is stored and never used. */
const EchoelEncoderSetting echoel_openh264[] = {
  {EFFORT, BOTH | MUST, "complexity", "{effort}"},
  {RATE, BOTH | MUST, "rate-control", "bitrate"},
  {BITRATE, BOTH | MUST | CHANGE, "bitrate", "{bps}"},
  {BUFFER, LIVE | CHANGE, "max-bitrate", "{bps}"},
  {KEYS, BOTH | MUST, "gop-size", "{frames}"},
  {OTHER, BOTH, "multi-thread", "{threads}"},
  {OTHER, BOTH | MUST, "enable-frame-skip", "false"},
  {KEYS, LIVE | MUST, "scene-change-detection", "false"},
  {CLOSED, BOTH, NULL, "always"},
  {ORDER, BOTH, NULL, "has none"},
  {REAL, LIVE, NULL, "always"},
  {SLICES, LIVE, NULL, "no control that works"},
  CAPS_PROFILE,
  END
};

/* The library's default is an open GOP and four B frames. */
const EchoelEncoderSetting echoel_x265[] = {
  {EFFORT, BOTH | MUST, "speed-preset", "{effort}"},
  {BITRATE, BOTH | MUST, "bitrate", "{kbps}"},
  {KEYS, BOTH | MUST, "key-int-max", "{frames}"},
  {REAL, LIVE | MUST, "tune", "zerolatency"},
  {CLOSED, LIVE | MUST, "option-string",
      "bframes=0:open-gop=0:scenecut=0:repeat-headers=1:"
      "vbv-maxrate={kbps}:vbv-bufsize={kbps}"},
  {CLOSED, EXPORT | MUST, "option-string",
      "bframes=3:open-gop=0:vbv-maxrate={peak}:vbv-bufsize={peak}"},
  {ORDER, BOTH, NULL, "in option-string"},
  {RATE, BOTH, NULL, "in option-string"},
  {SLICES, LIVE, NULL, "no control"},
  CAPS_PROFILE,
  END
};

/* Constant bitrate needs low delay, or it does not start. */
const EchoelEncoderSetting echoel_svtav1[] = {
  {EFFORT, BOTH | MUST, "preset", "{effort}"},
  {BITRATE, BOTH | MUST, "target-bitrate", "{kbps}"},
  {RATE, LIVE | MUST, "max-bitrate", "{kbps}"},
  {ORDER, LIVE | MUST, "parameters-string", "pred-struct=1"},
  {KEYS, BOTH | MUST, "intra-period-length", "{frames}"},
  {CLOSED, BOTH | MUST, "intra-refresh-type", "IDR"},
  {REAL, LIVE, NULL, "1.25 s at least"},
  {SLICES, LIVE, NULL, "no control"},
  END
};

/* cpu-used is 0 by itself, far too slow for anything. */
const EchoelEncoderSetting echoel_av1[] = {
  {REAL, LIVE | MUST, "usage-profile", "realtime"},
  {REAL, EXPORT, "usage-profile", "good-quality"},
  {EFFORT, BOTH | MUST, "cpu-used", "{effort}"},
  {BITRATE, BOTH | MUST | CHANGE, "target-bitrate", "{kbps}"},
  {RATE, LIVE | MUST, "end-usage", "cbr"},
  {RATE, EXPORT | MUST, "end-usage", "vbr"},
  /* With its own limits, 0 and 0, libaom aborts at CBR. */
  {OTHER, LIVE, "min-quantizer", "10"},
  {OTHER, LIVE, "max-quantizer", "56"},
  {KEYS, BOTH | MUST, "keyframe-max-dist", "{frames}"},
  {CLOSED, BOTH, NULL, "always"},
  {ORDER, LIVE | MUST, "lag-in-frames", "0"},
  {ORDER, EXPORT, "lag-in-frames", "25"},
  {OTHER, BOTH, "row-mt", "true"},
  {OTHER, BOTH, "threads", "{threads}"},
  {SLICES, LIVE, NULL, "no control"},
  END
};

const EchoelEncoderSetting echoel_rav1[] = {
  {EFFORT, BOTH | MUST, "speed-preset", "{effort}"},
  {BITRATE, BOTH | MUST, "bitrate", "{bps}"},
  {KEYS, BOTH | MUST, "max-key-frame-interval", "{frames}"},
  {REAL, LIVE | MUST, "low-latency", "true"},
  {ORDER, LIVE, NULL, "by low-latency"},
  {RATE, BOTH, NULL, "by bitrate"},
  {CLOSED, BOTH, NULL, "always"},
  {SLICES, LIVE, NULL, "no control"},
  END
};

/* One thread unless told otherwise; Apple's programs look for apl0. */
const EchoelEncoderSetting echoel_prores_ks[] = {
  {PROFILE, EXPORT | MUST, "profile", "{profile}"},
  {BITRATE, EXPORT, NULL, "by profile"},
  {KEYS, EXPORT, NULL, "every frame"},
  {OTHER, EXPORT, "vendor", "apl0"},
  {OTHER, EXPORT, "threads", "auto"},
  END
};

const EchoelEncoderSetting echoel_prores_aw[] = {
  {PROFILE, EXPORT, NULL, "by raw format"},
  {BITRATE, EXPORT, NULL, "by profile"},
  {KEYS, EXPORT, NULL, "every frame"},
  {OTHER, EXPORT, "vendor", "apl0"},
  {OTHER, EXPORT, "threads", "auto"},
  END
};

const EchoelEncoderSetting echoel_aac[] = {
  {BITRATE, BOTH | MUST, "bitrate", "{bps}"},
  END
};

const EchoelEncoderSetting echoel_fdkaac[] = {
  {BITRATE, BOTH | MUST, "bitrate", "{bps}"},
  {RATE, BOTH, "rate-control", "cbr"},
  {EFFORT, EXPORT, "afterburner", "true"},
  END
};

const EchoelEncoderSetting echoel_atenc[] = {
  {BITRATE, BOTH | MUST, "bitrate", "{bps}"},
  {RATE, BOTH, "rate-control", "cbr"},
  END
};
/* *INDENT-ON* */
