# SPDX-License-Identifier: LGPL-2.1-or-later
"""Systems that tell less of a connection than this one."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'pipelines'))

from livecase import LiveTestCase  # noqa: E402
import tools  # noqa: E402

# With nothing acknowledged a destination is given up after 8 s.
SECONDS = 10


class Systems(LiveTestCase):
    """A destination lives on what its sink counts."""

    def test_system_that_does_not_count(self):
        """Linux before 4.2, gVisor."""
        server = self.server('a')
        pipeline = self.run_pipeline(
            [f'a={server.address("app", "k")}'], SECONDS,
            env={'LD_PRELOAD': tools.BUILD / 'tests/live/libuncounted.so'})
        pipeline.wait_for_state('a', 'publishing', 5)
        self.check_end(pipeline)
        told = [m.fields['new'] for m in pipeline.state_messages('a')]
        self.assertEqual(told, ['connecting', 'publishing', 'draining',
                                'ended'])
        used = {m.fields['measured-by'] for m in pipeline.stats_of('a')
                if 'measured-by' in m.fields}
        self.assertEqual(used, {'counters'})
        self.check_untouched(pipeline, server.recordings('app')[0])


if __name__ == '__main__':
    tools.main()
