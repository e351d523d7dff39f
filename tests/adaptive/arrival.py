# SPDX-License-Identifier: LGPL-2.1-or-later
"""How late pictures come to a server, told by nothing but the file that it
writes: the stamp of each tag against the moment at which it is there."""
import threading
import time

VIDEO = 9
FILE_HEADER, TAG_HEADER, TAG_END = 13, 11, 4
POLL = 0.01         # s


class Arrivals:
    """Follows the first recording in a folder while a server writes it; a
    context manager."""

    def __init__(self, folder):
        self.folder = folder
        self.seen = []      # (monotonic s, stamp in s) of each picture
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._follow)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()

    def _find(self):
        found = sorted(self.folder.glob('*.flv'))
        return found[0] if found else None

    def _follow(self):
        while (path := self._find()) is None:
            if self.ending.wait(POLL):
                return
        rest, skipped = b'', False
        with open(path, 'rb') as file:
            while not self.ending.wait(POLL):
                rest += file.read()
                if not skipped and len(rest) >= FILE_HEADER:
                    rest, skipped = rest[FILE_HEADER:], True
                if skipped:
                    rest = self._take(rest)

    def _take(self, data):
        """Notes the whole tags in it; returns what is left."""
        now, at = time.monotonic(), 0
        while at + TAG_HEADER <= len(data):
            size = int.from_bytes(data[at + 1:at + 4], 'big')
            end = at + TAG_HEADER + size + TAG_END
            if end > len(data):
                break
            if data[at] == VIDEO:
                stamp = data[at + 7] << 24 | int.from_bytes(
                    data[at + 4:at + 7], 'big')
                self.seen.append((now, stamp / 1000))
            at = end
        return data[at:]

    def delays(self, begin, end):
        """How much later than the promptest picture of all those that came
        in that time were, in s. The source is live: a picture was made when
        its stamp says, but for a constant."""
        prompt = min(at - stamp for at, stamp in self.seen)
        return [at - stamp - prompt for at, stamp in self.seen
                if begin <= at < end]
