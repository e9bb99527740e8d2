"""pdfmagic/upload: a web action, `POST /convert/upload` with JSON; what it takes and gives is in `grant.py`."""

from __future__ import annotations

from grant import grant
from pdfmagic.origin import check_origin
from pdfmagic.results import Json, answer_web


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls with the request."""
    return answer_web(lambda: _answer(args))


def _answer(args: Json) -> Json:
    check_origin(args)
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return {"statusCode": 200, "headers": headers, "body": grant(args, args.get("settings"))}
