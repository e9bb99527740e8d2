"""Names of the objects that the page uploads: `page/UUID/photo.jpg`. Nobody guesses one, so to know it is to own it."""

from __future__ import annotations

import re
import uuid

from buckets.names import check_object
from pdfmagic.errors import ActionError, Problem

#: Bytes of a file's name that are kept, its end: so that no name gets too long with what is put before and after it.
_KEPT = 150

_NAME = re.compile(r"page/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/[^/]+", re.DOTALL)


def make_page_name(file_name: str) -> str:
    """A fresh name for an object, with the name of the visitor's file at its end. Raises BAD_PARAMETER."""
    check_object(file_name)
    last = re.split(r"[/\\]", file_name)[-1].encode()[-_KEPT:].decode(errors="ignore")
    # A URL's last part may not be dots alone: browsers resolve it.
    if not last.strip("."):
        raise ActionError(Problem.BAD_PARAMETER, "The parameter 'name' is not a file name.")
    return f"page/{uuid.uuid4()}/{last}"


def check_page_name(name: str) -> None:
    """Raises BAD_PARAMETER for any other name: not everything in the bucket is everybody's."""
    if not _NAME.fullmatch(name):
        raise ActionError(
            Problem.BAD_PARAMETER, "The parameter 'name' is not one that 'upload' returned: page/UUID/FILE."
        )
