# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sound that is missing, and tracks that change while they are sent."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import facts  # noqa: E402
import flv  # noqa: E402
from livecase import LiveTestCase  # noqa: E402
import livepipeline  # noqa: E402
import tools  # noqa: E402


class Tracks(LiveTestCase):
    """Sound that is not there, and tracks that change."""

    SILENT = -80  # dB

    def stream(self, audio, seconds=6, **options):
        good = self.server('good')
        pipeline = self.run_pipeline(
            [f'good={good.address("app", "k")}'], seconds, audio=audio,
            **options)
        began = pipeline.wait_for_state('good', 'publishing', 10)
        self.assertLess(began.at - pipeline.began, 2)
        self.check_end(pipeline)
        return pipeline, good.recordings('app')[0]

    def check_silence(self, pipeline, path):
        self.check_clean_start(path)
        self.assertEqual(len(facts.packets(path)), pipeline.frames)
        self.assertEqual(facts.probe(path)['audio'][0]['codec_name'], 'aac')
        self.assertGreater(facts.end_of(path, 'a:0'),
                           facts.end_of(path) - 0.1)

    def test_silence_when_there_is_no_sound_pad(self):
        pipeline, path = self.stream('')
        self.check_silence(pipeline, path)
        self.assertLess(facts.mean_volume(path), self.SILENT)

    def test_silence_when_sound_never_comes(self):
        pipeline, path = self.stream(
            ' appsrc is-live=true format=time'
            ' caps="audio/mpeg,mpegversion=4,stream-format=raw" ! live.audio')
        self.check_silence(pipeline, path)
        self.assertLess(facts.mean_volume(path), self.SILENT)

    def test_silence_when_sound_ends_first(self):
        pipeline, path = self.stream(livepipeline.AUDIO.replace(
            'num-buffers={blocks}', 'num-buffers=100'))
        self.check_silence(pipeline, path)
        self.assertGreater(facts.mean_volume(path), self.SILENT)

    def test_new_size_comes_with_a_new_header(self):
        """Half of the stream in one size, half in another."""
        good = self.server('good')
        sources = ''.join(f"""
            videotestsrc num-buffers={{frames}} pattern=ball
              ! video/x-raw,width={width},height={height},framerate={{fps}}/1
              ! all. """ for width, height in ((640, 360), (320, 240)))
        pipeline = self.run_pipeline(
            [f'good={good.address("app", "k")}'], 3, audio='',
            video=sources + """
              concat name=all ! identity sync=true
              ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=500
              ! h264parse ! live.video
              echoellivesink name=live destinations="{destinations}" """)
        self.check_end(pipeline)
        tags = flv.read(good.recordings('app')[0])
        video = [tag for tag in tags if tag.video]
        headers = [n for n, tag in enumerate(video) if tag.header]
        self.assertEqual(len(headers), 2)
        self.assertEqual(headers[0], 0)
        self.assertEqual(headers[1], 1 + pipeline.frames)
        self.assertNotEqual(video[0].body, video[headers[1]].body)
        self.assertTrue(video[headers[1] + 1].key)
        self.assertEqual(len(video), 2 + 2 * pipeline.frames)


if __name__ == '__main__':
    tools.main()
