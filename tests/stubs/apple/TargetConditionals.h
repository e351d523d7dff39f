/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For compilers that build for macOS without its SDK. */
#pragma once

#define TARGET_OS_MAC 1
#define TARGET_OS_OSX 1
#define TARGET_OS_IPHONE 0
