# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sound that is missing, and tracks that change while they are sent."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import facts  # noqa: E402
import flv  # noqa: E402
from livecase import LONG, LiveTestCase  # noqa: E402
import livepipeline  # noqa: E402
import tools  # noqa: E402

SECONDS, DIES_AT, BACK_AT = (60, 20, 40) if LONG else (9, 3, 6)
HALF = 20 if LONG else 3    # s of each size
PAUSE = 0.1         # s of no sound at all that is allowed at a change of hands
# Sound that can be switched off at the sink's pad, where nobody says so: the
# recording goes on with it.
MUTE = livepipeline.AUDIO.replace(
    'a. ! queue ! live.audio',
    'a. ! queue ! valve name=mute ! live.audio')


# Encoders that look ahead are late, and so is what comes from afar.
LATE = 1.5          # s
LATE_TRACK = (f'queue min-threshold-time={int(LATE * 1e9)} max-size-time=0'
              ' max-size-buffers=0 max-size-bytes=0 ! tee name=')


class Tracks(LiveTestCase):
    """Sound that is not there, and tracks that change."""

    SILENT = -80  # dB

    def stream(self, audio, seconds=SECONDS if LONG else 6, **options):
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
            'num-buffers={blocks}',
            f'num-buffers={DIES_AT * livepipeline.AUDIO_RATE // 1024}'))
        self.check_silence(pipeline, path)
        self.assertGreater(facts.mean_volume(path), self.SILENT)

    def check_both_are_in_time(self, **tracks):
        """Times stay as they are, and so do both tracks beside each other.
        What the late one holds back comes at once in the end, and may be too
        much for a destination."""
        pipeline, path = self.stream(seconds=6, **tracks)
        packets = facts.packets(path)
        held_back = LATE * livepipeline.FPS + 1
        self.assertGreaterEqual(len(packets), pipeline.frames - held_back)
        for before, after in zip(packets, packets[1:]):
            self.assertLess(after.dts - before.dts, 1.5 / livepipeline.FPS)
        for stream in ('v:0', 'a:0'):
            self.assertLess(facts.end_of(path, stream), 6.2)
            self.assertGreater(facts.end_of(path, stream), 6 - LATE - 0.2)
        self.assertGreater(facts.mean_volume(path), self.SILENT)

    def test_pictures_may_be_late(self):
        self.check_both_are_in_time(
            audio=livepipeline.AUDIO,
            video=livepipeline.VIDEO.replace('tee name=', LATE_TRACK))

    def test_sound_may_be_late(self):
        self.check_both_are_in_time(
            audio=livepipeline.AUDIO.replace('tee name=', LATE_TRACK))

    def quiet_spans(self, path):
        """When a stream's sound is silent, in seconds: pairs."""
        told = tools.ffmpeg('-i', path, '-map', '0:a:0', '-af',
                            'silencedetect=noise=-60dB:d=0.5', '-f', 'null',
                            '-').err
        times = [float(text) for text in
                 re.findall(r'silence_(?:start|end): ([-\d.]+)', told)]
        return list(zip(times[::2], times[1::2]))

    def test_silence_bridges_sound_that_dies_without_a_word(self):
        """Two destinations and the recording flow on; the sound comes back,
        and its format was told once: silence has the real one's."""
        servers = [self.server('good'), self.server('other')]
        pipeline = self.enter(livepipeline.SteeredPipeline(
            self.folder, [server.address('app', 'k') for server in servers],
            SECONDS, audio=MUTE))
        for name in ('destination0', 'destination1'):
            began = pipeline.wait_for_state(name, 'publishing', 10)
            self.assertLess(began.at - pipeline.began, 2)
        pipeline.wait_seconds_of_stream(DIES_AT)
        pipeline.command('switch mute drop true')
        pipeline.wait_seconds_of_stream(BACK_AT)
        pipeline.command('switch mute drop false')
        self.check_end(pipeline)
        local = self.check_file(pipeline)
        self.assertEqual(self.quiet_spans(pipeline.file), [])
        for server in servers:
            path = server.recordings('app')[0]
            self.check_same(facts.packets(path), local)
            self.check_silence(pipeline, path)
            (began, ended), = self.quiet_spans(path)
            self.assertAlmostEqual(began, DIES_AT, delta=PAUSE + 1)
            self.assertAlmostEqual(ended, BACK_AT, delta=PAUSE + 1)
            heard = [p.pts for p in facts.packets(path, 'a:0')]
            self.assertLess(max(b - a for a, b in zip(heard, heard[1:])),
                            PAUSE)
            configs = {tag.body for tag in flv.read(path)
                       if tag.type == flv.AUDIO and tag.header}
            self.assertEqual(len(configs), 1)

    def test_new_size_comes_with_a_new_header(self):
        """Half of the stream in one size, half in another."""
        servers = [self.server('good'), self.server('other')]
        sources = ''.join(f"""
            videotestsrc num-buffers={{frames}} pattern=ball
              ! video/x-raw,width={width},height={height},framerate={{fps}}/1
              ! all. """ for width, height in ((640, 360), (320, 240)))
        pipeline = self.run_pipeline(
            [server.address('app', 'k') for server in servers], HALF,
            audio='', video=sources + """
              concat name=all ! identity sync=true
              ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=500
              ! h264parse ! live.video
              echoellivesink name=live destinations="{destinations}" """)
        self.check_end(pipeline)
        for server in servers:
            self.check_two_headers(server.recordings('app')[0],
                                   pipeline.frames)

    def check_two_headers(self, path, frames):
        video = [tag for tag in flv.read(path) if tag.video]
        headers = [n for n, tag in enumerate(video) if tag.header]
        self.assertEqual(len(headers), 2)
        self.assertEqual(headers[0], 0)
        self.assertEqual(headers[1], 1 + frames)
        self.assertNotEqual(video[0].body, video[headers[1]].body)
        self.assertTrue(video[headers[1] + 1].key)
        self.assertEqual(len(video), 2 + 2 * frames)


if __name__ == '__main__':
    tools.main()
