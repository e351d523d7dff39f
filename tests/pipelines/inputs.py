# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sources of every kind through echoelpreset: the file is the platform's,
the picture is the source's."""
import exporting
import facts
import media
import pictures
import tools

TIKTOK = (1080, 1920)
# Luma PSNR, dB. A picture that is coded once and otherwise right is above
# the first; one that is turned, moved or stretched is below the second.
RIGHT = 27.0
WRONG = 22.0
MEAN_TOLERANCE = 1.0
AUDIO_BITRATE = 192000


class Inputs(exporting.ExportCase):
    def check_no_sound(self, out, shape):
        """An audio pad on which nothing comes leaves one short silence: a
        track without a single frame makes the whole file unplayable."""
        tracks = facts.probe(out)['audio']
        if shape == exporting.VIDEO_ONLY:
            self.assertEqual(tracks, [])
            return
        self.assertEqual(len(tracks), 1)
        self.assertLess(float(tracks[0]['duration']), 0.1)

    def tiktok(self, clip, reference=None, audio=True,
               shape=exporting.WITH_AUDIO, at=0.0, late=0.0):
        """Exports the clip for TikTok and checks all there is to check; "late"
        is how long the first picture stands in for what comes before it."""
        out, said = self.export(clip, 'platform=tiktok', shape)
        self.check_video(out, TIKTOK, 30, exporting.length_of(clip) + late)
        if audio:
            self.check_audio(out, clip)
        else:
            self.check_no_sound(out, shape)
        self.check_whole(out)
        self.check_picture(out, clip, reference or pictures.cover(*TIKTOK),
                           RIGHT, at)
        return out, said


class PhoneClips(Inputs):
    def test_variable_rate(self):
        self.tiktok(media.phone())

    def check_turned(self, degrees):
        """Upright as players show it, and in no other way."""
        clip = media.phone_rotated(degrees)
        out, _ = self.tiktok(clip)
        for turn in ('vflip,hflip', 'vflip', 'hflip'):
            with self.assertRaises(AssertionError, msg=turn):
                self.check_picture(
                    out, clip, f'{pictures.cover(*TIKTOK)},{turn}', WRONG)

    def test_turned_by_90(self):
        self.check_turned(90)

    def test_turned_by_180(self):
        self.check_turned(180)

    def test_turned_by_270(self):
        self.check_turned(270)


class Rasters(Inputs):
    def test_pixels_that_are_not_square(self):
        self.tiktok(media.ball(), pictures.cover(*TIKTOK, matrix='bt601'))

    def test_odd_height_without_sound(self):
        # From 1.28 on, the demuxer counts from 0, not from the first picture.
        late = (exporting.start_of(media.city())
                if tools.gstreamer_version() >= (1, 28) else 0.0)
        self.tiktok(media.city(), pictures.cover(*TIKTOK, matrix='bt601'),
                    audio=False, shape=exporting.VIDEO_ONLY, late=late)

    def test_4k(self):
        self.tiktok(media.uhd())

    def test_64x64(self):
        self.tiktok(media.tiny(), pictures.cover(*TIKTOK, matrix='bt709'))


class Rates(Inputs):
    def test_23_976(self):
        self.tiktok(media.plain('24000/1001'))

    def test_50(self):
        self.tiktok(media.plain('50'))

    def test_59_94(self):
        self.tiktok(media.plain('60000/1001'))

    def test_59_94_to_60(self):
        clip = media.plain('60000/1001')
        out, _ = self.export(clip, 'platform=youtube-short')
        self.check_video(out, TIKTOK, 60, exporting.length_of(clip))
        self.check_whole(out)

    def test_video_that_starts_after_the_audio(self):
        clip = media.late()
        out, _ = self.export(clip, 'platform=tiktok')
        video = facts.probe(out)['video'][0]
        self.assertEqual(video['avg_frame_rate'], '30/1')
        self.assertTrue(facts.is_constant_rate(out, 30))
        self.assertAlmostEqual(facts.end_of(out), exporting.length_of(clip),
                               delta=1 / 30 + 0.001)
        self.check_audio(out, clip)
        self.check_whole(out)

    def test_overrides(self):
        clip = media.plain('30')
        out, _ = self.export(clip, 'platform=tiktok framerate=25'
                             ' resolution=360x640 bitrate=900')
        self.check_video(out, (360, 640), 25, exporting.length_of(clip))
        self.check_whole(out)


class Interlaced(Inputs):
    def test_fields_are_not_mixed(self):
        clip = media.interlaced()
        out, _ = self.export(clip, 'platform=tiktok')
        self.check_video(out, TIKTOK, 30, exporting.length_of(clip))
        self.check_audio(out, clip)
        self.check_whole(out)
        mixed, clean = self.references(clip)
        worst = pictures.combing(mixed, 576)
        best = pictures.combing(clean, 576)
        self.assertGreater(worst, 4 * best, 'the measure tells nothing')
        self.assertLess(pictures.combing(out, 576), 2 * best)

    def references(self, clip):
        """The clip reframed by ffmpeg with its fields mixed, and apart."""
        made = []
        for name, filters in (('mixed', 'setfield=prog'), ('clean', 'bwdif')):
            made.append(self.folder / f'{name}.mp4')
            cover = pictures.cover(*TIKTOK, matrix='bt601')
            tools.ffmpeg('-v', 'error', '-i', clip, '-an', '-vf',
                         f'{filters},{cover}', '-c:v', 'libx264', '-preset',
                         'superfast', '-crf', '14', made[-1])
        return made


class Formats(Inputs):
    def test_full_range_601(self):
        clip = media.full_range()
        reference = pictures.cover(*TIKTOK, matrix='bt601', full_range=True)
        out, _ = self.tiktok(clip, reference)
        ours = pictures.means(['-i', out])
        for converted in (reference, self.by_zimg()):
            theirs = pictures.means(['-i', clip], converted)
            for plane, mean, wanted in zip('YUV', ours, theirs):
                self.assertAlmostEqual(mean, wanted, delta=MEAN_TOLERANCE,
                                       msg=f'mean {plane}')

    @staticmethod
    def by_zimg():
        """The same conversion by another converter."""
        return ('zscale=w=2560:h=1920:matrixin=170m:matrix=709:rangein=full'
                ':range=limited:primariesin=709:primaries=709:transferin=709'
                ':transfer=709,crop=1080:1920,format=yuv420p')

    def test_10_bit(self):
        self.tiktok(media.ten_bit())

    def test_4_4_4(self):
        self.tiktok(media.cockatoo())

    def test_rgb_with_alpha(self):
        self.tiktok(media.rgba(), pictures.cover(*TIKTOK))

    def test_rgb_with_alpha_in_png(self):
        self.tiktok(media.rgba_png(), pictures.cover(*TIKTOK))


class Sound(Inputs):
    def test_warns_when_audio_is_asked_for_and_there_is_none(self):
        _, said = self.tiktok(media.silent(), audio=False)
        self.assertRegex('\n'.join(tools.warnings(said)), '(?i)audio')

    def test_video_alone_when_nothing_else_is_asked_for(self):
        _, said = self.tiktok(media.silent(), audio=False,
                              shape=exporting.VIDEO_ONLY)
        self.assertEqual(tools.warnings(said), [])

    def test_mono_44100(self):
        self.tiktok(media.mono())

    def test_5_1(self):
        self.tiktok(media.surround())

    def test_bitrate_of_a_noise(self):
        out, _ = self.export(media.noise(), 'platform=instagram-post')
        self.assertAlmostEqual(
            int(facts.probe(out)['audio'][0]['bit_rate']), AUDIO_BITRATE,
            delta=AUDIO_BITRATE * 0.05)

    def test_audio_longer_than_video(self):
        self.tiktok(media.uneven(1, 3))

    def test_audio_shorter_than_video(self):
        self.tiktok(media.uneven(2, 1))


class Limits(Inputs):
    """max-duration, where the clip is twice as long."""
    SHORT = 'platform=tiktok max-duration=1000000000 duration-policy='

    def clip(self):
        return media.plain(seconds=2)

    def test_trim_ends_at_the_limit(self):
        out, _ = self.export(self.clip(), f'{self.SHORT}trim')
        self.check_video(out, TIKTOK, 30, 1.0)
        self.assertLessEqual(facts.end_of(out, 'a:0'),
                             1.0 + exporting.AUDIO_SLACK)
        self.check_whole(out)

    def test_warn_keeps_everything(self):
        out, said = self.export(self.clip(), f'{self.SHORT}warn')
        self.check_video(out, TIKTOK, 30, 2.0)
        self.assertRegex('\n'.join(tools.warnings(said)), r'\b1(\.0+)? s')

    def test_ignore_says_nothing(self):
        out, said = self.export(self.clip(), f'{self.SHORT}ignore')
        self.check_video(out, TIKTOK, 30, 2.0)
        self.assertEqual(tools.warnings(said), [])

    def test_error_leaves_no_file(self):
        out = self.folder / 'out.mp4'
        result = tools.launch_failing(exporting.WITH_AUDIO.format(
            source=self.clip(), preset=f'{self.SHORT}error', out=out))
        self.assertNotEqual(result.code, 0)
        errors = tools.error_lines(result)
        self.assertRegex(errors[0], r'\b1(\.0+)? s')
        self.assertLessEqual(set(errors[1:]), {tools.STOPPED})
        self.assertFalse(facts.playable(out))


if __name__ == '__main__':
    tools.main()
