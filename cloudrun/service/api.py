"""`/convert/pdf`: POST converts the JPEG in the body (v1), PUT one in a bucket (v2)."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from pdfmagic.body import convert_body
from pdfmagic.conversion import check_body
from pdfmagic.errors import ActionError, Problem
from pdfmagic.origin import check_site
from pdfmagic.results import decode_base64
from request import read_request

from .answers import Handler, answer_json
from .body import read_body
from .parameters import FORM, read_parameters, read_query
from .settings import Settings

PATH = "/convert/pdf"

_BINARY = ("image/", "multipart/", "application/octet-stream")


def make_routes(settings: Settings) -> dict[str, Handler]:
    """What answers, by path."""
    return {PATH: Api(settings.deployed).answer}


class Api:
    """Answers what is asked of `/convert/pdf`."""

    def __init__(self, settings: dict[str, Any]) -> None:
        """`settings`: the deployer's."""
        self._settings = settings

    def answer(self, request: Request) -> Response:
        """The PDF, or where it is. Raises ActionError."""
        if request.method == "OPTIONS":
            return Response(headers={"Allow": "POST, PUT"})
        if request.method not in ("POST", "PUT"):
            raise ActionError(Problem.NO_SUCH_PATH, "POST a JPEG, or PUT the bucket and name of one.")
        body = read_body(request)
        check_site(request.headers.get("Sec-Fetch-Site"))
        if request.method == "POST":
            pdf, headers = _convert_body(request, body)
            response = Response(pdf, headers=headers, content_type="application/pdf")
        else:
            response = answer_json(200, self._convert_object(request, body))
        if "accept" in request.headers and request.accept_mimetypes.quality(response.content_type or "") == 0:
            raise ActionError(Problem.NOT_ACCEPTABLE, f"The request does not accept {response.content_type}.")
        return response

    def _convert_object(self, request: Request, body: bytes) -> dict[str, Any]:
        wanted = read_request(read_parameters(request, body), self._settings)
        # Google's libraries take a moment to load, and v1 needs none of them.
        from outcome import convert

        return convert(wanted)


def _convert_body(request: Request, body: bytes) -> tuple[bytes, dict[str, str]]:
    given = read_query(request)
    kind = request.mimetype
    # Without a type curl sends a photo as a form.
    has_fields = kind in (FORM, "application/json") or kind.endswith("+json")
    sent = check_body(b"" if has_fields else body)
    # As OpenWhisk sees it: a picture is never text, whatever charset its type names.
    is_text = kind.startswith("text/") or ("charset" in request.mimetype_params and not kind.startswith(_BINARY))
    if is_text:
        sent = decode_base64(sent.decode("utf-8", "replace"), "The body")
    return convert_body(sent, request.headers.get("Content-Type"), given)
