# SPDX-License-Identifier: LGPL-2.1-or-later
"""One live source, one encode, a recording, and echoellivesink with as many
destinations as a test wants, in a gst-launch-1.0 that tests look at while it
runs."""
import collections
import os
import re
import shlex
import signal
import subprocess
import threading
import time

import rtmpserver
import tools

FPS = 30
KEY_INTERVAL = 2
AUDIO_RATE = 48000
AUDIO_FRAME = 1024

VIDEO = """
videotestsrc is-live=true pattern=snow num-buffers={frames}
  ! video/x-raw,width=640,height=360,framerate={fps}/1
  ! queue
  ! x264enc tune=zerolatency speed-preset=ultrafast bitrate={bitrate}
      key-int-max={gop} bframes=0
  ! h264parse ! tee name=v
v. ! queue ! file.
v. ! queue ! live.video
echoelmp4mux name=file ! filesink location={file}
echoellivesink name=live destinations="{destinations}" {options}
"""
AUDIO = """
audiotestsrc is-live=true volume=0.3 samplesperbuffer={block}
    num-buffers={blocks}
  ! audio/x-raw,rate={rate},channels=2 ! queue ! avenc_aac ! aacparse
  ! tee name=a
a. ! queue ! file.
a. ! queue ! live.audio
"""

Message = collections.namedtuple('Message', 'at fields')
PRINTED = re.compile(r'\(element\): (echoellivesink-[\w]+), (.*);$')
FIELD = re.compile(r'([\w-]+)=\(\w+\)("(?:\\.|[^"])*"|[^,]*)')


def parse_fields(text):
    return {name: re.sub(r'\\(.)', r'\1', value.strip('"'))
            for name, value in FIELD.findall(text)}


class LivePipeline:
    """Runs until its sources end, or finish(); a context manager."""

    def __init__(self, folder, destinations, seconds, audio=AUDIO,
                 bitrate=2500, options='', extra='', video=VIDEO, env=None,
                 gop=KEY_INTERVAL * FPS):
        self.file = folder / 'local.mp4'
        self.frames = int(seconds * FPS)
        self.line = (video + audio + extra).format(
            frames=self.frames, fps=FPS, gop=gop, bitrate=bitrate,
            file=self.file, destinations=' '.join(destinations),
            options=options, block=AUDIO_FRAME, rate=AUDIO_RATE,
            blocks=int(seconds * AUDIO_RATE / AUDIO_FRAME))
        self.env = env or {}
        self.lines, self.states, self.stats = [], [], []
        self.bitrates = []
        self.lock = threading.Lock()
        self.process = self.reader = None
        self.began = self.ending = self.ended = None

    def argv(self):
        return ['gst-launch-1.0', '-m', '-v', '-e', *shlex.split(self.line)]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.argv(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=tools.gst_env(**self.env),
            start_new_session=True)
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        self.process.stdin.close()

    def _read(self):
        for line in self.process.stdout:
            self._note(line.decode('utf-8', 'replace').rstrip('\n'))

    def _note(self, line):
        now = time.monotonic()
        with self.lock:
            self.lines.append(line)
            found = PRINTED.search(line)
            if 'New clock' in line:
                self.began = now
            if 'EOS on shutdown enabled' in line:
                self.ending = now
            if 'Got EOS from element "pipeline' in line:
                self.ended = now
            if found:
                fields = parse_fields(found[2])
                kinds = {'echoellivesink-state': self.states,
                         'echoellivesink-stats': self.stats,
                         'echoellivesink-bitrate': self.bitrates}
                if found[1] in kinds:
                    kinds[found[1]].append(Message(now, fields))

    def output(self):
        with self.lock:
            return '\n'.join(self.lines)

    def state_messages(self, name, since=0.0):
        with self.lock:
            return [m for m in self.states
                    if m.fields.get('id') == name and m.at > since]

    def stats_of(self, name):
        with self.lock:
            return [m for m in self.stats if m.fields.get('id') == name]

    def wait_for_state(self, name, new, seconds, since=0.0):
        """The first message of that destination entering that state."""
        def look():
            for message in self.state_messages(name, since):
                if message.fields['new'] == new:
                    return message
            if self.process.poll() is not None:
                raise AssertionError(f'gst-launch-1.0 is gone:\n'
                                     f'{self.output()[-3000:]}')
            return None
        try:
            return rtmpserver.wait_until(look, seconds, f'{name}: {new}')
        except AssertionError as error:
            told = [(round(m.at, 1), m.fields['new'], m.fields['reason'])
                    for m in self.state_messages(name)][-8:]
            raise AssertionError(f'{error}; {told}') from None

    def wait_for_failure(self, name, seconds):
        """The first message that says why a connection failed."""
        return rtmpserver.wait_until(
            lambda: next((m for m in self.state_messages(name)
                          if m.fields['reason'] != 'none'), None),
            seconds, f'{name} fails')

    def wait_seconds_of_stream(self, seconds):
        """Until so much of the stream has gone by; the clock is the test."""
        rtmpserver.wait_until(
            lambda: self.began and time.monotonic() - self.began >= seconds,
            seconds + 20, f'{seconds} s of stream')

    def finish(self):
        """Ends the stream as a user's Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)

    def wait(self, seconds):
        """Waits for its end; returns the exit status."""
        try:
            self.process.wait(seconds * tools.SLOWDOWN)
        except subprocess.TimeoutExpired:
            raise AssertionError(f'still runs after {seconds} s:\n'
                                 f'{self.output()[-3000:]}') from None
        self.reader.join()
        return self.process.returncode

    def resources(self):
        """Threads, descriptors and resident kB of the process."""
        proc = f'/proc/{self.process.pid}'
        with open(f'{proc}/status', encoding='ascii') as status:
            found = dict(re.findall(r'^(Threads|VmRSS):\s+(\d+)',
                                    status.read(), re.M))
        return (int(found['Threads']), len(os.listdir(f'{proc}/fd')),
                int(found['VmRSS']))


class SteeredPipeline(LivePipeline):
    """The same in a program that takes commands; see steer.c."""
    asked = 0.0         # when the last command was given
    answers = None      # all lines that answer one
    ANSWER = re.compile(r'^(added|removed|set|got|went|EOS on)\b')

    def argv(self):
        return [tools.BUILD / 'tests' / 'live' / 'steer', self.line]

    def __enter__(self):
        self.answers = []
        return super().__enter__()

    def _note(self, line):
        super()._note(line)
        if self.ANSWER.match(line):
            self.answers.append(line)

    def command(self, text):
        """Gives a command; returns the answer."""
        before = len(self.answers)
        self.asked = time.monotonic()
        self.process.stdin.write(text.encode() + b'\n')
        self.process.stdin.flush()
        return rtmpserver.wait_until(
            lambda: self.answers[before:] or None, 10,
            f'an answer to {text.split()[0]}')[0]
