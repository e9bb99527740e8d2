"""Answers as JSON, and what gives answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request, Response

from pdfmagic.errors import ActionError
from pdfmagic.results import describe

#: Answers a request, or raises ActionError.
Handler = Callable[[Request], Response]


def answer_json(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """A response with this body."""
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status=status, headers=headers, content_type="application/json")


def answer_refusal(refusal: ActionError) -> Response:
    """The response that a web action gives, too: `{"error", "code"}` (`actions/README.md`)."""
    return answer_json(refusal.problem.status, describe(refusal))
