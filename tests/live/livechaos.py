# SPDX-License-Identifier: LGPL-2.1-or-later
"""Servers that are killed, stopped and started again at random, destinations
that come and go: the healthy one and the recording lose nothing, and the
process does not grow. Half an hour with "./dev test --long"."""
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import facts    # noqa: E402
from livecase import LONG, LiveTestCase     # noqa: E402
from livepipeline import FPS, KEY_INTERVAL, SteeredPipeline   # noqa: E402
import rtmpserver   # noqa: E402
import tools    # noqa: E402

SECONDS = int(os.environ.get('ECHOEL_CHAOS_SECONDS', 1800 if LONG else 24))
SETTLED = 0.2       # of that time, then again and again, but not more often
SELDOM = 30         # s
NAMES = ('one', 'two', 'three')
LOOKS = 50
# s within which all publish again: a thawed server may have to see first that
# the publisher it knows is gone, and until then the key is in use.
CALM = 30 if LONG else 12
KEPT = 2            # threads that a pool keeps for later
# Of resident memory: factor, and what a second of recording may cost in kB:
# places of its frames, in the muxer's tables and in ours.
GROWTH, RECORDING = 1.05, 4
OFFSET = 0.04       # s between the ends of picture and sound
SEED = 20
CLIP = 10           # s

# Encoded once, played as if live: what runs here measures no encoder.
SMALL = """
filesrc location={folder}/played.mp4 ! qtdemux ! h264parse
  ! identity sync=true ! tee name=v
v. ! queue ! file.
v. ! queue ! live.video
echoelmp4mux name=file ! filesink location={{file}}
echoellivesink name=live destinations="{{destinations}}"
"""


class Chaos(LiveTestCase):
    def act(self, dice, pipeline, servers):
        """One event, of those that are possible at the moment."""
        name = dice.choice(NAMES)
        server, down = servers[name], self.down
        event = dice.choice(('kill', 'freeze', 'switch', 'replace', 'mend',
                             'mend'))
        if event == 'kill' and name not in down:
            server.kill()
            down[name] = server.start
        elif event == 'freeze' and name not in down:
            server.freeze()
            down[name] = server.thaw
        elif event == 'mend' and name in down:
            down.pop(name)()
        elif event == 'switch':
            value = dice.choice(('true', 'false'))
            pipeline.command(f'set {name}::enabled {value}')
        elif event == 'replace':
            pipeline.command(f'remove {name}')
            self.added += 1
            answer = pipeline.command(
                f'add {name}={server.address("app", f"k{self.added}")}')
            self.assertEqual(answer, f'added {name}')

    def check_growth(self, looks):
        (began, before), (ended, after) = looks[0], looks[-1]
        self.assertLessEqual(after[0], before[0] + KEPT, 'threads')
        self.assertLessEqual(after[1], before[1], 'descriptors')
        self.assertLessEqual(
            after[2], before[2] * GROWTH + RECORDING * (ended - began),
            'memory')

    def make_clip(self):
        """A film of the whole length, of one clip over and over."""
        clip, film = self.folder / 'clip.mp4', self.folder / 'played.mp4'
        tools.ffmpeg('-f', 'lavfi', '-i', f'testsrc=s=320x180:r={FPS}:d={CLIP}',
                     '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0',
                     '-g', FPS * KEY_INTERVAL, '-b:v', '300k',
                     '-pix_fmt', 'yuv420p', clip)
        tools.ffmpeg('-stream_loop', '-1', '-i', clip, '-t', SECONDS,
                     '-c', 'copy', film)

    def calm(self, pipeline):
        """All servers up, all destinations on; what the process uses then.
        The least of some looks counts: threads come and go."""
        for name, mend in self.down.items():
            mend()
        self.down.clear()
        for value, state in (('false', 'disabled'), ('true', 'publishing')):
            for name in NAMES:
                pipeline.command(f'set {name}::enabled {value}')
            rtmpserver.wait_until(
                lambda wanted=f'got {state}': all(
                    pipeline.command(f'get {name}::state') == wanted
                    for name in NAMES), CALM / 2, f'all are {state}')
        looks = []

        def look():
            looks.append(pipeline.resources())
            return len(looks) >= LOOKS
        rtmpserver.wait_until(look, 10, 'looks')
        seconds = time.monotonic() - pipeline.began
        found = tuple(min(column) for column in zip(*looks))
        print(f'{seconds:.0f} s: threads, descriptors, kB: {found}',
              flush=True)
        return seconds, found

    def test_random_faults(self):
        dice = random.Random(SEED)
        self.down, self.added = {}, 0
        self.make_clip()
        good = self.server('good')
        servers = {name: self.server(name) for name in NAMES}
        pipeline = self.enter(SteeredPipeline(
            self.folder, [f'good={good.address("app", "k")}'] + [
                f'{name}={servers[name].address("app", "k")}'
                for name in NAMES], SECONDS,
            video=SMALL.format(folder=self.folder)))
        pipeline.wait_for_state('good', 'publishing', 5)
        looks, events, due = [], 0, SECONDS * SETTLED
        while time.monotonic() - pipeline.began < SECONDS - CALM:
            self.act(dice, pipeline, servers)
            events += 1
            time.sleep(dice.uniform(0.1, 0.6))
            if time.monotonic() - pipeline.began > due:
                due += max(SECONDS * SETTLED, SELDOM)
                looks.append(self.calm(pipeline))
        looks.append(self.calm(pipeline))
        print(f'{events} events')
        self.check_end(pipeline)
        self.check_untouched(pipeline, good.recordings('app')[0])
        self.check_growth(looks)
        ends = [facts.end_of(pipeline.file, stream)
                for stream in ('v:0', 'a:0')]
        self.assertLess(abs(ends[0] - ends[1]), OFFSET)
        whole = [path for server in servers.values()
                 for path in server.recordings('app')
                 if path.stat().st_size > 100000]
        self.assertTrue(whole)
        for path in whole:
            self.check_clean_start(path)


if __name__ == '__main__':
    tools.main()
