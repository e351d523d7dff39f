# SPDX-License-Identifier: LGPL-2.1-or-later
"""A bitrate that changes in the middle of a stream, as servers see it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import flv  # noqa: E402
from livecase import LiveTestCase   # noqa: E402
from livepipeline import SteeredPipeline    # noqa: E402
import rtmpserver   # noqa: E402
import tools    # noqa: E402

BEGIN, LOW = 2000, 600      # kbit/s
FOLLOWED = 2    # s of the stream from a change on
LOOKS = 2       # s behind that in which the rate is measured
STEADY = 3      # s before a change in which the rate settles
SECONDS = 60    # at most: the test ends it
NEAR = 0.25     # of the rate

# Noise takes what it gets. The element that is steered is called live.
VIDEO = """
videotestsrc is-live=true pattern=snow num-buffers={frames}
  ! video/x-raw,width=320,height=180,framerate={fps}/1 ! queue
  ! echoelpreset name=live platform=custom-live usage=live
      resolution=320x180 framerate={fps}/1 encoder=x264enc bitrate={bitrate}
  ! tee name=v
v. ! queue ! flvmux streamable=true ! rtmp2sink location={options}
v. ! queue ! out.video
echoellivesink name=out destinations="{destinations}"
"""


class Received:
    """What a server has got so far of one stream, by the stream's own time:
    what waits anywhere on its way has not been got."""

    def __init__(self, path):
        self.path = path

    def tags(self):
        if not self.path.exists():
            return []
        return [tag for tag in flv.read(self.path) if tag.video]

    def end(self):
        """Seconds of the stream that are there."""
        tags = self.tags()
        return tags[-1].time / 1000 if tags else 0

    def wait(self, seconds):
        rtmpserver.wait_until(lambda: self.end() >= seconds, 30,
                              f'{seconds:.1f} s of {self.path.name}')

    def kbps(self, begin, end):
        size = sum(len(tag.body) for tag in self.tags()
                   if begin <= tag.time / 1000 < end)
        return size * 8 / 1000 / (end - begin)


class Bitrate(LiveTestCase):
    def check_rate(self, stream, begin, kbps):
        """One second of the stream."""
        stream.wait(begin + 1.1)
        self.assertAlmostEqual(stream.kbps(begin, begin + 1), kbps,
                               delta=kbps * NEAR,
                               msg=f'{stream.path.name} at {begin:.2f} s')

    def change(self, pipeline, streams, before, after):
        for stream in streams:
            stream.wait(stream.end() + STEADY)
        self.assertEqual(pipeline.command(f'set bitrate {after}'), 'set')
        there = [stream.end() for stream in streams]
        for stream, end in zip(streams, there):
            self.check_rate(stream, end - 1.2, before)
            for second in range(LOOKS):
                self.check_rate(stream, end + FOLLOWED + second, after)

    def test_a_change_is_followed_on_the_wire_within_two_seconds(self):
        """Of rtmp2sink alone, and of a destination of echoellivesink."""
        with rtmpserver.RtmpServer(self.folder / 'server',
                                   ('a', 'b')) as server:
            pipeline = self.enter(SteeredPipeline(
                self.folder, [f'own={server.address("b", "own")}'], SECONDS,
                audio='', video=VIDEO, bitrate=BEGIN,
                options=server.url('a', 'bare')))
            streams = [Received(server.recording('a', 'bare')),
                       Received(server.recording('b', 'own'))]
            self.change(pipeline, streams, BEGIN, LOW)
            self.change(pipeline, streams, LOW, BEGIN)
            pipeline.command('eos')
            self.check_end(pipeline)
        self.assertNotIn('WARNING', pipeline.output())


if __name__ == '__main__':
    tools.main()
