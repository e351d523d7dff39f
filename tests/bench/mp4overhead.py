# SPDX-License-Identifier: LGPL-2.1-or-later
"""What echoelmp4mux adds to an export: the same encoded streams are muxed by it
and by mp4mux, turn about, and the difference is set against the export that
made them. Prints medians; nothing here passes or fails."""
import os
import pathlib
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))
import exporting  # noqa: E402
import media  # noqa: E402
import tools  # noqa: E402

ROUNDS = 9
SECONDS = 30
REMUX = ('filesrc location={source} ! qtdemux name=d'
         ' d.video_0 ! h264parse ! queue ! mux.'
         ' d.audio_0 ! aacparse ! queue ! mux.'
         ' {mux} name=mux {settings} ! filesink location={out}')
MUXERS = (('mp4mux, index at the end', 'mp4mux', ''),
          ('mp4mux faststart=true', 'mp4mux', 'faststart=true'),
          ('echoelmp4mux safety=fast', 'echoelmp4mux', 'safety=fast'),
          ('echoelmp4mux', 'echoelmp4mux', ''),
          ('echoelmp4mux safety=fragmented', 'echoelmp4mux',
           'safety=fragmented'))


def cost(line):
    """CPU and wall time of a gst-launch-1.0 line, s."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(['gst-launch-1.0', '-q', *shlex.split(line)], check=True,
                   stdin=subprocess.DEVNULL, env=tools.gst_env())
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime
            - before.ru_utime - before.ru_stime), wall


def main():
    with tempfile.TemporaryDirectory(prefix='echoel-bench-') as folder:
        made = pathlib.Path(folder) / 'export.mp4'
        export = cost(exporting.WITH_AUDIO.format(
            source=media.phone_looped(SECONDS), preset='platform=tiktok',
            out=made))
        print(f'export of {SECONDS} s for tiktok: {export[0]:.2f} s CPU, '
              f'{export[1]:.2f} s wall, {os.path.getsize(made)} bytes')
        times = {name: [] for name, _, _ in MUXERS}
        for _ in range(ROUNDS):
            for name, mux, settings in MUXERS:
                times[name].append(cost(REMUX.format(
                    source=made, mux=mux, settings=settings,
                    out=pathlib.Path(folder) / 'out.mp4')))
    first = MUXERS[0][0]
    for name, _, _ in MUXERS:
        cpu, wall = (statistics.median(column)
                     for column in zip(*times[name]))
        added = statistics.median(
            ours[0] - theirs[0]
            for ours, theirs in zip(times[name], times[first]))
        print(f'{name:32} {cpu * 1000:7.1f} ms CPU {wall * 1000:7.1f} ms wall'
              f'  added: {100 * added / export[0]:6.3f} % of the export')


if __name__ == '__main__':
    main()
