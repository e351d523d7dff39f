# SPDX-License-Identifier: LGPL-2.1-or-later
"""What cannot become a file says so, and what was written is not lost."""
import resource
import signal
import subprocess
import shlex

import facts
import tools

VIDEO = ('videotestsrc num-buffers={frames} pattern=snow ! video/x-raw'
         ',format=I420,width=320,height=240,framerate=30/1'
         ' ! x264enc bitrate=4000 speed-preset=superfast ! h264parse ! queue')
AUDIO = ('audiotestsrc num-buffers={pieces} ! audio/x-raw,rate=48000,channels=2'
         ' ! avenc_aac ! aacparse ! queue')
MUX = 'echoelmp4mux name=mux {mux} ! filesink location={out}'
# Less than the file of a few seconds would take.
LIMIT = 600000


class BadInput(tools.TestCase):
    def setUp(self):
        super().setUp()
        self.out = self.folder / 'out.mp4'

    def line(self, *parts, mux='', frames=60, pieces=100):
        return ' '.join((*parts, MUX)).format(out=self.out, mux=mux,
                                              frames=frames, pieces=pieces)

    def refused(self, line, *words):
        """A line that fails; its first error has these words and comes from
        our element, not from its inside."""
        result = tools.launch_failing(line)
        self.assertNotEqual(result.code, 0)
        errors = tools.error_lines(result)
        self.assertTrue(errors, result.err)
        for word in words:
            self.assertRegex(errors[0], word)
        self.assertNotIn('multiplex', result.err)
        self.assertNotRegex(result.err, r'from element \S*(GstMP4Mux|Writer)')
        return result

    def test_sound_that_never_comes(self):
        """A pad that nobody feeds must not hold up the others for ever."""
        self.refused(self.line(VIDEO, '! mux. appsrc ! mux.audio_0',
                               mux='stall-timeout=1000000000'),
                     'audio_0', 'video_0 waits')

    def test_a_pad_that_is_not_linked(self):
        self.refused(self.line(AUDIO, '! mux. appsrc ! mux.video_0',
                               mux='stall-timeout=500000000'), 'video_0')

    def test_no_frames_at_all(self):
        for safety in ('robust', 'fast', 'fragmented'):
            with self.subTest(safety=safety):
                self.refused(self.line(VIDEO, '! mux.', frames=0,
                                       mux=f'safety={safety}'),
                             'Nothing came')

    def test_sound_without_a_single_buffer_leaves_no_track(self):
        self.launch_ok(self.line(VIDEO, '! mux.', AUDIO, '! mux.', pieces=0))
        self.assertEqual(facts.decode_complaints(self.out), '')
        probed = facts.probe(self.out)
        self.assertEqual(len(probed['video']), 1)
        self.assertEqual(probed['audio'], [])

    def test_codec_that_changes(self):
        tools.need_element('x265enc', 'gstreamer1.0-plugins-bad')
        other = VIDEO.replace('x264enc bitrate=4000 speed-preset=superfast',
                              'x265enc').replace('h264', 'h265')
        self.refused(self.line(VIDEO, '! c.', other, '! c. concat name=c'
                               ' ! mux.'), 'changes in the middle')
        self.assertTrue(facts.playable(self.out))

    def test_raster_that_changes(self):
        other = VIDEO.replace('320', '160')
        self.refused(self.line(VIDEO, '! c.', other, '! c. concat name=c'
                               ' ! mux.'), 'changes in the middle')

    def test_output_that_cannot_be_seeked(self):
        line = self.line(VIDEO, '! mux.').replace(
            f'filesink location={self.out}', 'fakesink')
        self.refused(line, 'cannot be seeked', 'safety=fragmented')

    def test_fragments_go_anywhere(self):
        line = self.line(VIDEO, '! mux.', mux='safety=fragmented').replace(
            f'filesink location={self.out}', 'fdsink')
        with open(self.out, 'wb') as file:
            done = subprocess.run(
                ['gst-launch-1.0', '-q', *shlex.split(line)], stdout=file,
                stdin=subprocess.DEVNULL, env=tools.gst_env(), timeout=60,
                check=False)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(facts.decode_complaints(self.out), '')
        self.assertEqual(len(facts.packets(self.out)), 60)

    def test_settings_that_contradict(self):
        self.refused(self.line(VIDEO, '! mux.',
                               mux='safety=fragmented edit-list=never'),
                     'edit-list=never', 'safety=')

    def test_disk_that_fills_up(self):
        """The file ends where the disk does, and plays up to there."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

        line = self.line(VIDEO, '! mux.', AUDIO, '! mux.', frames=300,
                         pieces=500, mux='reserve-duration=10000000000')
        done = subprocess.run(
            ['gst-launch-1.0', '-q', *shlex.split(line)], text=True,
            stdin=subprocess.DEVNULL, capture_output=True, preexec_fn=limit,
            env=tools.gst_env(GST_REGISTRY_UPDATE='no'), timeout=60,
            check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r'(?i)error while writing|too large')
        self.assertLessEqual(self.out.stat().st_size, LIMIT)
        self.assertTrue(facts.playable(self.out), done.stderr)
        self.assertEqual(facts.decode_complaints(self.out), '')
        self.assertGreater(facts.end_of(self.out), 0.3)


if __name__ == '__main__':
    tools.main()
