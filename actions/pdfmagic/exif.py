"""Orientation and resolution out of Exif data (Exif 2.32: a TIFF file whose first directory describes the picture)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_HEADER = b"Exif\0\0"
_ORIENTATION, _ACROSS, _DOWN, _UNIT = 0x0112, 0x011A, 0x011B, 0x0128
_BYTE, _SHORT, _LONG, _RATIONAL = 1, 3, 4, 5
_SIZES = {_BYTE: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8}
#: Dots per inch in a unit; 1 is no unit of length.
_UNITS = {2: 1.0, 3: 2.54}
#: Entries of a directory that are looked at.
_MAX_ENTRIES = 1000


class Exif(NamedTuple):
    """What is used of Exif data."""

    #: 1 to 8; 1 is upright.
    orientation: int
    #: Dots per inch, across and down.
    resolution: tuple[float, float] | None


def read_exif(contents: Iterable[bytes]) -> Exif:
    """Reads the first of these APP1 segments that is Exif. What is missing or malformed counts as not said."""
    tiff = next((content[len(_HEADER) :] for content in contents if content.startswith(_HEADER)), b"")
    tags = _read_tags(tiff)
    orientation = tags.get(_ORIENTATION)
    across, down, factor = tags.get(_ACROSS), tags.get(_DOWN), _UNITS.get(int(tags.get(_UNIT, 2)))
    resolution = (across * factor, down * factor) if across and down and factor else None
    return Exif(int(orientation) if orientation in range(1, 9) else 1, resolution)


def _read_tags(tiff: bytes) -> dict[int, float]:
    """The numbers of the first directory, by tag."""
    if tiff[:4] not in (b"II*\0", b"MM\0*"):
        return {}
    is_little = tiff[:2] == b"II"

    def number(start: int, size: int) -> int:
        return int.from_bytes(tiff[start : start + size], "little" if is_little else "big")

    tags = {}
    directory = number(4, 4)
    for index in range(min(number(directory, 2), _MAX_ENTRIES)):
        entry = directory + 2 + 12 * index
        kind, size = number(entry + 2, 2), _SIZES.get(number(entry + 2, 2))
        if size is None or entry + 12 > len(tiff):
            continue
        place = entry + 8 if size <= 4 else number(entry + 8, 4)
        if place + size > len(tiff):
            continue
        if kind != _RATIONAL:
            tags[number(entry, 2)] = float(number(place, size))
        elif number(place + 4, 4):
            tags[number(entry, 2)] = number(place, 4) / number(place + 4, 4)
    return tags
