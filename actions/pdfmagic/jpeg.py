"""Reads the structure of a JPEG without decoding it: what its picture is made of, and what else is in the file.

Source: ITU-T T.81 (JPEG), annex B: markers, segments and the order in which they may come. Cost: one pass of a compiled
pattern over the coded data, below a millisecond for a megabyte.
"""

from __future__ import annotations

import re
from mmap import mmap
from typing import BinaryIO, NamedTuple, Union

from .errors import ActionError, Problem
from .frames import SUPPORTED_FRAMES, Frame, describe_start, read_frame, read_tables

#: No camera comes near; it bounds the work on a file made of nothing but markers.
MAX_SEGMENTS = 10_000

#: FF followed by neither a stuffed zero nor another fill byte. One FF, not a run: a pattern with `+` is quadratic.
_MARKER = re.compile(rb"\xff[^\x00\xff]", re.DOTALL)
#: The same within coded data, where restart markers (D0-D7) belong to the data.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)

_SOI, _EOI, _SOS, _DQT, _DHT, _DRI, _TEM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0x01
_DAC, _DNL = 0xCC, 0xDC
_RESTARTS = range(0xD0, 0xD8)
_APPLICATIONS = range(0xE0, 0xF0)
#: Bytes that are copied at a time.
_CHUNK = 1 << 20

Data = Union[bytes, mmap]


class Jpeg(NamedTuple):
    """The structure of one picture in a file. All positions are in bytes."""

    frame: Frame
    #: Quantization tables by number, each of 64 steps in rows, from low frequencies to high ones.
    tables: dict[int, tuple[int, ...]]
    #: Contents of application segments, in their order: number of the segment (0 to 15), content.
    applications: tuple[tuple[int, bytes], ...]
    #: Where the picture is, from start to end: tables, headers and coded data, without metadata.
    picture: tuple[tuple[int, int], ...]
    #: Where the coded data of each scan is.
    scans: tuple[tuple[int, int], ...]
    #: Units of a scan between two restart markers; 0 for none.
    restart_interval: int
    #: Whether the end marker is there.
    is_closed: bool


class _Reader:
    """Goes through a file once, marker by marker."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self.frame: Frame | None = None
        self.tables: dict[int, tuple[int, ...]] = {}
        self.applications: list[tuple[int, bytes]] = []
        self.picture: list[tuple[int, int]] = []
        self.scans: list[tuple[int, int]] = []
        self.restart_interval = 0
        self.scanned: set[int] = set()

    def read(self) -> bool:
        """Reads up to the end marker; False if it is missing after a picture that has all its parts."""
        position = 2
        for _ in range(MAX_SEGMENTS):
            found = _MARKER.search(self._data, position)
            if found is None:
                return self._end_without_marker("before its end marker (FF D9)")
            marker = self._data[found.end() - 1]
            if marker == _EOI:
                return True
            if marker == _SOI:
                raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: a second image starts inside the first.")
            position = found.end()
            if marker == _TEM or marker in _RESTARTS:
                continue
            segment = _read_segment(self._data, position)
            end = position + len(segment) + 2
            if marker == _SOS:
                end = self._read_scan(segment, end)
            self._take(marker, segment, (position - 2, end))
            position = end
        raise ActionError(Problem.CORRUPT_JPEG, f"The JPEG is corrupt: it has more than {MAX_SEGMENTS} segments.")

    def _take(self, marker: int, segment: bytes, where: tuple[int, int]) -> None:
        if marker in _APPLICATIONS:
            self.applications.append((marker - 0xE0, segment))
            return
        if marker in SUPPORTED_FRAMES:
            if self.frame is not None:
                raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: it has two frame headers.")
            self.frame = read_frame(marker, segment)
        elif marker == _DQT:
            self.tables.update(read_tables(segment))
        elif marker == _DRI:
            self.restart_interval = int.from_bytes(segment[:2], "big")
        elif marker not in (_SOS, _DHT, _DAC, _DNL):
            return
        if self.picture and self.picture[-1][1] == where[0]:
            self.picture[-1] = (self.picture[-1][0], where[1])
        else:
            self.picture.append(where)

    def _read_scan(self, header: bytes, position: int) -> int:
        """The end of the coded data that follows a scan's header."""
        if self.frame is None:
            raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: image data comes before the frame header.")
        count = header[0] if header else 0
        self.scanned.update(header[1 : 1 + 2 * count : 2])
        found = _END_OF_SCAN.search(self._data, position)
        # A last FF is the first half of the end marker.
        end = found.start() if found else len(self._data) - (self._data[-1:] == b"\xff")
        self.scans.append((position, end))
        return end

    def _end_without_marker(self, where: str) -> bool:
        wanted = {component.name for component in self.frame.components} if self.frame else {-1}
        if not wanted <= self.scanned:
            raise describe_truncation(len(self._data), where)
        return False


def read_jpeg(data: Data) -> Jpeg:
    """Reads the structure of `data`. Bytes after the end marker are allowed: many cameras append a preview or a film.

    Without an end marker all image data may be there all the same: only a decoder can tell.

    Raises ActionError: NOT_A_JPEG, TRUNCATED_JPEG, CORRUPT_JPEG, UNSUPPORTED_JPEG.
    """
    if data[:3] != b"\xff\xd8\xff":
        raise ActionError(Problem.NOT_A_JPEG, describe_start(bytes(data[:12])))
    reader = _Reader(data)
    is_closed = reader.read()
    if reader.frame is None or not reader.scanned:
        raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: it ends without any image data.")
    return Jpeg(
        frame=reader.frame,
        tables=reader.tables,
        applications=tuple(reader.applications),
        picture=tuple(reader.picture),
        scans=tuple(reader.scans),
        restart_interval=reader.restart_interval,
        is_closed=is_closed,
    )


def measure_picture(jpeg: Jpeg, colour: bytes) -> int:
    """The bytes that `write_picture` writes."""
    return 4 + len(colour) + sum(end - start for start, end in jpeg.picture)


def write_picture(data: Data, jpeg: Jpeg, colour: bytes, target: BinaryIO) -> None:
    """Writes the picture as a JPEG of its own, not decoded, without any metadata.

    `colour`: segments that say what its colours are (`marks.py`).
    """
    target.write(b"\xff\xd8" + colour)
    for start, end in jpeg.picture:
        for position in range(start, end, _CHUNK):
            target.write(data[position : min(end, position + _CHUNK)])
    target.write(b"\xff\xd9")


def describe_truncation(length: int, where: str) -> ActionError:
    """The refusal of a file that breaks off after `length` bytes."""
    return ActionError(
        Problem.TRUNCATED_JPEG,
        f"The JPEG is truncated: after {length} bytes it breaks off {where}. Send the whole file.",
    )


def _read_segment(data: Data, position: int) -> bytes:
    """The bytes of the segment whose two-byte length is at `position`, without the length."""
    if position + 2 > len(data):
        raise describe_truncation(len(data), "within a segment header")
    length = int.from_bytes(data[position : position + 2], "big")
    if length < 2:
        raise ActionError(Problem.CORRUPT_JPEG, f"The JPEG is corrupt: a segment claims a length of {length} bytes.")
    if position + length > len(data):
        raise describe_truncation(len(data), f"within a segment of {length} bytes")
    return bytes(data[position + 2 : position + length])
