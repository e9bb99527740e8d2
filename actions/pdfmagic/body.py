"""v1 on either platform: a body and the parameters beside it become a PDF."""

from __future__ import annotations

from .conversion import convert_jpeg
from .multipart import is_form, read_upload
from .options import read_options
from .results import Json
from .title import make_title

#: Header of an answer: why the original was not kept although it was asked for.
REENCODED = "PDFMagic-Reencoded"


def convert_body(body: bytes, content_type: object, given: Json) -> tuple[bytes, dict[str, str]]:
    """The PDF of a JPEG, or of the one file in a form, and the answer's further headers.

    `given` are the parameters of the query: `quality`, `page`, `margin`, and `name` of the file, for the title. A
    form's own fields and file name count before them. Raises ActionError, as
    `convert_jpeg`, `read_options` and `read_upload`.
    """
    jpeg, name, fields = body, given.get("name"), {}
    if isinstance(content_type, str) and is_form(content_type):
        jpeg, file_name, fields = read_upload(body, content_type)
        name = file_name or name
    pdf, reencoded = convert_jpeg(jpeg, read_options({**given, **fields}), make_title(name))
    return pdf, ({REENCODED: reencoded} if reencoded else {})
