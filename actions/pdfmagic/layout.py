"""Where a picture goes: the size of its page, and the matrix that puts it there upright.

Source of the orientations: Exif 2.32, tag 0112; of the matrix: ISO 32000-1, 8.3.3 (a picture fills the unit square, its
first row at the top).
"""

from __future__ import annotations

from typing import NamedTuple

from .marks import SCREEN_DPI
from .options import LEAST_PAGE, MOST_PAGE, POINTS_PER_MM, Options

#: Where the unit square's x and y axes and its origin go, by orientation, within the unit square.
_TURNS = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
#: From here on width and height change places.
_FIRST_TURNED = 5
#: A picture without a resolution that anybody means, on a page longer than A3, gets one as long as A4.
_LONGEST, _LENGTH = 420 * POINTS_PER_MM, 297 * POINTS_PER_MM


class Layout(NamedTuple):
    """A page, in points."""

    width: float
    height: float
    #: Of the content stream: a, b, c, d, e, f of `cm`.
    matrix: tuple[float, float, float, float, float, float]


def lay_out(
    pixels: tuple[int, int], resolution: tuple[float, float] | None, orientation: int, options: Options
) -> Layout:
    """The page for a picture of so many pixels and dots per inch, as it is in the file, before it is turned."""
    width, height = _size_picture(pixels, resolution)
    if orientation >= _FIRST_TURNED:
        width, height = height, width
    margin = options.margin
    if options.paper is None:
        page, room = _fit_page(width, height, margin)
    else:
        short, long = options.paper
        page = (long, short) if width > height else (short, long)
        room = (page[0] - 2 * margin, page[1] - 2 * margin)
    scale = min(room[0] / width, room[1] / height)
    width, height = width * scale, height * scale
    left, bottom = (page[0] - width) / 2, (page[1] - height) / 2
    a, b, c, d, e, f = _TURNS[orientation]
    matrix = (a * width, b * height, c * width, d * height, left + e * width, bottom + f * height)
    return Layout(*page, matrix)


def _size_picture(pixels: tuple[int, int], resolution: tuple[float, float] | None) -> tuple[float, float]:
    """Width and height in points: as the resolution says; without one, or with a screen's, at most A3's length."""
    across, down = resolution or (72.0, 72.0)
    width, height = pixels[0] * 72 / across, pixels[1] * 72 / down
    is_meant = resolution is not None and min(resolution) > SCREEN_DPI
    longer = max(width, height)
    scale = 1.0 if is_meant or longer <= _LONGEST else _LENGTH / longer
    return width * scale, height * scale


def _fit_page(width: float, height: float, margin: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The page around a picture with its margin, within what a page may be; and the room that is left for the picture.

    A strip that is thinner than any page, however long, gets a page that is higher than itself.
    """
    least, most = LEAST_PAGE, MOST_PAGE - 2 * margin
    scale = max(1.0, least / min(width, height))
    scale = min(scale, most / max(width, height))
    room = (max(least, width * scale), max(least, height * scale))
    return (room[0] + 2 * margin, room[1] + 2 * margin), room
