# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many destinations from one encode: whatever one of them does, the others
and the recording lose nothing."""
import contextlib
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import badservers   # noqa: E402
import facts    # noqa: E402
from livepipeline import FPS, KEY_INTERVAL, LivePipeline    # noqa: E402
import rtmpserver   # noqa: E402
import tools    # noqa: E402

LONG = os.environ.get('ECHOEL_LONG') == '1'
UNIQUE = 'record_unique on;'
FLV_TICK = 0.001
GAP = 0.1           # s between frames that viewers may see
ENDS_WITHIN = 3.5   # s from the end of the stream to that of the pipeline
ALIGNED = 0.05      # s between the first picture and the first sound


class LiveTestCase(tools.TestCase):
    """Servers and a pipeline that are gone afterwards."""

    def setUp(self):
        super().setUp()
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.enter = stack.enter_context

    def server(self, name, start=True):
        return self.enter(rtmpserver.RtmpServer(
            self.folder / name, ['app'], UNIQUE, start))

    def run_pipeline(self, destinations, seconds, **options):
        return self.enter(LivePipeline(self.folder, destinations, seconds,
                                       **options))

    def check_end(self, pipeline):
        """It ended by itself, in time, and without an error of its own."""
        self.assertEqual(pipeline.wait(30), 0, pipeline.output()[-3000:])
        self.assertNotIn('ERROR', pipeline.output())

    def check_file(self, pipeline):
        """The recording has every frame."""
        packets = facts.packets(pipeline.file)
        self.assertEqual(len(packets), pipeline.frames)
        self.assertEqual(facts.decode_complaints(pipeline.file), '')
        return packets

    def check_untouched(self, pipeline, path):
        """What the healthy server has is what the file has, frame by frame,
        and no viewer saw a pause."""
        local = self.check_file(pipeline)
        there = facts.packets(path)
        self.assertEqual([p.size for p in there], [p.size for p in local])
        for before, after in zip(there, there[1:]):
            self.assertLessEqual(after.pts - before.pts, GAP)
        self.assertEqual(facts.decode_complaints(path), '')
        self.assertGreater(facts.end_of(path, 'a:0'),
                           facts.end_of(path) - 0.5)

    def check_clean_start(self, path):
        """It begins with a key frame and its sound, and every gap in it is
        followed by a key frame."""
        video, audio = facts.packets(path), facts.packets(path, 'a:0')
        self.assertTrue(video[0].key)
        self.assertLess(abs(video[0].pts - audio[0].pts), ALIGNED)
        self.assertLess(video[0].pts, ALIGNED)
        self.assertEqual(facts.decode_complaints(path), '')
        for before, after in zip(video, video[1:]):
            if after.dts - before.dts > 1.5 / FPS:
                self.assertTrue(after.key, f'{path}: goes on at {after.pts}')


class OneBadDestination(LiveTestCase):
    """The cases one by one; all destinations of a case share a pipeline."""

    def test_servers_that_refuse_die_and_hang(self):
        """One is not there at first, one is killed, one is stopped: they all
        come back by themselves and nobody else notices."""
        first, back = (10, 40) if LONG else (3, 11)
        seconds = 60 if LONG else 16
        good = self.server('good')
        late = self.server('late', start=False)
        killed, frozen = self.server('killed'), self.server('frozen')
        pipeline = self.run_pipeline(
            [f'{name}={server.address("app", name)}' for name, server in
             (('good', good), ('late', late), ('killed', killed),
              ('frozen', frozen))], seconds)
        for name in ('good', 'killed', 'frozen'):
            pipeline.wait_for_state(name, 'publishing', 5)
        self.assertEqual(
            pipeline.wait_for_state('late', 'backoff', 2).fields['reason'],
            'refused')

        pipeline.wait_seconds_of_stream(first)
        killed.kill()
        frozen.freeze()
        late.start()
        at = time.monotonic()
        step = 0.5 * 2 ** (len([m for m in pipeline.state_messages('late')
                                if m.fields['new'] == 'connecting']) - 1)
        pipeline.wait_for_state('late', 'publishing', 1.2 * min(step, 30) + 1)
        self.assertEqual(
            pipeline.wait_for_state('killed', 'backoff', 2).fields['reason'],
            'closed')
        killed.start()
        pipeline.wait_for_state('killed', 'publishing', 3, since=at)
        stalled = pipeline.wait_for_state('frozen', 'stalled', 8)
        self.assertLess(stalled.at - at, 7)

        pipeline.wait_seconds_of_stream(back)
        frozen.thaw()
        thawed = time.monotonic()
        pipeline.wait_for_state('frozen', 'publishing', 35, since=thawed)
        self.check_end(pipeline)

        self.check_untouched(pipeline, good.recordings('app')[0])
        self.check_clean_start(late.recordings('app')[-1])
        before, after = killed.recordings('app')
        self.check_clean_start(before)
        self.check_clean_start(after)
        lost = (pipeline.frames / FPS - facts.end_of(before)
                - facts.end_of(after))
        self.assertLess(lost, 2 + KEY_INTERVAL)
        self.check_clean_start(frozen.recordings('app')[-1])


if __name__ == '__main__':
    tools.main()
