# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who hears a request for a lower bitrate, and what the user hears when nobody
does."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

from livecase import LiveTestCase  # noqa: E402
from livepipeline import VIDEO  # noqa: E402
import tools  # noqa: E402

SECONDS = 8
UPLINK = 1500       # kbit/s, less than the 2500 of the encoder
PRESET = VIDEO.replace(
    'x264enc tune=zerolatency speed-preset=ultrafast bitrate={bitrate}\n'
    '      key-int-max={gop} bframes=0\n  ! h264parse',
    'echoelpreset platform=custom-live encoder=x264enc resolution=640x360\n'
    '      bitrate={bitrate}')
ADVICE = 'no encoder follows the request'


class Requests(LiveTestCase):
    """The uplink is known to be too slow: that needs no slow network."""

    def stream(self, video):
        server = self.server('a')
        pipeline = self.run_pipeline(
            [f'a={server.address("app", "k")}'], SECONDS, video=video,
            options=f'uplink-bitrate={UPLINK}')
        self.check_end(pipeline)
        self.check_file(pipeline)
        self.assertNotEqual(pipeline.bitrates, [])
        return pipeline, [m.fields['request'] for m in pipeline.stats_of('a')
                          if m.fields['state'] == 'publishing']

    def test_request_that_is_followed(self):
        self.assertNotEqual(PRESET, VIDEO)
        pipeline, requests = self.stream(PRESET)
        self.assertNotIn(ADVICE, pipeline.output())
        self.assertEqual(requests[-1], 'followed')
        self.assertNotIn('ignored', requests)
        self.assertEqual({m.fields['request'] for m in pipeline.bitrates},
                         {'followed'})

    def test_request_that_nobody_follows_is_told_once(self):
        pipeline, requests = self.stream(VIDEO)
        self.assertEqual(pipeline.output().count(ADVICE), 1)
        self.assertEqual(requests[0], 'none')
        self.assertEqual(requests[-1], 'ignored')


if __name__ == '__main__':
    tools.main()
