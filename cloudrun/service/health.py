"""Health: whether the process answers, and whether it can convert."""

from __future__ import annotations

import os

from werkzeug.wrappers import Request, Response

from pdfmagic.imagemagick import CONVERT

from .answers import Handler
from .settings import Settings


def make_routes(_settings: Settings) -> dict[str, Handler]:
    """What answers, by path."""
    return {"/live": _answer_live, "/ready": _answer_ready}


def _answer_live(_request: Request) -> Response:
    """200 as long as requests are answered at all."""
    return Response("live\n", content_type="text/plain")


def _answer_ready(_request: Request) -> Response:
    """200 if ImageMagick is there, else 503: no request should come here."""
    if os.access(CONVERT, os.X_OK):
        return Response("ready\n", content_type="text/plain")
    return Response(f"ImageMagick is missing: {CONVERT}.\n", status=503, content_type="text/plain")
