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

from .disk import explain_full_disk, is_disk_full
from .errors import ActionError, Problem

Json = dict[str, Any]

_JSON_HEADERS = {"Content-Type": "application/json"}


def answer_plain(run: Callable[[], Json]) -> Json:
    """The result of `run`, or `{"error": message}`: OpenWhisk keeps nothing that stands beside `error`.

    Source: `ActivationResponse.processRunResponseContent` of apache/openwhisk.
    """
    try:
        return run()
    except Exception as error:
        return {"error": log_failure(error).message}


def answer_event(run: Callable[[], Json]) -> Json:
    """As `answer_plain`; of an error that may pass or can be mended, `error` is `{"message", "retry": true}`.

    Then the feed gives the event again.
    """
    try:
        return run()
    except Exception as error:
        refusal = log_failure(error)
        return {"error": {"message": refusal.message, "retry": True} if refusal.problem.may_pass else refusal.message}


def answer_web(run: Callable[[], Json], status: int = 200) -> Json:
    """The JSON of `run` as an HTTP response, or the error's status with what `describe` says of it.

    If `run` gives a whole HTTP response (`statusCode`), that is the answer.
    """
    try:
        result = run()
    except Exception as error:
        refusal = log_failure(error)
        return {"statusCode": refusal.problem.status, "headers": _JSON_HEADERS, "body": describe(refusal)}
    return result if "statusCode" in result else {"statusCode": status, "headers": _JSON_HEADERS, "body": result}


def describe(refusal: ActionError) -> Json:
    """A refusal as the body of an HTTP response: `error`, `code`; of one photograph among several also its `name`."""
    named = {} if refusal.name is None else {"name": refusal.name}
    return {"error": refusal.message, **named, "code": refusal.problem.code}


def decode_base64(text: str, what: str) -> bytes:
    """The bytes of base64 text; line breaks are allowed, as the `base64` command makes them. Raises BAD_BASE64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        pass  # Line breaks are rare, and looking for them takes a third of the time.
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ActionError(Problem.BAD_BASE64, f"{what} is not base64 ({error}).") from None


def encode_base64(content: bytes) -> str:
    """The base64 of bytes, as text."""
    return base64.b64encode(content).decode("ascii")


def log(**entry: object) -> None:
    """One JSON line in the activation's log."""
    sys.stderr.write(f"{json.dumps(entry)}\n")


def log_failure(error: Exception) -> ActionError:
    """The error itself if it is for the caller; else one that gives nothing away. The log has it, with the trace."""
    if isinstance(error, ActionError):
        log(problem=error.problem.code, message=error.message)
        return error
    # Only where it happened: the text of a foreign exception, and of a source line, may hold what it was called with.
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log(problem=Problem.INTERNAL_ERROR.code, exception=type(error).__name__, trace=places)
    if is_disk_full(error):
        return explain_full_disk()
    return ActionError(
        Problem.INTERNAL_ERROR,
        f"The action failed unexpectedly ({type(error).__name__}). The log says where.",
    )
