# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sources without an end, cut to what each platform takes: exact to the frame
and the sample in the file, and the source stops by itself."""
import os
import re

import facts
import judges
import tools

# Small pictures: what counts is their number.
LINE = ('videotestsrc pattern=black ! video/x-raw,width=128,height=72'
        ',framerate={source}/1 ! queue'
        ' ! echoelpreset name=p platform={platform} resolution=128x72'
        ' duration-policy=trim {settings} ! queue ! mux.'
        ' audiotestsrc samplesperbuffer={piece} ! audio/x-raw,rate={rate}'
        ',channels=1 ! queue ! p.audio_sink p.audio_src ! queue ! mux.'
        ' echoelmp4mux name=mux {mux} ! filesink location={out}')
LIMITS = {'instagram-story': 15, 'instagram-post': 60, 'youtube-short': 60,
          'instagram-reel': 90, 'twitter': 140, 'tiktok': 180}
LONG = bool(os.environ.get('ECHOEL_LONG'))
RATE = 48000
SAMPLE = 1 / RATE


class Trim(tools.TestCase):
    def cut(self, platform, settings='', mux='', rate=44100, source=25,
            **options):
        out = self.folder / f'{platform}.mp4'
        self.launch_ok(LINE.format(platform=platform, settings=settings,
                                   mux=mux, rate=rate, source=source,
                                   piece=1000, out=out),
                       timeout=200, **options)
        return out

    def check(self, out, seconds, sound=None):
        probed = facts.probe(out)
        lasts = {'video': seconds, 'audio': sound or seconds}
        for kind, wanted in lasts.items():
            stream = probed[kind][0]
            self.assertEqual(float(stream['start_time']), 0)
            self.assertAlmostEqual(float(stream['duration']), wanted,
                                   delta=1e-6, msg=f'{kind} in {out.name}')
        self.assertAlmostEqual(float(probed['format']['duration']),
                               max(lasts.values()), delta=1e-6)
        for track in judges.mp4box(out)['tracks']:
            self.assertAlmostEqual(track['shown'], seconds, delta=SAMPLE)
        return probed

    def check_platform(self, platform, **options):
        out = self.cut(platform, **options)
        self.check(out, LIMITS[platform])
        self.assertEqual(facts.decode_complaints(out), '')

    def test_15_s(self):
        self.check_platform('instagram-story')

    def test_60_s(self):
        self.check_platform('instagram-post')

    def test_90_s(self):
        self.check_platform('instagram-reel')

    def test_140_s(self):
        self.check_platform('twitter')

    def test_180_s(self):
        self.check_platform('tiktok')

    def test_60_s_at_60_frames(self):
        if LONG:
            self.check_platform('youtube-short')

    def test_every_rate(self):
        """Whole frames that fit; as many samples as they last."""
        for n, d in ((24, 1), (25, 1), (30, 1), (60, 1), (120, 1),
                     (24000, 1001), (30000, 1001), (60000, 1001)):
            with self.subTest(rate=f'{n}/{d}'):
                out = self.cut('tiktok', f'framerate={n}/{d}'
                               ' max-duration=5000000000')
                frames = 5 * n // d
                video = frames * d / n
                sound = round(frames * RATE * d / n) / RATE
                probed = self.check(out, video, sound)
                self.assertEqual(probed['video'][0]['nb_frames'], str(frames))

    def test_encoder_that_keeps_the_end(self):
        """voaacenc alone: what it does not give at the end is brought out."""
        tools.need_element('voaacenc', 'gstreamer1.0-plugins-bad')
        told = tools.gst('gst-inspect-1.0', 'coreelements').out
        known = re.search(r'Filename\s+(\S+)', told)[1]
        folder = self.folder / 'plugins'
        folder.mkdir()
        for path in tools.pathlib.Path(known).parent.glob('*.so'):
            if 'libav' not in path.name:
                (folder / path.name).symlink_to(path)
        env = {'GST_PLUGIN_SYSTEM_PATH_1_0': folder,
               'GST_REGISTRY_1_0': self.folder / 'registry.bin'}
        for mux in ('', 'edit-list=never'):
            with self.subTest(mux=mux):
                out = self.cut('instagram-story',
                               'max-duration=5000000000', mux, **env)
                probed = facts.probe(out)
                video, audio = probed['video'][0], probed['audio'][0]
                self.assertEqual(float(video['duration']), 5)
                if not mux:
                    self.assertEqual(float(audio['duration']), 5)
                self.assertEqual(facts.decode_complaints(out), '')


if __name__ == '__main__':
    tools.main()
