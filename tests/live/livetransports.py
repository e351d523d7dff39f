# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ways to send other than RTMP."""
import pathlib
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import facts  # noqa: E402
from livecase import LiveTestCase  # noqa: E402
from livepipeline import FPS  # noqa: E402
import tools  # noqa: E402


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Transports(LiveTestCase):
    """Ways to send other than RTMP, beside a healthy RTMP destination."""

    def receive_srt(self, port, path):
        """A receiver that waits for a caller; its process."""
        process = subprocess.Popen(
            ['gst-launch-1.0', '-q', 'srtsrc',
             f'uri=srt://127.0.0.1:{port}?mode=listener', '!', 'filesink',
             f'location={path}'], env=tools.gst_env(), start_new_session=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def check_ts(self, path, least):
        self.assertEqual(facts.decode_complaints(path), '')
        video = facts.packets(path)
        self.assertTrue(video[0].key)
        self.assertGreaterEqual(len(video), least)
        self.assertGreater(len(facts.packets(path, 'a:0')), least)
        return video

    def test_srt_and_hls_beside_rtmp(self):
        """The SRT receiver is killed on the way and comes back; libsrt takes
        5 s to see that a peer is gone."""
        tools.need_element('srtsink', 'gstreamer1.0-plugins-bad')
        tools.need_element('hlssink2', 'gstreamer1.0-plugins-bad')
        good, port = self.server('good'), free_udp_port()
        folder = self.folder / 'hls%20%s%n%05d'
        first, second = self.folder / 'first.ts', self.folder / 'second.ts'
        receiver = self.receive_srt(port, first)
        pipeline = self.run_pipeline(
            [f'good={good.address("app", "k")}', f'hls=hls:{folder}',
             f'srt=srt://127.0.0.1:{port}?streamid=SECRET-id'], 14)
        for name in ('good', 'hls', 'srt'):
            pipeline.wait_for_state(name, 'publishing', 10)
        pipeline.wait_seconds_of_stream(4)
        killed = time.monotonic()
        receiver.kill()
        receiver.wait()
        self.receive_srt(port, second)
        failed = pipeline.wait_for_state('srt', 'backoff', 7, since=killed)
        self.assertEqual(failed.fields['reason'], 'closed')
        pipeline.wait_for_state('srt', 'publishing', 5, since=killed)
        self.check_end(pipeline)
        local = self.check_file(pipeline)
        self.check_untouched(pipeline, good.recordings('app')[0])
        # What was killed ends in the middle of a frame.
        self.assertTrue(facts.packets(first)[0].key)
        self.check_ts(second, FPS // 2)
        whole = self.check_ts(folder / 'playlist.m3u8', pipeline.frames)
        self.assertEqual(len(whole), len(local))
        self.assertNotIn('SECRET-id', pipeline.output())
        for name, source in ('good', 'socket'), ('srt', 'srt'):
            self.assertEqual(pipeline.stats_of(name)[2].fields['measured-by'],
                             source)


if __name__ == '__main__':
    tools.main()
