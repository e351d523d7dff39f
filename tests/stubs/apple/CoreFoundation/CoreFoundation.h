/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Own declarations of the little of Core Foundation that is used. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef const void *CFTypeRef;
typedef const struct __CFAllocator *CFAllocatorRef;
typedef const struct __CFString *CFStringRef;
typedef const struct __CFNumber *CFNumberRef;
typedef const struct __CFDictionary *CFDictionaryRef;
typedef struct __CFDictionary *CFMutableDictionaryRef;
typedef signed long CFIndex;
typedef int32_t OSStatus;
typedef uint32_t OSType;

typedef struct
{
  CFIndex version;
} CFDictionaryKeyCallBacks, CFDictionaryValueCallBacks;

extern const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks;
extern const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks;

enum
{
  kCFNumberSInt32Type = 3
};

CFTypeRef CFRetain (CFTypeRef object);
void CFRelease (CFTypeRef object);
CFNumberRef CFNumberCreate (CFAllocatorRef allocator, CFIndex type,
    const void *value);
CFMutableDictionaryRef CFDictionaryCreateMutable (CFAllocatorRef allocator,
    CFIndex capacity, const CFDictionaryKeyCallBacks * keys,
    const CFDictionaryValueCallBacks * values);
void CFDictionarySetValue (CFMutableDictionaryRef dictionary,
    const void *key, const void *value);
