# SPDX-License-Identifier: LGPL-2.1-or-later
"""The recipe of docs/scale-out.md, as it stands there, on three clips of which
one is broken."""
import csv
import re

import batch
import facts
import tools

PAGE = tools.SOURCE / 'docs/scale-out.md'
PLATFORMS = 'tiktok:resolution=144x256,youtube-video:resolution=256x144'


def recipe(heading):
    """The first shell block below a heading."""
    text = PAGE.read_text('utf-8')
    return re.search(rf'^## {heading}\n.*?```sh\n(.*?)```', text,
                     re.M | re.S)[1]


class ScaleOut(batch.BatchCase):
    def setUp(self):
        super().setUp()
        batch.need_parallel()
        job = self.folder / 'export-one'
        job.write_text(recipe('The job'))
        job.chmod(0o755)
        for name in ('one', 'two', 'broken'):
            batch.copy_clip(batch.clip(1), self.folder / f'clips/{name}.mp4')
        self.out = self.out / 'clips'
        self.broken = self.folder / 'clips/broken.mp4'
        self.whole = self.broken.read_bytes()
        self.broken.write_bytes(self.whole[:len(self.whole) // 3])

    def run_recipe(self):
        (self.folder / 'jobs.log').unlink(missing_ok=True)
        env = tools.gst_env(PLATFORMS=PLATFORMS, HOME=self.folder)
        result = tools.run(['sh', '-c', recipe('GNU parallel')], 120, env,
                           self.folder)
        with open(self.folder / 'jobs.log', encoding='utf-8') as log:
            jobs = {re.search(r'clips/(\w+)', row['Command'])[1]:
                    int(row['Exitval'])
                    for row in csv.DictReader(log, delimiter='\t')}
        return result, jobs

    def test_two_clips_of_one_name_have_their_files_each(self):
        self.broken.unlink()
        batch.copy_clip(batch.clip(2), self.folder / 'clips/b/one.mp4')
        result, _ = self.run_recipe()
        self.assertEqual(result.code, 0, result.err)
        for folder, seconds in (('', 1), ('b', 2)):
            self.check_file(self.out / folder / 'one_tiktok.mp4', (144, 256),
                            30, seconds)

    def finals(self):
        return sorted(path.name for path in self.out.glob('*.mp4'))

    def test_a_broken_clip_costs_its_own_files_and_a_second_run_the_rest(self):
        result, jobs = self.run_recipe()
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual(jobs, {'one': 0, 'two': 0, 'broken': 1})
        self.assertEqual(self.finals(), [
            'one_tiktok.mp4', 'one_youtube-video.mp4',
            'two_tiktok.mp4', 'two_youtube-video.mp4'])
        stamps = {name: (self.out / name).stat().st_mtime_ns
                  for name in self.finals()}

        self.broken.write_bytes(self.whole)
        result, jobs = self.run_recipe()
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(set(jobs.values()), {0})
        self.assertEqual(len(self.finals()), 6)
        for name, stamp in stamps.items():
            self.assertEqual((self.out / name).stat().st_mtime_ns, stamp, name)
        for name in self.finals():
            self.assertEqual(facts.decode_complaints(self.out / name), '')


if __name__ == '__main__':
    tools.main()
