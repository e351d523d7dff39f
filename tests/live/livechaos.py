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
from livepipeline import FPS, SteeredPipeline   # noqa: E402
import tools    # noqa: E402

SECONDS = float(os.environ.get('ECHOEL_CHAOS_SECONDS', 1800 if LONG else 20))
SETTLED = 0.2       # of that time
NAMES = ('one', 'two', 'three')
POOL = 12           # threads that are busy or kept for later
GROWTH = 1.05, 4096     # of resident memory: factor, kB for the recording
SEED = 20

SMALL = """
videotestsrc is-live=true pattern=ball num-buffers={frames}
  ! video/x-raw,width=320,height=180,framerate={fps}/1 ! queue
  ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=300
      key-int-max={gop}
  ! h264parse ! tee name=v
v. ! queue ! file.
v. ! queue ! live.video
echoelmp4mux name=file ! filesink location={file}
echoellivesink name=live destinations="{destinations}"
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

    def test_random_faults(self):
        dice = random.Random(SEED)
        self.down, self.added = {}, 0
        good = self.server('good')
        servers = {name: self.server(name) for name in NAMES}
        pipeline = self.enter(SteeredPipeline(
            self.folder, [f'good={good.address("app", "k")}'] + [
                f'{name}={servers[name].address("app", "k")}'
                for name in NAMES], SECONDS, video=SMALL))
        pipeline.wait_for_state('good', 'publishing', 5)
        before = None
        while time.monotonic() - pipeline.began < SECONDS - 2:
            self.act(dice, pipeline, servers)
            time.sleep(dice.uniform(0.1, 0.6))
            gone = time.monotonic() - pipeline.began
            if before is None and gone > SECONDS * SETTLED:
                before = pipeline.resources()
        after = pipeline.resources()
        for mend in self.down.values():
            mend()
        self.check_end(pipeline)
        self.check_untouched(pipeline, good.recordings('app')[0])
        self.assertLessEqual(after[0], before[0] + POOL, 'threads')
        self.assertLessEqual(after[1], before[1] + POOL, 'descriptors')
        self.assertLessEqual(after[2], before[2] * GROWTH[0] + GROWTH[1],
                             'memory')
        ends = [facts.end_of(pipeline.file, stream)
                for stream in ('v:0', 'a:0')]
        self.assertLess(abs(ends[0] - ends[1]), 2 / FPS)
        whole = [path for server in servers.values()
                 for path in server.recordings('app')
                 if path.stat().st_size > 100000]
        self.assertTrue(whole)
        for path in whole:
            self.check_clean_start(path)


if __name__ == '__main__':
    tools.main()
