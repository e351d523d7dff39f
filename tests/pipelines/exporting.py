# SPDX-License-Identifier: LGPL-2.1-or-later
"""The lines a user types to make a platform's file, and what the file must
be whatever went in."""
import fractions
import re

import facts
import pictures
import tools

WITH_AUDIO = ('filesrc location={source} ! decodebin name=d'
              ' d. ! queue ! echoelpreset name=p {preset} ! queue ! mux.'
              ' d. ! queue ! p.audio_sink p.audio_src ! queue ! mux.'
              ' echoelmp4mux name=mux ! filesink location={out}')
VIDEO_ONLY = ('filesrc location={source} ! decodebin ! queue'
              ' ! echoelpreset name=p {preset} ! queue'
              ' ! echoelmp4mux ! filesink location={out}')

# Raster, frames per second and video kbit/s of every export platform.
PLATFORMS = {
    'tiktok': (1080, 1920, 30, 6000),
    'instagram-reel': (1080, 1920, 30, 5000),
    'instagram-post': (1080, 1080, 30, 4000),
    'instagram-story': (1080, 1920, 30, 4000),
    'youtube-short': (1080, 1920, 60, 8000),
    'youtube-video': (1920, 1080, 60, 8000),
    'facebook': (1920, 1080, 30, 5000),
    'twitter': (1280, 720, 30, 5000),
}
KEY_INTERVAL = 2.0
# An AAC decoder's first frame on the way in, another on the way out, and
# the frame that the end of the sound falls into.
AUDIO_SLACK = 3 * 1024 / 48000 + 0.001
VOLUME_SLACK = 6.0
SILENCE = -60.0


def start_of(clip):
    return min(float(stream.get('start_time', 0))
               for stream in facts.probe(clip)['streams'])


def length_of(clip, stream='v:0'):
    """How long a stream of a source goes on, from the start of the file."""
    return facts.end_of(clip, stream) - start_of(clip)


class ExportCase(tools.TestCase):
    """Makes files from clips and holds them against a platform's facts."""

    def export(self, clip, preset, shape=WITH_AUDIO, flags=(), timeout=120):
        """Returns the file made, and what gst-launch-1.0 had to say."""
        name = re.search(r'platform=(\S+)', preset)[1]
        out = self.folder / f'{name}.mp4'
        result = self.launch_ok(
            shape.format(source=clip, preset=preset, out=out), *flags,
            timeout=timeout)
        return out, result

    def check_video(self, out, raster, fps, length):
        """Raster, colours, profile, constant rate, key frames, duration."""
        streams = facts.probe(out)['video']
        self.assertEqual(len(streams), 1)
        video = streams[0]
        rate = fractions.Fraction(fps)
        wanted = {
            'codec_name': 'h264', 'codec_tag_string': 'avc1',
            'profile': 'High', 'width': raster[0], 'height': raster[1],
            'pix_fmt': 'yuv420p', 'color_range': 'tv', 'color_space': 'bt709',
            'color_primaries': 'bt709', 'color_transfer': 'bt709',
            'field_order': 'progressive',
            'r_frame_rate': f'{rate.numerator}/{rate.denominator}',
            'avg_frame_rate': f'{rate.numerator}/{rate.denominator}',
        }
        self.assertEqual({key: video.get(key) for key in wanted}, wanted)
        self.assertIn(video.get('sample_aspect_ratio', '1:1'), ('1:1', 'N/A'))
        self.assertEqual([data for data in video.get('side_data_list', ())
                          if 'rotation' in data], [], 'still to be turned')
        self.assertTrue(facts.is_constant_rate(out, fps), 'uneven frames')
        self.check_key_frames(out, fps)
        self.assertAlmostEqual(facts.end_of(out), length,
                               delta=1 / fps + 0.001, msg='video length')

    def check_key_frames(self, out, fps):
        self.assertEqual(facts.key_times(out)[0], 0, 'first key frame')
        self.assertLessEqual(max(facts.key_gaps(out)),
                             KEY_INTERVAL + 1 / fps + 0.0005)
        self.assertEqual(facts.open_gops(out), [])

    def check_audio(self, out, clip, slack=AUDIO_SLACK):
        """The platforms' audio format, and as long and as loud as before."""
        streams = facts.probe(out)['audio']
        self.assertEqual(len(streams), 1)
        wanted = {'codec_name': 'aac', 'profile': 'LC',
                  'sample_rate': '48000', 'channels': 2}
        self.assertEqual({key: streams[0].get(key) for key in wanted}, wanted)
        self.assertAlmostEqual(facts.end_of(out, 'a:0'),
                               length_of(clip, 'a:0'), delta=slack,
                               msg='audio length')
        loud = max(facts.mean_volume(clip), SILENCE)
        self.assertAlmostEqual(max(facts.mean_volume(out), SILENCE), loud,
                               delta=VOLUME_SLACK, msg='volume')

    def check_whole(self, out):
        """A file for the web that decodes without a word from ffmpeg."""
        self.assertTrue(facts.is_fast_start(out), facts.boxes(out))
        self.assertEqual(facts.decode_complaints(out), '')

    def check_picture(self, out, clip, reference, threshold, at=0.0):
        """Compares one frame with ffmpeg's idea of it; luma PSNR, dB."""
        ours = pictures.frame_of(self.folder / 'ours.raw', out, at=at)
        theirs = pictures.frame_of(self.folder / 'theirs.raw', clip,
                                   reference, at=at)
        video = facts.probe(out)['video'][0]
        value = pictures.raw_psnr(video['width'], video['height'],
                                  ours, theirs)
        self.assertGreater(value, threshold, 'the picture is another one')
        return value
