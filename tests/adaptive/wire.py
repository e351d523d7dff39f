# SPDX-License-Identifier: LGPL-2.1-or-later
"""The whole thing on real connections: x264 in echoelpreset, echoellivesink,
nginx, and a token bucket that makes the way to it slow."""
import contextlib
import os
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(FOLDER / 'pipelines'), str(FOLDER / 'live')]

import shaping  # noqa: E402

# Before anything is started: this process begins again in the namespace.
NO_NETWORK = shaping.enter()

import arrival  # noqa: E402
import facts    # noqa: E402
from livepipeline import FPS, LivePipeline  # noqa: E402
import rtmpserver   # noqa: E402
import tools    # noqa: E402

LONG = os.environ.get('ECHOEL_LONG') == '1'
# A folder for what is needed to plot each run, if wanted.
PLOTS = os.environ.get('ECHOEL_PLOTS')
UNIQUE = 'record_unique on;'
# Noise fills any bitrate that the encoder is given.
VIDEO = """
videotestsrc is-live=true pattern=snow num-buffers={frames}
  ! video/x-raw,width=640,height=360,framerate={fps}/1
  ! queue
  ! echoelpreset name=p platform=custom-live encoder=x264enc
      resolution=640x360 bitrate={bitrate}
  ! tee name=v
v. ! queue ! file.
v. ! queue ! live.video
echoelmp4mux name=file ! filesink location={file}
echoellivesink name=live destinations="{destinations}" {options}
"""
# audiotestsrc 1.22 leaves a sample of each tick as it finds it. As a float that
# may be any number, of which avenc_aac makes what no decoder reads, or hangs.
AUDIO = """
audiotestsrc is-live=true wave=ticks samplesperbuffer={block}
    num-buffers={blocks}
  ! audio/x-raw,format=S16LE,rate={rate},channels=2 ! queue
  ! p.audio_sink p.audio_src ! tee name=a
a. ! queue ! file.
a. ! queue ! live.audio
"""
# An encoder that follows nobody, with pictures that no other needs.
DEAF = """
videotestsrc is-live=true pattern=snow num-buffers={frames}
  ! video/x-raw,width=640,height=360,framerate={fps}/1 ! queue
  ! x264enc speed-preset=ultrafast tune=zerolatency bitrate={bitrate}
      key-int-max={gop} bframes=2 b-adapt=false
  ! h264parse ! tee name=v
v. ! queue ! file.
v. ! queue ! live.video
echoelmp4mux name=file ! filesink location={file}
echoellivesink name=live destinations="{destinations}" {options}
"""
DEAF_AUDIO = """
audiotestsrc is-live=true wave=ticks samplesperbuffer={block}
    num-buffers={blocks}
  ! audio/x-raw,format=S16LE,rate={rate},channels=2 ! queue
  ! audioconvert ! avenc_aac ! aacparse
  ! tee name=a
a. ! queue ! file.
a. ! queue ! live.audio
"""
PARAMETER_SETS = 100    # bytes
SETTLED = 3         # s after a step, in which anything may happen
DELAY = 1.5         # s that a byte may take after that
TOLD_WITHIN = 0.5   # s by which pictures may be later than is told each second
USED = 0.8          # of what the path carries
BACK = 0.9          # of the first bitrate ...
BACK_WITHIN = 20    # ... in s
CHANGES = 15
EACH = 0.7          # of an equal part of a shared path
OTHER_BACK = 0.95   # of the first bitrate, for a destination that is well ...
OTHER_WITHIN = 12   # ... in s
VOTE_LOST_BEFORE = 6    # s before that


class WireTestCase(tools.TestCase):
    """Servers, a pipeline and a network that are gone afterwards."""

    def setUp(self):
        super().setUp()
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.enter = stack.enter_context
        self.network = shaping.Network()

    def server(self, name):
        return self.enter(rtmpserver.RtmpServer(
            self.folder / name, ['app'], UNIQUE))

    def run_pipeline(self, servers, seconds, bitrate, options='', video=VIDEO,
                     audio=AUDIO):
        return self.enter(LivePipeline(
            self.folder,
            [f'{name}={server.address("app", name)}'
             for name, server in servers.items()],
            seconds, bitrate=bitrate, options=options, video=video,
            audio=audio))

    @staticmethod
    def between(messages, begin, end):
        return [m for m in messages if begin <= m.at < end]

    @staticmethod
    def bitrate_at(pipeline, at, first):
        """What the encoder was last asked for."""
        for message in reversed(pipeline.bitrates):
            if message.at <= at:
                return int(message.fields['bitrate'])
        return first

    def story(self, pipeline, name):
        """What happened, for whoever reads a failure."""
        asked = [(round(m.at - pipeline.began, 1), m.fields['bitrate'],
                  m.fields['reason'], m.fields['limiter'])
                 for m in pipeline.bitrates]
        told = [tuple([round(m.at - pipeline.began, 1)] +
                      [m.fields.get(f) for f in (
                          'kbps', 'capacity-kbps', 'delay-ms', 'queue-ms',
                          'isolation', 'dropped-gop')])
                for m in pipeline.stats_of(name)]
        return f'\nbitrates: {asked}\nstats: {told}'

    def keep_plot(self, pipeline, title, first, rates, times):
        """Second, what the path carries, bitrate, delivered, delay."""
        if not PLOTS:
            return
        ends = [sum(times[:n + 1]) for n in range(len(times))]
        lines = []
        for message in pipeline.stats_of('b'):
            second = message.at - pipeline.began
            rate = next((r for r, end in zip(rates, ends) if second < end),
                        rates[-1])
            lines.append(' '.join(f'{value:.3f}' for value in (
                second, rate,
                self.bitrate_at(pipeline, message.at, first) / 1000,
                int(message.fields['kbps']) / 1000,
                int(message.fields.get('delay-ms') or 0) / 1000)))
        (pathlib.Path(PLOTS) / f'{title}.dat').write_text(
            '\n'.join(lines) + '\n', encoding='utf-8')

    def check_clean(self, path):
        """It decodes, and every gap in it ends with a key frame."""
        video = facts.packets(path)
        self.assertTrue(video[0].key)
        self.assertEqual(facts.decode_complaints(path), '')
        for before, after in zip(video, video[1:]):
            if after.dts - before.dts > 1.5 / FPS:
                self.assertTrue(after.key, f'{path}: goes on at {after.pts}')

    def check_file(self, pipeline):
        packets = facts.packets(pipeline.file)
        self.assertEqual(len(packets), pipeline.frames)
        return packets

    def check_all_there(self, pipeline, path):
        """The server has every frame that the file has, which may keep the
        parameter sets elsewhere."""
        there, local = facts.packets(path), self.check_file(pipeline)
        self.assertEqual(len(there), len(local))
        for sent, kept in zip(there, local):
            self.assertAlmostEqual(sent.size, kept.size,
                                   delta=PARAMETER_SETS)

    def finish(self, pipeline):
        self.assertEqual(pipeline.wait(pipeline.frames / FPS + 30), 0,
                         pipeline.output()[-3000:])
        self.assertNotIn('ERROR', pipeline.output())


class StepTestCase(WireTestCase):
    """The path gets worse, and better again."""

    def step(self, control, bitrate, rates, times):
        server = self.server('b')
        self.network.use(control)
        self.network.limit(server.port, rates[0])
        arrivals = self.enter(arrival.Arrivals(server.folder / 'app'))
        pipeline = self.run_pipeline({'b': server}, sum(times), bitrate)
        pipeline.wait_for_state('b', 'publishing', 5)
        pipeline.wait_seconds_of_stream(times[0])
        self.network.limit(server.port, rates[1])
        pipeline.wait_seconds_of_stream(sum(times[:2]))
        self.network.limit(server.port, rates[2])
        self.finish(pipeline)
        self.keep_plot(pipeline, f'{control} ' + ' '.join(map(str, rates)),
                       bitrate, rates, times)

        down = pipeline.began + times[0]
        up = down + times[1]
        story = self.story(pipeline, 'b')
        stats = pipeline.stats_of('b')
        late = arrivals.delays(down + SETTLED, up)
        self.assertGreater(len(late), (times[1] - SETTLED) * FPS / 2)
        self.assertLessEqual(max(late), DELAY, story)
        # What the element says of itself must not be kinder.
        told = [int(m.fields['delay-ms']) / 1000
                for m in self.between(stats, down + SETTLED, up)]
        self.assertLessEqual(max(told), DELAY, story)
        self.assertGreaterEqual(max(told) + TOLD_WITHIN, max(late), story)
        # The last seconds before the release; each message tells one.
        held = [int(m.fields['kbps'])
                for m in self.between(stats, down + SETTLED, up)]
        self.assertGreaterEqual(sum(held) / len(held),
                                USED * rates[1] * 1000, story)
        last = min(up + BACK_WITHIN, pipeline.ended)
        self.assertGreaterEqual(self.bitrate_at(pipeline, last, bitrate),
                                BACK * bitrate, story)
        self.assertLessEqual(len(pipeline.bitrates), CHANGES, story)
        self.assertEqual({m.fields['measured-by']
                          for m in self.between(stats, down, up)}, {'socket'})
        self.check_clean(server.recordings('app')[-1])
        self.check_file(pipeline)
        print(f'{control} {rates}: {sum(held) / len(held) / rates[1] / 10:.0f}'
              f' % used, {len(pipeline.bitrates)} changes, '
              f'{max(late):.2f} s late at most, {max(told):.2f} told{story}', flush=True)


class Steps(StepTestCase):
    """A path that was far better than needed."""

    def test_cubic_20_1_20(self):
        self.step('cubic', 2500, (20, 1, 20), (20, 30, 22) if LONG
                  else (6, 10, 9))

    def test_bbr_20_1_20(self):
        self.step('bbr', 2500, (20, 1, 20), (20, 30, 22) if LONG
                  else (6, 10, 9))


class LongSteps(StepTestCase):
    """The same at the rates of a better stream."""

    def test_cubic_6_3_6(self):
        self.step('cubic', 5000, (6, 3, 6), (20, 30, 22))

    def test_bbr_6_3_6(self):
        self.step('bbr', 5000, (6, 3, 6), (20, 30, 22))


if not LONG:
    del LongSteps


class Weak(WireTestCase):
    """One of two destinations cannot carry the lowest bitrate."""

    def test_weak_destination_does_not_drag_the_other_down(self):
        begin, weak = (20, 40) if LONG else (6, 15)
        bitrate = 2500
        good, slow = self.server('a'), self.server('b')
        self.network.use('bbr')
        self.network.limit(slow.port, 20)
        pipeline = self.run_pipeline({'a': good, 'b': slow}, begin + weak,
                                     bitrate, 'min-bitrate=800')
        for name in ('a', 'b'):
            pipeline.wait_for_state(name, 'publishing', 5)
        pipeline.wait_seconds_of_stream(begin)
        self.network.limit(slow.port, 0.5)
        self.finish(pipeline)

        story = self.story(pipeline, 'b')
        asked = [int(m.fields['bitrate']) for m in pipeline.bitrates]
        self.assertLess(min(asked), 1000, story)
        self.assertGreaterEqual(min(asked), 800, story)
        back = pipeline.began + begin + OTHER_WITHIN
        self.assertGreaterEqual(self.bitrate_at(pipeline, back, bitrate),
                                OTHER_BACK * bitrate, story)
        self.assertIn('vote-lost',
                      [m.fields['reason'] for m in pipeline.bitrates], story)
        late = self.between(pipeline.stats_of('b'), back - VOTE_LOST_BEFORE,
                            pipeline.began + begin + weak - 1)
        self.assertEqual({m.fields['isolation'] for m in late}, {'floor'},
                         story)
        self.check_all_there(pipeline, good.recordings('app')[0])
        self.check_clean(slow.recordings('app')[0])


class Shared(WireTestCase):
    """Two destinations behind one uplink, which gets worse."""

    def test_shared_uplink_is_used_by_both(self):
        begin, worse, uplink = 5, 40 if LONG else 11, 1.6
        servers = {'a': self.server('a'), 'b': self.server('b')}
        self.network.use('cubic')
        self.network.limit(servers['a'].port, 20)
        self.network.share(servers['a'].port, servers['b'].port)
        pipeline = self.run_pipeline(servers, begin + worse, 2500)
        for name in servers:
            pipeline.wait_for_state(name, 'publishing', 5)
        pipeline.wait_seconds_of_stream(begin)
        self.network.limit(servers['a'].port, uplink)
        self.finish(pipeline)

        settled = pipeline.began + begin + SETTLED
        end = pipeline.began + begin + worse - 1
        delivered = 0
        for name, server in servers.items():
            story = self.story(pipeline, name)
            stats = self.between(pipeline.stats_of(name), settled, end)
            self.assertEqual({m.fields['state'] for m in stats},
                             {'publishing'}, story)
            for message in stats:
                self.assertLessEqual(int(message.fields['delay-ms']),
                                     DELAY * 1000, story)
            rates = [int(m.fields['kbps']) for m in stats]
            self.assertGreaterEqual(sum(rates) / len(rates),
                                    EACH * uplink * 1000 / 2, story)
            delivered += sum(rates) / len(rates)
            self.check_clean(server.recordings('app')[0])
        self.assertGreaterEqual(delivered, USED * uplink * 1000, story)
        self.check_file(pipeline)
        print(f'shared: {delivered / uplink / 10:.0f} % used{story}',
              flush=True)


class Others(WireTestCase):
    """What is not the path's fault, and what the user knows of it."""

    def test_frozen_server_changes_nothing(self):
        server, frozen = self.server('a'), self.server('b')
        self.network.use('bbr')
        before = self.network.receive('4096 100000 100000')
        self.addCleanup(self.network.receive, before)
        pipeline = self.run_pipeline({'a': server, 'b': frozen}, 16, 2500)
        for name in ('a', 'b'):
            pipeline.wait_for_state(name, 'publishing', 5)
        pipeline.wait_seconds_of_stream(5)
        frozen.freeze()
        pipeline.wait_for_state('b', 'stalled', 9)
        frozen.thaw()
        self.finish(pipeline)
        story = self.story(pipeline, 'b')
        self.assertEqual(pipeline.bitrates, [], story)
        told = pipeline.stats_of('b')
        self.assertIn('server', {m.fields.get('capacity-reason')
                                 for m in told}, story)
        self.assertIn('server', {m.fields['isolation'] for m in told}, story)
        self.assertNotIn('server', {m.fields['isolation']
                                    for m in pipeline.stats_of('a')}, story)
        self.check_all_there(pipeline, server.recordings('app')[0])

    def test_frames_are_the_last_to_go(self):
        """The bitrate first; where that is not followed, pictures that no
        other needs; those of a whole group only when that is not enough."""
        server, begin = self.server('b'), 4
        self.network.use('cubic')
        self.network.limit(server.port, 20)
        pipeline = self.run_pipeline({'b': server}, 15, 2500, '', DEAF,
                                     DEAF_AUDIO)
        pipeline.wait_for_state('b', 'publishing', 5)
        pipeline.wait_seconds_of_stream(begin)
        self.network.limit(server.port, 2.2)
        pipeline.wait_seconds_of_stream(begin + 6)
        self.network.limit(server.port, 0.4)
        self.finish(pipeline)
        story = self.story(pipeline, 'b')

        def first(field):
            return next(m.at for m in pipeline.stats_of('b')
                        if int(m.fields[field]) > 0)
        self.assertLess(pipeline.bitrates[0].at, first('dropped-disposable'),
                        story)
        self.assertLess(first('dropped-disposable'), first('dropped-gop'),
                        story)
        self.check_file(pipeline)

    def test_known_uplink_is_kept(self):
        uplink, seconds = 2800, 12
        servers = {'a': self.server('a'), 'b': self.server('b')}
        self.network.use('bbr')
        pipeline = self.run_pipeline(servers, seconds, 2500,
                                     f'uplink-bitrate={uplink}')
        self.finish(pipeline)
        story = self.story(pipeline, 'b')
        self.assertIn('budget', [m.fields['reason']
                                 for m in pipeline.bitrates], story)
        for name in servers:
            late = self.between(pipeline.stats_of(name),
                                pipeline.began + seconds - 5,
                                pipeline.began + seconds - 1)
            rates = [int(m.fields['kbps']) for m in late]
            self.assertLessEqual(sum(rates) / len(rates), uplink / 2 * 1.1,
                                 story)
            self.assertGreaterEqual(sum(rates) / len(rates), uplink / 2 * 0.8,
                                    story)


if __name__ == '__main__':
    shaping.main(NO_NETWORK)
