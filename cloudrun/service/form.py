"""Query strings and forms (WHATWG `application/x-www-form-urlencoded`), read as strictly as OpenWhisk does."""

from __future__ import annotations

import re
from urllib.parse import unquote

_STRAY_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_SHOWN = 100


class MalformedError(Exception):
    """A request that cannot be read; the message says why."""


def parse_form(text: str) -> dict[str, str]:
    """Names and values, decoded; of a name that comes twice the last value counts. Raises MalformedError."""
    fields = {}
    for piece in text.split("&"):
        if piece:
            name, _, value = piece.replace("+", " ").partition("=")
            fields[_decode(name)] = _decode(value)
    return fields


def _decode(text: str) -> str:
    if _STRAY_PERCENT.search(text):
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        raise MalformedError(f"Illegal percent-encoding in '{shown}'")
    return unquote(text, encoding="utf-8", errors="replace")
