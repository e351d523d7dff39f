# SPDX-License-Identifier: LGPL-2.1-or-later
"""Destinations that come, go, and are switched while the stream runs."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import badservers   # noqa: E402
from livecase import LONG, LiveTestCase     # noqa: E402
from livepipeline import FPS, SteeredPipeline   # noqa: E402
import rtmpserver   # noqa: E402
import tools    # noqa: E402

ROUNDS = 40 if LONG else 6
ATTEMPTS = 700 if LONG else 100     # of all bad destinations together
IDLE = 8        # threads that GLib keeps for later, by itself
GROWTH = 1024   # kB of resident memory for all attempts after the first ones

# Little that grows by itself.
SMALL = """
videotestsrc is-live=true pattern=ball num-buffers={frames}
  ! video/x-raw,width=160,height=120,framerate={fps}/1
  ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=100
      key-int-max={gop}
  ! h264parse ! live.video
echoellivesink name=live destinations="{destinations}"
"""


class Control(LiveTestCase):
    def start(self, destinations, seconds, **options):
        return self.enter(SteeredPipeline(self.folder, destinations, seconds,
                                          **options))

    def test_coming_and_going_touches_no_other(self):
        good, other = self.server('good'), self.server('other')
        pipeline = self.start([f'good={good.address("app", "k")}'],
                              4 + 1.2 * ROUNDS)
        pipeline.wait_for_state('good', 'publishing', 5)
        for n in range(ROUNDS):
            name = pipeline.command(
                f'add guest={other.address("app", f"SECRET-{n}")}')
            self.assertEqual(name, 'added guest')
            pipeline.wait_for_state('guest', 'publishing', 5,
                                    since=pipeline.asked)
            self.assertIn('***', pipeline.command('get guest::location'))
            # What is there already is refused, and its key is not told.
            self.assertEqual(pipeline.command(
                f'add {other.address("app", f"SECRET-{n}")}'),
                'added nothing')
            rtmpserver.wait_until(
                lambda: len(other.recordings('app')) > n
                and other.recordings('app')[-1].stat().st_size > 20000, 5,
                'the guest is seen')
            self.assertEqual(pipeline.command('remove guest'), 'removed')
            pipeline.wait_for_state('guest', 'disabled', 5,
                                    since=pipeline.asked)
        self.assertEqual(pipeline.command('remove guest'), 'removed nothing')
        pipeline.command('eos')
        self.check_end(pipeline)
        self.check_untouched(pipeline, good.recordings('app')[0])
        self.assertEqual(len(other.recordings('app')), ROUNDS)
        for path in other.recordings('app'):
            self.check_clean_start(path)
        self.assertNotIn('SECRET-', pipeline.output())
        self.assertEqual(pipeline.output().count('with the same key'), ROUNDS)

    def test_switched_off_and_moved(self):
        good, first = self.server('good'), self.server('first')
        second = self.server('second')
        pipeline = self.start(
            [f'good={good.address("app", "k")}',
             f'guest={first.address("app", "SECRET-1")}'], 60)
        pipeline.wait_for_state('guest', 'publishing', 5)
        pipeline.wait_seconds_of_stream(1)
        pipeline.command('set guest::enabled false')
        pipeline.wait_for_state('guest', 'disabled', 4, pipeline.asked)
        first.wait_for_ends(1)
        pipeline.command('set guest::enabled true')
        pipeline.wait_for_state('guest', 'publishing', 4, pipeline.asked)
        pipeline.wait_seconds_of_stream(3)
        pipeline.command(
            f'set guest::location {second.address("app", "SECRET-2")}')
        pipeline.wait_for_state('guest', 'publishing', 4, pipeline.asked)
        pipeline.wait_seconds_of_stream(4)
        self.assertEqual(pipeline.command('get guest::state'),
                         'got publishing')
        pipeline.command('eos')
        self.check_end(pipeline)
        self.check_untouched(pipeline, good.recordings('app')[0])
        self.assertEqual((len(first.recordings('app')),
                          len(second.recordings('app'))), (2, 1))
        for path in first.recordings('app') + second.recordings('app'):
            self.check_clean_start(path)
        self.assertNotIn('SECRET-', pipeline.output())

    def test_attempts_leave_nothing_behind(self):
        """Threads, descriptors and memory after many tries that failed: as
        many as after a few."""
        faults = {name: self.enter(make()) for name, make in (
            ('accepts', badservers.AcceptOnly),
            ('shakes', badservers.HandshakeOnly),
            ('connects', badservers.ConnectOnly),
            ('full', badservers.FullBacklog), ('resets', badservers.ResetAfter),
            ('in-use', lambda: badservers.Status(
                'NetStream.Publish.BadName')))}
        good = self.server('good')
        pipeline = self.start(
            [f'good={good.address("app", "k")}',
             'refuses=rtmp://127.0.0.1:1/app/key']
            + [f'{name}={server.address()}' for name, server in
               faults.items()], 600, audio='', video=SMALL)
        pipeline.wait_for_state('good', 'publishing', 5)
        names = ['refuses', *faults]
        self.try_often(pipeline, names, ATTEMPTS // 10 // len(names) + 1)
        before = self.settled(pipeline)
        self.try_often(pipeline, names, ATTEMPTS // len(names) + 1)
        after = self.settled(pipeline)
        self.assertLessEqual(after[0], before[0] + IDLE, 'threads')
        self.assertLessEqual(after[1], before[1], 'descriptors')
        self.assertLessEqual(after[2], before[2] + GROWTH, 'memory')
        pipeline.command('eos')
        self.check_end(pipeline)
        for name in ('accepts', 'shakes', 'connects'):
            self.assertGreater(faults[name].connections,
                               ATTEMPTS // len(names))
        self.check_clean_start(good.recordings('app')[0])
        self.assertEqual(pipeline.stats_of('good')[-1].fields['max-gap-ms'],
                         '33')

    @staticmethod
    def try_often(pipeline, names, rounds):
        """Each round is one attempt of each of the bad destinations."""
        for _ in range(rounds):
            for value, state in (('false', 'disabled'), ('true', 'connecting')):
                for name in names:
                    pipeline.command(f'set {name}::enabled {value}')
                    pipeline.wait_for_state(name, state, 4, pipeline.asked)

    @staticmethod
    def settled(pipeline):
        """What it uses once no attempt is left; pools of threads end theirs
        in their own time, so the least of some looks counts."""
        looks = []

        def look():
            looks.append(pipeline.resources())
            return len(looks) >= FPS
        rtmpserver.wait_until(look, 10, 'looks')
        return tuple(min(column) for column in zip(*looks))


if __name__ == '__main__':
    tools.main()
