"""What a caller gives: in the query, and in a body that is a form or JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from werkzeug.wrappers import Request

from pdfmagic.errors import ActionError, Problem
from request import read_fields

FORM = "application/x-www-form-urlencoded"


def read_query(request: Request) -> dict[str, str]:
    """The parameters of the query. Raises BAD_PARAMETER."""
    given = _read_form(request.query_string)
    _check_names(given)
    return given


def read_parameters(request: Request, body: bytes) -> dict[str, Any]:
    """Those of the query and of the body, which counts more. Raises BAD_PARAMETER."""
    fields = _read_form(body) if request.mimetype == FORM else read_fields(body.decode("utf-8-sig", "replace"))
    given = {**_read_form(request.query_string), **fields}
    _check_names(given)
    return given


def _read_form(text: bytes) -> dict[str, str]:
    """Names and values; of a name that comes twice the last value counts."""
    fields = parse_qs(text.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def _check_names(given: dict[str, Any]) -> None:
    """Raises BAD_PARAMETER for a parameter that is the deployer's or the platform's, as OpenWhisk refuses it."""
    for name in given:
        if name == "settings" or name.startswith("__ow_"):
            raise ActionError(Problem.BAD_PARAMETER, "The request has a parameter that only the deployer may set.")
