# SPDX-License-Identifier: LGPL-2.1-or-later
"""Eight platforms from one clip beside the peers: time, memory, quality.

usage: export.py [SECONDS [PEER... | judge]]

Without a PEER all run, one after the other. What was measured is kept in the
build folder; "judge" prints the table with SSIM and bitrates from that.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import exporting  # noqa: E402
import exportpeers  # noqa: E402
import facts  # noqa: E402
import media  # noqa: E402
import tools  # noqa: E402

WORK = tools.BUILD / 'bench-export'
NULL = tools.BUILD / 'tests/bench/bench-exportnull'
MIB = 1 << 20
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
}

# Figure, ours, the peer's, what is compared, goal.
ROWS = [
    ('wall time, our default effort', 'ours', 'ffmpeg', 'wall', 0.55),
    ('wall time, the same settings', 'ours-same', 'ffmpeg', 'wall', 0.92),
    ('CPU, the same settings', 'ours-same', 'ffmpeg', 'cpu', 0.92),
    ('peak memory, our default effort', 'ours', 'ffmpeg', 'memory', 0.45),
    ('peak memory, the same settings', 'ours-same', 'ffmpeg', 'memory', 0.65),
    ('wall time, the same settings', 'ours-same', 'plain', 'wall', 0.85),
    ('CPU without encoders', 'ours-null', 'ffmpeg-null', 'cpu', 0.40),
]


def measure(argv, folder):
    """Wall and CPU seconds, and the most memory of one process in bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    start = time.monotonic()
    with open(folder / 'log', 'wb') as log:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log,
                                   env=tools.gst_env())
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f'{argv[0]} failed:\n'
                 + (folder / 'log').read_text('utf-8', 'replace')[-3000:])
    return {'wall': time.monotonic() - start,
            'cpu': used.ru_utime + used.ru_stime,
            'memory': used.ru_maxrss * 1024}


def find(folder, platform):
    return next(path for path in folder.glob('*.mp4')
                if re.search(rf'(^|_){platform}$', path.stem))


def ssim(clip, path, platform):
    """Mean luma SSIM against the clip itself, cut and scaled by ffmpeg."""
    width, height, fps, _ = exportpeers.PLATFORMS[platform]
    shape = (f'{exportpeers.crop(width, height)}scale={width}:{height}'
             f':flags=bicubic,setsar=1,fps={fps}')
    told = tools.ffmpeg(
        '-i', path, '-i', clip, '-filter_complex',
        f'[1:v]{shape}[want];[0:v]setsar=1[have];[have][want]ssim',
        '-an', '-f', 'null', '-', timeout=600).err
    return float(re.search(r'SSIM Y:([\d.]+)', told)[1])


def judge(clip, folder):
    """SSIM and kbit/s of each file."""
    return {platform: [ssim(clip, find(folder, platform), platform),
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
    results[peer] = result
    kept(seconds).write_text(json.dumps(results), 'utf-8')
    print(f'{peer}: {result["wall"]:.1f} s, CPU {result["cpu"]:.1f} s, '
          f'{result["memory"] / MIB:.0f} MiB', flush=True)


def judge_all(seconds):
    """The quality of what stands there, where it is not known."""
    results = load(seconds)
    for peer in ('ours', 'ours-same', 'ffmpeg'):
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


def print_speed(results):
    units = {'wall': (1, 's'), 'cpu': (1, 's'), 'memory': (MIB, 'MiB')}
    print('| figure | peer | ours | peer\'s | ratio | goal |\n'
          '| --- | --- | --- | --- | --- | --- |')
    for title, us, peer, what, goal in ROWS:
        if us not in results or peer not in results:
            continue
        scale, unit = units[what]
        have, want = (results[name][what] / scale for name in (us, peer))
        print(f'| {title} | {peer} | {have:.1f} {unit} | {want:.1f} {unit} '
              f'| {have / want:.3f} | <= {goal} {verdict(have / want <= goal)}'
              ' |')


def print_quality(results):
    if any('files' not in results.get(name, {})
           for name in ('ours', 'ours-same', 'ffmpeg')):
        return
    print('\n| file | kbit/s wanted | ours | same settings | ffmpeg '
          '| SSIM ours | same settings | ffmpeg | within |\n'
          '| --- | --- | --- | --- | --- | --- | --- | --- | --- |')
    for name, (_, _, _, kbits) in exportpeers.PLATFORMS.items():
        ours, same, peer = (results[who]['files'][name]
                            for who in ('ours', 'ours-same', 'ffmpeg'))
        fine = (ours[0] >= peer[0] - SSIM_SLACK
                and abs(ours[1] / kbits - 1) <= BITRATE_SLACK)
        print(f'| {name} | {kbits} | {ours[1]:.0f} | {same[1]:.0f} '
              f'| {peer[1]:.0f} | {ours[0]:.4f} | {same[0]:.4f} '
              f'| {peer[0]:.4f} | {verdict(fine)} |')


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    WORK.mkdir(exist_ok=True)
    peers = [peer for peer in sys.argv[2:] if peer != 'judge']
    for peer in peers or ([] if sys.argv[2:] else PEERS):
        run(seconds, peer)
    results = load(seconds) if peers else judge_all(seconds)
    print(f'\n{machine()}; the phone clip, {seconds} s\n')
    print_speed(results)
    print_quality(results)


if __name__ == '__main__':
    main()
