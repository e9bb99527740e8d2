"""pdfmagic/result: a web action, `GET /convert/result?bucket=&name=&generation=`; `lookup.py` says what it answers."""

from __future__ import annotations

from lookup import look_up
from pdfmagic.origin import check_origin
from pdfmagic.results import Json, answer_web


def main(args: Json) -> Json:
    """The entry point that OpenWhisk calls with the request."""
    return answer_web(lambda: _answer(args))


def _answer(args: Json) -> Json:
    check_origin(args)
    status, body = look_up(args, args.get("settings"))
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": body}
