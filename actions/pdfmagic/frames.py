"""What a JPEG's frame header and quantization tables say, and what a file is that is no JPEG.

Source: ITU-T T.81, B.2.2 and B.2.4.1.
"""

from __future__ import annotations

import struct
from operator import itemgetter
from typing import NamedTuple

from .errors import ActionError, Problem

#: What libjpeg itself decodes (JPEG_MAX_DIMENSION).
MAX_SIDE = 65_500

#: SOF markers. DHT, JPG and DAC lie between them.
SUPPORTED_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Baseline, extended and progressive, Huffman or arithmetic: what libjpeg decodes. Not: lossless, hierarchical.
_DECODED = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})
_ARITHMETIC = frozenset({0xC9, 0xCA})
_PROGRESSIVE = frozenset({0xC2, 0xCA})

#: Where in an 8x8 block the coefficients are, in the order of a file (figure A.6).
_ZIGZAG = tuple(
    row * 8 + column
    for row, column in sorted(
        ((row, column) for row in range(8) for column in range(8)),
        key=lambda at: (at[0] + at[1], at[1] if (at[0] + at[1]) % 2 == 0 else at[0]),
    )
)
#: Takes the coefficients of a file, row by row.
_take_rows = itemgetter(*sorted(range(64), key=_ZIGZAG.__getitem__))


class Component(NamedTuple):
    """One of a picture's colours: its name in the file, samples beside those of the others, number of its table."""

    name: int
    across: int
    down: int
    table: int


class Frame(NamedTuple):
    """Width and height in pixels, before any rotation that the EXIF data asks for; the colours."""

    width: int
    height: int
    components: tuple[Component, ...]
    is_arithmetic: bool
    is_progressive: bool


def read_frame(marker: int, segment: bytes) -> Frame:
    """Reads a frame header (SOF). Raises CORRUPT_JPEG, UNSUPPORTED_JPEG, TOO_MANY_PIXELS."""
    count = segment[5] if len(segment) >= 6 else 0
    if count == 0 or len(segment) < 6 + 3 * count:
        raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: its frame header is too short.")
    if marker not in _DECODED or segment[0] != 8 or count not in (1, 3, 4):
        kind = f"SOF{marker - 0xC0} with {segment[0]} bits a sample and {count} colours"
        raise ActionError(
            Problem.UNSUPPORTED_JPEG,
            f"This kind of JPEG ({kind}) cannot be converted: save it as a baseline or progressive JPEG of 8 bits.",
        )
    height = int.from_bytes(segment[1:3], "big")
    width = int.from_bytes(segment[3:5], "big")
    if width == 0 or height == 0:
        raise ActionError(Problem.CORRUPT_JPEG, f"The JPEG is corrupt: its header says {width}x{height} pixels.")
    if width > MAX_SIDE or height > MAX_SIDE:
        raise ActionError(
            Problem.TOO_MANY_PIXELS, f"The image has {width}x{height} pixels; the limit is {MAX_SIDE} per side."
        )
    return Frame(
        width,
        height,
        tuple(_read_components(segment[6 : 6 + 3 * count])),
        marker in _ARITHMETIC,
        marker in _PROGRESSIVE,
    )


def read_tables(segment: bytes) -> dict[int, tuple[int, ...]]:
    """Reads quantization tables (DQT), by number. Raises CORRUPT_JPEG."""
    tables = {}
    position = 0
    while position < len(segment):
        size, number = 1 + (segment[position] >> 4), segment[position] & 15
        steps = segment[position + 1 : position + 1 + 64 * size]
        if size > 2 or len(steps) < 64 * size:
            raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: a quantization table is too short.")
        tables[number] = _take_rows(steps if size == 1 else struct.unpack(">64H", steps))
        position += 1 + 64 * size
    return tables


def _read_components(rows: bytes) -> list[Component]:
    components = []
    for index in range(0, len(rows), 3):
        name, sampling, table = rows[index : index + 3]
        across, down = sampling >> 4, sampling & 15
        if not (1 <= across <= 4 and 1 <= down <= 4):
            raise ActionError(Problem.CORRUPT_JPEG, "The JPEG is corrupt: its frame header has impossible sampling.")
        components.append(Component(name, across, down, table))
    return components


def describe_start(start: bytes) -> str:
    """Says what a file is by its first bytes, which are not those of a JPEG."""
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
