"""Answers as JSON."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Response

from pdfmagic.errors import ActionError
from pdfmagic.results import describe


def answer_json(status: int, body: dict[str, Any]) -> Response:
    """A response with this body."""
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status=status, content_type="application/json")


def answer_refusal(refusal: ActionError) -> Response:
    """The response that a web action gives, too: `{"error", "code"}` (`actions/README.md`)."""
    return answer_json(refusal.problem.status, describe(refusal))
