#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs every style check; each prints one "ok" or "FAIL" line, a failed one
# after what it found. With --fix the C files are formatted first.
# Called by "./dev check", which builds the plugin and sets its path.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

failed=0

# check NAME WHAT-TO-DO COMMAND...
check () {
  local name=$1 advice=$2 output
  shift 2
  if output=$("$@" 2>&1); then
    printf 'ok    %s\n' "$name"
  else
    printf '%s\n' "$output"
    printf 'FAIL  %s: %s\n' "$name" "$advice"
    failed=1
  fi
}

# The files git knows or would add, or all of a tree without git; "build*"
# and "demo" hold what was made from them.
list () {
  local found
  if ! found=$(git ls-files -co --exclude-standard -- "$@" 2>/dev/null); then
    found=$(find "$@" -type f ! -path './.git/*' ! -path './build*/*' \
      ! -path './demo/*' ! -path '*/__pycache__/*' | sed 's|^\./||')
  fi
  # git goes on listing a removed file until the removal is added.
  sort <<<"$found" | while IFS= read -r file; do
    if [ -f "$file" ]; then printf '%s\n' "$file"; fi
  done
}

all_files=$(list .)
mapfile -t files <<<"$all_files"
c_files=() shells=(dev .ci/run)
for file in "${files[@]}"; do
  case $file in
    gst/*.c | tests/*.c) c_files+=("$file") ;;
    *.sh) shells+=("$file") ;;
  esac
done

# The headers that cppcheck misses are those of GStreamer; gtk.cfg knows GLib.
cppcheck=(cppcheck --quiet --error-exitcode=1 --inline-suppr --library=gtk
  '--enable=warning,performance,portability' --std=c11 -j 2
  --suppress=missingInclude --suppress=missingIncludeSystem
  --suppress=unknownMacro --suppress=unmatchedSuppression
  -I gst -I gst/core/picture -I gst/core/follow
  -I gst/core/preset -I gst/core/encoder -I gst/core/live
  -I gst/core/adaptive -I gst/core/mp4 -I gst/core/export
  -I gst/core/texture -I gst/parts gst)

case ${1-} in
  --fix) python3 tests/style/indent.py --fix "${c_files[@]}" ;;
  '') ;;
  *) echo "usage: check.sh [--fix]" >&2; exit 2 ;;
esac

check format 'run "./dev check --fix"' \
  python3 tests/style/indent.py "${c_files[@]}"
check rules 'see CONTRIBUTING.md, "The code"' \
  python3 tests/style/rules.py "${files[@]}"
check cppcheck 'mend it, or suppress it in place and say why' "${cppcheck[@]}"
check shellcheck 'mend it, or disable it in place and say why' \
  shellcheck "${shells[@]}"
check documentation 'bring docs/elements/ and the property texts up to date' \
  python3 tests/style/documentation.py build/gst/libgstechoel.so

exit "$failed"
