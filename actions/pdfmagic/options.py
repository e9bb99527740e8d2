"""What a caller may ask of a conversion: quality, page and margin.

`contract/options.ts` states the same; a test compares.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from .errors import ActionError, Problem
from .results import Json

#: The parameters.
NAMES = ("quality", "page", "margin")
#: In place of a quality: the JPEG's own image data, not encoded again.
ORIGINAL = "original"
LEAST_QUALITY, MOST_QUALITY = 1, 100
#: Millimetres.
MOST_MARGIN = 100
#: Points; Acrobat and PDF before 1.6 take no others (ISO 32000-1, annex C).
LEAST_PAGE, MOST_PAGE = 3, 14_400
POINTS_PER_MM = 72 / 25.4

#: Of a page as large as the picture says.
PICTURE = "picture"
#: Width and height of the others in points, upright.
PAPERS = {"a4": (210 * POINTS_PER_MM, 297 * POINTS_PER_MM), "letter": (612.0, 792.0)}

_SIZE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)x([0-9]{1,4}(?:\.[0-9]{1,3})?)mm", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9]{1,3}")
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})?")


class Options(NamedTuple):
    """What is asked for."""

    #: ORIGINAL, a number of 1 to 100, or None: ImageMagick encodes in the quality that the JPEG has.
    quality: str | int | None = None
    #: Width and height in points, upright; None for a page as large as the picture says.
    paper: tuple[float, float] | None = None
    #: Points on each side.
    margin: float = 0.0

    def describe(self) -> str:
        """The same as text, equal for options that give equal PDFs; empty if nothing is asked for."""
        paper = self.paper and "x".join(f"{side:.3f}" for side in self.paper)
        said = {"quality": self.quality, "page": paper, "margin": f"{self.margin:.3f}" if self.margin else None}
        return " ".join(f"{name}={value}" for name, value in said.items() if value is not None)


def read_options(given: Json) -> Options:
    """Reads `quality`, `page` and `margin`; one that is missing or empty is not asked for. Raises BAD_PARAMETER."""
    options = Options(_read_quality(given), _read_paper(given), _read_margin(given))
    if options.paper and 2 * options.margin > min(options.paper) - LEAST_PAGE:
        raise ActionError(Problem.BAD_PARAMETER, "The parameter 'margin' leaves no room for the picture on this page.")
    return options


def _read_quality(given: Json) -> str | int | None:
    text = _read_text(given, "quality")
    if text in (None, ORIGINAL):
        return text
    if not _WHOLE.fullmatch(text) or not LEAST_QUALITY <= int(text) <= MOST_QUALITY:
        allowed = f"'{ORIGINAL}' or a whole number from {LEAST_QUALITY} to {MOST_QUALITY}"
        raise _refuse("quality", text, f"{allowed}. Leave it out to keep the quality of the JPEG")
    return int(text)


def _read_paper(given: Json) -> tuple[float, float] | None:
    text = _read_text(given, "page")
    if text in (None, PICTURE):
        return None
    if text in PAPERS:
        return PAPERS[text]
    size = _SIZE.fullmatch(text)
    sides = tuple(float(side) * POINTS_PER_MM for side in size.groups()) if size else (0.0,)
    if not size or min(sides) < LEAST_PAGE or max(sides) > MOST_PAGE:
        names = ", ".join(f"'{name}'" for name in (PICTURE, *PAPERS))
        least, most = math.ceil(10 * LEAST_PAGE / POINTS_PER_MM) / 10, MOST_PAGE / POINTS_PER_MM
        raise _refuse("page", text, f"{names}, or a size such as '100x150mm', with sides of {least} to {most:.0f} mm")
    return min(sides), max(sides)


def _read_margin(given: Json) -> float:
    text = _read_text(given, "margin")
    if text is None:
        return 0.0
    if not _NUMBER.fullmatch(text) or float(text) > MOST_MARGIN:
        raise _refuse("margin", text, f"a number of millimetres from 0 to {MOST_MARGIN}")
    return float(text) * POINTS_PER_MM


def _read_text(given: Json, name: str) -> str | None:
    """The parameter as text in lower case; None if it is not given. Numbers may come as numbers."""
    value = given.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value).strip().lower()
    raise _refuse(name, type(value).__name__, "text or a number")


def _refuse(name: str, found: str, allowed: str) -> ActionError:
    shown = found if len(found) <= 40 else f"{found[:40]}..."
    return ActionError(Problem.BAD_PARAMETER, f"The parameter '{name}' is {shown!r}. Allowed: {allowed}.")
