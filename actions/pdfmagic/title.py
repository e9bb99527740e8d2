"""The title of a PDF: readers show it as the name of the window."""

from __future__ import annotations

import re

_ENDING = re.compile(r"\.(?:jpe?g|pdf)\Z", re.IGNORECASE)
#: Control characters and halves of surrogate pairs; what turns text around may make a name look like another.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 200


def make_title(name: object) -> str | None:
    """The title for a file of this name, without folders and ending; None if there is no name."""
    if not isinstance(name, str):
        return None
    last = re.split(r"[/\\]", name)[-1]
    return _UNFIT.sub("", _ENDING.sub("", last)).strip()[:_LONGEST] or None
