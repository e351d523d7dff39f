# SPDX-License-Identifier: LGPL-2.1-or-later
"""node-media-server from npm: RTMP, RTMPS with a self-signed certificate, and
Enhanced RTMP; on 127.0.0.1 and free ports, with its own folder."""
import subprocess
import time
import unittest

import rtmpserver
import tools

STARTS_WITHIN = 20
ENDS_WITHIN = 10
STILL = 0.5     # s
# "./dev test" puts it there.
PROGRAM = (tools.SOURCE / 'build' / 'judges' / 'node_modules'
           / 'node-media-server' / 'bin' / 'app.js')


class NodeMediaServer:
    """Records all that it receives; a context manager."""

    def __init__(self, folder, *options):
        self.node = tools.need('node', 'nodejs')
        if not PROGRAM.exists():
            raise unittest.SkipTest(
                'node-media-server is missing (npm; ./dev setup)')
        self.folder, self.options = folder, options
        self.process = self.log = None
        self.ports = {}

    def __enter__(self):
        self.folder.mkdir(parents=True)
        self.ports = {name: rtmpserver.free_port()
                      for name in ('rtmp', 'rtmps', 'http', 'https')}
        ports = [text for name, port in self.ports.items()
                 for text in (f'--{name}-port', str(port))]
        self.log = open(self.folder / 'log', 'wb')
        self.process = subprocess.Popen(
            [self.node, PROGRAM, '--bind', '127.0.0.1', *ports, '--data-path',
             self.folder / 'data', '--record-path', self.folder / 'record',
             '--record-auto', '--no-admin', *self.options], cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=subprocess.STDOUT, start_new_session=True)
        rtmpserver.wait_until(self._listens, STARTS_WITHIN,
                              'node-media-server starts')
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def _listens(self):
        if self.process.poll() is not None:
            raise AssertionError((self.folder / 'log').read_text())
        return all(rtmpserver.listens(self.ports[name])
                   for name in ('rtmp', 'rtmps'))

    def address(self, scheme, key):
        return f'{scheme}://127.0.0.1:{self.ports[scheme]}/live/{key}'

    def recording(self, key):
        """The only recording of a key, after its publisher has left. The
        server keeps it open for a while; it is whole when it grows no more."""
        folder = self.folder / 'record' / 'live' / key
        grew = [0, time.monotonic()]

        def look():
            found = list(folder.glob('*.flv'))
            size = found[0].stat().st_size if found else 0
            if size != grew[0]:
                grew[:] = size, time.monotonic()
            return found[0] if size and time.monotonic() - grew[1] > STILL \
                else None
        return rtmpserver.wait_until(look, ENDS_WITHIN, f'{key} is recorded')
