"""The web page for people: as `infra/packaging/page.ts` has built it, with what the settings say of it put in.

On OpenWhisk, `actions/page/index.js` does the same.
"""

from __future__ import annotations

import json
from pathlib import Path

from werkzeug.wrappers import Request, Response

from pdfmagic.errors import ActionError, Problem

from .answers import Handler
from .settings import Settings

PATH = "/convert"

#: Made by `infra/image/cloudrun-context.ts`.
_BUILT = Path(__file__).resolve().parents[1] / "page.json"


def make_routes(settings: Settings) -> dict[str, Handler]:
    """What answers, by path."""
    answer = Page(settings.page).answer
    return {PATH: answer, f"{PATH}/": answer}


class Page:
    """Answers with the page."""

    def __init__(self, settings: dict[str, str]) -> None:
        """`settings`: what is put in, by the name that stands for it."""
        built = json.loads(_BUILT.read_text(encoding="utf-8"))
        self._html = _fill(built["html"], settings).encode()
        self._headers = {name: _fill(value, settings) for name, value in built["headers"].items()}

    def answer(self, request: Request) -> Response:
        """The page."""
        if request.method not in ("GET", "HEAD"):
            raise ActionError(Problem.NO_SUCH_PATH, "This is a web page: GET it. Photographs go to /convert/pdf.")
        return Response(self._html, headers=self._headers)


def _fill(text: str, settings: dict[str, str]) -> str:
    for name, value in settings.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text
