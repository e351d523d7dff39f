# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tags of an FLV file, as an RTMP server wrote them."""
import collections
import struct

AUDIO, VIDEO = 8, 9
EXTENDED = 0x80

Tag = collections.namedtuple('Tag', 'type time video key header body')


def _tag(kind, time, body):
    video = kind == VIDEO
    first = body[0] if body else 0
    extended = video and first & EXTENDED
    packet = first & 15 if extended else body[1] if len(body) > 1 else -1
    return Tag(kind, time, video, video and first >> 4 & 7 == 1,
               kind in (AUDIO, VIDEO) and packet == 0, body)


def read(path):
    data = path.read_bytes()
    at, tags = 13, []
    while at + 11 <= len(data):
        kind, size, low, high = struct.unpack('>B3s3sB', data[at:at + 8])
        size = int.from_bytes(size, 'big')
        time = high << 24 | int.from_bytes(low, 'big')
        tags.append(_tag(kind, time, data[at + 11:at + 11 + size]))
        at += 11 + size + 4
    return tags


def _nals(data, at, size):
    while at + size <= len(data):
        length = int.from_bytes(data[at:at + size], 'big')
        yield data[at + size:at + size + length]
        at += size + length


def _hevc_sets(config):
    """The parameter sets of an hvcC box's body."""
    at = 23
    for _ in range(config[22]):
        count = int.from_bytes(config[at + 1:at + 3], 'big')
        at += 3
        for _ in range(count):
            length = int.from_bytes(config[at:at + 2], 'big')
            yield config[at + 2:at + 2 + length]
            at += 2 + length


def hevc_bytes(tags):
    """An H.265 byte stream of the tags of Enhanced RTMP."""
    out = []
    for tag in tags:
        if tag.header:
            units = _hevc_sets(tag.body[5:])
        else:
            # Coded frames bring a composition time, "X" ones do not.
            units = _nals(tag.body, 8 if tag.body[0] & 15 == 1 else 5, 4)
        out += [b'\0\0\0\1' + unit for unit in units]
    return b''.join(out)
