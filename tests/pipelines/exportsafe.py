# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is on the disk stays what it is: several exports at once, leftovers of
killed ones, notes, and the inputs that a resume takes for the same."""
import fcntl
import os
import signal

import batch
import facts
import tools

SETTINGS = 'platforms=tiktok:resolution=144x256,bitrate=300'
DIGITS = '0123abcd'
TWO_CLIPS = (
    'compositor name=c sink_1::xpos=200 sink_1::ypos=10'
    ' ! video/x-raw,width=320,height=180,framerate=30/1 ! queue'
    ' ! e.video filesrc location={source} ! decodebin ! queue ! c.sink_0'
    ' filesrc location={second} ! decodebin ! videoscale'
    ' ! video/x-raw,width=100,height=56 ! queue ! c.sink_1'
    ' echoelexportsink name=e {settings}')


class SafeCase(batch.BatchCase):
    def setUp(self):
        super().setUp()
        self.source = batch.copy_clip(batch.clip(1), self.folder / 'in.mp4')
        self.file = self.out / 'in_tiktok.mp4'
        self.note = self.out / '.in_tiktok.mp4.made'
        self.part = self.out / f'.in_tiktok.mp4.{DIGITS}.part'

    def resume(self, settings=SETTINGS, source=None, **options):
        return self.exported(f'{settings} resume=true', source or self.source,
                             **options)

    def check_skipped(self, result):
        self.assertRegex(result.out, '0 of 1 files .* 1 were there')

    def check_made(self, result):
        self.assertRegex(result.out, '1 of 1 files .* 0 were there')

    def check_whole(self):
        """The file is whole, the one its note speaks of, and alone."""
        self.assertTrue(facts.is_fast_start(self.file))
        self.assertEqual(facts.decode_complaints(self.file), '')
        names = sorted(path.name for path in self.out.iterdir())
        self.assertIn(names, (['.in_tiktok.mp4.made', 'in_tiktok.mp4'],
                              ['in_tiktok.mp4']))
        if self.note.exists():
            self.assertIn(f'\nsize={self.file.stat().st_size}\n',
                          self.note.read_text())


class AtOnce(SafeCase):
    def both(self, first, second):
        """Two exports that overlap; returns their exit codes and words."""
        batch.copy_clip(batch.clip(20), self.source)
        processes = []
        for settings in (first, second):
            process = self.start(f'{settings} progress-interval=1000000',
                                 self.source)
            self.read_until(process, r'Progress: \(export\) \d+ %')
            process.send_signal(signal.SIGSTOP)
            processes.append(process)
        for process in processes:
            process.send_signal(signal.SIGCONT)
        said = [process.communicate(timeout=120 * tools.SLOWDOWN)[0]
                for process in processes]
        return [process.returncode for process in processes], ''.join(said)

    def test_with_other_settings_the_later_one_replaces(self):
        codes, said = self.both(f'{SETTINGS} resume=true', SETTINGS.replace(
            '300', '900') + ' resume=true')
        self.assertEqual(codes, [0, 0], said)
        self.check_whole()

    def test_with_the_same_settings_one_file_does_for_both(self):
        codes, said = self.both(*[f'{SETTINGS} resume=true'] * 2)
        self.assertEqual(codes, [0, 0], said)
        self.assertIn('is there already', said)
        self.check_whole()

    def test_without_resume_only_one_gets_the_name(self):
        codes, said = self.both(SETTINGS, SETTINGS)
        self.assertEqual(sorted(codes), [0, 1], said)
        self.assertIn('Will not replace', said)
        self.check_whole()


class Leftovers(SafeCase):
    def test_the_part_of_a_killed_run_goes(self):
        self.out.mkdir()
        self.part.write_text('half a film')
        self.exported(SETTINGS, self.source)
        self.check_whole()

    def test_a_part_that_still_grows_stays(self):
        self.out.mkdir()
        with open(self.part, 'w') as growing:
            fcntl.flock(growing, fcntl.LOCK_EX)
            result = self.export(SETTINGS, self.source)
            self.assertEqual(result.code, 0, result.err)
            self.assertTrue(self.part.exists())

    def test_no_link_leads_a_write_away(self):
        """Nor is what it points at taken for a leftover."""
        victim = self.folder / 'victim'
        victim.write_text('precious')
        self.out.mkdir()
        for name in (self.part.name, '.in_tiktok.mp4.part'):
            (self.out / name).symlink_to(victim)
        result = self.export(SETTINGS, self.source)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(victim.read_text(), 'precious')
        self.assertFalse(self.file.is_symlink())
        self.check_file(self.file, (144, 256), 30, 1)

    def test_a_link_without_an_end_is_no_free_name(self):
        self.out.mkdir()
        self.file.symlink_to(self.folder / 'nowhere')
        result = tools.launch_failing(self.line(SETTINGS, self.source))
        self.assertRegex(tools.error_lines(result)[-1], 'Will not replace')
        self.assertTrue(self.file.is_symlink())

    def test_killed_between_the_name_and_its_note(self):
        self.resume()
        os.link(self.file, self.part)
        self.note.rename(self.part.with_suffix('.made'))
        self.check_skipped(self.resume())
        self.check_whole()

    def test_killed_between_the_note_and_the_name(self):
        """As it is where one file takes the place of another."""
        self.resume()
        old = self.note.read_text()
        stamp = self.file.stat()
        self.resume(SETTINGS.replace('300', '900'))
        self.part.write_bytes(self.file.read_bytes())
        self.file.write_bytes(b'x' * stamp.st_size)
        self.check_made(self.resume(SETTINGS.replace('300', '900')))
        self.assertNotEqual(self.note.read_text(), old)
        self.check_whole()


class Notes(SafeCase):
    def test_a_film_of_another_input_is_never_replaced(self):
        other = batch.copy_clip(batch.clip(2), self.folder / 'b/in.mp4')
        self.resume()
        stamp = self.file.stat().st_mtime_ns
        result = tools.launch_failing(self.line(f'{SETTINGS} resume=true',
                                                other))
        self.assertEqual(result.code, 1)
        self.assertRegex(tools.error_lines(result)[-1],
                         rf'was made from file://.*{self.source.name}')
        self.assertEqual(self.file.stat().st_mtime_ns, stamp)
        self.check_skipped(self.resume())

    def test_the_same_size_and_time_are_not_the_same_input(self):
        self.resume()
        info = self.source.stat()
        self.source.write_bytes(self.source.read_bytes())
        os.utime(self.source, ns=(info.st_atime_ns, info.st_mtime_ns))
        self.check_made(self.resume())

    def test_sound_that_was_not_there_before(self):
        self.resume(shape='filesrc location={source} ! decodebin'
                    ' ! echoelexportsink {settings}')
        self.check_file(self.file, (144, 256), 30, 1, audio=False)
        self.check_made(self.resume())
        self.check_file(self.file, (144, 256), 30, 1)
        self.check_skipped(self.resume())

    def test_a_composition_is_never_taken_for_the_same(self):
        second = batch.copy_clip(batch.clip(1), self.folder / 'second.mp4')
        shape = TWO_CLIPS.replace('{second}', str(second))
        settings = f'{SETTINGS} overwrite=true'
        result = self.resume(settings, shape=shape)
        self.assertRegex(' '.join(tools.warnings(result)),
                         'resume=true has no effect')
        self.check_made(self.resume(settings, shape=shape))

    def test_nor_is_a_timeline(self):
        """One clip, of which the project shows a part."""
        batch.need_ges()
        project = self.folder / 'show.xges'
        made = tools.gst('ges-launch-1.0', '--track-types=video',
                         '--save-only', project, '+clip', self.source,
                         'start=0.0', 'duration=1.0', TMPDIR=self.folder)
        self.assertTrue(project.is_file(), made.out + made.err)
        result = self.resume(f'{SETTINGS} base-name=show', project,
                             shape='filesrc location={source} ! decodebin'
                             ' ! echoelexportsink {settings}',
                             TMPDIR=self.folder)
        self.assertRegex(' '.join(tools.warnings(result)),
                         'resume=true has no effect')


class Clashes(SafeCase):
    def check_refused(self, settings, words):
        result = tools.launch_failing(self.line(settings, self.source))
        self.assertNotEqual(result.code, 0)
        self.assertRegex(tools.error_lines(result)[0], words)
        self.assertFalse(self.out.exists())

    def test_a_size_that_nobody_knows_yet_is_no_name(self):
        self.check_refused(
            'platforms=batch:formats=h264-high,resolutions=original+320x180'
            ' location={name}_{width}x{height}.mp4', 'use {platform}')

    def test_upper_and_lower_case_are_one_name(self):
        self.check_refused('platforms=tiktok:name=A,tiktok:name=a',
                           'same name')


if __name__ == '__main__':
    tools.main()
