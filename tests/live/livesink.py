# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many destinations from one encode: whatever one of them does, the others
and the recording lose nothing."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

from livecase import LONG, LiveTestCase  # noqa: E402
from livepipeline import FPS, KEY_INTERVAL  # noqa: E402
import facts  # noqa: E402
import flv  # noqa: E402
import tools  # noqa: E402

JITTER = 1.2        # at most so many times the step of back-off
DOWN = 2            # s that the killed server is away
STALLED_WITHIN = 7  # s
BACK_WITHIN = 35    # s after it reads again
QUEUE = 2000, 8 * 1024 * 1024   # ms and bytes that may wait for one


def step(failures):
    """Seconds of back-off after so many failures in a row."""
    return min(0.5 * 2 ** (failures - 1), 30)


class OneBadDestination(LiveTestCase):
    """All of them at once, and the healthy ones in the middle."""

    def check_headers(self, path):
        """A session begins with what a decoder is set up by, then a key
        frame; sound has its own."""
        tags = flv.read(path)
        video = [tag for tag in tags if tag.video]
        audio = [tag for tag in tags if tag.type == flv.AUDIO]
        for track in (video, audio):
            self.assertTrue(track[0].header)
            # The recorder writes one of its own in front.
            self.assertFalse(track[2].header)
        self.assertTrue(next(tag for tag in video if not tag.header).key)

    def check_queue(self, pipeline, name):
        """What waited for a server that reads nothing was bounded."""
        stats = [m.fields for m in pipeline.stats_of(name)]
        self.assertLessEqual(max(int(f['queue-ms']) for f in stats), QUEUE[0])
        self.assertLessEqual(max(int(f['queue-bytes']) for f in stats),
                             QUEUE[1])

    def check_bitrate(self, pipeline, began, ended):

        """A server that hangs is no reason to ask the encoder for less."""
        asked = [m.fields for m in pipeline.bitrates if began < m.at < ended]
        self.assertEqual([f for f in asked
                          if int(f['bitrate']) < int(f['old-bitrate'])], [])

    def start_late(self, pipeline, late):
        """Returns when it came up and within how long it is to be found: by
        the next try, which back-off has set."""
        tries = [m for m in pipeline.state_messages('late')
                 if m.fields['new'] == 'connecting']
        at = time.monotonic()
        late.start()
        return at, JITTER * step(len(tries))

    def check_killed(self, pipeline, killed, down):
        """It goes on with a session of its own; little is lost."""
        before, after = killed.recordings('app')
        for path in (before, after):
            self.check_clean_start(path)
            self.check_headers(path)
        states = [m for m in pipeline.state_messages('killed')
                  if m.fields['new'] in ('backoff', 'connecting')][1:]
        tries = [m for m in states if m.fields['new'] == 'backoff']
        lost = (pipeline.frames / FPS - facts.end_of(before)
                - facts.end_of(after))
        self.assertLessEqual(
            lost, down + JITTER * step(len(tries)) + KEY_INTERVAL)

    def test_servers_that_refuse_die_and_hang(self):
        """One is not there at first, one is killed, one is stopped: they all
        come back by themselves and nobody else notices."""
        first, back = (10, 40) if LONG else (3, 11)
        seconds = 60 if LONG else 16
        good = self.server('good')
        late = self.server('late', start=False)
        killed, frozen = self.server('killed'), self.server('frozen')
        pipeline = self.run_pipeline(
            [f'{name}={server.address("app", name)}' for name, server in
             (('good', good), ('late', late), ('killed', killed),
              ('frozen', frozen))], seconds)
        for name in ('good', 'killed', 'frozen'):
            pipeline.wait_for_state(name, 'publishing', 5)
        self.assertEqual(
            pipeline.wait_for_state('late', 'backoff', 2).fields['reason'],
            'refused')

        pipeline.wait_seconds_of_stream(first)
        frozen.freeze()
        froze = time.monotonic()
        killed.kill()
        up, within = self.start_late(pipeline, late)
        self.assertEqual(
            pipeline.wait_for_state('killed', 'backoff', 2).fields['reason'],
            'closed')
        pipeline.wait_seconds_of_stream(first + DOWN)
        killed.start()
        down = time.monotonic() - froze
        pipeline.wait_for_state('killed', 'publishing', JITTER * step(3),
                                since=froze)
        came = pipeline.wait_for_state('late', 'publishing', within)
        self.assertLessEqual(came.at - up, within)
        stalled = pipeline.wait_for_state('frozen', 'stalled', 8)
        self.assertLessEqual(stalled.at - froze, STALLED_WITHIN)
        self.assertEqual(stalled.fields['reason'], 'stalled')
        if LONG:
            self.check_bitrate(pipeline, froze, stalled.at)

        pipeline.wait_seconds_of_stream(back)
        frozen.thaw()
        thawed = time.monotonic()
        live = pipeline.wait_for_state('frozen', 'publishing', BACK_WITHIN,
                                       since=thawed)
        self.assertLessEqual(live.at - thawed, BACK_WITHIN)
        self.check_end(pipeline)

        self.check_untouched(pipeline, good.recordings('app')[0])
        self.check_clean_start(late.recordings('app')[-1])
        self.check_killed(pipeline, killed, down)
        self.check_clean_start(frozen.recordings('app')[-1])
        self.check_queue(pipeline, 'frozen')


if __name__ == '__main__':
    tools.main()
