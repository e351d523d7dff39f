#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares what the built plugin says of itself with its pages in docs/.

usage: documentation.py PLUGIN-FILE

Every element has docs/elements/FACTORY.md, which names each of the element's
own properties in backquotes; every property has a text of its own; every
page belongs to an element. README.md has the row of each preset.
"""
import configparser
import os
import pathlib
import re
import subprocess
import sys

# Properties of GStreamer's base classes; gst-inspect-1.0 does not tell them
# from the element's own.
INHERITED = {
    'GstObject': 'name parent',
    'GstBin': 'async-handling message-forward',
    'GstBaseTransform': 'qos',
    'GstBaseSrc': 'blocksize num-buffers do-timestamp typefind',
    'GstBaseSink': 'sync max-lateness qos async ts-offset last-sample '
                   'enable-last-sample blocksize render-delay throttle-time '
                   'max-bitrate processing-deadline stats',
}
PAGES = pathlib.Path('docs/elements')
PRESETS = pathlib.Path('presets/online-service')


def inspect(*arguments):
    return subprocess.run(
        ['gst-inspect-1.0', *arguments], check=True, text=True,
        stdout=subprocess.PIPE, env={**os.environ, 'LC_ALL': 'C.UTF-8',
                                     'GST_INSPECT_NO_COLORS': '1'}).stdout


def elements(plugin):
    return re.findall(r'^  (\w+): ', inspect(plugin), re.M)


def properties(element):
    """Triples of property name, text and whether the element adds it."""
    text = inspect(element)
    inherited = set()
    for base, names in INHERITED.items():
        if re.search(rf'\+----{base}$', text, re.M):
            inherited.update(names.split())
    _, _, text = text.partition('\nElement Properties:\n')
    text = re.split(r'\n\S', text)[0]
    return [(name, blurb, name not in inherited) for name, blurb
            in re.findall(r'^  ([a-z][\w-]*) *:(.*)$', text, re.M)]


def check(element):
    page = PAGES / f'{element}.md'
    if not page.is_file():
        yield f'{page}: missing'
        return
    text = page.read_text(encoding='utf-8')
    for name, blurb, own in properties(element):
        if blurb.strip() in ('', '(null)'):
            yield f'{element}: property {name} has no text'
        if own and f'`{name}`' not in text:
            yield f'{page}: property `{name}` is missing'


def preset_row(path):
    """A preset file as a row of the table in README.md."""
    parser = configparser.RawConfigParser(strict=False, delimiters=('=',))
    parser.read(path, encoding='utf-8')
    facts = parser['echoel']
    video = next((parser[group]['format'] for group in parser.sections()
                  if parser[group].get('type') == 'video'), '')

    def field(name):
        found = re.search(rf'\b{name}=([^,;]+)', video)
        return found[1] if found else '?'

    rate = field('framerate').removesuffix('/1')
    longest = facts.get('max-duration-s')
    cells = [f'`{path.stem}`', facts.get('title', ''), facts.get('usage', ''),
             f'{field("width")}x{field("height")}', rate,
             facts.get('bitrate-kbps', ''), facts.get('audio-bitrate-kbps', ''),
             f'{longest} s' if longest else '-']
    return f'| {" | ".join(cells)} |'


def check_presets():
    readme = pathlib.Path('README.md').read_text(encoding='utf-8')
    for path in sorted(PRESETS.glob('*.gep')):
        row = preset_row(path)
        if row not in readme.splitlines():
            yield f'README.md: no row\n{row}'


def main(plugin):
    if not os.path.exists(plugin):
        sys.exit(f'{plugin}: not built')
    known = elements(plugin)
    found = [] if known else [f'{plugin}: no elements']
    for element in known:
        found += check(element)
    for page in sorted(PAGES.glob('*.md')):
        if page.stem not in known:
            found.append(f'{page}: no such element')
    found += check_presets()
    if found:
        print('\n'.join(found))
    return bool(found)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
