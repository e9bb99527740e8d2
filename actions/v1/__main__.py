"""pdfmagic/v1: a web action. The JPEG is the request's body, the PDF is the response's.

Called as `curl --request POST --header 'Content-Type: image/jpeg' --data-binary @photo.jpg URL`, or with the JPEG as
the file of a form. The query, and the form's fields, may have `quality`, `page`, `margin` and `name`
(`pdfmagic/body.py`). OpenWhisk hands over a body of a binary content type as base64 in `__ow_body`, and takes the
base64 of one back. Errors are an HTTP status and JSON.
"""

from __future__ import annotations

from pdfmagic.body import convert_body
from pdfmagic.conversion import check_body
from pdfmagic.origin import check_origin
from pdfmagic.results import Json, answer_web, decode_base64, encode_base64


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls with the request."""
    return answer_web(lambda: _convert(args))


def _convert(args: Json) -> Json:
    check_origin(args)
    text = args.get("__ow_body")
    body = decode_base64(check_body(text if isinstance(text, str) else ""), "The body")
    headers = args.get("__ow_headers")
    pdf, more = convert_body(body, headers.get("content-type") if isinstance(headers, dict) else None, args)
    return {"statusCode": 200, "headers": {"Content-Type": "application/pdf", **more}, "body": encode_base64(pdf)}
