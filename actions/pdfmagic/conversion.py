"""Makes pages of JPEGs: the original's image data as they are, or what ImageMagick makes of them.

The picture is turned upright by the page, never by its pixels, so the same limits hold however the camera was held.
Nothing of a JPEG goes into the PDF but its picture and its colour profile: no place, no camera, no preview.
"""

from __future__ import annotations

import mmap
import tempfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TypeVar

from .disk import find_temporary_folder
from .encoding import plan_encoding
from .errors import ActionError, Problem
from .imagemagick import SOURCE, check_pixels, encode
from .jpeg import Data, Jpeg, describe_truncation, measure_picture, read_jpeg, write_picture
from .layout import Layout, lay_out
from .marks import Colours, Marks, read_marks
from .options import ORIGINAL, Options
from .pdf import PdfWriter, Picture
from .wholeness import check_whole

Body = TypeVar("Body", bytes, str)

#: Bytes of an answer that holds a PDF as base64: OpenWhisk's bound on a result, without some for headers and names.
#: Cloud Run keeps to it, too.
RESULT_LIMIT = 1_048_576 - 1_024


class Converted(NamedTuple):
    """A PDF."""

    pdf: bytes
    #: Why the picture was encoded again although the original was asked for; None where that was not so.
    reencoded: str | None


def make_private_directory() -> tempfile.TemporaryDirectory[str]:
    """A new directory for one activation (mode 0700); as a context manager it is gone afterwards, whatever happens."""
    return tempfile.TemporaryDirectory(prefix="pdfmagic-", dir=find_temporary_folder())


def check_body(body: Body) -> Body:
    """The body of a request that has to have one. Raises EMPTY_BODY."""
    if not body:
        raise ActionError(
            Problem.EMPTY_BODY,
            "The request has no image: send the JPEG as the body with the header 'Content-Type: image/jpeg' "
            "(curl --data-binary @photo.jpg; without that header curl sends the body as a form).",
        )
    return body


def convert_jpeg(jpeg: bytes, options: Options, title: str | None = None) -> Converted:
    """Converts a JPEG held in memory to a PDF, which fits into an answer.

    Raises ActionError: as `add_photograph`, and TOO_LARGE.
    """
    target = BytesIO()
    writer = PdfWriter(target, title)
    reencoded = add_photograph(writer, jpeg, options)
    writer.finish()
    pdf = target.getvalue()
    length = 4 * ((len(pdf) + 2) // 3)
    if length > RESULT_LIMIT:
        raise ActionError(
            Problem.TOO_LARGE,
            f"The PDF is {len(pdf)} bytes, {length} as base64: more than the 1 MiB of an answer. "
            "Put the photo into a bucket and use v2.",
        )
    return Converted(pdf, reencoded)


def add_photograph(pdf: PdfWriter, data: Data, options: Options) -> str | None:
    """Adds a JPEG as a page of its own. Why it was encoded again although the original was asked for; else None.

    Nothing is written before it is known to be sound. Raises ActionError: NOT_A_JPEG, TRUNCATED_JPEG, CORRUPT_JPEG,
    UNSUPPORTED_JPEG, TOO_MANY_PIXELS, TOO_SLOW, CONVERTER_FAILED.
    """
    jpeg = read_jpeg(data)
    marks = read_marks(jpeg)
    size = (jpeg.frame.width, jpeg.frame.height)
    layout = lay_out(size, marks.resolution, marks.orientation, options)
    reason = None
    if options.quality == ORIGINAL:
        reason = _explain_why_not_kept(jpeg, marks)
        if reason is None:
            check_whole(data, jpeg)
            pdf.add_page(_describe(data, jpeg, marks, marks.profile), layout)
            return None
    check_pixels(*size)
    with make_private_directory() as directory:
        with Path(directory, SOURCE).open("wb") as file:
            write_picture(data, jpeg, marks.segments, file)
        quality = options.quality if isinstance(options.quality, int) else None
        try:
            encoded = encode(directory, plan_encoding(jpeg, marks.colours, quality))
        except ActionError as error:
            if error.problem is Problem.TRUNCATED_JPEG and not jpeg.is_closed:
                raise describe_truncation(len(data), "within its image data, before the end marker (FF D9)") from None
            raise
        Path(directory, SOURCE).unlink()
        _add_encoded(pdf, encoded, marks.profile, layout)
    return reason


def _explain_why_not_kept(jpeg: Jpeg, marks: Marks) -> str | None:
    """Why readers of a PDF would not, or may not, show the image data as they should; None if they do."""
    if jpeg.frame.is_arithmetic:
        return "arithmetic coding"
    if not jpeg.is_closed:
        return "no end marker"
    return marks.doubt


def _describe(data: Data, jpeg: Jpeg, marks: Marks, profile: bytes | None) -> Picture:
    return Picture(
        width=jpeg.frame.width,
        height=jpeg.frame.height,
        colours=len(jpeg.frame.components),
        is_rgb=marks.colours is Colours.RGB,
        profile=profile,
        size=measure_picture(jpeg, marks.segments),
        write=lambda target: write_picture(data, jpeg, marks.segments, target),
    )


def _add_encoded(pdf: PdfWriter, encoded: Path, profile: bytes | None, layout: Layout) -> None:
    """Adds what ImageMagick made, of a file that is not read into memory. The profile is that of the original."""
    if encoded.stat().st_size == 0:
        raise _explain_broken_output()
    with encoded.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            jpeg = read_jpeg(data)
        except ActionError:
            raise _explain_broken_output() from None
        pdf.add_page(_describe(data, jpeg, read_marks(jpeg), profile), layout)


def _explain_broken_output() -> ActionError:
    return ActionError(Problem.CONVERTER_FAILED, "ImageMagick succeeded but wrote no whole picture.")
