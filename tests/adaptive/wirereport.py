# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plots the long runs on real connections into docs/adaptive/."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import report   # noqa: E402
import tools    # noqa: E402


def main(*tests):
    folder = tools.SOURCE / 'docs/adaptive'
    with tempfile.TemporaryDirectory() as temporary:
        env = dict(os.environ, ECHOEL_LONG='1', ECHOEL_PLOTS=temporary)
        wire = pathlib.Path(__file__).with_name('wire.py')
        done = subprocess.run([sys.executable, '-B', wire,
                               *(tests or ('Steps', 'LongSteps'))], env=env)
        for data in sorted(pathlib.Path(temporary).glob('*.dat')):
            title = 'wire ' + data.stem
            report.plot(data, None, title,
                        folder / f'{report.slug(title)}.svg')
            print('docs/adaptive/' + report.slug(title) + '.svg')
    sys.exit(done.returncode)


if __name__ == '__main__':
    main(*sys.argv[1:])
