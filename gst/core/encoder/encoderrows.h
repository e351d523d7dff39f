/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the encoder table is written. Private to it. */
#pragma once

#include "encoders.h"

G_BEGIN_DECLS

#define LIVE ECHOEL_SET_LIVE
#define EXPORT ECHOEL_SET_EXPORT
#define BOTH ECHOEL_SET_BOTH
#define MUST ECHOEL_SET_REQUIRED
#define CHANGE ECHOEL_SET_CHANGE

#define BITRATE ECHOEL_ASPECT_BITRATE
#define RATE ECHOEL_ASPECT_RATE_CONTROL
#define BUFFER ECHOEL_ASPECT_BUFFER
#define KEYS ECHOEL_ASPECT_KEY_FRAMES
#define CLOSED ECHOEL_ASPECT_CLOSED_GOP
#define ORDER ECHOEL_ASPECT_REORDERING
#define REAL ECHOEL_ASPECT_REAL_TIME
#define SLICES ECHOEL_ASPECT_SLICES
#define PROFILE ECHOEL_ASPECT_PROFILE
#define EFFORT ECHOEL_ASPECT_EFFORT
#define OTHER ECHOEL_ASPECT_OTHER
#define END {ECHOEL_ASPECT_NONE}

#define H264 ECHOEL_CODEC_H264
#define HEVC ECHOEL_CODEC_HEVC
#define AV1 ECHOEL_CODEC_AV1
#define PRORES ECHOEL_CODEC_PRORES
#define AAC ECHOEL_CODEC_AAC
#define HARDWARE ECHOEL_KIND_HARDWARE
#define SOFTWARE ECHOEL_KIND_SOFTWARE

#define RECREATE ECHOEL_CHANGE_RECREATE
#define FLAGGED ECHOEL_CHANGE_FLAGGED
#define FOLLOWS ECHOEL_CHANGE_FOLLOWS

/* Settings of one family, and its rows. */
extern const EchoelEncoderSetting echoel_vtenc[], echoel_vtenc_prores[],
    echoel_va[], echoel_va_av1[], echoel_vaapi[], echoel_nv[], echoel_nv_av1[],
    echoel_nv_legacy[], echoel_nv_cuda[], echoel_qsv_h264[], echoel_qsv_h265[],
    echoel_qsv_av1[], echoel_msdk[], echoel_msdk_av1[], echoel_amf_h264[],
    echoel_amf[], echoel_amf_av1[], echoel_mf[], echoel_d3d12[],
    echoel_v4l2[], echoel_v4l2_controls[], echoel_amc[], echoel_vulkan[];
extern const EchoelEncoderSetting echoel_x264[], echoel_openh264[],
    echoel_x265[], echoel_svtav1[], echoel_av1[], echoel_rav1[],
    echoel_prores_ks[], echoel_prores_aw[], echoel_aac[], echoel_fdkaac[],
    echoel_atenc[];

G_END_DECLS
