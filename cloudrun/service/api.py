"""The API `/convert/pdf` as OpenWhisk's API gateway serves it: which action a verb means, CORS, and its own errors."""

from __future__ import annotations

import json
from collections.abc import Mapping

from werkzeug.wrappers import Request, Response

from .web_action import WebAction

PATH = "/convert/pdf"

_METHODS = "GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS"


class Api:
    """Answers what is asked of `/convert/pdf`."""

    def __init__(self, actions: Mapping[str, WebAction]) -> None:
        """`actions`: by verb, in capitals."""
        self._actions = actions

    def answer(self, request: Request) -> Response:
        """The answer of the verb's action. A preflight is answered here; another verb is refused."""
        action = self._actions.get(request.method)
        if request.method == "OPTIONS":
            response = _preflight(request)
        elif action is None:
            response = refusal(404, "Whoops. Verb not supported.")
        else:
            response = action.answer(request)
        response.headers["Access-Control-Allow-Origin"] = request.headers.get("origin", "*")
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Credentials"] = "true"
        return response


def refusal(status: int, reason: str) -> Response:
    """An error in the gateway's own form."""
    text = json.dumps({"status": status, "message": f"Error: {reason}"}, separators=(",", ":"))
    return Response(text, status=status, content_type="application/json; charset=utf-8")


def _preflight(request: Request) -> Response:
    response = Response(status=200)
    del response.headers["content-type"]
    requested = request.headers.get("access-control-request-headers")
    if requested is not None:
        response.headers["Access-Control-Allow-Headers"] = requested
    return response
