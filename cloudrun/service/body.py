"""The body of a request, within a bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

#: A body that is refused is still read, up to Cloud Run's own bound, 32 MiB: who sends it then sees the answer, and the
#: connection stays good for the next request.
_DRAINED = 32 * 1_048_576
_CHUNK = 65_536


def read_body(request: Request, most: int) -> bytes | int:
    """The whole body; or, if it has more than `most` bytes, how many it was said to have or were seen."""
    length = request.content_length
    if length is None or length <= most:
        body = request.stream.read(most + 1)
        if len(body) <= most:
            return body
        length = len(body)
    left = _DRAINED
    while left > 0 and (chunk := request.stream.read(min(left, _CHUNK))):
        left -= len(chunk)
    return length
