"""A disk without room for a conversion, in words for the caller."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path

from .errors import ActionError, Problem

_FULL = (errno.ENOSPC, errno.EDQUOT)


def is_disk_full(error: BaseException) -> bool:
    """Whether an error says that nothing more fits on a disk."""
    return isinstance(error, OSError) and error.errno in _FULL


def find_temporary_folder() -> str:
    """The folder for temporary files. Raises INTERNAL_ERROR when its disk is full.

    Python tries each folder by writing to it. When none takes a byte, it says that no folder is usable, not why.
    """
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        if _free_bytes() >= 64 * 1024:
            raise
        raise explain_full_disk() from None


def explain_full_disk() -> ActionError:
    """Says how much room there is and how much a conversion needs; never the path of a folder."""
    return ActionError(
        Problem.INTERNAL_ERROR,
        f"No space is left on the disk for temporary files ({_free_bytes() / 1_000_000:.1f} MB are free). A conversion "
        "needs at least twice the size of its JPEG. Free some space and try again.",
    )


def _free_bytes() -> int:
    return shutil.disk_usage(os.environ.get("TMPDIR") or Path("/", "tmp")).free
