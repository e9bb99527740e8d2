"""What a call of v2 asks for, from whichever way it came: parameters, a parsed form or JSON body, or a raw body.

OpenWhisk turns form-encoded and JSON bodies into parameters. With another content type, or none, the body arrives
whole in `__ow_body`, as base64 if the type is binary.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from buckets.deployment import Settings
from buckets.names import check_bucket, check_object, read_generation
from pdfmagic.errors import ActionError, Problem
from pdfmagic.options import NAMES, Options, read_options
from pdfmagic.results import Json, decode_base64
from several import Album, read_album

#: What a caller may give; a body counts where OpenWhisk has not parsed it.
_FIELDS = ("bucket", "name", "generation", "names", "into", "onError", "quality", "page", "margin")


class Request(NamedTuple):
    """The JPEG `name` in `bucket`, or all of `album`, is to become a PDF in `out_bucket`."""

    bucket: str
    #: Empty for an album.
    name: str
    #: None for a single JPEG.
    album: Album | None
    #: The generation that an event tells of; None for the newest, which somebody asks for by hand.
    generation: int | None
    options: Options
    #: The same as it was given: what a new file's metadata say counts before it.
    asked: Json
    out_bucket: str
    #: The service-account key: an object as in Google's JSON file; None for the identity of the machine.
    key: dict[str, Any] | None
    #: Base URL of an emulator or of a private endpoint; None for Google's own.
    endpoint: str | None


def read_request(given: Json, settings: object) -> Request:
    """Reads what a caller gave, and the deployer's settings.

    Raises ActionError: MISSING_PARAMETER, BAD_PARAMETER (the caller's); BAD_KEY, STORAGE_FAILED (the deployer's).
    """
    bucket = _read_text(given, "bucket")
    album = read_album(given)
    name = "" if album else _read_text(given, "name")
    check_bucket(bucket)
    check_object(name)
    options = read_options(given)
    deployed = Settings(settings)
    out_bucket = deployed.bucket("out-bucket")
    if bucket == out_bucket:
        raise ActionError(
            Problem.BAD_PARAMETER, f"{bucket!r} is the bucket that PDFs go to. Name the bucket that holds the JPEG."
        )
    generation = None if album else read_generation(given.get("generation"))
    asked = {parameter: given.get(parameter) for parameter in NAMES}
    key, endpoint = deployed.key("gcs-key"), deployed.endpoint()
    return Request(bucket, name, album, generation, options, asked, out_bucket, key, endpoint)


def _read_text(given: Json, parameter: str) -> str:
    value = given.get(parameter)
    if value is None or value == "":
        raise ActionError(
            Problem.MISSING_PARAMETER,
            f"The parameter '{parameter}' is missing: give 'bucket' and 'name' of a JPEG in Google Cloud Storage.",
        )
    if not isinstance(value, str):
        raise ActionError(
            Problem.BAD_PARAMETER,
            f"The parameter '{parameter}' must be text. (wsk reads a bare number as a number: write '\"123\"'.)",
        )
    return value


def read_opaque_body(body: object) -> Json:
    """The fields out of a body that OpenWhisk did not parse; what is neither JSON nor a form gives nothing."""
    if not isinstance(body, str) or not body:
        return {}
    for text in _read_both_ways(body):
        fields = read_fields(text)
        if not {"bucket", "name", "names"}.isdisjoint(fields):
            return {field: fields[field] for field in _FIELDS if field in fields}
    return {}


def _read_both_ways(body: str) -> Iterator[str]:
    """The body as it is, and what it is the base64 of: neither a form nor JSON with these fields is valid base64."""
    yield body
    try:
        yield decode_base64(body, "The body").decode("utf-8")
    except (ActionError, UnicodeDecodeError):
        return


def read_fields(text: str) -> Json:
    """The fields of JSON or of a form; what is neither gives nothing."""
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        pass
    else:
        return parsed if isinstance(parsed, dict) else {}
    try:
        form = parse_qs(text.strip(), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        return {}
    return {field: values[-1] for field, values in form.items()}
