# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each codec in MP4 and MOV, held against ffprobe, MediaInfo and mp4box.js:
what stands in the sample entry and what in the samples."""
import facts
import judges
import tools

RASTER = 'width=320,height=240,framerate=30/1'
LINE = ('videotestsrc num-buffers={frames} ! video/x-raw,format={format}'
        f',{RASTER},colorimetry={{color}}{{more}}'
        ' ! {encoder} ! echoelmp4mux {mux} ! filesink location={out}')
HDR = (',mastering-display-info=(string)'
       '35400:14600:8500:39850:6550:2300:15635:16450:10000000:50'
       ',content-light-level=(string)1000:400')
# Video, sequence and picture parameter sets.
HEVC_SETS, H264_SETS = {32, 33, 34}, {7, 8}
HEVC_KEY_SLICES = {19, 20}


class Formats(tools.TestCase):
    def make(self, encoder, name='out.mp4', frames=20, format='I420',
             color='bt709', more='', mux=''):
        self.out = self.folder / name
        self.launch_ok(LINE.format(encoder=encoder, out=self.out,
                                   frames=frames, format=format, color=color,
                                   more=more, mux=mux))
        self.assertEqual(facts.decode_complaints(self.out), '')
        self.video = facts.probe(self.out)['video'][0]
        self.assertEqual(float(self.video['start_time']), 0)
        self.assertAlmostEqual(float(self.video['duration']), frames / 30,
                               delta=1e-6)
        return self.video

    def judge(self, codec, frames=20):
        """mp4box.js: its codec string, and what it says beside."""
        told = judges.mp4box(self.out)
        self.assertEqual(told['troubles'], [])
        self.assertTrue(told['progressive'], 'the index is not in front')
        track = told['tracks'][0]
        self.assertRegex(track['codec'], codec)
        self.assertEqual(track['samples'], frames)
        self.assertAlmostEqual(track['shown'], frames / 30, delta=1e-6)
        return track

    def test_hevc_samples_hold_no_parameter_sets(self):
        tools.need_element('x265enc', 'gstreamer1.0-plugins-bad')
        video = self.make('x265enc key-int-max=5'
                          ' option-string="info=0:open-gop=0:repeat-headers=1"'
                          ' ! video/x-h265,profile=main ! h265parse')
        self.assertEqual(video['codec_tag_string'], 'hvc1')
        for sample in judges.samples(self.out):
            self.assertFalse(HEVC_SETS
                             & set(judges.nal_types(sample, hevc=True)))
        self.judge(r'^hvc1\.1\.')

    def test_h264_samples_hold_no_parameter_sets(self):
        self.make('x264enc key-int-max=5 bframes=2 ! video/x-h264,profile=high'
                  ' ! h264parse')
        for sample in judges.samples(self.out):
            self.assertFalse(H264_SETS
                             & set(judges.nal_types(sample, hevc=False)))
        self.judge(r'^avc1\.6400')

    def test_hdr10_is_told_in_boxes_and_samples(self):
        """The first sample of x265enc 1.22 and 1.26 has a message with memory
        of the encoder in it: what is left is what belongs there."""
        tools.need_element('x265enc', 'gstreamer1.0-plugins-bad')
        video = self.make('x265enc option-string="info=0:open-gop=0"'
                          ' ! video/x-h265,profile=main-10 ! h265parse',
                          format='I420_10LE', color='bt2100-pq', more=HDR)
        first = judges.nal_types(judges.samples(self.out)[0], hevc=True)
        self.assertIn(first[-1], HEVC_KEY_SLICES)
        self.assertFalse(HEVC_SETS & set(first))
        self.assertEqual(len(first), len(set(first)) + first.count(39) - 1)
        kinds = {data['side_data_type']: data
                 for data in video['side_data_list']}
        display = kinds['Mastering display metadata']
        self.assertEqual(display['green_x'], '8500/50000')
        self.assertEqual(display['red_x'], '35400/50000')
        self.assertEqual(display['max_luminance'], '10000000/10000')
        light = kinds['Content light level metadata']
        self.assertEqual((light['max_content'], light['max_average']),
                         (1000, 400))
        track = self.judge(r'^hvc1\.2\.')
        self.assertIn('mdcv', track['boxes'])
        self.assertIn('clli', track['boxes'])
        told = judges.mediainfo(self.out)['Video']
        self.assertIn('HDR10', told['HDR_Format_Compatibility'])
        self.assertEqual(told['MaxCLL'].removesuffix(' cd/m2'), '1000')

    def test_hlg_has_its_colours(self):
        tools.need_element('x265enc', 'gstreamer1.0-plugins-bad')
        video = self.make('x265enc ! video/x-h265,profile=main-10 ! h265parse',
                          format='I420_10LE', color='bt2100-hlg')
        self.assertEqual(video['color_transfer'], 'arib-std-b67')
        self.judge(r'^hvc1\.2\.')

    def test_av1_is_valid(self):
        tools.need_element('av1enc', 'gstreamer1.0-plugins-bad')
        self.make('av1enc cpu-used=8 ! av1parse', frames=10)
        data = self.out.read_bytes()
        config = data[data.index(b'av1C') + 4:]
        # Marker and version; profile 0, a level; 8 bits of 4:2:0.
        self.assertEqual(config[0], 0x81)
        self.assertEqual(config[1] >> 5, 0)
        self.assertEqual(config[2] & 0xfc, 0x0c)
        track = self.judge(r'^av01\.0\.\d\dM\.08', frames=10)
        self.assertIn('av1C', track['boxes'])
        self.assertEqual(judges.mediainfo(self.out)['Video']['Format'], 'AV1')
        # Temporal delimiters have no place in a file.
        for sample in judges.samples(self.out):
            self.assertNotEqual(sample[0] >> 3 & 15, 2)

    def test_prores_frames_tell_their_colours(self):
        tools.need_element('avenc_prores_ks', 'gstreamer1.0-libav')
        for color, wanted in (('bt709', ('bt709',) * 3),
                              ('bt2100-hlg', ('bt2020', 'arib-std-b67',
                                              'bt2020nc'))):
            with self.subTest(color=color):
                video = self.make('avenc_prores_ks profile=hq vendor=apl0',
                                  name='out.mov', format='I422_10LE',
                                  color=color, mux='container=mov')
                self.assertEqual(video['codec_tag_string'], 'apch')
                self.assertEqual((video['color_primaries'],
                                  video['color_transfer'],
                                  video['color_space']), wanted)
                head = judges.samples(self.out)[0]
                self.assertNotIn(2, head[22:25])

    def test_pcm_in_mov(self):
        out = self.folder / 'out.mov'
        self.launch_ok(
            'audiotestsrc num-buffers=30 samplesperbuffer=1600 !'
            ' audio/x-raw,format=S24LE,rate=48000,channels=2 ! queue ! mux.'
            f' videotestsrc num-buffers=30 ! video/x-raw,format=I420,{RASTER}'
            ' ! x264enc ! h264parse ! queue ! mux.'
            f' echoelmp4mux name=mux container=mov ! filesink location={out}')
        # ffmpeg guesses that two channels are left and right, and says so.
        self.assertNotIn('error', facts.decode_complaints(out))
        audio = facts.probe(out)['audio'][0]
        self.assertEqual(audio['codec_name'], 'pcm_s24le')
        self.assertEqual(audio['duration'], '1.000000')

    def test_boxes_survive_another_muxer(self):
        """ffmpeg writes again what it understood of mdcv and clli: byte for
        byte the same."""
        tools.need_element('x265enc', 'gstreamer1.0-plugins-bad')
        self.make('x265enc option-string="info=0:open-gop=0"'
                  ' ! video/x-h265,profile=main-10 ! h265parse',
                  format='I420_10LE', color='bt2100-pq', more=HDR)
        again = self.folder / 'again.mp4'
        tools.ffmpeg('-i', self.out, '-c', 'copy', '-strict', 'unofficial',
                     again)
        for name, size in ((b'mdcv', 24), (b'clli', 4)):
            boxes = [data[data.index(name):][:4 + size]
                     for data in (self.out.read_bytes(), again.read_bytes())]
            self.assertEqual(*boxes)


if __name__ == '__main__':
    tools.main()
