"""The page's way for large photographs: signed URLs to put one into a bucket, and to get its PDF out of another."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from grant import grant
from lookup import look_up
from pdfmagic.errors import ActionError, Problem
from pdfmagic.origin import check_site

from .answers import Handler, answer_json
from .body import read_body
from .page import PATH
from .parameters import read_parameters, read_query
from .settings import Settings

_HEADERS = {"Cache-Control": "no-store"}


def make_routes(settings: Settings) -> dict[str, Handler]:
    """What answers, by path; nothing where the service may not sign."""
    if not settings.signs:
        return {}
    way = Large(settings.deployed)
    return {f"{PATH}/upload": way.upload, f"{PATH}/result": way.result}


class Large:
    """Answers what the page asks for."""

    def __init__(self, settings: dict[str, Any]) -> None:
        """`settings`: the deployer's."""
        self._settings = settings

    def upload(self, request: Request) -> Response:
        """Where a photograph goes (`actions/upload/grant.py`). Raises ActionError."""
        _check(request, "POST")
        return answer_json(200, grant(read_parameters(request, read_body(request)), self._settings), _HEADERS)

    def result(self, request: Request) -> Response:
        """What became of it (`actions/result/lookup.py`). Raises ActionError."""
        _check(request, "GET")
        status, body = look_up(read_query(request), self._settings)
        return answer_json(status, body, _HEADERS)


def _check(request: Request, method: str) -> None:
    if request.method != method:
        raise ActionError(Problem.NO_SUCH_PATH, f"Only {method} is answered at this path.")
    check_site(request.headers.get("Sec-Fetch-Site"))
