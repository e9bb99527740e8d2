"""The forms of an action's result: plain JSON, also for an event, and the HTTP response of a web action.

Sources: OpenWhisk's docs/actions.md (a result with `error` is a failed activation) and docs/webactions.md
(`statusCode`, `headers`, `body`; a string body of a binary content type is base64).
"""

from __future__ import annotations

import base64
import binascii
import json
import sys
import traceback
from typing import Any, Callable

from .errors import ActionError, Problem

Json = dict[str, Any]

#: OpenWhisk's bound on a result, as JSON, in bytes; some are kept for headers and names.
RESULT_LIMIT = 1_048_576 - 1_024

_JSON_HEADERS = {"Content-Type": "application/json"}


def plain(run: Callable[[], Json]) -> Json:
    """The result of `run`, or `{"error": message}`."""
    try:
        return run()
    except Exception as error:
        return {"error": known(error).message}


def for_event(run: Callable[[], Json]) -> Json:
    """As `plain`; an error that may pass or can be mended has `"retry": true`: the feed then gives the event again."""
    try:
        return run()
    except Exception as error:
        refusal = known(error)
        told = {"error": refusal.message}
        return {**told, "retry": True} if refusal.problem.may_pass else told


def web(run: Callable[[], Json], status: int = 200) -> Json:
    """The JSON of `run` as an HTTP response, or the error's status with `{"error": message, "code": code}`.

    If `run` gives a whole HTTP response (`statusCode`), that is the answer.
    """
    try:
        result = run()
    except Exception as error:
        refusal = known(error)
        body = {"error": refusal.message, "code": refusal.problem.code}
        return {"statusCode": refusal.problem.status, "headers": _JSON_HEADERS, "body": body}
    return result if "statusCode" in result else {"statusCode": status, "headers": _JSON_HEADERS, "body": result}


def decode_base64(text: str, what: str) -> bytes:
    """The bytes of base64 text; line breaks are allowed, as the `base64` command makes them. Raises BAD_BASE64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ActionError(Problem.BAD_BASE64, f"{what} is not base64 ({error}).") from None


def encode_pdf(pdf: bytes) -> str:
    """The PDF as base64. Raises TOO_LARGE if it cannot fit into a result of 1 MiB."""
    length = 4 * ((len(pdf) + 2) // 3)
    if length > RESULT_LIMIT:
        raise ActionError(
            Problem.TOO_LARGE,
            f"The PDF has {len(pdf)} bytes, {length} as base64: more than the 1 MiB that OpenWhisk lets through. "
            "Put the photo into a bucket and use v2.",
        )
    return base64.b64encode(pdf).decode("ascii")


def log(**entry: object) -> None:
    """One JSON line in the activation's log."""
    sys.stderr.write(f"{json.dumps(entry)}\n")


def known(error: Exception) -> ActionError:
    """The error itself if it is for the caller; else one that gives nothing away. The log has it, with the trace."""
    if isinstance(error, ActionError):
        log(problem=error.problem.code, message=error.message)
        return error
    # Only where it happened: the text of a foreign exception, and of a source line, may hold what it was called with.
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log(problem=Problem.INTERNAL_ERROR.code, exception=type(error).__name__, trace=places)
    return ActionError(
        Problem.INTERNAL_ERROR,
        f"The action failed unexpectedly ({type(error).__name__}). The activation's log tells where.",
    )
