"""How a picture is encoded again, so that it never looks worse than the JPEG that it comes from.

ImageMagick guesses a quality from the sum of a JPEG's quantization tables. It guesses far too low where there are three
of them, and where they are not those of libjpeg. So its guess is not used: the picture gets the very tables that it
had, and the very sampling of its colours. What was a multiple of a table's step is one still, so next to nothing is
lost.

RGB and YCCK come back in other colours (YCbCr and CMYK): there the old steps mean nothing, so the new ones are finer.

Source of the tables' form: ImageMagick, `GetQuantizationTable` in coders/jpeg.c; at quality 50 it takes them as they
are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .frames import Component
from .jpeg import Jpeg
from .marks import Colours

#: What libjpeg writes in one unit of an interleaved scan (T.81, B.2.3).
_MOST_BLOCKS = 10
#: In other colours a step is this part of the finest that the picture had.
_FINER = 4
_FULL = ("1x1",)


class Encoding(NamedTuple):
    """What ImageMagick is told."""

    #: 1 to 100; None: `tables` count.
    quality: int | None
    #: Quantization tables as ImageMagick reads them; None: those of libjpeg at `quality`.
    tables: str | None
    #: Of each colour, such as `2x2`.
    sampling: tuple[str, ...]
    #: Whether that is how they were. Then a colour that is there once for several pixels comes back just so, if it is
    #: not smoothed in between: readers smooth it. In full detail it has to be smooth before.
    keeps_sampling: bool
    is_true_colour: bool

    def list_arguments(self, tables: str) -> list[str]:
        """The arguments of `convert` between input and output; `tables` is the file that they are in."""
        arguments = [
            "-interlace",
            "none",
            "-define",
            "jpeg:optimize-coding=true",
            "-sampling-factor",
            ",".join(self.sampling),
        ]
        if self.is_true_colour:
            # A picture that happens to be grey would else be copied once more, as a grey one.
            arguments += ["-type", "TrueColor"]
        if self.quality is not None:
            return [*arguments, "-quality", str(self.quality)]
        return [*arguments, "-define", f"jpeg:q-table={tables}", "-quality", "50"]


def plan_encoding(jpeg: Jpeg, colours: Colours, quality: str | int | None) -> Encoding:
    """The encoding for a picture: in a quality of 1 to 100, or else as it was."""
    components = jpeg.frame.components
    is_same = colours in (Colours.GREY, Colours.YCC, Colours.CMYK)
    sampling = _list_sampling(components) if is_same else _FULL
    keeps_sampling = sampling != _FULL
    is_true_colour = len(components) == 3
    if isinstance(quality, int):
        return Encoding(quality, None, sampling, keeps_sampling, is_true_colour)
    steps = [jpeg.tables.get(component.table, (1,) * 64) for component in components]
    if not is_same:
        finest = tuple(max(1, min(column) // _FINER) for column in zip(*steps))
        steps = [finest] * len(components)
    return Encoding(None, _write_tables(steps), sampling, keeps_sampling, is_true_colour)


def _list_sampling(components: Sequence[Component]) -> tuple[str, ...]:
    """As in the picture, where libjpeg can write that; else every colour whole."""
    across, down = (max(c.across for c in components), max(c.down for c in components))
    blocks = sum(component.across * component.down for component in components)
    is_whole = all(across % c.across == 0 and down % c.down == 0 for c in components)
    if len(components) == 1 or blocks > _MOST_BLOCKS or not is_whole:
        return _FULL
    return tuple(f"{component.across}x{component.down}" for component in components)


def _write_tables(steps: Sequence[tuple[int, ...]]) -> str:
    """A table for each colour, in ImageMagick's XML."""
    tables = "".join(
        f'<table slot="{slot}" alias="{slot}"><description>{slot}</description>'
        f'<levels width="8" height="8" divisor="1">{", ".join(map(str, table))}</levels></table>'
        for slot, table in enumerate(steps)
    )
    return f"<quantization-tables>{tables}</quantization-tables>\n"
