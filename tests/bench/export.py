# SPDX-License-Identifier: LGPL-2.1-or-later
"""Eight platforms from one clip beside the peers: time, memory, quality.

usage: export.py [SECONDS [PEER... | judge]]

Without a PEER all of them take turns, ROUNDS times; with PEERs each runs once
more. What was measured is kept in the build folder, and the table shows the
medians; "judge" adds SSIM, PSNR and bitrates.
"""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import exportpeers  # noqa: E402
import facts  # noqa: E402
import media  # noqa: E402
import tools  # noqa: E402

WORK = tools.BUILD / 'bench-export'
NULL = tools.BUILD / 'tests/bench/bench-exportnull'
MIB = 1 << 20
ROUNDS = 3
SSIM_SLACK = 0.002
BITRATE_SLACK = 0.05

# name: command for a clip and a folder.
PEERS = {
    'ours': lambda clip, folder: exportpeers.ours(clip, folder, ''),
    'ours-same': exportpeers.ours_same,
    'ffmpeg': exportpeers.ffmpeg,
    'plain': exportpeers.plain,
    'ours-null': lambda clip, folder: [
        str(NULL), str(clip), str(folder)],
    'ffmpeg-null': lambda clip, folder: exportpeers.ffmpeg(clip, folder,
                                                           False),
    'ffmpeg-null-apart': lambda clip, folder: exportpeers.ffmpeg(
        clip, folder, False, exportpeers.ffmpeg_graph_apart),
}
JUDGED = ('ours', 'ours-same', 'ffmpeg')

# Figure, ours, the peer's, what is compared, goal.
ROWS = [
    ('wall time, our default effort', 'ours', 'ffmpeg', 'wall', 0.55),
    ('wall time, the same settings', 'ours-same', 'ffmpeg', 'wall', 0.92),
    ('CPU, the same settings', 'ours-same', 'ffmpeg', 'cpu', 0.92),
    ('peak memory, our default effort', 'ours', 'ffmpeg', 'memory', 0.45),
    ('peak memory, the same settings', 'ours-same', 'ffmpeg', 'memory', 0.65),
    ('wall time, the same settings', 'ours-same', 'plain', 'wall', 0.85),
    ('CPU without encoders', 'ours-null', 'ffmpeg-null', 'cpu', 0.40),
    ('CPU without encoders', 'ours-null', 'ffmpeg-null-apart', 'cpu', 0.40),
]


def busy():
    """Seconds of CPU time that all programs of the machine have used."""
    ticks = pathlib.Path('/proc/stat').read_text('utf-8').split('\n')[0]
    user, nice, system = map(int, ticks.split()[1:4])
    return (user + nice + system) / os.sysconf('SC_CLK_TCK')


def measure(argv, folder):
    """Wall and CPU seconds, the most memory of one process in bytes, and the
    CPU seconds that other programs took meanwhile."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    before, start = busy(), time.monotonic()
    with open(folder / 'log', 'wb') as log:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log,
                                   env=tools.gst_env())
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f'{argv[0]} failed:\n'
                 + (folder / 'log').read_text('utf-8', 'replace')[-3000:])
    cpu = used.ru_utime + used.ru_stime
    return {'wall': time.monotonic() - start, 'cpu': cpu,
            'memory': used.ru_maxrss * 1024,
            'others': max(busy() - before - cpu, 0)}


def find(folder, platform):
    return next(path for path in folder.glob('*.mp4')
                if re.search(rf'(^|_){platform}$', path.stem))


def frame_values(path, key):
    return [float(value) for value in re.findall(
        rf'{key}:([\d.]+|inf)', path.read_text('utf-8'))]


def quality(clip, path, platform, folder):
    """Luma SSIM and PSNR of each frame against the frame of the clip that it
    shows: the one before its time or the one behind, whichever is nearer to
    what is seen. A phone's frames come at uneven times, and whoever makes them
    even may take either. The clip is scaled by neither side's filter."""
    width, height, _, _ = exportpeers.PLATFORMS[platform]
    values = []
    tools.ffmpeg(
        '-i', path, '-i', clip, '-filter_complex',
        f'[1:v]extractplanes=y,{exportpeers.crop(width, height)}'
        f'zscale={width}:{height}:filter=lanczos,setsar=1,'
        'split=4[a][b][c][d];'
        "[c]setpts='if(eq(N,0),-1,PREV_INPTS)'[e];"
        "[d]setpts='if(eq(N,0),-1,PREV_INPTS)'[f];"
        '[0:v]extractplanes=y,setsar=1,split=4[s][t][u][v];'
        f'[s][a]ssim=f={folder}/ssim-before[1];'
        f'[t][b]psnr=f={folder}/psnr-before[2];'
        f'[u][e]ssim=f={folder}/ssim-behind[3];'
        f'[v][f]psnr=f={folder}/psnr-behind[4]',
        *[word for n in '1234' for word in
          ('-map', f'[{n}]', '-f', 'null', '-')], timeout=600)
    for name, key in (('ssim', 'Y'), ('psnr', 'psnr_y')):
        before, behind = (frame_values(folder / f'{name}-{which}', key)
                          for which in ('before', 'behind'))
        best = [max(pair) for pair in zip(before, behind, strict=True)]
        values.append(statistics.fmean(best))
    return values


def judge(clip, folder):
    """SSIM, PSNR and kbit/s of each file."""
    with tempfile.TemporaryDirectory(prefix='echoel-judge-') as scratch:
        return {platform: [*quality(clip, find(folder, platform), platform,
                                    pathlib.Path(scratch)),
                           facts.bitrate(find(folder, platform))]
                for platform in exportpeers.PLATFORMS}


def kept(seconds):
    return WORK / f'{seconds}s.json'


def load(seconds):
    try:
        return json.loads(kept(seconds).read_text('utf-8'))
    except OSError:
        return {}


def run(seconds, peer):
    folder = WORK / f'{seconds}s-{peer}'
    result = measure(PEERS[peer](media.phone_looped(seconds), folder), folder)
    results = load(seconds)
    kept_of_it = results.setdefault(peer, {'runs': []})
    kept_of_it['runs'].append(result)
    kept_of_it.pop('files', None)
    kept(seconds).write_text(json.dumps(results), 'utf-8')
    print(f'{peer}: {result["wall"]:.1f} s, CPU {result["cpu"]:.1f} s, '
          f'{result["memory"] / MIB:.0f} MiB; others '
          f'{result["others"]:.1f} s', flush=True)


def judge_all(seconds):
    """The quality of what stands there, where it is not known."""
    results = load(seconds)
    for peer in JUDGED:
        folder = WORK / f'{seconds}s-{peer}'
        if peer in results and 'files' not in results[peer]:
            results[peer]['files'] = judge(media.phone_looped(seconds), folder)
            kept(seconds).write_text(json.dumps(results), 'utf-8')
    return results


def machine():
    model = re.search(r'model name\s*: (.*)',
                      pathlib.Path('/proc/cpuinfo').read_text('utf-8'))
    version = tools.gst('gst-launch-1.0', '--version').out
    told = tools.run(['ffmpeg', '-version']).out
    return (f'{model[1] if model else "unknown processor"}, '
            f'{os.cpu_count()} cores, '
            f'{re.search(r"GStreamer [0-9.]+", version)[0]}, '
            f'{re.search(r"ffmpeg version [0-9.]+", told)[0]}')


def verdict(met):
    return 'met' if met else 'missed'


def median(results, name, what):
    return statistics.median(run[what] for run in results[name]['runs'])


def print_speed(results):
    units = {'wall': (1, 's'), 'cpu': (1, 's'), 'memory': (MIB, 'MiB')}
    print('| figure | peer | ours | peer\'s | ratio | goal | runs |\n'
          '| --- | --- | --- | --- | --- | --- | --- |')
    for title, us, peer, what, goal in ROWS:
        if us not in results or peer not in results:
            continue
        scale, unit = units[what]
        have, want = (median(results, name, what) / scale
                      for name in (us, peer))
        counts = [len(results[name]['runs']) for name in (us, peer)]
        print(f'| {title} | {peer} | {have:.1f} {unit} | {want:.1f} {unit} '
              f'| {have / want:.3f} | <= {goal} {verdict(have / want <= goal)}'
              f' | {counts[0]} and {counts[1]} |')
    shares = {name: 100 * median(results, name, 'others')
              / (os.cpu_count() * median(results, name, 'wall'))
              for name in results}
    print('\nOf the cores other programs had '
          + ', '.join(f'{share:.0f} % beside {name}'
                      for name, share in shares.items()) + '.')


def print_quality(results):
    if any('files' not in results.get(name, {}) for name in JUDGED):
        return
    print('\n| file | kbit/s wanted | ours | same settings | ffmpeg '
          '| SSIM ours | same settings | ffmpeg | PSNR ours | same settings '
          '| ffmpeg | within |\n| --- ' + '| --- ' * 11 + '|')
    for name, (_, _, _, kbits) in exportpeers.PLATFORMS.items():
        each = [results[who]['files'][name] for who in JUDGED]
        fine = (each[0][0] >= each[2][0] - SSIM_SLACK
                and all(abs(rate / kbits - 1) <= BITRATE_SLACK
                        for _, _, rate in each[:2]))
        print(f'| {name} | {kbits} | '
              + ' | '.join(f'{rate:.0f}' for _, _, rate in each) + ' | '
              + ' | '.join(f'{value:.4f}' for value, _, _ in each) + ' | '
              + ' | '.join(f'{value:.2f}' for _, value, _ in each)
              + f' | {verdict(fine)} |')


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    WORK.mkdir(exist_ok=True)
    peers = [peer for peer in sys.argv[2:] if peer != 'judge']
    if not sys.argv[2:]:
        kept(seconds).unlink(missing_ok=True)
        peers = list(PEERS) * ROUNDS
    for peer in peers:
        run(seconds, peer)
    results = load(seconds) if sys.argv[2:] and peers else judge_all(seconds)
    print(f'\n{machine()}; the phone clip, {seconds} s\n')
    print_speed(results)
    print_quality(results)


if __name__ == '__main__':
    main()
