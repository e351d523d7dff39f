# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of echoellivesink share: servers and a pipeline that are gone
afterwards, and what a healthy destination must look like."""
import contextlib
import os

import facts
from livepipeline import FPS, LivePipeline
import rtmpserver
import tools

LONG = os.environ.get('ECHOEL_LONG') == '1'
UNIQUE = 'record_unique on;'
GAP = 0.1           # s between frames that viewers may see
SETS = 256          # bytes
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
        self.assertEqual(pipeline.wait(30 + pipeline.frames / FPS), 0,
                         pipeline.output()[-3000:])
        self.assertNotIn('ERROR', pipeline.output())

    def check_file(self, pipeline):
        """The recording has every frame, unless it was ended early."""
        packets = facts.packets(pipeline.file)
        if pipeline.ending is None:
            self.assertEqual(len(packets), pipeline.frames)
        self.assertEqual(facts.decode_complaints(pipeline.file), '')
        return packets

    def check_same(self, there, local):
        """The same frames, but for parameter sets in front of key frames:
        a file has them in its header alone."""
        self.assertEqual(len(there), len(local))
        for one, other in zip(there, local):
            self.assertEqual(one.key, other.key)
            self.assertLessEqual(other.size, one.size)
            self.assertLessEqual(one.size,
                                 other.size + (SETS if one.key else 0))

    def check_untouched(self, pipeline, path):
        """What the healthy server has is what the file has, frame by frame,
        and no viewer saw a pause."""
        local = self.check_file(pipeline)
        there = facts.packets(path)
        self.check_same(there, local)
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
