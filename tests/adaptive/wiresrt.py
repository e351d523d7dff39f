# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same as wire.py over SRT, which pushes nothing back: what it counts must
be enough."""
import subprocess

from wire import AUDIO, NO_NETWORK, VIDEO, WireTestCase

import rtmpserver
import shaping
import tools
from livepipeline import LivePipeline
from livetransports import free_udp_port

BITRATE = 2500
RATES = (20, 1, 20)     # Mbit/s
TIMES = (6, 10, 9)      # s
REACTS = 1.5            # s until the path's rate is asked for at most
SETTLED = 3             # s after a step, in which anything may happen
# What is sent after that, on average, as parts of what the path carries.
MOST, LEAST = 1.2, 0.6
ARRIVES = 0.6           # of what the path carries, at the receiver
BACK = 0.9              # of the first bitrate, at the end


class Srt(WireTestCase):
    """A path that gets worse, and better again."""

    def receive(self, port, path):
        process = subprocess.Popen(
            ['gst-launch-1.0', '-q', 'srtsrc',
             f'uri=srt://127.0.0.1:{port}?mode=listener', '!', 'filesink',
             'buffer-mode=unbuffered', f'location={path}'],
            env=tools.gst_env(), start_new_session=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        # It listens before the pipeline, which tries again, has a stream.
        rtmpserver.wait_until(path.exists, 10, 'srtsrc starts')

    def mean_bitrate(self, pipeline, begin, end):
        """Of what was asked for, over time."""
        changes = [(m.at, int(m.fields['bitrate']))
                   for m in pipeline.bitrates if begin < m.at < end]
        times = [begin] + [at for at, _ in changes] + [end]
        rates = [self.bitrate_at(pipeline, begin, BITRATE)]
        rates += [rate for _, rate in changes]
        return sum(rate * (to - at) for rate, at, to
                   in zip(rates, times, times[1:])) / (end - begin)

    def test_bitrate_falls_to_what_the_path_carries(self):
        tools.need_element('srtsink', 'gstreamer1.0-plugins-bad')
        port, path = free_udp_port(), self.folder / 'received.ts'
        self.network.limit(port, RATES[0])
        self.receive(port, path)
        pipeline = self.enter(LivePipeline(
            self.folder, [f'b=srt://127.0.0.1:{port}'], sum(TIMES),
            bitrate=BITRATE, video=VIDEO, audio=AUDIO))
        pipeline.wait_for_state('b', 'publishing', 5)
        pipeline.wait_seconds_of_stream(TIMES[0])
        self.network.limit(port, RATES[1])
        pipeline.wait_seconds_of_stream(TIMES[0] + SETTLED)
        before = path.stat().st_size
        pipeline.wait_seconds_of_stream(sum(TIMES[:2]))
        received = path.stat().st_size - before
        self.network.limit(port, RATES[2])
        self.finish(pipeline)

        story = self.story(pipeline, 'b')
        down, up = (pipeline.began + TIMES[0],
                    pipeline.began + sum(TIMES[:2]))
        self.assertEqual({m.fields['measured-by']
                          for m in pipeline.stats_of('b')
                          if 'measured-by' in m.fields}, {'srt'}, story)
        self.assertEqual(self.bitrate_at(pipeline, down, BITRATE), BITRATE,
                         story)
        first = [int(m.fields['bitrate'])
                 for m in self.between(pipeline.bitrates, down, down + REACTS)]
        self.assertLessEqual(min(first, default=BITRATE), RATES[1] * 1000,
                             story)
        mean = self.mean_bitrate(pipeline, down + SETTLED, up) / 1000
        self.assertLessEqual(mean, RATES[1] * MOST, story)
        self.assertGreaterEqual(mean, RATES[1] * LEAST, story)
        arrived = received * 8e-6 / (TIMES[1] - SETTLED)
        self.assertGreaterEqual(arrived, RATES[1] * ARRIVES, story)
        self.assertGreaterEqual(
            self.bitrate_at(pipeline, pipeline.ended, BITRATE),
            BACK * BITRATE, story)
        self.check_file(pipeline)
        print(f'SRT {RATES}: {mean:.2f} Mbit/s asked for, {arrived:.2f} '
              f'arrived{story}', flush=True)


if __name__ == '__main__':
    shaping.main(NO_NETWORK)
