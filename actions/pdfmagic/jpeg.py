"""Reads the structure of a JPEG without decoding it, so that ImageMagick only ever sees whole files of bearable size.

Source: ITU-T T.81 (JPEG), annex B: markers, segments and the order in which they may come. Cost: one pass of a compiled
pattern over the coded data, below a millisecond for a megabyte.
"""

from __future__ import annotations

import re
from mmap import mmap
from typing import NamedTuple

from .errors import ActionError, Problem

#: Above this a conversion may need more than the 512 MB of an action (see `conversion.LIMITS`).
MAX_PIXELS = 50_000_000
#: ImageMagick's usual policy (16KP) refuses longer sides.
MAX_SIDE = 16_000
#: No camera comes near; it bounds the work on a file made of nothing but markers.
MAX_SEGMENTS = 10_000

#: FF followed by neither a stuffed zero nor another fill byte. One FF, not a run: a pattern with `+` is quadratic.
_MARKER = re.compile(rb"\xff[^\x00\xff]", re.DOTALL)
#: The same within coded data, where restart markers (D0-D7) belong to the data.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)

_SOI, _EOI, _SOS, _TEM = 0xD8, 0xD9, 0xDA, 0x01
_RESTARTS = range(0xD0, 0xD8)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Baseline, extended and progressive, Huffman or arithmetic: what libjpeg decodes. Not: lossless, hierarchical.
_SUPPORTED_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})


class JpegSize(NamedTuple):
    """Width and height in pixels, before any rotation that the EXIF data asks for."""

    width: int
    height: int


def check_jpeg(data: bytes | mmap) -> JpegSize:
    """Checks that `data` is one whole JPEG of bearable size, and gives its size in pixels.

    Bytes after the end marker are allowed: many cameras append a preview or a film there.

    Raises ActionError: NOT_A_JPEG, TRUNCATED_JPEG, CORRUPT_JPEG, UNSUPPORTED_JPEG, TOO_MANY_PIXELS.
    """
    if data[:3] != b"\xff\xd8\xff":
        raise ActionError(Problem.NOT_A_JPEG, _describe_start(bytes(data[:12])))
    size = None
    scans = 0
    position = 2
    for _ in range(MAX_SEGMENTS):
        found = _MARKER.search(data, position)
        if found is None:
            raise _describe_truncation(len(data), "before its end marker (FF D9)")
        marker = data[found.end() - 1]
        position = found.end()
        if marker == _EOI:
            if size is None or scans == 0:
                raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: it ends without any image data.")
            return size
        if marker == _SOI:
            raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: a second image starts inside the first.")
        if marker == _TEM or marker in _RESTARTS:
            continue
        segment = _read_segment(data, position)
        position += len(segment) + 2
        if marker in _FRAMES:
            if size is not None:
                raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: it has two frame headers.")
            size = _read_frame(marker, segment)
        elif marker == _SOS:
            if size is None:
                raise ActionError(
                    Problem.CORRUPT_JPEG, "The JPEG is corrupt: image data comes before the frame header."
                )
            scans += 1
            end = _END_OF_SCAN.search(data, position)
            if end is None:
                raise _describe_truncation(len(data), "within its image data, before the end marker (FF D9)")
            position = end.start()
    raise ActionError(Problem.CORRUPT_JPEG, f"The JPEG is corrupt: it has more than {MAX_SEGMENTS} segments.")


def _read_segment(data: bytes | mmap, position: int) -> bytes:
    """The bytes of the segment whose two-byte length is at `position`, without the length."""
    if position + 2 > len(data):
        raise _describe_truncation(len(data), "within a segment header")
    length = int.from_bytes(data[position : position + 2], "big")
    if length < 2:
        raise ActionError(Problem.CORRUPT_JPEG, f"The JPEG is corrupt: a segment claims a length of {length} bytes.")
    if position + length > len(data):
        raise _describe_truncation(len(data), f"within a segment of {length} bytes")
    return bytes(data[position + 2 : position + length])


def _read_frame(marker: int, segment: bytes) -> JpegSize:
    """Width and height out of a frame header (SOF)."""
    if len(segment) < 6:
        raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: its frame header is too short.")
    if marker not in _SUPPORTED_FRAMES or segment[0] != 8:
        kind = f"SOF{marker - 0xC0} with {segment[0]} bits a sample"
        raise ActionError(
            Problem.UNSUPPORTED_JPEG,
            f"This kind of JPEG ({kind}) cannot be converted: save it as a baseline or progressive JPEG of 8 bits.",
        )
    height = int.from_bytes(segment[1:3], "big")
    width = int.from_bytes(segment[3:5], "big")
    if width == 0 or height == 0:
        raise ActionError(Problem.CORRUPT_JPEG, f"The JPEG is corrupt: its header says {width}x{height} pixels.")
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise ActionError(
            Problem.TOO_MANY_PIXELS,
            f"The image has {width}x{height} pixels ({width * height / 1e6:.0f} million); the limits are "
            f"{MAX_SIDE} per side and {MAX_PIXELS // 1_000_000} million in total. Scale it down first.",
        )
    return JpegSize(width, height)


def _describe_truncation(length: int, where: str) -> ActionError:
    return ActionError(
        Problem.TRUNCATED_JPEG,
        f"The JPEG is truncated: after {length} bytes it breaks off {where}. Send the whole file.",
    )


def _describe_start(start: bytes) -> str:
    if not start:
        return "This is not a JPEG: it is empty."
    found = f"{start[:4].hex(' ').upper()}{_guess_format(start)}"
    return f"This is not a JPEG: it begins with {found}; a JPEG begins with FF D8 FF."


def _guess_format(start: bytes) -> str:
    """Names the formats that people send by mistake."""
    known = {
        b"\x89PNG": "PNG",
        b"GIF8": "GIF",
        b"%PDF": "PDF",
        b"RIFF": "WebP?",
        b"II*\x00": "TIFF",
        b"MM\x00*": "TIFF",
    }
    if start[4:8] == b"ftyp":
        return " (HEIC or AVIF?)"
    name = known.get(start[:4])
    return f" ({name})" if name else ""
