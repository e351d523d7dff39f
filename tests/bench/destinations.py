# SPDX-License-Identifier: LGPL-2.1-or-later
"""What one more destination costs: echoellivesink beside plain branches of
"queue ! flvmux ! rtmp2sink" and FFmpeg's tee and fifo, in the same run.

One recorded encode of 2.5 Mbit/s is played as if live to nginx on this
machine; the processor time and memory of the sender alone are counted. A
destination's share is what more of them added.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(TOP / 'pipelines'), str(TOP / 'live')]

import rtmpserver   # noqa: E402
import tools    # noqa: E402

COUNTS = [int(n) for n in os.environ.get('ECHOEL_COUNTS', '1 50 100').split()]
SETTLE, MEASURE = 3.0, 4.0      # s
CLIP_SECONDS = 12
GOAL_CPU, GOAL_MEMORY = 1.3, 1.5    # times a plain branch; MB

SOURCE = """filesrc location={clip} ! qtdemux name=d
    d.video_0 ! queue ! h264parse ! identity sync=true ! tee name=v
    d.audio_0 ! queue ! aacparse ! identity sync=true ! tee name=a """
PLAIN = """v. ! queue ! m{n}. a. ! queue ! m{n}.
    flvmux name=m{n} streamable=true latency=500000000
    ! rtmp2sink chunk-size=4096 sync=false async=false location={url} """


def echoel(clip, urls):
    return ['gst-launch-1.0', '-q', *shlex.split(
        SOURCE.format(clip=clip) + 'v. ! queue ! live.video'
        ' a. ! queue ! live.audio echoellivesink name=live destinations="'
        + ' '.join(urls) + '"')]


def plain(clip, urls):
    return ['gst-launch-1.0', '-q', *shlex.split(
        SOURCE.format(clip=clip) + ' '.join(
            PLAIN.format(n=n, url=url) for n, url in enumerate(urls)))]


def ffmpeg(clip, urls):
    return ['ffmpeg', '-nostdin', '-v', 'error', '-re', '-i',
            str(clip.with_suffix('.flv')),
            '-map', '0', '-c', 'copy', '-flags', '+global_header', '-f', 'tee',
            '|'.join(f'[f=flv:use_fifo=1:onfail=ignore]{url}'
                     for url in urls)]


SENDERS = {'echoellivesink': echoel, 'plain branches': plain,
           'ffmpeg tee+fifo': ffmpeg}


def make_clip(folder):
    clip = folder / 'clip.mp4'
    tools.ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30',
                 '-f', 'lavfi', '-i', 'sine=sample_rate=48000',
                 '-t', str(CLIP_SECONDS), '-c:v', 'libx264', '-preset',
                 'veryfast', '-g', '60', '-bf', '0', '-b:v', '2500k',
                 '-minrate', '2500k', '-maxrate', '2500k', '-bufsize',
                 '2500k', '-nal-hrd', 'cbr', '-pix_fmt', 'yuv420p', '-c:a',
                 'aac', '-b:a', '128k', '-ac', '2', str(clip))
    tools.ffmpeg('-i', str(clip), '-c', 'copy', str(clip.with_suffix('.flv')))
    return clip


def look(process):
    """Seconds of processor time so far, resident MB, threads."""
    with open(f'/proc/{process.pid}/stat', encoding='ascii') as stat:
        fields = stat.read().rpartition(')')[2].split()
    with open(f'/proc/{process.pid}/status', encoding='ascii') as status:
        resident = int(re.search(r'VmRSS:\s+(\d+)', status.read())[1])
    ticks = os.sysconf('SC_CLK_TCK')
    return ((int(fields[11]) + int(fields[12])) / ticks, resident / 1024,
            int(fields[17]))


def measure(argv, server, count):
    """Share of a core, MB and threads of a sender that all streams of which
    have reached the server."""
    log = server.folder / 'error.log'
    before = log.read_text('utf-8', 'replace').count('publish: name=')
    process = subprocess.Popen(argv, env=tools.gst_env(),
                               stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        time.sleep(SETTLE)
        there = log.read_text('utf-8', 'replace').count('publish: name=')
        if there - before < count:
            raise AssertionError(f'{there - before} of {count} publish')
        first, began = look(process), time.monotonic()
        time.sleep(MEASURE)
        last, ended = look(process), time.monotonic()
    finally:
        process.kill()
        process.wait()
    return (last[0] - first[0]) / (ended - began) * 100, last[1], last[2]


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='echoel-bench-'))
    try:
        clip = make_clip(folder)
        with rtmpserver.RtmpServer(folder / 'server', ['app'],
                                   'record off;', connections=512) as server:
            results = run(clip, server)
    finally:
        subprocess.run(['rm', '-rf', str(folder)], check=True)
    report(results)


def run(clip, server):
    results = {name: [] for name in SENDERS}
    for count in COUNTS:
        for name, make in SENDERS.items():
            urls = [server.address('app', f'{make.__name__}{count}x{n}')
                    for n in range(count)]
            results[name].append(measure(make(clip, urls), server, count))
    return results


def report(results):
    shares = {}
    print(f'{"sender":<16} {"count":>5} {"CPU %":>8} {"MB":>8} {"threads":>7}')
    for name, rows in results.items():
        for count, (cpu, memory, threads) in zip(COUNTS, rows):
            print(f'{name:<16} {count:>5} {cpu:>8.2f} {memory:>8.1f}'
                  f' {threads:>7}')
        more = COUNTS[-1] - COUNTS[0]
        shares[name] = ((rows[-1][0] - rows[0][0]) / more,
                        (rows[-1][1] - rows[0][1]) / more)
    print('\neach destination more:')
    for name, (cpu, memory) in shares.items():
        print(f'{name:<16} {cpu:.3f} % of a core, {memory:.2f} MB')
    ours, theirs = shares['echoellivesink'], shares['plain branches']
    print(f'\nechoellivesink / plain branches: {ours[0] / theirs[0]:.2f}'
          f' (goal {GOAL_CPU}), {ours[1]:.2f} MB (goal {GOAL_MEMORY})')
    if ours[0] > GOAL_CPU * theirs[0] or ours[1] > GOAL_MEMORY:
        sys.exit('the goal is missed')


if __name__ == '__main__':
    main()
