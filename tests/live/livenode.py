# SPDX-License-Identifier: LGPL-2.1-or-later
"""RTMPS and Enhanced RTMP, on a server that knows both."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import facts    # noqa: E402
import flv  # noqa: E402
from livecase import LiveTestCase   # noqa: E402
import nodemediaserver  # noqa: E402
import tools    # noqa: E402

HEVC = """
videotestsrc is-live=true pattern=ball num-buffers={frames}
  ! video/x-raw,width=320,height=180,framerate={fps}/1 ! queue
  ! x265enc tune=zerolatency speed-preset=ultrafast bitrate=500
      key-int-max={gop}
  ! h265parse ! live.video
echoellivesink name=live destinations="{destinations}" {options}
"""


class NodeMediaServer(LiveTestCase):
    def start_server(self):
        return self.enter(nodemediaserver.NodeMediaServer(
            self.folder / 'node'))

    def test_rtmps_trusts_who_it_is_told_to(self):
        """A self-signed certificate is refused, unless the user says so."""
        server = self.start_server()
        pipeline = self.run_pipeline(
            ['strict=' + server.address('rtmps', 'strict'),
             'lax=' + server.address('rtmps', 'lax')], 5,
            options='lax::tls-validation-flags=0')
        self.assertEqual(
            pipeline.wait_for_failure('strict', 8).fields['reason'], 'tls')
        pipeline.wait_for_state('lax', 'publishing', 8)
        self.check_end(pipeline)
        local = self.check_file(pipeline)
        there = server.recording('lax')
        self.check_same(facts.packets(there), local)
        self.check_clean_start(there)

    def test_hevc_by_enhanced_rtmp(self):
        """What was recorded is decoded frame by frame from its own bytes:
        FFmpeg before 6.1 does not know this kind of FLV."""
        tools.need_element('x265enc', 'gstreamer1.0-plugins-bad')
        server = self.start_server()
        pipeline = self.run_pipeline([server.address('rtmp', 'hevc')], 4,
                                     audio='', video=HEVC)
        self.check_end(pipeline)
        tags = [tag for tag in flv.read(server.recording('hevc'))
                if tag.video]
        self.assertTrue(all(tag.body[1:5] == b'hvc1' for tag in tags))
        frames = [tag for tag in tags if not tag.header]
        self.assertTrue(tags[0].header)
        self.assertTrue(frames[0].key)
        self.assertEqual(len(frames), pipeline.frames)
        raw = self.folder / 'stream.hevc'
        raw.write_bytes(flv.hevc_bytes(tags))
        self.assertEqual(facts.decode_complaints(raw), '')
        shown = facts.picture_types(raw)
        self.assertEqual(len(shown), pipeline.frames)
        self.assertEqual(shown[0], 'I')


if __name__ == '__main__':
    tools.main()
