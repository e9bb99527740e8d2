"""CloudEvents of Cloud Storage, as Eventarc delivers them: a new object is converted by v2.

Sources: CloudEvents 1.0, "HTTP Protocol Binding" (binary and structured mode); `StorageObjectData` of google/events;
Eventarc's "Retry events": any answer but a 2xx has the event delivered again, for a day.
"""

from __future__ import annotations

import json
from typing import Any

from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from cloudevents.core.exceptions import BaseCloudEventException
from werkzeug.wrappers import Request, Response

from pdfmagic.results import log

from .actions import Main
from .body import read_body

PATH = "/events"
FINALIZED = "google.cloud.storage.object.v1.finalized"

#: An event of storage has some 2 KB.
_MAX_EVENT = 1_048_576


class Events:
    """Has v2 convert what events tell of."""

    def __init__(self, convert: Main, defaults: dict[str, Any]) -> None:
        """`convert` is `main` of v2, `defaults` its default parameters."""
        self._convert = convert
        self._defaults = defaults

    def answer(self, request: Request) -> Response:
        """200: do not deliver it again. 503: do. 400: this is no event of Cloud Storage."""
        try:
            event = _event(request)
        except (BaseCloudEventException, ValueError, TypeError, AttributeError, KeyError) as error:
            return _json(400, {"error": f"This is no CloudEvent of version 1.0 ({error})."})
        if event.get_type() != FINALIZED:
            return _json(200, {"outcome": "ignored", "error": f"Only events of the type {FINALIZED} are converted."})
        data = event.get_data()
        if not isinstance(data, dict):
            return _json(400, {"error": "The event has no data: expected is the JSON of StorageObjectData."})
        return self._outcome(event, data)

    def _outcome(self, event: BaseCloudEvent, data: dict[str, Any]) -> Response:
        given = {field: data[field] for field in ("bucket", "name", "generation") if field in data}
        # As a web action v2 tells the kind of a failure, too.
        result = self._convert({**given, "__ow_method": "post", **self._defaults})
        status, body = result["statusCode"], result["body"]
        outcome = _word(status, body)
        log(outcome=outcome, event=event.get_id(), **given)
        return _json(503 if outcome == "failed" else 200, {"outcome": outcome, **body})


def _event(request: Request) -> BaseCloudEvent:
    """The event of a request. Raises what the library raises on a request that is none."""
    body = read_body(request, _MAX_EVENT)
    if isinstance(body, int):
        raise ValueError("it is too large")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return from_http_event(HTTPMessage(headers=headers, body=body))


def _word(status: int, body: dict[str, Any]) -> str:
    """What became of it: 4xx will be the same at every try, 5xx may pass or can be mended."""
    if status < 400:
        return "unchanged" if body.get("unchanged") else "converted"
    return "refused" if status < 500 else "failed"


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
