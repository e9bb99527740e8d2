"""pdfmagic/v1: a web action. The JPEG is the request's body, the PDF is the response's.

Called as `curl --request POST --header 'Content-Type: image/jpeg' --data-binary @photo.jpg URL`. OpenWhisk hands over
a body of a binary content type as base64 in `__ow_body`, and takes the base64 of one back. Errors are an HTTP status
and JSON.
"""

from __future__ import annotations

from pdfmagic.conversion import convert_bytes
from pdfmagic.errors import ActionError, Problem
from pdfmagic.jpeg import check_jpeg
from pdfmagic.origin import check_origin
from pdfmagic.results import Json, decode_base64, encode_pdf, web


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls with the request."""
    return web(lambda: _convert(args))


def _convert(args: Json) -> Json:
    check_origin(args)
    body = args.get("__ow_body")
    if not isinstance(body, str) or body == "":
        raise ActionError(
            Problem.EMPTY_BODY,
            "The request has no image: send the JPEG as the body with the header 'Content-Type: image/jpeg' "
            "(curl --data-binary @photo.jpg; without that header curl's body is taken for a form).",
        )
    jpeg = decode_base64(body, "The body")
    check_jpeg(jpeg)
    pdf = encode_pdf(convert_bytes(jpeg))
    return {"statusCode": 200, "headers": {"Content-Type": "application/pdf"}, "body": pdf}
