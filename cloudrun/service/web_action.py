"""A request as the arguments of a web action, and the result of one as a response.

Source: "Web Actions" of OpenWhisk's documentation (HTTP context; content types; the extension `.http`). Texts of errors
are those of OpenWhisk's controller.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any, NamedTuple

from werkzeug.wrappers import Request, Response

from .actions import Main
from .body import read_body
from .form import MalformedError, parse_form
from .media_type import FORM, OCTETS, media_type

#: OpenWhisk's bound on a request, in bytes. Cloud Run itself takes 32 MiB.
MAX_BODY = 1_048_576

_ALLOWED_HEADERS = "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent"

#: What a caller may never set, beside the defaults of the action.
_RESERVED = frozenset(f"__ow_{name}" for name in ("method", "headers", "path", "user", "query", "body"))
#: They belong to the transport.
_TRANSPORT_HEADERS = frozenset({"content-length", "transfer-encoding"})


class WebAction(NamedTuple):
    """An action behind HTTP at a path, with its default parameters; these are final: no caller can set them."""

    path: str
    main: Main
    defaults: dict[str, Any]

    def answer(self, request: Request) -> Response:
        """The response of the action, or the error that OpenWhisk would answer in its place."""
        body = read_body(request, MAX_BODY)
        if isinstance(body, int):
            return _refusal(413, f"Request larger than allowed: {body} > {MAX_BODY} bytes.")
        try:
            arguments = self._arguments(request, body)
        except MalformedError as error:
            return _refusal(400, f"The request content was malformed:\n{error}")
        if arguments is None:
            response = _refusal(400, "Request defines parameters that are not allowed (e.g., reserved properties).")
        else:
            response = _accepted(request, _response(self.main({**arguments, **self.defaults})))
        # As in OpenWhisk, not on what never came to be a call.
        requested = request.headers.get("access-control-request-headers")
        response.headers["Access-Control-Allow-Headers"] = requested or _ALLOWED_HEADERS
        return response

    def _arguments(self, request: Request, body: bytes) -> dict[str, Any] | None:
        """The caller's arguments; None if they set what is reserved. Raises MalformedError."""
        content = _content(body, request.headers.get("content-type"))
        given = {**parse_form(request.query_string.decode("latin-1"))}
        given.update(content if isinstance(content, dict) else {})
        if any(name in _RESERVED or name in self.defaults for name in given):
            return None
        headers = {name.lower(): value for name, value in request.headers.items()}
        context = {
            "__ow_method": request.method.lower(),
            "__ow_headers": {name: value for name, value in headers.items() if name not in _TRANSPORT_HEADERS},
            "__ow_path": request.path.removeprefix(self.path),
        }
        opaque = {} if content is None or isinstance(content, dict) else {"__ow_body": content}
        return {**context, **given, **opaque}


def _content(body: bytes, header: str | None) -> object:
    """The body as an action gets it: JSON parsed, a form as an object, text as text, all else as base64; or None."""
    if not body and header is None:
        return None
    kind = OCTETS if header is None else media_type(header)
    if kind.is_json:
        return _json(body) if body else None
    if kind.essence == FORM:
        return parse_form(body.decode("utf-8", "replace"))
    return base64.b64encode(body).decode("ascii") if kind.is_binary else body.decode("utf-8", "replace")


def _json(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8", "replace").removeprefix("\ufeff"), parse_constant=_no_json)
    except RecursionError:
        raise MalformedError("JSON input nested too deeply.") from None
    except ValueError as error:
        raise MalformedError(str(error)) from None


def _no_json(name: str) -> None:
    """Python reads NaN and Infinity, JSON has no such values."""
    raise ValueError(f"{name} is no JSON value")


def _response(result: dict[str, Any]) -> Response:
    """The HTTP message of `{statusCode, headers, body}`: an object becomes JSON, the base64 of a binary type bytes."""
    body, headers = result["body"], result["headers"]
    if not isinstance(body, str):
        content = json.dumps(body, indent=2, ensure_ascii=False).encode("utf-8", "replace")
    else:
        content = base64.b64decode(body) if media_type(headers["Content-Type"]).is_binary else body.encode("utf-8")
    return Response(content, status=result["statusCode"], headers=headers)


def _accepted(request: Request, response: Response) -> Response:
    """The response, unless the caller's `Accept` rules it out."""
    offered = response.content_type or ""
    if "accept" in request.headers and request.accept_mimetypes.quality(offered) == 0:
        return _refusal(406, f"Resource representation is only available with these types:\n{offered}")
    return response


def _refusal(status: int, error: str) -> Response:
    """An error of the platform; `code` is an id of this one answer."""
    text = json.dumps({"code": secrets.token_hex(16), "error": error}, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, content_type="application/json")
