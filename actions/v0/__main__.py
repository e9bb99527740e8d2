"""pdfmagic/v0: the parameter `image`, a JPEG as base64, becomes `{"pdf": base64}`.

Errors are `{"error": message}`, which OpenWhisk records as an application error.
"""

from __future__ import annotations

from pdfmagic.conversion import convert_jpeg
from pdfmagic.errors import ActionError, Problem
from pdfmagic.results import Json, answer_plain, decode_base64, encode_base64


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls with the parameters."""
    return answer_plain(lambda: _convert(args))


def _convert(args: Json) -> Json:
    image = args.get("image")
    if image is None or image == "":
        raise ActionError(
            Problem.MISSING_PARAMETER,
            "The parameter 'image' is missing: give a JPEG as base64, for example in a JSON file.",
        )
    if not isinstance(image, str):
        raise ActionError(Problem.BAD_BASE64, "The parameter 'image' must be text: a JPEG as base64.")
    return {"pdf": encode_base64(convert_jpeg(decode_base64(image, "The parameter 'image'")))}
