# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every export platform's file from ten seconds of a real phone clip, held
against every fact the platform asks for."""
import exporting
import facts
import media
import tools

SECONDS = 10
BITRATE_TOLERANCE = 0.10
# The clip is quiet; only inputs.py has a sound that fills the 192 kbit/s.
MOST_AUDIO = 200000
LENGTH_SLACK = 0.050


class Platforms(exporting.ExportCase):
    def check_platform(self, platform, name=None):
        width, height, fps, kbits = exporting.PLATFORMS[platform]
        clip = media.phone_looped(SECONDS)
        out, said = self.export(clip, f'platform={name or platform}',
                                flags=['-m'], timeout=300)
        self.check_video(out, (width, height), fps, exporting.length_of(clip))
        self.check_audio(out, clip, LENGTH_SLACK)
        self.check_whole(out)
        self.check_bitrates(out, kbits)
        self.assertRegex(said.out,
                         r'echoelpreset-encoder.*chosen=\(string\)\w+')
        return out

    def check_bitrates(self, out, kbits):
        self.assertAlmostEqual(facts.bitrate(out), kbits,
                               delta=kbits * BITRATE_TOLERANCE)
        audio = int(facts.probe(out)['audio'][0]['bit_rate'])
        self.assertLess(audio, MOST_AUDIO)

    def test_tiktok(self):
        out = self.check_platform('tiktok')
        self.check_discoverer(out)

    def test_instagram_reel(self):
        self.check_platform('instagram-reel')

    def test_instagram_post(self):
        self.check_platform('instagram-post')

    def test_instagram_story(self):
        self.check_platform('instagram-story')

    def test_youtube_short(self):
        self.check_platform('youtube-short')

    def test_youtube_video(self):
        self.check_platform('youtube-video')

    def test_facebook(self):
        self.check_platform('facebook')

    def test_twitter_by_its_alias(self):
        self.check_platform('twitter', 'x')

    def check_discoverer(self, out):
        """GStreamer itself reads the file as it should be."""
        tools.need('gst-discoverer-1.0', 'gstreamer1.0-plugins-base-apps')
        told = tools.gst('gst-discoverer-1.0', '-v', out)
        self.assertEqual(told.code, 0, told.err)
        for fact in ('profile=(string)high', 'MPEG-4 AAC', 'Width: 1080',
                     'Height: 1920', 'Frame rate: 30/1',
                     'Pixel aspect ratio: 1/1', 'Interlaced: false',
                     'Channels: 2', 'Sample rate: 48000'):
            self.assertIn(fact, told.out)


if __name__ == '__main__':
    tools.main()
