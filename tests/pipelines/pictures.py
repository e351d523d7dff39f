# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares pictures: frames taken with ffmpeg, judged by its filters."""
import re

import tools

# The filter of echoelcrop's filter=bicubic, in swscale's words.
CATMULL_ROM = ('flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp'
               ':param0=0:param1=0.5')
SAME = 100.0


def raw(width, height, pix_fmt='yuv420p', fps=25):
    """Input options for a file of raw frames."""
    return ['-f', 'rawvideo', '-pix_fmt', pix_fmt, '-s', f'{width}x{height}',
            '-r', str(fps)]


def make_raw(out, inputs, filters, frames=None, pix_fmt='yuv420p'):
    """Writes ffmpeg's idea of a picture as raw frames."""
    limit = ['-frames:v', frames] if frames else []
    tools.ffmpeg('-v', 'error', *inputs, '-map', '0:v:0', '-vf', filters,
                 '-fps_mode', 'passthrough', *limit, '-pix_fmt', pix_fmt,
                 '-f', 'rawvideo', out)
    return out


def raw_psnr(width, height, first, second, planes='y'):
    """PSNR of two files of raw 4:2:0 frames, dB: the worst frame's worst of
    the planes named."""
    sizes = first.stat().st_size, second.stat().st_size
    if sizes[0] != sizes[1] or sizes[0] == 0:
        raise AssertionError(f'{first} and {second} have {sizes} bytes')
    form = raw(width, height)
    told = tools.ffmpeg('-v', 'error', *form, '-i', first, *form, '-i', second,
                        '-lavfi', '[0:v][1:v]psnr=stats_file=-', '-f', 'null',
                        '-').out
    values = re.findall(f'psnr_[{planes}]:(\\S+)', told)
    if not values:
        raise AssertionError(f'no frames in {first} and {second}')
    return min(SAME if v == 'inf' else float(v) for v in values)


def cover(width, height, matrix='bt709', full_range=False):
    """An ffmpeg filter: the largest centred window, scaled to fill."""
    source = 'pc' if full_range else 'tv'
    return (f'scale=iw*if(sar\\,sar\\,1):ih,setsar=1,'
            f'scale={width}:{height}:force_original_aspect_ratio=increase'
            f':{CATMULL_ROM}:in_color_matrix={matrix}:out_color_matrix=bt709'
            f':in_range={source}:out_range=tv,'
            f'crop={width}:{height},format=yuv420p')


def frame_of(out, path, filters='null', at=0.0):
    """One raw frame of a file, as a player would show it."""
    inputs = ['-ss', str(at), '-i', path] if at else ['-i', path]
    return make_raw(out, inputs, filters, frames=1)


def means(inputs, filters='null'):
    """Mean Y, U and V over all frames of an input."""
    told = tools.ffmpeg('-v', 'error', *inputs, '-map', '0:v:0', '-vf',
                        f'{filters},signalstats,metadata=print:file=-',
                        '-f', 'null', '-').out
    return [_mean(told, f'lavfi.signalstats.{plane}AVG') for plane in 'YUV']


def _mean(told, name):
    values = [float(v) for v in re.findall(re.escape(name) + r'=(\S+)', told)]
    return sum(values) / len(values)


def combing(path, height):
    """How much every second line differs from its neighbours, averaged over
    all frames brought to the given height; 0 for smooth pictures."""
    comb = ('0 -1 0 0 2 0 0 -1 0:0 0 0 0 1 0 0 0 0:0 0 0 0 1 0 0 0 0'
            ':0 0 0 0 1 0 0 0 0:1:1:1:1')
    return means(['-i', path],
                 f"scale=-2:{height}:flags=bicubic,format=gray,"
                 f"convolution='{comb}'")[0]
