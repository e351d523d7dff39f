#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the encoders of each GStreamer version as one key file.

usage: generate.py FACTORIES PROPERTIES.md... OUTPUT

FACTORIES is factories.ini; the others describe classes of properties.
"""
import configparser
import re
import sys

VERSIONS = ['1.22', '1.24', '1.26', '1.28']
TYPE_MAX = {'uint': 2 ** 32 - 1, 'int': 2 ** 31 - 1, 'uint64': 2 ** 64 - 1,
            'int64': 2 ** 63 - 1}
# What the sources ask of a device; the doubles are one device.
DEVICE = {
    'dev_caps->max_bframes': '4', 'device_caps->bframes': '4',
    'dev_caps->min_ref_frames': '1', 'dev_caps->max_ref_frames': '4',
    'dev_caps->min_gop_size': '0', 'dev_caps->max_gop_size': '1000',
    'dev_caps->default_gop_size': '30', 'dev_caps->default_qp_i': '26',
    'dev_caps->default_qp_p': '26', 'device_caps->max_num_ref_low': '1',
    'device_caps->max_num_ref_high': '4', 'GST_AV1_MAX_TILE_COLS': '64',
    'GST_AV1_MAX_TILE_ROWS': '64', 'qp_range_min': '0', 'qp_range_max': '51',
    'MFX_TARGETUSAGE_BALANCED': '4', 'PROP_MAX_QP_ALLOWED': '63',
    'PROP_MIN_QP_ALLOWED': '1', 'DEFAULT_PA_INITIAL_QP': '0',
    'DEFAULT_PA_MAX_QP': '51', 'DEFAULT_PA_LOOKAHEAD_BUFFER_DEPTH': '0',
    'UNSPECIFIED_BIT_RATE': '0', 'X264_ME_HEX': '0',
}
SCALARS = ('uint64', 'int64', 'uint', 'int', 'boolean', 'double', 'float',
           'string', 'object', 'boxed', 'fraction', 'enum', 'flags')


def number(text, kind):
    """The value of an expression of the sources."""
    text = text.strip()
    for name, value in DEVICE.items():
        text = text.replace(name, value)
    text = text.replace('(guint)', '').replace('G_MAXUSHORT', '65535')
    text = text.replace('G_MININT64', str(-2 ** 63)).replace('max16', '65535')
    text = text.replace('G_MAXFLOAT', '3.4e38')
    text = text.replace('max', str(TYPE_MAX.get(kind, 0)))
    text = text.replace('/', '//').replace('FALSE', '0').replace('TRUE', '1')
    if not re.fullmatch(r'[-+*/>() \d.e]+', text):
        return '0'
    return str(eval(text))  # only digits and operators are left


def versions_of(prefix):
    """'1.22 to 1.24', 'from 1.26' or '1.24' as the versions it means."""
    found = re.findall(r'1\.\d\d', prefix)
    if prefix.startswith('from'):
        return [v for v in VERSIONS if v >= found[0]]
    return [v for v in VERSIONS if found[0] <= v <= found[-1]]


def pieces(text, always):
    """Pairs of versions and text of 'A: x; from B: y; gone from C'."""
    for part in text.split(';'):
        part = part.strip()
        prefix = re.match(r'((?:from )?1\.\d\d(?: to 1\.\d\d)?): ', part)
        if prefix:
            yield versions_of(prefix[1]), part[prefix.end():]
        elif not part.startswith('gone'):
            yield always, part


def key(name):
    """What an enumeration's two names have in common."""
    name = name.lower().replace('_', '').replace('(per-device type)', 'device')
    name = name.replace('gettype', '').replace('type', '')
    return re.sub('^gst', '', name)


class Enums:
    def __init__(self):
        self.nicks = {}

    def add(self, block, line, present):
        name, _, text = line.partition(': ')
        for versions, nicks in pieces(text, present):
            for version in versions:
                self.nicks[version, block, key(name)] = nicks.split(', ')

    def find(self, version, block, name):
        wanted = key(name)
        own = {k: n for (v, b, k), n in self.nicks.items()
               if v == version and b == block}
        every = {k: n for (v, _, k), n in self.nicks.items() if v == version}
        for known in (own, every):
            for match in (str.__eq__, str.endswith, str.startswith):
                for candidate, nicks in known.items():
                    if match(candidate, wanted):
                        return nicks
        return None


def read_classes(paths):
    """Class name -> version -> list of (property, its text), and enums."""
    classes, enums = {}, Enums()
    for path in paths:
        with open(path, encoding='utf-8') as lines:
            block, present = None, VERSIONS
            for line in lines:
                line = line.rstrip()
                if line.startswith('### '):
                    block = line[4:]
                    classes[block] = {version: [] for version in VERSIONS}
                elif 'present in the sources of' in line:
                    text = line.partition('present in the sources of')[2]
                    present = [v for v in re.findall(r'1\.\d\d', text)
                               if v in VERSIONS]
                elif line.startswith('* enum '):
                    enums.add(block, line[7:], present)
                elif line.startswith('* `'):
                    name, text = re.match(r'\* `([^`]+)`: (.*)', line).groups()
                    for versions, description in pieces(text, present):
                        for version in versions:
                            classes[block][version].append((name, description))
    return classes, enums


def describe(text, version, block, enums):
    """A property as fields: type min max default flags nicks."""
    kind = next(k for k in SCALARS if text.startswith(k))
    rest = text[len(kind):].strip()
    flags = re.search(r'\(([^()]*(?:PLAYING|READY|conditional|deprecated)'
                      r'[^()]*)\)$', rest)
    if flags:
        rest = rest[:flags.start()].strip()
    rest, _, default = rest.partition('default')
    rest, default = rest.strip(' ,'), default.strip().strip('"')
    low = high = ''
    nicks = []
    if kind in ('enum', 'flags'):
        nicks = enums.find(version, block, rest) or [default]
        if default not in nicks:
            default = nicks[int(default) if default.isdigit()
                            and int(default) < len(nicks) else 0]
    elif '..' in rest:
        low, high = (number(end, kind) for end in rest.split('..'))
        default = number(default, kind)
    elif kind == 'boolean':
        default = '1' if default == 'TRUE' else '0'
    return [kind, low, high, default, flags[1] if flags else '',
            '/'.join(nicks)]


def dependent(text, version):
    """The part of 'x' or '1.22: x; 1.26: y' that holds for the version."""
    chosen = ''
    for part in text.split(';') if re.search(r'(^|; )1\.\d\d: ', text) \
            else [text]:
        since, _, value = part.strip().rpartition(': ') \
            if re.match(r'\s*1\.\d\d: ', part) else ('', '', part.strip())
        if since:
            since, _, value = part.strip().partition(': ')
        if not since or since <= version:
            chosen = value.strip()
    return chosen


def resolve(factories, name):
    """All keys of a factory, those of the one it is like included."""
    own = dict(factories[name])
    if 'like' in own:
        return {**resolve(factories, own.pop('like')), **own}
    return own


def main(arguments):
    factories = configparser.RawConfigParser(delimiters=('=',))
    factories.optionxform = str
    factories.read(arguments[0], encoding='utf-8')
    classes, enums = read_classes(arguments[1:-1])
    with open(arguments[-1], 'w', encoding='utf-8') as output:
        for name in factories.sections():
            facts = resolve(factories, name)
            first, _, last = facts['versions'].partition('-')
            for version in VERSIONS:
                if version < first or (last and version > last):
                    continue
                output.write(f'[{version} {name}]\n')
                for field in ('codec', 'src', 'memory', 'class', 'opens',
                              'follows'):
                    output.write(f'@{field}={facts.get(field, "")}\n')
                output.write(f'@raw={dependent(facts["raw"], version)}\n')
                text = dependent(facts['classes'], version)
                for block in text.split(' + '):
                    for prop, description in classes[block][version]:
                        fields = describe(description, version, block, enums)
                        output.write(f'{prop}={"|".join(fields)}\n')


if __name__ == '__main__':
    main(sys.argv[1:])
