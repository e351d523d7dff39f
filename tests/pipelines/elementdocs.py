# SPDX-License-Identifier: LGPL-2.1-or-later
"""What gst-inspect-1.0 shows is the manual: complete, with units. And every
preset file is an encoding target for gst-transcoder-1.0."""
import collections
import re

import exporting
import facts
import media
import tools

Property = collections.namedtuple('Property', 'name blurb flags kind')

FIRST = {'echoelcrop', 'echoelpreset'}
LIVE = ('twitch', 'youtube-live', 'facebook-live', 'custom-live')
FROM_PARENTS = {'name', 'parent', 'qos', 'async-handling', 'message-forward'}
NUMBER = re.compile(r'(Unsigned )?Integer|Float|Double|Fraction')
UNIT = re.compile(
    r'kbit/s|nanosecond|\bns\b|second|pixel|frames? per second|fraction'
    r'|width|height|thread|(frame|texture|buffer|[Ss]ample)s\b|percent'
    r'|bytes?\b|ratio|0 =|0 is|0 to 1')
UNITS = {
    'bitrate': r'kbit/s',
    'framerate': r'(?i)frames per second',
    'resolution': r'(?i)\bWxH\b|width ?x ?height|pixel',
    'max-duration': r'\bns\b|nanosecond',
    'anchor-x': r'0|left', 'anchor-y': r'0|top',
}
PROPERTIES = {
    'echoelcrop': {'aspect-ratio', 'fit', 'anchor-x', 'anchor-y', 'filter'},
    'echoelpreset': {'platform', 'usage', 'resolution', 'framerate',
                     'bitrate', 'quality', 'encoder', 'max-duration',
                     'duration-policy'},
}


def inspect(*args):
    return tools.gst('gst-inspect-1.0', *args)


def section(text, title):
    """The indented lines below a heading of gst-inspect-1.0."""
    found = re.search(rf'^{re.escape(title)}:\n((?:[ \t]+.*\n|\n(?=[ \t]))*)',
                      text, re.M)
    return found[1] if found else ''


def properties(text):
    found = []
    for block in re.split(r'\n(?=  \S)', '\n' + section(
            text, 'Element Properties')):
        head = re.match(r'\s*(\S+)\s*:[ \t]*(.*)', block)
        if head:
            flags = re.search(r'flags: (.*)', block)
            kind = re.search(r'flags: .*\n\s*(.*)', block)
            found.append(Property(head[1], head[2], flags and flags[1],
                                  kind[1] if kind else ''))
    return found


class Elements(tools.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        told = inspect('echoel')
        if told.code != 0:
            raise AssertionError(f'no plugin: {told.out}{told.err}')
        cls.plugin = told.out
        cls.names = re.findall(r'^  (echoel\w+): .+$', told.out, re.M)
        cls.texts = {name: inspect(name).out for name in cls.names}

    def test_the_plugin_says_what_it_is(self):
        for field in ('Name', 'Description', 'Filename', 'Version', 'License',
                      'Source module', 'Binary package', 'Origin URL'):
            self.assertRegex(self.plugin, rf'{field}\s+\S')
        self.assertRegex(self.plugin, r'License\s+LGPL')

    def test_the_elements_are_there(self):
        self.assertLessEqual(FIRST, set(self.names))

    def test_every_element_has_its_details(self):
        for name, text in self.texts.items():
            details = section(text, 'Factory Details')
            with self.subTest(element=name):
                for field in ('Long-name', 'Klass', 'Description', 'Author'):
                    self.assertRegex(details, rf'{field}\s+\S{{3}}')
                self.assertRegex(details, r'Rank\s+none')
                self.assertRegex(section(text, 'Pad Templates'),
                                 r'Availability')

    def test_klass(self):
        self.assertRegex(self.texts['echoelpreset'],
                         r'Klass\s+Codec/Encoder/Video')
        self.assertRegex(self.texts['echoelcrop'],
                         r'Klass\s+\S*Filter\S*Video')

    def test_pads_of_the_preset(self):
        pads = section(self.texts['echoelpreset'], 'Pad Templates')
        for kind, name, when in (
                ('SINK', 'video_sink', 'Always'), ('SRC', 'video_src', 'Always'),
                ('SINK', 'audio_sink', 'On request'),
                ('SRC', 'audio_src', 'Sometimes')):
            self.assertRegex(pads, rf"{kind} template: '{name}'\s+"
                             rf'Availability: {when}')

    def test_the_promised_properties_are_there(self):
        for name, wanted in PROPERTIES.items():
            have = {item.name for item in properties(self.texts[name])}
            self.assertLessEqual(wanted, have, name)

    def test_every_property_is_explained(self):
        for name, text in self.texts.items():
            for item in properties(text):
                if item.name in FROM_PARENTS:
                    continue
                with self.subTest(element=name, property=item.name):
                    self.assertGreaterEqual(len(item.blurb.split()), 2)
                    self.assertTrue(item.flags)

    def test_every_number_has_its_unit(self):
        for name, text in self.texts.items():
            for item in properties(text):
                if item.name in FROM_PARENTS:
                    continue
                unit = UNITS.get(item.name) or (
                    UNIT if NUMBER.match(item.kind) else r'\w')
                with self.subTest(element=name, property=item.name):
                    self.assertRegex(item.blurb, unit)

    def test_enums_explain_their_values(self):
        for name, text in self.texts.items():
            for nick, what in re.findall(
                    r'^\s+\(-?\d+\): (\S+)\s*- (.*)$', text, re.M):
                with self.subTest(element=name, value=nick):
                    self.assertTrue(what.strip())

    def test_platforms_are_listed_as_presets(self):
        listed = dict(re.findall(r'^  "([^"]+)": (.+)$', section(
            self.texts['echoelpreset'], 'Presets'), re.M))
        self.assertEqual(set(listed), {*exporting.PLATFORMS, *LIVE})
        self.assertRegex(listed['tiktok'], r'9:16.*180 s.*6 Mbit/s')


class Targets(tools.TestCase):
    """gst-transcoder-1.0 takes each preset file as it is."""

    def transcode(self, platform, suffix='mp4'):
        tools.need('gst-transcoder-1.0', 'gstreamer1.0-plugins-bad-apps')
        clip = media.plain(size='320x240', seconds=0.5)
        out = self.folder / f'{platform}.{suffix}'
        told = tools.gst('gst-transcoder-1.0', clip.as_uri(), out.as_uri(),
                         platform, timeout=120,
                         GST_ENCODING_TARGET_PATH=tools.SOURCE / 'presets')
        # Its exit status is 0 even when it has failed.
        self.assertEqual(told.code, 0, told.out + told.err)
        self.assertNotIn('FAILURE', told.out + told.err)
        return facts.probe(out)

    def check_export(self, platform, name=None):
        made = self.transcode(name or platform)
        video, audio = made['video'][0], made['audio'][0]
        width, height, fps, _ = exporting.PLATFORMS[platform]
        self.assertEqual(
            (video['codec_name'], video['profile'], video['width'],
             video['height'], video['r_frame_rate']),
            ('h264', 'High', width, height, f'{fps}/1'))
        self.assertEqual((audio['codec_name'], audio['sample_rate'],
                          audio['channels']), ('aac', '48000', 2))

    def test_every_file_is_covered(self):
        files = (tools.SOURCE / 'presets/online-service').glob('*.gep')
        self.assertEqual({file.stem for file in files},
                         {*exporting.PLATFORMS, *LIVE})

    def test_export(self):
        for platform in exporting.PLATFORMS:
            with self.subTest(platform=platform):
                self.check_export(platform)

    def test_alias(self):
        self.check_export('twitter', 'x')

    def test_live(self):
        for platform in LIVE:
            with self.subTest(platform=platform):
                made = self.transcode(platform, 'flv')
                self.assertEqual(made['video'][0]['codec_name'], 'h264')
                self.assertEqual(made['audio'][0]['codec_name'], 'aac')


if __name__ == '__main__':
    tools.main()
