"""The rules of Google Cloud Storage for names, and the name that a PDF gets.

Sources: Google's "About Cloud Storage buckets" (naming) and "About Cloud Storage objects" (naming). What the rules
allow works, be it a blank, a quote, a slash, a percent sign, a leading dash or any other character: no name reaches a
shell or a path.
"""

from __future__ import annotations

import hashlib
import re

from pdfmagic.errors import ActionError, Problem

#: In bytes of UTF-8.
MAX_OBJECT_NAME = 1024

_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
#: A generation: a positive 64-bit number (https://cloud.google.com/storage/docs/metadata#generation-number).
_GENERATION = re.compile(r"[1-9][0-9]{0,18}")
_JPEG_ENDING = re.compile(r"\.jpe?g\Z", re.IGNORECASE)


def check_bucket(bucket: str) -> None:
    """Raises BAD_PARAMETER unless `bucket` could be the name of a bucket."""
    parts = bucket.split(".")
    sound = _BUCKET.fullmatch(bucket) and not _ADDRESS.fullmatch(bucket)
    if not sound or any(not 1 <= len(part) <= 63 for part in parts):
        raise ActionError(
            Problem.BAD_PARAMETER,
            f"{_show(bucket)} is not a valid bucket name: 3-63 lower-case letters, digits, '-', '_' and '.', with a "
            "letter or digit at both ends.",
        )


def check_object(name: str) -> None:
    """Raises BAD_PARAMETER unless `name` could be the name of an object."""
    _check_object(name, "The object name")


def read_generation(value: object) -> int | None:
    """A generation out of a parameter; None if it is not given. Raises BAD_PARAMETER."""
    if value is None or value == "":
        return None
    text = str(value) if isinstance(value, (str, int)) else ""
    if not _GENERATION.fullmatch(text):
        raise ActionError(
            Problem.BAD_PARAMETER,
            "The parameter 'generation' is not valid: it must be a positive number, as Google gives it.",
        )
    return int(text)


def pdf_name(name: str) -> str:
    """The object name of the PDF: `.jpg` or `.jpeg` at the end, in any case, becomes `.pdf`; else it is added.

    So `a.jpg`, `a.jpeg` and `a.JPG` want one PDF: the first one has it. Raises BAD_PARAMETER if it gets too long.
    """
    stem = _JPEG_ENDING.sub("", name)
    target = f"{stem}.pdf"
    _check_object(target, "The name that the PDF would get")
    return target


def record_name(name: str) -> str:
    """The object name of the record that a JPEG was refused: `.error.json` added, so that no two JPEGs share one.

    A name with a part between slashes above 200 bytes, or above 1,000 in all, might get too long; its digest stands for
    it, below `long-names/`.
    """
    encoded = name.encode("utf-8")
    if len(encoded) > 1_000 or any(len(part) > 200 for part in encoded.split(b"/")):
        return f"long-names/{hashlib.sha256(encoded).hexdigest()}.error.json"
    return f"{name}.error.json"


def _check_object(name: str, what: str) -> None:
    try:
        length = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        raise ActionError(Problem.BAD_PARAMETER, f"{what} is not valid Unicode.") from None
    if length > MAX_OBJECT_NAME:
        raise ActionError(
            Problem.BAD_PARAMETER, f"{what} has {length} bytes; Google Cloud Storage allows {MAX_OBJECT_NAME}."
        )
    if "\r" in name or "\n" in name:
        raise ActionError(Problem.BAD_PARAMETER, f"{what} has a line break, which Google Cloud Storage does not allow.")
    if name in (".", "..") or name.startswith(".well-known/acme-challenge/"):
        raise ActionError(Problem.BAD_PARAMETER, f"{what} is {_show(name)}, which Google Cloud Storage does not allow.")


def _show(name: str) -> str:
    """The name in quotes, cut to a bearable length."""
    return repr(name if len(name) <= 80 else f"{name[:80]}...")
