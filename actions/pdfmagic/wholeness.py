"""Whether a JPEG can have all of its picture, judged without decoding it: the original is not looked into otherwise.

It finds a file that claims more pixels than its data can hold, and one whose restart markers show that rows are
missing. Other damage inside the coded data it cannot see.
"""

from __future__ import annotations

import re

from .errors import ActionError, Problem
from .jpeg import Data, Jpeg

_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
#: Pixels along a block.
_BLOCK = 8


def check_whole(data: Data, jpeg: Jpeg) -> None:
    """Raises TRUNCATED_JPEG if image data is missing for certain."""
    blocks, units = _count_blocks(jpeg)
    # A block has at least one code of one bit, and where it is coded in one go a second one.
    least = blocks * (1 if jpeg.frame.is_progressive else 2) // 8
    there = sum(end - start for start, end in jpeg.picture)
    if there < least:
        raise _describe(f"{there} bytes cannot hold {jpeg.frame.width}x{jpeg.frame.height} pixels")
    if jpeg.restart_interval and len(jpeg.scans) == 1 and not jpeg.frame.is_progressive:
        start, end = jpeg.scans[0]
        wanted = (units - 1) // jpeg.restart_interval
        found = sum(1 for _ in _RESTART.finditer(data, start, end))
        if found < wanted:
            raise _describe(f"{found} of {wanted} restart markers are there")


def _count_blocks(jpeg: Jpeg) -> tuple[int, int]:
    """The blocks of 8x8 samples, and the units that a scan of all colours is coded in (T.81, A.1.1 and A.2)."""
    frame = jpeg.frame
    across, down = (max(c.across for c in frame.components), max(c.down for c in frame.components))
    blocks = 0
    for component in frame.components:
        columns = -(-frame.width * component.across // (across * _BLOCK))
        rows = -(-frame.height * component.down // (down * _BLOCK))
        blocks += columns * rows
    if len(frame.components) == 1:
        return blocks, blocks
    return blocks, -(-frame.width // (across * _BLOCK)) * -(-frame.height // (down * _BLOCK))


def _describe(found: str) -> ActionError:
    return ActionError(Problem.TRUNCATED_JPEG, f"The JPEG is truncated: image data is missing ({found}).")
