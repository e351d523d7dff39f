# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong in an export: one file ends alone, and a final name never
stands for half a file."""
import os
import re
import shlex
import signal

import batch
import facts
import media
import tools

FINAL = re.compile(r'^[^.].*\.mp4$')
LIMIT = 2 * 10**9
HALF = 0.5
PAIR = ('platforms=tiktok:resolution=144x256,'
        'youtube-video:resolution=256x144')


class Faults(batch.BatchCase):
    def check_finals(self, folder, known=()):
        """Every final name holds a whole file; returns the names."""
        names = [path.name for path in folder.iterdir()
                 if FINAL.match(path.name) and path.name not in known]
        for name in names:
            self.assertTrue(facts.is_fast_start(folder / name), name)
            self.assertEqual(facts.decode_complaints(folder / name), '', name)
        return names

    def on_disk(self, size, line, source):
        """Runs a line with a file system of its own at "disk"; what was
        written is in "kept"."""
        for name in ('disk', 'kept'):
            (self.folder / name).mkdir()
        argv = ['gst-launch-1.0', *shlex.split(batch.LINE.format(
            source=source, settings=line))]
        return tools.run(batch.mounted(size, *argv), 120, tools.gst_env(),
                         self.folder)

    def test_a_full_disk_ends_the_file_that_does_not_fit(self):
        """The larger file breaks the disk; the small one has room again."""
        source = media.phone_looped(2)
        result = self.on_disk('size=1100k', (
            'directory=disk platforms=tiktok:bitrate=9000,resolution=720p,'
            'twitter:bitrate=200,resolution=320x180'), source)
        said = result.out + result.err
        self.assertNotEqual(result.code, 0, said)
        self.assertRegex(tools.error_lines(result)[-1],
                         '1 of 2 files failed: tiktok: .*[Ss]pace')
        names = self.check_finals(self.folder / 'kept')
        self.assertEqual(names, [f'{source.stem}_twitter.mp4'], said)
        self.assertEqual(batch.without_parts(self.folder / 'kept')[1], [])

    def test_a_folder_that_cannot_be_written(self):
        result = self.on_disk('ro', f'directory=disk/here {PAIR}',
                              batch.clip(1))
        self.assertNotEqual(result.code, 0)
        self.assertRegex(tools.error_lines(result)[-1],
                         '2 of 2 files failed: tiktok: Cannot write .*'
                         'Read-only file system')

    def test_a_name_that_cannot_be_written_ends_alone(self):
        """The name is one of a folder; nobody may replace that."""
        blocked = self.out / f'{batch.clip(1).stem}_tiktok.mp4'
        (blocked / 'inside').mkdir(parents=True)
        result = tools.launch_failing(
            self.line(f'{PAIR} overwrite=true', batch.clip(1)))
        self.assertNotEqual(result.code, 0)
        self.assertRegex(tools.error_lines(result)[-1],
                         '1 of 2 files failed: tiktok: Cannot name')
        self.check_file(self.out / f'{batch.clip(1).stem}_youtube-video.mp4',
                        (256, 144), 60, 1)

    def test_too_long_a_name_ends_alone(self):
        long = 'x' * 150
        result = tools.launch_failing(self.line(
            f'{PAIR},instagram-post:name={long},resolution=144x144'
            ' location={platform}-{platform}.mp4',
            batch.clip(1)))
        self.assertRegex(tools.error_lines(result)[-1],
                         '1 of 3 files failed: x+: Cannot write .*too long')
        self.assertEqual(len(self.check_finals(self.out)), 2)

    def test_any_is_enough_when_the_user_says_so(self):
        blocked = self.out / f'{batch.clip(1).stem}_tiktok.mp4'
        blocked.mkdir(parents=True)
        result = self.export(f'{PAIR} require=any', batch.clip(1))
        self.assertEqual(result.code, 0, result.err)
        self.assertRegex(' '.join(tools.warnings(result)), 'tiktok failed')
        self.assertTrue((self.out / f'{batch.clip(1).stem}_youtube-video.mp4'
                         ).is_file())

    def test_an_input_cut_in_half_makes_no_file(self):
        whole = batch.clip(3)
        cut = self.folder / 'cut.mp4'
        data = whole.read_bytes()
        cut.write_bytes(data[:int(len(data) * HALF)])
        result = tools.launch_failing(self.line(PAIR, cut))
        self.assertNotEqual(result.code, 0)
        self.assertEqual(self.check_finals(self.out), [])
        self.assertEqual(batch.without_parts(self.out)[1], [])

    def test_an_input_with_a_hole_keeps_its_length_or_fails(self):
        """Bytes are gone in the middle: whatever the decoder makes of it, a
        final name is a whole file."""
        data = bytearray(batch.clip(3).read_bytes())
        middle = len(data) // 2
        data[middle:middle + 20000] = bytes(20000)
        hole = self.folder / 'hole.mp4'
        hole.write_bytes(data)
        result = tools.launch_failing(self.line(PAIR, hole))
        names = self.check_finals(self.out)
        for name in names:
            self.assertAlmostEqual(facts.end_of(self.out / name), 3, delta=0.1)
        self.assertEqual(len(names), 2 if result.code == 0 else 0)

    def test_interrupt_leaves_no_file_and_no_part(self):
        process = self.start(PAIR + ' progress-interval=1000000',
                             batch.clip(20))
        said = self.read_until(process, r'Progress: \(export\) \d+ %')
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[0]
        self.assertNotIn('of 2 files in', said + rest.split('Interrupt')[0])
        self.assertEqual(list(self.out.iterdir()), [])

    def test_a_kill_leaves_no_final_name_and_resume_goes_on(self):
        settings = (f'{PAIR},instagram-story:resolution=144x256,'
                    'max-duration=500000000 duration-policy=trim'
                    ' resume=true progress-interval=1000000')
        source = batch.clip(20)
        process = self.start(settings, source)
        self.read_until(process, r'Progress: \(instagram-story\) .* took ')
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        story = f'{source.stem}_instagram-story.mp4'
        self.assertEqual(self.check_finals(self.out), [story])
        # Bitrates make no difference to what is tested, but to the time.
        result = self.export(settings, source)
        self.assertEqual(result.code, 0, result.err)
        self.assertRegex(result.out, '2 of 3 files in .* 1 were there')
        self.assertEqual(len(self.check_finals(self.out)), 3)
        self.assertEqual(batch.without_parts(self.out)[1], [])

    def test_eight_files_in_two_gigabytes(self):
        group = batch.MemoryGroup(LIMIT)
        self.addCleanup(group.close)
        source = media.phone_looped(2)
        argv = ['gst-launch-1.0', *shlex.split(self.line(
            'platforms=all memory-limit=2000000000', source))]
        result = group.run(argv, 300)
        self.assertEqual(result.code, 0, (result.out + result.err)[-3000:])
        self.assertEqual(len(self.check_finals(self.out)), batch.FILES)


if __name__ == '__main__':
    tools.main()
