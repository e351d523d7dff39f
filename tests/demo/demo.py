#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One file in, one file for each platform out; "./dev demo" calls it.

Each platform is one gst-launch-1.0 line. A file gets its final name when it
is whole: ffprobe reads it and it is as long as the source, or as the
platform allows.
"""
import argparse
import json
import math
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PLATFORMS = ['tiktok', 'instagram-reel', 'instagram-post', 'instagram-story',
             'youtube-short', 'youtube-video', 'facebook', 'twitter']
TOLERANCE = 0.5  # seconds between a file's duration and the expected one

# gst-launch-1.0 runs in a folder of its own, where both names are plain:
# nothing of the user's file names needs quoting in the line.
SOURCE, RESULT = 'source', 'result.mp4'
VIDEO_LINE = f"""filesrc location={SOURCE} ! decodebin name=d
    d. ! queue
    ! progressreport name=report silent=true update-freq=1 format=time
    ! echoelpreset name=p platform=%s ! queue ! mux.
    echoelmp4mux name=mux ! filesink location={RESULT}"""
AUDIO_LINE = 'd. ! queue ! p.audio_sink p.audio_src ! queue ! mux.'


class Failed(Exception):
    """A sentence for the user."""


def ffprobe(path, *arguments):
    """What ffprobe reads from a file, {} if it cannot, and its complaints."""
    result = subprocess.run(
        ['ffprobe', '-v', 'error', '-of', 'json', *arguments, f'file:{path}'],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, errors='replace', check=False)
    found = json.loads(result.stdout) if result.returncode == 0 else {}
    return found, result.stderr


def number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


class Media:
    """The facts of a file that this demo needs."""

    def __init__(self, path):
        found, _ = ffprobe(path, '-show_format', '-show_streams')
        streams = found.get('streams', [])
        self.video = next(
            (s for s in streams if s.get('codec_type') == 'video'
             and not s.get('disposition', {}).get('attached_pic')), None)
        self.audio = next(
            (s for s in streams if s.get('codec_type') == 'audio'), None)
        self.duration = number(found.get('format', {}).get('duration'))

    def bitrate(self, stream):
        """kbit/s, as text."""
        return f'{number((stream or {}).get("bit_rate")) / 1000:.0f}'

    def rate(self):
        over, _, under = self.video['avg_frame_rate'].partition('/')
        return number(over) / (number(under) or 1)


def check_whole(path, media):
    """Failed when the file ends before its header says."""
    found, complaints = ffprobe(
        path, '-show_entries', 'packet=stream_index,pts_time,duration_time')
    ends = [number(packet.get('pts_time')) + number(packet.get('duration_time'))
            for packet in found.get('packets', [])
            if packet.get('stream_index') == media.video['index']]
    there = max(ends, default=0) - number(media.video.get('start_time'))
    promised = number(media.video.get('duration'))
    # The first words are those for MP4 and MOV, the second for Matroska.
    if (there < promised - TOLERANCE or 'partial file' in complaints
            or 'ended prematurely' in complaints):
        raise Failed(f'{path}: the file is cut short; {there:.1f} of '
                     f'{media.duration:.1f} s are there')


def open_source(path):
    """The Media of the input file, or Failed with the reason against it."""
    if not path.exists():
        raise Failed(f'{path}: no such file')
    if not path.is_file():
        raise Failed(f'{path}: not a file')
    try:
        with path.open('rb') as stream:
            if not stream.read(1):
                raise Failed(f'{path}: the file is empty')
    except OSError as error:
        raise Failed(f'{path}: {error.strerror}') from error
    media = Media(path)
    if not media.video or not media.video.get('width'):
        raise Failed(f'{path}: no video in it that can be read; '
                     'the file is damaged, cut short or not media')
    check_whole(path, media)
    return media


def platform_limit(folder, platform):
    """The longest file the platform's preset allows, in seconds."""
    try:
        text = (folder / f'{platform}.gep').read_text(encoding='utf-8')
    except OSError:
        return math.inf
    found = re.search(r'^max-duration-s=([\d.]+)', text, re.M)
    return float(found[1]) if found else math.inf


class Progress:
    """One line a platform: rewritten on a terminal, else one a quarter."""

    def __init__(self, title):
        self.title = title
        self.terminal = sys.stdout.isatty()
        self.printed = -1
        self.show(0)

    def show(self, percent):
        if self.terminal:
            print(f'\r{self.title} {percent:3d} %', end='', flush=True)
        elif percent // 25 > self.printed // 25:
            print(f'{self.title} {percent:3d} %', flush=True)
        self.printed = percent

    def end(self, word):
        start = '\r' if self.terminal else ''
        print(f'{start}{self.title} {word:<7}', flush=True)


def encode(work, line, progress):
    """Runs the line; returns the encoder's name. Failed with its error."""
    encoder, error = '?', None
    # What the muxer puts aside while it works goes with the folder.
    with subprocess.Popen(
            ['env', f'TMPDIR={work}', 'LC_ALL=C.UTF-8', 'gst-launch-1.0',
             '--messages', '--no-position', *line.split()],
            cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors='replace') as process:
        try:
            for text in process.stdout:
                if 'progress, ' in text:
                    found = re.search(r'percent=\(int\)(\d+)', text)
                    if found:
                        progress.show(min(int(found[1]), 99))
                elif 'echoelpreset-encoder' in text:
                    found = re.search(r'chosen=\(string\)"?([\w-]+)', text)
                    encoder = found[1] if found else encoder
                elif 'ERROR' in text and not error:
                    error = re.sub(r'^.*?ERROR:? *', '', text.strip())
                elif 'erroneous pipeline' in text and not error:
                    error = text.strip().replace('WARNING: ', '')
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0 or error:
        raise Failed(error or f'gst-launch-1.0 ended with status '
                              f'{process.returncode}')
    return encoder


def check_result(path, source, limit):
    """The Media of a finished file, or Failed."""
    media = Media(path)
    if not media.video:
        raise Failed('the file has no video that can be read')
    if source.audio and not media.audio:
        raise Failed('the file has no audio')
    # A preset may let a longer file pass with a warning, or trim it.
    if min(abs(media.duration - source.duration),
           abs(media.duration - min(source.duration, limit))) > TOLERANCE:
        raise Failed(f'the file is {media.duration:.2f} s long, the source '
                     f'{source.duration:.2f} s')
    return media


def make(platform, title, options, source):
    """Makes one platform's file; returns its row of the table."""
    final = options.folder / f'{options.file.stem}_{platform}.mp4'
    line = VIDEO_LINE % platform
    if source.audio:
        line += ' ' + AUDIO_LINE
    progress = Progress(title)
    start = time.monotonic()
    # Beside the final name, so that the rename cannot need a copy.
    work = pathlib.Path(tempfile.mkdtemp(prefix='.part-', dir=options.folder))
    try:
        (work / SOURCE).symlink_to(options.file.resolve())
        encoder = encode(work, line, progress)
        media = check_result(work / RESULT, source,
                             platform_limit(options.presets, platform))
        (work / RESULT).replace(final)
    except BaseException as error:
        progress.end('failed' if isinstance(error, Failed) else 'stopped')
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    progress.end('done')
    return [platform, f'{media.video["width"]}x{media.video["height"]}',
            f'{media.rate():.4g}', f'{media.duration:.2f}',
            media.bitrate(media.video),
            media.bitrate(media.audio) if media.audio else '-',
            encoder, f'{time.monotonic() - start:.1f}']


def print_table(rows):
    rows = [['platform', 'raster', 'fps', 'seconds', 'video kbit/s',
             'audio kbit/s', 'encoder', 'took s']] + rows
    widths = [max(map(len, column)) for column in zip(*rows)]
    left = {0, 1, 6}
    print()
    for row in rows:
        print('  '.join(cell.ljust(width) if i in left else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))
                        ).rstrip())


def main():
    parser = argparse.ArgumentParser(description='Make one file a platform.')
    parser.add_argument('--folder', type=pathlib.Path, required=True)
    parser.add_argument('--presets', type=pathlib.Path, required=True)
    parser.add_argument('file', type=pathlib.Path)
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    source = open_source(options.file)
    options.folder.mkdir(exist_ok=True)
    rows, failures = [], 0
    wide = max(map(len, PLATFORMS))
    for i, platform in enumerate(PLATFORMS, 1):
        title = f'[{i}/{len(PLATFORMS)}] {platform:<{wide}}'
        try:
            rows.append(make(platform, title, options, source))
        except Failed as error:
            print(f'  {platform}: {error}', file=sys.stderr)
            failures += 1
    if rows:
        print_table(rows)
        print(f'\nThe files are in {options.folder}/')
    if failures:
        raise Failed(f'{failures} of {len(PLATFORMS)} files could not be made')


if __name__ == '__main__':
    try:
        main()
    except Failed as failure:
        sys.exit(f'demo: {failure}')
    except KeyboardInterrupt:
        print('demo: stopped', file=sys.stderr)
        sys.exit(130)
