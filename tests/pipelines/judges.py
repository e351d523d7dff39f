# SPDX-License-Identifier: LGPL-2.1-or-later
"""Readers of MP4 files that are not ours: mp4box.js and MediaInfo beside
ffprobe. A file counts as right when all of them say so."""
import json
import struct
import unittest

import facts
import tools

MODULES = tools.SOURCE / 'build' / 'judges'
SCRIPT = tools.SOURCE / 'tests' / 'judges' / 'mp4box.mjs'


def mp4box(path):
    """What mp4box.js reads, see the script."""
    node = tools.need('node', 'nodejs')
    if not (MODULES / 'node_modules' / 'mp4box').is_dir():
        raise unittest.SkipTest('mp4box is missing (npm; ./dev setup)')
    told = tools.run([node, SCRIPT, MODULES, path])
    if told.code != 0:
        raise AssertionError(f'mp4box cannot read {path}: {told.err}')
    return json.loads(told.out)


def mediainfo(path):
    """MediaInfo's view: a dictionary for each kind of track."""
    tools.need('mediainfo', 'mediainfo')
    told = tools.run(['mediainfo', '--Output=JSON', path])
    tracks = json.loads(told.out)['media']['track']
    return {track['@type']: track for track in tracks}


def samples(path, stream='v:0'):
    """The bytes of each sample in the file, in the order of decoding."""
    data = path.read_bytes()
    shown = facts.ffprobe(path, '-select_streams', stream, '-show_packets')
    return [data[int(packet['pos']):int(packet['pos']) + int(packet['size'])]
            for packet in shown['packets']]


def nal_types(sample, hevc):
    """The types of the NAL units of a sample with lengths of 4 bytes."""
    types = []
    while sample:
        size = struct.unpack('>I', sample[:4])[0]
        head = sample[4]
        types.append((head >> 1) & 63 if hevc else head & 31)
        sample = sample[4 + size:]
    return types
