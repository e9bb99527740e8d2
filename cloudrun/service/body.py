"""The body of a request, within a bound."""

from __future__ import annotations

from werkzeug.wrappers import Request

from pdfmagic.errors import ActionError, Problem

#: OpenWhisk's bound on a request, in bytes: a client finds the same limit on both platforms. Cloud Run takes 32 MiB.
MAX_BODY = 1_048_576
#: A body that is refused is still read, up to Cloud Run's own bound: who sends it then sees the answer, and the
#: connection stays good for the next request.
_DRAINED = 32 * 1_048_576
_CHUNK = 65_536


def read_body(request: Request) -> bytes:
    """The whole body. Raises TOO_LARGE."""
    if (request.content_length or 0) <= MAX_BODY:
        body = request.stream.read(MAX_BODY + 1)
        if len(body) <= MAX_BODY:
            return body
    left = _DRAINED
    while left > 0 and (chunk := request.stream.read(min(left, _CHUNK))):
        left -= len(chunk)
    raise ActionError(Problem.TOO_LARGE, f"The request is larger than {MAX_BODY} bytes. Use v2 for a large photo.")
