#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Compiles the Apple sources for macOS, with clang and our own declarations of
# Apple's interfaces. usage: applecheck.sh SOURCE-FOLDER COMPILER-FLAG...
set -euo pipefail

top=$1
shift
if ! command -v clang >/dev/null; then
  echo "SKIP: clang is missing (Debian: clang)"
  exit 77
fi
# GLib's headers take those of this system's C library with them, which know
# nothing of macOS. Newer ones ask for the version of clang, too, before they
# take numbers of 128 bits for granted, which macOS has not.
here=(-D__x86_64__ -D__clang_major__=1 -D__THROW= -D__THROWNL= '-D__nonnull(x)='
  -Wno-macro-redefined -isystem "/usr/include/$(gcc -print-multiarch)"
  -isystem /usr/include)
for target in arm64-apple-macos12 x86_64-apple-macos12; do
  for iosurface in -UHAVE_GST_IOSURFACE -DHAVE_GST_IOSURFACE; do
    for file in metalbridge.m backendmetal.c surfacememory.c surfacepool.c \
      backends.c; do
      clang -target "$target" -fsyntax-only -Wall -Werror -fno-objc-arc \
        -DHAVE_METAL "$iosurface" "${here[@]}" \
        -isystem "$top/tests/stubs/apple" -I "$top/gst/core/texture" "$@" \
        "$top/gst/metal/$file"
      echo "$target $iosurface $file: compiles"
    done
  done
done
