"""pdfmagic/v0: the parameter `image`, a JPEG as base64, becomes `{"pdf": base64}`.

Errors are `{"error": message}`, which OpenWhisk records as an application error.
"""

from __future__ import annotations

from pdfmagic.conversion import convert_bytes
from pdfmagic.errors import ActionError, Problem
from pdfmagic.jpeg import check_jpeg
from pdfmagic.results import Json, decode_base64, encode_pdf, plain


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls with the parameters."""
    return plain(lambda: _convert(args))


def _convert(args: Json) -> Json:
    image = args.get("image")
    if image is None or image == "":
        raise ActionError(
            Problem.MISSING_PARAMETER,
            "The parameter 'image' is missing: give a JPEG as base64, e.g. by a file of JSON.",
        )
    if not isinstance(image, str):
        raise ActionError(Problem.BAD_BASE64, "The parameter 'image' must be text: a JPEG as base64.")
    jpeg = decode_base64(image, "The parameter 'image'")
    check_jpeg(jpeg)
    return {"pdf": encode_pdf(convert_bytes(jpeg))}
