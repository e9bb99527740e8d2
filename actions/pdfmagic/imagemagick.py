"""Converts one JPEG to a PDF of one page, by ImageMagick's `convert`.

No shell is involved, file names are fixed, and what goes in and comes out is pinned to `jpeg:` and `pdf:`, so nothing
that a caller sends can be taken for an option, a path or another format. ImageMagick decodes the picture, turns it
upright as its EXIF data says and encodes it again with the quality found in the JPEG's own quantization tables (its
default for JPEG to PDF): about the same size, no visible loss. One pixel is one point unless the JPEG names a
resolution.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path
from typing import TypeVar

from .disk import explain_full_disk, find_temporary_folder
from .errors import ActionError, Problem
from .jpeg import check_jpeg
from .process import run

Body = TypeVar("Body", bytes, str)

#: Absolute: inside an OpenWhisk virtualenv the PATH holds nothing else.
CONVERT = os.environ.get("PDFMAGIC_CONVERT") or "/usr/bin/convert"
#: Seconds that one conversion may take.
TIME_LIMIT = 30
#: Kept free before the activation's own deadline, for answering (and in v2 for writing the PDF).
RESERVE = 3.0
#: ImageMagick's bounds where its policy has none. In the runtime image the policy's count wherever they are tighter;
#: `runtime/policy.xml` and its README say which they are, why, and what was measured.
LIMITS = ("-limit", "thread", "1", "-limit", "memory", "128MiB", "-limit", "map", "0", "-limit", "disk", "1GiB")

#: Bytes of an answer that holds a PDF as base64: OpenWhisk's bound on a result, without some for headers and names.
#: Cloud Run keeps to it, too.
RESULT_LIMIT = 1_048_576 - 1_024

SOURCE, TARGET = "photo.jpg", "photo.pdf"

#: libjpeg's warnings about lost image data. The others ("extraneous bytes before marker") lose nothing.
_LOST_DATA = re.compile(
    r"premature end|bad huffman code|found marker|bad arithmetic code|inconsistent progression", re.I
)
#: The system's words for a full disk, as `convert` passes them on.
_NO_SPACE = re.compile(r"no space left on device|disk quota exceeded", re.I)
#: Failures of `convert` by its own words, the first that fits.
_FAILURES = (
    # First, since ImageMagick goes on with an empty picture and then complains of that, too.
    (
        re.compile(r"^(?!.*insufficient memory).*error/jpeg\.c/", re.I | re.M),
        Problem.CORRUPT_JPEG,
        "The JPEG is corrupt: it cannot be decoded ({reason}).",
    ),
    (
        re.compile(r"not authorized|not allowed by the security policy", re.I),
        Problem.CONVERTER_FAILED,
        "ImageMagick's policy forbids PDF here. Run this action in the runtime image of PDFMagic.",
    ),
    (
        re.compile(r"exceeds limit|cache resources exhausted|memory allocation failed|insufficient memory", re.I),
        Problem.TOO_MANY_PIXELS,
        "The image needs too much memory ({reason}). Scale it down first.",
    ),
    (
        re.compile(r"time limit", re.I),
        Problem.TOO_SLOW,
        "The conversion took too long. Send a smaller or simpler JPEG.",
    ),
)
_DATES = re.compile(rb"/(?:CreationDate|ModDate) ?\(D:[^)]{0,40}\)")


def make_private_directory() -> tempfile.TemporaryDirectory[str]:
    """A new directory for one activation (mode 0700); as a context manager it is gone afterwards, whatever happens."""
    return tempfile.TemporaryDirectory(prefix="pdfmagic-", dir=find_temporary_folder())


def convert_directory(directory: str) -> Path:
    """Converts `photo.jpg` in `directory`, already checked by `check_jpeg`, and gives the path of the PDF.

    Raises ActionError: TRUNCATED_JPEG, CORRUPT_JPEG, TOO_MANY_PIXELS, TOO_SLOW, CONVERTER_FAILED.
    """
    seconds = _count_seconds_left()
    # The bound inside ImageMagick is a second choice: it ends the program in its own words. The hard one is `run`'s.
    arguments = [CONVERT, *LIMITS, "-limit", "time", str(int(seconds) + 1)]
    arguments += [f"jpeg:{SOURCE}", "-auto-orient", f"pdf:{TARGET}"]
    environment = {"MAGICK_TEMPORARY_PATH": directory, "OMP_NUM_THREADS": "1"}
    try:
        finished = run(arguments, seconds=seconds, directory=directory, environment=environment)
    except (FileNotFoundError, PermissionError):
        message = "ImageMagick's convert is missing. Run this action in the runtime image of PDFMagic."
        raise ActionError(Problem.CONVERTER_FAILED, message) from None
    if finished is None:
        raise ActionError(
            Problem.TOO_SLOW, f"The conversion was stopped after {seconds:.0f} seconds. Send a smaller or simpler JPEG."
        )
    problem = _find_problem(finished.return_code, finished.messages)
    if problem is not None:
        raise problem
    pdf = Path(directory, TARGET)
    if not pdf.is_file():
        raise ActionError(Problem.CONVERTER_FAILED, "ImageMagick succeeded but wrote no PDF.")
    _erase_dates(pdf)
    return pdf


def check_body(body: Body) -> Body:
    """The body of a request that has to have one. Raises EMPTY_BODY."""
    if not body:
        raise ActionError(
            Problem.EMPTY_BODY,
            "The request has no image: send the JPEG as the body with the header 'Content-Type: image/jpeg' "
            "(curl --data-binary @photo.jpg; without that header curl sends the body as a form).",
        )
    return body


def convert_jpeg(jpeg: bytes) -> bytes:
    """Checks a JPEG held in memory and gives its PDF, which fits into an answer.

    Raises ActionError: as `check_jpeg` and `convert_directory`, and TOO_LARGE.
    """
    check_jpeg(jpeg)
    with make_private_directory() as directory:
        Path(directory, SOURCE).write_bytes(jpeg)
        pdf = convert_directory(directory).read_bytes()
    length = 4 * ((len(pdf) + 2) // 3)
    if length > RESULT_LIMIT:
        raise ActionError(
            Problem.TOO_LARGE,
            f"The PDF is {len(pdf)} bytes, {length} as base64: more than the 1 MiB of an answer. "
            "Put the photo into a bucket and use v2.",
        )
    return pdf


def _count_seconds_left() -> float:
    """The time limit, cut down to what `__OW_DEADLINE` (milliseconds since the epoch) leaves."""
    deadline = os.environ.get("__OW_DEADLINE", "")
    if not deadline.isdigit():
        return TIME_LIMIT
    return max(1.0, min(TIME_LIMIT, int(deadline) / 1000 - time.time() - RESERVE))


def _find_problem(return_code: int, messages: str) -> ActionError | None:
    """What `convert` said, as an error; None if the PDF holds the whole picture. It exits 0 on half a picture, too."""
    reason = _find_reason(messages)
    if _LOST_DATA.search(messages):
        return _describe_lost_data(messages, reason)
    if return_code == 0:
        return None
    if _NO_SPACE.search(messages):
        return explain_full_disk()
    for pattern, problem, text in _FAILURES:
        if pattern.search(messages):
            return ActionError(problem, text.format(reason=reason))
    return ActionError(Problem.CONVERTER_FAILED, f"ImageMagick failed with exit status {return_code} ({reason}).")


def _describe_lost_data(messages: str, reason: str) -> ActionError:
    if "premature end" in messages.lower():
        return ActionError(Problem.TRUNCATED_JPEG, f"The JPEG is truncated: image data is missing ({reason}).")
    return ActionError(Problem.CORRUPT_JPEG, f"The JPEG is corrupt: its image data is damaged ({reason}).")


def _find_reason(messages: str) -> str:
    """ImageMagick's main complaint, the JPEG decoder's if it has one, without program, file name and source line."""
    for line in sorted(messages.splitlines(), key=lambda line: "/jpeg.c/" not in line):
        text = re.sub(r"^\S*convert[^:]*: ", "", line.split(" @ ")[0])
        text = re.sub(r" [`']\S*'$", "", text).strip()
        if text and not text.startswith("WARNING"):
            return text[:200]
    return "no message"


def _erase_dates(pdf: Path) -> None:
    """Blanks the time of day out of the PDF, in place: the same JPEG gives the same bytes. The entries are optional."""
    with pdf.open("r+b") as file:
        start = max(0, file.seek(0, os.SEEK_END) - 4096)
        file.seek(start)
        for found in list(_DATES.finditer(file.read()))[-2:]:
            file.seek(start + found.start())
            file.write(b" " * len(found.group()))
