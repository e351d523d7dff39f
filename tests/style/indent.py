#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares C files with what GNU indent makes of them in GStreamer's style.

usage: indent.py [--fix] FILE...

indent runs twice: its first result is not always what it makes of that.
Headers are laid out by hand, as in GStreamer.
"""
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

FLAGS = """--braces-on-if-line --case-brace-indentation0 --case-indentation2
    --braces-after-struct-decl-line --line-length80 --no-tabs --cuddle-else
    --dont-line-up-parentheses --continuation-indentation4 --honour-newlines
    --tab-size8 --indent-level2 --leave-preprocessor-space""".split()


def indented(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'file.c')
        path.write_bytes(text)
        for _ in range(2):
            # No backup files, and no settings of the person who runs this.
            subprocess.run(['indent', '--ignore-profile', *FLAGS, path],
                           check=True, env={**os.environ,
                                            'VERSION_CONTROL': 'none',
                                            'SIMPLE_BACKUP_SUFFIX': '.bak'})
        return path.read_bytes()


def main(arguments):
    fix = arguments[:1] == ['--fix']
    wrong = 0
    for name in arguments[fix:]:
        path = pathlib.Path(name)
        before = path.read_bytes()
        after = indented(before)
        if after == before:
            continue
        if fix:
            path.write_bytes(after)
            print(f'formatted {name}')
            continue
        wrong += 1
        lines = difflib.unified_diff(
            before.decode('utf-8', 'replace').splitlines(),
            after.decode('utf-8', 'replace').splitlines(),
            name, f'{name} (indented)', lineterm='', n=1)
        print('\n'.join(lines))
    return wrong > 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
