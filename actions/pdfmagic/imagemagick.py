"""Has ImageMagick's `convert` decode a picture and encode it again: a JPEG without metadata in, a JPEG out.

No shell is involved, file names are fixed, and what goes in and comes out is pinned to `jpeg:`, so nothing that a
caller sends can be taken for an option, a path or another format.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from .disk import explain_full_disk
from .encoding import Encoding
from .errors import ActionError, Problem
from .process import run

#: Absolute: inside an OpenWhisk virtualenv the PATH holds nothing else.
CONVERT = os.environ.get("PDFMAGIC_CONVERT") or "/usr/bin/convert"
#: Seconds that one conversion may take.
TIME_LIMIT = 30
#: Kept free before the activation's own deadline, for answering (and in v2 for writing the PDF).
RESERVE = 3.0
#: Above this a conversion may need more than the room of an action. `runtime/README.md` says what was measured.
MAX_PIXELS = 50_400_000
#: ImageMagick's bounds where its policy has none. In the runtime image the policy's count wherever they are tighter;
#: `runtime/policy.xml` and its README say which they are, why, and what was measured.
LIMITS = ("-limit", "thread", "1", "-limit", "memory", "128MiB", "-limit", "map", "0", "-limit", "disk", "1GiB")

#: At low qualities ImageMagick reckons in a fast way, which loses much.
_EXACT = ("-define", "jpeg:dct-method=islow")

SOURCE, TABLES, TARGET = "photo.jpg", "tables.xml", "page.jpg"

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
        "ImageMagick's policy forbids JPEG here. Run this action in the runtime image of PDFMagic.",
    ),
    (
        re.compile(r"exceeds limit|cache resources exhausted|memory allocation failed|insufficient memory", re.I),
        Problem.TOO_MANY_PIXELS,
        "The image needs too much memory ({reason}). Scale it down first, or ask for quality=original.",
    ),
    (
        re.compile(r"time limit", re.I),
        Problem.TOO_SLOW,
        "The conversion took too long. Send a smaller or simpler JPEG, or ask for quality=original.",
    ),
)


def encode(directory: str, encoding: Encoding) -> Path:
    """Encodes `photo.jpg` in `directory`, a JPEG with an end marker, and gives the path of the result.

    Raises ActionError: TRUNCATED_JPEG, CORRUPT_JPEG, TOO_MANY_PIXELS, TOO_SLOW, CONVERTER_FAILED.
    """
    seconds = _count_seconds_left()
    if encoding.tables is not None:
        Path(directory, TABLES).write_text(encoding.tables, encoding="ascii")
    # The bound inside ImageMagick is a second choice: it ends the program in its own words. The hard one is `run`'s.
    arguments = [CONVERT, *LIMITS, "-limit", "time", str(int(seconds) + 1), *_EXACT]
    smoothing = "off" if encoding.keeps_sampling else "on"
    arguments += ["-define", f"jpeg:fancy-upsampling={smoothing}", f"jpeg:{SOURCE}", "-strip"]
    arguments += [*encoding.list_arguments(TABLES), f"jpeg:{TARGET}"]
    environment = {"MAGICK_TEMPORARY_PATH": directory, "OMP_NUM_THREADS": "1"}
    try:
        finished = run(arguments, seconds=seconds, directory=directory, environment=environment)
    except (FileNotFoundError, PermissionError):
        message = "ImageMagick's convert is missing. Run this action in the runtime image of PDFMagic."
        raise ActionError(Problem.CONVERTER_FAILED, message) from None
    if finished is None:
        raise ActionError(
            Problem.TOO_SLOW,
            f"The conversion was stopped after {seconds:.0f} seconds. Send a smaller or simpler JPEG, or ask for "
            "quality=original.",
        )
    problem = _find_problem(finished.return_code, finished.messages)
    if problem is not None:
        raise problem
    target = Path(directory, TARGET)
    if not target.is_file():
        raise ActionError(Problem.CONVERTER_FAILED, "ImageMagick succeeded but wrote no picture.")
    return target


def check_pixels(width: int, height: int) -> None:
    """Refuses what ImageMagick has no room for, however the picture is turned. Raises TOO_MANY_PIXELS."""
    if width * height > MAX_PIXELS:
        raise ActionError(
            Problem.TOO_MANY_PIXELS,
            f"The image has {width}x{height} pixels ({width * height / 1e6:.1f} million); the limit is "
            f"{MAX_PIXELS / 1e6:.1f} million. Scale it down first, or ask for quality=original, which has none.",
        )


def _count_seconds_left() -> float:
    """The time limit, cut down to what `__OW_DEADLINE` (milliseconds since the epoch) leaves."""
    deadline = os.environ.get("__OW_DEADLINE", "")
    if not deadline.isdigit():
        return TIME_LIMIT
    return max(1.0, min(TIME_LIMIT, int(deadline) / 1000 - time.time() - RESERVE))


def _find_problem(return_code: int, messages: str) -> ActionError | None:
    """What `convert` said, as an error; None if the whole picture is there. It exits 0 on half a picture, too."""
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
