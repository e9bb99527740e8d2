"""What a JPEG's application segments say of its picture: colours, profile, orientation, resolution.

Sources: JFIF 1.02; Adobe technical note 5116 (APP14) and libjpeg's reading of both (`jdapimin.c`); ICC.1:2010, annex
B.4 (APP2); Exif 2.32 (APP1).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from .exif import read_exif
from .jpeg import Jpeg

_ICC = b"ICC_PROFILE\0"
#: The colour spaces of profiles, by the number of a picture's colours.
_SPACES = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}
#: Profiles of pictures and devices, which a PDF may have; not links, abstract ones or named colours.
_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")

#: Dots per inch that somebody may mean.
_LEAST_DPI, _MOST_DPI = 20, 10_000
_MOST_DISTORTED = 4
#: Up to this, cameras and programs write what they do not know. 72 is in most photographs of phones.
SCREEN_DPI = 96

_CONTRADICTION = "colour markers that contradict each other"


class Colours(Enum):
    """What a decoder takes the components for."""

    GREY = "grey"
    YCC = "YCbCr"
    RGB = "RGB"
    CMYK = "CMYK"
    YCCK = "YCCK"


class Marks(NamedTuple):
    """What the application segments say, and what of it is in doubt."""

    colours: Colours
    #: The colour profile, whole and of the picture's own colour space.
    profile: bytes | None
    #: As Exif says, 1 to 8; 1 is upright.
    orientation: int
    #: Dots per inch, across and down, of the picture before it is turned; None if nothing sensible is said.
    resolution: tuple[float, float] | None
    #: Why a reader of the PDF might show other colours than a reader of the JPEG; None if there is no doubt.
    doubt: str | None
    #: The segments that say what the colours are, without anything else: they stay with the picture.
    segments: bytes


def read_marks(jpeg: Jpeg) -> Marks:
    """Reads all of it. What is malformed counts as not said."""
    jfif = next((content for number, content in jpeg.applications if number == 0 and content[:5] == b"JFIF\0"), None)
    adobe = _find_adobe(jpeg)
    colours, doubt = _decide_colours(jpeg, jfif is not None, adobe)
    profile, misfit = _read_profile(jpeg)
    exif = read_exif(content for number, content in jpeg.applications if number == 1)
    said = [_read_jfif_resolution(jfif) if jfif else None, exif.resolution]
    segments = (b"" if jfif is None else _make_segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0")) + (
        b"" if adobe is None else _make_segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([adobe]))
    )
    return Marks(colours, profile, exif.orientation, _choose_resolution(said), doubt or misfit, segments)


def _find_adobe(jpeg: Jpeg) -> int | None:
    """The transform that Adobe's marker names: 0 none, 1 YCbCr, 2 YCCK. The last one counts, as in libjpeg."""
    found = [content[11] for number, content in jpeg.applications if number == 14 and _is_adobe(content)]
    return found[-1] if found else None


def _is_adobe(content: bytes) -> bool:
    return len(content) >= 12 and content[:5] == b"Adobe"


def _decide_colours(jpeg: Jpeg, has_jfif: bool, adobe: int | None) -> tuple[Colours, str | None]:
    """The colours as libjpeg sees them, and why other readers may see others."""
    components = jpeg.frame.components
    if len(components) == 1:
        return Colours.GREY, None
    if len(components) == 4:
        if adobe is None:
            return Colours.CMYK, "CMYK without Adobe's marker"
        colours = Colours.YCCK if adobe == 2 else Colours.CMYK
        return colours, None if adobe in (0, 2) else _CONTRADICTION
    names = bytes(component.name for component in components)
    if has_jfif:
        return Colours.YCC, None if adobe in (None, 1) and names != b"RGB" else _CONTRADICTION
    if adobe is not None:
        return Colours.RGB if adobe == 0 else Colours.YCC, None if adobe in (0, 1) else _CONTRADICTION
    return (Colours.RGB, "RGB without a marker") if names == b"RGB" else (Colours.YCC, None)


def _read_profile(jpeg: Jpeg) -> tuple[bytes | None, str | None]:
    """The profile out of its pieces, or why it is none for this picture."""
    pieces = [content for number, content in jpeg.applications if number == 2 and content[:12] == _ICC]
    if not pieces:
        return None, None
    numbered = sorted(piece[12:] for piece in pieces)
    profile = b"".join(piece[2:] for piece in numbered)
    is_whole = [piece[0] for piece in numbered if len(piece) > 2] == list(range(1, len(numbered) + 1))
    fits = (
        is_whole
        and len(profile) >= 132
        and int.from_bytes(profile[:4], "big") == len(profile)
        and profile[36:40] == b"acsp"
        and profile[8] in (2, 4)
        and profile[12:16] in _CLASSES
        and profile[16:20] == _SPACES[len(jpeg.frame.components)]
    )
    return (profile, None) if fits else (None, "a colour profile that does not fit")


def _read_jfif_resolution(content: bytes) -> tuple[float, float] | None:
    """Unit 0 is the shape of a pixel, not a resolution."""
    factor = {1: 1.0, 2: 2.54}.get(content[7]) if len(content) >= 12 else None
    if factor is None:
        return None
    return int.from_bytes(content[8:10], "big") * factor, int.from_bytes(content[10:12], "big") * factor


def _choose_resolution(said: list[tuple[float, float] | None]) -> tuple[float, float] | None:
    """The first that makes sense and that not every camera writes; else the first that makes sense."""
    sensible = list(_list_sensible(said))
    meant = [resolution for resolution in sensible if min(resolution) > SCREEN_DPI]
    return next(iter([*meant, *sensible]), None)


def _list_sensible(said: list[tuple[float, float] | None]) -> Iterator[tuple[float, float]]:
    for resolution in said:
        if resolution is not None:
            least, most = min(resolution), max(resolution)
            if least >= _LEAST_DPI and most <= _MOST_DPI and most <= least * _MOST_DISTORTED:
                yield resolution


def _make_segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content
