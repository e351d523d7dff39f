# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plots simulated runs into docs/adaptive/ and prints the table that
docs/adaptive.md has. The same tree makes the same pictures.

report.py ADAPTIVE-RUNS [RECORDED-TRACE...]"""
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import tools    # noqa: E402

# Of the random traces the first ones are enough.
PLOTTED = re.compile(r'(?!.*\b[3-8] CUBIC).* CUBIC Echoel\.dat|'
                     r'(?:step|stairs|ramp|steep|square|sine|outage|constant)'
                     r'.* CUBIC Echoel\.dat')
GNUPLOT = """
set terminal svg size 900,420 font "sans,11" background "white"
set output "{output}"
set multiplot
set lmargin 8
set rmargin 3
set xrange [0:{seconds}]
set grid
set key outside top horizontal
set size 1,0.62
set origin 0,0.38
set ylabel "Mbit/s"
set yrange [0:{top}]
set title "{title}"
set style fill solid 0.15
plot "{ours}" using 1:($2>{top}?{top}:$2) with filledcurves x1 lc rgb "#336699" title "path carries", \\
  "{ours}" using 1:3 with steps lw 2 lc rgb "#cc3311" title "bitrate", \\
  {obs_rate}"{ours}" using 1:4 with lines lw 1 lc rgb "#228833" title "delivered"
set size 1,0.4
set origin 0,0
unset title
set xlabel "seconds"
set ylabel "delay, s"
set yrange [0:{delay_top}]
plot "{ours}" using 1:($5>{delay_top}?{delay_top}:$5) with lines lw 2 lc rgb "#cc3311" title "delay"{obs_delay}
"""
OBS_RATE = '"{obs}" using 1:3 with steps lw 1 lc rgb "#999999" title "OBS", '
OBS_DELAY = (', "{obs}" using 1:($5>{delay_top}?{delay_top}:$5) with lines '
             'lw 1 lc rgb "#999999" title "OBS"')
RATE_TOP = 8
DELAY_TOP = 3


def slug(title):
    return re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')


def plot(ours, obs, title, output, rate_top=RATE_TOP, delay_top=DELAY_TOP):
    """One picture of a run: seconds, capacity, bitrate, delivered, delay."""
    seconds = ours.read_text(encoding='utf-8').split('\n')[-2].split()[0]
    values = dict(ours=ours, obs=obs, title=title, output=output,
                  seconds=seconds, top=rate_top, delay_top=delay_top)
    script = GNUPLOT.format(
        obs_rate=OBS_RATE.format(**values) if obs else '',
        obs_delay=OBS_DELAY.format(**values) if obs else '', **values)
    subprocess.run([tools.need('gnuplot', 'gnuplot-nox')], input=script,
                   text=True, check=True)
    # What differs from machine to machine and shows nothing.
    text = output.read_text(encoding='utf-8')
    text = re.sub(r'<desc>.*?</desc>\s*', '', text, flags=re.S)
    text = re.sub(r'(\d+\.\d)\d+', r'\1', text)
    text = re.sub(r'<g [^>]*>\s*</g>\s*', '', text)
    lines = [line.rstrip().replace('\t', ' ') for line in text.splitlines()]
    output.write_text('\n'.join(line for line in lines if line) + '\n',
                      encoding='utf-8')


def main(program, *traces):
    folder = tools.SOURCE / 'docs/adaptive'
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        data = pathlib.Path(temporary)
        subprocess.run([program, data, *traces], check=True)
        for ours in sorted(data.glob('*CUBIC Echoel.dat')):
            if traces or not PLOTTED.fullmatch(ours.name):
                continue
            title = ours.name.removesuffix(' CUBIC Echoel.dat')
            obs = data / ours.name.replace('Echoel', 'OBS')
            plot(ours, obs, title, folder / f'{slug(title)}.svg')
            print('docs/adaptive/' + slug(title) + '.svg')


if __name__ == '__main__':
    main(*sys.argv[1:])
