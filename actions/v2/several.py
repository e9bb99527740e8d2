"""Which photographs are to become one PDF: the parameters `names`, `into` and `onError` of v2."""

from __future__ import annotations

import json
from typing import NamedTuple

from buckets.names import check_object
from pdfmagic.errors import ActionError, Problem
from pdfmagic.results import Json

#: Photographs of one PDF.
MAX_PHOTOGRAPHS = 1000

_ON_ERROR = ("refuse", "leave-out")
_ENDING = ".pdf"


class Album(NamedTuple):
    """Photographs in the order of their pages."""

    names: tuple[str, ...]
    #: Object name of the PDF.
    into: str
    #: Whether a photograph that is refused is left out; else there is no PDF.
    leaves_out: bool


def read_album(given: Json) -> Album | None:
    """Reads them; None if neither `names` nor `into` is given. Raises MISSING_PARAMETER, BAD_PARAMETER."""
    names, into = given.get("names"), given.get("into")
    if names in (None, "") and into in (None, ""):
        return None
    if names in (None, "") or into in (None, ""):
        missing = "names" if names in (None, "") else "into"
        message = f"The parameter '{missing}' is missing: for several photographs in one PDF give 'names' and 'into'."
        raise ActionError(Problem.MISSING_PARAMETER, message)
    if given.get("name") not in (None, ""):
        raise ActionError(Problem.BAD_PARAMETER, "Give 'name' for one photograph or 'names' for several, not both.")
    return Album(_read_names(names), _read_into(into), _read_on_error(given.get("onError")) == "leave-out")


def _read_names(value: object) -> tuple[str, ...]:
    """A list, or its JSON text: a form has nothing but text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, list) or not value or not all(isinstance(name, str) and name for name in value):
        message = """The parameter 'names' must be a list of object names, such as '["a.jpg", "b.jpg"]'."""
        raise ActionError(Problem.BAD_PARAMETER, message)
    if len(value) > MAX_PHOTOGRAPHS:
        message = f"The parameter 'names' has {len(value)} photographs; {MAX_PHOTOGRAPHS} are allowed."
        raise ActionError(Problem.BAD_PARAMETER, message)
    for name in value:
        check_object(name)
    return tuple(value)


def _read_into(value: object) -> str:
    if not isinstance(value, str) or not value.lower().endswith(_ENDING) or value.lower() == _ENDING:
        message = f"The parameter 'into' must be the name of the PDF, and end in '{_ENDING}', such as 'album.pdf'."
        raise ActionError(Problem.BAD_PARAMETER, message)
    check_object(value)
    return value


def _read_on_error(value: object) -> str:
    if value in (None, ""):
        return _ON_ERROR[0]
    if value not in _ON_ERROR:
        shown = value[:40] if isinstance(value, str) else type(value).__name__
        allowed = " or ".join(f"'{choice}'" for choice in _ON_ERROR)
        raise ActionError(Problem.BAD_PARAMETER, f"The parameter 'onError' is {shown!r}. Allowed: {allowed}.")
    return str(value)
