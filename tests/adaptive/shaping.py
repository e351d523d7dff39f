# SPDX-License-Identifier: LGPL-2.1-or-later
"""A network of the test's own, in which what goes to a port is as slow as the
test wants it: a network namespace with a token bucket on its loopback."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import tools

INSIDE = 'ECHOEL_OWN_NETWORK'
# What the bottleneck queues and lets go at once, in bytes.
QUEUE = 32 * 1024
BURST = 4 * 1024


def enter():
    """Runs the calling program again in a namespace of its own; returns in
    there, or at once with a reason why there is none."""
    if os.environ.get(INSIDE):
        return None
    for tool in ('unshare', 'ip', 'tc'):
        if shutil.which(tool, path=os.environ['PATH'] + ':/usr/sbin') is None:
            return f'{tool} is missing (Debian: iproute2, util-linux)'
    # Who is not root is root in a user namespace, where that is allowed.
    own = ['unshare', '-n'] if os.geteuid() == 0 else ['unshare', '-rn']
    tried = subprocess.run([*own, 'true'], capture_output=True, text=True)
    if tried.returncode != 0:
        return f'no network namespace: {tried.stderr.strip()}'
    os.environ[INSIDE] = '1'
    os.execvp(own[0], [*own, sys.executable, '-B', *sys.argv])
    return None


def run(*argv, check=True):
    path = os.environ['PATH'] + ':/usr/sbin'
    return subprocess.run([shutil.which(argv[0], path=path), *argv[1:]],
                          check=check, capture_output=True, text=True)


class Network:
    """The loopback of the namespace, without the shaping of the last."""

    def __init__(self):
        self.classes = {}
        run('ip', 'link', 'set', 'lo', 'mtu', '1500', 'up')
        run('tc', 'qdisc', 'del', 'dev', 'lo', 'root', check=False)
        try:
            run('tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'handle', '1:',
                'htb', 'default', '10')
            self._add_class(10)
        except subprocess.CalledProcessError as error:
            raise unittest.SkipTest(
                f'this kernel cannot shape: {error.stderr.strip()}')

    @staticmethod
    def _add_class(number):
        run('tc', 'class', 'add', 'dev', 'lo', 'parent', '1:', 'classid',
            f'1:{number}', 'htb', 'rate', '10gbit', 'quantum', '60000')

    def use(self, control):
        """Which congestion control new connections have: bbr or cubic."""
        done = run('ip', 'route', 'replace', 'local', '127.0.0.0/8', 'dev',
                   'lo', 'table', 'local', 'congctl', control, check=False)
        if done.returncode != 0:
            raise unittest.SkipTest(f'no {control}: {done.stderr.strip()}')

    @staticmethod
    def receive(sizes):
        """What new connections may fill, as tcp_rmem has it; returns what
        they could before."""
        path = pathlib.Path('/proc/sys/net/ipv4/tcp_rmem')
        before = path.read_text(encoding='ascii')
        path.write_text(sizes, encoding='ascii')
        return before

    def limit(self, port, mbits):
        """What is sent to this port is let through at that rate."""
        bucket = ['tbf', 'rate', f'{mbits}mbit', 'burst', str(BURST), 'limit',
                  str(QUEUE)]
        if port in self.classes:
            number = self.classes[port]
            run('tc', 'qdisc', 'change', 'dev', 'lo', 'parent', f'1:{number}',
                'handle', f'{number}:', *bucket)
            return
        number = self.classes[port] = 20 + len(self.classes)
        self._add_class(number)
        run('tc', 'qdisc', 'add', 'dev', 'lo', 'parent', f'1:{number}',
            'handle', f'{number}:', *bucket)
        self._send(port, number)

    @staticmethod
    def _send(port, number):
        run('tc', 'filter', 'add', 'dev', 'lo', 'parent', '1:', 'protocol',
            'ip', 'u32', 'match', 'ip', 'dport', str(port), '0xffff', 'flowid',
            f'1:{number}')

    def share(self, port, other):
        """What is sent to the other port goes the same limited way."""
        self._send(other, self.classes[port])


def main(reason):
    """Like tools.main(), but a machine without namespaces is a skip."""
    if reason:
        print(f'SKIP: {reason}')
        sys.exit(tools.SKIPPED)
    tools.main()
