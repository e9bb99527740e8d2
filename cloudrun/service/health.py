"""Health: whether the process answers, and whether it can convert."""

from __future__ import annotations

import os

from werkzeug.wrappers import Request, Response

from pdfmagic.imagemagick import CONVERT


def answer_live(_request: Request) -> Response:
    """200 as long as requests are answered at all."""
    return Response("live\n", content_type="text/plain")


def answer_ready(_request: Request) -> Response:
    """200 if ImageMagick is there, else 503: no request should come here."""
    if os.access(CONVERT, os.X_OK):
        return Response("ready\n", content_type="text/plain")
    return Response(f"ImageMagick is missing: {CONVERT}.\n", status=503, content_type="text/plain")
