"""pdfmagic/v1: a web action. The JPEG is the request's body, the PDF is the response's.

Called as `curl --request POST --header 'Content-Type: image/jpeg' --data-binary @photo.jpg URL`. OpenWhisk hands over
a body of a binary content type as base64 in `__ow_body`, and takes the base64 of one back. Errors are an HTTP status
and JSON.
"""

from __future__ import annotations

from pdfmagic.conversion import check_body, convert_jpeg
from pdfmagic.origin import check_origin
from pdfmagic.results import Json, answer_web, decode_base64, encode_base64


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls with the request."""
    return answer_web(lambda: _convert(args))


def _convert(args: Json) -> Json:
    check_origin(args)
    body = args.get("__ow_body")
    pdf = convert_jpeg(decode_base64(check_body(body if isinstance(body, str) else ""), "The body"))
    return {"statusCode": 200, "headers": {"Content-Type": "application/pdf"}, "body": encode_base64(pdf)}
