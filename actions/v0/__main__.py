"""pdfmagic/v0: the parameter `image`, a JPEG as base64, becomes `{"pdf": base64}`.

Further parameters: `quality`, `page`, `margin` (`pdfmagic/options.py`), and `name` of the file, for the PDF's title.
The answer has `reencoded`, too, if the original was asked for and could not be kept: why. Errors are
`{"error": message}`, which OpenWhisk records as an application error.
"""

from __future__ import annotations

from pdfmagic.conversion import convert_jpeg
from pdfmagic.errors import ActionError, Problem
from pdfmagic.options import read_options
from pdfmagic.results import Json, answer_plain, decode_base64, encode_base64
from pdfmagic.title import make_title


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
    jpeg = decode_base64(image, "The parameter 'image'")
    pdf, reencoded = convert_jpeg(jpeg, read_options(args), make_title(args.get("name")))
    return {"pdf": encode_base64(pdf), **({"reencoded": reencoded} if reencoded else {})}
