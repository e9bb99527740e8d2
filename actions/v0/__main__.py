"""pdfmagic/v0: the parameter `image`, a JPEG as base64, becomes `{"pdf": base64}`.

Further parameters: `quality`, `page`, `margin` (`pdfmagic/options.py`), and `name` of the file, for the PDF's title.
The answer has `reencoded`, too, if the original was asked for and could not be kept: why. Errors are
`{"error": message}`, which OpenWhisk records as an application error.
"""

from __future__ import annotations

from pdfmagic.parameter import convert_parameter
from pdfmagic.results import Json, answer_plain


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls with the parameters."""
    return answer_plain(lambda: convert_parameter(args))
