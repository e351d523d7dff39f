# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every format, resolution and frame rate of echoelpreset with the encoders
of this machine, read back with ffprobe."""
import facts
import tools

SOURCE = 'videotestsrc num-buffers={} ! video/x-raw,width=320,height=180,' \
         'framerate={} ! echoelpreset platform=youtube {} ! {} ! filesink ' \
         'location="{}"'
FRAMES = 12

# Format, muxer, file, codec tag, profile, pixel format.
FORMATS = [
    ('h264-baseline', 'mp4mux', 'mp4', 'avc1', 'Constrained Baseline',
     'yuv420p'),
    ('h264-main', 'qtmux', 'mov', 'avc1', 'Main', 'yuv420p'),
    ('h264-high', 'mp4mux', 'mp4', 'avc1', 'High', 'yuv420p'),
    ('h264-high', 'qtmux', 'mov', 'avc1', 'High', 'yuv420p'),
    ('hevc-main', 'mp4mux', 'mp4', 'hvc1', 'Main', 'yuv420p'),
    ('hevc-main', 'qtmux', 'mov', 'hvc1', 'Main', 'yuv420p'),
    ('hevc-main10', 'mp4mux', 'mp4', 'hvc1', 'Main 10', 'yuv420p10le'),
    ('prores-422-proxy', 'qtmux', 'mov', 'apco', 'Proxy', 'yuv422p10le'),
    ('prores-422-lt', 'qtmux', 'mov', 'apcs', 'LT', 'yuv422p10le'),
    ('prores-422', 'qtmux', 'mov', 'apcn', 'Standard', 'yuv422p10le'),
    ('prores-422-hq', 'qtmux', 'mov', 'apch', 'HQ', 'yuv422p10le'),
    ('prores-4444', 'qtmux', 'mov', 'ap4h', '4444', 'yuva444p12le'),
    # MP4 of GStreamer 1.22 has a wrong av1C.
    ('av1', 'matroskamux', 'mkv', None, 'Main', 'yuv420p'),
    ('av1', 'webmmux', 'webm', None, 'Main', 'yuv420p'),
]

RATES = ['24/1', '25/1', '30/1', '60/1', '120/1', '24000/1001', '30000/1001',
         '60000/1001', '120000/1001']

RESOLUTIONS = [('480p', 640, 480), ('720p', 1280, 720), ('1080p', 1920, 1080),
               ('1440x1080', 1440, 1080), ('2160p', 3840, 2160),
               ('original', 320, 180)]


class Formats(tools.TestCase):
    def encode(self, settings, muxer, name, frames=FRAMES, rate='30/1'):
        path = self.folder / name
        line = SOURCE.format(frames, rate, settings, muxer, path)
        self.launch_ok(line)
        self.assertEqual(facts.decode_complaints(path), '', line)
        return facts.ffprobe(path, '-count_frames', '-show_streams'
                             )['streams'][0]

    def test_every_format_is_what_it_says(self):
        for name, muxer, suffix, tag, profile, pixels in FORMATS:
            with self.subTest(format=name, muxer=muxer):
                video = self.encode(f'format={name} resolution=320x180 '
                                    'framerate=30/1', muxer,
                                    f'{name}.{suffix}')
                if tag:
                    self.assertEqual(video['codec_tag_string'], tag)
                self.assertEqual(video['profile'], profile)
                self.assertEqual(video['pix_fmt'], pixels)
                self.assertEqual(int(video['nb_read_frames']), FRAMES)
                self.assertEqual((video['width'], video['height']), (320, 180))

    def test_every_rate_is_exact(self):
        for codec in ('h264-high', 'hevc-main'):
            for rate in RATES:
                with self.subTest(format=codec, rate=rate):
                    video = self.encode(
                        f'format={codec} resolution=160x90 framerate={rate}',
                        'qtmux', f'{rate.replace("/", "-")}.mov', FRAMES, rate)
                    self.assertEqual(video['r_frame_rate'], rate)
                    self.assertEqual(video['avg_frame_rate'], rate)
                    self.assertEqual(int(video['nb_read_frames']), FRAMES)

    def test_no_rate_shortens_the_end(self):
        """The last picture is shown as long as it was, by a source, too, that
        does not say where its segment stops."""
        for rate, frames in ('10/1', 10), ('24/1', 24), ('50/1', 50):
            with self.subTest(rate=rate):
                video = self.encode(
                    'format=h264-high resolution=160x90 framerate=60/1',
                    'qtmux', f'{frames}.mov', frames, rate)
                self.assertEqual(int(video['nb_read_frames']), 60)

    def test_every_resolution_is_made(self):
        for name, width, height in RESOLUTIONS:
            with self.subTest(resolution=name):
                video = self.encode(f'resolution={name} framerate=30/1 '
                                    'quality=low', 'mp4mux', f'{name}.mp4', 3)
                self.assertEqual((video['width'], video['height']),
                                 (width, height))


if __name__ == '__main__':
    tools.main()
