# SPDX-License-Identifier: LGPL-2.1-or-later
"""From textures to files and servers: the example compositor, and the shape
the product is made for in one gst-launch-1.0 line."""
import os
import pathlib
import re
import subprocess
import sys
import unittest

TESTS = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / 'pipelines'), str(TESTS / 'live')]

import facts    # noqa: E402
import rtmpserver   # noqa: E402
import tools    # noqa: E402

COMPOSITOR = os.environ.get('ECHOEL_COMPOSITOR', '')
SECONDS = 5
RATE = 60
CELLS = 18          # of the counter, white and black in front
BITS = 16

# Two encodes of one source: wide for a file and two servers, tall for a third.
SHAPE = """
echoelmetalsrc backend=pattern num-buffers={frames}
  ! video/x-raw,width=1280,height=720,framerate=30/1 ! tee name=t
audiotestsrc is-live=true wave=ticks samplesperbuffer=1600
  num-buffers={frames} ! audio/x-raw,format=S16LE,rate=48000,channels=2
  ! tee name=s
t. ! queue ! echoelpreset name=wide platform=custom-live usage=live
  resolution=640x360 bitrate=1500 ! tee name=w
s. ! queue ! wide.audio_sink  wide.audio_src ! tee name=wa
t. ! queue ! echoelpreset name=tall platform=custom-live usage=live
  resolution=360x640 bitrate=1500 ! queue ! second.video
s. ! queue ! tall.audio_sink  tall.audio_src ! queue ! second.audio
w. ! queue ! file.  wa. ! queue ! file.
w. ! queue ! first.video  wa. ! queue ! first.audio
echoelmp4mux name=file ! filesink location={file}
echoellivesink name=first destinations="{one} {two}"
echoellivesink name=second destinations="{three}"
"""


def counters(path, width, height):
    """The frame numbers that a recording shows, in order."""
    pixels = subprocess.run(
        ['ffmpeg', '-nostdin', '-v', 'error', '-i', str(path), '-map', '0:v:0',
         '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray',
         '-'], stdin=subprocess.DEVNULL, capture_output=True,
        check=True).stdout
    row = (height - width // CELLS // 2 - 1) * width
    columns = [width * (2 * i + 1) // (2 * CELLS) for i in range(CELLS)]
    numbers = []
    for start in range(0, len(pixels), width * height):
        cells = [pixels[start + row + x] > 127 for x in columns]
        if cells[:2] != [True, False]:
            raise AssertionError(f'frame {len(numbers)} has no counter')
        numbers.append(int(''.join('01'[cell] for cell in cells[2:]), 2))
    return numbers


class Streams(tools.TestCase):
    def check_counter(self, path, width, height, frames):
        self.assertEqual(counters(path, width, height), list(range(frames)))

    def check_stream(self, path, width, height):
        """What a server has: the picture's shape, sound, and no damage."""
        streams = facts.probe(path)
        self.assertEqual((streams['video'][0]['width'],
                          streams['video'][0]['height']), (width, height))
        self.assertEqual(streams['audio'][0]['codec_name'], 'aac')
        self.assertEqual(facts.decode_complaints(path), '')

    def test_compositor_streams_and_records_every_frame(self):
        if not COMPOSITOR:
            raise unittest.SkipTest('the compositor was not built '
                                    '(no OpenGL with EGL)')
        file = self.folder / 'take.mp4'
        with rtmpserver.RtmpServer(self.folder / 'server',
                                   ('live',)) as server:
            result = tools.run(
                [COMPOSITOR, f'--record={file}', f'--seconds={SECONDS}',
                 f'--send=rtmp://127.0.0.1:{server.port}/live/key'],
                timeout=90, env=tools.gst_env())
            if result.code == tools.SKIPPED:
                raise unittest.SkipTest(result.out.strip())
            self.assertEqual(result.code, 0, result.err)
            server.wait_for_ends(1)
            sent = server.recording('live', 'key')
        frames = SECONDS * RATE
        stats = {name: int(value) for name, value in
                 re.findall(r'([\w-]+)=\(\w+\)(\d+)', result.out)}
        self.assertEqual((stats['pushed'], stats['shown'], stats['dropped'],
                          stats['copied-bytes']), (frames, frames, 0, 0))
        self.assertEqual(stats['in-flight'], 0)
        self.check_counter(file, 640, 360, frames)
        self.assertTrue(facts.is_constant_rate(file, RATE))
        self.assertEqual(facts.decode_complaints(file), '')
        # A server joins late, and from there it has everything.
        numbers = counters(sent, 640, 360)
        self.assertGreater(len(numbers), frames // 2)
        self.assertEqual(numbers, list(range(numbers[0], frames)))

    def test_one_line_has_two_encodes_a_file_and_three_servers(self):
        file = self.folder / 'take.mp4'
        frames = SECONDS * 30
        names = ('one', 'two', 'three')
        with rtmpserver.RtmpServer(self.folder / 'server', names) as server:
            self.launch_ok(SHAPE.format(
                frames=frames, file=file,
                **{name: f'rtmp://127.0.0.1:{server.port}/{name}/key'
                   for name in names}), timeout=90)
            server.wait_for_ends(3)
            sent = {name: server.recording(name, 'key') for name in names}
        self.check_counter(file, 640, 360, frames)
        self.check_stream(file, 640, 360)
        for name, (width, height) in zip(names, ((640, 360), (640, 360),
                                                 (360, 640))):
            self.check_stream(sent[name], width, height)
            self.assertGreater(len(facts.packets(sent[name])), frames // 2)
        numbers = counters(sent['one'], 640, 360)
        self.assertEqual(numbers, list(range(numbers[0], frames)))


if __name__ == '__main__':
    tools.main()
