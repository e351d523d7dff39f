# SPDX-License-Identifier: LGPL-2.1-or-later
"""How echoelexportsink is driven and what it says, for the tests of it."""
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import time
import unittest

import facts
import media
import tools

# All eight platforms, small: the encodes and rates are distinct as ever.
SMALL = 'all:resolution=256x144'
FILES = 8
AUDIO_FRAME = 1024 / 48000
LINE = ('filesrc location={source} ! decodebin name=d'
        ' d. ! queue ! e.video  d. ! queue ! e.audio'
        ' echoelexportsink name=e {settings}')


def clip(seconds=3):
    """A small clip with sound and its index in front."""
    return media.make(
        f'batch-{seconds}s.mp4',
        media.lavfi('testsrc2=size=320x180:rate=30', media.TONE, seconds)
        + f' {media.X264} {media.BT709} {media.AAC} -movflags +faststart')


def progress(text):
    """The progress lines of gst-launch-1.0 as pairs of code and text."""
    return re.findall(r'^Progress: \(([\w-]+)\) (.*)$', text, re.M)


def without_parts(folder):
    """The names in a folder, and whether any is that of an unfinished file."""
    names = sorted(p.name for p in folder.iterdir() if p.is_file())
    return names, [n for n in names if n.endswith('.part')]


def mounted(size, *argv):
    """The command with a file system of its own at "disk" below its folder."""
    tools.need('unshare', 'util-linux')
    flags = ['--mount'] if os.geteuid() == 0 else ['--mount', '--user',
                                                   '--map-root-user']
    if subprocess.run(['unshare', *flags, 'mount', '-t', 'tmpfs', 'none',
                       '/mnt'], capture_output=True).returncode != 0:
        raise unittest.SkipTest('this machine lets nobody mount a file system')
    line = shlex.join(map(str, argv))
    return ['unshare', *flags, 'sh', '-c',
            f'mount -t tmpfs -o {size} none disk && {line}; code=$?;'
            ' cp -a disk/. kept; exit $code']


class MemoryGroup:
    """A group of processes that may use so much memory."""

    def __init__(self, limit):
        root = pathlib.Path('/sys/fs/cgroup')
        old = (root / 'memory').is_dir()
        self.folder = ((root / 'memory' if old else root)
                       / f'echoel-test-{os.getpid()}')
        files = (['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes']
                 if old else ['memory.max', 'memory.swap.max'])
        self.peak_file = ('memory.max_usage_in_bytes' if old
                          else 'memory.peak')
        try:
            self.folder.mkdir()
        except OSError as error:
            raise unittest.SkipTest(f'no memory cgroup can be made: {error}')
        try:
            (self.folder / files[0]).write_text(str(limit))
        except OSError as error:
            self.close()
            raise unittest.SkipTest(f'no memory limit can be set: {error}')
        # Without swap accounting there is nothing to limit.
        if (self.folder / files[1]).exists():
            (self.folder / files[1]).write_text(
                str(limit) if old else '0')

    def run(self, argv, timeout):
        join = f'echo $$ > {self.folder}/cgroup.procs && exec '
        return tools.run(['sh', '-c', join + shlex.join(map(str, argv))],
                         timeout, tools.gst_env())

    def close(self):
        # What ran in it may take a moment to be gone.
        for _ in range(100):
            try:
                self.folder.rmdir()
                return
            except OSError:
                time.sleep(0.05)


class BatchCase(tools.TestCase):
    def setUp(self):
        super().setUp()
        self.out = self.folder / 'out'

    def line(self, settings, source=None, shape=LINE):
        return shape.format(
            source=source or clip(),
            settings=f'directory={self.out} {settings}')

    def export(self, settings, source=None, shape=LINE, timeout=120, **env):
        return tools.launch(self.line(settings, source, shape),
                            timeout=timeout, **env)

    def exported(self, settings, source=None, shape=LINE, **options):
        """An export that must end well."""
        result = self.export(settings, source, shape, **options)
        said = result.out + result.err
        self.assertEqual(result.code, 0, said[-6000:])
        self.assertEqual(tools.error_lines(result), [])
        self.assertNotRegex(said, r'CRITICAL|GLib-GObject-WARNING')
        self.check_progress(said)
        self.assertEqual(without_parts(self.out)[1], [])
        return result

    def check_progress(self, said):
        """Progress begins after PLAYING, and ends for all that has begun."""
        lines = progress(said)
        self.assertTrue(lines, said[-3000:])
        self.assertLess(said.index('Setting pipeline to PLAYING'),
                        said.index('Progress: ('))
        self.assertEqual(lines[0][0], 'export')
        self.assertRegex(lines[-1][1], r'^\d+ of \d+ files in ')
        started = [code for code, text in lines
                   if text.startswith(str(self.out)) and 'took' not in text]
        for code in started:
            self.assertGreaterEqual(
                len([text for c, text in lines if c == code]), 2, code)

    def check_file(self, path, raster, fps, seconds, audio=True,
                   known='no complaint'):
        """A whole file of that shape and length."""
        shown = facts.probe(path)
        video = shown['video'][0]
        self.assertEqual((video['width'], video['height']), raster)
        self.assertEqual(video['r_frame_rate'], f'{fps}/1')
        self.assertAlmostEqual(facts.end_of(path), seconds,
                               delta=1 / fps + 0.001, msg=path.name)
        self.assertEqual(len(shown['audio']), int(audio))
        if audio:
            # The end of the sound may fall into a frame.
            self.assertAlmostEqual(facts.end_of(path, 'a:0'), seconds,
                                   delta=2 * AUDIO_FRAME + 0.002)
        self.assertTrue(facts.is_fast_start(path), facts.boxes(path))
        self.assertEqual([line for line
                          in facts.decode_complaints(path).splitlines()
                          if known not in line], [])

    def start(self, settings, source=None):
        """Starts an export; the caller ends it."""
        argv = ['gst-launch-1.0', *shlex.split(self.line(settings, source))]
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=tools.gst_env(), text=True,
            errors='replace', start_new_session=True)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        if not process.stdout.closed:
            process.communicate()

    def read_until(self, process, pattern):
        """Reads on until a line matches; returns what was read."""
        said = ''
        for line in process.stdout:
            said += line
            if re.search(pattern, line):
                return said
        self.fail(f'never said {pattern}:\n{said[-3000:]}')
        return said


def need_ges():
    tools.need_element('gesdemux', 'ges1.0-tools')
    return tools.need('ges-launch-1.0', 'ges1.0-tools')


def need_parallel():
    return tools.need('parallel', 'parallel')


def copy_clip(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target
