"""The WSGI application: paths to what answers them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from werkzeug.wrappers import Request, Response

from . import api, events
from .actions import v1, v2
from .health import live, ready
from .settings import SettingsError, read_settings
from .web_action import WebAction

Handler = Callable[[Request], Response]


def make_app(environment: Mapping[str, str]) -> Handler:
    """The application for these settings. Raises SettingsError."""
    settings = read_settings(environment)
    routes: dict[str, Handler] = {"/live": live, "/ready": ready}
    if "api" in settings.serves:
        actions = {"POST": WebAction(api.PATH, v1, {}), "PUT": WebAction(api.PATH, v2, settings.defaults)}
        routes[api.PATH] = api.Api(actions).answer
    if "events" in settings.serves:
        routes[events.PATH] = _post_only(events.Events(v2, settings.defaults).answer)

    @Request.application
    def app(request: Request) -> Response:
        # As OpenWhisk's gateway has it, an API's path covers all below it.
        below_api = request.path.startswith(f"{api.PATH}/")
        handler = routes.get(api.PATH if below_api else request.path)
        return api.refusal(404, "Not found.") if handler is None else handler(request)

    return app


def _post_only(handler: Handler) -> Handler:
    def answer(request: Request) -> Response:
        return handler(request) if request.method == "POST" else Response(status=405, headers={"Allow": "POST"})

    return answer


try:
    app = make_app(os.environ)
except SettingsError as error:
    sys.exit(f"The service cannot start: {error}")
