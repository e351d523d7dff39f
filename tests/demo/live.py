#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One encode to two live servers on this machine and into a file; one server
is killed on the way and comes back. "./dev demo --live" calls it.

What happens to each destination is printed when it happens; at the end, what
the servers and the file have.
"""
import argparse
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

TESTS = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / 'pipelines'), str(TESTS / 'live')]

import facts    # noqa: E402
import livepipeline     # noqa: E402
import rtmpserver   # noqa: E402

SECONDS, KILLED_AT, BACK_AT = 20, 6, 9
BITRATE = 2500  # kbit/s
VIDEO = """
videotestsrc is-live=true pattern=smpte num-buffers={frames}
  ! video/x-raw,width=1280,height=720,framerate={fps}/1
  ! timeoverlay font-desc="Sans 48" ! queue
  ! echoelpreset name=p platform=custom-live resolution=720p
      bitrate={bitrate}
  ! tee name=v
v. ! queue ! file.
v. ! queue ! live.video
echoelmp4mux name=file ! filesink location={file}
echoellivesink name=live destinations="{destinations}"
"""
AUDIO = """
audiotestsrc is-live=true wave=ticks samplesperbuffer={block}
    num-buffers={blocks}
  ! audio/x-raw,format=S16LE,rate={rate},channels=2 ! queue
  ! p.audio_sink p.audio_src ! tee name=a
a. ! queue ! file.
a. ! queue ! live.audio
"""


class Table:
    """Prints each change of state once, as it comes."""

    def __init__(self, pipeline):
        self.pipeline, self.printed = pipeline, 0
        self.start = time.monotonic()
        print(f'{"s":>5}  {"destination":<12} {"state":<11} why')

    def say(self, name, text):
        print(f'{time.monotonic() - self.start:5.1f}  {name:<12} {text}',
              flush=True)

    def update(self):
        with self.pipeline.lock:
            fresh = self.pipeline.states[self.printed:]
        self.printed += len(fresh)
        for message in fresh:
            fields = message.fields
            why = ''
            if fields['reason'] != 'none':
                why = f'{fields["reason"]}: {fields["error"]}'
            if fields['next-try-ms'] != '0':
                why += f' (again in {fields["next-try-ms"]} ms)'
            print(f'{message.at - self.start:5.1f}  {fields["id"]:<12} '
                  f'{fields["new"]:<11} {why}'.rstrip(), flush=True)

    def until(self, seconds):
        """Goes on until so much of the stream has gone by."""
        while self.pipeline.process.poll() is None and (
                self.pipeline.began is None
                or time.monotonic() - self.pipeline.began < seconds):
            self.update()
            time.sleep(0.05)
        self.update()


def row(name, path):
    video = facts.packets(path)
    return (f'{name:<34} {len(video):>6} {video[-1].pts - video[0].pts:>8.2f} '
            f'{"key frame" if video[0].key else "NOT a key frame"}')


def show(folder):
    with rtmpserver.RtmpServer(folder / 'first', ['live'],
                               'record_unique on;') as first, \
            rtmpserver.RtmpServer(folder / 'second', ['live'],
                                  'record_unique on;') as second, \
            livepipeline.LivePipeline(
                folder, [f'first={first.address("live", "key")}',
                         f'second={second.address("live", "key")}'],
                SECONDS, audio=AUDIO, video=VIDEO,
                bitrate=BITRATE) as pipeline:
        table = Table(pipeline)
        table.until(KILLED_AT)
        second.kill()
        table.say('second', '--- its server is killed')
        table.until(BACK_AT)
        second.start()
        table.say('second', '--- its server is back')
        table.until(SECONDS + 10)
        if pipeline.wait(10) != 0:
            raise AssertionError(pipeline.output()[-2000:])
        print(f'\n{"what there is":<34} {"frames":>6} {"seconds":>8} '
              'begins with a')
        print(row('the recording', pipeline.file))
        for n, path in enumerate(first.recordings('live'), 1):
            print(row(f'first server, connection {n}', path))
        for n, path in enumerate(second.recordings('live'), 1):
            print(row(f'second server, connection {n}', path))
        print(f'\nOf {pipeline.frames} frames the recording and the first '
              'server have all.')
        whole = {len(facts.packets(path)) for path in
                 (pipeline.file, first.recordings('live')[0])}
        if whole != {pipeline.frames}:
            raise AssertionError(f'they do not: {whole}')


def main():
    parser = argparse.ArgumentParser(description='Two live destinations.')
    parser.add_argument('--folder', type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    work = pathlib.Path(tempfile.mkdtemp(prefix='.live-', dir=options.folder))
    try:
        show(work)
        shutil.copy(work / 'local.mp4', options.folder / 'live.mp4')
        print(f'The recording is {options.folder / "live.mp4"}')
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == '__main__':
    try:
        main()
    except (AssertionError, unittest.SkipTest) as failure:
        sys.exit(f'demo: {failure}')
    except KeyboardInterrupt:
        print('demo: stopped', file=sys.stderr)
        sys.exit(130)
