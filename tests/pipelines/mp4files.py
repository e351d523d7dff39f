# SPDX-License-Identifier: LGPL-2.1-or-later
"""The files of echoelmp4mux, as ffprobe, ffmpeg and MediaInfo read them."""
import array
import re

import facts
import tools

WIDTH, HEIGHT, RATE = 64, 48, 48000
# The click and the flash come together, this many frames after each other.
FLASH_EVERY = 30
CLICK = 480
SYNC = 0.001
WHITE = 128

VIDEO = ('filesrc location={folder}/video.raw ! rawvideoparse format=i420'
         f' width={WIDTH} height={HEIGHT} framerate={{fps}}'
         ' ! {video} ! queue ! mux.')
AUDIO = ('filesrc location={folder}/audio.raw ! rawaudioparse'
         ' format=pcm pcm-format=s16le sample-rate=48000 num-channels=2'
         ' ! {audio} ! queue ! mux.')
MUX = 'echoelmp4mux name=mux {mux} ! filesink location={out}'

H264 = 'x264enc bframes=2 key-int-max=30 speed-preset=superfast ! h264parse'
AAC = 'audioconvert ! {} ! aacparse'


def write_source(folder, frames, fps=(30, 1)):
    """Raw black pictures and silence with a flash and a click each second's
    worth of frames."""
    black = b'\x10' * (WIDTH * HEIGHT) + b'\x80' * (WIDTH * HEIGHT // 2)
    white = b'\xeb' * (WIDTH * HEIGHT) + b'\x80' * (WIDTH * HEIGHT // 2)
    with open(folder / 'video.raw', 'wb') as file:
        for frame in range(frames):
            flash = frame and frame % FLASH_EVERY == 0
            file.write(white if flash else black)
    samples = array.array('h', bytes(4 * round(frames * RATE * fps[1]
                                               / fps[0])))
    for frame in range(FLASH_EVERY, frames, FLASH_EVERY):
        at = round(frame * RATE * fps[1] / fps[0])
        for i in range(CLICK):
            loud = 20000 if i % 24 < 12 else -20000
            samples[2 * (at + i)] = samples[2 * (at + i) + 1] = loud
    with open(folder / 'audio.raw', 'wb') as file:
        samples.tofile(file)


def flashes(path):
    """When the white frames are shown, s, as ffmpeg decodes them."""
    told = tools.run(['ffmpeg', '-nostdin', '-v', 'error', '-i', path,
                      '-map', '0:v:0', '-vf', 'signalstats,metadata=print:'
                      'key=lavfi.signalstats.YAVG:file=-', '-f', 'null', '-'])
    pairs = re.findall(r'pts_time:(\S+)\s+lavfi\.signalstats\.YAVG=(\S+)',
                       told.out)
    return [float(time) for time, luma in pairs if float(luma) > WHITE]


def clicks(path):
    """When silence ends, s, as ffmpeg decodes it."""
    told = tools.ffmpeg('-i', path, '-map', '0:a:0', '-af',
                        'silencedetect=noise=0.2:duration=0.1', '-f', 'null',
                        '-').err
    # The last silence ends where the file does.
    return [float(time)
            for time in re.findall(r'silence_end: (\S+)', told)][:-1]


def stream_facts(path):
    """For each stream its start and duration in seconds, and the file's."""
    probed = facts.probe(path)
    return ([(float(stream['start_time']), float(stream['duration']))
             for stream in probed['streams']],
            float(probed['format']['duration']))


class Mp4Case(tools.TestCase):
    def setUp(self):
        super().setUp()
        self.out = self.folder / 'out.mp4'

    def make(self, mux='', video=H264, audio=AAC.format('avenc_aac'),
             fps='30/1', flags=()):
        line = ' '.join((VIDEO, AUDIO if audio else '', MUX)).format(
            folder=self.folder, out=self.out, mux=mux, video=video,
            audio=audio, fps=fps)
        return self.launch_ok(line, *flags)

    def check_sync(self):
        """Each click stands at its flash, to a millisecond."""
        seen, heard = flashes(self.out), clicks(self.out)
        self.assertGreaterEqual(len(seen), 3)
        self.assertEqual(len(seen), len(heard), (seen, heard))
        for flash, click in zip(seen, heard):
            self.assertAlmostEqual(flash, click, delta=SYNC)
        return seen

    def check_sound(self):
        self.assertEqual(facts.decode_complaints(self.out), '')


class Sync(Mp4Case):
    def check(self, encoder, mux=''):
        write_source(self.folder, 120)
        self.make(mux, audio=AAC.format(encoder))
        seen = self.check_sync()
        self.check_sound()
        return seen

    def test_avenc_aac(self):
        self.assertEqual(self.check('avenc_aac'), [1, 2, 3])
        self.assertTrue(facts.is_fast_start(self.out))

    def test_voaacenc(self):
        tools.need_element('voaacenc', 'gstreamer1.0-plugins-bad')
        self.assertEqual(self.check('voaacenc'), [1, 2, 3])

    def test_fast(self):
        self.assertEqual(self.check('avenc_aac', 'safety=fast'), [1, 2, 3])
        self.assertTrue(facts.is_fast_start(self.out))

    def test_fragmented(self):
        """ffmpeg 5 counts from the priming here, which newer ones leave out
        as they do elsewhere."""
        seen = self.check('avenc_aac', 'safety=fragmented')
        if abs(seen[0] - 1) > SYNC:
            self.assertAlmostEqual(seen[0], 1 + 1024 / RATE, delta=SYNC)
        self.assertIn('moof', facts.boxes(self.out))

    def test_mov(self):
        self.assertEqual(self.check('avenc_aac', 'container=mov'), [1, 2, 3])
        self.assertIn('qt  ', facts.probe(self.out)['format']['tags']
                      ['major_brand'])

    def test_without_edit_lists(self):
        self.assertEqual(self.check('avenc_aac', 'edit-list=never'), [1, 2, 3])
        self.assertNotIn(b'elst', self.out.read_bytes())

    def test_without_edit_lists_voaacenc(self):
        """576 samples of priming are less than a frame: pictures wait."""
        tools.need_element('voaacenc', 'gstreamer1.0-plugins-bad')
        seen = self.check('voaacenc', 'edit-list=never')
        self.assertNotIn(b'elst', self.out.read_bytes())
        self.assertAlmostEqual(seen[0], 1 + 576 / RATE, delta=SYNC)

    def test_priming_that_is_told(self):
        """What the user says goes before what is known of the encoder."""
        write_source(self.folder, 120)
        self.make('audio-priming=0')
        late = clicks(self.out)[0] - flashes(self.out)[0]
        self.assertAlmostEqual(late, 1024 / RATE, delta=SYNC)


class Copies(Mp4Case):
    def test_a_file_with_tags_is_muxed_again(self):
        """Some tags make the muxer write a box behind the data."""
        write_source(self.folder, 60)
        self.make()
        again = self.folder / 'again.mp4'
        for safety in ('robust', 'fast', 'fragmented'):
            with self.subTest(safety=safety):
                self.launch_ok(
                    f'filesrc location={self.out} ! qtdemux name=d'
                    ' d.video_0 ! h264parse ! taginject'
                    ' tags="geo-location-name=Here,title=Film" ! queue ! mux.'
                    ' d.audio_0 ! aacparse ! queue ! mux.'
                    f' echoelmp4mux name=mux safety={safety}'
                    f' ! filesink location={again}')
                self.assertEqual(facts.decode_complaints(again), '')
                self.assertEqual(len(facts.packets(again)), 60)


class Durations(Mp4Case):
    def check(self, frames, rate, mux='', video=H264):
        write_source(self.folder, frames, rate)
        self.make(mux, video=video, fps=f'{rate[0]}/{rate[1]}')
        streams, whole = stream_facts(self.out)
        wanted = frames * rate[1] / rate[0]
        sample = 1 / RATE
        for start, duration in streams:
            self.assertEqual(start, 0)
            self.assertAlmostEqual(duration, wanted, delta=sample)
        self.assertAlmostEqual(whole, wanted, delta=sample)
        video = facts.probe(self.out)['video'][0]
        self.assertEqual(video['r_frame_rate'], f'{rate[0]}/{rate[1]}')
        self.assertEqual(video['avg_frame_rate'], f'{rate[0]}/{rate[1]}')
        self.assertEqual(video['nb_frames'], str(frames))
        return video

    def test_every_rate_is_exact(self):
        for rate in ((24, 1), (25, 1), (30, 1), (60, 1), (120, 1),
                     (24000, 1001), (30000, 1001), (60000, 1001)):
            with self.subTest(rate=rate):
                self.check(rate[0] // rate[1] * 2, rate)

    def test_timescales_of_1001_rates_are_exact(self):
        video = self.check(60, (30000, 1001))
        self.assertEqual(video['time_base'], '1/30000')
        self.assertEqual(video['duration_ts'], 60 * 1001)


if __name__ == '__main__':
    tools.main()
