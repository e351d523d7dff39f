# SPDX-License-Identifier: LGPL-2.1-or-later
"""What rounding costs: echoelcrop and ffmpeg, each against its own filter in
double precision. Run by "./dev bench quality", too, for the table."""
import media
import pictures
import tools

FRAMES = 4
# A result that is rounded to 8 bits once, and nowhere else, reaches 58.9 dB.
GOOD = 57.0
# A phone's clip is soft: grain shows what a filter does.
GRAIN = 'noise=alls=24:all_seed=1:allf=t'
# swscale's flags; without parameters its cubic filter has C = 0.6, ours 0.5.
PEERS = {
    'scale=flags=bicubic': 'flags=bicubic',
    'flags=bicubic+accurate_rnd': 'flags=bicubic+accurate_rnd',
}
# Rounded once is rounded once: what remains between two such is chance.
CHANCE = 0.05
OURS, THEIRS = 0.5, 0.6
WORKS = {
    '1080p to 720p': ((1920, 1080), (1280, 720)),
    '1080p to 360p': ((1920, 1080), (640, 360)),
    '608x1080 to 1080x1920': ((608, 1080), (1080, 1920)),
}


def score(source, source_size, result, result_size, c):
    tool = tools.BUILD / 'tests' / 'bench' / 'resample-psnr'
    told = tools.run([tool, source, *source_size, result, *result_size, c])
    if told.code != 0:
        raise AssertionError(told.err)
    return float(told.out)


class Quality(tools.TestCase):
    def ours(self, source, size, target):
        out = self.folder / 'ours.raw'
        self.launch_ok(
            f'filesrc location={source} ! rawvideoparse format=i420'
            f' width={size[0]} height={size[1]} framerate=25/1'
            f' ! echoelcrop fit=stretch ! video/x-raw,format=I420'
            f',width={target[0]},height={target[1]},pixel-aspect-ratio=1/1'
            f' ! filesink location={out}')
        return score(source, size, out, target, OURS)

    def theirs(self, source, size, target, flags):
        out = pictures.make_raw(
            self.folder / 'theirs.raw', [*pictures.raw(*size), '-i', source],
            f'scale={target[0]}:{target[1]}:{flags}')
        return score(source, size, out, target, THEIRS)

    def test_no_worse_than_ffmpeg(self):
        print('\n| bicubic, luma, against the filter in double precision'
              ' | echoelcrop | ' + ' | '.join(PEERS) + ' |')
        print('| --- ' * (2 + len(PEERS)) + '|')
        for name, (size, target) in WORKS.items():
            source = pictures.make_raw(
                self.folder / 'source.raw', ['-i', media.phone()],
                f'crop={size[0]}:{size[1]},{GRAIN}', FRAMES)
            ours = self.ours(source, size, target)
            peers = [self.theirs(source, size, target, flags)
                     for flags in PEERS.values()]
            print(f'| {name} | {ours:.2f} dB | '
                  + ' | '.join(f'{value:.2f} dB' for value in peers) + ' |',
                  flush=True)
            with self.subTest(name):
                self.assertGreaterEqual(ours, GOOD)
                self.assertGreaterEqual(ours, peers[0])
                self.assertGreaterEqual(ours, peers[1] - CHANCE)

    def test_another_filter_is_told_apart(self):
        size, target = WORKS['1080p to 720p']
        source = pictures.make_raw(
            self.folder / 'source.raw', ['-i', media.phone()], GRAIN, 1)
        self.assertLess(
            self.theirs(source, size, target, 'flags=bilinear'), 45)


if __name__ == '__main__':
    tools.main()
