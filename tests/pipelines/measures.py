# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tests' own measures, on files that are known to be wrong: a check that
cannot fail would prove nothing."""
import facts
import media
import pictures
import tools

H264 = '-f lavfi -t 3 -i testsrc2=size=320x180:rate=30 -c:v libx264 -g 30'


class Measures(tools.TestCase):
    def test_open_gops_are_found(self):
        wrong = media.make('open-gop.mp4', f'{H264} -bf 2 -sc_threshold 0'
                           ' -x264-params open-gop=1:bframes=3:b-adapt=0')
        right = media.make('closed-gop.mp4', f'{H264} -bf 2')
        self.assertNotEqual(facts.open_gops(wrong), [])
        self.assertEqual(facts.open_gops(right), [])
        self.assertIn('B', facts.picture_types(right))

    def test_long_gaps_are_found(self):
        clip = media.make('long-gop.mp4', f'{H264} -g 75 -sc_threshold 0')
        self.assertAlmostEqual(max(facts.key_gaps(clip)), 2.5, delta=0.001)

    def test_late_moov_is_found(self):
        late = media.make('late.mp4', H264)
        early = media.make('early.mp4', f'{H264} -movflags +faststart')
        self.assertFalse(facts.is_fast_start(late))
        self.assertTrue(facts.is_fast_start(early))

    def test_uneven_rates_are_found(self):
        self.assertFalse(facts.is_constant_rate(media.phone(), 30))
        self.assertTrue(facts.is_constant_rate(media.plain(), 30))

    def test_damage_is_found(self):
        clip = media.plain()
        damaged = self.folder / 'damaged.mp4'
        data = bytearray(clip.read_bytes())
        # More than one frame: garbage inside of one may well decode.
        middle, length = len(data) // 2, len(data) // 8
        data[middle:middle + length] = b'\xa5' * length
        damaged.write_bytes(data)
        self.assertEqual(facts.decode_complaints(clip), '')
        self.assertNotEqual(facts.decode_complaints(damaged), '')

    def test_half_a_frame_after_the_sound_is_no_damage(self):
        clip = media.make('even.flv', media.lavfi(
            'testsrc2=size=320x180:rate=30', 'sine')
            + ' -c:v libx264 -bf 0 -c:a aac')
        video = facts.packets(clip)[0].pts * 1000
        sound = facts.packets(clip, 'a:0')[0].pts * 1000
        # 1.5 frames of 1/30 s: 50 ms, then 83, 117: 1.5, 2.49, 3.51 frames.
        ahead = round(50 - video + sound)
        late = media.make('half.flv', '-i SOURCE -c copy '
                          f'-bsf:v setts=ts=TS+{ahead}', clip)
        self.assertEqual(facts.decode_complaints(late), '')
        same = media.make('same.flv', '-i SOURCE -c copy '
                          '-bsf:v setts=ts=floor(TS/67)*67', clip)
        self.assertIn('non monotonically', facts.decode_complaints(same))

    def test_slices_are_counted(self):
        clip = media.make('slices.mp4',
                          f'{H264} -x264-params slice-max-size=500')
        sizes = [nal.size for unit in facts.access_units(clip)
                 for nal in facts.slices(unit)]
        self.assertGreater(len(sizes), 90)
        self.assertLessEqual(max(sizes), 500)

    def test_combed_pictures_are_found(self):
        clip = media.interlaced()
        apart = media.make('apart.mp4', '-i SOURCE -an -vf bwdif', clip)
        self.assertGreater(pictures.combing(clip, 576),
                           4 * pictures.combing(apart, 576))

    def test_a_program_that_hangs_is_ended(self):
        with self.assertRaises(tools.TimedOut):
            tools.run(['sleep', '600'], timeout=0.2)


if __name__ == '__main__':
    tools.main()
