# SPDX-License-Identifier: LGPL-2.1-or-later
"""Servers that fail on purpose: what is said about each, that no key gets out,
and that the end of the stream never waits for one."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import badservers  # noqa: E402
import facts  # noqa: E402
from livecase import LONG, LiveTestCase  # noqa: E402
from livepipeline import SteeredPipeline  # noqa: E402
import tools  # noqa: E402


MOST_TEXT = 400     # bytes of what a server said that are passed on
# The log that many run with; at length, the one that docs/security.md says
# holds no key, but for the pipeline's own text, in which this test has keys.
LOGGED = '2,echoellivesink:9' if not LONG else (
    '*:4,echoellivesink:9,rtmp*:0,srt*:0,GST_PIPELINE:0')
ENDS_AFTER = (2, 4, 7.9, 9, 12) if LONG else (4,)   # s of stream
ENDS_WITHIN = 3.5   # s from the end of the stream to that of the pipeline
FAILS_WITHIN = 10   # s from the first try to the wait for the next


class Faults(LiveTestCase):
    """Servers that fail on purpose, and what is said about each."""

    FAULTS = {
        'accepts': (badservers.AcceptOnly, 'no-answer'),
        'shakes': (badservers.HandshakeOnly, 'no-answer'),
        'connects': (badservers.ConnectOnly, 'no-answer'),
        'full': (badservers.FullBacklog, 'no-connection'),
        'takes-nothing': (badservers.TakesNothing, 'stalled'),
        'resets': (badservers.ResetAfter, 'closed'),
        'in-use': (lambda: badservers.Status('NetStream.Publish.BadName'),
                   'key-in-use'),
        'denies': (lambda: badservers.Status('NetStream.Publish.Denied'),
                   'auth'),
    }

    def start_all(self, names):
        """Destinations, each with a key of its own that is easily found."""
        return [f'{name}=' + self.enter(self.FAULTS[name][0]()).address(
            f'SECRET-{name}') for name in names]

    def check_secrets(self, pipeline, folder):
        """No key in anything that the run left, but the servers' own."""
        texts = {'output': pipeline.output()}
        for path in folder.rglob('*'):
            if path.is_file():
                texts[path.name] = path.read_text('utf-8', 'replace')
        self.assertTrue(any(name.endswith('.dot') for name in texts))
        self.assertIn('echoellivesink', texts['debug.log'])
        for name, text in texts.items():
            at = text.find('SECRET-')
            self.assertEqual(at, -1, f'{name}: {text[at - 200:at + 200]}')

    def test_every_fault_has_its_reason_and_no_key_gets_out(self):
        good = self.server('good')
        seen = self.folder / 'seen'
        seen.mkdir()
        (self.folder / 'key').write_text('SECRET-file\n')
        plain = self.enter(badservers.AcceptOnly()).address('k')
        destinations = self.start_all(self.FAULTS) + [
            f'good={good.address("app", "{env:GOOD_KEY}")}',
            'nowhere=rtmp://no-such-host.invalid/app/{file:KEY_FILE}'.replace(
                'KEY_FILE', str(self.folder / 'key')),
            plain.replace('rtmp:', 'no-tls=rtmps:') + 'SECRET-tls']
        pipeline = self.run_pipeline(
            destinations, 60 if LONG else 11, env={
                'GOOD_KEY': 'SECRET-good', 'GST_DEBUG_DUMP_DOT_DIR': seen,
                'GST_DEBUG': LOGGED,
                'GST_DEBUG_FILE': seen / 'debug.log'})
        for name, (_, reason) in self.FAULTS.items():
            failed = pipeline.wait_for_state(name, 'backoff', 12)
            self.assertEqual(failed.fields['reason'], reason, name)
            tried = pipeline.wait_for_state(name, 'connecting', 1)
            self.assertLessEqual(failed.at - tried.at, FAILS_WITHIN, name)
        self.assertEqual(
            pipeline.wait_for_failure('nowhere', 10).fields['reason'],
            'unreachable')
        fatal = pipeline.wait_for_state('denies', 'fatal', 5)
        self.assertEqual(fatal.fields['attempt'], '3')
        self.check_end(pipeline)
        self.check_untouched(pipeline, good.recordings('app')[0])
        self.assertRegex(pipeline.output(), 'WARNING.*"denies" is given up')
        self.check_secrets(pipeline, seen)

    def test_an_address_that_cannot_be_is_refused_without_its_key(self):
        """rtmp2sink would tell all of it to everybody's log."""
        for text in ('rtmp://[::1/app/SECRET-a', 'rtmp://:1935/app/SECRET-b',
                     'rtmp://u:SECRET-c:x@localhost/app/SECRET-d',
                     'rtmps://localhost:99999999/app/SECRET-e'):
            log = self.folder / 'log'
            done = subprocess.run(
                ['gst-launch-1.0', '-q', 'videotestsrc', '!', 'x264enc', '!',
                 'h264parse', '!', 'echoellivesink', 'destinations={env:D}'],
                env=tools.gst_env(D=text, GST_DEBUG='5', GST_DEBUG_FILE=log),
                capture_output=True, text=True, timeout=20, check=False)
            self.assertNotEqual(done.returncode, 0, text)
            self.assertRegex(done.stderr, 'ERROR.*(address|form)')
            for told in (done.stdout, done.stderr, log.read_text('utf-8')):
                self.assertNotIn('SECRET', told)

    def test_missing_tls_is_told(self):
        """GIO's TLS is a module that need not be installed."""
        good = self.server('good')
        pipeline = self.run_pipeline(
            [f'good={good.address("app", "k")}',
             good.address('app', 'tls').replace('rtmp:', 'tls=rtmps:')], 3,
            env={'GIO_USE_TLS': 'dummy'})
        fatal = pipeline.wait_for_state('tls', 'fatal', 5)
        self.assertEqual(fatal.fields['reason'], 'setup')
        self.assertIn('glib-networking', fatal.fields['error'])
        self.check_end(pipeline)
        self.check_untouched(pipeline, good.recordings('app')[0])

    def test_end_comes_in_time_whatever_state_each_is_in(self):
        """Connecting, publishing, stuck, waiting, ending, switched off and
        given up at once."""
        for n, seconds in enumerate(ENDS_AFTER):
            with self.subTest(seconds=seconds):
                folder = self.folder / str(n)
                folder.mkdir()
                self.end_after(seconds, folder, self.server(f'good{n}'))

    def end_after(self, seconds, folder, good):
        names = ['accepts', 'takes-nothing', 'resets', 'denies']
        off = self.enter(badservers.TakesNothing()).address('SECRET-off')
        echoes = self.enter(badservers.Status(
            'NetStream.Publish.Denied',
            description='no "SECRET-"echo"' + 'x' * 60000))
        pipeline = self.enter(SteeredPipeline(
            folder, self.start_all(names) + [
                'echoes=' + echoes.address('SECRET-%22echo'), f'off={off}',
                f'good={good.address("app", "k")}'], 60))
        for name in ('takes-nothing', 'off', 'good'):
            pipeline.wait_for_state(name, 'publishing', 5)
        pipeline.wait_for_state('denies', 'fatal', 6)
        said = pipeline.wait_for_state('echoes', 'fatal', 6).fields['error']
        self.assertIn('***', said)
        self.assertLess(len(said), MOST_TEXT)
        pipeline.wait_seconds_of_stream(seconds)
        pipeline.command('set off::enabled false')
        pipeline.command('eos')
        self.check_end(pipeline)
        self.assertLessEqual(pipeline.ended - pipeline.ending, ENDS_WITHIN)
        now = {m.fields['id']: m.fields['new'] for m in pipeline.states}
        self.assertEqual(now, {'accepts': 'ended', 'takes-nothing': 'ended',
                               'resets': 'ended', 'denies': 'fatal',
                               'echoes': 'fatal', 'off': 'disabled',
                               'good': 'ended'})
        self.assertNotIn('SECRET-', pipeline.output())
        local = facts.packets(pipeline.file)
        there = facts.packets(good.recordings('app')[0])
        self.check_same(there, local)
        self.assertAlmostEqual(
            float(facts.probe(pipeline.file)['format']['duration']),
            max(facts.end_of(pipeline.file),
                facts.end_of(pipeline.file, 'a:0')), delta=0.1)
        # Nothing but its own publisher's goodbye ended the server's stream.
        good.wait_for_ends(1)


if __name__ == '__main__':
    tools.main()
