# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real RTMP server for a test: nginx with its RTMP module, on 127.0.0.1
and a free port, with its own configuration and folder."""
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import time
import unittest

import tools

MODULE = pathlib.Path('/usr/lib/nginx/modules/ngx_rtmp_module.so')
STARTS_WITHIN = 10
ENDS_WITHIN = 10
PORT_TRIES = 5
CONFIGURATION = """
load_module {module};
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections {connections}; }}
rtmp {{
    access_log {folder}/access.log;
    server {{
        listen 127.0.0.1:{port};
        chunk_size 4096;
        {applications}
    }}
}}
"""
APPLICATION = """
        application {name} {{
            live on;
            record all;
            record_path {folder}/{name};
            record_suffix .flv;
            {options}
        }}
"""


def wait_until(condition, seconds, what):
    """Returns the condition's first true value, or fails at the deadline."""
    deadline = time.monotonic() + seconds * tools.SLOWDOWN
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f'{what}: not within {seconds} s')
        time.sleep(0.02)
    return value


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def listens(port):
    try:
        socket.create_connection(('127.0.0.1', port), 1).close()
    except OSError:
        return False
    return True


class RtmpServer:
    """Records what each application receives; a context manager. "options"
    are lines for each application's configuration. With start=False it is
    down until start() is called."""

    def __init__(self, folder, applications, options='', start=True,
                 connections=64):
        self.program = tools.need('nginx', 'nginx-light')
        if not MODULE.exists():
            raise unittest.SkipTest(
                f'{MODULE.name} is missing (Debian: libnginx-mod-rtmp)')
        self.folder, self.applications = folder, applications
        self.options, self.starts = options, start
        self.connections = connections
        self.process = self.port = None

    def __enter__(self):
        for name in self.applications:
            (self.folder / name).mkdir(parents=True)
        if not self.starts:
            self.port = free_port()
            return self
        for _ in range(PORT_TRIES):
            self.port = free_port()
            if self._start():
                return self
        raise AssertionError(f'nginx does not start: {self.log()}')

    def __exit__(self, *_):
        self._stop()

    def start(self):
        """On the port it had before."""
        if not self._start():
            raise AssertionError(f'nginx does not start: {self.log()}')

    def kill(self):
        self.process.kill()
        self.process.wait()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def _start(self):
        """False when another program took the port in the meantime."""
        configuration = self.folder / 'nginx.conf'
        configuration.write_text(CONFIGURATION.format(
            module=MODULE, folder=self.folder, port=self.port,
            connections=self.connections,
            applications=''.join(
                APPLICATION.format(name=name, folder=self.folder,
                                   options=self.options)
                for name in self.applications)))
        self.process = subprocess.Popen(
            [self.program, '-e', self.folder / 'error.log', '-p', self.folder,
             '-c', configuration], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        wait_until(lambda: self._listens() or self.process.poll() is not None,
                   STARTS_WITHIN, 'nginx starts')
        return self.process.poll() is None

    def _listens(self):
        return listens(self.port)

    def _stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.thaw()
            self.process.terminate()
        try:
            self.process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def log(self):
        path = self.folder / 'error.log'
        return path.read_text('utf-8', 'replace')[-3000:]

    def address(self, application, key):
        return f'rtmp://127.0.0.1:{self.port}/{application}/{key}'

    def url(self, application, key):
        """A quoted location for rtmp2sink."""
        return shlex.quote(self.address(application, key))

    def recording(self, application, key):
        return self.folder / application / f'{key}.flv'

    def recordings(self, application):
        """All of one application, oldest first; with "record_unique on" one
        a connection."""
        return sorted((self.folder / application).glob('*.flv'),
                      key=lambda path: path.stat().st_mtime_ns)

    def wait_for_ends(self, count):
        """Waits until the server has seen this many streams end."""
        log = self.folder / 'access.log'
        wait_until(lambda: log.exists()
                   and log.read_text('utf-8').count('PUBLISH') >= count,
                   ENDS_WITHIN, f'{count} streams end at the server')
