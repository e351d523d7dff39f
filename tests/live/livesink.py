# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many destinations from one encode: whatever one of them does, the others
and the recording lose nothing."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

import facts  # noqa: E402
from livecase import LONG, LiveTestCase  # noqa: E402
from livepipeline import FPS, KEY_INTERVAL  # noqa: E402
import tools  # noqa: E402


class OneBadDestination(LiveTestCase):
    """The cases one by one; all destinations of a case share a pipeline."""

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
        killed.kill()
        frozen.freeze()
        late.start()
        at = time.monotonic()
        step = 0.5 * 2 ** (len([m for m in pipeline.state_messages('late')
                                if m.fields['new'] == 'connecting']) - 1)
        pipeline.wait_for_state('late', 'publishing', 1.2 * min(step, 30) + 1)
        self.assertEqual(
            pipeline.wait_for_state('killed', 'backoff', 2).fields['reason'],
            'closed')
        killed.start()
        pipeline.wait_for_state('killed', 'publishing', 3, since=at)
        stalled = pipeline.wait_for_state('frozen', 'stalled', 8)
        self.assertLess(stalled.at - at, 7)

        pipeline.wait_seconds_of_stream(back)
        frozen.thaw()
        thawed = time.monotonic()
        pipeline.wait_for_state('frozen', 'publishing', 35, since=thawed)
        self.check_end(pipeline)

        self.check_untouched(pipeline, good.recordings('app')[0])
        self.check_clean_start(late.recordings('app')[-1])
        before, after = killed.recordings('app')
        self.check_clean_start(before)
        self.check_clean_start(after)
        lost = (pipeline.frames / FPS - facts.end_of(before)
                - facts.end_of(after))
        self.assertLess(lost, 2 + KEY_INTERVAL)
        self.check_clean_start(frozen.recordings('app')[-1])


if __name__ == '__main__':
    tools.main()
