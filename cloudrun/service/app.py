"""The WSGI application: paths to what answers them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from werkzeug.wrappers import Request, Response

from pdfmagic.errors import ActionError, Problem
from pdfmagic.results import log_failure

from . import api, browser, events, health, large, page
from .answers import Handler, answer_refusal
from .settings import SettingsError, read_settings

#: What gives paths, by what the service serves.
_PARTS = {"api": (api, page, large), "events": (events,)}


def make_app(environment: Mapping[str, str]) -> Handler:
    """The application for these settings. Raises SettingsError."""
    settings = read_settings(environment)
    parts = [health, *(part for name in settings.serves for part in _PARTS[name])]
    routes = {path: handler for part in parts for path, handler in part.make_routes(settings).items()}

    @Request.application
    def app(request: Request) -> Response:
        # As on OpenWhisk, the API's path covers all below it.
        below_api = request.path.startswith(f"{api.PATH}/")
        is_for_people = api.PATH in routes and (below_api or request.path in ("/", api.PATH))
        if is_for_people and browser.opens(request):
            return browser.explain(request)
        handler = routes.get(api.PATH if below_api else request.path, _refuse_path)
        try:
            return handler(request)
        except Exception as error:
            return answer_refusal(log_failure(error))

    return app


def _refuse_path(_request: Request) -> Response:
    raise ActionError(Problem.NO_SUCH_PATH, "There is nothing at this path.")


try:
    app = make_app(os.environ)
except SettingsError as error:
    sys.exit(f"The service cannot start: {error}")
