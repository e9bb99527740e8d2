"""v0 as a whole: parameters become a PDF, both as base64."""

from __future__ import annotations

from .conversion import convert_jpeg
from .errors import ActionError, Problem
from .options import read_options
from .results import Json, decode_base64, encode_base64
from .title import make_title


def convert_parameter(args: Json) -> Json:
    """The PDF of the JPEG in `image`: `pdf`, and `reencoded` if the original was asked for and could not be kept.

    Raises ActionError: MISSING_PARAMETER, BAD_BASE64, and as `read_options` and `convert_jpeg`.
    """
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
