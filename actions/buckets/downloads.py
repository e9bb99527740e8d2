"""Downloads in large pieces: Google's library takes 8 kB at a time, so 366 pieces for a photograph of 3 MB."""

from __future__ import annotations

from collections.abc import Iterator

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

#: Bytes that are read at a time, at least, and held in memory until they are written.
PIECE = 256 * 1024


def read_in_large_pieces(session: requests.Session) -> None:
    """Has a session do so, for all that it gets from now on. One that shows a certificate of its own stays as it is."""
    for scheme in ("http://", "https://"):
        if type(session.get_adapter(scheme)) is HTTPAdapter:
            session.mount(scheme, _Adapter())


class _Adapter(HTTPAdapter):
    def build_response(self, req: requests.PreparedRequest, resp: HTTPResponse) -> requests.Response:
        response = super().build_response(req, resp)
        response.__class__ = _Response
        return response


class _Response(requests.Response):
    def iter_content(self, chunk_size: int | None = 1, decode_unicode: bool = False) -> Iterator[bytes]:
        size = None if chunk_size is None else max(chunk_size, PIECE)
        return super().iter_content(size, decode_unicode)
