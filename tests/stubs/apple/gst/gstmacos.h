/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Installed with GStreamer on macOS alone; nothing of it is used. */
#pragma once
