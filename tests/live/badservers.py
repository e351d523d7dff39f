# SPDX-License-Identifier: LGPL-2.1-or-later
"""Servers that fail as servers do, on 127.0.0.1 and free ports: each is a
context manager with an address()."""
import os
import select
import socket
import struct
import threading

HANDSHAKE = 1536
REMEMBERED = 65536
CLOSE = struct.pack('ii', 1, 0)   # SO_LINGER: reset instead of an orderly end


class BadServer:
    """Takes connections and does nothing with them, for ever."""
    backlog = 16

    def __init__(self):
        self.listener = self.thread = None
        self.stop_read, self.stop_write = os.pipe()
        self.connections = 0
        self.sockets = []

    def __enter__(self):
        self.listener = socket.socket()
        self.listener.bind(('127.0.0.1', 0))
        self.listener.listen(self.backlog)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        return self

    def __exit__(self, *_):
        os.write(self.stop_write, b'x')
        self.thread.join()
        for end in [self.listener, *self.sockets]:
            end.close()
        os.close(self.stop_read)
        os.close(self.stop_write)

    def address(self, key='SECRETkey'):
        return f'rtmp://127.0.0.1:{self.listener.getsockname()[1]}/app/{key}'

    def _run(self):
        while True:
            ready, _, _ = select.select(
                [self.stop_read, self.listener, *self.sockets], [], [])
            if self.stop_read in ready:
                return
            for end in ready:
                self._serve(end)

    def _serve(self, end):
        if end is self.listener:
            self.sockets.append(self.listener.accept()[0])
            self.connections += 1
            return
        try:
            data = end.recv(65536)
        except OSError:
            data = b''
        if data:
            self.receive(end, data)
        else:
            self.drop(end)

    def drop(self, end):
        self.sockets.remove(end)
        end.close()

    def receive(self, end, data):
        """Called with what a client sent."""


class AcceptOnly(BadServer):
    """Takes the connection and never says a word."""


class HandshakeOnly(BadServer):
    """Completes RTMP's handshake, then says nothing."""

    def __init__(self):
        super().__init__()
        self.had = {}

    def receive(self, end, data):
        had = self.had.get(end, b'') + data
        if len(had) >= 1 + HANDSHAKE and len(had) - len(data) < 1 + HANDSHAKE:
            first = had[1:1 + HANDSHAKE]
            end.sendall(b'\x03' + bytes(HANDSHAKE) + first)
        self.had[end] = had[:REMEMBERED]
        if len(had) >= 1 + 2 * HANDSHAKE:
            self.after_handshake(end, had[1 + 2 * HANDSHAKE:])

    def after_handshake(self, end, commands):
        """Called with all that came behind the handshake, so far."""


class FullBacklog(BadServer):
    """Nothing is accepted and the queue of connections is full, so a new one
    gets no answer at all, as behind a firewall that drops."""

    def __enter__(self):
        self.listener = socket.socket()
        self.listener.bind(('127.0.0.1', 0))
        self.listener.listen(0)
        self.fill = []
        for _ in range(4):
            end = socket.socket()
            end.setblocking(False)
            end.connect_ex(self.listener.getsockname())
            self.fill.append(end)
        return self

    def __exit__(self, *_):
        for end in [self.listener, *self.fill]:
            end.close()
        os.close(self.stop_read)
        os.close(self.stop_write)


class ResetAfter(BadServer):
    """Hangs up with a reset after so many bytes."""

    def __init__(self, count=1):
        super().__init__()
        self.count, self.seen = count, {}

    def receive(self, end, data):
        self.seen[end] = self.seen.get(end, 0) + len(data)
        if self.seen[end] >= self.count:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE)
            self.drop(end)


def amf_string(text):
    return b'\x02' + struct.pack('>H', len(text)) + text.encode()


def amf_number(value):
    return b'\x00' + struct.pack('>d', value)


def amf_object(**members):
    body = b''.join(struct.pack('>H', len(name)) + name.encode()
                    + amf_string(value) for name, value in members.items())
    return b'\x03' + body + b'\0\0\x09'


def command(*values, stream=0):
    """An AMF0 command in one chunk of stream 3; chunks of 64 kB were
    announced before it."""
    body = b''.join(values)
    return (b'\x03\0\0\0' + struct.pack('>I', len(body))[1:] + b'\x14'
            + struct.pack('<I', stream) + body)


SET_CHUNK_SIZE = b'\x02\0\0\0\0\0\x04\x01\0\0\0\0' + struct.pack('>I', 65536)


class Status(HandshakeOnly):
    """An RTMP server that answers "publish" with one status, or never."""

    def __init__(self, code, level='error', description='no'):
        super().__init__()
        self.status = dict(level=level, code=code, description=description)
        self.done = {}

    def after_handshake(self, end, commands):
        done = self.done.setdefault(end, set())
        if b'connect' in commands and 'connect' not in done:
            done.add('connect')
            end.sendall(SET_CHUNK_SIZE + command(
                amf_string('_result'), amf_number(1), amf_object(fmsVer='x'),
                amf_object(level='status',
                           code='NetConnection.Connect.Success')))
        if self.status['code'] is None:
            return
        if b'createStream' in commands and 'create' not in done:
            done.add('create')
            number = commands[commands.index(b'createStream') + 12:][:9]
            end.sendall(command(amf_string('_result'), number, b'\x05',
                                amf_number(1)))
        if b'publish' in commands.replace(b'FCPublish', b'') \
                and 'publish' not in done:
            done.add('publish')
            end.sendall(command(amf_string('onStatus'), amf_number(0), b'\x05',
                                amf_object(**self.status), stream=1))
            self.after_publish(end)

    def after_publish(self, end):
        """Called once it was answered."""


class ConnectOnly(Status):
    """Takes a client's "connect" and never lets it publish."""

    def __init__(self):
        super().__init__(None)


class TakesNothing(Status):
    """Lets a publisher in and then reads no more."""

    def __init__(self):
        super().__init__('NetStream.Publish.Start', 'status', 'go')
        self.kept = []

    def after_publish(self, end):
        self.sockets.remove(end)
        self.kept.append(end)

    def __exit__(self, *details):
        super().__exit__(*details)
        for end in self.kept:
            end.close()
