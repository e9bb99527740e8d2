"""CloudEvents of Cloud Storage, as Eventarc delivers them: a new object is converted (v3).

Sources: CloudEvents 1.0, "HTTP Protocol Binding" (binary and structured mode); `StorageObjectData` of google/events;
Eventarc's "Retry events": any answer but a 2xx has the event delivered again, for a day.
"""

from __future__ import annotations

from typing import Any

from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from cloudevents.core.exceptions import BaseCloudEventException
from werkzeug.wrappers import Request, Response

from pdfmagic.errors import ActionError
from pdfmagic.results import describe, log, log_failure
from request import read_request

from .answers import Handler, answer_json
from .body import read_body
from .settings import Settings

PATH = "/events"
FINALIZED = "google.cloud.storage.object.v1.finalized"

_MALFORMED = (BaseCloudEventException, ActionError, ValueError, TypeError, AttributeError, KeyError)


def make_routes(settings: Settings) -> dict[str, Handler]:
    """What answers, by path."""
    return {PATH: Events(settings.deployed).answer}


class Events:
    """Converts what events tell of."""

    def __init__(self, settings: dict[str, Any]) -> None:
        """`settings`: the deployer's."""
        self._settings = settings

    def answer(self, request: Request) -> Response:
        """200: do not deliver it again. 503: do. 400: this is not an event of Cloud Storage."""
        if request.method != "POST":
            return Response(status=405, headers={"Allow": "POST"})
        try:
            event = _read_event(request)
        except _MALFORMED as error:
            return answer_json(400, {"error": f"This is not a CloudEvent of version 1.0 ({error})."})
        if event.get_type() != FINALIZED:
            return answer_json(200, {"outcome": "ignored", "error": f"Only events of type {FINALIZED} are converted."})
        data = event.get_data()
        if not isinstance(data, dict):
            return answer_json(400, {"error": "The event has no data: it must be the JSON of StorageObjectData."})
        given = {field: data[field] for field in ("bucket", "name", "generation") if field in data}
        outcome, body = self._convert(given)
        log(outcome=outcome, event=event.get_id(), **given)
        return answer_json(503 if outcome == "failed" else 200, {"outcome": outcome, **body})

    def _convert(self, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """What became of it, in a word, and the details: 4xx is for good, 5xx may pass or can be fixed."""
        try:
            wanted = read_request(given, self._settings)
            # As in `api.py`: they take a moment to load.
            from outcome import convert

            body = convert(wanted)
        except Exception as error:
            refusal = log_failure(error)
            return "refused" if refusal.problem.status < 500 else "failed", describe(refusal)
        return next((word for word in ("unchanged", "skipped") if body.get(word)), "converted"), body


def _read_event(request: Request) -> BaseCloudEvent:
    """The event of a request. Raises one of `_MALFORMED`."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return from_http_event(HTTPMessage(headers=headers, body=read_body(request)))
