/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Own declarations of what is used of Core Media: two names. */
#pragma once

typedef struct opaqueCMSampleBuffer *CMSampleBufferRef;
typedef struct OpaqueCMBlockBuffer *CMBlockBufferRef;
