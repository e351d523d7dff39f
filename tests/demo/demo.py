#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One file in, one file for each platform out; "./dev demo" calls it.

One gst-launch-1.0 line makes them all in one pass. Afterwards each is looked
at: ffprobe reads it and it is as long as the source, or as the platform
allows.
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

# gst-launch-1.0 runs in a folder of its own, where the name is plain: nothing
# of the user's file names needs quoting in the line.
SOURCE = 'source'
LINE = f"""filesrc location={SOURCE} ! decodebin name=d
    d. ! queue ! e.video
    echoelexportsink name=e platforms={','.join(PLATFORMS)}
    location={{platform}}.{{ext}} progress-interval=500000000"""
AUDIO_LINE = 'd. ! queue ! e.audio'


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
    """One line for all: rewritten on a terminal, else one a quarter."""

    def __init__(self):
        self.terminal = sys.stdout.isatty()
        self.printed = -1

    def show(self, percent, text):
        if self.terminal:
            print(f'\r{text:<60.60}', end='', flush=True)
        elif percent // 25 > self.printed // 25:
            print(text, flush=True)
        self.printed = percent

    def end(self):
        if self.terminal:
            print(f'\r{"":60}\r', end='', flush=True)


def unquote(text):
    """A value of a structure as gst-launch-1.0 prints it."""
    return re.sub(r'\\(.)', r'\1', text.strip().strip('"'))


def field(text, name):
    found = re.search(rf'\b{name}=\(\w+\)("(?:[^"\\]|\\.)*"|[^,;]*)', text)
    return unquote(found[1]) if found else ''


def export(work, line, progress):
    """Runs the line; returns the facts of each file by its platform, and the
    first error."""
    files, error = {}, None
    # What the elements put aside while they work goes with the folder.
    with subprocess.Popen(
            ['env', f'TMPDIR={work}', 'LC_ALL=C.UTF-8', 'gst-launch-1.0',
             '--messages', '--no-position', *line.split()],
            cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors='replace') as process:
        try:
            for text in process.stdout:
                shown = re.match(r'Progress: \(export\) (\d+) %, ([^(]*)', text)
                if shown:
                    progress.show(int(shown[1]), f'{shown[1]:>3} %, {shown[2]}')
                elif 'echoelexportsink-file,' in text:
                    files[field(text, 'platform')] = {
                        name: field(text, name)
                        for name in ('state', 'encoder', 'seconds', 'error')}
                elif text.startswith('ERROR') and not error:
                    error = re.sub(r'^.*?ERROR:? *', '', text.strip())
                elif 'erroneous pipeline' in text and not error:
                    error = text.strip().replace('WARNING: ', '')
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0 and not error:
        error = f'gst-launch-1.0 ended with status {process.returncode}'
    return files, error


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


def take(platform, made, work, options, source):
    """Gives one platform's file its name; returns its row of the table."""
    if made.get('state') != 'done':
        raise Failed(made.get('error') or 'it was not made')
    part = work / f'{platform}.mp4'
    media = check_result(part, source, platform_limit(options.presets,
                                                      platform))
    part.replace(options.folder / f'{options.file.stem}_{platform}.mp4')
    return [platform, f'{media.video["width"]}x{media.video["height"]}',
            f'{media.rate():.4g}', f'{media.duration:.2f}',
            media.bitrate(media.video),
            media.bitrate(media.audio) if media.audio else '-',
            made['encoder'], f'{number(made["seconds"]):.1f}']


def make_all(options, source):
    """Makes all files; returns their rows, and how many failed."""
    rows, failures = [], 0
    progress = Progress()
    # Beside the final names, so that a rename cannot need a copy.
    work = pathlib.Path(tempfile.mkdtemp(prefix='.part-', dir=options.folder))
    try:
        (work / SOURCE).symlink_to(options.file.resolve())
        files, error = export(work, LINE + (f' {AUDIO_LINE}' if source.audio
                                            else ''), progress)
        progress.end()
        if not files:
            raise Failed(error or 'nothing was made')
        for platform in PLATFORMS:
            try:
                rows.append(take(platform, files.get(platform, {}), work,
                                 options, source))
            except Failed as failure:
                print(f'  {platform}: {failure}', file=sys.stderr)
                failures += 1
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return rows, failures


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
    start = time.monotonic()
    rows, failures = make_all(options, source)
    if rows:
        print_table(rows)
        print(f'\nThe files are in {options.folder}/, made in '
              f'{time.monotonic() - start:.1f} s')
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
