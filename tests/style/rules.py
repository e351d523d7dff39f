#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks what a formatter cannot: sizes, layers, words that may not appear.

usage: rules.py FILE...     (paths below the top folder)

Each finding is one line, FILE:LINE: what is wrong.
"""
import configparser
import pathlib
import re
import sys

SPDX = 'SPDX-License-Identifier: LGPL-2.1-or-later'
C_LINES, HEADER_LINES, FUNCTION_LINES = 800, 150, 100

TEXT = {'.c', '.h', '.m', '.py', '.sh', '.build', '.txt', '.md', '.gep',
        '.xml', '.json', '.yml', '.conf', '.supp', ''}
LICENSED = {'.c', '.h', '.m', '.py', '.sh'}
LICENSED_NAMES = {'meson.build', 'dev', 'run'}

# A folder of one person's or one machine's in a file for everyone. Written
# in pieces, so that this file passes its own check.
MACHINE_PATH = re.compile(r'(?<![\w.$}])/(?:' + 'work|root|home' + r')/\w')
TEMPORARY = re.compile(r'(?<![\w.$}])/' + r'tmp/\w')

FORBIDDEN = [
    (re.compile(r'\bg_auto(?:ptr|free|list|slist)?\b'),
     'g_auto* does not build everywhere; free at one label'),
    (re.compile(r'\b(?:g_print|g_printerr|v?f?printf|puts|fputs|perror)\s*\('),
     'prints; use the debug log or a message'),
]
CORE_FORBIDDEN = [
    (re.compile(r'#\s*include\s*<gst/base/'), 'core includes gst/base'),
    (re.compile(r'#\s*include\s*"gstechoel'), 'core includes an element'),
    (re.compile(r'\bGst(?:Element|Bin|Pad)\b'), 'core sees elements or pads'),
]
INCLUDE = re.compile(r'#\s*include\s*"([^"]+)"')


def without_comments(text):
    """The text with comments blanked out and its lines kept."""
    pattern = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.S)
    return pattern.sub(
        lambda m: m[0] if m[0][0] == '"' else re.sub(r'[^\n]', ' ', m[0]),
        text)


def check_text(path, text):
    """Rules for every text file."""
    if text and not text.endswith('\n'):
        yield text.count('\n') + 1, 'no newline at the end'
    if text.endswith('\n\n'):
        yield text.count('\n'), 'blank line at the end'
    for number, line in enumerate(text.splitlines(), 1):
        if '\t' in line:
            yield number, 'tab'
        if line != line.rstrip():
            yield number, 'blanks at the end of the line'
        if MACHINE_PATH.search(line):
            yield number, 'path of one machine'
        if path.suffix == '.md' and TEMPORARY.search(line):
            yield number, 'path of one machine'
    if path.suffix in LICENSED or path.name in LICENSED_NAMES:
        if SPDX not in '\n'.join(text.splitlines()[:3]):
            yield 1, f'no "{SPDX}" in the first lines'


def check_sizes(path, text):
    lines = text.splitlines()
    limit = C_LINES if path.suffix == '.c' else HEADER_LINES
    if len(lines) > limit:
        yield len(lines), f'{len(lines)} lines, over {limit}'
    if path.suffix != '.c':
        return
    name, start = '', 0
    for number, line in enumerate(lines, 1):
        called = re.match(r'(\w+) \(', line)
        if called:
            name = called[1]
        if line == '{':
            start = number
        elif line == '}' and start:
            length = number - start - 1
            if length > FUNCTION_LINES and not name.endswith('_class_init'):
                yield start, f'{name} has {length} lines, over {FUNCTION_LINES}'
            start = 0


def check_words(path, text):
    """What code below gst/ may not say."""
    rules = list(FORBIDDEN)
    if path.parts[1] == 'core':
        rules += CORE_FORBIDDEN
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        for pattern, message in rules:
            if pattern.search(line):
                yield number, message


def check_layers(path, text, owners):
    """core <- parts <- elements <- plugin.c; owners: header name -> its folders."""
    here = path.parent
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        found = INCLUDE.search(line)
        if not found or found[1] == 'config.h':
            continue
        name = pathlib.PurePosixPath(found[1]).name
        core = pathlib.PurePosixPath('gst/core')
        allowed = {here}
        if core not in here.parents:
            allowed |= {pathlib.PurePosixPath('gst'),
                        pathlib.PurePosixPath('gst/parts')}
        folders = owners.get(name, set())
        if folders and not folders & allowed and not any(
                core in folder.parents for folder in folders):
            folder = ', '.join(sorted(map(str, folders)))
            yield number, f'includes {name} of {folder}, another layer'


def check_preset(path, text):
    """Every preset says where its facts come from and is compiled in."""
    parser = configparser.RawConfigParser(strict=False, delimiters=('=',))
    parser.optionxform = str
    try:
        parser.read_string(text)
    except configparser.Error as error:
        yield 1, f'not a key file: {error.message}'
        return
    if not parser.has_section('echoel'):
        yield 1, 'no [echoel] group'
        return
    keys = dict(parser.items('echoel'))
    wanted = ['source']
    if any(key.startswith('platform-') for key in keys):
        wanted += ['platform-source', 'platform-checked']
    for key in wanted:
        if not keys.get(key, '').strip():
            yield 1, f'no {key}= in [echoel]'
    index = pathlib.Path('presets/echoel-presets.gresource.xml')
    if path.name not in index.read_text(encoding='utf-8'):
        yield 1, f'not listed in {index}'


def check_python(path, text):
    try:
        compile(text, str(path), 'exec')
    except SyntaxError as error:
        yield error.lineno or 1, error.msg


def findings(path, owners):
    try:
        text = pathlib.Path(path).read_text(encoding='utf-8')
    except UnicodeDecodeError:
        yield 1, 'not UTF-8'
        return
    if path.name == 'COPYING':
        return
    yield from check_text(path, text)
    if path.suffix in ('.c', '.h'):
        yield from check_sizes(path, text)
    if path.parts[0] == 'gst' and path.suffix in ('.c', '.h', '.m'):
        yield from check_words(path, text)
        yield from check_layers(path, text, owners)
    if path.suffix == '.gep' and path.parts[0] == 'presets':
        yield from check_preset(path, text)
    if path.suffix == '.py':
        yield from check_python(path, text)


def main(names):
    paths = [pathlib.PurePosixPath(name) for name in names]
    owners = {}
    for path in paths:
        if path.parts[0] == 'gst' and path.suffix == '.h':
            owners.setdefault(path.name, set()).add(path.parent)
    count = 0
    for path in paths:
        if path.suffix in TEXT and 'corpus' not in path.parts:
            for number, message in findings(path, owners):
                print(f'{path}:{number}: {message}')
                count += 1
    return count > 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
