# SPDX-License-Identifier: LGPL-2.1-or-later
"""The eight platforms' files from one clip: by echoelexportsink, by one ffmpeg
command and by a plain gst-launch-1.0 pipeline, with the same settings."""
import shlex

import exporting

AUDIO_KBITS = 192
KEY_SECONDS = 2
B_FRAMES = 2
VBV_SECONDS = 2
# One x264 effort for all who are compared with the same settings.
EFFORT = 'veryfast'
# echoelpreset's quality with that effort.
QUALITY = 'medium'
PLATFORMS = exporting.PLATFORMS


def rasters():
    """Raster -> frame rate -> platforms."""
    found = {}
    for name, (width, height, fps, _) in PLATFORMS.items():
        found.setdefault((width, height), {}).setdefault(fps, []).append(name)
    return found


def crop(width, height):
    """ffmpeg's largest window of that shape in a 1920x1080 picture."""
    if width * 1080 == height * 1920:
        return ''
    return f'crop={1080 * width / height:.0f}:1080:exact=1,'


def ours(clip, folder, settings, platforms='all'):
    return ['gst-launch-1.0', *shlex.split(
        f'filesrc location={clip} ! decodebin name=d'
        ' d. ! queue ! e.video  d. ! queue ! e.audio'
        f' echoelexportsink name=e directory={folder}'
        f' platforms={platforms} overwrite=true {settings}')]


def ours_same(clip, folder):
    platforms = ','.join(f'{name}:quality={QUALITY},bitrate={kbits}'
                         for name, (_, _, _, kbits) in PLATFORMS.items())
    return ours(clip, folder, '', platforms)


def ffmpeg_graph_apart():
    """The graph that comes to mind first: each file's own crop and scale."""
    parts = [f'[0:v]split={len(PLATFORMS)}'
             + ''.join(f'[v{i}]' for i in range(len(PLATFORMS)))]
    for i, (name, (width, height, fps, _)) in enumerate(PLATFORMS.items()):
        parts.append(f'[v{i}]{crop(width, height)}scale={width}:{height}'
                     f':flags=bicubic,setsar=1,fps={fps}[{name}]')
    return ';'.join(parts)


def ffmpeg_graph():
    """The best graph we could write: every raster is made once, rates are
    changed behind it."""
    shapes = rasters()
    parts = [f'[0:v]split={len(shapes)}'
             + ''.join(f'[r{i}]' for i in range(len(shapes)))]
    for i, ((width, height), rates) in enumerate(shapes.items()):
        scale = '' if (width, height) in ((1920, 1080), (1080, 1080)) else \
            f'scale={width}:{height}:flags=bicubic,'
        parts.append(f'[r{i}]{crop(width, height)}{scale}setsar=1,'
                     f'split={len(rates)}'
                     + ''.join(f'[r{i}f{fps}]' for fps in rates))
        for fps, names in rates.items():
            parts.append(f'[r{i}f{fps}]fps={fps},split={len(names)}'
                         + ''.join(f'[{name}]' for name in names))
    return ';'.join(parts)


def ffmpeg(clip, folder, encode=True, graph=ffmpeg_graph):
    """One command. ffmpeg has no way to share an audio encode."""
    argv = ['ffmpeg', '-nostdin', '-v', 'error', '-y', '-i', str(clip),
            '-filter_complex', graph()]
    for name, (_, _, fps, kbits) in PLATFORMS.items():
        argv += ['-map', f'[{name}]', '-map', '0:a', '-c:a', 'aac',
                 '-b:a', f'{AUDIO_KBITS}k', '-ar', '48000', '-ac', '2']
        if encode:
            argv += ['-c:v', 'libx264', '-preset', EFFORT, '-profile:v',
                     'high', '-b:v', f'{kbits}k', '-maxrate', f'{kbits}k',
                     '-bufsize', f'{kbits * VBV_SECONDS}k', '-bf',
                     str(B_FRAMES), '-g', str(fps * KEY_SECONDS),
                     '-movflags', '+faststart', f'{folder}/{name}.mp4']
        else:
            argv += ['-c:v', 'wrapped_avframe', '-f', 'null', '-']
    return argv


def plain_branch(name, folder):
    width, height, fps, kbits = PLATFORMS[name]
    return (
        f' v. ! queue ! videorate ! video/x-raw,framerate={fps}/1'
        f' ! aspectratiocrop aspect-ratio={width}/{height}'
        ' ! videoconvertscale'
        f' ! video/x-raw,format=I420,width={width},height={height},'
        'pixel-aspect-ratio=1/1'
        f' ! x264enc speed-preset={EFFORT} pass=cbr bitrate={kbits}'
        f' vbv-buf-capacity={VBV_SECONDS * 1000} bframes={B_FRAMES}'
        f' key-int-max={fps * KEY_SECONDS} cabac=true dct8x8=true'
        ' ! video/x-h264,profile=high ! h264parse ! queue'
        f' ! m_{name}.'
        ' a. ! queue max-size-time=10000000000 max-size-bytes=0'
        ' max-size-buffers=0 ! audioconvert ! audioresample'
        ' ! audio/x-raw,rate=48000,channels=2'
        f' ! avenc_aac bitrate={AUDIO_KBITS * 1000} ! aacparse'
        f' ! queue max-size-time=10000000000 ! m_{name}.'
        f' mp4mux name=m_{name} faststart=true'
        f' ! filesink location={folder}/{name}.mp4')


def plain(clip, folder):
    line = (f'filesrc location={clip} ! decodebin name=d'
            ' d. ! queue ! tee name=v  d. ! queue ! tee name=a')
    for name in PLATFORMS:
        line += plain_branch(name, folder)
    return ['gst-launch-1.0', '-q', *shlex.split(line)]
