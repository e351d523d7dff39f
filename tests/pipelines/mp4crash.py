# SPDX-License-Identifier: LGPL-2.1-or-later
"""Recordings whose program is killed: what is left of the file plays, and
less than a second is missing of what had reached the muxer."""
import concurrent.futures
import os
import random
import re
import shlex
import signal
import subprocess

import facts
import tools

LINE = ('videotestsrc {live} pattern=ball'
        ' ! video/x-raw,format=I420,width=320,height=240,framerate={fps}/1'
        ' ! x264enc {x264} key-int-max=60 ! h264parse'
        ' ! queue ! identity name=v silent=false ! mux.'
        ' audiotestsrc {live} samplesperbuffer=480'
        ' ! audio/x-raw,rate=48000,channels=2 ! avenc_aac ! aacparse'
        ' ! queue ! identity name=a silent=false ! mux.'
        ' echoelmp4mux name=mux {mux} ! filesink location={out}')
LIVE = {'live': 'is-live=true', 'x264': 'tune=zerolatency'}
EXPORT = {'live': '', 'x264': 'bframes=2 speed-preset=superfast'}
# From the first update of the index on, nothing more than this may be lost.
FIRST, MOST_LOST = 1.2, 1.0
KILLS = 50 if os.environ.get('ECHOEL_LONG') else 8
AT_ONCE = 2
SEED = 7
SEEN = re.compile(r'Identity:([av]): last-message = chain .*'
                  r'dts: (\d+):(\d+):([\d.]+), pts: (\S+),')


def seconds(match):
    return int(match[2]) * 3600 + int(match[3]) * 60 + float(match[4])


def record_and_kill(line, until):
    """Runs a line until its picture has come to a time, s, and kills it then.
    Returns when picture and sound had come by then."""
    argv = ['gst-launch-1.0', '-v', *shlex.split(line)]
    first, seen = {}, {'a': 0.0, 'v': 0.0}

    def look(text):
        found = SEEN.search(text)
        if found:
            first.setdefault(found[1], seconds(found))
            seen[found[1]] = seconds(found) - first[found[1]]

    with subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=tools.gst_env(), text=True) as process:
        for text in process.stdout:
            look(text)
            if seen['v'] >= until:
                break
        process.send_signal(signal.SIGKILL)
        # What the pipe still holds had reached the muxer, too.
        for text in process.stdout:
            look(text)
    return seen


def whole_fragments(path):
    """A copy without the last fragment, where that was not written to its end:
    some versions of ffmpeg decode what there is of it."""
    data, at, end = path.read_bytes(), 0, 0
    while at + 8 <= len(data):
        kind = data[at + 4:at + 8]
        at += int.from_bytes(data[at:at + 4], 'big')
        if at <= len(data) and kind != b'moof':
            end = at
    copy = path.with_suffix('.whole.mp4')
    copy.write_bytes(data[:end])
    return copy


class Killed(tools.TestCase):
    def check(self, number, dice, kind, mux='', fps=30):
        out = self.folder / f'{number}.mp4'
        until = dice.uniform(FIRST, 6)
        seen = record_and_kill(LINE.format(out=out, mux=mux, fps=fps, **kind),
                               until)
        said = f'{kind} {mux} {fps} fps, killed at {until:.3f}: {seen}'
        self.assertGreaterEqual(seen['v'], until, said)
        self.assertTrue(facts.playable(out), said)
        decoded = whole_fragments(out) if 'fragmented' in mux else out
        self.assertEqual(facts.decode_complaints(decoded), '', said)
        # The muxer cannot write what the other stream has not come to.
        reached = min(seen.values())
        for stream in ('v:0', 'a:0'):
            end = max(p.dts for p in facts.packets(out, stream))
            self.assertLessEqual(reached - end, MOST_LOST, f'{stream}: {said}')
        return out

    def check_many(self, checks):
        """Several at a time, each with its own dice."""
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            done = [pool.submit(check, random.Random(f'{SEED} {number}'))
                    for number, check in enumerate(checks)]
            return [each.result() for each in done]

    def test_at_random_times(self):
        kinds = ((LIVE, '', 30), (EXPORT, '', 30),
                 # So little room that the index must move.
                 (LIVE, 'reserve-duration=0', 30),
                 (EXPORT, 'reserve-duration=1000000000', 60),
                 (EXPORT, 'container=mov', 24),
                 (EXPORT, '', 120),
                 (LIVE, 'safety=fragmented', 30),
                 (EXPORT, 'safety=fragmented', 30))
        self.check_many([
            lambda dice, n=n, kind=kinds[n % len(kinds)]:
            self.check(n, dice, *kind) for n in range(KILLS)])

    def test_index_is_in_front_without_a_copy(self):
        out = self.check(0, random.Random(SEED), EXPORT)
        self.assertTrue(facts.is_fast_start(out), facts.boxes(out))


if __name__ == '__main__':
    tools.main()
