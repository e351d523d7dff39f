# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a media file is, as ffprobe and the file's own bytes tell it."""
import collections
import json
import re
import struct
import subprocess

import tools

IDR_SLICE = 5
SLICES = (1, 2, 3, 4, IDR_SLICE)
ACCESS_UNIT_DELIMITER = 9
# ffmpeg tells of damage in a slice only as information.
COMPLAINT = re.compile(
    r'^.*(?:\[(?:warning|error|fatal|panic)\]|concealing).*$', re.M)
START_CODE = b'\0\0\1'

Nal = collections.namedtuple('Nal', 'type size')
Packet = collections.namedtuple('Packet', 'pts dts duration size key')


def ffprobe(path, *args):
    result = tools.run(['ffprobe', '-v', 'error', '-of', 'json', *args, path])
    if result.code != 0:
        raise AssertionError(f'ffprobe cannot read {path}: {result.err}')
    return json.loads(result.out)


def probe(path):
    """ffprobe's view: the file's format with its streams by type."""
    facts = ffprobe(path, '-show_streams', '-show_format')
    facts['video'] = [s for s in facts['streams'] if s['codec_type'] == 'video']
    facts['audio'] = [s for s in facts['streams'] if s['codec_type'] == 'audio']
    return facts


def playable(path):
    """Whether ffprobe would take the file for a whole one with video."""
    if not path.exists():
        return False
    shown = tools.run(['ffprobe', '-v', 'error', '-select_streams', 'v',
                       '-show_entries', 'stream=codec_name', path])
    return shown.code == 0 and 'codec_name' in shown.out


def decode_complaints(path):
    """What ffmpeg says while it decodes every stream; '' for a sound file.
    Pictures keep the file's own time base: in one of 1/30 s, which ffmpeg
    would choose, two of FLV's milliseconds may well be one time."""
    said = tools.run(['ffmpeg', '-nostdin', '-v', 'level+info', '-nostats',
                      '-i', path, '-map', '0', '-enc_time_base:v', '-1',
                      '-f', 'null', '-'], 300)
    return '\n'.join(COMPLAINT.findall(said.err))


def packets(path, stream='v:0'):
    """The packets of a stream in the order of decoding, times in seconds."""
    shown = ffprobe(path, '-select_streams', stream, '-show_packets')
    return [Packet(float(p['pts_time']), float(p.get('dts_time', 'nan')),
                   float(p.get('duration_time', 0)), int(p['size']),
                   'K' in p['flags'])
            for p in shown['packets']]


def end_of(path, stream='v:0'):
    """When the last packet of a stream has been shown, in seconds."""
    return max(p.pts + p.duration for p in packets(path, stream))


def bitrate(path):
    """Average of the video packets over the time they are shown, kbit/s."""
    video = packets(path)
    length = (max(p.pts + p.duration for p in video)
              - min(p.pts for p in video))
    return sum(p.size for p in video) * 8 / length / 1000


def key_times(path):
    return [p.pts for p in packets(path) if p.key]


def key_gaps(path):
    """The times between key frames, and from the last one to the end."""
    times = key_times(path) + [end_of(path)]
    return [after - before for before, after in zip(times, times[1:])]


def is_constant_rate(path, fps):
    """Whether the shown frames stand exactly 1/fps apart, to a millisecond."""
    times = sorted(p.pts for p in packets(path))
    return all(abs(after - before - 1 / fps) < 0.001
               for before, after in zip(times, times[1:]))


def picture_types(path):
    shown = ffprobe(path, '-select_streams', 'v:0', '-show_entries',
                    'frame=pict_type')
    return [frame['pict_type'] for frame in shown['frames']]


def access_units(path):
    """The NAL units of each H.264 frame, in the order of decoding. Newer
    ffmpegs insert a delimiter where there is one already."""
    stream = subprocess.run(
        ['ffmpeg', '-nostdin', '-v', 'error', '-i', str(path), '-map', '0:v:0',
         '-c', 'copy', '-bsf:v', 'h264_mp4toannexb,h264_metadata=aud=remove,'
         'h264_metadata=aud=insert', '-f', 'h264', '-'], stdin=subprocess.DEVNULL, capture_output=True,
        check=True).stdout
    units = []
    for nal in stream.split(START_CODE)[1:]:
        nal = nal.rstrip(b'\0')
        kind = nal[0] & 31
        if kind == ACCESS_UNIT_DELIMITER:
            units.append([])
        else:
            units[-1].append(Nal(kind, len(nal)))
    return units


def slices(unit):
    return [nal for nal in unit if nal.type in SLICES]


def open_gops(path):
    """Says, one line a fault, where a GOP needs anything before its key
    frame; [] when every GOP is closed."""
    video, units = packets(path), access_units(path)
    if len(video) != len(units):
        return [f'{len(video)} packets but {len(units)} access units']
    faults, key = [], None
    for packet, unit in zip(video, units):
        idr = {nal.type == IDR_SLICE for nal in slices(unit)}
        if idr != {packet.key}:
            faults.append(f'frame at {packet.pts}: key frame {packet.key},'
                          f' IDR slices {idr}')
        if packet.key:
            key = packet.pts
        elif key is None or packet.pts < key:
            faults.append(f'frame at {packet.pts} follows the key frame at'
                          f' {key} in the file')
    return faults


def boxes(path):
    """The names of an MP4 file's top-level boxes, in order."""
    names = []
    with open(path, 'rb') as file:
        while len(head := file.read(8)) == 8:
            size, name = struct.unpack('>I4s', head)
            used = 8
            if size == 1:
                size, used = struct.unpack('>Q', file.read(8))[0], 16
            names.append(name.decode('latin-1'))
            if size == 0:
                break
            file.seek(size - used, 1)
    return names


def is_fast_start(path):
    names = boxes(path)
    return names.index('moov') < names.index('mdat')


def mean_volume(path):
    """Mean level of the first audio stream in stereo, dB of full scale."""
    told = tools.ffmpeg('-i', path, '-map', '0:a:0', '-af',
                        'aformat=channel_layouts=stereo,volumedetect',
                        '-f', 'null', '-').err
    return float(re.search(r'mean_volume: (\S+) dB', told)[1])
