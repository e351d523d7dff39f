# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs programs for the tests: own process group, deadline, captured output."""
import collections
import functools
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE = pathlib.Path(os.environ.get('ECHOEL_SOURCE_DIR',
                                     pathlib.Path(__file__).parents[2]))
BUILD = pathlib.Path(os.environ.get('ECHOEL_BUILD_DIR', SOURCE / 'build'))
# A sanitizer's library, for the gst-* tools alone; everything takes longer.
PRELOAD = os.environ.get('ECHOEL_PRELOAD')
SLOWDOWN = 6 if PRELOAD else 1
SKIPPED = 77
FAILING_TRIES = 8
FAILING_SECONDS = 10

Result = collections.namedtuple('Result', 'code out err seconds')

# What gst-launch-1.0 prints once for each error message or refused line.
ERROR_LINE = re.compile(
    r'^(?:ERROR: from element (?P<element>\S+): (?P<text>.*)'
    r'|WARNING: erroneous pipeline: (?P<parse>.*))$', re.M)


# What a stock source adds when an element after it has failed.
STOPPED = 'Internal data stream error.'


class TimedOut(AssertionError):
    """The program did not end by itself; it has been killed."""


def need(tool, package):
    """Skips the test when a program is missing; returns its path."""
    path = shutil.which(tool, path=os.environ.get('PATH', '') + ':/usr/sbin')
    if path is None:
        raise unittest.SkipTest(f'{tool} is missing (Debian: {package})')
    return path


def need_element(name, package):
    """Skips the test when a stock GStreamer element is missing."""
    if gst('gst-inspect-1.0', '--exists', name).code != 0:
        raise unittest.SkipTest(
            f'element {name} is missing (Debian: {package})')


@functools.cache
def package_files(package):
    if shutil.which('dpkg') is None:
        raise unittest.SkipTest(f'no dpkg to find the files of {package}')
    listing = subprocess.run(['dpkg', '-L', package], capture_output=True,
                             text=True)
    if listing.returncode != 0:
        raise unittest.SkipTest(f'Debian package {package} is not installed')
    return [pathlib.Path(line) for line in listing.stdout.splitlines()]


def packaged(package, name):
    """The path of a media file that a Debian package installs."""
    for path in package_files(package):
        if path.name == name and path.is_file():
            return path
    raise unittest.SkipTest(f'Debian package {package} has no {name}')


def _end(process):
    os.killpg(process.pid, signal.SIGKILL)
    return process.communicate()


def run(argv, timeout=60, env=None, cwd=None):
    """Runs argv to its end; text is decoded leniently, nothing is raised
    for an exit status."""
    argv = [str(arg) for arg in argv]
    start = time.monotonic()
    process = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=env, cwd=cwd, start_new_session=True)
    try:
        out, err = process.communicate(timeout=timeout * SLOWDOWN)
    except subprocess.TimeoutExpired:
        out, err = _end(process)
        raise TimedOut(
            f'{shlex.join(argv)}\nstill ran after {timeout * SLOWDOWN} s;'
            f'\n{_text(out)[-2000:]}\n{_text(err)[-4000:]}') from None
    except BaseException:
        _end(process)
        raise
    return Result(process.returncode, _text(out), _text(err),
                  time.monotonic() - start)


def _text(data):
    return data.decode('utf-8', 'replace')


def gst_env(**extra):
    env = dict(os.environ, LC_ALL='C.UTF-8', GST_DEBUG_NO_COLOR='1')
    env.setdefault('GST_PLUGIN_PATH_1_0', str(BUILD / 'gst'))
    env.setdefault('GST_ENCODING_TARGET_PATH', '')
    env.update({key: str(value) for key, value in extra.items()})
    if PRELOAD:
        env['LD_PRELOAD'] = f"{PRELOAD} {env.get('LD_PRELOAD', '')}"
    return env


def gstreamer_version():
    """(1, 22) and so on, of the tools that run here."""
    told = gst('gst-inspect-1.0', '--version').out
    major, minor = re.search(r'GStreamer (\d+)\.(\d+)', told).groups()
    return int(major), int(minor)


def gst(tool, *args, timeout=60, cwd=None, **env):
    """Runs one of the gst-* tools."""
    return run([tool, *args], timeout, gst_env(**env), cwd)


def launch(line, *flags, timeout=60, cwd=None, **env):
    """Runs a gst-launch-1.0 line, given as a user would type it."""
    return gst('gst-launch-1.0', *flags, *shlex.split(line), timeout=timeout,
               cwd=cwd, **env)


def launch_failing(line, **env):
    """Runs a line that is expected to fail. Now and then gst-launch-1.0 1.22
    stays in its loop when two errors reach it at once, with stock elements
    too: only a line that never ends is a fault."""
    for _ in range(FAILING_TRIES - 1):
        try:
            return launch(line, timeout=FAILING_SECONDS, **env)
        except TimedOut:
            continue
    return launch(line, timeout=FAILING_SECONDS, **env)


def ffmpeg(*args, timeout=120):
    """Runs ffmpeg, which must succeed; returns its stderr and stdout."""
    result = run(['ffmpeg', '-nostdin', '-hide_banner', '-y', *args], timeout)
    if result.code != 0:
        raise AssertionError(f'ffmpeg {args} failed:\n{result.err[-4000:]}')
    return result


def error_lines(result):
    """The errors that gst-launch-1.0 printed, without their debug part."""
    return [match['text'] or match['parse']
            for match in ERROR_LINE.finditer(result.err)]


def warnings(result):
    """The warnings that gst-launch-1.0 printed, among its other output."""
    return re.findall(r'^WARNING: from element \S+: (.*)$',
                      result.out + result.err, re.M)


class TestCase(unittest.TestCase):
    """A test with a folder of its own that is gone afterwards."""
    maxDiff = None
    longMessage = True

    @classmethod
    def setUpClass(cls):
        need('gst-launch-1.0', 'gstreamer1.0-tools')
        need('ffmpeg', 'ffmpeg')
        need('ffprobe', 'ffmpeg')

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix='echoel-test-')
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def launch_ok(self, line, *flags, **options):
        """Runs a line that must end well and without an error."""
        result = launch(line, *flags, **options)
        self.assertEqual(result.code, 0, f'{line}\n{result.err[-4000:]}')
        self.assertEqual(error_lines(result), [], line)
        return result


def main():
    """Runs the calling file's tests; exit status 77 when any was skipped, so
    that a skip never counts as a pass."""
    result = unittest.main(exit=False, verbosity=2).result
    if not result.wasSuccessful():
        sys.exit(1)
    for test, reason in result.skipped:
        print(f'SKIPPED {test}: {reason}', file=sys.stderr)
    sys.exit(SKIPPED if result.skipped else 0)
