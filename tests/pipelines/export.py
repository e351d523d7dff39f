# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many files from one pass: names, what is shared, limits, resuming, and
compositions as a source."""
import re

import batch
import exporting
import facts
import media
import tools


class Export(batch.BatchCase):
    def test_all_platforms_from_a_real_clip(self):
        """Each is what echoelpreset alone would make, in a small raster."""
        source = media.phone_looped(2)
        result = self.exported('platforms=all:resolution=256x144', source)
        names, _ = batch.without_parts(self.out)
        self.assertEqual(names, sorted(
            f'{source.stem}_{p}.mp4' for p in exporting.PLATFORMS))
        length = exporting.length_of(source)
        for platform, (_, _, fps, _) in exporting.PLATFORMS.items():
            path = self.out / f'{source.stem}_{platform}.mp4'
            self.check_file(path, (256, 144), fps, length)
        self.assertRegex(result.out + result.err,
                         r'Progress: \(export\) 8 of 8 files in')

    def test_each_platform_has_its_own_raster(self):
        self.exported('platforms=tiktok:quality=low,twitter:quality=low',
                      batch.clip(1))
        for platform in ('tiktok', 'twitter'):
            width, height, fps, _ = exporting.PLATFORMS[platform]
            self.check_file(self.out / f'{batch.clip(1).stem}_{platform}.mp4',
                            (width, height), fps, 1)

    def test_video_alone(self):
        self.exported('platforms=tiktok:resolution=144x256', shape=(
            'filesrc location={source} ! decodebin'
            ' ! echoelexportsink {settings}'))
        self.check_file(self.out / f'{batch.clip().stem}_tiktok.mp4',
                        (144, 256), 30, 3, audio=False)

    def test_sound_that_never_comes(self):
        """A silent clip with an audio pad that nobody feeds ends by itself."""
        said = self.exported('platforms=tiktok:resolution=144x256',
                             media.silent(), shape=(
                                 'filesrc location={source} ! decodebin name=d'
                                 ' d. ! queue ! e.video fakesrc num-buffers=0'
                                 ' ! audio/x-raw,rate=48000,channels=2,'
                                 'format=S16LE,layout=interleaved ! e.audio'
                                 ' echoelexportsink name=e {settings}'))
        self.assertRegex(' '.join(tools.warnings(said)), 'No audio arrived')

    def test_formats_times_resolutions(self):
        self.exported('platforms=batch:formats=h264-high+h264-main,'
                      'resolutions=256x144+128x72', batch.clip(1))
        for name, profile in (('high', 'High'), ('main', 'Main')):
            for raster in ((256, 144), (128, 72)):
                size = 'x'.join(map(str, raster))
                path = self.out / f'{batch.clip(1).stem}_h264-{name}_{size}.mp4'
                self.check_file(path, raster, 30, 1)
                self.assertEqual(facts.probe(path)['video'][0]['profile'],
                                 profile)

    def test_equal_settings_are_one_encode(self):
        result = tools.launch(self.line(
            'platforms=tiktok:resolution=144x256,'
            'tiktok:name=again,resolution=144x256', batch.clip(1)), '-m')
        self.assertEqual(result.code, 0, result.err)
        self.assertRegex(result.out, r'echoelexportsink-plan.*'
                         r'encodes=\(uint\)1,.*files=\(uint\)2')
        one, two = (self.out / f'{batch.clip(1).stem}_{name}.mp4'
                    for name in ('tiktok', 'again'))
        self.assertEqual(facts.packets(one), facts.packets(two))

    def test_messages_for_programs(self):
        result = tools.launch(self.line(
            f'platforms={batch.SMALL} progress-interval=1000000',
            batch.clip(2)), '-m')
        self.assertEqual(result.code, 0, result.err)
        told = re.findall(r'echoelexportsink-progress, percent=\(int\)(-?\d+)',
                          result.out)
        percents = [int(percent) for percent in told]
        self.assertTrue(percents)
        self.assertEqual(percents, sorted(percents))
        summary = re.search(r'echoelexportsink-summary,.*', result.out)[0]
        self.assertIn('done=(uint)8', summary)
        for word in ('location', 'size', 'duration', 'seconds', 'speed',
                     'error'):
            self.assertEqual(summary.count(f'{word}\\=\\('), batch.FILES,
                             summary)


class Names(batch.BatchCase):
    SETTINGS = 'platforms=tiktok:resolution=144x256,bitrate=300'

    def test_template(self):
        self.exported(f'{self.SETTINGS} location='
                      '{{platform}}/{{width}}x{{height}}-{{name}}.{{ext}}'
                      .replace('{{', '{').replace('}}', '}'), batch.clip(1))
        self.assertTrue((self.out / 'tiktok'
                         / f'144x256-{batch.clip(1).stem}.mp4').is_file())

    def test_base_name_when_the_source_has_none(self):
        self.exported(f'{self.SETTINGS} base-name=../../my/show', shape=(
            'videotestsrc num-buffers=15'
            ' ! video/x-raw,width=320,height=180,framerate=30/1'
            ' ! echoelexportsink {settings}'))
        self.assertEqual(batch.without_parts(self.out)[0],
                         ['_.._my_show_tiktok.mp4'])

    def test_what_cannot_be_a_name_is_refused_before_the_work(self):
        for settings, words in (
                ('location={nonsense}.mp4', 'nonsense'),
                ('location=../{name}.mp4', 'leads out'),
                ('platforms=tiktok,twitter location={name}.mp4', 'same name'),
                ('platforms=myspace', 'myspace'),
                ('platforms=tiktok:colour=red', 'colour'),
                ('reframing=fit=sideways', 'reframing')):
            with self.subTest(settings=settings):
                result = tools.launch_failing(self.line(settings))
                self.assertNotEqual(result.code, 0)
                self.assertRegex(tools.error_lines(result)[0], words)
                self.assertFalse(self.out.exists())


class Existing(batch.BatchCase):
    SETTINGS = 'platforms=tiktok:resolution=144x256,bitrate=300'

    def setUp(self):
        super().setUp()
        self.source = batch.copy_clip(batch.clip(1), self.folder / 'in.mp4')
        self.file = self.out / 'in_tiktok.mp4'

    def stamp(self):
        info = self.file.stat()
        return info.st_ino, info.st_mtime_ns

    def test_a_file_that_is_there_is_not_replaced_unasked(self):
        self.out.mkdir()
        self.file.write_text('precious')
        result = tools.launch_failing(self.line(self.SETTINGS, self.source))
        self.assertEqual(result.code, 1)
        self.assertRegex(tools.error_lines(result)[-1], 'Will not replace')
        self.assertEqual(self.file.read_text(), 'precious')
        self.exported(f'{self.SETTINGS} overwrite=true', self.source)
        self.check_file(self.file, (144, 256), 30, 1)

    def test_resume_skips_what_is_whole(self):
        self.exported(f'{self.SETTINGS} resume=true', self.source)
        stamp = self.stamp()
        result = self.exported(f'{self.SETTINGS} resume=true', self.source)
        self.assertEqual([text for text in tools.warnings(result)
                          if 'may refuse' not in text], [])
        self.assertRegex(result.out, '0 of 1 files .* 1 were there')
        self.assertEqual(self.stamp(), stamp)

    def test_resume_makes_it_again_when_something_differs(self):
        self.exported(f'{self.SETTINGS} resume=true', self.source)
        stamp = self.stamp()
        self.exported(f'{self.SETTINGS},quality=low resume=true', self.source)
        self.assertNotEqual(self.stamp(), stamp, 'other settings')
        stamp = self.stamp()
        batch.copy_clip(batch.clip(2), self.source)
        self.exported(f'{self.SETTINGS},quality=low resume=true', self.source)
        self.assertNotEqual(self.stamp(), stamp, 'another input')
        stamp = self.stamp()
        with open(self.file, 'r+b') as file:
            file.truncate(1000)
        self.exported(f'{self.SETTINGS},quality=low resume=true', self.source)
        self.assertNotEqual(self.stamp(), stamp, 'a damaged file')

    def test_resume_goes_on_where_some_are_missing(self):
        settings = f'platforms={batch.SMALL} resume=true'
        self.exported(settings, self.source)
        self.file.unlink()
        result = self.exported(settings, self.source)
        self.assertRegex(result.out, '1 of 8 files .* 7 were there')


class Durations(batch.BatchCase):
    """Limits are set by hand: no platform's is short enough for a test."""
    LIST = ('platforms=tiktok:resolution=144x256,max-duration=1000000000,'
            'instagram-reel:resolution=144x256,max-duration=2500000000,'
            'youtube-video:resolution=256x144')

    def path(self, platform):
        return self.out / f'{batch.clip().stem}_{platform}.mp4'

    def test_warn_names_the_platforms_before_the_work(self):
        result = self.exported(self.LIST)
        told = [text for text in tools.warnings(result) if 'longer' in text]
        self.assertEqual(len(told), 1, result.out)
        self.assertRegex(told[0], r'tiktok \(1.000 s\), '
                         r'instagram-reel \(2.500 s\)\.$')
        said = result.out
        self.assertLess(said.index(told[0]), said.index('Progress: (tiktok)'))
        self.check_file(self.path('tiktok'), (144, 256), 30, 3)

    def test_trim_ends_a_branch_while_the_others_go_on(self):
        result = tools.launch(
            self.line(f'{self.LIST} duration-policy=trim'), '-m')
        self.assertEqual(result.code, 0, result.err)
        for platform, seconds, fps in (('tiktok', 1, 30),
                                       ('instagram-reel', 2.5, 30),
                                       ('youtube-video', 3, 60)):
            path = self.path(platform)
            self.assertAlmostEqual(facts.end_of(path), seconds,
                                   delta=0.001 + (seconds == 3) / fps)
            self.assertLessEqual(facts.end_of(path, 'a:0'),
                                 seconds + 2 * batch.AUDIO_FRAME)
            self.assertGreater(facts.end_of(path, 'a:0'),
                               seconds - 3 * batch.AUDIO_FRAME)
        ended = re.findall(r'echoelexportsink-file, platform=\(string\)'
                           r'"?([\w-]+)', result.out)
        self.assertEqual(ended, ['tiktok', 'instagram-reel', 'youtube-video'])

    def test_all_trimmed_ends_before_the_source_does(self):
        self.exported('platforms=tiktok:resolution=144x256,'
                      'max-duration=1000000000 duration-policy=trim')
        self.assertAlmostEqual(facts.end_of(self.path('tiktok')), 1,
                               delta=0.001)

    def test_error_fails_only_what_is_too_long(self):
        result = tools.launch_failing(
            self.line(f'{self.LIST} duration-policy=error'))
        self.assertEqual(result.code, 1)
        self.assertRegex(tools.error_lines(result)[-1], '2 of 3 files failed')
        self.assertFalse(self.path('tiktok').exists())
        self.check_file(self.path('youtube-video'), (256, 144), 60, 3)


# Of x264's streams with repeated frames, whatever encodes them.
X264_COMPLAINT = 'mmco: unref short failure'


class Compositions(batch.BatchCase):
    """Any raw streams are a source."""
    SETTINGS = ('platforms=tiktok:resolution=144x256,'
                'youtube-video:resolution=256x144 base-name=show')

    def check(self, seconds):
        for platform, raster, fps in (('tiktok', (144, 256), 30),
                                      ('youtube-video', (256, 144), 60)):
            path = next(self.out.glob(f'*_{platform}.mp4'))
            self.check_file(path, raster, fps, seconds, known=X264_COMPLAINT)

    def test_a_compositor_with_sound_from_one_of_its_clips(self):
        self.exported(self.SETTINGS, batch.clip(2), shape=(
            'compositor name=c sink_1::xpos=200 sink_1::ypos=10'
            ' ! video/x-raw,width=320,height=180,framerate=30/1 ! queue'
            ' ! e.video filesrc location={source} ! decodebin name=d'
            ' d. ! queue ! c.sink_0  d. ! queue ! e.audio'
            ' filesrc location={source} ! decodebin ! videoscale'
            ' ! video/x-raw,width=100,height=56 ! queue ! c.sink_1'
            ' echoelexportsink name=e {settings}'))
        self.check(2)

    def test_a_timeline_with_a_cross_fade_and_a_title(self):
        batch.need_ges()
        one = batch.copy_clip(batch.clip(3), self.folder / 'one.mp4')
        project = self.folder / 'show.xges'
        made = tools.gst(
            'ges-launch-1.0', '--track-types=video+audio',
            '--save-only', project,
            '+clip', one, 'start=0.0', 'duration=2.0', 'layer=1',
            '+clip', one, 'start=1.0', 'duration=2.0', 'inpoint=1.0',
            'layer=1',
            '+title', 'Hello', 'start=0.0', 'duration=1.0', 'layer=0',
            TMPDIR=self.folder)
        self.assertTrue(project.is_file(), made.out + made.err)
        self.assertIn('GESTransitionClip', project.read_text('utf-8'))
        self.exported(self.SETTINGS, project, TMPDIR=self.folder)
        self.check(3)


if __name__ == '__main__':
    tools.main()
