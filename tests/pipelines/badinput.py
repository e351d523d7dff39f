# SPDX-License-Identifier: LGPL-2.1-or-later
"""What cannot work says so: one clear error, an exit status, and no file
that looks finished."""
import pathlib
import re

import exporting
import facts
import media
import tools

PATTERN = ('videotestsrc num-buffers=30'
           ' ! video/x-raw,width=320,height=240,framerate=30/1')
MADE = 'echoelmp4mux ! filesink location={out}'
# What GStreamer says when nobody took the trouble to explain.
UNCLEAR = re.compile(r'no element|Internal data stream error|stream stopped|not.negotiated'
                     r'|Could not negotiate format|GStreamer encountered'
                     r'|[Uu]nknown error', re.I)
NOISE = re.compile(r'CRITICAL|GLib-GObject-WARNING|Segmentation|SIGSEGV')


class BadInput(tools.TestCase):
    def setUp(self):
        super().setUp()
        self.out = self.folder / 'out.mp4'

    def refused(self, line, *words, **env):
        """Runs a line that must fail with one error that has these words."""
        result = tools.launch_failing(line.format(out=self.out), **env)
        said = f'{line}\n{result.err}'
        self.assertNotEqual(result.code, 0, said)
        self.assertFalse(facts.playable(self.out), said)
        self.assertNotRegex(result.err, NOISE)
        errors = tools.error_lines(result)
        self.assertTrue(errors, said)
        self.assertNotRegex(errors[0], UNCLEAR)
        self.assertLessEqual(set(errors[1:]) - {errors[0]}, {tools.STOPPED},
                             said)
        self.assertEqual(errors.count(errors[0]), 1, said)
        for word in words:
            self.assertRegex(errors[0], word)
        return result

    def preset_refused(self, properties, *words, **env):
        return self.refused(
            f'{PATTERN} ! echoelpreset {properties} ! {MADE}', *words, **env)


class Properties(BadInput):
    def test_unknown_platform_is_named_and_the_known_are_listed(self):
        self.preset_refused('platform=myspace', 'myspace',
                            *exporting.PLATFORMS)

    def test_no_platform(self):
        self.preset_refused('', '(?i)platform', 'tiktok')

    def test_bitrate_that_nobody_can_use(self):
        for value in (0, 1, 2000000):
            with self.subTest(bitrate=value):
                self.preset_refused(f'platform=tiktok bitrate={value}',
                                    '(?i)bit ?rate', 'kbit/s')

    def test_resolution_1x1(self):
        self.preset_refused('platform=tiktok resolution=1x1',
                            '(?i)resolution', '1x1')

    def test_resolution_that_is_none(self):
        for value in ('banana', '0x0', '1080x', '-5x10', '99999999x99999999'):
            with self.subTest(resolution=value):
                self.preset_refused(f'platform=tiktok resolution={value}',
                                    '(?i)resolution', re.escape(value))

    def test_framerate_too_high(self):
        self.preset_refused('platform=tiktok framerate=1000',
                            '(?i)frame ?rate')

    def test_framerate_0_is_the_platforms_or_refused(self):
        line = f'{PATTERN} ! echoelpreset platform=tiktok framerate=0 ! {MADE}'
        result = tools.launch_failing(line.format(out=self.out))
        self.assertNotRegex(result.err, NOISE)
        if result.code == 0:
            video = facts.probe(self.out)['video'][0]
            self.assertEqual(video['r_frame_rate'], '30/1')
        else:
            self.assertRegex(tools.error_lines(result)[0], '(?i)frame ?rate')

    def test_encoder_that_does_not_exist(self):
        self.preset_refused('platform=tiktok encoder=nosuch', 'nosuch')

    def test_encoder_that_is_none(self):
        self.preset_refused('platform=tiktok encoder=videotestsrc',
                            'videotestsrc', '(?i)encoder')


class PresetFiles(BadInput):
    """A file of the user's in front of the built-in preset, and broken."""

    def broken(self, change):
        """Writes tiktok.gep, changed; returns the folder to search."""
        shipped = tools.SOURCE / 'presets/online-service/tiktok.gep'
        text = shipped.read_text('utf-8')
        changed = change(text)
        self.assertNotEqual(text, changed)
        folder = self.folder / 'targets'
        (folder / 'online-service').mkdir(parents=True)
        (folder / 'online-service/tiktok.gep').write_text(changed, 'utf-8')
        return folder

    def check(self, change, *words):
        self.preset_refused('platform=tiktok', r'tiktok\.gep', 'echoel',
                            *words, GST_ENCODING_TARGET_PATH=self.broken(change))

    def test_unknown_key(self):
        self.check(lambda text: text.replace(
            '[echoel]\n', '[echoel]\nsparkle=7\n'), 'sparkle')

    def test_bad_value(self):
        self.check(lambda text: re.sub(
            r'(?m)^(bitrate\S*?)=.*$', r'\1=lots', text), 'bitrate', 'lots')

    def test_missing_key(self):
        self.check(lambda text: re.sub(
            r'(?m)^bitrate\S*=.*\n', '', text), 'bitrate')

    def test_no_key_file_at_all(self):
        folder = self.broken(lambda text: '\0\xff{"not": "a key file"}')
        self.preset_refused('platform=tiktok', r'tiktok\.gep',
                            GST_ENCODING_TARGET_PATH=folder)

    def test_a_broken_file_is_in_nobody_elses_way(self):
        folder = self.broken(lambda text: text + '\nsparkle=7\n')
        line = f'{PATTERN} ! echoelpreset platform=twitter ! {MADE}'
        self.launch_ok(line.format(out=self.out),
                       GST_ENCODING_TARGET_PATH=folder)


class NoEncoder(BadInput):
    """A system whose plugins are all there but those that make H.264."""

    def plugins_without_encoders(self):
        folder = self.folder / 'plugins'
        folder.mkdir()
        for path in self.system_plugins():
            if not re.search(r'264|vaapi|libgstva\.|nvcodec|msdk'
                             r'|qsv|v4l2codecs|video4linux2|omx|vulkan|amf'
                             r'|mediafoundation', path.name):
                (folder / path.name).symlink_to(path)
        return folder

    @staticmethod
    def system_plugins():
        told = tools.gst('gst-inspect-1.0', 'coreelements').out
        known = re.search(r'Filename\s+(\S+)', told)[1]
        folder = pathlib.Path(known).parent
        return [path for path in folder.iterdir() if path.suffix == '.so']

    def test_what_is_missing_is_said(self):
        """gst-launch-1.0 shows no missing-plugin message of a pipeline that
        never reaches PAUSED, so the error itself names the packages; that the
        message is posted as well is an element test."""
        self.preset_refused(
            'platform=tiktok', r'H\.264 encoder.*gst-plugins-ugly',
            GST_PLUGIN_SYSTEM_PATH_1_0=self.plugins_without_encoders(),
            GST_REGISTRY_1_0=self.folder / 'registry.bin')


class Files(BadInput):
    """Sources that are broken: the demuxers tell, and nothing hangs."""

    def check(self, source, *words):
        # mp4mux writes its index at EOS alone: a file that plays got one.
        line = exporting.WITH_AUDIO.replace('echoelmp4mux', 'mp4mux').format(
            source=source, preset='platform=tiktok', out=self.out)
        result = tools.launch_failing(line)
        errors = tools.error_lines(result)
        self.assertNotEqual(result.code, 0, result.err)
        self.assertFalse(facts.playable(self.out), result.err)
        self.assertNotRegex(result.err, NOISE)
        self.assertTrue(errors, result.err)
        for word in words:
            self.assertRegex(errors[0], word)

    def test_empty(self):
        source = self.folder / 'empty.mp4'
        source.touch()
        self.check(source, '(?i)no data')

    def cut(self, name, *options):
        """The first half of a clip that was whole."""
        whole = self.folder / 'whole.mp4'
        tools.ffmpeg('-v', 'error', '-i', media.plain(), '-c', 'copy',
                     *options, whole)
        data = whole.read_bytes()
        path = self.folder / name
        path.write_bytes(data[:len(data) // 2])
        return path

    def test_truncated_before_its_index(self):
        self.check(self.cut('cut.mp4'), '(?i)no playable streams|invalid')

    def test_truncated_after_its_index(self):
        """qtdemux ends such a stream without an error: echoelpreset sees that
        less came than was announced, and no muxer finishes the file."""
        self.check(self.cut('cut.mp4', '-movflags', '+faststart'),
                   'cut short')

    def test_truncated_is_kept_when_asked_for(self):
        source = self.cut('cut.mp4', '-movflags', '+faststart')
        result = self.launch_ok(exporting.WITH_AUDIO.format(
            source=source, preset='platform=tiktok duration-policy=ignore',
            out=self.out))
        self.assertRegex('\n'.join(tools.warnings(result)), 'cut short')
        self.assertEqual(facts.decode_complaints(self.out), '')

    def test_truncated_video_alone_is_said(self):
        """Another track of the source may be the longer one, so that is no
        error."""
        source = self.cut('cut.mp4', '-movflags', '+faststart')
        result = self.launch_ok(exporting.VIDEO_ONLY.format(
            source=source, preset='platform=tiktok', out=self.out))
        self.assertRegex('\n'.join(tools.warnings(result)), 'cut short')

    def test_not_a_video(self):
        source = self.folder / 'notes.mp4'
        source.write_text('Not a film, just some words. ' * 500)
        self.check(source)


class Caps(BadInput):
    def test_preset_cannot_give_another_width(self):
        self.refused(f'{PATTERN} ! echoelpreset platform=tiktok'
                     f' ! video/x-h264,width=100 ! h264parse ! {MADE}')

    def test_crop_cannot_give_an_unknown_format(self):
        self.refused(f'{PATTERN} ! echoelcrop ! video/x-raw,format=NONSENSE'
                     ' ! filesink location={out}')

    def test_crop_does_not_scale_fields(self):
        self.refused('videotestsrc num-buffers=5 ! video/x-raw,width=720'
                     ',height=576,interlace-mode=interleaved ! echoelcrop'
                     ' ! video/x-raw,width=100,height=100'
                     ' ! filesink location={out}', '(?i)interlac')

    def test_preset_takes_no_text(self):
        source = self.folder / 'words.txt'
        source.write_text('words')
        self.refused(f'filesrc location={source} ! text/plain'
                     f' ! echoelpreset platform=tiktok ! {MADE}')


class Disk(BadInput):
    def test_a_disk_that_is_full(self):
        self.out.symlink_to('/dev/full')
        result = tools.launch_failing(
            f'{PATTERN} ! echoelpreset platform=tiktok ! {MADE}'
            .format(out=self.out))
        self.assertNotEqual(result.code, 0)
        self.assertRegex(tools.error_lines(result)[0], '(?i)no space')
        self.assertNotRegex(result.err, NOISE)


if __name__ == '__main__':
    tools.main()
